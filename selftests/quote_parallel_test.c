// SPDX-License-Identifier: MIT
/*
 * Many quotes at once: each caller gets its own, and a slow host delays nobody
 * but the caller who waits for it. Nothing here measures time: the host holds
 * a quote back for as long as the others need.
 */
#include <dirent.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"

#include "emu.h"
#include "quote.h"
#include "reader.h"
#include "report.h"

#define MANY	64

/* Callers that come all at once, each with a nonce and an entry of its own. */
FIXTURE(crowd)
{
	struct entry entry[MANY];
	struct reader reader[MANY];
	uint8_t nonce[MANY][NONCE_LEN];
	long hypercalls;
	long quotes;
	long violations;
};

FIXTURE_VARIANT(crowd)
{
	int count;
	const char *delays;
	bool only_tsm_guest;	/* one after the other would take minutes */
};

/* clang-format off */
FIXTURE_VARIANT_ADD(crowd, of_four) {
	.count = 4, .delays = "80,60,40,20",
};

FIXTURE_VARIANT_ADD(crowd, of_sixteen_answered_in_reverse) {
	.count = 16, .only_tsm_guest = true,
	.delays = "320,300,280,260,240,220,200,180,160,140,120,100,80,60,40,20",
};

FIXTURE_VARIANT_ADD(crowd, of_forty_which_is_more_than_there_are_slots) {
	.count = 40, .delays = "90,10,80,20,70,30,60,40", .only_tsm_guest = true,
};
/* clang-format on */

FIXTURE_SETUP(crowd)
{
	char name[32];
	int i;

	SKIP_WITHOUT_REPORT();
	SKIP_WITHOUT_EMULATOR();
	if (variant->only_tsm_guest)
		SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, emu_reset());
	self->violations = emu_stat("stat_violations");
	for (i = 0; i < variant->count; i++) {
		snprintf(name, sizeof(name), "ksft-crowd-%d", i);
		ASSERT_EQ(0, entry_renew(&self->entry[i], name));
		nonce_make(self->nonce[i], getpid(), i);
		ASSERT_EQ(0, entry_ask(&self->entry[i], self->nonce[i],
				       NONCE_LEN));
	}
	self->hypercalls = emu_stat("stat_hypercalls");
	self->quotes = emu_stat("stat_quotes");
}

FIXTURE_TEARDOWN(crowd)
{
	int i;

	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, emu_reset());
	for (i = 0; i < variant->count; i++)
		EXPECT_EQ(0, entry_remove(&self->entry[i]));
}

TEST_F_TIMEOUT(crowd, each_gets_the_quote_for_its_own_nonce, 120)
{
	int i;

	ASSERT_EQ(0, emu_set("quote_delays", variant->delays));
	for (i = 0; i < variant->count; i++)
		ASSERT_EQ(0, reader_start(&self->reader[i], &self->entry[i],
					  "outblob"));
	for (i = 0; i < variant->count; i++)
		EXPECT_SOUND(reader_check(&self->reader[i], self->nonce[i]));
	EXPECT_EQ(self->quotes + variant->count, emu_stat("stat_quotes"));
}

TEST_F_TIMEOUT(crowd, is_in_flight_all_together, 120)
{
	/* what QEMU allows, and the default of quote_slots */
	const int expected = variant->count < 16 ? variant->count : 16;
	int i;

	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, emu_set("quote_never", "-1"));
	for (i = 0; i < variant->count; i++)
		ASSERT_EQ(0, reader_start(&self->reader[i], &self->entry[i],
					  "outblob"));
	EXPECT_TRUE(emu_reaches("stat_inflight", expected));
	for (i = 0; i < variant->count; i++)
		EXPECT_FALSE(reader_is_done(&self->reader[i]));

	ASSERT_EQ(0, emu_set("quote_never", "0"));
	ASSERT_EQ(0, emu_set("quote_release", "1"));
	for (i = 0; i < variant->count; i++)
		EXPECT_SOUND(reader_check(&self->reader[i], self->nonce[i]));
	EXPECT_EQ(0, driver_stat("quote_abandoned"));
}

/* One quote that the host holds back, and everybody else. */
FIXTURE(held)
{
	struct entry entry;
	struct entry other;
	struct reader holder;
	uint8_t nonce[NONCE_LEN];
	uint8_t newer[NONCE_LEN];
	uint8_t out[BLOB_MAX];
	long hypercalls;
	long violations;
};

FIXTURE_SETUP(held)
{
	SKIP_WITHOUT_REPORT();
	SKIP_WITHOUT_EMULATOR();
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, emu_reset());
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-held"));
	ASSERT_EQ(0, entry_renew(&self->other, "ksft-other"));
	nonce_make(self->nonce, getpid(), 1);
	nonce_make(self->newer, getpid(), 2);
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	self->hypercalls = emu_stat("stat_hypercalls");

	/* Only the first request is held; the next ones are answered. */
	ASSERT_EQ(0, reader_start_swallowed(&self->holder, &self->entry));
}

FIXTURE_TEARDOWN(held)
{
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, emu_reset());
	reader_finish(&self->holder);
	EXPECT_EQ(0, entry_remove(&self->other));
	EXPECT_EQ(0, entry_remove(&self->entry));
}

/* Whatever ran since the setup ran while the host held the quote back. */
#define EXPECT_STILL_HELD()						\
	do {								\
		EXPECT_EQ(1, emu_stat("stat_inflight"));		\
		EXPECT_FALSE(reader_is_done(&self->holder));		\
	} while (0)

TEST_F_TIMEOUT(held, quote_does_not_delay_attributes_of_its_own_entry, 60)
{
	EXPECT_EQ(1, entry_generation(&self->entry));
	EXPECT_EQ(10, entry_read(&self->entry, "provider", self->out, 64));
	EXPECT_EQ(0, entry_ask(&self->entry, self->newer, NONCE_LEN));
	EXPECT_EQ(2, entry_generation(&self->entry));
	EXPECT_STILL_HELD();
}

TEST_F_TIMEOUT(held, quote_does_not_delay_other_entries, 60)
{
	struct dirent *name;
	int found = 0;
	DIR *dir;

	EXPECT_EQ(0, entry_generation(&self->other));
	EXPECT_EQ(10, entry_read(&self->other, "provider", self->out, 64));
	EXPECT_EQ(0, entry_remove(&self->other));
	EXPECT_EQ(0, entry_make(&self->other, "ksft-other"));
	dir = opendir(REPORT_ROOT);
	ASSERT_NE(NULL, dir);
	while ((name = readdir(dir)))
		found += !strcmp(name->d_name, "ksft-held") ||
			 !strcmp(name->d_name, "ksft-other");
	EXPECT_EQ(2, found);
	EXPECT_EQ(0, closedir(dir));
	EXPECT_STILL_HELD();
}

TEST_F_TIMEOUT(held, quote_does_not_delay_quotes_of_other_entries, 60)
{
	ssize_t len;

	EXPECT_EQ(0, entry_ask(&self->other, self->newer, NONCE_LEN));
	len = entry_read(&self->other, "outblob", self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	EXPECT_SOUND(quote_check(self->out, len, self->newer));
	EXPECT_STILL_HELD();
}

TEST_F_TIMEOUT(held, quote_does_not_delay_the_ioctl, 60)
{
	/* TDX_CMD_GET_REPORT0: 64 bytes in, 1024 out */
	int fd = open("/dev/tdx_guest", O_RDWR | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, ioctl(fd, 0xc4405401, self->out));
	EXPECT_EQ(0, close(fd));
	EXPECT_STILL_HELD();
}

TEST_F_TIMEOUT(held, quote_is_given_to_its_reader_when_it_comes, 60)
{
	EXPECT_STILL_HELD();
	ASSERT_EQ(0, emu_set("quote_release", "1"));
	EXPECT_SOUND(reader_check(&self->holder, self->nonce));
	EXPECT_EQ(self->hypercalls + 1, emu_stat("stat_hypercalls"));
}

TEST_F_TIMEOUT(held, quote_is_shared_with_a_second_reader_of_the_entry, 60)
{
	struct reader second, third;

	ASSERT_EQ(0, reader_start(&second, &self->entry, "outblob"));
	ASSERT_EQ(0, reader_start(&third, &self->entry, "auxblob"));
	EXPECT_TRUE(reader_sleeps(&second));
	EXPECT_TRUE(reader_sleeps(&third));
	EXPECT_STILL_HELD();

	ASSERT_EQ(0, emu_set("quote_release", "1"));
	EXPECT_SOUND(reader_check(&self->holder, self->nonce));
	EXPECT_SOUND(reader_check(&second, self->nonce));
	EXPECT_LT(0, reader_finish(&third));
	EXPECT_EQ(self->hypercalls + 1, emu_stat("stat_hypercalls"));
}

TEST_F_TIMEOUT(held, quote_is_never_given_to_who_reads_after_a_newer_inblob, 60)
{
	struct reader second;
	const char *wrong;
	ssize_t len;

	ASSERT_EQ(0, entry_ask(&self->entry, self->newer, NONCE_LEN));
	ASSERT_EQ(0, reader_start(&second, &self->entry, "outblob"));
	EXPECT_TRUE(reader_comes_back(&second))
	{
		TH_LOG("the reader of the newer inblob waits for the older");
	}
	EXPECT_STILL_HELD();
	ASSERT_EQ(0, emu_set("quote_release", "1"));
	EXPECT_SOUND(reader_check(&second, self->newer));

	/* The first reader came before the write: either quote is right. */
	wrong = reader_check(&self->holder, self->nonce);
	if (wrong)
		wrong = reader_check(&self->holder, self->newer);
	EXPECT_SOUND(wrong);

	/* And the late old quote has not replaced the new one. */
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	EXPECT_SOUND(quote_check(self->out, len, self->newer));
}

TEST_HARNESS_MAIN
