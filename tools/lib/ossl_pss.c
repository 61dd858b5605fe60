// SPDX-License-Identifier: MIT
/*
 * RSA-PSS, by which AMD's ARKs and ASKs sign, RFC 8017: the power is OpenSSL's,
 * what is made of it is ours. Why not all is OpenSSL's, ossl_verify.c says.
 */
#include "ossl_private.h"

#include <errno.h>
#include <openssl/bn.h>
#include <openssl/err.h>

/* What is above takes long, and nobody uses it. */
#define MODULUS_MAX	(8192 / 8)
#define EXPONENT_MAX	8

#define HASH		48
#define SALT		48

/* Whether a key can be like that: OpenSSL computes with odd moduli alone. */
static bool is_sound(const struct x509 *key)
{
	const struct tsm_blob *n = &key->modulus, *e = &key->exponent;

	return n->len >= X509_RSA_MIN && n->len <= MODULUS_MAX &&
	       (n->len > X509_RSA_MIN || n->data[0] & 0x80) &&
	       n->data[n->len - 1] & 1 && e->len && e->len <= EXPONENT_MAX &&
	       e->data[e->len - 1] & 1 && (e->len > 1 || e->data[0] > 1);
}

static unsigned int bits_of(const struct tsm_blob *number)
{
	unsigned int bits = (unsigned int)number->len * 8;
	uint8_t top;

	for (top = number->data[0]; !(top & 0x80); top = (uint8_t)(top << 1))
		bits--;
	return bits;
}

/* RSAVP1, 5.2.2, and I2OSP into @len bytes. Return: 1, 0, -ENOMEM. */
static int raise_to(const struct x509 *key, const struct tsm_blob *signature,
		    uint8_t *out, size_t len)
{
	BIGNUM *n = BN_bin2bn(key->modulus.data, (int)key->modulus.len, NULL);
	BIGNUM *e = BN_bin2bn(key->exponent.data, (int)key->exponent.len, NULL);
	BIGNUM *s = BN_bin2bn(signature->data, (int)signature->len, NULL);
	BN_CTX *ctx = BN_CTX_new();
	int ret = -ENOMEM;

	if (n && e && s && ctx) {
		if (BN_cmp(s, n) >= 0)
			ret = 0;
		else if (BN_mod_exp_mont(s, s, e, n, ctx, NULL))
			ret = BN_bn2binpad(s, out, (int)len) >= 0;
	}
	BN_CTX_free(ctx);
	BN_free(s);
	BN_free(e);
	BN_free(n);
	return ret;
}

/* MGF1, B.2.1, and the exclusive or with what it masks */
static void unmask(uint8_t *db, size_t len, const uint8_t hash[HASH])
{
	uint8_t count[4] = { 0 }, mask[HASH];
	const struct tsm_blob parts[] = { { hash, HASH },
					  { count, sizeof(count) } };
	size_t i;

	/* one byte of the count is enough for 8192 bits */
	for (i = 0; i < len; i++) {
		if (!(i % HASH)) {
			ossl_sha384(parts, 2, mask);
			count[3]++;
		}
		db[i] ^= mask[i % HASH];
	}
}

/* EMSA-PSS-VERIFY, 9.1.2, from step 4 on; @spare: bits of the first byte that are
 * not part of the message */
static bool is_encoding_of(uint8_t *em, size_t len, unsigned int spare,
			   const uint8_t digest[HASH])
{
	static const uint8_t zeros[8];
	const size_t db_len = len - HASH - 1, ps_len = db_len - SALT - 1;
	const uint8_t *const hash = em + db_len;
	const struct tsm_blob parts[] = {
		{ zeros, sizeof(zeros) },
		{ digest, HASH },
		{ em + db_len - SALT, SALT },
	};
	uint8_t expected[HASH];
	size_t i;

	if (em[len - 1] != 0xbc || em[0] >> (8 - spare))
		return false;
	unmask(em, db_len, hash);
	em[0] &= 0xff >> spare;
	for (i = 0; i < ps_len; i++) {
		if (em[i])
			return false;
	}
	if (em[ps_len] != 1)
		return false;
	ossl_sha384(parts, 3, expected);
	return !memcmp(expected, hash, HASH);
}

int ossl_pss_verify(const struct x509 *key, const uint8_t digest[48],
		    const struct tsm_blob *signature)
{
	uint8_t em[MODULUS_MAX];
	unsigned int bits;
	size_t len;
	int ret;

	if (!is_sound(key) || signature->len != key->modulus.len)
		return 0;
	/* one bit less than the modulus, 8.1.2 step 2c */
	bits = bits_of(&key->modulus) - 1;
	len = (bits + 7) / 8;
	ret = raise_to(key, signature, em, len);
	if (ret > 0)
		return is_encoding_of(em, len, (unsigned int)(8 * len) - bits,
				      digest);
	ERR_clear_error();
	return ret;
}
