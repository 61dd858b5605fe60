// SPDX-License-Identifier: MIT
/* Which TCB infos and QE identities count: who signed them, for whom, and when. */
#include "forged_collateral.h"

static void what_is_right_passes(void)
{
	struct forged *f = forged_new();
	struct tcb_result result;

	add_all(f);
	forged_judge(f, &result);
	CHECK_EQ(TSM_CHECK_PASS, result.tcb_info);
	CHECK_EQ(TSM_CHECK_PASS, result.qe_identity);
	CHECK_EQ(TSM_CHECK_PASS, result.td_module);
	CHECK_EQ(TSM_TCB_UP_TO_DATE, result.status);
	CHECK_EQ(TSM_TCB_UP_TO_DATE, result.platform_status);
	CHECK_EQ(TSM_TCB_UP_TO_DATE, result.qe_status);
	CHECK_EQ(TSM_TCB_UP_TO_DATE, result.module_status);
	CHECK_EQ(17, result.evaluation);
	CHECK(!strcmp(result.tcb_date, "2024-11-13T00:00:00Z"));
	CHECK(!strcmp(result.advisories, ""));
	CHECK(!strcmp(result.tcb_info_reason, "for FMSPC 00806f050000, "
		"evaluation data 17, issued 2025-05-20, current until 2025-06-19"));
	CHECK(!strcmp(result.qe_identity_reason, "TD_QE, ISVSVN 6, "
		"evaluation data 17, issued 2025-05-20, current until 2025-06-19"));
	forged_free(f);
}

static void nothing_is_not_enough(void)
{
	struct forged *f = forged_new();

	add_chain(f);
	add_info(f);
	qe_fails(f, "no QE identity of the TD quoting enclave");
	f = forged_new();
	add_chain(f);
	add_qe(f);
	info_fails(f, "no TCB info of TDX for FMSPC 00806f050000, PCEID 0000");
	f = forged_new();
	add_info(f);
	add_qe(f);
	forge_intel_make(&f->pki);
	CHECK(!x509_parse(f->pki.root_der.p, f->pki.root_der.len, &f->root, &err));
	info_fails(f, "no TCB signing certificate is given");
}

static void the_signature_is_of_that_text(void)
{
	static struct text info, response, changed;
	static const struct {
		const char *from, *to;
	} changes[] = {
		{ ",\"signature\"", ", \"signature\"" },	/* outside */
		{ "\"version\":3", "\"version\": 3" },
		{ "\"svn\":5", "\"svn\":4" },
		{ "OutOfDate", "UpToDate" },
		{ "UpToDate", "\\u0055pToDate" },
		{ "2025-06-19", "2026-06-19" },
		{ "tcbType\":0,", "tcbType\":0,\"x\":1," },
		{ "\"issueDate\":\"2025-05-20T10:00:00Z\",", "" },
	};
	struct forged *f;
	size_t i;

	for (i = 0; i < FORGE_COUNT(changes); i++) {
		f = forged_new();
		add_chain(f);
		add_qe(f);
		info.len = response.len = 0;
		say_info(&info, &f->info);
		say_response(&response, "tcbInfo", info.s,
			     f->pki.tcb_signing.key);
		change(&changed, &response, changes[i].from, changes[i].to);
		if (i + 1 == FORGE_COUNT(changes)) {
			CHECK_EQ(-EBADMSG, offer_text(f, changed.s));
			CHECK(reason_is(err.text, "TCB info: JSON: the document: "
					"has no issueDate"));
			forged_free(f);
			continue;
		}
		add_bytes(f, changed.s, changed.len, 1);
		if (i)
			info_fails(f, "its signature is wrong");
		else
			passes(f, TSM_TCB_UP_TO_DATE);
	}
}

static void what_is_not_signed_fails(void)
{
	static struct text info, text;
	static const char *const endings[] = {
		"", ",\"signature\":null", ",\"signature\":\"\"",
		",\"signature\":\"00\"", ",\"signature\":[]", ",\"Signature\":\"\"",
		",\"signature\":\"" MODULE_48_ZEROS "0000000000000000000000000000000g\"",
		",\"signature\":\"" MODULE_48_ZEROS "000000000000000000000000000000000\"",
	};
	struct forged *f;
	size_t i;

	for (i = 0; i < FORGE_COUNT(endings); i++) {
		f = forged_new();
		add_chain(f);
		add_qe(f);
		info.len = text.len = 0;
		say_info(&info, &f->info);
		say(&text, "{\"tcbInfo\":%s%s}", info.s, endings[i]);
		add_bytes(f, text.s, text.len, 1);
		info_fails(f, "it has no signature");
	}
	/* zeros are one, and wrong */
	f = forged_new();
	add_chain(f);
	add_info(f);
	text.len = 0;
	say(&text, "{\"enclaveIdentity\":%s,\"signature\":\"" MODULE_48_ZEROS
	    "00000000000000000000000000000000\"}", f->qe.s);
	add_bytes(f, text.s, text.len, 1);
	qe_fails(f, "its signature is wrong");
}

static void only_the_tcb_signer_may_sign(void)
{
	struct forged *f = forged_new();

	/* the PCK, the CA and the root, whose certificates are given */
	add_chain(f);
	add_der(f, &f->pki.leaf_der);
	add_info_by(f, f->pki.leaf.key);
	info_fails(f, "its signature is wrong");
	f = forged_new();
	add_chain(f);
	add_der(f, &f->pki.ca_der);
	add_info_by(f, f->pki.ca.key);
	info_fails(f, "its signature is wrong");
	f = forged_new();
	add_chain(f);
	add_der(f, &f->pki.root_der);
	add_info_by(f, f->pki.root.key);
	info_fails(f, "its signature is wrong");
	/* the signer under another root, of the same name or not */
	f = forged_new();
	add_chain(f);
	add_der(f, &f->other.tcb_signing_der);
	add_der(f, &f->other.root_der);
	add_info_by(f, f->other.tcb_signing.key);
	info_fails(f, "was not signed by its issuer's key, which must be the root");
	f = forged_new();
	f->other.root.subject = f->other.root.issuer =
		f->other.tcb_signing.issuer = "Forged Other Root CA";
	add_chain(f);
	add_der(f, &f->other.tcb_signing_der);
	add_der(f, &f->other.root_der);
	add_info_by(f, f->other.tcb_signing.key);
	info_fails(f, "names another issuer");
	/* issued by the CA for PCKs */
	f = forged_new();
	f->other.tcb_signing.issuer = f->pki.ca.subject;
	f->other.tcb_signing.signer = f->pki.ca.key;
	add_chain(f);
	add_der(f, &f->other.tcb_signing_der);
	add_der(f, &f->pki.ca_der);
	add_info_by(f, f->other.tcb_signing.key);
	info_fails(f, "names another issuer");
}

static void a_signer_is_what_it_should_be(void)
{
	struct forged *f = forged_new();

	f->pki.tcb_signing.subject = "Forged SGX PCK Certificate";
	add_all(f);
	info_fails(f, "no TCB signing certificate is given");
	f = forged_new();
	f->pki.tcb_signing.ca = true;
	add_all(f);
	info_fails(f, "no TCB signing certificate is given");
	f = forged_new();
	f->pki.tcb_signing.usage = FORGE_CERT_SIGN;
	add_all(f);
	info_fails(f, "no TCB signing certificate is given");
	f = forged_new();
	f->pki.tcb_signing.deviations = FORGE_BAD_SIGNATURE;
	add_all(f);
	info_fails(f, "was not signed by its issuer's key");
	f = forged_new();
	f->pki.tcb_signing.deviations = FORGE_UNKNOWN_CRITICAL;
	add_all(f);
	info_fails(f, "critical extension");
	f = forged_new();
	f->pki.tcb_signing.how = FORGE_ECDSA_SHA1;
	add_all(f);
	info_fails(f, "algorithm");
	f = forged_new();
	f->pki.tcb_signing.until = FORGE_NOW - 1;
	add_all(f);
	info_fails(f, "its TCB signing certificate expired 2025-05-31T23:59:59Z");
	f = forged_new();
	f->pki.tcb_signing.from = FORGE_NOW + 1;
	add_all(f);
	info_fails(f, "is valid only from 2025-06-01T00:00:01Z on");
	f = forged_new();
	f->pki.tcb_signing.from = f->pki.tcb_signing.until = FORGE_NOW;
	add_all(f);
	passes(f, TSM_TCB_UP_TO_DATE);
}

/* Somebody's certificate for the same key does not spoil a good one. */
static void one_good_certificate_is_enough(void)
{
	struct forged *f = forged_new();

	f->other.tcb_signing.key = f->pki.tcb_signing.key;
	add_chain(f);
	collateral_clear(&f->col);
	add_der(f, &f->other.tcb_signing_der);
	add_der(f, &f->pki.tcb_signing_der);
	add_der(f, &f->pki.tcb_signing_der);
	add_info(f);
	add_qe(f);
	passes(f, TSM_TCB_UP_TO_DATE);
	/* and it may come from elsewhere */
	f = forged_new();
	add_chain(f);
	f->judge.certs = &f->col.pool;
	add_info(f);
	add_qe(f);
	passes(f, TSM_TCB_UP_TO_DATE);
}

static void add_list(struct forged *f)
{
	size_t added;

	CHECK_EQ(0, cert_pool_add(&f->crls, f->pki.root_crl_der.p,
				  f->pki.root_crl_der.len, &added, &err));
}

static void revoked_signers_do_not_count(void)
{
	struct forged *f = forged_new();

	f->pki.root_crl.revoked[0] = f->pki.tcb_signing.serial;
	f->pki.root_crl.count = 1;
	add_all(f);
	add_list(f);
	info_fails(f, "its TCB signing certificate is revoked");
	/* in collateral, unasked, stale */
	f = forged_new();
	f->pki.root_crl.revoked[0] = f->pki.tcb_signing.serial;
	f->pki.root_crl.count = 1;
	f->pki.root_crl.until = FORGE_NOW - 1;
	add_all(f);
	add_der(f, &f->pki.root_crl_der);
	info_fails(f, "its TCB signing certificate is revoked");
	/* somebody else is */
	f = forged_new();
	f->pki.root_crl.revoked[0] = 77;
	f->pki.root_crl.count = 1;
	f->judge.need_crls = true;
	add_all(f);
	add_list(f);
	passes(f, TSM_TCB_UP_TO_DATE);
}

static void lists_are_there_if_asked_for(void)
{
	struct forged *f = forged_new();

	f->judge.need_crls = true;
	add_all(f);
	info_fails(f, "needs a current revocation list of the root: there is none");
	f = forged_new();
	f->judge.need_crls = true;
	f->pki.root_crl.until = FORGE_NOW - 1;
	add_all(f);
	add_list(f);
	info_fails(f, "the one there is is of another time");
	f = forged_new();
	f->judge.need_crls = true;
	f->pki.root_crl.signer = f->pki.ca.key;
	add_all(f);
	add_list(f);
	info_fails(f, "was not signed by it");
	f = forged_new();
	f->pki.root_crl.until = FORGE_NOW - 1;
	add_all(f);
	add_list(f);
	passes(f, TSM_TCB_UP_TO_DATE);
	/* in collateral it is as good */
	f = forged_new();
	f->judge.need_crls = true;
	add_all(f);
	add_der(f, &f->pki.root_crl_der);
	passes(f, TSM_TCB_UP_TO_DATE);
}

static void times_are_kept(void)
{
	struct forged *f = forged_new();

	f->judge.at = 1747735200;	/* 2025-05-20T10:00:00Z */
	add_all(f);
	passes(f, TSM_TCB_UP_TO_DATE);
	f = forged_new();
	f->judge.at = 1747735199;
	add_all(f);
	info_fails(f, "it was issued 2025-05-20T10:00:00Z, 1 second after");
	f = forged_new();
	f->judge.at = 1750327200;	/* 2025-06-19T10:00:00Z */
	add_all(f);
	passes(f, TSM_TCB_UP_TO_DATE);
	f = forged_new();
	f->judge.at = 1750327201;
	add_all(f);
	info_fails(f, "to be updated by 2025-06-19T10:00:00Z, 1 second before");
	f = forged_new();
	f->judge.at = 1750327200 + 34 * 86400;
	add_all(f);
	info_fails(f, "34 days before the time of judging");
	f = forged_new();
	f->info.issued = "2025-01-01T00:00:00Z";
	f->info.next = "2026-01-01T00:00:00Z";
	f->judge.at = 1750327200 + 7200;
	add_all(f);
	qe_fails(f, "2 hours before the time of judging");
}

static void the_platforms_own_document_is_taken(void)
{
	struct forged *f = forged_new();

	f->pck.fmspc[5] = 1;
	add_all(f);
	info_fails(f, "no TCB info of TDX for FMSPC 00806f050001, PCEID 0000; "
		   "there is one of FMSPC 00806f050000, PCEID 0000");
	f = forged_new();
	f->pck.pceid[1] = 1;
	add_all(f);
	info_fails(f, "for FMSPC 00806f050000, PCEID 0001; there is one of");
	f = forged_new();
	f->pck.fmspc[0] = 0x50;
	add_all(f);
	f->info.fmspc = "50806F050000";
	add_info(f);
	passes(f, TSM_TCB_UP_TO_DATE);
}

/* As people keep it beside the response, and as another PKI has it. */
static void what_nobody_signed_hides_nothing(void)
{
	static struct text info, text;
	struct forged *f;
	int late;

	for (late = 0; late < 2; late++) {
		f = forged_new();
		add_chain(f);
		add_qe(f);
		if (late)
			f->info.issued = "2025-05-31T00:00:00Z";
		info.len = text.len = 0;
		say_info(&info, &f->info);
		say(&text, "{\"tcbInfo\":%s}", info.s);
		add_bytes(f, text.s, text.len, 1);
		add_info_by(f, f->other.tcb_signing.key);
		f->info = common_info();
		add_info(f);
		passes(f, TSM_TCB_UP_TO_DATE);
	}
}

static void the_latest_document_is_taken(void)
{
	/* the one that counts has these levels */
	static const struct level_text outdated[] = {
		{ { 8, 7, 2, 2, 3, 1, 0, 5 }, 13, { 5, 0, 3 }, "UpToDate",
		  "2025-05-14T00:00:00Z", NULL },
		{ { 7, 7, 2, 2, 3, 1, 0, 5 }, 13, { 5, 0, 3 }, "OutOfDate",
		  "2024-11-13T00:00:00Z", NULL },
	};
	struct forged *f;
	int order;

	for (order = 0; order < 2; order++) {
		f = forged_new();
		add_chain(f);
		add_qe(f);
		if (order)
			add_info(f);
		/* of the future: not taken */
		f->info.issued = "2025-06-01T00:00:01Z";
		add_info(f);
		/* newer than the other: taken */
		f->info.issued = "2025-05-31T00:00:00Z";
		f->info.level = outdated;
		f->info.levels = 2;
		add_info(f);
		f->info = common_info();
		if (!order)
			add_info(f);
		passes(f, TSM_TCB_OUT_OF_DATE);
	}
	/* at the same time, the one that knows more */
	f = forged_new();
	add_all(f);
	f->info.evaluation = 18;
	f->info.level = outdated;
	f->info.levels = 2;
	add_info(f);
	f->info = common_info();
	add_info(f);
	passes(f, TSM_TCB_OUT_OF_DATE);
	/* all of the future */
	f = forged_new();
	f->info.issued = "2025-06-03T00:00:00Z";
	add_all(f);
	f->info.issued = "2025-06-02T00:00:00Z";
	add_info(f);
	info_fails(f, "it was issued 2025-06-02T00:00:00Z, 1 day after");
}

static void documents_of_others_are_told(void)
{
	static struct text info, other, response;
	static const struct {
		const char *from, *to, *says;
	} changes[] = {
		{ "\"id\":\"TDX\"", "\"id\":\"SGX\"", "there is one of id SGX" },
		{ "\"version\":3", "\"version\":2", "there is one of version 2" },
		{ "\"version\":3", "\"version\":4", "there is one of version 4" },
		{ "\"id\":\"TDX\"", "\"id\":\"T\\u001bDX\"", "of id T?DX" },
		{ "\"id\":\"TDX\"", "\"id\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
		  "of id xxxxxxxxxxxxxxxxxxxx" },
	};
	struct forged *f;
	size_t i;

	for (i = 0; i < FORGE_COUNT(changes); i++) {
		f = forged_new();
		add_chain(f);
		info.len = response.len = 0;
		say_info(&info, &f->info);
		change(&other, &info, changes[i].from, changes[i].to);
		say_response(&response, "tcbInfo", other.s,
			     f->pki.tcb_signing.key);
		add_bytes(f, response.s, response.len, 1);
		info_fails(f, changes[i].says);
	}
	f = forged_new();
	add_chain(f);
	add_info(f);
	change(&other, &f->qe, "TD_QE", "QE");
	response.len = 0;
	say_response(&response, "enclaveIdentity", other.s,
		     f->pki.tcb_signing.key);
	add_bytes(f, response.s, response.len, 1);
	qe_fails(f, "no QE identity of the TD quoting enclave; there is one of id QE");
}

static const struct tap_test tests[] = {
	{ "what is right passes", what_is_right_passes },
	{ "a part that misses is a failure", nothing_is_not_enough },
	{ "the signature is of just that text", the_signature_is_of_that_text },
	{ "what is not signed fails", what_is_not_signed_fails },
	{ "only the TCB signer may sign", only_the_tcb_signer_may_sign },
	{ "a signer is what it should be", a_signer_is_what_it_should_be },
	{ "one good certificate is enough", one_good_certificate_is_enough },
	{ "a revoked signer does not count", revoked_signers_do_not_count },
	{ "revocation lists are there if they are asked for",
	  lists_are_there_if_asked_for },
	{ "documents are neither of the future nor overdue", times_are_kept },
	{ "only the platform's own document is taken",
	  the_platforms_own_document_is_taken },
	{ "of several documents the latest is taken", the_latest_document_is_taken },
	{ "one that nobody signed stands before none", what_nobody_signed_hides_nothing },
	{ "documents for others are told apart", documents_of_others_are_told },
};

TAP_MAIN(tests)
