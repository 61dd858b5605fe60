/* SPDX-License-Identifier: MIT */
/*
 * Puts evidence together again from what a parser made of it, and compares with
 * the evidence: a parser that reads all, and all in its place, passes.
 */
#ifndef TSM_FUZZ_REBUILD_H
#define TSM_FUZZ_REBUILD_H

#include "fuzz.h"

/**
 * struct rebuild - how far the comparison is
 * @in: the evidence
 * @at: so far it is right
 */
struct rebuild {
	struct tsm_blob in;
	size_t at;
};

/* The next @len bytes must be these. */
static inline void rebuild_put(struct rebuild *r, const void *data, size_t len)
{
	ENSURE(len <= r->in.len - r->at);
	ENSURE(!len || !memcmp(r->in.data + r->at, data, len));
	r->at += len;
}

/* A number of @size bytes, the lowest first. */
static inline void rebuild_le(struct rebuild *r, uint64_t value, size_t size)
{
	uint8_t byte;

	for (; size; size--) {
		byte = (uint8_t)value;
		rebuild_put(r, &byte, 1);
		value >>= 8;
	}
	ENSURE(!value);
}

/* A part that is pointed at, not copied, must also be that very place. */
static inline void rebuild_blob(struct rebuild *r, const struct tsm_blob *blob)
{
	ENSURE(!blob->len || blob->data == r->in.data + r->at);
	ENSURE(blob->len <= r->in.len - r->at);
	r->at += blob->len;
}

#endif /* TSM_FUZZ_REBUILD_H */
