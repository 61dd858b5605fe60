/* SPDX-License-Identifier: MIT */
/* A forged quote under a forged root that is trusted, and its judgement. */
#ifndef TSM_HOST_FORGED_TDX_H
#define TSM_HOST_FORGED_TDX_H

#include "forge.h"
#include "tdx_quotes.h"

#include <openssl/err.h>

/**
 * struct forged - all of one forgery
 * @pki: who signs
 * @quote: what is signed
 * @bytes: the quote, made by forged_judge() if @made is not set
 * @made: @bytes are as they shall be
 * @v: trusts the key of the root as it is without changes
 * @j: the judgement
 */
struct forged {
	struct forge_intel pki;
	struct forge_quote quote;
	struct bytes bytes;
	bool made;
	struct tsm_verifier *v;
	struct tsm_judgement j;
};

static inline void forged_add(struct forged *f, const struct bytes *der,
			      int (*add)(struct tsm_verifier *verifier,
					 const void *data, size_t len,
					 size_t *added, struct tsm_error *err))
{
	struct tsm_error err = { "" };
	size_t added = 0;

	if (!CHECK_EQ(0, add(f->v, der->p, der->len, &added, &err)) ||
	    !CHECK_EQ(1, added))
		printf("# %s\n", err.text);
}

/* What is emulated may pass, so that only forgeries that fail do not. */
static inline struct forged *forged_new(uint16_t version, uint16_t body_type)
{
	struct forged *f = calloc(1, sizeof(*f));

	if (!f)
		abort();
	forge_intel_init(&f->pki);
	forge_intel_make(&f->pki);
	forge_quote_init(&f->quote, &f->pki, version, body_type);
	f->v = verifier_at(FORGE_NOW, TSM_VERIFY_ALLOW_EMULATED);
	forged_add(f, &f->pki.root_der, tsm_verifier_add_roots);
	return f;
}

static inline void forged_free(struct forged *f)
{
	tsm_verifier_free(f->v);
	free(f);
}

/* After a change of the PKI: certificates anew, and the chain of them. */
static inline void forged_pki_again(struct forged *f)
{
	struct bytes *chain = &f->quote.chain;

	forge_intel_make(&f->pki);
	f->quote.qe_signer = f->pki.leaf.key;
	chain->len = 0;
	forge_pem(chain, "CERTIFICATE", &f->pki.leaf_der);
	forge_pem(chain, "CERTIFICATE", &f->pki.ca_der);
	forge_pem(chain, "CERTIFICATE", &f->pki.root_der);
	fill(chain, 0, 1);
}

static inline void forged_judge(struct forged *f)
{
	uint8_t *copy;

	if (!f->made)
		forge_quote(&f->bytes, &f->quote);
	ERR_clear_error();
	copy = exact_copy(f->bytes.p, f->bytes.len);
	judge_bytes(f->v, copy, f->bytes.len, &f->j);
	free(copy);
	CHECK_EQ(0, ERR_peek_error());
}

/* Judges it: only the checks named fail, with @part in the first reason. */
static inline void forged_fails(struct forged *f, const char *names,
				const char *part)
{
	forged_judge(f);
	check_failed(&f->j, names, part);
}

static inline void forged_passes(struct forged *f)
{
	forged_judge(f);
	if (!CHECK_EQ(TSM_ACCEPTED, f->j.judged))
		show_judgement(&f->j);
}

/* Offsets behind the body, from the __le32 size of the signature data on. */
enum {
	AT_SIG_SIZE = 0, AT_SIGNATURE = 4, AT_KEY = 68, AT_OUTER_TYPE = 132,
	AT_OUTER_SIZE = 134, AT_QE = 138, AT_QE_SIGNATURE = AT_QE + 384,
	AT_AUTH_SIZE = AT_QE_SIGNATURE + 64, AT_AUTH = AT_AUTH_SIZE + 2,
	/* for 32 bytes of authentication data */
	AT_TYPE = AT_AUTH + 32, AT_SIZE = AT_TYPE + 2, AT_CHAIN = AT_SIZE + 4,
};

/* Makes the quote, to be changed where it lies. Return: where that size is. */
static inline uint8_t *forged_make(struct forged *f)
{
	forge_quote(&f->bytes, &f->quote);
	f->made = true;
	return f->bytes.p + 48 + (f->quote.version > 4 ? 6 : 0) +
	       f->quote.body_len;
}

#endif /* TSM_HOST_FORGED_TDX_H */
