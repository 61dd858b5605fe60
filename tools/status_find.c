// SPDX-License-Identifier: MIT
/* What is wrong with keys, registers and logs, and all findings together. */
#include "status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* uapi/ABI, log_max_kb */
#define EXTEND_BYTES	66
#define GAP_RESERVE	552

struct finding *find(struct findings *list, const char *key, const char *what,
		     ...)
{
	struct finding *f = &list->item[list->count];
	va_list args;

	if (list->count < FINDINGS_MAX)
		list->count++;
	memset(f, 0, sizeof(*f));
	f->key = key;
	va_start(args, what);
	vsnprintf(f->what, sizeof(f->what), what, args);
	va_end(args);
	return f;
}

void helps(struct finding *f, const char *mend, ...)
{
	va_list args;

	va_start(args, mend);
	vsnprintf(f->mend, sizeof(f->mend), mend, args);
	va_end(args);
}

void mended_by(struct finding *f, const char *command, ...)
{
	va_list args;

	va_start(args, command);
	vsnprintf(f->command, sizeof(f->command), command, args);
	va_end(args);
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

/* To twice as much, but no less than tsm_guest begins with. */
static void mended_by_room(struct finding *f, const struct tsm_system *sys)
{
	mended_by(f, "echo %ld >/sys/module/tsm_guest/parameters/log_max_kb",
		  sys->log.max_kb < 512 ? 1024 : 2 * sys->log.max_kb);
}

static void find_log_problems(struct findings *list,
			      const struct tsm_system *sys)
{
	if (!log_holds(sys, 100))
		mended_by_room(find(list, "log_full",
				    "the runtime log is full: extends fail with ENOSPC"),
			       sys);
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
	struct finding *f = find(list, key, "%s", what);
	const int other = other_vmpck(snp);

	if (other < 0) {
		helps(f, "no other key is left: restart the guest");
		return;
	}
	helps(f, "take another key; reports are then for VMPL %d and less privileged ones",
	      other);
	mended_by(f, "echo %d >/sys/module/tsm_guest/parameters/vmpck_id",
		  other);
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

static void find_log_notes(struct findings *list, const struct tsm_system *sys)
{
	const bool ours = sys->driver == TSM_DRIVER_OURS;

	if (ours && !sys->securityfs[0])
		mended_by(find(list, "no_securityfs",
			       "securityfs is not mounted: the runtime log, which tsm_guest keeps, cannot be read"),
			  "mount -t securityfs none /sys/kernel/security");
	else if (ours && !sys->log.path[0])
		helps(find(list, "no_log",
			   "this tsm_guest keeps no runtime log: what is extended cannot be replayed"),
		      "a newer tsm_guest, on a kernel with securityfs");
	if (log_holds(sys, 100) && !log_holds(sys, 90))
		mended_by_room(find(list, "log_nearly_full",
				    "the runtime log is nearly full: extends will fail with ENOSPC"),
			       sys);
	if (sys->boot_table && !sys->boot_log)
		helps(find(list, "boot_log_hidden",
			   "firmware left an event log, which this kernel does not show"),
		      "Linux 6.4 or newer");
}

static void find_register_notes(struct findings *list,
				const struct tsm_system *sys)
{
	struct finding *f;

	if (sys->rtmr_mask >= 0 && sys->rtmr_mask != (1 << TSM_RTMRS) - 1) {
		f = find(list, "rtmr_mask",
			 "tsm_guest was loaded to refuse extends of some registers");
		helps(f, "load it anew, for all four");
		mended_by(f, "tsmctl unload && tsmctl load rtmr_mask=0xf");
	}
	if (sys->rtmr_entries)
		helps(find(list, "rtmr_entries",
			   "entries for registers exist, as they do while programs use them"),
		      "only to unload the driver: rmdir %s/NAME of those that nobody uses",
		      sys->rtmrs_dir);
}

static void find_snp_notes(struct findings *list, const struct tsm_system *sys)
{
	const struct tsm_snp_state *snp = &sys->snp;

	if (snp->vmpck >= 0 && snp->vmpck <= 3 &&
	    state_is(snp, (unsigned int)snp->vmpck, "pending"))
		helps(find(list, "vmpck_pending",
			   "a message of a request that was given up awaits its answer"),
		      "nothing to do here: the next request completes it first");
}

static void find_tdx_notes(struct findings *list, const struct tsm_system *sys)
{
	if (sys->quote_abandoned > 0)
		helps(find(list, "abandoned",
			   "the host has not given back buffers of killed or timed out requests"),
		      "nothing to do here: they are reclaimed when it does");
	find_register_notes(list, sys);
	find_log_notes(list, sys);
}

void find_problems(struct findings *list, const struct status *st)
{
	find_tee_problems(list, &st->sys);
	find_driver_problems(list, st);
	find_log_problems(list, &st->sys);
	find_vmpck_problems(list, &st->sys);
}

void find_notes(struct findings *list, const struct status *st)
{
	const struct tsm_system *sys = &st->sys;

	find_tee_notes(list, sys);
	if (sys->tee == TSM_TEE_NONE)
		return;
	find_driver_notes(list, st);
	if (sys->entries)
		helps(find(list, "entries",
			   "report items exist, as they do while programs use them"),
		      "only to unload the driver: rmdir %s/NAME of those that nobody uses",
		      sys->report_dir);
	if (sys->tee == TSM_TEE_SNP)
		find_snp_notes(list, sys);
	else
		find_tdx_notes(list, sys);
	if (sys->report_dir[0] && st->provider_error == -EACCES)
		mended_by(find(list, "not_root",
			       "the provider was not asked, which takes root"),
			  "sudo tsmctl status");
	else if (sys->log.path[0] && !sys->log.readable)
		mended_by(find(list, "log_unreadable",
			       "the runtime log could not be read: tsmctl log tells more"),
			  "sudo tsmctl status");
}
