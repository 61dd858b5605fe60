// SPDX-License-Identifier: MIT
/*
 * Buffers that are used again: nothing of an earlier quote is in a later one,
 * and what the host writes once it has answered does not matter.
 */
#include "kselftest_harness.h"

#include "emu.h"
#include "quote.h"
#include "reader.h"
#include "report.h"

/* The largest quote: 128 KiB less the 24-byte header (GHCI, GetQuote). */
#define QUOTE_MAX	131048

FIXTURE(reused_buffer)
{
	struct entry entry;
	struct entry other;
	uint8_t nonce[NONCE_LEN];
	uint8_t newer[NONCE_LEN];
	uint8_t out[BLOB_MAX];
	long violations;
};

FIXTURE_SETUP(reused_buffer)
{
	SKIP_WITHOUT_REPORT();
	SKIP_WITHOUT_EMULATOR();
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, emu_reset());
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-reuse"));
	ASSERT_EQ(0, entry_renew(&self->other, "ksft-other"));
	nonce_make(self->nonce, getpid(), 1);
	nonce_make(self->newer, getpid(), 2);
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	ASSERT_EQ(0, entry_ask(&self->other, self->newer, NONCE_LEN));
}

FIXTURE_TEARDOWN(reused_buffer)
{
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, emu_reset());
	EXPECT_EQ(0, entry_remove(&self->other));
	EXPECT_EQ(0, entry_remove(&self->entry));
}

/*
 * A host that writes a small quote and says that it fills the buffer: NULL if
 * what comes after the quote is all zero, or what is wrong.
 */
static const char *read_past_the_quote(const struct entry *entry,
				       const uint8_t *nonce, uint8_t *out)
{
	struct quote quote;
	const char *wrong;
	ssize_t len, i;

	if (emu_set("quote_size", "0") || emu_set("quote_out_len", "131048"))
		return "the host has no such knob";
	len = entry_read(entry, "outblob", out, BLOB_MAX);
	if (len < 0)
		return strerror(-len);
	if (len != QUOTE_MAX)
		return "not as long as the host said";
	wrong = quote_check(out, len, nonce) ? : quote_parse(out, len, &quote);
	if (wrong)
		return wrong;
	for (i = quote.len; i < len; i++)
		if (out[i])
			return "bytes of an earlier quote";
	return NULL;
}

TEST_F(reused_buffer, holds_no_byte_of_the_quote_before)
{
	ASSERT_EQ(0, emu_set("quote_size", "131048"));
	ASSERT_EQ(QUOTE_MAX, entry_read(&self->entry, "outblob", self->out,
					BLOB_MAX));
	EXPECT_SOUND(read_past_the_quote(&self->other, self->newer, self->out));
}

TEST_F(reused_buffer, holds_no_byte_of_a_quote_that_nobody_waited_for)
{
	ASSERT_EQ(0, emu_set("quote_size", "131048"));
	ASSERT_EQ(0, request_abandon(&self->entry));
	ASSERT_EQ(1, driver_stat("quote_abandoned"));
	ASSERT_EQ(0, emu_set("quote_release", "1"));
	ASSERT_TRUE(emu_reaches("stat_inflight", 0));
	EXPECT_SOUND(read_past_the_quote(&self->other, self->newer, self->out));
}

/*
 * The host says SUCCESS, and IN_FLIGHT again before it gives the length for
 * which the driver waits: 50 ms, of which it looks once in each.
 */
TEST_F(reused_buffer, is_not_taken_away_by_a_host_that_relapses)
{
	const long before = emu_stat("stat_shared_pages");
	ssize_t len;

	ASSERT_EQ(0, emu_set("quote_relapse_us", "50000"));
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	EXPECT_SOUND(quote_check(self->out, len, self->nonce));
	EXPECT_EQ(0, driver_stat("quote_abandoned"));

	len = entry_read(&self->other, "outblob", self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	EXPECT_SOUND(quote_check(self->out, len, self->newer));
	EXPECT_EQ(0, driver_stat("quote_abandoned"));
	EXPECT_GE(before ? : 32, emu_stat("stat_shared_pages"));
}

TEST_HARNESS_MAIN
