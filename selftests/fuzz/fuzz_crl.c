// SPDX-License-Identifier: MIT
/* Revocation lists: crl_parse(), against OpenSSL's reading of the same. */
#include "../../tools/lib/x509.h"

#include "ossl_seen.h"

static struct seen {
	struct crl crl;
} first, again;

static int look(const struct tsm_blob *in, void *result, struct tsm_error *err)
{
	struct seen *s = result;

	return crl_parse(in->data, in->len, &s->crl, err);
}

static void points_inside(const struct tsm_blob *in, const struct crl *c)
{
	ENSURE(c->der.data == in->data && c->der.len == in->len);
	ENSURE(fuzz_inside(&c->tbs, in));
	ENSURE(fuzz_inside(&c->issuer, &c->tbs) && c->issuer.len);
	ENSURE(fuzz_inside(&c->revoked, &c->tbs));
	ENSURE(fuzz_inside(&c->raw_signature, in));
}

/* Every certificate that OpenSSL finds in it is in it, and one that is not. */
static void same_entries(X509_CRL *x, const struct crl *c)
{
	STACK_OF(X509_REVOKED) *list = X509_CRL_get_REVOKED(x);
	static const uint8_t other[] = { 0x7e, 0xed, 0x5e, 0xed, 0x7e };
	const struct tsm_blob none = { other, sizeof(other) };
	bool has_other = false;
	unsigned char *der;
	struct tsm_blob serial;
	int i, len;

	for (i = 0; i < sk_X509_REVOKED_num(list); i++) {
		const ASN1_INTEGER *number = X509_REVOKED_get0_serialNumber(
			sk_X509_REVOKED_value(list, i));

		der = NULL;
		len = i2d_ASN1_INTEGER(number, &der);
		ENSURE(len > 2);
		/* tag and length: a byte, or a byte and those it announces */
		serial.data = der + 2 + (der[1] & 0x80 ? der[1] & 0x7f : 0);
		serial.len = (size_t)(der + len - serial.data);
		ENSURE(crl_has(c, &serial));
		has_other |= fuzz_same(serial.data, serial.len, other,
				       sizeof(other));
		OPENSSL_free(der);
	}
	ENSURE(crl_has(c, &none) == has_other);
}

static void same_as_openssl(const struct tsm_blob *in, const struct crl *c)
{
	const unsigned char *p = in->data;
	X509_CRL *x = d2i_X509_CRL(NULL, &p, (long)in->len);
	const ASN1_TIME *next;

	if (!x) {
		ENSURE(ossl_is_picky() ||
		       c->algorithm == X509_SIGNATURE_OTHER);
		return;
	}
	ENSURE(p == in->data + in->len);
	ossl_same_name(X509_CRL_get_issuer(x), &c->issuer);
	ossl_same_time(X509_CRL_get0_lastUpdate(x), c->this_update, INT64_MAX);
	next = X509_CRL_get0_nextUpdate(x);
	ENSURE(!next == (c->next_update == INT64_MIN));
	if (next)
		ossl_same_time(next, c->next_update, INT64_MAX);
	same_entries(x, c);
	X509_CRL_free(x);
	ERR_clear_error();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tsm_blob in = fuzz_evidence(data, size);
	static struct crl crl;

	if (fuzz_all_ways(data, size, look, &first, &again, sizeof(first)))
		return 0;
	points_inside(&in, &first.crl);
	ENSURE(crl_parse(in.data, in.len - 1, &crl, NULL) == -EBADMSG);
	ENSURE(fuzz_is_zero(&crl, sizeof(crl)));
	same_as_openssl(&in, &first.crl);
	return 0;
}
