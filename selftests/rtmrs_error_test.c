// SPDX-License-Identifier: MIT
/*
 * configfs tsm/rtmrs: extends that fail, in which order they are found to, and
 * that nothing is lost or recorded by it.
 */
#include "kselftest_harness.h"

#include "eventlog.h"
#include "rtmrs.h"

/* Why an extend with pending event data fails; after that they still pend. */
FIXTURE(failed)
{
	struct mark mark;
	struct entry entry;
	ssize_t logged;
	long extends;
};

FIXTURE_VARIANT(failed)
{
	unsigned int index;
	const char *knob;
	const char *value;
	const char *log_max_kb;
	int err;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(failed, register_0) {
	.index = 0, .err = EPERM,
};

FIXTURE_VARIANT_ADD(failed, register_1_before_a_full_log) {
	.index = 1, .log_max_kb = "0", .err = EPERM,
};

FIXTURE_VARIANT_ADD(failed, full_log_before_a_failing_tdx_module) {
	.index = 3, .log_max_kb = "0", .knob = "rtmr_status",
	.value = FATAL_STATUS, .err = ENOSPC,
};

FIXTURE_VARIANT_ADD(failed, busy_tdx_module) {
	.index = 3, .knob = "rtmr_busy", .value = "-1", .err = EBUSY,
};

FIXTURE_VARIANT_ADD(failed, refused_operand) {
	.index = 3, .knob = "rtmr_status", .value = OPERAND_INVALID_RDX,
	.err = ENXIO,
};

FIXTURE_VARIANT_ADD(failed, failing_tdx_module) {
	.index = 3, .knob = "rtmr_status", .value = FATAL_STATUS, .err = EIO,
};
/* clang-format on */

FIXTURE_SETUP(failed)
{
	SKIP_WITHOUT_RTMRS();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, emu_reset());
	ASSERT_EQ(0, mark_set(&self->mark));
	rtmrs_sweep();
	ASSERT_EQ(0, rtmr_make_for(&self->entry, "ksft-failed",
				   variant->index));
	ASSERT_EQ(0, entry_set(&self->entry, "event", "abc"));
	if (variant->log_max_kb)
		ASSERT_EQ(0, driver_set("log_max_kb", variant->log_max_kb));
	if (variant->knob)
		ASSERT_EQ(0, emu_set(variant->knob, variant->value));
	self->logged = log_size();
	self->extends = emu_stat("stat_extends");
}

FIXTURE_TEARDOWN(failed)
{
	EXPECT_EQ(0, emu_reset());
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_SOUND(log_explains_since(&self->mark));
}

TEST_F_TIMEOUT(failed, extend_says_so_in_the_order_of_the_checks, 60)
{
	const uint8_t digest[RTMR_LEN] = { 1 };
	char other[2 * RTMR_LEN + 1];

	EXPECT_EQ(-EINVAL, entry_set(&self->entry, "measure", "2"));
	bytes_to_hex(other, digest, RTMR_LEN);
	EXPECT_EQ(-EBADMSG, entry_set(&self->entry, "measure", other));
	EXPECT_EQ(-variant->err, entry_set(&self->entry, "measure", "1"));
	EXPECT_EQ(-variant->err, rtmr_last_error(&self->entry));
	EXPECT_EQ(-variant->err, rtmr_write_digest(&self->entry, digest,
						   RTMR_LEN));
	EXPECT_EQ(-EINVAL, rtmr_write_digest(&self->entry, digest, 47));
	EXPECT_EQ(self->logged, log_size());
	EXPECT_EQ(self->extends, emu_stat("stat_extends"));
}

TEST_F_TIMEOUT(failed, extend_leaves_its_event_data_for_the_next, 60)
{
	const bool denied = variant->err == EPERM;

	EXPECT_EQ(-variant->err, entry_set(&self->entry, "measure", "1"));
	EXPECT_EQ(0, emu_reset());
	EXPECT_EQ(denied ? -EPERM : 0, entry_set(&self->entry, "measure", "1"));
	EXPECT_EQ(denied ? 0 : RECORD_HEAD + 3, log_size() - self->logged);
	EXPECT_EQ(denied ? -EPERM : -ENODATA,
		  entry_set(&self->entry, "measure", "1"));
}

TEST_F(failed, checks_come_after_index_and_event_data)
{
	struct entry fresh;

	ASSERT_EQ(0, rtmr_make(&fresh, "ksft-fresh"));
	EXPECT_EQ(-EINVAL, entry_set(&fresh, "measure", "2"));
	EXPECT_EQ(-ENXIO, entry_set(&fresh, "measure", "1"));
	ASSERT_EQ(0, entry_set(&fresh, "index", "2"));
	EXPECT_EQ(-ENODATA, entry_set(&fresh, "measure", "1"));
	EXPECT_EQ(0, entry_remove(&fresh));
}

TEST_HARNESS_MAIN
