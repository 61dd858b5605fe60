// SPDX-License-Identifier: MIT
/* Certificates built here: what is told of them, and what is refused. */
#include "../../tools/lib/tsm.h"

#include "pck_build.h"
#include "tap.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

/* A self-signed certificate whose subject tries to steer a terminal. */
static size_t make_pem(char *pem, size_t size)
{
	static const unsigned char nasty[] = "a\033[31mred\nnext\x9b\0end";
	struct bytes b;
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	ASN1_OBJECT *oid = OBJ_txt2obj("1.2.840.113741.1.13.1", 1);
	X509_EXTENSION *ext;
	BIO *bio = BIO_new(BIO_s_mem());
	int len;

	build_pck(&b, &honest_pck);
	ASN1_OCTET_STRING_set(value, b.p, (int)b.len);
	ext = X509_EXTENSION_create_by_OBJ(NULL, oid, 0, value);
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 0x1234ab);
	ASN1_TIME_set(X509_getm_notBefore(x), 0);
	ASN1_TIME_set(X509_getm_notAfter(x), 86400);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN",
				   MBSTRING_ASC, nasty, sizeof(nasty) - 1, -1,
				   0);
	X509_NAME_add_entry_by_txt(X509_get_issuer_name(x), "CN", MBSTRING_ASC,
				   (const unsigned char *)"issuer", -1, -1, 0);
	X509_set_pubkey(x, key);
	X509_add_ext(x, ext, -1);
	X509_sign(x, key, EVP_sha256());
	PEM_write_bio_X509(bio, x);
	len = BIO_read(bio, pem, (int)size - 1);
	pem[len > 0 ? len : 0] = '\0';
	BIO_free(bio);
	X509_EXTENSION_free(ext);
	ASN1_OBJECT_free(oid);
	ASN1_OCTET_STRING_free(value);
	X509_free(x);
	EVP_PKEY_free(key);
	return strlen(pem);
}

static void a_certificate_is_described(void)
{
	struct tsm_cert certs[TSM_CERTS_MAX];
	char pem[4096];
	size_t len = make_pem(pem, sizeof(pem)), count, i;

	CHECK_EQ(0, tsm_certs_parse(pem, len, certs, &count, NULL));
	CHECK_EQ(1, count);
	CHECK(!strcmp(certs[0].issuer, "CN=issuer"));
	CHECK(!strcmp(certs[0].serial, "1234ab"));
	CHECK(!strncmp(certs[0].not_before, "1970-01-01", 10));
	CHECK(!strncmp(certs[0].not_after, "1970-01-02", 10));
	CHECK(certs[0].has_pck);
	CHECK_EQ(0xb0, certs[0].pck.fmspc[0]);
	CHECK(certs[0].subject[0]);
	for (i = 0; certs[0].subject[i]; i++)
		CHECK(certs[0].subject[i] >= 0x20 &&
		      certs[0].subject[i] < 0x7f);
	/* Intel's quoting enclave ends the chain with a NUL */
	CHECK_EQ(0, tsm_certs_parse(pem, len + 1, certs, &count, NULL));
	CHECK_EQ(1, count);
}

static void a_chain_has_a_limit(void)
{
	struct tsm_cert certs[TSM_CERTS_MAX];
	char pem[4096], *chain = malloc(9 * sizeof(pem));
	size_t len = make_pem(pem, sizeof(pem)), count, i;
	struct tsm_error err;

	for (i = 0; i < 9; i++)
		memcpy(chain + i * len, pem, len);
	CHECK_EQ(0, tsm_certs_parse(chain, 8 * len, certs, &count, &err));
	CHECK_EQ(8, count);
	CHECK_EQ(-EBADMSG,
		 tsm_certs_parse(chain, 9 * len, certs, &count, &err));
	CHECK_EQ(0, count);
	free(chain);
}

static void what_is_no_certificate_is_refused(void)
{
	static const char *const bad[] = {
		"", "no PEM at all",
		"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\nAAAA\n",
		"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
		/* must not ask for a passphrase */
		"-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n"
		"DEK-Info: AES-128-CBC,00112233445566778899aabbccddeeff\n\n"
		"AAAA\n-----END CERTIFICATE-----\n",
	};
	struct tsm_cert certs[TSM_CERTS_MAX];
	struct tsm_error err;
	size_t i, count;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		count = 5;
		CHECK_EQ(-EBADMSG, tsm_certs_parse(bad[i], strlen(bad[i]),
						   certs, &count, &err));
		CHECK_EQ(0, count);
	}
}

/* X.509 says where a certificate ends; nobody would show what follows. */
static void bytes_behind_a_certificate_are_refused(void)
{
	struct tsm_cert certs[TSM_CERTS_MAX];
	struct tsm_error err;
	unsigned char *der = NULL;
	char pem[4096], longer[4096];
	size_t count, len = make_pem(pem, sizeof(pem));
	BIO *in = BIO_new_mem_buf(pem, (int)len);
	BIO *out = BIO_new(BIO_s_mem());
	X509 *x = PEM_read_bio_X509(in, NULL, NULL, NULL);
	int size = i2d_X509(x, &der), more;

	for (more = 0; more < 2; more++) {
		uint8_t *copy = calloc(1, (size_t)size + 1);

		memcpy(copy, der, (size_t)size);
		PEM_write_bio(out, "CERTIFICATE", "", copy, size + more);
		len = (size_t)BIO_read(out, longer, sizeof(longer));
		CHECK_EQ(more ? -EBADMSG : 0,
			 tsm_certs_parse(longer, len, certs, &count, &err));
		free(copy);
	}
	OPENSSL_free(der);
	X509_free(x);
	BIO_free(in);
	BIO_free(out);
}

static void a_certificate_cut_anywhere_is_refused(void)
{
	struct tsm_cert certs[TSM_CERTS_MAX];
	struct tsm_error err;
	char pem[4096];
	size_t len = make_pem(pem, sizeof(pem)), count, cut;
	uint8_t *copy;

	/* the last characters of the END line may go: dashes and newline */
	for (cut = 0; cut + 8 < len; cut += 3) {
		copy = exact_copy(pem, cut);
		CHECK_EQ(-EBADMSG,
			 tsm_certs_parse(copy, cut, certs, &count, &err));
		free(copy);
	}
}

/* OpenSSL's allocations to go until one fails; all succeed if negative */
static long until_failure = -1;

static bool fails(void)
{
	if (until_failure < 0 || until_failure-- > 0)
		return false;
	errno = ENOMEM;
	return true;
}

static void *some_malloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails() ? NULL : malloc(size);
}

static void *some_realloc(void *old, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails() ? NULL : realloc(old, size);
}

static void some_free(void *old, const char *file, int line)
{
	(void)file;
	(void)line;
	free(old);
}

/* Only before its first allocation does OpenSSL take others. */
__attribute__((constructor)) static void take_over_memory(void)
{
	if (!CRYPTO_set_mem_functions(some_malloc, some_realloc, some_free))
		abort();
}

static void missing_memory_is_no_fault_of_the_certificate(void)
{
	struct tsm_cert certs[TSM_CERTS_MAX];
	size_t count, len, failures = 0;
	struct tsm_error err;
	char pem[4096];
	long at;
	int ret;

	len = make_pem(pem, sizeof(pem));
	for (at = 0; at < 100000; at++) {
		until_failure = at;
		ret = tsm_certs_parse(pem, len, certs, &count, &err);
		if (until_failure >= 0)
			break;
		failures += ret != 0;
		/* nor is it to be found by whoever asks OpenSSL next */
		if (!CHECK(!ERR_peek_error()))
			ERR_clear_error();
		if (ret && !CHECK_EQ(-ENOMEM, ret))
			printf("# allocation %ld: %s\n", at, err.text);
		if (!ret)
			CHECK(certs[0].subject[0] && certs[0].has_pck &&
			      !strcmp(certs[0].key_type, "P-256"));
	}
	until_failure = -1;
	CHECK_EQ(0, ret);
	CHECK(failures > 10);
}

static const struct tap_test tests[] = {
	{ "a certificate is described, without control characters",
	  a_certificate_is_described },
	{ "a chain has at most 8 certificates", a_chain_has_a_limit },
	{ "what is no certificate is refused, without asking anybody",
	  what_is_no_certificate_is_refused },
	{ "a certificate cut anywhere is refused",
	  a_certificate_cut_anywhere_is_refused },
	{ "bytes behind a certificate are refused",
	  bytes_behind_a_certificate_are_refused },
	{ "missing memory is no fault of the certificate",
	  missing_memory_is_no_fault_of_the_certificate },
};

TAP_MAIN(tests)
