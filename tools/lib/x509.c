// SPDX-License-Identifier: MIT
/*
 * Decodes certificates, RFC 5280 4.1, as strictly as what Intel and AMD issue
 * allows: whatever else could be read in two ways is refused.
 */
#include "x509_private.h"

#include <errno.h>

/* Contents of the AlgorithmIdentifiers of keys, RFC 5480 2.1 and RFC 3279 2.3.1 */
static const uint8_t key_p256[] = {
	0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
	0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
};

static const uint8_t key_p384[] = {
	0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
	0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22,
};

static const uint8_t key_rsa[] = {
	0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01,
	0x05, 0x00,
};

static bool is_key(const struct cursor *oid, const uint8_t *key, size_t len)
{
	return oid->left == len && !memcmp(oid->pos, key, len);
}

/* An uncompressed point, RFC 5480 2.2; another form is a key of another kind */
static bool take_point(struct cursor *bits, enum x509_key key, size_t len,
		       struct x509 *cert)
{
	uint8_t form;

	if (bits->left != 1 + len || !cursor_u8(bits, &form) || form != 4)
		return false;
	cert->key = key;
	cert->point = x509_blob(bits);
	return true;
}

static bool take_rsa(struct cursor *bits, struct x509 *cert)
{
	struct cursor list, modulus, exponent;

	if (!der_take(bits, DER_SEQUENCE, &list) || bits->left ||
	    !der_magnitude(&list, &modulus) ||
	    !der_magnitude(&list, &exponent) || list.left || !modulus.left ||
	    !exponent.left)
		return false;
	cert->key = X509_KEY_RSA;
	cert->modulus = x509_blob(&modulus);
	cert->exponent = x509_blob(&exponent);
	return true;
}

static bool take_key(struct cursor *tbs, struct x509 *cert)
{
	struct cursor whole, spki, oid, bits;

	if (!der_take_whole(tbs, DER_SEQUENCE, &whole, &spki) ||
	    !der_take(&spki, DER_SEQUENCE, &oid) || !x509_bytes(&spki, &bits) ||
	    spki.left)
		return false;
	cert->spki = x509_blob(&whole);
	if (is_key(&oid, key_p256, sizeof(key_p256)))
		return take_point(&bits, X509_KEY_P256, 64, cert);
	if (is_key(&oid, key_p384, sizeof(key_p384)))
		return take_point(&bits, X509_KEY_P384, 96, cert);
	if (is_key(&oid, key_rsa, sizeof(key_rsa)))
		return take_rsa(&bits, cert);
	return true;
}

static bool take_version(struct cursor *tbs)
{
	struct cursor version;
	unsigned int number;

	/* v3 is 2 */
	return der_take(tbs, DER_EXPLICIT, &version) &&
	       der_number(&version, DER_INTEGER, &number) && number == 2 &&
	       !version.left;
}

static bool take_serial(struct cursor *tbs, struct x509 *cert)
{
	struct cursor serial;

	if (!der_unsigned(tbs, &serial))
		return false;
	cert->serial = x509_blob(&serial);
	return true;
}

static bool take_validity(struct cursor *tbs, struct x509 *cert)
{
	struct cursor validity;

	return der_take(tbs, DER_SEQUENCE, &validity) &&
	       x509_time(&validity, &cert->not_before) &&
	       x509_time(&validity, &cert->not_after) && !validity.left;
}

/* What is malformed of all up to the extensions; NULL if nothing is. */
static const char *take_fields(struct cursor *tbs,
			       const struct x509_signed *frame,
			       struct x509 *cert)
{
	if (!take_version(tbs))
		return "not of version 3";
	if (!take_serial(tbs, cert))
		return "malformed serial number";
	if (!x509_same_algorithm(tbs, frame))
		return "signature algorithm is not the same inside and outside";
	if (!x509_name(tbs, &cert->issuer, NULL))
		return "malformed issuer";
	if (!take_validity(tbs, cert))
		return "malformed validity";
	if (!x509_name(tbs, &cert->subject, &cert->common_name))
		return "malformed subject";
	if (!take_key(tbs, cert))
		return "malformed public key";
	return NULL;
}

static int parse(const void *data, size_t len, struct x509 *cert,
		 struct tsm_error *err)
{
	struct x509_signed frame;
	struct cursor explicit;
	const char *wrong;

	if (!x509_signed_parse(data, len, &frame))
		return tsm_error_set(err, -EBADMSG,
				     "certificate of %zu bytes: not DER, or its signature is malformed",
				     len);
	cert->der = frame.whole;
	cert->tbs = frame.tbs;
	cert->algorithm = frame.algorithm;
	memcpy(cert->signature, frame.signature, sizeof(cert->signature));
	cert->signature_len = frame.signature_len;
	cert->raw_signature = frame.raw_signature;
	wrong = take_fields(&frame.content, &frame, cert);
	if (wrong)
		return tsm_error_set(err, -EBADMSG,
				     "certificate of %zu bytes: %s", len, wrong);
	if (!frame.content.left)
		return 0;
	/* unique identifiers, [1] and [2], nobody issues */
	if (!der_take(&frame.content, DER_EXPLICIT + 3, &explicit) ||
	    frame.content.left)
		return tsm_error_set(err, -EBADMSG,
				     "certificate of %zu bytes: something else than extensions in the end",
				     len);
	if (x509_ext_cert(&explicit, cert, err))
		return -EBADMSG;
	if (explicit.left)
		return tsm_error_set(err, -EBADMSG,
				     "certificate of %zu bytes: more than one list of extensions",
				     len);
	return 0;
}

int x509_parse(const void *data, size_t len, struct x509 *cert,
	       struct tsm_error *err)
{
	int ret;

	memset(cert, 0, sizeof(*cert));
	cert->path_len = -1;
	/* without keyUsage nothing is restricted, RFC 5280 4.2.1.3 */
	cert->can_sign_certs = true;
	cert->can_sign_crls = true;
	cert->can_sign_data = true;
	ret = parse(data, len, cert, err);
	if (ret)
		memset(cert, 0, sizeof(*cert));
	return ret;
}
