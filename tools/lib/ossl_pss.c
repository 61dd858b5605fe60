// SPDX-License-Identifier: MIT
/*
 * RSA-PSS, by which AMD's ARKs and ASKs sign: OpenSSL's EVP in a library context
 * of our own, which knows of no configuration and no engine. It takes a fraction
 * of a millisecond to make, which evidence of Intel need not pay.
 */
#include "ossl_private.h"

#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <pthread.h>
#include <stdlib.h>

/* What is above takes long, and nobody uses it. */
#define MODULUS_MAX	(8192 / 8)
#define EXPONENT_MAX	8

#define SALT		48

/**
 * struct ossl_pss - see ossl_private.h
 * @lock: held while the others are made
 * @ctx: NULL until they are
 * @provider: loaded into it
 * @md: SHA-384 from it
 */
struct ossl_pss {
	pthread_mutex_t lock;
	OSSL_LIB_CTX *ctx;
	OSSL_PROVIDER *provider;
	EVP_MD *md;
};

struct ossl_pss *ossl_pss_new(void)
{
	struct ossl_pss *pss = calloc(1, sizeof(*pss));

	if (pss)
		pthread_mutex_init(&pss->lock, NULL);
	return pss;
}

static void unload(struct ossl_pss *pss)
{
	EVP_MD_free(pss->md);
	if (pss->provider)
		OSSL_PROVIDER_unload(pss->provider);
	OSSL_LIB_CTX_free(pss->ctx);
	pss->md = NULL;
	pss->provider = NULL;
	pss->ctx = NULL;
}

void ossl_pss_free(struct ossl_pss *pss)
{
	if (!pss)
		return;
	unload(pss);
	pthread_mutex_destroy(&pss->lock);
	free(pss);
}

/* All or nothing: a context in which something failed half-way is not used. */
static bool load(struct ossl_pss *pss)
{
	bool ok = true;

	pthread_mutex_lock(&pss->lock);
	if (!pss->md) {
		pss->ctx = OSSL_LIB_CTX_new();
		if (pss->ctx)
			pss->provider = OSSL_PROVIDER_load(pss->ctx, "default");
		if (pss->provider)
			pss->md = EVP_MD_fetch(pss->ctx, "SHA384", NULL);
		ok = pss->md;
		if (!ok)
			unload(pss);
	}
	pthread_mutex_unlock(&pss->lock);
	return ok;
}

/* Whether RSA can be done with it: OpenSSL would refuse, but not say why. */
static bool is_sound(const struct x509 *key)
{
	const struct tsm_blob *n = &key->modulus, *e = &key->exponent;

	return n->len >= X509_RSA_MIN && n->len <= MODULUS_MAX &&
	       (n->len > X509_RSA_MIN || n->data[0] & 0x80) &&
	       n->data[n->len - 1] & 1 && e->len && e->len <= EXPONENT_MAX &&
	       e->data[e->len - 1] & 1 && (e->len > 1 || e->data[0] > 1);
}

static OSSL_PARAM *key_params(const struct x509 *key)
{
	BIGNUM *n = BN_bin2bn(key->modulus.data, (int)key->modulus.len, NULL);
	BIGNUM *e = BN_bin2bn(key->exponent.data, (int)key->exponent.len, NULL);
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;

	if (n && e && bld &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e))
		params = OSSL_PARAM_BLD_to_param(bld);
	OSSL_PARAM_BLD_free(bld);
	BN_free(e);
	BN_free(n);
	return params;
}

static EVP_PKEY *make_key(const struct ossl_pss *pss, const struct x509 *key)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(pss->ctx, "RSA", NULL);
	OSSL_PARAM *params = ctx ? key_params(key) : NULL;
	EVP_PKEY *pkey = NULL;

	if (params && EVP_PKEY_fromdata_init(ctx) > 0 &&
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) <= 0)
		pkey = NULL;
	OSSL_PARAM_free(params);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

/*
 * A failure is the signature's only if the queue has one of the reasons that
 * RSA_verify_PKCS1_PSS_mgf1() gives: a failed allocation leaves others, or none.
 */
static int why_not(void)
{
	unsigned long code;
	int ret = -ENOMEM;

	while ((code = ERR_get_error())) {
		if (ERR_GET_LIB(code) != ERR_LIB_RSA)
			continue;
		switch (ERR_GET_REASON(code)) {
		case RSA_R_BAD_SIGNATURE:
		case RSA_R_DATA_TOO_LARGE:
		case RSA_R_DATA_TOO_LARGE_FOR_MODULUS:
		case RSA_R_FIRST_OCTET_INVALID:
		case RSA_R_LAST_OCTET_INVALID:
		case RSA_R_SLEN_CHECK_FAILED:
		case RSA_R_SLEN_RECOVERY_FAILED:
			ret = 0;
		}
	}
	return ret;
}

static int verify(const struct ossl_pss *pss, EVP_PKEY *pkey,
		  const uint8_t digest[48], const struct tsm_blob *signature)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(pss->ctx, pkey, NULL);
	int ret = -ENOMEM;

	if (ctx && EVP_PKEY_verify_init(ctx) > 0 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0 &&
	    EVP_PKEY_CTX_set_signature_md(ctx, pss->md) > 0 &&
	    EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, pss->md) > 0 &&
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, SALT) > 0)
		ret = EVP_PKEY_verify(ctx, signature->data, signature->len,
				      digest, 48) == 1 ? 1 : why_not();
	EVP_PKEY_CTX_free(ctx);
	return ret;
}

int ossl_pss_verify(struct ossl_pss *pss, const struct x509 *key,
		    const uint8_t digest[48], const struct tsm_blob *signature)
{
	EVP_PKEY *pkey;
	int ret = -ENOMEM;

	if (!is_sound(key) || signature->len != key->modulus.len)
		return 0;
	ERR_clear_error();
	pkey = load(pss) ? make_key(pss, key) : NULL;
	if (pkey)
		ret = verify(pss, pkey, digest, signature);
	EVP_PKEY_free(pkey);
	ERR_clear_error();
	return ret;
}
