// SPDX-License-Identifier: MIT
/*
 * A host that swallows one request after the other gets no more than so many
 * buffers, and is found out when it behaves again.
 */
#include "kselftest_harness.h"

#include "emu.h"
#include "quote.h"
#include "report.h"

#define SLOTS		16
#define HELD_MAX	(4 * SLOTS)
#define BUFFER_PAGES	32	/* 128 KiB */

/* The host holds all that it gets without being a risk. */
FIXTURE(swallowed)
{
	struct entry entry;
	uint8_t nonce[NONCE_LEN];
	uint8_t out[BLOB_MAX];
	long hypercalls;
	long violations;
};

FIXTURE_SETUP(swallowed)
{
	int i;

	SKIP_WITHOUT_REPORT();
	SKIP_WITHOUT_EMULATOR();
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, emu_reset());
	ASSERT_EQ(SLOTS, driver_stat("quote_slots"));
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-swallow"));
	nonce_make(self->nonce, getpid(), 1);
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));

	ASSERT_EQ(0, emu_set("quote_inflight_max", "128"));
	ASSERT_EQ(0, emu_set("quote_never", "-1"));
	ASSERT_EQ(0, driver_set("quote_timeout_ms", "20"));
	for (i = 0; i < HELD_MAX; i++) {
		ASSERT_EQ(-ETIMEDOUT, entry_read(&self->entry, "outblob",
						 self->out, BLOB_MAX));
		ASSERT_EQ(i + 1, driver_stat("quote_abandoned"));
	}
	self->hypercalls = emu_stat("stat_hypercalls");
}

/* The request finds the buffers back that the host let go. */
FIXTURE_TEARDOWN(swallowed)
{
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, emu_reset());
	EXPECT_LT(0, entry_read(&self->entry, "outblob", self->out, BLOB_MAX));
	EXPECT_EQ(0, driver_stat("quote_abandoned"));
	EXPECT_EQ(0, entry_remove(&self->entry));
}

TEST_F_TIMEOUT(swallowed, buffers_are_no_more_than_four_for_each_slot, 120)
{
	EXPECT_EQ(-EBUSY, entry_read(&self->entry, "outblob", self->out,
				     BLOB_MAX));
	EXPECT_EQ(HELD_MAX, driver_stat("quote_abandoned"));
	EXPECT_EQ(HELD_MAX, emu_stat("stat_inflight"));
	EXPECT_EQ(self->hypercalls, emu_stat("stat_hypercalls"));
	EXPECT_EQ(HELD_MAX * BUFFER_PAGES, emu_stat("stat_shared_pages"));
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

/* One more after 1 s, then after 2, then after 4: never earlier than that. */
TEST_F_TIMEOUT(swallowed, buffers_become_more_at_ever_longer_intervals, 120)
{
	const double start = now();
	int risked = 0, refused = 0;
	ssize_t ret;

	while (risked < 3 && now() < start + PATIENCE_S) {
		ret = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
		if (ret == -EBUSY) {
			refused++;
			usleep(20000);
			continue;
		}
		ASSERT_EQ(-ETIMEDOUT, ret);
		risked++;
		EXPECT_LE((1 << risked) - 1, now() - start);
		EXPECT_EQ(HELD_MAX + risked, driver_stat("quote_abandoned"));
	}
	EXPECT_EQ(3, risked);
	EXPECT_LT(3, refused);
	EXPECT_EQ(self->hypercalls + risked, emu_stat("stat_hypercalls"));
}

/* None of the old requests is ever answered, but new ones are. */
TEST_F_TIMEOUT(swallowed, buffers_do_not_keep_a_host_from_behaving_again, 120)
{
	const double start = now();
	ssize_t len = -EBUSY;
	int i;

	ASSERT_EQ(0, emu_set("quote_never", "0"));
	ASSERT_EQ(0, driver_set("quote_timeout_ms", "30000"));
	while (len == -EBUSY && now() < start + PATIENCE_S) {
		len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
		usleep(20000);
	}
	ASSERT_LT(0, len);
	EXPECT_SOUND(quote_check(self->out, len, self->nonce));

	for (i = 2; i < 10; i++) {
		nonce_make(self->nonce, getpid(), i);
		ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
		len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
		ASSERT_LT(0, len);
		EXPECT_SOUND(quote_check(self->out, len, self->nonce));
	}
	EXPECT_EQ(HELD_MAX, driver_stat("quote_abandoned"));
	EXPECT_EQ(HELD_MAX, emu_stat("stat_inflight"));
}

TEST_F_TIMEOUT(swallowed, buffers_come_back_all_at_once_when_let_go, 120)
{
	int i;

	ASSERT_EQ(-EBUSY, entry_read(&self->entry, "outblob", self->out,
				     BLOB_MAX));
	ASSERT_EQ(0, emu_set("quote_release", "1"));
	ASSERT_TRUE(emu_reaches("stat_inflight", 0));

	/* swallowed once more, from the first to the last, without a pause */
	for (i = 0; i < HELD_MAX; i++)
		ASSERT_EQ(-ETIMEDOUT, entry_read(&self->entry, "outblob",
						 self->out, BLOB_MAX));
	EXPECT_EQ(-EBUSY, entry_read(&self->entry, "outblob", self->out,
				     BLOB_MAX));
	EXPECT_EQ(HELD_MAX, driver_stat("quote_abandoned"));
}

/* Whoever may read the count may not make the driver work. */
TEST_F_TIMEOUT(swallowed, buffers_are_only_counted_by_who_asks_how_many, 120)
{
	ssize_t len;

	ASSERT_EQ(0, emu_set("quote_never", "0"));
	ASSERT_EQ(0, driver_set("quote_timeout_ms", "30000"));
	ASSERT_EQ(0, emu_set("quote_release", "1"));
	ASSERT_TRUE(emu_reaches("stat_inflight", 0));
	EXPECT_EQ(0, driver_stat("quote_abandoned"));
	EXPECT_EQ(HELD_MAX * BUFFER_PAGES, emu_stat("stat_shared_pages"));

	/* the next request frees those above quote_slots */
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	EXPECT_SOUND(quote_check(self->out, len, self->nonce));
	EXPECT_EQ(SLOTS * BUFFER_PAGES, emu_stat("stat_shared_pages"));
}

TEST_HARNESS_MAIN
