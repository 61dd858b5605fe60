// SPDX-License-Identifier: MIT
/* tsmctl report (quote): asks the TEE for evidence over report data. */
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int explain(const struct request *req, int ret,
		   const struct tsm_error *err)
{
	const char *meaning;
	struct tsm_system sys;

	if (tsm_system_probe("/", &sys, NULL))
		memset(&sys, 0, sizeof(sys));
	if (sys.tee == TSM_TEE_NONE && !sys.report_dir[0]) {
		complain("no TEE here, so there is no evidence to be had");
		explain_hidden(&sys);
		return NO_TEE;
	}
	complain("%s", err->text);
	meaning = explain_report(ret, &req->options, &sys);
	if (meaning)
		complain("%s", meaning);
	return FAILED;
}

/* The report item lives just as long as this function. */
static int collect(const struct request *req, struct tsm_report *report,
		   char *provider, size_t size)
{
	struct tsm_entry entry = { .path = "" };
	struct tsm_error err = { .text = "" };
	struct watch watch;
	int ret;

	ret = watch_entry(&entry, &watch, &err);
	if (ret)
		return explain(req, ret, &err);
	ret = tsm_entry_provider(&entry, provider, size, &err);
	if (!ret)
		ret = tsm_entry_report(&entry, req->nonce, sizeof(req->nonce),
				       &req->options, report, &err);
	unwatch_entry(&entry, &watch);
	if (ret)
		return explain(req, ret, &err);
	if (report->retries)
		complain("the generation moved %u times under the request, which was repeated",
			 report->retries);
	return DONE;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct request req = { .options = TSM_REPORT_PLAIN };
	struct tsm_report report = { .out = NULL };
	char provider[64] = "";
	int code;

	if (parse_request(cmd, argc, argv, &req, &code))
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
"                     [--certs FILE] [--vmpl N]\n"
"       tsmctl report ... --service svsm [--service-guid GUID\n"
"                     [--manifest-version N]] [--manifest FILE]\n"
"       tsmctl quote ...\n"
"\n"
"Asks the TEE, through configfs tsm/report, for evidence that contains 64 bytes\n"
"of report data: in a TD, a signed quote; in an SEV-SNP guest, a signed report.\n"
"Takes root. The report item that it makes is its own and is removed, however the\n"
"command ends.\n"
"\n"
"Report data makes evidence fresh: it should be, or contain a hash of, what the\n"
"verifier chose. Without -d, random bytes are taken and printed.\n"
"\n"
"Where the evidence goes:\n"
"  -o FILE                   to the file; a summary is printed\n"
"  standard output a pipe    to the pipe (also with -o -); a random nonce is\n"
"                            printed to standard error\n"
"  a terminal                decoded, as tsmctl show does; bytes are not kept\n"
"  JSON                      in base64, as \"outblob\", unless -o keeps them\n"
"\n"
"Options:\n"
"  -d, --data HEX     report data in hex, 64 bytes\n"
"  -d, --data @FILE   report data as it is in the file; @- is standard input\n"
"      --pad          fill shorter report data up with zero bytes\n"
"      --random       random report data, as without -d\n"
"  -o, --output FILE  write the evidence to FILE\n"
"      --certs FILE   write the certificates (auxblob) to FILE, another than\n"
"                     that of -o: a PCK chain in a TD, the host's table in an SNP\n"
"                     guest, which is empty where the host has none; the kernel's\n"
"                     own TDX driver has no auxblob\n"
"      --json         print JSON\n"
"  -h, --help         print this help\n"
"\n"
"Of SEV-SNP guests alone:\n"
"      --vmpl N       privilege level that the report is for, 0 to 3: that of\n"
"                     this guest or a less privileged (higher) one. Without it\n"
"                     tsm_guest takes the guest's own, the kernel's own driver 0,\n"
"                     which is refused under an SVSM\n"
"      --service svsm\n"
"                     have the SVSM that serves this guest make the report, on\n"
"                     its services; its report data is SHA-512 over the 64 bytes\n"
"                     and its manifest, and is checked so\n"
"      --service-guid GUID\n"
"                     the report is about one service, not all\n"
"      --manifest FILE\n"
"                     write the manifest (manifestblob) to FILE: who verifies the\n"
"                     report needs it\n"
"      --manifest-version N\n"
"                     form of the manifest of that one service; 0, the first, if\n"
"                     not given\n"
"\n"
"Where tdx_guest or sev_guest is the provider, what came is looked into first: a\n"
"quote or report that does not carry the report data, or is for another VMPL, is\n"
"kept nowhere. Quotes of formats that are not known here are kept, and that their\n"
"report data was not compared is said.\n"
"\n"
"Exit status: 0 done; 1 could not; 2 wrong usage; 3 the evidence does not carry\n"
"the report data; 4 no TEE here.\n"
"\n"
"Examples:\n"
"  tsmctl quote -d @nonce.bin -o quote.bin\n"
"  tsmctl quote -d $(sha256sum <key.pub | cut -c-64) --pad | tsmctl show -\n"
"  tsmctl quote --json | jq -r .nonce\n"
"  tsmctl report -o report.bin --certs certs.bin && tsmctl show certs.bin\n"
"  tsmctl report --service svsm --manifest manifest.bin -o report.bin\n",
	.options = report_options,
	.shorts = ":hd:o:",
	.values = report_values,
	.run = run,
};
