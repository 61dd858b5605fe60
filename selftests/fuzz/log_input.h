/* SPDX-License-Identifier: MIT */
/*
 * Event logs as inputs: a byte that says how to look at it, and then the log.
 * Of that byte, bit 0 parts the log at its second header, and the rest is how
 * much of it is settled, in 127ths.
 */
#ifndef TSM_FUZZ_LOG_INPUT_H
#define TSM_FUZZ_LOG_INPUT_H

#include "../../tools/lib/tsm_replay.h"

#include "fuzz.h"

/**
 * struct log_input - what is in the input
 * @part: the log, in one part or two
 * @parts: how many
 * @whole: all of it
 */
struct log_input {
	struct tsm_log_part part[2];
	unsigned int parts;
	struct tsm_blob whole;
};

static inline void log_input_split(struct log_input *l)
{
	struct tsm_log_record r;
	struct tsm_log log;

	if (tsm_log_open(&log, l->whole.data, l->whole.len, NULL))
		return;
	while (tsm_log_next(&log, &r, NULL) > 0) {
		if (!r.is_spec_id || !r.number)
			continue;
		l->part[1] = l->part[0];
		l->part[1].name = "second";
		l->part[0].bytes.len = r.offset;
		l->part[1].bytes.data += r.offset;
		l->part[1].bytes.len -= r.offset;
		l->parts = 2;
		return;
	}
}

static inline void log_input_read(const struct tsm_blob *in,
				  struct log_input *l)
{
	unsigned int i;

	memset(l, 0, sizeof(*l));
	l->part[0].name = "first";
	l->parts = 1;
	if (!in->len)
		return;
	l->whole = (struct tsm_blob){ in->data + 1, in->len - 1 };
	l->part[0].bytes = l->whole;
	if (in->data[0] & 1)
		log_input_split(l);
	for (i = 0; i < l->parts; i++)
		l->part[i].settled = l->part[i].bytes.len *
				     (in->data[0] >> 1) / 127;
}

/* FNV-1a, for results that are too long to be kept. */
static inline void mix(uint64_t *hash, const void *data, size_t len)
{
	const uint8_t *p = data;

	for (; len; len--, p++)
		*hash = (*hash ^ *p) * 0x100000001b3u;
}

#endif /* TSM_FUZZ_LOG_INPUT_H */
