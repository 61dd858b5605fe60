// SPDX-License-Identifier: MIT
/*
 * What checks come to, apart from the checks: evidence is accepted only if each
 * without which nothing is vouched for was made, and passed.
 */
#include "../../tools/lib/verify.h"

#include "tap.h"

/* Written out here again: what the verifier leaves out must be missed. */
static const char *const quote_checks[] = {
	"format", "pck_chain", "root", "validity", "qe_report_signature",
	"attestation_key", "quote_signature", "debug",
};

static const char *const report_checks[] = {
	"format", "signing_key", "certificates", "chain", "root", "validity",
	"signature", "product", "tcb", "debug",
};

enum { NOT_MADE = -1 };

static size_t odd;	/* which check is not made or does not pass */
static int how;		/* NOT_MADE, or its verdict */
static bool emulated;

static int make_checks(struct judge *judge, const char *const *names,
		       size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (i != odd)
			judge_pass(judge, names[i], "passed");
		else if (how != NOT_MADE)
			judge_add(judge->j, names[i],
				  (enum tsm_check_verdict)how, "odd");
	}
	judge_skip(judge, "policy", "no --policy");
	judge->j->is_emulated = emulated;
	return 0;
}

/* In place of the library's: see --wrap in the Makefile. */
int __wrap_judge_quote(struct judge *judge, struct tsm_error *err);
int __wrap_judge_snp(struct judge *judge, struct tsm_error *err);

int __wrap_judge_quote(struct judge *judge, struct tsm_error *err)
{
	(void)err;
	return make_checks(judge, quote_checks, 8);
}

int __wrap_judge_snp(struct judge *judge, struct tsm_error *err)
{
	(void)err;
	return make_checks(judge, report_checks, 10);
}

static enum tsm_judged judged(bool is_quote, unsigned int flags)
{
	/* no more than the guess at what it is needs */
	static const uint8_t quote[600] = { 4, 0, 2, 0, 0x81 };
	static const uint8_t report[1184] = { 3, [10] = 2, [52] = 1 };
	static struct tsm_judgement j;
	struct tsm_verifier *v;

	if (!CHECK_EQ(0, tsm_verifier_new(&v)))
		return TSM_REJECTED;
	tsm_verifier_set_flags(v, flags);
	CHECK_EQ(0, tsm_verify(v, is_quote ? quote : report,
			       is_quote ? sizeof(quote) : sizeof(report), NULL,
			       &j, NULL));
	CHECK_EQ(is_quote ? TSM_EVIDENCE_QUOTE : TSM_EVIDENCE_SNP_REPORT,
		 j.kind);
	tsm_verifier_free(v);
	return j.judged;
}

static void nothing_needed_may_be_missing(void)
{
	static const int ways[] = {
		NOT_MADE, TSM_CHECK_SKIPPED, TSM_CHECK_FAIL,
	};
	size_t way;
	int is_quote;

	emulated = false;
	for (is_quote = 0; is_quote < 2; is_quote++) {
		odd = SIZE_MAX;
		CHECK_EQ(TSM_ACCEPTED, judged(is_quote, 0));
		for (way = 0; way < 3; way++) {
			how = ways[way];
			for (odd = 0; odd < (is_quote ? 8u : 10u); odd++)
				CHECK_EQ(TSM_REJECTED, judged(is_quote, 0));
		}
	}
}

static void added_roots_are_not_enough(void)
{
	emulated = true;
	odd = SIZE_MAX;
	CHECK_EQ(TSM_EMULATED, judged(true, 0));
	CHECK_EQ(TSM_ACCEPTED, judged(true, TSM_VERIFY_ALLOW_EMULATED));
	/* nor is that allowance for anything else */
	odd = 1;
	how = TSM_CHECK_SKIPPED;
	CHECK_EQ(TSM_REJECTED, judged(true, TSM_VERIFY_ALLOW_EMULATED));
}

static const struct tap_test tests[] = {
	{ "nothing that is needed may be missing", nothing_needed_may_be_missing },
	{ "an added root is not enough unless that is allowed",
	  added_roots_are_not_enough },
};

TAP_MAIN(tests)
