// SPDX-License-Identifier: MIT
/*
 * Callers that give up or are killed while the host still holds their buffer,
 * and what the callers after them see.
 */
#include "kselftest_harness.h"

#include "emu.h"
#include "quote.h"
#include "reader.h"
#include "report.h"

FIXTURE(abandoned)
{
	struct entry entry;
	struct reader reader;
	struct reader second;
	uint8_t nonce[NONCE_LEN];
	uint8_t newer[NONCE_LEN];
	uint8_t out[BLOB_MAX];
	long violations;
};

/* Buffers of earlier tests come back when a request looks for one. */
static bool nothing_is_abandoned(const struct entry *entry, uint8_t *out)
{
	uint8_t nonce[NONCE_LEN];
	int i;

	for (i = 0; i < 64 && driver_stat("quote_abandoned"); i++) {
		nonce_make(nonce, 0, i);
		if (entry_ask(entry, nonce, NONCE_LEN) ||
		    entry_read(entry, "outblob", out, BLOB_MAX) <= 0)
			return false;
	}
	return !driver_stat("quote_abandoned");
}

FIXTURE_SETUP(abandoned)
{
	SKIP_WITHOUT_REPORT();
	SKIP_WITHOUT_EMULATOR();
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, emu_reset());
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-abandon"));
	ASSERT_TRUE(nothing_is_abandoned(&self->entry, self->out));
	nonce_make(self->nonce, getpid(), 1);
	nonce_make(self->newer, getpid(), 2);
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
}

FIXTURE_TEARDOWN(abandoned)
{
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, emu_reset());
	EXPECT_TRUE(nothing_is_abandoned(&self->entry, self->out));
	EXPECT_EQ(0, entry_remove(&self->entry));
}

TEST_F_TIMEOUT(abandoned, reader_that_is_killed_goes_at_once, 60)
{
	ASSERT_EQ(0, reader_start_swallowed(&self->reader, &self->entry));
	EXPECT_TRUE(reader_dies(&self->reader, SIGKILL));
	EXPECT_EQ(1, emu_stat("stat_inflight"));
	EXPECT_EQ(1, driver_stat("quote_abandoned"));
	EXPECT_EQ(1, entry_generation(&self->entry));
}

TEST_F_TIMEOUT(abandoned, reader_that_is_terminated_goes_at_once, 60)
{
	ASSERT_EQ(0, reader_start_swallowed(&self->reader, &self->entry));
	EXPECT_TRUE(reader_dies(&self->reader, SIGTERM));
	EXPECT_EQ(1, driver_stat("quote_abandoned"));
}

TEST_F_TIMEOUT(abandoned, buffer_is_not_in_the_way_of_the_next_reader, 60)
{
	ssize_t len;

	ASSERT_EQ(0, request_abandon(&self->entry));

	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	EXPECT_SOUND(quote_check(self->out, len, self->nonce));
	/* another buffer: the host still holds the first one */
	EXPECT_EQ(1, emu_stat("stat_inflight"));
	EXPECT_EQ(1, driver_stat("quote_abandoned"));
}

TEST_F_TIMEOUT(abandoned, buffer_comes_back_once_the_host_lets_go, 60)
{
	ssize_t len;

	ASSERT_EQ(0, request_abandon(&self->entry));
	ASSERT_EQ(1, driver_stat("quote_abandoned"));

	ASSERT_EQ(0, emu_set("quote_release", "1"));
	ASSERT_TRUE(emu_reaches("stat_inflight", 0));
	ASSERT_EQ(0, entry_ask(&self->entry, self->newer, NONCE_LEN));
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	EXPECT_SOUND(quote_check(self->out, len, self->newer));
	EXPECT_EQ(0, driver_stat("quote_abandoned"));
}

static void ignore(int signal)
{
}

/* Only what kills ends a wait: a handler runs, and the read goes on. */
TEST_F_TIMEOUT(abandoned, is_not_what_a_handled_signal_makes_of_a_request, 60)
{
	const struct sigaction action = { .sa_handler = ignore };
	long ticks;

	ASSERT_EQ(0, sigaction(SIGUSR1, &action, NULL));
	ASSERT_EQ(0, reader_start_swallowed(&self->reader, &self->entry));
	ASSERT_EQ(0, kill(self->reader.pid, SIGUSR1));
	EXPECT_TRUE(reader_sleeps(&self->reader));

	/* And it sleeps on, where a pending signal might make it spin. */
	ticks = reader_kernel_ticks(&self->reader);
	ASSERT_LE(0, ticks);
	sleep(2);
	EXPECT_GT(ticks + sysconf(_SC_CLK_TCK),
		  reader_kernel_ticks(&self->reader));
	EXPECT_FALSE(reader_is_done(&self->reader));

	ASSERT_EQ(0, emu_set("quote_release", "1"));
	EXPECT_SOUND(reader_check(&self->reader, self->nonce));
	EXPECT_EQ(0, driver_stat("quote_abandoned"));
}

TEST_F_TIMEOUT(abandoned, by_timeout_counts_and_comes_back_alike, 60)
{
	ASSERT_EQ(0, driver_set("quote_timeout_ms", "100"));
	ASSERT_EQ(0, emu_set("quote_never", "-1"));
	EXPECT_EQ(-ETIMEDOUT, entry_read(&self->entry, "outblob", self->out,
					 BLOB_MAX));
	EXPECT_EQ(1, driver_stat("quote_abandoned"));
	EXPECT_EQ(-ETIMEDOUT, entry_read(&self->entry, "outblob", self->out,
					 BLOB_MAX));
	EXPECT_EQ(2, driver_stat("quote_abandoned"));
	EXPECT_EQ(2, emu_stat("stat_inflight"));
}

TEST_F_TIMEOUT(abandoned, wait_for_a_retrying_host_holds_no_buffer, 60)
{
	const long before = emu_stat("stat_retries");

	ASSERT_EQ(0, emu_set("quote_r10", R10_RETRY));
	ASSERT_EQ(0, reader_start(&self->reader, &self->entry, "outblob"));
	while (emu_stat("stat_retries") == before)
		nap();
	EXPECT_TRUE(reader_dies(&self->reader, SIGKILL));
	EXPECT_EQ(0, driver_stat("quote_abandoned"));
}

/* True if the host saw no request any more from when the reader was killed. */
static bool killed_reader_asks_no_more(struct reader *reader)
{
	long retries;

	/* after a second it naps for about 20 ms: it is killed in its sleep */
	usleep(1200000);
	retries = emu_stat("stat_retries");
	while (emu_stat("stat_retries") == retries)
		;
	retries = emu_stat("stat_retries");
	return reader_dies(reader, SIGKILL) &&
	       emu_stat("stat_retries") == retries;
}

/* A nap may end just before the signal comes: that is not the driver's fault. */
TEST_F_TIMEOUT(abandoned, wait_for_a_retrying_host_ends_without_asking_it, 60)
{
	int i, quiet = 0;
	long hypercalls;

	ASSERT_EQ(0, emu_set("quote_retry", "-1"));
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, reader_start(&self->reader, &self->entry,
					  "outblob"));
		quiet += killed_reader_asks_no_more(&self->reader);
	}
	EXPECT_LE(3, quiet);

	hypercalls = emu_stat("stat_hypercalls");
	ASSERT_EQ(0, emu_set("quote_retry", "0"));
	usleep(100000);
	EXPECT_EQ(hypercalls, emu_stat("stat_hypercalls"));
	EXPECT_EQ(0, emu_stat("stat_inflight"));
	EXPECT_EQ(0, driver_stat("quote_abandoned"));
}

TEST_F_TIMEOUT(abandoned, share_of_a_killed_second_reader_changes_nothing, 60)
{
	ASSERT_EQ(0, reader_start_swallowed(&self->reader, &self->entry));
	ASSERT_EQ(0, reader_start(&self->second, &self->entry, "outblob"));
	EXPECT_TRUE(reader_sleeps(&self->second));
	EXPECT_TRUE(reader_dies(&self->second, SIGKILL));
	EXPECT_FALSE(reader_is_done(&self->reader));
	EXPECT_EQ(0, driver_stat("quote_abandoned"));

	ASSERT_EQ(0, emu_set("quote_release", "1"));
	EXPECT_SOUND(reader_check(&self->reader, self->nonce));
}

TEST_F_TIMEOUT(abandoned, share_of_a_killed_first_reader_passes_on, 60)
{
	ASSERT_EQ(0, reader_start_swallowed(&self->reader, &self->entry));
	ASSERT_EQ(0, reader_start(&self->second, &self->entry, "outblob"));
	EXPECT_TRUE(reader_sleeps(&self->second));
	EXPECT_TRUE(reader_dies(&self->reader, SIGKILL));

	/* The host answers every request but the first. */
	EXPECT_SOUND(reader_check(&self->second, self->nonce));
}

TEST_F_TIMEOUT(abandoned, queue_for_a_slot_can_be_left, 120)
{
	struct entry crowd[16];
	struct reader reader[16];
	char name[32];
	int i;

	ASSERT_EQ(0, emu_set("quote_never", "-1"));
	for (i = 0; i < 16; i++) {
		snprintf(name, sizeof(name), "ksft-slot-%d", i);
		ASSERT_EQ(0, entry_renew(&crowd[i], name));
		ASSERT_EQ(0, entry_ask(&crowd[i], self->nonce, NONCE_LEN));
		ASSERT_EQ(0, reader_start(&reader[i], &crowd[i], "outblob"));
	}
	ASSERT_TRUE(emu_reaches("stat_inflight", 16));

	ASSERT_EQ(0, reader_start(&self->second, &self->entry, "outblob"));
	EXPECT_TRUE(reader_sleeps(&self->second));
	EXPECT_TRUE(reader_dies(&self->second, SIGKILL));
	EXPECT_EQ(0, driver_stat("quote_abandoned"));

	ASSERT_EQ(0, emu_set("quote_never", "0"));
	ASSERT_EQ(0, emu_set("quote_release", "1"));
	for (i = 0; i < 16; i++) {
		EXPECT_SOUND(reader_check(&reader[i], self->nonce));
		EXPECT_EQ(0, entry_remove(&crowd[i]));
	}
}

TEST_HARNESS_MAIN
