// SPDX-License-Identifier: MIT
/* What is wrong with drivers and their interfaces, and how to mend it. */
#include "status.h"

#include <errno.h>
#include <string.h>

/* Debian has configfs as a module; ours needs it, which only modprobe knows. */
#define LOAD_OURS \
	"modprobe tsm_guest if it is installed (make install; depmod); if not: modprobe configfs; insmod tsm_guest.ko"

/* How to get to our driver from what is loaded now. */
static void mended_by_swap(struct finding *f, const struct tsm_system *sys)
{
	const bool intree = sys->driver == TSM_DRIVER_INTREE;

	if (intree && !strcmp(sys->driver_name, "built in"))
		helps(f, "it is built into this kernel and cannot be unloaded: another kernel");
	else if (sys->report_dir[0] && !sys->report_module)
		helps(f, "tsm is built into this kernel and cannot be unloaded: another kernel");
	else
		helps(f, "%s%s%s%s" LOAD_OURS,
		      intree && sys->tee == TSM_TEE_SNP ? "rmmod sev_guest; " :
		      intree ? "rmmod tdx_guest; " : "",
		      sys->report_module ? "rmmod " : "",
		      sys->report_module ? sys->report_module : "",
		      sys->report_module ? "; " : "");
}

static void find_provider_problems(struct findings *list,
				   const struct status *st)
{
	if (st->provider_error == -ENXIO)
		helps(find(list, "no_provider",
			   "tsm/report is there, but no TEE driver is registered with it"),
		      "rmdir what is left in tsm/report, then reload the driver");
	else if (st->provider_error && st->provider_error != -EACCES)
		helps(find(list, "provider_error",
			   "a report item could not be made and read"),
		      "see the kernel's log: dmesg");
}

static void find_report_problems(struct findings *list,
				 const struct status *st)
{
	const struct tsm_system *sys = &st->sys;

	if (!sys->configfs[0])
		mended_by(find(list, "no_configfs", "configfs is not mounted"),
			  "modprobe configfs; mount -t configfs none /sys/kernel/config");
	else if (sys->report_dir[0])
		find_provider_problems(list, st);
	else if (sys->driver == TSM_DRIVER_OURS)
		helps(find(list, "no_report",
			   "configfs has no tsm/report, although tsm_guest is loaded"),
		      "reload it: rmmod tsm_guest; modprobe tsm_guest; dmesg tells what is in its way");
	else if (sys->driver == TSM_DRIVER_INTREE)
		mended_by_swap(find(list, "no_report",
				    "configfs has no tsm/report: the kernel's own driver has it since Linux 6.7"),
			       sys);
}

void find_driver_problems(struct findings *list, const struct status *st)
{
	const struct tsm_system *sys = &st->sys;

	if (sys->driver == TSM_DRIVER_NONE && sys->view.kernel_knows)
		mended_by_swap(find(list, "no_driver",
				    "no driver serves the TEE"), sys);
	find_report_problems(list, st);
	if (sys->driver != TSM_DRIVER_NONE && !sys->device)
		helps(find(list, "no_device",
			   "the driver's device file is missing in /dev"),
		      "mount -t devtmpfs none /dev, or start udev");
}

/* What ours would add to a driver that works. */
static void find_intree(struct findings *list, const struct tsm_system *sys)
{
	static const char *const adds[] = {
		[TSM_TEE_TDX] = "quotes of several readers at a time, an errno for each failure, certificates in auxblob, a log of all that extends the registers",
		[TSM_TEE_SNP] = "reports without --vmpl under an SVSM, certificate tables beyond 16 KiB, measurements in sysfs, the state of the keys (VMPCK), which it can change while loaded",
	};

	mended_by_swap(find(list, "intree_driver",
			    "the kernel's own driver serves, and works; tsm_guest would add: %s",
			    adds[sys->tee]), sys);
}

void find_driver_notes(struct findings *list, const struct status *st)
{
	const struct tsm_system *sys = &st->sys;

	if (sys->driver != TSM_DRIVER_INTREE)
		return;
	if (sys->report_dir[0])
		find_intree(list, sys);
	if (sys->tee == TSM_TEE_TDX && !sys->sysfs_extends &&
	    !sys->rtmrs_dir[0])
		mended_by_swap(find(list, "no_extend",
				    "registers cannot be extended: the kernel's own driver does that since Linux 6.16, tsm_guest on every kernel"),
			       sys);
}
