// SPDX-License-Identifier: MIT
/*
 * Gaps: registers that something else extends, and that the runtime event log
 * says so, once, whichever read finds it.
 */
#include "kselftest_harness.h"

#include "eventlog.h"
#include "reader.h"
#include "rtmrs.h"

/* The reads of uapi/linux/tsm-guest.h; each looks at all registers. */
enum way {
	BY_QUOTE,
	BY_TDREPORT,
	BY_DIGEST,
	BY_SYSFS,
	WAYS
};

FIXTURE(gap)
{
	struct mark mark;
	struct entry report;
	struct entry entry;
	struct registers expected;
	uint8_t digest[RTMR_LEN];
	ssize_t logged;
	long violations;
};

FIXTURE_VARIANT(gap)
{
	enum way way;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(gap, found_by_a_quote) { BY_QUOTE };
FIXTURE_VARIANT_ADD(gap, found_by_a_tdreport) { BY_TDREPORT };
FIXTURE_VARIANT_ADD(gap, found_by_a_digest) { BY_DIGEST };
FIXTURE_VARIANT_ADD(gap, found_in_sysfs_after_an_extend) { BY_SYSFS };
/* clang-format on */

/* The entry is for RTMR 2; sysfs extends and reads RTMR 0. */
#define SYSFS_INDEX	0

/* 0 or -errno; @expected follows what sysfs has to extend for it. */
static int look(FIXTURE_DATA(gap) *self, enum way way)
{
	static uint8_t out[BLOB_MAX];
	struct registers now;
	ssize_t len;
	int ret;

	switch (way) {
	case BY_QUOTE:
		ret = entry_ask(&self->report, out, NONCE_LEN);
		len = ret ? ret : entry_read(&self->report, "outblob", out,
					     BLOB_MAX);
		return len < 0 ? len : 0;
	case BY_TDREPORT:
		return registers_report(&now);
	case BY_DIGEST:
		len = entry_read(&self->entry, "digest", out, RTMR_LEN);
		return len < 0 ? len : 0;
	default:
		ret = sysfs_extend(SYSFS_INDEX, self->digest, RTMR_LEN);
		if (ret)
			return ret;
		rtmr_extend(self->expected.rtmr[SYSFS_INDEX], self->digest);
		self->logged += RECORD_HEAD;
		len = file_read(rtmr_path(SYSFS_INDEX), out, RTMR_LEN);
		return len < 0 ? len : 0;
	}
}

FIXTURE_SETUP(gap)
{
	SKIP_WITHOUT_LOG();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, emu_reset());
	ASSERT_EQ(0, mark_set(&self->mark));
	self->violations = emu_stat("stat_violations");
	rtmrs_sweep();
	ASSERT_EQ(0, entry_renew(&self->report, "ksft-gap"));
	ASSERT_EQ(0, rtmr_make_for(&self->entry, "ksft-gap", 2));
	digest_make(self->digest, getpid(), 1);
	/* what others left is found before the test begins */
	ASSERT_EQ(0, registers_report(&self->expected));
	self->logged = log_size();
	ASSERT_LT(0, self->logged);
}

FIXTURE_TEARDOWN(gap)
{
	EXPECT_EQ(0, emu_reset());
	EXPECT_EQ(0, entry_remove(&self->report));
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_SOUND(log_explains_since(&self->mark));
}

static int foreign(FIXTURE_DATA(gap) *self, unsigned int index)
{
	rtmr_extend(self->expected.rtmr[index], self->digest);
	return rtmr_extend_foreign(index, self->digest);
}

/* NULL if the log grew by gap records of those registers alone. */
static const char *gaps_are(FIXTURE_DATA(gap) *self, unsigned int mask)
{
	const char *wrong = NULL;
	struct record record;
	struct eventlog log;
	size_t pos;

	if (log_read(&log, self->logged))
		return "cannot read the log";
	for (pos = 0; !wrong && pos < log.len; pos += record.len) {
		wrong = record_parse(log.data + pos, log.len - pos, &record);
		if (wrong)
			break;
		if (!record_is_gap(&record) || record.event_len != GAP_LEN -
		    RECORD_HEAD || record.event[17] != 1)
			wrong = "a record that is no gap";
		else if (!record.mr_index ||
			 !(mask & 1U << (record.mr_index - 1)))
			wrong = "a gap of a register that has none, or another";
		else if (get_le32(record.event + STATE_HEAD) != record.mr_index)
			wrong = "a gap of two registers";
		else if (memcmp(record.event + STATE_HEAD + 4,
				self->expected.rtmr[record.mr_index - 1],
				RTMR_LEN))
			wrong = "a gap with another value";
		else
			mask &= ~(1U << (record.mr_index - 1));
	}
	self->logged += log.len;
	log_free(&log);
	return wrong ? wrong : mask ? "no record of a gap" : NULL;
}

TEST_F(gap, is_recorded_before_the_read_returns_and_only_once)
{
	int i;

	ASSERT_EQ(0, foreign(self, 3));
	ASSERT_EQ(0, look(self, variant->way));
	EXPECT_SOUND(gaps_are(self, 1 << 3));
	for (i = 0; i < WAYS; i++) {
		ASSERT_EQ(0, look(self, i));
		EXPECT_SOUND(gaps_are(self, 0));
	}
}

TEST_F(gap, is_recorded_for_each_register)
{
	unsigned int i;

	for (i = 0; i < RTMRS; i++) {
		ASSERT_EQ(0, foreign(self, i));
		ASSERT_EQ(0, look(self, variant->way));
		EXPECT_SOUND(gaps_are(self, 1 << i));
	}
	for (i = 0; i < RTMRS; i++)
		ASSERT_EQ(0, foreign(self, i));
	ASSERT_EQ(0, look(self, variant->way));
	EXPECT_SOUND(gaps_are(self, 0xf));
}

TEST_F(gap, is_one_however_often_the_register_moved)
{
	ASSERT_EQ(0, foreign(self, 1));
	ASSERT_EQ(0, foreign(self, 1));
	ASSERT_EQ(0, foreign(self, 1));
	ASSERT_EQ(0, look(self, variant->way));
	EXPECT_SOUND(gaps_are(self, 1 << 1));
}

TEST_F(gap, comes_after_extends_that_came_before_the_read)
{
	ASSERT_EQ(0, foreign(self, 3));
	ASSERT_EQ(0, sysfs_extend(3, self->digest, RTMR_LEN));
	rtmr_extend(self->expected.rtmr[3], self->digest);
	ASSERT_EQ(RECORD_HEAD, log_size() - self->logged);
	self->logged += RECORD_HEAD;
	ASSERT_EQ(0, look(self, variant->way));
	EXPECT_SOUND(gaps_are(self, 1 << 3));
}

TEST_F(gap, is_no_obstacle_to_extends_after_it)
{
	ASSERT_EQ(0, foreign(self, 3));
	ASSERT_EQ(0, look(self, variant->way));
	EXPECT_SOUND(gaps_are(self, 1 << 3));
	ASSERT_EQ(0, sysfs_extend(3, self->digest, RTMR_LEN));
	rtmr_extend(self->expected.rtmr[3], self->digest);
	self->logged += RECORD_HEAD;
	ASSERT_EQ(0, look(self, variant->way));
	EXPECT_SOUND(gaps_are(self, 0));
	EXPECT_SOUND(log_explains_since(&self->mark));
}

TEST_F(gap, mends_the_cache_of_sysfs)
{
	uint8_t value[RTMR_LEN];

	ASSERT_EQ(0, look(self, BY_SYSFS));
	ASSERT_EQ(0, foreign(self, 3));
	ASSERT_EQ(0, look(self, variant->way));
	EXPECT_EQ(RTMR_LEN, file_read(rtmr_path(3), value, RTMR_LEN));
	EXPECT_EQ(0, memcmp(self->expected.rtmr[3], value, RTMR_LEN));
}

TEST_F(gap, is_nowhere_if_nobody_else_extends)
{
	int i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, look(self, variant->way));
		EXPECT_SOUND(gaps_are(self, 0));
		ASSERT_EQ(0, rtmr_write_digest(&self->entry, self->digest,
					       RTMR_LEN));
		rtmr_extend(self->expected.rtmr[2], self->digest);
		self->logged += RECORD_HEAD;
	}
	ASSERT_EQ(0, look(self, variant->way));
	EXPECT_SOUND(gaps_are(self, 0));
}

/* A read that fails has seen nothing; the next one finds what there is. */
TEST_F(gap, is_found_after_a_read_that_failed)
{
	ASSERT_EQ(0, foreign(self, 3));
	ASSERT_EQ(0, emu_set("tdreport_status", FATAL_STATUS));
	EXPECT_EQ(-EIO, look(self, variant->way));
	EXPECT_EQ(0, log_size() - self->logged);
	ASSERT_EQ(0, emu_set("tdreport_status", "0"));
	ASSERT_EQ(0, look(self, variant->way));
	EXPECT_SOUND(gaps_are(self, 1 << 3));
}

TEST_HARNESS_MAIN
