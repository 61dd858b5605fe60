// SPDX-License-Identifier: MIT
/* The command line of tsmctl verify. */
#include "cmd_verify.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPT_CERTS = OPT_FIRST, OPT_COLLATERAL, OPT_CRL, OPT_ROOTS, OPT_LOG,
	OPT_POLICY, OPT_PAD, OPT_AT, OPT_STRICT, OPT_DEBUG, OPT_EMULATED,
};

/* What can be given once must not be given again: which of them counts would
 * be a guess. */
static int set_once(const struct command *cmd, const char *option,
		    const char **to)
{
	if (*to)
		return usage_error(cmd, "%s is given twice", option);
	*to = optarg;
	return DONE;
}

static int set_jobs(const struct command *cmd, struct verify_options *o)
{
	const char *p;

	o->jobs = 0;
	for (p = optarg; *p >= '0' && *p <= '9' && o->jobs <= JOBS_MAX; p++)
		o->jobs = o->jobs * 10 + (unsigned int)(*p - '0');
	if (*p || !o->jobs || o->jobs > JOBS_MAX)
		return usage_error(cmd, "-j takes a number from 1 to %d, not '%s'",
				   JOBS_MAX, optarg);
	return DONE;
}

static int add_aid(struct verify_options *o, enum aid kind)
{
	o->aid[o->aids].kind = kind;
	o->aid[o->aids++].path = optarg;
	return DONE;
}

static int set_flag(struct verify_options *o, unsigned int flag)
{
	o->flags |= flag;
	return DONE;
}

/* Return: an exit code, DONE to go on. */
static int take_option(const struct command *cmd, struct verify_options *o,
		       int option)
{
	switch (option) {
	case 'd':
		return set_once(cmd, "-d", &o->data);
	case 'j':
		return set_jobs(cmd, o);
	case OPT_CERTS:
		return add_aid(o, AID_CERTS);
	case OPT_COLLATERAL:
		o->flags |= TSM_VERIFY_NEED_TCB;
		return add_aid(o, AID_COLLATERAL);
	case OPT_CRL:
		o->flags |= TSM_VERIFY_NEED_CRLS;
		return add_aid(o, AID_CRL);
	case OPT_ROOTS:
		return add_aid(o, AID_ROOTS);
	case OPT_LOG:
		return add_aid(o, AID_LOG);
	case OPT_POLICY:
		return set_once(cmd, "--policy", &o->policy);
	case OPT_AT:
		return set_once(cmd, "--at", &o->at);
	case OPT_PAD:
		o->pad = true;
		return DONE;
	case OPT_STRICT:
		return set_flag(o, TSM_VERIFY_STRICT);
	case OPT_DEBUG:
		return set_flag(o, TSM_VERIFY_ALLOW_DEBUG);
	case OPT_EMULATED:
		return set_flag(o, TSM_VERIFY_ALLOW_EMULATED);
	}
	return DONE;
}

/* Standard input can be read once. */
static int check_standard_input(const struct command *cmd,
				const struct verify_options *o)
{
	unsigned int uses = 0;
	size_t i;

	for (i = 0; i < o->files; i++)
		uses += !strcmp(o->file[i], "-");
	for (i = 0; i < o->aids; i++)
		uses += !strcmp(o->aid[i].path, "-");
	uses += o->policy && !strcmp(o->policy, "-");
	uses += o->data && !strcmp(o->data, "@-");
	if (uses > 1)
		return usage_error(cmd, "standard input can be one of the files only");
	return DONE;
}

static int check_options(const struct command *cmd,
			 const struct verify_options *o)
{
	unsigned int logs = 0;
	size_t i;

	if (!o->files)
		return usage_error(cmd, "no file given: a TD quote, an SNP report, or - for standard input");
	for (i = 0; i < o->aids; i++)
		logs += o->aid[i].kind == AID_LOG;
	if (logs > TSM_VERIFY_LOGS)
		return usage_error(cmd, "--log is given %u times, more than %d",
				   logs, TSM_VERIFY_LOGS);
	if (o->pad && !o->data)
		return usage_error(cmd, "--pad goes with -d");
	return check_standard_input(cmd, o);
}

static int parse_values(const struct command *cmd, struct verify_options *o)
{
	if (o->at && !parse_time(o->at, &o->time))
		return usage_error(cmd, "--at takes a time in UTC such as 2025-06-20T10:00:00Z, a date or @SECONDS since 1970, not '%s'",
				   o->at);
	if (!o->data)
		return DONE;
	o->has_report_data = true;
	return parse_report_data(cmd, o->data, o->pad, o->report_data);
}

const struct option verify_longs[] = {
	{ "data", required_argument, NULL, 'd' },
	{ "jobs", required_argument, NULL, 'j' },
	{ "certs", required_argument, NULL, OPT_CERTS },
	{ "collateral", required_argument, NULL, OPT_COLLATERAL },
	{ "crl", required_argument, NULL, OPT_CRL },
	{ "roots", required_argument, NULL, OPT_ROOTS },
	{ "log", required_argument, NULL, OPT_LOG },
	{ "policy", required_argument, NULL, OPT_POLICY },
	{ "pad", no_argument, NULL, OPT_PAD },
	{ "at", required_argument, NULL, OPT_AT },
	{ "strict", no_argument, NULL, OPT_STRICT },
	{ "allow-debug", no_argument, NULL, OPT_DEBUG },
	{ "allow-emulated", no_argument, NULL, OPT_EMULATED },
	COMMON_OPTIONS,
	{ 0 }
};

const struct value verify_values[] = {
	TAKES("data", "HEX|@FILE", VALUE_DATA),
	TAKES("jobs", "N", VALUE_OTHER),
	TAKES("certs", "FILE", VALUE_FILE, .many = true),
	TAKES("collateral", "FILE", VALUE_FILE, .many = true),
	TAKES("crl", "FILE", VALUE_FILE, .many = true),
	TAKES("roots", "FILE", VALUE_FILE, .many = true),
	TAKES("log", "FILE", VALUE_FILE, .many = true),
	TAKES("policy", "FILE", VALUE_FILE),
	TAKES("at", "TIME", VALUE_OTHER),
	ARGUMENTS("FILE", VALUE_FILE, .many = true),
	{ 0 }
};

int parse_verify_options(const struct command *cmd, int argc, char **argv,
			 struct verify_options *o)
{
	int option, code = DONE;

	/* each takes an argument at least */
	o->aid = calloc((size_t)argc, sizeof(*o->aid));
	if (!o->aid) {
		complain("out of memory");
		return FAILED;
	}
	while ((option = next_option(cmd, argc, argv, &code)) > 0) {
		code = take_option(cmd, o, option);
		if (code)
			return code;
	}
	if (option < 0)
		return code;
	o->file = argv + optind;
	o->files = (size_t)(argc - optind);
	code = check_options(cmd, o);
	if (!code)
		code = parse_values(cmd, o);
	return code ? code : -1;
}
