// SPDX-License-Identifier: MIT
/*
 * A host that does whatever comes to its mind, in an order that nobody thought
 * of: no IV is used twice, no report is wrong, and one honest moment is enough.
 */
#include "kselftest_harness.h"

#include "snp_emu.h"

#define ROUNDS		40
#define STEPS		6	/* dishonest ones, before an honest one */

FIXTURE(storm)
{
	struct entry entry;
	struct reader reader;
	uint8_t nonce[NONCE_LEN];
	uint8_t out[BLOB_MAX];
	uint64_t random;
	int vmpck;
	long violations;
};

FIXTURE_VARIANT(storm)
{
	uint64_t seed;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(storm, one) { 1 };
FIXTURE_VARIANT_ADD(storm, two) { 2 };
FIXTURE_VARIANT_ADD(storm, three) { 3 };
FIXTURE_VARIANT_ADD(storm, of_this_day) { 0 };
/* clang-format on */

FIXTURE_SETUP(storm)
{
	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	self->vmpck = snp_vmpl();
	self->random = variant->seed ? : (uint64_t)time(NULL);
	TH_LOG("seed %llu", (unsigned long long)self->random);
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-snp-storm"));
}

FIXTURE_TEARDOWN(storm)
{
	EXPECT_EQ(0, snp_reset());
	EXPECT_SOUND(snp_get_report(&self->entry, 99, self->out));
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, entry_remove(&self->entry));
}

static unsigned int choose(uint64_t *random, unsigned int max)
{
	*random = *random * 6364136223846793005ULL + 1442695040888963407ULL;
	return (*random >> 33) % max;
}

static int set_number(const char *knob, unsigned int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", value);
	return emu_set(knob, text);
}

/* One or two of the things that the host can do, a few times each. */
static int host_misbehaves(uint64_t *random)
{
	static const char *const errors[] = {
		"0x0", "0x16", "0x1d", "0x100000000", "0x200000000",
		"0x300000000", "0xffffffffffffffff",
	};
	static const char *const counts[] = {
		"snp_busy", "snp_error_count", "snp_lose", "snp_replay",
		"snp_flip_count", "snp_patch_count", "snp_status_count",
		"snp_invalid_len",
	};
	static const char *const patches[] = {
		"0x34 05", "0x36 0000", "0x20 0000000000000000", "0x36 ffff",
	};
	int ret, i;

	ret = emu_set("snp_error", errors[choose(random, ARRAY_SIZE(errors))]);
	if (!ret)
		ret = set_number("snp_flip", choose(random, 8 * 4096));
	if (!ret)
		ret = emu_set("snp_patch", patches[choose(random, 4)]);
	if (!ret)
		ret = emu_set("snp_status", "0x16");
	if (!ret)
		ret = set_number("snp_invalid_len_pages", choose(random, 300));
	for (i = choose(random, 2); !ret && i >= 0; i--)
		ret = set_number(counts[choose(random, ARRAY_SIZE(counts))],
				 1 + choose(random, 4));
	return ret;
}

/* A report, or an error, or the end of whoever wanted one. */
static const char *ask(FIXTURE_DATA(storm) *self, unsigned int number)
{
	ssize_t len;

	nonce_make(self->nonce, getpid(), number);
	if (entry_ask(&self->entry, self->nonce, NONCE_LEN))
		return "writing inblob failed";
	if (choose(&self->random, 4)) {
		len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
		if (len < 0)
			return NULL;
		return snp_report_check(self->out, len, self->nonce);
	}
	if (reader_start_ioctl(&self->reader, self->nonce))
		return "fork failed";
	usleep(choose(&self->random, 30000));
	if (choose(&self->random, 2))
		kill(self->reader.pid, SIGKILL);
	len = reader_finish(&self->reader);
	if (len > 0 && snp_report_check(self->reader.result->data, len,
					self->nonce))
		return "an ioctl got a wrong report";
	reader_free(&self->reader);
	return len == READER_UNFINISHED || len ? NULL : "an empty report";
}

TEST_F_TIMEOUT(storm, ends_with_the_first_honest_moment, 300)
{
	unsigned int round, step;

	ASSERT_EQ(0, driver_set("snp_timeout_ms", "100"));
	for (round = 0; round < ROUNDS; round++) {
		const unsigned int steps = choose(&self->random, STEPS);

		for (step = 0; step < steps; step++) {
			ASSERT_EQ(0, host_misbehaves(&self->random));
			ASSERT_SOUND(ask(self, round * STEPS + step));
		}
		ASSERT_EQ(0, emu_stat("stat_snp_iv_reuse"));
		ASSERT_EQ(0, snp_be_honest());
		ASSERT_SOUND(snp_get_report(&self->entry, round, self->out));
		ASSERT_STREQ("ready", vmpck_state(self->vmpck));
		ASSERT_EQ(0, driver_set("snp_timeout_ms", "100"));
	}
}

/* Two keys, of which one is left alone in the middle of something. */
TEST_F_TIMEOUT(storm, that_hits_two_keys_in_turn_loses_neither, 300)
{
	unsigned int round, step;

	if (self->vmpck == SNP_PRIVLEVEL_MAX)
		SKIP(return, "this guest has one key only");
	for (round = 0; round < ROUNDS / 2; round++) {
		ASSERT_EQ(0, driver_set("snp_timeout_ms", "100"));
		for (step = 0; step < STEPS; step++) {
			ASSERT_EQ(0, vmpck_use(self->vmpck +
					       choose(&self->random, 2)));
			ASSERT_EQ(0, host_misbehaves(&self->random));
			ASSERT_SOUND(ask(self, round * STEPS + step));
		}
		ASSERT_EQ(0, snp_be_honest());
		ASSERT_EQ(0, vmpck_use(self->vmpck + 1));
		ASSERT_SOUND(snp_get_report(&self->entry, round, self->out));
		ASSERT_EQ(0, vmpck_use(-1));
		ASSERT_SOUND(snp_get_report(&self->entry, round, self->out));
		ASSERT_EQ(0, emu_stat("stat_snp_iv_reuse"));
	}
}

TEST_HARNESS_MAIN
