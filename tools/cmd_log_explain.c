// SPDX-License-Identifier: MIT
/* Says what it means if an event log does not lead to a register's value. */
#include "cmd_log.h"

#include <stdio.h>
#include <string.h>

/* What a record says is cut here. */
#define SAYS_SIZE	100

static bool find_record(const struct log_set *set, unsigned int number,
			struct tsm_log_record *record)
{
	struct tsm_chain chain;

	tsm_chain_begin(&chain, set->part, set->parts);
	while (tsm_chain_next(&chain, record, NULL) > 0) {
		if (record->number == number)
			return true;
	}
	return false;
}

/* "record 12 (runtime log, EV_IPL: ...)" */
static void name_record(const struct log_set *set, unsigned int number,
			char *text, size_t size)
{
	char says[SAYS_SIZE], type[11];
	struct tsm_log_record record;
	struct tsm_log_state state;

	if (!find_record(set, number, &record)) {
		snprintf(text, size, "record %u", number);
		return;
	}
	/* of these, the values would fill the line */
	if (tsm_log_state_parse(&record, &state, NULL) > 0) {
		snprintf(text, size, "record %u (%s log: %s)", number,
			 set->kind[record.part],
			 state.reason == TSM_STATE_OPENING ?
			 "values at load of tsm_guest" :
			 "a gap that tsm_guest found");
		return;
	}
	tsm_event_describe(&record, says, sizeof(says));
	snprintf(text, size, "record %u (%s log, %s: %s)", number,
		 set->kind[record.part], event_name(record.type, type), says);
}

/* Whether tsm_guest told the values at its load there. */
static bool is_opening(const struct log_set *set, unsigned int number)
{
	struct tsm_log_record record;
	struct tsm_log_state state;

	return find_record(set, number, &record) &&
	       tsm_log_state_parse(&record, &state, NULL) > 0 &&
	       state.reason == TSM_STATE_OPENING;
}

static bool is_zero(const uint8_t *value)
{
	static const uint8_t zero[TSM_RTMR_SIZE];

	return !memcmp(value, zero, sizeof(zero));
}

/* Where the value is that of an earlier time, the evidence may just be older. */
static void explain_seen(struct out *out, const struct log_set *set,
			 const struct verdict *v)
{
	char last[256];

	if (!v->reg->is_seen)
		return;
	if (!v->reg->seen_at && is_zero(v->value)) {
		show_reason(out, "The register was never extended, but the log has %u record%s for it.",
			    v->reg->extends, v->reg->extends == 1 ? "" : "s");
	} else {
		name_record(set, v->reg->seen_at, last, sizeof(last));
		show_reason(out, "The log leads to its value up to %s; %u later record%s for it.",
			    last, v->reg->later,
			    v->reg->later == 1 ? " is" : "s are");
	}
	show_reason(out, "Either the register was read before those extends, or they are in the log and never happened.");
}

static void explain_unseen(struct out *out, const struct log_set *set,
			   const struct verdict *v)
{
	char text[256];

	if (v->reg->is_seen)
		return;
	if (v->without) {
		name_record(set, v->without, text, sizeof(text));
		show_reason(out, "The log would lead to its value without %s: that extend never happened.",
			    text);
		return;
	}
	show_reason(out, "No part of the log, from its beginning on, leads to its value.");
	if (v->suspect) {
		name_record(set, v->suspect, text, sizeof(text));
		show_reason(out, "The digest of %s is not that of its data: one of both was altered.",
			    text);
	}
	if (v->reg->agrees) {
		name_record(set, v->reg->agrees_at, text, sizeof(text));
		show_reason(out, "At %s the log was right, as it says itself.",
			    text);
	}
	if (!v->has_runtime)
		show_reason(out, "There is no runtime log: what was extended after boot is not known.");
	show_reason(out, "Either a record was altered, added, left out or moved, or something extended the register that is not in the log%s.",
		    v->index == 2 ? ", as IMA does" : "");
}

static void explain_gap(struct out *out, const struct log_set *set,
			const struct verdict *v)
{
	char text[256];

	if (!v->reg->gaps)
		return;
	name_record(set, v->reg->gap_at, text, sizeof(text));
	show_reason(out, "Before %s%s something extended the register that is not in the log.",
		    text, v->reg->gaps > 1 ? ", and before later ones," : "");
	if (is_opening(set, v->reg->gap_at))
		show_reason(out, "That was between boot and load of tsm_guest, or while it was loaded before, with a log that is gone.");
	if (v->verdict == TSM_VERDICT_GAP)
		show_reason(out, "From there on, the log leads to its value.");
}

static void explain_partial(struct out *out, const struct log_set *set,
			    const struct verdict *v)
{
	char text[256];

	if (!v->reg->is_told)
		return;
	name_record(set, v->reg->told_at, text, sizeof(text));
	show_reason(out, "How it came to its value at %s is not in the log.",
		    text);
	if (v->verdict == TSM_VERDICT_PARTIAL && !set->is_own)
		show_reason(out, "Of a file that is not believed: --ccel FILE gives the boot log, which explains it.");
}

void explain_verdict(struct out *out, const struct log_set *set,
		     const struct verdict *v)
{
	out_list(out, "explanation");
	if (v->verdict == TSM_VERDICT_MISMATCH) {
		explain_seen(out, set, v);
		explain_unseen(out, set, v);
	}
	explain_gap(out, set, v);
	explain_partial(out, set, v);
	out_list_end(out);
}
