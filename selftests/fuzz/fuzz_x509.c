// SPDX-License-Identifier: MIT
/* Certificates: x509_parse(), which may take less than OpenSSL, but no more, and
 * sees the same in it. */
#include "../../tools/lib/x509.h"

#include "ossl_seen.h"

static struct seen {
	struct x509 cert;
} first, again;

static int look(const struct tsm_blob *in, void *result, struct tsm_error *err)
{
	struct seen *s = result;

	return x509_parse(in->data, in->len, &s->cert, err);
}

static void points_inside(const struct tsm_blob *in, const struct x509 *c)
{
	ENSURE(c->der.data == in->data && c->der.len == in->len);
	ENSURE(fuzz_inside(&c->tbs, in));
	ENSURE(fuzz_inside(&c->serial, &c->tbs) && c->serial.len);
	ENSURE(fuzz_inside(&c->issuer, &c->tbs) && c->issuer.len);
	ENSURE(fuzz_inside(&c->subject, &c->tbs) && c->subject.len);
	ENSURE(fuzz_inside(&c->common_name, &c->subject));
	ENSURE(fuzz_inside(&c->spki, &c->tbs) && c->spki.len);
	ENSURE(fuzz_inside(&c->point, &c->spki));
	ENSURE(fuzz_inside(&c->modulus, &c->spki));
	ENSURE(fuzz_inside(&c->exponent, &c->spki));
	ENSURE(fuzz_inside(&c->raw_signature, in));
	ENSURE(c->path_len >= -1 && (c->path_len < 0 || c->is_ca));
	ENSURE(c->signature_len == (c->algorithm == X509_ECDSA_SHA256 ? 64 :
				    c->algorithm == X509_ECDSA_SHA384 ? 96 : 0));
	ENSURE(c->key == X509_KEY_P256 ? c->point.len == 64 :
	       c->key == X509_KEY_P384 ? c->point.len == 96 : !c->point.len);
	ENSURE((c->key == X509_KEY_RSA) == !!c->modulus.len);
}

static void same_key(const X509 *x, const struct x509 *c)
{
	unsigned char *der = NULL;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);

	ENSURE(fuzz_same(der, (size_t)len, c->spki.data, c->spki.len));
	OPENSSL_free(der);
}

static void same_extensions(X509 *x, const struct x509 *c)
{
	const uint32_t flags = X509_get_extension_flags(x);
	uint32_t usage = X509_get_key_usage(x);

	/* what it cannot decode of others is not looked at by us */
	if (flags & EXFLAG_INVALID)
		return;
	ENSURE(!(flags & EXFLAG_CA) == !c->is_ca || flags & EXFLAG_V1);
	ENSURE(X509_get_pathlen(x) == c->path_len || !c->is_ca);
	ENSURE(!!(usage & KU_KEY_CERT_SIGN) == c->can_sign_certs);
	ENSURE(!!(usage & KU_CRL_SIGN) == c->can_sign_crls);
	ENSURE(!!(usage & KU_DIGITAL_SIGNATURE) == c->can_sign_data);
}

static void same_as_openssl(const struct tsm_blob *in, const struct x509 *c)
{
	const unsigned char *p = in->data;
	X509 *x = d2i_X509(NULL, &p, (long)in->len);
	const ASN1_BIT_STRING *signature;

	if (!x) {
		/* what is in the names of algorithms that nobody will use */
		ENSURE(ossl_is_picky() || c->key == X509_KEY_OTHER ||
		       c->algorithm == X509_SIGNATURE_OTHER);
		return;
	}
	ENSURE(p == in->data + in->len);
	ENSURE(X509_get_version(x) == X509_VERSION_3);
	ossl_same_serial(X509_get0_serialNumber(x), &c->serial);
	ossl_same_name(X509_get_issuer_name(x), &c->issuer);
	ossl_same_name(X509_get_subject_name(x), &c->subject);
	ossl_same_time(X509_get0_notBefore(x), c->not_before, INT64_MAX);
	ossl_same_time(X509_get0_notAfter(x), c->not_after, INT64_MAX);
	same_key(x, c);
	X509_get0_signature(&signature, NULL, x);
	ENSURE(fuzz_same(ASN1_STRING_get0_data(signature),
			 (size_t)ASN1_STRING_length(signature),
			 c->raw_signature.data, c->raw_signature.len));
	same_extensions(x, c);
	X509_free(x);
	ERR_clear_error();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tsm_blob in = fuzz_evidence(data, size);
	static struct x509 cert;

	if (fuzz_all_ways(data, size, look, &first, &again, sizeof(first)))
		return 0;
	points_inside(&in, &first.cert);
	ENSURE(x509_parse(in.data, in.len - 1, &cert, NULL) == -EBADMSG);
	ENSURE(fuzz_is_zero(&cert, sizeof(cert)));
	same_as_openssl(&in, &first.cert);
	return 0;
}
