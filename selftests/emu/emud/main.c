// SPDX-License-Identifier: MIT
/* tsm-emud: signs for the emulated Intel TDX and AMD SEV-SNP platforms. */

#include "snp.h"

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
"       tsm-emud --tdreport [-d HEX] -o FILE [--version 4|5] [--body 2|3|4]\n"
"       tsm-emud --pki DIR --snp [-d HEX] [--vmpl N] -o FILE\n"
"                [--version 2|3|5] [--vlek]\n"
"       tsm-emud --pki DIR --snp-report BODY -o FILE\n"
"       tsm-emud --pki DIR --snp-certs -o FILE [--version 2|3|5] [--vlek]\n"
"\n"
"Signs TD quotes and SNP reports that are right in form and worth nothing:\n"
"every certificate says EMULATED.\n"
"\n"
"  --pki DIR          keys, certificates, CRLs, TCB info and QE identity\n"
"  --init             makes in DIR what it lacks of a PKI\n"
"  --quote TDREPORT   signs the TDREPORT in that file; its MAC is not checked\n"
"  --tdreport         makes a TDREPORT of the emulated platform\n"
"  --snp              makes an SNP report of the emulated platform\n"
"  --snp-report BODY  signs the SNP report in that file, 1184 bytes, with the\n"
"                     key that it names, in place of its signature\n"
"  --snp-certs        makes the GUID table of certificates for such reports\n"
"  -d HEX             report data, up to 64 bytes, padded with zeroes\n"
"  --vmpl N           0 to 3 (0): who asks for the SNP report\n"
"  --vlek             signed by a VLEK, without chip ID, and not by a VCEK\n"
"  -o FILE            where quote, report or table goes\n"
"  --version N        of the quote, 4 (default) or 5, also one that the TDREPORT\n"
"                     is for. Of the SNP report: 2 from Milan, 3 (default) from\n"
"                     Genoa, 5 from Turin\n"
"  --body N           type of body that a quote of version 5 has, made of this\n"
"                     TDREPORT: 2 of TDX 1.0, 3 (default) with TEE_TCB_SVN2, 4\n"
"                     with TD_ID, too\n"
"  --help             this text\n"
"\n"
"With --pki alone it serves tsm_emu.ko through /dev/tsm_emu until SIGTERM;\n"
"/run/tsm-emud.ready is there while it does, or a service manager is told, as\n"
"sd_notify(3) says. Trust its quotes with DIR/trustedRootCaCert.pem, its SNP\n"
"reports with DIR/snp/PRODUCT/ark.pem.\n"
"\n"
"Exit status: 0 done, 1 failed, 2 usage.\n";

enum mode { SERVE, INIT, QUOTE, TDREPORT, SNP, SNP_REPORT, SNP_CERTS };

/**
 * struct options - of the command line
 * @mode: what to do
 * @nr_modes: how often it says what to do
 * @pki: DIR
 * @in: what to sign
 * @out: where to
 * @report_data: for what is made
 * @version: 0: the default
 * @body: of the quote, 0: the default
 * @vmpl: of an SNP report
 * @vlek: who signs it
 */
struct options {
	enum mode mode;
	unsigned int nr_modes;
	const char *pki, *in, *out;
	uint8_t report_data[REPORTDATA_SIZE];
	unsigned int version;
	unsigned int body;
	unsigned int vmpl;
	bool vlek;
};

static int usage_error(const char *why)
{
	warnx("%s; see tsm-emud --help", why);
	return EXIT_USAGE;
}

/* One digit, which is all that any number here has */
static int parse_digit(const char *text, const char *allowed,
		       unsigned int *digit)
{
	if (strlen(text) != 1 || !strchr(allowed, text[0]))
		return -1;
	*digit = text[0] - '0';
	return 0;
}

static void set_mode(struct options *opts, enum mode mode)
{
	opts->mode = mode;
	opts->nr_modes++;
	if (optarg)
		opts->in = optarg;
}

/* Exit status, or -1 to go on */
static int parse_options(int argc, char **argv, struct options *opts)
{
	enum { PKI = 256, VERSION, BODY, VMPL, VLEK, HELP, MODE };
	static const struct option longs[] = {
		{ "pki", required_argument, NULL, PKI },
		{ "init", no_argument, NULL, MODE + INIT },
		{ "quote", required_argument, NULL, MODE + QUOTE },
		{ "tdreport", no_argument, NULL, MODE + TDREPORT },
		{ "snp", no_argument, NULL, MODE + SNP },
		{ "snp-report", required_argument, NULL, MODE + SNP_REPORT },
		{ "snp-certs", no_argument, NULL, MODE + SNP_CERTS },
		{ "version", required_argument, NULL, VERSION },
		{ "body", required_argument, NULL, BODY },
		{ "vmpl", required_argument, NULL, VMPL },
		{ "vlek", no_argument, NULL, VLEK },
		{ "help", no_argument, NULL, HELP },
		{ }
	};
	size_t len;
	int opt;

	while ((opt = getopt_long(argc, argv, "d:o:h", longs, NULL)) >= 0) {
		if (opt >= MODE) {
			set_mode(opts, opt - MODE);
			continue;
		}
		switch (opt) {
		case PKI:
			opts->pki = optarg;
			break;
		case VERSION:
			if (parse_digit(optarg, "2345", &opts->version))
				return usage_error("--version takes 2 to 5");
			break;
		case BODY:
			if (parse_digit(optarg, "234", &opts->body))
				return usage_error("--body takes 2 to 4");
			break;
		case VMPL:
			if (parse_digit(optarg, "0123", &opts->vmpl))
				return usage_error("--vmpl takes 0 to 3");
			break;
		case VLEK:
			opts->vlek = true;
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

static int check_body(struct options *opts)
{
	if (opts->body && opts->mode != TDREPORT)
		return usage_error("there is no --body to choose");
	if (opts->version == 4 && opts->body > 2)
		return usage_error("--body of a quote of version 4 is 2");
	if (!opts->body)
		opts->body = opts->version == 5 ? 3 : 2;
	return 0;
}

static int check_version(struct options *opts)
{
	switch (opts->mode) {
	case QUOTE:
	case TDREPORT:
		if (!opts->version)
			opts->version = opts->body > 2 ? 5 : 4;
		if (opts->version < 4)
			return usage_error("--version of a quote is 4 or 5");
		return 0;
	case SNP:
	case SNP_CERTS:
		if (!opts->version)
			opts->version = 3;
		if (opts->version == 4)
			return usage_error("--version of an SNP report is 2, 3 or 5");
		return 0;
	default:
		if (opts->version)
			return usage_error("there is no --version to choose");
		return 0;
	}
}

static int check_options(struct options *opts, bool operands)
{
	const bool has_out = opts->mode != SERVE && opts->mode != INIT;

	if (operands)
		return usage_error("there are no operands");
	if (opts->nr_modes > 1)
		return usage_error("one thing at a time");
	if (!opts->pki && opts->mode != TDREPORT)
		return usage_error("--pki DIR is missing");
	if (!opts->out && has_out)
		return usage_error("-o FILE is missing");
	return check_version(opts) ? EXIT_USAGE : check_body(opts);
}

/* One byte more than @size is read, so that a file that is longer shows. */
static int read_report(const char *path, uint8_t *report, size_t size,
		       const char *what)
{
	size_t len;

	if (file_read(path, report, size + 1, &len))
		return -1;
	if (len == size)
		return 0;
	warnx("%s: %s is %zu bytes", path, what, size);
	return -1;
}

static int do_tdreport(const struct options *opts)
{
	uint8_t report[TDREPORT_SIZE];

	return tdreport_make(opts->report_data, opts->body, report) ||
	       file_write(opts->out, 0644, report, sizeof(report)) ? -1 : 0;
}

static int do_quote(const struct options *opts)
{
	static struct enclave enclave;
	uint8_t report[TDREPORT_SIZE + 1], quote[QUOTE_MAX];
	size_t len;
	int ret = -1;

	if (read_report(opts->in, report, TDREPORT_SIZE, "a TDREPORT"))
		return -1;
	if (!enclave_start(&enclave, opts->pki) &&
	    !quote_make(&enclave, report, opts->version, quote, sizeof(quote),
			&len))
		ret = file_write(opts->out, 0644, quote, len);
	enclave_stop(&enclave);
	return ret;
}

/* A whole report, or the one that is in a file, signed */
static int do_snp(const struct options *opts)
{
	static struct asp asp;
	const struct snp_request req = {
		.version = opts->version,
		.vmpl = opts->vmpl,
		.signing_key = opts->vlek,
		.report_data = opts->report_data,
	};
	uint8_t report[SNP_REPORT_SIZE + 1];
	int ret = opts->in ?
		  read_report(opts->in, report, SNP_REPORT_SIZE,
			      "an SNP report") :
		  snp_report_make(&req, report);

	if (!ret)
		ret = asp_start(&asp, opts->pki) ||
		      snp_report_sign(&asp, report) ||
		      file_write(opts->out, 0644, report, SNP_REPORT_SIZE) ?
		      -1 : 0;
	asp_stop(&asp);
	return ret;
}

static int do_snp_certs(const struct options *opts)
{
	uint8_t table[SNP_TABLE_MAX];
	struct out out = { table, sizeof(table), 0 };

	return snp_table_make(opts->pki, snp_product_of(opts->version),
			      opts->vlek, &out) ||
	       file_write(opts->out, 0644, table, out.len) ? -1 : 0;
}

static int do_serve(const struct options *opts)
{
	static struct enclave enclave;
	static struct asp asp;
	int ret = -1;

	if (!enclave_start(&enclave, opts->pki) && !asp_start(&asp, opts->pki))
		ret = serve(&enclave, &asp);
	asp_stop(&asp);
	enclave_stop(&enclave);
	return ret;
}

static int do_init(const struct options *opts)
{
	return pki_init(opts->pki) || snp_pki_init(opts->pki) ? -1 : 0;
}

int main(int argc, char **argv)
{
	static int (*const act[])(const struct options *opts) = {
		[SERVE] = do_serve,
		[INIT] = do_init,
		[QUOTE] = do_quote,
		[TDREPORT] = do_tdreport,
		[SNP] = do_snp,
		[SNP_REPORT] = do_snp,
		[SNP_CERTS] = do_snp_certs,
	};
	struct options opts = { 0 };
	int ret = parse_options(argc, argv, &opts);

	if (ret >= 0)
		return ret;
	ret = check_options(&opts, optind < argc);
	if (ret)
		return ret;
	return act[opts.mode](&opts) ? EXIT_FAILURE : EXIT_SUCCESS;
}
