// SPDX-License-Identifier: MIT
/*
 * Loading and unloading tsm_guest.ko in an SNP guest: what it refuses, and
 * what it leaves.
 *
 * Needs TSM_MODULE, the path of the module, and an SNP guest without a driver.
 */
#include "kselftest_harness.h"

#include "module_snp.h"

FIXTURE(module)
{
	const char *path;
	struct snp_traces before;
	struct entry entry;
	uint8_t out[BLOB_MAX];
	int klog;
	char line[PATH_LEN];
	long shared;
	long violations;
};

FIXTURE_SETUP(module)
{
	self->path = getenv("TSM_MODULE");
	SKIP_UNLESS_LOADABLE(self->path);
	setenv("TSM_DRIVER", "tsm_guest", 1);
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	self->shared = emu_stat("stat_shared_pages");
	self->klog = klog_open();
	ASSERT_LE(0, self->klog);
	snp_traces_look(&self->before);
}

FIXTURE_TEARDOWN(module)
{
	if (module_is_loaded(MODULE_NAME)) {
		entry_remove(&self->entry);
		EXPECT_EQ(0, snp_reset());
		EXPECT_EQ(0, snp_unload());
	}
	EXPECT_SAME_TRACES(&self->before);
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	close(self->klog);
}

TEST_F(module, leaves_nothing_behind_when_it_goes)
{
	struct snp_traces loaded;

	ASSERT_EQ(0, module_load(self->path, ""));
	snp_traces_look(&loaded);
	EXPECT_TRUE(loaded.module);
	EXPECT_TRUE(loaded.device);
	EXPECT_TRUE(loaded.subsystem);
	EXPECT_NE(NULL, strstr(loaded.misc, " sev-guest\n"));
	EXPECT_EQ(0, snp_unload());
	EXPECT_EQ(self->shared, emu_stat("stat_shared_pages"));
	EXPECT_SAME_TRACES(&self->before);
}

TEST_F(module, sends_no_message_before_it_is_asked)
{
	const long hypercalls = emu_stat("stat_snp_hypercalls");

	ASSERT_EQ(0, module_load(self->path, ""));
	EXPECT_EQ(hypercalls, emu_stat("stat_snp_hypercalls"));
}

TEST_F(module, leaves_no_page_shared_when_it_goes)
{
	ASSERT_EQ(0, module_load(self->path, ""));
	ASSERT_EQ(0, emu_set("snp_certs_pages", "200"));
	EXPECT_SOUND(snp_one_report(1, self->out));
	EXPECT_LT(self->shared, emu_stat("stat_shared_pages"));
	EXPECT_EQ(0, snp_unload());
	EXPECT_EQ(self->shared, emu_stat("stat_shared_pages"));
}

TEST_F_TIMEOUT(module, comes_and_goes_many_times, 120)
{
	int i;

	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, module_load(self->path, ""));
		ASSERT_SOUND(snp_one_report(i, self->out));
		ASSERT_EQ(0, snp_unload());
	}
	EXPECT_EQ(self->shared, emu_stat("stat_shared_pages"));
	EXPECT_NO_IV_REUSE();
}

TEST_F(module, is_refused_a_second_time)
{
	ASSERT_EQ(0, module_load(self->path, ""));
	EXPECT_EQ(-EEXIST, module_load(self->path, ""));
	EXPECT_SOUND(snp_one_report(1, self->out));
}

TEST_F(module, stays_while_entries_exist)
{
	ASSERT_EQ(0, module_load(self->path, ""));
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-module"));
	EXPECT_EQ(-EWOULDBLOCK, module_unload(MODULE_NAME));
	EXPECT_SOUND(snp_get_report(&self->entry, 1, self->out));
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_EQ(0, snp_unload());
}

TEST_F(module, stays_while_its_device_is_open)
{
	int fd;

	ASSERT_EQ(0, module_load(self->path, ""));
	fd = open(SEV_GUEST, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-EWOULDBLOCK, module_unload(MODULE_NAME));
	EXPECT_EQ(0, close(fd));
	EXPECT_EQ(0, snp_unload());
}

TEST_F(module, has_the_parameters_that_it_documents)
{
	ASSERT_EQ(0, module_load(self->path, ""));
	EXPECT_EQ(-1, driver_stat("vmpck_id"));
	EXPECT_EQ(60000, driver_stat("snp_timeout_ms"));
	EXPECT_EQ(snp_vmpl(), vmpck_active());
}

TEST_F(module, takes_the_vmpck_that_it_is_told_to)
{
	ASSERT_EQ(0, module_load(self->path, "vmpck_id=3 snp_timeout_ms=777"));
	EXPECT_EQ(3, driver_stat("vmpck_id"));
	EXPECT_EQ(3, vmpck_active());
	EXPECT_EQ(777, driver_stat("snp_timeout_ms"));
	EXPECT_SOUND(snp_one_report(1, self->out));
	EXPECT_EQ(3, snp_report_vmpl(self->out));
}

TEST_F(module, refuses_parameters_out_of_range)
{
	EXPECT_EQ(-EINVAL, module_load(self->path, "vmpck_id=4"));
	EXPECT_EQ(-EINVAL, module_load(self->path, "vmpck_id=-2"));
	EXPECT_EQ(-EINVAL, module_load(self->path, "vmpck_id=first"));
	EXPECT_EQ(-EINVAL, module_load(self->path, "snp_timeout_ms=soon"));
	EXPECT_SAME_TRACES(&self->before);
	EXPECT_EQ(self->shared, emu_stat("stat_shared_pages"));
}

/* Nothing could ever be asked: the reason is better given at once. */
TEST_F(module, says_why_it_cannot_work_without_any_key)
{
	int i, all, ret;

	for (i = snp_vmpl(); i < VMPCKS; i++)
		ASSERT_EQ(0, vmpck_knob("snp_wipe", i, NULL));
	ret = module_load(self->path, "");
	EXPECT_GT(0, ret);
	EXPECT_NE(-EINVAL, ret);
	EXPECT_EQ(1, klog_count(self->klog, LOG_PREFIX, "VMPCK", &all,
				self->line));
	EXPECT_EQ(1, all);
	if (ret < 0)
		EXPECT_SAME_TRACES(&self->before);
	EXPECT_EQ(0, snp_renew_keys());
	if (ret < 0)
		EXPECT_EQ(0, module_load(self->path, ""));
	EXPECT_SOUND(snp_one_report(1, self->out));
}

/* Its own is gone: it says so, and works with another. */
TEST_F(module, works_with_another_key_where_its_own_is_gone)
{
	int all;

	if (snp_vmpl() == SNP_PRIVLEVEL_MAX)
		SKIP(return, "this guest has one key only");
	ASSERT_EQ(0, vmpck_knob("snp_wipe", snp_vmpl(), NULL));
	if (!module_load(self->path, "")) {
		EXPECT_STREQ(strerror(ENOTTY), snp_one_report(1, self->out));
		EXPECT_STREQ("empty", vmpck_state(snp_vmpl()));
		EXPECT_EQ(0, vmpck_use(SNP_PRIVLEVEL_MAX));
		EXPECT_SOUND(snp_one_report(2, self->out));
		EXPECT_EQ(0, snp_unload());
	} else {
		EXPECT_LE(1, klog_count(self->klog, LOG_PREFIX, "VMPCK", &all,
					self->line));
		EXPECT_SAME_TRACES(&self->before);
	}
	ASSERT_EQ(0, module_load(self->path, "vmpck_id=3"));
	EXPECT_SOUND(snp_one_report(3, self->out));
	EXPECT_EQ(3, snp_report_vmpl(self->out));
	EXPECT_EQ(0, snp_renew_keys());
}

/* A page that may be shared must never be anybody else's again. */
TEST_F(module, fails_to_load_where_no_page_can_be_shared)
{
	int i;

	/* each of the pages that it wants in its turn, or it wants no more */
	for (i = 1; i <= 4; i++) {
		ASSERT_EQ(0, emu_set("convert_fail", "1"));
		if (!module_load(self->path, "")) {
			EXPECT_EQ(0, emu_set("convert_fail", "0"));
			EXPECT_SOUND(snp_one_report(i, self->out));
			EXPECT_EQ(0, snp_unload());
			continue;
		}
		EXPECT_EQ(0, emu_set("convert_fail", "0"));
		EXPECT_SAME_TRACES(&self->before);
	}
	ASSERT_EQ(0, module_load(self->path, ""));
	EXPECT_SOUND(snp_one_report(9, self->out));
}

TEST_F(module, gives_reports_where_no_page_can_be_shared_for_certificates)
{
	ssize_t len;

	ASSERT_EQ(0, module_load(self->path, ""));
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-module"));
	EXPECT_SOUND(snp_get_report(&self->entry, 0, self->out));
	ASSERT_EQ(0, emu_set("snp_certs_pages", "64"));
	ASSERT_EQ(0, emu_set("convert_fail", "-1"));
	EXPECT_SOUND(snp_get_report(&self->entry, 1, self->out));
	len = entry_read(&self->entry, "auxblob", self->out, BLOB_MAX);
	EXPECT_EQ(0, len);
	ASSERT_EQ(0, snp_be_honest());
	EXPECT_SOUND(snp_get_report(&self->entry, 2, self->out));
}

TEST_F(module, leaks_a_page_that_cannot_be_made_private_and_says_so)
{
	int all;

	if (!channel_is_ours())
		SKIP(return, "some pages are the kernel's, which warns of them");
	ASSERT_EQ(0, module_load(self->path, ""));
	EXPECT_SOUND(snp_one_report(1, self->out));
	ASSERT_EQ(0, emu_set("convert_fail", "-1"));
	EXPECT_EQ(0, snp_unload());
	EXPECT_EQ(0, emu_set("convert_fail", "0"));
	EXPECT_LT(self->shared, emu_stat("stat_shared_pages"));
	EXPECT_LE(1, klog_count(self->klog, LOG_PREFIX, "leaked", &all,
				self->line));
}

/* What could not be read is not remembered. */
TEST_F(module, reads_measurements_once_the_firmware_lets_it)
{
	static const char path[] = SEV_GUEST_SYSFS "/measurements/measurement";
	uint8_t value[64];

	ASSERT_EQ(0, module_load(self->path, ""));
	ASSERT_EQ(0, emu_set("snp_status", "0x3"));
	ASSERT_EQ(0, emu_set("snp_status_count", "1"));
	EXPECT_EQ(-ENXIO, file_read(path, value, sizeof(value)));
	ASSERT_EQ(0, snp_be_honest());
	ASSERT_EQ(48, file_read(path, value, sizeof(value)));
	EXPECT_EQ(0, memcmp(value, "EMULATED SNP MEASUREMENT", 24));
}

TEST_HARNESS_MAIN
