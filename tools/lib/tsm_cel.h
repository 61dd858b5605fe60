/* SPDX-License-Identifier: MIT */
/*
 * libtsmguest, continued from tsm.h: event logs in the forms that verifiers read.
 *
 * [CEL]  TCG Canonical Event Log Format 1.0 rev. 0.41
 */
#include "tsm.h"

#ifndef TSM_CEL_H
#define TSM_CEL_H

/**
 * enum tsm_log_format - how an event log is written
 * @TSM_LOG_TCG: TCG crypto-agile, like firmware's: one Spec ID header, of
 *	register 0 whatever firmware wrote, then all records as they are
 * @TSM_LOG_CEL_TLV: [CEL] 5.1: type, big-endian length, value
 * @TSM_LOG_CEL_JSON: [CEL] 5.3: an array of records
 *
 * A CEL record has its number, the register, all digests, and event type and
 * data as content "pcclient_std" (5). EV_NO_ACTION records are there, too, and
 * are not to be extended; only Spec ID headers are not, for they describe the
 * other format. [CEL] knows no registers but PCRs: like go-eventlog's, ours are
 * of type 108 in TLV, are mrIndex of [CC], RTMR n as n + 1, and records are
 * counted from 0 over all registers. In JSON that is "ccmr".
 */
enum tsm_log_format {
	TSM_LOG_TCG,
	TSM_LOG_CEL_TLV,
	TSM_LOG_CEL_JSON,
};

/**
 * tsm_log_export() - write logs as one
 * @part: the logs, in order
 * @parts: how many
 * @format: which form
 * @data: the result, allocated
 * @len: its bytes
 * @err: what was wrong
 *
 * Return: 0; what tsm_chain_next() gave; -EPROTONOSUPPORT if the logs cannot be
 * one, for a later header names algorithms that the first does not;
 * -ERANGE if a register or algorithm has no number in CEL-TLV; -ENOMEM.
 */
int tsm_log_export(const struct tsm_log_part *part, unsigned int parts,
		   enum tsm_log_format format, uint8_t **data, size_t *len,
		   struct tsm_error *err);

#endif /* TSM_CEL_H */
