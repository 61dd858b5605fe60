// SPDX-License-Identifier: MIT
/*
 * Many callers at once, by configfs and by ioctl, some of whom are killed:
 * everybody gets the report for his own nonce.
 */
#include "kselftest_harness.h"

#include "snp_emu.h"

#define CALLERS		16
#define CALLS		8

FIXTURE(crowd)
{
	struct entry entry[CALLERS];
	struct reader reader[CALLERS];
	uint8_t nonce[CALLERS][NONCE_LEN];
	uint8_t out[BLOB_MAX];
	long messages;
	long violations;
};

FIXTURE_SETUP(crowd)
{
	char name[32];
	int i;

	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	for (i = 0; i < CALLERS; i++) {
		snprintf(name, sizeof(name), "ksft-crowd-%d", i);
		ASSERT_EQ(0, entry_renew(&self->entry[i], name));
		ASSERT_EQ(0, entry_use_floor(&self->entry[i]));
		nonce_make(self->nonce[i], getpid(), i);
		ASSERT_EQ(0, entry_ask(&self->entry[i], self->nonce[i],
				       NONCE_LEN));
	}
	ASSERT_SOUND(snp_get_report(&self->entry[0], 99, self->out));
	ASSERT_EQ(0, entry_ask(&self->entry[0], self->nonce[0], NONCE_LEN));
	self->messages = emu_stat("stat_snp_messages");
}

FIXTURE_TEARDOWN(crowd)
{
	int i;

	EXPECT_EQ(0, snp_reset());
	EXPECT_SOUND(snp_get_report(&self->entry[0], 99, self->out));
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	for (i = 0; i < CALLERS; i++)
		EXPECT_EQ(0, entry_remove(&self->entry[i]));
}

TEST_F_TIMEOUT(crowd, of_sixteen_entries_gets_sixteen_reports, 60)
{
	int i;

	for (i = 0; i < CALLERS; i++)
		ASSERT_EQ(0, reader_start(&self->reader[i], &self->entry[i],
					  "outblob"));
	for (i = 0; i < CALLERS; i++)
		EXPECT_SOUND(reader_report(&self->reader[i], self->nonce[i]));
	EXPECT_EQ(self->messages + CALLERS, emu_stat("stat_snp_messages"));
}

TEST_F_TIMEOUT(crowd, of_sixteen_ioctls_gets_sixteen_reports, 60)
{
	int i;

	for (i = 0; i < CALLERS; i++)
		ASSERT_EQ(0, reader_start_ioctl(&self->reader[i],
						self->nonce[i]));
	for (i = 0; i < CALLERS; i++)
		EXPECT_SOUND(reader_report(&self->reader[i], self->nonce[i]));
	EXPECT_EQ(self->messages + CALLERS, emu_stat("stat_snp_messages"));
}

TEST_F_TIMEOUT(crowd, of_readers_of_one_entry_shares_one_report, 60)
{
	int i;

	for (i = 0; i < CALLERS; i++)
		ASSERT_EQ(0, reader_start(&self->reader[i], &self->entry[0],
					  "outblob"));
	for (i = 0; i < CALLERS; i++)
		EXPECT_SOUND(reader_report(&self->reader[i], self->nonce[0]));
	EXPECT_EQ(self->messages + 1, emu_stat("stat_snp_messages"));
}

/* How many of a process's calls did not give the report that was asked for. */
static int call_often(const struct entry *entry, int caller)
{
	struct snp_report_req req = { .vmpl = SNP_PRIVLEVEL_MAX };
	struct snp_report_resp resp;
	uint8_t out[SNP_REPORT_LEN];
	uint64_t exitinfo2;
	int i, wrong = 0;
	ssize_t len;

	for (i = 0; i < CALLS; i++) {
		nonce_make(req.user_data, caller, i);
		if (i % 2) {
			len = sev_report(&req, &resp, &exitinfo2);
			wrong += len || snp_report_check(resp.report,
							 SNP_REPORT_LEN,
							 req.user_data);
			continue;
		}
		len = entry_ask(entry, req.user_data, NONCE_LEN);
		if (!len)
			len = entry_read(entry, "outblob", out, sizeof(out));
		wrong += snp_report_check(out, len, req.user_data) != NULL;
	}
	return wrong;
}

TEST_F_TIMEOUT(crowd, that_asks_again_and_again_both_ways_is_kept_apart, 120)
{
	pid_t child[CALLERS];
	int i, status;

	for (i = 0; i < CALLERS; i++) {
		child[i] = fork();
		ASSERT_LE(0, child[i]);
		if (!child[i])
			_exit(call_often(&self->entry[i], i));
	}
	for (i = 0; i < CALLERS; i++) {
		ASSERT_EQ(child[i], waitpid(child[i], &status, 0));
		EXPECT_EQ(0, status);
	}
	EXPECT_EQ(self->messages + CALLERS * CALLS,
		  emu_stat("stat_snp_messages"));
}

TEST_F_TIMEOUT(crowd, is_served_by_a_host_that_throttles, 120)
{
	int i;

	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, emu_set("snp_busy", "8"));
	for (i = 0; i < CALLERS; i++)
		ASSERT_EQ(0, reader_start(&self->reader[i], &self->entry[i],
					  "outblob"));
	for (i = 0; i < CALLERS; i++)
		EXPECT_SOUND(reader_report(&self->reader[i], self->nonce[i]));
	EXPECT_EQ(self->messages + CALLERS, emu_stat("stat_snp_messages"));
}

/* Half of a queue is killed, from its head on; the other half is served. */
TEST_F_TIMEOUT(crowd, that_is_killed_by_half_is_served_by_half, 120)
{
	int i;

	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, reader_start_throttled(&self->reader[0],
					    &self->entry[0]));
	for (i = 1; i < CALLERS; i++) {
		ASSERT_EQ(0, i % 2 ? reader_start(&self->reader[i],
						  &self->entry[i], "outblob") :
				     reader_start_ioctl(&self->reader[i],
							self->nonce[i]));
		EXPECT_TRUE(reader_sleeps(&self->reader[i]));
	}
	for (i = 0; i < CALLERS / 2; i++)
		EXPECT_TRUE(reader_dies(&self->reader[i], SIGKILL));
	ASSERT_EQ(0, emu_set("snp_busy", "0"));
	for (; i < CALLERS; i++)
		EXPECT_SOUND(reader_report(&self->reader[i], self->nonce[i]));
	/* and the message that the first of them had under way */
	EXPECT_LE(self->messages + CALLERS / 2 + 1,
		  emu_stat("stat_snp_messages"));
	if (channel_is_ours())
		EXPECT_EQ(self->messages + CALLERS / 2 + 1,
			  emu_stat("stat_snp_messages"));
}

/* One error is one caller's: the others behind it are served. */
TEST_F_TIMEOUT(crowd, has_one_caller_with_an_error_if_there_was_one, 120)
{
	int i, errors = 0;

	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, emu_set("snp_error", "0x16"));
	ASSERT_EQ(0, emu_set("snp_error_count", "1"));
	for (i = 0; i < CALLERS; i++)
		ASSERT_EQ(0, reader_start(&self->reader[i], &self->entry[i],
					  "outblob"));
	for (i = 0; i < CALLERS; i++) {
		if (reader_finish(&self->reader[i]) == -EIO)
			errors++;
		else
			EXPECT_SOUND(reader_report(&self->reader[i],
						   self->nonce[i]));
	}
	EXPECT_EQ(1, errors);
	EXPECT_EQ(self->messages + CALLERS, emu_stat("stat_snp_messages"));
}

TEST_F_TIMEOUT(crowd, survives_losses_replays_and_lies_in_between, 120)
{
	static const char *const knobs[] = {
		"snp_lose", "snp_replay", "snp_flip_count", "snp_error_count",
	};
	int i, n, errors = 0;

	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, emu_set("snp_error", "0x300000000"));
	ASSERT_EQ(0, emu_set("snp_flip", "800"));
	for (n = 0; n < 4; n++) {
		for (i = 0; i < CALLERS; i++)
			ASSERT_EQ(0, reader_start_ioctl(&self->reader[i],
							self->nonce[i]));
		ASSERT_EQ(0, emu_set(knobs[n], "3"));
		for (i = 0; i < CALLERS; i++) {
			if (reader_finish(&self->reader[i]) < 0)
				errors++;
			else
				EXPECT_SOUND(reader_report(&self->reader[i],
							   self->nonce[i]));
			reader_free(&self->reader[i]);
		}
		EXPECT_NO_IV_REUSE();
	}
	TH_LOG("%d of %d callers got an error", errors, 4 * CALLERS);
	EXPECT_GE(4 * 3, errors);
}

/*
 * The key changes under their feet, and with it the level of their reports,
 * which none of them chose: it must be that of a key, not an error.
 */
TEST_F_TIMEOUT(crowd, is_served_while_the_key_is_changed, 120)
{
	pid_t child[4];
	int i, status, own;

	SKIP_UNLESS_REPAIRED();
	own = snp_vmpl();
	if (own == SNP_PRIVLEVEL_MAX)
		SKIP(return, "this guest has one key only");
	for (i = 0; i < 4; i++) {
		child[i] = fork();
		ASSERT_LE(0, child[i]);
		if (!child[i])
			_exit(call_often(&self->entry[i], i));
	}
	for (i = 0; i < 200; i++) {
		ASSERT_EQ(0, vmpck_use(own + i % 2));
		nap();
	}
	for (i = 0; i < 4; i++) {
		ASSERT_EQ(child[i], waitpid(child[i], &status, 0));
		EXPECT_EQ(0, status);
	}
}

TEST_HARNESS_MAIN
