// SPDX-License-Identifier: MIT
/*
 * Loading and unloading tsm_guest.ko: what it refuses, and what it leaves.
 *
 * Needs TSM_MODULE, the path of the module, and a machine on which no driver
 * serves tsm/report yet.
 */
#include <dirent.h>

#include "kselftest_harness.h"

#include "emu.h"
#include "module.h"
#include "quote.h"
#include "reader.h"
#include "report.h"

#define MISC_LEN	4096

/* Everything that a failed or undone load must leave as it was. */
struct traces {
	bool module;
	bool device;
	bool subsystem;
	char misc[MISC_LEN];
};

static void traces_look(struct traces *traces)
{
	memset(traces, 0, sizeof(*traces));
	traces->module = module_is_loaded(MODULE_NAME);
	traces->device = !access("/dev/tdx_guest", F_OK);
	traces->subsystem = !access(CONFIG_ROOT "/tsm", F_OK);
	file_read("/proc/misc", traces->misc, MISC_LEN - 1);
}

#define EXPECT_SAME_TRACES(before)					\
	do {								\
		struct traces now;					\
									\
		traces_look(&now);					\
		EXPECT_EQ((before)->module, now.module);		\
		EXPECT_EQ((before)->device, now.device);		\
		EXPECT_EQ((before)->subsystem, now.subsystem);		\
		EXPECT_STREQ((before)->misc, now.misc);			\
	} while (0)

FIXTURE(module)
{
	const char *path;
	struct traces before;
	struct entry entry;
	struct reader reader;
	uint8_t nonce[NONCE_LEN];
	uint8_t out[BLOB_MAX];
	int klog;
	char line[PATH_LEN];
	long shared;
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
	self->shared = emu_stat("stat_shared_pages");
	self->klog = klog_open();
	ASSERT_LE(0, self->klog);
	traces_look(&self->before);
	nonce_make(self->nonce, getpid(), 1);
}

FIXTURE_TEARDOWN(module)
{
	if (module_is_loaded(MODULE_NAME)) {
		entry_remove(&self->entry);
		EXPECT_EQ(0, emu_reset());
		EXPECT_EQ(0, module_unload(MODULE_NAME));
	}
	EXPECT_SAME_TRACES(&self->before);
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	close(self->klog);
}

static const char *get_quote(struct entry *entry, const uint8_t *nonce,
			     uint8_t *out)
{
	ssize_t len;

	if (entry_renew(entry, "ksft-module"))
		return "mkdir failed";
	if (entry_ask(entry, nonce, NONCE_LEN))
		return "writing inblob failed";
	len = entry_read(entry, "outblob", out, BLOB_MAX);
	return len < 0 ? strerror(-len) : quote_check(out, len, nonce);
}

TEST_F(module, leaves_nothing_behind_when_it_goes)
{
	struct traces loaded;

	ASSERT_EQ(0, module_load(self->path, ""));
	traces_look(&loaded);
	EXPECT_TRUE(loaded.module);
	EXPECT_TRUE(loaded.device);
	EXPECT_TRUE(loaded.subsystem);
	EXPECT_NE(NULL, strstr(loaded.misc, " tdx_guest\n"));
	EXPECT_EQ(0, module_unload(MODULE_NAME));
	EXPECT_EQ(self->shared, emu_stat("stat_shared_pages"));
	EXPECT_SAME_TRACES(&self->before);
}

TEST_F(module, leaves_no_page_shared_when_it_goes)
{
	ASSERT_EQ(0, module_load(self->path, ""));
	EXPECT_SOUND(get_quote(&self->entry, self->nonce, self->out));
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_LT(self->shared, emu_stat("stat_shared_pages"));
	EXPECT_EQ(0, module_unload(MODULE_NAME));
	EXPECT_EQ(self->shared, emu_stat("stat_shared_pages"));
}

TEST_F(module, comes_and_goes_many_times)
{
	int i;

	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, module_load(self->path, ""));
		ASSERT_SOUND(get_quote(&self->entry, self->nonce, self->out));
		ASSERT_EQ(0, entry_remove(&self->entry));
		ASSERT_EQ(0, module_unload(MODULE_NAME));
	}
	EXPECT_EQ(self->shared, emu_stat("stat_shared_pages"));
}

TEST_F(module, is_refused_a_second_time)
{
	ASSERT_EQ(0, module_load(self->path, ""));
	EXPECT_EQ(-EEXIST, module_load(self->path, ""));
	EXPECT_SOUND(get_quote(&self->entry, self->nonce, self->out));
}

TEST_F(module, stays_while_entries_exist)
{
	ASSERT_EQ(0, module_load(self->path, ""));
	EXPECT_SOUND(get_quote(&self->entry, self->nonce, self->out));
	EXPECT_EQ(-EWOULDBLOCK, module_unload(MODULE_NAME));
	EXPECT_SOUND(get_quote(&self->entry, self->nonce, self->out));
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_EQ(0, module_unload(MODULE_NAME));
}

TEST_F(module, stays_while_an_attribute_of_a_removed_entry_is_open)
{
	int fd;

	ASSERT_EQ(0, module_load(self->path, ""));
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-module"));
	fd = entry_open(&self->entry, "outblob", O_RDONLY);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_EQ(-EWOULDBLOCK, module_unload(MODULE_NAME));
	EXPECT_EQ(0, close(fd));
	EXPECT_EQ(0, module_unload(MODULE_NAME));
}

TEST_F(module, stays_while_its_device_is_open)
{
	int fd;

	ASSERT_EQ(0, module_load(self->path, ""));
	fd = open("/dev/tdx_guest", O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-EWOULDBLOCK, module_unload(MODULE_NAME));
	EXPECT_EQ(0, close(fd));
	EXPECT_EQ(0, module_unload(MODULE_NAME));
}

TEST_F_TIMEOUT(module, leaks_a_buffer_that_the_host_still_holds_and_says_so, 60)
{
	int all;

	ASSERT_EQ(0, module_load(self->path, ""));
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-module"));
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	ASSERT_EQ(0, request_abandon(&self->entry));
	ASSERT_EQ(1, driver_stat("quote_abandoned"));
	ASSERT_EQ(0, entry_remove(&self->entry));

	EXPECT_EQ(0, module_unload(MODULE_NAME));
	EXPECT_EQ(1, klog_count(self->klog, "tsm_guest: ", "leaked", &all,
				self->line));
	EXPECT_EQ(1, all);
	/* 128 KiB, still the host's to write to */
	EXPECT_EQ(self->shared + 32, emu_stat("stat_shared_pages"));

	ASSERT_EQ(0, module_load(self->path, ""));
	EXPECT_SOUND(get_quote(&self->entry, self->nonce, self->out));
	EXPECT_EQ(0, emu_set("quote_release", "1"));
	EXPECT_TRUE(emu_reaches("stat_inflight", 0));
	EXPECT_SOUND(get_quote(&self->entry, self->nonce, self->out));
}

TEST_F(module, gives_back_a_buffer_that_the_host_has_let_go)
{
	int all;

	ASSERT_EQ(0, module_load(self->path, ""));
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-module"));
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	ASSERT_EQ(0, request_abandon(&self->entry));
	ASSERT_EQ(0, entry_remove(&self->entry));
	ASSERT_EQ(0, emu_set("quote_release", "1"));
	ASSERT_TRUE(emu_reaches("stat_inflight", 0));

	EXPECT_EQ(0, module_unload(MODULE_NAME));
	EXPECT_EQ(0, klog_count(self->klog, "tsm_guest: ", "leaked", &all,
				self->line));
	EXPECT_EQ(self->shared, emu_stat("stat_shared_pages"));
}

TEST_F(module, has_the_parameters_that_it_documents)
{
	ASSERT_EQ(0, module_load(self->path, ""));
	EXPECT_EQ(30000, driver_stat("quote_timeout_ms"));
	EXPECT_EQ(16, driver_stat("quote_slots"));
	EXPECT_EQ(0, driver_stat("quote_abandoned"));
	EXPECT_EQ(0, driver_set("quote_timeout_ms", "1234"));
	EXPECT_EQ(1234, driver_stat("quote_timeout_ms"));
	EXPECT_EQ(-EINVAL, driver_set("quote_timeout_ms", "soon"));
	EXPECT_EQ(1234, driver_stat("quote_timeout_ms"));
	EXPECT_EQ(-EACCES, driver_set("quote_slots", "3"));
	EXPECT_EQ(-EACCES, driver_set("quote_abandoned", "3"));
	EXPECT_EQ(16, driver_stat("quote_slots"));
}

TEST_F(module, refuses_parameters_out_of_range)
{
	EXPECT_EQ(-EINVAL, module_load(self->path, "quote_slots=0"));
	EXPECT_EQ(-EINVAL, module_load(self->path, "quote_slots=1000000"));
	EXPECT_EQ(-EINVAL, module_load(self->path, "quote_slots=many"));
	EXPECT_SAME_TRACES(&self->before);
	EXPECT_EQ(self->shared, emu_stat("stat_shared_pages"));
}

TEST_F_TIMEOUT(module, serves_a_crowd_with_a_single_slot, 60)
{
	struct entry crowd[8];
	struct reader reader[8];
	char name[32];
	int i;

	ASSERT_EQ(0, module_load(self->path, "quote_slots=1"));
	EXPECT_EQ(1, driver_stat("quote_slots"));
	for (i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "ksft-crowd-%d", i);
		ASSERT_EQ(0, entry_renew(&crowd[i], name));
		ASSERT_EQ(0, entry_ask(&crowd[i], self->nonce, NONCE_LEN));
		ASSERT_EQ(0, reader_start(&reader[i], &crowd[i], "outblob"));
	}
	for (i = 0; i < 8; i++) {
		EXPECT_SOUND(reader_check(&reader[i], self->nonce));
		EXPECT_EQ(0, entry_remove(&crowd[i]));
	}
	EXPECT_EQ(self->shared + 32, emu_stat("stat_shared_pages"));
}

TEST_F_TIMEOUT(module, gives_a_silent_host_four_buffers_for_each_slot, 60)
{
	int i;

	ASSERT_EQ(0, module_load(self->path,
				 "quote_slots=1 quote_timeout_ms=20"));
	ASSERT_EQ(0, emu_set("quote_never", "-1"));
	for (i = 0; i < 4; i++)
		EXPECT_STREQ(strerror(ETIMEDOUT),
			     get_quote(&self->entry, self->nonce, self->out));
	EXPECT_STREQ(strerror(EBUSY),
		     get_quote(&self->entry, self->nonce, self->out));
	EXPECT_EQ(4, driver_stat("quote_abandoned"));
	EXPECT_EQ(self->shared + 4 * 32, emu_stat("stat_shared_pages"));
}

/* A page that may be shared must never be anybody else's again. */
TEST_F(module, leaks_a_buffer_that_cannot_be_shared_and_says_so)
{
	int all;

	ASSERT_EQ(0, module_load(self->path, ""));
	ASSERT_EQ(0, emu_set("convert_fail", "1"));
	EXPECT_STREQ(strerror(EIO), get_quote(&self->entry, self->nonce,
					      self->out) ? : "a quote");
	EXPECT_EQ(1, klog_count(self->klog, "tsm_guest: ", "leaked", &all,
				self->line));
	EXPECT_EQ(1, all);
	EXPECT_SOUND(get_quote(&self->entry, self->nonce, self->out));
}

/*
 * Anybody who may read could have 128 KiB leaked with each read. The emulator
 * counts convert_fail down: what is left of it tells how often it was asked.
 */
TEST_F_TIMEOUT(module, leaks_no_more_than_2_mib_to_a_host_that_shares_nothing, 60)
{
	int i, all;

	ASSERT_EQ(0, module_load(self->path, ""));
	ASSERT_EQ(0, emu_set("convert_fail", "64"));
	for (i = 0; i < 64; i++)
		EXPECT_STREQ(strerror(EIO), get_quote(&self->entry, self->nonce,
						      self->out) ? : "a quote");
	EXPECT_EQ(64 - 16, emu_stat("convert_fail"));
	EXPECT_EQ(self->shared, emu_stat("stat_shared_pages"));
	/* and says so, but not each time */
	EXPECT_LT(0, klog_count(self->klog, "tsm_guest: ", "leaked", &all,
				self->line));
	EXPECT_GT(32, all);

	/* honest now, and still not asked: nobody knows for how long */
	ASSERT_EQ(0, emu_set("convert_fail", "0"));
	EXPECT_STREQ(strerror(EIO), get_quote(&self->entry, self->nonce,
					      self->out) ? : "a quote");
	EXPECT_EQ(self->shared, emu_stat("stat_shared_pages"));
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_EQ(0, module_unload(MODULE_NAME));
	ASSERT_EQ(0, module_load(self->path, ""));
	EXPECT_SOUND(get_quote(&self->entry, self->nonce, self->out));
}

TEST_F_TIMEOUT(module, goes_on_with_the_buffers_it_has_when_it_gets_no_more, 60)
{
	struct entry other;
	int i;

	ASSERT_EQ(0, module_load(self->path, ""));
	ASSERT_EQ(0, entry_renew(&other, "ksft-other"));
	EXPECT_EQ(0, entry_ask(&other, self->nonce, NONCE_LEN));
	EXPECT_EQ(0, reader_start_swallowed(&self->reader, &other));
	EXPECT_EQ(0, emu_set("convert_fail", "-1"));
	for (i = 0; i < 20; i++)
		EXPECT_STREQ(strerror(EIO), get_quote(&self->entry, self->nonce,
						      self->out) ? : "a quote");
	EXPECT_EQ(0, emu_set("quote_release", "1"));
	EXPECT_SOUND(reader_check(&self->reader, self->nonce));
	for (i = 0; i < 3; i++)
		EXPECT_SOUND(get_quote(&self->entry, self->nonce, self->out));
	EXPECT_EQ(self->shared + 32, emu_stat("stat_shared_pages"));
	EXPECT_EQ(0, emu_set("convert_fail", "0"));
	EXPECT_EQ(0, entry_remove(&other));
}

/* What the status word says once it was final is of no consequence. */
TEST_F(module, leaks_no_buffer_that_was_answered_before_the_host_relapsed)
{
	int all;

	ASSERT_EQ(0, module_load(self->path, ""));
	ASSERT_EQ(0, emu_set("quote_relapse_us", "50000"));
	EXPECT_SOUND(get_quote(&self->entry, self->nonce, self->out));
	ASSERT_EQ(0, entry_remove(&self->entry));
	EXPECT_EQ(0, module_unload(MODULE_NAME));
	EXPECT_EQ(0, klog_count(self->klog, "tsm_guest: ", "leaked", &all,
				self->line));
	EXPECT_EQ(self->shared, emu_stat("stat_shared_pages"));
}

TEST_F(module, leaks_a_buffer_that_cannot_be_made_private_and_says_so)
{
	int all;

	ASSERT_EQ(0, module_load(self->path, ""));
	ASSERT_SOUND(get_quote(&self->entry, self->nonce, self->out));
	ASSERT_EQ(0, entry_remove(&self->entry));
	ASSERT_EQ(0, emu_set("convert_fail", "1"));
	EXPECT_EQ(0, module_unload(MODULE_NAME));
	EXPECT_EQ(0, emu_set("convert_fail", "0"));
	EXPECT_EQ(1, klog_count(self->klog, "tsm_guest: ", "leaked", &all,
				self->line));
	EXPECT_EQ(1, all);
	EXPECT_EQ(self->shared + 32, emu_stat("stat_shared_pages"));
}

TEST_HARNESS_MAIN
