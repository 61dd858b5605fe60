// SPDX-License-Identifier: MIT
/*
 * sysfs measurements: the files as mainline has them, and what may be written
 * to a register: 48 bytes, or nothing happens.
 */
#include <dirent.h>
#include <grp.h>
#include <sys/uio.h>

#include "kselftest_harness.h"

#include "eventlog.h"
#include "registers.h"

/* One row a file: tdx_mrs[] of mainline's driver, offsets in TDREPORT. */
FIXTURE(file)
{
	const char *path;
	uint8_t value[RTMR_LEN];
};

FIXTURE_VARIANT(file)
{
	const char *name;
	mode_t mode;
	unsigned int offset;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(file, rtmr0) { "rtmr0:sha384", 0644, 720 };
FIXTURE_VARIANT_ADD(file, rtmr1) { "rtmr1:sha384", 0644, 768 };
FIXTURE_VARIANT_ADD(file, rtmr2) { "rtmr2:sha384", 0644, 816 };
FIXTURE_VARIANT_ADD(file, rtmr3) { "rtmr3:sha384", 0644, 864 };
FIXTURE_VARIANT_ADD(file, mrtd) { "mrtd:sha384", 0444, 528 };
FIXTURE_VARIANT_ADD(file, mrconfigid) { "mrconfigid", 0444, 576 };
FIXTURE_VARIANT_ADD(file, mrowner) { "mrowner", 0444, 624 };
FIXTURE_VARIANT_ADD(file, mrownerconfig) { "mrownerconfig", 0444, 672 };
/* clang-format on */

FIXTURE_SETUP(file)
{
	struct report_request req = { 0 };

	SKIP_WITHOUT_MEASUREMENTS();
	ASSERT_EQ(0, emu_reset());
	self->path = register_path(variant->name);
	ASSERT_EQ(0, device_ioctl(GET_REPORT0, &req));
	memcpy(self->value, req.tdreport + variant->offset, RTMR_LEN);
}

FIXTURE_TEARDOWN(file)
{
}

TEST_F(file, has_its_mode_owner_and_size)
{
	struct stat st;

	ASSERT_EQ(0, lstat(self->path, &st));
	EXPECT_EQ(S_IFREG | variant->mode, st.st_mode);
	EXPECT_EQ(0, st.st_uid);
	EXPECT_EQ(0, st.st_gid);
	EXPECT_EQ(RTMR_LEN, st.st_size);
}

TEST_F(file, opens_only_in_the_direction_of_its_mode_even_for_root)
{
	const bool writable = variant->mode & 0200;
	int fd;

	fd = open(self->path, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, close(fd));
	fd = open(self->path, O_RDWR | O_CLOEXEC);
	EXPECT_EQ(writable, fd >= 0);
	if (fd >= 0) {
		EXPECT_EQ(0, close(fd));
		return;
	}
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(-1, open(self->path, O_WRONLY | O_CLOEXEC));
	EXPECT_EQ(EACCES, errno);
}

TEST_F(file, has_the_value_that_a_tdreport_has)
{
	uint8_t value[RTMR_LEN + 1];

	EXPECT_EQ(RTMR_LEN, file_read(self->path, value, sizeof(value)));
	EXPECT_EQ(0, memcmp(self->value, value, RTMR_LEN));
}

TEST_F(file, is_read_at_every_offset_and_in_every_length)
{
	int fd = open(self->path, O_RDONLY | O_CLOEXEC);
	ssize_t expected, offset, len;
	uint8_t part[80];

	ASSERT_LE(0, fd);
	for (offset = 0; offset <= RTMR_LEN + 1; offset++) {
		for (len = 0; len <= RTMR_LEN + 2; len++) {
			expected = offset < RTMR_LEN ? RTMR_LEN - offset : 0;
			if (expected > len)
				expected = len;
			memset(part, 0x5a, sizeof(part));
			ASSERT_EQ(expected, pread(fd, part, len, offset));
			ASSERT_EQ(0, memcmp(part, self->value + offset,
					    expected));
			ASSERT_EQ(0x5a, part[expected]);
		}
	}
	EXPECT_EQ(0, close(fd));
}

TEST_F(file, is_read_byte_by_byte_to_its_end)
{
	int fd = open(self->path, O_RDONLY | O_CLOEXEC);
	uint8_t byte;
	int i;

	ASSERT_LE(0, fd);
	for (i = 0; i < RTMR_LEN; i++) {
		ASSERT_EQ(1, read(fd, &byte, 1));
		ASSERT_EQ(self->value[i], byte);
	}
	EXPECT_EQ(0, read(fd, &byte, 1));
	EXPECT_EQ(RTMR_LEN - 1, lseek(fd, RTMR_LEN - 1, SEEK_SET));
	EXPECT_EQ(1, read(fd, &byte, 1));
	EXPECT_EQ(self->value[RTMR_LEN - 1], byte);
	EXPECT_EQ(0, close(fd));
}

/* A register, what all of them held before the test, and the log's length. */
FIXTURE(extend)
{
	struct registers before, after, expected;
	uint8_t digest[2 * RTMR_LEN];
	ssize_t logged;
	int fd;
	long violations;
};

FIXTURE_VARIANT(extend)
{
	unsigned int index;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(extend, rtmr0) { 0 };
FIXTURE_VARIANT_ADD(extend, rtmr1) { 1 };
FIXTURE_VARIANT_ADD(extend, rtmr2) { 2 };
FIXTURE_VARIANT_ADD(extend, rtmr3) { 3 };
/* clang-format on */

FIXTURE_SETUP(extend)
{
	SKIP_WITHOUT_MEASUREMENTS();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, emu_reset());
	self->violations = emu_stat("stat_violations");
	digest_make(self->digest, getpid(), 1);
	digest_make(self->digest + RTMR_LEN, getpid(), 2);
	self->logged = log_size();
	ASSERT_EQ(0, registers_peek(&self->before));
	self->expected = self->before;
	self->fd = open(rtmr_path(variant->index), O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(extend)
{
	EXPECT_EQ(0, close(self->fd));
	EXPECT_NO_VIOLATION_SINCE(self->violations);
}

/* The registers, as the TDX module has them and as a TDREPORT tells. */
#define EXPECT_REGISTERS(expected)					\
	do {								\
		struct registers now;					\
									\
		EXPECT_EQ(0, registers_peek(&now));			\
		EXPECT_SAME_REGISTERS(expected, &now);			\
		EXPECT_EQ(0, registers_report(&now));			\
		EXPECT_SAME_REGISTERS(expected, &now);			\
	} while (0)

#define EXPECT_NOTHING_HAPPENED()					\
	do {								\
		EXPECT_REGISTERS(&self->before);			\
		EXPECT_EQ(self->logged, log_size());			\
	} while (0)

TEST_F(extend, is_done_as_the_tdx_module_does_it)
{
	uint8_t value[RTMR_LEN];
	unsigned int i;

	for (i = 0; i < 3; i++) {
		digest_make(self->digest, getpid(), i);
		EXPECT_EQ(0, sysfs_extend(variant->index, self->digest,
					  RTMR_LEN));
		rtmr_extend(self->expected.rtmr[variant->index], self->digest);
		EXPECT_EQ(RTMR_LEN, file_read(rtmr_path(variant->index), value,
					      RTMR_LEN));
		EXPECT_EQ(0, memcmp(self->expected.rtmr[variant->index], value,
				    RTMR_LEN));
	}
	EXPECT_REGISTERS(&self->expected);
}

TEST_F(extend, of_fewer_than_48_bytes_is_einval_at_every_length)
{
	size_t len;

	for (len = 1; len < RTMR_LEN; len++)
		EXPECT_EQ(-EINVAL, sysfs_extend(variant->index, self->digest,
						len));
	EXPECT_NOTHING_HAPPENED();
}

TEST_F(extend, of_no_bytes_extends_nothing)
{
	int expected = driver_is_tsm_guest() ? -EINVAL : 0;

	EXPECT_EQ(expected, sysfs_extend(variant->index, self->digest, 0));
	EXPECT_NOTHING_HAPPENED();
}

TEST_F(extend, of_more_than_48_bytes_is_einval_at_every_length)
{
	static const unsigned int long_ones[] = {
		65, 95, 96, 97, 4095, 4096, 4097, 5000, 65536,
	};
	static uint8_t data[65536];
	size_t len;
	int i;

	SKIP_UNLESS_REPAIRED();
	for (len = RTMR_LEN + 1; len <= 64; len++)
		EXPECT_EQ(-EINVAL, sysfs_extend(variant->index, data, len));
	for (i = 0; i < ARRAY_SIZE(long_ones); i++)
		EXPECT_EQ(-EINVAL, sysfs_extend(variant->index, data,
						long_ones[i]));
	EXPECT_NOTHING_HAPPENED();
}

TEST_F(extend, in_two_parts_is_einval_for_each)
{
	EXPECT_EQ(-1, write(self->fd, self->digest, 24));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, write(self->fd, self->digest + 24, 24));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(0, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_NOTHING_HAPPENED();
}

TEST_F(extend, gathers_the_48_bytes_of_one_writev)
{
	const struct iovec parts[] = {
		{ self->digest, 1 }, { self->digest + 1, 0 },
		{ self->digest + 1, 30 }, { self->digest + 31, 17 },
	};

	EXPECT_EQ(RTMR_LEN, writev(self->fd, parts, ARRAY_SIZE(parts)));
	rtmr_extend(self->expected.rtmr[variant->index], self->digest);
	EXPECT_REGISTERS(&self->expected);
}

TEST_F(extend, does_not_take_a_writev_apart)
{
	const struct iovec parts[] = {
		{ self->digest, RTMR_LEN }, { self->digest, RTMR_LEN },
	};

	SKIP_UNLESS_REPAIRED();
	EXPECT_EQ(-1, writev(self->fd, parts, ARRAY_SIZE(parts)));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_NOTHING_HAPPENED();
}

TEST_F(extend, at_another_offset_than_0_is_refused)
{
	off_t offset;

	for (offset = 1; offset < RTMR_LEN; offset++) {
		EXPECT_EQ(-1, pwrite(self->fd, self->digest, RTMR_LEN, offset));
		EXPECT_EQ(EINVAL, errno);
	}
	/* sysfs of mainline looks at the offset first */
	EXPECT_EQ(-1, pwrite(self->fd, self->digest, RTMR_LEN, RTMR_LEN));
	EXPECT_EQ(driver_is_tsm_guest() ? EINVAL : EFBIG, errno);
	EXPECT_NOTHING_HAPPENED();
}

TEST_F(extend, moves_the_file_position_so_that_a_second_needs_a_seek)
{
	EXPECT_EQ(RTMR_LEN, write(self->fd, self->digest, RTMR_LEN));
	EXPECT_EQ(RTMR_LEN, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_EQ(-1, write(self->fd, self->digest, RTMR_LEN));
	EXPECT_EQ(driver_is_tsm_guest() ? EINVAL : EFBIG, errno);
	EXPECT_EQ(0, lseek(self->fd, 0, SEEK_SET));
	EXPECT_EQ(RTMR_LEN, write(self->fd, self->digest, RTMR_LEN));
	rtmr_extend(self->expected.rtmr[variant->index], self->digest);
	rtmr_extend(self->expected.rtmr[variant->index], self->digest);
	EXPECT_REGISTERS(&self->expected);
}

TEST_F(extend, opens_as_common_runtimes_do)
{
	static const int flags[] = {
		O_TRUNC, O_CREAT, O_CREAT | O_TRUNC, O_APPEND,
		O_CREAT | O_APPEND, O_SYNC, O_NONBLOCK,
	};
	int fd, i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		fd = open(rtmr_path(variant->index),
			  O_WRONLY | O_CLOEXEC | flags[i], 0600);
		ASSERT_LE(0, fd);
		digest_make(self->digest, getpid(), i);
		EXPECT_EQ(RTMR_LEN, write(fd, self->digest, RTMR_LEN));
		EXPECT_EQ(0, close(fd));
		rtmr_extend(self->expected.rtmr[variant->index], self->digest);
	}
	EXPECT_REGISTERS(&self->expected);
}

TEST_F(extend, from_memory_that_the_caller_does_not_have_is_efault)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	uint8_t *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(MAP_FAILED, map);
	ASSERT_EQ(0, mprotect(map + page, page, PROT_NONE));
	EXPECT_EQ(-1, write(self->fd, map + page, RTMR_LEN));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, write(self->fd, map + page - RTMR_LEN + 1, RTMR_LEN));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_NOTHING_HAPPENED();
	EXPECT_EQ(RTMR_LEN, write(self->fd, map + page - RTMR_LEN, RTMR_LEN));
}

/* Runs as an unprivileged user; the number says what went wrong, 0 nothing. */
static int try_as_nobody(unsigned int index)
{
	uint8_t value[RTMR_LEN];

	if (setgroups(0, NULL) || setresgid(65534, 65534, 65534) ||
	    setresuid(65534, 65534, 65534))
		return 1;
	if (sysfs_extend(index, value, RTMR_LEN) != -EACCES)
		return 2;
	if (file_read(rtmr_path(index), value, RTMR_LEN) != RTMR_LEN)
		return 3;
	if (unlink(rtmr_path(index)) != -1 || errno != EACCES)
		return 4;
	return 0;
}

TEST_F(extend, is_for_root_and_reading_for_everybody)
{
	pid_t child = fork();
	int status;

	ASSERT_LE(0, child);
	if (!child)
		_exit(try_as_nobody(variant->index));
	ASSERT_EQ(child, waitpid(child, &status, 0));
	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_EQ(0, WEXITSTATUS(status));
	EXPECT_NOTHING_HAPPENED();
}

TEST(measurements_holds_the_files_of_mainline_and_no_other)
{
	struct dirent *dirent;
	int files = 0;
	DIR *dir;

	SKIP_WITHOUT_MEASUREMENTS();
	dir = opendir(MEASUREMENTS);
	ASSERT_NE(NULL, dir);
	while ((dirent = readdir(dir)))
		files += dirent->d_name[0] != '.';
	closedir(dir);
	EXPECT_EQ(8, files);
	EXPECT_EQ(0, access("/sys/class/misc/tdx_guest/measurements", F_OK));
}

TEST_HARNESS_MAIN
