// SPDX-License-Identifier: MIT
/* Report data on a command line: what -d takes, wherever there is one. */
#include "tsmctl.h"

#include <stdlib.h>
#include <string.h>

static int check_length(const struct command *cmd, size_t len, bool pad)
{
	const size_t want = REPORT_DATA_SIZE;

	/* a nonce that could not be fetched, not 64 bytes of zero */
	if (!len)
		return usage_error(cmd, "report data is empty");
	if (len > want)
		return usage_error(cmd, "report data of %zu bytes is longer than %zu",
				   len, want);
	if (len < want && !pad)
		return usage_error(cmd, "report data has %zu bytes, not %zu; --pad fills up with zero bytes",
				   len, want);
	return DONE;
}

static int from_file(const struct command *cmd, const char *path, bool pad,
		     uint8_t *to)
{
	struct tsm_error err;
	uint8_t *data;
	size_t len;
	int code;

	if (tsm_file_read(path, TSM_EVIDENCE_MAX, &data, &len, &err)) {
		complain("%s", err.text);
		return FAILED;
	}
	code = check_length(cmd, len, pad);
	if (!code)
		memcpy(to, data, len);
	free(data);
	return code;
}

static int from_hex(const struct command *cmd, const char *text, bool pad,
		    uint8_t *to)
{
	const size_t digits = strlen(text);
	int code;

	if (digits % 2)
		return usage_error(cmd, "-d needs an even number of hex digits, not %zu",
				   digits);
	code = check_length(cmd, digits / 2, pad);
	if (code)
		return code;
	if (parse_hex(text, to, REPORT_DATA_SIZE) < 0)
		return usage_error(cmd, "-d takes hex digits, or @FILE");
	return DONE;
}

int parse_report_data(const struct command *cmd, const char *text, bool pad,
		      uint8_t data[REPORT_DATA_SIZE])
{
	memset(data, 0, REPORT_DATA_SIZE);
	return *text == '@' ? from_file(cmd, text + 1, pad, data) :
			      from_hex(cmd, text, pad, data);
}
