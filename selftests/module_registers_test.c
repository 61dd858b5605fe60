// SPDX-License-Identifier: MIT
/*
 * Loading and unloading tsm_guest.ko: which registers it may extend, and a
 * runtime event log that begins anew.
 *
 * Needs TSM_MODULE, the path of the module, and a machine on which no driver
 * serves tsm/report yet.
 */
#include "kselftest_harness.h"

#include "eventlog.h"
#include "module.h"
#include "rtmrs.h"

FIXTURE(module)
{
	const char *path;
	struct entry entry;
	struct registers before;
	uint8_t digest[RTMR_LEN];
	int klog;
	char line[PATH_LEN];
	long violations;
};

FIXTURE_SETUP(module)
{
	SKIP_UNLESS_TD();
	self->path = getenv("TSM_MODULE");
	if (!self->path || access(self->path, R_OK))
		SKIP(return, "TSM_MODULE names no module");
	if (report_present() || module_is_loaded(MODULE_NAME))
		SKIP(return, "a driver is loaded already: boot without one");
	SKIP_WITHOUT_EMULATOR();
	/* here "the driver" is whatever a test loads */
	setenv("TSM_DRIVER", "none", 1);
	ASSERT_EQ(0, emu_reset());
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, registers_peek(&self->before));
	digest_make(self->digest, getpid(), 1);
	self->klog = klog_open();
	ASSERT_LE(0, self->klog);
}

FIXTURE_TEARDOWN(module)
{
	EXPECT_EQ(0, emu_reset());
	if (module_is_loaded(MODULE_NAME)) {
		rtmrs_sweep();
		EXPECT_EQ(0, module_unload(MODULE_NAME));
	}
	EXPECT_FALSE(measurements_present());
	EXPECT_EQ(-1, access(LOG_DIR, F_OK));
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	close(self->klog);
}

TEST_F(module, has_the_parameters_of_registers_that_it_documents)
{
	ASSERT_EQ(0, module_load(self->path, ""));
	EXPECT_EQ(1024, driver_stat("log_max_kb"));
	EXPECT_EQ(0xf, driver_stat("rtmr_mask"));
	EXPECT_EQ(-EACCES, driver_set("rtmr_mask", "3"));
	EXPECT_EQ(0, driver_set("log_max_kb", "2048"));
	EXPECT_EQ(2048, driver_stat("log_max_kb"));
}

TEST_F(module, refuses_a_mask_with_bits_that_are_no_register)
{
	EXPECT_EQ(-EINVAL, module_load(self->path, "rtmr_mask=0x10"));
	EXPECT_EQ(-EINVAL, module_load(self->path, "rtmr_mask=0xffffffff"));
	EXPECT_EQ(-EINVAL, module_load(self->path, "rtmr_mask=all"));
	EXPECT_FALSE(module_is_loaded(MODULE_NAME));
	EXPECT_EQ(-1, access(CONFIG_ROOT "/tsm", F_OK));
	EXPECT_EQ(-1, access(TDX_DEVICE, F_OK));
}

/* By which ways register @index is extended with @mask: 0 or -errno of each. */
struct ways {
	int sysfs;
	int ioctl;
	int digest;
	int measure;
};

static struct ways try_ways(FIXTURE_DATA(module) *self, unsigned int index)
{
	struct ways ways;

	ways.sysfs = sysfs_extend(index, self->digest, RTMR_LEN);
	ways.ioctl = ioctl_extend(EXTEND_RTMR, index, self->digest);
	if (rtmr_make_for(&self->entry, "ksft-module", index))
		return (struct ways) { 1, 1, 1, 1 };
	ways.digest = rtmr_write_digest(&self->entry, self->digest, RTMR_LEN);
	entry_set(&self->entry, "event", "abc");
	ways.measure = entry_set(&self->entry, "measure", "1");
	entry_remove(&self->entry);
	return ways;
}

TEST_F(module, extends_only_registers_of_its_mask)
{
	unsigned int mask, index;
	struct stat st;
	char param[32];

	for (mask = 0; mask < 0x10; mask++) {
		snprintf(param, sizeof(param), "rtmr_mask=%u", mask);
		ASSERT_EQ(0, module_load(self->path, param));
		for (index = 0; index < RTMRS; index++) {
			const int wide = mask & 1 << index ? 0 : -EPERM;
			const int late = index < 2 ? -EPERM : wide;
			const struct ways ways = try_ways(self, index);

			EXPECT_EQ(wide, ways.sysfs);
			EXPECT_EQ(late, ways.ioctl);
			EXPECT_EQ(late, ways.digest);
			EXPECT_EQ(late, ways.measure);
			EXPECT_EQ(-EINVAL, sysfs_extend(index, self->digest,
							RTMR_LEN - 1));
			EXPECT_EQ(0, lstat(rtmr_path(index), &st));
			EXPECT_EQ(S_IFREG | 0644, st.st_mode);
		}
		EXPECT_SOUND(log_explains_registers());
		ASSERT_EQ(0, module_unload(MODULE_NAME));
	}
}

TEST_F(module, opens_its_log_with_the_values_that_it_finds)
{
	struct replay replay = { 0 };
	struct eventlog log;
	int i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, registers_peek(&self->before));
		ASSERT_EQ(0, module_load(self->path, ""));
		ASSERT_EQ(0, log_read(&log, SPEC_ID_LEN));
		EXPECT_EQ(OPENING_LEN, log.len);
		EXPECT_SOUND(replay_log(&replay, &log));
		EXPECT_SAME_REGISTERS(&self->before, &replay.now);
		log_free(&log);

		/* the next log has none of this but the value */
		EXPECT_EQ(0, sysfs_extend(2, self->digest, RTMR_LEN));
		EXPECT_SOUND(log_explains_registers());
		ASSERT_EQ(0, module_unload(MODULE_NAME));
		ASSERT_EQ(0, rtmr_extend_foreign(3, self->digest));
	}
}

/* Mainline has no value that is younger than the module, either. */
TEST_F(module, asks_for_the_registers_at_the_first_read_of_sysfs)
{
	uint8_t value[RTMR_LEN];

	ASSERT_EQ(0, module_load(self->path, ""));
	ASSERT_EQ(0, rtmr_extend_foreign(3, self->digest));
	rtmr_extend(self->before.rtmr[3], self->digest);
	EXPECT_EQ(RTMR_LEN, file_read(rtmr_path(3), value, RTMR_LEN));
	EXPECT_EQ(0, memcmp(self->before.rtmr[3], value, RTMR_LEN));
	EXPECT_EQ(SPEC_ID_LEN + OPENING_LEN + GAP_LEN, log_size());
}

TEST_F(module, says_that_its_log_is_gone_if_anything_was_in_it)
{
	int all;

	ASSERT_EQ(0, module_load(self->path, ""));
	ASSERT_EQ(0, module_unload(MODULE_NAME));
	EXPECT_EQ(0, klog_count(self->klog, "tsm_guest: ", "log", &all,
				self->line));
	ASSERT_EQ(0, module_load(self->path, ""));
	ASSERT_EQ(0, sysfs_extend(2, self->digest, RTMR_LEN));
	ASSERT_EQ(0, module_unload(MODULE_NAME));
	EXPECT_EQ(1, klog_count(self->klog, "tsm_guest: ", "event log", &all,
				self->line));
	EXPECT_EQ(1, all);
}

TEST_F(module, takes_the_room_of_its_log_as_a_parameter)
{
	/* 1024 - 359 of the opening - 552 for gaps: one record of 66 */
	ASSERT_EQ(0, module_load(self->path, "log_max_kb=1"));
	EXPECT_EQ(0, sysfs_extend(3, self->digest, RTMR_LEN));
	EXPECT_EQ(-ENOSPC, sysfs_extend(3, self->digest, RTMR_LEN));
	EXPECT_EQ(SPEC_ID_LEN + OPENING_LEN + RECORD_HEAD, log_size());
	EXPECT_SOUND(log_explains_registers());
	ASSERT_EQ(0, module_unload(MODULE_NAME));

	ASSERT_EQ(0, module_load(self->path, "log_max_kb=0"));
	EXPECT_EQ(-ENOSPC, sysfs_extend(3, self->digest, RTMR_LEN));
	EXPECT_SOUND(log_explains_registers());
}

TEST_F(module, stays_while_an_entry_for_a_register_exists)
{
	ASSERT_EQ(0, module_load(self->path, ""));
	ASSERT_EQ(0, rtmr_make_for(&self->entry, "ksft-module", 3));
	EXPECT_EQ(-EWOULDBLOCK, module_unload(MODULE_NAME));
	ASSERT_EQ(0, entry_set(&self->entry, "event", "never measured"));
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_EQ(0, module_unload(MODULE_NAME));
}

TEST_F(module, stays_while_its_log_is_open)
{
	static const char *const views[] = { LOG_BINARY, LOG_ASCII };
	char byte;
	int i, fd;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, module_load(self->path, ""));
		fd = open(views[i], O_RDONLY | O_CLOEXEC);
		ASSERT_LE(0, fd);
		EXPECT_EQ(-EWOULDBLOCK, module_unload(MODULE_NAME));
		EXPECT_EQ(1, read(fd, &byte, 1));
		EXPECT_EQ(0, close(fd));
		EXPECT_EQ(0, module_unload(MODULE_NAME));
	}
}

/* Anybody can hold such a path, and it does not keep the module. */
TEST_F(module, leaves_nothing_of_itself_to_who_holds_a_path_of_its_log)
{
	static const char *const paths[] = { LOG_BINARY, LOG_ASCII, LOG_DIR };
	char again[32];
	int i, fd;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, module_load(self->path, ""));
		fd = open(paths[i], O_PATH | O_CLOEXEC);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, module_unload(MODULE_NAME));
		EXPECT_EQ(-1, open(paths[i], O_RDONLY | O_CLOEXEC));
		EXPECT_EQ(ENOENT, errno);
		/* whatever comes of it, it must not be our code */
		snprintf(again, sizeof(again), "/proc/self/fd/%d", fd);
		close(open(again, O_RDONLY | O_CLOEXEC));
		ASSERT_EQ(0, module_load(self->path, ""));
		EXPECT_EQ(SPEC_ID_LEN + OPENING_LEN, log_size());
		EXPECT_EQ(0, close(fd));
		ASSERT_EQ(0, module_unload(MODULE_NAME));
	}
}

/* As for any driver, what sysfs has open does not keep the module. */
TEST_F(module, goes_while_a_register_is_open_which_is_dead_then)
{
	uint8_t value[RTMR_LEN];
	int fd;

	ASSERT_EQ(0, module_load(self->path, ""));
	fd = open(rtmr_path(3), O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(RTMR_LEN, pread(fd, value, RTMR_LEN, 0));
	EXPECT_EQ(0, module_unload(MODULE_NAME));
	EXPECT_EQ(-1, pread(fd, value, RTMR_LEN, 0));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(-1, pwrite(fd, value, RTMR_LEN, 0));
	EXPECT_EQ(ENODEV, errno);
	ASSERT_EQ(0, module_load(self->path, ""));
	EXPECT_EQ(-1, pread(fd, value, RTMR_LEN, 0));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(0, close(fd));
	EXPECT_EQ(RTMR_LEN, file_read(rtmr_path(3), value, RTMR_LEN));
}

TEST_F(module, is_refused_where_the_registers_cannot_be_read)
{
	int all;

	ASSERT_EQ(0, emu_set("tdreport_status", FATAL_STATUS));
	EXPECT_EQ(-EIO, module_load(self->path, ""));
	EXPECT_LT(0, klog_count(self->klog, "tsm_guest: ", "registers", &all,
				self->line));
	EXPECT_EQ(1, all);
	EXPECT_FALSE(module_is_loaded(MODULE_NAME));
	EXPECT_EQ(-1, access(CONFIG_ROOT "/tsm", F_OK));
	EXPECT_EQ(-1, access(TDX_DEVICE, F_OK));
	ASSERT_EQ(0, emu_reset());
	EXPECT_EQ(0, module_load(self->path, ""));
}

TEST_F(module, says_in_the_kernel_log_that_a_register_was_moved)
{
	struct registers now;
	int all;

	ASSERT_EQ(0, module_load(self->path, ""));
	ASSERT_EQ(0, rtmr_extend_foreign(1, self->digest));
	ASSERT_EQ(0, registers_report(&now));
	EXPECT_EQ(1, klog_count(self->klog, "tsm_guest: ", "rtmr1", &all,
				self->line));
	EXPECT_EQ(1, all);
}

TEST_F(module, frees_a_log_of_many_pages)
{
	static uint8_t event[EVENT_MAX];
	int i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, module_load(self->path, "log_max_kb=8192"));
		ASSERT_EQ(0, rtmr_make_for(&self->entry, "ksft-module", 3));
		while (!entry_put(&self->entry, "event", event, EVENT_MAX) &&
		       !entry_set(&self->entry, "measure", "1"))
			;
		EXPECT_EQ(-ENOSPC, rtmr_last_error(&self->entry));
		EXPECT_LT(7 * 1024 * 1024, log_size());
		EXPECT_SOUND(log_explains_registers());
		ASSERT_EQ(0, entry_remove(&self->entry));
		ASSERT_EQ(0, module_unload(MODULE_NAME));
	}
}

TEST_HARNESS_MAIN
