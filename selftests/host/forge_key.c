// SPDX-License-Identifier: MIT
/* Keys, signatures and encodings for forged evidence. */
#include "forge.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <stdio.h>

#define KEYS	8

EVP_PKEY *forge_key(enum forge_kind kind, unsigned int number)
{
	static EVP_PKEY *keys[FORGE_KINDS][KEYS];
	EVP_PKEY **key = &keys[kind][number];

	if (number >= KEYS)
		abort();
	if (*key)
		return *key;
	switch (kind) {
	case FORGE_P256:
		*key = EVP_EC_gen("P-256");
		break;
	case FORGE_P384:
		*key = EVP_EC_gen("P-384");
		break;
	case FORGE_P521:
		*key = EVP_EC_gen("P-521");
		break;
	case FORGE_RSA:
		*key = EVP_RSA_gen(2048);
		break;
	default:
		*key = EVP_RSA_gen(1024);
	}
	if (!*key)
		abort();
	return *key;
}

static const EVP_MD *hash_of(EVP_PKEY *key, enum forge_signature how)
{
	switch (how) {
	case FORGE_ECDSA_SHA1:
		return EVP_sha1();
	case FORGE_ECDSA_SHA256:
	case FORGE_PSS_SHA256:
		return EVP_sha256();
	case FORGE_AS_KEY:
		return EVP_PKEY_get_bits(key) == 256 ? EVP_sha256() :
						       EVP_sha384();
	default:
		return EVP_sha384();
	}
}

static size_t sign(uint8_t *out, size_t size, EVP_PKEY *key,
		   enum forge_signature how, const void *data, size_t len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx;

	if (!ctx ||
	    EVP_DigestSignInit(ctx, &pctx, hash_of(key, how), NULL, key) <= 0)
		abort();
	if (EVP_PKEY_is_a(key, "RSA") && how != FORGE_RSA_PKCS1 &&
	    (EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) <= 0 ||
	     EVP_PKEY_CTX_set_rsa_pss_saltlen(
		     pctx, how == FORGE_PSS_SALT32 ? 32 : 48) <= 0))
		abort();
	if (EVP_DigestSign(ctx, out, &size, data, len) <= 0)
		abort();
	EVP_MD_CTX_free(ctx);
	return size;
}

void forge_sign(struct bytes *out, EVP_PKEY *key, enum forge_signature how,
		const struct bytes *data)
{
	uint8_t sig[512];

	fill(out, 0, 1);
	put(out, sig, sign(sig, sizeof(sig), key, how, data->p, data->len));
}

size_t forge_sign_raw(uint8_t out[132], EVP_PKEY *key, const void *data,
		      size_t len)
{
	const int half = (EVP_PKEY_get_bits(key) + 7) / 8;
	const uint8_t *p;
	ECDSA_SIG *sig;
	uint8_t der[256];

	len = sign(der, sizeof(der), key, FORGE_AS_KEY, data, len);
	p = der;
	sig = d2i_ECDSA_SIG(NULL, &p, (long)len);
	if (!sig || BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, half) < 0 ||
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), out + half, half) < 0)
		abort();
	ECDSA_SIG_free(sig);
	return 2 * (size_t)half;
}

size_t forge_point(uint8_t out[132], EVP_PKEY *key)
{
	uint8_t octets[1 + 132];
	size_t len;

	if (!EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY,
					     octets, sizeof(octets), &len))
		abort();
	memcpy(out, octets + 1, len - 1);
	return len - 1;
}

void forge_tlv(struct bytes *to, uint8_t tag, const void *data, size_t len)
{
	fill(to, tag, 1);
	if (len >= 0x100)
		put(to, (const uint8_t[]){ 0x82, (uint8_t)(len >> 8) }, 2);
	else if (len >= 0x80)
		fill(to, 0x81, 1);
	fill(to, (uint8_t)len, 1);
	put(to, data, len);
}

void forge_pem(struct bytes *to, const char *label, const struct bytes *der)
{
	char line[80];
	size_t i, n;

	put(to, line, (size_t)snprintf(line, sizeof(line),
				       "-----BEGIN %s-----\n", label));
	for (i = 0; i < der->len; i += n) {
		n = der->len - i < 48 ? der->len - i : 48;
		put(to, line, (size_t)EVP_EncodeBlock((uint8_t *)line,
						      der->p + i, (int)n));
		put(to, "\n", 1);
	}
	put(to, line, (size_t)snprintf(line, sizeof(line),
				       "-----END %s-----\n", label));
}
