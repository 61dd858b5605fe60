// SPDX-License-Identifier: MIT
/*
 * A runtime event log that is full: what cannot be recorded is not done.
 */
#include "kselftest_harness.h"

#include "eventlog.h"
#include "reader.h"
#include "rtmrs.h"

/* uapi/ABI, log_max_kb: kept free for a gap record of each register. */
#define GAP_RESERVE	552

/* A log with room for a few records, and an entry for a register. */
FIXTURE(space)
{
	struct mark mark;
	struct entry entry;
	struct registers now;
	uint8_t digest[RTMR_LEN];
	uint8_t event[EVENT_MAX];
	size_t limit;
	ssize_t logged;
	long extends;
	long violations;
};

FIXTURE_VARIANT(space)
{
	const char *path;
	size_t event_len;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(space, for_sysfs) { "sysfs" };
FIXTURE_VARIANT_ADD(space, for_the_ioctl) { "ioctl" };
FIXTURE_VARIANT_ADD(space, for_a_digest) { "digest" };
FIXTURE_VARIANT_ADD(space, for_a_digest_with_an_event) { "digest", 100 };
FIXTURE_VARIANT_ADD(space, for_a_measured_event) { "measure", 100 };
/* clang-format on */

/* Leaves 1024 to 2047 bytes below the limit; the limit, or -errno. */
static ssize_t limit_log(void)
{
	ssize_t kb, logged = log_size();
	char text[32];
	int ret;

	if (logged < 0)
		return logged;
	kb = logged / 1024 + 2;
	snprintf(text, sizeof(text), "%zd", kb);
	ret = driver_set("log_max_kb", text);
	return ret ? ret : kb * 1024;
}

FIXTURE_SETUP(space)
{
	SKIP_WITHOUT_LOG();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, emu_reset());
	ASSERT_EQ(0, mark_set(&self->mark));
	self->violations = emu_stat("stat_violations");
	rtmrs_sweep();
	ASSERT_EQ(0, rtmr_make_for(&self->entry, "ksft-space", 3));
	digest_make(self->digest, getpid(), 1);
	ASSERT_EQ(0, registers_report(&self->now));
	self->logged = log_size();
	self->limit = limit_log();
	ASSERT_LT(self->logged, self->limit);
	self->extends = emu_stat("stat_extends");
}

FIXTURE_TEARDOWN(space)
{
	EXPECT_EQ(0, emu_reset());
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_SOUND(log_explains_since(&self->mark));
}

static int extend(FIXTURE_DATA(space) *self, const char *path, size_t len)
{
	int ret = 0;

	if (!strcmp(path, "sysfs"))
		return sysfs_extend(3, self->digest, RTMR_LEN);
	if (!strcmp(path, "ioctl"))
		return ioctl_extend(EXTEND_RTMR, 3, self->digest);
	if (len)
		ret = entry_put(&self->entry, "event", self->event, len);
	if (ret)
		return ret;
	if (!strcmp(path, "measure"))
		return entry_set(&self->entry, "measure", "1");
	return rtmr_write_digest(&self->entry, self->digest, RTMR_LEN);
}

TEST_F(space, is_used_up_to_the_last_record_that_fits)
{
	const size_t len = RECORD_HEAD + variant->event_len;
	int i, done = 0, ret = 0;
	ssize_t size;

	while (!ret && done < 100) {
		ret = extend(self, variant->path, variant->event_len);
		done += !ret;
	}
	EXPECT_EQ(-ENOSPC, ret);
	size = log_size();
	EXPECT_LT(1, done);
	EXPECT_EQ(done * len, size - self->logged);
	EXPECT_GE(self->limit, size + GAP_RESERVE);
	EXPECT_LT(self->limit, size + GAP_RESERVE + len);

	/* refused again and again, and never extended nevertheless */
	for (i = 0; i < 3; i++)
		EXPECT_EQ(-ENOSPC, extend(self, variant->path,
					  variant->event_len));
	EXPECT_EQ(done, emu_stat("stat_extends") - self->extends);
	EXPECT_EQ(size, log_size());
	EXPECT_SOUND(log_explains_since(&self->mark));
}

TEST_F(space, is_there_again_when_the_limit_is_raised)
{
	ASSERT_EQ(0, driver_set("log_max_kb", "0"));
	EXPECT_EQ(-ENOSPC, extend(self, variant->path, variant->event_len));
	EXPECT_EQ(self->logged, log_size());
	ASSERT_EQ(0, driver_set("log_max_kb", LOG_ROOM_KB));
	EXPECT_EQ(0, extend(self, variant->path, variant->event_len));
	EXPECT_EQ(RECORD_HEAD + variant->event_len, log_size() - self->logged);
}

/* A log that several tests below share, without a path of their own. */
FIXTURE(limit)
{
	struct mark mark;
	struct entry entry;
	struct registers now;
	uint8_t digest[RTMR_LEN];
	uint8_t event[EVENT_MAX];
	size_t limit;
	ssize_t logged;
};

FIXTURE_SETUP(limit)
{
	SKIP_WITHOUT_LOG();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, emu_reset());
	ASSERT_EQ(0, mark_set(&self->mark));
	rtmrs_sweep();
	ASSERT_EQ(0, rtmr_make_for(&self->entry, "ksft-limit", 3));
	digest_make(self->digest, getpid(), 1);
	ASSERT_EQ(0, registers_report(&self->now));
	self->logged = log_size();
	self->limit = limit_log();
	ASSERT_LT(self->logged, self->limit);
}

FIXTURE_TEARDOWN(limit)
{
	EXPECT_EQ(0, emu_reset());
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_SOUND(log_explains_since(&self->mark));
}

/* Bytes of record that an extend may still have. */
#define ROOM(self)	((self)->limit - GAP_RESERVE - log_size())

TEST_F(limit, refuses_an_event_that_does_not_fit_while_a_digest_does)
{
	const size_t too_long = ROOM(self) - RECORD_HEAD + 1;

	ASSERT_EQ(0, entry_put(&self->entry, "event", self->event, too_long));
	EXPECT_EQ(-ENOSPC, entry_set(&self->entry, "measure", "1"));
	EXPECT_EQ(-ENOSPC, rtmr_write_digest(&self->entry, self->digest,
					     RTMR_LEN));
	EXPECT_EQ(self->logged, log_size());
	EXPECT_EQ(0, sysfs_extend(3, self->digest, RTMR_LEN));
	EXPECT_EQ(RECORD_HEAD, log_size() - self->logged);
}

TEST_F(limit, takes_an_event_that_fits_to_the_byte)
{
	const size_t fits = ROOM(self) - RECORD_HEAD;

	ASSERT_EQ(0, entry_put(&self->entry, "event", self->event, fits));
	EXPECT_EQ(0, entry_set(&self->entry, "measure", "1"));
	EXPECT_EQ(self->limit, log_size() + GAP_RESERVE);
	EXPECT_EQ(-ENOSPC, sysfs_extend(3, self->digest, RTMR_LEN));
}

TEST_F(limit, refuses_an_event_of_64_kib_and_keeps_it)
{
	ASSERT_EQ(0, entry_put(&self->entry, "event", self->event, EVENT_MAX));
	EXPECT_EQ(-ENOSPC, entry_set(&self->entry, "measure", "1"));
	EXPECT_EQ(-ENOSPC, rtmr_last_error(&self->entry));
	ASSERT_EQ(0, driver_set("log_max_kb", LOG_ROOM_KB));
	EXPECT_EQ(0, entry_set(&self->entry, "measure", "1"));
	EXPECT_EQ(RECORD_HEAD + EVENT_MAX, log_size() - self->logged);
}

TEST_F(limit, below_what_is_there_takes_nothing_away)
{
	struct eventlog before, after;

	ASSERT_EQ(0, log_read(&before, 0));
	ASSERT_EQ(0, driver_set("log_max_kb", "0"));
	EXPECT_EQ(-ENOSPC, sysfs_extend(3, self->digest, RTMR_LEN));
	ASSERT_EQ(0, log_read(&after, 0));
	ASSERT_EQ(before.len, after.len);
	EXPECT_EQ(0, memcmp(before.data, after.data, before.len));
	log_free(&before);
	log_free(&after);
}

TEST_F(limit, is_a_number)
{
	EXPECT_EQ(-EINVAL, driver_set("log_max_kb", "much"));
	EXPECT_EQ(-EINVAL, driver_set("log_max_kb", "-1"));
	EXPECT_EQ(self->limit / 1024, driver_stat("log_max_kb"));
}

/* The largest limit is not so large that sums with it wrap around. */
TEST_F(limit, can_be_the_largest_number)
{
	ASSERT_EQ(0, driver_set("log_max_kb", "4294967295"));
	EXPECT_EQ(0, sysfs_extend(3, self->digest, RTMR_LEN));
	EXPECT_EQ(RECORD_HEAD, log_size() - self->logged);
}

TEST_F(limit, leaves_room_for_a_gap_of_each_register)
{
	int i, ret = 0;

	while (!ret)
		ret = sysfs_extend(3, self->digest, RTMR_LEN);
	EXPECT_EQ(-ENOSPC, ret);
	self->logged = log_size();
	for (i = 0; i < RTMRS; i++)
		ASSERT_EQ(0, rtmr_extend_foreign(i, self->digest));
	EXPECT_SOUND(log_explains_since(&self->mark));
	EXPECT_EQ(RTMRS * GAP_LEN, log_size() - self->logged);
	EXPECT_GE(self->limit, log_size());
}

TEST_F(limit, that_hid_a_gap_shows_it_when_it_is_raised)
{
	ASSERT_EQ(0, driver_set("log_max_kb", "0"));
	ASSERT_EQ(0, rtmr_extend_foreign(2, self->digest));
	EXPECT_EQ(0, registers_report(&self->now));
	EXPECT_EQ(self->logged, log_size());
	ASSERT_EQ(0, driver_set("log_max_kb", LOG_ROOM_KB));
	EXPECT_EQ(0, registers_report(&self->now));
	EXPECT_EQ(GAP_LEN, log_size() - self->logged);
}

static int extend_until_full(const uint8_t *digest, int *done)
{
	int ret = 0;

	while (!ret) {
		ret = sysfs_extend(3, digest, RTMR_LEN);
		if (!ret)
			__atomic_add_fetch(done, 1, __ATOMIC_RELAXED);
	}
	return ret;
}

TEST_F_TIMEOUT(limit, holds_against_a_crowd, 60)
{
	pid_t child[8];
	int *done = mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ssize_t size;
	int i, status;

	ASSERT_NE(MAP_FAILED, done);
	for (i = 0; i < 8; i++) {
		child[i] = fork();
		ASSERT_LE(0, child[i]);
		if (!child[i])
			_exit(-extend_until_full(self->digest, done));
	}
	for (i = 0; i < 8; i++) {
		ASSERT_EQ(child[i], waitpid(child[i], &status, 0));
		EXPECT_EQ(ENOSPC, WEXITSTATUS(status));
	}
	size = log_size();
	EXPECT_EQ(*done * RECORD_HEAD, size - self->logged);
	EXPECT_GE(self->limit, size + GAP_RESERVE);
	EXPECT_LT(self->limit, size + GAP_RESERVE + RECORD_HEAD);
}

TEST_HARNESS_MAIN
