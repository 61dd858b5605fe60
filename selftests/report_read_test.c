// SPDX-License-Identifier: MIT
/*
 * configfs tsm/report: what its blobs give, and how often the host is asked.
 */
#include "kselftest_harness.h"

#include "emu.h"
#include "quote.h"
#include "report.h"

FIXTURE(blob)
{
	struct entry entry;
	uint8_t nonce[NONCE_LEN];
	uint8_t other_nonce[NONCE_LEN];
	uint8_t out[BLOB_MAX];
	uint8_t aux[BLOB_MAX];
	long hypercalls;
	long violations;
};

FIXTURE_VARIANT(blob)
{
	const char *version;
	unsigned int number;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(blob, quote_v4) { .version = "4", .number = 4 };
FIXTURE_VARIANT_ADD(blob, quote_v5) { .version = "5", .number = 5 };
/* clang-format on */

FIXTURE_SETUP(blob)
{
	SKIP_WITHOUT_REPORT();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, emu_reset());
	ASSERT_EQ(0, emu_set("quote_v", variant->version));
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-blob"));
	nonce_make(self->nonce, getpid(), 1);
	nonce_make(self->other_nonce, getpid(), 2);
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	self->hypercalls = emu_stat("stat_hypercalls");
}

FIXTURE_TEARDOWN(blob)
{
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_EQ(0, emu_reset());
}

TEST_F(blob, is_a_quote_for_the_nonce_that_was_written)
{
	struct quote quote;
	ssize_t len;

	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	ASSERT_SOUND(quote_check(self->out, len, self->nonce));
	ASSERT_SOUND(quote_parse(self->out, len, &quote));
	EXPECT_EQ(variant->number, quote.version);
	EXPECT_EQ(len, quote.len);
}

TEST_F(blob, is_asked_of_the_host_once_a_generation)
{
	ssize_t len, again;

	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	if (driver_is_tsm_guest())
		EXPECT_LT(0, entry_read(&self->entry, "auxblob", self->aux,
					BLOB_MAX));
	again = entry_read(&self->entry, "outblob", self->aux, BLOB_MAX);
	ASSERT_EQ(len, again);
	EXPECT_EQ(0, memcmp(self->out, self->aux, len));
	EXPECT_EQ(self->hypercalls + 1, emu_stat("stat_hypercalls"));
	EXPECT_EQ(1, entry_generation(&self->entry));
}

TEST_F(blob, outblob_comes_with_auxblob_when_auxblob_is_read_first)
{
	ssize_t len;

	SKIP_UNLESS_REPAIRED();
	ASSERT_LT(0, entry_read(&self->entry, "auxblob", self->aux, BLOB_MAX));
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	EXPECT_SOUND(quote_check(self->out, len, self->nonce));
	EXPECT_EQ(self->hypercalls + 1, emu_stat("stat_hypercalls"));
}

TEST_F(blob, is_new_after_a_new_inblob)
{
	ssize_t len;

	ASSERT_LT(0, entry_read(&self->entry, "outblob", self->out, BLOB_MAX));
	ASSERT_EQ(0, entry_ask(&self->entry, self->other_nonce, NONCE_LEN));
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	EXPECT_SOUND(quote_check(self->out, len, self->other_nonce));
	EXPECT_EQ(self->hypercalls + 2, emu_stat("stat_hypercalls"));
}

TEST_F(blob, is_new_even_after_the_same_inblob_again)
{
	ASSERT_LT(0, entry_read(&self->entry, "outblob", self->out, BLOB_MAX));
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	ASSERT_LT(0, entry_read(&self->entry, "outblob", self->out, BLOB_MAX));
	EXPECT_EQ(self->hypercalls + 2, emu_stat("stat_hypercalls"));
}

TEST_F(blob, is_refused_again_after_a_bad_inblob)
{
	ASSERT_LT(0, entry_read(&self->entry, "outblob", self->out, BLOB_MAX));
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN - 1));
	EXPECT_EQ(-EINVAL, entry_read(&self->entry, "outblob", self->out,
				      BLOB_MAX));
	EXPECT_EQ(self->hypercalls + 1, emu_stat("stat_hypercalls"));
}

TEST_F(blob, seen_through_one_descriptor_stays_the_same)
{
	ssize_t len, first, rest;
	int fd;

	fd = entry_open(&self->entry, "outblob", O_RDONLY);
	ASSERT_LE(0, fd);
	first = read(fd, self->out, 100);
	ASSERT_EQ(100, first);

	ASSERT_EQ(0, entry_ask(&self->entry, self->other_nonce, NONCE_LEN));
	len = entry_read(&self->entry, "outblob", self->aux, BLOB_MAX);
	ASSERT_LT(0, len);
	EXPECT_SOUND(quote_check(self->aux, len, self->other_nonce));

	rest = fd_read_all(fd, self->out + first, BLOB_MAX - first);
	ASSERT_LT(0, rest);
	EXPECT_SOUND(quote_check(self->out, first + rest, self->nonce));
	EXPECT_EQ(0, close(fd));
}

TEST_F(blob, of_a_descriptor_opened_before_the_write_is_of_the_first_read)
{
	ssize_t len;
	int fd;

	fd = entry_open(&self->entry, "outblob", O_RDONLY);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, entry_ask(&self->entry, self->other_nonce, NONCE_LEN));
	len = fd_read_all(fd, self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	EXPECT_SOUND(quote_check(self->out, len, self->other_nonce));
	EXPECT_EQ(0, close(fd));
}

TEST_F(blob, cannot_seek)
{
	int fd = entry_open(&self->entry, "outblob", O_RDONLY);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, lseek(fd, 0, SEEK_SET));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(0, close(fd));
}

/* How often @word occurs in @len bytes of text that need not end in NUL. */
static unsigned int count_word(const uint8_t *text, size_t len,
			       const char *word)
{
	const uint8_t *end = text + len;
	unsigned int count = 0;

	while ((text = memmem(text, end - text, word, strlen(word)))) {
		text += strlen(word);
		count++;
	}
	return count;
}

TEST_F(blob, auxblob_is_the_certificate_chain_inside_the_quote)
{
	static const char begin[] = "-----BEGIN CERTIFICATE-----";
	static const char end[] = "-----END CERTIFICATE-----";
	ssize_t len, aux_len;

	SKIP_UNLESS_REPAIRED();
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	aux_len = entry_read(&self->entry, "auxblob", self->aux, BLOB_MAX);
	ASSERT_LT((ssize_t)strlen(begin), aux_len);
	EXPECT_EQ(0, memcmp(self->aux, begin, strlen(begin)));
	EXPECT_EQ(3, count_word(self->aux, aux_len, begin));
	EXPECT_EQ(3, count_word(self->aux, aux_len, end));
	EXPECT_EQ(NULL, memchr(self->aux, '\0', aux_len));
	EXPECT_NE(NULL, memmem(self->out, len, self->aux, aux_len));
}

TEST_F(blob, of_the_largest_size_arrives_whole)
{
	struct quote quote;
	ssize_t len;

	SKIP_UNLESS_REPAIRED();
	/* 128 KiB less the 24 bytes of the GetQuote header */
	ASSERT_EQ(0, emu_set("quote_size", "131048"));
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_EQ(131048, len);
	ASSERT_SOUND(quote_check(self->out, len, self->nonce));
	ASSERT_SOUND(quote_parse(self->out, len, &quote));
	EXPECT_GT(len, (ssize_t)quote.len);
	EXPECT_TRUE(quote_padding_is_whole(self->out, len, &quote));
}

TEST_F(blob, is_not_shared_between_entries)
{
	struct entry other;
	ssize_t len;

	ASSERT_EQ(0, entry_renew(&other, "ksft-other"));
	EXPECT_EQ(0, entry_generation(&other));
	EXPECT_EQ(-EINVAL, entry_read(&other, "outblob", self->out, BLOB_MAX));

	EXPECT_EQ(0, entry_ask(&other, self->other_nonce, NONCE_LEN));
	EXPECT_EQ(0, entry_ask(&other, self->other_nonce, NONCE_LEN));
	EXPECT_EQ(2, entry_generation(&other));
	EXPECT_EQ(1, entry_generation(&self->entry));

	len = entry_read(&other, "outblob", self->out, BLOB_MAX);
	EXPECT_LT(0, len);
	EXPECT_SOUND(quote_check(self->out, len, self->other_nonce));
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	EXPECT_LT(0, len);
	EXPECT_SOUND(quote_check(self->out, len, self->nonce));
	EXPECT_EQ(0, entry_remove(&other));
}

TEST_F(blob, shows_the_measurements_that_the_emulator_was_given)
{
	uint8_t mrtd[48];
	char hex[128];
	struct quote quote;
	unsigned int i;
	ssize_t len;

	len = file_read(EMU_PARAMS "/mrtd", hex, sizeof(hex) - 1);
	ASSERT_LE(96, len);
	for (i = 0; i < sizeof(mrtd); i++)
		ASSERT_EQ(1, sscanf(hex + 2 * i, "%2hhx", &mrtd[i]));
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	ASSERT_SOUND(quote_parse(self->out, len, &quote));
	EXPECT_EQ(0, memcmp(quote.body + QUOTE_MRTD, mrtd, sizeof(mrtd)));
}

TEST_HARNESS_MAIN
