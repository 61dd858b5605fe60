// SPDX-License-Identifier: MIT
/* What is installed for the kernel that runs: drivers, and what makes ours. */
#include "system_private.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

/* Debian's have 700 KB, without what else a machine may have. */
#define MODULES_DEP_MAX	(4u << 20)

/* The same range is in packaging/dkms.conf. */
#define KERNEL_FIRST	0x0601
#define KERNEL_LAST	0x0703

/* Where modules of others are installed, if depmod was not told of them. */
static const char *const elsewhere[] = {
	"updates/dkms/tsm_guest.ko", "updates/dkms/tsm_guest.ko.xz",
	"updates/dkms/tsm_guest.ko.zst", "updates/tsm_guest.ko",
	"updates/tsm_guest.ko.xz", "extra/tsm_guest.ko",
};

/* Names from below a root become parts of paths and commands. */
static bool is_plain(const char *name)
{
	return name[0] && name[0] != '.' && name[0] != '-' &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
			   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+~-")] == '\0';
}

static void read_release(const struct root *root, struct tsm_install *install)
{
	struct utsname name;

	root_line(root, "proc/sys/kernel/osrelease", install->release,
		  sizeof(install->release));
	if (!install->release[0] && !root->confined && !uname(&name))
		snprintf(install->release, sizeof(install->release), "%.*s",
			 (int)sizeof(install->release) - 1, name.release);
	if (!is_plain(install->release))
		install->release[0] = '\0';
}

static enum tsm_answer in_range(const char *release)
{
	unsigned int major, minor, version;

	if (sscanf(release, "%3u.%3u", &major, &minor) != 2 || minor > 255)
		return TSM_ANSWER_UNKNOWN;
	version = major << 8 | minor;
	return version >= KERNEL_FIRST && version <= KERNEL_LAST ?
	       TSM_ANSWER_YES : TSM_ANSWER_NO;
}

/* The file of a line of modules.dep, "FILE: FILE...", if it is @name's, whether
 * compressed or not. */
static bool is_file_of(char *line, const char *name)
{
	char *end = strchr(line, ':'), *base, *p;

	if (!end)
		return false;
	*end = '\0';
	base = strrchr(line, '/');
	base = base ? base + 1 : line;
	p = strstr(base, ".ko");
	if (!p || (p[3] && p[3] != '.'))
		return false;
	*p = '\0';
	for (end = base; *end && (*end == *name || (*end == '-' && *name == '_'));
	     end++)
		name++;
	if (*end || *name)
		return false;
	*p = '.';
	return true;
}

/* Where modules.dep has the module, below lib/modules/RELEASE. */
static void look_up(char *dep, const char *name, char *path, size_t size)
{
	char *line, *next;

	for (line = dep; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (is_file_of(line, name)) {
			snprintf(path, size, "%s", line);
			return;
		}
	}
}

static void find_module(const struct root *root,
			const struct tsm_install *install, const char *name,
			char *path, size_t size)
{
	char file[TSM_PATH], found[TSM_PATH] = "", *dep;

	snprintf(file, sizeof(file), "lib/modules/%s/modules.dep",
		 install->release);
	dep = root_text(root, file, MODULES_DEP_MAX);
	if (dep)
		look_up(dep, name, found, sizeof(found));
	free(dep);
	if (found[0] == '/')
		snprintf(path, size, "%s", found);
	else if (found[0])
		snprintf(path, size, "/lib/modules/%s/%s", install->release,
			 found);
}

static void find_ours(const struct root *root, struct tsm_install *install)
{
	char path[TSM_PATH];
	size_t i;

	find_module(root, install, "tsm_guest", install->ours,
		    sizeof(install->ours));
	install->indexed = install->ours[0];
	for (i = 0; !install->ours[0] &&
	     i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
		snprintf(path, sizeof(path), "/lib/modules/%s/%s",
			 install->release, elsewhere[i]);
		if (root_exists(root, path + 1))
			memcpy(install->ours, path, sizeof(path));
	}
}

/* What DKMS makes ours of, and for which it needs the kernel's headers. */
static void find_source(const struct root *root, struct tsm_install *install)
{
	static const char prefix[] = "tsm-guest-";
	char path[TSM_PATH], name[64];

	snprintf(path, sizeof(path), "lib/modules/%s/build/Makefile",
		 install->release);
	install->headers = root_exists(root, path);
	root_find(root, "usr/src", prefix, name, sizeof(name));
	if (!is_plain(name))
		return;
	snprintf(install->source, sizeof(install->source), "%s",
		 name + sizeof(prefix) - 1);
	snprintf(path, sizeof(path),
		 "var/lib/dkms/tsm-guest/%s/build/make.log", install->source);
	install->build_log = root_exists(root, path);
}

void install_probe(const struct root *root, struct tsm_system *sys)
{
	struct tsm_install *install = &sys->install;

	read_release(root, install);
	install->in_range = in_range(install->release);
	if (!install->release[0])
		return;
	find_ours(root, install);
	find_module(root, install, sys->tee == TSM_TEE_TDX ? "tdx_guest" :
							      "sev_guest",
		    install->intree, sizeof(install->intree));
	find_source(root, install);
}
