/* SPDX-License-Identifier: MIT */
/* What the commands of tsmctl share. */
#ifndef TSMCTL_H
#define TSMCTL_H

#include "lib/tsm.h"
#include "out.h"

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit codes; they are documented in tsmctl --help and never change. */
enum {
	DONE = 0,
	FAILED = 1,
	USAGE = 2,
	REJECTED = 3,
	NO_TEE = 4,
};

/* What people may type where a value goes; completion offers it. */
enum value_kind {
	VALUE_NONE,
	VALUE_OTHER,	/* number, text, hex: nothing to offer */
	VALUE_FILE,
	VALUE_DIR,
	VALUE_DATA,	/* hex, or @FILE */
	VALUE_WORD,	/* one of a few */
	VALUE_WORDS,	/* some of a few, with commas between them */
	VALUE_EVENT,	/* name of a TCG event type */
	VALUE_COMMAND,	/* name of a command */
};

/**
 * struct value - what getopt does not know of an option, or of arguments
 * @of: the long option, or NULL for the arguments
 * @name: what help calls the value, or NULL if there is none
 * @kind: what it is
 * @words: those of VALUE_WORD and VALUE_WORDS, with a blank between them
 * @with: the argument that the option goes with alone, or NULL
 * @many: may be given more than once
 */
struct value {
	const char *of;
	const char *name;
	enum value_kind kind;
	const char *words;
	const char *with;
	bool many;
};

#define TAKES(option, value, what, ...) \
	{ .of = option, .name = value, .kind = what, __VA_ARGS__ }
#define ARGUMENTS(value, what, ...) \
	{ .name = value, .kind = what, __VA_ARGS__ }

/**
 * struct command - one command of tsmctl
 * @name: what people type
 * @alias: what they may type instead, or NULL
 * @summary: one line for the list of commands
 * @help: all that --help prints
 * @options: long options, ended by an empty one, from COMMON_OPTIONS on
 * @shorts: short options, with "h" and a leading ":" among them
 * @values: what options take and arguments are, ended by an empty one; each
 *	option that takes something is here. NULL: nothing takes anything.
 * @run: does it, given arguments from its own name on; returns an exit code
 */
struct command {
	const char *name;
	const char *alias;
	const char *summary;
	const char *help;
	const struct option *options;
	const char *shorts;
	const struct value *values;
	int (*run)(const struct command *cmd, int argc, char **argv);
};

extern const struct command cmd_status, cmd_report, cmd_show, cmd_measurements;
extern const struct command cmd_extend, cmd_log, cmd_derive_key, cmd_verify;
extern const struct command cmd_load, cmd_unload;

/* tsmctl.c */

/* Set by --json before the command; commands accept --json themselves, too. */
extern bool json_wanted;

/**
 * next_option() - getopt_long() with --json, --help and errors dealt with
 * @code: exit code when it is over
 *
 * Return: the option; 0 when there are no more; -1 when the command must end
 * with @code.
 */
int next_option(const struct command *cmd, int argc, char **argv, int *code);

enum { OPT_JSON = 256, OPT_FIRST };
#define COMMON_OPTIONS \
	{ "json", no_argument, NULL, OPT_JSON }, \
	{ "help", no_argument, NULL, 'h' }

/* table.c: what help --table prints of a command */
void print_table(const struct command *cmd);

/* One line "tsmctl: ..." to stderr. */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same, and a hint at --help. Return: USAGE. */
int usage_error(const struct command *cmd, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* out_open(), or NULL and a complaint. */
struct out *open_output(void);

/* Complains if @ret, what writing to standard output gave, is an errno. Return:
 * FAILED then, else @code. */
int written(int ret, int code);

/* Bytes from pairs of hex digits: their number, or -1. */
int parse_hex(const char *text, uint8_t *out, size_t max);

/* Report data are as long in TDs and in SNP guests. */
#define REPORT_DATA_SIZE	64

_Static_assert(REPORT_DATA_SIZE == TSM_TDX_REPORTDATA_SIZE &&
	       REPORT_DATA_SIZE == TSM_SNP_REPORTDATA_SIZE, "they differ");

/**
 * parse_report_data() - what -d is given (report_data.c)
 * @text: hex, or @FILE
 * @pad: shorter ones are filled up with zero bytes
 * @data: the result
 *
 * Return: DONE; USAGE or FAILED after a complaint.
 */
int parse_report_data(const struct command *cmd, const char *text, bool pad,
		      uint8_t data[REPORT_DATA_SIZE]);

/* A name below tsm/report that nobody else has: tsmctl-PID-RANDOM. */
void entry_name(char *name, size_t size);

/* What to say of bytes that tsm_evidence_guess() does not know, or does not know
 * as evidence of a TD. */
#define UNKNOWN_EVIDENCE \
	"%zu bytes that are neither a TDREPORT nor a TD quote"

/* show.c: decodes evidence. Return: an exit code. */
int show_evidence(struct out *out, const uint8_t *data, size_t len);

/* How many bytes follow the evidence, @what, and whether they are padding. */
void show_trailing(struct out *out, const struct tsm_blob *trailing,
		   const char *what);

/* show_quote.c */
int show_quote(struct out *out, const struct tsm_quote *quote);

/* show_snp.c */
int show_snp(struct out *out, const struct tsm_snp *snp);
int show_snp_certs(struct out *out, const struct tsm_snp_certs *certs,
		   size_t len);

/* show_certs.c: PEM, or a certificate in DER. Return: an exit code. */
int show_certs(struct out *out, const struct tsm_blob *data);

/* names.c: names of bits and numbers, ended by an entry without a name; those
 * that policies have, too, are in lib/names.h */
extern const struct bit_name td_info_valid_bits[];
const char *body_type_name(unsigned int type);
const char *key_type_name(unsigned int type);

/* names_snp.c: the same of SEV-SNP */
extern const struct bit_name snp_flag_bits[];
const char *snp_generation_name(enum tsm_snp_generation generation);
const char *snp_signing_key_name(unsigned int key);

/* explain.c: what an errno of tsm/report means and what helps, or NULL */
const char *explain_report(int err, const struct tsm_report_options *options,
			   const struct tsm_system *sys);

/* The same of a derived key. */
const char *explain_key(int err, const struct tsm_system *sys);

/* Complains of a paravisor, if that is why there is no TEE. */
void explain_hidden(const struct tsm_system *sys);

/* watch.c */

/**
 * struct watch - a helper process beside one that must not leave things behind
 * @pid: the helper
 * @fd: its only link to us: it acts when this is closed
 */
struct watch {
	int pid;
	int fd;
};

/**
 * struct watch_task - what a helper has to do
 * @remove: directory to remove in the end, or NULL
 * @restore: entry of tsm/rtmrs to leave as it was, see tsm_rtmr_restore(); -1
 *	if there is none. The helper shares the lock on it.
 * @event_type: likewise
 * @progress: line for a terminal when a second has passed, or NULL
 */
struct watch_task {
	const char *remove;
	int restore;
	uint32_t event_type;
	const char *progress;
};

/**
 * watch_start() - have something done however this process ends, SIGKILL
 *		   included
 * @watch: to be ended with watch_end()
 * @task: what; may go when this returns
 * @err: what was wrong
 *
 * Return: 0 or a negative errno.
 */
int watch_start(struct watch *watch, const struct watch_task *task,
		struct tsm_error *err);

/* Has it done now, and waits for that. */
void watch_end(struct watch *watch);

/**
 * watch_entry() - make a report item that cannot outlive this process
 * @entry: the item, see tsm_entry_create()
 * @watch: to be ended with unwatch_entry()
 * @err: what was wrong
 *
 * However this process ends, SIGKILL included, the helper removes the item.
 * It also prints a line to a terminal when a second has passed.
 * Return: 0 or a negative errno.
 */
int watch_entry(struct tsm_entry *entry, struct watch *watch,
		struct tsm_error *err);

/* Removes the item and ends the helper. */
void unwatch_entry(struct tsm_entry *entry, struct watch *watch);

#endif /* TSMCTL_H */
