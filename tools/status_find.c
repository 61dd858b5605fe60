// SPDX-License-Identifier: MIT
/* What is wrong with attestation on a machine, and how to mend it. */
#include "status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* uapi/ABI, log_max_kb */
#define EXTEND_BYTES	66
#define GAP_RESERVE	552

/* Debian has configfs as a module; ours needs it, which only modprobe knows. */
#define LOAD_OURS \
	"modprobe tsm_guest if it is installed (make install; depmod); if not: modprobe configfs; insmod tsm_guest.ko"

__attribute__((format(printf, 4, 5)))
static void find(struct findings *list, const char *key, const char *what,
		 const char *mend, ...)
{
	struct finding *f = &list->item[list->count];
	va_list args;

	if (list->count == FINDINGS_MAX)
		return;
	list->count++;
	f->key = key;
	f->what = what;
	va_start(args, mend);
	vsnprintf(f->mend, sizeof(f->mend), mend, args);
	va_end(args);
}

/* How to get to our driver from what is loaded now. */
static void find_swap(struct findings *list, const struct tsm_system *sys,
		      const char *key, const char *what)
{
	const bool intree = sys->driver == TSM_DRIVER_INTREE;

	if (intree && !strcmp(sys->driver_name, "built in"))
		find(list, key, what, "it is built into this kernel and cannot be unloaded: another kernel");
	else if (sys->report_dir[0] && !sys->report_module)
		find(list, key, what, "tsm is built into this kernel and cannot be unloaded: another kernel");
	else
		find(list, key, what, "%s%s%s%s" LOAD_OURS,
		     intree && sys->tee == TSM_TEE_SNP ? "rmmod sev_guest; " :
		     intree ? "rmmod tdx_guest; " : "",
		     sys->report_module ? "rmmod " : "",
		     sys->report_module ? sys->report_module : "",
		     sys->report_module ? "; " : "");
}

/* Of log_max_kb, the next extend included. The driver keeps a reserve for gap
 * records, see uapi/ABI. */
static bool log_holds(const struct tsm_system *sys, unsigned int percent)
{
	const uint64_t max = (uint64_t)sys->log.max_kb * 1024;

	return !sys->log.readable || sys->log.max_kb < 0 ||
	       (sys->log.size + EXTEND_BYTES + GAP_RESERVE) * 100 <=
	       max * percent;
}

/* Twice as much, but no less than tsm_guest begins with. */
static long more_kb(const struct tsm_system *sys)
{
	return sys->log.max_kb < 512 ? 1024 : 2 * sys->log.max_kb;
}

static void find_log_problems(struct findings *list,
			      const struct tsm_system *sys)
{
	if (!log_holds(sys, 100))
		find(list, "log_full",
		     "the runtime log is full: extends fail with ENOSPC",
		     "echo %ld >/sys/module/tsm_guest/parameters/log_max_kb",
		     more_kb(sys));
}

static bool state_is(const struct tsm_snp_state *snp, unsigned int key,
		     const char *state)
{
	return !strcmp(snp->state[key], state);
}

/* The key of the most privileged level that could be taken instead, or -1. */
static int other_vmpck(const struct tsm_snp_state *snp)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		if (snp->vmpck != (long)i &&
		    (state_is(snp, i, "unused") || state_is(snp, i, "ready")))
			return (int)i;
	}
	return -1;
}

static void find_vmpck(struct findings *list, const struct tsm_snp_state *snp,
		       const char *key, const char *what)
{
	const int other = other_vmpck(snp);

	if (other < 0)
		find(list, key, what, "no other key is left: restart the guest");
	else
		find(list, key, what,
		     "echo %d >/sys/module/tsm_guest/parameters/vmpck_id takes another key; reports are then for VMPL %d and less privileged ones",
		     other, other);
}

static void find_vmpck_problems(struct findings *list,
				const struct tsm_system *sys)
{
	const struct tsm_snp_state *snp = &sys->snp;
	const unsigned int active = (unsigned int)snp->vmpck;

	if (sys->tee != TSM_TEE_SNP || snp->vmpck < 0 || snp->vmpck > 3)
		return;
	if (state_is(snp, active, "empty"))
		find_vmpck(list, snp, "vmpck_empty",
			   "the active VMPCK is empty: nothing can be asked of the firmware with it");
	else if (state_is(snp, active, "exhausted"))
		find_vmpck(list, snp, "vmpck_exhausted",
			   "the sequence numbers of the active VMPCK are used up");
	else if (state_is(snp, active, "stuck"))
		find_vmpck(list, snp, "vmpck_stuck",
			   "the firmware refuses whatever is sent with the active VMPCK; each request tries again");
}

void find_problems(struct findings *list, const struct status *st)
{
	const struct tsm_system *sys = &st->sys;

	if (sys->driver == TSM_DRIVER_NONE)
		find_swap(list, sys, "no_driver", "no driver serves the TEE");
	if (!sys->configfs[0])
		find(list, "no_configfs", "configfs is not mounted",
		     "modprobe configfs; mount -t configfs none /sys/kernel/config");
	else if (!sys->report_dir[0] && sys->driver == TSM_DRIVER_OURS)
		find(list, "no_report",
		     "configfs has no tsm/report, although tsm_guest is loaded",
		     "reload it: rmmod tsm_guest; modprobe tsm_guest; dmesg tells what is in its way");
	else if (!sys->report_dir[0] && sys->driver == TSM_DRIVER_INTREE)
		find_swap(list, sys, "no_report",
			  "configfs has no tsm/report: the kernel's own driver has it since Linux 6.7");
	if (sys->report_dir[0] && st->provider_error == -ENXIO)
		find(list, "no_provider",
		     "tsm/report is there, but no TEE driver is registered with it",
		     "rmdir what is left in tsm/report, then reload the driver");
	else if (sys->report_dir[0] && st->provider_error &&
		 st->provider_error != -EACCES)
		find(list, "provider_error",
		     "a report item could not be made and read",
		     "see the kernel's log: dmesg");
	if (sys->driver != TSM_DRIVER_NONE && !sys->device)
		find(list, "no_device",
		     "the driver's device file is missing in /dev",
		     "mount -t devtmpfs none /dev, or start udev");
	find_log_problems(list, sys);
	find_vmpck_problems(list, sys);
}

static void find_log_notes(struct findings *list, const struct tsm_system *sys)
{
	const bool ours = sys->driver == TSM_DRIVER_OURS;

	if (ours && !sys->securityfs[0])
		find(list, "no_securityfs",
		     "securityfs is not mounted: the runtime log, which tsm_guest keeps, cannot be read",
		     "mount -t securityfs none /sys/kernel/security");
	else if (ours && !sys->log.path[0])
		find(list, "no_log",
		     "this tsm_guest keeps no runtime log: what is extended cannot be replayed",
		     "a newer tsm_guest, on a kernel with securityfs");
	if (log_holds(sys, 100) && !log_holds(sys, 90))
		find(list, "log_nearly_full",
		     "the runtime log is nearly full: extends will fail with ENOSPC",
		     "echo %ld >/sys/module/tsm_guest/parameters/log_max_kb",
		     more_kb(sys));
	if (sys->boot_table && !sys->boot_log)
		find(list, "boot_log_hidden",
		     "firmware left an event log, which this kernel does not show",
		     "Linux 6.4 or newer");
}

static void find_register_notes(struct findings *list,
				const struct tsm_system *sys)
{
	if (sys->driver == TSM_DRIVER_INTREE && !sys->sysfs_extends &&
	    !sys->rtmrs_dir[0])
		find_swap(list, sys, "no_extend",
			  "registers cannot be extended: the kernel's own driver does that since Linux 6.16, tsm_guest on every kernel");
	if (sys->rtmr_mask >= 0 && sys->rtmr_mask != (1 << TSM_RTMRS) - 1)
		find(list, "rtmr_mask",
		     "tsm_guest was loaded to refuse extends of some registers",
		     "for all four: rmmod tsm_guest; modprobe tsm_guest rtmr_mask=0xf");
	if (sys->rtmr_entries)
		find(list, "rtmr_entries",
		     "entries for registers exist, as they do while programs use them",
		     "only to unload the driver: rmdir %s/NAME of those that nobody uses",
		     sys->rtmrs_dir);
}

static void find_snp_notes(struct findings *list, const struct tsm_system *sys)
{
	const struct tsm_snp_state *snp = &sys->snp;

	if (sys->driver == TSM_DRIVER_INTREE && sys->report_dir[0])
		find_swap(list, sys, "intree_driver",
			  "the kernel's own driver serves, and works; tsm_guest would add: reports without --vmpl under an SVSM, certificate tables beyond 16 KiB, measurements in sysfs, the state of the keys (VMPCK), which it can change while loaded");
	if (snp->vmpck >= 0 && snp->vmpck <= 3 &&
	    state_is(snp, (unsigned int)snp->vmpck, "pending"))
		find(list, "vmpck_pending",
		     "a message of a request that was given up awaits its answer",
		     "nothing to do here: the next request completes it first");
}

void find_notes(struct findings *list, const struct status *st)
{
	const struct tsm_system *sys = &st->sys;

	if (sys->tee == TSM_TEE_SNP)
		find_snp_notes(list, sys);
	else if (sys->driver == TSM_DRIVER_INTREE && sys->report_dir[0])
		find_swap(list, sys, "intree_driver",
			  "the kernel's own driver serves, and works; tsm_guest would add: quotes of several readers at a time, an errno for each failure, certificates in auxblob, a log of all that extends the registers");
	if (sys->entries)
		find(list, "entries",
		     "report items exist, as they do while programs use them",
		     "only to unload the driver: rmdir %s/NAME of those that nobody uses",
		     sys->report_dir);
	if (sys->tee == TSM_TEE_TDX && sys->quote_abandoned > 0)
		find(list, "abandoned",
		     "the host has not given back buffers of killed or timed out requests",
		     "nothing to do here: they are reclaimed when it does");
	if (sys->tee == TSM_TEE_TDX) {
		find_register_notes(list, sys);
		find_log_notes(list, sys);
	}
	if (sys->report_dir[0] && st->provider_error == -EACCES)
		find(list, "not_root",
		     "the provider was not asked, which takes root",
		     "sudo tsmctl status");
	else if (sys->log.path[0] && !sys->log.readable)
		find(list, "log_unreadable", "the runtime log could not be read",
		     "sudo tsmctl status; tsmctl log tells more");
}

