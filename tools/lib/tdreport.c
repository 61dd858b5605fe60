// SPDX-License-Identifier: MIT
/* Decodes a TDREPORT, TDX Module ABI "TDREPORT_STRUCT". */
#include "lib_private.h"

#include <errno.h>

int tsm_tdreport_parse(const void *data, size_t len,
		       struct tsm_tdx_report *report, struct tsm_error *err)
{
	struct cursor c = cursor_over(data, len);

	memset(report, 0, sizeof(*report));
	if (!cursor_copy(&c, report, sizeof(*report)))
		return tsm_error_set(err, -EBADMSG,
				     "TDREPORT: %zu bytes, expected %zu", len,
				     sizeof(*report));
	/* the version does not matter: later ones only use reserved bytes */
	if (report->mac.type != TSM_TDX_REPORT_TYPE || report->mac.subtype) {
		tsm_error_set(err, 0,
			      "TDREPORT: type 0x%x subtype 0x%x is not a TD's",
			      report->mac.type, report->mac.subtype);
		memset(report, 0, sizeof(*report));
		return -EPROTONOSUPPORT;
	}
	return 0;
}
