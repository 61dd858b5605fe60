// SPDX-License-Identifier: MIT
/* Reports as no firmware writes them, or as somebody else would sign them. */
#include "../../tools/lib/verify.h"
#include "snp_forged.h"

/* Order of P-384, SEC 2 version 2, 2.5.1. */
static const uint8_t order[48] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf, 0x58, 0x1a, 0x0d, 0xb2,
	0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73,
};

static void all_kinds_are_accepted(void)
{
	static const struct {
		const char *product;
		uint32_t version;
		bool is_vlek;
		const char *signer;
	} kinds[] = {
		{ "Milan", 2, false, "emulated VCEK Milan" },
		{ "Milan", 2, true, "emulated VLEK Milan" },
		{ "Milan", 3, true, "emulated VLEK Milan" },
		{ "Milan", 5, false, "emulated VCEK Milan" },
		{ "Genoa", 2, false, "emulated VCEK Genoa" },
		{ "Genoa", 3, false, "emulated VCEK Genoa" },
		{ "Genoa", 4, true, "emulated VLEK Genoa" },
		{ "Turin", 2, false, "emulated VCEK Turin" },
		{ "Turin", 3, true, "emulated VLEK Turin" },
		{ "Turin", 4, false, "emulated VCEK Turin" },
		{ "Turin", 5, false, "emulated VCEK Turin" },
	};
	size_t i;

	for (i = 0; i < FORGE_COUNT(kinds); i++) {
		machine_begin(kinds[i].product, kinds[i].version,
			      kinds[i].is_vlek);
		machine_fails("");
		check_names(&m.j);
		CHECK(!strcmp(kinds[i].signer, m.j.signer));
		CHECK_EQ(kinds[i].is_vlek ? TSM_CHECK_SKIPPED : TSM_CHECK_PASS,
			 check_of(&m.j, "chip_id")->verdict);
	}
}

static void an_added_root_is_not_amds(void)
{
	machine_begin("Genoa", 3, false);
	machine_fails("");
	machine_says("root", "EMULATED");
	m.flags = 0;
	machine_judge_again();
	CHECK_EQ(TSM_EMULATED, m.j.judged);
	CHECK(m.j.is_emulated);
}

/* Of what follows a known version nobody can say where anything stands. */
static void unknown_versions_are_rejected(void)
{
	static const uint32_t versions[] = { 1, 6, 7, 15 };
	size_t i, n;

	for (i = 0; i < FORGE_COUNT(versions); i++) {
		machine_begin("Turin", 5, false);
		poke(SNP_VERSION, versions[i]);
		machine_fails("format ");
		check_names(&m.j);
		for (n = 1; n < m.j.checks; n++)
			CHECK_EQ(TSM_CHECK_SKIPPED, m.j.check[n].verdict);
	}
	/* not taken for a report at all */
	poke(SNP_VERSION, 0x100);
	machine_fails("format ");
}

static void what_no_firmware_writes_is_rejected(void)
{
	static const size_t reserved[] = {
		0x4c, 0x18b, 0x19f, 0x1eb, 0x1ef, 0x208, 0x29f,
	};
	size_t i;

	machine_begin("Genoa", 3, false);
	poke(SNP_ALGO, 2);
	machine_fails("format signature ");
	machine_begin("Genoa", 3, false);
	poke(SNP_POLICY, 0x10000);
	machine_fails("format ");
	machine_begin("Genoa", 3, false);
	poke(SNP_POLICY, 0x4030000);
	machine_fails("format ");
	machine_begin("Genoa", 3, false);
	poke(SNP_VMPL, 4);
	machine_fails("format ");
	machine_begin("Genoa", 3, false);
	poke(SNP_LAUNCH_MIT, 1);
	machine_fails("format ");
	for (i = 0; i < FORGE_COUNT(reserved); i++) {
		machine_begin("Turin", 5, false);
		m.report.bytes[reserved[i]] = 1;
		machine_fails("format ");
	}
}

/* What tsm_verify() would not take for a report, straight to who judges it. */
static void judge_straight(void)
{
	const struct tsm_blob none = { NULL, 0 };
	struct judge judge = { .at = m.at, .certs = &none, .j = &m.j };
	struct tsm_verifier *v;

	machine_make();
	v = machine_verifier();
	memset(&m.j, 0, sizeof(m.j));
	judge.v = v;
	judge.data = (struct tsm_blob){ m.out.p, m.out.len };
	CHECK_EQ(0, judge_snp(&judge, NULL));
	tsm_verifier_free(v);
}

static void what_is_no_report_is_rejected_by_itself(void)
{
	machine_begin("Genoa", 3, false);
	poke(SNP_POLICY, 0x10000);
	judge_straight();
	machine_says("format", "POLICY 0x10000 lacks bit 17");
	machine_begin("Genoa", 3, false);
	poke(SNP_VMPL, 4);
	judge_straight();
	machine_says("format", "VMPL is 4, there are 0 to 3");
	fails(&m.j, "format certificates ");
}

static void a_policy_is_asked(void)
{
	static const struct {
		const char *json;
		uint32_t policy;
		const char *fails;
	} asked[] = {
		{ "{\"snp\": {\"minimum_tcb\": {\"microcode\": 217}}}", 0x30000,
		  "" },
		{ "{\"snp\": {\"minimum_tcb\": {\"microcode\": 218}}}", 0x30000,
		  "policy.minimum_tcb policy " },
		{ "{\"snp\": {\"products\": [\"Genoa\"]}}", 0x30000, "" },
		{ "{\"snp\": {\"products\": [\"Milan\"]}}", 0x30000,
		  "policy.products policy " },
		{ "{\"snp\": {\"allow_debug\": true}}", 0xb0000, "" },
		{ "{\"snp\": {\"allow_debug\": false}}", 0xb0000, "debug " },
		{ "{\"tdx\": {}}", 0x30000, "policy " },
	};
	struct tsm_verifier *v;
	size_t i;

	for (i = 0; i < FORGE_COUNT(asked); i++) {
		machine_begin("Genoa", 3, false);
		poke(SNP_POLICY, asked[i].policy);
		machine_make();
		v = machine_verifier();
		if (CHECK_EQ(0, tsm_verifier_set_policy(v, asked[i].json,
							strlen(asked[i].json),
							NULL))) {
			machine_judge(v);
			fails(&m.j, asked[i].fails);
		}
		tsm_verifier_free(v);
	}
}

static void what_firmware_may_write_is_accepted(void)
{
	machine_begin("Turin", 5, false);
	poke(SNP_LAUNCH_MIT, 1);
	poke(SNP_CURRENT_MIT, 3);
	poke(SNP_PLATFORM_INFO, 0x1fff);
	poke(SNP_POLICY, 0x3f7ffff);
	poke(SNP_VMPL, 3);
	machine_fails("");
	machine_says("format", "VMPL 3");
}

static void debug_is_rejected(void)
{
	machine_begin("Milan", 3, false);
	poke(SNP_POLICY, 0xb0000);
	machine_fails("debug ");
	m.flags |= TSM_VERIFY_ALLOW_DEBUG;
	machine_fails("");
	machine_says("debug", "which was allowed");
}

/* Who asks decides on REPORT_DATA. */
static void report_data_is_not_the_hosts(void)
{
	struct tsm_verifier *v;

	machine_begin("Milan", 3, false);
	machine_make();
	v = machine_verifier();
	tsm_verifier_set_report_data(v, m.report.bytes + SNP_REPORT_DATA, 64);
	machine_judge(v);
	fails(&m.j, "");
	CHECK_EQ(TSM_CHECK_PASS, check_of(&m.j, "report_data")->verdict);
	tsm_verifier_set_report_data(v, m.report.bytes + SNP_REPORT_DATA, 63);
	machine_judge(v);
	fails(&m.j, "report_data ");
	tsm_verifier_set_report_data(v, m.report.bytes + SNP_REPORT_DATA, 64);
	poke(SNP_VMPL, 0xffffffff);
	forge_report(&m.out, &m.report);
	machine_judge(v);
	fails(&m.j, "report_data ");
	tsm_verifier_free(v);
	machine_fails("");
	machine_says("format", "the host asked for it");
}

static void a_log_has_nothing_to_lead_to(void)
{
	struct tsm_verifier *v;

	machine_begin("Milan", 3, false);
	machine_make();
	v = machine_verifier();
	CHECK_EQ(0, tsm_verifier_add_log(v, "log", 3, NULL));
	machine_judge(v);
	fails(&m.j, "event_log ");
	tsm_verifier_free(v);
}

static void bytes_behind_are_a_remark_or_a_failure(void)
{
	machine_begin("Milan", 3, false);
	machine_make();
	fill(&m.out, 0, 16);
	machine_judge_again();
	fails(&m.j, "");
	machine_says("trailing_bytes", "16 follow");
	m.flags |= TSM_VERIFY_STRICT;
	machine_judge_again();
	fails(&m.j, "trailing_bytes ");
	m.out.len -= 16;
	machine_judge_again();
	fails(&m.j, "");
	m.out.len--;
	machine_judge_again();
	CHECK_EQ(TSM_REJECTED, m.j.judged);
}

static void scalars_beside_the_range_are_rejected(void)
{
	uint8_t above[48], sig[96], good[132];
	const uint8_t *const bad[] = { NULL, order, above };
	size_t i, n;

	memcpy(above, order, sizeof(above));
	above[47]++;
	for (i = 0; i < FORGE_COUNT(bad); i++) {
		for (n = 0; n < 2; n++) {
			machine_begin("Milan", 3, false);
			forge_sign_raw(good, m.report.signer, m.report.bytes,
				       SNP_SIGNATURE);
			memcpy(sig, good, sizeof(sig));
			if (bad[i])
				memcpy(sig + n * 48, bad[i], 48);
			else
				memset(sig + n * 48, 0, 48);
			m.report.signature = sig;
			machine_fails("signature ");
		}
	}
	memset(sig, 0, sizeof(sig));
	machine_fails("signature ");
	machine_says("signature", "R or S is 0: nobody signed");
	memset(sig, 0xff, sizeof(sig));
	machine_fails("signature ");
}

static void set_byte_of_signature(struct machine *machine, size_t at)
{
	machine->out.p[SNP_SIGNATURE + at] = 1;
}

static void r_above(struct machine *machine)
{
	set_byte_of_signature(machine, 48);
}

static void s_above(struct machine *machine)
{
	set_byte_of_signature(machine, 143);
}

static void behind_s(struct machine *machine)
{
	set_byte_of_signature(machine, 144);
}

static void last_byte(struct machine *machine)
{
	set_byte_of_signature(machine, 511);
}

static void bytes_beside_the_scalars_are_rejected(void)
{
	static void (*const beside[])(struct machine *) = { r_above, s_above };
	static void (*const behind[])(struct machine *) = { behind_s,
							    last_byte };
	size_t i;

	for (i = 0; i < 2; i++) {
		machine_begin("Genoa", 4, false);
		m.edit = beside[i];
		machine_fails("signature ");
		machine_says("signature", "more than 384 bits");
		machine_begin("Genoa", 4, false);
		m.edit = behind[i];
		machine_fails("format ");
	}
}

/* order - S signs the same bytes, which is so of all ECDSA: no byte of what is
 * signed is another, and nobody takes a signature for a name. */
static void the_other_s_is_as_good(void)
{
	uint8_t sig[132];
	int i, borrow = 0, diff;

	machine_begin("Genoa", 3, false);
	forge_sign_raw(sig, m.report.signer, m.report.bytes, SNP_SIGNATURE);
	for (i = 47; i >= 0; i--) {
		diff = order[i] - sig[48 + i] - borrow;
		borrow = diff < 0;
		sig[48 + i] = (uint8_t)diff;
	}
	m.report.signature = sig;
	machine_fails("");
}

static void the_signing_key_is_what_the_report_says(void)
{
	machine_begin("Milan", 3, false);
	poke(SNP_FLAGS, 1 << 2);
	machine_fails("signing_key ");
	machine_says("signing_key", "the report says VLEK, but there is only the certificate of a VCEK");
	machine_begin("Milan", 3, true);
	poke(SNP_FLAGS, 0);
	machine_fails("signing_key ");
	machine_begin("Milan", 3, false);
	poke(SNP_FLAGS, 7 << 2);
	machine_fails("signing_key ");
	machine_says("signing_key", "none");
	poke(SNP_FLAGS, 2 | 7 << 2);
	machine_fails("signing_key ");
	machine_says("signing_key", "MASK_CHIP_KEY");
	poke(SNP_FLAGS, 2 << 2);
	machine_fails("signing_key ");
	machine_says("signing_key", "SIGNING_KEY is 2");
}

int main(void)
{
	static const struct tap_test tests[] = {
		{ "reports of each product, version and key are accepted",
		  all_kinds_are_accepted },
		{ "under an added root they are emulated, unless that is allowed",
		  an_added_root_is_not_amds },
		{ "a version that is not known is rejected, and nothing of it judged",
		  unknown_versions_are_rejected },
		{ "what no firmware writes is rejected",
		  what_no_firmware_writes_is_rejected },
		{ "what is no report is rejected by who judges reports, too",
		  what_is_no_report_is_rejected_by_itself },
		{ "a policy is asked, and may allow debugging", a_policy_is_asked },
		{ "what firmware may write is accepted",
		  what_firmware_may_write_is_accepted },
		{ "a guest that may be debugged is rejected", debug_is_rejected },
		{ "in a report that the host asked for no data is the guest's",
		  report_data_is_not_the_hosts },
		{ "an event log beside a report is a failure",
		  a_log_has_nothing_to_lead_to },
		{ "bytes behind the report are a remark, and a failure if strict",
		  bytes_behind_are_a_remark_or_a_failure },
		{ "R and S are from 1 to the order less 1",
		  scalars_beside_the_range_are_rejected },
		{ "bytes of R and S beyond P-384, and behind them, are 0",
		  bytes_beside_the_scalars_are_rejected },
		{ "the order less S is as good as S", the_other_s_is_as_good },
		{ "the key is of the kind that the report says",
		  the_signing_key_is_what_the_report_says },
	};

	return tap_run(tests, sizeof(tests) / sizeof(tests[0]));
}
