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
	const char *knob[2];	/* and its value: set before */
	const char *count;	/* the knob that is set to 1, or to ... */
	const char *times;	/* ... this: the driver itself tries twice */
	int err;
	uint64_t exitinfo2;	/* of an ioctl; 0: left alone */
	bool unseen;		/* nothing authenticates it: 0 is right, too */
};

/* clang-format off */
#define ERROR(value, info)						\
	.knob = { "snp_error", value }, .count = "snp_error_count",	\
	.err = EIO, .exitinfo2 = info
#define FLIP(byte, bit)							\
	.knob = { "snp_flip", #byte "*8+" #bit },			\
	.count = "snp_flip_count", .err = EBADMSG
#define PATCH(offset, hex)						\
	.knob = { "snp_patch", #offset " " hex },			\
	.count = "snp_patch_count", .err = EBADMSG
/* It may be the certificates: a report is asked for without them. */
#define TWICE .times = "2"

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
	ERROR("0xffffffffffffffff", ~0ULL), TWICE
};
FIXTURE_VARIANT_ADD(host, says_an_error_of_its_own) {
	ERROR("0x300000000", VMM_ERROR(3)), TWICE
};
FIXTURE_VARIANT_ADD(host, says_two_errors_at_once) {
	ERROR("0x200000016", VMM_BUSY | FW_INVALID_PARAM), TWICE
};

/* the firmware has the message, its answer never comes */
FIXTURE_VARIANT_ADD(host, loses_the_response_and_says_success) {
	.count = "snp_lose", .err = EBADMSG,
};
FIXTURE_VARIANT_ADD(host, loses_the_response_and_says_an_error) {
	.knob = { "snp_error", "0x16" }, .count = "snp_lose", .err = EIO,
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
	int ret = 0;

	if (variant->knob[0])
		ret = set_knob(variant->knob[0], variant->knob[1]);
	return ret ? ret : emu_set(variant->count, variant->times ? : "1");
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
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, snp_reset());
	EXPECT_EQ(0, entry_remove(&self->entry));
}

/* True if what the core does after an error is what is there. */
static bool key_is_gone(const struct entry *entry, int vmpck, uint8_t *out)
{
	if (strcmp("empty", vmpck_state(vmpck)) ||
	    entry_read(entry, "outblob", out, BLOB_MAX) != -ENOTTY)
		return false;
	/* there may be no other to move to */
	return vmpck == SNP_PRIVLEVEL_MAX ||
	       (!vmpck_use(vmpck + 1) && !snp_get_report(entry, 5, out) &&
		snp_report_vmpl(out) == vmpck + 1);
}

TEST_F_TIMEOUT(host, is_an_errno_and_the_next_honest_request_works, 60)
{
	ssize_t len;

	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_EQ(0, emu_set(variant->count, "0"));
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
}

TEST_F_TIMEOUT(host, is_told_of_by_exitinfo2_of_an_ioctl, 60)
{
	struct snp_report_req req = { .vmpl = SNP_PRIVLEVEL_MAX };
	struct snp_report_resp resp;
	uint64_t exitinfo2;
	int ret;

	memcpy(req.user_data, self->nonce, NONCE_LEN);
	ret = sev_report(&req, &resp, &exitinfo2);
	ASSERT_EQ(0, emu_set(variant->count, "0"));
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

/* A host that does it for a while, to everything that is tried. */
FIXTURE(persistent)
{
	struct entry entry;
	uint8_t nonce[NONCE_LEN];
	uint8_t out[BLOB_MAX];
	int vmpck;
	long violations;
};

FIXTURE_VARIANT(persistent)
{
	const char *knob[2];
	const char *count;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(persistent, refusal) {
	{ "snp_error", "0x16" }, "snp_error_count",
};
FIXTURE_VARIANT_ADD(persistent, error_of_the_host) {
	{ "snp_error", "0x300000000" }, "snp_error_count",
};
FIXTURE_VARIANT_ADD(persistent, loss) { { "snp_error", "0" }, "snp_lose" };
FIXTURE_VARIANT_ADD(persistent, loss_called_a_refusal) {
	{ "snp_error", "0x16" }, "snp_lose",
};
FIXTURE_VARIANT_ADD(persistent, replay) { { "snp_error", "0" }, "snp_replay" };
FIXTURE_VARIANT_ADD(persistent, flip) {
	{ "snp_flip", "800" }, "snp_flip_count",
};
FIXTURE_VARIANT_ADD(persistent, wrong_type) {
	{ "snp_patch", "0x34 04" }, "snp_patch_count",
};
/* clang-format on */

FIXTURE_SETUP(persistent)
{
	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	self->vmpck = snp_vmpl();
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-snp-persist"));
	ASSERT_SOUND(snp_get_report(&self->entry, 0, self->out));
	nonce_make(self->nonce, getpid(), 1);
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	ASSERT_EQ(0, emu_set(variant->knob[0], variant->knob[1]));
}

FIXTURE_TEARDOWN(persistent)
{
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, snp_reset());
	EXPECT_EQ(0, entry_remove(&self->entry));
}

TEST_F_TIMEOUT(persistent, harm_ends_with_the_host_that_does_it, 60)
{
	static const char *const times[] = { "1", "2", "3", "-1", "-1", "-1" };
	unsigned int i;
	ssize_t len;

	for (i = 0; i < ARRAY_SIZE(times); i++) {
		ASSERT_EQ(0, emu_set(variant->count, times[i]));
		len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
		if (len > 0) {
			EXPECT_SOUND(snp_report_check(self->out, len,
						      self->nonce));
			ASSERT_EQ(0, entry_ask(&self->entry, self->nonce,
					       NONCE_LEN));
		} else {
			EXPECT_TRUE(len == -EIO || len == -EBADMSG);
		}
	}
	EXPECT_NO_IV_REUSE();
	ASSERT_EQ(0, snp_be_honest());
	EXPECT_SOUND(snp_get_report(&self->entry, 2, self->out));
	EXPECT_STREQ("ready", vmpck_state(self->vmpck));
	EXPECT_SOUND(snp_get_report(&self->entry, 3, self->out));
}

/* KVM says so where user space has no certificates to give. */
TEST_F_TIMEOUT(persistent, failure_to_find_certificates_costs_no_report, 60)
{
	if (strcmp(variant->knob[1], "0x300000000"))
		SKIP(return, "is of the host's errors only");
	ASSERT_EQ(0, emu_set("snp_error", "0x8000000000000000"));
	ASSERT_EQ(0, emu_set("snp_error_count", "1"));
	EXPECT_SOUND(snp_get_report(&self->entry, 2, self->out));
	EXPECT_EQ(0, entry_read(&self->entry, "auxblob", self->out, BLOB_MAX));
	EXPECT_STREQ("ready", vmpck_state(self->vmpck));
}

/* A host that puts an error of its own above the firmware's. */
TEST_F_TIMEOUT(persistent, refusal_by_way_of_the_host_is_overcome, 60)
{
	if (strcmp(variant->count, "snp_lose"))
		SKIP(return, "is of lost answers only");
	ASSERT_EQ(0, emu_set("snp_lose", "1"));
	EXPECT_GT(0, entry_read(&self->entry, "outblob", self->out, BLOB_MAX));
	ASSERT_EQ(0, emu_set("snp_error", "0x8000000000000016"));
	ASSERT_EQ(0, emu_set("snp_error_count", "1"));
	EXPECT_SOUND(snp_get_report(&self->entry, 2, self->out));
	EXPECT_STREQ("ready", vmpck_state(self->vmpck));
}

TEST_HARNESS_MAIN
