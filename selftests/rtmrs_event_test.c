// SPDX-License-Identifier: MIT
/*
 * configfs tsm/rtmrs with event data: what is measured, recorded, refused, and
 * what is still pending afterwards.
 */
#include "kselftest_harness.h"

#include "eventlog.h"
#include "rtmrs.h"

#define INDEX	3

/* An entry for a register, and event data to be had. */
FIXTURE(event)
{
	EXTENDS_BEFORE;
	struct entry entry;
	struct eventlog log;
	struct record record;
	uint8_t digest[RTMR_LEN];	/* of @data, all of it */
	char hex[2 * RTMR_LEN + 2];	/* the same, and room for a newline */
	uint8_t data[EVENT_MAX + 1];
};

FIXTURE_SETUP(event)
{
	size_t i;

	SKIP_WITHOUT_RTMRS();
	SETUP_EXTENDS_BEFORE();
	rtmrs_sweep();
	ASSERT_EQ(0, rtmr_make_for(&self->entry, "ksft-event", INDEX));
	for (i = 0; i < sizeof(self->data); i++)
		self->data[i] = i * 7 + (i >> 8);
	sha384(self->data, EVENT_MAX, self->digest);
	bytes_to_hex(self->hex, self->digest, RTMR_LEN);
}

FIXTURE_TEARDOWN(event)
{
	entry_remove(&self->entry);
	log_free(&self->log);
	EXPECT_EXTENDS_EXPLAINED();
}

/* One record more: @digest, with @len bytes of @data as event. */
#define EXPECT_RECORDED(value, kind, bytes, length)			\
	do {								\
		struct record *record = &self->record;			\
									\
		log_free(&self->log);					\
		ASSERT_EQ(0, log_read(&self->log, self->logged));	\
		ASSERT_SOUND(record_parse(self->log.data, self->log.len, \
					  record));			\
		EXPECT_EQ(self->log.len, record->len);			\
		EXPECT_EQ(INDEX + 1, record->mr_index);			\
		EXPECT_EQ(kind, record->type);				\
		EXPECT_EQ(0, memcmp(value, record->digest, RTMR_LEN));	\
		EXPECT_EQ(length, record->event_len);			\
		EXPECT_EQ(0, memcmp(bytes, record->event,		\
				    record->event_len));		\
		self->logged += record->len;				\
		rtmr_extend(self->before.rtmr[INDEX], value);		\
		EXPECT_NOTHING_EXTENDED();				\
	} while (0)

TEST_F(event, of_every_length_is_measured_and_recorded)
{
	static const unsigned int lengths[] = {
		1, 2, 47, 48, 49, 61, 62, 63, 64, 127, 128, 129,
		4029, 4030, 4031, 4095, 4096, 4097, 8192, 40000, 65535, 65536,
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		sha384(self->data, lengths[i], self->digest);
		ASSERT_EQ(0, entry_put(&self->entry, "event", self->data,
				       lengths[i]));
		ASSERT_EQ(0, entry_set(&self->entry, "measure", "1"));
		EXPECT_RECORDED(self->digest, EV_EVENT_TAG, self->data,
				lengths[i]);
	}
}

TEST_F(event, is_measured_only_once)
{
	ASSERT_EQ(0, entry_put(&self->entry, "event", self->data, EVENT_MAX));
	EXPECT_EQ(0, entry_set(&self->entry, "measure", "1\n"));
	EXPECT_RECORDED(self->digest, EV_EVENT_TAG, self->data, EVENT_MAX);
	EXPECT_EQ(-ENODATA, entry_set(&self->entry, "measure", "1\n"));
	EXPECT_EQ(-ENODATA, entry_set(&self->entry, "measure", self->hex));
	EXPECT_NOTHING_EXTENDED();
}

TEST_F(event, is_measured_if_it_has_the_digest_that_is_given)
{
	char *digit;

	ASSERT_EQ(0, entry_put(&self->entry, "event", self->data, EVENT_MAX));
	EXPECT_EQ(0, entry_set(&self->entry, "measure", self->hex));
	EXPECT_RECORDED(self->digest, EV_EVENT_TAG, self->data, EVENT_MAX);

	for (digit = self->hex; *digit; digit++)
		*digit = toupper(*digit);
	strcpy(digit, "\n");
	ASSERT_EQ(0, entry_put(&self->entry, "event", self->data, EVENT_MAX));
	EXPECT_EQ(0, entry_set(&self->entry, "measure", self->hex));
	EXPECT_RECORDED(self->digest, EV_EVENT_TAG, self->data, EVENT_MAX);
}

TEST_F(event, of_another_digest_is_ebadmsg_at_every_digit_and_stays)
{
	int i;

	ASSERT_EQ(0, entry_put(&self->entry, "event", self->data, EVENT_MAX));
	for (i = 0; i < 2 * RTMR_LEN; i++) {
		self->hex[i] = self->hex[i] == '0' ? '1' : '0';
		EXPECT_EQ(-EBADMSG, entry_set(&self->entry, "measure",
					      self->hex));
		bytes_to_hex(self->hex, self->digest, RTMR_LEN);
	}
	EXPECT_EQ(-EBADMSG, rtmr_last_error(&self->entry));
	EXPECT_NOTHING_EXTENDED();
	EXPECT_EQ(0, entry_set(&self->entry, "measure", self->hex));
	EXPECT_EQ(0, rtmr_last_error(&self->entry));
	EXPECT_RECORDED(self->digest, EV_EVENT_TAG, self->data, EVENT_MAX);
}

TEST_F(event, is_not_measured_for_other_words_than_1_or_96_digits)
{
	static const char *const words[] = {
		"\n", "2", "11", "01", "00", "0x1", "1 ", " 1", "1\n\n", "y",
	};
	char text[2 * RTMR_LEN + 3];
	int i;

	ASSERT_EQ(0, entry_put(&self->entry, "event", self->data, EVENT_MAX));
	for (i = 0; i < ARRAY_SIZE(words); i++)
		EXPECT_SOUND(entry_refuses(&self->entry, "measure", words[i],
					   EINVAL));
	EXPECT_EQ(-EINVAL, rtmr_last_error(&self->entry));
	EXPECT_EQ(-EINVAL, entry_put(&self->entry, "measure", "1\0", 2));
	EXPECT_EQ(-EINVAL, entry_put(&self->entry, "measure", self->hex, 95));
	snprintf(text, sizeof(text), "%s0", self->hex);
	EXPECT_EQ(-EINVAL, entry_set(&self->entry, "measure", text));
	snprintf(text, sizeof(text), "%.95sg", self->hex);
	EXPECT_EQ(-EINVAL, entry_set(&self->entry, "measure", text));
	snprintf(text, sizeof(text), "0x%.94s", self->hex);
	EXPECT_EQ(-EINVAL, entry_set(&self->entry, "measure", text));
	EXPECT_NOTHING_EXTENDED();
	EXPECT_EQ(0, entry_set(&self->entry, "measure", "1"));
}

TEST_F(event, is_recorded_with_a_digest_whatever_that_is)
{
	uint8_t digest[RTMR_LEN];

	digest_make(digest, getpid(), 1);
	ASSERT_EQ(0, entry_put(&self->entry, "event", self->data, 100));
	EXPECT_EQ(0, rtmr_write_digest(&self->entry, digest, RTMR_LEN));
	EXPECT_RECORDED(digest, EV_EVENT_TAG, self->data, 100);
	EXPECT_EQ(0, rtmr_write_digest(&self->entry, digest, RTMR_LEN));
	EXPECT_RECORDED(digest, EV_COMPACT_HASH, "", 0);
}

TEST_F(event, is_the_one_that_was_written_last)
{
	ASSERT_EQ(0, entry_put(&self->entry, "event", self->data, EVENT_MAX));
	ASSERT_EQ(0, entry_put(&self->entry, "event", self->data + 1, 9));
	EXPECT_EQ(-EBADMSG, entry_set(&self->entry, "measure", self->hex));
	EXPECT_EQ(0, entry_set(&self->entry, "measure", "1"));
	sha384(self->data + 1, 9, self->digest);
	EXPECT_RECORDED(self->digest, EV_EVENT_TAG, self->data + 1, 9);
}

TEST_F(event, of_a_65537th_byte_is_efbig_and_drops_what_was_pending)
{
	ASSERT_EQ(0, entry_put(&self->entry, "event", self->data, 10));
	EXPECT_EQ(-EFBIG, entry_put(&self->entry, "event", self->data,
				    EVENT_MAX + 1));
	EXPECT_EQ(-ENODATA, entry_set(&self->entry, "measure", "1"));
	EXPECT_NOTHING_EXTENDED();
}

TEST_F(event, keeps_what_the_file_took_before_a_65537th_byte)
{
	int fd = entry_open(&self->entry, "event", O_WRONLY);

	ASSERT_LE(0, fd);
	EXPECT_EQ(EVENT_MAX, write(fd, self->data, EVENT_MAX));
	EXPECT_EQ(-1, write(fd, self->data, 1));
	EXPECT_EQ(EFBIG, errno);
	EXPECT_EQ(0, close(fd));
	EXPECT_EQ(0, entry_set(&self->entry, "measure", self->hex));
	EXPECT_RECORDED(self->digest, EV_EVENT_TAG, self->data, EVENT_MAX);
}

TEST_F(event, is_dropped_by_a_measure_of_0_which_is_no_attempt)
{
	EXPECT_EQ(-ENODATA, entry_set(&self->entry, "measure", "1"));
	ASSERT_EQ(0, entry_put(&self->entry, "event", self->data, 10));
	EXPECT_EQ(0, entry_set(&self->entry, "measure", "0\n"));
	EXPECT_EQ(-ENODATA, rtmr_last_error(&self->entry));
	EXPECT_EQ(0, entry_set(&self->entry, "measure", "0"));
	EXPECT_EQ(0, rtmr_write_digest(&self->entry, self->digest, RTMR_LEN));
	EXPECT_RECORDED(self->digest, EV_COMPACT_HASH, "", 0);
	EXPECT_EQ(-ENODATA, entry_set(&self->entry, "measure", "1"));
}

/* So a program can tell what became of its digest from what was before. */
TEST_F(event, measured_by_nonsense_leaves_an_error_that_a_digest_clears)
{
	int fd = entry_open(&self->entry, "digest", O_WRONLY);

	ASSERT_LE(0, fd);
	EXPECT_EQ(RTMR_LEN, write(fd, self->digest, RTMR_LEN));
	EXPECT_EQ(-EINVAL, entry_set(&self->entry, "measure", "nonsense"));
	EXPECT_STREQ("22\n", entry_text(&self->entry, "last_errno"));
	EXPECT_EQ(0, close(fd));
	EXPECT_STREQ("0\n", entry_text(&self->entry, "last_errno"));
	EXPECT_RECORDED(self->digest, EV_COMPACT_HASH, "", 0);
}

TEST_F(event, without_bytes_drops_what_was_pending)
{
	int fd;

	ASSERT_EQ(0, entry_put(&self->entry, "event", self->data, 10));
	/* an open alone does not */
	fd = entry_open(&self->entry, "event", O_WRONLY);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, close(fd));
	EXPECT_EQ(-EBADMSG, entry_set(&self->entry, "measure", self->hex));
	EXPECT_EQ(-EFAULT, entry_put(&self->entry, "event", self->data, 0));
	EXPECT_EQ(-ENODATA, entry_set(&self->entry, "measure", "1"));
	EXPECT_NOTHING_EXTENDED();
}

TEST_F(event, counts_from_the_last_close_on)
{
	int fd = entry_open(&self->entry, "event", O_WRONLY);
	int copy;

	ASSERT_LE(0, fd);
	copy = dup(fd);
	EXPECT_EQ(1000, write(fd, self->data, 1000));
	EXPECT_EQ(EVENT_MAX - 1000, write(fd, self->data + 1000,
					  EVENT_MAX - 1000));
	EXPECT_EQ(0, close(fd));
	EXPECT_EQ(-ENODATA, entry_set(&self->entry, "measure", "1"));
	EXPECT_EQ(0, close(copy));
	EXPECT_EQ(0, entry_set(&self->entry, "measure", self->hex));
	EXPECT_RECORDED(self->digest, EV_EVENT_TAG, self->data, EVENT_MAX);
}

TEST_F(event, is_not_touched_by_extends_that_come_by_another_way)
{
	uint8_t digest[RTMR_LEN];

	digest_make(digest, getpid(), 1);
	ASSERT_EQ(0, entry_put(&self->entry, "event", self->data, EVENT_MAX));
	EXPECT_EQ(0, sysfs_extend(INDEX, digest, RTMR_LEN));
	EXPECT_RECORDED(digest, EV_COMPACT_HASH, "", 0);
	EXPECT_EQ(0, ioctl_extend(EXTEND_RTMR, INDEX, digest));
	EXPECT_RECORDED(digest, EV_COMPACT_HASH, "", 0);
	EXPECT_EQ(0, entry_set(&self->entry, "measure", "1"));
	EXPECT_RECORDED(self->digest, EV_EVENT_TAG, self->data, EVENT_MAX);
}

TEST_F(event, pending_goes_with_its_entry)
{
	ASSERT_EQ(0, entry_put(&self->entry, "event", self->data, EVENT_MAX));
	ASSERT_EQ(0, entry_remove(&self->entry));
	ASSERT_EQ(0, rtmr_make_for(&self->entry, "ksft-event", INDEX));
	EXPECT_EQ(-ENODATA, entry_set(&self->entry, "measure", "1"));
	EXPECT_NOTHING_EXTENDED();
}

/* Types: which are taken, how they are shown, and when they count. */
TEST_F(event, type_is_recorded_until_another_is_written)
{
	static const struct {
		const char *text;
		const char *shown;
		uint32_t type;
	} types[] = {
		{ "0xd", "0x0000000d\n", 0xd },
		{ "2147483649\n", "0x80000001\n", 0x80000001 },
		{ "0", "0x00000000\n", 0 },
		{ "010", "0x00000008\n", 8 },
		{ "0xffffffff", "0xffffffff\n", 0xffffffff },
		{ "12", "0x0000000c\n", EV_COMPACT_HASH },
	};
	int i, again;

	sha384(self->data, 5, self->digest);
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		EXPECT_EQ(0, entry_set(&self->entry, "event_type",
				       types[i].text));
		EXPECT_STREQ(types[i].shown, entry_text(&self->entry,
							"event_type"));
		for (again = 0; again < 2; again++) {
			ASSERT_EQ(0, entry_put(&self->entry, "event",
					       self->data, 5));
			ASSERT_EQ(0, entry_set(&self->entry, "measure", "1"));
			EXPECT_RECORDED(self->digest, types[i].type,
					self->data, 5);
		}
	}
}

TEST_F(event, type_does_not_count_without_event_data)
{
	ASSERT_EQ(0, entry_set(&self->entry, "event_type", "0x80000001"));
	EXPECT_EQ(0, rtmr_write_digest(&self->entry, self->digest, RTMR_LEN));
	EXPECT_RECORDED(self->digest, EV_COMPACT_HASH, "", 0);
}

/* A record of type EV_NO_ACTION extends nothing when it is replayed. */
TEST_F(event, type_3_and_what_is_no_type_are_refused)
{
	static const struct {
		const char *text;
		int err;
	} bad[] = {
		{ "3", EINVAL }, { "0x3\n", EINVAL }, { "03", EINVAL },
		{ "\n", EINVAL }, { "EV_IPL", EINVAL }, { "-1", EINVAL },
		{ "6 ", EINVAL }, { "4294967296", ERANGE },
		{ "0x100000003", ERANGE },
	};
	int i;

	ASSERT_EQ(0, entry_set(&self->entry, "event_type", "13"));
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_SOUND(entry_refuses(&self->entry, "event_type",
					   bad[i].text, bad[i].err));
	EXPECT_STREQ("0x0000000d\n", entry_text(&self->entry, "event_type"));
}

TEST_HARNESS_MAIN
