// SPDX-License-Identifier: MIT
/* Walks over an event log in TCG crypto-agile format, [PFP] 10.2. */
#include "tsm_eventlog.h"

#include "lib_private.h"

#include <errno.h>

/* [PFP] 10.2.1: what a record has before its event data in the older form */
#define SHA1_HEAD	32

/* [PFP] 10.2.2: mrIndex, type and number of digests */
#define EVENT_HEAD	12

static int bad(struct tsm_error *err, const struct tsm_log_record *record,
	       const char *what)
{
	return tsm_error_set(err, -EBADMSG, "record %u at offset %zu: %s",
			     record->number, record->offset, what);
}

static int cut_short(struct tsm_error *err, const struct tsm_log_record *record,
		     const struct cursor *c, const char *what, size_t need)
{
	return tsm_error_set(err, -EBADMSG,
			     "record %u at offset %zu: cut short: %s needs %zu bytes, %zu are left",
			     record->number, record->offset, what, need,
			     c->left);
}

static struct cursor here(const struct tsm_log *log)
{
	struct cursor c = cursor_over(log->bytes.data, log->bytes.len);
	const uint8_t *before;

	cursor_take(&c, log->pos, &before);
	return c;
}

static bool is_fill(const uint8_t *data, size_t len, uint8_t value)
{
	while (len && data[len - 1] == value)
		len--;
	return !len;
}

/*
 * Where a log area has less room left than an end mark is long, the fill is as
 * short as that.
 */
static enum tsm_log_end end_mark(const struct cursor *c)
{
	const size_t ones = c->left < 4 ? c->left : 4;
	const size_t zeros = c->left < EVENT_HEAD ? c->left : EVENT_HEAD;

	if (!c->left)
		return TSM_LOG_END_OF_BYTES;
	if (is_fill(c->pos, ones, 0xff))
		return TSM_LOG_END_ONES;
	if (is_fill(c->pos, zeros, 0))
		return TSM_LOG_END_ZEROS;
	return TSM_LOG_GOES_ON;
}

/*
 * In the form of all other records it would be one with no digests and no event
 * data, and the zeros that follow an end mark: whoever joins two logs like that
 * hides the second one from simpler readers.
 */
static bool is_spec_id(struct cursor c)
{
	const uint8_t *head, *signature;
	uint32_t mr_index, type;

	return cursor_le32(&c, &mr_index) && cursor_le32(&c, &type) &&
	       type == TSM_EV_NO_ACTION &&
	       cursor_take(&c, SHA1_HEAD - 8, &head) &&
	       is_fill(head, 20, 0) && cursor_take(&c, 16, &signature) &&
	       !memcmp(signature, TSM_SPEC_ID_SIGNATURE, 16);
}

static const struct tsm_log_alg *find_alg(const struct tsm_log_spec *spec,
					  uint16_t id)
{
	unsigned int i;

	for (i = 0; i < spec->algs; i++) {
		if (spec->alg[i].id == id)
			return &spec->alg[i];
	}
	return NULL;
}

static bool parse_algs(struct cursor *c, struct tsm_log_spec *spec)
{
	uint32_t count, i;
	uint16_t id, size;

	if (!cursor_le32(c, &count) || !count || count > TSM_LOG_ALGS_MAX)
		return false;
	for (i = 0; i < count; i++) {
		if (!cursor_le16(c, &id) || !cursor_le16(c, &size) || !size)
			return false;
		if (find_alg(spec, id))
			return false;
		if (tsm_log_alg_size(id) && tsm_log_alg_size(id) != size)
			return false;
		spec->alg[i] = (struct tsm_log_alg){ id, size };
		spec->algs = i + 1;
	}
	return true;
}

bool tsm_log_spec_parse(const struct tsm_blob *event, struct tsm_log_spec *spec)
{
	struct cursor c = cursor_over(event->data, event->len);
	const uint8_t *signature;
	uint8_t vendor;

	memset(spec, 0, sizeof(*spec));
	if (cursor_take(&c, 16, &signature) &&
	    !memcmp(signature, TSM_SPEC_ID_SIGNATURE, 16) &&
	    cursor_le32(&c, &spec->platform_class) &&
	    cursor_u8(&c, &spec->minor) && cursor_u8(&c, &spec->major) &&
	    cursor_u8(&c, &spec->errata) && cursor_u8(&c, &spec->uintn_size) &&
	    parse_algs(&c, spec) && cursor_u8(&c, &vendor) &&
	    cursor_take(&c, vendor, &spec->vendor.data) && !c.left) {
		spec->vendor.len = vendor;
		return true;
	}
	memset(spec, 0, sizeof(*spec));
	return false;
}

static int parse_data(struct cursor *c, struct tsm_log_record *record,
		      struct tsm_error *err)
{
	uint32_t size;

	if (!cursor_le32(c, &size))
		return cut_short(err, record, c, "the size of its event data",
				 4);
	if (!cursor_take(c, size, &record->event.data))
		return cut_short(err, record, c, "its event data", size);
	record->event.len = size;
	return 0;
}

static int parse_header(struct tsm_log *log, struct cursor *c,
			struct tsm_log_record *record, struct tsm_error *err)
{
	struct tsm_log_digest *digest = &record->digest[0];
	struct tsm_log_spec spec;
	int ret;

	if (!cursor_le32(c, &record->mr_index) ||
	    !cursor_le32(c, &record->type) ||
	    !cursor_take(c, tsm_log_alg_size(TSM_ALG_SHA1),
			 &digest->value.data))
		return cut_short(err, record, c, "a Spec ID header", SHA1_HEAD);
	digest->alg = TSM_ALG_SHA1;
	digest->value.len = tsm_log_alg_size(TSM_ALG_SHA1);
	record->digests = 1;
	record->is_spec_id = true;
	ret = parse_data(c, record, err);
	if (ret)
		return ret;
	if (!tsm_log_spec_parse(&record->event, &spec))
		return bad(err, record,
			   "malformed Spec ID event: its algorithms, their sizes or its length are wrong");
	log->spec = spec;
	return 0;
}

static int parse_digest(const struct tsm_log *log, struct cursor *c,
			struct tsm_log_record *record, struct tsm_error *err)
{
	struct tsm_log_digest *digest = &record->digest[record->digests];
	const struct tsm_log_alg *alg;
	unsigned int i;

	if (!cursor_le16(c, &digest->alg))
		return cut_short(err, record, c, "the algorithm of a digest",
				 2);
	alg = find_alg(&log->spec, digest->alg);
	if (!alg)
		return tsm_error_set(err, -EBADMSG,
				     "record %u at offset %zu: a digest of algorithm 0x%04x, which the header does not name",
				     record->number, record->offset,
				     digest->alg);
	/* parsers that take the first and the last would not agree */
	for (i = 0; i < record->digests; i++) {
		if (record->digest[i].alg == digest->alg)
			return tsm_error_set(err, -EBADMSG,
					     "record %u at offset %zu: two digests of algorithm 0x%04x",
					     record->number, record->offset,
					     digest->alg);
	}
	if (!cursor_take(c, alg->size, &digest->value.data))
		return cut_short(err, record, c, "a digest", alg->size);
	digest->value.len = alg->size;
	if (alg->id == TSM_ALG_SHA384)
		record->sha384 = digest->value.data;
	record->digests++;
	return 0;
}

static int parse_event(const struct tsm_log *log, struct cursor *c,
		       struct tsm_log_record *record, struct tsm_error *err)
{
	uint32_t count;
	int ret;

	if (c->left < EVENT_HEAD)
		return cut_short(err, record, c, "its head", EVENT_HEAD);
	cursor_le32(c, &record->mr_index);
	cursor_le32(c, &record->type);
	cursor_le32(c, &count);
	if (count > log->spec.algs)
		return tsm_error_set(err, -EBADMSG,
				     "record %u at offset %zu: %u digests, but the header names %u algorithms",
				     record->number, record->offset, count,
				     log->spec.algs);
	while (record->digests < count) {
		ret = parse_digest(log, c, record, err);
		if (ret)
			return ret;
	}
	return parse_data(c, record, err);
}

int tsm_log_next(struct tsm_log *log, struct tsm_log_record *record,
		 struct tsm_error *err)
{
	struct cursor c = here(log);
	const uint8_t *start = c.pos;
	int ret;

	memset(record, 0, sizeof(*record));
	if (!log->end)
		log->end = end_mark(&c);
	if (log->end)
		return 0;
	record->number = log->next;
	record->offset = log->pos;
	if (!log->next || is_spec_id(c))
		ret = parse_header(log, &c, record, err);
	else
		ret = parse_event(log, &c, record, err);
	if (ret) {
		memset(record, 0, sizeof(*record));
		return ret;
	}
	log->pos = cursor_offset(&c);
	log->next++;
	record->bytes.data = start;
	record->bytes.len = log->pos - record->offset;
	return 1;
}

bool tsm_log_guess(const void *data, size_t len)
{
	static const char signature[] = "Spec ID Event0";
	const uint8_t *p = data;

	/* older ones, too, for which tsm_log_open() has a word */
	return len > SHA1_HEAD + sizeof(signature) &&
	       !memcmp(p + SHA1_HEAD, signature, sizeof(signature) - 1);
}

int tsm_log_open(struct tsm_log *log, const void *data, size_t len,
		 struct tsm_error *err)
{
	struct tsm_log_record header;
	struct tsm_log probe;
	int ret;

	*log = (struct tsm_log){ .bytes = { data, len } };
	probe = *log;
	probe.end = len ? end_mark(&(struct cursor){ data, data, len }) :
			  TSM_LOG_END_OF_BYTES;
	if (probe.end)
		return tsm_error_set(err, -ENODATA, len ?
				     "empty: all %zu bytes are fill" :
				     "empty: %zu bytes", len);
	if (!is_spec_id(cursor_over(data, len)))
		return tsm_error_set(err, -EPROTONOSUPPORT,
				     "%zu bytes that do not begin with a Spec ID header: no log in TCG crypto-agile format",
				     len);
	ret = tsm_log_next(&probe, &header, err);
	if (ret < 0)
		return ret;
	log->spec = probe.spec;
	return 0;
}

size_t tsm_log_hidden(const struct tsm_log *log)
{
	const uint8_t fill = log->end == TSM_LOG_END_ONES ? 0xff : 0;
	struct cursor c = here(log);
	size_t count = 0;

	if (log->end != TSM_LOG_END_ONES && log->end != TSM_LOG_END_ZEROS)
		return 0;
	for (; c.left; c.pos++, c.left--)
		count += *c.pos != fill;
	return count;
}
