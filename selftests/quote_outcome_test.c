// SPDX-License-Identifier: MIT
/*
 * Each way in which a GetQuote request can end, one errno each, and that an
 * honest request works at once after it.
 */
#include "kselftest_harness.h"

#include "emu.h"
#include "quote.h"
#include "report.h"

/* The largest quote: 128 KiB less the 24-byte header (GHCI, GetQuote). */
#define QUOTE_MAX	131048

FIXTURE(outcome)
{
	struct entry entry;
	uint8_t nonce[NONCE_LEN];
	uint8_t out[BLOB_MAX];
	long hypercalls;
	long violations;
};

struct knob {
	const char *name;
	const char *value;
};

FIXTURE_VARIANT(outcome)
{
	struct knob knob;
	struct knob second;	/* optional */
	const char *timeout_ms;	/* optional */
	int err;
	/* the host still holds the buffer when the read has failed */
	bool holds;
	/* the in-tree drivers get this one right, without a warning */
	bool mainline;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(outcome, host_says_error) {
	.knob = { "quote_status", QUOTE_ERROR }, .err = EIO,
};

FIXTURE_VARIANT_ADD(outcome, host_says_service_unavailable) {
	.knob = { "quote_status", QUOTE_UNAVAILABLE }, .err = EHOSTUNREACH,
};

FIXTURE_VARIANT_ADD(outcome, host_says_a_status_just_past_the_defined_ones) {
	.knob = { "quote_status", "0x8000000000000002" }, .err = EPROTO,
};

FIXTURE_VARIANT_ADD(outcome, host_says_status_one) {
	.knob = { "quote_status", "1" }, .err = EPROTO,
};

FIXTURE_VARIANT_ADD(outcome, host_says_nearly_in_flight) {
	.knob = { "quote_status", "0xfffffffffffffffe" }, .err = EPROTO,
};

FIXTURE_VARIANT_ADD(outcome, success_without_a_quote) {
	.knob = { "quote_out_len", "0" }, .err = ENODATA,
};

FIXTURE_VARIANT_ADD(outcome, one_byte_past_the_buffer) {
	.knob = { "quote_out_len", "131049" }, .err = EFBIG,
};

FIXTURE_VARIANT_ADD(outcome, length_of_the_buffer_with_its_header) {
	.knob = { "quote_out_len", "131072" }, .err = EFBIG,
};

FIXTURE_VARIANT_ADD(outcome, length_that_wraps_when_the_header_is_added) {
	.knob = { "quote_out_len", "4294967295" }, .err = EFBIG,
};

FIXTURE_VARIANT_ADD(outcome, error_wins_over_a_bad_length) {
	.knob = { "quote_status", QUOTE_ERROR },
	.second = { "quote_out_len", "4294967295" }, .err = EIO,
};

FIXTURE_VARIANT_ADD(outcome, unknown_status_wins_over_no_quote) {
	.knob = { "quote_status", "1" },
	.second = { "quote_out_len", "0" }, .err = EPROTO,
};

FIXTURE_VARIANT_ADD(outcome, host_never_answers) {
	.knob = { "quote_never", "-1" }, .timeout_ms = "300",
	.err = ETIMEDOUT, .holds = true,
};

FIXTURE_VARIANT_ADD(outcome, hypercall_says_invalid_operand) {
	.knob = { "quote_r10", "0x8000000000000000" }, .err = EIO,
	.mainline = true,
};

FIXTURE_VARIANT_ADD(outcome, hypercall_says_gpa_in_use) {
	.knob = { "quote_r10", "0x8000000000000001" }, .err = EIO,
	.mainline = true,
};

FIXTURE_VARIANT_ADD(outcome, hypercall_says_align_error) {
	.knob = { "quote_r10", "0x8000000000000002" }, .err = EIO,
	.mainline = true,
};

FIXTURE_VARIANT_ADD(outcome, hypercall_says_unsupported) {
	.knob = { "quote_r10", "0x8000000000000003" }, .err = EIO,
	.mainline = true,
};

FIXTURE_VARIANT_ADD(outcome, hypercall_says_something_undefined) {
	.knob = { "quote_r10", "0x1234" }, .err = EIO,
	.mainline = true,
};

FIXTURE_VARIANT_ADD(outcome, hypercall_says_retry_for_ever) {
	.knob = { "quote_r10", R10_RETRY }, .timeout_ms = "300",
	.err = ETIMEDOUT,
};

FIXTURE_VARIANT_ADD(outcome, tdreport_operand_is_invalid) {
	/* TDX module: 0xC0000100, here for operand RCX */
	.knob = { "tdreport_status", "0xc000010000000001" }, .err = ENXIO,
};

FIXTURE_VARIANT_ADD(outcome, tdreport_fails_otherwise) {
	.knob = { "tdreport_status", "0xc000070000000000" }, .err = EIO,
};

FIXTURE_VARIANT_ADD(outcome, tdreport_operand_stays_busy) {
	.knob = { "tdreport_busy", "-1" }, .timeout_ms = "300",
	.err = EBUSY,
};
/* clang-format on */

FIXTURE_SETUP(outcome)
{
	SKIP_WITHOUT_REPORT();
	SKIP_WITHOUT_EMULATOR();
	if (!variant->mainline)
		SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, emu_reset());
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-outcome"));
	nonce_make(self->nonce, getpid(), 1);
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));

	if (variant->timeout_ms)
		ASSERT_EQ(0, driver_set("quote_timeout_ms",
					variant->timeout_ms));
	ASSERT_EQ(0, emu_set(variant->knob.name, variant->knob.value));
	if (variant->second.name)
		ASSERT_EQ(0, emu_set(variant->second.name,
				     variant->second.value));
	self->hypercalls = emu_stat("stat_hypercalls");
}

FIXTURE_TEARDOWN(outcome)
{
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, emu_reset());
	EXPECT_EQ(0, entry_remove(&self->entry));
}

TEST_F(outcome, gives_its_errno)
{
	EXPECT_EQ(-variant->err, entry_read(&self->entry, "outblob", self->out,
					    BLOB_MAX));
	EXPECT_EQ(1, entry_generation(&self->entry));
}

TEST_F(outcome, gives_the_same_errno_for_auxblob)
{
	SKIP_UNLESS_REPAIRED();
	EXPECT_EQ(-variant->err, entry_read(&self->entry, "auxblob", self->out,
					    BLOB_MAX));
}

TEST_F(outcome, leaves_nothing_behind_for_an_honest_host)
{
	ssize_t len;

	EXPECT_EQ(-variant->err, entry_read(&self->entry, "outblob", self->out,
					    BLOB_MAX));
	if (driver_is_tsm_guest())
		EXPECT_EQ(variant->holds, driver_stat("quote_abandoned"));

	/* The timeout first: it must not hurt the honest request either. */
	ASSERT_EQ(0, emu_reset());
	self->hypercalls = emu_stat("stat_hypercalls");
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	EXPECT_SOUND(quote_check(self->out, len, self->nonce));
	EXPECT_EQ(self->hypercalls + 1, emu_stat("stat_hypercalls"));
	EXPECT_EQ(1, entry_generation(&self->entry));
	if (driver_is_tsm_guest())
		EXPECT_EQ(0, driver_stat("quote_abandoned"));
}

/* Odd or slow hosts whose quotes are good all the same. */
FIXTURE(good)
{
	struct entry entry;
	uint8_t nonce[NONCE_LEN];
	uint8_t out[BLOB_MAX];
	long hypercalls;
	long retries;
	long violations;
};

FIXTURE_VARIANT(good)
{
	struct knob knob;
	struct knob second;	/* optional */
	ssize_t len;		/* of the whole quote, 0 for the honest one */
	long retries;
	bool only_tsm_guest;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(good, host_answers_within_the_hypercall) {
	.knob = { "quote_sync", "1" },
};

FIXTURE_VARIANT_ADD(good, host_answers_without_delay) {
	.knob = { "quote_delay_ms", "0" },
};

FIXTURE_VARIANT_ADD(good, host_takes_three_seconds) {
	.knob = { "quote_delay_ms", "3000" },
};

FIXTURE_VARIANT_ADD(good, host_writes_its_header_in_pieces) {
	.knob = { "quote_torn_us", "20000" }, .only_tsm_guest = true,
};

FIXTURE_VARIANT_ADD(good, quote_fills_the_buffer_to_its_last_byte) {
	.knob = { "quote_size", "131048" }, .len = QUOTE_MAX,
	.only_tsm_guest = true,
};

FIXTURE_VARIANT_ADD(good, hypercall_says_retry_three_times) {
	.knob = { "quote_retry", "3" }, .retries = 3, .only_tsm_guest = true,
};

FIXTURE_VARIANT_ADD(good, tdreport_operand_is_busy_three_times) {
	.knob = { "tdreport_busy", "3" }, .only_tsm_guest = true,
};

FIXTURE_VARIANT_ADD(good, everything_is_slow_at_once) {
	.knob = { "quote_retry", "2" }, .second = { "tdreport_busy", "2" },
	.retries = 2, .only_tsm_guest = true,
};
/* clang-format on */

FIXTURE_SETUP(good)
{
	SKIP_WITHOUT_REPORT();
	SKIP_WITHOUT_EMULATOR();
	if (variant->only_tsm_guest)
		SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, emu_reset());
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-good"));
	nonce_make(self->nonce, getpid(), 1);
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	ASSERT_EQ(0, emu_set(variant->knob.name, variant->knob.value));
	if (variant->second.name)
		ASSERT_EQ(0, emu_set(variant->second.name,
				     variant->second.value));
	self->retries = emu_stat("stat_retries");
}

FIXTURE_TEARDOWN(good)
{
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, emu_reset());
	EXPECT_EQ(0, entry_remove(&self->entry));
}

TEST_F(good, quote_arrives)
{
	struct quote quote;
	ssize_t len;

	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	ASSERT_SOUND(quote_check(self->out, len, self->nonce));
	ASSERT_SOUND(quote_parse(self->out, len, &quote));
	EXPECT_EQ(variant->len ? variant->len : (ssize_t)quote.len, len);
	EXPECT_TRUE(quote_padding_is_whole(self->out, len, &quote));
	EXPECT_EQ(self->retries + variant->retries, emu_stat("stat_retries"));
}

TEST_HARNESS_MAIN
