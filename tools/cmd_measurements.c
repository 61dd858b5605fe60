// SPDX-License-Identifier: MIT
/* tsmctl measurements: what a guest is measured by, one a line. */
#include "registers.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int from_file(struct registers *regs, const char *path)
{
	struct tsm_error err;
	uint8_t *data;
	size_t len;
	int ret;

	ret = tsm_file_read(path, TSM_EVIDENCE_MAX, &data, &len, &err);
	if (!ret)
		ret = registers_from_bytes(regs, data, len, &err);
	free(data);
	if (!ret)
		return DONE;
	complain("%s", err.text);
	return FAILED;
}

static int from_system(struct registers *regs, const struct tsm_system *sys)
{
	struct tsm_error err = { .text = "" };
	int ret = registers_from_system(regs, sys, &err);

	if (!ret)
		return DONE;
	if (sys->tee == TSM_TEE_NONE) {
		complain("no TEE here; -f FILE reads a TDREPORT, a quote or an SNP report");
		explain_hidden(sys);
		return NO_TEE;
	}
	if (err.text[0])
		complain("%s", err.text);
	if (ret == -EACCES || ret == -EPERM)
		complain("this kernel tells them to root only: try with sudo");
	else if (ret == -EOPNOTSUPP)
		complain("no driver serves this guest: see tsmctl status");
	return FAILED;
}

static bool find(const struct registers *regs, const char *name)
{
	const struct reg *reg;

	for (reg = regs->reg; reg < regs->reg + regs->count; reg++) {
		if (register_named(reg, name))
			return true;
	}
	return false;
}

/* One, as many as have that name with different algorithms, or all for "". */
static void print_named(struct out *out, const struct registers *regs,
			const char *name)
{
	const struct reg *reg;

	for (reg = regs->reg; reg < regs->reg + regs->count; reg++) {
		if (!*name || register_named(reg, name))
			out_row(out, reg->name, reg->value, reg->len);
	}
}

static int print_registers(const struct registers *regs, int count, char **list)
{
	struct out *out;
	int i;

	for (i = 0; i < count; i++) {
		if (!find(regs, list[i])) {
			complain("%s: not known from this source, %s", list[i],
				 regs->source);
			return FAILED;
		}
	}
	out = open_output();
	if (!out)
		return FAILED;
	out_key(out, "source", regs->source);
	out_list(out, "measurements");
	if (!count)
		print_named(out, regs, "");
	for (i = 0; i < count; i++)
		print_named(out, regs, list[i]);
	out_list_end(out);
	return written(out_close(out), DONE);
}

static int run(const struct command *cmd, int argc, char **argv)
{
	const char *file = NULL;
	struct registers regs;
	struct tsm_system sys;
	int option, code = FAILED, i;

	while ((option = next_option(cmd, argc, argv, &code))) {
		if (option < 0)
			return code;
		file = optarg;
	}
	if (tsm_system_probe("/", &sys, NULL))
		memset(&sys, 0, sizeof(sys));
	for (i = optind; i < argc; i++) {
		if (!register_known(&sys, argv[i]))
			return usage_error(cmd, "unknown register '%s'",
					   argv[i]);
	}
	code = file ? from_file(&regs, file) : from_system(&regs, &sys);
	if (code)
		return code;
	return print_registers(&regs, argc - optind, argv + optind);
}

static const struct option options[] = {
	{ "file", required_argument, NULL, 'f' },
	COMMON_OPTIONS,
	{ 0 }
};

static const struct value values[] = {
	TAKES("file", "FILE", VALUE_FILE),
	ARGUMENTS("REGISTER", VALUE_WORD, .many = true,
		  .words = "rtmr0 rtmr1 rtmr2 rtmr3 mrtd mrconfigid mrowner "
			   "mrownerconfig measurement host_data id_key_digest "
			   "author_key_digest report_id family_id image_id"),
	{ 0 }
};

const struct command cmd_measurements = {
	.name = "measurements",
	.summary = "print what this guest is measured by",
	.help =
"Usage: tsmctl measurements [--json] [-f FILE] [REGISTER...]\n"
"\n"
"Prints what this guest is measured by, \"name value\" a line, value in hex: all\n"
"of it, or those given, in that order.\n"
"\n"
"  TDX      the measurement registers, under the names that Linux gives them:\n"
"           rtmr0:sha384 to rtmr3:sha384, mrtd:sha384, mrconfigid, mrowner,\n"
"           mrownerconfig; \":sha384\" may be left out\n"
"  SEV-SNP  what is in each report, under the names that tsm_guest gives it:\n"
"           measurement, host_data, id_key_digest, author_key_digest, report_id,\n"
"           family_id, image_id; none of it changes while the guest runs\n"
"\n"
"They come from sysfs, which takes no root, where the kernel has them there: with\n"
"tsm_guest, and for TDX since Linux 6.16. Else they take root: in a TD they come\n"
"from a fresh TDREPORT, through /dev/tdx_guest, or from configfs tsm/rtmrs; in an\n"
"SNP guest from a fresh report. Nothing is verified.\n"
"\n"
"Options:\n"
"  -f, --file FILE  take a TDREPORT, a TD quote or an SNP report instead; - is\n"
"                   standard input\n"
"      --json       print JSON: {\"source\", \"measurements\": [{\"name\", \"value\"}, ...]};\n"
"                   the source is sysfs, tdreport, report, configfs or file\n"
"  -h, --help       print this help\n"
"\n"
"Exit status: 0 done; 1 could not; 2 wrong usage; 4 no TEE here.\n"
"\n"
"Examples:\n"
"  tsmctl measurements\n"
"  tsmctl measurements rtmr2 rtmr3\n"
"  tsmctl measurements -f quote.bin mrtd\n"
"  tsmctl measurements -f report.bin measurement host_data\n",
	.options = options,
	.shorts = ":hf:",
	.values = values,
	.run = run,
};
