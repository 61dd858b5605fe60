// SPDX-License-Identifier: MIT
/* Each quote of a real machine gets the verdict that it deserves, at its time. */
#include "tdx_quotes.h"

#include <time.h>

/* What may be wrong with a quote in the set when nothing else is. */
static unsigned int flags_of(const struct real_quote *real)
{
	return real->is_debug ? TSM_VERIFY_ALLOW_DEBUG : 0;
}

static void judge_file(const char *file, int64_t at, unsigned int flags,
		       struct tsm_judgement *j)
{
	struct tsm_verifier *v = verifier_at(at, flags);
	struct loaded quote = load(file);

	judge_bytes(v, quote.p, quote.len, j);
	tsm_verifier_free(v);
	free(quote.p);
}

static void real_quotes_are_accepted(void)
{
	struct tsm_judgement j;
	size_t i;

	if (!have_data())
		return;
	for (i = 0; i < REAL_QUOTES; i++) {
		const struct real_quote *real = &real_quotes[i];

		judge_file(real->file, real->at, flags_of(real), &j);
		if (!CHECK_EQ(TSM_ACCEPTED, j.judged)) {
			printf("# %s:\n", real->file);
			show_judgement(&j);
		}
		CHECK_EQ(TSM_EVIDENCE_QUOTE, j.kind);
		CHECK(!j.is_emulated);
		CHECK(!strcmp(j.signer, "Intel SGX PCK"));
		CHECK_EQ(TSM_TCB_UNKNOWN, j.tcb_status);
		CHECK(!j.tcb_date[0] && !j.advisories[0]);
	}
}

static void all_checks_are_listed_in_order(void)
{
	static const struct {
		const char *name;
		enum tsm_check_verdict verdict;
	} expected[] = {
		{ "format", TSM_CHECK_PASS },
		{ "qe_vendor", TSM_CHECK_PASS },
		{ "pck_chain", TSM_CHECK_PASS },
		{ "root", TSM_CHECK_PASS },
		{ "validity", TSM_CHECK_PASS },
		{ "revocation", TSM_CHECK_SKIPPED },
		{ "qe_report_signature", TSM_CHECK_PASS },
		{ "attestation_key", TSM_CHECK_PASS },
		{ "quote_signature", TSM_CHECK_PASS },
		{ "qe", TSM_CHECK_PASS },
		{ "td_module", TSM_CHECK_PASS },
		{ "tcb_info", TSM_CHECK_SKIPPED },
		{ "qe_identity", TSM_CHECK_SKIPPED },
		{ "tcb_status", TSM_CHECK_SKIPPED },
		{ "debug", TSM_CHECK_PASS },
		{ "trailing_bytes", TSM_CHECK_PASS },
		{ "report_data", TSM_CHECK_SKIPPED },
		{ "policy", TSM_CHECK_SKIPPED },
		{ "event_log", TSM_CHECK_SKIPPED },
	};
	const size_t count = sizeof(expected) / sizeof(expected[0]);
	struct tsm_verifier *v = verifier_at(real_quotes[5].at, 0);
	struct tsm_judgement j;
	struct loaded quote;
	size_t i, len;

	if (have_data()) {
		quote = load(real_quotes[5].file);
		/* whole, and cut so that nothing can be said but that */
		for (len = quote.len; len > 4000; len -= 1000) {
			judge_bytes(v, quote.p, len, &j);
			CHECK_EQ(count, j.checks);
			for (i = 0; i < count && i < j.checks; i++) {
				CHECK(!strcmp(expected[i].name,
					      j.check[i].name));
				CHECK(j.check[i].reason[0]);
				CHECK_EQ(len == quote.len ?
					 expected[i].verdict :
					 i ? TSM_CHECK_SKIPPED :
					     TSM_CHECK_FAIL,
					 j.check[i].verdict);
			}
		}
		free(quote.p);
	}
	tsm_verifier_free(v);
}

static void a_debug_td_is_rejected_unless_allowed(void)
{
	const struct real_quote *real = &real_quotes[2];
	struct tsm_judgement j;

	if (!have_data())
		return;
	judge_file(real->file, real->at, 0, &j);
	check_failed(&j, "debug", "TDATTRIBUTES 0x10000001");
	judge_file(real->file, real->at, TSM_VERIFY_ALLOW_DEBUG, &j);
	check_failed(&j, "", "");
	CHECK_EQ(TSM_ACCEPTED, j.judged);
}

/* As OpenSSL prints it, not as the library under test reads it. */
static int64_t seconds(const char *iso)
{
	struct tm tm = { 0 };

	if (!strptime(iso, "%Y-%m-%dT%H:%M:%SZ", &tm) &&
	    !strptime(iso, "%Y-%m-%d %H:%M:%SZ", &tm))
		abort();
	return timegm(&tm);
}

static void window_of(const struct loaded *quote, int64_t *from, int64_t *to)
{
	struct tsm_cert certs[TSM_CERTS_MAX];
	struct tsm_quote parsed;
	struct tsm_error err;
	size_t count, i;

	*from = INT64_MIN;
	*to = INT64_MAX;
	if (tsm_quote_parse(quote->p, quote->len, &parsed, NULL) ||
	    tsm_certs_parse(parsed.certs.data, parsed.certs.len, certs, &count,
			    &err))
		abort();
	CHECK_EQ(3, count);
	for (i = 0; i < count; i++) {
		const int64_t since = seconds(certs[i].not_before);
		const int64_t until = seconds(certs[i].not_after);

		*from = since > *from ? since : *from;
		*to = until < *to ? until : *to;
	}
}

static void only_while_all_certificates_are_valid(void)
{
	struct tsm_judgement j;
	int64_t from, to;
	size_t i, n;

	if (!have_data())
		return;
	for (i = 0; i < REAL_QUOTES; i++) {
		const struct real_quote *real = &real_quotes[i];
		struct loaded quote = load(real->file);

		window_of(&quote, &from, &to);
		const struct {
			int64_t at;
			const char *failed;
			const char *part;
		} times[] = {
			{ 0, "validity", "is valid from" },
			{ from - 1, "validity",
			  "Intel SGX PCK Certificate is valid from" },
			{ from, "", "" },
			{ to, "", "" },
			{ to + 1, "validity",
			  "Intel SGX PCK Certificate expired" },
			{ INT64_MAX, "validity", "expired" },
			{ INT64_MIN, "validity", "is valid from" },
		};
		for (n = 0; n < sizeof(times) / sizeof(times[0]); n++) {
			judge_file(real->file, times[n].at, flags_of(real),
				   &j);
			check_failed(&j, times[n].failed, times[n].part);
			CHECK_EQ(*times[n].failed ? TSM_REJECTED :
						    TSM_ACCEPTED, j.judged);
		}
		free(quote.p);
	}
}

static void trailing_bytes_are_remarked_on_or_refused(void)
{
	struct tsm_judgement j;
	char part[64];
	size_t i;

	if (!have_data())
		return;
	for (i = 0; i < REAL_QUOTES; i++) {
		const struct real_quote *real = &real_quotes[i];

		if (real->trailing)
			snprintf(part, sizeof(part), "%zu follow",
				 real->trailing);
		else
			strcpy(part, "none");
		judge_file(real->file, real->at, flags_of(real), &j);
		CHECK(strstr(check_of(&j, "trailing_bytes")->reason, part));
		judge_file(real->file, real->at,
			   flags_of(real) | TSM_VERIFY_STRICT, &j);
		check_failed(&j, real->trailing ? "trailing_bytes" : "",
			     real->trailing ? part : "");
	}
}

static void report_data_is_compared(void)
{
	struct loaded nonce, quote;
	struct tsm_judgement j;
	struct tsm_verifier *v;

	if (!have_data())
		return;
	v = verifier_at(real_quotes[4].at, 0);
	quote = load(real_quotes[4].file);
	nonce = load(GO_DATA "ccel/nonce.dat");
	CHECK_EQ(0, tsm_verifier_set_report_data(v, nonce.p, nonce.len));
	judge_bytes(v, quote.p, quote.len, &j);
	CHECK_EQ(TSM_ACCEPTED, j.judged);
	CHECK_EQ(TSM_CHECK_PASS, check_of(&j, "report_data")->verdict);
	nonce.p[63] ^= 1;
	CHECK_EQ(0, tsm_verifier_set_report_data(v, nonce.p, nonce.len));
	judge_bytes(v, quote.p, quote.len, &j);
	check_failed(&j, "report_data", "byte 56");
	free(nonce.p);
	free(quote.p);
	tsm_verifier_free(v);
}

/* Applied to what else is right or wrong, item by item. */
static void a_policy_is_applied(void)
{
	static const char mrtd[] =
		"{\"tdx\": {\"fmspc\": \"50806f000000\", \"mrtd\": \""
		"705ee9381b8633a9fbe532b52345e8433343d2868959f57889d84ca377c395b6"
		"89cac1599ccea1b7d420483a9ce5f031\"}}";
	static const char debug[] =
		"{\"tdx\": {\"allow_debug\": true, \"fmspc\": \"50806f000001\"}}";
	static const char snp[] = "{\"snp\": {}}";
	const struct real_quote *real = &real_quotes[2];
	struct tsm_judgement j;
	struct tsm_verifier *v;
	struct loaded quote;

	if (!have_data())
		return;
	v = verifier_at(real->at, 0);
	quote = load(real->file);
	CHECK_EQ(0, tsm_verifier_set_policy(v, mrtd, strlen(mrtd), NULL));
	judge_bytes(v, quote.p, quote.len, &j);
	check_failed(&j, "debug", "");
	CHECK_EQ(TSM_CHECK_PASS, check_of(&j, "policy.mrtd")->verdict);
	CHECK_EQ(TSM_CHECK_PASS, check_of(&j, "policy.fmspc")->verdict);
	CHECK_EQ(TSM_CHECK_PASS, check_of(&j, "policy")->verdict);
	CHECK(!strcmp(j.check[j.checks - 1].name, "event_log"));
	CHECK_EQ(0, tsm_verifier_set_policy(v, debug, strlen(debug), NULL));
	judge_bytes(v, quote.p, quote.len, &j);
	check_failed(&j, "policy.fmspc policy", "");
	CHECK_EQ(TSM_CHECK_PASS, check_of(&j, "debug")->verdict);
	CHECK_EQ(0, tsm_verifier_set_policy(v, snp, strlen(snp), NULL));
	tsm_verifier_set_flags(v, TSM_VERIFY_ALLOW_DEBUG);
	judge_bytes(v, quote.p, quote.len, &j);
	check_failed(&j, "policy", "");
	free(quote.p);
	tsm_verifier_free(v);
}

static void judge_with_log(const char *log, struct tsm_judgement *j)
{
	struct tsm_verifier *v = verifier_at(real_quotes[4].at, 0);
	struct loaded quote = load(real_quotes[4].file);
	struct loaded ccel = load(log);

	CHECK_EQ(0, tsm_verifier_add_log(v, ccel.p, ccel.len, NULL));
	judge_bytes(v, quote.p, quote.len, j);
	free(ccel.p);
	free(quote.p);
	tsm_verifier_free(v);
}

static void an_event_log_must_lead_to_the_registers(void)
{
	struct tsm_judgement j;

	if (!have_data())
		return;
	judge_with_log(GO_DATA "ccel/ccel_data.dat", &j);
	CHECK_EQ(TSM_ACCEPTED, j.judged);
	CHECK_EQ(TSM_CHECK_PASS, check_of(&j, "event_log")->verdict);
	judge_with_log("google__go-eventlog/testdata/eventlogs/ccel/"
		       "cos-113-intel-tdx-dupe-separator.bin", &j);
	check_failed(&j, "event_log", "RTMR0 is 3fa2f61f395b7f5f...");
	CHECK(strstr(check_of(&j, "event_log")->reason, "RTMR1 is"));
	CHECK(!strstr(check_of(&j, "event_log")->reason, "RTMR2 is"));
	/* what is no log explains nothing */
	judge_with_log(GO_DATA "ccel/ccel_table.dat", &j);
	check_failed(&j, "event_log", "");
}

static void intels_sample_set_needs_its_own_root(void)
{
	struct loaded quote;
	struct tsm_judgement j;
	struct tsm_verifier *v;

	if (!have_data())
		return;
	v = verifier_at(1672531200, 0);
	quote = load(INTEL "quote.dat");
	/* DER where PEM should be, and the root first: there is no chain in it */
	judge_bytes(v, quote.p, quote.len, &j);
	check_failed(&j, "pck_chain", "the quote has no PCK chain");
	give(v, INTEL "pckCert.pem", tsm_verifier_add_certs);
	judge_bytes(v, quote.p, quote.len, &j);
	check_failed(&j, "pck_chain", "the issuer of Intel SGX PCK Certificate is missing");
	give(v, INTEL "pckSignChain.pem", tsm_verifier_add_certs);
	judge_bytes(v, quote.p, quote.len, &j);
	check_failed(&j, "root", "neither that of Intel's root");
	CHECK(!j.is_emulated && !j.signer[0]);

	give(v, INTEL "trustedRootCaCert.pem", tsm_verifier_add_roots);
	judge_bytes(v, quote.p, quote.len, &j);
	check_failed(&j, "", "");
	CHECK_EQ(TSM_EMULATED, j.judged);
	CHECK(j.is_emulated);
	tsm_verifier_set_flags(v, TSM_VERIFY_ALLOW_EMULATED);
	judge_bytes(v, quote.p, quote.len, &j);
	CHECK_EQ(TSM_ACCEPTED, j.judged);
	CHECK(j.is_emulated);
	/* its own lists say that nothing is revoked */
	tsm_verifier_set_flags(v, TSM_VERIFY_ALLOW_EMULATED |
				  TSM_VERIFY_NEED_CRLS);
	give(v, INTEL "rootCaCrl.der", tsm_verifier_add_crls);
	judge_bytes(v, quote.p, quote.len, &j);
	check_failed(&j, "revocation",
		     "there is no list of Intel SGX PCK Processor CA");
	give(v, INTEL "intermediateCaCrl.der", tsm_verifier_add_crls);
	judge_bytes(v, quote.p, quote.len, &j);
	CHECK_EQ(TSM_ACCEPTED, j.judged);
	CHECK_EQ(TSM_CHECK_PASS, check_of(&j, "revocation")->verdict);
	free(quote.p);
	tsm_verifier_free(v);
}

static void intels_lists_of_2023(void)
{
	/* of the quotes only this one was made while both were current */
	const struct real_quote *real = &real_quotes[2];
	struct tsm_judgement j;
	struct tsm_verifier *v;
	struct loaded quote;

	if (!have_data())
		return;
	v = verifier_at(real->at, TSM_VERIFY_ALLOW_DEBUG |
				  TSM_VERIFY_NEED_CRLS);
	quote = load(real->file);
	give(v, GO_DATA "pckcrl", tsm_verifier_add_crls);
	judge_bytes(v, quote.p, quote.len, &j);
	check_failed(&j, "revocation", "there is no list of Intel SGX Root CA");
	give(v, GO_DATA "rootcrl.der", tsm_verifier_add_crls);
	judge_bytes(v, quote.p, quote.len, &j);
	check_failed(&j, "", "");
	CHECK_EQ(TSM_CHECK_PASS, check_of(&j, "revocation")->verdict);
	/* nextUpdate of the PCK CA's is 2023-07-08T07:27:52Z */
	tsm_verifier_set_time(v, 1688801272);
	judge_bytes(v, quote.p, quote.len, &j);
	check_failed(&j, "", "");
	tsm_verifier_set_time(v, 1688801273);
	judge_bytes(v, quote.p, quote.len, &j);
	check_failed(&j, "revocation",
		     "no list of Intel SGX PCK Platform CA is current");
	free(quote.p);
	tsm_verifier_free(v);
}

static const struct tap_test tests[] = {
	{ "every real quote is accepted at its time",
	  real_quotes_are_accepted },
	{ "all checks are listed, in order, reached or not",
	  all_checks_are_listed_in_order },
	{ "a debug TD is rejected unless it is allowed",
	  a_debug_td_is_rejected_unless_allowed },
	{ "a quote is good while all its certificates are, to the second",
	  only_while_all_certificates_are_valid },
	{ "trailing bytes are remarked on, and refused if strict",
	  trailing_bytes_are_remarked_on_or_refused },
	{ "report data is compared", report_data_is_compared },
	{ "a policy is applied, item by item", a_policy_is_applied },
	{ "an event log must lead to the registers",
	  an_event_log_must_lead_to_the_registers },
	{ "Intel's sample set needs its own root, and is emulated then",
	  intels_sample_set_needs_its_own_root },
	{ "lists count while they are current", intels_lists_of_2023 },
};

TAP_MAIN(tests)
