// SPDX-License-Identifier: MIT
/* Recomputes the registers of a TD from its event logs. */
#include "tsm_replay.h"

#include "lib_private.h"

#include <errno.h>

/**
 * struct run - a replay on its way
 * @replay: the result
 * @rtmrs: values to compare with, or NULL
 * @has_begun: there was an extend, or values were told
 * @err: what is wrong
 */
struct run {
	struct tsm_replay *replay;
	const struct tsm_rtmrs *rtmrs;
	bool has_begun;
	struct tsm_error *err;
};

/* RTMR n is n + 1; MRTD, 0, cannot be extended once the TD runs. */
static int rtmr_index(uint32_t mr_index)
{
	if (mr_index < TSM_MR_RTMR(0) ||
	    mr_index >= TSM_MR_RTMR(TSM_RTMRS))
		return -1;
	return (int)(mr_index - TSM_MR_RTMR(0));
}

/*
 * The value was read when all settled records were made, and perhaps some of
 * the others: one match among those is enough.
 */
static void compare(const struct run *run, unsigned int index,
		    unsigned int number, bool settled)
{
	struct tsm_replay_register *reg = &run->replay->reg[index];
	bool same;

	if (!run->rtmrs)
		return;
	same = !memcmp(reg->value, run->rtmrs->value[index],
		       sizeof(reg->value));
	if (same) {
		reg->is_seen = true;
		reg->seen_at = number;
		reg->later = 0;
	}
	reg->matches = same || (reg->matches && !settled);
}

static int extend(struct run *run, const struct tsm_log_record *record,
		  bool settled)
{
	const int index = rtmr_index(record->mr_index);
	struct tsm_replay *replay = run->replay;
	struct tsm_replay_register *reg;

	run->has_begun = true;
	if (index < 0) {
		if (!replay->strays++)
			replay->stray_at = record->number;
		return 0;
	}
	if (!record->sha384)
		return tsm_error_set(run->err, -EBADMSG,
				     "record %u extends RTMR%d, but has no SHA-384 digest",
				     record->number, index);
	reg = &replay->reg[index];
	if (tsm_rtmr_next(reg->value, record->sha384, reg->value))
		return tsm_error_set(run->err, -ENOMEM,
				     "no digest could be computed");
	reg->extends++;
	reg->later++;
	compare(run, (unsigned int)index, record->number, settled);
	return 0;
}

static bool is_zero(const uint8_t *value)
{
	static const uint8_t zero[TSM_RTMR_SIZE];

	return !memcmp(value, zero, sizeof(zero));
}

/* @first: there is no record before, so that there is nothing to compare with */
static void tell(const struct run *run, const struct tsm_log_record *record,
		 unsigned int index, const uint8_t *value, bool first)
{
	struct tsm_replay_register *reg = &run->replay->reg[index];

	if (!memcmp(reg->value, value, TSM_RTMR_SIZE)) {
		reg->agrees |= !reg->gaps;
		if (!reg->gaps)
			reg->agrees_at = record->number;
		return;
	}
	if (first) {
		reg->is_told = !is_zero(value);
		reg->told_at = record->number;
	} else if (!reg->gaps++) {
		reg->gap_at = record->number;
	}
	memcpy(reg->value, value, TSM_RTMR_SIZE);
}

static int no_action(struct run *run, const struct tsm_log_record *record,
		     bool settled)
{
	/* behind no extend and no other values, they are where the log begins */
	const bool first = !run->has_begun;
	struct tsm_log_state state;
	unsigned int i;
	int ret, index;

	run->replay->headers += record->is_spec_id && record->number;
	ret = tsm_log_state_parse(record, &state, run->err);
	if (ret <= 0)
		return ret;
	run->has_begun = true;
	run->replay->has_opening |= state.reason == TSM_STATE_OPENING;
	for (i = 0; i < state.values; i++) {
		index = rtmr_index(state.mr_index[i]);
		if (index < 0)
			continue;
		tell(run, record, (unsigned int)index, state.value[i], first);
		compare(run, (unsigned int)index, record->number, settled);
	}
	return 0;
}

static int replay_record(struct run *run, const struct tsm_log_part *part,
			 const struct tsm_log_record *record)
{
	const bool settled = record->offset < part[record->part].settled;

	run->replay->records++;
	if (record->type == TSM_EV_NO_ACTION)
		return no_action(run, record, settled);
	return extend(run, record, settled);
}

int tsm_replay_run(const struct tsm_log_part *part, unsigned int parts,
		   const struct tsm_rtmrs *rtmrs, struct tsm_replay *replay,
		   struct tsm_error *err)
{
	struct run run = { replay, rtmrs, false, err };
	struct tsm_log_record record;
	struct tsm_chain chain;
	unsigned int i;
	int ret;

	memset(replay, 0, sizeof(*replay));
	for (i = 0; i < TSM_RTMRS; i++)
		compare(&run, i, 0, true);
	tsm_chain_begin(&chain, part, parts);
	while ((ret = tsm_chain_next(&chain, &record, err)) > 0) {
		ret = replay_record(&run, part, &record);
		if (ret)
			break;
	}
	if (ret)
		memset(replay, 0, sizeof(*replay));
	return ret;
}

enum tsm_verdict tsm_replay_verdict(const struct tsm_replay_register *reg)
{
	if (!reg->matches)
		return TSM_VERDICT_MISMATCH;
	if (reg->gaps)
		return TSM_VERDICT_GAP;
	return reg->is_told ? TSM_VERDICT_PARTIAL : TSM_VERDICT_EQUAL;
}
