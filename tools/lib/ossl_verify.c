// SPDX-License-Identifier: MIT
/*
 * Digests and ECDSA, by functions of OpenSSL that it calls deprecated.
 *
 * What it wants instead, EVP, fetches each algorithm from a provider: that reads
 * the configuration file, which somebody else wrote and which may name an engine
 * or take an algorithm away, and takes longer than all the rest of a process that
 * judges one quote. SHA-2 cannot fail here, and a bad signature can be told from
 * missing memory, which a verdict must not depend on.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "ossl_private.h"

#include <errno.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/sha.h>
#include <stdlib.h>

struct tsm_crypto {
	EC_GROUP *p256;
	EC_GROUP *p384;
	struct ossl_pss *pss;
};

void tsm_sha256(const struct tsm_blob *parts, size_t count, uint8_t out[32])
{
	SHA256_CTX ctx;

	SHA256_Init(&ctx);
	for (; count; count--, parts++)
		SHA256_Update(&ctx, parts->data, parts->len);
	SHA256_Final(out, &ctx);
}

static void sha384(const struct tsm_blob *parts, size_t count, uint8_t out[48])
{
	SHA512_CTX ctx;

	SHA384_Init(&ctx);
	for (; count; count--, parts++)
		SHA384_Update(&ctx, parts->data, parts->len);
	SHA384_Final(out, &ctx);
}

void tsm_sha384(const void *data, size_t len, uint8_t out[48])
{
	const struct tsm_blob whole = { data, len };

	sha384(&whole, 1, out);
}

void tsm_sha512(const struct tsm_blob *parts, size_t count, uint8_t out[64])
{
	SHA512_CTX ctx;

	SHA512_Init(&ctx);
	for (; count; count--, parts++)
		SHA512_Update(&ctx, parts->data, parts->len);
	SHA512_Final(out, &ctx);
}

int tsm_crypto_new(struct tsm_crypto **crypto)
{
	struct tsm_crypto *new = calloc(1, sizeof(*new));

	*crypto = NULL;
	if (!new)
		return -ENOMEM;
	new->p256 = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	new->p384 = EC_GROUP_new_by_curve_name(NID_secp384r1);
	new->pss = ossl_pss_new();
	if (!new->p256 || !new->p384 || !new->pss) {
		tsm_crypto_free(new);
		ERR_clear_error();
		return -ENOMEM;
	}
	*crypto = new;
	return 0;
}

void tsm_crypto_free(struct tsm_crypto *crypto)
{
	if (!crypto)
		return;
	ossl_pss_free(crypto->pss);
	EC_GROUP_free(crypto->p384);
	EC_GROUP_free(crypto->p256);
	free(crypto);
}

/* The group is copied, so that threads do not share what is written to. */
static EC_KEY *try_key(const EC_GROUP *group, const uint8_t *point, size_t len)
{
	uint8_t octets[1 + 96] = { POINT_CONVERSION_UNCOMPRESSED };
	EC_KEY *key = EC_KEY_new();

	memcpy(octets + 1, point, len);
	if (key && EC_KEY_set_group(key, group) &&
	    EC_KEY_oct2key(key, octets, 1 + len, NULL))
		return key;
	EC_KEY_free(key);
	return NULL;
}

/*
 * Why there is none only the queue tells, in which somebody else may have left
 * something: so it is emptied and all done again, but not before it is needed,
 * since OpenSSL loads the texts of all errors with the first look at it.
 */
static int make_key(const EC_GROUP *group, const uint8_t *point, size_t len,
		    EC_KEY **key)
{
	int reason;

	*key = try_key(group, point, len);
	if (*key)
		return 1;
	ERR_clear_error();
	*key = try_key(group, point, len);
	reason = ERR_GET_REASON(ERR_peek_last_error());
	ERR_clear_error();
	if (*key)
		return 1;
	return reason == EC_R_POINT_IS_NOT_ON_CURVE ||
	       reason == EC_R_INVALID_ENCODING ? 0 : -ENOMEM;
}

/* From 1 to the order less 1, FIPS 186-5 6.4.2 step 1. */
static bool in_range(const BIGNUM *n, const EC_GROUP *group)
{
	return !BN_is_zero(n) && BN_cmp(n, EC_GROUP_get0_order(group)) < 0;
}

static int make_signature(const EC_GROUP *group, const uint8_t *bytes,
			  size_t len, ECDSA_SIG **sig)
{
	BIGNUM *r = BN_bin2bn(bytes, (int)len / 2, NULL);
	BIGNUM *s = BN_bin2bn(bytes + len / 2, (int)len / 2, NULL);
	int ret = -ENOMEM;

	*sig = NULL;
	if (r && s) {
		ret = in_range(r, group) && in_range(s, group);
		*sig = ret ? ECDSA_SIG_new() : NULL;
		ret = ret && !*sig ? -ENOMEM : ret;
	}
	if (*sig) {
		ECDSA_SIG_set0(*sig, r, s);
		return 1;
	}
	BN_free(s);
	BN_free(r);
	return ret;
}

static int verify(const EC_GROUP *group, const uint8_t *point, size_t len,
		  const uint8_t *digest, const uint8_t *signature)
{
	ECDSA_SIG *sig = NULL;
	EC_KEY *key = NULL;
	int ret;

	ret = make_signature(group, signature, len, &sig);
	if (ret > 0)
		ret = make_key(group, point, len, &key);
	if (ret > 0)
		/* 0 is a mismatch, -1 whatever else */
		ret = ECDSA_do_verify(digest, (int)len / 2, sig, key);
	EC_KEY_free(key);
	ECDSA_SIG_free(sig);
	if (ret > 0)
		return 1;
	ERR_clear_error();
	return ret ? -ENOMEM : 0;
}

int tsm_crypto_ecdsa(const struct tsm_crypto *crypto, enum x509_key key,
		     const uint8_t *point, const struct tsm_blob *parts,
		     size_t count, const uint8_t *signature)
{
	uint8_t digest[48];

	switch (key) {
	case X509_KEY_P256:
		tsm_sha256(parts, count, digest);
		return verify(crypto->p256, point, 64, digest, signature);
	case X509_KEY_P384:
		sha384(parts, count, digest);
		return verify(crypto->p384, point, 96, digest, signature);
	default:
		return 0;
	}
}

int tsm_crypto_signed_by(const struct tsm_crypto *crypto,
			 const struct x509 *issuer, const struct tsm_blob *tbs,
			 enum x509_signature algorithm,
			 const uint8_t *signature,
			 const struct tsm_blob *raw_signature)
{
	static const enum x509_key fits[] = {
		[X509_ECDSA_SHA256] = X509_KEY_P256,
		[X509_ECDSA_SHA384] = X509_KEY_P384,
		[X509_RSA_PSS_SHA384] = X509_KEY_RSA,
	};
	uint8_t digest[48];

	if (algorithm == X509_SIGNATURE_OTHER || fits[algorithm] != issuer->key)
		return 0;
	if (algorithm != X509_RSA_PSS_SHA384)
		return tsm_crypto_ecdsa(crypto, issuer->key, issuer->point.data,
					tbs, 1, signature);
	sha384(tbs, 1, digest);
	return ossl_pss_verify(crypto->pss, issuer, digest, raw_signature);
}
