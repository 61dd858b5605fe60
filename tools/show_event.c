// SPDX-License-Identifier: MIT
/* Prints the records of event logs: a line each, or all there is as JSON. */
#include "cmd_log.h"

#include <stdarg.h>
#include <stdio.h>

/* A line of text says as much; JSON has the rest. */
#define TEXT_SIZE	200
#define JSON_SIZE	8192

/* Bytes of a digest that are enough to know it again. */
#define DIGEST_SHOWN	6

/* Records with a wrong digest that are named; of the others, the number is. */
#define WRONG_MAX	16

/**
 * struct listing - what was found on the way
 * @wrong: records whose digest is not of their data
 * @wrongs: how many
 */
struct listing {
	unsigned int wrong[WRONG_MAX];
	unsigned int wrongs;
};

const char *event_name(uint32_t type, char number[11])
{
	const char *name = tsm_event_type_name(type);

	if (name)
		return name;
	snprintf(number, 11, "0x%08x", type);
	return number;
}

const char *register_name(uint32_t mr_index)
{
	static const char *const names[] = {
		"mrtd", "rtmr0", "rtmr1", "rtmr2", "rtmr3",
	};

	return mr_index < sizeof(names) / sizeof(names[0]) ? names[mr_index] :
							     NULL;
}

__attribute__((format(printf, 3, 0)))
static void sentence(struct out *out, const char *indent, const char *fmt,
		     va_list args)
{
	char text[1024], safe[4 * sizeof(text)];

	vsnprintf(text, sizeof(text), fmt, args);
	out_escape(safe, text);
	if (json_wanted)
		out_str(out, "", "%s", text);
	else
		out_note(out, "%s%s", indent, safe);
}

void show_sentence(struct out *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	sentence(out, "", fmt, args);
	va_end(args);
}

void show_reason(struct out *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	sentence(out, "  ", fmt, args);
	va_end(args);
}

/* The digest that registers see; others are in JSON. */
static void shorten(char *text, const struct tsm_log_record *record)
{
	unsigned int i;

	if (record->type == TSM_EV_NO_ACTION || !record->sha384) {
		snprintf(text, 2 * DIGEST_SHOWN + 1, "-");
		return;
	}
	for (i = 0; i < DIGEST_SHOWN; i++)
		sprintf(text + 2 * i, "%02x", record->sha384[i]);
}

static void show_row(struct out *out, const struct tsm_log_record *record,
		     enum tsm_event_check check)
{
	const char *reg = register_name(record->mr_index);
	char says[TEXT_SIZE], safe[4 * TEXT_SIZE], digest[2 * DIGEST_SHOWN + 1];
	char number[11];

	if (record->type == TSM_EV_NO_ACTION)
		reg = "-";
	shorten(digest, record);
	tsm_event_describe(record, says, sizeof(says));
	out_escape(safe, says);
	out_note(out, "%5u  %-6s %-32s  %-*s%s %s", record->number,
		 reg ? reg : "?", event_name(record->type, number),
		 2 * DIGEST_SHOWN, digest,
		 check == TSM_EVENT_WRONG ? "!" : " ", safe);
}

static void show_digests(struct out *out, const struct tsm_log_record *record)
{
	const struct tsm_log_digest *digest;
	const char *name;
	unsigned int i;

	out_list(out, "digests");
	for (i = 0; i < record->digests; i++) {
		digest = &record->digest[i];
		name = tsm_log_alg_name(digest->alg);
		out_section(out, "");
		if (name)
			out_str(out, "alg", "%s", name);
		else
			out_str(out, "alg", "0x%04x", digest->alg);
		out_hex(out, "digest", digest->value.data, digest->value.len);
		out_end(out);
	}
	out_list_end(out);
}

static void show_json(struct out *out, const struct log_set *set,
		      const struct tsm_log_record *record,
		      enum tsm_event_check check)
{
	const char *reg = register_name(record->mr_index);
	char says[JSON_SIZE], number[11];

	out_section(out, "");
	out_num(out, "number", record->number);
	out_str(out, "log", "%s", set->kind[record->part]);
	out_num(out, "offset", record->offset);
	out_num(out, "mr_index", record->mr_index);
	if (reg)
		out_str(out, "register", "%s", reg);
	out_check(out, "extends", record->type != TSM_EV_NO_ACTION, "", "");
	out_num(out, "event_type", record->type);
	out_str(out, "event_type_name", "%s", event_name(record->type, number));
	show_digests(out, record);
	if (check != TSM_EVENT_UNCHECKED)
		out_check(out, "digest_matches_event", check == TSM_EVENT_OK,
			  "", "");
	tsm_event_describe(record, says, sizeof(says));
	out_str(out, "description", "%s", says);
	show_event_details(out, record);
	out_num(out, "event_size", record->event.len);
	out_hex(out, "event", record->event.data, record->event.len);
	out_end(out);
}

static int show_record(struct out *out, const struct log_set *set,
		       const struct tsm_log_record *record,
		       struct listing *listing)
{
	enum tsm_event_check check;

	if (tsm_event_check(record, &check)) {
		complain("no digest could be computed: out of memory");
		return FAILED;
	}
	if (check == TSM_EVENT_WRONG) {
		if (listing->wrongs < WRONG_MAX)
			listing->wrong[listing->wrongs] = record->number;
		listing->wrongs++;
	}
	if (json_wanted)
		show_json(out, set, record, check);
	else
		show_row(out, record, check);
	return DONE;
}

static void show_title(struct out *out, const struct log_set *set,
		       unsigned int part)
{
	out_note(out, "%s", "");
	if (set->parts > 1)
		show_sentence(out, "%s log, %s:", set->kind[part],
			      set->part[part].name);
}

static int show_records(struct out *out, const struct log_set *set,
			struct listing *listing)
{
	struct tsm_log_record record;
	unsigned int part = LOGS_MAX;
	struct tsm_chain chain;
	struct tsm_error err;
	int ret, code = DONE;

	tsm_chain_begin(&chain, set->part, set->parts);
	while (!code && (ret = tsm_chain_next(&chain, &record, &err)) > 0) {
		if (!json_wanted && record.part != part)
			show_title(out, set, record.part);
		part = record.part;
		code = show_record(out, set, &record, listing);
	}
	if (!code && ret) {
		complain("%s", err.text);
		code = FAILED;
	}
	return code;
}

static const char *end_name(enum tsm_log_end end)
{
	switch (end) {
	case TSM_LOG_END_ONES:
		return "filled with 0xff";
	case TSM_LOG_END_ZEROS:
		return "filled with 0x00";
	default:
		return "with its last byte";
	}
}

/* Of a log without malformed records; others count up to there. */
static void walk(const struct tsm_log_part *part, struct tsm_log *log)
{
	struct tsm_log_record record;

	if (tsm_log_open(log, part->bytes.data, part->bytes.len, NULL))
		return;
	while (tsm_log_next(log, &record, NULL) > 0)
		;
}

void show_files(struct out *out, const struct log_set *set)
{
	struct tsm_log log;
	unsigned int i;

	out_list(out, "logs");
	for (i = 0; i < set->parts; i++) {
		walk(&set->part[i], &log);
		if (!json_wanted) {
			show_sentence(out, "%s log: %u records, %zu of %zu bytes, %s",
				      set->kind[i], log.next, log.pos,
				      log.bytes.len, end_name(log.end));
			continue;
		}
		out_section(out, "");
		out_str(out, "log", "%s", set->kind[i]);
		out_str(out, "file", "%s", set->part[i].name);
		out_num(out, "records", log.next);
		out_num(out, "size", log.pos);
		out_num(out, "file_size", log.bytes.len);
		out_str(out, "end", "%s", end_name(log.end));
		out_num(out, "hidden_bytes", tsm_log_hidden(&log));
		out_end(out);
	}
	out_list_end(out);
}

void show_hidden(struct out *out, const struct log_set *set)
{
	struct tsm_log log;
	unsigned int i;

	for (i = 0; i < set->parts; i++) {
		walk(&set->part[i], &log);
		if (!tsm_log_hidden(&log))
			continue;
		show_sentence(out, "%s log: behind its end mark at offset %zu are %zu bytes that are no fill: not part of the log",
			      set->kind[i], log.pos, tsm_log_hidden(&log));
	}
}

void show_notes(struct out *out, const struct log_set *set)
{
	unsigned int i;

	for (i = 0; i < set->notes; i++)
		show_sentence(out, "%s", set->note[i]);
}

static void show_wrong(struct out *out, const struct listing *listing)
{
	unsigned int i;

	for (i = 0; i < listing->wrongs && i < WRONG_MAX; i++)
		show_sentence(out, "record %u: its digest is not that of its event data: what it says is not what was measured",
			      listing->wrong[i]);
	if (listing->wrongs > WRONG_MAX)
		show_sentence(out, "%u more records are like that",
			      listing->wrongs - WRONG_MAX);
}

int show_logs(struct out *out, const struct log_set *set)
{
	struct listing listing = { .wrongs = 0 };
	int code;

	out_list(out, "records");
	code = show_records(out, set, &listing);
	out_list_end(out);
	if (code)
		return code;
	if (!json_wanted)
		out_note(out, "%s", "");
	show_files(out, set);
	out_list(out, "remarks");
	show_notes(out, set);
	show_hidden(out, set);
	show_wrong(out, &listing);
	out_list_end(out);
	return DONE;
}
