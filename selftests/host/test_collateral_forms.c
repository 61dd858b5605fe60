// SPDX-License-Identifier: MIT
/* In what forms collateral may come, and what is refused whoever signed it. */
#include "forged_collateral.h"

static struct text info, response, text;

/* Signed texts of both documents, ready to be put somewhere. */
static struct forged *with_texts(void)
{
	struct forged *f = forged_new();

	add_chain(f);
	info.len = text.len = response.len = 0;
	say_info(&info, &f->info);
	return f;
}

/* As a string of JSON. */
static void say_string(struct text *t, const char *s)
{
	say(t, "\"");
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			say(t, "\\%c", *s);
		else if (*s == '\n')
			say(t, "\\n");
		else
			say(t, "%c", *s);
	}
	say(t, "\"");
}

static void say_hex(struct text *t, const struct bytes *der)
{
	size_t i;

	for (i = 0; i < der->len; i++)
		say(t, "%02X", der->p[i]);
}

static void white_space_is_free(void)
{
	struct forged *f = with_texts();

	say(&text, "\r\n\t {\n  \"signature\" :\t\"");
	say_signature(&text, info.s, f->pki.tcb_signing.key);
	say(&text, "\" ,\n\n  \"tcbInfo\"\n:\n   %s\n \n}\n\n", info.s);
	add_bytes(f, text.s, text.len, 1);
	add_qe(f);
	passes(f, TSM_TCB_UP_TO_DATE);
	/* and inside the text too, if that is what was signed */
	f = with_texts();
	say(&text, "{ \"id\" : \"TDX\" ,\r\n%s", info.s + strlen("{\"id\":\"TDX\","));
	say_response(&response, "tcbInfo", text.s, f->pki.tcb_signing.key);
	add_bytes(f, response.s, response.len, 1);
	add_qe(f);
	passes(f, TSM_TCB_UP_TO_DATE);
}

static void keys_may_be_escaped(void)
{
	struct forged *f = with_texts();

	say_response(&response, "\\u0074cbInfo", info.s,
		     f->pki.tcb_signing.key);
	add_bytes(f, response.s, response.len, 1);
	add_qe(f);
	passes(f, TSM_TCB_UP_TO_DATE);
}

static void say_bundle(struct text *t, const struct forged *f, int form)
{
	struct bytes pem = { .len = 0 };
	static struct text inner;

	inner.len = 0;
	say(t, "{\"tcb_info_issuer_chain\":");
	forge_pem(&pem, "CERTIFICATE", &f->pki.tcb_signing_der);
	forge_pem(&pem, "CERTIFICATE", &f->pki.root_der);
	fill(&pem, 0, 1);
	say_string(t, (const char *)pem.p);
	say(t, ",\"root_ca_crl\":\"");
	say_hex(t, &f->pki.root_crl_der);
	say(t, "\",\"tcb_info\":");
	switch (form) {
	case 0:
		say_string(t, info.s);
		break;
	case 1:
		say(t, "%s", info.s);
		break;
	case 2:
		say_response(&inner, "tcbInfo", info.s,
			     f->pki.tcb_signing.key);
		say_string(t, inner.s);
		break;
	default:
		say_response(t, "tcbInfo", info.s, f->pki.tcb_signing.key);
	}
	if (form < 2) {
		say(t, ",\"tcb_info_signature\":\"");
		say_signature(t, info.s, f->pki.tcb_signing.key);
		say(t, "\"");
	}
	say(t, ",\"qe_identity\":");
	say_string(t, f->qe.s);
	say(t, ",\"qe_identity_signature\":\"");
	say_signature(t, f->qe.s, f->pki.tcb_signing.key);
	say(t, "\"}");
}

static void bundles_are_taken(void)
{
	struct forged *f;
	int form;

	for (form = 0; form < 4; form++) {
		f = with_texts();
		collateral_clear(&f->col);
		say_bundle(&text, f, form);
		add_bytes(f, text.s, text.len, 5);
		f->judge.need_crls = true;
		passes(f, TSM_TCB_UP_TO_DATE);
	}
	/* a signature beside one in the bundle is no other's */
	f = with_texts();
	collateral_clear(&f->col);
	say_bundle(&response, f, 0);
	change(&text, &response, "\"tcb_info_signature\"", "\"signature\"");
	add_bytes(f, text.s, text.len, 5);
	info_fails(f, "it has no signature");
}

static void chains_come_as_they_do(void)
{
	struct bytes pem = { .len = 0 };
	struct forged *f = with_texts();
	size_t i;

	/* in PEM, in hex, and in a header of the PCS */
	collateral_clear(&f->col);
	forge_pem(&pem, "CERTIFICATE", &f->pki.tcb_signing_der);
	forge_pem(&pem, "CERTIFICATE", &f->pki.root_der);
	forge_pem(&pem, "X509 CRL", &f->pki.root_crl_der);
	add_bytes(f, pem.p, pem.len, 3);
	add_info(f);
	add_qe(f);
	f->judge.need_crls = true;
	passes(f, TSM_TCB_UP_TO_DATE);
	f = with_texts();
	collateral_clear(&f->col);
	for (i = 0; i < pem.len; i++) {
		if (strchr("\n+ /=", pem.p[i]))
			say(&text, "%%%02X", pem.p[i]);
		else
			say(&text, "%c", pem.p[i]);
	}
	add_bytes(f, text.s, text.len, 3);
	add_info(f);
	add_qe(f);
	passes(f, TSM_TCB_UP_TO_DATE);
	f = with_texts();
	say_hex(&text, &f->pki.root_crl_der);
	add_bytes(f, text.s, text.len, 1);
	add_info(f);
	add_qe(f);
	f->judge.need_crls = true;
	passes(f, TSM_TCB_UP_TO_DATE);
}

static void other_files_are_passed_over(void)
{
	static const char *const files[] = {
		"", " ", "\n", "hello", "{}", "{\"a\":1}", "[1]", "[{\"tcbInfo\":1}]",
		"null", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
		"{\"signature\":\"00\"}", "{\"x_chain\":1,\"root_ca_crl\":[0]}",
		"{\"pck_crl_issuer_chain\":\"nothing\"}", "{\"tcb_info_signature\":1}",
	};
	struct forged *f = forged_new();
	uint8_t quote[600] = { 4, 0, 2, 0, 0x81 };
	size_t i;

	for (i = 0; i < FORGE_COUNT(files); i++)
		add_bytes(f, files[i], strlen(files[i]), 0);
	add_bytes(f, quote, sizeof(quote), 0);
	CHECK_EQ(0, f->col.docs);
	CHECK_EQ(0, f->col.pool.certs);
	forged_free(f);
}

/* Adding must fail for that reason, and leave everything as it was. */
static void refused(struct forged *f, const char *what, size_t len,
		    const char *says)
{
	const struct collateral before = f->col;
	size_t added = 9;

	CHECK_EQ(-EBADMSG, offer(f, what, len, &added));
	CHECK_EQ(0, added);
	CHECK(reason_is(err.text, says));
	CHECK_EQ(before.docs, f->col.docs);
	CHECK_EQ(before.pool.certs, f->col.pool.certs);
	CHECK_EQ(before.pool.crls, f->col.pool.crls);
}

static void a_key_stands_once(void)
{
	static const struct {
		const char *from, *to;
	} changes[] = {
		{ "{\"tcbInfo\":", "{\"tcbInfo\":{},\"tcbInfo\":" },
		{ "{\"tcbInfo\":", "{\"\\u0074cbInfo\":{},\"tcbInfo\":" },
		{ "{\"tcbInfo\":", "{\"tcbInf\\u006F\":{},\"tcbInfo\":" },
		{ "\"signature\":", "\"signature\":\"\",\"signature\":" },
		{ "\"version\":3", "\"version\":3,\"version\":3" },
		{ "\"version\":3", "\"version\":3,\"\\u0076ersion\":4" },
		{ "{\"svn\":7", "{\"svn\":9,\"svn\":7" },
		{ "\"tcbStatus\":\"OutOfDate\"",
		  "\"tcbStatus\":\"OutOfDate\",\"tcb\\u0053tatus\":\"UpToDate\"" },
	};
	struct forged *f = with_texts();
	size_t i;

	say_response(&response, "tcbInfo", info.s, f->pki.tcb_signing.key);
	for (i = 0; i < FORGE_COUNT(changes); i++) {
		change(&text, &response, changes[i].from, changes[i].to);
		refused(f, text.s, text.len, "a key that the object has already");
	}
	forged_free(f);
}

static void hostile_texts_are_refused(void)
{
	static const struct {
		const char *from, *to, *says;
	} changes[] = {
		{ "\"svn\":7", "\"svn\":65536", "must be at most 65535" },
		{ "\"svn\":7", "\"svn\":-1", "must be a whole number" },
		{ "\"svn\":7", "\"svn\":7.0", "must be a whole number" },
		{ "\"svn\":7", "\"svn\":7e0", "must be a whole number" },
		{ "\"svn\":7", "\"svn\":07", "JSON: line 1" },
		{ "\"svn\":7", "\"svn\":0x7", "JSON: line 1" },
		{ "\"svn\":7", "\"svn\":18446744073709551623",
		  "must be at most 65535" },
		{ "\"svn\":7", "\"svn\":99999999999999999999999999999999999999",
		  "must be at most 65535" },
		{ ",{\"svn\":0}]", "]", "must have 16 entries, has 15" },
		{ "\"version\":3", "\"version\":\"3\"", "version: must be a number" },
		{ "\"version\":3", "\"version\":4294967299", "version: must be" },
		{ "\"version\":3", "\"x\":3", "has no version" },
		{ "\"id\":\"TDX\"", "\"id\":null", "id: must be a string" },
		{ "\"id\":\"TDX\"", "\"id\":\"TDX\\u0000\"", "U+0000" },
		{ "\"id\":\"TDX\"", "\"id\":\"TDX\xff\"", "UTF-8" },
		{ "\"id\":\"TDX\"", "\"id\":\"TDX\xed\xa0\x80\"", "UTF-8" },
		{ "\"id\":\"TDX\"", "\"id\":\"TDX\n\"", "control character" },
		{ "\"tcbLevels\":", "\"tcbLevels\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
		  "deeper than anybody needs" },
	};
	struct forged *f = with_texts();
	struct bytes der;
	uint8_t *version;
	size_t i;

	say_response(&response, "tcbInfo", info.s, f->pki.tcb_signing.key);
	for (i = 0; i < FORGE_COUNT(changes); i++) {
		change(&text, &response, changes[i].from, changes[i].to);
		refused(f, text.s, text.len, changes[i].says);
	}
	refused(f, response.s, response.len - 1, "JSON: line 1");
	refused(f, "{\"tcbInfo\":1}", 13, "TCB info: JSON: the document: must be");
	refused(f, "{\"enclaveIdentity\":[]}", 22, "QE identity: JSON: the doc");
	refused(f, "{\"tcb_info\":\"{\"}", 16, "JSON: line 1");
	refused(f, "{\"root_ca_crl\":\"MIIBITCB\"}", 26, "no list in hex or PEM");
	refused(f, "{\"a\":1}\0", 8, "something follows");
	refused(f, "{\"a\0\":1}", 8, "control character");
	/* certificates that are none; what came before them goes, too */
	der = f->pki.tcb_signing_der;
	der.p[12] = 7;	/* version */
	refused(f, (const char *)der.p, der.len, "");
	text.len = 0;
	say_bundle(&text, f, 0);
	text.len--;
	say(&text, ",\"pck_crl\":\"");
	der = f->pki.ca_crl_der;
	version = memmem(der.p, der.len, "\x02\x01\x01", 3);
	version[2] = 7;
	say_hex(&text, &der);
	say(&text, "\"}");
	refused(f, text.s, text.len, "");
	forged_free(f);
}

static void modules_of_others_fail(void)
{
	struct forged *f;
	struct tcb_result result;
	int i;

	for (i = 0; i < 48 + 8 * 8; i++) {
		f = forged_new();
		add_all(f);
		if (i < 48)
			f->mrsigner[i] = 1;
		else
			f->attributes[(i - 48) / 8] = (uint8_t)(1 << (i - 48) % 8);
		forged_judge(f, &result);
		CHECK_EQ(TSM_CHECK_FAIL, result.td_module);
		CHECK_EQ(TSM_TCB_UNKNOWN, result.status);
		CHECK(reason_is(result.td_module_reason,
				i < 48 ? "MRSIGNERSEAM is 0" : "SEAMATTRIBUTES are"));
		forged_free(f);
	}
	f = forged_new();
	add_all(f);
	f->svn[1] = 0xc1;
	forged_judge(f, &result);
	CHECK_EQ(TSM_CHECK_FAIL, result.td_module);
	CHECK(reason_is(result.td_module_reason,
			"no TDX module of version 193 (TDX_C1)"));
	forged_free(f);
}

static void enclaves_of_others_fail(void)
{
	static const struct {
		size_t at;
		uint8_t flip;
		const char *says;	/* NULL: it does not matter */
	} flips[] = {
		{ 0, 255, NULL }, { 16, 1, "MISCSELECT is 01000000" },
		{ 19, 0x80, "MISCSELECT is 00000080" },
		{ 48, 0x04, NULL }, { 48, 0x10, "ATTRIBUTES are 0500" },
		{ 48, 0x02, "ATTRIBUTES are 17" }, { 49, 1, "ATTRIBUTES are 1501" },
		{ 56, 255, NULL }, { 64, 255, NULL }, { 128, 1, "MRSIGNER is dd" },
		{ 159, 1, "MRSIGNER is dc" }, { 256, 1, "ISVPRODID is 3, must be 2" },
		{ 257, 1, "ISVPRODID is 258" }, { 258, 0x01, NULL }, { 320, 9, NULL },
	};
	struct forged *f;
	size_t i;

	for (i = 0; i < FORGE_COUNT(flips); i++) {
		f = forged_new();
		add_all(f);
		f->report[flips[i].at] ^= flips[i].flip;
		if (flips[i].says)
			qe_fails(f, flips[i].says);
		else
			passes(f, TSM_TCB_UP_TO_DATE);
	}
	f = forged_new();
	add_all(f);
	f->report[258] = 5;
	passes(f, TSM_TCB_OUT_OF_DATE);
}

static void advisories_are_told_once(void)
{
	static const char many[] =
		"[\"INTEL-SA-10001\",\"INTEL-SA-10002\",\"INTEL-SA-10003\","
		"\"INTEL-SA-10004\",\"INTEL-SA-10005\",\"INTEL-SA-10006\","
		"\"INTEL-SA-10007\",\"INTEL-SA-10008\",\"INTEL-SA-10009\","
		"\"INTEL-SA-10010\",\"INTEL-SA-10011\",\"INTEL-SA-10012\","
		"\"INTEL-SA-10013\",\"INTEL-SA-10014\",\"INTEL-SA-10015\","
		"\"INTEL-SA-10016\",\"INTEL-SA-10017\",\"INTEL-SA-10018\","
		"\"INTEL-SA-10019\",\"INTEL-SA-10020\",\"INTEL-SA-10021\","
		"\"INTEL-SA-10022\",\"INTEL-SA-10023\",\"INTEL-SA-10024\","
		"\"INTEL-SA-10025\",\"INTEL-SA-10026\",\"INTEL-SA-10027\","
		"\"INTEL-SA-10028\",\"INTEL-SA-10029\",\"INTEL-SA-10030\","
		"\"INTEL-SA-10031\",\"INTEL-SA-10032\",\"INTEL-SA-10033\"]";
	struct level_text levels[2] = { common_levels[0], common_levels[1] };
	struct forged *f = forged_new();
	struct tcb_result result;

	add_all(f);
	f->pck.comp_svn[0] = 6;
	f->svn[0] = 5;
	f->report[258] = 5;
	forged_judge(f, &result);
	CHECK_EQ(TSM_TCB_OUT_OF_DATE, result.status);
	CHECK(!strcmp(result.advisories, "INTEL-SA-00001, INTEL-SA-00002, "
		      "INTEL-SA-00003, INTEL-SA-00004"));
	CHECK(!strcmp(result.tcb_date, "2024-03-13T00:00:00Z"));
	forged_free(f);

	f = forged_new();
	levels[0].advisories = "[\"INTEL-SA-00001\",\"a, b\",\"\",\"x\\u001b[2J\","
			       "\"INTEL-SA-0000\",\"\\u00e9\"]";
	f->info.level = levels;
	f->info.levels = 2;
	add_all(f);
	forged_judge(f, &result);
	CHECK(!strcmp(result.advisories, "INTEL-SA-00001, INTEL-SA-0000"));
	forged_free(f);

	f = forged_new();
	levels[0].advisories = many;
	f->info.level = levels;
	f->info.levels = 2;
	add_all(f);
	forged_judge(f, &result);
	CHECK(strlen(result.advisories) < sizeof(result.advisories));
	CHECK(strstr(result.advisories, "INTEL-SA-10030, 3 more"));
	forged_free(f);
}

static void status_needs_all_three(void)
{
	struct forged *f = forged_new();
	struct tcb_result result;

	add_chain(f);
	add_info(f);
	forged_judge(f, &result);
	CHECK_EQ(TSM_TCB_UNKNOWN, result.status);
	CHECK_EQ(TSM_TCB_UNKNOWN, result.qe_status);
	CHECK_EQ(TSM_TCB_UP_TO_DATE, result.platform_status);
	CHECK_EQ(TSM_TCB_UP_TO_DATE, result.module_status);
	forged_free(f);
	/* TEE_TCB_SVN2 counts only if the body has it */
	f = forged_new();
	add_all(f);
	f->svn[0] = 5;
	passes(f, TSM_TCB_OUT_OF_DATE);
	f = forged_new();
	add_all(f);
	f->svn[0] = 5;
	f->platform.has_svn2 = true;
	passes(f, TSM_TCB_TD_RELAUNCH_ADVISED);
}

static const struct tap_test tests[] = {
	{ "white space is free, where it is not signed", white_space_is_free },
	{ "keys may be escaped", keys_may_be_escaped },
	{ "bundles are taken in every form", bundles_are_taken },
	{ "chains and lists come in PEM, hex, or as in a header",
	  chains_come_as_they_do },
	{ "other files are passed over", other_files_are_passed_over },
	{ "a key stands once, at every depth, escaped or not", a_key_stands_once },
	{ "hostile texts are refused, and leave no trace",
	  hostile_texts_are_refused },
	{ "TDX modules of others fail, each byte", modules_of_others_fail },
	{ "quoting enclaves of others fail", enclaves_of_others_fail },
	{ "advisories are told once", advisories_are_told_once },
	{ "a status needs all three", status_needs_all_three },
};

TAP_MAIN(tests)
