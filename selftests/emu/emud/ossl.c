// SPDX-License-Identifier: MIT
/* ECDSA and hashes as the wire formats of quotes and reports want them. */

#include "emud.h"

#include <err.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>

/* Tells why libcrypto failed, empties its queue, and returns -1. */
int ossl_fail(const char *what)
{
	unsigned long code = ERR_peek_last_error();

	warnx("%s: %s", what,
	      code ? ERR_reason_error_string(code) : "libcrypto failed");
	ERR_clear_error();
	return -1;
}

/* DER to R || S, big-endian, of @half bytes each */
static int raw_signature(const uint8_t *der, size_t len, uint8_t *raw, int half)
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, len);
	int ret = -1;

	if (sig &&
	    BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, half) == half &&
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + half, half) == half)
		ret = 0;
	ECDSA_SIG_free(sig);
	return ret;
}

static int sign(EVP_PKEY *key, const EVP_MD *md, const void *data, size_t len,
		uint8_t *raw, int half)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t der[112];
	size_t der_len = sizeof(der);
	int ret = -1;

	if (ctx && EVP_DigestSignInit(ctx, NULL, md, NULL, key) == 1 &&
	    EVP_DigestSign(ctx, der, &der_len, data, len) == 1)
		ret = raw_signature(der, der_len, raw, half);
	EVP_MD_CTX_free(ctx);
	return ret ? ossl_fail("cannot sign") : 0;
}

/**
 * ecdsa_sign - ECDSA with SHA-256
 * @key: P-256 private key
 * @data: message
 * @len: of it
 * @sig: R || S
 */
int ecdsa_sign(EVP_PKEY *key, const void *data, size_t len,
	       uint8_t sig[SIG_SIZE])
{
	return sign(key, EVP_sha256(), data, len, sig, SIG_SIZE / 2);
}

/**
 * ecdsa384_sign - ECDSA with SHA-384
 * @key: P-384 private key
 * @data: message
 * @len: of it
 * @sig: R || S
 */
int ecdsa384_sign(EVP_PKEY *key, const void *data, size_t len,
		  uint8_t sig[SIG384_SIZE])
{
	return sign(key, EVP_sha384(), data, len, sig, SIG384_SIZE / 2);
}

/**
 * ecdsa_point - the public half of a key
 * @key: P-256 key
 * @point: X || Y
 */
int ecdsa_point(EVP_PKEY *key, uint8_t point[POINT_SIZE])
{
	uint8_t encoded[1 + POINT_SIZE];
	size_t len;

	if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY,
					    encoded, sizeof(encoded),
					    &len) != 1 ||
	    len != sizeof(encoded) || encoded[0] != 4)
		return ossl_fail("no public P-256 key");
	for (size_t i = 0; i < POINT_SIZE; i++)
		point[i] = encoded[1 + i];
	return 0;
}

int sha384(const void *data, size_t len, uint8_t digest[MR_SIZE])
{
	if (EVP_Digest(data, len, digest, NULL, EVP_sha384(), NULL) != 1)
		return ossl_fail("cannot hash");
	return 0;
}
