// SPDX-License-Identifier: MIT
/* Policies, applied to a quote and a report that are what they are. */
#include "../../tools/lib/policy.h"

#include "fuzz.h"

#include "../host/policy_fixture.h"

static struct seen {
	struct tsm_judgement tdx;
	struct tsm_judgement snp;
} first, again;

static struct tsm_quote quote;
static struct tsm_pck pck;
static struct tsm_snp snp;
static struct tsm_snp_ext ext;

void fuzz_prepare(const char *program)
{
	(void)program;
	make_quote(&quote);
	make_pck(&pck);
	memset(&snp, 0x33, sizeof(snp));
	snp.version = 3;
	snp.generation = TSM_SNP_GENOA;
	snp.turin_tcb = false;
	snp.reserved_zero = true;
	strcpy(ext.csp_id, "cloud");
	ext.has = TSM_SNP_EXT_CSP_ID;
}

static void fill_in(const struct tsm_policy *policy, struct seen *s)
{
	unsigned int status;

	memset(s, 0, sizeof(*s));
	s->tdx.tcb_status = TSM_TCB_SW_HARDENING_NEEDED;
	policy_apply_tdx(policy, &quote, &pck, &s->tdx);
	policy_apply_snp(policy, &snp, &ext, "Genoa", &s->snp);
	ENSURE(!policy_accepts_tcb(policy, TSM_TCB_REVOKED));
	ENSURE(!policy_accepts_tcb(policy, TSM_TCB_UNKNOWN));
	ENSURE(!policy_accepts_tcb(policy, TSM_TCB_NOT_SUPPORTED));
	for (status = 0; status < 40; status++)
		s->tdx.judged += policy_accepts_tcb(
			policy, (enum tsm_tcb_status)status);
	s->tdx.is_emulated = policy_allows_debug(policy, TSM_EVIDENCE_QUOTE);
	s->snp.is_emulated = policy_allows_debug(policy,
						 TSM_EVIDENCE_SNP_REPORT);
}

static int look(const struct tsm_blob *in, void *result, struct tsm_error *err)
{
	struct tsm_policy *policy;
	int ret;

	memset(result, 0, sizeof(struct seen));
	ret = policy_parse(&policy, (const char *)in->data, in->len, err);
	ENSURE(!ret == !!policy);
	if (!ret)
		fill_in(policy, result);
	policy_free(policy);
	return ret;
}

/* One check an item, and then the sum of them, which fails if one does. */
static void adds_up(const struct tsm_judgement *j)
{
	size_t i, k, failed = 0;

	ENSURE(j->checks && j->checks < TSM_CHECKS_MAX);
	for (i = 0; i < j->checks; i++) {
		ENSURE(memchr(j->check[i].reason, '\0', TSM_REASON_SIZE));
		for (k = 0; k < i; k++)
			ENSURE(strcmp(j->check[i].name, j->check[k].name));
		if (i == j->checks - 1)
			break;
		ENSURE(!strncmp(j->check[i].name, "policy.", 7));
		failed += j->check[i].verdict == TSM_CHECK_FAIL;
		ENSURE(j->check[i].verdict != TSM_CHECK_SKIPPED);
	}
	ENSURE(!strcmp(j->check[i].name, "policy"));
	if (j->checks > 1)
		ENSURE(j->check[i].verdict ==
		       (failed ? TSM_CHECK_FAIL : TSM_CHECK_PASS));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (fuzz_all_ways(data, size, look, &first, &again, sizeof(first)))
		return 0;
	adds_up(&first.tdx);
	adds_up(&first.snp);
	return 0;
}
