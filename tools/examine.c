// SPDX-License-Identifier: MIT
/* Whether evidence is an answer to what tsmctl report asked for. */
#include "report.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define HEX_SIZE	(2 * NONCE_SIZE + 1)

const char *nonce_hex(char *text, const uint8_t *data)
{
	size_t i;

	for (i = 0; i < NONCE_SIZE; i++)
		sprintf(text + 2 * i, "%02x", data[i]);
	return text;
}

/* @what: for people, "quote" */
static int compare(const char *what, const uint8_t *want, const uint8_t *got)
{
	char want_hex[HEX_SIZE], got_hex[HEX_SIZE];

	if (!memcmp(want, got, NONCE_SIZE))
		return DONE;
	complain("the %s does not carry the report data that was asked for: %s, not %s",
		 what, nonce_hex(got_hex, got), nonce_hex(want_hex, want));
	return REJECTED;
}

/*
 * The host may answer with somebody else's quote, or with anything. What it may
 * come to answer with one day, such as a CWT, is not for us to refuse.
 */
static int examine_quote(const struct request *req,
			 const struct tsm_report *report,
			 struct verdict *verdict)
{
	uint8_t reportdata[NONCE_SIZE];
	struct tsm_quote quote;
	struct tsm_error err;
	int ret;

	if (tsm_evidence_guess(report->out, report->out_len) !=
	    TSM_EVIDENCE_QUOTE)
		return DONE;
	ret = tsm_quote_parse(report->out, report->out_len, &quote, &err);
	verdict->whole = !ret;
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
	verdict->known = true;
	verdict->type = "TD quote";
	return compare("quote", req->nonce, reportdata);
}

/*
 * The firmware has one format. What it says is authentic for the driver, which
 * shares a key with it, so that another report than ours is a fault of some
 * driver; older ones take an answer without a report for one.
 */
static int examine_snp(const struct request *req,
		       const struct tsm_report *report, struct verdict *verdict)
{
	const int level = req->options.privlevel;
	uint8_t want[NONCE_SIZE];
	struct tsm_error err;
	struct tsm_snp snp;
	uint32_t vmpl;

	if (tsm_snp_parse(report->out, report->out_len, &snp, &err)) {
		complain("what came is no whole SNP report: %s", err.text);
		return FAILED;
	}
	verdict->known = verdict->whole = true;
	verdict->type = "SNP report";
	memcpy(want, req->nonce, sizeof(want));
	if (req->options.service_provider &&
	    tsm_svsm_reportdata(req->nonce, report->manifest,
				report->manifest_len, want)) {
		complain("no digest could be computed: out of memory");
		return FAILED;
	}
	if (compare("report", want, snp.report.report_data))
		return REJECTED;
	vmpl = le32toh(snp.report.vmpl);
	if (level < 0 || vmpl == (uint32_t)level)
		return DONE;
	complain("the report is for VMPL %u, not for %d as asked for", vmpl,
		 level);
	return REJECTED;
}

int examine(const struct request *req, const struct tsm_report *report,
	    const char *provider, struct verdict *verdict)
{
	*verdict = (struct verdict){ .looked = true, .type = "unknown format" };
	if (!strcmp(provider, "tdx_guest"))
		return examine_quote(req, report, verdict);
	if (!strcmp(provider, "sev_guest"))
		return examine_snp(req, report, verdict);
	verdict->looked = false;
	return DONE;
}
