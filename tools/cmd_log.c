// SPDX-License-Identifier: MIT
/* tsmctl log: firmware's event log and tsm_guest's, shown, replayed, exported. */
#include "cmd_log.h"

#include <getopt.h>
#include <string.h>

enum { OPT_CCEL = OPT_FIRST, OPT_RUNTIME, OPT_QUOTE, OPT_FORMAT, OPT_NO_COMPARE };

/* show is what log does by itself */
enum action { SHOW, REPLAY, EXPORT };

static const char *const actions[] = { "show", "replay", "export" };

static int show(struct log_set *set)
{
	struct out *out = open_output();
	int code;

	if (!out)
		return FAILED;
	code = show_logs(out, set);
	/* no half a JSON document */
	return written(code && json_wanted ? out_discard(out) : out_close(out),
		       code);
}

static bool parse_format(const char *text, enum tsm_log_format *format)
{
	if (!strcmp(text, "tcg"))
		*format = TSM_LOG_TCG;
	else if (!strcmp(text, "cel-tlv"))
		*format = TSM_LOG_CEL_TLV;
	else if (!strcmp(text, "cel-json"))
		*format = TSM_LOG_CEL_JSON;
	else
		return false;
	return true;
}

/* Return: -1, or an exit code. */
static int parse_options(const struct command *cmd, int argc, char **argv,
			 struct log_options *options, const char **format)
{
	int option, code;

	while ((option = next_option(cmd, argc, argv, &code))) {
		switch (option) {
		case OPT_CCEL:
			options->ccel = optarg;
			break;
		case OPT_RUNTIME:
			options->runtime = optarg;
			break;
		case OPT_QUOTE:
			options->quote = optarg;
			break;
		case OPT_NO_COMPARE:
			options->compare = false;
			break;
		case OPT_FORMAT:
			*format = optarg;
			break;
		case 'o':
			options->output = optarg;
			break;
		default:
			return code;
		}
	}
	return -1;
}

static int find_action(const char *name)
{
	unsigned int i;

	for (i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (!strcmp(name, actions[i]))
			return (int)i;
	}
	return -1;
}

/* Standard input can be one of the files, and bytes do not go to terminals. */
static int check_export(const struct command *cmd,
			const struct log_options *options)
{
	const bool bytes = !options->output || !strcmp(options->output, "-");

	if (bytes && json_wanted)
		return usage_error(cmd, "--json is for the summary: say -o FILE, or --format cel-json for a log in JSON");
	if (bytes && out_is_terminal())
		return usage_error(cmd, "a log does not go to a terminal: say -o FILE, or use a pipe");
	return DONE;
}

static int check_options(const struct command *cmd, enum action action,
			 struct log_options *options, const char *format)
{
	const char *const inputs[] = {
		options->ccel, options->runtime, options->quote,
	};
	unsigned int i, standard = 0;

	for (i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++)
		standard += inputs[i] && !strcmp(inputs[i], "-");
	if (standard > 1)
		return usage_error(cmd, "standard input can be one of the files only");
	if (action != REPLAY && (options->quote || !options->compare))
		return usage_error(cmd, "%s goes with replay",
				   options->quote ? "--quote" : "--no-compare");
	if (options->quote && !options->compare)
		return usage_error(cmd, "--quote and --no-compare exclude each other");
	if (action != EXPORT && (options->output || format))
		return usage_error(cmd, "%s goes with export",
				   options->output ? "-o" : "--format");
	if (format && !parse_format(format, &options->format))
		return usage_error(cmd, "unknown format '%s': tcg, cel-tlv or cel-json",
				   format);
	return action == EXPORT ? check_export(cmd, options) : DONE;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct log_options options = { .compare = true };
	const char *format = NULL;
	struct log_set set;
	int code, action = SHOW;

	code = parse_options(cmd, argc, argv, &options, &format);
	if (code >= 0)
		return code;
	if (argc - optind > 1)
		return usage_error(cmd, "one of show, replay, export");
	if (argc > optind)
		action = find_action(argv[optind]);
	if (action < 0)
		return usage_error(cmd, "unknown '%s': show, replay or export",
				   argv[optind]);
	code = check_options(cmd, (enum action)action, &options, format);
	if (!code)
		code = load_logs(&options, &set);
	if (code)
		return code;
	switch (action) {
	case REPLAY:
		code = log_replay(&options, &set);
		break;
	case EXPORT:
		code = log_export(&options, &set);
		break;
	default:
		code = show(&set);
	}
	free_logs(&set);
	return code;
}

static const struct option longs[] = {
	{ "ccel", required_argument, NULL, OPT_CCEL },
	{ "runtime", required_argument, NULL, OPT_RUNTIME },
	{ "quote", required_argument, NULL, OPT_QUOTE },
	{ "no-compare", no_argument, NULL, OPT_NO_COMPARE },
	{ "output", required_argument, NULL, 'o' },
	{ "format", required_argument, NULL, OPT_FORMAT },
	COMMON_OPTIONS,
	{ 0 }
};

static const struct value values[] = {
	TAKES("ccel", "FILE", VALUE_FILE),
	TAKES("runtime", "FILE", VALUE_FILE),
	TAKES("quote", "FILE", VALUE_FILE, .with = "replay"),
	{ .of = "no-compare", .with = "replay" },
	TAKES("output", "FILE", VALUE_FILE, .with = "export"),
	TAKES("format", "FORMAT", VALUE_WORD, .with = "export",
	      .words = "tcg cel-tlv cel-json"),
	ARGUMENTS("ACTION", VALUE_WORD, .words = "show replay export"),
	{ 0 }
};

const struct command cmd_log = {
	.name = "log",
	.summary = "show, replay or export the event logs",
	.help =
"Usage: tsmctl log [show|replay|export] [OPTION...]\n"
"\n"
"What is in the registers RTMR0 to RTMR3 of a TD is told by two logs, both in TCG\n"
"crypto-agile format: the boot log, which firmware, boot loader and the kernel's\n"
"stub write (ACPI table CCEL), and the runtime log, which tsm_guest keeps. They\n"
"are read as one. By default they are this machine's, which takes root.\n"
"\n"
"show     A line for each record: number, register, type, digest, what it says;\n"
"         with --json, everything. A digest with ! is not that of its data.\n"
"replay   Computes what the logs lead to and compares with this machine's\n"
"         registers, or those in a quote. For each register:\n"
"           equal     every extend is in the log\n"
"           PARTIAL   there is no boot log, and what came before tsm_guest was\n"
"                     loaded is what a file says of itself; the runtime log of\n"
"                     the kernel that runs here is believed that\n"
"           GAP       tsm_guest found the register extended by something else\n"
"           MISMATCH  the log leads elsewhere; with the last record up to which\n"
"                     it leads to the value, if there is one\n"
"export   Writes both as one log: the boot log up to its end mark, then the\n"
"         runtime log without its header.\n"
"\n"
"A log vouches for nothing: whoever can write it can write anything. Its digests\n"
"are true if it replays to registers in a quote that was verified, which verify\n"
"--log does and replay does not. What it says besides is then true where the\n"
"digest is of it and has no !; digests of what is not in the log, such as\n"
"programs, are for you to know.\n"
"\n"
"Options:\n"
"      --ccel FILE      boot log, as in /sys/firmware/acpi/tables/data/CCEL\n"
"      --runtime FILE   runtime log, as in\n"
"                       /sys/kernel/security/tsm_guest/binary_runtime_measurements\n"
"                       With one of these, nothing else is read. - is standard\n"
"                       input.\n"
"      --quote FILE     replay: registers of a TD quote or TDREPORT\n"
"      --no-compare     replay: print what the logs lead to, \"name value\" a line\n"
"  -o, --output FILE    export: where to; - or nothing is standard output, if that\n"
"                       is no terminal\n"
"      --format FORMAT  export: in which form: tcg (crypto-agile, the default),\n"
"                       cel-tlv or cel-json (TCG Canonical Event Log)\n"
"      --json           print JSON\n"
"  -h, --help           print this help\n"
"\n"
"Exit status: 0 done, and for replay: all registers are explained; 1 could not;\n"
"2 wrong usage; 3 a register is not explained; 4 no TDX here.\n"
"\n"
"Examples:\n"
"  sudo tsmctl log\n"
"  sudo tsmctl log replay\n"
"  tsmctl log replay --ccel ccel.bin --runtime runtime.bin --quote quote.bin\n"
"  tsmctl log --json --ccel ccel.bin | jq -r '.records[].description'\n"
"  sudo tsmctl log export -o log.bin && tpm2_eventlog log.bin\n",
	.options = longs,
	.shorts = ":ho:",
	.values = values,
	.run = run,
};
