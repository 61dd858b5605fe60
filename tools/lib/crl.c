// SPDX-License-Identifier: MIT
/* Decodes certificate revocation lists, RFC 5280 5.1. */
#include "x509_private.h"

#include <errno.h>

static const uint8_t oid_number[] = { 0x55, 0x1d, 0x14 };
static const uint8_t oid_authority_key[] = { 0x55, 0x1d, 0x23 };

/* Version 2 is 1; version 1 has neither number nor extensions. */
static bool take_version(struct cursor *tbs, bool *is_v2)
{
	unsigned int number;

	*is_v2 = der_next_is(tbs, DER_INTEGER);
	return !*is_v2 ||
	       (der_number(tbs, DER_INTEGER, &number) && number == 1);
}

/* Only a delta, or a list for some certificates, has critical ones: to take
 * such for the whole list would be to overlook what it does not have. */
static bool take_extensions(struct cursor *c, struct crl *crl)
{
	struct x509_ext ext[X509_EXTENSIONS_MAX];
	size_t count, i;

	if (!x509_extensions(c, ext, &count))
		return false;
	for (i = 0; i < count; i++) {
		const struct tsm_blob number = { oid_number,
						 sizeof(oid_number) };
		const struct tsm_blob key = { oid_authority_key,
					      sizeof(oid_authority_key) };

		if (ext[i].critical && !x509_equal(&ext[i].oid, &number) &&
		    !x509_equal(&ext[i].oid, &key))
			crl->has_unknown_critical = true;
	}
	return true;
}

/* The next entry: its serial number, and what follows the date */
static bool take_entry(struct cursor *list, struct cursor *serial,
		       struct cursor *rest)
{
	int64_t when;

	return der_take(list, DER_SEQUENCE, rest) &&
	       der_unsigned(rest, serial) && x509_time(rest, &when);
}

static bool take_revoked(struct cursor *tbs, bool is_v2, struct crl *crl)
{
	struct cursor list, serial, rest;

	if (!der_next_is(tbs, DER_SEQUENCE))
		return true;
	if (!der_take(tbs, DER_SEQUENCE, &list))
		return false;
	crl->revoked = x509_blob(&list);
	while (list.left) {
		if (!take_entry(&list, &serial, &rest) ||
		    (rest.left && (!is_v2 || !take_extensions(&rest, crl))) ||
		    rest.left)
			return false;
	}
	return true;
}

static bool take_end(struct cursor *tbs, bool is_v2, struct crl *crl)
{
	struct cursor explicit;

	if (!tbs->left)
		return true;
	return is_v2 && der_take(tbs, DER_EXPLICIT, &explicit) && !tbs->left &&
	       take_extensions(&explicit, crl) && !explicit.left;
}

static bool take_times(struct cursor *tbs, struct crl *crl)
{
	crl->next_update = INT64_MIN;
	if (!x509_time(tbs, &crl->this_update))
		return false;
	return (!der_next_is(tbs, DER_UTC_TIME) &&
		!der_next_is(tbs, DER_GENERALIZED_TIME)) ||
	       x509_time(tbs, &crl->next_update);
}

static const char *take_fields(struct cursor *tbs,
			       const struct x509_signed *frame, struct crl *crl)
{
	bool is_v2;

	if (!take_version(tbs, &is_v2))
		return "neither of version 1 nor 2";
	if (!x509_same_algorithm(tbs, frame))
		return "signature algorithm is not the same inside and outside";
	if (!x509_name(tbs, &crl->issuer, NULL))
		return "malformed issuer";
	if (!take_times(tbs, crl))
		return "malformed time";
	if (!take_revoked(tbs, is_v2, crl))
		return "malformed list of certificates";
	if (!take_end(tbs, is_v2, crl))
		return "malformed extensions, or one there twice";
	return NULL;
}

int crl_parse(const void *data, size_t len, struct crl *crl,
	      struct tsm_error *err)
{
	struct x509_signed frame;
	const char *wrong = "not DER, or its signature is malformed";

	memset(crl, 0, sizeof(*crl));
	if (x509_signed_parse(data, len, &frame)) {
		crl->der = frame.whole;
		crl->tbs = frame.tbs;
		crl->algorithm = frame.algorithm;
		memcpy(crl->signature, frame.signature, sizeof(crl->signature));
		crl->signature_len = frame.signature_len;
		crl->raw_signature = frame.raw_signature;
		wrong = take_fields(&frame.content, &frame, crl);
	}
	if (!wrong)
		return 0;
	memset(crl, 0, sizeof(*crl));
	return tsm_error_set(err, -EBADMSG, "revocation list of %zu bytes: %s",
			     len, wrong);
}

bool crl_has(const struct crl *crl, const struct tsm_blob *serial)
{
	struct cursor list = cursor_over(crl->revoked.data, crl->revoked.len);
	struct cursor number, rest;
	struct tsm_blob found;

	while (take_entry(&list, &number, &rest)) {
		found = x509_blob(&number);
		if (x509_equal(&found, serial))
			return true;
	}
	return false;
}
