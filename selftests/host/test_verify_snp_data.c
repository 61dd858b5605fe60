// SPDX-License-Identifier: MIT
/*
 * Reports of real machines are judged as they deserve. Which key signed which,
 * and when its certificate is valid, an independent checker found out: see
 * MANIFEST.tsv beside the evidence.
 */
#include "snp_real.h"

#include <openssl/err.h>

/**
 * struct loaded - one of snp_real, in memory
 * @real: which
 * @report: bytes
 * @leaf: likewise
 */
struct loaded {
	const struct snp_real *real;
	struct tsm_blob report;
	struct tsm_blob leaf;
};

static bool load(const struct snp_real *real, struct loaded *l)
{
	l->real = real;
	if (!load_real(real->report, &l->report))
		return false;
	if (load_real(real->leaf, &l->leaf))
		return true;
	unload(&l->report);
	return false;
}

static void done(struct loaded *l)
{
	unload(&l->report);
	unload(&l->leaf);
}

/* @chain: what the verifier is given; NULL: nothing */
static void judge_at(const struct loaded *l, const char *chain, int64_t at,
		     struct tsm_judgement *j)
{
	struct tsm_verifier *v = verifier_at(at);

	tsm_verifier_set_flags(v, l->real->flags);
	if (!chain || give_real(v, chain))
		judge_it(v, &l->report, &l->leaf, j);
	tsm_verifier_free(v);
}

static void accepted(const struct loaded *l, int64_t at)
{
	struct tsm_judgement j = { .checks = 0 };

	judge_at(l, l->real->chain, at, &j);
	if (!CHECK_EQ(TSM_ACCEPTED, j.judged))
		print_checks(&j);
	check_names(&j);
	fails(&j, "");
	CHECK(!j.is_emulated);
	CHECK_EQ(TSM_EVIDENCE_SNP_REPORT, j.kind);
	CHECK(!strcmp(l->real->signer, j.signer));
	CHECK_EQ(l->real->chip, check_of(&j, "chip_id")->verdict);
	CHECK_EQ(TSM_CHECK_SKIPPED, check_of(&j, "revocation")->verdict);
	CHECK_EQ(TSM_CHECK_SKIPPED, check_of(&j, "report_data")->verdict);
}

static void rejected(const struct loaded *l, int64_t at)
{
	struct tsm_judgement j = { .checks = 0 };

	judge_at(l, l->real->chain, at, &j);
	CHECK_EQ(TSM_REJECTED, j.judged);
	check_names(&j);
	fails(&j, "validity ");
}

/* A VLEK that has expired is accepted by others: AWS's, here, has. */
static void accepted_while_valid(void)
{
	struct loaded l;
	size_t i;

	for (i = 0; i < SNP_REALS; i++) {
		if (!load(&snp_real[i], &l))
			return;
		printf("# %s\n", l.real->report);
		rejected(&l, noon(l.real->from) - days(1));
		accepted(&l, noon(l.real->from) + days(1));
		accepted(&l, noon(l.real->to) - days(1));
		rejected(&l, noon(l.real->to) + days(1));
		done(&l);
	}
}

static void a_reason_names_what_expired_when(void)
{
	struct tsm_judgement j = { .checks = 0 };
	struct loaded l;

	if (!load(&snp_real[5], &l))
		return;
	judge_at(&l, l.real->chain, noon(20261124), &j);
	CHECK(!strcmp("SEV-VLEK expired at 2025-12-10T22:14:21Z; judged at 2026-11-24T12:00:00Z",
		      check_of(&j, "validity")->reason));
	done(&l);
}

/* To the second, both ends included. */
static void validity_ends_with_its_last_second(void)
{
	const int64_t end = noon(20251210) + 10 * 3600 + 14 * 60 + 21;
	const int64_t begin = noon(20241210) + 10 * 3600 + 14 * 60 + 21;
	struct loaded l;

	if (!load(&snp_real[5], &l))
		return;
	rejected(&l, begin - 1);
	accepted(&l, begin);
	accepted(&l, end);
	rejected(&l, end + 1);
	done(&l);
}

/* No chain but its own: of another product, or of the other kind of key. */
static void rejected_under_other_chains(void)
{
	static const char *const chains[] = {
		CHAIN "milan.pem", CHAIN "milan_vlek.pem", CHAIN "genoa.pem",
		CHAIN "genoa_vlek.pem", CHAIN "turin_vcek.pem",
		CHAIN "turin_vlek.pem",
	};
	struct tsm_judgement j = { .checks = 0 };
	const struct snp_real *real;
	struct loaded l;
	size_t i, n;

	for (i = 0; i < SNP_REALS; i++) {
		real = &snp_real[i];
		if (!real->chain)
			continue;
		if (!load(real, &l))
			return;
		for (n = 0; n < sizeof(chains) / sizeof(chains[0]); n++) {
			if (!strcmp(chains[n], real->chain))
				continue;
			judge_at(&l, chains[n], noon(real->from) + days(1), &j);
			CHECK_EQ(TSM_REJECTED, j.judged);
			CHECK(!j.signer[0]);
			fails(&j, "chain ");
			CHECK_EQ(TSM_CHECK_PASS,
				 check_of(&j, "signature")->verdict);
		}
		done(&l);
	}
}

static void rejected_without_a_chain(void)
{
	struct tsm_judgement j = { .checks = 0 };
	struct loaded l;

	if (!load(&snp_real[0], &l))
		return;
	judge_at(&l, NULL, noon(20230601), &j);
	CHECK_EQ(TSM_REJECTED, j.judged);
	fails(&j, "chain ");
	CHECK(!strcmp("the ASK that issued SEV-VCEK is missing: give it with --certs, AMD's KDS has it at /vcek/v1/Milan/cert_chain",
		      check_of(&j, "chain")->reason));
	done(&l);
}

/* With all that the KDS wants to know, so that it can be fetched. */
static void a_missing_vcek_can_be_found(void)
{
	static const struct {
		size_t real;
		const char *reason;
	} cases[] = {
		{ 0, "there is no certificate of a VCEK; give it with --certs, AMD's KDS has /vcek/v1/Milan/3ac3fe21e13fb0990eb28a802e3fb6a29483a6b0753590c951bdd3b8e53786184ca39e359669a2b76a1936776b564ea464cdce40c05f63c9b610c5068b006b5d?blSPL=2&teeSPL=0&snpSPL=5&ucodeSPL=68" },
		{ 5, "there is no certificate of a VLEK; the host has it, give it with --certs" },
		{ 6, "there is no certificate of a VCEK; give it with --certs, AMD's KDS has /vcek/v1/Turin/3b42092f69c656d3?fmcSPL=0&blSPL=1&teeSPL=0&snpSPL=2&ucodeSPL=71" },
	};
	struct tsm_judgement j;
	struct tsm_verifier *v;
	struct tsm_blob report;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (!load_real(snp_real[cases[i].real].report, &report))
			return;
		v = verifier_at(noon(20250801));
		tsm_verifier_set_flags(v, TSM_VERIFY_ALLOW_DEBUG);
		judge_it(v, &report, NULL, &j);
		CHECK_EQ(TSM_REJECTED, j.judged);
		check_names(&j);
		fails(&j, "certificates ");
		if (!CHECK(!strcmp(cases[i].reason,
				   check_of(&j, "certificates")->reason)))
			printf("# %s\n", check_of(&j, "certificates")->reason);
		CHECK_EQ(TSM_CHECK_SKIPPED, check_of(&j, "signature")->verdict);
		CHECK_EQ(TSM_CHECK_PASS, check_of(&j, "debug")->verdict);
		tsm_verifier_free(v);
		unload(&report);
	}
}

/* Trustee made them up, from ones of AMD, to be rejected. In the second one hwID
 * is an OCTET STRING. */
static void bad_certificates_are_rejected(void)
{
	static const char *const bad[] = {
		TRUSTEE "test-vcek-invalid-legacy.der",
		TRUSTEE "test-vcek-invalid-new.der",
	};
	struct snp_real real = snp_real[2];
	struct tsm_judgement j = { .checks = 0 };
	struct loaded l;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		real.leaf = bad[i];
		if (!load(&real, &l))
			return;
		judge_at(&l, real.chain, noon(20240101), &j);
		CHECK_EQ(TSM_REJECTED, j.judged);
		fails(&j, "chain signature tcb chip_id ");
		done(&l);
	}
}

/* Every report with every certificate but its own, in one pool of chains. */
static void rejected_with_the_key_of_another(void)
{
	struct tsm_judgement j = { .checks = 0 };
	struct loaded a, b;
	struct tsm_verifier *v;
	size_t i, n;

	for (i = 0; i < SNP_REALS; i++) {
		if (!load(&snp_real[i], &a))
			return;
		v = verifier_at(noon(20250801));
		tsm_verifier_set_flags(v, a.real->flags);
		give_real(v, CHAIN "milan.pem");
		give_real(v, CHAIN "milan_vlek.pem");
		give_real(v, CHAIN "genoa.pem");
		give_real(v, CHAIN "turin_vcek.pem");
		for (n = 0; n < SNP_REALS && load(&snp_real[n], &b); n++) {
			judge_it(v, &a.report, &b.leaf, &j);
			CHECK_EQ(i == n ? TSM_ACCEPTED : TSM_REJECTED,
				 j.judged);
			CHECK_EQ(i == n ? TSM_CHECK_PASS : TSM_CHECK_FAIL,
				 check_of(&j, "signature")->verdict);
			CHECK_EQ(TSM_CHECK_PASS, check_of(&j, "root")->verdict);
			done(&b);
		}
		tsm_verifier_free(v);
		done(&a);
	}
}

/* As a fleet has it: the certificates of all machines, and reports without. */
static void one_pool_for_all(void)
{
	static const int order[] = { 0, 1, 6, 5, 4, 3, 2, 0, 6, 1 };
	struct tsm_judgement j;
	struct tsm_blob report;
	struct tsm_verifier *v = verifier_at(noon(20250801));
	size_t i;

	tsm_verifier_set_flags(v, TSM_VERIFY_ALLOW_DEBUG);
	for (i = 0; i < SNP_REALS; i++) {
		if (!give_real(v, snp_real[i].leaf) ||
		    (snp_real[i].chain && !give_real(v, snp_real[i].chain)))
			goto out;
	}
	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (!load_real(snp_real[order[i]].report, &report))
			goto out;
		judge_it(v, &report, NULL, &j);
		CHECK_EQ(TSM_ACCEPTED, j.judged);
		fails(&j, "");
		/* what goes wrong with one does not stay for the next */
		((uint8_t *)(uintptr_t)report.data)[0x90] ^= 1;
		judge_it(v, &report, NULL, &j);
		CHECK_EQ(TSM_REJECTED, j.judged);
		fails(&j, "signature ");
		CHECK_EQ(0, ERR_peek_error());
		unload(&report);
	}
out:
	tsm_verifier_free(v);
}

/* The first of them is of a guest that its host may debug. */
static void a_debug_guest_is_rejected_unless_allowed(void)
{
	struct snp_real real = snp_real[0];
	struct tsm_judgement j = { .checks = 0 };
	struct loaded l;

	real.flags = 0;
	if (!load(&real, &l))
		return;
	judge_at(&l, real.chain, noon(20240101), &j);
	CHECK_EQ(TSM_REJECTED, j.judged);
	fails(&j, "debug ");
	real.flags = TSM_VERIFY_ALLOW_DEBUG;
	judge_at(&l, real.chain, noon(20240101), &j);
	CHECK_EQ(TSM_ACCEPTED, j.judged);
	done(&l);
}

int main(void)
{
	static const struct tap_test tests[] = {
		{ "real reports are accepted while their keys are valid, and then only",
		  accepted_while_valid },
		{ "a reason names the certificate that expired, and when",
		  a_reason_names_what_expired_when },
		{ "a certificate is valid up to its last second",
		  validity_ends_with_its_last_second },
		{ "the chain of another product, or of the other kind of key, is no chain",
		  rejected_under_other_chains },
		{ "without the ASK the reason says where to get it",
		  rejected_without_a_chain },
		{ "without a VCEK the reason says where to get it",
		  a_missing_vcek_can_be_found },
		{ "VCEKs that were made up are rejected",
		  bad_certificates_are_rejected },
		{ "the key of another machine signs for none but its own",
		  rejected_with_the_key_of_another },
		{ "a guest that may be debugged is rejected unless that is allowed",
		  a_debug_guest_is_rejected_unless_allowed },
		{ "one verifier with all certificates judges all reports",
		  one_pool_for_all },
	};

	return tap_run(tests, sizeof(tests) / sizeof(tests[0]));
}
