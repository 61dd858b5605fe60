// SPDX-License-Identifier: MIT
/* tsmctl status: what this machine has, what is wrong, and how to mend it. */
#include "status.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void ask_item(struct status *st, const char *name)
{
	struct tsm_entry entry;
	unsigned int floor;

	st->provider_error = tsm_entry_create(&entry, st->sys.report_dir, name,
					      NULL);
	if (st->provider_error)
		return;
	st->provider_error = tsm_entry_provider(&entry, st->provider,
						sizeof(st->provider), NULL);
	if (!st->provider_error && !tsm_entry_floor(&entry, &floor, NULL))
		st->floor = (int)floor;
	tsm_entry_remove(&entry, NULL);
}

/* The provider can be read from a report item only, which only root may make.
 * One that was left behind would keep the driver from being unloaded. */
static void ask_provider(struct status *st)
{
	char name[64], path[sizeof(st->sys.report_dir) + sizeof(name)];
	const struct watch_task task = { .remove = path, .restore = -1 };
	struct watch watch;
	struct tsm_error err;

	entry_name(name, sizeof(name));
	snprintf(path, sizeof(path), "%s/%s", st->sys.report_dir, name);
	st->provider_error = watch_start(&watch, &task, &err);
	if (st->provider_error)
		return;
	ask_item(st, name);
	watch_end(&watch);
}

static void print_tdx_parameters(struct out *out, const struct tsm_system *sys)
{
	if (sys->quote_timeout_ms >= 0)
		out_num(out, "quote_timeout_ms",
			(uint64_t)sys->quote_timeout_ms);
	if (sys->quote_abandoned >= 0)
		out_num(out, "quote_abandoned", (uint64_t)sys->quote_abandoned);
	if (sys->rtmr_mask >= 0)
		out_str(out, "rtmr_mask", "0x%lx", sys->rtmr_mask);
}

static void print_snp_parameters(struct out *out,
				 const struct tsm_snp_state *snp)
{
	if (snp->vmpck_id[0])
		out_str(out, "vmpck_id", "%s", snp->vmpck_id);
	if (snp->timeout_ms >= 0)
		out_num(out, "snp_timeout_ms", (uint64_t)snp->timeout_ms);
}

/* Privilege levels, and the keys with which each of them talks to the firmware. */
static void print_snp(struct out *out, const struct status *st)
{
	const struct tsm_snp_state *snp = &st->sys.snp;
	char name[] = "VMPCK 0";
	unsigned int i;

	out_section(out, "SNP");
	if (snp->vmpl >= 0)
		out_num(out, "VMPL", (uint64_t)snp->vmpl);
	out_str(out, "SVSM", "%s", snp->vmpl > 0 ? "serves this guest" :
		snp->vmpl == 0 ? "none" :
		"unknown: this kernel does not tell the guest's level");
	if (st->floor >= 0)
		out_num(out, "privlevel_floor", (uint64_t)st->floor);
	if (snp->vmpck >= 0)
		out_num(out, "active VMPCK", (uint64_t)snp->vmpck);
	for (i = 0; i < 4; i++) {
		name[6] = (char)('0' + i);
		if (snp->state[i][0])
			out_str(out, name, "%s", snp->state[i]);
	}
	out_end(out);
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
	if (sys->tee == TSM_TEE_TDX)
		print_tdx_parameters(out, sys);
	else
		print_snp_parameters(out, &sys->snp);
	out_check(out, "device", sys->device, "present", "missing");
	out_end(out);
}

/* Of drivers, only ours has the ioctl; configfs may be that of a proposal. */
static void print_ways(struct out *out, const struct tsm_system *sys)
{
	const bool configfs = sys->rtmrs_dir[0] != '\0';
	const bool call = sys->driver == TSM_DRIVER_OURS && sys->device &&
			  configfs;

	out_str(out, "extend by", "%s%s%s%s%s%s", configfs ? "configfs" : "",
		configfs && sys->sysfs_extends ? ", " : "",
		sys->sysfs_extends ? "sysfs" : "",
		(configfs || sys->sysfs_extends) && call ? ", " : "",
		call ? "ioctl" : "",
		configfs || sys->sysfs_extends || call ? "" : "none");
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
	out_str(out, "rtmrs", "%s", sys->rtmrs_dir[0] ? sys->rtmrs_dir : "none");
	if (sys->rtmrs_dir[0])
		out_num(out, "rtmr entries", sys->rtmr_entries);
	print_ways(out, sys);
	out_end(out);
}

static void print_logs(struct out *out, const struct tsm_system *sys)
{
	const struct tsm_runtime_log *log = &sys->log;

	out_section(out, "logs");
	out_str(out, "runtime log", "%s", log->path[0] ? log->path : "none");
	if (log->readable) {
		out_num(out, "runtime bytes", log->size);
		out_num(out, "runtime records", log->records);
	}
	if (log->max_kb >= 0 && sys->tee == TSM_TEE_TDX)
		out_num(out, "log_max_kb", (uint64_t)log->max_kb);
	out_str(out, "boot log", "%s", sys->boot_log ? sys->boot_log : "none");
	out_end(out);
}

static int print_status(const struct status *st)
{
	const bool tee = st->sys.tee != TSM_TEE_NONE;
	struct findings problems = { .count = 0 }, notes = { .count = 0 };
	struct out *out = open_output();

	if (!out)
		return FAILED;
	if (tee)
		find_problems(&problems, st);
	find_notes(&notes, st);
	print_tee(out, &st->sys);
	if (tee) {
		out_check(out, "ready", !problems.count, "yes", "NO");
		print_kernel(out, &st->sys);
		print_driver(out, st);
		if (st->sys.tee == TSM_TEE_SNP)
			print_snp(out, st);
		print_interfaces(out, st);
		print_logs(out, &st->sys);
	} else {
		out_note(out, st->sys.view.hidden ?
			 "\nThe TEE of this machine is out of reach for drivers." :
			 "\nThis machine is no TDX or SEV-SNP guest: there is nothing to attest.");
	}
	print_findings(out, &problems, &notes);
	return written(out_close(out), !tee ? NO_TEE :
		       problems.count ? FAILED : DONE);
}

enum { OPT_SYSROOT = OPT_FIRST };

static const struct option options[] = {
	{ "sysroot", required_argument, NULL, OPT_SYSROOT },
	COMMON_OPTIONS,
	{ 0 }
};

static const struct value values[] = {
	TAKES("sysroot", "DIR", VALUE_DIR),
	{ 0 }
};

static int run(const struct command *cmd, int argc, char **argv)
{
	struct status st = { .floor = -1 };
	const char *root = NULL;
	struct tsm_error err;
	int option, code = DONE;

	while ((option = next_option(cmd, argc, argv, &code))) {
		if (option < 0)
			return code;
		root = optarg;
	}
	if (optind != argc)
		return usage_error(cmd, "unexpected argument '%s'",
				   argv[optind]);
	if (tsm_system_probe(root ? root : "/", &st.sys, &err) ||
	    (st.sys.tee != TSM_TEE_NONE &&
	     tsm_system_diagnose(root ? root : "/", &st.sys, &err))) {
		complain("%s", err.text);
		return FAILED;
	}
	st.provider_error = root ? 0 : -EACCES;
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
"Tells which TEE this machine is a guest of and who says so, what the kernel would\n"
"load, which driver serves, which interfaces are there, by which ways registers can\n"
"be extended, and which event logs there are. In an SEV-SNP guest, also its\n"
"privilege level (VMPL), whether an SVSM serves it, and the state of the keys\n"
"(VMPCK) with which the driver talks to the firmware.\n"
"\n"
"What keeps attestation from working is a problem, what else is worth knowing is a\n"
"note, and both come with the one command that mends it, where there is one, to be\n"
"executed by root as it stands: drivers that are not installed, not built, not\n"
"signed, not wanted or in each other's way, file systems that are not mounted,\n"
"and what a container is not shown. A TEE that a paravisor keeps to itself, as on\n"
"Azure, is told with where its evidence is instead.\n"
"\n"
"Nobody needs to be root for that, except to learn how full the runtime log is,\n"
"what the MSR SEV_STATUS and the kernel's log say, and the provider's name and its\n"
"lowest privilege level: for these, a report item is made and removed again.\n"
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
"  tsmctl status --json | jq -r '.problems[] | .command // .mend'\n",
	.options = options,
	.shorts = ":h",
	.values = values,
	.run = run,
};
