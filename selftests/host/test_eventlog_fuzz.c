// SPDX-License-Identifier: MIT
/*
 * Logs with every kind of record, damaged at random, the same way each time:
 * nothing may be read that is not there, and what is read must add up.
 */
#include "../../tools/lib/tsm_cel.h"
#include "../../tools/lib/tsm_replay.h"

#include "log_sample.h"
#include "tap.h"

#include <stdio.h>

#define ROUNDS	6000

static struct bytes whole;
static uint32_t seed;

static uint32_t next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

/* Numbers at which lengths and counts go wrong, if any. */
static void damage(uint8_t *copy, size_t len)
{
	static const uint32_t numbers[] = {
		0, 1, 2, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000,
		0xfffffffe, 0xffffffff, 0x40000000, 0x10000,
	};
	unsigned int times = 1 + next_random() % 4, i;
	uint32_t value;
	size_t at;

	while (times--) {
		at = next_random() % len;
		if (next_random() % 2) {
			copy[at] = (uint8_t)next_random();
			continue;
		}
		value = numbers[next_random() %
				(sizeof(numbers) / sizeof(numbers[0]))];
		for (i = 0; i < 4 && at + i < len; i++)
			copy[at + i] = (uint8_t)(value >> 8 * i);
	}
}

static void look_at(const struct tsm_log_record *r)
{
	char line[300], tiny[5];
	struct tsm_log_state state;
	enum tsm_event_check check;
	struct tsm_error err;

	tsm_event_describe(r, line, sizeof(line));
	CHECK(line[0] && strlen(line) < sizeof(line));
	tsm_event_describe(r, tiny, sizeof(tiny));
	CHECK(strlen(tiny) < sizeof(tiny));
	CHECK_EQ(0, tsm_event_check(r, &check));
	tsm_log_state_parse(r, &state, &err);
}

/* Records are behind one another, and each has all of its bytes. */
static size_t walk(const uint8_t *copy, size_t len)
{
	struct tsm_log_record r;
	struct tsm_error err;
	struct tsm_log l;
	size_t at = 0, records = 0;
	int ret;

	if (tsm_log_open(&l, copy, len, &err))
		return 0;
	while ((ret = tsm_log_next(&l, &r, &err)) > 0) {
		CHECK_EQ(at, r.offset);
		CHECK(r.bytes.data == copy + at && r.bytes.len >= 16);
		CHECK(r.event.len < r.bytes.len);
		CHECK_EQ(records, r.number);
		at += r.bytes.len;
		records++;
		look_at(&r);
	}
	CHECK_EQ(at, l.pos);
	CHECK(ret < 0 || l.end != TSM_LOG_GOES_ON);
	tsm_log_hidden(&l);
	return ret ? 0 : records;
}

/* What can be exported can be read again, and leads to the same values. */
static void export(const struct tsm_log_part *part)
{
	struct tsm_replay before, after;
	struct tsm_log_part again = { .name = "again" };
	uint8_t *data;
	size_t len;

	if (!tsm_log_export(part, 1, TSM_LOG_TCG, &data, &len, NULL)) {
		again.bytes = (struct tsm_blob){ data, len };
		if (!tsm_replay_run(part, 1, NULL, &before, NULL) &&
		    CHECK_EQ(0, tsm_replay_run(&again, 1, NULL, &after, NULL))) {
			CHECK_EQ(before.records - before.headers,
				 after.records);
			CHECK(!memcmp(before.reg[0].value, after.reg[0].value,
				      48));
		}
		free(data);
	}
	if (!tsm_log_export(part, 1, TSM_LOG_CEL_TLV, &data, &len, NULL))
		free(data);
	if (!tsm_log_export(part, 1, TSM_LOG_CEL_JSON, &data, &len, NULL))
		free(data);
}

static void damaged_logs(void)
{
	struct tsm_log_part part = { .name = "part" };
	struct tsm_rtmrs rtmrs = { { { 0 } } };
	unsigned int round, number, readable = 0;
	struct tsm_replay replay;
	struct tsm_error err;
	uint8_t *copy;
	size_t len;

	seed = 20240607;
	log_sample(&whole);
	CHECK_EQ(17, walk(whole.p, whole.len));
	for (round = 0; round < ROUNDS; round++) {
		len = whole.len;
		if (next_random() % 8 == 0)
			len = 1 + next_random() % len;
		copy = exact_copy(whole.p, len);
		damage(copy, len);
		readable += walk(copy, len) != 0;
		part.bytes = (struct tsm_blob){ copy, len };
		part.settled = next_random() % len;
		tsm_replay_run(&part, 1, &rtmrs, &replay, &err);
		tsm_replay_without(&part, 1, next_random() % 4, rtmrs.value[0],
				   &number);
		export(&part);
		free(copy);
		if (!tap_ok) {
			printf("# round %u\n", round);
			break;
		}
	}
	/* a test of nothing but refusals would be none of the rest */
	printf("# %u of %u damaged logs could be read to their end\n",
	       readable, ROUNDS);
	CHECK(readable > ROUNDS / 10);
}

/* The event data of every kind, damaged, as those of every other kind. */
static void damaged_events(void)
{
	struct tsm_log_record r;
	struct tsm_log l;
	uint8_t *copy;
	unsigned int round, i;

	seed = 19700101;
	log_sample(&whole);
	for (round = 0; round < ROUNDS / 20; round++) {
		if (tsm_log_open(&l, whole.p, whole.len, NULL))
			abort();
		while (tsm_log_next(&l, &r, NULL) > 0) {
			if (!r.event.len)
				continue;
			copy = exact_copy(r.event.data, r.event.len);
			damage(copy, r.event.len);
			r.event.data = copy;
			look_at(&r);
			for (i = 0; i < 0x14; i++) {
				r.type = i;
				look_at(&r);
				r.type = 0x80000000 + i;
				look_at(&r);
			}
			free(copy);
		}
	}
}

static const struct tap_test tests[] = {
	{ "damaged logs are read as far as they go", damaged_logs },
	{ "damaged event data are shown somehow", damaged_events },
};

TAP_MAIN(tests)
