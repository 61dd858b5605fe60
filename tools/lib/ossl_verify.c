// SPDX-License-Identifier: MIT
/*
 * Digests and ECDSA, of the parts of OpenSSL that depend on nothing.
 *
 * EVP fetches algorithms from providers, keys of EC and RSA ask for an engine: for
 * either OpenSSL reads its configuration file, which somebody else wrote and
 * which may replace an algorithm or take it away. That takes longer than all the
 * rest of a process that judges one quote, too, and leaves a bad signature and
 * missing memory hard to tell apart, on which a verdict must not depend. So only
 * the arithmetic of numbers and points is taken, and SHA-2 by the functions that
 * OpenSSL calls deprecated; what is checked is all public.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "ossl_private.h"

#include <errno.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/sha.h>
#include <stdlib.h>

struct tsm_crypto {
	EC_GROUP *p256;
	EC_GROUP *p384;
};

void tsm_sha256(const struct tsm_blob *parts, size_t count, uint8_t out[32])
{
	SHA256_CTX ctx;

	SHA256_Init(&ctx);
	for (; count; count--, parts++)
		SHA256_Update(&ctx, parts->data, parts->len);
	SHA256_Final(out, &ctx);
}

void ossl_sha384(const struct tsm_blob *parts, size_t count, uint8_t out[48])
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

	ossl_sha384(&whole, 1, out);
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
	if (!new->p256 || !new->p384) {
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
	EC_GROUP_free(crypto->p384);
	EC_GROUP_free(crypto->p256);
	free(crypto);
}

/*
 * Whether y^2 = x^3 + a x + b. OpenSSL looks, too, but says that a point is not on
 * the curve also when it had no memory to find out.
 */
static int is_on_curve(const EC_GROUP *group, const BIGNUM *x, const BIGNUM *y,
		       BN_CTX *ctx)
{
	BIGNUM *p = BN_CTX_get(ctx), *a = BN_CTX_get(ctx);
	BIGNUM *b = BN_CTX_get(ctx), *left = BN_CTX_get(ctx);
	BIGNUM *right = BN_CTX_get(ctx);

	if (!right || !EC_GROUP_get_curve(group, p, a, b, ctx))
		return -ENOMEM;
	if (BN_cmp(x, p) >= 0 || BN_cmp(y, p) >= 0)
		return 0;
	if (!BN_mod_sqr(left, y, p, ctx) || !BN_mod_sqr(right, x, p, ctx) ||
	    !BN_mod_add(right, right, a, p, ctx) ||
	    !BN_mod_mul(right, right, x, p, ctx) ||
	    !BN_mod_add(right, right, b, p, ctx))
		return -ENOMEM;
	return !BN_cmp(left, right);
}

/* @point: X || Y, each @half bytes. Return: 1, 0 if it is not on the curve, -ENOMEM. */
static int set_point(const EC_GROUP *group, EC_POINT *q, const uint8_t *point,
		     int half, BN_CTX *ctx)
{
	BIGNUM *x = BN_CTX_get(ctx), *y = BN_CTX_get(ctx);
	int ret;

	if (!y || !BN_bin2bn(point, half, x) ||
	    !BN_bin2bn(point + half, half, y))
		return -ENOMEM;
	ret = is_on_curve(group, x, y, ctx);
	if (ret > 0 && !EC_POINT_set_affine_coordinates(group, q, x, y, ctx))
		ret = -ENOMEM;
	return ret;
}

/* From 1 to the order less 1. */
static bool in_range(const BIGNUM *number, const EC_GROUP *group)
{
	return !BN_is_zero(number) &&
	       BN_cmp(number, EC_GROUP_get0_order(group)) < 0;
}

/*
 * Whether the X of a point, modulo the order, is @r. X is a quotient here, x / z^2:
 * instead of a division, which takes a sixth of the whole, both values that X may
 * have, r and r plus the order, are multiplied.
 */
static int has_x(const EC_GROUP *group, const EC_POINT *point, const BIGNUM *r,
		 BN_CTX *ctx)
{
	const BIGNUM *const p = EC_GROUP_get0_field(group);
	BIGNUM *x = BN_CTX_get(ctx), *z = BN_CTX_get(ctx);
	BIGNUM *candidate = BN_CTX_get(ctx), *product = BN_CTX_get(ctx);

	if (!product ||
	    !EC_POINT_get_Jprojective_coordinates_GFp(group, point, x, NULL, z,
						      ctx) ||
	    !BN_mod_sqr(z, z, p, ctx) || !BN_mod_mul(product, r, z, p, ctx))
		return -ENOMEM;
	if (!BN_cmp(product, x))
		return 1;
	if (!BN_add(candidate, r, EC_GROUP_get0_order(group)))
		return -ENOMEM;
	if (BN_cmp(candidate, p) >= 0)
		return 0;
	if (!BN_mod_mul(product, candidate, z, p, ctx))
		return -ENOMEM;
	return !BN_cmp(product, x);
}

/* Two bits of each factor at a time make one of so many points. */
#define SUMS	16

/* @sum[4 * a + b] becomes a G + b Q. Return: whether there was memory for it. */
static bool make_sums(const EC_GROUP *group, const EC_POINT *q,
		      EC_POINT *sum[SUMS], BN_CTX *ctx)
{
	size_t i, step;

	for (i = 1; i < SUMS; i++) {
		sum[i] = EC_POINT_new(group);
		if (!sum[i])
			return false;
	}
	if (!EC_POINT_copy(sum[1], q) ||
	    !EC_POINT_copy(sum[4], EC_GROUP_get0_generator(group)))
		return false;
	for (i = 2; i < SUMS; i++) {
		step = i % 4 ? 1 : 4;
		if (i != step &&
		    !EC_POINT_add(group, sum[i], sum[i - step], sum[step], ctx))
			return false;
	}
	return true;
}

static size_t two_bits(const BIGNUM *number, int from)
{
	return 2 * (size_t)BN_is_bit_set(number, from + 1) +
	       (size_t)BN_is_bit_set(number, from);
}

/*
 * u G + v Q as EC_POINT_mul() has it. That hides Z behind a random factor where
 * points are made of numbers alone, as those of P-384 are: of nothing secret here,
 * but its generator has OpenSSL read the configuration file after all, and when
 * memory lacks halfway the sum is another one and said to be right.
 */
static bool multiply(const EC_GROUP *group, EC_POINT *to, const BIGNUM *u,
		     const EC_POINT *q, const BIGNUM *v, BN_CTX *ctx)
{
	EC_POINT *sum[SUMS] = { NULL };
	int bit = (EC_GROUP_order_bits(group) + 1) / 2 * 2;
	size_t i;
	bool ok;

	ok = make_sums(group, q, sum, ctx) &&
	     EC_POINT_set_to_infinity(group, to);
	while (ok && bit) {
		bit -= 2;
		i = 4 * two_bits(u, bit) + two_bits(v, bit);
		ok = EC_POINT_dbl(group, to, to, ctx) &&
		     EC_POINT_dbl(group, to, to, ctx) &&
		     (!i || EC_POINT_add(group, to, to, sum[i], ctx));
	}
	for (i = 1; i < SUMS; i++)
		EC_POINT_free(sum[i]);
	return ok;
}

/* P-256 is made of something faster than numbers nearly everywhere. */
static bool multiply_fast(const EC_GROUP *group, EC_POINT *to, const BIGNUM *u,
			  const EC_POINT *q, const BIGNUM *v, BN_CTX *ctx)
{
	if (EC_GROUP_order_bits(group) > 256)
		return multiply(group, to, u, q, v, ctx);
	return EC_POINT_mul(group, to, u, q, v, ctx);
}

/**
 * struct ecdsa - the numbers of FIPS 186-5, 6.4.2
 * @r, @s: the signature
 * @e: the digest
 * @u, @v: e / s and r / s
 * @q: the public key
 * @sum: u G + v Q
 */
struct ecdsa {
	BIGNUM *r, *s, *e, *u, *v;
	EC_POINT *q, *sum;
};

/* Steps 4 to 8. Return: 1, 0, -ENOMEM. */
static int compare(const EC_GROUP *group, const struct ecdsa *n, BN_CTX *ctx)
{
	const BIGNUM *const order = EC_GROUP_get0_order(group);

	if (!BN_mod_inverse(n->s, n->s, order, ctx) ||
	    !BN_mod_mul(n->u, n->e, n->s, order, ctx) ||
	    !BN_mod_mul(n->v, n->r, n->s, order, ctx) ||
	    !multiply_fast(group, n->sum, n->u, n->q, n->v, ctx))
		return -ENOMEM;
	if (EC_POINT_is_at_infinity(group, n->sum))
		return 0;
	return has_x(group, n->sum, n->r, ctx);
}

static int compute(const EC_GROUP *group, const uint8_t *point, size_t len,
		   const uint8_t *digest, const uint8_t *signature, BN_CTX *ctx)
{
	const int half = (int)len / 2;
	struct ecdsa n = {
		.r = BN_CTX_get(ctx), .s = BN_CTX_get(ctx),
		.e = BN_CTX_get(ctx), .u = BN_CTX_get(ctx),
		.v = BN_CTX_get(ctx),
		.q = EC_POINT_new(group), .sum = EC_POINT_new(group),
	};
	int ret = -ENOMEM;

	/* digests are as long as the order of their curve */
	if (n.v && n.q && n.sum && BN_bin2bn(signature, half, n.r) &&
	    BN_bin2bn(signature + half, half, n.s) &&
	    BN_bin2bn(digest, half, n.e))
		ret = in_range(n.r, group) && in_range(n.s, group);
	if (ret > 0)
		ret = set_point(group, n.q, point, half, ctx);
	if (ret > 0)
		ret = compare(group, &n, ctx);
	EC_POINT_free(n.sum);
	EC_POINT_free(n.q);
	return ret;
}

static int verify(const EC_GROUP *group, const uint8_t *point, size_t len,
		  const uint8_t *digest, const uint8_t *signature)
{
	BN_CTX *ctx = BN_CTX_new();
	int ret = -ENOMEM;

	if (ctx) {
		BN_CTX_start(ctx);
		ret = compute(group, point, len, digest, signature, ctx);
		BN_CTX_end(ctx);
	}
	BN_CTX_free(ctx);
	/* OpenSSL loads the texts of all errors with the first look at them */
	if (ret <= 0)
		ERR_clear_error();
	return ret;
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
		ossl_sha384(parts, count, digest);
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
	ossl_sha384(tbs, 1, digest);
	return ossl_pss_verify(issuer, digest, raw_signature);
}
