// SPDX-License-Identifier: MIT
/* tsmctl log replay: does the event log explain the registers? */
#include "cmd_log.h"

#include <stdio.h>
#include <string.h>

static const char *const verdict_names[] = {
	[TSM_VERDICT_EQUAL] = "equal",
	[TSM_VERDICT_PARTIAL] = "partial",
	[TSM_VERDICT_GAP] = "gap",
	[TSM_VERDICT_MISMATCH] = "mismatch",
};

static void good_news(const struct verdict *v, char *text, size_t size)
{
	if (v->verdict == TSM_VERDICT_PARTIAL)
		snprintf(text, size, "equal since tsm_guest was loaded, %u record%s",
			 v->reg->extends, v->reg->extends == 1 ? "" : "s");
	else if (v->reg->extends)
		snprintf(text, size, "equal, %u record%s", v->reg->extends,
			 v->reg->extends == 1 ? "" : "s");
	else
		snprintf(text, size, "equal, never extended");
}

static void show_text(struct out *out, const struct log_set *set,
		      const struct verdict *v)
{
	static const char *const bad[] = {
		[TSM_VERDICT_EQUAL] = "",
		[TSM_VERDICT_PARTIAL] = "PARTIAL: not explained from its beginning",
		[TSM_VERDICT_GAP] = "GAP: not explained by the log",
		[TSM_VERDICT_MISMATCH] = "MISMATCH",
	};
	char good[80];

	good_news(v, good, sizeof(good));
	out_check(out, v->name, v->accepted, good, bad[v->verdict]);
	if (!v->accepted)
		out_hex(out, "  register", v->value, TSM_RTMR_SIZE);
	if (v->verdict == TSM_VERDICT_MISMATCH)
		out_hex(out, "  log leads to", v->reg->value, TSM_RTMR_SIZE);
	explain_verdict(out, set, v);
}

static void show_json(struct out *out, const struct log_set *set,
		      const struct verdict *v)
{
	const struct tsm_replay_register *reg = v->reg;

	out_section(out, "");
	out_str(out, "name", "%s:sha384", v->name);
	out_str(out, "verdict", "%s", verdict_names[v->verdict]);
	out_check(out, "explained", v->accepted, "", "");
	out_hex(out, "value", v->value, TSM_RTMR_SIZE);
	out_hex(out, "replayed", reg->value, TSM_RTMR_SIZE);
	out_num(out, "extends", reg->extends);
	if (reg->is_seen) {
		out_num(out, "last_match", reg->seen_at);
		out_num(out, "later_records", reg->later);
	}
	if (reg->agrees)
		out_num(out, "agrees_at", reg->agrees_at);
	if (reg->is_told)
		out_num(out, "begins_at", reg->told_at);
	if (reg->gaps) {
		out_num(out, "gaps", reg->gaps);
		out_num(out, "first_gap", reg->gap_at);
	}
	if (v->without)
		out_num(out, "equal_without", v->without);
	if (v->suspect)
		out_num(out, "suspect", v->suspect);
	explain_verdict(out, set, v);
	out_end(out);
}

/* Hints for people: where there is no memory for one, there is none. */
static void look_closer(const struct log_set *set, struct verdict *v)
{
	struct tsm_log_record record;
	enum tsm_event_check check;
	struct tsm_chain chain;

	if (tsm_replay_without(set->part, set->parts, v->index, v->value,
			       &v->without) < 0)
		v->without = 0;
	tsm_chain_begin(&chain, set->part, set->parts);
	while (tsm_chain_next(&chain, &record, NULL) > 0) {
		if (record.mr_index != TSM_MR_RTMR(v->index) ||
		    tsm_event_check(&record, &check) ||
		    check != TSM_EVENT_WRONG)
			continue;
		v->suspect = record.number;
		return;
	}
}

/*
 * What a log says that the values were at load, it says of itself. The kernel
 * that we run on is believed that, a file is not.
 */
static struct verdict judge(const struct log_set *set,
			    const struct tsm_replay *replay,
			    const struct tsm_rtmrs *rtmrs, unsigned int index)
{
	struct verdict v = {
		.reg = &replay->reg[index],
		.value = rtmrs->value[index],
		.name = register_name(TSM_MR_RTMR(index)),
		.index = index,
		.has_runtime = replay->has_opening,
	};

	v.verdict = tsm_replay_verdict(v.reg);
	v.accepted = v.verdict == TSM_VERDICT_EQUAL ||
		     (v.verdict == TSM_VERDICT_PARTIAL && set->is_own);
	if (v.verdict == TSM_VERDICT_MISMATCH && !v.reg->is_seen)
		look_closer(set, &v);
	return v;
}

static void show_remarks(struct out *out, const struct log_set *set,
			 const struct tsm_replay *replay)
{
	out_list(out, "remarks");
	show_notes(out, set);
	show_hidden(out, set);
	if (replay->headers)
		show_sentence(out, "There are %u more headers further down: logs were joined as they are, and simpler readers stop there.",
			      replay->headers);
	if (replay->strays)
		show_sentence(out, "%u record%s, the first of them record %u, would extend a register that no TD has.",
			      replay->strays, replay->strays == 1 ? "" : "s",
			      replay->stray_at);
	out_list_end(out);
}

static int compare(struct out *out, const struct log_options *options,
		   const struct log_set *set, const struct tsm_replay *replay,
		   const struct tsm_rtmrs *rtmrs)
{
	unsigned int i, bad = 0, partial = 0;
	struct verdict v;

	show_files(out, set);
	out_str(out, "registers of", "%s",
		options->quote ? options->quote : "this machine");
	if (options->quote)
		out_str(out, "authenticity", "not verified");
	out_list(out, "registers");
	for (i = 0; i < TSM_RTMRS; i++) {
		v = judge(set, replay, rtmrs, i);
		bad += !v.accepted;
		partial += v.verdict == TSM_VERDICT_PARTIAL;
		if (json_wanted)
			show_json(out, set, &v);
		else
			show_text(out, set, &v);
	}
	out_list_end(out);
	out_check(out, "explained", !bad, partial ?
		  "yes, but for what came before tsm_guest was loaded" :
		  "yes, all of them", "NO");
	show_remarks(out, set, replay);
	return bad ? REJECTED : DONE;
}

static void show_values(struct out *out, const struct log_set *set,
			const struct tsm_replay *replay)
{
	char name[16];
	unsigned int i;

	out_list(out, "measurements");
	for (i = 0; i < TSM_RTMRS; i++) {
		snprintf(name, sizeof(name), "rtmr%u:sha384", i);
		out_row(out, name, replay->reg[i].value, TSM_RTMR_SIZE);
	}
	out_list_end(out);
	/* these lines are for scripts, as those of tsmctl measurements are */
	if (json_wanted)
		show_remarks(out, set, replay);
}

int log_replay(const struct log_options *options, struct log_set *set)
{
	struct tsm_replay replay;
	struct tsm_rtmrs rtmrs;
	struct tsm_error err;
	struct out *out;
	int code = DONE;

	if (options->compare)
		code = load_registers(options, set, &rtmrs);
	if (code)
		return code;
	if (tsm_replay_run(set->part, set->parts,
			   options->compare ? &rtmrs : NULL, &replay, &err)) {
		complain("%s", err.text);
		return FAILED;
	}
	out = open_output();
	if (!out)
		return FAILED;
	if (options->compare)
		code = compare(out, options, set, &replay, &rtmrs);
	else
		show_values(out, set, &replay);
	return written(out_close(out), code);
}
