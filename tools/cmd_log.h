/* SPDX-License-Identifier: MIT */
/* What the files of tsmctl log, and tsmctl show, share about event logs. */
#ifndef TSMCTL_CMD_LOG_H
#define TSMCTL_CMD_LOG_H

#include "lib/tsm_cel.h"
#include "lib/tsm_replay.h"
#include "tsmctl.h"

#define LOGS_MAX	2

/**
 * struct log_options - what was asked for
 * @ccel: file with a boot log, or NULL
 * @runtime: file with a log of tsm_guest, or NULL; without both, the logs of
 *	this machine are meant
 * @quote: file with the registers to compare with, or NULL for this machine's
 * @output: file for an export, "-", or NULL
 * @format: of an export
 * @compare: whether to compare at all
 */
struct log_options {
	const char *ccel;
	const char *runtime;
	const char *quote;
	const char *output;
	enum tsm_log_format format;
	bool compare;
};

/**
 * struct log_set - event logs to be read as one
 * @part: boot log and runtime log, or one of them
 * @kind: "boot", "runtime" or, where that is not known, "event"
 * @bytes: allocated
 * @parts: how many
 * @note: why one is not there, for people
 * @notes: how many
 * @is_own: the runtime log, the last one, comes from the kernel that we run on
 * @path: where it is
 */
struct log_set {
	struct tsm_log_part part[LOGS_MAX];
	const char *kind[LOGS_MAX];
	uint8_t *bytes[LOGS_MAX];
	unsigned int parts;
	char note[4][320];
	unsigned int notes;
	bool is_own;
	char path[192];
};

/* cmd_log_load.c */

/**
 * load_logs() - read the logs asked for, or those that this machine has
 * @set: the result, to be released with free_logs()
 *
 * Return: DONE; FAILED, or NO_TEE, after a complaint.
 */
int load_logs(const struct log_options *options, struct log_set *set);

/**
 * load_registers() - read the registers to compare with
 * @rtmrs: the result
 *
 * Where both registers and runtime log are this machine's, the log is read once
 * more, for extends go on meanwhile; how much of it is older is noted in @set.
 * Return: as load_logs().
 */
int load_registers(const struct log_options *options, struct log_set *set,
		   struct tsm_rtmrs *rtmrs);

void free_logs(struct log_set *set);

/* cmd_log_replay.c and cmd_log_export.c. Return: an exit code. */
int log_replay(const struct log_options *options, struct log_set *set);
int log_export(const struct log_options *options, struct log_set *set);

/* cmd_log_explain.c */

/**
 * struct verdict - what came out for one register
 * @reg: the result of the replay
 * @value: what it was compared with
 * @name: "rtmr0" and so on
 * @index: 0 and so on
 * @verdict: see there
 * @accepted: it is as good as the exit code 0
 * @without: record without which the values would be equal; 0: none
 * @suspect: first record of the register whose digest is not of its data; 0:
 *	none
 * @has_runtime: what tsm_guest recorded is in the logs
 */
struct verdict {
	const struct tsm_replay_register *reg;
	const uint8_t *value;
	const char *name;
	unsigned int index;
	enum tsm_verdict verdict;
	bool accepted;
	unsigned int without;
	unsigned int suspect;
	bool has_runtime;
};

/* Sentences on why a verdict is what it is; none where all is well. */
void explain_verdict(struct out *out, const struct log_set *set,
		     const struct verdict *verdict);

/* show_event.c */

/**
 * show_logs() - print all records
 * @set: the logs
 *
 * Text stops, and is complained of, where a record is malformed.
 * Return: DONE or FAILED.
 */
int show_logs(struct out *out, const struct log_set *set);

/* How large the logs are, and where they end. */
void show_files(struct out *out, const struct log_set *set);

/* Sentences about logs and records: at the end in text, a list in JSON. */
void show_notes(struct out *out, const struct log_set *set);
void show_hidden(struct out *out, const struct log_set *set);

/* A line of text with everything in it escaped; in a list, a JSON string. */
void show_sentence(struct out *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The same, but text is indented, for it belongs to the line before. */
void show_reason(struct out *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Name of a type of event, or its number. */
const char *event_name(uint32_t type, char number[11]);

/* "rtmr0" and so on, "mrtd", or NULL. */
const char *register_name(uint32_t mr_index);

/* show_event_details.c: what event data say, for JSON */
void show_event_details(struct out *out, const struct tsm_log_record *record);

#endif /* TSMCTL_CMD_LOG_H */
