// SPDX-License-Identifier: MIT
/* Prints what came of judging: each check, one verdict, and the sum. */
#include "cmd_verify.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *word;
	enum out_mood mood;
} verdicts[] = {
	[TSM_CHECK_SKIPPED] = { "skipped", OUT_OPEN },
	[TSM_CHECK_PASS] = { "pass", OUT_GOOD },
	[TSM_CHECK_FAIL] = { "FAIL", OUT_BAD },
};

/* What is not vouched for where these are skipped: what stands in a verdict, and
 * which option is missing. Names that follow each other are told once. */
static const struct {
	const char *name;
	const char *what;
	const char *option;
} omissions[] = {
	{ "report_data", "report data", "-d" },
	{ "tcb_info", "TCB status", "--collateral" },
	{ "qe_identity", "TCB status", "--collateral" },
	{ "tcb_status", "TCB status", "--collateral" },
	{ "revocation", "revocation", "--crl" },
	{ "policy", "policy", "--policy" },
};

#define OMISSIONS	(sizeof(omissions) / sizeof(omissions[0]))

static const struct tsm_check *find_check(const struct tsm_judgement *j,
					  const char *name)
{
	size_t i;

	for (i = 0; i < j->checks; i++) {
		if (!strcmp(j->check[i].name, name))
			return &j->check[i];
	}
	return NULL;
}

static bool is_option_given(const struct verify_options *o, const char *option)
{
	size_t i;

	if (!strcmp(option, "-d"))
		return o->data;
	if (!strcmp(option, "--policy"))
		return o->policy;
	for (i = 0; i < o->aids; i++) {
		if (o->aid[i].kind == (!strcmp(option, "--crl") ?
				       AID_CRL : AID_COLLATERAL))
			return true;
	}
	return false;
}

/* "; not checked: TCB status (no --collateral), ..." or nothing. */
static void tell_omissions(const struct verify_options *o,
			   const struct tsm_judgement *j, char *text,
			   size_t size)
{
	const char *before = "; not checked: ", *last = "";
	const struct tsm_check *check;
	size_t i, at = 0;

	text[0] = '\0';
	for (i = 0; i < OMISSIONS; i++) {
		check = find_check(j, omissions[i].name);
		if (!check || check->verdict != TSM_CHECK_SKIPPED ||
		    !strcmp(omissions[i].what, last))
			continue;
		last = omissions[i].what;
		if (is_option_given(o, omissions[i].option))
			at += (size_t)snprintf(text + at, size - at, "%s%s",
					       before, last);
		else
			at += (size_t)snprintf(text + at, size - at,
					       "%s%s (no %s)", before, last,
					       omissions[i].option);
		before = ", ";
	}
}

/* The first check that failed, and how many more did. */
static void tell_failures(const struct tsm_judgement *j, char *text,
			  size_t size)
{
	const struct tsm_check *first = NULL;
	size_t i, more = 0;
	int at;

	for (i = 0; i < j->checks; i++) {
		if (j->check[i].verdict != TSM_CHECK_FAIL)
			continue;
		if (first)
			more++;
		else
			first = &j->check[i];
	}
	if (!first) {
		snprintf(text, size, ": a check that is needed was not done");
		return;
	}
	at = snprintf(text, size, ": %s: %s", first->name, first->reason);
	if (more && at > 0 && (size_t)at < size)
		snprintf(text + at, size - (size_t)at, " (and %zu more)", more);
}

#define VERDICT_SIZE	(TSM_REASON_SIZE + 256)

/* The verdict as a word, what is said behind it, and how it looks. */
struct verdict {
	const char *word;
	const char *key;
	enum out_mood mood;
	char text[VERDICT_SIZE];
};

static void find_verdict(const struct verify_options *o,
			 const struct tsm_judgement *j, struct verdict *v)
{
	switch (j->judged) {
	case TSM_ACCEPTED:
		v->key = "accepted";
		v->word = j->is_emulated ? "accepted, EMULATED" : "accepted";
		v->mood = OUT_GOOD;
		tell_omissions(o, j, v->text, sizeof(v->text));
		break;
	case TSM_EMULATED:
		v->key = "emulated";
		v->word = "EMULATED";
		v->mood = OUT_BAD;
		snprintf(v->text, sizeof(v->text),
			 ": nothing is wrong with it, but it is under a root of --roots: not accepted without --allow-emulated");
		break;
	default:
		v->key = "rejected";
		v->word = "REJECTED";
		v->mood = OUT_BAD;
		tell_failures(j, v->text, sizeof(v->text));
	}
}

static const char *kind_name(enum tsm_evidence kind)
{
	switch (kind) {
	case TSM_EVIDENCE_QUOTE:
		return "TD quote";
	case TSM_EVIDENCE_SNP_REPORT:
		return "SNP report";
	case TSM_EVIDENCE_TDREPORT:
		return "TDREPORT";
	case TSM_EVIDENCE_SNP_CERTS:
		return "SNP certificate table";
	default:
		return "unknown";
	}
}

static void print_checks(struct out *out, const struct tsm_judgement *j)
{
	const struct tsm_check *check;
	size_t i;

	out_list(out, "checks");
	for (i = 0; i < j->checks; i++) {
		check = &j->check[i];
		out_verdict(out, check->name, verdicts[check->verdict].mood,
			    verdicts[check->verdict].word, check->reason);
	}
	out_list_end(out);
}

static void print_facts(struct out *out, const struct tsm_judgement *j)
{
	out_str(out, "evidence", "%s", kind_name(j->kind));
	if (j->signer[0])
		out_str(out, "signer", "%s", j->signer);
	out_bool(out, "emulated", j->is_emulated);
	if (j->tcb_status != TSM_TCB_UNKNOWN)
		out_str(out, "TCB status", "%s",
			tsm_tcb_status_name(j->tcb_status));
	if (j->tcb_date[0])
		out_str(out, "TCB date", "%s", j->tcb_date);
	if (j->advisories[0])
		out_words(out, "advisories", j->advisories);
}

static void print_failure(struct out *out, const char *path,
			  const struct verify_result *result)
{
	complain("%s", result->err.text);
	out_item(out);
	out_key(out, "file", path);
	out_key(out, "verdict", "error");
	out_key(out, "reason", result->err.text);
	out_item_end(out);
}

static void count(struct verify_sum *sum, const struct verify_result *result)
{
	if (result->ret)
		sum->failed++;
	else if (result->judgement.judged == TSM_ACCEPTED)
		sum->accepted++;
	else if (result->judgement.judged == TSM_EMULATED)
		sum->emulated++;
	else
		sum->rejected++;
}

void print_result(struct out *out, const struct verify_options *o,
		  const char *path, const struct verify_result *result,
		  struct verify_sum *sum)
{
	const struct tsm_judgement *j = &result->judgement;
	struct verdict v;

	count(sum, result);
	if (result->ret) {
		print_failure(out, path, result);
		return;
	}
	find_verdict(o, j, &v);
	out_item(out);
	out_key(out, "file", path);
	out_key(out, "verdict", v.key);
	/* as in text, without the sign that joins it to the word */
	out_key(out, "reason", v.text + strspn(v.text, ":; "));
	if (o->files == 1 || out_is_json(out)) {
		print_facts(out, j);
		print_checks(out, j);
	}
	if (o->files == 1)
		out_note(out, "%s", "");
	out_line(out, path, v.mood, v.word, v.text);
	out_item_end(out);
	/* what is known stays known if the next file never ends; an error stays
	 * for whoever looks in the end */
	if (o->files > 1)
		out_flush();
}

void print_sum(struct out *out, const struct verify_options *o,
	       const struct verify_sum *sum)
{
	char failed[64] = "", emulated[64] = "";

	if (out_is_json(out)) {
		out_num(out, "accepted", sum->accepted);
		out_num(out, "emulated", sum->emulated);
		out_num(out, "rejected", sum->rejected);
		out_num(out, "errors", sum->failed);
		return;
	}
	if (o->files == 1)
		return;
	if (sum->emulated)
		snprintf(emulated, sizeof(emulated), ", %zu EMULATED",
			 sum->emulated);
	if (sum->failed)
		snprintf(failed, sizeof(failed), ", %zu could not be read",
			 sum->failed);
	out_note(out, "%zu files: %zu accepted, %zu rejected%s%s", o->files,
		 sum->accepted, sum->rejected, emulated, failed);
}
