// SPDX-License-Identifier: MIT
/*
 * A host that lies, loses, replays and changes messages, and a firmware that
 * refuses them: an errno each time, and then an honest request that works.
 *
 * From Linux 6.14 on the kernel wipes the key after any of it: there the tests
 * ask that the driver says so and can be moved to another key.
 */
#include "kselftest_harness.h"

#include "snp_emu.h"

/* One row a thing that the host does once. */
FIXTURE(host)
{
	struct entry entry;
	uint8_t nonce[NONCE_LEN];
	uint8_t out[BLOB_MAX];
	int vmpck;
	long messages;
	long violations;
};

FIXTURE_VARIANT(host)
{
	const char *knob[2][2];	/* set before */
	const char *count;	/* the knob that is set to 1 */
	int err;
	uint64_t exitinfo2;	/* of an ioctl; 0: left alone */
	bool unseen;		/* nothing authenticates it: 0 is right, too */
};

/* clang-format off */
#define ERROR(value, info)						\
	.knob = { { "snp_error", value } }, .count = "snp_error_count",	\
	.err = EIO, .exitinfo2 = info
#define FLIP(byte, bit)							\
	.knob = { { "snp_flip", #byte "*8+" #bit } },			\
	.count = "snp_flip_count", .err = EBADMSG
#define PATCH(offset, hex)						\
	.knob = { { "snp_patch", #offset " " hex } },			\
	.count = "snp_patch_count", .err = EBADMSG

FIXTURE_VARIANT_ADD(host, says_that_the_firmware_refused) {
	ERROR("0x16", FW_INVALID_PARAM)
};
FIXTURE_VARIANT_ADD(host, says_that_the_sequence_number_overflowed) {
	ERROR("0x1d", FW_AEAD_OFLOW)
};
FIXTURE_VARIANT_ADD(host, says_that_the_key_is_invalid) {
	ERROR("0x27", FW_INVALID_KEY)
};
FIXTURE_VARIANT_ADD(host, says_that_the_firmware_was_not_called) {
	ERROR("0xffffffffffffffff", ~0ULL)
};
FIXTURE_VARIANT_ADD(host, says_an_error_of_its_own) {
	ERROR("0x300000000", VMM_ERROR(3))
};
FIXTURE_VARIANT_ADD(host, says_two_errors_at_once) {
	ERROR("0x200000016", VMM_BUSY | FW_INVALID_PARAM)
};

/* the firmware has the message, its answer never comes */
FIXTURE_VARIANT_ADD(host, loses_the_response_and_says_success) {
	.count = "snp_lose", .err = EBADMSG,
};
FIXTURE_VARIANT_ADD(host, loses_the_response_and_says_an_error) {
	.knob = { { "snp_error", "0x16" } }, .count = "snp_lose", .err = EIO,
	.exitinfo2 = FW_INVALID_PARAM,
};
FIXTURE_VARIANT_ADD(host, replays_the_response_before) {
	.count = "snp_replay", .err = EBADMSG,
};

/* every field of the header, and the payload */
FIXTURE_VARIANT_ADD(host, flips_the_first_bit_of_the_authtag) { FLIP(0x00, 0) };
FIXTURE_VARIANT_ADD(host, flips_the_last_bit_of_the_authtag) { FLIP(0x0f, 7) };
FIXTURE_VARIANT_ADD(host, flips_a_bit_behind_the_authtag) {
	FLIP(0x10, 0), .unseen = true
};
FIXTURE_VARIANT_ADD(host, flips_the_first_bit_of_msg_seqno) { FLIP(0x20, 0) };
FIXTURE_VARIANT_ADD(host, flips_the_33rd_bit_of_msg_seqno) { FLIP(0x24, 0) };
FIXTURE_VARIANT_ADD(host, flips_the_last_bit_of_msg_seqno) { FLIP(0x27, 7) };
FIXTURE_VARIANT_ADD(host, flips_a_bit_behind_msg_seqno) {
	FLIP(0x28, 0), .unseen = true
};
FIXTURE_VARIANT_ADD(host, flips_algo) { FLIP(0x30, 0) };
FIXTURE_VARIANT_ADD(host, flips_hdr_version) { FLIP(0x31, 0) };
FIXTURE_VARIANT_ADD(host, flips_hdr_sz) { FLIP(0x32, 4) };
FIXTURE_VARIANT_ADD(host, flips_msg_type) { FLIP(0x34, 0) };
FIXTURE_VARIANT_ADD(host, flips_msg_version) { FLIP(0x35, 1) };
FIXTURE_VARIANT_ADD(host, flips_the_first_bit_of_msg_sz) { FLIP(0x36, 0) };
FIXTURE_VARIANT_ADD(host, flips_the_last_bit_of_msg_sz) { FLIP(0x37, 7) };
FIXTURE_VARIANT_ADD(host, flips_rsvd2) { FLIP(0x38, 0) };
FIXTURE_VARIANT_ADD(host, flips_msg_vmpck) { FLIP(0x3c, 0) };
FIXTURE_VARIANT_ADD(host, flips_the_first_reserved_bit) { FLIP(0x3d, 0) };
FIXTURE_VARIANT_ADD(host, flips_the_last_reserved_bit) { FLIP(0x5f, 7) };
FIXTURE_VARIANT_ADD(host, flips_the_first_bit_of_the_payload) { FLIP(0x60, 0) };
FIXTURE_VARIANT_ADD(host, flips_a_bit_of_the_signature) { FLIP(0x320, 0) };
FIXTURE_VARIANT_ADD(host, flips_a_bit_behind_the_payload) {
	FLIP(0xfff, 7), .unseen = true
};

FIXTURE_VARIANT_ADD(host, answers_with_the_type_of_a_request) {
	PATCH(0x34, "05")
};
FIXTURE_VARIANT_ADD(host, answers_with_a_derived_key) { PATCH(0x34, "04") };
FIXTURE_VARIANT_ADD(host, answers_in_version_zero) { PATCH(0x35, "00") };
FIXTURE_VARIANT_ADD(host, answers_with_size_zero) { PATCH(0x36, "0000") };
FIXTURE_VARIANT_ADD(host, answers_with_a_byte_less) { PATCH(0x36, "bf04") };
FIXTURE_VARIANT_ADD(host, answers_with_as_much_as_a_page) {
	PATCH(0x36, "a00f")
};
FIXTURE_VARIANT_ADD(host, answers_with_a_byte_more_than_a_page) {
	PATCH(0x36, "a10f")
};
FIXTURE_VARIANT_ADD(host, answers_with_the_largest_size) {
	PATCH(0x36, "ffff")
};
FIXTURE_VARIANT_ADD(host, answers_with_sequence_number_zero) {
	PATCH(0x20, "0000000000000000")
};
FIXTURE_VARIANT_ADD(host, answers_with_the_largest_sequence_number) {
	PATCH(0x20, "ffffffffffffffff")
};
FIXTURE_VARIANT_ADD(host, answers_with_a_tag_of_zeros) {
	PATCH(0x00, "00000000000000000000000000000000")
};
/* clang-format on */

/* "0x3c*8+2" is easier to read in the table than the number. */
static int set_knob(const char *knob, const char *value)
{
	unsigned int byte, bit;
	char text[32];

	if (sscanf(value, "%x*8+%u", &byte, &bit) != 2)
		return emu_set(knob, value);
	snprintf(text, sizeof(text), "%u", byte * 8 + bit);
	return emu_set(knob, text);
}

/* The host does the row's thing to the next message. */
static int host_begins(const FIXTURE_VARIANT(host) *variant)
{
	unsigned int i;
	int ret;

	for (i = 0; i < 2 && variant->knob[i][0]; i++) {
		ret = set_knob(variant->knob[i][0], variant->knob[i][1]);
		if (ret)
			return ret;
	}
	return emu_set(variant->count, "1");
}

FIXTURE_SETUP(host)
{
	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	self->vmpck = snp_vmpl();
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-snp-host"));
	/* certificates have tests of their own: no INVALID_LEN in between */
	ASSERT_SOUND(snp_get_report(&self->entry, 0, self->out));
	nonce_make(self->nonce, getpid(), 1);
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	self->messages = emu_stat("stat_snp_messages");
	ASSERT_EQ(0, host_begins(variant));
}

FIXTURE_TEARDOWN(host)
{
	EXPECT_EQ(0, snp_reset());
	EXPECT_SOUND(snp_get_report(&self->entry, 99, self->out));
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, entry_remove(&self->entry));
}

/* True if what the core does after an error is what is there. */
static bool key_is_gone(const struct entry *entry, int vmpck, uint8_t *out)
{
	return !strcmp("empty", vmpck_state(vmpck)) &&
	       entry_read(entry, "outblob", out, BLOB_MAX) == -ENOTTY &&
	       !vmpck_use(vmpck + 1) &&
	       !snp_get_report(entry, 5, out) &&
	       snp_report_vmpl(out) == vmpck + 1;
}

TEST_F_TIMEOUT(host, is_an_errno_and_the_next_honest_request_works, 60)
{
	ssize_t len;

	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	if (variant->unseen && len > 0) {
		EXPECT_SOUND(snp_report_check(self->out, len, self->nonce));
		EXPECT_STREQ("ready", vmpck_state(self->vmpck));
		return;
	}
	EXPECT_EQ(-variant->err, len);
	if (!channel_is_ours()) {
		EXPECT_TRUE(key_is_gone(&self->entry, self->vmpck, self->out));
		return;
	}
	EXPECT_STREQ("pending", vmpck_state(self->vmpck));
	/* of the same generation: the answer may not be the lost one */
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	EXPECT_SOUND(snp_report_check(self->out, len, self->nonce));
	EXPECT_STREQ("ready", vmpck_state(self->vmpck));
	EXPECT_SOUND(snp_get_report(&self->entry, 2, self->out));
	EXPECT_SOUND(snp_get_report(&self->entry, 3, self->out));
}

TEST_F_TIMEOUT(host, is_told_of_by_exitinfo2_of_an_ioctl, 60)
{
	struct snp_report_req req = { .vmpl = SNP_PRIVLEVEL_MAX };
	struct snp_report_resp resp;
	uint64_t exitinfo2;
	int ret;

	memcpy(req.user_data, self->nonce, NONCE_LEN);
	ret = sev_report(&req, &resp, &exitinfo2);
	if (variant->unseen && !ret) {
		EXPECT_SOUND(snp_report_check(resp.report, SNP_REPORT_LEN,
					      self->nonce));
		return;
	}
	EXPECT_EQ(-variant->err, ret);
	EXPECT_EQ(variant->exitinfo2, exitinfo2);
	EXPECT_TRUE(all_zero(&resp, sizeof(resp)));
	if (!channel_is_ours()) {
		EXPECT_EQ(-ENOTTY, sev_report(&req, &resp, &exitinfo2));
		return;
	}
	EXPECT_EQ(0, sev_report(&req, &resp, &exitinfo2));
	EXPECT_EQ(0, exitinfo2);
	EXPECT_SOUND(snp_report_check(resp.report, SNP_REPORT_LEN,
				      self->nonce));
}

/* Three times in a row, each time at the first message that the host sees. */
TEST_F_TIMEOUT(host, may_do_it_to_the_retries_too, 60)
{
	ssize_t len;
	int i;

	SKIP_UNLESS_OWN_CHANNEL();
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, host_begins(variant));
		len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
		if (len > 0) {
			EXPECT_SOUND(snp_report_check(self->out, len,
						      self->nonce));
		} else {
			EXPECT_TRUE(len == -EIO || len == -EBADMSG);
		}
		EXPECT_NO_IV_REUSE();
		ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	}
	ASSERT_EQ(0, snp_be_honest());
	EXPECT_SOUND(snp_get_report(&self->entry, 2, self->out));
	EXPECT_STREQ("ready", vmpck_state(self->vmpck));
}

/* And to everything for a while, so that nothing that was tried came through. */
TEST_F_TIMEOUT(host, may_do_it_to_all_messages_for_a_while, 120)
{
	ssize_t len;
	int i;

	SKIP_UNLESS_OWN_CHANNEL();
	if (variant->unseen)
		SKIP(return, "it does no harm");
	ASSERT_EQ(0, emu_set(variant->count, "-1"));
	ASSERT_EQ(0, driver_set("snp_timeout_ms", "2000"));
	for (i = 0; i < 5; i++) {
		len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
		EXPECT_TRUE(len == -EIO || len == -EBADMSG ||
			    len == -ETIMEDOUT);
	}
	EXPECT_NO_IV_REUSE();
	ASSERT_EQ(0, snp_be_honest());
	EXPECT_SOUND(snp_get_report(&self->entry, 2, self->out));
	EXPECT_STREQ("ready", vmpck_state(self->vmpck));
	EXPECT_SOUND(snp_get_report(&self->entry, 3, self->out));
}

TEST_HARNESS_MAIN
