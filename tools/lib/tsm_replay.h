/* SPDX-License-Identifier: MIT */
/*
 * libtsmguest, continued from tsm.h: what registers an event log leads to, and
 * whether those that a TD has are explained by it.
 */
#include "tsm.h"

#ifndef TSM_REPLAY_H
#define TSM_REPLAY_H

/**
 * struct tsm_rtmrs - the runtime measurement registers of a TD
 * @value: RTMR0 to RTMR3
 */
struct tsm_rtmrs {
	uint8_t value[TSM_RTMRS][TSM_RTMR_SIZE];
};

/**
 * enum tsm_verdict - what the log says of a register's value
 * @TSM_VERDICT_EQUAL: all extends since the TD began are in the log
 * @TSM_VERDICT_PARTIAL: all extends are since tsm_guest was loaded; the value
 *	at that time is what the log says it was
 * @TSM_VERDICT_GAP: there were others than those in the log, as it says itself;
 *	the value is the one that it tells, and what came after
 * @TSM_VERDICT_MISMATCH: the log leads to another value
 */
enum tsm_verdict {
	TSM_VERDICT_EQUAL,
	TSM_VERDICT_PARTIAL,
	TSM_VERDICT_GAP,
	TSM_VERDICT_MISMATCH,
};

/**
 * struct tsm_replay_register - what became of one register
 * @value: what the log leads to
 * @extends: records that extended it
 * @matches: the value compared is @value, or one that unsettled records passed
 * @is_seen: some part of the log, from its beginning, leads to that value
 * @seen_at: record at which the last such part ends; 0: none, a TD begins so
 * @later: extends behind that record
 * @is_told: the log begins with a value that is not zero, without the records
 *	that lead to it
 * @told_at: the record that tells it
 * @gaps: records that tell a value which those before them do not lead to
 * @gap_at: the first
 * @agrees: a record tells a value which those before it do lead to
 * @agrees_at: the last one before the first gap
 */
struct tsm_replay_register {
	uint8_t value[TSM_RTMR_SIZE];
	unsigned int extends;
	bool matches;
	bool is_seen;
	unsigned int seen_at;
	unsigned int later;
	bool is_told;
	unsigned int told_at;
	unsigned int gaps;
	unsigned int gap_at;
	bool agrees;
	unsigned int agrees_at;
};

/**
 * struct tsm_replay - what became of all
 * @reg: RTMR0 to RTMR3
 * @records: in all logs, headers among them
 * @strays: records that extend a register which a TD does not have
 * @stray_at: the first
 * @headers: Spec ID headers that are not the first record
 * @has_opening: tsm_guest told the values at its load
 */
struct tsm_replay {
	struct tsm_replay_register reg[TSM_RTMRS];
	unsigned int records;
	unsigned int strays;
	unsigned int stray_at;
	unsigned int headers;
	bool has_opening;
};

/**
 * tsm_replay_run() - recompute the registers
 * @part: the logs, in order
 * @parts: how many
 * @rtmrs: values to compare with, or NULL
 * @replay: the result
 * @err: what was wrong
 *
 * EV_NO_ACTION extends nothing. The values that tsm_guest tells at its load are
 * where a log begins in which nothing was extended before; else they are
 * compared.
 *
 * Return: 0; what tsm_chain_next() gave; -EBADMSG for an extend without SHA-384
 * digest or for malformed values; -ENOMEM if no digest could be computed.
 */
int tsm_replay_run(const struct tsm_log_part *part, unsigned int parts,
		   const struct tsm_rtmrs *rtmrs, struct tsm_replay *replay,
		   struct tsm_error *err);

enum tsm_verdict tsm_replay_verdict(const struct tsm_replay_register *reg);

/* replay_hint.c */

/* Extends of a register beyond which no record is looked for. */
#define TSM_REPLAY_HINT_MAX	512

/**
 * tsm_replay_without() - find the one record without which all would be equal
 * @part: the logs, in order
 * @parts: how many
 * @index: of the register
 * @value: the value that it should have
 * @number: the record
 *
 * For people who wonder about a mismatch: a record that was doubled, or that is
 * in the log although the extend failed.
 * Return: 1; 0 if there is none, or more than TSM_REPLAY_HINT_MAX extends, or a
 * gap; -ENOMEM.
 */
int tsm_replay_without(const struct tsm_log_part *part, unsigned int parts,
		       unsigned int index, const uint8_t *value,
		       unsigned int *number);

#endif /* TSM_REPLAY_H */
