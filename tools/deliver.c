// SPDX-License-Identifier: MIT
/* What tsmctl report does with evidence: check, keep, print. */
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define HEX_SIZE	(2 * TSM_TDX_REPORTDATA_SIZE + 1)

/**
 * struct finding - what evidence turned out to be
 * @looked: it was looked into, which another TEE's is not
 * @known: it is a TD quote, and its report data is that of the request
 * @whole: its signature is of a kind that is known, too, so it can be shown
 */
struct finding {
	bool looked;
	bool known;
	bool whole;
};

/**
 * struct outputs - files to be written, all or none
 * @file: those that are prepared
 * @count: their number
 */
struct outputs {
	struct tsm_file file[2];
	unsigned int count;
};

static const char *to_hex(char *text, const uint8_t *data)
{
	size_t i;

	for (i = 0; i < TSM_TDX_REPORTDATA_SIZE; i++)
		sprintf(text + 2 * i, "%02x", data[i]);
	return text;
}

static int compare(const uint8_t *want, const uint8_t *got)
{
	char want_hex[HEX_SIZE], got_hex[HEX_SIZE];

	if (!memcmp(want, got, TSM_TDX_REPORTDATA_SIZE))
		return DONE;
	complain("the quote does not carry the report data that was asked for: %s, not %s",
		 to_hex(got_hex, got), to_hex(want_hex, want));
	return REJECTED;
}

/*
 * The host may answer with somebody else's quote, or with anything. What it may
 * come to answer with one day, such as a CWT, is not for us to refuse.
 */
static int examine(const struct request *req, const struct tsm_report *report,
		   const char *provider, struct finding *found)
{
	uint8_t reportdata[TSM_TDX_REPORTDATA_SIZE];
	struct tsm_quote quote;
	struct tsm_error err;
	int ret;

	*found = (struct finding){ .looked = !strcmp(provider, "tdx_guest") };
	if (!found->looked)
		return DONE;
	if (tsm_evidence_guess(report->out, report->out_len) !=
	    TSM_EVIDENCE_QUOTE)
		return DONE;
	ret = tsm_quote_parse(report->out, report->out_len, &quote, &err);
	found->whole = !ret;
	/* an unknown signature does not excuse wrong report data */
	if (!ret || ret == -EPROTONOSUPPORT)
		ret = tsm_quote_reportdata(report->out, report->out_len,
					   reportdata, &err);
	if (ret == -EPROTONOSUPPORT)
		return DONE;
	if (ret) {
		complain("the host's answer is no whole quote: %s", err.text);
		return FAILED;
	}
	found->known = true;
	return compare(req->nonce, reportdata);
}

static int prepare(struct outputs *outs, const char *path, const uint8_t *data,
		   size_t len)
{
	struct tsm_error err;

	if (tsm_file_prepare(&outs->file[outs->count], path, data, len, &err)) {
		complain("%s", err.text);
		return FAILED;
	}
	outs->count++;
	return DONE;
}

static void drop(struct outputs *outs)
{
	while (outs->count)
		tsm_file_drop(&outs->file[--outs->count]);
}

/* @bytes: evidence goes to standard output, not to a file */
static int prepare_all(struct outputs *outs, const struct request *req,
		       const struct tsm_report *report, bool bytes)
{
	outs->count = 0;
	if (req->certs &&
	    prepare(outs, req->certs, report->aux, report->aux_len))
		return FAILED;
	if (req->output && !bytes &&
	    prepare(outs, req->output, report->out, report->out_len)) {
		drop(outs);
		return FAILED;
	}
	return DONE;
}

static int commit(struct outputs *outs, bool replaces)
{
	struct tsm_error err;
	unsigned int i;

	for (i = 0; i < outs->count; i++) {
		if (outs->file[i].replaces == replaces &&
		    tsm_file_commit(&outs->file[i], &err)) {
			complain("%s", err.text);
			return FAILED;
		}
	}
	return DONE;
}

/* What is written to goes first: it may fail, as replacing hardly can now. */
static int commit_all(struct outputs *outs)
{
	int code = commit(outs, false);

	if (!code)
		code = commit(outs, true);
	drop(outs);
	return code;
}

static int show_decoded(struct out *out, const struct tsm_report *report,
			bool whole)
{
	int code = DONE;

	if (whole) {
		out_section(out, "evidence");
		code = show_evidence(out, report->out, report->out_len);
		out_end(out);
	}
	out_note(out, "\nNot kept: -o FILE, or a pipe, keeps the bytes.");
	return code == FAILED ? FAILED : DONE;
}

static int summarise(const struct request *req, const struct tsm_report *report,
		     const char *provider, const struct finding *found)
{
	struct out *out = open_output();
	int code = DONE;

	if (!out)
		return FAILED;
	out_str(out, "provider", "%s", provider);
	if (found->looked) {
		out_str(out, "type", found->known ? "TD quote" :
						    "unknown format");
		out_str(out, "report data", found->known ? "as asked for" :
							   "could not be compared");
	}
	out_num(out, "generation", report->generation);
	out_num(out, "retries", report->retries);
	out_hex(out, "nonce", req->nonce, sizeof(req->nonce));
	out_num(out, "size", report->out_len);
	if (req->output)
		out_str(out, "output", "%s", req->output);
	else
		out_base64(out, "outblob", report->out, report->out_len);
	if (req->certs) {
		out_num(out, "certs size", report->aux_len);
		out_str(out, "certs", "%s", req->certs);
	}
	if (!req->output)
		code = show_decoded(out, report, found->whole);
	return written(out_close(out), code);
}

/* To a pipe go bytes alone; the rest is said beside it. */
static int pass_on(const struct request *req, const struct tsm_report *report,
		   const struct finding *found)
{
	char hex[HEX_SIZE];

	/* whoever gets random bytes in a quote must learn which they were */
	if (!req->data)
		fprintf(stderr, "nonce %s\n", to_hex(hex, req->nonce));
	if (found->looked && !found->known)
		complain("type: unknown format; its report data could not be compared");
	return written(out_bytes(report->out, report->out_len), DONE);
}

int deliver(const struct request *req, const struct tsm_report *report,
	    const char *provider)
{
	const bool bytes = req->output ? !strcmp(req->output, "-") :
					 !json_wanted && !out_is_terminal();
	struct finding found;
	struct outputs outs;
	int code;

	code = examine(req, report, provider, &found);
	if (!code)
		code = prepare_all(&outs, req, report, bytes);
	if (code)
		return code;
	if (bytes && pass_on(req, report, &found)) {
		drop(&outs);
		return FAILED;
	}
	code = commit_all(&outs);
	return code || bytes ? code :
	       summarise(req, report, provider, &found);
}
