// SPDX-License-Identifier: MIT
/* TCB infos and QE identities: what is decoded, sorted, and refused. */
#include "tcb_decoded.h"

static void documents_are_decoded(void)
{
	struct info_text text = common_info();
	struct decoded info, qe;

	decode_info(&info, &text);
	CHECK_EQ(1747735200, info.info->issued);
	CHECK_EQ(1750327200, info.info->next_update);
	CHECK(!memcmp(info.info->fmspc, "\x00\x80\x6f\x05\x00\x00", 6));
	CHECK(!memcmp(info.info->pceid, "\x00\x00", 2));
	CHECK_EQ(17, info.info->evaluation);
	CHECK_EQ(3, info.info->levels);
	CHECK_EQ(7, info.info->level[0].sgx[0].svn);
	CHECK(!strcmp(info.info->level[0].sgx[7].type, "SEAMLDR ACM"));
	CHECK(!strcmp(info.info->level[0].sgx[7].category, "OS/VMM"));
	CHECK(info.info->level[0].sgx[8].type == NULL);
	CHECK_EQ(13, info.info->level[1].pcesvn);
	CHECK_EQ(2, info.info->level[1].tdx[2].svn);
	CHECK_EQ(TSM_TCB_OUT_OF_DATE, info.info->level[1].standing.status);
	CHECK(info.info->level[1].standing.has_advisories);
	CHECK_EQ(2, info.info->identities);
	CHECK_EQ(3, info.info->identity[1].levels.count);
	drop(&info);

	decode_qe(&qe);
	CHECK_EQ(17, qe.qe->evaluation);
	CHECK_EQ(2, qe.qe->isvprodid);
	CHECK(!memcmp(qe.qe->attributes_mask, "\xfb\xff\xff\xff\xff\xff\xff\xff\0", 9));
	CHECK_EQ(3, qe.qe->levels.count);
	CHECK_EQ(6, qe.qe->levels.level[0].isvsvn);
	drop(&qe);
}

static void levels_are_sorted(void)
{
	const struct level_text levels[] = {
		common_levels[2], common_levels[0], common_levels[1],
	};
	struct info_text text = common_info();
	struct level_text twice[2] = { common_levels[0], common_levels[0] };
	struct text bad = { "", 0 };
	struct decoded info;

	text.level = levels;
	decode_info(&info, &text);
	CHECK_EQ(TSM_TCB_UP_TO_DATE, info.info->level[0].standing.status);
	CHECK_EQ(TSM_TCB_OUT_OF_DATE, info.info->level[1].standing.status);
	CHECK_EQ(TSM_TCB_REVOKED, info.info->level[2].standing.status);
	drop(&info);
	twice[1].status = "OutOfDate";
	text.level = twice;
	text.levels = 2;
	say_info(&bad, &text);
	CHECK_EQ(-EBADMSG, decode(&info, &bad, false));
	CHECK(!strcmp(err.text,
		      "JSON: tcbLevels: has the same level more than once"));
	drop(&info);
}

static void malformed_documents_are_refused(void)
{
	static const struct {
		bool is_qe;
		const char *from, *to, *says;
	} cases[] = {
		{ false, "\"tcbType\":0", "\"tcbType\":1", "tcbType: must be at most 0" },
		{ false, "\"tcbType\":0,", "", "the document: has no tcbType" },
		{ false, "\"fmspc\":\"00", "\"fmspc\":\"0", "fmspc: must be 6 bytes" },
		{ false, "\"fmspc\":\"00806f050000\"", "\"fmspc\":1", "fmspc: must be a string" },
		{ false, "\"pceId\":\"0000\"", "\"pceId\":\"00 0\"", "pceId: must be in hex" },
		{ false, "Number\":17", "Number\":4294967296", "Number: must be at most" },
		{ false, "Number\":17", "Number\":1e1", "Number: must be a whole number" },
		{ false, "Number\":17", "Number\":-1", "Number: must be a whole number" },
		{ false, "2025-05-20T", "2025-05-32T", "issueDate: must be a time" },
		{ false, "2025-06-19T10:00:00Z", "2025-06-19", "nextUpdate: must be a time" },
		{ false, "\"tdxModule\":", "\"x\":", "has no tdxModule" },
		{ false, "{\"mrsigner\":\"00", "{\"mrsigner\":\"", "tdxModule.mrsigner: must be 48 bytes" },
		{ false, "\"attributesMask\":", "\"x\":", "tdxModule: has no attributesMask" },
		{ false, "\"id\":\"TDX_03\"", "\"id\":3", "tdxModuleIdentities[0].id: must be a string" },
		{ false, "{\"isvsvn\":4}", "{\"isvsvn\":6}", "has isvsvn 6 more than once" },
		{ false, "{\"isvsvn\":4}", "{\"isvsvn\":65536}", "isvsvn: must be at most 65535" },
		{ false, "{\"isvsvn\":4}", "4", "tcbLevels[1].tcb: must be an object" },
		{ false, "\"svn\":7,", "\"svn\":65536,", "sgxtcbcomponents[0].svn: must be at most" },
		{ false, "\"svn\":7,", "\"svn\":\"7\",", "sgxtcbcomponents[0].svn: must be a number" },
		{ false, "\"svn\":7,", "", "sgxtcbcomponents[0]: has no svn" },
		{ false, "\"type\":\"SEAMLDR ACM\"", "\"type\":8", "sgxtcbcomponents[7].type: must be" },
		{ false, "\"category\":\"OS/VMM\"", "\"category\":null", "[0].category: must be" },
		{ false, ",{\"svn\":0}]", "]", "must have 16 entries, has 15" },
		{ false, ",{\"svn\":0}]", ",{\"svn\":0},{\"svn\":0}]", "must have 16 entries, has 17" },
		{ false, "\"pcesvn\":13", "\"pcesvn\":65536", "tcb.pcesvn: must be at most" },
		{ false, "\"tdxtcbcomponents\":", "\"x\":", "tcb: has no tdxtcbcomponents" },
		{ false, "\"UpToDate\"", "\"uptodate\"", "tcbStatus is none that Intel has" },
		{ false, "\"UpToDate\"", "\"NotSupported\"", "tcbStatus is none that Intel has" },
		{ false, "\"UpToDate\"", "\"TDRelaunchAdvised\"", "tcbStatus is none" },
		{ false, "\"UpToDate\"", "\"\"", "tcbStatus is none that Intel has" },
		{ false, "\"UpToDate\"", "\"UpToDate\\u0020\"", "tcbStatus is none" },
		{ false, "[\"INTEL-SA-00001\"", "[1", "advisoryIDs[0]: must be a string" },
		{ false, "[\"INTEL-SA-00001\",\"INTEL-SA-00002\"]", "\"x\"", "advisoryIDs: must be an array" },
		{ false, "\"tcbDate\":\"2024-11-13T00:00:00Z\"", "\"tcbDate\":0", "tcbDate: must be a string" },
		{ true, "\"miscselect\":\"00", "\"miscselect\":\"", "miscselect: must be 4 bytes" },
		{ true, "\"miscselectMask\":", "\"x\":", "has no miscselectMask" },
		{ true, "\"attributes\":\"11", "\"attributes\":\"", "attributes: must be 16" },
		{ true, "\"attributesMask\":\"FB", "\"attributesMask\":\"", "attributesMask: must" },
		{ true, "\"mrsigner\":\"dc", "\"mrsigner\":\"", "mrsigner: must be 32 bytes" },
		{ true, "\"isvprodid\":2", "\"isvprodid\":65538", "isvprodid: must be at most" },
		{ true, "\"isvsvn\":6", "\"isvsvn\":65542", "isvsvn: must be at most 65535" },
		{ true, "\"isvsvn\":6", "\"isvsvn\":4", "has isvsvn 4 more than once" },
		{ true, "\"tcbLevels\":[", "\"tcbLevels\":[],\"x\":[", "tcbLevels: is empty" },
		{ true, "\"tcbLevels\":[", "\"x\":[", "the document: has no tcbLevels" },
		{ true, "\"nextUpdate\":", "\"next\":", "the document: has no nextUpdate" },
		{ true, "Number\":17", "Number\":\"17\"", "Number: must be a number" },
	};
	static struct text base, changed;
	struct info_text text = common_info();
	struct decoded d;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		base.len = 0;
		if (cases[i].is_qe)
			say(&base, "%s", QE_TEXT);
		else
			say_info(&base, &text);
		change(&changed, &base, cases[i].from, cases[i].to);
		err.text[0] = '\0';
		if (!CHECK_EQ(-EBADMSG, decode(&d, &changed, cases[i].is_qe)) ||
		    !CHECK(strstr(err.text, cases[i].says)))
			printf("# %s -> %s: %s\n", cases[i].from, cases[i].to,
			       err.text);
		drop(&d);
	}
}

static void empty_lists_are_refused(void)
{
	struct info_text text = common_info();
	static struct text base;
	struct decoded d;

	text.levels = 0;
	say_info(&base, &text);
	CHECK_EQ(-EBADMSG, decode(&d, &base, false));
	CHECK(!strcmp(err.text, "JSON: tcbLevels: is empty"));
	drop(&d);
	text = common_info();
	text.identities = "[]";
	base.len = 0;
	say_info(&base, &text);
	CHECK_EQ(-EBADMSG, decode(&d, &base, false));
	CHECK(!strcmp(err.text, "JSON: tdxModuleIdentities: is empty"));
	drop(&d);
}

static const struct tap_test tests[] = {
	{ "TCB infos and QE identities are decoded", documents_are_decoded },
	{ "levels are sorted as Intel's library does", levels_are_sorted },
	{ "malformed documents are refused by name", malformed_documents_are_refused },
	{ "empty lists are refused", empty_lists_are_refused },
};

TAP_MAIN(tests)
