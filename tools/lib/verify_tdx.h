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

/* verify_tdx_text.c */

/**
 * struct reason - a sentence made of several
 * @text: they, with "; " between
 * @len: of @text
 */
struct reason {
	char text[TSM_REASON_SIZE];
	size_t len;
};

void reason_add(struct reason *reason, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#define TDX_NAME_SIZE	48
#define TDX_DATE_SIZE	32

/* The CN of a certificate, with '?' for what could fool a terminal. */
const char *tdx_name(const struct x509 *cert, char text[TDX_NAME_SIZE]);

/* ISO 8601. gmtime() would do, but may read the environment and takes a lock. */
const char *tdx_date(int64_t at, char text[TDX_DATE_SIZE]);

/* At most @max bytes of @count in hex, "..." if there are more; @text has room. */
const char *tdx_hex(const uint8_t *bytes, size_t count, size_t max, char *text);

#endif /* TSM_VERIFY_TDX_H */
