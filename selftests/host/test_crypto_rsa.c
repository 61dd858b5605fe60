// SPDX-License-Identifier: MIT
/* tools/lib/ossl_pss.c: signatures by RSA-PSS, good and bad. */
#include "crypto_signed.h"
#include "tap.h"

#include <openssl/err.h>

static struct tsm_crypto *crypto;

static const struct tsm_crypto *get_crypto(void)
{
	if (!crypto && tsm_crypto_new(&crypto))
		abort();
	return crypto;
}

static int verify_rsa(const struct rsa *rsa)
{
	const int ret = tsm_crypto_signed_by(get_crypto(), &rsa->key, &rsa->tbs,
					     X509_RSA_PSS_SHA384, NULL,
					     &rsa->raw);

	CHECK_EQ(0, ERR_peek_error());
	return ret;
}

static void rsa_pss_of_openssl_is_right(void)
{
	struct rsa rsa;
	int i;

	for (i = 0; i < 50; i++) {
		sign_rsa(&rsa, FORGE_RSA, FORGE_AS_KEY);
		CHECK_EQ(1, verify_rsa(&rsa));
		rsa.tbs.len--;
		CHECK_EQ(0, verify_rsa(&rsa));
	}
}

static void each_bit_of_rsa_pss_counts(void)
{
	struct rsa rsa;
	size_t bit;

	sign_rsa(&rsa, FORGE_RSA, FORGE_AS_KEY);
	for (bit = 0; bit < 2048; bit++) {
		rsa.signature.p[1 + bit / 8] ^= (uint8_t)(1 << bit % 8);
		CHECK_EQ(0, verify_rsa(&rsa));
		rsa.signature.p[1 + bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	CHECK_EQ(1, verify_rsa(&rsa));
}

static void other_paddings_of_rsa_are_wrong(void)
{
	static const enum forge_signature others[] = {
		FORGE_PSS_SHA256, FORGE_PSS_SALT32, FORGE_RSA_PKCS1,
	};
	struct rsa rsa;
	size_t i;

	for (i = 0; i < FORGE_COUNT(others); i++) {
		sign_rsa(&rsa, FORGE_RSA, others[i]);
		CHECK_EQ(0, verify_rsa(&rsa));
	}
}

static void signatures_of_rsa_are_as_long_as_the_modulus(void)
{
	struct rsa rsa;

	sign_rsa(&rsa, FORGE_RSA, FORGE_AS_KEY);
	rsa.raw.len--;
	CHECK_EQ(0, verify_rsa(&rsa));
	rsa.raw.len = 0;
	CHECK_EQ(0, verify_rsa(&rsa));
	/* with the zero in front of it */
	rsa.raw = (struct tsm_blob){ rsa.signature.p, rsa.signature.len };
	CHECK_EQ(0, verify_rsa(&rsa));
}

static void signatures_of_rsa_are_below_the_modulus(void)
{
	struct rsa rsa;

	sign_rsa(&rsa, FORGE_RSA, FORGE_AS_KEY);
	memcpy(rsa.signature.p + 1, rsa.n.p, rsa.n.len);
	CHECK_EQ(0, verify_rsa(&rsa));
	memset(rsa.signature.p + 1, 0xff, rsa.n.len);
	CHECK_EQ(0, verify_rsa(&rsa));
	memset(rsa.signature.p + 1, 0, rsa.n.len);
	CHECK_EQ(0, verify_rsa(&rsa));
}

/* The signature's power of @exponent, "e" or "d", changed in one byte before:
 * false if that is no message of the key. */
static bool raise_rsa(struct rsa *rsa, const char *exponent, size_t at,
		      uint8_t change)
{
	uint8_t *const bytes = rsa->signature.p + 1;
	EVP_PKEY *key = forge_key(FORGE_RSA, 0);
	BIGNUM *n = NULL, *power = NULL, *base;
	BN_CTX *ctx = BN_CTX_new();
	bool fits;

	bytes[at] ^= change;
	base = BN_bin2bn(bytes, (int)rsa->n.len, NULL);
	if (!ctx || !base || !EVP_PKEY_get_bn_param(key, "n", &n) ||
	    !EVP_PKEY_get_bn_param(key, exponent, &power))
		abort();
	fits = BN_cmp(base, n) < 0;
	if (!BN_mod_exp(base, base, power, n, ctx) ||
	    BN_bn2binpad(base, bytes, (int)rsa->n.len) < 0)
		abort();
	BN_free(base);
	BN_free(power);
	BN_free(n);
	BN_CTX_free(ctx);
	return fits;
}

/* A message that only its owner can sign, but that is not encoded as it must be:
 * @change at @at of it. What is masked changes by as much. */
static int verify_encoded(size_t at, uint8_t change)
{
	struct rsa rsa;

	do {
		sign_rsa(&rsa, FORGE_RSA, FORGE_AS_KEY);
		raise_rsa(&rsa, "e", 0, 0);
	} while (!raise_rsa(&rsa, "d", at, change));
	return verify_rsa(&rsa);
}

/* RFC 8017 9.1.2: of 256 bytes, 158 are zero, one is 1, and 48 salt; 48 of the
 * hash and 0xbc follow. Of the first the highest bit is left over. */
static void each_part_of_the_encoding_counts(void)
{
	size_t i;

	CHECK_EQ(1, verify_encoded(0, 0));
	CHECK_EQ(0, verify_encoded(0, 0x80));
	for (i = 0; i < 158; i += i ? 52 : 1)
		CHECK_EQ(0, verify_encoded(i, 0x01));
	CHECK_EQ(0, verify_encoded(157, 0x10));
	CHECK_EQ(0, verify_encoded(158, 0x01));
	CHECK_EQ(0, verify_encoded(158, 0x02));
	CHECK_EQ(0, verify_encoded(159, 0x01));
	CHECK_EQ(0, verify_encoded(207, 0x01));
	CHECK_EQ(0, verify_encoded(255, 0x01));
	CHECK_EQ(0, verify_encoded(255, 0x80));
}

/* The same number modulo n, RFC 8017 5.2.2 step 1 */
static void nothing_is_signed_twice_by_adding_the_modulus(void)
{
	unsigned int sum, carry;
	struct rsa rsa;
	size_t i;

	do {
		sign_rsa(&rsa, FORGE_RSA, FORGE_AS_KEY);
		for (carry = 0, i = rsa.n.len; i; i--) {
			sum = rsa.signature.p[i] + rsa.n.p[i - 1] + carry;
			rsa.signature.p[i] = (uint8_t)sum;
			carry = sum >> 8;
		}
	} while (carry);
	CHECK_EQ(0, verify_rsa(&rsa));
}

static void keys_of_rsa_that_cannot_be_are_refused(void)
{
	static const struct {
		uint8_t bytes[9];
		size_t len;
	} exponents[] = {
		{ { 0 }, 0 }, { { 1 }, 1 }, { { 2 }, 1 }, { { 1, 0, 0 }, 3 },
		{ { 1, 0, 0, 0, 0, 0, 0, 0, 1 }, 9 },
	};
	struct rsa rsa;
	size_t i;

	for (i = 0; i < FORGE_COUNT(exponents); i++) {
		sign_rsa(&rsa, FORGE_RSA, FORGE_AS_KEY);
		rsa.key.exponent.data = exponents[i].bytes;
		rsa.key.exponent.len = exponents[i].len;
		CHECK_EQ(0, verify_rsa(&rsa));
	}
	sign_rsa(&rsa, FORGE_RSA, FORGE_AS_KEY);
	rsa.n.p[rsa.n.len - 1] ^= 1;
	CHECK_EQ(0, verify_rsa(&rsa));
	sign_rsa(&rsa, FORGE_RSA_WEAK, FORGE_AS_KEY);
	CHECK_EQ(0, verify_rsa(&rsa));
	rsa.key.modulus.len = 0;
	CHECK_EQ(0, verify_rsa(&rsa));
}

/* 2047 bits are below 2048, and above 8192 is not waited for */
static void moduli_have_2048_to_8192_bits(void)
{
	struct rsa rsa;

	sign_rsa(&rsa, FORGE_RSA, FORGE_AS_KEY);
	rsa.n.p[0] &= 0x7f;
	CHECK_EQ(0, verify_rsa(&rsa));
	memset(rsa.n.p, 0xff, sizeof(rsa.n.p));
	memset(rsa.signature.p, 0x11, sizeof(rsa.signature.p));
	rsa.key.modulus.len = rsa.raw.len = 1025;
	CHECK_EQ(0, verify_rsa(&rsa));
	rsa.key.modulus.len = rsa.raw.len = 1024;
	CHECK_EQ(0, verify_rsa(&rsa));
	/* of 2049 bits the message has a byte less */
	memset(rsa.n.p, 0xff, 257);
	rsa.n.p[0] = 1;
	rsa.signature.p[1] = 0;
	rsa.key.modulus.len = rsa.raw.len = 257;
	CHECK_EQ(0, verify_rsa(&rsa));
}

static void keys_and_algorithms_must_fit(void)
{
	static const enum x509_signature algorithms[] = {
		X509_SIGNATURE_OTHER, X509_ECDSA_SHA256, X509_ECDSA_SHA384,
	};
	struct rsa rsa;
	size_t i;

	sign_rsa(&rsa, FORGE_RSA, FORGE_AS_KEY);
	for (i = 0; i < FORGE_COUNT(algorithms); i++)
		CHECK_EQ(0, tsm_crypto_signed_by(get_crypto(), &rsa.key,
						 &rsa.tbs, algorithms[i],
						 rsa.signature.p, &rsa.raw));
	rsa.key.key = X509_KEY_P256;
	CHECK_EQ(0, verify_rsa(&rsa));
	rsa.key.key = X509_KEY_OTHER;
	CHECK_EQ(0, verify_rsa(&rsa));
}

static const struct tap_test tests[] = {
	{ "RSA-PSS of OpenSSL is right", rsa_pss_of_openssl_is_right },
	{ "each bit of RSA-PSS counts", each_bit_of_rsa_pss_counts },
	{ "other paddings of RSA are wrong", other_paddings_of_rsa_are_wrong },
	{ "signatures of RSA are as long as the modulus",
	  signatures_of_rsa_are_as_long_as_the_modulus },
	{ "signatures of RSA are below the modulus",
	  signatures_of_rsa_are_below_the_modulus },
	{ "each part of the encoding counts",
	  each_part_of_the_encoding_counts },
	{ "nothing is signed twice by adding the modulus",
	  nothing_is_signed_twice_by_adding_the_modulus },
	{ "keys of RSA that cannot be are refused",
	  keys_of_rsa_that_cannot_be_are_refused },
	{ "moduli have 2048 to 8192 bits", moduli_have_2048_to_8192_bits },
	{ "keys and algorithms must fit", keys_and_algorithms_must_fit },
};

TAP_MAIN(tests)
