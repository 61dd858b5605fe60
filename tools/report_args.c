// SPDX-License-Identifier: MIT
/* The command line of tsmctl report. */
#include "report.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

static int get_nonce(const struct command *cmd, struct request *req)
{
	if (req->data && req->random)
		return usage_error(cmd, "-d and --random exclude each other");
	if (req->pad && !req->data)
		return usage_error(cmd, "--pad goes with -d");
	if (req->data)
		return parse_report_data(cmd, req->data, req->pad, req->nonce);
	if (getrandom(req->nonce, sizeof(req->nonce), 0) !=
	    (ssize_t)sizeof(req->nonce)) {
		complain("random report data: %m");
		return FAILED;
	}
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

/* Two of the files that are to be written, which must not be one. */
static int check_pair(const struct command *cmd, const char *option_a,
		      const char *a, const char *option_b, const char *b)
{
	if (!a || !b || !same_file(a, b))
		return DONE;
	return usage_error(cmd, "%s and %s both name '%s'", option_a, option_b,
			   b);
}

static int check_files(const struct command *cmd, const struct request *req)
{
	const bool standard = req->output && !strcmp(req->output, "-");

	if (req->certs && !strcmp(req->certs, "-"))
		return usage_error(cmd, "--certs takes a file");
	if (req->manifest && !strcmp(req->manifest, "-"))
		return usage_error(cmd, "--manifest takes a file");
	if (check_pair(cmd, "-o", req->output, "--certs", req->certs) ||
	    check_pair(cmd, "-o", req->output, "--manifest", req->manifest) ||
	    check_pair(cmd, "--certs", req->certs, "--manifest", req->manifest))
		return USAGE;
	if (standard && json_wanted)
		return usage_error(cmd, "-o - and --json both want standard output");
	if (standard && out_is_terminal())
		return usage_error(cmd, "evidence does not go to a terminal");
	return DONE;
}

/* Linux takes what it cannot read for the service that has the GUID 0: all. */
static bool is_guid(const char *text)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t i;

	if (strlen(text) != sizeof(form) - 1)
		return false;
	for (i = 0; form[i]; i++) {
		if (form[i] == '-' ? text[i] != '-' :
		    !strchr("0123456789abcdefABCDEF", text[i]))
			return false;
	}
	return true;
}

static int check_options(const struct command *cmd, const struct request *req)
{
	const struct tsm_report_options *o = &req->options;

	if (o->service_provider && strcmp(o->service_provider, "svsm"))
		return usage_error(cmd, "--service: the only one that Linux knows is svsm, not '%s'",
				   o->service_provider);
	if (o->service_guid && !is_guid(o->service_guid))
		return usage_error(cmd, "--service-guid takes 8-4-4-4-12 hex digits, not '%s'",
				   o->service_guid);
	if (!o->service_provider && (o->service_guid || req->manifest))
		return usage_error(cmd, "%s goes with --service svsm",
				   req->manifest ? "--manifest" :
						   "--service-guid");
	if (o->manifest_version >= 0 && !o->service_guid)
		return usage_error(cmd, "--manifest-version goes with --service-guid");
	if (o->service_provider && o->privlevel >= 0)
		return usage_error(cmd, "--vmpl and --service exclude each other: an SVSM reports on itself, at VMPL 0");
	return DONE;
}

/* A number of decimal digits up to @max, or -1. */
static long parse_number(const char *text, unsigned long max)
{
	unsigned long value = 0;

	if (!*text)
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		value = value * 10 + (unsigned long)(*text - '0');
		if (value > max)
			return -1;
	}
	return (long)value;
}

enum {
	OPT_RANDOM = OPT_FIRST, OPT_PAD, OPT_CERTS, OPT_VMPL, OPT_SERVICE,
	OPT_GUID, OPT_MANIFEST, OPT_VERSION,
};

/* Return: an exit code, DONE to go on. */
static int take_option(const struct command *cmd, struct request *req,
		       int option)
{
	struct tsm_report_options *o = &req->options;

	switch (option) {
	case 'd':
		req->data = optarg;
		break;
	case 'o':
		req->output = optarg;
		break;
	case OPT_RANDOM:
		req->random = true;
		break;
	case OPT_PAD:
		req->pad = true;
		break;
	case OPT_CERTS:
		req->certs = optarg;
		break;
	case OPT_VMPL:
		o->privlevel = (int)parse_number(optarg, TSM_SNP_VMPL_COUNT - 1);
		if (o->privlevel < 0)
			return usage_error(cmd, "--vmpl takes 0, 1, 2 or 3, not '%s'",
					   optarg);
		break;
	case OPT_SERVICE:
		o->service_provider = optarg;
		break;
	case OPT_GUID:
		o->service_guid = optarg;
		break;
	case OPT_MANIFEST:
		req->manifest = optarg;
		break;
	case OPT_VERSION:
		o->manifest_version = parse_number(optarg, UINT32_MAX);
		if (o->manifest_version < 0)
			return usage_error(cmd, "--manifest-version takes a number, not '%s'",
					   optarg);
		break;
	}
	return DONE;
}

const struct option report_options[] = {
	{ "data", required_argument, NULL, 'd' },
	{ "output", required_argument, NULL, 'o' },
	{ "random", no_argument, NULL, OPT_RANDOM },
	{ "pad", no_argument, NULL, OPT_PAD },
	{ "certs", required_argument, NULL, OPT_CERTS },
	{ "vmpl", required_argument, NULL, OPT_VMPL },
	{ "service", required_argument, NULL, OPT_SERVICE },
	{ "service-guid", required_argument, NULL, OPT_GUID },
	{ "manifest", required_argument, NULL, OPT_MANIFEST },
	{ "manifest-version", required_argument, NULL, OPT_VERSION },
	COMMON_OPTIONS,
	{ 0 }
};

const struct value report_values[] = {
	TAKES("data", "HEX|@FILE", VALUE_DATA),
	TAKES("output", "FILE", VALUE_FILE),
	TAKES("certs", "FILE", VALUE_FILE),
	TAKES("vmpl", "N", VALUE_WORD, .words = "0 1 2 3"),
	TAKES("service", "svsm", VALUE_WORD, .words = "svsm"),
	TAKES("service-guid", "GUID", VALUE_OTHER),
	TAKES("manifest", "FILE", VALUE_FILE),
	TAKES("manifest-version", "N", VALUE_OTHER),
	{ 0 }
};

int parse_request(const struct command *cmd, int argc, char **argv,
		  struct request *req, int *code)
{
	int option;

	*code = DONE;
	while ((option = next_option(cmd, argc, argv, code)) > 0) {
		*code = take_option(cmd, req, option);
		if (*code)
			return -1;
	}
	if (option < 0)
		return -1;
	if (optind != argc)
		*code = usage_error(cmd, "unexpected argument '%s'",
				    argv[optind]);
	if (!*code)
		*code = check_options(cmd, req);
	if (!*code)
		*code = check_files(cmd, req);
	if (!*code)
		*code = get_nonce(cmd, req);
	req->options.aux = req->certs != NULL;
	/* without it nobody could tell whether the report is for our nonce */
	req->options.manifest = req->options.service_provider != NULL;
	return *code ? -1 : 0;
}
