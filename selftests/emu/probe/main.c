// SPDX-License-Identifier: GPL-2.0-only
/*
 * tsm_emu_probe: tests the emulator from the guest's side, driver or none.
 *
 * Issues TDCALLs or guest requests by itself when it is loaded, and leaves what
 * it found as TAP in debugfs, tsm_emu_probe/tap. Needs tsm_emu.ko and a serving
 * tsm-emud, and no driver that asks for evidence meanwhile.
 */

#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "probe.h"

#define TAP_SIZE	(64 * 1024)

static struct debugfs_blob_wrapper tap;
static struct dentry *dir;

/* The test that runs */
static unsigned int number;
static const char *name;
static bool failed;
static long violations_before, shared_before;

static const char *const honest[][2] = {
	{ "quote_delay_ms", "20" },
	{ "quote_never", "0" },
	{ "quote_sync", "0" },
	{ "quote_torn_us", "0" },
	{ "quote_v", "4" },
	{ "tdreport_busy", "0" },
	{ "tdreport_status", "0" },
	{ "rtmr_busy", "0" },
	{ "rtmr_status", "0" },
	{ "verify_status", "0" },
	{ "convert_fail", "0" },
	{ "snp_delay_ms", "0" },
	{ "snp_busy", "0" },
	{ "snp_error", "0" },
	{ "snp_error_count", "0" },
	{ "snp_exit_fail", "0" },
	{ "snp_lose", "0" },
	{ "snp_flip_count", "0" },
	{ "snp_patch_count", "0" },
	{ "snp_replay", "0" },
	{ "snp_mutate_ms", "0" },
	{ "snp_status_count", "0" },
	{ "snp_certs", "1" },
	{ "snp_certs_pages", "0" },
	{ "snp_invalid_len", "0" },
	{ "snp_report_v", "3" },
	{ "snp_sign", "0" },
	{ "svsm_status_count", "0" },
	{ "svsm_grow", "0" },
	{ "svsm_manifest_size", "256" },
	{ "svsm_certs", "1" },
	{ "svsm_out_len", "-1" },
};

/* What does not fit takes the plan with it, and so counts as failed. */
static __printf(1, 2) void say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tap.size += vscnprintf(tap.data + tap.size, TAP_SIZE - tap.size, fmt,
			       args);
	va_end(args);
}

/**
 * probe_start - begins a test
 * @sentence: its name
 */
void probe_start(const char *sentence)
{
	number++;
	name = sentence;
	failed = false;
	violations_before = probe_stat("stat_violations");
	shared_before = probe_stat("stat_shared_pages");
}

/**
 * probe_end - ends a test, and makes the host honest again
 * @violations: how many the host has to have complained of
 */
void probe_end(long violations)
{
	char last[200];

	EXPECT_EQ(violations_before + violations,
		  probe_stat("stat_violations"));
	EXPECT_EQ(shared_before, probe_stat("stat_shared_pages"));
	for (unsigned int i = 0; i < ARRAY_SIZE(honest); i++)
		EXPECT_EQ(0, probe_set(honest[i][0], honest[i][1]));
	if (failed && probe_get("last_violation", last, sizeof(last)) > 0)
		say("# last violation: %s\n", last);
	say("%sok %u - %s\n", failed ? "not " : "", number, name);
}

void probe_run(const struct probe_test *tests, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		probe_start(tests[i].name);
		tests[i].run();
		probe_end(tests[i].violations);
	}
}

void probe_expect(const char *file, int line, const char *what, u64 want,
		  u64 got)
{
	if (want == got)
		return;
	failed = true;
	say("# %s:%d: %s is 0x%llx, not 0x%llx\n", kbasename(file), line, what,
	    got, want);
}

static int run_tdx(void)
{
	probe_leaves();
	probe_rtmrs();
	probe_verification();
	probe_vmcalls();
	return probe_quotes();
}

static int run_snp(void)
{
	int ret = probe_snp_init();

	if (ret)
		return ret;
	probe_snp_messages();
	probe_snp_host();
	probe_snp_pages();
	probe_snp_reports();
	ret = probe_snp_certs();
	if (!ret)
		ret = probe_snp_svsm();
	probe_snp_exit();
	return ret;
}

static int run_all(void)
{
	char tee[8];
	int ret;

	say("TAP version 13\n");
	if (probe_get("tee", tee, sizeof(tee)) > 0 && !strcmp(tee, "snp"))
		ret = run_snp();
	else
		ret = run_tdx();
	if (!ret)
		say("1..%u\n", number);
	return ret;
}

static int __init probe_init(void)
{
	int ret;

	if (probe_stat("stat_hypercalls") < 0) {
		pr_err("tsm_emu_probe: no tsm_emu to test; load it first\n");
		return -ENODEV;
	}
	ret = probe_guest_init();
	if (ret)
		return ret;
	ret = -ENOMEM;
	tap.data = vzalloc(TAP_SIZE);
	if (!tap.data)
		goto exit_guest;
	ret = run_all();
	if (ret)
		goto free_tap;
	dir = debugfs_create_dir("tsm_emu_probe", NULL);
	debugfs_create_blob("tap", 0400, dir, &tap);
	probe_guest_exit();
	return 0;

free_tap:
	vfree(tap.data);
exit_guest:
	probe_guest_exit();
	return ret;
}

static void __exit probe_exit(void)
{
	debugfs_remove(dir);
	vfree(tap.data);
}

module_init(probe_init);
module_exit(probe_exit);

MODULE_DESCRIPTION("Tests of the emulated TEE");
MODULE_LICENSE("GPL");
