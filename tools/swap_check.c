// SPDX-License-Identifier: MIT
/*
 * Whether a driver that was just loaded answers.
 *
 * The host is not asked for evidence: it may take its time, or be out of order,
 * which no other driver would change. A TDREPORT comes from the TDX module
 * alone; in an SNP guest nothing can be had without the host.
 */
#include "swap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A report item can be made, and names the driver. */
static int ask_provider(const char *dir, const char *want,
			struct tsm_error *err)
{
	char name[64], path[224], provider[16];
	const struct watch_task task = { .remove = path, .restore = -1 };
	struct tsm_entry entry;
	struct watch watch;
	int ret;

	entry_name(name, sizeof(name));
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	ret = watch_start(&watch, &task, err);
	if (ret)
		return ret;
	ret = tsm_entry_create(&entry, dir, name, err);
	if (!ret) {
		ret = tsm_entry_provider(&entry, provider, sizeof(provider),
					 err);
		if (!ret && strcmp(provider, want)) {
			snprintf(err->text, sizeof(err->text),
				 "%s: %s, not %s", path, provider, want);
			ret = -EPROTO;
		}
		if (tsm_entry_remove(&entry, ret ? NULL : err) && !ret)
			ret = -EBUSY;
	}
	watch_end(&watch);
	return ret;
}

static int check_provider(struct swap *swap, const struct tsm_system *now,
			  bool ours)
{
	struct tsm_error err;
	int ret;

	/* the kernel's own has it since Linux 6.7 */
	if (!ours && !now->report_dir[0])
		return 0;
	if (now->report_dir[0]) {
		ret = ask_provider(now->report_dir, swap_provider(swap), &err);
	} else {
		ret = -ENOENT;
		snprintf(err.text, sizeof(err.text),
			 "%s/tsm/report is not there", now->configfs);
	}
	return step_note(swap, "check", "tsm/report", ret,
			 ret ? err.text : swap_provider(swap));
}

static int open_device(const char *path, struct tsm_error *err)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		snprintf(err->text, sizeof(err->text), "%s: %s", path,
			 strerror(errno));
		return -errno;
	}
	close(fd);
	return 0;
}

static int check_device(struct swap *swap)
{
	const uint8_t zeroes[TSM_TDX_REPORTDATA_SIZE] = { 0 };
	const bool tdx = swap->sys.tee == TSM_TEE_TDX;
	struct tsm_tdx_report report;
	struct tsm_error err;
	char path[32];
	int ret;

	snprintf(path, sizeof(path), "/dev/%s", swap_device(swap));
	ret = tdx ? tsm_tdreport_get(zeroes, &report, &err) :
		    open_device(path, &err);
	return step_note(swap, "check", path, ret, ret ? err.text :
			 tdx ? "a TDREPORT" : "opened");
}

/* Ours has them on every kernel; the kernel's own has more to say of them. */
static int check_measurements(struct swap *swap, const struct tsm_system *now)
{
	char text[64];
	int ret = 0;

	if (now->registers) {
		snprintf(text, sizeof(text), "%u registers", now->registers);
	} else {
		ret = -ENOENT;
		snprintf(text, sizeof(text), "no measurements in sysfs");
	}
	return step_note(swap, "check", "measurements", ret, text);
}

int step_check(struct swap *swap, bool ours)
{
	const char *name = ours ? OURS : swap_provider(swap);
	struct tsm_system now;
	struct tsm_error err;
	int ret;

	if (swap->dry_run)
		return step_note(swap, "check", name, 0, NULL);
	ret = tsm_system_probe(swap->root, &now, &err);
	if (ret)
		return step_note(swap, "check", name, ret, err.text);
	ret = check_provider(swap, &now, ours);
	if (!ret)
		ret = check_device(swap);
	if (!ret && ours)
		ret = check_measurements(swap, &now);
	if (ret)
		swap_fail(swap, "%s is loaded, but does not answer: %s", name,
			  swap->steps[swap->nr_steps - 1].detail);
	return ret;
}
