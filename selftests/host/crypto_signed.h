/* SPDX-License-Identifier: MIT */
/* Something signed by ECDSA or RSA-PSS, to be verified and spoilt. */
#ifndef TSM_HOST_CRYPTO_SIGNED_H
#define TSM_HOST_CRYPTO_SIGNED_H

#include "../../tools/lib/crypto.h"
#include "forge.h"

/**
 * struct signed_message - something that is signed
 * @key: kind
 * @len: of the point and of the signature
 */
struct signed_message {
	enum x509_key key;
	size_t len;
	uint8_t point[132];
	uint8_t signature[132];
};

/* What is signed, in three parts */
static const struct tsm_blob message[] = {
	{ (const uint8_t *)"for", 3 },
	{ NULL, 0 },
	{ (const uint8_t *)"gery", 4 },
};

static inline void sign(struct signed_message *m, enum forge_kind kind)
{
	EVP_PKEY *key = forge_key(kind, 0);

	m->key = kind == FORGE_P256 ? X509_KEY_P256 : X509_KEY_P384;
	m->len = forge_point(m->point, key);
	if (forge_sign_raw(m->signature, key, "forgery", 7) != m->len)
		abort();
}

/* A key of RSA and what it signed, as certificates have them. */
struct rsa {
	struct x509 key;
	struct tsm_blob tbs;
	struct tsm_blob raw;
	struct bytes n;
	struct bytes signature;
};

static inline void sign_rsa(struct rsa *rsa, enum forge_kind kind,
		     enum forge_signature how)
{
	static const uint8_t exponent[] = { 1, 0, 1 };
	EVP_PKEY *key = forge_key(kind, 0);
	struct bytes data = { .len = 0 };
	BIGNUM *n = NULL;

	memset(rsa, 0, sizeof(*rsa));
	if (!EVP_PKEY_get_bn_param(key, "n", &n))
		abort();
	rsa->n.len = (size_t)BN_bn2bin(n, rsa->n.p);
	BN_free(n);
	rsa->key.key = X509_KEY_RSA;
	rsa->key.modulus = (struct tsm_blob){ rsa->n.p, rsa->n.len };
	rsa->key.exponent = (struct tsm_blob){ exponent, sizeof(exponent) };
	put(&data, "forgery", 7);
	forge_sign(&rsa->signature, key, how, &data);
	rsa->tbs = (struct tsm_blob){ (const uint8_t *)"forgery", 7 };
	rsa->raw = (struct tsm_blob){ rsa->signature.p + 1,
				      rsa->signature.len - 1 };
}

#endif /* TSM_HOST_CRYPTO_SIGNED_H */
