/* SPDX-License-Identifier: MIT */
/*
 * What the TDX clients know of TDREPORTs and quotes, and how they call the device.
 *
 * Intel TDX Module ABI specification: TDREPORT_STRUCT. Intel TDX DCAP quoting
 * library API: TD quote of version 4.
 */
#ifndef CLIENTS_TDX_H
#define CLIENTS_TDX_H

#include <sys/ioctl.h>

#include "client.h"

#define TDX_DEVICE	"/dev/tdx_guest"
#define MEASUREMENTS	"/sys/devices/virtual/misc/tdx_guest/measurements"
#define REPORTS		"/sys/kernel/config/tsm/report"

#define TDREPORT_LEN	1024
#define REPORT_TYPE_TDX	0x81		/* at 0 */
#define REPORT_DATA	128
#define REPORT_RTMR(n)	(720 + 48 * (n))
#define RTMR_LEN	48

#define QUOTE_MAX	8192		/* what clients have room for */
#define QUOTE_MIN	1020		/* what libtdx_attest takes for no quote */
#define QUOTE_DATA	568		/* 48 of header, 520 of body before it */

struct tdx_report {
	uint8_t data[NONCE_LEN];
	uint8_t tdreport[TDREPORT_LEN];
};

#define GET_REPORT0	_IOWR('T', 1, struct tdx_report)

static const char *get_report(struct tdx_report *report, int flags)
{
	int fd = open(TDX_DEVICE, flags);
	const char *why = NULL;

	if (fd < 0)
		return failed_or_absent("open", ENOENT);
	if (ioctl(fd, GET_REPORT0, report))
		why = failed("ioctl");
	else if (report->tdreport[0] != REPORT_TYPE_TDX)
		why = "not a TDREPORT";
	else if (memcmp(report->tdreport + REPORT_DATA, report->data, NONCE_LEN))
		why = "report data not in it";
	close(fd);
	return why;
}

static __maybe_unused const char *check_quote(const uint8_t *quote, ssize_t len,
					      const uint8_t *nonce)
{
	if (!len)
		return "empty, no error";
	if (len <= QUOTE_MIN || len >= QUOTE_MAX)
		return because("a quote of %zd bytes", len);
	if (quote[0] != 4 || quote[1])
		return "not a quote of version 4";
	if (quote[4] != REPORT_TYPE_TDX)
		return "not a TD's quote";
	if (memcmp(quote + QUOTE_DATA, nonce, NONCE_LEN))
		return "report data not in it";
	return NULL;
}

#endif /* CLIENTS_TDX_H */
