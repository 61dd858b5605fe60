// SPDX-License-Identifier: MIT
/* Which processes have files of a driver open, found in /proc. */
#include "module.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/**
 * struct hunt - what is looked for, and what was found
 * @root: see tsm_module_users()
 * @misc: likewise
 * @prefix: likewise
 * @node: "/dev/MISC"
 * @major: of the device, whatever its node is called; -1 if unknown
 * @minor: likewise
 * @users: see tsm_module_users()
 * @max: likewise
 * @count: number found
 */
struct hunt {
	const struct root *root;
	const char *misc;
	const char *const *prefix;
	char node[64];
	long major;
	long minor;
	struct tsm_module_user *users;
	size_t max;
	size_t count;
};

static void find_device(struct hunt *hunt)
{
	char path[96], line[32], *end;

	snprintf(hunt->node, sizeof(hunt->node), "/dev/%s", hunt->misc);
	snprintf(path, sizeof(path), "sys/class/misc/%s/dev", hunt->misc);
	tsm_module_read(hunt->root, path, line, sizeof(line));
	hunt->major = strtol(line, &end, 10);
	hunt->minor = -1;
	if (*end == ':')
		hunt->minor = strtol(end + 1, NULL, 10);
}

/* Containers have nodes of their own. No file system is to be waited for. */
static bool is_device(const struct hunt *hunt, int dir, const char *fd)
{
	struct statx st;

	return hunt->minor >= 0 && !hunt->root->confined &&
	       !statx(dir, fd, AT_STATX_DONT_SYNC, STATX_TYPE, &st) &&
	       S_ISCHR(st.stx_mode) && st.stx_rdev_major == hunt->major &&
	       st.stx_rdev_minor == hunt->minor;
}

/* @fd: the link, in /proc/PID/fd, which is @dir; @target: where it leads to */
static bool is_ours(const struct hunt *hunt, int dir, const char *fd,
		    const char *target)
{
	const char *const *prefix;

	if (!strcmp(target, hunt->node))
		return true;
	for (prefix = hunt->prefix; *prefix; prefix++)
		if (!strncmp(target, *prefix, strlen(*prefix)))
			return true;
	return target[0] == '/' && is_device(hunt, dir, fd);
}

static void add(struct hunt *hunt, const char *pid, const char *fd,
		const char *target)
{
	struct tsm_module_user *user = hunt->users + hunt->count;
	char path[64];

	if (hunt->count++ >= hunt->max)
		return;
	user->pid = strtol(pid, NULL, 10);
	user->fd = (int)strtol(fd, NULL, 10);
	snprintf(user->path, sizeof(user->path), "%s", target);
	snprintf(path, sizeof(path), "proc/%ld/comm", user->pid);
	tsm_module_read(hunt->root, path, user->command, sizeof(user->command));
}

static void look_at_process(struct hunt *hunt, const char *pid)
{
	char path[64], target[192];
	unsigned int i = 0;
	struct dirent *e;
	ssize_t n;
	DIR *dir;

	snprintf(path, sizeof(path), "proc/%.20s/fd", pid);
	dir = root_dir(hunt->root, path);
	for (; dir && i < ENTRIES_MAX && (e = readdir(dir)); i++) {
		n = readlinkat(dirfd(dir), e->d_name, target,
			       sizeof(target) - 1);
		if (n <= 0)
			continue;
		target[n] = '\0';
		if (is_ours(hunt, dirfd(dir), e->d_name, target))
			add(hunt, pid, e->d_name, target);
	}
	if (dir)
		closedir(dir);
}

size_t tsm_module_users(const struct root *root, const char *misc,
			const char *const *prefix,
			struct tsm_module_user *users, size_t max)
{
	struct hunt hunt = { .root = root, .misc = misc, .prefix = prefix,
			     .users = users, .max = max };
	DIR *dir = root_dir(root, "proc");
	unsigned int i = 0;
	struct dirent *e;

	find_device(&hunt);
	for (; dir && i < ENTRIES_MAX && (e = readdir(dir)); i++)
		if (e->d_name[0] >= '1' && e->d_name[0] <= '9')
			look_at_process(&hunt, e->d_name);
	if (dir)
		closedir(dir);
	return hunt.count;
}
