// SPDX-License-Identifier: MIT
/* tsmctl verify: judges evidence offline. */
#include "cmd_verify.h"

#include <stdlib.h>

static int verify(const struct verify_options *options)
{
	struct tsm_verifier *verifier;
	struct out *out;
	int code;

	code = load_verifier(options, &verifier);
	if (code)
		return code;
	out = open_output();
	code = FAILED;
	if (out) {
		code = verify_files(options, verifier, out);
		code = written(out_close(out), code);
	}
	tsm_verifier_free(verifier);
	return code;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct verify_options options = { .files = 0 };
	int code;

	code = parse_verify_options(cmd, argc, argv, &options);
	if (code < 0)
		code = verify(&options);
	free(options.aid);
	return code;
}

const struct command cmd_verify = {
	.name = "verify",
	.summary = "judge TD quotes and SNP reports, offline",
	.help =
"Usage: tsmctl verify [OPTION...] FILE...\n"
"\n"
"Judges TD quotes (versions 4 and 5) and SNP reports (2 to 5): signatures up to\n"
"the root of Intel or AMD, which are built in, and all that is demanded by\n"
"options. Needs no TEE, no root, no network. FILE may be -, standard input.\n"
"\n"
"One file is told with every check: pass, FAIL, or skipped and why. Of several,\n"
"each has its verdict on a line of its own, in the order of the arguments:\n"
"  accepted   no check failed; what was not checked for want of an option is\n"
"             named, and nobody vouches for it\n"
"  REJECTED   with the first check that failed\n"
"  EMULATED   no check failed, but the root is one of --roots\n"
"\n"
"What it is judged by:\n"
"  -d, --data HEX|@FILE   report data that must be in it, as tsmctl report takes\n"
"                         them: without, an old one is as good as a new one\n"
"      --pad              fill shorter report data up with zero bytes\n"
"      --certs FILE       certificates that did not come with it: the table that\n"
"                         report --certs keeps, PEM or DER\n"
"      --collateral FILE  what Intel's PCS serves: TCB infos, QE identities,\n"
"                         issuer chains, revocation lists; told by their content.\n"
"                         Without, the TCB of a quote is not judged; with it, a\n"
"                         quote whose TCB it does not tell of is rejected.\n"
"      --crl FILE         revocation lists, in DER, PEM or hex: from now on every\n"
"                         issuer must have a current one\n"
"      --roots FILE       self-signed certificates to trust beside the vendors',\n"
"                         as an emulator's: evidence is then EMULATED\n"
"      --log FILE         event log that must lead to the registers of a TD, and\n"
"                         say what was measured where its digests are of that;\n"
"                         if twice, the boot log is first\n"
"      --policy FILE      what is accepted, see below\n"
"      --at TIME          as if it were then: 2025-06-20T10:00:00Z, 2025-06-20,\n"
"                         or @SECONDS since 1970\n"
"      --strict           bytes behind the evidence, or behind the end mark of a\n"
"                         log, are a failure, not a remark\n"
"      --allow-debug      guests in debug mode, whose memory the host reads, pass\n"
"      --allow-emulated   EMULATED is accepted\n"
"  FILE of --certs, --collateral, --crl and --roots may be a directory, of which\n"
"  all files are read. What is something else is passed over, and, but for --crl,\n"
"  what cannot be opened or is larger than 16 MiB. They may be repeated, and --log,\n"
"  too.\n"
"\n"
"  -j, --jobs N           threads for several files; as many as CPUs if not given\n"
"      --json             print JSON: {\"files\": [{\"file\", \"verdict\", \"reason\",\n"
"                         \"checks\": [{\"name\", \"verdict\", \"reason\"}, ...], ...}],\n"
"                         \"accepted\": N, \"emulated\": N, \"rejected\": N,\n"
"                         \"errors\": N}; the same for one file. Verdicts of\n"
"                         files are accepted, emulated, rejected, error; of\n"
"                         checks pass, fail, skipped\n"
"  -h, --help             print this help\n"
"\n"
"A policy is a JSON object. Evidence of a TEE that it has no section for is\n"
"rejected; all that it names must be met; a key that is not known is an error.\n"
"  {\n"
"    \"tdx\": {\n"
"      \"mrtd\": \"HEX\",\n"
"      \"rtmr1\": [\"HEX\", \"HEX\"],\n"
"      \"td_attributes\": {\"required\": [\"SEPT_VE_DISABLE\"],\n"
"                        \"forbidden\": [\"MIGRATABLE\"]},\n"
"      \"xfam\": {\"value\": \"0x602e7\", \"mask\": \"0xffffffffffffffff\"},\n"
"      \"minimum_tee_tcb_svn\": [5, 1],\n"
"      \"tcb_statuses\": [\"SWHardeningNeeded\"]\n"
"    },\n"
"    \"snp\": {\n"
"      \"measurement\": [\"HEX\"],\n"
"      \"policy\": {\"forbidden\": [\"MIGRATE_MA\"]},\n"
"      \"minimum_tcb\": {\"snp\": 20, \"microcode\": 209},\n"
"      \"minimum_firmware\": \"1.55\",\n"
"      \"vmpl\": [0],\n"
"      \"signers\": [\"VCEK\"]\n"
"    }\n"
"  }\n"
"  Either TEE  report_data (outside of both sections)\n"
"  tdx         mrtd, rtmr0 to rtmr3, mrconfigid, mrowner, mrownerconfig, mrseam,\n"
"              mrsignerseam, mrservicetd, fmspc, pceid, ppid,\n"
"              platform_instance_id: hex, or a list of what is accepted;\n"
"              td_attributes, xfam: by names as show prints them, or by value;\n"
"              minimum_tee_tcb_svn, minimum_sgx_tcb: the first of 16 numbers, or\n"
"              16 bytes of hex; minimum_pcesvn, minimum_qe_svn;\n"
"              tcb_statuses: that pass beside UpToDate; Revoked cannot;\n"
"              sgx_types: standard, scalable, scalable with integrity\n"
"  snp         measurement, host_data, family_id, image_id, report_id,\n"
"              report_id_ma, id_key_digest, author_key_digest, chip_id: as above;\n"
"              policy, platform_info: by names, or by value;\n"
"              minimum_tcb, minimum_launch_tcb: of the components fmc,\n"
"              boot_loader, tee, snp, microcode; minimum_guest_svn; minimum_abi:\n"
"              of the guest's policy; minimum_firmware: that the host cannot go\n"
"              back from;\n"
"              vmpl, signers (VCEK, VLEK), csp_id, products (Milan, Genoa,\n"
"              Turin): lists of what is accepted\n"
"  both        allow_debug: true lets debug guests pass\n"
"\n"
"Exit status: 0 all accepted; 1 a file could not be read, or no memory; 2 wrong\n"
"usage; 3 not all accepted: rejected, emulated or no evidence at all.\n"
"\n"
"Examples:\n"
"  tsmctl quote -d @nonce.bin | tsmctl verify -d @nonce.bin -\n"
"  tsmctl verify report.bin --certs certs.bin --policy policy.json\n"
"  tsmctl verify quote.bin --collateral pcs/ --crl pcs/ --log ccel.bin\n"
"  tsmctl verify --json *.bin | jq -r '.files[] | [.file, .verdict] | @tsv'\n",
	.options = verify_longs,
	.shorts = ":hd:j:",
	.values = verify_values,
	.run = run,
};
