// SPDX-License-Identifier: MIT
/* Where platforms stand in TCB infos and QE identities. */
#include "tcb_decoded.h"

/**
 * struct platform - a platform that is UpToDate by common_levels
 * @comp: SGX components
 * @tdx: TEE_TCB_SVN
 * @tdx2: TEE_TCB_SVN2
 * @svns: points at those
 */
struct platform {
	uint8_t comp[16];
	uint8_t tdx[16];
	uint8_t tdx2[16];
	struct tcb_svns svns;
};

static void platform_init(struct platform *p)
{
	*p = (struct platform){
		.comp = { 7, 7, 2, 2, 3, 1, 0, 5 },
		.tdx = { 6, 1, 3 },
		.tdx2 = { 6, 1, 3 },
	};
	p->svns = (struct tcb_svns){
		.comp_svn = p->comp,
		.pcesvn = 13,
		.tee_tcb_svn = p->tdx,
		.qe_isvsvn = 6,
	};
}

static enum tsm_tcb_status status_of(const struct decoded *info,
				     const struct platform *p)
{
	struct tcb_found found;

	tcb_find(info->info, NULL, &p->svns, &found);
	return found.status;
}

static bool explains(const struct decoded *info, const struct decoded *qe,
		     const struct platform *p, const char *text)
{
	const struct qe_identity *identity = qe ? qe->qe : NULL;
	struct tcb_found found;
	char said[320];

	tcb_find(info->info, identity, &p->svns, &found);
	tcb_explain(info->info, identity, &p->svns, &found, said, sizeof(said));
	if (!strcmp(said, text))
		return true;
	printf("# said: %s\n", said);
	return false;
}

static void one_short_component_is_enough(void)
{
	struct info_text text = common_info();
	struct decoded info;
	struct platform p;
	int i;

	decode_info(&info, &text);
	platform_init(&p);
	CHECK_EQ(TSM_TCB_UP_TO_DATE, status_of(&info, &p));
	for (i = 0; i < 16; i++) {
		platform_init(&p);
		p.comp[i] = 255;
		p.tdx[i == 1 ? 2 : i] = 255;
		CHECK_EQ(TSM_TCB_UP_TO_DATE, status_of(&info, &p));
	}
	for (i = 0; i < 8; i++) {
		platform_init(&p);
		if (!p.comp[i])
			continue;
		p.comp[i]--;
		CHECK_EQ(i < 2 ? TSM_TCB_OUT_OF_DATE : TSM_TCB_NOT_SUPPORTED,
			 status_of(&info, &p));
	}
	platform_init(&p);
	p.svns.pcesvn = 12;
	CHECK_EQ(TSM_TCB_REVOKED, status_of(&info, &p));
	p.svns.pcesvn = 4;
	CHECK_EQ(TSM_TCB_NOT_SUPPORTED, status_of(&info, &p));
	platform_init(&p);
	p.tdx[2] = 2;
	CHECK_EQ(TSM_TCB_OUT_OF_DATE, status_of(&info, &p));
	p.tdx[2] = 1;
	CHECK_EQ(TSM_TCB_NOT_SUPPORTED, status_of(&info, &p));
	drop(&info);
}

static void every_tdx_component_counts(void)
{
	struct level_text levels[2] = { common_levels[0], common_levels[1] };
	struct info_text text = common_info();
	struct decoded info;
	struct platform p;
	int i, version;

	text.level = levels;
	text.levels = 2;
	for (i = 0; i < 8; i++)
		levels[0].tdx[i] = i == 1 ? 0 : 5;
	decode_info(&info, &text);
	for (version = 0; version < 2; version++) {
		for (i = 0; i < 8; i++) {
			platform_init(&p);
			memset(p.tdx, 6, 8);
			p.tdx[1] = (uint8_t)version;
			CHECK_EQ(TSM_TCB_UP_TO_DATE, status_of(&info, &p));
			if (i == 1 || (version && !i))
				continue;
			p.tdx[i] = 4;
			CHECK_EQ(TSM_TCB_OUT_OF_DATE, status_of(&info, &p));
		}
	}
	drop(&info);
}

static void first_two_components_are_the_modules(void)
{
	struct info_text text = common_info();
	struct decoded info;
	struct platform p;

	decode_info(&info, &text);
	platform_init(&p);
	/* version 0: its SVN, 5 for UpToDate, is in the levels */
	p.tdx[1] = 0;
	p.tdx[0] = 5;
	CHECK_EQ(TSM_TCB_UP_TO_DATE, status_of(&info, &p));
	p.tdx[0] = 4;
	CHECK_EQ(TSM_TCB_OUT_OF_DATE, status_of(&info, &p));
	p.tdx[0] = 3;
	CHECK_EQ(TSM_TCB_NOT_SUPPORTED, status_of(&info, &p));
	/* version 3: SVN 3 is enough, for TDX_03 has it so */
	p.tdx[1] = 3;
	CHECK_EQ(TSM_TCB_UP_TO_DATE, status_of(&info, &p));
	p.tdx[0] = 2;
	CHECK_EQ(TSM_TCB_NOT_SUPPORTED, status_of(&info, &p));
	p.tdx[1] = 1;
	CHECK_EQ(TSM_TCB_REVOKED, status_of(&info, &p));
	p.tdx[0] = 5;
	CHECK_EQ(TSM_TCB_OUT_OF_DATE, status_of(&info, &p));
	p.tdx[1] = 2;
	CHECK_EQ(TSM_TCB_NOT_SUPPORTED, status_of(&info, &p));
	drop(&info);
}

static void modules_are_found_by_version(void)
{
	static const char hex[] = "[{\"id\":\"tdx_aB\"," MODULE_TEXT ",\"tcbLevels\":["
		"{\"tcb\":{\"isvsvn\":3},\"tcbDate\":\"2024-11-13T00:00:00Z\","
		"\"tcbStatus\":\"UpToDate\"}]}]";
	struct info_text text = common_info();
	struct decoded info;
	unsigned int i;

	decode_info(&info, &text);
	CHECK(tcb_module_find(info.info, 0) == &info.info->module);
	CHECK(tcb_module_find(info.info, 3) == &info.info->identity[0]);
	CHECK(tcb_module_find(info.info, 1) == &info.info->identity[1]);
	CHECK(!tcb_module_find(info.info, 0x10));
	drop(&info);
	text.identities = hex;
	decode_info(&info, &text);
	for (i = 1; i < 256; i++)
		CHECK(!tcb_module_find(info.info, (uint8_t)i) == (i != 0xab));
	drop(&info);
	text.identities = NULL;
	decode_info(&info, &text);
	for (i = 1; i < 256; i++)
		CHECK(!tcb_module_find(info.info, (uint8_t)i));
	drop(&info);
}

static void worse_parts_pull_the_rest_down(void)
{
	static const struct {
		enum tsm_tcb_status before, after;
	} out_of_date[] = {
		{ TSM_TCB_UP_TO_DATE, TSM_TCB_OUT_OF_DATE },
		{ TSM_TCB_SW_HARDENING_NEEDED, TSM_TCB_OUT_OF_DATE },
		{ TSM_TCB_CONFIGURATION_NEEDED,
		  TSM_TCB_OUT_OF_DATE_CONFIGURATION_NEEDED },
		{ TSM_TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED,
		  TSM_TCB_OUT_OF_DATE_CONFIGURATION_NEEDED },
		{ TSM_TCB_OUT_OF_DATE, TSM_TCB_OUT_OF_DATE },
		{ TSM_TCB_OUT_OF_DATE_CONFIGURATION_NEEDED,
		  TSM_TCB_OUT_OF_DATE_CONFIGURATION_NEEDED },
		{ TSM_TCB_REVOKED, TSM_TCB_REVOKED },
		{ TSM_TCB_NOT_SUPPORTED, TSM_TCB_NOT_SUPPORTED },
	};
	enum tsm_tcb_status before;
	size_t i;

	for (i = 0; i < sizeof(out_of_date) / sizeof(out_of_date[0]); i++) {
		before = out_of_date[i].before;
		CHECK_EQ(out_of_date[i].after,
			 tcb_converge(before, TSM_TCB_OUT_OF_DATE));
		CHECK_EQ(before, tcb_converge(before, TSM_TCB_UP_TO_DATE));
		CHECK_EQ(TSM_TCB_REVOKED, tcb_converge(before, TSM_TCB_REVOKED));
		CHECK_EQ(TSM_TCB_NOT_SUPPORTED,
			 tcb_converge(before, TSM_TCB_NOT_SUPPORTED));
	}
}

static void the_qe_counts(void)
{
	static const struct {
		uint16_t isvsvn;
		enum tsm_tcb_status status;
	} qes[] = {
		{ 65535, TSM_TCB_UP_TO_DATE }, { 6, TSM_TCB_UP_TO_DATE },
		{ 5, TSM_TCB_OUT_OF_DATE }, { 4, TSM_TCB_OUT_OF_DATE },
		{ 3, TSM_TCB_REVOKED }, { 2, TSM_TCB_REVOKED },
		{ 1, TSM_TCB_NOT_SUPPORTED }, { 0, TSM_TCB_NOT_SUPPORTED },
	};
	struct info_text text = common_info();
	struct text base = { "", 0 }, other;
	struct decoded info, qe;
	struct tcb_found found;
	struct platform p;
	size_t i;

	decode_info(&info, &text);
	decode_qe(&qe);
	platform_init(&p);
	for (i = 0; i < sizeof(qes) / sizeof(qes[0]); i++) {
		p.svns.qe_isvsvn = qes[i].isvsvn;
		tcb_find(info.info, qe.qe, &p.svns, &found);
		CHECK_EQ(qes[i].status, found.qe_status);
		CHECK_EQ(qes[i].status, found.status);
		CHECK_EQ(TSM_TCB_UP_TO_DATE, found.platform_status);
	}
	drop(&qe);
	/* all but UpToDate and Revoked is OutOfDate of a QE */
	say(&base, "%s", QE_TEXT);
	change(&other, &base, "\"OutOfDate\"", "\"ConfigurationNeeded\"");
	CHECK(!decode(&qe, &other, true));
	p.svns.qe_isvsvn = 5;
	tcb_find(info.info, qe.qe, &p.svns, &found);
	CHECK_EQ(TSM_TCB_OUT_OF_DATE, found.qe_status);
	CHECK_EQ(TSM_TCB_OUT_OF_DATE, found.status);
	drop(&qe);
	drop(&info);
}

/* What Intel's verifier refuses to read must not be taken for better. */
static void other_statuses_of_modules_are_outofdate(void)
{
	static const char *const statuses[] = {
		"SWHardeningNeeded", "ConfigurationNeeded",
		"ConfigurationAndSWHardeningNeeded",
		"OutOfDateConfigurationNeeded",
	};
	static struct text base, other;
	struct info_text text = common_info();
	struct tcb_found found;
	struct decoded info;
	struct platform p;
	size_t i;

	text.identities = "[{\"id\":\"TDX_01\",\"mrsigner\":\"" MODULE_48_ZEROS "\","
		"\"attributes\":\"0000000000000000\","
		"\"attributesMask\":\"FFFFFFFFFFFFFFFF\",\"tcbLevels\":["
		"{\"tcb\":{\"isvsvn\":6},\"tcbDate\":\"2024-11-13T00:00:00Z\","
		"\"tcbStatus\":\"HERE\"}]}]";
	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		base.len = other.len = 0;
		say_info(&base, &text);
		change(&other, &base, "HERE", statuses[i]);
		CHECK(!decode(&info, &other, false));
		platform_init(&p);
		p.tdx[0] = 6;
		tcb_find(info.info, NULL, &p.svns, &found);
		CHECK_EQ(TSM_TCB_OUT_OF_DATE, found.module_status);
		CHECK_EQ(TSM_TCB_OUT_OF_DATE, found.status);
		drop(&info);
	}
}

/* The module of the quote is SVN 5 of version 1 if nothing else is said. */
static void relaunch_is_advised_as_by_intel(void)
{
	static const struct {
		uint8_t svn[3], svn2[3];
		uint8_t sgx1;
		uint16_t qe;
		const char *status;
		enum tsm_tcb_status expected;
	} cases[] = {
		{ { 5, 1, 3 }, { 6, 1, 3 }, 7, 6, "UpToDate",
		  TSM_TCB_TD_RELAUNCH_ADVISED },
		{ { 5, 1, 3 }, { 9, 1, 9 }, 7, 6, "UpToDate",
		  TSM_TCB_TD_RELAUNCH_ADVISED },
		{ { 5, 1, 3 }, { 6, 1, 3 }, 7, 6, "SWHardeningNeeded",
		  TSM_TCB_TD_RELAUNCH_ADVISED },
		{ { 5, 1, 3 }, { 6, 1, 3 }, 7, 6, "ConfigurationNeeded",
		  TSM_TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED },
		{ { 5, 1, 3 }, { 6, 1, 3 }, 7, 6,
		  "ConfigurationAndSWHardeningNeeded",
		  TSM_TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED },
		/* a newer version of the module, judged by its own levels */
		{ { 5, 1, 3 }, { 3, 3, 3 }, 7, 6, "UpToDate",
		  TSM_TCB_TD_RELAUNCH_ADVISED },
		{ { 5, 1, 3 }, { 2, 3, 3 }, 7, 6, "UpToDate",
		  TSM_TCB_OUT_OF_DATE },
		/* version 0 is judged by the components of the highest level */
		{ { 5, 1, 3 }, { 5, 0, 3 }, 7, 6, "UpToDate",
		  TSM_TCB_TD_RELAUNCH_ADVISED },
		{ { 5, 1, 3 }, { 4, 0, 3 }, 7, 6, "UpToDate",
		  TSM_TCB_OUT_OF_DATE },
		/* one that nobody knows */
		{ { 5, 1, 3 }, { 9, 2, 3 }, 7, 6, "UpToDate",
		  TSM_TCB_NOT_SUPPORTED },
		/* not new enough: module, late microcode */
		{ { 5, 1, 3 }, { 5, 1, 3 }, 7, 6, "UpToDate",
		  TSM_TCB_OUT_OF_DATE },
		{ { 5, 1, 3 }, { 6, 1, 2 }, 7, 6, "UpToDate",
		  TSM_TCB_OUT_OF_DATE },
		/* the level of SGX and TDX differ: so far relaunch helps */
		{ { 5, 1, 2 }, { 6, 1, 3 }, 7, 6, "UpToDate",
		  TSM_TCB_TD_RELAUNCH_ADVISED },
		/* the platform itself is old: relaunch does not help */
		{ { 5, 1, 3 }, { 6, 1, 3 }, 6, 6, "UpToDate",
		  TSM_TCB_OUT_OF_DATE },
		/* so is the QE */
		{ { 5, 1, 3 }, { 6, 1, 3 }, 7, 5, "UpToDate",
		  TSM_TCB_OUT_OF_DATE },
		{ { 5, 1, 3 }, { 6, 1, 3 }, 7, 3, "UpToDate",
		  TSM_TCB_REVOKED },
		{ { 5, 1, 3 }, { 6, 1, 3 }, 7, 1, "UpToDate",
		  TSM_TCB_NOT_SUPPORTED },
		/* the module is in order, or beyond help */
		{ { 6, 1, 3 }, { 6, 1, 3 }, 7, 6, "UpToDate",
		  TSM_TCB_UP_TO_DATE },
		{ { 6, 1, 2 }, { 6, 1, 3 }, 7, 6, "UpToDate",
		  TSM_TCB_OUT_OF_DATE },
		{ { 2, 1, 3 }, { 6, 1, 3 }, 7, 6, "UpToDate",
		  TSM_TCB_REVOKED },
		{ { 1, 1, 3 }, { 6, 1, 3 }, 7, 6, "UpToDate",
		  TSM_TCB_NOT_SUPPORTED },
	};
	struct level_text levels[2] = { common_levels[0], common_levels[1] };
	struct info_text text = common_info();
	struct decoded info, qe;
	struct tcb_found found;
	struct platform p;
	size_t i;

	decode_qe(&qe);
	text.level = levels;
	text.levels = 2;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		levels[0].status = cases[i].status;
		decode_info(&info, &text);
		platform_init(&p);
		memcpy(p.tdx, cases[i].svn, 3);
		memcpy(p.tdx2, cases[i].svn2, 3);
		p.svns.tee_tcb_svn2 = p.tdx2;
		p.comp[0] = cases[i].sgx1;
		p.svns.qe_isvsvn = cases[i].qe;
		tcb_find(info.info, qe.qe, &p.svns, &found);
		if (!CHECK_EQ(cases[i].expected, found.status))
			printf("# case %zu\n", i);
		/* a TD 1.0 body does not know of it */
		p.svns.tee_tcb_svn2 = NULL;
		tcb_find(info.info, qe.qe, &p.svns, &found);
		CHECK(found.status != TSM_TCB_TD_RELAUNCH_ADVISED &&
		      found.status !=
			      TSM_TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED);
		drop(&info);
	}
	drop(&qe);
}

static void svns_do_not_wrap(void)
{
	struct level_text level = common_levels[0];
	struct info_text text = common_info();
	struct decoded info;
	struct platform p;

	text.level = &level;
	text.levels = 1;
	level.sgx[0] = 256;
	decode_info(&info, &text);
	platform_init(&p);
	p.comp[0] = 255;
	CHECK_EQ(TSM_TCB_NOT_SUPPORTED, status_of(&info, &p));
	p.comp[0] = 0;
	CHECK_EQ(TSM_TCB_NOT_SUPPORTED, status_of(&info, &p));
	drop(&info);
}

static void reasons_name_what_is_short(void)
{
	struct info_text text = common_info();
	struct decoded info, qe;
	struct platform p;

	decode_info(&info, &text);
	decode_qe(&qe);
	platform_init(&p);
	CHECK(explains(&info, &qe, &p, "level of 2024-11-13; TDX module TDX_01 "
		"SVN 6 is UpToDate of 2024-11-13; QE ISVSVN 6 is UpToDate of "
		"2024-11-13"));
	p.comp[0] = 6;
	p.svns.pcesvn = 13;
	p.tdx[2] = 2;
	CHECK(explains(&info, NULL, &p, "level of 2024-03-13: SGX component 1 "
		"(Early Microcode Update) is 6, needs 7 (1 short), TDX component 3 "
		"(TDX Late Microcode Update) is 2, needs 3 (1 short); with that, "
		"UpToDate of 2024-11-13 would be reached; TDX module TDX_01 SVN 6 "
		"is UpToDate of 2024-11-13"));
	platform_init(&p);
	p.svns.pcesvn = 5;
	p.tdx[1] = 0;
	CHECK(explains(&info, NULL, &p, "level of 2018-01-04: PCESVN is 5, "
		"needs 13 (8 short); with that, UpToDate of 2024-11-13 would be "
		"reached"));
	platform_init(&p);
	p.comp[7] = 3;
	CHECK(explains(&info, NULL, &p, "below every level: for the lowest, "
		"Revoked of 2018-01-04, SGX component 8 (SEAMLDR ACM) is 3, needs "
		"5 (2 short); TDX module TDX_01 SVN 6 is UpToDate of 2024-11-13"));
	platform_init(&p);
	p.tdx[0] = 5;
	p.svns.qe_isvsvn = 1;
	CHECK(explains(&info, &qe, &p, "level of 2024-11-13; TDX module TDX_01 "
		"SVN 5 is OutOfDate of 2024-03-13, UpToDate of 2024-11-13 needs 6 "
		"(1 short); QE ISVSVN 1 is below every level, Revoked of "
		"2023-08-09 needs 2 (1 short)"));
	p.svns.qe_isvsvn = 6;
	p.tdx2[0] = 8;
	p.svns.tee_tcb_svn2 = p.tdx2;
	CHECK(explains(&info, NULL, &p, "level of 2024-11-13; TDX module TDX_01 "
		"SVN 5 is OutOfDate of 2024-03-13, UpToDate of 2024-11-13 needs 6 "
		"(1 short); since then the module has become version 1, SVN 8, "
		"which suffices: the TD must be launched anew"));
	drop(&info);
	drop(&qe);
}

static void reasons_tell_what_does_not_help(void)
{
	struct level_text levels[2] = { common_levels[0], common_levels[1] };
	struct info_text text = common_info();
	struct decoded info;
	struct platform p;

	/* the module is worse than the platform, and has not become better */
	decode_info(&info, &text);
	platform_init(&p);
	p.comp[0] = 6;
	p.tdx[0] = 3;
	CHECK(explains(&info, NULL, &p, "level of 2024-03-13, OutOfDate: SGX "
		"component 1 (Early Microcode Update) is 6, needs 7 (1 short); with "
		"that, UpToDate of 2024-11-13 would be reached; TDX module TDX_01 "
		"SVN 3 is Revoked of 2023-08-09, UpToDate of 2024-11-13 needs 6 (3 "
		"short)"));
	platform_init(&p);
	p.svns.tee_tcb_svn2 = p.tdx2;
	p.tdx[0] = p.tdx2[0] = 5;
	CHECK(explains(&info, NULL, &p, "level of 2024-11-13; TDX module TDX_01 "
		"SVN 5 is OutOfDate of 2024-03-13, UpToDate of 2024-11-13 needs 6 "
		"(1 short); since then the module has become version 1, SVN 5, "
		"which does not suffice, either"));
	p.tdx2[1] = 7;
	CHECK(explains(&info, NULL, &p, "level of 2024-11-13; TDX module TDX_01 "
		"SVN 5 is OutOfDate of 2024-03-13, UpToDate of 2024-11-13 needs 6 "
		"(1 short); since then the module has become version 7, SVN 5, "
		"which this TCB info does not know"));
	drop(&info);

	/* nothing is UpToDate any more */
	text.level = levels;
	text.levels = 2;
	levels[0].status = "OutOfDateConfigurationNeeded";
	text.identities = "[{\"id\":\"TDX_01\"," MODULE_TEXT ",\"tcbLevels\":["
		"{\"tcb\":{\"isvsvn\":1},\"tcbDate\":\"2023-11-13T00:00:00Z\","
		"\"tcbStatus\":\"OutOfDate\"}]}]";
	decode_info(&info, &text);
	platform_init(&p);
	CHECK(explains(&info, NULL, &p, "level of 2024-11-13; no higher level is "
		"UpToDate; TDX module TDX_01 SVN 6 is OutOfDate of 2023-11-13"));
	drop(&info);
}

static void long_reasons_end_well(void)
{
	struct info_text text = common_info();
	struct decoded info, qe;
	struct platform p;
	struct tcb_found found;
	char said[280];

	decode_info(&info, &text);
	decode_qe(&qe);
	platform_init(&p);
	memset(p.comp, 0, sizeof(p.comp));
	p.tdx[0] = 5;
	tcb_find(info.info, qe.qe, &p.svns, &found);
	tcb_explain(info.info, qe.qe, &p.svns, &found, said, sizeof(said));
	if (!CHECK(!strcmp(said, "below every level: for the lowest, Revoked of "
		   "2018-01-04, SGX component 1 (Early Microcode Update) is 0, "
		   "needs 6 (6 short), SGX component 2 (SGX Late Microcode "
		   "Update) is 0, needs 6 (6 short), SGX component 3 is 0, needs "
		   "2 (2 short), and 4 more")))
		printf("# said: %s\n", said);
	drop(&info);
	drop(&qe);
}

static void hostile_names_stay_harmless(void)
{
	static struct text base, changed;
	struct info_text text = common_info();
	struct decoded info;
	struct tcb_found found;
	struct platform p;
	char said[320];
	size_t i;

	say_info(&base, &text);
	change(&changed, &base, "Early Microcode Update",
	       "\\u001b[2J\\u0007\\u00e9%s%n"
	       "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
	CHECK(!decode(&info, &changed, false));
	platform_init(&p);
	p.comp[0] = 6;
	tcb_find(info.info, NULL, &p.svns, &found);
	for (i = 1; i <= sizeof(said); i++) {
		memset(said, 'x', sizeof(said));
		tcb_explain(info.info, NULL, &p.svns, &found, said, i);
		CHECK(memchr(said, 0, i));
	}
	CHECK(strstr(said, "(?[2J???%s%nxxxx"));
	for (i = 0; said[i]; i++)
		CHECK(said[i] >= 0x20 && said[i] < 0x7f);
	drop(&info);
}

static const struct tap_test tests[] = {
	{ "one component that is short is enough", one_short_component_is_enough },
	{ "every TDX component counts", every_tdx_component_counts },
	{ "the first two components are left to the module's own levels",
	  first_two_components_are_the_modules },
	{ "modules are found by version", modules_are_found_by_version },
	{ "a module or QE that is out of date pulls the rest down",
	  worse_parts_pull_the_rest_down },
	{ "the QE counts", the_qe_counts },
	{ "a module with another status than Intel's verifier knows is OutOfDate",
	  other_statuses_of_modules_are_outofdate },
	{ "a relaunch is advised exactly as by Intel's library",
	  relaunch_is_advised_as_by_intel },
	{ "SVNs above 255 do not wrap", svns_do_not_wrap },
	{ "reasons name what is short, by how much, and for what",
	  reasons_name_what_is_short },
	{ "reasons tell what does not help", reasons_tell_what_does_not_help },
	{ "long reasons are cut between parts", long_reasons_end_well },
	{ "hostile names stay harmless", hostile_names_stay_harmless },
};

TAP_MAIN(tests)
