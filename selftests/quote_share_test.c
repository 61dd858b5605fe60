// SPDX-License-Identifier: MIT
/*
 * Several readers of one item share one request to the host, and its error: a
 * host that fails is asked once, not by each of them in turn.
 */
#include "kselftest_harness.h"

#include "emu.h"
#include "quote.h"
#include "reader.h"
#include "report.h"

#define READERS		5

struct crowd {
	struct entry entry;
	struct reader reader[READERS];
	uint8_t nonce[NONCE_LEN];
	long hypercalls;
	long violations;
};

static int crowd_init(struct crowd *crowd)
{
	int ret = emu_reset();

	if (ret)
		return ret;
	crowd->violations = emu_stat("stat_violations");
	crowd->hypercalls = emu_stat("stat_hypercalls");
	nonce_make(crowd->nonce, getpid(), 1);
	ret = entry_renew(&crowd->entry, "ksft-share");
	if (ret)
		return ret;
	return entry_ask(&crowd->entry, crowd->nonce, NONCE_LEN);
}

/* Half of them want the other blob: it is the same request. */
static const char *blob_of(int reader)
{
	return reader % 2 ? "auxblob" : "outblob";
}

/*
 * 0 if the first reader's request is with the host and the others wait for it;
 * -EAGAIN if that took so long that the host has answered.
 */
static int crowd_gather(struct crowd *crowd)
{
	const long inflight = emu_stat("stat_inflight");
	int i, ret;

	for (i = 0; i < READERS; i++) {
		ret = reader_start(&crowd->reader[i], &crowd->entry,
				   blob_of(i));
		if (ret)
			return ret;
		if (!i && !emu_reaches("stat_inflight", inflight + 1))
			return -ETIMEDOUT;
	}
	for (i = 1; i < READERS; i++)
		if (!reader_sleeps(&crowd->reader[i]))
			return -ETIMEDOUT;
	return reader_is_done(&crowd->reader[0]) ? -EAGAIN : 0;
}

FIXTURE(failure)
{
	struct crowd crowd;
	uint8_t out[BLOB_MAX];
};

FIXTURE_VARIANT(failure)
{
	const char *knob;
	const char *value;
	int err;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(failure, host_says_error) {
	.knob = "quote_status", .value = QUOTE_ERROR, .err = EIO,
};

FIXTURE_VARIANT_ADD(failure, host_says_service_unavailable) {
	.knob = "quote_status", .value = QUOTE_UNAVAILABLE,
	.err = EHOSTUNREACH,
};

FIXTURE_VARIANT_ADD(failure, host_claims_too_long_a_quote) {
	.knob = "quote_out_len", .value = "131049", .err = EFBIG,
};

FIXTURE_VARIANT_ADD(failure, host_never_answers) {
	.knob = "quote_never", .value = "-1", .err = ETIMEDOUT,
};
/* clang-format on */

FIXTURE_SETUP(failure)
{
	SKIP_WITHOUT_REPORT();
	SKIP_WITHOUT_EMULATOR();
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, crowd_init(&self->crowd));
	/* time for all of them to come, but no longer than that */
	ASSERT_EQ(0, driver_set("quote_timeout_ms", "2000"));
	ASSERT_EQ(0, emu_set("quote_delay_ms", "1500"));
	ASSERT_EQ(0, emu_set(variant->knob, variant->value));
	ASSERT_EQ(0, crowd_gather(&self->crowd));
}

FIXTURE_TEARDOWN(failure)
{
	EXPECT_NO_VIOLATION_SINCE(self->crowd.violations);
	EXPECT_EQ(0, emu_reset());
	EXPECT_EQ(0, entry_remove(&self->crowd.entry));
}

TEST_F_TIMEOUT(failure, is_that_of_all_who_waited_and_asked_for_once, 60)
{
	struct crowd *crowd = &self->crowd;
	ssize_t len;
	int i;

	for (i = 0; i < READERS; i++)
		EXPECT_EQ(-variant->err, reader_finish(&crowd->reader[i]));
	EXPECT_EQ(crowd->hypercalls + 1, emu_stat("stat_hypercalls"));

	/* and of nobody who comes later */
	ASSERT_EQ(0, emu_reset());
	len = entry_read(&crowd->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	EXPECT_SOUND(quote_check(self->out, len, crowd->nonce));
	EXPECT_EQ(crowd->hypercalls + 2, emu_stat("stat_hypercalls"));
}

FIXTURE(success)
{
	struct crowd crowd;
};

FIXTURE_SETUP(success)
{
	SKIP_WITHOUT_REPORT();
	SKIP_WITHOUT_EMULATOR();
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, crowd_init(&self->crowd));
	ASSERT_EQ(0, emu_set("quote_never", "1"));
	ASSERT_EQ(0, crowd_gather(&self->crowd));
}

FIXTURE_TEARDOWN(success)
{
	EXPECT_NO_VIOLATION_SINCE(self->crowd.violations);
	EXPECT_EQ(0, emu_reset());
	EXPECT_EQ(0, entry_remove(&self->crowd.entry));
}

/* What is wrong with what a reader got, or NULL. */
static const char *crowd_check(struct crowd *crowd, int reader)
{
	if (!strcmp(blob_of(reader), "outblob"))
		return reader_check(&crowd->reader[reader], crowd->nonce);
	return reader_finish(&crowd->reader[reader]) > 0 ? NULL : "no chain";
}

TEST_F_TIMEOUT(success, is_that_of_all_who_waited_and_asked_for_once, 60)
{
	int i;

	ASSERT_EQ(0, emu_set("quote_release", "1"));
	for (i = 0; i < READERS; i++)
		EXPECT_SOUND(crowd_check(&self->crowd, i));
	EXPECT_EQ(self->crowd.hypercalls + 1, emu_stat("stat_hypercalls"));
}

/* That it was killed is its own affair: the host did not fail. */
TEST_F_TIMEOUT(success, is_asked_for_once_more_if_who_asked_is_killed, 60)
{
	int i;

	ASSERT_TRUE(reader_dies(&self->crowd.reader[0], SIGKILL));
	for (i = 1; i < READERS; i++)
		EXPECT_SOUND(crowd_check(&self->crowd, i));
	EXPECT_EQ(self->crowd.hypercalls + 2, emu_stat("stat_hypercalls"));
}

TEST_F_TIMEOUT(success, comes_to_those_left_if_others_are_killed, 60)
{
	int i;

	for (i = 1; i < READERS; i += 2)
		ASSERT_TRUE(reader_dies(&self->crowd.reader[i], SIGKILL));
	ASSERT_EQ(0, emu_set("quote_release", "1"));
	for (i = 0; i < READERS; i += 2)
		EXPECT_SOUND(crowd_check(&self->crowd, i));
	EXPECT_EQ(self->crowd.hypercalls + 1, emu_stat("stat_hypercalls"));
}

TEST_HARNESS_MAIN
