// SPDX-License-Identifier: MIT
/* What the fuzzers found, and what their harnesses led to look for: each once. */
#include "../../tools/lib/verify.h"

#include "tap.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

/* A file that is neither DER nor PEM may still be hex, until it is not. */
static void text_that_is_no_hex(void)
{
	static const char *const texts[] = {
		"zz", "0z", "z0", "no certificate here ",
		"-----BEGIN%20CERTIFICATE-----%zz", "%", "%0",
	};
	struct cert_pool pool = { 0 };
	size_t i, added;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		added = 5;
		cert_pool_add(&pool, texts[i], strlen(texts[i]), &added, NULL);
		CHECK_EQ(0, added);
	}
	cert_pool_clear(&pool);
}

/*
 * ECDSA adds two points, and if one is the negative of the other there is no
 * result to compare R with. For the digest z and the key d * G that is so with
 * R = -z / d: whoever made up a key can do that, and OpenSSL calls it an error
 * and not a mismatch. Here d is 1, and so R = n - z.
 */
static void sum_is_infinity(enum x509_key key, size_t size,
			    const uint8_t *point, const uint8_t *r)
{
	const struct tsm_blob signed_part = { (const uint8_t *)"abc", 3 };
	struct tsm_crypto *crypto;
	uint8_t signature[96] = { 0 };

	memcpy(signature, r, size);
	signature[2 * size - 1] = 1;
	if (!CHECK_EQ(0, tsm_crypto_new(&crypto)))
		return;
	CHECK_EQ(0, tsm_crypto_ecdsa(crypto, key, point, &signed_part, 1,
				     signature));
	tsm_crypto_free(crypto);
}

static void a_sum_at_infinity_is_a_wrong_signature(void)
{
	/* the base points, SEC 2 2.4.2 and 2.5.1 */
	static const uint8_t g256[] = {
		0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47,
		0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2,
		0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0,
		0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
		0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b,
		0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16,
		0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce,
		0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
	};
	static const uint8_t r256[] = {
		0x45, 0x87, 0xe9, 0x3f, 0x70, 0xfe, 0x30, 0x16,
		0xbe, 0xbe, 0xbf, 0x21, 0xa2, 0x51, 0xdd, 0xdc,
		0x0c, 0xe3, 0x99, 0x0a, 0x11, 0x00, 0x23, 0xe8,
		0x3f, 0xa8, 0xcb, 0x61, 0x0a, 0x63, 0x0f, 0xa4,
	};
	static const uint8_t g384[] = {
		0xaa, 0x87, 0xca, 0x22, 0xbe, 0x8b, 0x05, 0x37,
		0x8e, 0xb1, 0xc7, 0x1e, 0xf3, 0x20, 0xad, 0x74,
		0x6e, 0x1d, 0x3b, 0x62, 0x8b, 0xa7, 0x9b, 0x98,
		0x59, 0xf7, 0x41, 0xe0, 0x82, 0x54, 0x2a, 0x38,
		0x55, 0x02, 0xf2, 0x5d, 0xbf, 0x55, 0x29, 0x6c,
		0x3a, 0x54, 0x5e, 0x38, 0x72, 0x76, 0x0a, 0xb7,
		0x36, 0x17, 0xde, 0x4a, 0x96, 0x26, 0x2c, 0x6f,
		0x5d, 0x9e, 0x98, 0xbf, 0x92, 0x92, 0xdc, 0x29,
		0xf8, 0xf4, 0x1d, 0xbd, 0x28, 0x9a, 0x14, 0x7c,
		0xe9, 0xda, 0x31, 0x13, 0xb5, 0xf0, 0xb8, 0xc0,
		0x0a, 0x60, 0xb1, 0xce, 0x1d, 0x7e, 0x81, 0x9d,
		0x7a, 0x43, 0x1d, 0x7c, 0x90, 0xea, 0x0e, 0x5f,
	};
	static const uint8_t r384[] = {
		0x34, 0xff, 0x8a, 0xc0, 0xba, 0x5c, 0xa1, 0x74,
		0x4a, 0x5f, 0xc2, 0x96, 0x65, 0x39, 0xaf, 0xf8,
		0xd8, 0xd3, 0xcd, 0x54, 0xf1, 0x21, 0x2e, 0x9c,
		0xac, 0xd7, 0xed, 0x27, 0xb0, 0x37, 0xd1, 0xf1,
		0xd7, 0x94, 0x06, 0x86, 0xa6, 0xc8, 0xdb, 0x57,
		0x94, 0x31, 0x2c, 0xc9, 0x97, 0xfd, 0x03, 0xcc,
	};

	sum_is_infinity(X509_KEY_P256, 32, g256, r256);
	sum_is_infinity(X509_KEY_P384, 48, g384, r384);
}

/* A certificate whose names are a CN of that kind, in DER. */
static size_t make_cert(uint8_t *der, size_t size, int kind)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509_NAME *name = X509_NAME_new();
	X509 *x = X509_new();
	X509_EXTENSION *ca;
	int len;

	X509_NAME_add_entry_by_NID(name, NID_commonName, kind,
				   (const unsigned char *)"name", 4, -1, 0);
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	ASN1_TIME_set(X509_getm_notBefore(x), 0);
	ASN1_TIME_set(X509_getm_notAfter(x), 86400);
	X509_set_subject_name(x, name);
	X509_set_issuer_name(x, name);
	X509_set_pubkey(x, key);
	ca = X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints, "CA:TRUE");
	X509_add_ext(x, ca, -1);
	X509_sign(x, key, EVP_sha256());
	len = i2d_X509(x, NULL);
	if (len <= 0 || (size_t)len > size)
		abort();
	len = i2d_X509(x, &der);
	X509_EXTENSION_free(ca);
	X509_free(x);
	X509_NAME_free(name);
	EVP_PKEY_free(key);
	return (size_t)len;
}

/* Whatever else somebody reads as a string, somebody else does not. */
static void names_are_strings(void)
{
	static const struct {
		int kind;
		int want;
	} kinds[] = {
		{ V_ASN1_UTF8STRING, 0 }, { V_ASN1_PRINTABLESTRING, 0 },
		{ V_ASN1_T61STRING, 0 }, { V_ASN1_IA5STRING, 0 },
		{ V_ASN1_OCTET_STRING, -EBADMSG },
		{ V_ASN1_UTF8STRING | V_ASN1_CONSTRUCTED, -EBADMSG },
	};
	uint8_t der[1024], *tag;
	struct x509 cert;
	size_t i, len;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		len = make_cert(der, sizeof(der), V_ASN1_UTF8STRING);
		while (kinds[i].kind != V_ASN1_UTF8STRING &&
		       (tag = memmem(der, len, "\x0c\x04name", 6)))
			*tag = (uint8_t)kinds[i].kind;
		CHECK_EQ(kinds[i].want, x509_parse(der, len, &cert, NULL));
	}
}

/* @times the same root, in PEM. */
static BIO *many_roots(unsigned int times)
{
	BIO *bio = BIO_new(BIO_s_mem());
	uint8_t der[1024];
	size_t len = make_cert(der, sizeof(der), V_ASN1_UTF8STRING);

	while (times--)
		PEM_write_bio(bio, "CERTIFICATE", "", der, (long)len);
	return bio;
}

/* Room is for 16384; the first ones go in without a look at their signatures. */
static void roots_are_added_together(void)
{
	BIO *most = many_roots(16380), *more = many_roots(5);
	struct tsm_verifier *v;
	size_t added, len;
	char *pem;

	if (!CHECK_EQ(0, tsm_verifier_new(&v)))
		return;
	len = (size_t)BIO_get_mem_data(most, &pem);
	CHECK_EQ(0, cert_pool_add(&v->roots, pem, len, &added, NULL));
	CHECK_EQ(16380, added);
	len = (size_t)BIO_get_mem_data(more, &pem);
	CHECK_EQ(-EFBIG, tsm_verifier_add_roots(v, pem, len, &added, NULL));
	CHECK_EQ(0, added);
	CHECK_EQ(16380, v->roots.certs);
	tsm_verifier_free(v);
	BIO_free(more);
	BIO_free(most);
}

static const struct tap_test tests[] = {
	{ "text that is no hex is not taken for some", text_that_is_no_hex },
	{ "names in certificates are strings", names_are_strings },
	{ "of roots all are added, or none", roots_are_added_together },
	{ "a signature that leads to infinity is wrong, not out of memory",
	  a_sum_at_infinity_is_a_wrong_signature },
};

TAP_MAIN(tests)
