/* SPDX-License-Identifier: MIT */
/* What the files that judge TD quotes share. */
#ifndef TSM_VERIFY_TDX_H
#define TSM_VERIFY_TDX_H

#include "verify.h"

/* A PCK chain, "Intel SGX PCK Certificate and Certificate Revocation List Profile
 * Specification", section 1.1: never more, never less. */
enum {
	TDX_LEAF,
	TDX_CA,
	TDX_ROOT,
	TDX_CERTS,
};

/* Chains in the field are 2.6 KiB of DER. */
#define TDX_DER_SIZE	(16u << 10)

/**
 * struct tdx - a quote being judged
 * @judge: by what, and where the checks go
 * @quote: decoded
 * @own: certificates from the quote, in its order
 * @owns: how many
 * @came: those that came with the quote, looked at only if it lacks some, and lists
 * @bad_came: why what came is none of them; or ""
 * @cert: the chain, NULL from the first that is missing on
 * @is_chain: the chain is whole, and each was issued by the next
 * @is_trusted: likewise, and it ends in a root
 * @owner: whose root that is
 * @der: what @own points into
 */
struct tdx {
	struct judge *judge;
	struct tsm_quote quote;
	struct x509 own[TDX_CERTS];
	size_t owns;
	struct cert_pool came;
	struct tsm_error bad_came;
	const struct x509 *cert[TDX_CERTS];
	bool is_chain;
	bool is_trusted;
	enum root_owner owner;
	uint8_t der[TDX_DER_SIZE];
};

/* verify_tdx_find.c: sets @cert. Return: 0; -EBADMSG, with @err saying why there
 * is no chain; -ENOMEM. */
int tdx_chain_find(struct tdx *t, struct tsm_error *err);

/* verify_tdx_chain.c: the checks pck_chain, root and validity; then revocation.
 * Return: 0 or -ENOMEM. */
int tdx_judge_chain(struct tdx *t);
int tdx_judge_revocation(struct tdx *t);

/* verify_tdx_tcb.c: the checks qe, td_module, tcb_info, qe_identity, tcb_status.
 * Return: 0 or -ENOMEM. */
int tdx_judge_tcb(struct tdx *t);

#endif /* TSM_VERIFY_TDX_H */
