// SPDX-License-Identifier: MIT
/* What an errno means when it comes from the kernel, and what helps. */
#include "extend.h"

#include <errno.h>
#include <unistd.h>

/**
 * struct meaning - an errno
 * @err: the errno, positive
 * @ours: what it says when tsm_guest serves
 * @intree: what it says when the kernel's own driver serves; NULL: the same
 */
struct meaning {
	int err;
	const char *ours;
	const char *intree;
};

/* From configfs tsm/report, whatever the TEE; those of a TD. */
static const struct meaning meanings[] = {
	{ ENOENT,
	  "there is no tsm/report: no driver is loaded, or configfs is not mounted; see tsmctl status",
	  NULL },
	{ ENXIO,
	  "no TEE driver is registered with tsm/report; see tsmctl status",
	  NULL },
	{ EACCES, "only root may ask for evidence: try with sudo", NULL },
	{ EPERM, "only root may ask for evidence: try with sudo", NULL },
	{ EROFS, "/sys is read-only here: is this a container?", NULL },
	{ EINVAL,
	  "the driver refused the report data, or a privilege level must be set first",
	  NULL },
	{ EIO,
	  "the host answered with an error: look at its quote generation service (QGS) and at its logs",
	  "the host answered with an error, or refused the request: look at its quote generation service (QGS) and at its logs" },
	{ EHOSTUNREACH,
	  "the host has no quoting service now: is QGS running there, and QEMU started with quote-generation-socket?",
	  NULL },
	{ ENODATA,
	  "the host reports success and sent nothing: its quoting enclave failed, or its QGS is older than DCAP 1.21",
	  "an empty quote: the host failed or took too long, which this driver does not tell; tsm_guest would" },
	{ EPROTO, "the host wrote a status that the GHCI specification does not know",
	  NULL },
	{ EFBIG, "the host announced more than fits into the buffer", NULL },
	{ ETIMEDOUT,
	  "the host did not answer in time: see /sys/module/tsm_guest/parameters/quote_timeout_ms",
	  "the host did not answer within 30 seconds" },
	{ EINTR, "interrupted; ask again", NULL },
	{ EBUSY,
	  "the host holds on to buffers of abandoned requests (quote_abandoned in tsmctl status), or the TDX module is busy: a try gets through from time to time; if the host never lets go, reload tsm_guest",
	  "the host still holds this driver's only buffer since an earlier request was killed or timed out; ask again later" },
	{ EAGAIN, "gave up: the report item is ours alone, so who writes to it?",
	  NULL },
	{ ECANCELED,
	  "configfs does not say why: another process may hold inblob open, or the driver is going away",
	  NULL },
	{ EOPNOTSUPP,
	  "tsm_guest has the certificates in auxblob for TDX, too; the kernel's own driver has not: without --certs they are in the quote, see tsmctl show",
	  NULL },
};

/* What is otherwise in an SNP guest. */
static const struct meaning snp_meanings[] = {
	{ EINVAL,
	  "the firmware or the SVSM refused it: --vmpl must not be below the guest's own level, and the SVSM must know the service",
	  "the firmware or the SVSM refused it: under an SVSM this driver needs --vmpl with the guest's own level, see tsmctl status; tsm_guest finds it by itself" },
	{ EIO,
	  "the host or the firmware refused it: the kernel's log (dmesg) has the code; ask again, and see the VMPCK in tsmctl status",
	  "the host or the firmware refused it: the kernel's log (dmesg) has the code, and tells if the driver gave up its key (VMPCK), which leaves no way to ask again" },
	{ EBADMSG,
	  "what came back is not the firmware's answer to this request: the host changed it or gave another one; ask again",
	  "what came back is not the firmware's answer to this request, and this driver gives up its key (VMPCK) then: load it with another vmpck_id" },
	{ ENOTTY,
	  "the key (VMPCK) for talking to the firmware is not there: tsmctl status tells which are; echo N >/sys/module/tsm_guest/parameters/vmpck_id takes another",
	  "this driver gave up its key (VMPCK) after an error, for as long as it is loaded: load it with another vmpck_id, or tsm_guest" },
	{ ENODATA,
	  "there is no report: the driver had nothing to give, or the host cannot tell how much room its certificates take; see the kernel's log (dmesg)",
	  NULL },
	{ ENOSPC,
	  "the host wants more room for its certificates than a driver gives; see the kernel's log (dmesg)",
	  NULL },
	{ ETIMEDOUT,
	  "the host stayed busy, or other requests did: see /sys/module/tsm_guest/parameters/snp_timeout_ms",
	  "the host stayed busy for a minute; this driver gives up its key (VMPCK) then: load it with another vmpck_id" },
	{ EBUSY, "the host or the SVSM is busy; ask again", NULL },
	{ ERANGE,
	  "--vmpl takes the guest's own level (privlevel_floor in tsmctl status) to 3; --service-guid takes the GUID of a service",
	  NULL },
	{ EOPNOTSUPP,
	  "no SVSM serves this guest, or this kernel has no services (Linux 6.12 has): without --service the firmware reports on the guest",
	  NULL },
};

static const char *look_up(const struct meaning *list, size_t count, int err,
			   enum tsm_driver driver)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (list[i].err != -err)
			continue;
		if (driver == TSM_DRIVER_INTREE && list[i].intree)
			return list[i].intree;
		return list[i].ours;
	}
	return NULL;
}

const char *explain_report(int err, const struct tsm_report_options *options,
			   const struct tsm_system *sys)
{
	const char *text = NULL;

	if (sys->tee == TSM_TEE_SNP)
		text = look_up(snp_meanings, sizeof(snp_meanings) /
			       sizeof(snp_meanings[0]), err, sys->driver);
	else if (err == -EOPNOTSUPP && (options->privlevel >= 0 ||
					options->service_provider))
		text = "privilege levels and services are of SEV-SNP guests alone";
	if (text)
		return text;
	return look_up(meanings, sizeof(meanings) / sizeof(meanings[0]), err,
		       sys->driver);
}

/* From SNP_GET_DERIVED_KEY; what is not here is as for reports. */
static const struct meaning key_meanings[] = {
	{ ENOENT, "no driver serves this guest: see tsmctl status", NULL },
	{ EACCES, "only root may derive keys: try with sudo", NULL },
	{ EPERM, "only root may derive keys: try with sudo", NULL },
	{ EINVAL,
	  "--vmpl must not be below the level of the VMPCK in use, --svn not above GUEST_SVN, --tcb in no component above COMMITTED_TCB (tsmctl report | tsmctl show -), and the field mit takes a driver and a firmware that know version 2 of the message",
	  NULL },
};

const char *explain_key(int err, const struct tsm_system *sys)
{
	const char *text = look_up(key_meanings, sizeof(key_meanings) /
				   sizeof(key_meanings[0]), err, sys->driver);

	return text ? text : look_up(snp_meanings, sizeof(snp_meanings) /
				     sizeof(snp_meanings[0]), err, sys->driver);
}

/* Whatever the way: nothing was extended, unless it is said. */
static const struct meaning extend_meanings[] = {
	{ ENOSPC,
	  "the runtime log is full, and what it cannot record is not extended: echo 4096 >/sys/module/tsm_guest/parameters/log_max_kb, or more; tsmctl status tells how full it is",
	  NULL },
	{ EBUSY,
	  "the TDX module stayed busy for a second; nothing was extended: try again",
	  NULL },
	{ EIO, "the TDX module failed, and nothing was extended", NULL },
	{ ENXIO, "the TDX module refused it, or the driver is still being loaded; nothing was extended",
	  "the TDX module refused it; nothing was extended" },
	{ EINVAL, "the kernel refused the register or the event type; nothing was extended",
	  NULL },
	{ ENOMEM, "no memory; nothing was extended", NULL },
	{ EINTR, "interrupted; nothing was extended", NULL },
	{ EROFS, "/sys is read-only here: is this a container?", NULL },
	{ EAGAIN, "nothing was extended; --via sysfs needs no entry, but records no event data",
	  NULL },
	{ ETIMEDOUT,
	  "nothing was extended; lslocks tells which program that is; --via sysfs needs no lock, but records no event data",
	  NULL },
	{ ECANCELED,
	  "nothing was extended; configfs does not say why, --via ioctl does",
	  NULL },
	{ ENOTRECOVERABLE,
	  "do not repeat it blindly: compare tsmctl measurements with what the value was before",
	  NULL },
};

static const char *explain_refusal(const struct order *order,
				   const struct outcome *outcome)
{
	if (geteuid() != 0)
		return "only root may extend registers: try with sudo";
	if (order->extend.index < 2 && outcome->way != WAY_SYSFS)
		return "rtmr0 and rtmr1 are firmware's and the boot loader's: only --via sysfs extends them";
	return "tsm_guest was loaded with an rtmr_mask that leaves this register out; it cannot be changed before the next load: modprobe tsm_guest rtmr_mask=0xf";
}

static const char *explain_absence(const struct order *order,
				   const struct tsm_system *sys)
{
	if (sys->driver == TSM_DRIVER_NONE)
		return "no driver serves this TD: load tsm_guest; see tsmctl status";
	if (order->via != WAY_ANY && (sys->rtmrs_dir[0] || sys->sysfs_extends))
		return "there is no such way here; without --via another one is taken";
	if (sys->driver == TSM_DRIVER_OURS)
		return "this tsm_guest cannot extend registers: install a newer one";
	return "the kernel's own driver extends registers since Linux 6.16, and this one cannot at all: load tsm_guest instead; tsmctl status tells how";
}

const char *explain_extend(int err, const struct order *order,
			   const struct outcome *outcome)
{
	if (err == -EPERM || err == -EACCES)
		return explain_refusal(order, outcome);
	if (err == -EOPNOTSUPP)
		return explain_absence(order, &outcome->sys);
	return look_up(extend_meanings, sizeof(extend_meanings) /
		       sizeof(extend_meanings[0]), err, outcome->sys.driver);
}

void explain_hidden(const struct tsm_system *sys)
{
	if (sys->view.hidden)
		complain("a paravisor keeps the TEE of this guest to itself: tsmctl status tells where its evidence is");
}
