// SPDX-License-Identifier: MIT
/* tsmctl report (quote): asks the TEE for evidence over report data. */
#include "report.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

static int check_length(const struct command *cmd, const struct request *req,
			size_t len)
{
	const size_t want = sizeof(req->nonce);

	if (len > want)
		return usage_error(cmd, "report data of %zu bytes is longer than %zu",
				   len, want);
	if (len < want && !req->pad)
		return usage_error(cmd, "report data has %zu bytes, not %zu; --pad fills up with zero bytes",
				   len, want);
	return DONE;
}

static int nonce_from_file(const struct command *cmd, struct request *req)
{
	struct tsm_error err;
	uint8_t *data;
	size_t len;
	int code;

	if (tsm_file_read(req->data + 1, TSM_EVIDENCE_MAX, &data, &len, &err)) {
		complain("%s", err.text);
		return FAILED;
	}
	code = check_length(cmd, req, len);
	if (!code && len)
		memcpy(req->nonce, data, len);
	free(data);
	return code;
}

static int nonce_from_hex(const struct command *cmd, struct request *req)
{
	const size_t digits = strlen(req->data);
	int code;

	if (digits % 2)
		return usage_error(cmd, "-d needs an even number of hex digits, not %zu",
				   digits);
	code = check_length(cmd, req, digits / 2);
	if (code)
		return code;
	if (parse_hex(req->data, req->nonce, sizeof(req->nonce)) < 0)
		return usage_error(cmd, "-d takes hex digits, or @FILE");
	return DONE;
}

static int get_nonce(const struct command *cmd, struct request *req)
{
	if (req->data && req->random)
		return usage_error(cmd, "-d and --random exclude each other");
	if (req->pad && !req->data)
		return usage_error(cmd, "--pad goes with -d");
	if (req->data)
		return *req->data == '@' ? nonce_from_file(cmd, req) :
					   nonce_from_hex(cmd, req);
	if (getrandom(req->nonce, sizeof(req->nonce), 0) !=
	    (ssize_t)sizeof(req->nonce)) {
		complain("random report data: %m");
		return FAILED;
	}
	return DONE;
}

static int explain(int ret, const struct tsm_error *err)
{
	const char *meaning;
	struct tsm_system sys;

	if (tsm_system_probe("/", &sys, NULL))
		memset(&sys, 0, sizeof(sys));
	if (sys.tee == TSM_TEE_NONE && !sys.report_dir[0]) {
		complain("no TEE here, so there is no evidence to be had");
		return NO_TEE;
	}
	complain("%s", err->text);
	meaning = explain_errno(ret, sys.driver);
	if (meaning)
		complain("%s", meaning);
	return FAILED;
}

/* The report item lives just as long as this function. */
static int collect(const struct request *req, struct tsm_report *report,
		   char *provider, size_t size)
{
	struct tsm_report_options options = TSM_REPORT_PLAIN;
	struct tsm_entry entry = { .path = "" };
	struct tsm_error err = { .text = "" };
	struct watch watch;
	int ret;

	options.aux = req->certs != NULL;
	ret = watch_entry(&entry, &watch, &err);
	if (ret)
		return explain(ret, &err);
	ret = tsm_entry_provider(&entry, provider, size, &err);
	if (!ret)
		ret = tsm_entry_report(&entry, req->nonce, sizeof(req->nonce),
				       &options, report, &err);
	unwatch_entry(&entry, &watch);
	if (ret)
		return explain(ret, &err);
	if (report->retries)
		complain("the generation moved %u times under the request, which was repeated",
			 report->retries);
	return DONE;
}

static bool same_inode(const char *a, const char *b)
{
	struct stat st_a, st_b;

	return !stat(a, &st_a) && !stat(b, &st_b) &&
	       st_a.st_dev == st_b.st_dev && st_a.st_ino == st_b.st_ino;
}

/* The directory of a file as "DIR/." or "."; returns the rest of its path. */
static const char *split(const char *path, char *dir, size_t size)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	snprintf(dir, size, "%.*s.", (int)(name - path), path);
	return name;
}

/* Two names of one file, be it there or still to be made. */
static bool same_file(const char *a, const char *b)
{
	char dir_a[PATH_MAX], dir_b[PATH_MAX];

	if (!strcmp(a, b) || same_inode(a, b))
		return true;
	return !strcmp(split(a, dir_a, sizeof(dir_a)),
		       split(b, dir_b, sizeof(dir_b))) &&
	       same_inode(dir_a, dir_b);
}

enum { OPT_RANDOM = OPT_FIRST, OPT_PAD, OPT_CERTS };

static int parse(const struct command *cmd, int argc, char **argv,
		 struct request *req, int *code)
{
	static const struct option options[] = {
		{ "data", required_argument, NULL, 'd' },
		{ "output", required_argument, NULL, 'o' },
		{ "random", no_argument, NULL, OPT_RANDOM },
		{ "pad", no_argument, NULL, OPT_PAD },
		{ "certs", required_argument, NULL, OPT_CERTS },
		COMMON_OPTIONS,
		{ 0 }
	};
	int option;

	while ((option = next_option(cmd, argc, argv, ":hd:o:", options,
				     code)) > 0) {
		if (option == 'd')
			req->data = optarg;
		else if (option == 'o')
			req->output = optarg;
		else if (option == OPT_RANDOM)
			req->random = true;
		else if (option == OPT_PAD)
			req->pad = true;
		else
			req->certs = optarg;
	}
	if (option < 0)
		return -1;
	*code = USAGE;
	if (optind != argc)
		usage_error(cmd, "unexpected argument '%s'", argv[optind]);
	else if (req->certs && !strcmp(req->certs, "-"))
		usage_error(cmd, "--certs takes a file");
	else if (req->output && req->certs && same_file(req->output, req->certs))
		usage_error(cmd, "-o and --certs both name '%s'", req->certs);
	else if (req->output && !strcmp(req->output, "-") && json_wanted)
		usage_error(cmd, "-o - and --json both want standard output");
	else if (req->output && !strcmp(req->output, "-") && out_is_terminal())
		usage_error(cmd, "evidence does not go to a terminal");
	else
		*code = get_nonce(cmd, req);
	return *code ? -1 : 0;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct request req = { .data = NULL };
	struct tsm_report report = { .out = NULL };
	char provider[64] = "";
	int code;

	if (parse(cmd, argc, argv, &req, &code))
		return code;
	code = collect(&req, &report, provider, sizeof(provider));
	if (!code)
		code = deliver(&req, &report, provider);
	tsm_report_free(&report);
	return code;
}

const struct command cmd_report = {
	.name = "report",
	.alias = "quote",
	.summary = "ask the TEE for evidence",
	.help =
"Usage: tsmctl report [--json] [-d HEX|@FILE [--pad] | --random] [-o FILE]\n"
"                     [--certs FILE]\n"
"       tsmctl quote ...\n"
"\n"
"Asks the TEE, through configfs tsm/report, for evidence that contains 64 bytes\n"
"of report data: in a TD, a signed quote. Takes root. The report item that it\n"
"makes is its own and is removed, however the command ends.\n"
"\n"
"Report data makes evidence fresh: it should be, or contain a hash of, what the\n"
"verifier chose. Without -d, random bytes are taken and printed.\n"
"\n"
"Where the evidence goes:\n"
"  -o FILE                   to the file; a summary is printed\n"
"  standard output a pipe    to the pipe (also with -o -); a random nonce is\n"
"                            printed to standard error\n"
"  a terminal                decoded, as tsmctl show does; bytes are not kept\n"
"  --json                    in base64, as \"outblob\", unless -o keeps them\n"
"\n"
"Options:\n"
"  -d, --data HEX     report data in hex, 64 bytes\n"
"  -d, --data @FILE   report data as it is in the file; @- is standard input\n"
"      --pad          fill shorter report data up with zero bytes\n"
"      --random       random report data, as without -d\n"
"  -o, --output FILE  write the evidence to FILE\n"
"      --certs FILE   write the certificates (auxblob) to FILE, another than that\n"
"                     of -o; the kernel's own TDX driver has none\n"
"      --json         print JSON\n"
"  -h, --help         print this help\n"
"\n"
"Where tdx_guest is the provider, what came is looked into first: a quote that\n"
"does not carry the report data is kept nowhere. Formats that are not known here\n"
"are kept, and that their report data was not compared is said.\n"
"\n"
"Exit status: 0 done; 1 could not; 2 wrong usage; 3 the quote does not carry the\n"
"report data; 4 no TEE here.\n"
"\n"
"Examples:\n"
"  tsmctl quote -d @nonce.bin -o quote.bin\n"
"  tsmctl quote -d $(sha256sum <key.pub | cut -c-64) --pad | tsmctl show -\n"
"  tsmctl quote --json | jq -r .nonce\n",
	.run = run,
};
