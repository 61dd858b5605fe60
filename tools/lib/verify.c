// SPDX-License-Identifier: MIT
/* Judges evidence: what quotes and reports have in common, and the sum. */
#include "verify.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

/*
 * Without these nothing is vouched for, whatever else was looked at: a check
 * that was forgotten, or skipped by mistake, must not end in acceptance.
 */
static const char *const needed_of_quote[] = {
	"format", "pck_chain", "root", "validity", "qe_report_signature",
	"attestation_key", "quote_signature", "debug", NULL,
};

static const char *const needed_of_report[] = {
	"format", "signing_key", "certificates", "chain", "root", "validity",
	"signature", "product", "tcb", "debug", NULL,
};

enum tsm_check_verdict judge_add(struct tsm_judgement *j, const char *name,
				 enum tsm_check_verdict verdict,
				 const char *fmt, ...)
{
	struct tsm_check *check;
	va_list args;

	if (j->checks == TSM_CHECKS_MAX) {
		j->check[TSM_CHECKS_MAX - 1].verdict = TSM_CHECK_FAIL;
		return TSM_CHECK_FAIL;
	}
	check = &j->check[j->checks++];
	check->verdict = verdict;
	snprintf(check->name, sizeof(check->name), "%s", name);
	va_start(args, fmt);
	vsnprintf(check->reason, sizeof(check->reason), fmt, args);
	va_end(args);
	return verdict;
}

void judge_trailing(struct judge *judge, const struct tsm_blob *trailing)
{
	const char *name = "trailing_bytes";
	size_t i, set = 0;

	for (i = 0; i < trailing->len; i++)
		set += !!trailing->data[i];
	if (!trailing->len)
		judge_pass(judge, name, "none");
	else if (judge->v->flags & TSM_VERIFY_STRICT)
		judge_fail(judge, name,
			   "%zu follow the evidence, %zu of them not zero; nothing vouches for them",
			   trailing->len, set);
	else
		judge_pass(judge, name,
			   "%zu follow the evidence, %zu of them not zero; ignored, for nothing vouches for them",
			   trailing->len, set);
}

void judge_report_data(struct judge *judge, const uint8_t report_data[64])
{
	const uint8_t *wanted = judge->v->report_data;
	const char *name = "report_data";
	char found[17], expected[17];
	size_t at;

	if (!judge->v->has_report_data) {
		judge_skip(judge, name,
			   "no report data was given to compare with, so the evidence may be an old one");
		return;
	}
	for (at = 0; at < 64 && report_data[at] == wanted[at]; at++)
		;
	if (at == 64) {
		judge_pass(judge, name, "as expected");
		return;
	}
	at -= at % 8;
	judge_fail(judge, name, "%s... at byte %zu, expected %s...",
		   text_hex(report_data + at, 8, found), at,
		   text_hex(wanted + at, 8, expected));
}

static enum tsm_check_verdict verdict_of(const struct tsm_judgement *j,
					 const char *name)
{
	size_t i;

	for (i = 0; i < j->checks; i++) {
		if (!strcmp(j->check[i].name, name))
			return j->check[i].verdict;
	}
	return TSM_CHECK_SKIPPED;
}

static enum tsm_judged sum(const struct tsm_verifier *v,
			   const struct tsm_judgement *j)
{
	const char *const *needed = j->kind == TSM_EVIDENCE_QUOTE ?
				    needed_of_quote : needed_of_report;
	size_t i;

	for (i = 0; i < j->checks; i++) {
		if (j->check[i].verdict == TSM_CHECK_FAIL)
			return TSM_REJECTED;
	}
	for (; *needed; needed++) {
		if (verdict_of(j, *needed) != TSM_CHECK_PASS)
			return TSM_REJECTED;
	}
	if (j->is_emulated && !(v->flags & TSM_VERIFY_ALLOW_EMULATED))
		return TSM_EMULATED;
	return TSM_ACCEPTED;
}

/*
 * What is before a report in a response of the firmware (MSG_REPORT_RSP), and in
 * what Azure keeps in a vTPM (HCLA).
 */
#define SNP_HEADER	32

static bool is_text(const struct tsm_blob *data)
{
	size_t i;

	for (i = 0; i < data->len; i++) {
		if (data->data[i] != '\n' && data->data[i] != '\r' &&
		    (data->data[i] < 0x20 || data->data[i] > 0x7e))
			return false;
	}
	return data->len;
}

static void not_evidence(struct judge *judge)
{
	const size_t len = judge->data.len;

	switch (judge->j->kind) {
	case TSM_EVIDENCE_TDREPORT:
		judge_fail(judge, "format",
			   "a TDREPORT, which only the machine that made it can check: get a quote");
		break;
	case TSM_EVIDENCE_SNP_CERTS:
		judge_fail(judge, "format",
			   "a certificate table: it goes with a report, see --certs");
		break;
	default:
		if (len > SNP_HEADER &&
		    tsm_evidence_guess((const uint8_t *)judge->data.data +
					       SNP_HEADER, len - SNP_HEADER) ==
			    TSM_EVIDENCE_SNP_REPORT)
			judge_fail(judge, "format",
				   "an SNP report begins at byte %d only: cut off what is before it (tail -c +%d)",
				   SNP_HEADER, SNP_HEADER + 1);
		else
			judge_fail(judge, "format",
				   "%zu bytes that are neither a TD quote nor an SNP report%s",
				   len, is_text(&judge->data) ?
				   ", but text: decode it first (base64 -d, xxd -r -p)" :
				   "");
	}
}

static int judge_kind(struct judge *judge, struct tsm_error *err)
{
	switch (judge->j->kind) {
	case TSM_EVIDENCE_QUOTE:
		return judge_quote(judge, err);
	case TSM_EVIDENCE_SNP_REPORT:
		return judge_snp(judge, err);
	default:
		not_evidence(judge);
		return 0;
	}
}

int tsm_verify(const struct tsm_verifier *verifier, const void *data, size_t len,
	       const struct tsm_blob *certs, struct tsm_judgement *judgement,
	       struct tsm_error *err)
{
	static const struct tsm_blob none;
	struct judge judge = {
		.v = verifier,
		.at = verifier->has_time ? verifier->at : (int64_t)time(NULL),
		.data = { data, len },
		.certs = certs ? certs : &none,
		.j = judgement,
	};
	int ret;

	memset(judgement, 0, sizeof(*judgement));
	judgement->kind = tsm_evidence_guess(data, len);
	ret = judge_kind(&judge, err);
	if (ret)
		memset(judgement, 0, sizeof(*judgement));
	else
		judgement->judged = sum(verifier, judgement);
	return ret;
}

const char *tsm_tcb_status_name(enum tsm_tcb_status status)
{
	static const char *const names[] = {
		[TSM_TCB_UNKNOWN] = "",
		[TSM_TCB_UP_TO_DATE] = "UpToDate",
		[TSM_TCB_SW_HARDENING_NEEDED] = "SWHardeningNeeded",
		[TSM_TCB_CONFIGURATION_NEEDED] = "ConfigurationNeeded",
		[TSM_TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED] =
			"ConfigurationAndSWHardeningNeeded",
		[TSM_TCB_TD_RELAUNCH_ADVISED] = "TDRelaunchAdvised",
		[TSM_TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED] =
			"TDRelaunchAdvisedConfigurationNeeded",
		[TSM_TCB_OUT_OF_DATE] = "OutOfDate",
		[TSM_TCB_OUT_OF_DATE_CONFIGURATION_NEEDED] =
			"OutOfDateConfigurationNeeded",
		[TSM_TCB_NOT_SUPPORTED] = "NotSupported",
		[TSM_TCB_REVOKED] = "Revoked",
	};

	if ((size_t)status >= sizeof(names) / sizeof(names[0]))
		return "";
	return names[status];
}
