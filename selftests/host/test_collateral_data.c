// SPDX-License-Identifier: MIT
/* Real quotes by the collateral that Intel published when they were made. */
#include "../../tools/lib/collateral_private.h"

#include "tdx_quotes.h"

#include <errno.h>
#include <time.h>

#define FRESH		DCAP_QVL "tdx_quote_collateral.json"
#define OUTDATED	DCAP_QVL "tdx_quote_outdated_collateral.json"

#define JULY_2023	1688169600
#define JULY_2025	1751328000
#define MARCH_2026	1772323200

static struct tsm_error err;

static bool is(const struct tsm_judgement *j, const char *name,
	       enum tsm_check_verdict verdict, const char *says)
{
	const struct tsm_check *check = check_of(j, name);

	if (check->verdict == verdict && strstr(check->reason, says))
		return true;
	printf("# %s: %d, %s\n", name, check->verdict, check->reason);
	return false;
}

static void judge_file(const char *file, struct tsm_verifier *v,
		       struct tsm_judgement *j)
{
	struct loaded quote = load(file);

	judge_bytes(v, quote.p, quote.len, j);
	free(quote.p);
	tsm_verifier_free(v);
}

/* A bundle without one of its parts. */
static void give_without(struct tsm_verifier *v, const char *file,
			 const char *part)
{
	struct loaded bundle = load(file);
	char *at = memmem(bundle.p, bundle.len, part, strlen(part));
	size_t added;

	if (CHECK(at != NULL))
		at[1] = 'X';
	CHECK_EQ(0, tsm_verifier_add_collateral(v, bundle.p, bundle.len, &added,
						&err));
	free(bundle.p);
}

static void a_fresh_quote_is_up_to_date(void)
{
	struct tsm_judgement j;
	struct tsm_verifier *v;

	if (!have_data())
		return;
	v = verifier_at(JULY_2025, 0);
	give(v, FRESH, tsm_verifier_add_collateral);
	judge_file(DCAP_QVL "tdx_quote", v, &j);
	CHECK_EQ(TSM_ACCEPTED, j.judged);
	CHECK_EQ(TSM_TCB_UP_TO_DATE, j.tcb_status);
	CHECK(!strcmp(j.tcb_date, "2024-03-13T00:00:00Z"));
	CHECK(!strcmp(j.advisories, ""));
	CHECK(is(&j, "tcb_info", TSM_CHECK_PASS, "FMSPC b0c06f000000, evaluation "
		 "data 17, issued 2025-06-19, current until 2025-07-19"));
	CHECK(is(&j, "qe_identity", TSM_CHECK_PASS, "ISVSVN 6"));
	CHECK(is(&j, "td_module", TSM_CHECK_PASS, "version 1, SVN 6"));
	CHECK(is(&j, "tcb_status", TSM_CHECK_PASS, "UpToDate: "));
}

static void an_old_seamldr_is_told(void)
{
	struct tsm_judgement j;
	struct tsm_verifier *v;

	if (!have_data())
		return;
	v = verifier_at(MARCH_2026, 0);
	give(v, OUTDATED, tsm_verifier_add_collateral);
	judge_file(DCAP_QVL "tdx_quote_outdated", v, &j);
	CHECK_EQ(TSM_REJECTED, j.judged);
	CHECK_EQ(TSM_TCB_NOT_SUPPORTED, j.tcb_status);
	CHECK(is(&j, "tcb_info", TSM_CHECK_PASS, "90c06f000000"));
	CHECK(is(&j, "td_module", TSM_CHECK_PASS, "version 1, SVN 7"));
	CHECK(is(&j, "tcb_status", TSM_CHECK_FAIL, "below every level: for the "
		 "lowest, OutOfDate of 2018-01-04, SGX component 8 (SEAMLDR ACM) "
		 "is 3, needs 5 (2 short); TDX module TDX_01 SVN 7 is UpToDate"));
}

static void a_response_needs_its_issuer_chain(void)
{
	struct tsm_judgement j;
	struct tsm_verifier *v;

	if (!have_data())
		return;
	v = verifier_at(MARCH_2026, 0);
	give(v, GO_DATA "sample_tcbinfo_response_v5", tsm_verifier_add_collateral);
	judge_file(GO_DATA "quote_v5_sample.dat", v, &j);
	CHECK_EQ(TSM_REJECTED, j.judged);
	CHECK(is(&j, "tcb_info", TSM_CHECK_FAIL, "no TCB signing certificate"));
	v = verifier_at(MARCH_2026, 0);
	give(v, GO_DATA "sample_tcbinfo_response_v5", tsm_verifier_add_collateral);
	give_without(v, OUTDATED, "\"tcb_info\"");
	judge_file(GO_DATA "quote_v5_sample.dat", v, &j);
	CHECK_EQ(TSM_ACCEPTED, j.judged);
	CHECK_EQ(TSM_TCB_UP_TO_DATE, j.tcb_status);
	CHECK(is(&j, "tcb_info", TSM_CHECK_PASS, "issued 2026-02-01"));
	CHECK(!strcmp(j.tcb_date, "2024-11-13T00:00:00Z"));
}

static void time_runs_out(void)
{
	static const struct {
		int64_t at;
		enum tsm_check_verdict info, qe;
		const char *says;
	} cases[] = {
		{ 1750328162, TSM_CHECK_FAIL, TSM_CHECK_FAIL,
		  "it was issued 2025-06-19T10:16:03Z, 1 second after" },
		{ 1750328163, TSM_CHECK_PASS, TSM_CHECK_FAIL, "b0c06f000000" },
		{ 1750329147, TSM_CHECK_PASS, TSM_CHECK_PASS, "b0c06f000000" },
		{ 1752920163, TSM_CHECK_PASS, TSM_CHECK_PASS, "b0c06f000000" },
		{ 1752920164, TSM_CHECK_FAIL, TSM_CHECK_PASS,
		  "to be updated by 2025-07-19T10:16:03Z, 1 second before" },
		{ 1784456163, TSM_CHECK_FAIL, TSM_CHECK_FAIL, "365 days before" },
	};
	struct tsm_judgement j;
	struct tsm_verifier *v;
	size_t i;

	if (!have_data())
		return;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		v = verifier_at(cases[i].at, 0);
		give(v, FRESH, tsm_verifier_add_collateral);
		judge_file(DCAP_QVL "tdx_quote", v, &j);
		CHECK(is(&j, "tcb_info", cases[i].info, cases[i].says));
		CHECK(is(&j, "qe_identity", cases[i].qe, ""));
	}
}

static void the_platform_must_fit(void)
{
	struct tsm_judgement j;
	struct tsm_verifier *v;

	if (!have_data())
		return;
	v = verifier_at(MARCH_2026, 0);
	give(v, OUTDATED, tsm_verifier_add_collateral);
	judge_file(DCAP_QVL "tdx_quote", v, &j);
	CHECK_EQ(TSM_REJECTED, j.judged);
	CHECK(is(&j, "tcb_info", TSM_CHECK_FAIL, "no TCB info of TDX for FMSPC "
		 "b0c06f000000, PCEID 0000; there is one of FMSPC 90c06f000000"));
	CHECK(is(&j, "tcb_status", TSM_CHECK_SKIPPED, "tcb_info"));
}

/* Its signer's certificate of then is not here; the one that was made in 2025 for
 * the same key was not valid yet. */
static void certificates_of_later_do_not_count(void)
{
	struct tsm_judgement j;
	struct tsm_verifier *v;

	if (!have_data())
		return;
	v = verifier_at(JULY_2023, TSM_VERIFY_ALLOW_DEBUG);
	give(v, GO_DATA "sample_tcbInfo_response", tsm_verifier_add_collateral);
	give(v, GO_DATA "sample_qeIdentity_response", tsm_verifier_add_collateral);
	give(v, FRESH, tsm_verifier_add_collateral);
	judge_file(TRUSTEE "tdx_quote_4.dat", v, &j);
	CHECK_EQ(TSM_REJECTED, j.judged);
	CHECK(is(&j, "tcb_info", TSM_CHECK_FAIL,
		 "is valid only from 2025-05-06T09:25:00Z on"));
}

/* Where all quotes stand, whoever signed their collateral. */
static void platforms_stand_where_they_do(void)
{
	static const struct {
		const char *quote, *info, *text;
		enum tsm_tcb_status status;
	} cases[] = {
		{ TRUSTEE "tdx_quote_4.dat", GO_DATA "sample_tcbInfo_response",
		  "level of 2023-02-15", TSM_TCB_UP_TO_DATE },
		{ GO_DATA "tdx_prod_quote_SPR_E4.dat",
		  GO_DATA "sample_tcbInfo_response",
		  "below every level: for the lowest, OutOfDate of 2018-01-04, "
		  "SGX component 1 (Early Microcode Update) is 3, needs 5 (2 "
		  "short), SGX component 2 (SGX Late Microcode Update) is 3, needs "
		  "5 (2 short), SGX component 5 is 2, needs 3 (1 short), SGX "
		  "component 8 (SEAMLDR ACM) is 2, needs 3 (1 short), TDX component 3 (TDX Late Microcode Update) is 4, needs "
		  "5 (1 short)", TSM_TCB_NOT_SUPPORTED },
		{ TRUSTEE "tdx_quote_5.dat", GO_DATA "sample_tcbinfo_response_v5",
		  "below every level: for the lowest, OutOfDate of 2018-01-04, "
		  "SGX component 1 (Early Microcode Update) is 1, needs 2 (1 "
		  "short), SGX component 2 (SGX Late Microcode Update) is 1, needs "
		  "2 (1 short), SGX component 8 (SEAMLDR ACM) is 3, needs 5 (2 "
		  "short); TDX module TDX_01 SVN 5 is OutOfDate of 2024-03-13, "
		  "UpToDate of 2024-11-13 needs 6 (1 short)",
		  TSM_TCB_NOT_SUPPORTED },
		{ GO_DATA "quote_v5_sample.dat",
		  GO_DATA "sample_tcbinfo_response_v5",
		  "level of 2024-11-13; TDX module TDX_01 SVN 11 is UpToDate of "
		  "2024-11-13", TSM_TCB_UP_TO_DATE },
	};
	struct tsm_cert certs[TSM_CERTS_MAX];
	struct tcb_found found;
	struct tsm_quote quote;
	struct tcb_svns svns;
	struct json_doc *doc;
	struct tcb_info *info;
	struct json_at at;
	char text[512];
	size_t i, count;

	if (!have_data())
		return;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct loaded bytes = load(cases[i].quote);
		struct loaded json = load(cases[i].info);

		CHECK(!tsm_quote_parse(bytes.p, bytes.len, &quote, &err));
		CHECK(!tsm_certs_parse(quote.certs.data,
				       quote.certs.len, certs, &count, &err));
		CHECK(!json_doc_parse(json.p, json.len, &doc, &err));
		CHECK(json_at_find(json_doc_root(doc), "tcbInfo", &at));
		CHECK(!tcb_info_parse(at, &info, &err));
		svns = (struct tcb_svns){
			.comp_svn = certs[0].pck.comp_svn,
			.pcesvn = certs[0].pck.pcesvn,
			.tee_tcb_svn = quote.body.td15.td10.tee_tcb_svn,
		};
		tcb_find(info, NULL, &svns, &found);
		tcb_explain(info, NULL, &svns, &found, text, sizeof(text));
		CHECK_EQ(cases[i].status, found.status);
		if (!CHECK(!strcmp(text, cases[i].text)))
			printf("# %s: %s\n", cases[i].quote, text);
		tcb_info_free(info);
		json_doc_free(doc);
		free(bytes.p);
		free(json.p);
	}
}

/* Signatures and chains are right, under Intel's test root. But the QE is of another
 * signer, and the module has version 0xC1, which the TCB info does not know. */
static void intels_own_samples_are_judged(void)
{
	static const char *const files[] = {
		INTEL "tcbInfo.json", INTEL "qeIdentity.json",
		INTEL "tcbSignChain.pem", INTEL "rootCaCrl.der",
		INTEL "intermediateCaCrl.der",
	};
	struct tsm_judgement j;
	struct tsm_verifier *v;
	int is_trusted;
	size_t i;

	if (!have_data())
		return;
	for (is_trusted = 0; is_trusted < 2; is_trusted++) {
		v = verifier_at(JULY_2025, TSM_VERIFY_ALLOW_EMULATED |
					   TSM_VERIFY_NEED_CRLS);
		for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
			give(v, files[i], tsm_verifier_add_collateral);
		give(v, INTEL "pckCert.pem", tsm_verifier_add_certs);
		give(v, INTEL "pckSignChain.pem", tsm_verifier_add_certs);
		if (is_trusted)
			give(v, INTEL "trustedRootCaCert.pem",
			     tsm_verifier_add_roots);
		judge_file(INTEL "quote.dat", v, &j);
		CHECK_EQ(TSM_REJECTED, j.judged);
		if (!is_trusted) {
			CHECK(is(&j, "tcb_info", TSM_CHECK_SKIPPED, "root"));
			continue;
		}
		CHECK(is(&j, "tcb_info", TSM_CHECK_PASS, "ed742af8adf5"));
		CHECK(is(&j, "qe_identity", TSM_CHECK_FAIL, "MRSIGNER is e4bd"));
		CHECK(is(&j, "td_module", TSM_CHECK_FAIL, "TDX_C1"));
		CHECK(is(&j, "tcb_status", TSM_CHECK_SKIPPED, "td_module"));
	}
}

static const struct tap_test tests[] = {
	{ "a fresh quote is UpToDate", a_fresh_quote_is_up_to_date },
	{ "an old SEAM loader is told by name", an_old_seamldr_is_told },
	{ "a TCB info alone needs its issuer chain",
	  a_response_needs_its_issuer_chain },
	{ "collateral runs out by the second", time_runs_out },
	{ "collateral of another platform does not count", the_platform_must_fit },
	{ "certificates of later do not count", certificates_of_later_do_not_count },
	{ "platforms stand where they do", platforms_stand_where_they_do },
	{ "Intel's own samples are judged", intels_own_samples_are_judged },
};

TAP_MAIN(tests)
