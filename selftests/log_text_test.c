// SPDX-License-Identifier: MIT
/*
 * The runtime event log as text: every line is what the binary record says.
 */
#include "kselftest_harness.h"

#include "eventlog.h"
#include "rtmrs.h"

FIXTURE(text)
{
	struct entry entry;
	uint8_t event[EVENT_MAX];
	struct eventlog log;
	char *text;
	size_t len;
};

FIXTURE_SETUP(text)
{
	unsigned int i;

	SKIP_WITHOUT_LOG();
	SKIP_WITHOUT_EMULATOR();
	SKIP_WITHOUT_RTMRS();
	ASSERT_EQ(0, emu_reset());
	rtmrs_sweep();
	ASSERT_EQ(0, rtmr_make_for(&self->entry, "ksft-text", 3));
	for (i = 0; i < sizeof(self->event); i++)
		self->event[i] = i;
}

FIXTURE_TEARDOWN(text)
{
	log_free(&self->log);
	free(self->text);
	EXPECT_EQ(0, entry_remove(&self->entry));
}

/* The names that the TCG gives to the types that these tests write. */
static bool is_type(const char *word, uint32_t type)
{
	static const struct {
		uint32_t type;
		const char *name;
	} names[] = {
		{ EV_NO_ACTION, "EV_NO_ACTION" },
		{ EV_EVENT_TAG, "EV_EVENT_TAG" },
		{ EV_COMPACT_HASH, "EV_COMPACT_HASH" },
		{ 0xd, "EV_IPL" },
		{ 0x80000001, "EV_EFI_VARIABLE_DRIVER_CONFIG" },
	};
	char hex[16];
	int i;

	snprintf(hex, sizeof(hex), "0x%08x", type);
	if (!strcmp(word, hex))
		return true;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].type == type && !strcmp(word, names[i].name))
			return true;
	return false;
}

/* Compares escaped text at @text with the event; how long it is, or -1. */
static ssize_t match_event(const char *text, const struct record *record)
{
	const char *start = text;
	char expected[5];
	uint32_t i;

	for (i = 0; i < record->event_len; i++) {
		const uint8_t byte = record->event[i];

		if (byte >= 0x20 && byte < 0x7f && byte != '\\')
			snprintf(expected, sizeof(expected), "%c", byte);
		else
			snprintf(expected, sizeof(expected), "\\x%02x", byte);
		if (strncmp(text, expected, strlen(expected)))
			return -1;
		text += strlen(expected);
	}
	return text - start;
}

/**
 * match_line() - compare a line with its record.
 * @text: the line, and whatever follows
 * @record: the record
 * @len: set to the length of the line, its newline included
 *
 * Return: NULL, or what differs.
 */
static const char *match_line(const char *text, const struct record *record,
			      size_t *len)
{
	char word[64], hex[2 * RTMR_LEN + 1], digest[2 * RTMR_LEN + 1];
	unsigned int mr, event_len;
	char words[200];
	ssize_t event;
	int head = 0;

	/* sscanf() would look for the end of all of the text first */
	snprintf(words, sizeof(words), "%.*s", (int)sizeof(words) - 1, text);
	if (sscanf(words, "%u %63s sha384:%96[0-9a-f] %u%n", &mr, word, hex,
		   &event_len, &head) != 4)
		return "not the first four words of a line";
	bytes_to_hex(digest, record->digest, RTMR_LEN);
	if (mr != record->mr_index)
		return "another mrIndex";
	if (!is_type(word, record->type))
		return "another event type";
	if (strcmp(hex, digest))
		return "another digest";
	if (event_len != record->event_len)
		return "another length of event data";
	/* the fifth, unless there are no event data */
	if (event_len && text[head++] != ' ')
		return "no blank before the event data";
	event = match_event(text + head, record);
	if (event < 0)
		return "other event data";
	if (text[head + event] != '\n')
		return "no end of line after the event data";
	*len = head + event + 1;
	return NULL;
}

/* Both views, as they are now; records first, for the log may only grow. */
static int read_both(FIXTURE_DATA(text) *self)
{
	const size_t room = 32 * 1024 * 1024;
	ssize_t len;
	int ret;

	ret = log_read(&self->log, SPEC_ID_LEN);
	self->text = calloc(1, room);
	len = file_read(LOG_ASCII, self->text, room - 1);
	self->len = len > 0 ? len : 0;
	return ret ? ret : len < 0 ? len : 0;
}

/* NULL, or what is wrong with the text; *@lines is how many there are. */
static const char *match_all(const FIXTURE_DATA(text) *self, int *lines)
{
	size_t pos = 0, at = 0, len;
	struct record record;
	const char *wrong;

	for (*lines = 0; pos < self->log.len; pos += record.len, at += len) {
		wrong = record_parse(self->log.data + pos, self->log.len - pos,
				     &record);
		if (!wrong)
			wrong = match_line(self->text + at, &record, &len);
		if (wrong)
			return wrong;
		(*lines)++;
	}
	return at == self->len ? NULL : "lines without a record";
}

TEST_F(text, has_a_line_for_each_record_but_the_first)
{
	uint8_t digest[RTMR_LEN];
	int before, after;

	ASSERT_EQ(0, read_both(self));
	EXPECT_SOUND(match_all(self, &before));
	log_free(&self->log);
	free(self->text);

	digest_make(digest, getpid(), 1);
	ASSERT_EQ(0, sysfs_extend(0, digest, RTMR_LEN));
	ASSERT_EQ(0, entry_put(&self->entry, "event", self->event, 256));
	ASSERT_EQ(0, entry_set(&self->entry, "measure", "1"));
	ASSERT_EQ(0, read_both(self));
	EXPECT_SOUND(match_all(self, &after));
	EXPECT_EQ(before + 2, after);
}

TEST_F(text, shows_every_byte_in_event_data_of_every_length)
{
	static const unsigned int lengths[] = {
		1, 127, 128, 129, 255, 256, 1000, 4096, 8192, EVENT_MAX,
	};
	int i, lines;

	ASSERT_EQ(0, entry_set(&self->entry, "event_type", "0xd"));
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		ASSERT_EQ(0, entry_put(&self->entry, "event", self->event,
				       lengths[i]));
		ASSERT_EQ(0, entry_set(&self->entry, "measure", "1"));
		ASSERT_EQ(0, entry_set(&self->entry, "event_type",
				       "0x80000001"));
	}
	ASSERT_EQ(0, read_both(self));
	EXPECT_SOUND(match_all(self, &lines));
}

TEST_F(text, shows_the_record_of_a_gap)
{
	const uint8_t digest[RTMR_LEN] = { 1 };
	struct registers now;
	int lines;

	ASSERT_EQ(0, rtmr_extend_foreign(1, digest));
	ASSERT_EQ(0, registers_report(&now));
	ASSERT_EQ(0, read_both(self));
	EXPECT_SOUND(match_all(self, &lines));
	EXPECT_NE(NULL, memmem(self->text, self->len, "2 EV_NO_ACTION sha384:0",
			       23));
}

TEST_F(text, is_whole_lines_while_the_log_grows)
{
	uint8_t digest[RTMR_LEN] = { 2 };
	int i, status;
	pid_t child;

	child = fork();
	ASSERT_LE(0, child);
	if (!child) {
		for (i = 0; i < 300; i++)
			if (sysfs_extend(3, digest, RTMR_LEN))
				_exit(1);
		_exit(0);
	}
	do {
		status = waitpid(child, &i, WNOHANG) == child;
		log_free(&self->log);
		free(self->text);
		ASSERT_EQ(0, read_both(self));
		ASSERT_LT(0, self->len);
		EXPECT_EQ('\n', self->text[self->len - 1]);
	} while (!status);
	EXPECT_EQ(0, i);
}

TEST_HARNESS_MAIN
