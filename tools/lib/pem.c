// SPDX-License-Identifier: MIT
/*
 * Decodes PEM, RFC 7468: strictly where it is evidence, whose every byte is to
 * count, and as people's files come where it is not.
 */
#include "chain.h"
#include "pem.h"
#include "x509_private.h"

#include <errno.h>

#define BEGIN		"-----BEGIN "
#define END		"-----END "
#define DASHES		"-----"
#define CERTIFICATE	"CERTIFICATE"

/* Value and one more, 0 for what is no digit of base64. */
static const uint8_t digits[256] = {
	['A'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
	19, 20, 21, 22, 23, 24, 25, 26,
	['a'] = 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42,
	43, 44, 45, 46, 47, 48, 49, 50, 51, 52,
	['0'] = 53, 54, 55, 56, 57, 58, 59, 60, 61, 62,
	['+'] = 63, ['/'] = 64,
};

static bool is_newline(uint8_t byte)
{
	return byte == '\n' || byte == '\r';
}

static bool is_space(uint8_t byte)
{
	return is_newline(byte) || byte == ' ' || byte == '\t';
}

static void skip(struct cursor *c, bool (*is_skipped)(uint8_t byte))
{
	uint8_t byte;

	while (c->left && is_skipped(c->pos[0]))
		cursor_u8(c, &byte);
}

static bool take_text(struct cursor *c, const char *text)
{
	struct cursor try = *c;
	const uint8_t *found;

	if (!cursor_take(&try, strlen(text), &found) ||
	    memcmp(found, text, strlen(text)))
		return false;
	*c = try;
	return true;
}

/**
 * struct base64 - a decoder
 * @out: room for @size bytes
 * @size: likewise
 * @len: bytes that are there
 * @bits: digits that do not make a byte yet
 * @count: digits seen
 * @pads: equals signs seen
 */
struct base64 {
	uint8_t *out;
	size_t size;
	size_t len;
	uint32_t bits;
	size_t count;
	unsigned int pads;
};

static int put(struct base64 *b, uint8_t byte)
{
	const uint8_t digit = digits[byte];

	if (!digit || b->pads) {
		b->pads++;
		return byte == '=' && b->pads <= 2 ? 0 : -EBADMSG;
	}
	b->bits = b->bits << 6 | (digit - 1u);
	if (!(b->count++ % 4))
		return 0;
	if (b->len == b->size)
		return -EFBIG;
	b->out[b->len++] = (uint8_t)(b->bits >> (6 - 2 * ((b->count - 1) % 4)));
	return 0;
}

/* Of a group that is cut short the bits left over are 0: one text, one meaning */
static bool is_whole(const struct base64 *b)
{
	const unsigned int spare = 6 - 2 * ((b->count + 3) % 4);

	return b->count && (b->count + b->pads) % 4 == 0 &&
	       !(b->pads && b->bits & ((1u << spare) - 1));
}

/* Decodes up to the next dash. Return: 0, -EBADMSG, -EFBIG. */
static int take_base64(struct cursor *c, bool (*is_skipped)(uint8_t byte),
		       struct base64 *b)
{
	uint8_t byte = 0;
	int ret;

	while (c->left && c->pos[0] != '-') {
		cursor_u8(c, &byte);
		ret = is_skipped(byte) ? 0 : put(b, byte);
		if (ret)
			return ret;
	}
	return is_whole(b) ? 0 : -EBADMSG;
}

/* Whether an empty line stands behind some base64: others take it for the end of
 * a header, or of the block. @c: behind the line that begins it */
static bool has_empty_line(struct cursor c)
{
	bool empty = false;
	uint8_t byte;

	skip(&c, is_newline);
	while (cursor_u8(&c, &byte) && byte != '-') {
		if (byte == '\n' && empty)
			return true;
		if (byte != '\r')
			empty = byte == '\n';
	}
	return false;
}

/* One block CERTIFICATE of a chain in evidence. */
static int take_strict(struct cursor *c, uint8_t *out, size_t size, size_t *len)
{
	struct base64 b = { .out = out, .size = size };
	int ret;

	if (!take_text(c, BEGIN CERTIFICATE DASHES) || !c->left ||
	    !is_newline(c->pos[0]) || has_empty_line(*c))
		return -EBADMSG;
	ret = take_base64(c, is_newline, &b);
	if (ret)
		return ret;
	if (!take_text(c, END CERTIFICATE DASHES) ||
	    (c->left && c->pos[0] && !is_newline(c->pos[0])))
		return -EBADMSG;
	*len = b.len;
	return 0;
}

/* NULs, and nothing else, up to the end */
static bool is_padding(struct cursor c)
{
	uint8_t byte = 0;

	while (cursor_u8(&c, &byte)) {
		if (byte)
			return false;
	}
	return true;
}

static int parse_chain(struct cursor *c, uint8_t *der, size_t size,
		       struct x509 *cert, size_t max, size_t *count,
		       struct tsm_error *err)
{
	size_t used = 0, len = 0;
	int ret;

	for (skip(c, is_newline); !is_padding(*c); skip(c, is_newline)) {
		if (*count == max && take_text(c, BEGIN))
			return tsm_error_set(err, -EFBIG,
					     "certificate chain: more than %zu",
					     max);
		if (*count == max)
			return tsm_error_set(err, -EBADMSG,
					     "certificate chain: neither newline nor NUL at offset %zu, behind the last",
					     cursor_offset(c));
		ret = take_strict(c, der + used, size - used, &len);
		if (ret == -EFBIG)
			return tsm_error_set(err, ret,
					     "certificate chain: more than %zu bytes of DER",
					     size);
		if (ret)
			return tsm_error_set(err, ret,
					     "certificate chain: malformed PEM at offset %zu",
					     cursor_offset(c));
		ret = x509_parse(der + used, len, &cert[*count], err);
		if (ret)
			return ret;
		used += len;
		++*count;
	}
	return *count ? 0 :
			tsm_error_set(err, -EBADMSG,
				      "certificate chain: empty");
}

int pem_chain_parse(const void *text, size_t len, uint8_t *der, size_t size,
		    struct x509 *cert, size_t max, size_t *count,
		    struct tsm_error *err)
{
	struct cursor c = cursor_over(text, len);
	int ret;

	*count = 0;
	ret = parse_chain(&c, der, size, cert, max, count, err);
	if (ret) {
		memset(cert, 0, max * sizeof(*cert));
		*count = 0;
	}
	return ret;
}

/* Moves to the next place that has @text; false, and at the end, if there is none */
static bool find_text(struct cursor *c, const char *text)
{
	const uint8_t *at = c->left ? memmem(c->pos, c->left, text,
					     strlen(text)) : NULL;
	const uint8_t *skipped;

	return cursor_take(c, at ? (size_t)(at - c->pos) : c->left, &skipped) &&
	       at;
}

/* The label between dashes behind "BEGIN " */
static bool take_label(struct cursor *c, struct tsm_blob *label)
{
	const struct cursor start = *c;

	if (!find_text(c, DASHES))
		return false;
	*label = (struct tsm_blob){ start.pos, start.left - c->left };
	return take_text(c, DASHES);
}

static bool is_label(const struct tsm_blob *label, const char *text)
{
	return label->len == strlen(text) &&
	       !memcmp(label->data, text, label->len);
}

int pem_next(struct cursor *c, enum pem_kind *kind, uint8_t *der, size_t size,
	     size_t *len)
{
	struct base64 b = { .out = der, .size = size };
	struct tsm_blob label, end;
	int ret;

	while (find_text(c, BEGIN)) {
		if (!take_text(c, BEGIN) || !take_label(c, &label))
			return -EBADMSG;
		if (is_label(&label, CERTIFICATE))
			*kind = PEM_CERTIFICATE;
		else if (is_label(&label, "X509 CRL"))
			*kind = PEM_CRL;
		else
			continue;
		ret = take_base64(c, is_space, &b);
		if (ret)
			return ret;
		if (!take_text(c, END) || !take_label(c, &end) ||
		    !x509_equal(&label, &end))
			return -EBADMSG;
		*len = b.len;
		return 1;
	}
	return 0;
}
