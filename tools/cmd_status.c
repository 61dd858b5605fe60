// SPDX-License-Identifier: MIT
/* tsmctl status: what this machine has, what is wrong, and how to mend it. */
#include "tsmctl.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/**
 * struct finding - something that keeps attestation from working
 * @key: short and stable, for programs
 * @what: what is wrong
 * @mend: what helps
 */
struct finding {
	const char *key;
	const char *what;
	const char *mend;
};

/**
 * struct status - what is printed
 * @sys: what can be seen
 * @provider: who answers at tsm/report; empty if that is not known
 * @provider_error: errno of asking, 0 if it answered, -EACCES if not asked
 */
struct status {
	struct tsm_system sys;
	char provider[64];
	int provider_error;
};

static const char *tee_name(enum tsm_tee tee)
{
	static const char *const names[] = {
		[TSM_TEE_NONE] = "none",
		[TSM_TEE_TDX] = "Intel TDX",
		[TSM_TEE_SNP] = "AMD SEV-SNP",
	};

	return names[tee];
}

/* The provider can be read from a report item only, which only root may make. */
static void ask_provider(struct status *st)
{
	struct tsm_entry entry;
	char name[64];

	entry_name(name, sizeof(name));
	st->provider_error = tsm_entry_create(&entry, st->sys.report_dir, name,
					      NULL);
	if (st->provider_error)
		return;
	st->provider_error = tsm_entry_provider(&entry, st->provider,
						sizeof(st->provider), NULL);
	tsm_entry_remove(&entry, NULL);
}

static size_t find_problems(const struct status *st, struct finding *list)
{
	const struct tsm_system *sys = &st->sys;
	size_t n = 0;

	if (sys->driver == TSM_DRIVER_NONE)
		list[n++] = (struct finding){ "no_driver",
			"no driver serves the TEE",
			"modprobe tsm_guest" };
	if (!sys->configfs[0])
		list[n++] = (struct finding){ "no_configfs",
			"configfs is not mounted",
			"mount -t configfs none /sys/kernel/config" };
	else if (!sys->report_dir[0] && sys->driver != TSM_DRIVER_NONE)
		list[n++] = (struct finding){ "no_report",
			"configfs has no tsm/report, although a driver is loaded",
			"unmount and mount configfs, or reload the driver" };
	if (sys->report_dir[0] && st->provider_error == -ENXIO)
		list[n++] = (struct finding){ "no_provider",
			"tsm/report is there, but no TEE driver is registered with it",
			"rmdir what is left in tsm/report, then reload the driver" };
	else if (sys->report_dir[0] && st->provider_error &&
		 st->provider_error != -EACCES)
		list[n++] = (struct finding){ "provider_error",
			"a report item could not be made and read",
			"see the kernel's log: dmesg" };
	if (sys->driver != TSM_DRIVER_NONE && !sys->device)
		list[n++] = (struct finding){ "no_device",
			"the driver's device file is missing in /dev",
			"mount -t devtmpfs none /dev, or start udev" };
	return n;
}

/* Nothing that must be mended, but what people stumble over. */
static size_t find_notes(const struct status *st, struct finding *list)
{
	const struct tsm_system *sys = &st->sys;
	size_t n = 0;

	if (sys->driver == TSM_DRIVER_INTREE)
		list[n++] = (struct finding){ "intree_driver",
			"the kernel's own driver serves, with its defects",
			"unload it and load tsm_guest" };
	if (sys->entries)
		list[n++] = (struct finding){ "entries",
			"report items exist: they keep the driver from being unloaded",
			"rmdir those in tsm/report that nobody uses" };
	if (sys->quote_abandoned > 0)
		list[n++] = (struct finding){ "abandoned",
			"the host has not given back buffers of killed or timed out requests",
			"nothing to do here: they are reclaimed when it does" };
	if (sys->report_dir[0] && st->provider_error == -EACCES)
		list[n++] = (struct finding){ "not_root",
			"the provider was not asked, which takes root",
			"sudo tsmctl status" };
	return n;
}

static void print_driver(struct out *out, const struct status *st)
{
	const struct tsm_system *sys = &st->sys;

	out_section(out, "driver");
	out_str(out, "served by", "%s",
		sys->driver == TSM_DRIVER_OURS ? "tsm_guest" :
		sys->driver == TSM_DRIVER_INTREE ? "in-tree" : "nobody");
	if (sys->driver_name)
		out_str(out, "module", "%s", sys->driver_name);
	if (sys->driver_version[0])
		out_str(out, "version", "%s", sys->driver_version);
	if (sys->quote_timeout_ms >= 0)
		out_num(out, "quote_timeout_ms",
			(uint64_t)sys->quote_timeout_ms);
	if (sys->quote_abandoned >= 0)
		out_num(out, "quote_abandoned", (uint64_t)sys->quote_abandoned);
	out_check(out, "device", sys->device, "present", "missing");
	out_end(out);
}

static void print_interfaces(struct out *out, const struct status *st)
{
	const struct tsm_system *sys = &st->sys;

	out_section(out, "interfaces");
	out_str(out, "configfs", "%s",
		sys->configfs[0] ? sys->configfs : "not mounted");
	out_str(out, "report", "%s",
		sys->report_dir[0] ? sys->report_dir : "none");
	if (sys->report_dir[0]) {
		out_num(out, "report items", sys->entries);
		out_str(out, "provider", "%s",
			st->provider[0] ? st->provider : "unknown");
	}
	out_str(out, "measurements", "%s",
		sys->measurements ? sys->measurements : "none");
	if (sys->measurements)
		out_num(out, "registers", sys->registers);
	out_end(out);
}

static void print_findings(struct out *out, const char *name,
			   const char *kind, const struct finding *list,
			   size_t count)
{
	char title[128];
	size_t i;

	out_list(out, name);
	for (i = 0; i < count; i++) {
		snprintf(title, sizeof(title), "%s: %s", kind, list[i].what);
		out_section(out, title);
		out_key(out, "key", list[i].key);
		out_key(out, "what", list[i].what);
		out_str(out, "mend", "%s", list[i].mend);
		out_end(out);
	}
	out_list_end(out);
}

static int print_status(const struct status *st)
{
	struct finding problems[8], notes[8];
	struct out *out = out_open(json_wanted);
	size_t bad = 0, odd = 0;
	int ret;

	if (!out) {
		complain("out of memory");
		return FAILED;
	}
	if (st->sys.tee != TSM_TEE_NONE) {
		bad = find_problems(st, problems);
		odd = find_notes(st, notes);
	}
	out_str(out, "tee", "%s", tee_name(st->sys.tee));
	out_str(out, "found by", "%s", st->sys.tee_why ? st->sys.tee_why :
		"no tdx_guest in /proc/cpuinfo, no sev-guest device");
	if (st->sys.tee != TSM_TEE_NONE) {
		out_check(out, "ready", !bad, "yes", "NO");
		print_driver(out, st);
		print_interfaces(out, st);
		print_findings(out, "problems", "problem", problems, bad);
		print_findings(out, "notes", "note", notes, odd);
	} else {
		out_note(out, "\nThis machine is no TDX or SEV-SNP guest: there is nothing to attest.");
	}
	ret = out_close(out);
	if (ret) {
		complain("standard output: %s", strerror(-ret));
		return FAILED;
	}
	return st->sys.tee == TSM_TEE_NONE ? NO_TEE : bad ? FAILED : DONE;
}

enum { OPT_SYSROOT = OPT_FIRST };

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option options[] = {
		{ "sysroot", required_argument, NULL, OPT_SYSROOT },
		COMMON_OPTIONS,
		{ 0 }
	};
	struct status st = { .provider_error = -EACCES };
	const char *root = NULL;
	struct tsm_error err;
	int option, code = DONE;

	while ((option = next_option(cmd, argc, argv, ":h", options, &code))) {
		if (option < 0)
			return code;
		root = optarg;
	}
	if (optind != argc)
		return usage_error(cmd, "unexpected argument '%s'",
				   argv[optind]);
	if (tsm_system_probe(root ? root : "/", &st.sys, &err)) {
		complain("%s", err.text);
		return FAILED;
	}
	if (!root && geteuid() == 0 && st.sys.report_dir[0])
		ask_provider(&st);
	return print_status(&st);
}

const struct command cmd_status = {
	.name = "status",
	.summary = "which TEE, which driver, what is wrong",
	.help =
"Usage: tsmctl status [--json] [--sysroot DIR]\n"
"\n"
"Tells which TEE this machine is a guest of, which driver serves it, which\n"
"interfaces are there, what is wrong and how to mend it. Nobody needs to be root\n"
"for that, except to learn the provider's name: for it, a report item is made\n"
"and removed again.\n"
"\n"
"Options:\n"
"      --sysroot DIR  look at proc, sys and dev below DIR, such as a container's;\n"
"                     nothing is made there\n"
"      --json         print JSON\n"
"  -h, --help         print this help\n"
"\n"
"Exit status: 0 ready to attest; 1 there is a TEE, but something is wrong;\n"
"2 wrong usage; 4 no TEE here.\n"
"\n"
"Examples:\n"
"  tsmctl status\n"
"  tsmctl status --json | jq -r '.problems[].mend'\n",
	.run = run,
};
