/* SPDX-License-Identifier: MIT */
/*
 * The one way to read untrusted bytes: a bounded cursor that either delivers
 * all that was asked and moves on, or delivers nothing and stays.
 */
#ifndef TSM_CURSOR_H
#define TSM_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/**
 * struct cursor - a position in bytes that somebody else wrote
 * @base: first byte of the evidence, kept so that errors can name an offset
 * @pos: next byte
 * @left: bytes from @pos to the end that this cursor may read
 */
struct cursor {
	const uint8_t *base;
	const uint8_t *pos;
	size_t left;
};

static inline struct cursor cursor_over(const void *data, size_t len)
{
	return (struct cursor){ .base = data, .pos = data, .left = len };
}

static inline size_t cursor_offset(const struct cursor *c)
{
	return (size_t)(c->pos - c->base);
}

/* Points @out at the next @n bytes; they belong to whoever owns the evidence. */
static inline bool cursor_take(struct cursor *c, size_t n, const uint8_t **out)
{
	if (n > c->left)
		return false;
	*out = c->pos;
	/* an empty cursor may stand on NULL, which must not be advanced */
	if (n)
		c->pos += n;
	c->left -= n;
	return true;
}

static inline bool cursor_copy(struct cursor *c, void *dst, size_t n)
{
	const uint8_t *src;

	if (!cursor_take(c, n, &src))
		return false;
	if (n)
		memcpy(dst, src, n);
	return true;
}

/* A cursor over just the next @n bytes; @c moves behind them. */
static inline bool cursor_sub(struct cursor *c, size_t n, struct cursor *sub)
{
	const uint8_t *start;

	if (!cursor_take(c, n, &start))
		return false;
	*sub = (struct cursor){ .base = c->base, .pos = start, .left = n };
	return true;
}

static inline bool cursor_u8(struct cursor *c, uint8_t *out)
{
	return cursor_copy(c, out, 1);
}

static inline bool cursor_le16(struct cursor *c, uint16_t *out)
{
	const uint8_t *p;

	if (!cursor_take(c, 2, &p))
		return false;
	*out = (uint16_t)(p[0] | p[1] << 8);
	return true;
}

static inline bool cursor_le32(struct cursor *c, uint32_t *out)
{
	const uint8_t *p;

	if (!cursor_take(c, 4, &p))
		return false;
	*out = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
	return true;
}

#endif /* TSM_CURSOR_H */
