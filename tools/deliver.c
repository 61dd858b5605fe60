// SPDX-License-Identifier: MIT
/* What tsmctl report does with evidence: keep it, print it. */
#include "report.h"

#include <stdio.h>
#include <string.h>

/**
 * struct outputs - files to be written, all or none
 * @file: those that are prepared
 * @count: their number
 */
struct outputs {
	struct tsm_file file[3];
	unsigned int count;
};

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
	int code = DONE;

	outs->count = 0;
	if (req->certs)
		code = prepare(outs, req->certs, report->aux, report->aux_len);
	if (!code && req->manifest)
		code = prepare(outs, req->manifest, report->manifest,
			       report->manifest_len);
	if (!code && req->output && !bytes)
		code = prepare(outs, req->output, report->out, report->out_len);
	if (code)
		drop(outs);
	return code;
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

static void summarise_service(struct out *out, const struct request *req,
			      const struct tsm_report *report)
{
	const struct tsm_report_options *options = &req->options;

	if (!options->service_provider)
		return;
	out_str(out, "service", "%s", options->service_provider);
	if (options->service_guid)
		out_str(out, "service guid", "%s", options->service_guid);
	out_num(out, "manifest size", report->manifest_len);
	if (req->manifest)
		out_str(out, "manifest", "%s", req->manifest);
	else
		out_base64(out, "manifestblob", report->manifest,
			   report->manifest_len);
}

static const char *comparison(const struct request *req,
			      const struct verdict *verdict)
{
	if (!verdict->known)
		return "could not be compared";
	return req->options.service_provider ?
	       "as asked for: SHA-512 of nonce and manifest" : "as asked for";
}

static int summarise(const struct request *req, const struct tsm_report *report,
		     const char *provider, const struct verdict *verdict)
{
	struct out *out = open_output();
	int code = DONE;

	if (!out)
		return FAILED;
	out_str(out, "provider", "%s", provider);
	if (verdict->looked) {
		out_str(out, "type", "%s", verdict->type);
		out_str(out, "report data", "%s", comparison(req, verdict));
	}
	out_num(out, "generation", report->generation);
	out_num(out, "retries", report->retries);
	out_hex(out, "nonce", req->nonce, sizeof(req->nonce));
	if (req->options.privlevel >= 0)
		out_num(out, "vmpl", (uint64_t)req->options.privlevel);
	out_num(out, "size", report->out_len);
	if (req->output)
		out_str(out, "output", "%s", req->output);
	else
		out_base64(out, "outblob", report->out, report->out_len);
	if (req->certs) {
		out_num(out, "certs size", report->aux_len);
		out_str(out, "certs", "%s", req->certs);
	}
	summarise_service(out, req, report);
	if (!req->output)
		code = show_decoded(out, report, verdict->whole);
	return written(out_close(out), code);
}

/* To a pipe go bytes alone; the rest is said beside it. */
static int pass_on(const struct request *req, const struct tsm_report *report,
		   const struct verdict *verdict)
{
	char hex[2 * NONCE_SIZE + 1];

	/* whoever gets random bytes in a quote must learn which they were */
	if (!req->data)
		fprintf(stderr, "nonce %s\n", nonce_hex(hex, req->nonce));
	if (verdict->looked && !verdict->known)
		complain("type: unknown format; its report data could not be compared");
	return written(out_bytes(report->out, report->out_len), DONE);
}

int deliver(const struct request *req, const struct tsm_report *report,
	    const char *provider)
{
	const bool bytes = req->output ? !strcmp(req->output, "-") :
					 !json_wanted && !out_is_terminal();
	struct verdict verdict;
	struct outputs outs;
	int code;

	code = examine(req, report, provider, &verdict);
	if (!code)
		code = prepare_all(&outs, req, report, bytes);
	if (code)
		return code;
	if (bytes && pass_on(req, report, &verdict)) {
		drop(&outs);
		return FAILED;
	}
	code = commit_all(&outs);
	return code || bytes ? code :
	       summarise(req, report, provider, &verdict);
}
