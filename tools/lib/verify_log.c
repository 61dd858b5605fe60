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
			   tdx_hex(value, TSM_RTMR_SIZE, 8, is), reg->extends,
			   reg->extends == 1 ? " leads" : "s lead",
			   tdx_hex(reg->value, TSM_RTMR_SIZE, 8, leads));
		break;
	}
}

static void compare(struct judge *judge, const struct tsm_rtmrs *rtmrs,
		    const struct tsm_replay *replay)
{
	struct reason bad = { "", 0 };
	unsigned int i, extends = 0;

	for (i = 0; i < TSM_RTMRS; i++) {
		explain(&replay->reg[i], i, rtmrs->value[i], &bad);
		extends += replay->reg[i].extends;
	}
	if (bad.len)
		judge_fail(judge, "event_log", "%s", bad.text);
	else
		judge_pass(judge, "event_log",
			   "%u records lead to RTMR0 to RTMR3: %u extend these, %u registers that no TD has",
			   replay->records, extends, replay->strays);
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
	if (ret == -ENOMEM)
		return ret;
	if (ret)
		judge_fail(judge, "event_log", "%s", err.text);
	else
		compare(judge, &rtmrs, &replay);
	return 0;
}
