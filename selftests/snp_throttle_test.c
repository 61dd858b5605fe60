// SPDX-License-Identifier: MIT
/*
 * A host that answers BUSY: the same ciphertext again and again, never another
 * one under its sequence number, and nobody who has to wait for it.
 */
#include "kselftest_harness.h"

#include "snp_emu.h"

/*
 * A killed caller is back within 100 ms. On two emulated CPUs that others use
 * as well a process may wait for longer until it is run at all, so that is
 * asked of the middle one of five, and a second of each.
 */
#define KILLS		5
#define KILLED_MS	100
#define KILLED_MAX_MS	1000

FIXTURE(busy)
{
	struct entry entry;
	struct entry other;
	struct reader reader;
	struct reader second;
	uint8_t nonce[NONCE_LEN];
	uint8_t other_nonce[NONCE_LEN];
	uint8_t out[BLOB_MAX];
	int vmpck;
	long messages;
	long violations;
};

FIXTURE_SETUP(busy)
{
	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	self->vmpck = snp_vmpl();
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-snp-busy"));
	ASSERT_EQ(0, entry_renew(&self->other, "ksft-snp-busy-2"));
	ASSERT_EQ(0, entry_use_floor(&self->entry));
	/* whatever the test before left pending is completed */
	ASSERT_SOUND(snp_get_report(&self->entry, 0, self->out));
	nonce_make(self->nonce, getpid(), 1);
	nonce_make(self->other_nonce, getpid(), 2);
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	ASSERT_EQ(0, entry_ask(&self->other, self->other_nonce, NONCE_LEN));
	self->messages = emu_stat("stat_snp_messages");
}

FIXTURE_TEARDOWN(busy)
{
	EXPECT_EQ(0, snp_reset());
	EXPECT_SOUND(snp_get_report(&self->entry, 99, self->out));
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_EQ(0, entry_remove(&self->other));
}

TEST_F_TIMEOUT(busy, host_is_asked_again_until_it_is_not, 60)
{
	const long busy = emu_stat("stat_snp_busy");
	/* where the kernel waits, it waits for two seconds */
	const int times = channel_is_ours() ? 5 : 1;
	ssize_t len;

	ASSERT_EQ(0, emu_set("snp_busy", channel_is_ours() ? "5" : "1"));
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	EXPECT_SOUND(snp_report_check(self->out, len, self->nonce));
	EXPECT_EQ(busy + times, emu_stat("stat_snp_busy"));
	EXPECT_EQ(self->messages + 1, emu_stat("stat_snp_messages"));
	if (driver_is_tsm_guest())
		EXPECT_STREQ("ready", vmpck_state(self->vmpck));
}

TEST_F_TIMEOUT(busy, host_is_not_asked_in_a_tight_loop, 60)
{
	const long busy = emu_stat("stat_snp_busy");

	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, reader_start_throttled(&self->reader, &self->entry));
	sleep(2);
	/* 10 ms at first, then ever longer */
	EXPECT_GT(busy + 25, emu_stat("stat_snp_busy"));
	EXPECT_LT(busy + 2, emu_stat("stat_snp_busy"));
	ASSERT_EQ(0, emu_set("snp_busy", "0"));
	EXPECT_SOUND(reader_report(&self->reader, self->nonce));
}

TEST_F_TIMEOUT(busy, host_makes_the_caller_time_out_after_snp_timeout_ms, 60)
{
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, driver_set("snp_timeout_ms", "300"));
	ASSERT_EQ(0, emu_set("snp_busy", "-1"));
	EXPECT_EQ(-ETIMEDOUT, entry_read(&self->entry, "outblob", self->out,
					 BLOB_MAX));
	EXPECT_EQ(self->messages, emu_stat("stat_snp_messages"));
	if (channel_is_ours())
		EXPECT_STREQ("pending", vmpck_state(self->vmpck));
	ASSERT_EQ(0, snp_be_honest());
	EXPECT_SOUND(snp_get_report(&self->entry, 3, self->out));
	if (channel_is_ours())
		EXPECT_EQ(self->messages + 2, emu_stat("stat_snp_messages"));
	EXPECT_STREQ("ready", vmpck_state(self->vmpck));
}

/* However many gave up: one message is under way, and no other was made. */
TEST_F_TIMEOUT(busy, host_gets_one_ciphertext_from_many_who_time_out, 60)
{
	int i;

	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, driver_set("snp_timeout_ms", "50"));
	ASSERT_EQ(0, emu_set("snp_busy", "-1"));
	for (i = 0; i < 10; i++) {
		nonce_make(self->nonce, getpid(), 10 + i);
		ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
		EXPECT_EQ(-ETIMEDOUT, entry_read(&self->entry, "outblob",
						 self->out, BLOB_MAX));
		EXPECT_STREQ("pending", vmpck_state(self->vmpck));
	}
	EXPECT_EQ(self->messages, emu_stat("stat_snp_messages"));
	ASSERT_EQ(0, snp_be_honest());
	EXPECT_SOUND(snp_get_report(&self->entry, 3, self->out));
	EXPECT_EQ(self->messages + 2, emu_stat("stat_snp_messages"));
}

TEST_F_TIMEOUT(busy, host_is_exitinfo2_of_an_ioctl_that_times_out, 60)
{
	struct snp_report_req req = { .vmpl = SNP_PRIVLEVEL_MAX };
	struct snp_report_resp resp;
	uint64_t exitinfo2;

	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, driver_set("snp_timeout_ms", "100"));
	ASSERT_EQ(0, emu_set("snp_busy", "-1"));
	EXPECT_EQ(-ETIMEDOUT, sev_report(&req, &resp, &exitinfo2));
	EXPECT_EQ(VMM_BUSY, exitinfo2);
	EXPECT_TRUE(all_zero(&resp, sizeof(resp)));
	ASSERT_EQ(0, snp_be_honest());
	EXPECT_EQ(0, sev_report(&req, &resp, &exitinfo2));
	EXPECT_EQ(0, exitinfo2);
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* How long a reader takes to go, or -1 if it does not. */
static long kill_ms(struct reader *reader)
{
	const long start = now_ms();
	int status;

	if (kill(reader->pid, SIGKILL))
		return -1;
	while (waitpid(reader->pid, &status, WNOHANG) == 0) {
		if (now_ms() > start + 1000 * PATIENCE_S)
			return -1;
	}
	reader->pid = 0;
	return now_ms() - start;
}

static int by_size(const void *a, const void *b)
{
	const long *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

TEST_F_TIMEOUT(busy, host_does_not_keep_a_killed_caller, 120)
{
	long took[KILLS];
	int i;

	SKIP_UNLESS_REPAIRED();
	for (i = 0; i < KILLS; i++) {
		ASSERT_EQ(0, reader_start_throttled(&self->reader,
						    &self->entry));
		/* into one nap after the other, which get longer */
		usleep(150000 * i);
		took[i] = kill_ms(&self->reader);
		ASSERT_LE(0, took[i]);
		reader_free(&self->reader);
	}
	qsort(took, KILLS, sizeof(*took), by_size);
	TH_LOG("killed callers took %ld to %ld ms, %ld in the middle", took[0],
	       took[KILLS - 1], took[KILLS / 2]);
	EXPECT_GE(KILLED_MS, took[KILLS / 2]);
	EXPECT_GE(KILLED_MAX_MS, took[KILLS - 1]);
}

TEST_F_TIMEOUT(busy, host_does_not_keep_a_killed_ioctl, 60)
{
	const long busy = emu_stat("stat_snp_busy");

	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, emu_set("snp_busy", "-1"));
	ASSERT_EQ(0, reader_start_ioctl(&self->reader, self->nonce));
	ASSERT_EQ(0, host_throttles(busy));
	EXPECT_GE(KILLED_MAX_MS, kill_ms(&self->reader));
	ASSERT_EQ(0, snp_be_honest());
	EXPECT_SOUND(snp_get_report(&self->entry, 3, self->out));
}

TEST_F_TIMEOUT(busy, message_of_a_killed_caller_is_completed_and_dropped, 60)
{
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, message_abandon(&self->entry));
	if (channel_is_ours()) {
		EXPECT_STREQ("pending", vmpck_state(self->vmpck));
		EXPECT_EQ(self->messages, emu_stat("stat_snp_messages"));
	}
	EXPECT_SOUND(snp_get_report(&self->other, 2, self->out));
	/* that of the killed one, and that of the one who came after it */
	EXPECT_EQ(self->messages + 2, emu_stat("stat_snp_messages"));
	EXPECT_STREQ("ready", vmpck_state(self->vmpck));
	EXPECT_SOUND(snp_get_report(&self->entry, 3, self->out));
	EXPECT_EQ(self->messages + 3, emu_stat("stat_snp_messages"));
}

/* It finds its own question, which the host has seen, and asks it anew. */
TEST_F_TIMEOUT(busy, message_of_a_killed_caller_is_not_taken_for_the_next, 60)
{
	ssize_t len;

	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, message_abandon(&self->entry));
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	EXPECT_SOUND(snp_report_check(self->out, len, self->nonce));
	EXPECT_EQ(self->messages + 2, emu_stat("stat_snp_messages"));
}

TEST_F_TIMEOUT(busy, callers_who_are_killed_one_after_the_other_leave_one, 60)
{
	int i;

	SKIP_UNLESS_OWN_CHANNEL();
	for (i = 0; i < 10; i++)
		ASSERT_EQ(0, message_abandon(&self->entry));
	EXPECT_STREQ("pending", vmpck_state(self->vmpck));
	EXPECT_SOUND(snp_get_report(&self->other, 2, self->out));
	EXPECT_EQ(self->messages + 2, emu_stat("stat_snp_messages"));
}

TEST_F_TIMEOUT(busy, waiter_for_its_turn_can_be_killed_alone, 60)
{
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, reader_start_throttled(&self->reader, &self->entry));
	ASSERT_EQ(0, reader_start(&self->second, &self->other, "outblob"));
	EXPECT_TRUE(reader_sleeps(&self->second));
	EXPECT_GE(KILLED_MAX_MS, kill_ms(&self->second));
	EXPECT_FALSE(reader_is_done(&self->reader));

	ASSERT_EQ(0, emu_set("snp_busy", "0"));
	EXPECT_SOUND(reader_report(&self->reader, self->nonce));
	EXPECT_EQ(self->messages + 1, emu_stat("stat_snp_messages"));
}

TEST_F_TIMEOUT(busy, waiter_gets_its_turn_when_the_first_is_killed, 60)
{
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, reader_start_throttled(&self->reader, &self->entry));
	ASSERT_EQ(0, reader_start(&self->second, &self->other, "outblob"));
	EXPECT_TRUE(reader_sleeps(&self->second));
	EXPECT_TRUE(reader_dies(&self->reader, SIGKILL));
	EXPECT_FALSE(reader_is_done(&self->second));

	ASSERT_EQ(0, emu_set("snp_busy", "0"));
	EXPECT_SOUND(reader_report(&self->second, self->other_nonce));
	EXPECT_EQ(self->messages + 2, emu_stat("stat_snp_messages"));
}

TEST_F_TIMEOUT(busy, waiter_for_its_turn_times_out_too, 60)
{
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, reader_start_throttled(&self->reader, &self->entry));
	ASSERT_EQ(0, driver_set("snp_timeout_ms", "200"));
	EXPECT_EQ(-ETIMEDOUT, entry_read(&self->other, "outblob", self->out,
					 BLOB_MAX));
	ASSERT_EQ(0, snp_be_honest());
	/* the first began when there was more time, or it is asked once more */
	if (reader_finish(&self->reader) != -ETIMEDOUT)
		EXPECT_SOUND(reader_report(&self->reader, self->nonce));
}

/* A slow host delays nobody who does not ask it. */
TEST_F_TIMEOUT(busy, host_is_in_nobodys_way_who_does_not_ask_it, 60)
{
	char text[64];

	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, reader_start_throttled(&self->reader, &self->entry));
	EXPECT_EQ(1, entry_generation(&self->other));
	EXPECT_EQ(10, entry_read(&self->other, "provider", text, sizeof(text)));
	EXPECT_EQ(0, entry_ask(&self->other, self->nonce, NONCE_LEN));
	EXPECT_EQ(0, entry_set(&self->other, "privlevel", "3"));
	EXPECT_EQ(3, entry_generation(&self->other));
	EXPECT_EQ(self->vmpck, vmpck_active());
	EXPECT_EQ(0, entry_remove(&self->other));
	EXPECT_EQ(0, entry_renew(&self->other, "ksft-snp-busy-2"));
	EXPECT_FALSE(reader_is_done(&self->reader));
	EXPECT_TRUE(reader_dies(&self->reader, SIGKILL));
}

TEST_F_TIMEOUT(busy, firmware_does_not_keep_a_killed_caller_for_long, 60)
{
	SKIP_UNLESS_OWN_CHANNEL();
	/* inside of the hypercall nobody can do anything */
	ASSERT_EQ(0, emu_set("snp_delay_ms", "200"));
	ASSERT_EQ(0, reader_start(&self->reader, &self->entry, "outblob"));
	EXPECT_TRUE(reader_dies(&self->reader, SIGKILL) ||
		    reader_finish(&self->reader) == SNP_REPORT_LEN);
	ASSERT_EQ(0, snp_be_honest());
	EXPECT_SOUND(snp_get_report(&self->other, 2, self->out));
}

TEST_F(busy, timeout_is_a_number_of_milliseconds)
{
	SKIP_UNLESS_REPAIRED();
	EXPECT_EQ(60000, driver_stat("snp_timeout_ms"));
	EXPECT_EQ(-EINVAL, driver_set("snp_timeout_ms", "soon"));
	EXPECT_EQ(60000, driver_stat("snp_timeout_ms"));
	EXPECT_EQ(0, driver_set("snp_timeout_ms", "1234"));
	EXPECT_EQ(1234, driver_stat("snp_timeout_ms"));
}

TEST_HARNESS_MAIN
