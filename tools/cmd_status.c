// SPDX-License-Identifier: MIT
/* tsmctl status: what this machine has, what is wrong, and how to mend it. */
#include "tsmctl.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Debian has configfs as a module; ours needs it, which only modprobe knows. */
#define LOAD_OURS \
	"modprobe tsm_guest if it is installed (make install; depmod); if not: modprobe configfs; insmod tsm_guest.ko"

/**
 * struct finding - something to know, or that keeps attestation from working
 * @key: short and stable, for programs
 * @what: what is so
 * @mend: what helps
 */
struct finding {
	const char *key;
	const char *what;
	char mend[256];
};

/**
 * struct findings - a list of them
 * @count: how many
 * @item: they
 */
struct findings {
	size_t count;
	struct finding item[6];
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

__attribute__((format(printf, 4, 5)))
static void find(struct findings *list, const char *key, const char *what,
		 const char *mend, ...)
{
	struct finding *f = &list->item[list->count++];
	va_list args;

	f->key = key;
	f->what = what;
	va_start(args, mend);
	vsnprintf(f->mend, sizeof(f->mend), mend, args);
	va_end(args);
}

/* How to get to our driver from what is loaded now. */
static void find_swap(struct findings *list, const struct tsm_system *sys,
		      const char *key, const char *what)
{
	const bool intree = sys->driver == TSM_DRIVER_INTREE;

	if (intree && !strcmp(sys->driver_name, "built in"))
		find(list, key, what, "it is built into this kernel and cannot be unloaded: another kernel");
	else if (sys->report_dir[0] && !sys->report_module)
		find(list, key, what, "tsm is built into this kernel and cannot be unloaded: another kernel");
	else
		find(list, key, what, "%s%s%s%s" LOAD_OURS,
		     intree ? "rmmod tdx_guest; " : "",
		     sys->report_module ? "rmmod " : "",
		     sys->report_module ? sys->report_module : "",
		     sys->report_module ? "; " : "");
}

static void find_problems(struct findings *list, const struct status *st)
{
	const struct tsm_system *sys = &st->sys;

	if (sys->driver == TSM_DRIVER_NONE && sys->tee == TSM_TEE_SNP)
		find(list, "no_driver", "no driver serves the TEE",
		     "modprobe sev-guest: tsm_guest does not serve SEV-SNP");
	else if (sys->driver == TSM_DRIVER_NONE)
		find_swap(list, sys, "no_driver", "no driver serves the TEE");
	if (!sys->configfs[0])
		find(list, "no_configfs", "configfs is not mounted",
		     "modprobe configfs; mount -t configfs none /sys/kernel/config");
	else if (!sys->report_dir[0] && sys->driver == TSM_DRIVER_OURS)
		find(list, "no_report",
		     "configfs has no tsm/report, although tsm_guest is loaded",
		     "reload it: rmmod tsm_guest; modprobe tsm_guest; dmesg tells what is in its way");
	else if (!sys->report_dir[0] && sys->tee == TSM_TEE_TDX &&
		 sys->driver == TSM_DRIVER_INTREE)
		find_swap(list, sys, "no_report",
			  "configfs has no tsm/report: the kernel's own driver has it since Linux 6.7");
	else if (!sys->report_dir[0] && sys->driver != TSM_DRIVER_NONE)
		find(list, "no_report",
		     "configfs has no tsm/report: the kernel's own driver has it since Linux 6.7",
		     "a newer kernel");
	if (sys->report_dir[0] && st->provider_error == -ENXIO)
		find(list, "no_provider",
		     "tsm/report is there, but no TEE driver is registered with it",
		     "rmdir what is left in tsm/report, then reload the driver");
	else if (sys->report_dir[0] && st->provider_error &&
		 st->provider_error != -EACCES)
		find(list, "provider_error",
		     "a report item could not be made and read",
		     "see the kernel's log: dmesg");
	if (sys->driver != TSM_DRIVER_NONE && !sys->device)
		find(list, "no_device",
		     "the driver's device file is missing in /dev",
		     "mount -t devtmpfs none /dev, or start udev");
}

/* Nothing that must be mended, but what people stumble over. */
static void find_notes(struct findings *list, const struct status *st)
{
	const struct tsm_system *sys = &st->sys;

	if (sys->driver == TSM_DRIVER_INTREE && sys->tee == TSM_TEE_TDX &&
	    sys->report_dir[0])
		find_swap(list, sys, "intree_driver",
			  "the kernel's own driver serves, and works; tsm_guest would add: quotes of several readers at a time, an errno for each failure, certificates in auxblob");
	if (sys->entries)
		find(list, "entries",
		     "report items exist, as they do while programs use them",
		     "only to unload the driver: rmdir %s/NAME of those that nobody uses",
		     sys->report_dir);
	if (sys->quote_abandoned > 0)
		find(list, "abandoned",
		     "the host has not given back buffers of killed or timed out requests",
		     "nothing to do here: they are reclaimed when it does");
	if (sys->report_dir[0] && st->provider_error == -EACCES)
		find(list, "not_root",
		     "the provider was not asked, which takes root",
		     "sudo tsmctl status");
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

/* @label: what text calls the way out; JSON has "mend" for good. */
static void print_findings(struct out *out, const char *name,
			   const char *kind, const char *label,
			   const struct findings *list)
{
	const struct finding *f;
	char title[256];

	out_list(out, name);
	for (f = list->item; f < list->item + list->count; f++) {
		snprintf(title, sizeof(title), "%s: %s", kind, f->what);
		out_section(out, title);
		out_key(out, "key", f->key);
		out_key(out, "what", f->what);
		out_str(out, json_wanted ? "mend" : label, "%s", f->mend);
		out_end(out);
	}
	out_list_end(out);
}

static int print_status(const struct status *st)
{
	struct findings problems = { .count = 0 }, notes = { .count = 0 };
	struct out *out = open_output();

	if (!out)
		return FAILED;
	if (st->sys.tee != TSM_TEE_NONE) {
		find_problems(&problems, st);
		find_notes(&notes, st);
	}
	out_str(out, "tee", "%s", tee_name(st->sys.tee));
	out_str(out, "found by", "%s", st->sys.tee_why ? st->sys.tee_why :
		"no tdx_guest in /proc/cpuinfo, no sev-guest device");
	if (st->sys.tee != TSM_TEE_NONE) {
		out_check(out, "ready", !problems.count, "yes", "NO");
		print_driver(out, st);
		print_interfaces(out, st);
		print_findings(out, "problems", "problem", "mend", &problems);
		print_findings(out, "notes", "note", "advice", &notes);
	} else {
		out_note(out, "\nThis machine is no TDX or SEV-SNP guest: there is nothing to attest.");
	}
	return written(out_close(out), st->sys.tee == TSM_TEE_NONE ? NO_TEE :
		       problems.count ? FAILED : DONE);
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
