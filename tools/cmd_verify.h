/* SPDX-License-Identifier: MIT */
/* What the parts of tsmctl verify share. */
#ifndef TSMCTL_CMD_VERIFY_H
#define TSMCTL_CMD_VERIFY_H

#include "tsmctl.h"

/* More than this many threads do not get through more files. */
#define JOBS_MAX	256

/* What files beside the evidence are for. */
enum aid {
	AID_CERTS,
	AID_COLLATERAL,
	AID_CRL,
	AID_ROOTS,
	AID_LOG,
};

/**
 * struct verify_options - what was asked for
 * @file: the evidence
 * @files: how many, at least 1
 * @aid: what to judge by, in the order given; allocated
 * @aids: how many
 * @policy: file, or NULL
 * @data: argument of -d, or NULL
 * @pad: --pad was given
 * @has_report_data: @report_data counts
 * @report_data: what must be in the evidence
 * @at: argument of --at, or NULL
 * @time: what it means, seconds since 1970
 * @flags: TSM_VERIFY_*
 * @jobs: threads, 0 for as many as there are CPUs
 */
struct verify_options {
	char **file;
	size_t files;
	struct {
		enum aid kind;
		const char *path;
	} *aid;
	size_t aids;
	const char *policy;
	const char *data;
	bool pad;
	bool has_report_data;
	uint8_t report_data[REPORT_DATA_SIZE];
	const char *at;
	int64_t time;
	unsigned int flags;
	unsigned int jobs;
};

/* The command line (cmd_verify_args.c). */
extern const struct option verify_longs[];
extern const struct value verify_values[];

/**
 * parse_verify_options() - read the command line
 * @options: the result; @options->aid is to be freed in any case
 *
 * Return: -1 to go on, else an exit code.
 */
int parse_verify_options(const struct command *cmd, int argc, char **argv,
			 struct verify_options *options);

/* A date, a time in UTC or @SECONDS. Return: whether it is one. */
bool parse_time(const char *text, int64_t *seconds);

/**
 * load_verifier() - read all that evidence is judged by (cmd_verify_load.c)
 * @verifier: the result, to be freed
 *
 * Return: DONE, or FAILED after a complaint.
 */
int load_verifier(const struct verify_options *options,
		  struct tsm_verifier **verifier);

/**
 * walk_files() - do something with a file, or with all below a directory, in the
 *		  order of their names (cmd_verify_walk.c)
 * @path: file, "-" or directory
 * @needs_all: a file in a directory that cannot be opened, or is larger than is
 *	read, is an error; else it is passed over
 * @visit: gets each file's path and bytes; @is_listed: it was named, not found;
 *	returns an exit code, the first of which other than DONE ends it
 * @arg: for @visit
 *
 * What is neither a file nor a directory is passed over in directories. Links
 * are followed, but no directory is entered twice.
 * Return: DONE; FAILED, after a complaint, if @path cannot be read, or anything
 * in it that is not passed over, or there are too many files, bytes or levels; or
 * what @visit returned.
 */
int walk_files(const char *path, bool needs_all,
	       int (*visit)(void *arg, const char *path, bool is_listed,
			    const uint8_t *data, size_t len),
	       void *arg);

/**
 * struct verify_result - what came of one file
 * @ret: a negative errno if it could not be judged
 * @err: then why
 * @judgement: else this
 */
struct verify_result {
	int ret;
	struct tsm_error err;
	struct tsm_judgement judgement;
};

/**
 * struct verify_sum - what came of all files
 */
struct verify_sum {
	size_t accepted;
	size_t emulated;
	size_t rejected;
	size_t failed;
};

/* cmd_verify_run.c: judges and prints all files. Return: an exit code. */
int verify_files(const struct verify_options *options,
		 const struct tsm_verifier *verifier, struct out *out);

/* cmd_verify_print.c: one result, in full if it is the only one; and the sum. */
void print_result(struct out *out, const struct verify_options *options,
		  const char *path, const struct verify_result *result,
		  struct verify_sum *sum);
void print_sum(struct out *out, const struct verify_options *options,
	       const struct verify_sum *sum);

#endif /* TSMCTL_CMD_VERIFY_H */
