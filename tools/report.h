/* SPDX-License-Identifier: MIT */
/* What the two halves of tsmctl report share: asking, and what is made of it. */
#ifndef TSMCTL_REPORT_H
#define TSMCTL_REPORT_H

#include "tsmctl.h"

/**
 * struct request - what the command line asks for
 * @data: argument of -d, or NULL
 * @random: --random was given
 * @pad: --pad was given
 * @output: argument of -o, or NULL
 * @certs: argument of --certs, or NULL
 * @nonce: the report data
 */
struct request {
	const char *data;
	bool random;
	bool pad;
	const char *output;
	const char *certs;
	uint8_t nonce[TSM_TDX_REPORTDATA_SIZE];
};

/**
 * deliver() - put evidence where it was asked for, unless it is no answer
 * @req: the request
 * @report: the evidence
 * @provider: who gave it
 *
 * Return: an exit code: REJECTED if the evidence carries other report data than
 * that of @req.
 */
int deliver(const struct request *req, const struct tsm_report *report,
	    const char *provider);

#endif /* TSMCTL_REPORT_H */
