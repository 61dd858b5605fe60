// SPDX-License-Identifier: MIT
/*
 * tsm_guest.ko beside the kernel's own drivers, and where there is no TEE.
 *
 * Needs TSM_MODULE, the path of the module, and a machine on which no driver
 * serves tsm/report yet.
 */
#include <sys/ioctl.h>

#include "kselftest_harness.h"

#include "emu.h"
#include "module.h"
#include "report.h"

#define LOG_PREFIX	"tsm_guest: "
#define GET_REPORT0	0xc4405401	/* _IOWR('T', 1, 1088) */

FIXTURE(conflict)
{
	const char *path;
	int klog;
	char line[PATH_LEN];
	char misc[4096];
	uint8_t request[64 + 1024];
};

FIXTURE_VARIANT(conflict)
{
	/* the first of these that the kernel has is loaded */
	const char *module[2];
	bool device;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(conflict, report_core_of_the_kernel) {
	.module = { "tsm_report", "tsm" },
};

FIXTURE_VARIANT_ADD(conflict, tdx_driver_of_the_kernel) {
	.module = { "tdx_guest", "tdx_guest" }, .device = true,
};
/* clang-format on */

static void unload_intree(void)
{
	module_unload("tdx_guest");
	module_unload("tsm_report");
	module_unload("tsm");
}

FIXTURE_SETUP(conflict)
{
	SKIP_UNLESS_TD();
	self->path = getenv("TSM_MODULE");
	if (!self->path || access(self->path, R_OK))
		SKIP(return, "TSM_MODULE names no module");
	if (report_present() || module_is_loaded(MODULE_NAME))
		SKIP(return, "a driver is loaded already: boot without one");
	SKIP_WITHOUT_EMULATOR();
	if (module_probe(variant->module[0]) && module_probe(variant->module[1]))
		SKIP(return, "this kernel has no %s", variant->module[0]);
	ASSERT_TRUE(report_present());
	ASSERT_LT(0, file_read("/proc/misc", self->misc,
			       sizeof(self->misc) - 1));
	self->klog = klog_open();
	ASSERT_LE(0, self->klog);
}

FIXTURE_TEARDOWN(conflict)
{
	close(self->klog);
	unload_intree();
	EXPECT_FALSE(report_present());
}

TEST_F(conflict, is_ebusy_and_one_line_that_says_what_to_unload)
{
	int all;

	EXPECT_EQ(-EBUSY, module_load(self->path, ""));
	EXPECT_EQ(1, klog_count(self->klog, LOG_PREFIX, "tsm", &all,
				self->line));
	EXPECT_EQ(1, all);
	EXPECT_NE(NULL, strstr(self->line, "unload"));
	EXPECT_NE(NULL, strstr(self->line, "tdx_guest"));
	EXPECT_NE(NULL, strstr(self->line, "tsm_report"));
}

TEST_F(conflict, leaves_the_drivers_of_the_kernel_alone)
{
	char misc[4096] = "";
	struct entry entry;
	int fd;

	ASSERT_EQ(-EBUSY, module_load(self->path, ""));
	EXPECT_FALSE(module_is_loaded(MODULE_NAME));
	EXPECT_LT(0, file_read("/proc/misc", misc, sizeof(misc) - 1));
	EXPECT_STREQ(self->misc, misc);
	EXPECT_EQ(0, access(REPORT_ROOT, F_OK));
	if (!variant->device)
		return;
	ASSERT_EQ(0, entry_make(&entry, "ksft-conflict"));
	EXPECT_EQ(10, entry_read(&entry, "provider", misc, sizeof(misc)));
	EXPECT_EQ(0, entry_remove(&entry));
	fd = open("/dev/tdx_guest", O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, ioctl(fd, GET_REPORT0, self->request));
	EXPECT_EQ(0, close(fd));
}

TEST_F(conflict, leaves_no_page_shared)
{
	const long before = emu_stat("stat_shared_pages");

	ASSERT_EQ(-EBUSY, module_load(self->path, ""));
	EXPECT_EQ(before, emu_stat("stat_shared_pages"));
}

TEST_F(conflict, is_over_once_they_are_unloaded)
{
	ASSERT_EQ(-EBUSY, module_load(self->path, ""));
	unload_intree();
	ASSERT_FALSE(report_present());
	EXPECT_EQ(0, module_load(self->path, ""));
	EXPECT_TRUE(report_present());
	EXPECT_EQ(0, module_unload(MODULE_NAME));
}

TEST_F(conflict, keeps_them_out_while_ours_is_loaded)
{
	struct entry entry;

	unload_intree();
	ASSERT_EQ(0, module_load(self->path, ""));
	/* not by its status: busybox's modprobe takes EEXIST for success */
	module_probe(variant->module[0]);
	module_probe(variant->module[1]);
	EXPECT_FALSE(module_is_loaded("tdx_guest"));
	EXPECT_FALSE(module_is_loaded("tsm_report"));
	EXPECT_FALSE(module_is_loaded("tsm"));
	EXPECT_EQ(0, entry_make(&entry, "ksft-conflict"));
	EXPECT_EQ(0, entry_generation(&entry));
	EXPECT_EQ(0, entry_remove(&entry));
	EXPECT_EQ(0, access("/dev/tdx_guest", F_OK));
	EXPECT_EQ(0, module_unload(MODULE_NAME));
}

FIXTURE(no_tee)
{
	const char *path;
	int klog;
	char line[PATH_LEN];
};

FIXTURE_SETUP(no_tee)
{
	const char *tee = getenv("TSM_TEE");

	self->path = getenv("TSM_MODULE");
	if (!self->path || access(self->path, R_OK))
		SKIP(return, "TSM_MODULE names no module");
	if (!tee || strcmp(tee, "none"))
		SKIP(return, "needs a machine without a TEE: TSM_TEE=none");
	self->klog = klog_open();
	ASSERT_LE(0, self->klog);
}

FIXTURE_TEARDOWN(no_tee)
{
	close(self->klog);
}

TEST_F(no_tee, is_enodev_and_one_line_that_says_so)
{
	int all;

	EXPECT_EQ(-ENODEV, module_load(self->path, ""));
	EXPECT_EQ(1, klog_count(self->klog, LOG_PREFIX, "no TEE", &all,
				self->line));
	EXPECT_EQ(1, all);
}

TEST_F(no_tee, leaves_nothing_behind)
{
	char before[4096] = "", after[4096] = "";

	ASSERT_LT(0, file_read("/proc/misc", before, sizeof(before) - 1));
	EXPECT_EQ(-ENODEV, module_load(self->path, ""));
	EXPECT_LT(0, file_read("/proc/misc", after, sizeof(after) - 1));
	EXPECT_STREQ(before, after);
	EXPECT_FALSE(module_is_loaded(MODULE_NAME));
	EXPECT_FALSE(report_present());
	EXPECT_EQ(-1, access("/dev/tdx_guest", F_OK));
}

TEST_HARNESS_MAIN
