/* SPDX-License-Identifier: MIT */
/*
 * What Intel publishes of TCBs and quoting enclaves, and what it says of one
 * platform: TCB info version 3 and QE identity version 2 of the PCS.
 */
#ifndef TSM_COLLATERAL_H
#define TSM_COLLATERAL_H

#include "chain.h"

/**
 * struct collateral - all that was given; zero is none
 * @doc: TCB infos and QE identities, decoded, not yet judged
 * @docs: how many
 * @pool: issuer chains and revocation lists found beside them
 */
struct collateral {
	struct collateral_doc **doc;
	size_t docs;
	struct cert_pool pool;
};

/**
 * collateral_add() - add what is in the bytes of one file
 * @col: to be emptied with collateral_clear()
 * @data: a response of the PCS in JSON, a bundle of such in JSON, certificates or
 *	lists in any form that cert_pool_add() takes, @len bytes; copied
 * @added: set to how many things were found; 0 for what is none of them
 * @err: what was wrong
 *
 * Return: 0; -EBADMSG if it is one of them, but malformed (a key that stands
 * twice, a value of another type than it must be); -ENOMEM. @col is as before on
 * failure.
 */
int collateral_add(struct collateral *col, const void *data, size_t len,
		   size_t *added, struct tsm_error *err);
void collateral_clear(struct collateral *col);

/**
 * struct tcb_platform - what a quote says of where it was made
 * @pck: from the PCK certificate
 * @tee_tcb_svn: of the body
 * @tee_tcb_svn2: likewise, of a TD 1.5 body
 * @has_svn2: it is of type 3: QVL does not ask it of type 4, which has it, too
 * @mrsignerseam: 48 bytes of the body
 * @seam_attributes: 8 bytes of the body
 * @qe: the QE report, 384 bytes
 */
struct tcb_platform {
	const struct tsm_pck *pck;
	const uint8_t *tee_tcb_svn;
	const uint8_t *tee_tcb_svn2;
	bool has_svn2;
	const uint8_t *mrsignerseam;
	const uint8_t *seam_attributes;
	const uint8_t *qe;
};

/**
 * struct tcb_judge - by what collateral is judged
 * @crypto: for signatures
 * @at: seconds since 1970
 * @root: certificate in which the PCK chain ended, judged already
 * @certs: certificates beside those of the collateral
 * @crls: lists beside those of the collateral
 * @need_crls: a missing list is a failure
 */
struct tcb_judge {
	const struct tsm_crypto *crypto;
	int64_t at;
	const struct x509 *root;
	const struct cert_pool *certs;
	const struct cert_pool *crls;
	bool need_crls;
};

/* Room that @status_reason leaves for the name of a status and what follows it. */
#define TCB_STATUS_SIZE		40

/**
 * struct tcb_result - what collateral says
 * @tcb_info: whether there is a TCB info for this platform that is authentic,
 *	and current
 * @tcb_info_reason: one sentence, whichever it is
 * @qe_identity: whether there is a QE identity likewise, and the QE is that one
 * @qe_identity_reason: likewise
 * @td_module: whether the TDX module is one that the TCB info knows
 * @td_module_reason: likewise
 * @status: of all together: platform, QE and module converged; valid only if the
 *	three above passed
 * @status_reason: for people: level reached; which component is short, by how much,
 *	and which level would be reached with it
 * @platform_status, @qe_status, @module_status: each alone
 * @tcb_date: ISO 8601 of the level reached
 * @advisories: IDs, comma and space between them
 * @evaluation: tcbEvaluationDataNumber
 */
struct tcb_result {
	enum tsm_check_verdict tcb_info;
	char tcb_info_reason[TSM_REASON_SIZE];
	enum tsm_check_verdict qe_identity;
	char qe_identity_reason[TSM_REASON_SIZE];
	enum tsm_check_verdict td_module;
	char td_module_reason[TSM_REASON_SIZE];
	enum tsm_tcb_status status;
	char status_reason[TSM_REASON_SIZE - TCB_STATUS_SIZE];
	enum tsm_tcb_status platform_status;
	enum tsm_tcb_status qe_status;
	enum tsm_tcb_status module_status;
	char tcb_date[24];
	char advisories[TSM_ADVISORIES_SIZE];
	uint32_t evaluation;
};

/**
 * collateral_judge() - what collateral says of one quote
 *
 * Return: 0 whatever it says, or -ENOMEM.
 */
int collateral_judge(const struct collateral *col,
		     const struct tcb_platform *platform,
		     const struct tcb_judge *judge, struct tcb_result *result);

#endif /* TSM_COLLATERAL_H */
