// SPDX-License-Identifier: MIT
/*
 * auxblob of an SNP guest: the host's certificates if they make sense, and
 * always a report, whatever the host does with them.
 */
#include "kselftest_harness.h"

#include "snp_certs.h"
#include "snp_emu.h"

FIXTURE(certs)
{
	struct entry entry;
	uint8_t out[BLOB_MAX];
	uint8_t aux[SNP_CERTS_MAX];
	uint8_t host[16384];
	long violations;
};

FIXTURE_SETUP(certs)
{
	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-snp-certs"));
	ASSERT_EQ(0, entry_use_floor(&self->entry));
}

FIXTURE_TEARDOWN(certs)
{
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, snp_reset());
	EXPECT_EQ(0, entry_remove(&self->entry));
}

static ssize_t read_certs(const struct entry *entry, uint8_t *aux)
{
	return entry_read(entry, "auxblob", aux, SNP_CERTS_MAX);
}

TEST_F(certs, are_a_terminated_table_of_vcek_ask_and_ark)
{
	ssize_t len;

	ASSERT_SOUND(snp_get_report(&self->entry, 1, self->out));
	len = read_certs(&self->entry, self->aux);
	ASSERT_LT(0, len);
	ASSERT_SOUND(table_check(self->aux, len));
	EXPECT_EQ(3, table_entries(self->aux, len));
	EXPECT_TRUE(table_has_der(self->aux, len, guid_vcek));
	EXPECT_TRUE(table_has_der(self->aux, len, guid_ask));
	EXPECT_TRUE(table_has_der(self->aux, len, guid_ark));
}

TEST_F(certs, have_a_vlek_where_the_firmware_signs_with_one)
{
	ssize_t len;

	ASSERT_EQ(0, emu_set("snp_sign", "1"));
	ASSERT_SOUND(snp_get_report(&self->entry, 1, self->out));
	len = read_certs(&self->entry, self->aux);
	ASSERT_LT(0, len);
	ASSERT_SOUND(table_check(self->aux, len));
	EXPECT_TRUE(table_has_der(self->aux, len, guid_vlek));
	EXPECT_FALSE(table_has_der(self->aux, len, guid_vcek));
}

TEST_F(certs, are_those_of_the_host_byte_for_byte)
{
	ssize_t len;

	ASSERT_EQ(0, sev_host_table(snp_vmpl(), self->host));
	ASSERT_SOUND(snp_get_report(&self->entry, 1, self->out));
	len = read_certs(&self->entry, self->aux);
	ASSERT_LT(0, len);
	ASSERT_GE(sizeof(self->host), len);
	EXPECT_EQ(0, memcmp(self->host, self->aux, len));
	EXPECT_TRUE(all_zero(self->host + len, sizeof(self->host) - len));
}

TEST_F(certs, cost_no_conversion_of_pages_in_the_steady_state)
{
	long conversions, shared;
	int i;

	SKIP_UNLESS_REPAIRED();
	ASSERT_SOUND(snp_get_report(&self->entry, 0, self->out));
	conversions = emu_stat("stat_conversions");
	shared = emu_stat("stat_shared_pages");
	for (i = 1; i <= 20; i++)
		ASSERT_SOUND(snp_get_report(&self->entry, i, self->out));
	EXPECT_EQ(conversions, emu_stat("stat_conversions"));
	EXPECT_EQ(shared, emu_stat("stat_shared_pages"));
}

/* Mainline refuses the report; what it needs is asked for once, then kept. */
TEST_F(certs, of_a_host_that_needs_more_cost_no_conversion_the_second_time)
{
	long conversions;

	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, emu_set("snp_certs_pages", "64"));
	ASSERT_SOUND(snp_get_report(&self->entry, 1, self->out));
	conversions = emu_stat("stat_conversions");
	ASSERT_SOUND(snp_get_report(&self->entry, 2, self->out));
	EXPECT_EQ(conversions, emu_stat("stat_conversions"));
}

/* What the host says that it needs, in pages of 4 KiB. */
FIXTURE(needs)
{
	struct entry entry;
	uint8_t out[BLOB_MAX];
	uint8_t aux[SNP_CERTS_MAX];
	uint8_t honest[BLOB_MAX];
	ssize_t honest_len;
	long violations;
};

FIXTURE_VARIANT(needs)
{
	const char *pages;
	bool too_much;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(needs, one_page) { "1" };
FIXTURE_VARIANT_ADD(needs, as_much_as_mainline_offers) { "4" };
FIXTURE_VARIANT_ADD(needs, one_page_more) { "5" };
FIXTURE_VARIANT_ADD(needs, a_number_of_pages_that_is_no_power_of_two) { "37" };
FIXTURE_VARIANT_ADD(needs, a_quarter_of_a_megabyte) { "64" };
FIXTURE_VARIANT_ADD(needs, a_megabyte) { "256" };
FIXTURE_VARIANT_ADD(needs, more_than_a_megabyte) { "257", true };
FIXTURE_VARIANT_ADD(needs, four_gigabytes_and_a_page) { "1048577", true };
FIXTURE_VARIANT_ADD(needs, sixteen_terabytes) { "4294967295", true };
/* clang-format on */

FIXTURE_SETUP(needs)
{
	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-snp-needs"));
	ASSERT_SOUND(snp_get_report(&self->entry, 0, self->out));
	self->honest_len = entry_read(&self->entry, "auxblob", self->honest,
				      BLOB_MAX);
	ASSERT_LT(0, self->honest_len);
	ASSERT_EQ(0, emu_set("snp_certs_pages", variant->pages));
}

FIXTURE_TEARDOWN(needs)
{
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, snp_reset());
	EXPECT_EQ(0, entry_remove(&self->entry));
}

TEST_F(needs, are_met_or_the_report_comes_without_certificates)
{
	const long messages = emu_stat("stat_snp_messages");
	ssize_t len;

	ASSERT_SOUND(snp_get_report(&self->entry, 1, self->out));
	len = read_certs(&self->entry, self->aux);
	if (variant->too_much) {
		EXPECT_EQ(0, len);
	} else {
		ASSERT_EQ(self->honest_len, len);
		EXPECT_EQ(0, memcmp(self->honest, self->aux, len));
	}
	/* one message, however often it was sent; the kernel's channel burns it */
	if (channel_is_ours())
		EXPECT_EQ(messages + 1, emu_stat("stat_snp_messages"));
	EXPECT_GE(messages + 3, emu_stat("stat_snp_messages"));
	EXPECT_STREQ("ready", vmpck_state(snp_vmpl()));
}

TEST_F(needs, of_the_past_are_not_held_against_an_honest_host)
{
	ssize_t len;

	ASSERT_SOUND(snp_get_report(&self->entry, 1, self->out));
	ASSERT_EQ(0, snp_be_honest());
	ASSERT_SOUND(snp_get_report(&self->entry, 2, self->out));
	len = read_certs(&self->entry, self->aux);
	ASSERT_EQ(self->honest_len, len);
	EXPECT_EQ(0, memcmp(self->honest, self->aux, len));
}

/* A host that is never content, or content only after a while. */
FIXTURE(never_enough)
{
	struct entry entry;
	uint8_t out[BLOB_MAX];
	uint8_t aux[SNP_CERTS_MAX];
	long violations;
};

FIXTURE_VARIANT(never_enough)
{
	const char *pages;
	const char *count;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(never_enough, and_no_page_would_do) { "0", "-1" };
FIXTURE_VARIANT_ADD(never_enough, and_one_page_would_do) { "0x1", "-1" };
FIXTURE_VARIANT_ADD(never_enough, and_what_was_offered_would_do) {
	"0x4", "-1"
};
FIXTURE_VARIANT_ADD(never_enough, and_64_pages_would_do) { "0x40", "-1" };
FIXTURE_VARIANT_ADD(never_enough, and_a_megabyte_would_do) { "0x100", "-1" };
FIXTURE_VARIANT_ADD(never_enough, and_more_would_do) { "0x101", "-1" };
FIXTURE_VARIANT_ADD(never_enough, and_two_to_the_52_pages_would_do) {
	"0x10000000000000", "-1"
};
FIXTURE_VARIANT_ADD(never_enough, and_pages_whose_bytes_wrap_would_do) {
	"0x10000000000004", "-1"
};
FIXTURE_VARIANT_ADD(never_enough, and_all_bits_would_do) {
	"0xffffffffffffffff", "-1"
};
FIXTURE_VARIANT_ADD(never_enough, once_with_no_page) { "0", "1" };
FIXTURE_VARIANT_ADD(never_enough, once_with_one_page) { "0x1", "1" };
FIXTURE_VARIANT_ADD(never_enough, once_with_a_bit_above_32) {
	"0x100000004", "1"
};
FIXTURE_VARIANT_ADD(never_enough, twice_with_eight_pages) { "0x8", "2" };
FIXTURE_VARIANT_ADD(never_enough, five_times_with_a_megabyte) { "0x100", "5" };
/* clang-format on */

FIXTURE_SETUP(never_enough)
{
	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-snp-enough"));
	ASSERT_EQ(0, emu_set("snp_invalid_len_pages", variant->pages));
	ASSERT_EQ(0, emu_set("snp_invalid_len", variant->count));
}

FIXTURE_TEARDOWN(never_enough)
{
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, snp_reset());
	EXPECT_EQ(0, entry_remove(&self->entry));
}

TEST_F(never_enough, keeps_no_report_back_and_no_key)
{
	const long hypercalls = emu_stat("stat_snp_hypercalls");
	ssize_t len;

	ASSERT_SOUND(snp_get_report(&self->entry, 1, self->out));
	len = read_certs(&self->entry, self->aux);
	ASSERT_LE(0, len);
	if (len)
		EXPECT_SOUND(table_check(self->aux, len));
	/* a few tries to please it, not a storm */
	EXPECT_GE(hypercalls + 8, emu_stat("stat_snp_hypercalls"));
	EXPECT_STREQ("ready", vmpck_state(snp_vmpl()));

	ASSERT_EQ(0, snp_be_honest());
	ASSERT_SOUND(snp_get_report(&self->entry, 2, self->out));
	len = read_certs(&self->entry, self->aux);
	ASSERT_LT(0, len);
	EXPECT_SOUND(table_check(self->aux, len));
}

/* What the host leaves in the buffer. */
FIXTURE(table)
{
	struct entry entry;
	uint8_t out[BLOB_MAX];
	uint8_t aux[SNP_CERTS_MAX];
	long violations;
};

FIXTURE_VARIANT(table)
{
	const char *knob;
	bool may_be_sound;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(table, that_nobody_wrote) { "0" };
FIXTURE_VARIANT_ADD(table, that_is_not_terminated) { "2" };
FIXTURE_VARIANT_ADD(table, with_an_entry_past_the_buffer) { "3" };
FIXTURE_VARIANT_ADD(table, with_a_sum_that_wraps) { "4" };
FIXTURE_VARIANT_ADD(table, with_an_entry_in_the_table_of_entries) { "5" };
FIXTURE_VARIANT_ADD(table, of_as_many_entries_as_fit) { "6", true };
FIXTURE_VARIANT_ADD(table, of_entries_without_length) { "7", true };
FIXTURE_VARIANT_ADD(table, of_zeros) { "8" };
/* clang-format on */

FIXTURE_SETUP(table)
{
	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-snp-table"));
}

FIXTURE_TEARDOWN(table)
{
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, snp_reset());
	EXPECT_EQ(0, entry_remove(&self->entry));
}

TEST_F(table, is_sound_or_dropped_and_the_report_comes)
{
	static const char *const pages[] = { "0", "1", "5", "256" };
	unsigned int i;
	ssize_t len;

	ASSERT_EQ(0, emu_set("snp_certs", variant->knob));
	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		ASSERT_EQ(0, emu_set("snp_certs_pages", pages[i]));
		ASSERT_SOUND(snp_get_report(&self->entry, i, self->out));
		len = read_certs(&self->entry, self->aux);
		ASSERT_LE(0, len);
		if (len) {
			EXPECT_TRUE(variant->may_be_sound);
			EXPECT_SOUND(table_check(self->aux, len));
		}
	}
	ASSERT_EQ(0, snp_be_honest());
	ASSERT_SOUND(snp_get_report(&self->entry, i, self->out));
	len = read_certs(&self->entry, self->aux);
	ASSERT_LT(0, len);
	EXPECT_SOUND(table_check(self->aux, len));
}

/* Of a table before it, which the host did not write this time. */
TEST_F(table, is_never_that_of_the_request_before)
{
	ASSERT_SOUND(snp_get_report(&self->entry, 1, self->out));
	ASSERT_LT(0, read_certs(&self->entry, self->aux));
	if (strcmp(variant->knob, "0"))
		SKIP(return, "the host writes all of the buffer");
	ASSERT_EQ(0, emu_set("snp_certs", "0"));
	ASSERT_SOUND(snp_get_report(&self->entry, 2, self->out));
	EXPECT_EQ(0, read_certs(&self->entry, self->aux));
}

/*
 * Another CPU writes to the response and to the certificates while the driver
 * reads them. It may fail, once; what it gives out was checked after it had
 * stopped to change.
 */
TEST_F_TIMEOUT(certs, that_change_while_they_are_read_are_sound_or_dropped, 120)
{
	int i, reports = 0;
	ssize_t len;

	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, emu_set("snp_mutate_ms", "20"));
	for (i = 0; i < 50; i++) {
		uint8_t nonce[NONCE_LEN];

		nonce_make(nonce, getpid(), i);
		ASSERT_EQ(0, entry_ask(&self->entry, nonce, NONCE_LEN));
		len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
		if (len < 0) {
			ASSERT_EQ(-EBADMSG, len);
			continue;
		}
		reports++;
		ASSERT_SOUND(snp_report_check(self->out, len, nonce));
		len = read_certs(&self->entry, self->aux);
		ASSERT_LE(0, len);
		if (len)
			ASSERT_SOUND(table_check(self->aux, len));
	}
	TH_LOG("%d of 50 reports came through", reports);
	EXPECT_GT(50, reports);
	ASSERT_EQ(0, snp_be_honest());
	/* it may still be at it */
	usleep(50000);
	EXPECT_SOUND(snp_get_report(&self->entry, i, self->out));
}

TEST_HARNESS_MAIN
