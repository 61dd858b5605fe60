// SPDX-License-Identifier: MIT
/*
 * tsm_guest.ko beside the kernel's own driver of an SNP guest.
 *
 * Needs TSM_MODULE, the path of the module, and an SNP guest without a driver.
 */
#include "kselftest_harness.h"

#include "module_snp.h"

FIXTURE(conflict)
{
	const char *path;
	struct snp_traces before;
	uint8_t out[BLOB_MAX];
	int klog;
	char line[PATH_LEN];
	long shared;
	long violations;
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

FIXTURE_VARIANT_ADD(conflict, snp_driver_of_the_kernel) {
	.module = { "sev_guest", "sev_guest" }, .device = true,
};
/* clang-format on */

static void unload_intree(void)
{
	module_unload("sev_guest");
	module_unload("tsm_report");
	module_unload("tsm");
}

FIXTURE_SETUP(conflict)
{
	self->path = getenv("TSM_MODULE");
	SKIP_UNLESS_LOADABLE(self->path);
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	self->shared = emu_stat("stat_shared_pages");
	if (module_probe(variant->module[0]) && module_probe(variant->module[1]))
		SKIP(return, "this kernel has no %s", variant->module[0]);
	setenv("TSM_DRIVER", "intree", 1);
	snp_traces_look(&self->before);
	ASSERT_EQ(variant->device, self->before.device);
	self->klog = klog_open();
	ASSERT_LE(0, self->klog);
}

FIXTURE_TEARDOWN(conflict)
{
	close(self->klog);
	snp_unload();
	unload_intree();
	EXPECT_FALSE(report_present());
	EXPECT_FALSE(snp_present());
	EXPECT_EQ(self->shared, emu_stat("stat_shared_pages"));
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
}

TEST_F(conflict, is_ebusy_and_one_line_that_says_what_to_unload)
{
	int all;

	EXPECT_EQ(-EBUSY, module_load(self->path, ""));
	EXPECT_EQ(1, klog_count(self->klog, LOG_PREFIX, "unload", &all,
				self->line));
	EXPECT_EQ(1, all);
	if (variant->device)
		EXPECT_NE(NULL, strstr(self->line, "sev"));
	EXPECT_SAME_TRACES(&self->before);
}

TEST_F(conflict, leaves_the_drivers_of_the_kernel_alone)
{
	struct snp_report_req req = { .vmpl = SNP_PRIVLEVEL_MAX };
	const long shared = emu_stat("stat_shared_pages");
	struct snp_report_resp resp;
	uint64_t exitinfo2;

	ASSERT_EQ(-EBUSY, module_load(self->path, ""));
	EXPECT_EQ(shared, emu_stat("stat_shared_pages"));
	if (!variant->device)
		return;
	nonce_make(req.user_data, getpid(), 1);
	EXPECT_EQ(0, sev_report(&req, &resp, &exitinfo2));
	EXPECT_SOUND(snp_report_check(resp.report, SNP_REPORT_LEN,
				      req.user_data));
}

TEST_F(conflict, is_over_once_they_are_unloaded)
{
	ASSERT_EQ(-EBUSY, module_load(self->path, ""));
	unload_intree();
	ASSERT_FALSE(report_present());
	setenv("TSM_DRIVER", "tsm_guest", 1);
	ASSERT_EQ(0, module_load(self->path, ""));
	EXPECT_SOUND(snp_one_report(1, self->out));
	EXPECT_EQ(0, snp_unload());
}

TEST_F(conflict, keeps_them_out_while_ours_is_loaded)
{
	unload_intree();
	setenv("TSM_DRIVER", "tsm_guest", 1);
	ASSERT_EQ(0, module_load(self->path, ""));
	/* not by its status: busybox's modprobe takes EEXIST for success */
	module_probe(variant->module[0]);
	module_probe(variant->module[1]);
	EXPECT_FALSE(module_is_loaded("tsm_report"));
	EXPECT_FALSE(module_is_loaded("tsm"));
	if (module_is_loaded("sev_guest"))
		TH_LOG("sev_guest is loaded, and has no device to drive");
	EXPECT_SOUND(snp_one_report(1, self->out));
	EXPECT_EQ(0, snp_unload());
}

/* What one driver has sent, the other does not send again under that number. */
TEST_F(conflict, passes_the_sequence_numbers_on)
{
	struct snp_report_req req = { .vmpl = SNP_PRIVLEVEL_MAX };
	struct snp_report_resp resp;
	uint64_t exitinfo2;
	int i;

	if (!variant->device)
		SKIP(return, "nobody but a driver sends messages");
	nonce_make(req.user_data, getpid(), 1);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, sev_report(&req, &resp, &exitinfo2));
		unload_intree();
		ASSERT_EQ(0, module_load(self->path, ""));
		EXPECT_EQ(0, sev_report(&req, &resp, &exitinfo2));
		EXPECT_SOUND(snp_report_check(resp.report, SNP_REPORT_LEN,
					      req.user_data));
		ASSERT_EQ(0, snp_unload());
		ASSERT_EQ(0, module_probe(variant->module[0]));
	}
	EXPECT_EQ(0, sev_report(&req, &resp, &exitinfo2));
}

/* The platform device is there, and promised to somebody else. */
FIXTURE(no_device)
{
	const char *path;
	struct snp_traces before;
	uint8_t out[BLOB_MAX];
	int klog;
	char line[PATH_LEN];
	long shared;
};

#define OVERRIDE	"/sys/bus/platform/devices/sev-guest/driver_override"

FIXTURE_SETUP(no_device)
{
	self->path = getenv("TSM_MODULE");
	SKIP_UNLESS_LOADABLE(self->path);
	setenv("TSM_DRIVER", "tsm_guest", 1);
	if (access(OVERRIDE, W_OK))
		SKIP(return, "no " OVERRIDE);
	ASSERT_EQ(0, snp_reset());
	self->shared = emu_stat("stat_shared_pages");
	self->klog = klog_open();
	ASSERT_LE(0, self->klog);
	snp_traces_look(&self->before);
	ASSERT_EQ(0, file_write(OVERRIDE, "somebody"));
}

FIXTURE_TEARDOWN(no_device)
{
	EXPECT_EQ(0, file_write(OVERRIDE, "\n"));
	close(self->klog);
	EXPECT_EQ(0, module_load(self->path, ""));
	EXPECT_SOUND(snp_one_report(1, self->out));
	EXPECT_EQ(0, snp_unload());
	EXPECT_SAME_TRACES(&self->before);
	EXPECT_EQ(self->shared, emu_stat("stat_shared_pages"));
}

TEST_F(no_device, is_an_error_and_one_line_that_leaves_nothing)
{
	int all, ret = module_load(self->path, "");

	if (!ret) {
		/* it asks for nothing that the device has */
		EXPECT_SOUND(snp_one_report(2, self->out));
		EXPECT_EQ(0, snp_unload());
		return;
	}
	EXPECT_EQ(-ENODEV, ret);
	EXPECT_LE(1, klog_count(self->klog, LOG_PREFIX, "sev-guest", &all,
				self->line));
	EXPECT_SAME_TRACES(&self->before);
	EXPECT_EQ(self->shared, emu_stat("stat_shared_pages"));
}

TEST_HARNESS_MAIN
