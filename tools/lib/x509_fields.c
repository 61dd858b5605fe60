// SPDX-License-Identifier: MIT
/* Decodes what certificates and revocation lists are both made of, RFC 5280. */
#include "x509_private.h"

/* Contents of the AlgorithmIdentifiers, parameters included, which are to be
 * as RFC 5758 and RFC 4055 have them. */
static const uint8_t ecdsa_sha256[] = {
	0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02,
};

static const uint8_t ecdsa_sha384[] = {
	0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03,
};

/* SHA-384, MGF1 of SHA-384, salt of 48 bytes. AMD also writes the trailer field
 * out, though it is the default; some of its certificates do, some do not. */
#define PSS_COMMON \
	0xa0, 0x0f, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, \
	0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0xa1, 0x1c, 0x30, 0x1a, 0x06, \
	0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08, 0x30, \
	0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, \
	0x02, 0x05, 0x00, 0xa2, 0x03, 0x02, 0x01, 0x30

static const uint8_t pss_sha384[] = {
	0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a,
	0x30, 0x34, PSS_COMMON,
};

static const uint8_t pss_sha384_trailer[] = {
	0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a,
	0x30, 0x39, PSS_COMMON, 0xa3, 0x03, 0x02, 0x01, 0x01,
};

static const struct {
	const uint8_t *oid;
	size_t len;
	enum x509_signature algorithm;
} algorithms[] = {
	{ ecdsa_sha256, sizeof(ecdsa_sha256), X509_ECDSA_SHA256 },
	{ ecdsa_sha384, sizeof(ecdsa_sha384), X509_ECDSA_SHA384 },
	{ pss_sha384, sizeof(pss_sha384), X509_RSA_PSS_SHA384 },
	{ pss_sha384_trailer, sizeof(pss_sha384_trailer), X509_RSA_PSS_SHA384 },
};

static enum x509_signature algorithm_of(const struct cursor *oid)
{
	size_t i;

	for (i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
		if (oid->left == algorithms[i].len &&
		    !memcmp(oid->pos, algorithms[i].oid, oid->left))
			return algorithms[i].algorithm;
	}
	return X509_SIGNATURE_OTHER;
}

bool x509_bytes(struct cursor *c, struct cursor *bytes)
{
	uint8_t unused = 0;

	return der_take(c, DER_BIT_STRING, bytes) &&
	       cursor_u8(bytes, &unused) && !unused;
}

/* R or S: positive, into @size bytes */
static bool take_half(struct cursor *list, uint8_t *out, size_t size)
{
	struct cursor number;

	return der_magnitude(list, &number) && number.left &&
	       number.left <= size &&
	       cursor_copy(&number, out + size - number.left, number.left);
}

/* ECDSA-Sig-Value of RFC 3279 2.2.3 */
static bool take_ecdsa(struct cursor c, struct x509_signed *frame)
{
	const size_t half = frame->algorithm == X509_ECDSA_SHA256 ? 32 : 48;
	struct cursor list;

	frame->signature_len = 2 * half;
	return der_take(&c, DER_SEQUENCE, &list) && !c.left &&
	       take_half(&list, frame->signature, half) &&
	       take_half(&list, frame->signature + half, half) && !list.left;
}

bool x509_signed_parse(const void *data, size_t len, struct x509_signed *frame)
{
	struct cursor c = cursor_over(data, len), all, whole, oid;

	memset(frame, 0, sizeof(*frame));
	frame->whole = (struct tsm_blob){ data, len };
	if (!der_take(&c, DER_SEQUENCE, &all) || c.left ||
	    !der_take_whole(&all, DER_SEQUENCE, &whole, &frame->content) ||
	    !der_take(&all, DER_SEQUENCE, &oid) || !x509_bytes(&all, &c) ||
	    all.left)
		return false;
	frame->tbs = x509_blob(&whole);
	frame->oid = x509_blob(&oid);
	frame->algorithm = algorithm_of(&oid);
	frame->raw_signature = x509_blob(&c);
	return (frame->algorithm != X509_ECDSA_SHA256 &&
		frame->algorithm != X509_ECDSA_SHA384) ||
	       take_ecdsa(c, frame);
}

bool x509_same_algorithm(struct cursor *tbs, const struct x509_signed *frame)
{
	struct cursor value;
	struct tsm_blob oid;

	if (!der_take(tbs, DER_SEQUENCE, &value))
		return false;
	oid = x509_blob(&value);
	return x509_equal(&oid, &frame->oid);
}

/* DirectoryString of RFC 5280 4.1.2.4 and IA5String, but for those kinds of which
 * a character has more than one byte: nobody uses them. */
static bool is_string(uint8_t tag)
{
	return tag == DER_UTF8_STRING || tag == DER_PRINTABLE_STRING ||
	       tag == DER_TELETEX_STRING || tag == DER_IA5_STRING;
}

/* AttributeTypeAndValue */
static bool take_attribute(struct cursor *set, struct tsm_blob *common_name)
{
	static const uint8_t cn[] = { 0x55, 0x04, 0x03 };
	struct cursor pair, oid, text;

	if (!der_take(set, DER_SEQUENCE, &pair) ||
	    !der_take(&pair, DER_OID, &oid) || !pair.left ||
	    !is_string(pair.pos[0]) ||
	    !der_take(&pair, pair.pos[0], &text) || pair.left)
		return false;
	if (common_name && oid.left == sizeof(cn) &&
	    !memcmp(oid.pos, cn, sizeof(cn)))
		*common_name = x509_blob(&text);
	return true;
}

bool x509_name(struct cursor *c, struct tsm_blob *name,
	       struct tsm_blob *common_name)
{
	struct cursor whole, list, set;

	if (!der_take_whole(c, DER_SEQUENCE, &whole, &list))
		return false;
	*name = x509_blob(&whole);
	while (list.left) {
		if (!der_take(&list, DER_SET, &set) || !set.left)
			return false;
		while (set.left) {
			if (!take_attribute(&set, common_name))
				return false;
		}
	}
	return true;
}

static bool two_digits(struct cursor *c, int *out)
{
	const uint8_t *p;

	if (!cursor_take(c, 2, &p) || p[0] < '0' || p[0] > '9' || p[1] < '0' ||
	    p[1] > '9')
		return false;
	*out = (p[0] - '0') * 10 + p[1] - '0';
	return true;
}

static bool is_leap(int year)
{
	return !(year % 4) && (year % 100 || !(year % 400));
}

/* Days from 1970 to the first of a month, Gregorian; years below 1970, too */
static int64_t days_before(int year, int month)
{
	static const int days[] = {
		0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334,
	};
	const int past = year - 1;

	return (int64_t)year * 365 + past / 4 - past / 100 + past / 400 +
	       days[month - 1] + (month > 2 && is_leap(year)) - 719527;
}

static bool take_year(struct cursor *c, bool is_utc, int *year)
{
	int high, low;

	if (!two_digits(c, &high))
		return false;
	if (is_utc) {
		*year = high + (high < 50 ? 2000 : 1900);
		return true;
	}
	if (!two_digits(c, &low))
		return false;
	*year = high * 100 + low;
	return *year > 0;
}

bool x509_time(struct cursor *c, int64_t *seconds)
{
	const bool is_utc = der_next_is(c, DER_UTC_TIME);
	int year, month, day, hour, minute, second;
	struct cursor t;
	uint8_t zone;

	if (!der_take(c, is_utc ? DER_UTC_TIME : DER_GENERALIZED_TIME, &t) ||
	    !take_year(&t, is_utc, &year) || !two_digits(&t, &month) ||
	    !two_digits(&t, &day) || !two_digits(&t, &hour) ||
	    !two_digits(&t, &minute) || !two_digits(&t, &second) ||
	    !cursor_u8(&t, &zone) || zone != 'Z' || t.left || month < 1 ||
	    month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59)
		return false;
	*seconds = days_before(year, month);
	if (day > (month == 12 ? 31 : days_before(year, month + 1) - *seconds))
		return false;
	*seconds = (((*seconds + day - 1) * 24 + hour) * 60 + minute) * 60 +
		   second;
	/* RFC 5280 4.1.2.5: no end is known */
	if (year == 9999 && month == 12 && day == 31 && hour == 23 &&
	    minute == 59 && second == 59)
		*seconds = INT64_MAX;
	return true;
}
