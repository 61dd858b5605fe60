/* SPDX-License-Identifier: MIT */
/* What the parts of tsmctl report share: asking, and what is made of it. */
#ifndef TSMCTL_REPORT_H
#define TSMCTL_REPORT_H

#include "tsmctl.h"

#define NONCE_SIZE	REPORT_DATA_SIZE

/**
 * struct request - what the command line asks for
 * @data: argument of -d, or NULL
 * @random: --random was given
 * @pad: --pad was given
 * @output: argument of -o, or NULL
 * @certs: argument of --certs, or NULL
 * @manifest: argument of --manifest, or NULL
 * @options: what is wanted of the report item
 * @nonce: the report data
 */
struct request {
	const char *data;
	bool random;
	bool pad;
	const char *output;
	const char *certs;
	const char *manifest;
	struct tsm_report_options options;
	uint8_t nonce[NONCE_SIZE];
};

/**
 * struct verdict - what evidence turned out to be
 * @looked: it was looked into, which another TEE's is not
 * @known: it is of the kind that @type names, and answers the request
 * @whole: it can be decoded completely, so it can be shown
 * @type: what kind that is
 */
struct verdict {
	bool looked;
	bool known;
	bool whole;
	const char *type;
};

/* report_args.c: the command line. Return: 0, or -1 to end with @code. */
extern const struct option report_options[];
extern const struct value report_values[];
int parse_request(const struct command *cmd, int argc, char **argv,
		  struct request *req, int *code);

/**
 * examine() - look whether evidence answers the request (examine.c)
 * @req: the request
 * @report: the evidence
 * @provider: who gave it
 * @verdict: the result
 *
 * Return: an exit code: REJECTED, and a complaint, if it is an answer to
 * something else.
 */
int examine(const struct request *req, const struct tsm_report *report,
	    const char *provider, struct verdict *verdict);

/* NONCE_SIZE bytes in hex. Return: @text, which has room for twice as many and a
 * NUL. */
const char *nonce_hex(char *text, const uint8_t *data);

/**
 * deliver() - put evidence where it was asked for, unless it is no answer
 * @req: the request
 * @report: the evidence
 * @provider: who gave it
 *
 * Return: an exit code: that of examine(), or FAILED.
 */
int deliver(const struct request *req, const struct tsm_report *report,
	    const char *provider);

#endif /* TSMCTL_REPORT_H */
