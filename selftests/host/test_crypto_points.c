// SPDX-License-Identifier: MIT
/*
 * tools/lib/ossl_verify.c: keys that are small multiples of the generator, for
 * which sums of points are doubles, or nothing at all, on the way.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "../../tools/lib/crypto.h"
#include "bytes.h"
#include "tap.h"

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/sha.h>

/**
 * struct curve - one on which is signed
 * @nid: of OpenSSL
 * @key: X509_KEY_*
 * @half: bytes of a number
 */
static const struct curve {
	int nid;
	enum x509_key key;
	int half;
} curves[] = {
	{ NID_X9_62_prime256v1, X509_KEY_P256, 32 },
	{ NID_secp384r1, X509_KEY_P384, 48 },
};

/* Times the generator; what is negative counts from the order. */
static const int factors[] = {
	1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 16, -1, -2, -3, -4, -5, -8, -12,
};

static const struct tsm_blob message = { (const uint8_t *)"message", 7 };

static EC_KEY *make_key(const struct curve *curve, int factor,
			uint8_t point[96])
{
	EC_KEY *key = EC_KEY_new_by_curve_name(curve->nid);
	const EC_GROUP *group = EC_KEY_get0_group(key);
	EC_POINT *q = EC_POINT_new(group);
	uint8_t octets[1 + 96];
	BIGNUM *d = BN_new();

	BN_set_word(d, (BN_ULONG)abs(factor));
	if (factor < 0)
		BN_sub(d, EC_GROUP_get0_order(group), d);
	if (!EC_POINT_mul(group, q, d, NULL, NULL, NULL) ||
	    !EC_KEY_set_private_key(key, d) || !EC_KEY_set_public_key(key, q) ||
	    !EC_POINT_point2oct(group, q, POINT_CONVERSION_UNCOMPRESSED, octets,
				sizeof(octets), NULL))
		abort();
	memcpy(point, octets + 1, 2 * (size_t)curve->half);
	EC_POINT_free(q);
	BN_free(d);
	return key;
}

static void sign(const struct curve *curve, EC_KEY *key, uint8_t signature[96])
{
	uint8_t digest[48];
	ECDSA_SIG *sig;

	if (curve->key == X509_KEY_P256)
		SHA256(message.data, message.len, digest);
	else
		SHA384(message.data, message.len, digest);
	sig = ECDSA_do_sign(digest, curve->half, key);
	if (!sig ||
	    BN_bn2binpad(ECDSA_SIG_get0_r(sig), signature, curve->half) < 0 ||
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), signature + curve->half,
			 curve->half) < 0)
		abort();
	ECDSA_SIG_free(sig);
}

static void small_keys_verify(void)
{
	uint8_t point[96], signature[96];
	struct tsm_crypto *crypto;
	size_t i, n, times;
	EC_KEY *key;

	if (tsm_crypto_new(&crypto))
		abort();
	for (i = 0; i < 2; i++) {
		for (n = 0; n < sizeof(factors) / sizeof(factors[0]); n++) {
			key = make_key(&curves[i], factors[n], point);
			for (times = 0; times < 4; times++) {
				sign(&curves[i], key, signature);
				CHECK_EQ(1, tsm_crypto_ecdsa(crypto,
							     curves[i].key,
							     point, &message, 1,
							     signature));
				signature[7]++;
				CHECK_EQ(0, tsm_crypto_ecdsa(crypto,
							     curves[i].key,
							     point, &message, 1,
							     signature));
			}
			EC_KEY_free(key);
		}
	}
	CHECK_EQ(0, ERR_peek_error());
	tsm_crypto_free(crypto);
}

/* With S = e and R = -e * d^-1 both products are each other's negative. */
static void a_sum_that_is_nothing_is_no_signature(void)
{
	uint8_t point[96], signature[96], digest[48];
	struct tsm_crypto *crypto;
	BIGNUM *e = BN_new(), *r = BN_new();
	const BIGNUM *order;
	EC_KEY *key;
	size_t i;

	if (tsm_crypto_new(&crypto))
		abort();
	for (i = 0; i < 2; i++) {
		key = make_key(&curves[i], 1, point);
		order = EC_GROUP_get0_order(EC_KEY_get0_group(key));
		if (i)
			SHA384(message.data, message.len, digest);
		else
			SHA256(message.data, message.len, digest);
		BN_bin2bn(digest, curves[i].half, e);
		BN_sub(r, order, e);
		if (BN_bn2binpad(r, signature, curves[i].half) < 0)
			abort();
		memcpy(signature + curves[i].half, digest,
		       (size_t)curves[i].half);
		CHECK_EQ(0, tsm_crypto_ecdsa(crypto, curves[i].key, point,
					     &message, 1, signature));
		EC_KEY_free(key);
	}
	BN_free(e);
	BN_free(r);
	CHECK_EQ(0, ERR_peek_error());
	tsm_crypto_free(crypto);
}

int main(void)
{
	static const struct tap_test tests[] = {
		{ "signatures by small multiples of the generator are right",
		  small_keys_verify },
		{ "what adds up to nothing is no signature",
		  a_sum_that_is_nothing_is_no_signature },
	};

	return tap_run(tests, sizeof(tests) / sizeof(tests[0]));
}
