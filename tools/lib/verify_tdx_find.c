// SPDX-License-Identifier: MIT
/* Finds the PCK chain of a quote: in it, or among certificates given beside it. */
#include "verify_tdx.h"

#include <errno.h>

/*
 * Everything but a PEM chain, the encrypted PPID of [DCAP] A.3.9 types 1 to 4
 * for one, means that the chain must come from elsewhere.
 */
static bool has_pem(const struct tsm_quote *quote)
{
	static const char begin[] = "-----BEGIN";

	return quote->cert_type == TSM_QUOTE_CERT_PCK_CHAIN &&
	       quote->certs.len >= sizeof(begin) - 1 &&
	       memmem(quote->certs.data, quote->certs.len, begin,
		      sizeof(begin) - 1);
}

static struct cert_pools tdx_pools(const struct tdx *t)
{
	const struct tsm_verifier *v = t->judge->v;

	return (struct cert_pools){
		.pool = { &t->came, &v->certs, &v->collateral.pool, &v->roots },
		.count = 4,
	};
}

/* Nothing but the key says that a certificate is the one of this quote. */
static int find_leaf_in(struct tdx *t, const struct cert_pool *pool)
{
	const struct tsm_blob report = {
		(const uint8_t *)&t->quote.qe.report,
		sizeof(t->quote.qe.report),
	};
	size_t i;
	int ret;

	for (i = 0; i < pool->certs; i++) {
		const struct x509 *cert = pool->cert[i];

		if (!(cert->has & X509_HAS_PCK) || cert->key != X509_KEY_P256)
			continue;
		ret = tsm_crypto_ecdsa(t->judge->v->crypto, cert->key,
				       cert->point.data, &report, 1,
				       t->quote.qe.signature);
		if (ret < 0)
			return ret;
		if (ret) {
			t->cert[TDX_LEAF] = cert;
			break;
		}
	}
	return 0;
}

static int find_leaf(struct tdx *t, struct tsm_error *err)
{
	const struct cert_pools pools = tdx_pools(t);
	size_t i;
	int ret;

	if (t->owns) {
		t->cert[TDX_LEAF] = &t->own[0];
		return 0;
	}
	for (i = 0; i < pools.count; i++) {
		ret = find_leaf_in(t, pools.pool[i]);
		if (ret)
			return ret;
		if (t->cert[TDX_LEAF])
			return chain_best(t->judge->v->crypto, &pools,
					  &t->cert[TDX_LEAF]);
	}
	return tsm_error_set(err, -EBADMSG,
			     "the quote has no PCK chain (certification data of type %u, %zu bytes), and no PCK certificate given beside it signed its QE report",
			     t->quote.cert_type, t->quote.certs.len);
}

/* The next from the quote, if it has the right name, else one given. */
static int find_issuer(struct tdx *t, size_t at, size_t *used)
{
	const struct tsm_verifier *v = t->judge->v;
	const struct cert_pools pools = tdx_pools(t);
	const struct x509 *cert = t->cert[at];
	const struct x509 *issuer = NULL;
	size_t i;
	int ret;

	if (*used < t->owns &&
	    x509_equal(&t->own[*used].subject, &cert->issuer))
		issuer = &t->own[(*used)++];
	for (i = 0; !issuer && i < pools.count; i++) {
		ret = chain_issuer(v->crypto, pools.pool[i], cert, &issuer);
		if (!ret && issuer)
			ret = chain_best(v->crypto, &pools, &issuer);
		if (ret)
			return ret;
	}
	t->cert[at + 1] = issuer;
	return 0;
}

static int complete(struct tdx *t, struct tsm_error *err)
{
	char name[CERT_NAME_SIZE];
	size_t at, used;
	int ret;

	ret = find_leaf(t, err);
	used = !!t->owns;
	for (at = TDX_LEAF; !ret && at < TDX_ROOT; at++) {
		ret = find_issuer(t, at, &used);
		if (!ret && !t->cert[at + 1])
			return tsm_error_set(err, -EBADMSG,
					     "the issuer of %s is missing: %zu of 3 certificates are in the quote, and it is not among those given beside it",
					     cert_name(t->cert[at], name),
					     t->owns);
	}
	if (!ret && used < t->owns)
		return tsm_error_set(err, -EBADMSG,
				     "%s in the quote issued none of the others",
				     cert_name(&t->own[used], name));
	return ret;
}

/* The host chose it, and nothing rests on it where the quote has all: bytes that
 * cannot be read are as if there were none. */
static int read_came(struct tdx *t)
{
	const struct tsm_blob *came = t->judge->certs;
	size_t added;
	int ret = 0;

	if (came->len)
		ret = cert_pool_add(&t->came, came->data, came->len, &added,
				    &t->bad_came);
	return ret == -ENOMEM ? ret : 0;
}

int tdx_chain_find(struct tdx *t, struct tsm_error *err)
{
	const struct tsm_blob *certs = &t->quote.certs;
	size_t i;
	int ret;

	ret = read_came(t);
	if (ret)
		return ret;
	if (has_pem(&t->quote)) {
		ret = pem_chain_parse(certs->data, certs->len, t->der,
				      sizeof(t->der), t->own, TDX_CERTS,
				      &t->owns, err);
		if (ret)
			return ret == -ENOMEM ? ret : -EBADMSG;
	}
	if (t->owns < TDX_CERTS)
		return complete(t, err);
	for (i = 0; i < TDX_CERTS; i++)
		t->cert[i] = &t->own[i];
	return 0;
}
