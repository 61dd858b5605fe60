/* SPDX-License-Identifier: MIT */
/*
 * As much of DER (X.690) as the extensions of certificates need: values of a
 * definite length below 64 KiB, over the bounded cursor.
 */
#ifndef TSM_DER_H
#define TSM_DER_H

#include "cursor.h"

enum {
	DER_INTEGER = 0x02,
	DER_OCTET_STRING = 0x04,
	DER_OID = 0x06,
	DER_ENUMERATED = 0x0a,
	DER_IA5_STRING = 0x16,
	DER_SEQUENCE = 0x30,
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
	/* X.690 10.1: definite and minimal; nothing here needs 64 KiB */
	n = first & 0x7f;
	if (n < 1 || n > 2)
		return false;
	for (*len = 0; n; n--) {
		if (!cursor_u8(c, &byte))
			return false;
		*len = *len << 8 | byte;
	}
	return *len >= (first == 0x81 ? 0x80 : 0x100);
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
