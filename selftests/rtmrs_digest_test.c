// SPDX-License-Identifier: MIT
/*
 * configfs tsm/rtmrs: what is read from a digest, and when what was written to
 * it extends the register.
 */
#include <grp.h>

#include "kselftest_harness.h"

#include "eventlog.h"
#include "rtmrs.h"

#define INDEX	3

/* An entry for a register. */
FIXTURE(entry)
{
	EXTENDS_BEFORE;
	struct entry entry;
	uint8_t digest[RTMR_LEN + 1];
	uint8_t value[RTMR_LEN + 1];
};

FIXTURE_SETUP(entry)
{
	SKIP_WITHOUT_RTMRS();
	SETUP_EXTENDS_BEFORE();
	rtmrs_sweep();
	ASSERT_EQ(0, rtmr_make_for(&self->entry, "ksft-digest", INDEX));
	digest_make(self->digest, getpid(), 1);
}

FIXTURE_TEARDOWN(entry)
{
	entry_remove(&self->entry);
	EXPECT_EXTENDS_EXPLAINED();
}

/* One plain record more, and the register extended with @digest. */
#define EXPECT_EXTENDED(digest)						\
	do {								\
		rtmr_extend(self->before.rtmr[INDEX], digest);		\
		self->logged += RECORD_HEAD;				\
		EXPECT_NOTHING_EXTENDED();				\
	} while (0)

TEST_F(entry, refuses_a_digest_of_another_length)
{
	static uint8_t data[4096];
	size_t len;

	for (len = 1; len < RTMR_LEN; len++)
		EXPECT_EQ(-EINVAL, rtmr_write_digest(&self->entry, data, len));
	for (len = RTMR_LEN + 1; len <= 64; len++)
		EXPECT_EQ(-EFBIG, rtmr_write_digest(&self->entry, data, len));
	EXPECT_EQ(-EFBIG, rtmr_write_digest(&self->entry, data, sizeof(data)));
	/* configfs refuses this by itself, and commits it all the same */
	EXPECT_EQ(-EFAULT, entry_put(&self->entry, "digest", data, 0));
	EXPECT_NOTHING_EXTENDED();
	EXPECT_EQ(0, rtmr_write_digest(&self->entry, self->digest, RTMR_LEN));
	EXPECT_EXTENDED(self->digest);
}

/* configfs counts bytes that it could not read, and they are zeros. */
TEST_F(entry, commits_zeros_for_a_digest_that_cannot_be_read)
{
	const uint8_t zeros[RTMR_LEN] = { 0 };
	void *gone = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);

	ASSERT_NE(MAP_FAILED, gone);
	EXPECT_EQ(-EFAULT, entry_put(&self->entry, "digest", gone, RTMR_LEN));
	EXPECT_EQ(0, rtmr_last_error(&self->entry));
	EXPECT_EXTENDED(zeros);
	EXPECT_EQ(-EFAULT, entry_put(&self->entry, "digest", gone, 47));
	EXPECT_EQ(-EINVAL, rtmr_last_error(&self->entry));
	EXPECT_NOTHING_EXTENDED();
}

TEST_F(entry, takes_no_digest_from_a_file_that_was_read)
{
	int fd;

	fd = entry_open(&self->entry, "digest", O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_EQ(RTMR_LEN, pread(fd, self->value, RTMR_LEN, 0));
	EXPECT_EQ(-1, pwrite(fd, self->digest, RTMR_LEN, 0));
	EXPECT_EQ(ETXTBSY, errno);
	EXPECT_EQ(0, close(fd));
	EXPECT_NOTHING_EXTENDED();
}

TEST_F(entry, commits_pieces_of_a_digest_at_the_last_close)
{
	int fd, copy;

	fd = entry_open(&self->entry, "digest", O_WRONLY);
	ASSERT_LE(0, fd);
	copy = dup(fd);
	ASSERT_LE(0, copy);
	EXPECT_EQ(20, write(fd, self->digest, 20));
	EXPECT_EQ(28, write(copy, self->digest + 20, 28));
	EXPECT_EQ(-1, write(fd, self->digest, 1));
	EXPECT_EQ(EFBIG, errno);
	EXPECT_EQ(0, close(fd));
	EXPECT_NOTHING_EXTENDED();
	EXPECT_EQ(0, close(copy));
	EXPECT_EXTENDED(self->digest);
	EXPECT_EQ(0, rtmr_last_error(&self->entry));
}

TEST_F(entry, commits_a_digest_when_a_killed_holder_lets_go)
{
	int fd, status;
	pid_t holder;

	fd = entry_open(&self->entry, "digest", O_WRONLY);
	ASSERT_LE(0, fd);
	EXPECT_EQ(RTMR_LEN, write(fd, self->digest, RTMR_LEN));
	holder = fork();
	ASSERT_LE(0, holder);
	if (!holder) {
		pause();
		_exit(0);
	}
	EXPECT_EQ(0, close(fd));
	EXPECT_NOTHING_EXTENDED();
	EXPECT_EQ(0, kill(holder, SIGKILL));
	EXPECT_EQ(holder, waitpid(holder, &status, 0));
	/* killed, it may extend or not, but says which, and logs what it did */
	if (rtmr_last_error(&self->entry) == -EINTR)
		EXPECT_NOTHING_EXTENDED();
	else
		EXPECT_EXTENDED(self->digest);
}

TEST_F(entry, keeps_what_the_first_read_of_an_open_file_found)
{
	int fd;

	fd = entry_open(&self->entry, "digest", O_RDONLY);
	ASSERT_LE(0, fd);
	EXPECT_EQ(1, pread(fd, self->value, 1, 0));
	EXPECT_EQ(0, sysfs_extend(INDEX, self->digest, RTMR_LEN));
	EXPECT_EQ(RTMR_LEN, pread(fd, self->value, RTMR_LEN, 0));
	EXPECT_EQ(0, memcmp(self->before.rtmr[INDEX], self->value, RTMR_LEN));
	EXPECT_EQ(0, close(fd));
	EXPECT_EXTENDED(self->digest);
	EXPECT_EQ(RTMR_LEN, entry_read(&self->entry, "digest", self->value,
				       RTMR_LEN));
	EXPECT_EQ(0, memcmp(self->before.rtmr[INDEX], self->value, RTMR_LEN));
}

/* sysfs of mainline reads a cache; this must not. */
TEST_F(entry, reads_a_digest_from_no_cache)
{
	EXPECT_EQ(RTMR_LEN, entry_read(&self->entry, "digest", self->value,
				       RTMR_LEN));
	ASSERT_EQ(0, rtmr_extend_foreign(INDEX, self->digest));
	rtmr_extend(self->before.rtmr[INDEX], self->digest);
	EXPECT_EQ(RTMR_LEN, entry_read(&self->entry, "digest", self->value,
				       RTMR_LEN));
	EXPECT_EQ(0, memcmp(self->before.rtmr[INDEX], self->value, RTMR_LEN));
}

/* Runs as an unprivileged user; the number says what went wrong, 0 nothing. */
static int try_as_nobody(const struct entry *entry)
{
	uint8_t value[RTMR_LEN];

	if (setgroups(0, NULL) || setresgid(65534, 65534, 65534) ||
	    setresuid(65534, 65534, 65534))
		return 1;
	if (entry_open(entry, "digest", O_WRONLY) != -EACCES ||
	    entry_open(entry, "event", O_WRONLY) != -EACCES ||
	    entry_open(entry, "measure", O_WRONLY) != -EACCES ||
	    entry_open(entry, "event_type", O_WRONLY) != -EACCES)
		return 2;
	if (!mkdir(RTMRS_ROOT "/ksft-nobody", 0755) || errno != EACCES)
		return 3;
	if (!rmdir(entry->path) || errno != EACCES)
		return 4;
	if (entry_read(entry, "digest", value, RTMR_LEN) != RTMR_LEN)
		return 5;
	return file_read_long(entry_attr(entry, "index")) == INDEX ? 0 : 6;
}

TEST_F(entry, is_for_root_to_write_and_for_everybody_to_read)
{
	pid_t child;
	int status;

	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		_exit(try_as_nobody(&self->entry));
	ASSERT_EQ(child, waitpid(child, &status, 0));
	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_EQ(0, WEXITSTATUS(status));
	EXPECT_NOTHING_EXTENDED();
}

TEST_HARNESS_MAIN
