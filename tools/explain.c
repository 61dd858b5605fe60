// SPDX-License-Identifier: MIT
/* What an errno means when it comes from a report item, and what helps. */
#include "tsmctl.h"

#include <errno.h>

/**
 * struct meaning - an errno of configfs tsm/report
 * @err: the errno, positive
 * @ours: what it says when tsm_guest serves
 * @intree: what it says when the kernel's own driver serves; NULL: the same
 */
struct meaning {
	int err;
	const char *ours;
	const char *intree;
};

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

const char *explain_errno(int err, enum tsm_driver driver)
{
	size_t i;

	for (i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		if (meanings[i].err != -err)
			continue;
		if (driver == TSM_DRIVER_INTREE && meanings[i].intree)
			return meanings[i].intree;
		return meanings[i].ours;
	}
	return NULL;
}
