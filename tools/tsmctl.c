// SPDX-License-Identifier: MIT
/* tsmctl: a table of commands and what all of them need. */
#include "tsmctl.h"

#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#ifndef TSM_VERSION
#error "TSM_VERSION comes from the Makefile"
#endif

static const struct command *const commands[] = {
	&cmd_status,
	&cmd_load,
	&cmd_unload,
	&cmd_report,
	&cmd_show,
	&cmd_verify,
	&cmd_measurements,
	&cmd_extend,
	&cmd_log,
	&cmd_derive_key,
};

#define COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static const char usage_head[] =
"Usage: tsmctl [--json] COMMAND [ARGUMENT...]\n"
"\n"
"Attestation of confidential VMs: ask for evidence, look at it, judge it, see\n"
"what the machine offers.\n"
"\n"
"Commands:\n";

static const char usage_tail[] =
"\n"
"Options:\n"
"      --json     print JSON instead of text; every command takes it, too\n"
"  -h, --help     print this help; tsmctl COMMAND --help is about a command\n"
"      --version  print the version\n"
"\n"
"Evidence is bytes: it goes to the file given with -o or to a pipe, never to a\n"
"terminal. Text is for people and may change; JSON only grows.\n"
"\n"
"Exit status:\n"
"  0  done\n"
"  1  could not be done; standard error says why\n"
"  2  wrong usage\n"
"  3  evidence rejected\n"
"  4  no TEE here\n"
"\n"
"Examples:\n"
"  tsmctl status\n"
"  tsmctl quote -o quote.bin && tsmctl show quote.bin\n"
"  tsmctl report -o report.bin --certs certs.bin\n"
"  tsmctl verify report.bin --certs certs.bin\n";

enum { OPT_VERSION = OPT_FIRST };

/* What stands before a command. */
static const struct option options[] = {
	COMMON_OPTIONS,
	{ "version", no_argument, NULL, OPT_VERSION },
	{ 0 }
};

static const struct command program = {
	.name = "tsmctl",
	.summary = "attestation of confidential VMs",
	.options = options,
	.shorts = ":h",
};

/* Not one of commands, for it is about them. */
static const struct value help_values[] = {
	ARGUMENTS("COMMAND", VALUE_COMMAND),
	{ 0 }
};

static const struct command help_command = {
	.name = "help",
	.summary = "print help",
	.options = &options[sizeof(options) / sizeof(options[0]) - 1],
	.shorts = ":",
	.values = help_values,
};

bool json_wanted;

/* Names of files, arguments and what a host sent may be in it: all escaped. */
__attribute__((format(printf, 2, 0)))
static void grumble(const struct command *cmd, const char *fmt, va_list args)
{
	char text[2048], safe[4 * sizeof(text)];

	vsnprintf(text, sizeof(text), fmt, args);
	out_escape(safe, text);
	fprintf(stderr, "tsmctl: %s%s%s\n", cmd ? cmd->name : "",
		cmd ? ": " : "", safe);
}

void complain(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	grumble(NULL, fmt, args);
	va_end(args);
}

int usage_error(const struct command *cmd, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	grumble(cmd, fmt, args);
	va_end(args);
	fprintf(stderr, "Try 'tsmctl %s%s--help'.\n", cmd ? cmd->name : "",
		cmd ? " " : "");
	return USAGE;
}

struct out *open_output(void)
{
	struct out *out = out_open(json_wanted);

	if (!out)
		complain("out of memory");
	return out;
}

int written(int ret, int code)
{
	if (!ret)
		return code;
	complain("standard output: %s", strerror(-ret));
	return FAILED;
}

int next_option(const struct command *cmd, int argc, char **argv, int *code)
{
	int option;

	opterr = 0;
	do {
		option = getopt_long(argc, argv, cmd->shorts, cmd->options,
				     NULL);
		json_wanted |= option == OPT_JSON;
	} while (option == OPT_JSON);
	switch (option) {
	case -1:
		return 0;
	case 'h':
		out_text(cmd->help);
		*code = DONE;
		return -1;
	case ':':
		*code = usage_error(cmd, "%s needs a value", argv[optind - 1]);
		return -1;
	case '?':
		/* optopt is 0 for an unknown long option, which was consumed */
		if (optopt && optopt < OPT_JSON)
			*code = usage_error(cmd, "unknown option -%c", optopt);
		else
			*code = usage_error(cmd, "bad option %s",
					    argv[optind - 1]);
		return -1;
	}
	return option;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int parse_hex(const char *text, uint8_t *out, size_t max)
{
	size_t len = strlen(text), i;
	int high, low;

	if (len % 2 || len / 2 > max)
		return -1;
	for (i = 0; i < len / 2; i++) {
		high = hex_digit(text[2 * i]);
		low = hex_digit(text[2 * i + 1]);
		if (high < 0 || low < 0)
			return -1;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return (int)i;
}

void entry_name(char *name, size_t size)
{
	uint64_t random = 0;

	/* two of us must not meet; where there is no entropy, the pid differs */
	if (getrandom(&random, sizeof(random), 0) < 0)
		random = 0;
	snprintf(name, size, "tsmctl-%d-%016" PRIx64, getpid(), random);
}

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++) {
		if (!strcmp(name, commands[i]->name) ||
		    (commands[i]->alias && !strcmp(name, commands[i]->alias)))
			return commands[i];
	}
	return NULL;
}

static int print_usage(void)
{
	char line[128];
	size_t i;

	out_text(usage_head);
	for (i = 0; i < COMMANDS; i++) {
		snprintf(line, sizeof(line), "  %-14s %s%s%s%s\n",
			 commands[i]->name, commands[i]->summary,
			 commands[i]->alias ? " (alias " : "",
			 commands[i]->alias ? commands[i]->alias : "",
			 commands[i]->alias ? ")" : "");
		out_text(line);
	}
	snprintf(line, sizeof(line), "  %s [COMMAND] %s\n", help_command.name,
		 help_command.summary);
	out_text(line);
	out_text(usage_tail);
	return DONE;
}

/* What man page, completion and their tests are made of; it may change. */
static int print_tables(void)
{
	size_t i;

	print_table(&program);
	for (i = 0; i < COMMANDS; i++)
		print_table(commands[i]);
	print_table(&help_command);
	return DONE;
}

static int help(const char *name)
{
	const struct command *cmd;

	if (!name)
		return print_usage();
	if (!strcmp(name, "--table"))
		return print_tables();
	cmd = find_command(name);
	if (!cmd)
		return usage_error(NULL, "unknown command '%s'", name);
	out_text(cmd->help);
	return DONE;
}

static int find_option(const char *text)
{
	const struct option *o;

	for (o = options; o->name; o++) {
		if ((!strncmp(text, "--", 2) && !strcmp(text + 2, o->name)) ||
		    (text[1] == o->val && !text[2]))
			return o->val;
	}
	return -1;
}

/* Options before the command. Return: an exit code, or -1 to go on. */
static int global_options(int argc, char **argv, int *at)
{
	for (*at = 1; *at < argc && argv[*at][0] == '-'; ++*at) {
		switch (find_option(argv[*at])) {
		case OPT_JSON:
			json_wanted = true;
			break;
		case 'h':
			return print_usage();
		case OPT_VERSION:
			out_text("tsmctl " TSM_VERSION "\n");
			return DONE;
		default:
			return usage_error(NULL, "unknown option %s",
					   argv[*at]);
		}
	}
	return -1;
}

static int run(int argc, char **argv)
{
	const struct command *cmd;
	int at, code;

	code = global_options(argc, argv, &at);
	if (code >= 0)
		return code;
	if (at == argc)
		return usage_error(NULL, "no command given");
	if (!strcmp(argv[at], help_command.name)) {
		if (argc - at > 2)
			return usage_error(NULL, "help takes one command");
		return help(argv[at + 1]);
	}
	cmd = find_command(argv[at]);
	if (!cmd)
		return usage_error(NULL, "unknown command '%s'", argv[at]);
	return cmd->run(cmd, argc - at, argv + at);
}

/*
 * A file of ours must not get the number of a missing standard file, for that
 * is where output and dup2() would find it. What is missing stays unfit to be
 * read or written, which is then said.
 */
static bool fill_standard_files(void)
{
	int fd;

	do {
		fd = open("/", O_PATH | O_CLOEXEC);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int main(int argc, char **argv)
{
	int code;

	if (!fill_standard_files()) {
		complain("/: %m");
		return FAILED;
	}
	/* a file size limit is an error like others, after which to clean up */
	signal(SIGXFSZ, SIG_IGN);
	code = run(argc, argv);
	/* help may have gone to a full disk */
	return code == DONE ? written(out_flush(), DONE) : code;
}
