// SPDX-License-Identifier: MIT
/* What the machine offers: TEE, driver, configfs, registers. Changes nothing. */
#include "lib_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The flags of the first CPU stand in the first page or two. */
#define CPUINFO_MAX	(64u << 10)
#define MOUNTS_MAX	(256u << 10)
#define LINE_MAX_READ	4096u

static bool exists(int root, const char *path)
{
	return faccessat(root, path, F_OK, 0) == 0;
}

/* The beginning of a file as a string, or NULL; the caller frees it. */
static char *slurp(int root, const char *path, size_t max)
{
	int fd = openat(root, path, O_RDONLY | O_CLOEXEC);
	char *text = fd < 0 ? NULL : calloc(1, max + 1);
	size_t used = 0;
	ssize_t n;

	while (text && used < max) {
		n = read(fd, text + used, max - used);
		if (n <= 0)
			break;
		used += (size_t)n;
	}
	if (fd >= 0)
		close(fd);
	return text;
}

static void read_line(int root, const char *path, char *out, size_t size)
{
	char *text = slurp(root, path, LINE_MAX_READ);

	snprintf(out, size, "%s", text ? text : "");
	out[strcspn(out, "\n")] = '\0';
	free(text);
}

static long read_number(int root, const char *path)
{
	char text[32], *end;
	long value;

	read_line(root, path, text, sizeof(text));
	value = strtol(text, &end, 10);
	return end == text || *end ? -1 : value;
}

static unsigned int count_dir(int root, const char *path, unsigned char type)
{
	int fd = openat(root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	unsigned int count = 0;
	struct dirent *e;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while ((e = readdir(dir)))
		count += e->d_name[0] != '.' && e->d_type == type;
	closedir(dir);
	return count;
}

static bool cpu_has(int root, const char *flag)
{
	char *text = slurp(root, "proc/cpuinfo", CPUINFO_MAX), *line, *save;
	bool found = false;

	line = text ? strstr(text, "\nflags") : NULL;
	if (line) {
		line[strcspn(line + 1, "\n") + 1] = '\0';
		for (line = strtok_r(line, " \t:", &save); line && !found;
		     line = strtok_r(NULL, " \t:", &save))
			found = !strcmp(line, flag);
	}
	free(text);
	return found;
}

static void probe_tee(int root, struct tsm_system *sys)
{
	if (cpu_has(root, "tdx_guest")) {
		sys->tee = TSM_TEE_TDX;
		sys->tee_why = "tdx_guest in /proc/cpuinfo";
	} else if (exists(root, "sys/class/misc/tdx_guest")) {
		/* drivers register it in a TD only */
		sys->tee = TSM_TEE_TDX;
		sys->tee_why = "misc device tdx_guest";
	} else if (exists(root, "sys/devices/platform/sev-guest")) {
		sys->tee = TSM_TEE_SNP;
		sys->tee_why = "platform device sev-guest";
	}
}

static void probe_driver(int root, struct tsm_system *sys)
{
	const bool tdx = sys->tee == TSM_TEE_TDX;

	sys->quote_timeout_ms = sys->quote_abandoned = -1;
	sys->device = exists(root, tdx ? "dev/tdx_guest" : "dev/sev-guest");
	if (exists(root, "sys/module/tsm_guest")) {
		sys->driver = TSM_DRIVER_OURS;
		sys->driver_name = "tsm_guest";
		read_line(root, "sys/module/tsm_guest/version",
			  sys->driver_version, sizeof(sys->driver_version));
		sys->quote_timeout_ms = read_number(root,
			"sys/module/tsm_guest/parameters/quote_timeout_ms");
		sys->quote_abandoned = read_number(root,
			"sys/module/tsm_guest/parameters/quote_abandoned");
	} else if (exists(root, tdx ? "sys/module/tdx_guest" :
				      "sys/module/sev_guest")) {
		sys->driver = TSM_DRIVER_INTREE;
		sys->driver_name = tdx ? "tdx_guest" : "sev_guest";
	} else if (exists(root, tdx ? "sys/class/misc/tdx_guest" :
				      "sys/class/misc/sev-guest")) {
		sys->driver = TSM_DRIVER_INTREE;
		sys->driver_name = "built in";
	}
}

/* Lines of /proc/mounts are "SOURCE MOUNTPOINT TYPE ...". */
static bool find_configfs(char *mounts, char dir[64])
{
	char type[32], *line, *save;

	for (line = strtok_r(mounts, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (sscanf(line, "%*s %63s %31s", dir, type) == 2 &&
		    !strcmp(type, "configfs"))
			return true;
	}
	return false;
}

static void probe_configfs(int root, struct tsm_system *sys)
{
	char *mounts = slurp(root, "proc/mounts", MOUNTS_MAX);
	char dir[64], report[128];

	/* drivers/virt/coco: renamed in Linux 6.16 */
	if (exists(root, "sys/module/tsm_report"))
		sys->report_module = "tsm_report";
	else if (exists(root, "sys/module/tsm"))
		sys->report_module = "tsm";
	if (mounts && find_configfs(mounts, dir) && dir[0] == '/') {
		snprintf(sys->configfs, sizeof(sys->configfs), "%s", dir);
		snprintf(report, sizeof(report), "%s/tsm/report", dir);
		if (exists(root, report + 1)) {
			memcpy(sys->report_dir, report, sizeof(report));
			sys->entries = count_dir(root, report + 1, DT_DIR);
		}
	}
	free(mounts);
}

static void probe_registers(int root, struct tsm_system *sys)
{
	static const char *const dirs[] = {
		"/sys/class/misc/tdx_guest/measurements",
		"/sys/class/misc/sev-guest/measurements",
	};
	size_t i;

	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		if (!exists(root, dirs[i] + 1))
			continue;
		sys->measurements = dirs[i];
		sys->registers = count_dir(root, dirs[i] + 1, DT_REG);
	}
}

int tsm_system_probe(const char *root, struct tsm_system *sys,
		     struct tsm_error *err)
{
	int fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);

	memset(sys, 0, sizeof(*sys));
	if (fd < 0)
		return tsm_error_set(err, -errno, "%s: %s", root,
				     strerror(errno));
	probe_tee(fd, sys);
	probe_driver(fd, sys);
	probe_configfs(fd, sys);
	probe_registers(fd, sys);
	close(fd);
	return 0;
}
