// SPDX-License-Identifier: MIT
/* What OpenSSL decodes for people to see, and keys that it derives. */
#include "lib_private.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#define PCK_OID		"1.2.840.113741.1.13.1"

int tsm_snp_key_expand(const uint8_t key[TSM_SNP_DERIVED_KEY_SIZE],
		       uint8_t out[TSM_SNP_EXPANDED_SIZE])
{
	static char digest_name[] = "SHA512", info[] = "tsmctl derive-key 64";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST,
						 digest_name, 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY,
						  (void *)(uintptr_t)key,
						  TSM_SNP_DERIVED_KEY_SIZE),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info,
						  sizeof(info) - 1),
		OSSL_PARAM_construct_end(),
	};
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
	bool ok = ctx && EVP_KDF_derive(ctx, out, TSM_SNP_EXPANDED_SIZE,
					params) > 0;

	if (!ok)
		explicit_bzero(out, TSM_SNP_EXPANDED_SIZE);
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	ERR_clear_error();
	return ok ? 0 : -ENOMEM;
}

/*
 * Only the error queue tells missing memory from what looks like bad input. A
 * BIO in memory has no other reason not to be initialized.
 */
static bool no_memory(void)
{
	unsigned long code;
	bool found = false;
	int reason;

	while ((code = ERR_get_error())) {
		reason = ERR_GET_REASON(code);
		found |= reason == ERR_R_MALLOC_FAILURE ||
			 reason == ERR_R_INIT_FAIL;
	}
	return found;
}

/* ASN1_STRFLGS_RFC2253 escapes control characters and what is not ASCII. */
static bool name_text(const X509_NAME *name, char *out, size_t size)
{
	BIO *bio = BIO_new(BIO_s_mem());
	int len = 0;

	if (bio && X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253) >= 0)
		len = BIO_read(bio, out, (int)size - 1);
	out[len > 0 ? len : 0] = '\0';
	BIO_free(bio);
	return bio;
}

static bool time_text(const ASN1_TIME *time, char *out, size_t size)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool ok = bio && ASN1_TIME_print_ex(bio, time, ASN1_DTFLGS_ISO8601) > 0;
	int len = ok ? BIO_read(bio, out, (int)size - 1) : 0;

	out[len > 0 ? len : 0] = '\0';
	BIO_free(bio);
	return ok;
}

static bool serial_text(const X509 *x509, char *out, size_t size)
{
	BIGNUM *bn = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x509), NULL);
	char *hex = bn ? BN_bn2hex(bn) : NULL;
	bool ok = hex;
	size_t i;

	for (i = 0; ok && hex[i] && i < size - 1; i++)
		out[i] = hex[i] >= 'A' ? (char)(hex[i] | 0x20) : hex[i];
	out[i] = '\0';
	OPENSSL_free(hex);
	BN_free(bn);
	return ok;
}

static int pck_extension(const X509 *x509, struct tsm_cert *cert,
			 struct tsm_error *err)
{
	ASN1_OBJECT *oid = OBJ_txt2obj(PCK_OID, 1);
	const ASN1_OCTET_STRING *value;
	int at;

	if (!oid)
		return tsm_error_set(err, -ENOMEM, "PCK extension: no memory");
	at = X509_get_ext_by_OBJ(x509, oid, -1);
	ASN1_OBJECT_free(oid);
	if (at < 0)
		return 0;
	value = X509_EXTENSION_get_data(X509_get_ext(x509, at));
	cert->has_pck = true;
	return tsm_pck_parse(ASN1_STRING_get0_data(value),
			     (size_t)ASN1_STRING_length(value), &cert->pck,
			     err);
}

/* Each an extension of its own; which of all they are, tsm_snp_ext_add() knows. */
static int snp_extensions(const X509 *x509, struct tsm_cert *cert,
			  struct tsm_error *err)
{
	const int count = X509_get_ext_count(x509);
	const ASN1_OCTET_STRING *value;
	const ASN1_OBJECT *oid;
	X509_EXTENSION *ext;
	int i, ret = 0;

	for (i = 0; i < count && !ret; i++) {
		ext = X509_get_ext(x509, i);
		oid = X509_EXTENSION_get_object(ext);
		value = X509_EXTENSION_get_data(ext);
		ret = tsm_snp_ext_add(&cert->snp, OBJ_get0_data(oid),
				      OBJ_length(oid),
				      ASN1_STRING_get0_data(value),
				      (size_t)ASN1_STRING_length(value), err);
	}
	cert->has_snp = !ret && (cert->snp.has || cert->snp.has_spl);
	return ret;
}

/* With the certificate OpenSSL decodes its key, too, and says nothing if it could
 * not, not even of missing memory: with the key alone it does. */
static EVP_PKEY *key_again(const X509 *x509)
{
	unsigned char *der = NULL;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &der);
	const unsigned char *p = der;
	EVP_PKEY *key = len > 0 ? d2i_PUBKEY(NULL, &p, len) : NULL;

	OPENSSL_free(der);
	return key;
}

static void name_key(const EVP_PKEY *key, struct tsm_cert *cert)
{
	char group[64];
	const char *name;

	cert->key_bits = (unsigned int)EVP_PKEY_get_bits(key);
	name = EVP_PKEY_get0_type_name(key);
	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
	    EVP_PKEY_get_group_name(key, group, sizeof(group), NULL)) {
		name = EC_curve_nid2nist(OBJ_txt2nid(group));
		name = name ? name : group;
	}
	memccpy(cert->key_type, name ? name : "unknown", '\0',
		sizeof(cert->key_type) - 1);
}

/* Keys of a kind that OpenSSL does not know have a type of no name. */
static void key_text(const X509 *x509, struct tsm_cert *cert)
{
	const EVP_PKEY *key = X509_get0_pubkey(x509);
	EVP_PKEY *again = key ? NULL : key_again(x509);

	if (key || again)
		name_key(key ? key : again, cert);
	else
		strcpy(cert->key_type, "unknown");
	EVP_PKEY_free(again);
}

static int describe(const uint8_t *der, long len, struct tsm_cert *cert,
		    struct tsm_error *err)
{
	const unsigned char *p = der;
	X509 *x509 = d2i_X509(NULL, &p, len);
	int ret;

	memset(cert, 0, sizeof(*cert));
	/* bytes after the certificate would be shown by nobody */
	if (!x509 || p != der + len) {
		ret = tsm_error_set(err, -EBADMSG,
				    "certificate of %ld bytes: not DER", len);
	} else if (!name_text(X509_get_subject_name(x509), cert->subject,
			      sizeof(cert->subject)) ||
		   !name_text(X509_get_issuer_name(x509), cert->issuer,
			      sizeof(cert->issuer)) ||
		   !time_text(X509_get0_notBefore(x509), cert->not_before,
			      sizeof(cert->not_before)) ||
		   !time_text(X509_get0_notAfter(x509), cert->not_after,
			      sizeof(cert->not_after)) ||
		   !serial_text(x509, cert->serial, sizeof(cert->serial))) {
		ret = tsm_error_set(err, -EBADMSG,
				    "certificate of %ld bytes: bad name, time or serial",
				    len);
	} else {
		key_text(x509, cert);
		ret = pck_extension(x509, cert, err);
		if (!ret)
			ret = snp_extensions(x509, cert, err);
	}
	X509_free(x509);
	return ret;
}

static int out_of_memory(struct tsm_error *err)
{
	return tsm_error_set(err, -ENOMEM, "certificates: out of memory");
}

/* Why there was no PEM block: 0 if there is none, or a negative errno. */
static int no_pem(struct tsm_error *err)
{
	const unsigned long last = ERR_peek_last_error();

	if (ERR_GET_REASON(last) == PEM_R_NO_START_LINE)
		return 0;
	/* its last allocations fail without a word, as does an empty block */
	if ((!last && errno == ENOMEM) || no_memory())
		return out_of_memory(err);
	return tsm_error_set(err, -EBADMSG, "certificates: malformed PEM");
}

/* The next PEM block: 1 and *cert filled, 0 at the end, negative errno. */
static int next_cert(BIO *bio, struct tsm_cert *cert, struct tsm_error *err)
{
	char *name = NULL, *header = NULL;
	unsigned char *der = NULL;
	long len;
	int ret;

	ERR_clear_error();
	errno = 0;
	/* reads without ever asking for a passphrase, as others would */
	if (!PEM_read_bio(bio, &name, &header, &der, &len))
		return no_pem(err);
	if (strcmp(name, PEM_STRING_X509) || *header)
		ret = tsm_error_set(err, -EBADMSG,
				    "certificates: another PEM block than CERTIFICATE");
	else
		ret = describe(der, len, cert, err);
	if (no_memory())
		ret = out_of_memory(err);
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(der);
	return ret ? ret : 1;
}

static int parse_pem(BIO *bio, struct tsm_cert *certs, size_t *count,
		     struct tsm_error *err)
{
	struct tsm_cert extra;
	int ret;

	do {
		bool full = *count == TSM_CERTS_MAX;

		ret = next_cert(bio, full ? &extra : &certs[*count], err);
		if (ret > 0 && full)
			ret = tsm_error_set(err, -EBADMSG,
					    "certificates: more than %d",
					    TSM_CERTS_MAX);
		else if (ret > 0)
			++*count;
	} while (ret > 0);
	return ret;
}

static int parse_der(const uint8_t *der, size_t len, struct tsm_cert *cert,
		     size_t *count, struct tsm_error *err)
{
	int ret;

	ERR_clear_error();
	ret = describe(der, (long)len, cert, err);
	if (no_memory())
		return out_of_memory(err);
	*count = !ret;
	return ret;
}

int tsm_certs_parse(const void *data, size_t len, struct tsm_cert *certs,
		    size_t *count, struct tsm_error *err)
{
	const uint8_t *bytes = data;
	BIO *bio;
	int ret;

	*count = 0;
	if (!len || len > TSM_EVIDENCE_MAX)
		return tsm_error_set(err, -EBADMSG, "certificates: %zu bytes",
				     len);
	/* a SEQUENCE longer than 127 bytes, which text does not begin with */
	if (len > 1 && bytes[0] == 0x30 && bytes[1] & 0x80) {
		ret = parse_der(bytes, len, certs, count, err);
	} else {
		bio = BIO_new_mem_buf(data, (int)len);
		ret = bio ? parse_pem(bio, certs, count, err) :
			    out_of_memory(err);
		BIO_free(bio);
	}
	if (!ret && !*count)
		ret = tsm_error_set(err, -EBADMSG,
				    "certificates: none in %zu bytes", len);
	if (ret)
		*count = 0;
	ERR_clear_error();
	return ret;
}
