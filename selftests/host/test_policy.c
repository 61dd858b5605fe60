// SPDX-License-Identifier: MIT
/* How policies are written: what is one, what is none, and what is said then. */
#include "policy_fixture.h"

/* A policy that is none, and what must be said of it. */
struct wrong {
	const char *json;
	const char *says;
};

static void check_wrong(const struct wrong *wrong, size_t count)
{
	struct tsm_policy *policy;
	struct tsm_error err;
	char *copy;
	size_t i;
	int ret;

	for (i = 0; i < count; i++) {
		copy = (char *)exact_copy(wrong[i].json,
					  strlen(wrong[i].json));
		policy = (struct tsm_policy *)&err;
		err.text[0] = '\0';
		ret = policy_parse(&policy, copy, strlen(wrong[i].json), &err);
		free(copy);
		if (ret != -EBADMSG || policy || !strstr(err.text, wrong[i].says)) {
			printf("# %s: %d, %s\n", wrong[i].json, ret, err.text);
			CHECK(false);
		}
		policy_free(policy);
	}
}

#define CHECK_WRONG(table) \
	check_wrong(table, sizeof(table) / sizeof((table)[0]))

static void no_json(void)
{
	static const struct wrong wrong[] = {
		{ "", "" },
		{ "{", "" },
		{ "{\"tdx\": {}} {}", "" },
		{ "{\"tdx\": {}, }", "" },
		{ "{\"tdx\": {}, \"tdx\": {}}", "column 18: a key" },
		{ TDX("\"mrtd\": \"" HEX48("00") "\", \"mrtd\": \"" HEX48("00")
		      "\""), "column 124: a key" },
	};

	CHECK_WRONG(wrong);
}

static void no_policy(void)
{
	static const struct wrong wrong[] = {
		{ "[]", "must be an object" },
		{ "{}", "neither tdx nor snp" },
		{ "{\"report_data\": \"" HEX64("00") "\"}", "neither tdx nor snp" },
		{ "{\"sgx\": {}}", "sgx: is unknown" },
		{ "{\"tdx\": []}", "tdx: must be an object" },
		{ "{\"snp\": null}", "snp: must be an object" },
		{ TDX("\"mrtdx\": 1"), "tdx.mrtdx: is unknown here" },
		{ TDX("\"measurement\": \"" HEX48("00") "\""),
		  "tdx.measurement: is unknown here" },
		{ SNP("\"mrtd\": \"" HEX48("00") "\""), "snp.mrtd: is unknown here" },
		{ SNP("\"report_data\": \"" HEX64("00") "\""),
		  "snp.report_data: is unknown here" },
		{ TDX("\"\": 1"), "is unknown here" },
		{ TDX("\"MRTD\": 1"), "tdx.MRTD: is unknown here" },
	};

	CHECK_WRONG(wrong);
}

static void wrong_values(void)
{
	static const struct wrong wrong[] = {
		{ TDX("\"mrtd\": 1"), "tdx.mrtd: must be a string" },
		{ TDX("\"mrtd\": \"\""), "tdx.mrtd: must be 48 bytes in hex, has 0 digits" },
		{ TDX("\"mrtd\": \"" HEX48("00") "0\""), "has 97 digits" },
		{ TDX("\"mrtd\": \"" HEX32("00") "\""), "has 64 digits" },
		{ TDX("\"mrtd\": \"" HEX32("00") HEX8("00") HEX4("00")
		      "000000 0\""), "tdx.mrtd: must be in hex" },
		{ TDX("\"mrtd\": \"0x" HEX32("00") HEX8("00") HEX4("00")
		      "000000\""), "tdx.mrtd: must be in hex" },
		{ TDX("\"rtmr0\": []"), "tdx.rtmr0: is an empty list" },
		{ TDX("\"rtmr0\": {}"), "tdx.rtmr0: must be a string" },
		{ TDX("\"rtmr3\": [\"" HEX48("00") "\", \"00\"]"),
		  "tdx.rtmr3[1]: must be 48 bytes in hex, has 2 digits" },
		{ TDX("\"rtmr3\": [[\"" HEX48("00") "\"]]"),
		  "tdx.rtmr3[0]: must be a string" },
		{ TDX("\"fmspc\": \"" HEX4("00") "\""), "tdx.fmspc" },
		{ SNP("\"host_data\": \"" HEX48("00") "\""), "snp.host_data" },
		{ SNP("\"chip_id\": \"" HEX32("00") "\""), "snp.chip_id" },
		{ SNP("\"csp_id\": \"\""), "snp.csp_id: has 0 bytes" },
		{ SNP("\"csp_id\": [7]"), "snp.csp_id[0]: must be a string" },
		{ SNP("\"csp_id\": \"" HEX64("00") "\""), "has 128 bytes" },
		{ "{\"report_data\": \"00\", \"tdx\": {}}",
		  "report_data: must be 64 bytes in hex" },
	};

	CHECK_WRONG(wrong);
}

static void wrong_bits(void)
{
	static const struct wrong wrong[] = {
		{ TDX("\"xfam\": \"0x3\""), "tdx.xfam: must be an object" },
		{ TDX("\"xfam\": {}"), "tdx.xfam: is an empty object" },
		{ TDX("\"xfam\": {\"needed\": [\"SSE\"]}"),
		  "tdx.xfam.needed: is unknown" },
		{ TDX("\"xfam\": {\"required\": []}"),
		  "tdx.xfam.required: is an empty list" },
		{ TDX("\"xfam\": {\"required\": \"SSE\"}"),
		  "tdx.xfam.required: must be an array" },
		{ TDX("\"xfam\": {\"required\": [\"SSE\", \"sse\"]}"),
		  "tdx.xfam.required[1]: is no name" },
		{ TDX("\"xfam\": {\"required\": [1]}"), "required[0]" },
		{ TDX("\"xfam\": {\"required\": [\"DEBUG\"]}"), "required[0]" },
		{ TDX("\"xfam\": {\"value\": \"0x1\"}"), "go together" },
		{ TDX("\"xfam\": {\"mask\": \"0x1\"}"), "go together" },
		{ TDX("\"xfam\": {\"mask\": \"0x1\", \"value\": \"2\"}"),
		  "not in mask" },
		{ TDX("\"xfam\": {\"mask\": \"0\", \"value\": \"0\"}"),
		  "demands nothing" },
		{ TDX("\"xfam\": {\"mask\": 1, \"value\": \"0\"}"),
		  "tdx.xfam.mask: must be a string" },
		{ TDX("\"xfam\": {\"mask\": \"0x\", \"value\": \"0\"}"),
		  "xfam.mask" },
		{ TDX("\"xfam\": {\"mask\": \"0x11112222333344445\","
		      "\"value\": \"0\"}"), "xfam.mask" },
		{ TDX("\"xfam\": {\"mask\": \"0xg\", \"value\": \"0\"}"),
		  "xfam.mask" },
		{ TDX("\"xfam\": {\"required\": [\"SSE\"],"
		      "\"forbidden\": [\"SSE\"]}"), "be set and not be set" },
		{ TDX("\"xfam\": {\"required\": [\"SSE\"],"
		      "\"mask\": \"2\", \"value\": \"0\"}"),
		  "be set and not be set" },
		{ TDX("\"xfam\": {\"forbidden\": [\"SSE\"],"
		      "\"mask\": \"2\", \"value\": \"2\"}"),
		  "be set and not be set" },
		{ SNP("\"policy\": {\"required\": [\"SMT_EN\"]}"),
		  "snp.policy.required[0]" },
	};

	CHECK_WRONG(wrong);
}

static void wrong_numbers(void)
{
	static const struct wrong wrong[] = {
		{ TDX("\"minimum_pcesvn\": -1"), "tdx.minimum_pcesvn: must be a whole number" },
		{ TDX("\"minimum_pcesvn\": 65536"), "tdx.minimum_pcesvn" },
		{ TDX("\"minimum_pcesvn\": 1.0"), "tdx.minimum_pcesvn" },
		{ TDX("\"minimum_pcesvn\": \"1\""), "tdx.minimum_pcesvn" },
		{ TDX("\"minimum_pcesvn\": true"), "tdx.minimum_pcesvn" },
		{ TDX("\"minimum_pcesvn\": 18446744073709551617"), "" },
		{ TDX("\"minimum_tee_tcb_svn\": []"), "is an empty list" },
		{ TDX("\"minimum_tee_tcb_svn\": 5"), "must be an array" },
		{ TDX("\"minimum_tee_tcb_svn\": {\"0\": 5}"), "must be an array" },
		{ TDX("\"minimum_tee_tcb_svn\": [0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,"
		      "0,0]"), "has 17 numbers, more than 16" },
		{ TDX("\"minimum_tee_tcb_svn\": [3, 256]"),
		  "tdx.minimum_tee_tcb_svn[1]: must be at most 255" },
		{ TDX("\"minimum_sgx_tcb\": \"" HEX8("00") "\""),
		  "tdx.minimum_sgx_tcb: must be 16 bytes in hex" },
		{ SNP("\"minimum_tcb\": [1]"), "snp.minimum_tcb: must be an object" },
		{ SNP("\"minimum_tcb\": {}"), "snp.minimum_tcb: is an empty object" },
		{ SNP("\"minimum_tcb\": {\"SNP\": 1}"),
		  "snp.minimum_tcb.SNP: is unknown" },
		{ SNP("\"minimum_tcb\": {\"snp\": 256}"), "snp.minimum_tcb.snp" },
		{ SNP("\"vmpl\": 0"), "snp.vmpl: must be an array" },
		{ SNP("\"vmpl\": []"), "snp.vmpl: is an empty list" },
		{ SNP("\"vmpl\": [4]"), "snp.vmpl[0]: must be at most 3" },
		{ SNP("\"minimum_guest_svn\": 4294967296"), "minimum_guest_svn" },
	};

	CHECK_WRONG(wrong);
}

static void wrong_versions(void)
{
	static const struct wrong wrong[] = {
		{ SNP("\"minimum_abi\": 1.55"), "snp.minimum_abi: must be a string" },
		{ SNP("\"minimum_abi\": \"\""), "is no version" },
		{ SNP("\"minimum_abi\": \"1.\""), "is no version" },
		{ SNP("\"minimum_abi\": \".1\""), "is no version" },
		{ SNP("\"minimum_abi\": \"1..5\""), "is no version" },
		{ SNP("\"minimum_abi\": \"1.256\""), "is no version" },
		{ SNP("\"minimum_abi\": \"1.4294967297\""), "is no version" },
		{ SNP("\"minimum_abi\": \"1.55.1\""), "is no version" },
		{ SNP("\"minimum_abi\": \"1.55 \""), "is no version" },
		{ SNP("\"minimum_abi\": \"v1\""), "is no version" },
		{ SNP("\"minimum_firmware\": \"1.55.21.0\""), "is no version" },
	};

	CHECK_WRONG(wrong);
}

static void wrong_names(void)
{
	static const struct wrong wrong[] = {
		{ TDX("\"tcb_statuses\": \"UpToDate\""), "must be an array" },
		{ TDX("\"tcb_statuses\": []"), "is an empty list" },
		{ TDX("\"tcb_statuses\": [\"uptodate\"]"),
		  "tdx.tcb_statuses[0]: is none of the names" },
		{ TDX("\"tcb_statuses\": [\"UpToDate\", \"Revoked\"]"),
		  "tdx.tcb_statuses[1]: is none of the names" },
		{ TDX("\"tcb_statuses\": [\"NotSupported\"]"), "none of" },
		{ TDX("\"tcb_statuses\": [\"\"]"), "none of" },
		{ TDX("\"sgx_types\": [\"Standard\"]"), "tdx.sgx_types[0]" },
		{ SNP("\"signers\": [\"VCEK\", 1]"), "snp.signers[1]" },
		{ SNP("\"signers\": [\"NONE\"]"), "snp.signers[0]" },
		{ SNP("\"products\": [\"Naples\"]"), "snp.products[0]" },
		{ SNP("\"allow_debug\": 1"), "must be true or false" },
		{ TDX("\"allow_debug\": \"true\""), "must be true or false" },
	};

	CHECK_WRONG(wrong);
}

/* Paths are hostile, too. */
static void long_keys(void)
{
	char text[1000];
	struct tsm_policy *policy;
	struct tsm_error err;

	snprintf(text, sizeof(text), "{\"tdx\": {\"%0900d\": 1}}", 0);
	CHECK_EQ(-EBADMSG, policy_parse(&policy, text, strlen(text), &err));
	CHECK(strstr(err.text, "is unknown") != NULL);
	CHECK(!policy);
	CHECK_EQ(-EBADMSG, policy_parse(&policy, text, strlen(text), NULL));
}

static void all_cut(void)
{
	static const char text[] =
		"{\"report_data\": \"" HEX64("00") "\", \"tdx\": {\"mrtd\": [\""
		HEX48("00") "\"], \"xfam\": {\"required\": [\"SSE\"]},"
		"\"minimum_tee_tcb_svn\": [1, 2]}, \"snp\": {\"csp_id\": \"x\"}}";
	struct tsm_policy *policy;
	size_t len;
	char *copy;

	for (len = 0; len < sizeof(text) - 1; len++) {
		copy = (char *)exact_copy(text, len);
		if (policy_parse(&policy, copy, len, NULL) != -EBADMSG) {
			printf("# %zu bytes are a policy\n", len);
			CHECK(false);
			policy_free(policy);
		}
		free(copy);
	}
	policy = parse_policy(text);
	CHECK(policy != NULL);
	policy_free(policy);
}

static void debug(void)
{
	struct tsm_policy *policy = parse_policy(
		"{\"tdx\": {\"allow_debug\": true}, \"snp\": {}}");

	CHECK(policy_allows_debug(policy, TSM_EVIDENCE_QUOTE));
	CHECK(!policy_allows_debug(policy, TSM_EVIDENCE_SNP_REPORT));
	CHECK(!policy_allows_debug(policy, TSM_EVIDENCE_UNKNOWN));
	CHECK(!policy_allows_debug(NULL, TSM_EVIDENCE_QUOTE));
	policy_free(policy);
	policy = parse_policy(SNP("\"allow_debug\": true"));
	CHECK(policy_allows_debug(policy, TSM_EVIDENCE_SNP_REPORT));
	policy_free(policy);
	policy = parse_policy(SNP("\"allow_debug\": false"));
	CHECK(!policy_allows_debug(policy, TSM_EVIDENCE_SNP_REPORT));
	policy_free(policy);
}

static void check_accepts(const char *json, unsigned int accepted)
{
	struct tsm_policy *policy = json ? parse_policy(json) : NULL;
	unsigned int i;

	for (i = 0; i < 40; i++) {
		if (policy_accepts_tcb(policy, (enum tsm_tcb_status)i) !=
		    (i < 32 && (accepted >> i & 1))) {
			printf("# status %u\n", i);
			CHECK(false);
		}
	}
	policy_free(policy);
}

static void statuses(void)
{
	check_accepts(NULL, 1 << TSM_TCB_UP_TO_DATE);
	check_accepts(SNP(""), 1 << TSM_TCB_UP_TO_DATE);
	check_accepts(TDX(""), 1 << TSM_TCB_UP_TO_DATE);
	check_accepts(TDX("\"tcb_statuses\": [\"OutOfDate\"]"),
		      1 << TSM_TCB_UP_TO_DATE | 1 << TSM_TCB_OUT_OF_DATE);
	check_accepts(TDX("\"tcb_statuses\": [\"UpToDate\","
			  "\"SWHardeningNeeded\", \"ConfigurationNeeded\","
			  "\"ConfigurationAndSWHardeningNeeded\","
			  "\"TDRelaunchAdvised\","
			  "\"TDRelaunchAdvisedConfigurationNeeded\","
			  "\"OutOfDate\", \"OutOfDateConfigurationNeeded\"]"),
		      0x1fe);
}

int main(void)
{
	static const struct tap_test tests[] = {
		{ "what is no JSON, or says something twice, is no policy",
		  no_json },
		{ "what is other JSON is none, and the key is named", no_policy },
		{ "hex of a wrong length is told with its place", wrong_values },
		{ "bits go by names, or value and mask, without contradiction",
		  wrong_bits },
		{ "numbers are whole and in range", wrong_numbers },
		{ "versions have their form", wrong_versions },
		{ "Revoked and unknown names cannot be accepted", wrong_names },
		{ "keys may be of any length", long_keys },
		{ "no beginning of a policy is one", all_cut },
		{ "debug is allowed a TEE at a time", debug },
		{ "UpToDate is accepted, others if they are named",
		  statuses },
	};

	return tap_run(tests, sizeof(tests) / sizeof(tests[0]));
}
