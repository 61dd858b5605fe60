// SPDX-License-Identifier: MIT
/* Real quotes judged by the collateral that Intel had published for them. */
#include "tdx_quotes.h"

#define PHALA_2025	DCAP_QVL "tdx_quote_collateral.json"
#define PHALA_2026	DCAP_QVL "tdx_quote_outdated_collateral.json"

/**
 * struct one_case - a quote, what it is judged by, and what comes of it
 * @quote: file
 * @at: seconds since 1970
 * @flags: TSM_VERIFY_*
 * @collateral: files
 * @failed: checks that fail
 * @part: of the reason of the first
 * @status: TCB status
 */
struct one_case {
	const char *quote;
	int64_t at;
	unsigned int flags;
	const char *collateral[4];
	const char *failed;
	const char *part;
	enum tsm_tcb_status status;
};

static const struct one_case cases[] = {
	{ DCAP_QVL "tdx_quote", 1751328000, 0, { PHALA_2025 },
	  "", "", TSM_TCB_UP_TO_DATE },
	{ DCAP_QVL "tdx_quote_outdated", 1772323200, 0, { PHALA_2026 },
	  "tcb_status", "NotSupported", TSM_TCB_NOT_SUPPORTED },
	/* a TCB info alone has neither signer nor QE identity */
	{ GO_DATA "quote_v5_sample.dat", 1772323200, 0,
	  { GO_DATA "sample_tcbinfo_response_v5", PHALA_2026 },
	  "", "", TSM_TCB_UP_TO_DATE },
	{ GO_DATA "quote_v5_sample.dat", 1772323200, 0,
	  { GO_DATA "sample_tcbinfo_response_v5" },
	  "tcb_info qe_identity", "", TSM_TCB_UNKNOWN },
	/* signed under a certificate that was renewed, which nobody kept */
	{ TRUSTEE "tdx_quote_4.dat", 1688169600, TSM_VERIFY_ALLOW_DEBUG,
	  { GO_DATA "sample_tcbInfo_response",
	    GO_DATA "sample_qeIdentity_response", PHALA_2025 },
	  "tcb_info qe_identity", "valid only from 2025-05-06T09:25:00Z on",
	  TSM_TCB_UNKNOWN },
	/* without a chain, whose TCB is it? */
	{ INTEL "quote.dat", 1751328000, 0, { PHALA_2025 },
	  "pck_chain", "the quote has no PCK chain", TSM_TCB_UNKNOWN },
	/* of another platform */
	{ DCAP_QVL "tdx_quote", 1772323200, 0, { PHALA_2026 },
	  "tcb_info", "", TSM_TCB_UNKNOWN },
	/* a day too late */
	{ DCAP_QVL "tdx_quote", 1753000000, 0, { PHALA_2025 },
	  "tcb_info qe_identity", "", TSM_TCB_UNKNOWN },
	{ DCAP_QVL "tdx_quote", 1750000000, 0, { PHALA_2025 },
	  "tcb_info qe_identity", "", TSM_TCB_UNKNOWN },
};

static void judge_case(const struct one_case *c, struct tsm_judgement *j)
{
	struct tsm_verifier *v = verifier_at(c->at, c->flags);
	struct loaded quote = load(c->quote);
	size_t i;

	for (i = 0; i < 4 && c->collateral[i]; i++)
		give(v, c->collateral[i], tsm_verifier_add_collateral);
	judge_bytes(v, quote.p, quote.len, j);
	free(quote.p);
	tsm_verifier_free(v);
}

static void each_quote_gets_its_status(void)
{
	struct tsm_judgement j;
	size_t i;

	if (!have_data())
		return;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct one_case *c = &cases[i];

		judge_case(c, &j);
		check_failed(&j, c->failed, c->part);
		CHECK_EQ(*c->failed ? TSM_REJECTED : TSM_ACCEPTED, j.judged);
		CHECK_EQ(c->status, j.tcb_status);
		CHECK_EQ(c->status != TSM_TCB_UNKNOWN &&
			 c->status != TSM_TCB_NOT_SUPPORTED, j.tcb_date[0] != 0);
	}
}

/* Its numbers are random: its own TCB info and QE identity are not of its quote. */
static void intels_sample_set_does_not_fit_itself(void)
{
	struct tsm_judgement j;
	struct tsm_verifier *v;
	struct loaded quote;

	if (!have_data())
		return;
	v = verifier_at(1672531200, TSM_VERIFY_ALLOW_EMULATED |
				    TSM_VERIFY_NEED_CRLS);
	quote = load(INTEL "quote.dat");
	give(v, INTEL "trustedRootCaCert.pem", tsm_verifier_add_roots);
	give(v, INTEL "pckCert.pem", tsm_verifier_add_certs);
	give(v, INTEL "pckSignChain.pem", tsm_verifier_add_certs);
	give(v, INTEL "rootCaCrl.der", tsm_verifier_add_crls);
	give(v, INTEL "intermediateCaCrl.der", tsm_verifier_add_crls);
	give(v, INTEL "tcbInfo.json", tsm_verifier_add_collateral);
	give(v, INTEL "qeIdentity.json", tsm_verifier_add_collateral);
	give(v, INTEL "tcbSignChain.pem", tsm_verifier_add_collateral);
	judge_bytes(v, quote.p, quote.len, &j);
	check_failed(&j, "td_module qe_identity",
		     "knows no TDX module of version 193");
	CHECK(strstr(check_of(&j, "qe_identity")->reason, "MRSIGNER is e4bd"));
	CHECK_EQ(TSM_CHECK_PASS, check_of(&j, "tcb_info")->verdict);
	CHECK_EQ(TSM_CHECK_PASS, check_of(&j, "revocation")->verdict);
	free(quote.p);
	tsm_verifier_free(v);
}

static const struct tap_test tests[] = {
	{ "each quote gets the status that its collateral gives it",
	  each_quote_gets_its_status },
	{ "Intel's sample set does not fit itself",
	  intels_sample_set_does_not_fit_itself },
};

TAP_MAIN(tests)
