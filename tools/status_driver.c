// SPDX-License-Identifier: MIT
/* What is wrong with drivers and their interfaces, and how to mend it. */
#include "status.h"

#include <errno.h>
#include <string.h>

static bool serves(const struct tsm_system *sys)
{
	return sys->driver != TSM_DRIVER_NONE && sys->report_dir[0];
}

/* What a driver of this TEE is called at tsm/report, ours as the kernel's. */
static const char *provider_of(const struct tsm_system *sys)
{
	return sys->tee == TSM_TEE_TDX ? "tdx_guest" : "sev_guest";
}

static void find_provider_problems(struct findings *list,
				   const struct status *st)
{
	if (st->provider_error == -ENXIO)
		helps(find(list, "no_provider",
			   "tsm/report is there, but no TEE driver is registered with it"),
		      "rmdir what is left in tsm/report, then reload the driver");
	else if (st->provider_error && st->provider_error != -EACCES)
		mended_by(find(list, "provider_error",
			       "a report item could not be made and read: the kernel's log may tell why"),
			  "dmesg");
	else if (st->provider[0] && strcmp(st->provider, provider_of(&st->sys)))
		helps(find(list, "other_provider",
			   "tsm/report is served by %s, not by a driver of this TEE (%s)",
			   st->provider, provider_of(&st->sys)),
		      "unload what else makes evidence here: lsmod tells what is loaded");
}

/* systemd has a unit for it, which loads configfs, too. */
static void find_no_configfs(struct findings *list,
			     const struct tsm_system *sys)
{
	struct finding *f;

	if (sys->container[0]) {
		f = find(list, "no_configfs",
			 "configfs is not mounted in this container (%s)",
			 sys->container);
		helps(f, "have its host pass it in, as with docker run -v /sys/kernel/config:/sys/kernel/config");
		return;
	}
	f = find(list, "no_configfs", "configfs is not mounted");
	if (sys->systemd)
		mended_by(f, "systemctl start sys-kernel-config.mount");
	else
		mended_by(f, "%smount -t configfs none /sys/kernel/config",
			  sys->configfs_known ? "" : "modprobe configfs && ");
}

/* Report items could not be made. */
static void find_read_only(struct findings *list, const struct tsm_system *sys)
{
	struct finding *f;

	f = find(list, "configfs_read_only",
		 "configfs is mounted read-only%s: nobody can ask for evidence",
		 sys->container[0] ? " in this container" : "");
	if (sys->container[0])
		helps(f, "have its host pass it in otherwise, as with docker run -v /sys/kernel/config:/sys/kernel/config:rw");
	else
		mended_by(f, "mount -o remount,rw /sys/kernel/config");
}

static void find_report_problems(struct findings *list,
				 const struct status *st)
{
	const struct tsm_system *sys = &st->sys;
	struct finding *f;

	if (sys->configfs_read_only)
		find_read_only(list, sys);
	if (!sys->configfs[0]) {
		find_no_configfs(list, sys);
	} else if (sys->report_dir[0]) {
		find_provider_problems(list, st);
	} else if (sys->driver == TSM_DRIVER_OURS) {
		f = find(list, "no_report",
			 "configfs has no tsm/report, although tsm_guest is loaded");
		helps(f, "load it anew; dmesg tells what is in its way");
		mended_by(f, "tsmctl unload && tsmctl load");
	} else if (sys->driver == TSM_DRIVER_INTREE) {
		mended_by_ours(find(list, "no_report",
				    "configfs has no tsm/report: the kernel's own driver has it since Linux 6.7"),
			       sys);
	}
}

/* The kernel makes the file again when the driver is loaded again; it would leave
 * alone one that somebody made in its place, whose number may be another then. */
static bool made_by_reload(struct finding *f, const struct tsm_system *sys)
{
	if (!sys->devtmpfs || !strcmp(sys->driver_name, "built in"))
		return false;
	if (sys->driver == TSM_DRIVER_OURS)
		mended_by(f, "tsmctl unload && tsmctl load");
	else
		mended_by(f, "modprobe -r %s && modprobe %s", sys->driver_name,
			  sys->driver_name);
	return true;
}

static void find_no_device(struct findings *list, const struct tsm_system *sys)
{
	const char *const name = sys->tee == TSM_TEE_TDX ? "tdx_guest" :
							    "sev-guest";
	const char *const colon = strchr(sys->device_number, ':');
	struct finding *f;

	f = find(list, "no_device",
		 "the driver's device file is missing%s: /dev/%s",
		 sys->container[0] ? " in this container" : "", name);
	if (sys->container[0])
		helps(f, "have its host pass it in, as with docker run --device /dev/%s",
		      name);
	else if (made_by_reload(f, sys))
		helps(f, "load the driver anew: the kernel makes it then");
	else if (colon)
		mended_by(f, "mknod -m 600 /dev/%s c %.*s %s", name,
			  (int)(colon - sys->device_number),
			  sys->device_number, colon + 1);
	else
		helps(f, "mount -t devtmpfs none /dev, or start udev");
}

static void find_no_driver(struct findings *list, const struct tsm_system *sys)
{
	struct finding *f;

	if (sys->report_module)
		f = find(list, "no_driver",
			 "no driver serves the TEE: %s, which is loaded, makes tsm/report, but no evidence",
			 sys->report_module);
	else
		f = find(list, "no_driver", "no driver serves the TEE");
	mended_by_driver(f, sys);
}

void find_driver_problems(struct findings *list, const struct status *st)
{
	const struct tsm_system *sys = &st->sys;

	if (sys->driver == TSM_DRIVER_NONE && sys->view.kernel_knows)
		find_no_driver(list, sys);
	find_report_problems(list, st);
	if (sys->driver != TSM_DRIVER_NONE && !sys->device)
		find_no_device(list, sys);
	if (sys->driver != TSM_DRIVER_OURS && sys->view.kernel_knows &&
	    !serves(sys))
		find_obstacles(list, sys);
}

/* What ours would add to a driver that works. */
static void find_intree(struct findings *list, const struct tsm_system *sys)
{
	static const char *const adds[] = {
		[TSM_TEE_TDX] = "quotes of several readers at a time, an errno for each failure, certificates in auxblob, a log of all that extends the registers",
		[TSM_TEE_SNP] = "reports without --vmpl under an SVSM, certificate tables beyond 16 KiB, measurements in sysfs, the state of the keys (VMPCK), which it can change while loaded",
	};

	mended_by_ours(find(list, "intree_driver",
			    "the kernel's own driver serves, and works; tsm_guest would add: %s",
			    adds[sys->tee]), sys);
}

void find_driver_notes(struct findings *list, const struct status *st)
{
	const struct tsm_system *sys = &st->sys;

	if (sys->two_drivers)
		mended_by(find(list, "two_drivers",
			       "tsm_guest is loaded, and so is the kernel's own driver"),
			  "rmmod %s", provider_of(sys));
	find_blacklists(list, sys);
	if (sys->driver != TSM_DRIVER_INTREE)
		return;
	if (sys->report_dir[0])
		find_intree(list, sys);
	if (sys->tee == TSM_TEE_TDX && !sys->sysfs_extends &&
	    !sys->rtmrs_dir[0])
		mended_by_ours(find(list, "no_extend",
				    "registers cannot be extended: the kernel's own driver does that since Linux 6.16, tsm_guest on every kernel"),
			       sys);
	if (serves(sys))
		find_obstacles(list, sys);
}
