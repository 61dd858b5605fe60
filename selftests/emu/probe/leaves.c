// SPDX-License-Identifier: GPL-2.0-only
/* Tests of the emulated TDX module: operands of all leaves, VP.INFO, MR.REPORT. */

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/set_memory.h>
#include <linux/string.h>

#include "probe.h"

/* [BASE] TDREPORT_STRUCT: where, how long, and the knob that fills it */
static const struct field {
	const char *name, *knob;
	unsigned int at, len;
} fields[] = {
	{ "TEE_TCB_SVN is at 264", "tee_tcb_svn", 264, 16 },
	{ "ATTRIBUTES is at 512", "attributes", 512, 8 },
	{ "XFAM is at 520", "xfam", 520, 8 },
	{ "MRTD is at 528", "mrtd", 528, 48 },
	{ "MRCONFIGID is at 576", "mrconfigid", 576, 48 },
	{ "MROWNER is at 624", "mrowner", 624, 48 },
	{ "MROWNERCONFIG is at 672", "mrownerconfig", 672, 48 },
	{ "RTMR 0 is at 720", "rtmr0", 720, 48 },
	{ "RTMR 1 is at 768", "rtmr1", 768, 48 },
	{ "RTMR 2 is at 816", "rtmr2", 816, 48 },
	{ "RTMR 3 is at 864", "rtmr3", 864, 48 },
};

/*
 * [ABI] each operand's check, and with two errors which of them is found first.
 * Addresses are relative to the guest's pages; RTMR.EXTEND has an index in RDX.
 */
static const struct call {
	const char *name;
	u64 rax, rcx, rdx, r8, status;
	long violations;
} calls[] = {
	{ "leaf 3, VEINFO.GET, is not there", 3, .status = INVALID(RAX) },
	{ "leaf 6, MEM.PAGE.ACCEPT, is not there", 6, .status = INVALID(RAX) },
	{ "leaf 7, VM.RD, is not there", 7, .status = INVALID(RAX) },
	{ "leaf 8, VM.WR, is not there", 8, .status = INVALID(RAX) },
	{ "leaf 21 is not there", 21, .status = INVALID(RAX) },
	{ "leaf 23, MEM.PAGE.ATTR.RD, is not there", 23,
	  .status = INVALID(RAX) },
	{ "version 1 of a leaf is not there", MR_REPORT | BIT(16),
	  .status = INVALID(RAX) },
	{ "reserved bits of RAX are refused", MR_REPORT | BIT(24),
	  .status = INVALID(RAX) },
	{ "MR.REPORT wants its output aligned to 1024", MR_REPORT, 512, 0, 0,
	  INVALID(RCX) },
	{ "MR.REPORT wants its input aligned to 64", MR_REPORT, 0, 32, 0,
	  INVALID(RDX) },
	{ "MR.REPORT knows no subtype 1", MR_REPORT, 0, 0, 1, INVALID(R8) },
	{ "MR.REPORT refuses reserved bits of R8", MR_REPORT, 0, 0, BIT_ULL(63),
	  INVALID(R8) },
	{ "MR.REPORT refuses an output that is no RAM", MR_REPORT, NO_RAM, 0, 0,
	  INVALID(RCX), 1 },
	{ "MR.REPORT refuses an input that is no RAM", MR_REPORT, 0, NO_RAM, 0,
	  INVALID(RDX), 1 },
	{ "MR.REPORT checks the output's alignment first", MR_REPORT, 512, 32, 1,
	  INVALID(RCX) },
	{ "MR.REPORT checks the input before the subtype", MR_REPORT, 0, NO_RAM,
	  1, INVALID(RDX), 1 },
	{ "MR.REPORT checks the subtype before the output", MR_REPORT, NO_RAM, 0,
	  1, INVALID(R8) },
	{ "MR.REPORT to a shared page is no guest's wish", MR_REPORT, SHARED, 0,
	  0, 0, 1 },
	{ "MR.REPORT from a shared page is no guest's wish", MR_REPORT, PRIVATE,
	  SHARED, 0, 0, 1 },
	{ "MR.REPORT takes an output that holds its input", MR_REPORT, PRIVATE,
	  PRIVATE + REPORTDATA, 0, 0 },
	{ "RTMR.EXTEND wants its input aligned to 64",
	  MR_RTMR_EXTEND, 32, 0, 0, INVALID(RCX) },
	{ "RTMR.EXTEND refuses an input that is no RAM",
	  MR_RTMR_EXTEND, NO_RAM, 0, 0, INVALID(RCX), 1 },
	{ "RTMR.EXTEND refuses a shared input",
	  MR_RTMR_EXTEND, SHARED, 0, 0, INVALID(RCX), 1 },
	{ "RTMR.EXTEND refuses the shared bit",
	  MR_RTMR_EXTEND, GPA_SHARED, 0, 0, INVALID(RCX), 1 },
	{ "RTMR.EXTEND knows no RTMR 4",
	  MR_RTMR_EXTEND, 0, 4, 0, INVALID(RDX) },
	{ "RTMR.EXTEND looks at all of RDX",
	  MR_RTMR_EXTEND, 0, BIT_ULL(32), 0, INVALID(RDX) },
	{ "RTMR.EXTEND checks its input before the index",
	  MR_RTMR_EXTEND, 32, 4, 0, INVALID(RCX) },
	{ "RTMR.EXTEND checks where its input is before the index",
	  MR_RTMR_EXTEND, SHARED, 4, 0, INVALID(RCX), 1 },
	{ "MR.VERIFYREPORT wants its input aligned to 256",
	  MR_VERIFYREPORT, 128, 0, 0, INVALID(RCX) },
	{ "MR.VERIFYREPORT refuses an input that is no RAM",
	  MR_VERIFYREPORT, NO_RAM, 0, 0, INVALID(RCX), 1 },
	{ "MR.VERIFYREPORT refuses a shared input",
	  MR_VERIFYREPORT, SHARED, 0, 0, INVALID(RCX), 1 },
	{ "MR.VERIFYREPORT refuses the shared bit",
	  MR_VERIFYREPORT, GPA_SHARED, 0, 0, INVALID(RCX), 1 },
	{ "MR.VERIFYREPORT takes any 256 bytes, and finds no TDREPORT",
	  MR_VERIFYREPORT, 256, 0, 0, INVALID_REPORTMACSTRUCT },
};

static u32 le32_at(const u8 *at)
{
	return at[0] | at[1] << 8 | at[2] << 16 | (u32)at[3] << 24;
}

/* Neither the page in RCX nor an RTMR changes in any of them. */
static void refused_or_not(const struct call *call)
{
	u64 gpa = virt_to_phys(probe_ram);
	u64 rdx = call->rax == MR_RTMR_EXTEND ? call->rdx : gpa + call->rdx;
	long extends = probe_stat("stat_extends");
	u8 rtmrs[NR_RTMRS * RTMR_LEN];

	probe_start(call->name);
	memcpy(rtmrs, probe_report(0) + RTMRS, sizeof(rtmrs));
	memset(probe_ram, 0x3c, PAGE_SIZE);
	EXPECT_EQ(call->status,
		  probe_leaf(call->rax, gpa + call->rcx, rdx, call->r8));
	EXPECT_EQ(NULL, memchr_inv(probe_ram, 0x3c, PAGE_SIZE));
	EXPECT_EQ(0, memcmp(rtmrs, probe_report(0) + RTMRS, sizeof(rtmrs)));
	EXPECT_EQ(extends, probe_stat("stat_extends"));
	probe_end(call->violations);
}

/* The rest of the report stays as it was, but for hashes and MAC. */
static void fills_its_field(const struct field *field)
{
	u8 before[TDREPORT_LEN], pattern[48];
	char old[100], new[100];
	const u8 *report;

	probe_start(field->name);
	memset(pattern, 0xab, sizeof(pattern));
	snprintf(new, sizeof(new), "%*phN", (int)field->len, pattern);
	memcpy(before, probe_report(1), sizeof(before));
	EXPECT_TRUE(probe_get(field->knob, old, sizeof(old)) > 0);
	EXPECT_EQ(0, probe_set(field->knob, new));
	report = probe_report(1);
	memcpy(before + field->at, pattern, field->len);
	EXPECT_EQ(0, memcmp(before + 256, report + 256, TDREPORT_LEN - 256));
	EXPECT_EQ(0, probe_set(field->knob, old));
	probe_end(0);
}

static void vp_info(void)
{
	u64 regs[NR_REGS] = { [RAX] = VP_INFO, [R12] = 12, [R15] = 15 };
	char old[32];

	EXPECT_TRUE(probe_get("attributes", old, sizeof(old)) > 0);
	EXPECT_EQ(0, probe_set("attributes", "8000000010000001"));
	probe_tdcall(regs);
	EXPECT_EQ(0, regs[RAX]);
	EXPECT_EQ(GPA_WIDTH, regs[RCX]);
	EXPECT_EQ(0x8000000010000001ULL, regs[RDX]);
	EXPECT_EQ(num_online_cpus(), (u32)regs[R8]);
	EXPECT_EQ(num_possible_cpus(), regs[R8] >> 32);
	EXPECT_TRUE(regs[R9] < num_possible_cpus());
	EXPECT_EQ(0, regs[R10] | regs[R11]);
	EXPECT_EQ(12, regs[R12]);
	EXPECT_EQ(15, regs[R15]);
	EXPECT_EQ(0, probe_set("attributes", old));
}

static void report_is_of_version_0(void)
{
	const u8 *report = probe_report(0x77);

	/* REPORTTYPE: TDX, subtype 0, version 0, reserved; then reserved */
	EXPECT_EQ(0x81, le32_at(report));
	EXPECT_EQ(NULL, memchr_inv(report + 4, 0, 12));
	EXPECT_TRUE(memchr_inv(report + 16, 0, 16));
	EXPECT_EQ(NULL, memchr_inv(report + REPORTDATA, 0x77, REPORTDATA_LEN));
	EXPECT_EQ(NULL, memchr_inv(report + 192, 0, 32));
	EXPECT_EQ(0x1ff, le32_at(report + 256));
	EXPECT_EQ(NULL, memchr_inv(report + 260, 0, 4));
	/* SEAMATTRIBUTES, then what version 1 has: all zero */
	EXPECT_EQ(NULL, memchr_inv(report + 376, 0, 512 - 376));
	/* SERVTD_HASH and reserved */
	EXPECT_EQ(NULL, memchr_inv(report + 912, 0, 112));
}

static void report_is_of_version_1(void)
{
	static const char svn2[] = "0102030405060708090a0b0c0d0e0f10";
	char old[40], now[40];
	const u8 *report;

	EXPECT_TRUE(probe_get("tee_tcb_svn2", old, sizeof(old)) > 0);
	EXPECT_EQ(0, probe_set("tee_tcb_svn2", svn2));
	EXPECT_EQ(0, probe_set("quote_v", "5"));
	report = probe_report(0);
	EXPECT_EQ(0x10081, le32_at(report));
	EXPECT_EQ(0x301ff, le32_at(report + 256));
	snprintf(now, sizeof(now), "%16phN", report + 384);
	EXPECT_EQ(0, strcmp(svn2, now));
	EXPECT_EQ(0, probe_set("tee_tcb_svn2", old));
}

static void report_is_of_version_3(void)
{
	static const char id[] =
		"0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";
	char old[80], now[80];
	const u8 *report;

	EXPECT_TRUE(probe_get("td_id", old, sizeof(old)) > 0);
	EXPECT_EQ(0, probe_set("td_id", id));
	EXPECT_EQ(0, probe_set("quote_v", "5"));
	report = probe_report(0);
	EXPECT_EQ(0x30081, le32_at(report));
	EXPECT_EQ(0x301ff, le32_at(report + 256));
	snprintf(now, sizeof(now), "%32phN", report + 960);
	EXPECT_EQ(0, strcmp(id, now));
	EXPECT_EQ(NULL, memchr_inv(report + 992, 0, 1020 - 992));
	EXPECT_EQ(0x300, le32_at(report + 1020));
	EXPECT_EQ(0, probe_set("td_id", old));
}

static void report_is_hashed(void)
{
	const u8 *report = probe_report(2);
	u8 digest[48];

	probe_sha384(report + 256, 239, digest);
	EXPECT_EQ(0, memcmp(digest, report + 32, 48));
	probe_sha384(report + 512, 512, digest);
	EXPECT_EQ(0, memcmp(digest, report + 80, 48));
}

static void report_has_a_mac(void)
{
	u8 mac[32];

	memcpy(mac, probe_report(1) + 224, sizeof(mac));
	EXPECT_TRUE(memchr_inv(mac, 0, sizeof(mac)));
	EXPECT_TRUE(memcmp(mac, probe_report(2) + 224, sizeof(mac)));
	EXPECT_EQ(0, memcmp(mac, probe_report(1) + 224, sizeof(mac)));
}

static void report_is_refused_by_knobs(void)
{
	u64 gpa = virt_to_phys(probe_ram);

	EXPECT_EQ(0, probe_set("tdreport_busy", "2"));
	EXPECT_EQ(CODE_BUSY, CODE(probe_leaf(MR_REPORT, gpa, gpa, 0)));
	EXPECT_EQ(CODE_BUSY, CODE(probe_leaf(MR_REPORT, gpa, gpa, 0)));
	EXPECT_EQ(0, probe_leaf(MR_REPORT, gpa, gpa, 0));
	EXPECT_EQ(0, probe_set("tdreport_status", "c000080000000001"));
	EXPECT_EQ(0xc000080000000001ULL, probe_leaf(MR_REPORT, gpa, gpa, 0));
}

static const struct probe_test tests[] = {
	{ "VP.INFO tells GPA width, ATTRIBUTES and vCPUs", vp_info },
	{ "a TDREPORT is of type 0x81 and version 0", report_is_of_version_0 },
	{ "a TDREPORT for quotes v5 is of version 1", report_is_of_version_1 },
	{ "one that has a TD_ID is of version 3", report_is_of_version_3 },
	{ "a TDREPORT has SHA-384 of both its parts", report_is_hashed },
	{ "the MAC depends on REPORTDATA and nothing else", report_has_a_mac },
	{ "knobs make MR.REPORT busy, or refuse", report_is_refused_by_knobs },
};

void probe_leaves(void)
{
	unsigned long shared = (unsigned long)probe_ram + SHARED;

	set_memory_decrypted(shared, 1);
	for (unsigned int i = 0; i < ARRAY_SIZE(calls); i++)
		refused_or_not(&calls[i]);
	set_memory_encrypted(shared, 1);
	for (unsigned int i = 0; i < ARRAY_SIZE(fields); i++)
		fills_its_field(&fields[i]);
	probe_run(tests, ARRAY_SIZE(tests));
}
