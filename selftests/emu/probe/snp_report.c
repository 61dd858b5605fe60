// SPDX-License-Identifier: GPL-2.0-only
/* Tests of reports and derived keys: what is in them, and whose they are. */

#include <linux/kernel.h>
#include <linux/string.h>

#include "probe.h"

static const u8 *report = snp_plain + RSP_BODY;

static u32 status(void)
{
	u32 value;

	memcpy(&value, snp_plain + RSP_STATUS, sizeof(value));
	return value;
}

static void expect_zeros(const u8 *bytes, unsigned int size)
{
	EXPECT_TRUE(!memchr_inv(bytes, 0, size));
}

/* Authentic, and says in its first word why there is nothing in it. */
static void expect_status(u32 want, unsigned int size)
{
	EXPECT_EQ(want, status());
	expect_zeros(snp_plain + 4, size - 4);
}

/* [FW] ATTESTATION_REPORT: where numbers and texts are in each version */
static const struct version {
	const char *name, *v, *chip;
	u8 version, tcb[8], cpuid[3], firmware[3], info;
} versions[] = {
	{ "a report of version 2 is Milan's", "2", "EMULATED MILAN CHIP ", 2,
	  { 4, 0, 0, 0, 0, 0, 22, 213 }, { }, { 21, 55, 1 }, 3 },
	{ "a report of version 3 is Genoa's", "3", "EMULATED GENOA CHIP ", 3,
	  { 10, 0, 0, 0, 0, 0, 23, 84 }, { 0x19, 0x11, 1 }, { 40, 55, 1 },
	  0x25 },
	{ "a report of version 5 is Turin's", "5", "EMUTURIN", 5,
	  { 1, 2, 1, 4, 0, 0, 0, 72 }, { 0x1a, 2, 1 }, { 40, 55, 1 }, 0x25 },
};

static void has_version(const struct version *row)
{
	static const unsigned int tcbs[] = { 0x38, 0x180, 0x1e0, 0x1f0 };
	u8 chip[64] = { };

	probe_start(row->name);
	memcpy(chip, row->chip, strlen(row->chip));
	EXPECT_EQ(0, probe_set("snp_report_v", row->v));
	snp_make_report(0xa5, snp_level, 0);
	EXPECT_EQ(0, status());
	EXPECT_EQ(row->version, report[0]);
	for (unsigned int i = 0; i < ARRAY_SIZE(tcbs); i++)
		EXPECT_EQ(0, memcmp(row->tcb, report + tcbs[i], 8));
	EXPECT_EQ(row->info, report[0x40]);
	EXPECT_EQ(0, memcmp(row->cpuid, report + 0x188, 3));
	EXPECT_EQ(0, memcmp(row->firmware, report + 0x1e8, 3));
	EXPECT_EQ(0, memcmp(row->firmware, report + 0x1ec, 3));
	EXPECT_EQ(0, memcmp(chip, report + 0x1a0, sizeof(chip)));
	expect_zeros(report + 0x1f8, 0x2a0 - 0x1f8);
	probe_end(0);
}

static void has_all_that_is_the_same(void)
{
	snp_make_report(0x5a, snp_level, 0);
	EXPECT_EQ(0xa0, snp_plain[RSP_REPORT_LEN]);
	EXPECT_EQ(0x04, snp_plain[RSP_REPORT_LEN + 1]);
	expect_zeros(snp_plain + 8, 24);
	EXPECT_EQ(3, report[0x0a]);		/* POLICY 0x30000 */
	EXPECT_EQ(snp_level, report[0x30]);
	EXPECT_EQ(1, report[0x34]);		/* ECDSA P-384 */
	expect_zeros(report + 0x48, 8);		/* VCEK, no author key */
	EXPECT_TRUE(!memchr_inv(report + 0x50, 0x5a, 64));
	EXPECT_EQ(0, strcmp("EMULATED SNP MEASUREMENT", report + 0x90));
	EXPECT_EQ(0, strcmp("EMULATED HOST DATA", report + 0xc0));
	expect_zeros(report + 0xe0, 96);
	EXPECT_EQ(0, strcmp("EMULATED REPORT ID", report + 0x140));
	EXPECT_TRUE(!memchr_inv(report + 0x160, 0xff, 32));
	/* R and S have 48 bytes each, in 72 */
	expect_zeros(report + 0x2a0 + 48, 24);
	expect_zeros(report + 0x2a0 + 120, 512 - 120);
	EXPECT_TRUE(memchr_inv(report + 0x2a0, 0, 48));
	EXPECT_TRUE(memchr_inv(report + 0x2a0 + 72, 0, 48));
}

static void is_of_the_identity(void)
{
	static const struct {
		const char *knob;
		unsigned int offset, size;
	} fields[] = {
		{ "snp_measurement", 0x90, 48 },
		{ "snp_host_data", 0xc0, 32 },
		{ "snp_id_key_digest", 0xe0, 48 },
		{ "snp_author_key_digest", 0x110, 48 },
		{ "snp_report_id", 0x140, 32 },
		{ "snp_family_id", 0x10, 16 },
		{ "snp_image_id", 0x20, 16 },
	};
	char old[100], text[100];

	for (unsigned int i = 0; i < ARRAY_SIZE(fields); i++) {
		EXPECT_TRUE(probe_get(fields[i].knob, old, sizeof(old)) > 0);
		memset(text, '7' + i % 2, 2 * fields[i].size);
		text[2 * fields[i].size] = 0;
		EXPECT_EQ(0, probe_set(fields[i].knob, text));
		snp_make_report(i, snp_level, 0);
		EXPECT_TRUE(!memchr_inv(report + fields[i].offset,
					i % 2 ? 0x88 : 0x77, fields[i].size));
		EXPECT_EQ(fields[i].offset == 0x110, report[0x48]);
		EXPECT_EQ(0, probe_set(fields[i].knob, old));
	}
}

static void is_of_the_platform(void)
{
	static const char *const wrong[] = { "0", "1", "4", "6", "-2" };

	EXPECT_EQ(0, probe_set("snp_platform_info", "1f0000000000001"));
	snp_make_report(1, snp_level, 0);
	EXPECT_EQ(0, memcmp("\x01\0\0\0\0\0\xf0\1", report + 0x40, 8));
	EXPECT_EQ(0, probe_set("snp_platform_info", "\n"));
	snp_make_report(1, snp_level, 0);
	EXPECT_EQ(0, memcmp("\x25\0\0\0\0\0\0\0", report + 0x40, 8));
	for (unsigned int i = 0; i < ARRAY_SIZE(wrong); i++)
		EXPECT_EQ(-EINVAL, probe_set("snp_report_v", wrong[i]));
}

static void levels(void)
{
	for (u32 vmpl = 0; vmpl < 6; vmpl++) {
		bool good = vmpl >= snp_level && vmpl < 4;

		snp_make_report(vmpl, vmpl, 0);
		if (good) {
			EXPECT_EQ(0, status());
			EXPECT_EQ(vmpl, report[0x30]);
		} else {
			expect_status(FW_PARAM, REPORT_RSP_LEN);
		}
	}
}

static void reserved_in_a_request(void)
{
	u8 payload[REPORT_REQ_LEN] = { [64] = snp_level };

	for (unsigned int i = 72; i < REPORT_REQ_LEN; i += 23) {
		payload[i] = 1;
		snp_exchange(REPORT_REQ, payload, sizeof(payload),
			     REPORT_RSP_LEN);
		expect_status(FW_PARAM, REPORT_RSP_LEN);
		payload[i] = 0;
	}
}

/* [FW] KEY_SEL: 0 VLEK if there is one, 1 VCEK, 2 VLEK; SIGNING_KEY: bit 2 */
static void who_signs(void)
{
	snp_make_report(1, snp_level, 1);
	EXPECT_EQ(0, report[0x48]);
	snp_make_report(1, snp_level, 2);
	expect_status(FW_KEY, REPORT_RSP_LEN);
	snp_make_report(1, snp_level, 3);
	expect_status(FW_PARAM, REPORT_RSP_LEN);
	EXPECT_EQ(0, probe_set("snp_sign", "1"));
	for (u32 sel = 0; sel < 3; sel += 2) {
		snp_make_report(1, snp_level, sel);
		EXPECT_EQ(4, report[0x48]);
		expect_zeros(report + 0x1a0, 64);
	}
	snp_make_report(1, snp_level, 1);
	EXPECT_EQ(0, report[0x48]);
	EXPECT_TRUE(memchr_inv(report + 0x1a0, 0, 64));
}

static void status_by_knob(void)
{
	EXPECT_EQ(0, probe_set("snp_status", "27"));
	EXPECT_EQ(0, probe_set("snp_status_count", "1"));
	snp_make_report(1, snp_level, 0);
	expect_status(0x27, REPORT_RSP_LEN);
	snp_make_report(1, snp_level, 0);
	EXPECT_EQ(0, status());
}

/* [FW] MSG_KEY_REQ, all little-endian */
struct key_request {
	u32 root, reserved;
	u64 fields;
	u32 vmpl, svn;
	u64 tcb;
};

static void derive(const struct key_request *req, u8 key[32])
{
	snp_exchange(KEY_REQ, req, KEY_REQ_LEN, KEY_RSP_LEN);
	EXPECT_EQ(0, status());
	expect_zeros(snp_plain + 4, 28);
	memcpy(key, snp_plain + RSP_BODY, 32);
	EXPECT_TRUE(memchr_inv(key, 0, 32));
}

static void keys_depend_on_fields(void)
{
	struct key_request req = { .vmpl = snp_level };
	u8 keys[9][32], again[32];

	for (unsigned int i = 0; i < 7; i++) {
		req.fields = BIT(i);
		derive(&req, keys[i]);
	}
	req.fields = 0;
	derive(&req, keys[7]);
	req.root = 1;
	derive(&req, keys[8]);
	for (unsigned int i = 0; i < 9; i++)
		for (unsigned int j = 0; j < i; j++)
			EXPECT_TRUE(memcmp(keys[i], keys[j], 32));
	derive(&req, again);
	EXPECT_EQ(0, memcmp(keys[8], again, 32));
}

/* What was not selected makes no difference, what was does. */
static void expect_difference(u64 bit, const char *knob, const char *value)
{
	struct key_request req = { .vmpl = snp_level };
	u8 with[32], without[32], changed[32];
	char old[100];

	derive(&req, without);
	req.fields = bit;
	derive(&req, with);
	EXPECT_TRUE(probe_get(knob, old, sizeof(old)) > 0);
	EXPECT_EQ(0, probe_set(knob, value));
	derive(&req, changed);
	EXPECT_TRUE(memcmp(with, changed, 32));
	req.fields = 0;
	derive(&req, changed);
	EXPECT_EQ(0, memcmp(without, changed, 32));
	EXPECT_EQ(0, probe_set(knob, old));
	req.fields = bit;
	derive(&req, changed);
	EXPECT_EQ(0, memcmp(with, changed, 32));
}

static void keys_depend_on_the_guest(void)
{
	static const char id[] = "12340000000000000000000000000000";
	char digest[97];

	memset(digest, '5', 96);
	digest[96] = 0;
	expect_difference(BIT(0), "snp_policy", "30001");
	expect_difference(BIT(1), "snp_image_id", id);
	expect_difference(BIT(2), "snp_family_id", id);
	expect_difference(BIT(3), "snp_measurement", digest);
}

static void keys_depend_on_numbers(void)
{
	struct key_request req = { .vmpl = snp_level }, other;
	u8 key[32], changed[32];

	derive(&req, key);
	other = req;
	other.svn = 1;
	other.tcb = 1;
	derive(&other, changed);
	EXPECT_EQ(0, memcmp(key, changed, 32));
	req.fields = BIT(4) | BIT(5);
	derive(&req, key);
	other = req;
	other.svn = 1;
	derive(&other, changed);
	EXPECT_TRUE(memcmp(key, changed, 32));
	other = req;
	other.tcb = BIT_ULL(63);
	derive(&other, changed);
	EXPECT_TRUE(memcmp(key, changed, 32));
	other = req;
	other.vmpl = 3;
	derive(&other, changed);
	EXPECT_EQ(snp_level == 3, !memcmp(key, changed, 32));
}

static void wrong_key_requests(void)
{
	struct key_request good = { .vmpl = snp_level };
	struct key_request bad[] = { good, good, good, good, good };

	bad[0].root = 2;
	bad[1].reserved = 1;
	bad[2].fields = BIT(7);
	bad[3].fields = BIT_ULL(63);
	bad[4].vmpl = snp_level ? snp_level - 1 : 4;
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		snp_exchange(KEY_REQ, &bad[i], KEY_REQ_LEN, KEY_RSP_LEN);
		expect_status(FW_PARAM, KEY_RSP_LEN);
	}
}

static const struct probe_test tests[] = {
	{ "a report has what the guest is and sent", has_all_that_is_the_same },
	{ "knobs change each field of the guest's identity",
	  is_of_the_identity },
	{ "knobs change the platform and the version, but not to any",
	  is_of_the_platform },
	{ "a report is for this VMPL or a lesser one", levels },
	{ "reserved bytes of a report request must be 0",
	  reserved_in_a_request },
	{ "a report is signed by the key that is there, or asked for",
	  who_signs },
	{ "a knob puts a status in an authentic response", status_by_knob },
	{ "derived keys depend on root and fields, and come again",
	  keys_depend_on_fields },
	{ "derived keys depend on what is selected of the guest",
	  keys_depend_on_the_guest },
	{ "derived keys depend on VMPL, and on SVN and TCB if selected",
	  keys_depend_on_numbers },
	{ "wrong key requests get a status and no key", wrong_key_requests },
};

void probe_snp_reports(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(versions); i++)
		has_version(&versions[i]);
	probe_run(tests, ARRAY_SIZE(tests));
}
