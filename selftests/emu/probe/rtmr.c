// SPDX-License-Identifier: GPL-2.0-only
/* Tests of RTMRs: what extends one, what is counted, and what knobs forbid. */

#include <linux/kernel.h>
#include <linux/string.h>

#include "probe.h"

#define FORCED	0xc000080000000001ULL

/* What sha384sum says of 48 zero bytes and 0, 1 ... 47, then of that and these */
static const char once[] =
	"fe83f742d1cab5c709a0c424729831fbff9b5bb9748a618f0b6ea04fe1fde4d546f4040e7fc9587b2e6badada6c941b0";
static const char twice[] =
	"80e8e19c7ab39d81cd4022d3170787b72a97d4db30c8fd56bcb1b743a18980939d6ae5057dd4c9470739ac4852d8f59d";
static const char counting[] =
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f";
static const char zeros[] =
	"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000";

static const char *const knobs[NR_RTMRS] = { "rtmr0", "rtmr1", "rtmr2", "rtmr3" };

/* The register as the test found it */
static char old[100];

/* Lets the register begin with zeros; what extends it will be 0, 1 ... 47. */
static void begin(unsigned int index)
{
	EXPECT_TRUE(probe_get(knobs[index], old, sizeof(old)) > 0);
	EXPECT_EQ(0, probe_set(knobs[index], zeros));
	for (unsigned int i = 0; i < RTMR_LEN; i++)
		probe_ram[i] = i;
}

static void end(unsigned int index)
{
	EXPECT_EQ(0, probe_set(knobs[index], old));
}

static u64 extend(u64 index)
{
	return probe_leaf(MR_RTMR_EXTEND, virt_to_phys(probe_ram), index, 0);
}

static bool has(unsigned int index, const char *value)
{
	char now[100];

	snprintf(now, sizeof(now), "%48phN",
		 probe_report(0) + RTMRS + RTMR_LEN * index);
	return !strcmp(value, now);
}

/* Nothing else in the report changes. */
static void are_extended(void)
{
	for (unsigned int i = 0; i < NR_RTMRS; i++) {
		u8 rest[TDREPORT_LEN];
		const u8 *report;

		begin(i);
		memcpy(rest, probe_report(0), sizeof(rest));
		EXPECT_EQ(0, extend(i));
		EXPECT_TRUE(has(i, once));
		EXPECT_EQ(0, extend(i));
		EXPECT_TRUE(has(i, twice));
		report = probe_report(0);
		memcpy(rest + RTMRS + RTMR_LEN * i,
		       report + RTMRS + RTMR_LEN * i, RTMR_LEN);
		EXPECT_EQ(0, memcmp(rest + 256, report + 256,
				    TDREPORT_LEN - 256));
		end(i);
	}
}

static void are_counted(void)
{
	long before = probe_stat("stat_extends");

	begin(3);
	EXPECT_EQ(0, extend(3));
	EXPECT_EQ(before + 1, probe_stat("stat_extends"));
	EXPECT_EQ(0, extend(3));
	EXPECT_EQ(before + 2, probe_stat("stat_extends"));
	end(3);
}

static void are_busy(void)
{
	long before = probe_stat("stat_extends");

	begin(3);
	EXPECT_EQ(0, probe_set("rtmr_busy", "2"));
	EXPECT_EQ(CODE_BUSY, CODE(extend(3)));
	EXPECT_EQ(CODE_BUSY, CODE(extend(3)));
	EXPECT_TRUE(has(3, zeros));
	EXPECT_EQ(before, probe_stat("stat_extends"));
	EXPECT_EQ(0, extend(3));
	EXPECT_TRUE(has(3, once));
	EXPECT_EQ(0, probe_set("rtmr_busy", "-1"));
	for (unsigned int i = 0; i < 5; i++)
		EXPECT_EQ(CODE_BUSY, CODE(extend(3)));
	EXPECT_TRUE(has(3, once));
	end(3);
}

static void are_refused(void)
{
	long before = probe_stat("stat_extends");

	begin(3);
	EXPECT_EQ(0, probe_set("rtmr_status", "c000080000000001"));
	EXPECT_EQ(FORCED, extend(3));
	EXPECT_EQ(FORCED, extend(0));
	EXPECT_TRUE(has(3, zeros));
	EXPECT_EQ(before, probe_stat("stat_extends"));
	EXPECT_EQ(0, probe_set("rtmr_status", "0"));
	EXPECT_EQ(0, extend(3));
	EXPECT_TRUE(has(3, once));
	end(3);
}

/* The lock comes last; one who never gets that far takes no turn of the knob. */
static void operands_come_first(void)
{
	u64 gpa = virt_to_phys(probe_ram);

	begin(3);
	EXPECT_EQ(0, probe_set("rtmr_busy", "1"));
	EXPECT_EQ(INVALID(RCX), probe_leaf(MR_RTMR_EXTEND, gpa + 32, 3, 0));
	EXPECT_EQ(INVALID(RDX), extend(NR_RTMRS));
	EXPECT_EQ(CODE_BUSY, CODE(extend(3)));
	EXPECT_EQ(0, probe_set("rtmr_status", "c000080000000001"));
	EXPECT_EQ(INVALID(RCX), probe_leaf(MR_RTMR_EXTEND, gpa + 32, 3, 0));
	EXPECT_EQ(INVALID(RDX), extend(NR_RTMRS));
	EXPECT_EQ(FORCED, extend(3));
	end(3);
}

static void change_behind_the_back(void)
{
	long before = probe_stat("stat_extends");
	char text[100];

	for (unsigned int i = 0; i < NR_RTMRS; i++) {
		begin(i);
		snprintf(text, sizeof(text), "%u %s", i, counting);
		EXPECT_EQ(0, probe_set("rtmr_foreign", text));
		EXPECT_TRUE(has(i, once));
		EXPECT_EQ(before + i, probe_stat("stat_extends"));
		EXPECT_EQ(0, extend(i));
		EXPECT_TRUE(has(i, twice));
		end(i);
	}
}

/* Neither a busy nor a failing TDCALL is in its way. */
static void foreign_is_no_tdcall(void)
{
	char text[100];

	begin(3);
	snprintf(text, sizeof(text), "3 %s\n", counting);
	EXPECT_EQ(0, probe_set("rtmr_busy", "-1"));
	EXPECT_EQ(0, probe_set("rtmr_status", "c000080000000001"));
	EXPECT_EQ(0, probe_set("rtmr_foreign", text));
	EXPECT_TRUE(has(3, once));
	end(3);
}

static void foreign_is_strict(void)
{
	static const char *const texts[] = {
		"\n", "3", "3 ", "%s", "3%s", "4 %s", "-1 %s", "3  %s", " 3 %s",
		"3 %sa", "3 %saa", "3 %.95s", "3 %.94s", "3 %.95sg", "3 %.94s\n",
	};
	char text[120];

	begin(3);
	for (unsigned int i = 0; i < ARRAY_SIZE(texts); i++) {
		snprintf(text, sizeof(text), texts[i], counting);
		EXPECT_EQ(-EINVAL, probe_set("rtmr_foreign", text));
	}
	EXPECT_TRUE(has(3, zeros));
	end(3);
}

static const struct probe_test tests[] = {
	{ "RTMR.EXTEND makes SHA-384 of old and new", are_extended },
	{ "RTMR.EXTEND is counted when it has extended", are_counted },
	{ "a knob makes RTMR.EXTEND busy, and nothing is extended", are_busy },
	{ "a knob makes RTMR.EXTEND fail, and nothing is extended",
	  are_refused },
	{ "RTMR.EXTEND checks operands before it is busy or fails",
	  operands_come_first },
	{ "a knob extends any RTMR, and does not count it",
	  change_behind_the_back },
	{ "that knob needs no TDCALL", foreign_is_no_tdcall },
	{ "that knob takes nothing but an index and 96 digits",
	  foreign_is_strict },
};

void probe_rtmrs(void)
{
	probe_run(tests, ARRAY_SIZE(tests));
}
