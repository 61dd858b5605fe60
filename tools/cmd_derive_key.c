// SPDX-License-Identifier: MIT
/* tsmctl derive-key: a secret that only this guest, or ones like it, can get. */
#include "derive_key.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/*
 * The level is always mixed in: the guest's own is what gives the same key the
 * next time, whichever VMPCK somebody may have chosen by then. Where the kernel
 * does not tell it, that of the VMPCK is the guest's if nobody chose it. The
 * kernel's own driver has its choice in the parameter, too.
 */
static int default_vmpl(struct key_order *order, const struct tsm_system *sys)
{
	const struct tsm_snp_state *snp = &sys->snp;
	const bool ours = sys->driver == TSM_DRIVER_OURS;
	const char id = snp->vmpck_id[0];

	if (order->has_vmpl)
		return DONE;
	if (snp->vmpl >= 0) {
		order->request.vmpl = (uint32_t)snp->vmpl;
	} else if (ours && id && id != '-') {
		complain("this kernel does not tell the guest's privilege level, and vmpck_id was set: say --vmpl");
		return FAILED;
	} else if (ours && snp->vmpck >= 0) {
		order->request.vmpl = (uint32_t)snp->vmpck;
	} else if (id >= '0' && id <= '3') {
		order->request.vmpl = (uint32_t)(id - '0');
	}
	return DONE;
}

static int derive(struct key_order *order, uint8_t key[TSM_SNP_EXPANDED_SIZE])
{
	uint8_t derived[TSM_SNP_DERIVED_KEY_SIZE];
	struct tsm_system sys;
	struct tsm_error err;
	const char *meaning;
	int ret;

	if (tsm_system_probe("/", &sys, &err)) {
		complain("%s", err.text);
		return FAILED;
	}
	if (sys.tee != TSM_TEE_SNP) {
		complain("no SEV-SNP guest, so there is no firmware to derive a key");
		explain_hidden(&sys);
		return NO_TEE;
	}
	if (default_vmpl(order, &sys))
		return FAILED;
	ret = tsm_snp_key_derive(&order->request, derived, &err);
	if (ret) {
		complain("%s", err.text);
		meaning = explain_key(ret, &sys);
		if (meaning)
			complain("%s", meaning);
		return FAILED;
	}
	if (order->size == TSM_SNP_EXPANDED_SIZE)
		ret = tsm_snp_key_expand(derived, key);
	else
		memcpy(key, derived, sizeof(derived));
	explicit_bzero(derived, sizeof(derived));
	if (ret)
		complain("the key could not be expanded: out of memory");
	return ret ? FAILED : DONE;
}

/* A file of a key is for its owner alone, whatever one was there before. */
static int write_file(const char *path, const uint8_t *key, size_t size)
{
	const mode_t mask = umask(0077);
	struct tsm_file file;
	struct tsm_error err;
	int ret;

	ret = tsm_file_prepare(&file, path, key, size, &err);
	umask(mask);
	if (!ret && file.fd >= 0 && fchmod(file.fd, 0600)) {
		complain("%s: mode 0600: %s", path, strerror(errno));
		tsm_file_drop(&file);
		return FAILED;
	}
	if (!ret)
		ret = tsm_file_commit(&file, &err);
	if (ret)
		complain("%s", err.text);
	return ret ? FAILED : DONE;
}

static int write_stdout(const uint8_t *key, size_t size)
{
	char text[2 * TSM_SNP_EXPANDED_SIZE + 2];
	size_t i;
	int ret;

	if (!out_is_terminal())
		return written(out_secret(key, size), DONE);
	for (i = 0; i < size; i++)
		sprintf(text + 2 * i, "%02x", key[i]);
	strcpy(text + 2 * size, "\n");
	ret = out_secret(text, 2 * size + 1);
	explicit_bzero(text, sizeof(text));
	return written(ret, DONE);
}

static int summarise(const struct key_order *order)
{
	const struct tsm_snp_key_request *r = &order->request;
	struct out *out = open_output();

	if (!out)
		return FAILED;
	out_str(out, "root", "%s",
		r->root == TSM_SNP_ROOT_KEY_VMRK ? "vmrk" : "vcek");
	out_bits(out, "fields", r->fields, key_field_names);
	out_num(out, "vmpl", r->vmpl);
	if (has_field(order, TSM_SNP_KEY_FIELD_GUEST_SVN))
		out_num(out, "svn", r->guest_svn);
	if (has_field(order, TSM_SNP_KEY_FIELD_TCB_VERSION))
		out_str(out, "tcb", "0x%016llx",
			(unsigned long long)r->tcb_version);
	out_num(out, "size", order->size);
	out_str(out, "output", "%s", order->output);
	return written(out_close(out), DONE);
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct key_order order;
	uint8_t key[TSM_SNP_EXPANDED_SIZE];
	int code;

	code = parse_key_order(cmd, argc, argv, &order);
	if (code)
		return code < 0 ? DONE : code;
	code = derive(&order, key);
	if (code)
		return code;
	if (!strcmp(order.output, "-"))
		code = write_stdout(key, order.size);
	else
		code = write_file(order.output, key, order.size);
	explicit_bzero(key, sizeof(key));
	if (!code && strcmp(order.output, "-"))
		code = summarise(&order);
	return code;
}

const struct command cmd_derive_key = {
	.name = "derive-key",
	.summary = "have the SEV-SNP firmware derive a secret",
	.help =
"Usage: tsmctl derive-key [--root vcek|vmrk] [--fields LIST] [--vmpl N] [--svn N]\n"
"                         [--tcb HEX] [--size 32|64] [-o FILE] [--force] [--json]\n"
"\n"
"Has the firmware of an SEV-SNP guest derive a key, through /dev/sev-guest. Takes\n"
"root. The same guest gets the same key again, also after a restart, on the same\n"
"chip, or with --root vmrk wherever it was migrated to; no other guest does whose\n"
"fields differ, nor does the host. Use it to seal what only this guest may read.\n"
"\n"
"Which key:\n"
"      --root vcek|vmrk\n"
"                     secret to derive it from: vcek, the default, is the chip's\n"
"                     own, or the provider's (VLEK) where one is loaded; vmrk is\n"
"                     one that a migration agent carries along\n"
"      --fields LIST  what of this guest is mixed in, separated by commas; the\n"
"                     default is policy,measurement\n"
"                       policy       what the guest's owner allows\n"
"                       image        image id of the ID block\n"
"                       family       family id of the ID block\n"
"                       measurement  the guest's initial pages: new firmware, new\n"
"                                    key\n"
"                       svn          guest SVN, with --svn\n"
"                       tcb          TCB version, with --tcb\n"
"                       mit          launch mitigation vector, which takes message\n"
"                                    version 2: the kernel's own driver passes it\n"
"                                    on, without a value, tsm_guest refuses it\n"
"                       none         nothing: every guest on this chip can derive\n"
"                                    this key\n"
"      --vmpl N       privilege level, 0 to 3, always mixed in: the guest's own\n"
"                     if not given, or a less privileged (higher) one\n"
"      --svn N        guest SVN, at most that of this guest: a newer guest can\n"
"                     derive the key of an older one, not the reverse; 0 if not\n"
"                     given\n"
"      --tcb HEX      TCB version, in no component above COMMITTED_TCB, as tsmctl\n"
"                     show prints its value; 0 if not given\n"
"      --size 32|64   bytes of the key: 32, the default, is the key as it is; 64,\n"
"                     for ciphers that want as many, such as AES-256-XTS, is HKDF\n"
"                     of the 32 (RFC 5869, SHA-512, no salt, info \"tsmctl\n"
"                     derive-key 64\"), no stronger than they are\n"
"\n"
"Where it goes:\n"
"  -o, --output FILE  write it to FILE, which gets mode 0600; a summary without\n"
"                     the key is printed\n"
"  -o -               write it to standard output, as without -o\n"
"      --force        write it even to a terminal, where it is printed in hex\n"
"      --json         print the summary as JSON\n"
"  -h, --help         print this help\n"
"\n"
"Exit status: 0 done; 1 could not; 2 wrong usage; 4 no SEV-SNP guest.\n"
"\n"
"Examples:\n"
"  tsmctl derive-key -o key.bin\n"
"  tsmctl derive-key --fields policy,measurement,svn --svn 3 -o key.bin\n"
"  tsmctl derive-key --size 64 | cryptsetup open --key-file - /dev/sdb data\n",
	.options = key_options,
	.shorts = ":ho:",
	.values = key_values,
	.run = run,
};
