// SPDX-License-Identifier: MIT
/* tsmctl log export: both logs as one, in a form that verifiers read. */
#include "cmd_log.h"

#include <stdlib.h>
#include <string.h>

static const char *format_name(enum tsm_log_format format)
{
	switch (format) {
	case TSM_LOG_CEL_TLV:
		return "cel-tlv";
	case TSM_LOG_CEL_JSON:
		return "cel-json";
	default:
		return "tcg";
	}
}

static int summarise(const struct log_options *options,
		     const struct log_set *set, size_t len)
{
	struct out *out = open_output();

	if (!out)
		return FAILED;
	out_str(out, "output", "%s", options->output);
	out_str(out, "format", "%s", format_name(options->format));
	out_num(out, "size", len);
	out_list(out, "remarks");
	show_notes(out, set);
	show_hidden(out, set);
	out_list_end(out);
	return written(out_close(out), DONE);
}

static int to_file(const struct log_options *options,
		   const struct log_set *set, const uint8_t *data, size_t len)
{
	struct tsm_error err;

	if (tsm_file_write(options->output, data, len, &err)) {
		complain("%s", err.text);
		return FAILED;
	}
	return summarise(options, set, len);
}

/* Bytes alone: what there is to say goes beside them. */
static int to_pipe(const struct log_set *set, const uint8_t *data, size_t len)
{
	unsigned int i;

	for (i = 0; i < set->notes; i++)
		complain("%s", set->note[i]);
	return written(out_bytes(data, len), DONE);
}

int log_export(const struct log_options *options, struct log_set *set)
{
	struct tsm_error err;
	uint8_t *data;
	size_t len;
	int code;

	if (tsm_log_export(set->part, set->parts, options->format, &data, &len,
			   &err)) {
		complain("%s", err.text);
		return FAILED;
	}
	if (options->output && strcmp(options->output, "-"))
		code = to_file(options, set, data, len);
	else
		code = to_pipe(set, data, len);
	free(data);
	return code;
}
