// SPDX-License-Identifier: MIT
/*
 * The runtime event log: how it opens, a record for each extend by whatever
 * path, and both views of it, read whole and while it grows.
 */
#include "kselftest_harness.h"

#include "eventlog.h"
#include "reader.h"
#include "rtmrs.h"

/* The examples of FIPS 180-4, and the empty message. */
TEST(sha384_of_these_tests_gives_the_known_answers)
{
	static const struct {
		const char *message;
		const char *digest;
	} known[] = {
		{ "",
		  "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"
		  "274edebfe76f65fbd51ad2f14898b95b" },
		{ "abc",
		  "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
		  "8086072ba1e7cc2358baeca134c825a7" },
		{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
		  "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
		  "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712"
		  "fcc7c71a557e2db966c3e9fa91746039" },
	};
	char hex[2 * SHA384_LEN + 1];
	uint8_t digest[SHA384_LEN];
	int i;

	/* nothing else here needs it then */
	SKIP_WITHOUT_LOG();
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		sha384(known[i].message, strlen(known[i].message), digest);
		bytes_to_hex(hex, digest, SHA384_LEN);
		EXPECT_STREQ(known[i].digest, hex);
	}
}

FIXTURE(view)
{
	const char *path;
};

FIXTURE_VARIANT(view)
{
	const char *name;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(view, binary) { "binary_runtime_measurements" };
FIXTURE_VARIANT_ADD(view, ascii) { "ascii_runtime_measurements" };
/* clang-format on */

FIXTURE_SETUP(view)
{
	static char path[PATH_LEN];

	SKIP_WITHOUT_LOG();
	snprintf(path, sizeof(path), LOG_DIR "/%s", variant->name);
	self->path = path;
}

FIXTURE_TEARDOWN(view)
{
}

TEST_F(view, is_for_root_alone_to_read)
{
	struct stat st;
	pid_t child;
	int status;

	ASSERT_EQ(0, lstat(self->path, &st));
	EXPECT_EQ(S_IFREG | 0400, st.st_mode);
	EXPECT_EQ(0, st.st_uid);
	EXPECT_EQ(0, st.st_gid);
	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		_exit(setresuid(65534, 65534, 65534) ||
		      open(self->path, O_RDONLY) != -1 || errno != EACCES);
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
}

TEST_F(view, gives_nothing_to_who_asks_for_nothing)
{
	char byte;
	int fd;

	fd = open(self->path, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, read(fd, &byte, 0));
	EXPECT_EQ(1, read(fd, &byte, 1));
	EXPECT_EQ(0, close(fd));
}

TEST_F(view, cannot_be_written_to)
{
	int fd = open(self->path, O_RDONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, write(fd, "x", 1));
	EXPECT_EQ(EBADF, errno);
	EXPECT_EQ(0, close(fd));
	/* root passes the mode, and finds nothing to write with */
	fd = open(self->path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	EXPECT_EQ(-1, write(fd, "x", 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(0, close(fd));
}

TEST_F(view, is_the_same_whatever_the_size_of_the_reads)
{
	static const size_t sizes[] = { 1, 7, 66, 4095, 4096, 100000 };
	size_t room = 200000, have, got;
	uint8_t *whole = malloc(room), *part = malloc(room);
	int fd, i;

	fd = open(self->path, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	for (have = 0; have < room; have += got) {
		got = read(fd, whole + have, room - have);
		ASSERT_GE(room, got);
		if (!got)
			break;
	}
	EXPECT_LT(0, have);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		/* in small pieces not all of what other tests have written */
		room = sizes[i] > 7 || have < 20000 ? have : 20000;
		ASSERT_EQ(0, lseek(fd, 0, SEEK_SET));
		for (got = 0; got < room;) {
			ssize_t len = read(fd, part + got,
					   sizes[i] < room - got ?
					   sizes[i] : room - got);

			ASSERT_LT(0, len);
			got += len;
		}
		EXPECT_EQ(0, memcmp(whole, part, room));
	}
	EXPECT_EQ(0, close(fd));
	free(whole);
	free(part);
}

/* Everybody's log from its beginning, or what the test adds to it. */
FIXTURE(log)
{
	struct mark mark;
	struct entry entry;
	struct eventlog log;
	struct registers before;
	uint8_t digest[RTMR_LEN];
	uint8_t event[EVENT_MAX];
	ssize_t logged;
	long violations;
};

FIXTURE_SETUP(log)
{
	size_t i;

	SKIP_WITHOUT_LOG();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, emu_reset());
	ASSERT_EQ(0, mark_set(&self->mark));
	self->violations = emu_stat("stat_violations");
	rtmrs_sweep();
	ASSERT_EQ(0, rtmr_make_for(&self->entry, "ksft-log", 3));
	for (i = 0; i < sizeof(self->event); i++)
		self->event[i] = i * 7 + (i >> 8);
	ASSERT_EQ(0, registers_report(&self->before));
	self->logged = log_size();
	ASSERT_LT(0, self->logged);
}

FIXTURE_TEARDOWN(log)
{
	log_free(&self->log);
	EXPECT_EQ(0, emu_reset());
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_SOUND(log_explains_since(&self->mark));
}

/* [PFP] 10.4.5.1, for SHA-384 alone and a UINTN of 8 bytes. */
TEST_F(log, begins_with_the_head_of_a_tcg_log)
{
	static const uint8_t head[SPEC_ID_LEN] = {
		[4] = EV_NO_ACTION, [28] = 33,
		[32] = 'S', 'p', 'e', 'c', ' ', 'I', 'D', ' ',
		'E', 'v', 'e', 'n', 't', '0', '3', '\0',
		[53] = 2, [55] = 2, [56] = 1, [60] = ALG_SHA384,
		[62] = RTMR_LEN,
	};

	ASSERT_EQ(0, log_read(&self->log, 0));
	ASSERT_LE(SPEC_ID_LEN, self->log.len);
	EXPECT_EQ(0, memcmp(head, self->log.data, SPEC_ID_LEN));
}

TEST_F(log, opens_with_the_values_of_all_registers)
{
	struct record record;
	unsigned int i;

	ASSERT_EQ(0, log_read(&self->log, SPEC_ID_LEN));
	ASSERT_SOUND(record_parse(self->log.data, self->log.len, &record));
	EXPECT_EQ(OPENING_LEN, record.len);
	EXPECT_EQ(0, record.mr_index);
	EXPECT_TRUE(record_is_state(&record));
	EXPECT_EQ(STATE_OPENING, record.event[16]);
	EXPECT_EQ(RTMRS, record.event[17]);
	for (i = 0; i < RTMRS; i++)
		EXPECT_EQ(i + 1, get_le32(record.event + STATE_HEAD +
					  i * STATE_VALUE));
}

TEST_F(log, leads_from_its_opening_to_the_values_of_the_registers)
{
	EXPECT_SOUND(log_explains_registers());
}

/* @number tells the digest; the order of the calls is the log's. */
static int extend_by(const struct entry *entry, int path, uint32_t number,
		     const uint8_t *event, size_t len, uint8_t *digest)
{
	int ret;

	digest_make(digest, getpid(), number);
	switch (path) {
	case 0:
		return sysfs_extend(3, digest, RTMR_LEN);
	case 1:
		return ioctl_extend(EXTEND_RTMR, 3, digest);
	case 2:
		return ioctl_extend(EXTEND_RTMR_V3, 3, digest);
	case 3:
		return rtmr_write_digest(entry, digest, RTMR_LEN);
	case 4:
		ret = entry_put(entry, "event", event, len);
		return ret ? ret : rtmr_write_digest(entry, digest, RTMR_LEN);
	default:
		sha384(event, len, digest);
		ret = entry_put(entry, "event", event, len);
		return ret ? ret : entry_set(entry, "measure", "1");
	}
}

#define PATHS	6
#define HAS_EVENT(path)	((path) >= 4)

TEST_F(log, has_one_record_for_each_extend_in_their_order)
{
	struct record record;
	size_t pos = 0, len;
	int i, path;

	for (i = 0; i < 5 * PATHS; i++)
		ASSERT_EQ(0, extend_by(&self->entry, i % PATHS, i, self->event,
				       1 + i * 100, self->digest));
	ASSERT_EQ(0, log_read(&self->log, self->logged));
	for (i = 0; i < 5 * PATHS; i++, pos += record.len) {
		path = i % PATHS;
		len = HAS_EVENT(path) ? 1 + i * 100 : 0;
		ASSERT_SOUND(record_parse(self->log.data + pos,
					  self->log.len - pos, &record));
		EXPECT_EQ(4, record.mr_index);
		EXPECT_EQ(len ? EV_EVENT_TAG : EV_COMPACT_HASH, record.type);
		EXPECT_EQ(len, record.event_len);
		EXPECT_EQ(0, memcmp(self->event, record.event, len));
		digest_make(self->digest, getpid(), i);
		if (path == 5)
			sha384(self->event, len, self->digest);
		EXPECT_EQ(0, memcmp(self->digest, record.digest, RTMR_LEN));
	}
	EXPECT_EQ(self->log.len, pos);
}

TEST_F(log, names_the_register_that_was_extended)
{
	struct record record;
	unsigned int i;

	for (i = 0; i < RTMRS; i++) {
		digest_make(self->digest, getpid(), i);
		ASSERT_EQ(0, sysfs_extend(i, self->digest, RTMR_LEN));
	}
	ASSERT_EQ(0, log_read(&self->log, self->logged));
	ASSERT_EQ(RTMRS * RECORD_HEAD, self->log.len);
	for (i = 0; i < RTMRS; i++) {
		ASSERT_SOUND(record_parse(self->log.data + i * RECORD_HEAD,
					  RECORD_HEAD, &record));
		EXPECT_EQ(i + 1, record.mr_index);
	}
}

TEST_F(log, is_read_at_every_offset)
{
	size_t offset, from, left;
	uint8_t part[100];
	int i, fd;

	for (i = 0; i < 60; i++)
		ASSERT_EQ(0, extend_by(&self->entry, i % PATHS, i, self->event,
				       1 + i * 37, self->digest));
	ASSERT_EQ(0, log_read(&self->log, 0));
	fd = open(LOG_BINARY, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	from = self->log.len > 30000 ? self->log.len - 30000 : 0;
	for (offset = from; offset <= self->log.len; offset++) {
		left = self->log.len - offset;
		if (left > sizeof(part))
			left = sizeof(part);
		ASSERT_EQ(left, pread(fd, part, sizeof(part), offset));
		ASSERT_EQ(0, memcmp(self->log.data + offset, part, left));
	}
	EXPECT_EQ(0, pread(fd, part, sizeof(part), self->log.len + 1));
	EXPECT_EQ(0, pread(fd, part, sizeof(part), 1LL << 40));
	EXPECT_EQ(-1, pread(fd, part, sizeof(part), -1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, pread(fd, (void *)(uintptr_t)offset, 1, 0));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(0, close(fd));
}

TEST_F_TIMEOUT(log, ends_with_a_whole_record_while_it_grows, 120)
{
	const size_t room = 8 * 1024 * 1024;
	uint8_t *have = malloc(room);
	struct record record;
	size_t len = 0, pos = 0;
	int fd, i, ends = 0, status;
	ssize_t got;
	pid_t child;

	fd = open(LOG_BINARY, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	child = fork();
	ASSERT_LE(0, child);
	if (!child) {
		for (i = 0; i < 60 * PATHS; i++)
			if (extend_by(&self->entry, i % PATHS, i, self->event,
				      1 + i * 31, self->digest))
				_exit(1);
		_exit(0);
	}
	/* on one descriptor, which goes on after the end when there is more */
	do {
		status = waitpid(child, &i, WNOHANG) == child;
		while ((got = pread(fd, have + len, len % 5000 + 1,
				    self->logged + len)) > 0)
			len += got;
		ASSERT_EQ(0, got);
		ASSERT_GT(room, len + 6000);
		for (; pos < len; pos += record.len)
			ASSERT_SOUND(record_parse(have + pos, len - pos,
						  &record));
		ends++;
	} while (!status);
	EXPECT_EQ(0, i);
	EXPECT_LT(1, ends);
	EXPECT_EQ(log_size() - self->logged, len);
	EXPECT_EQ(0, close(fd));
	free(have);
}

TEST_HARNESS_MAIN
