/* SPDX-License-Identifier: MIT */
/* What somebody accepts: decoded from JSON by policy.c, applied by the others. */
#ifndef TSM_POLICY_H
#define TSM_POLICY_H

#include "tsm.h"

struct tsm_policy;	/* its members are in policy_private.h */

/* Return: 0; -EBADMSG; -ENOMEM. */
int policy_parse(struct tsm_policy **policy, const char *json, size_t len,
		 struct tsm_error *err);
void policy_free(struct tsm_policy *policy);

/* Both are false of NULL, which is no policy. */
bool policy_allows_debug(const struct tsm_policy *policy,
			 enum tsm_evidence kind);
/* UpToDate alone without a policy. */
bool policy_accepts_tcb(const struct tsm_policy *policy,
			enum tsm_tcb_status status);

/**
 * policy_apply_tdx() - compare a quote with a policy
 * @policy: not NULL
 * @quote: parsed and verified
 * @pck: of its leaf, NULL if there is none
 * @judgement: gets a check "policy.ITEM" for each item, and then "policy"
 */
void policy_apply_tdx(const struct tsm_policy *policy,
		      const struct tsm_quote *quote, const struct tsm_pck *pck,
		      struct tsm_judgement *judgement);

/* The same of a report; @ext: of the leaf, NULL if there is none; @product: line
 * as its ARK has it, "Milan", "Genoa", "Turin", or "". */
void policy_apply_snp(const struct tsm_policy *policy,
		      const struct tsm_snp *snp, const struct tsm_snp_ext *ext,
		      const char *product, struct tsm_judgement *judgement);

#endif /* TSM_POLICY_H */
