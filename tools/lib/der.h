/* SPDX-License-Identifier: MIT */
/*
 * As much of DER (X.690) as certificates and revocation lists need: values of a
 * definite length below 16 MiB, over the bounded cursor.
 */
#ifndef TSM_DER_H
#define TSM_DER_H

#include "cursor.h"

enum {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_OID = 0x06,
	DER_ENUMERATED = 0x0a,
	DER_UTF8_STRING = 0x0c,
	DER_PRINTABLE_STRING = 0x13,
	DER_TELETEX_STRING = 0x14,
	DER_IA5_STRING = 0x16,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_EXPLICIT = 0xa0,	/* [0]; its number is added */
};

static inline bool der_length(struct cursor *c, size_t *len)
{
	uint8_t first, byte;
	unsigned int n;

	if (!cursor_u8(c, &first))
		return false;
	*len = first;
	if (first < 0x80)
		return true;
	/* X.690 10.1: definite and minimal; nothing here needs 16 MiB */
	n = first & 0x7f;
	if (n < 1 || n > 3)
		return false;
	for (*len = 0; n; n--) {
		if (!cursor_u8(c, &byte))
			return false;
		*len = *len << 8 | byte;
	}
	return *len >= (first == 0x81 ? 0x80 : (size_t)1 << 8 * (first - 0x81));
}

static inline bool der_take(struct cursor *c, uint8_t tag, struct cursor *value)
{
	struct cursor try = *c;
	uint8_t found;
	size_t len;

	if (!cursor_u8(&try, &found) || found != tag ||
	    !der_length(&try, &len) || !cursor_sub(&try, len, value))
		return false;
	*c = try;
	return true;
}

static inline bool der_next_is(const struct cursor *c, uint8_t tag)
{
	return c->left && c->pos[0] == tag;
}

/* Likewise, and @whole over tag and length, too. */
static inline bool der_take_whole(struct cursor *c, uint8_t tag,
				  struct cursor *whole, struct cursor *value)
{
	*whole = *c;
	if (!der_take(c, tag, value))
		return false;
	whole->left -= c->left;
	return true;
}

/* An INTEGER that is not negative, X.690 8.3.2: as short as can be. */
static inline bool der_unsigned(struct cursor *c, struct cursor *value)
{
	return der_take(c, DER_INTEGER, value) && value->left &&
	       !(value->pos[0] & 0x80) &&
	       (value->left == 1 || value->pos[0] || value->pos[1] & 0x80);
}

/* Likewise, without the byte that keeps it from being negative; 0 is empty. */
static inline bool der_magnitude(struct cursor *c, struct cursor *value)
{
	uint8_t zero;

	return der_unsigned(c, value) &&
	       (value->pos[0] || cursor_u8(value, &zero));
}

/* A non-negative number below 65536. */
static inline bool der_number(struct cursor *c, uint8_t tag, unsigned int *out)
{
	struct cursor value;
	uint8_t byte;

	if (!der_take(c, tag, &value) || !value.left || value.left > 3 ||
	    value.pos[0] & 0x80 || (value.left == 3 && value.pos[0]))
		return false;
	for (*out = 0; cursor_u8(&value, &byte);)
		*out = *out << 8 | byte;
	return true;
}

#endif /* TSM_DER_H */
