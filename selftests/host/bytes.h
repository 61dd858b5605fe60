/* SPDX-License-Identifier: MIT */
/*
 * Evidence built by the tests themselves, and exact copies of it.
 *
 * Numbers are written out here and in the tests, from the specifications, and
 * not taken from uapi/tsm: a wrong one there must not be wrong here, too.
 */
#ifndef TSM_HOST_BYTES_H
#define TSM_HOST_BYTES_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct bytes - a growing buffer
 * @p: bytes
 * @len: their number
 */
struct bytes {
	uint8_t p[8192];
	size_t len;
};

static inline void put(struct bytes *b, const void *data, size_t len)
{
	if (len > sizeof(b->p) - b->len)
		abort();
	if (len)
		memcpy(b->p + b->len, data, len);
	b->len += len;
}

static inline void fill(struct bytes *b, uint8_t value, size_t len)
{
	while (len--)
		put(b, &value, 1);
}

static inline void put16(struct bytes *b, uint16_t v)
{
	put(b, (const uint8_t[]){ v & 255, v >> 8 }, 2);
}

static inline void put32(struct bytes *b, uint32_t v)
{
	put16(b, (uint16_t)v);
	put16(b, (uint16_t)(v >> 16));
}

static inline void poke32(struct bytes *b, size_t at, uint32_t v)
{
	int i;

	for (i = 0; i < 4; i++)
		b->p[at + i] = (uint8_t)(v >> 8 * i);
}

/* On the heap and no byte larger, so that AddressSanitizer sees its end. */
static inline uint8_t *exact_copy(const void *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	if (!copy)
		abort();
	if (len)
		memcpy(copy, data, len);
	return copy;
}

#endif /* TSM_HOST_BYTES_H */
