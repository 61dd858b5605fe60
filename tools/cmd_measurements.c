// SPDX-License-Identifier: MIT
/* tsmctl measurements: the registers of a TD, one a line. */
#include "tsmctl.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As many as mainline's measurements directory has, under the same names. */
#define REGISTERS	8

#define REGISTER(name, field) \
	{ name, offsetof(struct tsm_tdx_tdinfo, field), \
	  offsetof(struct tsm_quote_td10, field) }

/**
 * struct place - where evidence has a register
 * @name: what Linux calls it
 * @in_tdinfo: offset in TDINFO of a TDREPORT
 * @in_body: offset in the body of a quote
 */
static const struct place {
	const char *name;
	size_t in_tdinfo;
	size_t in_body;
} places[REGISTERS] = {
	REGISTER("rtmr0:sha384", rtmr[0]),
	REGISTER("rtmr1:sha384", rtmr[1]),
	REGISTER("rtmr2:sha384", rtmr[2]),
	REGISTER("rtmr3:sha384", rtmr[3]),
	REGISTER("mrtd:sha384", mrtd),
	REGISTER("mrconfigid", mrconfigid),
	REGISTER("mrowner", mrowner),
	REGISTER("mrownerconfig", mrownerconfig),
};

struct registers {
	uint8_t value[REGISTERS][TSM_TDX_MR_SIZE];
};

static void from_tdreport(struct registers *regs,
			  const struct tsm_tdx_tdinfo *td)
{
	size_t i;

	for (i = 0; i < REGISTERS; i++)
		memcpy(regs->value[i], (const uint8_t *)td +
		       places[i].in_tdinfo, TSM_TDX_MR_SIZE);
}

static void from_quote(struct registers *regs, const struct tsm_quote_td10 *td)
{
	size_t i;

	for (i = 0; i < REGISTERS; i++)
		memcpy(regs->value[i], (const uint8_t *)td + places[i].in_body,
		       TSM_TDX_MR_SIZE);
}

static int from_bytes(struct registers *regs, const uint8_t *data, size_t len,
		      struct tsm_error *err)
{
	struct tsm_tdx_report report;
	struct tsm_quote quote;
	int ret = -EPROTONOSUPPORT;

	switch (tsm_evidence_guess(data, len)) {
	case TSM_EVIDENCE_TDREPORT:
		ret = tsm_tdreport_parse(data, len, &report, err);
		if (!ret)
			from_tdreport(regs, &report.td);
		return ret;
	case TSM_EVIDENCE_QUOTE:
		ret = tsm_quote_parse(data, len, &quote, err);
		if (!ret)
			from_quote(regs, &quote.body.td15.td10);
		return ret;
	default:
		snprintf(err->text, sizeof(err->text), UNKNOWN_EVIDENCE, len);
		return ret;
	}
}

static int from_file(struct registers *regs, const char *path)
{
	struct tsm_error err;
	uint8_t *data;
	size_t len;
	int ret;

	ret = tsm_file_read(path, TSM_EVIDENCE_MAX, &data, &len, &err);
	if (!ret)
		ret = from_bytes(regs, data, len, &err);
	free(data);
	if (!ret)
		return DONE;
	complain("%s", err.text);
	return FAILED;
}

static int from_device(struct registers *regs)
{
	static const uint8_t reportdata[TSM_TDX_REPORTDATA_SIZE];
	struct tsm_tdx_report report;
	struct tsm_system sys;
	struct tsm_error err;
	int ret;

	ret = tsm_tdreport_get(reportdata, &report, &err);
	if (!ret) {
		from_tdreport(regs, &report.td);
		return DONE;
	}
	if (tsm_system_probe("/", &sys, NULL) == 0 && sys.tee != TSM_TEE_TDX) {
		complain("no TDX here; -f FILE reads a TDREPORT or a quote");
		return NO_TEE;
	}
	complain("%s", err.text);
	if (ret == -EACCES || ret == -EPERM)
		complain("only root may ask for a TDREPORT: try with sudo");
	else if (ret == -ENOENT)
		complain("no driver serves this TD: see tsmctl status");
	return FAILED;
}

/* "rtmr0" is as good as "rtmr0:sha384". */
static int find_register(const char *name)
{
	size_t i, len = strlen(name);

	for (i = 0; i < REGISTERS; i++) {
		const char *full = places[i].name;

		if (!strncmp(full, name, len) && len &&
		    (!full[len] || full[len] == ':'))
			return (int)i;
	}
	return -1;
}

static int print_registers(const struct registers *regs, int count, char **list)
{
	struct out *out = open_output();
	int i, at;

	if (!out)
		return FAILED;
	out_list(out, "measurements");
	for (i = 0; i < (count ? count : REGISTERS); i++) {
		at = count ? find_register(list[i]) : i;
		out_row(out, places[at].name, regs->value[at],
			sizeof(regs->value[at]));
	}
	out_list_end(out);
	return written(out_close(out), DONE);
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option options[] = {
		{ "file", required_argument, NULL, 'f' },
		COMMON_OPTIONS,
		{ 0 }
	};
	const char *file = NULL;
	struct registers regs;
	int option, code = FAILED, i;

	while ((option = next_option(cmd, argc, argv, ":hf:", options, &code))) {
		if (option < 0)
			return code;
		file = optarg;
	}
	for (i = optind; i < argc; i++) {
		if (find_register(argv[i]) < 0)
			return usage_error(cmd, "unknown register '%s'",
					   argv[i]);
	}
	code = file ? from_file(&regs, file) : from_device(&regs);
	if (code)
		return code;
	return print_registers(&regs, argc - optind, argv + optind);
}

const struct command cmd_measurements = {
	.name = "measurements",
	.summary = "print the measurement registers",
	.help =
"Usage: tsmctl measurements [--json] [-f FILE] [REGISTER...]\n"
"\n"
"Prints the measurement registers of this TD, \"name value\" a line, value in hex,\n"
"under the names that Linux gives them: rtmr0:sha384 to rtmr3:sha384,\n"
"mrtd:sha384, mrconfigid, mrowner, mrownerconfig. All of them, or those given,\n"
"in that order; \":sha384\" may be left out.\n"
"\n"
"The values come from a fresh TDREPORT, through /dev/tdx_guest, which takes root.\n"
"Nothing is verified.\n"
"\n"
"Options:\n"
"  -f, --file FILE  take a TDREPORT or a TD quote instead; - is standard input\n"
"      --json       print JSON: {\"measurements\": [{\"name\", \"value\"}, ...]}\n"
"  -h, --help       print this help\n"
"\n"
"Exit status: 0 done; 1 could not; 2 wrong usage; 4 no TDX here.\n"
"\n"
"Examples:\n"
"  tsmctl measurements\n"
"  tsmctl measurements rtmr2 rtmr3\n"
"  tsmctl measurements -f quote.bin mrtd\n",
	.run = run,
};
