// SPDX-License-Identifier: MIT
/* Keys and signatures that an input makes up, and OpenSSL's verdict on them. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto_input.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

/* In each of these the first byte has another number of bits to spare. */
static const int rsa_bits[] = { 2048, 2049, 2050, 2055 };
#define RSA_KEYS	(sizeof(rsa_bits) / sizeof(rsa_bits[0]))
#define EXPONENT	65537

static struct {
	BIGNUM *n, *d;
} rsa_key[RSA_KEYS];
static EC_GROUP *p256, *p384;
static BN_CTX *bn;

/* What is left of the input; zeros behind its end. */
static void take(struct tsm_blob *in, void *out, size_t len)
{
	const size_t n = len < in->len ? len : in->len;

	memset(out, 0, len);
	if (n)
		memcpy(out, in->data, n);
	in->data += n;
	in->len -= n;
}

static uint8_t take_byte(struct tsm_blob *in)
{
	uint8_t byte;

	take(in, &byte, 1);
	return byte;
}

/* Some bits of what was made become others. */
static void flip(struct tsm_blob *in, unsigned int times, uint8_t *bytes,
		 size_t len)
{
	size_t at;

	while (times--) {
		at = take_byte(in);
		at |= (size_t)take_byte(in) << 8;
		bytes[at % len] ^= take_byte(in);
	}
}

/* The first prime of @bits bits behind a number that depends on @seed alone. */
static BIGNUM *find_prime(uint8_t seed, int bits)
{
	uint8_t bytes[256];
	BIGNUM *p, *one = BN_new(), *rest = BN_new(), *e = BN_new();
	size_t i;

	for (i = 0; i < sizeof(bytes); i += 64)
		SHA512((uint8_t[]){ seed, (uint8_t)i }, 2, bytes + i);
	p = BN_bin2bn(bytes, (bits + 7) / 8, NULL);
	BN_mask_bits(p, bits);
	BN_set_bit(p, bits - 1);
	BN_set_bit(p, bits - 2);
	BN_set_bit(p, 0);
	BN_set_word(e, EXPONENT);
	BN_one(one);
	do {
		BN_add_word(p, 2);
		BN_sub(rest, p, one);
	} while (BN_mod_word(rest, EXPONENT) == 0 ||
		 BN_check_prime(p, bn, NULL) != 1);
	BN_free(e);
	BN_free(rest);
	BN_free(one);
	return p;
}

static void make_rsa(size_t number)
{
	const int bits = rsa_bits[number];
	BIGNUM *p = find_prime((uint8_t)(2 * number), bits / 2);
	BIGNUM *q = find_prime((uint8_t)(2 * number + 1), bits - bits / 2);
	BIGNUM *e = BN_new(), *n = BN_new(), *phi = BN_new();

	BN_mul(n, p, q, bn);
	BN_sub_word(p, 1);
	BN_sub_word(q, 1);
	BN_mul(phi, p, q, bn);
	BN_set_word(e, EXPONENT);
	rsa_key[number].n = n;
	rsa_key[number].d = BN_mod_inverse(NULL, e, phi, bn);
	ENSURE(rsa_key[number].d && BN_num_bits(n) == bits);
	BN_free(phi);
	BN_free(e);
	BN_free(q);
	BN_free(p);
}

void crypto_input_prepare(void)
{
	size_t i;

	bn = BN_CTX_new();
	p256 = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	p384 = EC_GROUP_new_by_curve_name(NID_secp384r1);
	for (i = 0; i < RSA_KEYS; i++)
		make_rsa(i);
}

static const EC_GROUP *group_of(const struct ecdsa_input *e)
{
	return e->half == 32 ? p256 : p384;
}

static void digest_of(const struct ecdsa_input *e, uint8_t *digest)
{
	if (e->half == 32)
		SHA256(e->message, e->len, digest);
	else
		SHA384(e->message, e->len, digest);
}

static void put_point(struct ecdsa_input *e, const EC_POINT *point)
{
	uint8_t octets[97];

	ENSURE(EC_POINT_point2oct(group_of(e), point,
				  POINT_CONVERSION_UNCOMPRESSED, octets,
				  sizeof(octets), bn) == 1 + 2 * e->half);
	memcpy(e->point, octets + 1, 2 * e->half);
}

/**
 * struct numbers - of ECDSA, as in FIPS 186-5 6.4
 */
struct numbers {
	const BIGNUM *order;
	BIGNUM *d, *e, *k, *r, *s, *t;
	EC_POINT *point, *other;
};

static void numbers_begin(struct numbers *n, struct ecdsa_input *e,
			  struct tsm_blob *in)
{
	const EC_GROUP *group = group_of(e);
	uint8_t bytes[48];

	n->order = EC_GROUP_get0_order(group);
	n->r = BN_new();
	n->s = BN_new();
	n->t = BN_new();
	digest_of(e, bytes);
	n->e = BN_bin2bn(bytes, (int)e->half, NULL);
	take(in, bytes, 8);
	n->d = BN_bin2bn(bytes, 8, NULL);
	BN_add_word(n->d, 1);
	take(in, bytes, e->half);
	n->k = BN_bin2bn(bytes, (int)e->half, NULL);
	BN_nnmod(n->k, n->k, n->order, bn);
	if (BN_is_zero(n->k))
		BN_one(n->k);
	n->point = EC_POINT_new(group);
	n->other = EC_POINT_new(group);
	EC_POINT_mul(group, n->point, n->d, NULL, NULL, bn);
	put_point(e, n->point);
}

static void numbers_end(struct numbers *n, struct ecdsa_input *e)
{
	const int half = (int)e->half;

	BN_bn2binpad(n->r, e->signature, half);
	BN_bn2binpad(n->s, e->signature + half, half);
	EC_POINT_free(n->other);
	EC_POINT_free(n->point);
	BN_free(n->k);
	BN_free(n->d);
	BN_free(n->e);
	BN_free(n->t);
	BN_free(n->s);
	BN_free(n->r);
}

/* r = x(k G), s = (e + r d) / k */
static void sign(struct numbers *n, const EC_GROUP *group)
{
	EC_POINT_mul(group, n->point, n->k, NULL, NULL, bn);
	EC_POINT_get_affine_coordinates(group, n->point, n->r, NULL, bn);
	BN_nnmod(n->r, n->r, n->order, bn);
	BN_mod_mul(n->t, n->r, n->d, n->order, bn);
	BN_mod_add(n->t, n->t, n->e, n->order, bn);
	BN_mod_inverse(n->s, n->k, n->order, bn);
	BN_mod_mul(n->s, n->s, n->t, n->order, bn);
}

/* r = -e / d, any s: the points that are added are each other's negative. */
static void lead_to_infinity(struct numbers *n)
{
	BN_mod_inverse(n->r, n->d, n->order, bn);
	BN_mod_mul(n->r, n->r, n->e, n->order, bn);
	BN_sub(n->r, n->order, n->r);
	BN_copy(n->s, n->k);
}

/*
 * A signature whose R is not the X of its point, but that less the order: take a
 * point with such an X, any s, and the key that goes with them:
 * Q = (s R - e G) / r.
 */
static void wrap_around(struct numbers *n, struct ecdsa_input *e)
{
	const EC_GROUP *group = group_of(e);

	BN_set_word(n->r, 0);
	do {
		BN_add_word(n->r, 1);
		BN_add(n->t, n->order, n->r);
	} while (!EC_POINT_set_compressed_coordinates(group, n->point, n->t, 0,
						      bn));
	BN_copy(n->s, n->k);
	EC_POINT_mul(group, n->other, n->e, NULL, NULL, bn);
	EC_POINT_invert(group, n->other, bn);
	EC_POINT_mul(group, n->point, NULL, n->point, n->s, bn);
	EC_POINT_add(group, n->point, n->point, n->other, bn);
	BN_mod_inverse(n->t, n->r, n->order, bn);
	EC_POINT_mul(group, n->point, NULL, n->point, n->t, bn);
	put_point(e, n->point);
	ERR_clear_error();
}

void ecdsa_input_read(const struct tsm_blob *whole, struct ecdsa_input *e)
{
	struct tsm_blob in = *whole;
	const uint8_t how = take_byte(&in);
	struct numbers n;

	memset(e, 0, sizeof(*e));
	e->half = how & 2 ? 48 : 32;
	e->len = take_byte(&in) % sizeof(e->message);
	take(&in, e->message, e->len);
	numbers_begin(&n, e, &in);
	switch (how >> 2 & 3) {
	case 0:
		sign(&n, group_of(e));
		break;
	case 1:
		lead_to_infinity(&n);
		break;
	case 2:
		wrap_around(&n, e);
		break;
	default:
		/* any R and S, and any point */
		BN_copy(n.r, n.k);
		BN_copy(n.s, n.e);
		take(&in, e->point, 2 * e->half);
	}
	numbers_end(&n, e);
	if (how & 0x10)
		take(&in, e->signature, 2 * e->half);
	flip(&in, how >> 5 & 3, e->signature, 2 * e->half);
	flip(&in, how >> 7, e->point, 2 * e->half);
}

int ecdsa_expected(const struct ecdsa_input *e)
{
	const int half = (int)e->half;
	ECDSA_SIG *sig = ECDSA_SIG_new();
	EC_KEY *key = EC_KEY_new();
	uint8_t octets[97] = { 4 }, digest[48];
	int ret = 0;

	digest_of(e, digest);
	memcpy(octets + 1, e->point, 2 * e->half);
	ECDSA_SIG_set0(sig, BN_bin2bn(e->signature, half, NULL),
		       BN_bin2bn(e->signature + half, half, NULL));
	EC_KEY_set_group(key, group_of(e));
	if (EC_KEY_oct2key(key, octets, 1 + 2 * e->half, NULL))
		ret = ECDSA_do_verify(digest, half, sig, key) == 1;
	EC_KEY_free(key);
	ECDSA_SIG_free(sig);
	ERR_clear_error();
	return ret;
}

/* EMSA-PSS of RFC 8017 9.1.1, with bytes of the input exclusive-ored to it before
 * and after it is masked. */
static void encode(const struct rsa_input *r, struct tsm_blob *in,
		   unsigned int flips, uint8_t *em, size_t len, int spare)
{
	uint8_t head[8 + 48 + 64] = { 0 };
	const size_t salt_len = flips & 4 ? 48 + take_byte(in) % 3 - 1 : 48;
	const size_t db = len - 48 - 1;
	uint8_t *mask = malloc(db);
	size_t i;

	memset(em, 0, len);
	take(in, em + db - salt_len, salt_len);
	em[db - salt_len - 1] = 1;
	SHA384(r->message, r->len, head + 8);
	memcpy(head + 8 + 48, em + db - salt_len, salt_len);
	SHA384(head, 8 + 48 + salt_len, em + db);
	em[len - 1] = 0xbc;
	if (flips & 1)
		flip(in, 1, em, db);
	PKCS1_MGF1(mask, (long)db, em + db, 48, EVP_sha384());
	for (i = 0; i < db; i++)
		em[i] ^= mask[i];
	free(mask);
	em[0] &= (uint8_t)(0xff >> spare);
	if (flips & 2)
		flip(in, 1, em, len);
}

void rsa_input_read(const struct tsm_blob *whole, struct rsa_input *r)
{
	struct tsm_blob in = *whole;
	const uint8_t how = take_byte(&in);
	const size_t number = how >> 1 & 3;
	const int bits = rsa_bits[number] - 1;
	const size_t len = (size_t)(bits + 7) / 8;
	uint8_t em[400];
	BIGNUM *m;

	memset(r, 0, sizeof(*r));
	r->len = take_byte(&in) % sizeof(r->message);
	take(&in, r->message, r->len);
	r->modulus_len = (size_t)BN_bn2bin(rsa_key[number].n, r->modulus);
	memcpy(r->exponent, "\1\0\1", 3);
	r->exponent_len = 3;
	encode(r, &in, how >> 3 & 7, em, len, (int)(8 * len) - bits);
	m = BN_bin2bn(em, (int)len, NULL);
	BN_nnmod(m, m, rsa_key[number].n, bn);
	BN_mod_exp(m, m, rsa_key[number].d, rsa_key[number].n, bn);
	/* the same number, but not below the modulus */
	if (how & 0x40)
		BN_add(m, m, rsa_key[number].n);
	r->signature_len = r->modulus_len;
	if (BN_bn2binpad(m, r->signature, (int)r->signature_len) < 0)
		memset(r->signature, 0xff, r->signature_len);
	BN_free(m);
	if (how & 0x80)
		flip(&in, 1, r->signature, r->signature_len);
	ERR_clear_error();
}

int rsa_expected(const struct rsa_input *r)
{
	RSA *rsa = RSA_new();
	uint8_t em[400], digest[48];
	int ret = 0;

	SHA384(r->message, r->len, digest);
	RSA_set0_key(rsa, BN_bin2bn(r->modulus, (int)r->modulus_len, NULL),
		     BN_bin2bn(r->exponent, (int)r->exponent_len, NULL), NULL);
	if (RSA_public_decrypt((int)r->signature_len, r->signature, em, rsa,
			       RSA_NO_PADDING) > 0)
		ret = RSA_verify_PKCS1_PSS_mgf1(rsa, digest, EVP_sha384(),
						EVP_sha384(), em, 48) == 1;
	RSA_free(rsa);
	ERR_clear_error();
	return ret;
}
