// SPDX-License-Identifier: MIT
/* tsm-emud: quoting enclave and PKI for the emulated Intel TDX platform. */

#include "emud.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

static const char usage_text[] =
"usage: tsm-emud --pki DIR --init\n"
"       tsm-emud --pki DIR\n"
"       tsm-emud --pki DIR --quote TDREPORT -o FILE [--version 4|5]\n"
"       tsm-emud --tdreport [-d HEX] -o FILE [--version 4|5]\n"
"\n"
"Signs TD quotes that are right in form and worth nothing: every certificate\n"
"says EMULATED.\n"
"\n"
"  --pki DIR          keys, certificates, CRLs, TCB info and QE identity\n"
"  --init             makes DIR, unless a PKI is there already\n"
"  --quote TDREPORT   signs the TDREPORT in that file; its MAC is not checked\n"
"  --tdreport         makes a TDREPORT of the emulated platform\n"
"  -d HEX             its report data, up to 64 bytes, padded with zeroes\n"
"  -o FILE            where the quote or TDREPORT goes\n"
"  --version 4|5      of the quote (4); a TDREPORT for 5 has TEE_TCB_SVN2\n"
"  --help             this text\n"
"\n"
"With --pki alone it serves tsm_emu.ko through /dev/tsm_emu until SIGTERM;\n"
"/run/tsm-emud.ready is there while it does. Trust its quotes with\n"
"DIR/trustedRootCaCert.pem.\n"
"\n"
"Exit status: 0 done, 1 failed, 2 usage.\n";

struct options {
	const char *pki, *quote, *out;
	bool init, tdreport;
	uint8_t report_data[REPORTDATA_SIZE];
	unsigned int version;
};

static int usage_error(const char *why)
{
	warnx("%s; see tsm-emud --help", why);
	return EXIT_USAGE;
}

static int parse_version(const char *text, unsigned int *version)
{
	if (strcmp(text, "4") && strcmp(text, "5"))
		return usage_error("--version takes 4 or 5");
	*version = text[0] - '0';
	return 0;
}

/* Exit status, or -1 to go on */
static int parse_options(int argc, char **argv, struct options *opts)
{
	enum { PKI = 256, INIT, QUOTE, TDREPORT, VERSION, HELP };
	static const struct option longs[] = {
		{ "pki", required_argument, NULL, PKI },
		{ "init", no_argument, NULL, INIT },
		{ "quote", required_argument, NULL, QUOTE },
		{ "tdreport", no_argument, NULL, TDREPORT },
		{ "version", required_argument, NULL, VERSION },
		{ "help", no_argument, NULL, HELP },
		{ }
	};
	size_t len;
	int opt;

	while ((opt = getopt_long(argc, argv, "d:o:h", longs, NULL)) >= 0) {
		switch (opt) {
		case PKI:
			opts->pki = optarg;
			break;
		case INIT:
			opts->init = true;
			break;
		case QUOTE:
			opts->quote = optarg;
			break;
		case TDREPORT:
			opts->tdreport = true;
			break;
		case VERSION:
			if (parse_version(optarg, &opts->version))
				return EXIT_USAGE;
			break;
		case 'd':
			if (hex_parse(optarg, opts->report_data,
				      REPORTDATA_SIZE, &len))
				return EXIT_USAGE;
			break;
		case 'o':
			opts->out = optarg;
			break;
		case 'h':
		case HELP:
			fputs(usage_text, stdout);
			return EXIT_SUCCESS;
		default:
			return usage_error("unknown option or missing value");
		}
	}
	return -1;
}

static int check_options(const struct options *opts, bool operands)
{
	if (operands)
		return usage_error("there are no operands");
	if (opts->init + !!opts->quote + opts->tdreport > 1)
		return usage_error("--init, --quote and --tdreport exclude each other");
	if (!opts->pki && !opts->tdreport)
		return usage_error("--pki DIR is missing");
	if (!opts->out && (opts->quote || opts->tdreport))
		return usage_error("-o FILE is missing");
	return 0;
}

static int do_tdreport(const struct options *opts)
{
	uint8_t report[TDREPORT_SIZE];

	return tdreport_make(opts->report_data, opts->version, report) ||
	       file_write(opts->out, 0644, report, sizeof(report)) ? -1 : 0;
}

static int do_quote(struct enclave *enclave, const struct options *opts)
{
	uint8_t report[TDREPORT_SIZE + 1], quote[QUOTE_MAX];
	size_t len;

	if (file_read(opts->quote, report, sizeof(report), &len))
		return -1;
	if (len != TDREPORT_SIZE) {
		warnx("%s: a TDREPORT is %u bytes", opts->quote, TDREPORT_SIZE);
		return -1;
	}
	return quote_make(enclave, report, opts->version, quote, sizeof(quote),
			  &len) ||
	       file_write(opts->out, 0644, quote, len) ? -1 : 0;
}

static int with_enclave(const struct options *opts)
{
	static struct enclave enclave;
	int ret = enclave_start(&enclave, opts->pki);

	if (!ret)
		ret = opts->quote ? do_quote(&enclave, opts) : serve(&enclave);
	enclave_stop(&enclave);
	return ret;
}

int main(int argc, char **argv)
{
	struct options opts = { .version = 4 };
	int ret = parse_options(argc, argv, &opts);

	if (ret >= 0)
		return ret;
	ret = check_options(&opts, optind < argc);
	if (ret)
		return ret;

	if (opts.tdreport)
		ret = do_tdreport(&opts);
	else if (opts.init)
		ret = pki_init(opts.pki);
	else
		ret = with_enclave(&opts);
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}
