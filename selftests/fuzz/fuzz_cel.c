// SPDX-License-Identifier: MIT
/* Event logs written in other forms, which are read again by readers of ours. */
#include "../../tools/lib/tsm_cel.h"

#include "log_input.h"

#include <jansson.h>
#include <stdlib.h>

/* TCG Canonical Event Log Format 1.0, 5.1 */
enum { RECNUM = 0, DIGESTS = 3, PCCLIENT = 5, CCMR = 108 };
#define FORMATS	3

static struct seen {
	uint64_t bytes[FORMATS];
	size_t len[FORMATS];
	int ret[FORMATS];
	int fill;
} first, again;

static int look(const struct tsm_blob *in, void *result, struct tsm_error *err)
{
	struct seen *s = result;
	struct log_input l;
	uint8_t *out;
	int i, ret;

	log_input_read(in, &l);
	memset(s, 0, sizeof(*s));
	for (i = 0; i < FORMATS; i++) {
		ret = tsm_log_export(l.part, l.parts, (enum tsm_log_format)i,
				     &out, &s->len[i], err);
		/* a log of headers only is nothing in CEL, and NULL */
		ENSURE(!s->len[i] == !out && (!ret || !out));
		mix(&s->bytes[i], out, s->len[i]);
		free(out);
		s->ret[i] = ret;
		if (ret == -ENOMEM)
			break;
	}
	if (i == FORMATS)
		ret = s->ret[TSM_LOG_CEL_JSON];
	if (ret)
		memset(s, 0, sizeof(*s));
	return ret;
}

/* Records that are to be in the export. */
static size_t wanted(const struct log_input *l)
{
	struct tsm_log_record r;
	struct tsm_chain chain;
	size_t count = 0;

	tsm_chain_begin(&chain, l->part, l->parts);
	while (tsm_chain_next(&chain, &r, NULL) > 0)
		count += !r.is_spec_id;
	return count;
}

/* A field: its type, a length in big-endian, that much. */
static struct tsm_blob field(struct tsm_blob *b, uint8_t *type)
{
	struct tsm_blob value;
	size_t len;

	ENSURE(b->len >= 5);
	*type = b->data[0];
	len = (size_t)b->data[1] << 24 | b->data[2] << 16 | b->data[3] << 8 |
	      b->data[4];
	ENSURE(len <= b->len - 5);
	value = (struct tsm_blob){ b->data + 5, len };
	b->data += 5 + len;
	b->len -= 5 + len;
	return value;
}

static void read_tlv(struct tsm_blob b, size_t records)
{
	struct tsm_blob v, sub;
	uint8_t type;
	size_t n, i;

	for (n = 0; b.len; n++) {
		v = field(&b, &type);
		ENSURE(type == RECNUM && v.len == 8);
		for (i = 0; i < 8; i++)
			ENSURE(v.data[i] == (uint8_t)(n >> 8 * (7 - i)));
		v = field(&b, &type);
		ENSURE(type == CCMR && v.len == 1);
		v = field(&b, &type);
		ENSURE(type == DIGESTS);
		while (v.len)
			field(&v, &type);
		v = field(&b, &type);
		ENSURE(type == PCCLIENT);
		sub = field(&v, &type);
		ENSURE(type == 0 && sub.len == 4);
		field(&v, &type);
		ENSURE(type == 1 && !v.len);
	}
	ENSURE(n == records);
}

static void read_json(const struct tsm_blob *b, size_t records)
{
	json_t *root = json_loadb((const char *)b->data, b->len,
				  JSON_REJECT_DUPLICATES, NULL);
	size_t i;

	ENSURE(json_is_array(root) && json_array_size(root) == records);
	for (i = 0; i < records; i++)
		ENSURE(json_integer_value(json_object_get(
				json_array_get(root, i), "recnum")) ==
		       (json_int_t)i);
	json_decref(root);
}

/* One log again, which leads to the same values and is exported as itself. */
static void read_tcg(const struct log_input *l, const struct tsm_blob *b)
{
	static struct tsm_replay before, after;
	struct tsm_log_part part = { .name = "again", .bytes = *b };
	uint8_t *out;
	size_t len;
	int ret;

	ENSURE(!tsm_log_export(&part, 1, TSM_LOG_TCG, &out, &len, NULL));
	ENSURE(fuzz_same(b->data, b->len, out, len));
	free(out);
	ret = tsm_replay_run(l->part, l->parts, NULL, &before, NULL);
	ENSURE(ret == tsm_replay_run(&part, 1, NULL, &after, NULL));
	if (ret)
		return;
	ENSURE(before.records - before.headers == after.records);
	for (unsigned int i = 0; i < TSM_RTMRS; i++)
		ENSURE(!memcmp(before.reg[i].value, after.reg[i].value, 48));
}

static void read_again(const struct log_input *l, enum tsm_log_format format,
		       size_t records)
{
	struct tsm_blob out;
	uint8_t *data;

	if (tsm_log_export(l->part, l->parts, format, &data, &out.len, NULL))
		return;
	out.data = data;
	if (format == TSM_LOG_CEL_TLV)
		read_tlv(out, records);
	else if (format == TSM_LOG_CEL_JSON)
		read_json(&out, records);
	else
		read_tcg(l, &out);
	free(data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tsm_blob in = fuzz_evidence(data, size);
	struct log_input l;
	size_t records;
	int i;

	if (fuzz_all_ways(data, size, look, &first, &again, sizeof(first)))
		return 0;
	log_input_read(&in, &l);
	records = wanted(&l);
	for (i = 0; i < FORMATS; i++)
		read_again(&l, (enum tsm_log_format)i, records);
	return 0;
}
