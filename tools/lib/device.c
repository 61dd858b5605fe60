// SPDX-License-Identifier: MIT
/* The one ioctl of /dev/tdx_guest that every kernel since 6.2 has. */
#include "lib_private.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/tdx-guest.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEVICE	"/dev/tdx_guest"

int tsm_tdreport_get(const uint8_t *reportdata, struct tsm_tdx_report *report,
		     struct tsm_error *err)
{
	struct tdx_report_req req = { 0 };
	int fd, ret = 0;

	memset(report, 0, sizeof(*report));
	fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return tsm_error_set(err, -errno, DEVICE ": %s",
				     strerror(errno));
	memcpy(req.reportdata, reportdata, sizeof(req.reportdata));
	if (ioctl(fd, TDX_CMD_GET_REPORT0, &req))
		ret = tsm_error_set(err, -errno,
				    DEVICE ": TDX_CMD_GET_REPORT0: %s",
				    strerror(errno));
	close(fd);
	if (ret)
		return ret;
	return tsm_tdreport_parse(req.tdreport, sizeof(req.tdreport), report,
				  err);
}
