// SPDX-License-Identifier: MIT
/* Registers recomputed from logs: equal, or where and why not. */
#include "../../tools/lib/tsm_replay.h"

#include "log_build.h"
#include "tap.h"

#include <errno.h>
#include <stdio.h>

static struct bytes boot, runtime;
static uint8_t at_load[4][48];
static struct tsm_rtmrs rtmrs;
static struct tsm_replay replay;
static struct tsm_log_part part[2];

/*
 * Firmware extends RTMR0 and 1, a boot loader 2; tsm_guest finds that, and then
 * RTMR2 is extended once and RTMR3 twice.
 *
 *	0 header, 1 "a" to 0, 2 "b" to 1, 3 "c" to 0, 4 "d" to 2, 5 values,
 *	6 "e" to 3, 7 "f" to 2, 8 "g" to 3
 */
static void build(void)
{
	memset(&rtmrs, 0, sizeof(rtmrs));
	boot.len = 0;
	log_head(&boot);
	log_text(&boot, 1, EV_ACTION, "a");
	log_text(&boot, 2, EV_ACTION, "b");
	log_text(&boot, 1, EV_ACTION, "c");
	log_text(&boot, 3, EV_ACTION, "d");
	extend_text(rtmrs.value[0], "a");
	extend_text(rtmrs.value[1], "b");
	extend_text(rtmrs.value[0], "c");
	extend_text(rtmrs.value[2], "d");
	memcpy(at_load, rtmrs.value, sizeof(at_load));
	runtime.len = 0;
	log_head(&runtime);
	log_state(&runtime, 0, 0, 0, 4, (const uint8_t (*)[48])at_load);
	log_text(&runtime, 4, EV_ACTION, "e");
	log_text(&runtime, 3, EV_ACTION, "f");
	log_text(&runtime, 4, EV_ACTION, "g");
	extend_text(rtmrs.value[3], "e");
	extend_text(rtmrs.value[2], "f");
	extend_text(rtmrs.value[3], "g");
}

/* @logs: 1 boot log, 2 runtime log, 3 both */
static int run(unsigned int logs, struct tsm_error *err)
{
	unsigned int count = 0;

	if (logs & 1)
		part[count++] = (struct tsm_log_part){
			"boot", { boot.p, boot.len }, boot.len
		};
	if (logs & 2)
		part[count++] = (struct tsm_log_part){
			"runtime", { runtime.p, runtime.len }, runtime.len
		};
	return tsm_replay_run(part, count, &rtmrs, &replay, err);
}

static void verdicts(enum tsm_verdict v0, enum tsm_verdict v1,
		     enum tsm_verdict v2, enum tsm_verdict v3)
{
	CHECK_EQ(v0, tsm_replay_verdict(&replay.reg[0]));
	CHECK_EQ(v1, tsm_replay_verdict(&replay.reg[1]));
	CHECK_EQ(v2, tsm_replay_verdict(&replay.reg[2]));
	CHECK_EQ(v3, tsm_replay_verdict(&replay.reg[3]));
}

#define EQUAL		TSM_VERDICT_EQUAL
#define PARTIAL		TSM_VERDICT_PARTIAL
#define GAP		TSM_VERDICT_GAP
#define MISMATCH	TSM_VERDICT_MISMATCH

static void both_logs_explain_all(void)
{
	build();
	CHECK_EQ(0, run(3, NULL));
	verdicts(EQUAL, EQUAL, EQUAL, EQUAL);
	CHECK(!memcmp(replay.reg[2].value, rtmrs.value[2], 48));
	CHECK_EQ(9, replay.records);
	CHECK_EQ(2, replay.reg[0].extends);
	CHECK_EQ(2, replay.reg[3].extends);
	CHECK(replay.has_opening);
	CHECK(replay.reg[0].agrees);
	CHECK_EQ(5, replay.reg[0].agrees_at);
	CHECK_EQ(5, replay.reg[0].seen_at);
	CHECK_EQ(0, replay.strays);
	CHECK_EQ(0, replay.headers);
}

static void without_values_to_compare(void)
{
	build();
	part[0] = (struct tsm_log_part){ "boot", { boot.p, boot.len }, 0 };
	CHECK_EQ(0, tsm_replay_run(part, 1, NULL, &replay, NULL));
	CHECK(!memcmp(replay.reg[0].value, rtmrs.value[0], 48));
	CHECK(!replay.reg[0].matches && !replay.reg[0].is_seen);
}

static void a_runtime_log_alone_is_partial(void)
{
	build();
	CHECK_EQ(0, run(2, NULL));
	/* RTMR3 was zero at load, as it is when a TD begins */
	verdicts(PARTIAL, PARTIAL, PARTIAL, EQUAL);
	CHECK(replay.reg[0].is_told && !replay.reg[3].is_told);
	CHECK_EQ(1, replay.reg[0].told_at);
	/* a boot log in which firmware measured nothing explains nothing */
	boot.len = 65;
	CHECK_EQ(0, run(3, NULL));
	verdicts(PARTIAL, PARTIAL, PARTIAL, EQUAL);
}

static void a_boot_log_alone_lacks_the_rest(void)
{
	build();
	CHECK_EQ(0, run(1, NULL));
	verdicts(EQUAL, EQUAL, MISMATCH, MISMATCH);
	CHECK(!replay.reg[2].is_seen);
	CHECK_EQ(0, replay.reg[3].extends);
}

static void older_values_match_a_prefix(void)
{
	static const uint8_t zero[48];

	build();
	memcpy(rtmrs.value, at_load, sizeof(at_load));
	extend_text(rtmrs.value[3], "e");
	CHECK_EQ(0, run(3, NULL));
	verdicts(EQUAL, EQUAL, MISMATCH, MISMATCH);
	CHECK(replay.reg[2].is_seen);
	/* the record that tells the values is the last where they were these */
	CHECK_EQ(5, replay.reg[2].seen_at);
	CHECK_EQ(1, replay.reg[2].later);
	CHECK_EQ(6, replay.reg[3].seen_at);
	CHECK_EQ(1, replay.reg[3].later);
	memcpy(rtmrs.value[0], zero, 48);
	CHECK_EQ(0, run(1, NULL));
	CHECK(replay.reg[0].is_seen && replay.reg[0].seen_at == 0);
	CHECK_EQ(2, replay.reg[0].later);
}

/* With the values after each record in turn, that record is the last match. */
static void every_prefix_is_found(void)
{
	static const char *const texts[] = { "1", "2", "3", "4", "5", "6" };
	uint8_t value[48] = { 0 };
	unsigned int i, j;

	for (i = 0; i <= 6; i++) {
		memset(&rtmrs, 0, sizeof(rtmrs));
		boot.len = 0;
		log_head(&boot);
		for (j = 0; j < 6; j++) {
			log_text(&boot, 1, EV_ACTION, texts[j]);
			log_text(&boot, 2, EV_NO_ACTION, texts[j]);
		}
		memcpy(rtmrs.value[0], value, 48);
		CHECK_EQ(0, run(1, NULL));
		CHECK(replay.reg[0].is_seen);
		CHECK_EQ(i ? 2 * i - 1 : 0, replay.reg[0].seen_at);
		CHECK_EQ(6 - i, replay.reg[0].later);
		CHECK_EQ(i == 6 ? EQUAL : MISMATCH,
			 tsm_replay_verdict(&replay.reg[0]));
		if (i < 6)
			extend_text(value, texts[i]);
	}
}

/* Offsets of records: 66 bytes of head and one of data each. */
static void each_digest_counts(void)
{
	unsigned int record, byte;

	for (record = 0; record < 4; record++) {
		static const unsigned int reg[] = { 0, 1, 0, 2 };

		for (byte = 0; byte < 48; byte++) {
			build();
			boot.p[65 + 67 * record + 14 + byte] ^= 1;
			CHECK_EQ(0, run(1, NULL));
			memcpy(rtmrs.value, at_load, sizeof(at_load));
			CHECK_EQ(0, run(1, NULL));
			CHECK_EQ(MISMATCH,
				 tsm_replay_verdict(&replay.reg[reg[record]]));
			CHECK(!replay.reg[reg[record]].is_seen);
			/* nor do tsm_guest's values agree any more */
			CHECK_EQ(0, run(3, NULL));
			CHECK_EQ(5, replay.reg[reg[record]].gap_at);
			CHECK_EQ(reg[record] != 1,
				 replay.reg[1].agrees);
		}
	}
}

static void moved_records_count(void)
{
	static uint8_t swapped[2 * 67];

	build();
	memcpy(rtmrs.value, at_load, sizeof(at_load));
	/* to another register */
	boot.p[65] = 2;
	CHECK_EQ(0, run(1, NULL));
	verdicts(MISMATCH, MISMATCH, EQUAL, EQUAL);
	/* to none: the type extends nothing */
	build();
	memcpy(rtmrs.value, at_load, sizeof(at_load));
	poke32(&boot, 65 + 4, EV_NO_ACTION);
	CHECK_EQ(0, run(1, NULL));
	verdicts(MISMATCH, EQUAL, EQUAL, EQUAL);
	/* in order: of one register they do, of two they do not */
	build();
	memcpy(rtmrs.value, at_load, sizeof(at_load));
	memcpy(swapped, boot.p + 65 + 67, 67);
	memcpy(swapped + 67, boot.p + 65, 67);
	memcpy(boot.p + 65, swapped, sizeof(swapped));
	CHECK_EQ(0, run(1, NULL));
	verdicts(EQUAL, EQUAL, EQUAL, EQUAL);
	build();
	memcpy(rtmrs.value, at_load, sizeof(at_load));
	memcpy(swapped, boot.p + 65 + 2 * 67, 67);
	memcpy(boot.p + 65 + 2 * 67, boot.p + 65, 67);
	memcpy(boot.p + 65, swapped, 67);
	CHECK_EQ(0, run(1, NULL));
	verdicts(MISMATCH, EQUAL, EQUAL, EQUAL);
}

static void what_came_between_boot_and_load(void)
{
	build();
	memset(at_load[1], 0x77, 48);
	runtime.len = 0;
	log_head(&runtime);
	log_state(&runtime, 0, 0, 0, 4, (const uint8_t (*)[48])at_load);
	memcpy(rtmrs.value, at_load, sizeof(at_load));
	CHECK_EQ(0, run(3, NULL));
	verdicts(EQUAL, GAP, EQUAL, EQUAL);
	CHECK_EQ(1, replay.reg[1].gaps);
	CHECK_EQ(5, replay.reg[1].gap_at);
	CHECK(!replay.reg[1].agrees);
	CHECK(replay.reg[0].agrees);
}

static void gaps(void)
{
	uint8_t values[4][48];

	build();
	memset(values, 0x99, sizeof(values));
	log_state(&runtime, 4, 1, 3, 1, (const uint8_t (*)[48])values);
	log_text(&runtime, 4, EV_ACTION, "h");
	memcpy(rtmrs.value[3], values[0], 48);
	extend_text(rtmrs.value[3], "h");
	CHECK_EQ(0, run(3, NULL));
	verdicts(EQUAL, EQUAL, EQUAL, GAP);
	CHECK_EQ(9, replay.reg[3].gap_at);
	CHECK_EQ(5, replay.reg[3].agrees_at);
	CHECK_EQ(10, replay.reg[3].seen_at);
	/* another one, and then a value that it does not lead to */
	values[0][0] = 1;
	log_state(&runtime, 4, 1, 3, 1, (const uint8_t (*)[48])values);
	CHECK_EQ(0, run(3, NULL));
	verdicts(EQUAL, EQUAL, EQUAL, MISMATCH);
	CHECK_EQ(2, replay.reg[3].gaps);
	CHECK_EQ(9, replay.reg[3].gap_at);
	/* a gap that is none is a second opinion */
	build();
	log_state(&runtime, 4, 1, 3, 1,
		  (const uint8_t (*)[48])&rtmrs.value[3]);
	CHECK_EQ(0, run(3, NULL));
	verdicts(EQUAL, EQUAL, EQUAL, EQUAL);
	CHECK_EQ(9, replay.reg[3].agrees_at);
}

/* Whoever writes a log can begin it with the values that are asked for. */
static void told_values_are_never_equal(void)
{
	uint8_t values[4][48];

	memset(values, 0x42, sizeof(values));
	memcpy(rtmrs.value, values, sizeof(values));
	runtime.len = 0;
	log_head(&runtime);
	log_state(&runtime, 0, 0, 0, 4, (const uint8_t (*)[48])values);
	CHECK_EQ(0, run(2, NULL));
	verdicts(PARTIAL, PARTIAL, PARTIAL, PARTIAL);
	/* told twice, or after a record for another register */
	memset(values, 0x43, sizeof(values));
	memcpy(rtmrs.value, values, sizeof(values));
	log_state(&runtime, 0, 0, 0, 4, (const uint8_t (*)[48])values);
	CHECK_EQ(0, run(2, NULL));
	verdicts(GAP, GAP, GAP, GAP);
	runtime.len = 0;
	log_head(&runtime);
	log_text(&runtime, 9, EV_ACTION, "stray");
	log_state(&runtime, 0, 0, 0, 4, (const uint8_t (*)[48])values);
	CHECK_EQ(0, run(2, NULL));
	verdicts(GAP, GAP, GAP, GAP);
	CHECK_EQ(1, replay.strays);
	CHECK_EQ(1, replay.stray_at);
}

/* The log was read after the registers: some of it may not be in them. */
static void unsettled_records(void)
{
	struct tsm_error err;
	size_t whole;

	build();
	whole = runtime.len;
	log_text(&runtime, 4, EV_ACTION, "h");
	log_text(&runtime, 4, EV_ACTION, "i");
	part[0] = (struct tsm_log_part){ "boot", { boot.p, boot.len }, boot.len };
	part[1] = (struct tsm_log_part){ "runtime", { runtime.p, runtime.len },
					 whole };
	CHECK_EQ(0, tsm_replay_run(part, 2, &rtmrs, &replay, &err));
	verdicts(EQUAL, EQUAL, EQUAL, EQUAL);
	CHECK_EQ(2, replay.reg[3].later);
	extend_text(rtmrs.value[3], "h");
	CHECK_EQ(0, tsm_replay_run(part, 2, &rtmrs, &replay, &err));
	verdicts(EQUAL, EQUAL, EQUAL, EQUAL);
	extend_text(rtmrs.value[3], "i");
	CHECK_EQ(0, tsm_replay_run(part, 2, &rtmrs, &replay, &err));
	verdicts(EQUAL, EQUAL, EQUAL, EQUAL);
	/* but all that was there before must be */
	part[1].settled = runtime.len;
	memset(rtmrs.value[3], 0, 48);
	extend_text(rtmrs.value[3], "e");
	CHECK_EQ(0, tsm_replay_run(part, 2, &rtmrs, &replay, &err));
	verdicts(EQUAL, EQUAL, EQUAL, MISMATCH);
	part[1].settled = whole;
	CHECK_EQ(0, tsm_replay_run(part, 2, &rtmrs, &replay, &err));
	verdicts(EQUAL, EQUAL, EQUAL, MISMATCH);
}

static void what_cannot_be_replayed(void)
{
	struct tsm_error err;

	boot.len = 0;
	log_spec(&boot, 1, (const uint16_t[]){ SHA256_ID, 32 });
	put32(&boot, 1);
	put32(&boot, EV_NO_ACTION);
	put32(&boot, 0);
	put32(&boot, 0);
	CHECK_EQ(0, run(1, &err));
	put32(&boot, 1);
	put32(&boot, EV_ACTION);
	put32(&boot, 1);
	put16(&boot, SHA256_ID);
	fill(&boot, 1, 32);
	put32(&boot, 0);
	CHECK_EQ(-EBADMSG, run(1, &err));
	CHECK(strstr(err.text, "record 2 extends RTMR0, but has no SHA-384 digest"));
	CHECK_EQ(0, replay.records);
	/* values that are malformed */
	build();
	runtime.p[65 + 66 + 17] = 3;
	CHECK_EQ(-EBADMSG, run(3, &err));
	CHECK(strstr(err.text, "record 5 at offset 65: malformed values"));
	/* and a log that is */
	build();
	runtime.len--;
	CHECK_EQ(-EBADMSG, run(3, &err));
	CHECK(strstr(err.text, "runtime: record 4"));
}

static void registers_that_a_td_lacks(void)
{
	static const uint32_t indices[] = { 0, 5, 6, 0x80000000, 0xfffffffe };
	size_t i;

	for (i = 0; i < sizeof(indices) / sizeof(indices[0]); i++) {
		build();
		log_text(&boot, indices[i], EV_ACTION, "x");
		memcpy(rtmrs.value, at_load, sizeof(at_load));
		CHECK_EQ(0, run(1, NULL));
		verdicts(EQUAL, EQUAL, EQUAL, EQUAL);
		CHECK_EQ(1, replay.strays);
		CHECK_EQ(5, replay.stray_at);
	}
}

static unsigned int without(unsigned int logs, unsigned int index)
{
	unsigned int number = 99, count = 0;

	count += logs & 1;
	count += (logs & 2) >> 1;
	CHECK_EQ(0, run(logs, NULL));
	if (tsm_replay_without(part, count, index, rtmrs.value[index],
			       &number) != 1)
		CHECK_EQ(0, number);
	return number;
}

/* One that is there twice, or never happened, wherever it stands. */
static void the_one_record_too_many(void)
{
	static const char *const texts[] = { "1", "2", "3", "4", "5" };
	unsigned int extra, j;

	for (extra = 0; extra < 5; extra++) {
		memset(&rtmrs, 0, sizeof(rtmrs));
		boot.len = 0;
		log_head(&boot);
		for (j = 0; j < 5; j++) {
			log_text(&boot, 2, EV_ACTION, "other");
			log_text(&boot, 1, EV_ACTION, texts[j]);
			if (j != extra)
				extend_text(rtmrs.value[0], texts[j]);
		}
		CHECK_EQ(2 * extra + 2, without(1, 0));
	}
	memset(rtmrs.value[0], 1, 48);
	CHECK_EQ(0, without(1, 0));
	/* from told values on, too */
	build();
	log_text(&runtime, 3, EV_ACTION, "x");
	extend_text(rtmrs.value[2], "y");
	log_text(&runtime, 3, EV_ACTION, "y");
	CHECK_EQ(5, without(2, 2));
	CHECK_EQ(9, without(3, 2));
}

static void too_many_to_look_for(void)
{
	static struct { uint8_t p[65 + 520 * 66]; size_t len; } many;
	const uint8_t digest[48] = { 1 };
	struct tsm_log_part one = { "many", { many.p, 0 }, 0 };
	uint8_t value[48] = { 0 };
	unsigned int i, number;
	struct bytes b = { .len = 0 };

	log_head(&b);
	memcpy(many.p, b.p, b.len);
	many.len = b.len;
	b.len = 0;
	log_event(&b, 1, EV_COMPACT_HASH, digest, NULL, 0);
	for (i = 0; i < 513; i++) {
		memcpy(many.p + many.len, b.p, b.len);
		many.len += b.len;
		if (i < 511)
			extend(value, digest);
	}
	one.bytes.len = many.len;
	CHECK_EQ(0, tsm_replay_without(&one, 1, 0, value, &number));
	one.bytes.len -= 66;
	CHECK_EQ(1, tsm_replay_without(&one, 1, 0, value, &number));
	CHECK_EQ(1, number);
}

static const struct tap_test tests[] = {
	{ "boot log and runtime log explain all registers",
	  both_logs_explain_all },
	{ "registers are computed with nothing to compare",
	  without_values_to_compare },
	{ "a runtime log alone begins with the values that it tells",
	  a_runtime_log_alone_is_partial },
	{ "a boot log alone lacks what came later",
	  a_boot_log_alone_lacks_the_rest },
	{ "older values match a part of the log",
	  older_values_match_a_prefix },
	{ "the last record before a mismatch is found, whichever it is",
	  every_prefix_is_found },
	{ "every byte of every digest counts", each_digest_counts },
	{ "register, type and order of records count", moved_records_count },
	{ "an extend between boot and load is a gap",
	  what_came_between_boot_and_load },
	{ "gaps that tsm_guest found are gaps", gaps },
	{ "values that a log tells are never explained by it",
	  told_values_are_never_equal },
	{ "records made while registers were read may be in them or not",
	  unsettled_records },
	{ "what has no SHA-384, or is malformed, is refused",
	  what_cannot_be_replayed },
	{ "records for registers that no TD has are counted",
	  registers_that_a_td_lacks },
	{ "the one record too many is found", the_one_record_too_many },
	{ "and not looked for among more than 512", too_many_to_look_for },
};

TAP_MAIN(tests)
