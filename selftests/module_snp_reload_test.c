// SPDX-License-Identifier: MIT
/*
 * Unloading tsm_guest.ko in the middle of something, and loading it again: what
 * the host has seen under an IV is not forgotten with the module.
 *
 * Needs TSM_MODULE, the path of the module, and an SNP guest without a driver.
 */
#include "kselftest_harness.h"

#include "module_snp.h"

FIXTURE(reload)
{
	const char *path;
	struct entry entry;
	struct reader reader;
	uint8_t nonce[NONCE_LEN];
	uint8_t out[BLOB_MAX];
	int own;
	long messages;
	long shared;
	long violations;
};

FIXTURE_SETUP(reload)
{
	self->path = getenv("TSM_MODULE");
	SKIP_UNLESS_LOADABLE(self->path);
	setenv("TSM_DRIVER", "tsm_guest", 1);
	ASSERT_EQ(0, snp_reset());
	self->own = snp_vmpl();
	self->violations = emu_stat("stat_violations");
	self->shared = emu_stat("stat_shared_pages");
	ASSERT_EQ(0, module_load(self->path, ""));
	ASSERT_SOUND(snp_one_report(0, self->out));
	nonce_make(self->nonce, getpid(), 1);
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-reload"));
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	self->messages = emu_stat("stat_snp_messages");
}

FIXTURE_TEARDOWN(reload)
{
	EXPECT_NO_IV_REUSE();
	if (module_is_loaded(MODULE_NAME)) {
		entry_remove(&self->entry);
		EXPECT_EQ(0, snp_be_honest());
		EXPECT_EQ(0, snp_unload());
	}
	/* what a message without its ciphertext has blocked ends with its key */
	EXPECT_EQ(0, snp_renew_keys());
	EXPECT_EQ(self->shared, emu_stat("stat_shared_pages"));
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
}

static int reload(const char *path)
{
	int ret = snp_unload();

	return ret ? ret : module_load(path, "");
}

/*
 * Works, or a state says why not and another key works: a message whose
 * ciphertext is gone with the module leaves the firmware waiting for it.
 */
static const char *works_or_says_why(int own, uint8_t *out)
{
	const char *wrong = snp_one_report(5, out);
	const char *state;

	if (!wrong)
		return NULL;
	state = vmpck_state(own);
	if (!strcmp(state, "ready") || !strcmp(state, "unused"))
		return wrong;
	if (own == SNP_PRIVLEVEL_MAX)
		return NULL;
	if (vmpck_use(own + 1))
		return "cannot be moved to another key";
	return snp_one_report(6, out);
}

TEST_F_TIMEOUT(reload, in_between_goes_on_where_it_was, 60)
{
	const long seqno = psp_seqno(self->own);
	int i;

	ASSERT_EQ(0, entry_remove(&self->entry));
	for (i = 1; i <= 5; i++) {
		ASSERT_EQ(0, reload(self->path));
		ASSERT_SOUND(snp_one_report(i, self->out));
		EXPECT_EQ(seqno + 2 * i, psp_seqno(self->own));
	}
}

/* The host is honest when the module goes: it can leave nothing behind. */
TEST_F_TIMEOUT(reload, after_a_killed_caller_works_with_an_honest_host, 60)
{
	ASSERT_EQ(0, message_abandon(&self->entry));
	ASSERT_EQ(0, entry_remove(&self->entry));
	ASSERT_EQ(0, reload(self->path));
	EXPECT_SOUND(snp_one_report(1, self->out));
	EXPECT_EQ(self->messages + 2, emu_stat("stat_snp_messages"));
	EXPECT_STREQ("ready", vmpck_state(self->own));
}

TEST_F_TIMEOUT(reload, while_the_host_throttles_uses_no_iv_twice, 120)
{
	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, driver_set("snp_timeout_ms", "500"));
	ASSERT_EQ(0, message_abandon(&self->entry));
	ASSERT_EQ(0, entry_remove(&self->entry));
	ASSERT_EQ(0, emu_set("snp_busy", "-1"));
	ASSERT_EQ(0, reload(self->path));
	ASSERT_EQ(0, snp_be_honest());
	EXPECT_SOUND(works_or_says_why(self->own, self->out));
	EXPECT_NO_IV_REUSE();
}

TEST_F_TIMEOUT(reload, while_the_host_refuses_uses_no_iv_twice, 120)
{
	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, emu_set("snp_error", "0x16"));
	ASSERT_EQ(0, emu_set("snp_error_count", "-1"));
	EXPECT_EQ(-EIO, entry_read(&self->entry, "outblob", self->out,
				   BLOB_MAX));
	EXPECT_EQ(-EIO, entry_read(&self->entry, "outblob", self->out,
				   BLOB_MAX));
	ASSERT_EQ(0, entry_remove(&self->entry));
	ASSERT_EQ(0, reload(self->path));
	ASSERT_EQ(0, snp_be_honest());
	EXPECT_SOUND(works_or_says_why(self->own, self->out));
	EXPECT_NO_IV_REUSE();
}

TEST_F_TIMEOUT(reload, after_a_lost_response_works, 60)
{
	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, emu_set("snp_lose", "1"));
	EXPECT_EQ(-EBADMSG, entry_read(&self->entry, "outblob", self->out,
				       BLOB_MAX));
	ASSERT_EQ(0, entry_remove(&self->entry));
	ASSERT_EQ(0, reload(self->path));
	EXPECT_SOUND(works_or_says_why(self->own, self->out));
	EXPECT_NO_IV_REUSE();
}

TEST_F_TIMEOUT(reload, many_times_in_a_storm_uses_no_iv_twice, 300)
{
	static const char *const counts[] = {
		"snp_error_count", "snp_lose", "snp_replay", "snp_flip_count",
	};
	int i;

	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, entry_remove(&self->entry));
	for (i = 0; i < 16; i++) {
		ASSERT_EQ(0, driver_set("snp_timeout_ms", "200"));
		ASSERT_EQ(0, emu_set("snp_error", i & 4 ? "0x16" : "0x0"));
		ASSERT_EQ(0, emu_set("snp_flip", "512"));
		ASSERT_EQ(0, emu_set(counts[i % 4], i & 8 ? "-1" : "2"));
		ASSERT_EQ(0, entry_renew(&self->entry, "ksft-reload"));
		snp_get_report(&self->entry, i, self->out);
		snp_get_report(&self->entry, i, self->out);
		ASSERT_EQ(0, entry_remove(&self->entry));
		ASSERT_EQ(0, reload(self->path));
		EXPECT_NO_IV_REUSE();
		ASSERT_EQ(0, emu_set(counts[i % 4], "0"));
		EXPECT_SOUND(works_or_says_why(self->own, self->out));
		EXPECT_NO_IV_REUSE();
		/* with a new key, if this one had to be left */
		ASSERT_EQ(0, snp_renew_keys());
		ASSERT_EQ(0, snp_reset());
		EXPECT_SOUND(snp_one_report(i, self->out));
	}
}

/* The module waits for nobody who is gone; it may finish what he began. */
TEST_F_TIMEOUT(reload, is_not_kept_waiting_by_a_killed_caller, 120)
{
	const time_t start = time(NULL);

	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, driver_set("snp_timeout_ms", "500"));
	ASSERT_EQ(0, message_abandon(&self->entry));
	ASSERT_EQ(0, emu_set("snp_busy", "-1"));
	ASSERT_EQ(0, entry_remove(&self->entry));
	ASSERT_EQ(0, snp_unload());
	EXPECT_GE(start + PATIENCE_S, time(NULL));
	EXPECT_EQ(self->shared, emu_stat("stat_shared_pages"));
	ASSERT_EQ(0, emu_set("snp_busy", "0"));
}

/* The kernel's channel cannot be stopped; it comes back within a minute. */
TEST_F_TIMEOUT(reload, has_to_wait_for_a_request_that_the_kernel_holds, 120)
{
	int ret;

	if (channel_is_ours())
		SKIP(return, "the channel is ours, which can be stopped");
	ASSERT_EQ(0, reader_start_throttled(&self->reader, &self->entry));
	EXPECT_TRUE(reader_dies(&self->reader, SIGKILL));
	ASSERT_EQ(0, entry_remove(&self->entry));
	ret = module_unload(MODULE_NAME);
	EXPECT_TRUE(ret == -EWOULDBLOCK || ret == -EBUSY);
	ASSERT_EQ(0, emu_set("snp_busy", "0"));
	EXPECT_EQ(0, snp_unload());
}

TEST_HARNESS_MAIN
