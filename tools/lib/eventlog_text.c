// SPDX-License-Identifier: MIT
/* Puts lines together, and tells text from other bytes. */
#include "eventlog_text.h"

#include "lib_private.h"

/* What is no text is shown this far. */
#define HEX_SHOWN	16

#define REPLACEMENT	0xfffd

void tsm_text_begin(struct text *t, char *to, size_t size)
{
	*t = (struct text){ .to = to, .size = size };
	to[0] = '\0';
}

/* Does not cut what UTF-8 makes of one character. */
static void put(struct text *t, const char *bytes, size_t len)
{
	static const char more[] = "...";
	size_t at = t->size - sizeof(more);

	if (t->is_cut || !len)
		return;
	if (len < t->size - t->len) {
		memcpy(t->to + t->len, bytes, len);
		t->len += len;
		t->to[t->len] = '\0';
		return;
	}
	if (at > t->len)
		at = t->len;
	while (at && ((uint8_t)t->to[at] & 0xc0) == 0x80)
		at--;
	memcpy(t->to + at, more, sizeof(more));
	t->len = at + sizeof(more) - 1;
	t->is_cut = true;
}

void tsm_text_str(struct text *t, const char *text)
{
	for (; *text; text++)
		put(t, text, 1);
}

void tsm_text_dec(struct text *t, uint64_t value)
{
	char digits[20];
	size_t i = sizeof(digits);

	do {
		digits[--i] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	put(t, digits + i, sizeof(digits) - i);
}

static char hex_digit(unsigned int value)
{
	return "0123456789abcdef"[value & 15];
}

void tsm_text_hex(struct text *t, uint64_t value, unsigned int digits)
{
	char text[18];
	size_t i = sizeof(text);

	do {
		text[--i] = hex_digit((unsigned int)value);
		value >>= 4;
	} while (value || sizeof(text) - i < digits);
	text[--i] = 'x';
	text[--i] = '0';
	put(t, text + i, sizeof(text) - i);
}

void tsm_text_bytes(struct text *t, const uint8_t *data, size_t len)
{
	for (; len && !t->is_cut; len--, data++)
		put(t, (const char[]){ hex_digit(*data >> 4),
				       hex_digit(*data) }, 2);
}

void tsm_text_guid(struct text *t, const uint8_t guid[16])
{
	static const uint8_t order[16] = {
		3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15,
	};
	unsigned int i;

	for (i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			put(t, "-", 1);
		tsm_text_bytes(t, &guid[order[i]], 1);
	}
}

static void put_utf8(struct text *t, uint32_t c)
{
	char bytes[4];
	size_t len;

	if (c < 0x80) {
		bytes[0] = (char)c;
		len = 1;
	} else if (c < 0x800) {
		bytes[0] = (char)(0xc0 | c >> 6);
		len = 2;
	} else if (c < 0x10000) {
		bytes[0] = (char)(0xe0 | c >> 12);
		len = 3;
	} else {
		bytes[0] = (char)(0xf0 | c >> 18);
		len = 4;
	}
	if (len > 1)
		bytes[len - 1] = (char)(0x80 | (c & 63));
	if (len > 2)
		bytes[len - 2] = (char)(0x80 | (c >> 6 & 63));
	if (len > 3)
		bytes[len - 3] = (char)(0x80 | (c >> 12 & 63));
	put(t, bytes, len);
}

/* The next character, REPLACEMENT for half of one. False at the end. */
static bool next_utf16(struct cursor *c, uint32_t *out)
{
	struct cursor ahead;
	uint16_t high, low;

	if (!cursor_le16(c, &high) || !high)
		return false;
	*out = high;
	if (high < 0xd800 || high > 0xdfff)
		return true;
	ahead = *c;
	if (high > 0xdbff || !cursor_le16(&ahead, &low) || low < 0xdc00 ||
	    low > 0xdfff) {
		*out = REPLACEMENT;
		return true;
	}
	*c = ahead;
	*out = 0x10000 + ((high & 0x3ffu) << 10) + (low & 0x3ffu);
	return true;
}

void tsm_text_utf16(struct text *t, const struct tsm_blob *text)
{
	struct cursor c = cursor_over(text->data, text->len);
	uint32_t character;

	while (!t->is_cut && next_utf16(&c, &character))
		put_utf8(t, character);
}

static bool is_printable(uint32_t c)
{
	return (c >= 0x20 && c < 0x7f) || c >= 0xa0 || c == '\n' || c == '\t' ||
	       c == '\r';
}

/* What is shorter in another form, or half of a pair, is no UTF-8. */
static bool is_canonical(uint32_t c, int more)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };

	return c >= least[more] && c <= 0x10ffff &&
	       (c < 0xd800 || c > 0xdfff);
}

/* How many bytes of continuation follow @first, and its bits. */
static int utf8_more(uint8_t first, uint32_t *bits)
{
	*bits = first;
	if (first < 0x80)
		return 0;
	*bits = first & 0x1f;
	if (first >= 0xc2 && first <= 0xdf)
		return 1;
	*bits = first & 0x0f;
	if (first >= 0xe0 && first <= 0xef)
		return 2;
	*bits = first & 0x07;
	return first >= 0xf0 && first <= 0xf4 ? 3 : -1;
}

static bool is_utf8(const uint8_t *p, size_t len)
{
	uint32_t c;
	int more, i;

	while (len) {
		more = utf8_more(*p, &c);
		if (more < 0 || (size_t)more >= len)
			return false;
		for (i = 1; i <= more; i++) {
			if ((p[i] & 0xc0) != 0x80)
				return false;
			c = c << 6 | (p[i] & 0x3f);
		}
		if (!is_printable(c) || !is_canonical(c, more))
			return false;
		p += more + 1;
		len -= (size_t)more + 1;
	}
	return true;
}

/*
 * Chance makes UTF-16 of many bytes, but not with a first letter from ASCII and
 * nothing unprintable behind it.
 */
static bool is_utf16(const struct tsm_blob *bytes)
{
	struct cursor c = cursor_over(bytes->data, bytes->len);
	uint32_t character;
	unsigned int count = 0;
	uint16_t unit;

	while (next_utf16(&c, &character)) {
		if (!is_printable(character) || character == REPLACEMENT ||
		    (!count++ && character >= 0x80))
			return false;
	}
	/* where it stopped at a NUL, only more of them may follow */
	while (cursor_le16(&c, &unit)) {
		if (unit)
			return false;
	}
	return count && !c.left;
}

bool tsm_text_guess(struct text *t, const struct tsm_blob *bytes)
{
	size_t i, len = bytes->len;

	while (len && !bytes->data[len - 1])
		len--;
	if (len && is_utf8(bytes->data, len)) {
		for (i = 0; i < len; i++)
			put(t, (const char *)&bytes->data[i], 1);
		return true;
	}
	if (!is_utf16(bytes))
		return false;
	tsm_text_utf16(t, bytes);
	return true;
}

void tsm_text_any(struct text *t, const struct tsm_blob *bytes)
{
	const size_t shown = bytes->len < HEX_SHOWN ? bytes->len : HEX_SHOWN;

	if (!bytes->len) {
		tsm_text_str(t, "no data");
		return;
	}
	if (tsm_text_guess(t, bytes))
		return;
	tsm_text_dec(t, bytes->len);
	tsm_text_str(t, bytes->len == 1 ? " byte " : " bytes ");
	tsm_text_bytes(t, bytes->data, shown);
	if (shown < bytes->len)
		tsm_text_str(t, "...");
}
