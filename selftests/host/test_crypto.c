// SPDX-License-Identifier: MIT
/* tools/lib/ossl_verify.c: signatures by ECDSA, good and bad. */
#include "crypto_signed.h"
#include "tap.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>

static struct tsm_crypto *crypto;

static const struct tsm_crypto *get_crypto(void)
{
	if (!crypto && tsm_crypto_new(&crypto))
		abort();
	return crypto;
}

static void from_hex(const char *text, uint8_t *out, size_t len)
{
	unsigned int byte;
	size_t i;

	for (i = 0; i < len; i++) {
		if (sscanf(text + 2 * i, "%2x", &byte) != 1)
			abort();
		out[i] = (uint8_t)byte;
	}
}

/**
 * struct vector - a signature of somebody else
 * @key: X509_KEY_*
 * @point: X || Y in hex
 * @signature: R || S in hex
 * @message: text
 * @is_good: what it is
 */
struct vector {
	enum x509_key key;
	const char *point;
	const char *signature;
	const char *message;
	bool is_good;
};

static void check_vector(const struct vector *v)
{
	const struct tsm_blob part = { (const uint8_t *)v->message,
				       strlen(v->message) };
	const size_t len = v->key == X509_KEY_P256 ? 64 : 96;
	uint8_t point[96], signature[96];

	from_hex(v->point, point, len);
	from_hex(v->signature, signature, len);
	CHECK_EQ(v->is_good,
		 tsm_crypto_ecdsa(get_crypto(), v->key, point, &part, 1,
				  signature));
}

#define RFC_P256 \
	"60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6" \
	"7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
#define RFC_P384 \
	"ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64" \
	"def8f0ea9055866064a254515480bc138015d9b72d7d57244ea8ef9ac0c62189" \
	"6708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720"

static void signatures_of_rfc_6979_are_right(void)
{
	static const struct vector vectors[] = {
		{ X509_KEY_P256, RFC_P256,
		  "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
		  "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
		  "sample", true },
		{ X509_KEY_P384, RFC_P384,
		  "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c"
		  "81a648152e44acf96e36dd1e80fabe4699ef4aeb15f178cea1fe40db2603138f"
		  "130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8",
		  "sample", true },
		{ X509_KEY_P256, RFC_P256,
		  "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
		  "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
		  "simple", false },
	};
	size_t i;

	for (i = 0; i < FORGE_COUNT(vectors); i++)
		check_vector(&vectors[i]);
}

static int verify(const struct signed_message *m)
{
	const int ret = tsm_crypto_ecdsa(get_crypto(), m->key, m->point,
					 message, 3, m->signature);

	CHECK_EQ(0, ERR_peek_error());
	return ret;
}

static const enum forge_kind curves[] = { FORGE_P256, FORGE_P384 };

static void what_openssl_signs_is_right(void)
{
	struct signed_message m;
	size_t i;
	int n;

	for (i = 0; i < 2; i++) {
		for (n = 0; n < 50; n++) {
			sign(&m, curves[i]);
			CHECK_EQ(1, verify(&m));
		}
	}
}

static void each_bit_of_a_signature_counts(void)
{
	struct signed_message m;
	size_t i, bit;

	for (i = 0; i < 2; i++) {
		sign(&m, curves[i]);
		for (bit = 0; bit < 8 * m.len; bit++) {
			m.signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
			CHECK_EQ(0, verify(&m));
			m.signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		CHECK_EQ(1, verify(&m));
	}
}

static void each_bit_of_a_key_counts(void)
{
	struct signed_message m;
	size_t i, bit;

	for (i = 0; i < 2; i++) {
		sign(&m, curves[i]);
		for (bit = 0; bit < 8 * m.len; bit++) {
			m.point[bit / 8] ^= (uint8_t)(1 << bit % 8);
			CHECK_EQ(0, verify(&m));
			m.point[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
	}
}

static const char *const orders[] = {
	"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
	"ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf"
	"581a0db248b0a77aecec196accc52973",
};

#define PRIME_P256 \
	"ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"

/* R and S, each in turn, set to what no signature has */
static void r_and_s_are_from_1_to_the_order_less_1(void)
{
	struct signed_message m;
	uint8_t odd[5][48];
	size_t i, n, half, part;

	for (i = 0; i < 2; i++) {
		sign(&m, curves[i]);
		half = m.len / 2;
		memset(odd, 0, sizeof(odd));
		memset(odd[1], 0xff, half);
		from_hex(orders[i], odd[2], half);
		from_hex(orders[i], odd[3], half);
		odd[3][half - 1]++;
		odd[4][0] = 0x80;
		for (n = 0; n < FORGE_COUNT(odd); n++) {
			for (part = 0; part < 2; part++) {
				sign(&m, curves[i]);
				memcpy(m.signature + part * half, odd[n], half);
				CHECK_EQ(0, verify(&m));
			}
			memcpy(m.signature, odd[n], half);
			memcpy(m.signature + half, odd[n], half);
			CHECK_EQ(0, verify(&m));
		}
	}
}

/* X of a point of which it is above the order, of P-256; @group: that curve */
static BIGNUM *high_x(const EC_GROUP *group, EC_POINT *point)
{
	BIGNUM *x = BN_dup(EC_GROUP_get0_order(group));

	do {
		if (!x || !BN_add_word(x, 1))
			abort();
	} while (!EC_POINT_set_compressed_coordinates(group, point, x, 0, NULL));
	ERR_clear_error();
	return x;
}

/*
 * The X of the sum is above the order, so that R is what is left of it: hardly a
 * signature in the world is like that, and few verifiers were tried with one. Here
 * the key is made to fit: sum = (e / s) G + (R / s) Q.
 */
static void an_r_that_wrapped_is_right(void)
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	const BIGNUM *n = EC_GROUP_get0_order(group);
	EC_POINT *sum = EC_POINT_new(group), *q = EC_POINT_new(group);
	BIGNUM *r = high_x(group, sum), *e, *u = BN_new(), *w = BN_new();
	struct signed_message m = { .key = X509_KEY_P256, .len = 64 };
	BN_CTX *ctx = BN_CTX_new();
	uint8_t digest[32], octets[65];

	EVP_Digest("forgery", 7, digest, NULL, EVP_sha256(), NULL);
	e = BN_bin2bn(digest, 32, NULL);
	/* s = 5: Q = (5 sum - e G) / R */
	BN_sub(r, r, n);
	BN_mod_inverse(w, r, n, ctx);
	BN_mod_mul(u, e, w, n, ctx);
	BN_sub(u, n, u);
	BN_mul_word(w, 5);
	if (!EC_POINT_mul(group, q, u, sum, w, ctx) ||
	    EC_POINT_point2oct(group, q, POINT_CONVERSION_UNCOMPRESSED, octets,
			       65, ctx) != 65)
		abort();
	memcpy(m.point, octets + 1, 64);
	BN_bn2binpad(r, m.signature, 32);
	m.signature[63] = 5;
	CHECK_EQ(1, verify(&m));
	m.signature[31] ^= 1;
	CHECK_EQ(0, verify(&m));
	/* X itself is no R */
	BN_add(r, r, n);
	BN_bn2binpad(r, m.signature, 32);
	CHECK_EQ(0, verify(&m));
	BN_CTX_free(ctx);
	BN_free(w);
	BN_free(u);
	BN_free(e);
	BN_free(r);
	EC_POINT_free(q);
	EC_POINT_free(sum);
	EC_GROUP_free(group);
}

/* Both are signatures, in each verifier of ECDSA. */
static void the_other_s_is_right_too(void)
{
	struct signed_message m;
	BIGNUM *n = NULL, *s;

	sign(&m, FORGE_P256);
	BN_hex2bn(&n, orders[0]);
	s = BN_bin2bn(m.signature + 32, 32, NULL);
	if (!n || !s || !BN_sub(s, n, s) ||
	    BN_bn2binpad(s, m.signature + 32, 32) != 32)
		abort();
	CHECK_EQ(1, verify(&m));
	BN_free(s);
	BN_free(n);
}

/* A coordinate that is as large as the prime is another text for a small one. */
static void coordinates_are_below_the_prime(void)
{
	struct signed_message m;

	sign(&m, FORGE_P256);
	from_hex(PRIME_P256, m.point, 32);
	CHECK_EQ(0, verify(&m));
	memset(m.point, 0xff, 32);
	CHECK_EQ(0, verify(&m));
	memset(m.point, 0, 64);
	CHECK_EQ(0, verify(&m));
	sign(&m, FORGE_P256);
	from_hex(PRIME_P256, m.point + 32, 32);
	CHECK_EQ(0, verify(&m));
}

static void another_curve_verifies_nothing(void)
{
	struct signed_message m;

	sign(&m, FORGE_P384);
	m.key = X509_KEY_P256;
	CHECK_EQ(0, verify(&m));
	m.key = X509_KEY_RSA;
	CHECK_EQ(0, verify(&m));
	m.key = X509_KEY_OTHER;
	CHECK_EQ(0, verify(&m));
}

/* What somebody else left in the queue is neither taken for ours nor needed. */
static void old_errors_do_not_leak_into_a_verdict(void)
{
	struct signed_message m;

	sign(&m, FORGE_P256);
	ERR_raise(ERR_LIB_EC, EC_R_POINT_IS_NOT_ON_CURVE);
	CHECK_EQ(1, tsm_crypto_ecdsa(get_crypto(), m.key, m.point, message, 3,
				     m.signature));
	m.point[0] ^= 1;
	ERR_raise(ERR_LIB_EC, ERR_R_MALLOC_FAILURE);
	CHECK_EQ(0, verify(&m));
	m.point[0] ^= 1;
	m.signature[0] ^= 1;
	ERR_raise(ERR_LIB_EC, EC_R_POINT_IS_NOT_ON_CURVE);
	CHECK_EQ(0, verify(&m));
}

static const struct tap_test tests[] = {
	{ "signatures of RFC 6979 are right", signatures_of_rfc_6979_are_right },
	{ "what OpenSSL signs is right", what_openssl_signs_is_right },
	{ "each bit of a signature counts", each_bit_of_a_signature_counts },
	{ "each bit of a key counts", each_bit_of_a_key_counts },
	{ "R and S are from 1 to the order less 1",
	  r_and_s_are_from_1_to_the_order_less_1 },
	{ "an R that wrapped is right", an_r_that_wrapped_is_right },
	{ "the other S is right, too", the_other_s_is_right_too },
	{ "coordinates are below the prime", coordinates_are_below_the_prime },
	{ "another curve verifies nothing", another_curve_verifies_nothing },
	{ "old errors do not leak into a verdict",
	  old_errors_do_not_leak_into_a_verdict },
};

TAP_MAIN(tests)
