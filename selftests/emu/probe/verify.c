// SPDX-License-Identifier: GPL-2.0-only
/* Tests of MR.VERIFYREPORT: whose TDREPORT it takes, and which error is first. */

#include <linux/kernel.h>
#include <linux/string.h>

#include "probe.h"

/* [BASE] REPORTMACSTRUCT */
#define CPUSVN		16
#define CPUSVN_END	32

/* A copy, for probe_report() makes the next TDREPORT in the same place. */
static u8 *copy_of_report(void)
{
	return memcpy(probe_ram, probe_report(7), TDREPORT_LEN);
}

static u64 verify(u8 *report)
{
	return probe_leaf(MR_VERIFYREPORT, virt_to_phys(report), 0, 0);
}

static void own_is_taken(void)
{
	u8 *report = copy_of_report();

	EXPECT_EQ(0, verify(report));
	/* 256 bytes are all that it looks at, wherever they are */
	memset(report + REPORTMACSTRUCT_LEN, 0,
	       TDREPORT_LEN - REPORTMACSTRUCT_LEN);
	EXPECT_EQ(0, verify(report));
	memmove(report + 256, report, REPORTMACSTRUCT_LEN);
	EXPECT_EQ(0, verify(report + 256));
}

/* The MAC is over what is in the structure, not over what is true now. */
static void old_is_taken(void)
{
	char old[100];
	u8 *report;

	EXPECT_TRUE(probe_get("rtmr3", old, sizeof(old)) > 0);
	report = copy_of_report();
	EXPECT_EQ(0, probe_leaf(MR_RTMR_EXTEND, virt_to_phys(probe_ram), 3, 0));
	EXPECT_EQ(0, verify(report));
	EXPECT_EQ(0, probe_set("rtmr3", old));
}

static void changed_is_refused(void)
{
	u8 *report = copy_of_report();

	for (unsigned int i = 0; i < REPORTMACSTRUCT_LEN; i++) {
		u64 status = i >= CPUSVN && i < CPUSVN_END ?
			     INVALID_CPUSVN : INVALID_REPORTMACSTRUCT;

		for (unsigned int bit = 0; bit < 8; bit += 7) {
			report[i] ^= BIT(bit);
			EXPECT_EQ(status, verify(report));
			report[i] ^= BIT(bit);
		}
	}
	EXPECT_EQ(0, verify(report));
}

static void cpusvn_is_checked_between(void)
{
	u8 *report = copy_of_report();

	report[REPORTMACSTRUCT_LEN - 1] ^= 1;
	report[CPUSVN] ^= 1;
	EXPECT_EQ(INVALID_CPUSVN, verify(report));
	report[0] = 0;
	EXPECT_EQ(INVALID_REPORTMACSTRUCT, verify(report));
}

static void refused_by_knob(void)
{
	u8 *report = copy_of_report();

	EXPECT_EQ(0, probe_set("verify_status", "8000020000000000"));
	EXPECT_EQ(CODE_BUSY, CODE(verify(report)));
	EXPECT_EQ(INVALID(RCX), verify(report + 128));
	report[0] = 0;
	EXPECT_EQ(CODE_BUSY, CODE(verify(report)));
	EXPECT_EQ(0, probe_set("verify_status", "0"));
	EXPECT_EQ(INVALID_REPORTMACSTRUCT, verify(report));
}

static const struct probe_test tests[] = {
	{ "MR.VERIFYREPORT takes the first 256 bytes of a TDREPORT",
	  own_is_taken },
	{ "MR.VERIFYREPORT takes a TDREPORT of what was before", old_is_taken },
	{ "MR.VERIFYREPORT notices a change in any byte", changed_is_refused },
	{ "MR.VERIFYREPORT checks type, then CPUSVN, then MAC",
	  cpusvn_is_checked_between },
	{ "a knob makes MR.VERIFYREPORT fail, after the check of its operand",
	  refused_by_knob },
};

void probe_verification(void)
{
	probe_run(tests, ARRAY_SIZE(tests));
}
