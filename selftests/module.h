/* SPDX-License-Identifier: MIT */
/*
 * Loading and unloading of modules, and what the kernel log says about it.
 */
#ifndef SELFTESTS_MODULE_H
#define SELFTESTS_MODULE_H

#include <sys/syscall.h>
#include <sys/wait.h>

#include "report.h"

#define MODULE_NAME	"tsm_guest"

static __maybe_unused bool module_is_loaded(const char *name)
{
	char path[PATH_LEN];

	snprintf(path, sizeof(path), "/sys/module/%s", name);
	return !access(path, F_OK);
}

/* Loads the file at @path; 0 or a negative errno. */
static __maybe_unused int module_load(const char *path, const char *params)
{
	int fd, ret;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = syscall(__NR_finit_module, fd, params, 0) ? -errno : 0;
	close(fd);
	return ret;
}

static __maybe_unused int module_unload(const char *name)
{
	return syscall(__NR_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

/* By modprobe, for the kernel's own modules; 0 if it says so. */
static __maybe_unused int module_probe(const char *name)
{
	char command[128];
	int status;

	snprintf(command, sizeof(command), "modprobe %s 2>/dev/null", name);
	status = system(command);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A descriptor that sees what the kernel logs from now on. */
static __maybe_unused int klog_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/**
 * klog_count() - how many new lines of ours hold a word.
 * @fd: from klog_open(); what was read is not seen again
 * @prefix: what our lines start with
 * @word: what to look for; @last gets the last line that has it
 * @all: set to the number of lines with @prefix
 */
static __maybe_unused int klog_count(int fd, const char *prefix,
				     const char *word, int *all,
				     char last[PATH_LEN])
{
	char record[1024], *text;
	int count = 0;
	ssize_t len;

	*all = 0;
	last[0] = '\0';
	while ((len = read(fd, record, sizeof(record) - 1)) > 0) {
		record[len] = '\0';
		text = strchr(record, ';');
		if (!text || strncmp(text + 1, prefix, strlen(prefix)))
			continue;
		text[1 + strcspn(text + 1, "\n")] = '\0';
		/* the loader says so of any module from outside the tree */
		if (strstr(text, "taint"))
			continue;
		(*all)++;
		snprintf(last, PATH_LEN, "%s", text + 1);
		count += strstr(text + 1, word) != NULL;
	}
	return count;
}

#endif /* SELFTESTS_MODULE_H */
