// SPDX-License-Identifier: MIT
/* Writes event logs for verifiers: TCG crypto-agile, CEL-TLV, CEL-JSON. */
#include "tsm_cel.h"

#include "lib_private.h"

#include <errno.h>
#include <stdlib.h>

/* [CEL] 5.1: types of a record's fields; go-eventlog for the register */
enum { CEL_RECNUM = 0, CEL_DIGESTS = 3, CEL_PCCLIENT_STD = 5, CEL_CCMR = 108 };

/* [CEL] 5.1: types in content of the PC Client profile */
enum { CEL_EVENT_TYPE = 0, CEL_EVENT_DATA = 1 };

/* type and length */
#define TLV_HEAD	5

/**
 * struct buffer - bytes that become more
 * @data: allocated
 * @len: how many
 * @size: room
 * @failed: there was no memory, and bytes are missing
 */
struct buffer {
	uint8_t *data;
	size_t len;
	size_t size;
	bool failed;
};

static void put(struct buffer *b, const void *data, size_t len)
{
	size_t size = b->size ? b->size : 65536;
	uint8_t *bigger;

	if (b->failed)
		return;
	if (len > b->size - b->len) {
		while (size - b->len < len)
			size *= 2;
		bigger = realloc(b->data, size);
		b->failed = !bigger;
		if (!bigger)
			return;
		b->data = bigger;
		b->size = size;
	}
	if (len)
		memcpy(b->data + b->len, data, len);
	b->len += len;
}

static void put_text(struct buffer *b, const char *text)
{
	put(b, text, strlen(text));
}

static void put_be(struct buffer *b, uint64_t value, unsigned int bytes)
{
	uint8_t byte;

	while (bytes--) {
		byte = (uint8_t)(value >> 8 * bytes);
		put(b, &byte, 1);
	}
}

static void put_tlv(struct buffer *b, uint8_t type, size_t len)
{
	put_be(b, type, 1);
	put_be(b, len, 4);
}

static void put_tlv_data(struct buffer *b, uint8_t type,
			 const struct tsm_blob *value)
{
	put_tlv(b, type, value->len);
	put(b, value->data, value->len);
}

static int put_cel_tlv(struct buffer *b, const struct tsm_log_record *record,
		       uint64_t recnum, struct tsm_error *err)
{
	size_t digests = 0;
	unsigned int i;

	for (i = 0; i < record->digests; i++) {
		digests += TLV_HEAD + record->digest[i].value.len;
		if (record->digest[i].alg > UINT8_MAX)
			return tsm_error_set(err, -ERANGE,
					     "record %u: algorithm 0x%04x has no number in CEL-TLV",
					     record->number,
					     record->digest[i].alg);
	}
	if (record->mr_index > UINT8_MAX)
		return tsm_error_set(err, -ERANGE,
				     "record %u: register %u has no number in CEL-TLV",
				     record->number, record->mr_index);
	put_tlv(b, CEL_RECNUM, 8);
	put_be(b, recnum, 8);
	put_tlv(b, CEL_CCMR, 1);
	put_be(b, record->mr_index, 1);
	put_tlv(b, CEL_DIGESTS, digests);
	for (i = 0; i < record->digests; i++)
		put_tlv_data(b, (uint8_t)record->digest[i].alg,
			     &record->digest[i].value);
	put_tlv(b, CEL_PCCLIENT_STD, TLV_HEAD + 4 + TLV_HEAD +
		record->event.len);
	put_tlv(b, CEL_EVENT_TYPE, 4);
	put_be(b, record->type, 4);
	put_tlv_data(b, CEL_EVENT_DATA, &record->event);
	return 0;
}

static void put_number(struct buffer *b, uint64_t value)
{
	char text[21], *p = text + sizeof(text) - 1;

	*p = '\0';
	do {
		*--p = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	put_text(b, p);
}

static void put_hex(struct buffer *b, const struct tsm_blob *blob)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < blob->len; i++) {
		put(b, &digits[blob->data[i] >> 4], 1);
		put(b, &digits[blob->data[i] & 15], 1);
	}
}

/* [CEL] 5.3: an algorithm without a name is "0x" and four digits. */
static void put_alg(struct buffer *b, uint16_t id)
{
	const uint8_t bytes[] = { (uint8_t)(id >> 8), (uint8_t)id };
	const struct tsm_blob blob = { bytes, sizeof(bytes) };

	if (tsm_log_alg_name(id)) {
		put_text(b, tsm_log_alg_name(id));
		return;
	}
	put_text(b, "0x");
	put_hex(b, &blob);
}

/* Nothing here needs an escape: names of ours, numbers and hex digits. */
static void put_cel_json(struct buffer *b, const struct tsm_log_record *record,
			 uint64_t recnum)
{
	const char *name = tsm_event_type_name(record->type);
	unsigned int i;

	put_text(b, recnum ? ",\n{\"recnum\":" : "{\"recnum\":");
	put_number(b, recnum);
	put_text(b, ",\"ccmr\":");
	put_number(b, record->mr_index);
	put_text(b, ",\"digests\":[");
	for (i = 0; i < record->digests; i++) {
		put_text(b, i ? ",{\"hashAlg\":\"" : "{\"hashAlg\":\"");
		put_alg(b, record->digest[i].alg);
		put_text(b, "\",\"digest\":\"");
		put_hex(b, &record->digest[i].value);
		put_text(b, "\"}");
	}
	put_text(b, "],\"content_type\":\"pcclient_std\","
		    "\"content\":{\"event_type\":");
	if (name) {
		put_text(b, "\"");
		put_text(b, name);
		put_text(b, "\"");
	} else {
		put_number(b, record->type);
	}
	put_text(b, ",\"event_data\":\"");
	put_hex(b, &record->event);
	put_text(b, "\"}}");
}

/*
 * Records stay as they are, so a parser must find their algorithms in the one
 * header that is left.
 */
static int join_header(const struct tsm_log_spec *first,
		       const struct tsm_log_spec *spec, struct tsm_error *err)
{
	unsigned int i, j;

	for (i = 0; i < spec->algs; i++) {
		for (j = 0; j < first->algs; j++) {
			if (spec->alg[i].id == first->alg[j].id &&
			    spec->alg[i].size == first->alg[j].size)
				break;
		}
		if (j == first->algs)
			return tsm_error_set(err, -EPROTONOSUPPORT,
					     "the logs cannot be one: a later header names algorithm 0x%04x with %u bytes, the first does not",
					     spec->alg[i].id,
					     spec->alg[i].size);
	}
	return 0;
}

/*
 * [PFP] 10.4.5.1 gives the header register 0. EDK2 writes 1 in a TD, which
 * tpm2_eventlog refuses; it extends nothing either way.
 */
static void put_header(struct buffer *b, const struct tsm_log_record *record)
{
	static const uint8_t none[4];

	put(b, none, sizeof(none));
	put(b, record->bytes.data + sizeof(none),
	    record->bytes.len - sizeof(none));
}

static int put_record(struct buffer *b, const struct tsm_log_record *record,
		      enum tsm_log_format format, uint64_t *recnum,
		      struct tsm_error *err)
{
	int ret = 0;

	if (record->is_spec_id && (record->number || format != TSM_LOG_TCG))
		return 0;
	if (record->is_spec_id)
		put_header(b, record);
	else if (format == TSM_LOG_TCG)
		put(b, record->bytes.data, record->bytes.len);
	else if (format == TSM_LOG_CEL_TLV)
		ret = put_cel_tlv(b, record, *recnum, err);
	else
		put_cel_json(b, record, *recnum);
	++*recnum;
	return ret;
}

static int put_all(struct buffer *b, const struct tsm_log_part *part,
		   unsigned int parts, enum tsm_log_format format,
		   struct tsm_error *err)
{
	struct tsm_log_spec first = { .algs = 0 };
	struct tsm_log_record record;
	struct tsm_chain chain;
	uint64_t recnum = 0;
	int ret;

	tsm_chain_begin(&chain, part, parts);
	while ((ret = tsm_chain_next(&chain, &record, err)) > 0) {
		if (!record.number)
			first = chain.log.spec;
		ret = 0;
		if (format == TSM_LOG_TCG)
			ret = join_header(&first, &chain.log.spec, err);
		if (!ret)
			ret = put_record(b, &record, format, &recnum, err);
		if (ret)
			return ret;
	}
	return ret;
}

int tsm_log_export(const struct tsm_log_part *part, unsigned int parts,
		   enum tsm_log_format format, uint8_t **data, size_t *len,
		   struct tsm_error *err)
{
	const bool json = format == TSM_LOG_CEL_JSON;
	struct buffer b = { 0 };
	int ret;

	*data = NULL;
	*len = 0;
	if (json)
		put_text(&b, "[");
	ret = put_all(&b, part, parts, format, err);
	if (json)
		put_text(&b, "]\n");
	if (!ret && b.failed)
		ret = tsm_error_set(err, -ENOMEM, "out of memory");
	if (ret) {
		free(b.data);
		return ret;
	}
	*data = b.data;
	*len = b.len;
	return 0;
}
