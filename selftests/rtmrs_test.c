// SPDX-License-Identifier: MIT
/*
 * configfs tsm/rtmrs: entries, and which register they stand for.
 */
#include "kselftest_harness.h"

#include "eventlog.h"
#include "rtmrs.h"

FIXTURE(attribute)
{
	struct entry entry;
};

FIXTURE_VARIANT(attribute)
{
	const char *name;
	mode_t mode;
	off_t size;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(attribute, index) { "index", 0644, 4096 };
FIXTURE_VARIANT_ADD(attribute, digest) { "digest", 0644, 0 };
FIXTURE_VARIANT_ADD(attribute, tcg_map) { "tcg_map", 0444, 4096 };
FIXTURE_VARIANT_ADD(attribute, event) { "event", 0200, 0 };
FIXTURE_VARIANT_ADD(attribute, event_type) { "event_type", 0644, 4096 };
FIXTURE_VARIANT_ADD(attribute, measure) { "measure", 0200, 4096 };
FIXTURE_VARIANT_ADD(attribute, last_errno) { "last_errno", 0444, 4096 };
/* clang-format on */

FIXTURE_SETUP(attribute)
{
	SKIP_WITHOUT_RTMRS();
	rtmrs_sweep();
	ASSERT_EQ(0, rtmr_make(&self->entry, "ksft-attribute"));
}

FIXTURE_TEARDOWN(attribute)
{
	EXPECT_EQ(0, entry_remove(&self->entry));
}

TEST_F(attribute, has_its_mode_owner_and_size)
{
	struct stat st;

	ASSERT_EQ(0, lstat(entry_attr(&self->entry, variant->name), &st));
	EXPECT_EQ(S_IFREG | variant->mode, st.st_mode);
	EXPECT_EQ(0, st.st_uid);
	EXPECT_EQ(0, st.st_gid);
	EXPECT_EQ(variant->size, st.st_size);
}

TEST_F(attribute, opens_only_in_the_directions_of_its_mode_even_for_root)
{
	const int wanted[] = { 0444, 0200, 0644 };
	const int flags[] = { O_RDONLY, O_WRONLY, O_RDWR };
	int i, fd;

	for (i = 0; i < 3; i++) {
		fd = entry_open(&self->entry, variant->name, flags[i]);
		if ((variant->mode & wanted[i]) == wanted[i]) {
			EXPECT_LE(0, fd);
			EXPECT_EQ(0, close(fd));
		} else {
			EXPECT_EQ(-EACCES, fd);
		}
	}
}

/* Two entries, of which nobody said yet what they are for. */
FIXTURE(entries)
{
	EXTENDS_BEFORE;
	struct entry entry, other;
	uint8_t digest[RTMR_LEN + 1];
	uint8_t value[RTMR_LEN + 1];
};

FIXTURE_SETUP(entries)
{
	SKIP_WITHOUT_RTMRS();
	SETUP_EXTENDS_BEFORE();
	rtmrs_sweep();
	ASSERT_EQ(0, rtmr_make(&self->entry, "ksft-entry"));
	ASSERT_EQ(0, rtmr_make(&self->other, "ksft-other"));
	digest_make(self->digest, getpid(), 1);
}

FIXTURE_TEARDOWN(entries)
{
	entry_remove(&self->entry);
	entry_remove(&self->other);
	EXPECT_EXTENDS_EXPLAINED();
}

/* One plain record more, and register @index extended with @digest. */
#define EXPECT_EXTENDED(index, digest)					\
	do {								\
		rtmr_extend(self->before.rtmr[index], digest);		\
		self->logged += RECORD_HEAD;				\
		EXPECT_NOTHING_EXTENDED();				\
	} while (0)

TEST_F(entries, begin_without_a_register_and_without_an_error)
{
	char text[16];

	EXPECT_EQ(-ENXIO, entry_read(&self->entry, "index", text, 16));
	EXPECT_EQ(-ENXIO, entry_read(&self->entry, "tcg_map", text, 16));
	EXPECT_EQ(-ENXIO, entry_read(&self->entry, "digest", self->value,
				     RTMR_LEN));
	EXPECT_STREQ("0\n", entry_text(&self->entry, "last_errno"));
	EXPECT_STREQ("0x00000006\n", entry_text(&self->entry, "event_type"));
	EXPECT_EQ(-ENXIO, rtmr_write_digest(&self->entry, self->digest,
					    RTMR_LEN));
	EXPECT_EQ(-ENXIO, rtmr_write_digest(&self->entry, self->digest,
					    RTMR_LEN - 1));
	EXPECT_NOTHING_EXTENDED();
}

TEST_F(entries, take_an_index_in_every_form_of_c_and_show_it_in_decimal)
{
	static const char *const forms[] = {
		"3", "3\n", "0x3", "0X3\n", "03", "0000003", "+3",
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		EXPECT_EQ(0, entry_set(&self->entry, "index", forms[i]));
		EXPECT_STREQ("3\n", entry_text(&self->entry, "index"));
		ASSERT_EQ(0, entry_remove(&self->entry));
		ASSERT_EQ(0, rtmr_make(&self->entry, "ksft-entry"));
	}
}

TEST_F(entries, refuse_what_is_no_index_of_a_register)
{
	static const struct {
		const char *text;
		int err;
	} bad[] = {
		{ "\n", EINVAL }, { "x", EINVAL }, { "rtmr3", EINVAL },
		{ "3 ", EINVAL }, { " 3", EINVAL }, { "3\n\n", EINVAL },
		{ "3,2", EINVAL }, { "-1", EINVAL }, { "0x", EINVAL },
		{ "4", EINVAL }, { "255", EINVAL }, { "4294967295", EINVAL },
		{ "4294967296", ERANGE }, { "4294967299", ERANGE },
		{ "99999999999999999999999", ERANGE },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_SOUND(entry_refuses(&self->entry, "index", bad[i].text,
					   bad[i].err));
	EXPECT_EQ(0, entry_set(&self->entry, "index", "2"));
}

TEST_F(entries, take_their_index_once)
{
	ASSERT_EQ(0, entry_set(&self->entry, "index", "2"));
	EXPECT_EQ(-EBUSY, entry_set(&self->entry, "index", "3"));
	EXPECT_EQ(-EBUSY, entry_set(&self->entry, "index", "2"));
	EXPECT_STREQ("2\n", entry_text(&self->entry, "index"));
	EXPECT_EQ(0, entry_set(&self->other, "index", "3"));
}

TEST_F(entries, for_one_register_are_one_at_a_time)
{
	char text[16];

	ASSERT_EQ(0, entry_set(&self->entry, "index", "3"));
	EXPECT_EQ(-EBUSY, entry_set(&self->other, "index", "3"));
	EXPECT_EQ(-ENXIO, entry_read(&self->other, "index", text, 16));
	EXPECT_EQ(-ENXIO, rtmr_write_digest(&self->other, self->digest,
					    RTMR_LEN));
	EXPECT_NOTHING_EXTENDED();
	/* who was refused may still become something else */
	EXPECT_EQ(0, entry_set(&self->other, "index", "2"));
	EXPECT_STREQ("3\n", entry_text(&self->entry, "index"));
}

TEST_F(entries, free_their_register_when_they_are_removed)
{
	int i;

	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, entry_set(&self->entry, "index", "3"));
		ASSERT_EQ(-EBUSY, entry_set(&self->other, "index", "3"));
		ASSERT_EQ(0, entry_remove(&self->entry));
		ASSERT_EQ(0, rtmr_make(&self->entry, "ksft-entry"));
	}
	EXPECT_EQ(0, entry_set(&self->other, "index", "3"));
}

TEST_F(entries, tell_whose_part_of_a_tpm_their_register_plays)
{
	static const char *const maps[] = { "1,7\n", "2-6\n", "8-15\n", "\n" };
	char index[2] = "0";

	for (; index[0] < '0' + RTMRS; index[0]++) {
		ASSERT_EQ(0, entry_set(&self->entry, "index", index));
		EXPECT_STREQ(maps[index[0] - '0'],
			     entry_text(&self->entry, "tcg_map"));
		ASSERT_EQ(0, entry_remove(&self->entry));
		ASSERT_EQ(0, rtmr_make(&self->entry, "ksft-entry"));
	}
}

TEST_F(entries, are_read_and_extended_for_registers_2_and_3)
{
	char index[2] = "2";
	int i;

	for (; index[0] < '0' + RTMRS; index[0]++) {
		ASSERT_EQ(0, entry_set(&self->entry, "index", index));
		i = index[0] - '0';
		EXPECT_EQ(0, rtmr_write_digest(&self->entry, self->digest,
					       RTMR_LEN));
		EXPECT_EXTENDED(i, self->digest);
		EXPECT_EQ(RTMR_LEN, entry_read(&self->entry, "digest",
					       self->value, RTMR_LEN));
		EXPECT_EQ(0, memcmp(self->before.rtmr[i], self->value,
				    RTMR_LEN));
		ASSERT_EQ(0, entry_remove(&self->entry));
		ASSERT_EQ(0, rtmr_make(&self->entry, "ksft-entry"));
	}
}

TEST_F(entries, are_read_but_not_extended_for_registers_0_and_1)
{
	char index[2] = "0";
	int i;

	for (; index[0] < '2'; index[0]++) {
		ASSERT_EQ(0, entry_set(&self->entry, "index", index));
		i = index[0] - '0';
		EXPECT_EQ(-EPERM, rtmr_write_digest(&self->entry, self->digest,
						    RTMR_LEN));
		EXPECT_EQ(RTMR_LEN, entry_read(&self->entry, "digest",
					       self->value, RTMR_LEN));
		EXPECT_EQ(0, memcmp(self->before.rtmr[i], self->value,
				    RTMR_LEN));
		ASSERT_EQ(0, entry_remove(&self->entry));
		ASSERT_EQ(0, rtmr_make(&self->entry, "ksft-entry"));
	}
	EXPECT_NOTHING_EXTENDED();
}

TEST_HARNESS_MAIN
