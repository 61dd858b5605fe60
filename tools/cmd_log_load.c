// SPDX-License-Identifier: MIT
/* Finds event logs and registers for tsmctl log: in files, or on this machine. */
#include "cmd_log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CCEL_TABLE	"/sys/firmware/acpi/tables/CCEL"

/* How often a log that was replaced meanwhile is looked at again. */
#define TRIES		3

__attribute__((format(printf, 2, 3)))
static void note(struct log_set *set, const char *fmt, ...)
{
	const unsigned int room = sizeof(set->note) / sizeof(set->note[0]);
	va_list args;

	if (set->notes == room)
		return;
	va_start(args, fmt);
	vsnprintf(set->note[set->notes++], sizeof(set->note[0]), fmt, args);
	va_end(args);
}

/* Return: @ret after a complaint, with what helps. */
static int cannot_read(const struct tsm_error *err, int ret)
{
	complain("%s", err->text);
	if ((ret == -EACCES || ret == -EPERM) && geteuid())
		complain("only root may read it: try with sudo");
	return FAILED;
}

static void add(struct log_set *set, const char *kind, const char *name,
		uint8_t *data, size_t len)
{
	const unsigned int at = set->parts++;

	set->kind[at] = kind;
	set->bytes[at] = data;
	set->part[at] = (struct tsm_log_part){
		.name = name,
		.bytes = { data, len },
		.settled = len,
	};
}

static int add_file(struct log_set *set, const char *kind, const char *path)
{
	struct tsm_error err;
	uint8_t *data;
	size_t len;
	int ret;

	ret = tsm_file_read(path, TSM_EVIDENCE_MAX, &data, &len, &err);
	if (ret)
		return cannot_read(&err, ret);
	if (len >= 4 && !memcmp(data, "CCEL", 4)) {
		complain("%s is the ACPI table; the log that it points to is in data/CCEL beside it",
			 path);
		free(data);
		return FAILED;
	}
	add(set, kind, path, data, len);
	return DONE;
}

/* What firmware says of its log must fit with what the kernel hands out. */
static int check_table(struct log_set *set, size_t *len)
{
	struct tsm_ccel ccel;
	struct tsm_error err;
	uint8_t *data;
	size_t size;
	int ret;

	ret = tsm_file_read(CCEL_TABLE, 4096, &data, &size, &err);
	if (ret)
		return cannot_read(&err, ret);
	ret = tsm_ccel_parse(data, size, &ccel, &err);
	free(data);
	if (ret) {
		complain("%s", err.text);
		complain("--ccel FILE takes a boot log without its table");
		return FAILED;
	}
	if (ccel.laml == *len)
		return DONE;
	note(set, "the boot log has %llu bytes by ACPI table CCEL, but %zu in the kernel's file",
	     (unsigned long long)ccel.laml, *len);
	if (ccel.laml < *len)
		*len = (size_t)ccel.laml;
	return DONE;
}

static int load_boot(struct log_set *set, const struct tsm_system *sys)
{
	struct tsm_error err;
	struct tsm_log log;
	uint8_t *data;
	size_t len;
	int ret;

	if (!sys->boot_table) {
		note(set, "no boot log: firmware left no ACPI table CCEL");
		return DONE;
	}
	if (!sys->boot_log) {
		note(set, "no boot log: this kernel does not hand out what ACPI table CCEL points to, as Linux does since 6.4; --ccel FILE takes a copy, --runtime %s goes with it",
		     sys->log.path[0] ? sys->log.path : "FILE");
		return DONE;
	}
	ret = tsm_file_read(sys->boot_log, TSM_EVIDENCE_MAX, &data, &len, &err);
	if (ret)
		return cannot_read(&err, ret);
	if (check_table(set, &len)) {
		free(data);
		return FAILED;
	}
	if (tsm_log_open(&log, data, len, NULL) == -ENODATA) {
		note(set, "no boot log: %s has nothing but fill, firmware measured nothing",
		     sys->boot_log);
		free(data);
		return DONE;
	}
	add(set, "boot", "/sys/firmware/acpi/tables/data/CCEL", data, len);
	return DONE;
}

/* Kept in @set, since the name of a log must last as long. */
static const char *keep_path(struct log_set *set, const char *path)
{
	snprintf(set->path, sizeof(set->path), "%s", path);
	return set->path;
}

static int load_runtime(struct log_set *set, const struct tsm_system *sys)
{
	int code;

	if (sys->driver != TSM_DRIVER_OURS) {
		note(set, "no runtime log: tsm_guest keeps one, but %s%s serves this TD",
		     sys->driver == TSM_DRIVER_NONE ? "no driver" : "",
		     sys->driver == TSM_DRIVER_NONE ? "" : sys->driver_name);
		return DONE;
	}
	if (!sys->log.path[0]) {
		note(set, "no runtime log: %s",
		     !sys->securityfs[0] ?
		     "securityfs is not mounted: mount -t securityfs none /sys/kernel/security" :
		     geteuid() ? "only root may look for it: try with sudo" :
				 "tsm_guest shows none in securityfs");
		return DONE;
	}
	code = add_file(set, "runtime", keep_path(set, sys->log.path));
	set->is_own = !code;
	return code;
}

static int load_machine(struct log_set *set)
{
	struct tsm_system sys;
	struct tsm_error err;
	unsigned int i;
	int code;

	if (tsm_system_probe("/", &sys, &err)) {
		complain("%s", err.text);
		return FAILED;
	}
	if (sys.tee != TSM_TEE_TDX) {
		complain("no TDX here; --ccel FILE and --runtime FILE read logs of elsewhere");
		explain_hidden(&sys);
		return NO_TEE;
	}
	code = load_boot(set, &sys);
	if (!code)
		code = load_runtime(set, &sys);
	if (code || set->parts)
		return code;
	for (i = 0; i < set->notes; i++)
		complain("%s", set->note[i]);
	return FAILED;
}

/* Beside a copy of the boot log, this machine's runtime log is still its own. */
static bool is_of_machine(const char *path)
{
	struct tsm_system sys;

	return !tsm_system_probe("/", &sys, NULL) &&
	       sys.driver == TSM_DRIVER_OURS && !strcmp(path, sys.log.path);
}

int load_logs(const struct log_options *options, struct log_set *set)
{
	int code = DONE;

	memset(set, 0, sizeof(*set));
	if (!options->ccel && !options->runtime)
		code = load_machine(set);
	if (options->ccel)
		code = add_file(set, "boot", options->ccel);
	if (!code && options->runtime) {
		code = add_file(set, "runtime", options->runtime);
		set->is_own = is_of_machine(options->runtime);
	}
	if (code)
		free_logs(set);
	return code;
}

void free_logs(struct log_set *set)
{
	unsigned int i;

	for (i = 0; i < set->parts; i++)
		free(set->bytes[i]);
	set->parts = 0;
}

static int from_bytes(const uint8_t *data, size_t len, struct tsm_rtmrs *rtmrs,
		      struct tsm_error *err)
{
	struct tsm_tdx_report report;
	struct tsm_quote quote;
	int ret = -EPROTONOSUPPORT;

	switch (tsm_evidence_guess(data, len)) {
	case TSM_EVIDENCE_TDREPORT:
		ret = tsm_tdreport_parse(data, len, &report, err);
		if (!ret)
			memcpy(rtmrs, report.td.rtmr, sizeof(*rtmrs));
		return ret;
	case TSM_EVIDENCE_QUOTE:
		ret = tsm_quote_parse(data, len, &quote, err);
		if (!ret)
			memcpy(rtmrs, quote.body.td15.td10.rtmr,
			       sizeof(*rtmrs));
		return ret;
	default:
		snprintf(err->text, sizeof(err->text), UNKNOWN_EVIDENCE, len);
		return ret;
	}
}

static int from_file(const char *path, struct tsm_rtmrs *rtmrs)
{
	struct tsm_error err;
	uint8_t *data;
	size_t len;
	int ret;

	ret = tsm_file_read(path, TSM_EVIDENCE_MAX, &data, &len, &err);
	if (ret)
		return cannot_read(&err, ret);
	ret = from_bytes(data, len, rtmrs, &err);
	free(data);
	if (!ret)
		return DONE;
	complain("%s: %s", path, err.text);
	return FAILED;
}

/* One TDREPORT has all four at one time, which reading them one by one has not. */
static int from_device(struct tsm_rtmrs *rtmrs)
{
	static const uint8_t reportdata[TSM_TDX_REPORTDATA_SIZE];
	struct tsm_tdx_report report;
	struct tsm_system sys;
	struct tsm_error err;
	int ret;

	ret = tsm_tdreport_get(reportdata, &report, &err);
	if (!ret) {
		memcpy(rtmrs, report.td.rtmr, sizeof(*rtmrs));
		return DONE;
	}
	if (tsm_system_probe("/", &sys, NULL) == 0 && sys.tee != TSM_TEE_TDX) {
		complain("no TDX here to compare with: --quote FILE takes a quote or a TDREPORT, --no-compare prints what the log leads to");
		return NO_TEE;
	}
	if (ret == -ENOENT)
		complain("no driver serves this TD: see tsmctl status");
	return cannot_read(&err, ret);
}

/* Return: -1 to try again, after the module was loaded anew with another log. */
static int read_again(struct log_set *set)
{
	const unsigned int at = set->parts - 1;
	struct tsm_log_part *part = &set->part[at];
	const size_t before = part->bytes.len;
	struct tsm_error err;
	uint8_t *data;
	bool grown;
	size_t len;
	int ret;

	ret = tsm_file_read(part->name, TSM_EVIDENCE_MAX, &data, &len, &err);
	if (ret)
		return cannot_read(&err, ret);
	grown = len >= before && !memcmp(data, set->bytes[at], before);
	free(set->bytes[at]);
	set->bytes[at] = data;
	part->bytes = (struct tsm_blob){ data, len };
	part->settled = grown ? before : len;
	return grown ? DONE : -1;
}

/*
 * The log only grows: what was in it before the registers were read is in them,
 * and what is not in it afterwards is not.
 */
int load_registers(const struct log_options *options, struct log_set *set,
		   struct tsm_rtmrs *rtmrs)
{
	unsigned int tries;
	int code;

	memset(rtmrs, 0, sizeof(*rtmrs));
	if (options->quote)
		return from_file(options->quote, rtmrs);
	for (tries = 0; tries < TRIES; tries++) {
		code = from_device(rtmrs);
		if (code || !set->is_own)
			return code;
		code = read_again(set);
		if (code >= 0)
			return code;
	}
	complain("%s: another log each time: is tsm_guest being loaded again and again?",
		 set->part[set->parts - 1].name);
	return FAILED;
}
