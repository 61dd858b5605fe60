/* SPDX-License-Identifier: MIT */
/*
 * The runtime event log, read as a verifier would: record by record, and
 * replayed. Layouts are read from the specifications, not shared.
 *
 * [PFP] TCG PC Client Platform Firmware Profile 1.05: 10.2.1 for the first
 * record, 10.2.2 TCG_PCR_EVENT2 for the others, 10.4.1 for the types.
 */
#ifndef SELFTESTS_EVENTLOG_H
#define SELFTESTS_EVENTLOG_H

#include "quote.h"
#include "registers.h"

#define LOG_DIR		"/sys/kernel/security/tsm_guest"
#define LOG_BINARY	LOG_DIR "/binary_runtime_measurements"
#define LOG_ASCII	LOG_DIR "/ascii_runtime_measurements"

#define EV_NO_ACTION	0x00000003
#define EV_EVENT_TAG	0x00000006
#define EV_COMPACT_HASH	0x0000000c

#define ALG_SHA384	0x000c
#define SPEC_ID_LEN	65	/* with SHA-384 as its only algorithm */
#define RECORD_HEAD	66	/* with a single digest, SHA-384 */

/* uapi/linux/tsm-guest.h: records that tell the value of registers. */
#define STATE_SIGNATURE	"tsm_guest state"
#define STATE_OPENING	0
#define STATE_GAP	1
#define STATE_HEAD	20
#define STATE_VALUE	52
#define OPENING_LEN	(RECORD_HEAD + STATE_HEAD + RTMRS * STATE_VALUE)
#define GAP_LEN		(RECORD_HEAD + STATE_HEAD + STATE_VALUE)

/* Above anything that a boot of these tests writes. */
#define LOG_MAX		(64 * 1024 * 1024)

struct eventlog {
	uint8_t *data;
	size_t len;
};

struct record {
	uint32_t mr_index;
	uint32_t type;
	const uint8_t *digest;
	const uint8_t *event;
	uint32_t event_len;
	size_t len;		/* all of it */
};

static __maybe_unused bool log_present(void)
{
	return !access(LOG_BINARY, F_OK);
}

#define SKIP_WITHOUT_LOG()						\
	do {								\
		if (!driver_is_tsm_guest())				\
			SKIP(return, "only tsm_guest keeps an event log"); \
		if (!log_present() && access("/sys/kernel/security", F_OK)) \
			SKIP(return, "no securityfs, so no " LOG_BINARY); \
	} while (0)

/* How much there is now, without reading it: -errno, or bytes. */
static __maybe_unused ssize_t log_size(void)
{
	size_t low = 0, high = LOG_MAX, middle;
	int fd = open(LOG_BINARY, O_RDONLY | O_CLOEXEC);
	ssize_t ret = 0;
	uint8_t byte;

	if (fd < 0)
		return -errno;
	while (low < high && ret >= 0) {
		middle = low + (high - low) / 2;
		ret = pread(fd, &byte, 1, middle);
		if (ret > 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (ret < 0)
		low = -errno;
	close(fd);
	return low;
}

static __maybe_unused void log_free(struct eventlog *log)
{
	free(log->data);
	log->data = NULL;
}

/* Reads from @offset to the end, as of then; log_free() it. */
static __maybe_unused int log_read(struct eventlog *log, size_t offset)
{
	int fd = open(LOG_BINARY, O_RDONLY | O_CLOEXEC);
	size_t room = 0;
	ssize_t ret;

	log->data = NULL;
	log->len = 0;
	if (fd < 0)
		return -errno;
	do {
		if (room - log->len < 4096) {
			room += 256 * 1024;
			log->data = realloc(log->data, room);
		}
		ret = pread(fd, log->data + log->len, room - log->len,
			    offset + log->len);
		if (ret < 0)
			ret = -errno;
		else
			log->len += ret;
	} while (ret > 0);
	close(fd);
	return ret;
}

/**
 * record_parse() - look at the record at the beginning of some bytes.
 * @data: of a log, past its first record
 * @len: how many bytes
 * @record: filled in; points into @data
 *
 * Return: NULL, or what is wrong with it.
 */
static __maybe_unused const char *record_parse(const uint8_t *data, size_t len,
					       struct record *record)
{
	if (len < RECORD_HEAD)
		return "log ends within the head of a record";
	record->mr_index = get_le32(data);
	record->type = get_le32(data + 4);
	record->digest = data + 14;
	record->event_len = get_le32(data + 62);
	record->event = data + RECORD_HEAD;
	if (get_le32(data + 8) != 1)
		return "not a single digest";
	if (get_le16(data + 12) != ALG_SHA384)
		return "the digest is not SHA-384";
	if (record->event_len > len - RECORD_HEAD)
		return "log ends within the event data of a record";
	if (record->mr_index > RTMRS)
		return "a register that a TD does not have";
	record->len = RECORD_HEAD + record->event_len;
	return NULL;
}

static __maybe_unused bool record_is_state(const struct record *record)
{
	return record->type == EV_NO_ACTION &&
	       record->event_len >= STATE_HEAD &&
	       !memcmp(record->event, STATE_SIGNATURE, 16);
}

static __maybe_unused bool record_is_gap(const struct record *record)
{
	return record_is_state(record) && record->event[16] == STATE_GAP;
}

/* What a verifier thinks on its way through the log. */
struct replay {
	struct registers now;
	unsigned int extends;
	unsigned int gaps;
};

/* Takes over the values that a record of ours tells. */
static __maybe_unused const char *replay_state(struct replay *replay,
					       const struct record *record)
{
	static const uint8_t zeros[RTMR_LEN];
	const uint8_t *value = record->event + STATE_HEAD;
	unsigned int i, mr;

	if (memcmp(record->digest, zeros, RTMR_LEN))
		return "the digest of a state record is not zero";
	if (record->event[18] || record->event[19])
		return "reserved bytes of a state record are not zero";
	if (record->event_len != STATE_HEAD + record->event[17] * STATE_VALUE)
		return "a state record has another length than its values";
	for (i = 0; i < record->event[17]; i++, value += STATE_VALUE) {
		mr = get_le32(value);
		if (mr < 1 || mr > RTMRS)
			return "a state record tells of no RTMR";
		memcpy(replay->now.rtmr[mr - 1], value + 4, RTMR_LEN);
	}
	replay->gaps += record_is_gap(record);
	return NULL;
}

static __maybe_unused const char *replay_record(struct replay *replay,
						const struct record *record)
{
	if (record_is_state(record))
		return replay_state(replay, record);
	if (record->type == EV_NO_ACTION)
		return "EV_NO_ACTION of an unknown kind";
	if (!record->mr_index)
		return "MRTD cannot be extended";
	rtmr_extend(replay->now.rtmr[record->mr_index - 1], record->digest);
	replay->extends++;
	return NULL;
}

/* @log: from any record on, of which @replay has the values before. */
static __maybe_unused const char *replay_log(struct replay *replay,
					     const struct eventlog *log)
{
	struct record record;
	const char *wrong;
	size_t pos;

	for (pos = 0; pos < log->len; pos += record.len) {
		wrong = record_parse(log->data + pos, log->len - pos, &record);
		if (!wrong)
			wrong = replay_record(replay, &record);
		if (wrong)
			return wrong;
	}
	return NULL;
}

/* A place in the log, and what the registers hold there. */
struct mark {
	struct registers registers;
	ssize_t logged;
};

/* Gaps that others left are found, and come before the mark. */
static __maybe_unused int mark_set(struct mark *mark)
{
	int ret = registers_report(&mark->registers);

	mark->logged = log_size();
	return ret ? ret : mark->logged < 0 ? mark->logged : 0;
}

/* NULL if the log leads from @mark to what the TDX module has now. */
static __maybe_unused const char *log_explains_since(const struct mark *mark)
{
	struct replay replay = { mark->registers };
	struct registers now;
	struct eventlog log;
	const char *wrong;

	/* first, for it may have a gap recorded */
	if (registers_report(&now))
		return "cannot read the registers";
	if (log_read(&log, mark->logged))
		return "cannot read the log";
	wrong = replay_log(&replay, &log);
	if (!wrong && memcmp(&replay.now, &now, sizeof(now)))
		wrong = "the log does not lead to the values of the registers";
	log_free(&log);
	return wrong;
}

/* The same from the values with which the log opens. */
static __maybe_unused const char *log_explains_registers(void)
{
	const struct mark opening = { .logged = SPEC_ID_LEN };

	return log_explains_since(&opening);
}

/* What a fixture of extends keeps: registers and log as they were before. */
#define EXTENDS_BEFORE							\
	struct mark mark;						\
	struct registers before, now;					\
	ssize_t logged;							\
	long violations

#define SETUP_EXTENDS_BEFORE()						\
	do {								\
		SKIP_WITHOUT_EMULATOR();				\
		ASSERT_EQ(0, emu_reset());				\
		ASSERT_EQ(0, mark_set(&self->mark));			\
		self->violations = emu_stat("stat_violations");		\
		self->logged = log_size();				\
		ASSERT_LT(0, self->logged);				\
		ASSERT_EQ(0, registers_peek(&self->before));		\
	} while (0)

/* Whatever a test did: nobody broke a rule, and the log has all of it. */
#define EXPECT_EXTENDS_EXPLAINED()					\
	do {								\
		EXPECT_EQ(0, emu_reset());				\
		EXPECT_NO_VIOLATION_SINCE(self->violations);		\
		EXPECT_SOUND(log_explains_since(&self->mark));		\
	} while (0)

/* In such a fixture. */
#define EXPECT_NOTHING_EXTENDED()					\
	do {								\
		EXPECT_EQ(0, registers_peek(&self->now));		\
		EXPECT_SAME_REGISTERS(&self->before, &self->now);	\
		EXPECT_EQ(self->logged, log_size());			\
	} while (0)

#endif /* SELFTESTS_EVENTLOG_H */
