// SPDX-License-Identifier: MIT
/* Files below a root that nobody has to trust. */
#include "system_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LINE_MAX_READ	4096u
#define FILES_MAX	1024u

/* Links of a container lead to its own files, however many ".." they have. A
 * kernel before 5.6, or a sandbox, that has no openat2() follows no link at the
 * end of a path, which is where containers could put one. */
static int open_below(const struct root *root, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)flags | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int fd;

	if (!root->confined)
		return openat(root->fd, path, flags | O_CLOEXEC);
	fd = (int)syscall(SYS_openat2, root->fd, path, &how, sizeof(how));
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		fd = openat(root->fd, path, flags | O_CLOEXEC | O_NOFOLLOW);
	return fd;
}

bool root_exists(const struct root *root, const char *path)
{
	int fd = open_below(root, path, O_PATH);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static bool is_readable(int fd, dev_t device)
{
	struct stat st;

	if (fstat(fd, &st))
		return false;
	return S_ISREG(st.st_mode) ||
	       (device && S_ISCHR(st.st_mode) && st.st_rdev == device);
}

bool fd_is_device(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISCHR(st.st_mode);
}

/* To open a device may set something off: looked at before it is opened. */
int root_open(const struct root *root, const char *path, dev_t device)
{
	int fd = open_below(root, path, O_PATH);
	bool wanted = fd >= 0 && is_readable(fd, device);

	if (fd >= 0)
		close(fd);
	if (!wanted)
		return -1;
	fd = open_below(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd >= 0 && !is_readable(fd, device)) {
		close(fd);
		return -1;
	}
	return fd;
}

uint8_t *root_data(const struct root *root, const char *path, size_t max,
		   size_t *len)
{
	int fd = root_open(root, path, 0);
	uint8_t *data = fd < 0 ? NULL : calloc(1, max + 1);
	ssize_t n;

	*len = 0;
	while (data && *len < max) {
		n = read(fd, data + *len, max - *len);
		if (n <= 0)
			break;
		*len += (size_t)n;
	}
	if (fd >= 0)
		close(fd);
	return data;
}

char *root_text(const struct root *root, const char *path, size_t max)
{
	size_t len;

	return (char *)root_data(root, path, max, &len);
}

void root_line(const struct root *root, const char *path, char *out,
	       size_t size)
{
	char *text = root_text(root, path, LINE_MAX_READ);

	snprintf(out, size, "%s", text ? text : "");
	out[strcspn(out, "\n")] = '\0';
	free(text);
}

long root_number(const struct root *root, const char *path)
{
	char text[32], *end;
	long value;

	root_line(root, path, text, sizeof(text));
	value = strtol(text, &end, 0);
	return end == text || *end ? -1 : value;
}

DIR *root_dir(const struct root *root, const char *path)
{
	int fd = open_below(root, path, O_RDONLY | O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir && fd >= 0)
		close(fd);
	return dir;
}

unsigned int root_count(const struct root *root, const char *path,
			unsigned char type)
{
	DIR *dir = root_dir(root, path);
	unsigned int count = 0;
	struct dirent *e;

	if (!dir)
		return 0;
	while (count < ENTRIES_MAX && (e = readdir(dir)))
		count += e->d_name[0] != '.' && e->d_type == type;
	closedir(dir);
	return count;
}

void root_find(const struct root *root, const char *path, const char *prefix,
	       char *name, size_t size)
{
	DIR *dir = root_dir(root, path);
	unsigned int i;
	struct dirent *e;

	name[0] = '\0';
	for (i = 0; dir && i < ENTRIES_MAX && (e = readdir(dir)); i++) {
		if (!strncmp(e->d_name, prefix, strlen(prefix)) &&
		    strlen(e->d_name) < size && strcmp(e->d_name, name) > 0)
			snprintf(name, size, "%s", e->d_name);
	}
	if (dir)
		closedir(dir);
}

static bool ends_with(const char *name, const char *suffix)
{
	const size_t len = strlen(name), tail = strlen(suffix);

	return len > tail && !strcmp(name + len - tail, suffix);
}

void root_files(const struct root *root, const char *path, const char *suffix,
		void (*each)(const char *path, void *data), void *data)
{
	DIR *dir = root_dir(root, path);
	char file[TSM_PATH];
	unsigned int i;
	struct dirent *e;

	for (i = 0; dir && i < FILES_MAX && (e = readdir(dir)); i++) {
		if (ends_with(e->d_name, suffix) &&
		    snprintf(file, sizeof(file), "%s/%s", path, e->d_name) <
		    (int)sizeof(file))
			each(file, data);
	}
	if (dir)
		closedir(dir);
}
