// SPDX-License-Identifier: MIT
/*
 * The reports of an SNP guest: what is in them, which blobs belong together,
 * and how often the firmware is asked.
 */
#include "kselftest_harness.h"

#include "snp_emu.h"

/* What the emulated platform of each generation is: its data sheet. */
FIXTURE(platform)
{
	struct entry entry;
	uint8_t nonce[NONCE_LEN];
	uint8_t out[BLOB_MAX];
	long violations;
};

FIXTURE_VARIANT(platform)
{
	const char *version;
	unsigned int number;
	uint8_t tcb[8];
	uint8_t cpuid[3];	/* family, model, stepping */
	uint8_t firmware[3];	/* build, minor, major */
	const char *chip_id;
	uint64_t platform_info;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(platform, milan) {
	.version = "2", .number = 2,
	.tcb = { 4, 0, 0, 0, 0, 0, 22, 213 },
	.firmware = { 21, 55, 1 },
	.chip_id = "EMULATED MILAN CHIP ",
	.platform_info = 0x3,
};

FIXTURE_VARIANT_ADD(platform, genoa) {
	.version = "3", .number = 3,
	.tcb = { 10, 0, 0, 0, 0, 0, 23, 84 },
	.cpuid = { 0x19, 0x11, 1 },
	.firmware = { 40, 55, 1 },
	.chip_id = "EMULATED GENOA CHIP ",
	.platform_info = 0x25,
};

FIXTURE_VARIANT_ADD(platform, turin) {
	.version = "5", .number = 5,
	.tcb = { 1, 2, 1, 4, 0, 0, 0, 72 },
	.cpuid = { 0x1a, 0x02, 1 },
	.firmware = { 40, 55, 1 },
	.chip_id = "EMUTURIN",
	.platform_info = 0x25,
};
/* clang-format on */

FIXTURE_SETUP(platform)
{
	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, snp_reset());
	ASSERT_EQ(0, emu_set("snp_report_v", variant->version));
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-snp-platform"));
	ASSERT_EQ(0, entry_use_floor(&self->entry));
	ASSERT_SOUND(snp_get_report(&self->entry, 1, self->out));
}

FIXTURE_TEARDOWN(platform)
{
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_EQ(0, snp_reset());
}

TEST_F(platform, is_the_one_that_the_report_is_of)
{
	const uint8_t *chip_id = self->out + SNP_CHIP_ID;
	const size_t len = strlen(variant->chip_id);

	EXPECT_EQ(variant->number, get_le32(self->out + SNP_VERSION));
	EXPECT_EQ(0, memcmp(chip_id, variant->chip_id, len));
	EXPECT_TRUE(all_zero(chip_id + len, 64 - len));
	EXPECT_EQ(0, memcmp(self->out + SNP_CPUID, variant->cpuid, 3));
	EXPECT_EQ(0, memcmp(self->out + SNP_CURRENT_BUILD, variant->firmware,
			    3));
	EXPECT_EQ(variant->platform_info,
		  get_le64(self->out + SNP_PLATFORM_INFO));
}

TEST_F(platform, has_its_tcb_in_all_four_places)
{
	static const unsigned int offset[] = {
		SNP_CURRENT_TCB, SNP_REPORTED_TCB, SNP_COMMITTED_TCB,
		SNP_LAUNCH_TCB,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(offset); i++)
		EXPECT_EQ(0, memcmp(self->out + offset[i], variant->tcb, 8));
}

TEST_F(platform, keeps_what_is_reserved_zero)
{
	const uint8_t *report = self->out;

	EXPECT_TRUE(all_zero(report + 0x04c, 4));
	EXPECT_TRUE(all_zero(report + 0x18b, 0x1a0 - 0x18b));
	EXPECT_TRUE(all_zero(report + 0x1eb, 1));
	EXPECT_TRUE(all_zero(report + 0x1ef, 1));
	EXPECT_TRUE(all_zero(report + 0x208, 0x2a0 - 0x208));
}

TEST_F(platform, signs_with_a_vlek_if_it_is_told_to)
{
	EXPECT_EQ(0, get_le32(self->out + SNP_FLAGS) >> 2 & 7);
	ASSERT_EQ(0, emu_set("snp_sign", "1"));
	ASSERT_SOUND(snp_get_report(&self->entry, 2, self->out));
	EXPECT_EQ(1, get_le32(self->out + SNP_FLAGS) >> 2 & 7);
	EXPECT_TRUE(all_zero(self->out + SNP_CHIP_ID, 64));
}

FIXTURE(blobs)
{
	struct entry entry;
	uint8_t nonce[NONCE_LEN];
	uint8_t other_nonce[NONCE_LEN];
	uint8_t out[BLOB_MAX];
	uint8_t aux[BLOB_MAX];
	long messages;
	long violations;
};

FIXTURE_SETUP(blobs)
{
	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-snp-blobs"));
	ASSERT_EQ(0, entry_use_floor(&self->entry));
	nonce_make(self->nonce, getpid(), 1);
	nonce_make(self->other_nonce, getpid(), 2);
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	self->messages = emu_stat("stat_snp_messages");
}

FIXTURE_TEARDOWN(blobs)
{
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, snp_reset());
	EXPECT_EQ(0, entry_remove(&self->entry));
}

TEST_F(blobs, of_a_generation_are_one_message_to_the_firmware)
{
	ssize_t len, again;

	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_SOUND(snp_report_check(self->out, len, self->nonce));
	EXPECT_LT(0, entry_read(&self->entry, "auxblob", self->aux, BLOB_MAX));
	again = entry_read(&self->entry, "outblob", self->aux, BLOB_MAX);
	ASSERT_EQ(len, again);
	EXPECT_EQ(0, memcmp(self->out, self->aux, len));
	EXPECT_EQ(self->messages + 1, emu_stat("stat_snp_messages"));
}

TEST_F(blobs, come_together_when_auxblob_is_read_first)
{
	ssize_t len;

	EXPECT_LT(0, entry_read(&self->entry, "auxblob", self->aux, BLOB_MAX));
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	EXPECT_SOUND(snp_report_check(self->out, len, self->nonce));
	EXPECT_EQ(self->messages + 1, emu_stat("stat_snp_messages"));
}

/* The platform changed between two reads: the second must not show it. */
TEST_F(blobs, are_of_the_same_moment)
{
	ssize_t len;

	EXPECT_LT(0, entry_read(&self->entry, "auxblob", self->aux, BLOB_MAX));
	ASSERT_EQ(0, emu_set("snp_report_v", "5"));
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_SOUND(snp_report_check(self->out, len, self->nonce));
	EXPECT_EQ(3, get_le32(self->out + SNP_VERSION));
}

TEST_F(blobs, are_new_after_a_new_inblob)
{
	ssize_t len;

	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	EXPECT_SOUND(snp_report_check(self->out, len, self->nonce));
	ASSERT_EQ(0, entry_ask(&self->entry, self->other_nonce, NONCE_LEN));
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	EXPECT_SOUND(snp_report_check(self->out, len, self->other_nonce));
	EXPECT_EQ(self->messages + 2, emu_stat("stat_snp_messages"));
}

TEST_F(blobs, are_new_after_another_privlevel)
{
	ssize_t len;

	if (snp_vmpl() == SNP_PRIVLEVEL_MAX)
		SKIP(return, "there is one privlevel only");
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	EXPECT_SOUND(snp_report_check(self->out, len, self->nonce));
	EXPECT_EQ(snp_vmpl(), snp_report_vmpl(self->out));
	ASSERT_EQ(0, entry_set(&self->entry, "privlevel", "3"));
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	EXPECT_SOUND(snp_report_check(self->out, len, self->nonce));
	EXPECT_EQ(3, snp_report_vmpl(self->out));
}

TEST_F(blobs, are_not_shared_between_entries)
{
	struct entry other;
	ssize_t len;

	ASSERT_EQ(0, entry_renew(&other, "ksft-snp-other"));
	EXPECT_EQ(0, entry_use_floor(&other));
	EXPECT_EQ(-EINVAL, entry_read(&other, "outblob", self->out, BLOB_MAX));
	EXPECT_EQ(0, entry_ask(&other, self->other_nonce, NONCE_LEN));
	len = entry_read(&other, "outblob", self->out, BLOB_MAX);
	EXPECT_SOUND(snp_report_check(self->out, len, self->other_nonce));
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	EXPECT_SOUND(snp_report_check(self->out, len, self->nonce));
	EXPECT_EQ(0, entry_remove(&other));
}

TEST_F(blobs, seen_through_one_descriptor_stay_the_same)
{
	ssize_t first, rest;
	int fd;

	fd = entry_open(&self->entry, "outblob", O_RDONLY);
	ASSERT_LE(0, fd);
	first = read(fd, self->out, 100);
	ASSERT_EQ(100, first);
	ASSERT_EQ(0, entry_ask(&self->entry, self->other_nonce, NONCE_LEN));
	rest = entry_read(&self->entry, "outblob", self->aux, BLOB_MAX);
	EXPECT_SOUND(snp_report_check(self->aux, rest, self->other_nonce));
	rest = fd_read_all(fd, self->out + first, BLOB_MAX - first);
	ASSERT_LT(0, rest);
	EXPECT_SOUND(snp_report_check(self->out, first + rest, self->nonce));
	EXPECT_EQ(0, close(fd));
}

/* MSG_REPORT_RSP says no: never an empty report, and the channel lives on. */
FIXTURE(refused)
{
	struct entry entry;
	uint8_t out[BLOB_MAX];
	long violations;
};

FIXTURE_VARIANT(refused)
{
	const char *status;
	int err;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(refused, for_invalid_parameters) {
	.status = "0x16", .err = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, for_an_invalid_key) {
	.status = "0x27", .err = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, for_another_reason) {
	.status = "0x3", .err = ENXIO,
};

FIXTURE_VARIANT_ADD(refused, for_a_reason_that_nobody_knows) {
	.status = "0xffffffff", .err = ENXIO,
};
/* clang-format on */

FIXTURE_SETUP(refused)
{
	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-snp-refused"));
	ASSERT_EQ(0, entry_use_floor(&self->entry));
	ASSERT_EQ(0, emu_set("snp_status", variant->status));
	ASSERT_EQ(0, emu_set("snp_status_count", "1"));
}

FIXTURE_TEARDOWN(refused)
{
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, snp_reset());
	EXPECT_EQ(0, entry_remove(&self->entry));
}

TEST_F(refused, by_the_firmware_is_an_errno_and_the_next_read_works)
{
	uint8_t nonce[NONCE_LEN];
	ssize_t len;

	nonce_make(nonce, getpid(), 1);
	ASSERT_EQ(0, entry_ask(&self->entry, nonce, NONCE_LEN));
	EXPECT_EQ(-variant->err, entry_read(&self->entry, "outblob", self->out,
					    BLOB_MAX));
	if (driver_is_tsm_guest())
		EXPECT_STREQ("ready", vmpck_state(snp_vmpl()));
	/* of the same generation: what failed is not remembered */
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	EXPECT_SOUND(snp_report_check(self->out, len, nonce));
	EXPECT_SOUND(snp_get_report(&self->entry, 2, self->out));
}

TEST_HARNESS_MAIN
