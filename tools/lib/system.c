// SPDX-License-Identifier: MIT
/* What the machine offers: TEE, driver, configfs, registers. Changes nothing. */
#include "system_private.h"

#include <linux/tsm-guest.h>
#include <tsm/eventlog.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOUNTS_MAX	(256u << 10)

/* What a container shows us as a log need not end. */
#define LOG_MAX		(1u << 30)

static void probe_device(const struct root *root, struct tsm_system *sys,
			 const char *name)
{
	unsigned int major, minor;
	char path[64], text[32];

	snprintf(path, sizeof(path), "dev/%s", name);
	sys->device = root_exists(root, path);
	snprintf(path, sizeof(path), "sys/class/misc/%s/dev", name);
	root_line(root, path, text, sizeof(text));
	if (sscanf(text, "%4u:%7u", &major, &minor) == 2)
		snprintf(sys->device_number, sizeof(sys->device_number),
			 "%u:%u", major, minor);
}

static void probe_driver(const struct root *root, struct tsm_system *sys)
{
	const bool tdx = sys->tee == TSM_TEE_TDX;

	sys->quote_timeout_ms = sys->quote_abandoned = -1;
	sys->rtmr_mask = sys->log.max_kb = -1;
	probe_device(root, sys, tdx ? "tdx_guest" : "sev-guest");
	sys->two_drivers = root_exists(root, "sys/module/tsm_guest") &&
			   root_exists(root, tdx ? "sys/module/tdx_guest" :
						   "sys/module/sev_guest");
	if (root_exists(root, "sys/module/tsm_guest")) {
		sys->driver = TSM_DRIVER_OURS;
		sys->driver_name = "tsm_guest";
		root_line(root, "sys/module/tsm_guest/version",
			  sys->driver_version, sizeof(sys->driver_version));
		sys->quote_timeout_ms = root_number(root,
			"sys/module/tsm_guest/parameters/quote_timeout_ms");
		sys->quote_abandoned = root_number(root,
			"sys/module/tsm_guest/parameters/quote_abandoned");
		sys->rtmr_mask = root_number(root,
			"sys/module/tsm_guest/parameters/rtmr_mask");
		sys->log.max_kb = root_number(root,
			"sys/module/tsm_guest/parameters/log_max_kb");
	} else if (root_exists(root, tdx ? "sys/module/tdx_guest" :
				      "sys/module/sev_guest")) {
		sys->driver = TSM_DRIVER_INTREE;
		sys->driver_name = tdx ? "tdx_guest" : "sev_guest";
	} else if (root_exists(root, tdx ? "sys/class/misc/tdx_guest" :
				      "sys/class/misc/sev-guest")) {
		sys->driver = TSM_DRIVER_INTREE;
		sys->driver_name = "built in";
	}
}

static void probe_snp(const struct root *root, struct tsm_system *sys)
{
	const bool ours = sys->driver == TSM_DRIVER_OURS;
	struct tsm_snp_state *snp = &sys->snp;
	char path[64];
	unsigned int i;

	snp->vmpl = root_number(root, "sys/devices/system/cpu/sev/vmpl");
	root_line(root, ours ? "sys/module/tsm_guest/parameters/vmpck_id" :
			       "sys/module/sev_guest/parameters/vmpck_id",
		  snp->vmpck_id, sizeof(snp->vmpck_id));
	snp->timeout_ms = root_number(root,
		"sys/module/tsm_guest/parameters/snp_timeout_ms");
	snp->vmpck = root_number(root, "sys/class/misc/sev-guest/vmpck/active");
	for (i = 0; i < 4; i++) {
		snprintf(path, sizeof(path),
			 "sys/class/misc/sev-guest/vmpck/state%u", i);
		root_line(root, path, snp->state[i], sizeof(snp->state[i]));
	}
}

/* Lines of /proc/mounts are "SOURCE MOUNTPOINT TYPE OPTIONS ...". Return: whether
 * the first mount of @type is read-only. */
static bool find_mount(const char *mounts, const char *type, char *dir,
		       size_t size)
{
	const char *line = mounts;
	char at[64], name[32], options[4];

	dir[0] = '\0';
	while (line && *line) {
		if (sscanf(line, "%*s %63s %31s %3s", at, name, options) == 3 &&
		    !strcmp(name, type) && at[0] == '/') {
			snprintf(dir, size, "%s", at);
			return !strncmp(options, "ro", 2) &&
			       (options[2] == ',' || !options[2]);
		}
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return false;
}

/* A directory of configfs and what is in it, if it is there. */
static unsigned int probe_group(const struct root *root, const struct tsm_system *sys,
				const char *name, char path[160])
{
	char full[160];

	snprintf(full, sizeof(full), "%s/tsm/%s", sys->configfs, name);
	if (!sys->configfs[0] || !root_exists(root, full + 1))
		return 0;
	memcpy(path, full, sizeof(full));
	return root_count(root, full + 1, DT_DIR);
}

/* Lines of /proc/filesystems are "[nodev]<TAB>NAME". */
static bool knows_configfs(const struct root *root)
{
	char *text = root_text(root, "proc/filesystems", MOUNTS_MAX);
	const bool known = text && strstr(text, "\tconfigfs\n");

	free(text);
	return known;
}

/* Who runs containers leaves a file in them, or gives them a /sys that cannot
 * be changed, which nobody does outside. */
static void probe_container(const struct root *root, struct tsm_system *sys,
			    bool sys_read_only)
{
	char *kind = sys->container;
	const size_t size = sizeof(sys->container);

	root_line(root, "run/systemd/container", kind, size);
	if (kind[0])
		return;
	if (root_exists(root, "var/run/secrets/kubernetes.io"))
		snprintf(kind, size, "kubernetes");
	else if (root_exists(root, "run/.containerenv"))
		snprintf(kind, size, "podman");
	else if (root_exists(root, ".dockerenv"))
		snprintf(kind, size, "docker");
	else if (sys_read_only)
		snprintf(kind, size, "of an unknown kind");
}

static void probe_mounts(const struct root *root, struct tsm_system *sys)
{
	char *mounts = root_text(root, "proc/mounts", MOUNTS_MAX), dir[64];

	if (mounts) {
		sys->configfs_read_only = find_mount(mounts, "configfs",
			sys->configfs, sizeof(sys->configfs));
		find_mount(mounts, "securityfs", sys->securityfs,
			   sizeof(sys->securityfs));
		find_mount(mounts, "devtmpfs", dir, sizeof(dir));
		sys->devtmpfs = !strcmp(dir, "/dev");
		probe_container(root, sys, find_mount(mounts, "sysfs", dir,
						      sizeof(dir)));
	}
	free(mounts);

	sys->systemd = root_exists(root, "run/systemd/system");
	sys->configfs_known = sys->configfs[0] || knows_configfs(root);

	/* drivers/virt/coco: renamed in Linux 6.16 */
	if (root_exists(root, "sys/module/tsm_report"))
		sys->report_module = "tsm_report";
	else if (root_exists(root, "sys/module/tsm"))
		sys->report_module = "tsm";
	sys->entries = probe_group(root, sys, "report", sys->report_dir);
	sys->rtmr_entries = probe_group(root, sys, "rtmrs", sys->rtmrs_dir);
}

static void probe_registers(const struct root *root, struct tsm_system *sys)
{
	static const char *const dirs[] = {
		"/sys/class/misc/tdx_guest/measurements",
		"/sys/class/misc/sev-guest/measurements",
	};
	char path[64];
	size_t i;

	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		if (!root_exists(root, dirs[i] + 1))
			continue;
		sys->measurements = dirs[i];
		sys->registers = root_count(root, dirs[i] + 1, DT_REG);
		snprintf(path, sizeof(path), "%s/rtmr0:sha384", dirs[i] + 1);
		sys->sysfs_extends = root_exists(root, path);
	}
}

static bool ends_at(int fd, uint64_t size)
{
	char last;

	return pread(fd, &last, 1, (off_t)size - 1) == 1;
}

/* From head to head: event data are of no interest, and may be large. */
static bool walk_log(int fd, struct tsm_runtime_log *log)
{
	struct tsm_event head;
	struct tsm_spec_id id;
	ssize_t n = pread(fd, &id, sizeof(id), 0);

	if (n != sizeof(id))
		return false;
	log->size = sizeof(id);
	while (log->size < LOG_MAX) {
		n = pread(fd, &head, sizeof(head), (off_t)log->size);
		if (n == 0)
			return ends_at(fd, log->size);
		if (n != sizeof(head) || le32toh(head.digests) != 1 ||
		    le16toh(head.alg) != TSM_ALG_SHA384)
			return false;
		log->size += sizeof(head) + le32toh(head.event_size);
		log->records++;
	}
	return false;
}

static void probe_logs(const struct root *root, struct tsm_system *sys)
{
	struct tsm_runtime_log *log = &sys->log;
	int fd;

	sys->boot_table = root_exists(root, "sys/firmware/acpi/tables/CCEL");
	/* shown by Linux since 6.4 */
	if (root_exists(root, "sys/firmware/acpi/tables/data/CCEL"))
		sys->boot_log = "/sys/firmware/acpi/tables/data/CCEL";

	snprintf(log->path, sizeof(log->path), "%s/" TSM_GUEST_LOG,
		 sys->securityfs);
	if (!sys->securityfs[0] || !root_exists(root, log->path + 1)) {
		log->path[0] = '\0';
		return;
	}
	fd = root_open(root, log->path + 1, 0);
	if (fd >= 0) {
		log->readable = walk_log(fd, log);
		close(fd);
	}
}

static int open_root(const char *path, struct root *root,
		     struct tsm_error *err)
{
	root->fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	root->confined = strcmp(path, "/") != 0;
	return root->fd >= 0 ? 0 :
	       tsm_error_set(err, -errno, "%s: %s", path, strerror(errno));
}

int tsm_system_probe(const char *root, struct tsm_system *sys,
		     struct tsm_error *err)
{
	struct root at;
	int ret = open_root(root, &at, err);

	memset(sys, 0, sizeof(*sys));
	if (ret)
		return ret;
	tee_probe(&at, sys);
	probe_driver(&at, sys);
	probe_snp(&at, sys);
	probe_mounts(&at, sys);
	probe_registers(&at, sys);
	probe_logs(&at, sys);
	close(at.fd);
	return 0;
}

int tsm_system_diagnose(const char *root, struct tsm_system *sys,
			struct tsm_error *err)
{
	struct root at;
	int ret = open_root(root, &at, err);

	if (ret)
		return ret;
	install_probe(&at, sys);
	signing_probe(&at, sys);
	blacklist_probe(&at, sys);
	kernel_log_probe(&at, sys);
	close(at.fd);
	return 0;
}
