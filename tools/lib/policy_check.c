// SPDX-License-Identifier: MIT
/* Applies a policy to evidence: all items of the section on its TEE. */
#include "eventlog_text.h"
#include "lib_private.h"
#include "policy_private.h"
#include "verify.h"

/* Those checks of a policy that failed, by the names of the items. */
static void tell_violated(struct text *t, const struct tsm_judgement *j,
			  size_t first, const char *prefix)
{
	const char *before = "";
	size_t i;

	for (i = first; i < j->checks; i++) {
		if (j->check[i].verdict != TSM_CHECK_FAIL)
			continue;
		tsm_text_str(t, before);
		tsm_text_str(t, j->check[i].name + strlen(prefix));
		before = ", ";
	}
}

static void sum_up(struct tsm_judgement *j, size_t first, size_t demands)
{
	char text[TSM_REASON_SIZE];
	struct text violated;

	tsm_text_begin(&violated, text, sizeof(text));
	tell_violated(&violated, j, first, "policy.");
	if (violated.len)
		judge_add(j, "policy", TSM_CHECK_FAIL, "not met: %.290s", text);
	else if (demands)
		judge_add(j, "policy", TSM_CHECK_PASS, "%zu demand%s met",
			  demands, demands == 1 ? " is" : "s are");
	else
		judge_add(j, "policy", TSM_CHECK_PASS, "demands nothing");
}

void policy_check(const struct policy_subject *subject,
		  const struct policy_item *items)
{
	const struct tsm_policy *policy = subject->policy;
	const size_t first = subject->j->checks;
	size_t demands = 0;

	if (!(subject->snp ? policy->has_snp : policy->has_tdx)) {
		judge_add(subject->j, "policy", TSM_CHECK_FAIL,
			  "the policy says nothing about %s, so it accepts none of it",
			  subject->snp ? "SNP" : "TDX");
		return;
	}
	for (; items->name; items++)
		demands += policy_compare(subject, items);
	sum_up(subject->j, first, demands);
}

bool policy_allows_debug(const struct tsm_policy *policy,
			 enum tsm_evidence kind)
{
	if (!policy)
		return false;
	switch (kind) {
	case TSM_EVIDENCE_QUOTE:
		return policy->tdx.allow_debug;
	case TSM_EVIDENCE_SNP_REPORT:
		return policy->snp.allow_debug;
	default:
		return false;
	}
}
