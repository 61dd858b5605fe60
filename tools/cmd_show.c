// SPDX-License-Identifier: MIT
/* tsmctl show: decodes evidence in a file. */
#include "tsmctl.h"

#include <getopt.h>
#include <stdlib.h>

static int show_file(const char *path)
{
	struct tsm_error err;
	struct out *out;
	uint8_t *data;
	size_t len;
	int code;

	if (tsm_file_read(path, TSM_EVIDENCE_MAX, &data, &len, &err)) {
		complain("%s", err.text);
		return FAILED;
	}
	out = open_output();
	if (!out) {
		free(data);
		return FAILED;
	}
	code = show_evidence(out, data, len);
	free(data);
	/* no half a JSON document where there was nothing to decode */
	return written(code == FAILED ? out_discard(out) : out_close(out),
		       code);
}

static int run(const struct command *cmd, int argc, char **argv)
{
	int code;

	if (next_option(cmd, argc, argv, &code))
		return code;
	if (argc - optind != 1)
		return usage_error(cmd, argc == optind ?
				   "no file given" : "one file at a time");
	return show_file(argv[optind]);
}

static const struct option options[] = { COMMON_OPTIONS, { 0 } };

static const struct value values[] = {
	ARGUMENTS("FILE", VALUE_FILE),
	{ 0 }
};

const struct command cmd_show = {
	.name = "show",
	.summary = "decode evidence, certificates or an event log",
	.help =
"Usage: tsmctl show [--json] FILE|-\n"
"\n"
"Decodes what is in a file. What it is, is found out from its first bytes. At\n"
"most 16 MiB are read.\n"
"\n"
"  TDREPORT, TD quote 4 or 5  every field under the name that Intel's\n"
"                             specifications give it; the certificates in a quote\n"
"  SNP report 2 to 5          every field under AMD's name, TCB versions by the\n"
"                             components of the processor's generation; a later\n"
"                             version is decoded as 5, which is said\n"
"  certificate table of SNP   what report --certs keeps: each entry and each\n"
"                             certificate in it\n"
"  certificates               PEM, or one in DER: names, validity, key, what\n"
"                             Intel or AMD put into it\n"
"  event log                  TCG crypto-agile format, as tsmctl log prints it,\n"
"                             which can replay it, too\n"
"\n"
"show looks at no signature: what it prints is what somebody wrote, be it the\n"
"TEE or a forger. It does compare the hashes inside, which needs no key: the two\n"
"of a TDREPORT, and the one by which a QE report names the attestation key.\n"
"Bytes behind evidence are normal (padding) and are remarked upon.\n"
"\n"
"Options:\n"
"      --json  print JSON\n"
"  -h, --help  print this help\n"
"\n"
"Exit status: 0 decoded; 1 could not be read or decoded; 2 wrong usage;\n"
"3 decoded, but a hash inside a TDREPORT or quote does not match.\n"
"\n"
"Examples:\n"
"  tsmctl show quote.bin\n"
"  tsmctl quote | tsmctl show -\n"
"  tsmctl show --json quote.bin | jq -r .body.rtmr2\n"
"  tsmctl show --json quote.bin | jq -r '.certificates[0].fmspc'\n"
"  tsmctl show --json report.bin | jq .reported_tcb\n"
"  tsmctl show certs.bin\n",
	.options = options,
	.shorts = ":h",
	.values = values,
	.run = run,
};
