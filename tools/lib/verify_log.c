// SPDX-License-Identifier: MIT
/* Replays event logs against the registers of a verified quote. */
#include "tsm_replay.h"
#include "verify_tdx.h"

#include <errno.h>

/*
 * The same that tsmctl log replay accepts of a log from a file: what a log says
 * of itself, that there were extends before it or beside it, nobody vouches for.
 */
static void explain(const struct tsm_replay_register *reg, unsigned int index,
		    const uint8_t *value, struct reason *bad)
{
	char is[20], leads[20];

	switch (tsm_replay_verdict(reg)) {
	case TSM_VERDICT_EQUAL:
		break;
	case TSM_VERDICT_PARTIAL:
		reason_add(bad,
			   "RTMR%u is not explained from its beginning (record %u tells a value without the extends before)",
			   index, reg->told_at);
		break;
	case TSM_VERDICT_GAP:
		reason_add(bad,
			   "RTMR%u was extended outside the log (before record %u)",
			   index, reg->gap_at);
		break;
	case TSM_VERDICT_MISMATCH:
		reason_add(bad, "RTMR%u is %s, %u record%s to %s", index,
			   text_hex_cut(value, TSM_RTMR_SIZE, 8, is), reg->extends,
			   reg->extends == 1 ? " leads" : "s lead",
			   text_hex_cut(reg->value, TSM_RTMR_SIZE, 8, leads));
		break;
	}
}

/*
 * Registers vouch for digests alone. What a record says is its event data, and
 * those are vouched for only where the digest is known to be of them.
 */
static int check_data(const struct tsm_log_part *part, unsigned int parts,
		      struct reason *bad)
{
	unsigned int wrong = 0, first = 0;
	struct tsm_log_record record;
	enum tsm_event_check check;
	struct tsm_chain chain;

	tsm_chain_begin(&chain, part, parts);
	/* the replay went through all of them, so that none is malformed */
	while (tsm_chain_next(&chain, &record, NULL) > 0) {
		if (tsm_event_check(&record, &check))
			return -ENOMEM;
		if (check == TSM_EVENT_WRONG && !wrong++)
			first = record.number;
	}
	if (wrong == 1)
		reason_add(bad,
			   "record %u does not say what was measured: its digest is not that of its event data",
			   first);
	else if (wrong)
		reason_add(bad,
			   "%u records, the first of them record %u, do not say what was measured: their digests are not those of their event data",
			   wrong, first);
	return 0;
}

static size_t hidden_bytes(const struct tsm_log_part *part)
{
	struct tsm_log_record record;
	struct tsm_log log;

	if (tsm_log_open(&log, part->bytes.data, part->bytes.len, NULL))
		return 0;
	while (tsm_log_next(&log, &record, NULL) > 0)
		;
	return tsm_log_hidden(&log);
}

/* Readers stop at the end mark; whoever looks at the file itself may not. */
static void look_behind(const struct judge *judge,
			const struct tsm_log_part *part, unsigned int parts,
			struct reason *bad, struct reason *good)
{
	const bool strict = judge->v->flags & TSM_VERIFY_STRICT;
	size_t hidden = 0;
	unsigned int i;

	for (i = 0; i < parts; i++)
		hidden += hidden_bytes(&part[i]);
	if (hidden)
		reason_add(strict ? bad : good,
			   "%zu byte%s behind an end mark %s no part of the log, and no fill",
			   hidden, hidden == 1 ? "" : "s",
			   hidden == 1 ? "is" : "are");
}

static int judge_content(struct judge *judge, const struct tsm_log_part *part,
			 unsigned int parts, const struct tsm_rtmrs *rtmrs,
			 const struct tsm_replay *replay)
{
	const bool strict = judge->v->flags & TSM_VERIFY_STRICT;
	struct reason bad = { "", 0 }, good = { "", 0 };
	unsigned int i, extends = 0;

	for (i = 0; i < TSM_RTMRS; i++) {
		explain(&replay->reg[i], i, rtmrs->value[i], &bad);
		extends += replay->reg[i].extends;
	}
	reason_add(&good, "%u records lead to RTMR0 to RTMR3, by %u extends",
		   replay->records, extends);
	/* a reader of the log may take them for vouched for */
	if (replay->strays)
		reason_add(strict ? &bad : &good,
			   "%u %s for registers that no TD has, and nothing vouches for %s",
			   replay->strays, replay->strays == 1 ? "is" : "are",
			   replay->strays == 1 ? "it" : "them");
	if (check_data(part, parts, &bad))
		return -ENOMEM;
	look_behind(judge, part, parts, &bad, &good);
	if (bad.len)
		judge_fail(judge, "event_log", "%s", bad.text);
	else
		judge_pass(judge, "event_log", "%s", good.text);
	return 0;
}

int judge_log(struct judge *judge, const struct tsm_quote *quote)
{
	const struct tsm_verifier *v = judge->v;
	struct tsm_log_part part[TSM_VERIFY_LOGS];
	struct tsm_replay replay;
	struct tsm_error err = { "" };
	struct tsm_rtmrs rtmrs;
	size_t i;
	int ret;

	if (!v->logs) {
		judge_skip(judge, "event_log", "no --log");
		return 0;
	}
	if (!quote) {
		judge_fail(judge, "event_log",
			   "an SNP report has no runtime registers that a log could lead to");
		return 0;
	}
	for (i = 0; i < v->logs; i++)
		part[i] = (struct tsm_log_part){ "event log", v->log[i],
						 v->log[i].len };
	memcpy(rtmrs.value, quote->body.td15.td10.rtmr, sizeof(rtmrs.value));
	ret = tsm_replay_run(part, (unsigned int)v->logs, &rtmrs, &replay,
			     &err);
	if (!ret)
		return judge_content(judge, part, (unsigned int)v->logs, &rtmrs,
				     &replay);
	if (ret == -ENOMEM)
		return ret;
	judge_fail(judge, "event_log", "%s", err.text);
	return 0;
}
