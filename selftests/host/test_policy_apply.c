// SPDX-License-Identifier: MIT
/* Policies applied to quotes and reports: each item met and not met. */
#include "policy_fixture.h"

/* Members of a section, the check that comes of it, its verdict and what it
 * says. */
struct demand {
	const char *json;
	const char *check;
	enum tsm_check_verdict verdict;
	const char *says;
};

#define PASS	TSM_CHECK_PASS
#define FAIL	TSM_CHECK_FAIL

static struct tsm_quote quote;
static struct tsm_pck pck;
static struct tsm_snp snp;
static struct tsm_snp_ext ext;

static bool expect(const struct tsm_judgement *j, const struct demand *d)
{
	const struct tsm_check *item = find_check(j, d->check);
	const struct tsm_check *sum = find_check(j, "policy");
	const bool right = item->verdict == d->verdict &&
			   sum->verdict == d->verdict &&
			   strstr(item->reason, d->says);

	if (!right)
		printf("# %s: %s %d %s; policy %d %s\n", d->json, item->name,
		       item->verdict, item->reason, sum->verdict, sum->reason);
	return right;
}

static void apply(const struct demand *d, bool is_snp)
{
	static struct tsm_judgement j;
	struct tsm_policy *policy = parse_policy(d->json);

	memset(&j, 0, sizeof(j));
	if (!CHECK(policy != NULL))
		return;
	if (is_snp)
		policy_apply_snp(policy, &snp, &ext, "Genoa", &j);
	else
		policy_apply_tdx(policy, &quote, &pck, &j);
	CHECK(expect(&j, d));
	policy_free(policy);
}

static void measurements(void)
{
	static const struct demand demands[] = {
		{ TDX("\"mrtd\": \"" HEX48("a2") "\""), "policy.mrtd", PASS,
		  "a2a2a2a2a2a2a2a2..., as it must be" },
		{ TDX("\"mrtd\": \"" HEX48("A2") "\""), "policy.mrtd", PASS, "" },
		{ TDX("\"mrtd\": \"" HEX48("a3") "\""), "policy.mrtd", FAIL,
		  "a2a2a2a2a2a2a2a2..., not a3a3a3a3a3a3a3a3..." },
		{ TDX("\"mrtd\": \"" HEX32("a2") HEX8("a2") HEX4("a2")
		      "a2a2a2a3\""), "policy.mrtd", FAIL,
		  "from byte 47 on a2, not a3" },
		{ TDX("\"mrtd\": [\"" HEX48("a3") "\", \"" HEX48("a2") "\"]"),
		  "policy.mrtd", PASS, "" },
		{ TDX("\"mrtd\": [\"" HEX48("a3") "\", \"" HEX48("a4") "\"]"),
		  "policy.mrtd", FAIL, "nor any other of the 2" },
		{ TDX("\"rtmr0\": \"" HEX48("b0") "\""), "policy.rtmr0", PASS, "" },
		{ TDX("\"rtmr1\": \"" HEX48("b1") "\""), "policy.rtmr1", PASS, "" },
		{ TDX("\"rtmr2\": \"" HEX48("b2") "\""), "policy.rtmr2", PASS, "" },
		{ TDX("\"rtmr3\": \"" HEX48("b3") "\""), "policy.rtmr3", PASS, "" },
		{ TDX("\"rtmr3\": \"" HEX48("b2") "\""), "policy.rtmr3", FAIL, "" },
		{ TDX("\"mrconfigid\": \"" HEX48("a3") "\""),
		  "policy.mrconfigid", PASS, "" },
		{ TDX("\"mrowner\": \"" HEX48("a4") "\""), "policy.mrowner",
		  PASS, "" },
		{ TDX("\"mrownerconfig\": \"" HEX48("a5") "\""),
		  "policy.mrownerconfig", PASS, "" },
		{ TDX("\"mrseam\": \"" HEX48("a0") "\""), "policy.mrseam", PASS,
		  "" },
		{ TDX("\"mrsignerseam\": \"" HEX48("a1") "\""),
		  "policy.mrsignerseam", PASS, "" },
		{ TDX("\"mrservicetd\": \"" HEX48("a7") "\""),
		  "policy.mrservicetd", PASS, "" },
		{ TDX("\"fmspc\": \"c2c2c2c2c2c2\""), "policy.fmspc", PASS, "" },
		{ TDX("\"fmspc\": \"c2c2c2c2c2c3\""), "policy.fmspc", FAIL,
		  "c2c2c2c2c2c2, not c2c2c2c2c2c3" },
		{ TDX("\"pceid\": \"c1c1\""), "policy.pceid", PASS, "" },
		{ TDX("\"ppid\": \"" HEX16("c0") "\""), "policy.ppid", PASS, "" },
		{ TDX("\"platform_instance_id\": \"" HEX16("c3") "\""),
		  "policy.platform_instance_id", PASS, "" },
		{ "{\"tdx\": {}, \"report_data\": \"" HEX64("a6") "\"}",
		  "policy.report_data", PASS, "" },
		{ "{\"tdx\": {}, \"report_data\": \"" HEX64("a7") "\"}",
		  "policy.report_data", FAIL, "" },
	};
	size_t i;

	for (i = 0; i < sizeof(demands) / sizeof(demands[0]); i++)
		apply(&demands[i], false);
}

static void attributes(void)
{
	static const struct demand demands[] = {
		{ TDX("\"td_attributes\": {\"required\": [\"SEPT_VE_DISABLE\"],"
		      "\"forbidden\": [\"DEBUG\", \"MIGRATABLE\"]}"),
		  "policy.td_attributes", PASS, "0x0000000050000000" },
		{ TDX("\"td_attributes\": {\"required\": [\"PKS\", \"KL\","
		      "\"PERFMON\"], \"forbidden\": [\"SEPT_VE_DISABLE\"]}"),
		  "policy.td_attributes", FAIL,
		  "KL, PERFMON required, but not set; SEPT_VE_DISABLE set, but forbidden" },
		{ TDX("\"xfam\": {\"value\": \"0x60007\", \"mask\":"
		      "\"0xFFFFFFFFFFFFFFFF\"}"), "policy.xfam", PASS, "" },
		{ TDX("\"xfam\": {\"value\": \"8000000000060007\", \"mask\":"
		      "\"ffffffffffffffff\"}"), "policy.xfam", FAIL,
		  "0x8000000000000000 required, but not set" },
		{ TDX("\"xfam\": {\"value\": \"0\", \"mask\": \"20001\"}"),
		  "policy.xfam", FAIL, "X87, TILECFG set, but forbidden" },
		{ TDX("\"xfam\": {\"value\": \"0\", \"mask\": \"8\","
		      "\"required\": [\"AVX\"]}"), "policy.xfam", PASS, "" },
	};
	size_t i;

	for (i = 0; i < sizeof(demands) / sizeof(demands[0]); i++)
		apply(&demands[i], false);
}

static void versions(void)
{
	static const struct demand demands[] = {
		{ TDX("\"minimum_tee_tcb_svn\": [1, 2, 3]"),
		  "policy.minimum_tee_tcb_svn", PASS, "no component is short" },
		{ TDX("\"minimum_tee_tcb_svn\": [0, 4, 3, 9]"),
		  "policy.minimum_tee_tcb_svn", FAIL,
		  "component 1 is 2, which is 2 short of 4; component 3 is 4, which is 5 short of 9" },
		{ TDX("\"minimum_tee_tcb_svn\": \"0102030405060708090a0b0c0d0e0f10\""),
		  "policy.minimum_tee_tcb_svn", PASS, "" },
		{ TDX("\"minimum_tee_tcb_svn\": \"0102030405060708090a0b0c0d0e0fff\""),
		  "policy.minimum_tee_tcb_svn", FAIL, "component 15" },
		{ TDX("\"minimum_tee_tcb_svn\": \"" HEX16("ff") "\""),
		  "policy.minimum_tee_tcb_svn", FAIL, "..." },
		{ TDX("\"minimum_sgx_tcb\": [0, 2, 4]"), "policy.minimum_sgx_tcb",
		  PASS, "" },
		{ TDX("\"minimum_sgx_tcb\": [0, 2, 5]"), "policy.minimum_sgx_tcb",
		  FAIL, "component 2 is 4, which is 1 short of 5" },
		{ TDX("\"minimum_pcesvn\": 13"), "policy.minimum_pcesvn", PASS,
		  "13, at least 13" },
		{ TDX("\"minimum_pcesvn\": 14"), "policy.minimum_pcesvn", FAIL,
		  "13, which is below 14" },
		{ TDX("\"sgx_types\": [\"scalable\"]"), "policy.sgx_types", PASS,
		  "scalable, which is accepted" },
		{ TDX("\"sgx_types\": [\"scalable with integrity\"]"),
		  "policy.sgx_types", FAIL,
		  "scalable, not scalable with integrity" },
		{ TDX("\"minimum_qe_svn\": 8"), "policy.minimum_qe_svn", PASS, "" },
		{ TDX("\"minimum_qe_svn\": 9"), "policy.minimum_qe_svn", FAIL, "" },
		{ TDX("\"minimum_qe_svn\": 0"), "policy.minimum_qe_svn", PASS, "" },
	};
	size_t i;

	for (i = 0; i < sizeof(demands) / sizeof(demands[0]); i++)
		apply(&demands[i], false);
}

/* What the evidence does not have cannot meet a demand. */
static void missing(void)
{
	static const char *const of_pck[] = {
		TDX("\"fmspc\": \"000000000000\""),
		TDX("\"minimum_sgx_tcb\": [0]"),
		TDX("\"minimum_pcesvn\": 0"),
		TDX("\"sgx_types\": [\"standard\"]"),
	};
	static const char zero_service[] =
		TDX("\"mrservicetd\": \"" HEX48("00") "\"");
	static struct tsm_judgement j;
	struct tsm_policy *policy;
	size_t i;

	for (i = 0; i < sizeof(of_pck) / sizeof(of_pck[0]); i++) {
		memset(&j, 0, sizeof(j));
		policy = parse_policy(of_pck[i]);
		policy_apply_tdx(policy, &quote, NULL, &j);
		CHECK_EQ(FAIL, find_check(&j, "policy")->verdict);
		CHECK(strstr(j.check[0].reason, "no PCK certificate"));
		policy_free(policy);
	}
	memset(&j, 0, sizeof(j));
	quote.body_type = 2;
	memset(quote.body.td15.mrservicetd, 0, 48);
	policy = parse_policy(zero_service);
	policy_apply_tdx(policy, &quote, &pck, &j);
	CHECK_EQ(FAIL, find_check(&j, "policy.mrservicetd")->verdict);
	CHECK(strstr(j.check[0].reason, "TDX 1.0"));
	policy_free(policy);
	make_quote(&quote);
}

static void judged(void)
{
	static struct tsm_judgement j;
	struct tsm_policy *policy = parse_policy(
		TDX("\"tcb_statuses\": [\"OutOfDate\"]"));

	policy_apply_tdx(policy, &quote, &pck, &j);
	CHECK_EQ(FAIL, find_check(&j, "policy.tcb_statuses")->verdict);
	CHECK(strstr(j.check[0].reason, "was not judged"));
	memset(&j, 0, sizeof(j));
	j.tcb_status = TSM_TCB_OUT_OF_DATE;
	policy_apply_tdx(policy, &quote, &pck, &j);
	CHECK_EQ(PASS, find_check(&j, "policy.tcb_statuses")->verdict);
	memset(&j, 0, sizeof(j));
	j.tcb_status = TSM_TCB_UP_TO_DATE;
	policy_apply_tdx(policy, &quote, &pck, &j);
	CHECK_EQ(PASS, find_check(&j, "policy.tcb_statuses")->verdict);
	memset(&j, 0, sizeof(j));
	j.tcb_status = TSM_TCB_REVOKED;
	policy_apply_tdx(policy, &quote, &pck, &j);
	CHECK_EQ(FAIL, find_check(&j, "policy.tcb_statuses")->verdict);
	CHECK(!strcmp(j.check[0].reason, "Revoked, not UpToDate or OutOfDate"));
	policy_free(policy);
}

static void sums(void)
{
	static struct tsm_judgement j;
	struct tsm_policy *policy = parse_policy(
		TDX("\"mrtd\": \"" HEX48("00") "\", \"rtmr0\": \"" HEX48("b0")
		    "\", \"rtmr3\": \"" HEX48("00") "\""));

	policy_apply_tdx(policy, &quote, &pck, &j);
	CHECK_EQ(4, j.checks);
	CHECK(!strcmp(j.check[3].name, "policy"));
	CHECK(!strcmp(j.check[3].reason, "not met: mrtd, rtmr3"));
	CHECK_EQ(PASS, find_check(&j, "policy.rtmr0")->verdict);
	memset(&j, 0, sizeof(j));
	snp.report.version = htole32(3);
	policy_apply_snp(policy, &snp, NULL, "", &j);
	CHECK_EQ(1, j.checks);
	CHECK_EQ(FAIL, j.check[0].verdict);
	CHECK(strstr(j.check[0].reason, "says nothing about SNP"));
	policy_free(policy);
	memset(&j, 0, sizeof(j));
	policy = parse_policy(TDX(""));
	policy_apply_tdx(policy, &quote, &pck, &j);
	CHECK_EQ(1, j.checks);
	CHECK_EQ(PASS, j.check[0].verdict);
	CHECK(!strcmp(j.check[0].reason, "demands nothing"));
	policy_free(policy);
}

/* Each field of the report another byte. */
static void make_snp(void)
{
	struct tsm_snp_report *r = &snp.report;

	memset(&snp, 0, sizeof(snp));
	snp.version = 3;
	snp.generation = TSM_SNP_GENOA;
	memset(r->measurement, 0xd0, 48);
	memset(r->host_data, 0xd1, 32);
	memset(r->family_id, 0xd2, 16);
	memset(r->image_id, 0xd3, 16);
	memset(r->report_id, 0xd4, 32);
	memset(r->report_id_ma, 0xd5, 32);
	memset(r->id_key_digest, 0xd6, 48);
	memset(r->author_key_digest, 0xd7, 48);
	memset(r->report_data, 0xd8, 64);
	memset(r->chip_id, 0xd9, 8);
	r->guest_svn = htole32(3);
	/* SMT, which needs ABI 1.55, and the bit that is always 1 */
	r->policy = htole64(0x30000 | 0x0137);
	r->platform_info = htole64(0x25);
	r->vmpl = htole32(1);
	r->reported_tcb.milan = (struct tsm_snp_tcb_milan){
		.bootloader = 9, .tee = 1, .snp = 21, .microcode = 72,
	};
	r->launch_tcb.milan.snp = 20;
	r->committed_version = (struct tsm_snp_version){
		.build = 21, .minor = 55, .major = 1,
	};
	r->current_version.major = 2;
	r->flags = htole32(1 << 2);
	memset(&ext, 0, sizeof(ext));
	ext.has = TSM_SNP_EXT_CSP_ID;
	strcpy(ext.csp_id, "AWS");
}

static void reports(void)
{
	static const struct demand demands[] = {
		{ SNP("\"measurement\": \"" HEX48("d0") "\""),
		  "policy.measurement", PASS, "" },
		{ SNP("\"measurement\": \"" HEX48("d1") "\""),
		  "policy.measurement", FAIL, "" },
		{ SNP("\"host_data\": \"" HEX32("d1") "\""), "policy.host_data",
		  PASS, "" },
		{ SNP("\"family_id\": \"" HEX16("d2") "\""), "policy.family_id",
		  PASS, "" },
		{ SNP("\"image_id\": \"" HEX16("d3") "\""), "policy.image_id",
		  PASS, "" },
		{ SNP("\"report_id\": \"" HEX32("d4") "\""), "policy.report_id",
		  PASS, "" },
		{ SNP("\"report_id_ma\": \"" HEX32("d5") "\""),
		  "policy.report_id_ma", PASS, "" },
		{ SNP("\"id_key_digest\": \"" HEX48("d6") "\""),
		  "policy.id_key_digest", PASS, "" },
		{ SNP("\"author_key_digest\": \"" HEX48("d7") "\""),
		  "policy.author_key_digest", PASS, "" },
		{ "{\"snp\": {}, \"report_data\": [\"" HEX64("d8") "\"]}",
		  "policy.report_data", PASS, "" },
		{ SNP("\"chip_id\": \"" HEX8("d9") "\""), "policy.chip_id", PASS,
		  "" },
		{ SNP("\"chip_id\": \"" HEX8("d9") HEX32("00") HEX16("00")
		      HEX8("00") "\""), "policy.chip_id", PASS, "" },
		{ SNP("\"chip_id\": \"" HEX64("d9") "\""), "policy.chip_id", FAIL,
		  "from byte 8 on" },
		{ SNP("\"csp_id\": \"AWS\""), "policy.csp_id", PASS, "'AWS'" },
		{ SNP("\"csp_id\": [\"AW\", \"AWSX\"]"), "policy.csp_id", FAIL,
		  "'AWS', not 'AW' nor another" },
	};
	size_t i;

	for (i = 0; i < sizeof(demands) / sizeof(demands[0]); i++)
		apply(&demands[i], true);
}

static void report_numbers(void)
{
	static const struct demand demands[] = {
		{ SNP("\"policy\": {\"required\": [\"SMT\"], \"forbidden\":"
		      "[\"MIGRATE_MA\", \"DEBUG\"]}"), "policy.policy", PASS, "" },
		{ SNP("\"policy\": {\"forbidden\": [\"SMT\"]}"), "policy.policy",
		  FAIL, "SMT set, but forbidden" },
		{ SNP("\"platform_info\": {\"required\": [\"SMT_EN\","
		      "\"TSME_EN\"]}"), "policy.platform_info", FAIL,
		  "TSME_EN required, but not set" },
		{ SNP("\"minimum_tcb\": {\"boot_loader\": 9, \"tee\": 1,"
		      "\"snp\": 21, \"microcode\": 72}"), "policy.minimum_tcb",
		  PASS, "no component is short" },
		{ SNP("\"minimum_tcb\": {\"snp\": 22, \"microcode\": 84}"),
		  "policy.minimum_tcb", FAIL,
		  "snp is 21, which is 1 short of 22; microcode is 72, which is 12 short of 84" },
		{ SNP("\"minimum_tcb\": {\"fmc\": 1}"), "policy.minimum_tcb",
		  FAIL, "fmc is no component of this processor" },
		{ SNP("\"minimum_tcb\": {\"fmc\": 0}"), "policy.minimum_tcb",
		  PASS, "" },
		{ SNP("\"minimum_launch_tcb\": {\"snp\": 20}"),
		  "policy.minimum_launch_tcb", PASS, "" },
		{ SNP("\"minimum_launch_tcb\": {\"snp\": 21}"),
		  "policy.minimum_launch_tcb", FAIL, "" },
		{ SNP("\"minimum_guest_svn\": 3"), "policy.minimum_guest_svn",
		  PASS, "" },
		{ SNP("\"minimum_guest_svn\": 4"), "policy.minimum_guest_svn",
		  FAIL, "3, which is below 4" },
		{ SNP("\"minimum_abi\": \"1.55\""), "policy.minimum_abi", PASS,
		  "1.55, at least 1.55" },
		{ SNP("\"minimum_abi\": \"1.56\""), "policy.minimum_abi", FAIL,
		  "1.55, which is below 1.56" },
		{ SNP("\"minimum_abi\": \"2\""), "policy.minimum_abi", FAIL,
		  "2.0" },
		{ SNP("\"minimum_firmware\": \"1.55.21\""),
		  "policy.minimum_firmware", PASS, "" },
		{ SNP("\"minimum_firmware\": \"1.55.22\""),
		  "policy.minimum_firmware", FAIL,
		  "1.55.21, which is below 1.55.22" },
		{ SNP("\"minimum_firmware\": \"2\""), "policy.minimum_firmware",
		  FAIL, "below 2.0.0" },
		{ SNP("\"vmpl\": [0, 1]"), "policy.vmpl", PASS, "1" },
		{ SNP("\"vmpl\": [0, 3]"), "policy.vmpl", FAIL, "1, not 0 or 3" },
		{ SNP("\"signers\": [\"VLEK\"]"), "policy.signers", PASS, "VLEK" },
		{ SNP("\"signers\": [\"VCEK\"]"), "policy.signers", FAIL,
		  "VLEK, not VCEK" },
		{ SNP("\"products\": [\"Milan\", \"Genoa\"]"), "policy.products",
		  PASS, "Genoa" },
		{ SNP("\"products\": [\"Turin\"]"), "policy.products", FAIL,
		  "Genoa, not Turin" },
	};
	size_t i;

	for (i = 0; i < sizeof(demands) / sizeof(demands[0]); i++)
		apply(&demands[i], true);
}

static void report_lacks(void)
{
	struct tsm_policy *policy = parse_policy(
		SNP("\"csp_id\": \"AWS\", \"products\": [\"Genoa\"],"
		    "\"vmpl\": [0, 1, 2, 3], \"signers\": [\"VCEK\", \"VLEK\"]"));
	static struct tsm_judgement j;

	snp.report.vmpl = htole32(0xffffffff);
	snp.report.flags = htole32(7 << 2);
	policy_apply_snp(policy, &snp, NULL, "", &j);
	CHECK_EQ(5, j.checks);
	CHECK_EQ(FAIL, find_check(&j, "policy.csp_id")->verdict);
	CHECK_EQ(FAIL, find_check(&j, "policy.products")->verdict);
	CHECK_EQ(FAIL, find_check(&j, "policy.vmpl")->verdict);
	CHECK_EQ(FAIL, find_check(&j, "policy.signers")->verdict);
	CHECK(!strcmp(j.check[4].reason, "not met: csp_id, vmpl, signers, products"));
	policy_free(policy);

	/* what the host had put into it is not the guest's word */
	policy = parse_policy("{\"report_data\": \"" HEX32("00") HEX32("00")
			      "\", \"snp\": {}}");
	memset(snp.report.report_data, 0, sizeof(snp.report.report_data));
	memset(&j, 0, sizeof(j));
	policy_apply_snp(policy, &snp, &ext, "Genoa", &j);
	CHECK_EQ(FAIL, find_check(&j, "policy.report_data")->verdict);
	snp.report.vmpl = 0;
	memset(&j, 0, sizeof(j));
	policy_apply_snp(policy, &snp, &ext, "Genoa", &j);
	CHECK_EQ(PASS, find_check(&j, "policy.report_data")->verdict);
	policy_free(policy);
}

static void turin(void)
{
	static const struct demand demands[] = {
		{ SNP("\"minimum_tcb\": {\"fmc\": 1, \"snp\": 4,"
		      "\"boot_loader\": 2, \"tee\": 3, \"microcode\": 81}"),
		  "policy.minimum_tcb", PASS, "" },
		{ SNP("\"minimum_tcb\": {\"fmc\": 2}"), "policy.minimum_tcb",
		  FAIL, "fmc is 1, which is 1 short of 2" },
	};
	size_t i;

	snp.turin_tcb = true;
	snp.report.reported_tcb.turin = (struct tsm_snp_tcb_turin){
		.fmc = 1, .bootloader = 2, .tee = 3, .snp = 4, .microcode = 81,
	};
	for (i = 0; i < sizeof(demands) / sizeof(demands[0]); i++)
		apply(&demands[i], true);
}

int main(void)
{
	static const struct tap_test tests[] = {
		{ "measurements are compared with all that is accepted",
		  measurements },
		{ "attributes are told by their names", attributes },
		{ "a component that is short is told, and by how much",
		  versions },
		{ "what the evidence does not have fails", missing },
		{ "accepted TCB statuses take a TCB that was judged", judged },
		{ "the sum names all that is not met; another TEE is not accepted",
		  sums },
		{ "fields of reports are compared", reports },
		{ "numbers and bits of reports are", report_numbers },
		{ "what a report does not have fails", report_lacks },
		{ "a Turin has an FMC", turin },
	};

	make_quote(&quote);
	make_pck(&pck);
	make_snp();
	return tap_run(tests, sizeof(tests) / sizeof(tests[0]));
}
