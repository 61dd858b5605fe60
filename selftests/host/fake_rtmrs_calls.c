// SPDX-License-Identifier: MIT
/* The calls of libc that fake_rtmrs.so takes over, see fake_rtmrs.h. */
#include "fake_rtmrs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SYSFS		"/sys/class/misc/tdx_guest/measurements"
#define DEVICE		"/dev/tdx_guest"

/* Intel's drivers: struct { u8 data[48]; u8 index; }, in two directions. */
#define CMD_REPORT	0xc4405401ul
#define CMD_EXTEND	0x80315403ul
#define CMD_EXTEND_V3	0x40315403ul

/* Once: who cleans up after it is not. */
static void killed_at(const char *place)
{
	if (is("FAKE_KILL", place) && times("killed", 1))
		raise(SIGKILL);
}

/* Any user may open a new entry, for configfs does not ask mkdir() for its mode:
 * and lock it. The lock is held by a file of ours, which nobody else closes. */
static void catch_lock(const char *entry)
{
	static int caught = -1;

	if (!times("caught", number("FAKE_CATCH")))
		return;
	if (caught >= 0)
		NEXT(close)(caught);
	caught = NEXT(open)(entry, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (caught < 0 || NEXT(flock)(caught, LOCK_EX | LOCK_NB))
		abort();
}

int mkdir(const char *path, mode_t mode)
{
	char real[PATH_SIZE];
	const char *entry = entry_path(path, real);
	int ret;

	if (entry && number("FAKE_MKDIR"))
		return fail((int)number("FAKE_MKDIR"));
	ret = NEXT(mkdir)(entry ? entry : path, entry ? 0755 : mode);
	if (entry && !ret)
		catch_lock(entry);
	killed_at("mkdir");
	return ret;
}

int rmdir(const char *path)
{
	char real[PATH_SIZE];
	int lock;

	if (!entry_path(path, real))
		return NEXT(rmdir)(path);
	if (NEXT(access)(real, F_OK))
		return -1;
	lock = lock_state();
	remove_entry(path + sizeof(ROOT));
	unlock_state(lock);
	return 0;
}

/* Whoever had the lock before removes the entry, and then lets go. */
int flock(int fd, int how)
{
	char entry[128];

	if (is("FAKE_VANISH", "lock") && entry_of(fd, entry) &&
	    times("vanished", 1))
		remove_entry(entry);
	return NEXT(flock)(fd, how);
}

DIR *opendir(const char *path)
{
	char real[PATH_SIZE];
	const char *entry = entry_path(path, real);

	return NEXT(opendir)(entry ? entry : path);
}

int scandir(const char *path, struct dirent ***list,
	    int (*filter)(const struct dirent *),
	    int (*compare)(const struct dirent **, const struct dirent **))
{
	char real[PATH_SIZE];

	if (!strcmp(path, SYSFS))
		path = state(real, NULL, "sysfs");
	return NEXT(scandir)(path, list, filter, compare);
}

static bool is_sysfs(const char *path)
{
	return !strncmp(path, SYSFS "/", sizeof(SYSFS));
}

static int open_sysfs(const char *name, int flags)
{
	char path[PATH_SIZE], file[64];
	uint8_t value[DIGEST];

	if (!has("sysfs"))
		return fail(ENOENT);
	if ((flags & O_ACCMODE) == O_WRONLY && geteuid())
		return fail(EACCES);
	if (strncmp(name, "rtmr", 4)) {
		snprintf(file, sizeof(file), "sysfs/%s", name);
		return NEXT(open)(state(path, NULL, file), flags);
	}
	value_of((unsigned int)name[4] - '0', value);
	return (flags & O_ACCMODE) == O_RDONLY ? text_fd(value, DIGEST) :
	       track(text_fd("", 0), "", name);
}

int open(const char *path, int flags, ...)
{
	char real[PATH_SIZE];
	mode_t mode = 0;
	va_list args;

	if (entry_path(path, real))
		return NEXT(open)(entry_path(path, real), flags);
	if (is_sysfs(path))
		return open_sysfs(path + sizeof(SYSFS), flags);
	if (!strcmp(path, DEVICE) && getenv("FAKE_ROOT"))
		return has("ioctl") || has("v3") || has("report") ?
		       track(text_fd("", 0), "", "device") : fail(ENOENT);
	va_start(args, flags);
	if (flags & (O_CREAT | O_TMPFILE))
		mode = va_arg(args, mode_t);
	va_end(args);
	return NEXT(open)(path, flags, mode);
}

static int open_proc(const char *path)
{
	const char *text = "none /sys/kernel/config configfs rw 0 0\n";

	if (!strcmp(path, "proc/cpuinfo"))
		text = has("tee") ? "processor\t: 0\nflags\t\t: fpu tdx_guest\n" :
				    "processor\t: 0\nflags\t\t: fpu\n";
	return text_fd(text, strlen(text));
}

static bool in_system(const char *path)
{
	const char *driver = getenv("FAKE_DRIVER");

	if (!strncmp(path, "sys/module/", 11))
		return driver && !strcmp(path + 11, driver);
	if (!strncmp(path, "sys/kernel/config/tsm/rtmrs", 27))
		return has("configfs");
	if (!strncmp(path, "sys/kernel/config", 17))
		return true;
	if (!strncmp(path, "sys/class/misc/tdx_guest/measurements", 37))
		return has("sysfs");
	if (!strcmp(path, "sys/devices/platform/sev-guest"))
		return has("snp");
	return false;
}

/* Below a directory of entries, ENTRY/ATTRIBUTE; below an entry, ATTRIBUTE. */
int openat(int dir, const char *path, int flags, ...)
{
	const char *attr = strchr(path, '/');
	char entry[128];
	int lock, fd;

	if (!strncmp(path, "proc/", 5))
		return open_proc(path);
	if (flags & O_PATH &&
	    (!strncmp(path, "sys/", 4) || !strncmp(path, "dev/", 4)))
		return in_system(path) ? NEXT(openat)(dir, ".", flags) :
					 fail(ENOENT);
	if (dir < 0 || !entry_of(dir, entry))
		return NEXT(openat)(dir, path, flags);
	if (!*entry)
		snprintf(entry, sizeof(entry), "%.*s",
			 attr ? (int)(attr - path) : 0, path);
	lock = lock_state();
	fd = open_attr(entry, attr ? attr + 1 : path, flags);
	unlock_state(lock);
	return fd;
}

int faccessat(int dir, const char *path, int mode, int flags)
{
	char entry[128];

	(void)mode;
	(void)flags;
	if (!strncmp(path, "sys/", 4) || !strncmp(path, "dev/", 4))
		return in_system(path) ? 0 : fail(ENOENT);
	return entry_of(dir, entry) ? 0 : fail(ENOENT);
}

int access(const char *path, int mode)
{
	char real[PATH_SIZE];
	const char *entry = entry_path(path, real);

	if (!is_sysfs(path))
		return NEXT(access)(entry ? entry : path, mode);
	snprintf(real, sizeof(real), "%s/sysfs/%s", getenv("FAKE_ROOT"),
		 path + sizeof(SYSFS));
	return NEXT(access)(real, mode);
}

/* What should take half a minute takes a moment. */
int clock_gettime(clockid_t id, struct timespec *t)
{
	static time_t hurry;
	int ret = NEXT(clock_gettime)(id, t);

	if (getenv("FAKE_HURRY"))
		t->tv_sec += hurry += 5;
	return ret;
}

uid_t geteuid(void)
{
	return (uid_t)number("FAKE_EUID");
}

static ssize_t write_sysfs(const struct open_attr *a, const void *buf,
			   size_t len)
{
	int lock, err;

	if (getenv("FAKE_SHORT"))
		return (ssize_t)len / 2;
	if (len != DIGEST)
		return fail(EINVAL);
	lock = lock_state();
	err = extend("sysfs", (unsigned int)a->attr[4] - '0', buf, 0xc, NULL, 0);
	unlock_state(lock);
	return err ? fail(err) : (ssize_t)len;
}

static ssize_t write_attr(const struct open_attr *a, const void *buf, size_t len)
{
	char text[256];
	int lock, err;

	if (len >= sizeof(text))
		return fail(EINVAL);
	memcpy(text, buf, len);
	text[len] = '\0';
	lock = lock_state();
	err = write_text(a, text);
	unlock_state(lock);
	killed_at(a->attr);
	return err ? fail(err) : (ssize_t)len;
}

ssize_t write(int fd, const void *buf, size_t len)
{
	struct open_attr *a = tracked(fd);
	const size_t max = a && !strcmp(a->attr, "digest") ? DIGEST : EVENT_MAX;

	if (!a)
		return NEXT(write)(fd, buf, len);
	if (!*a->entry)
		return write_sysfs(a, buf, len);
	if (!is_binary(a->attr))
		return write_attr(a, buf, len);
	a->written = true;
	return (size_t)lseek(fd, 0, SEEK_CUR) + len > max ? fail(EFBIG) :
	       NEXT(write)(fd, buf, len);
}

int close(int fd)
{
	static uint8_t data[EVENT_MAX];
	struct open_attr *a = tracked(fd);
	char name[32], path[PATH_SIZE], entry[160];
	ssize_t n;
	int lock;

	if (!a)
		return NEXT(close)(fd);
	a->fd = 0;
	snprintf(name, sizeof(name), "%s", a->attr);
	snprintf(entry, sizeof(entry), "rtmrs/%s", a->entry);
	n = pread(fd, data, sizeof(data), 0);
	/* what is written to a removed entry is lost */
	if (*a->entry && is_binary(a->attr) && a->written &&
	    !NEXT(access)(state(path, NULL, entry), F_OK)) {
		lock = lock_state();
		commit(a, data, n > 0 ? (size_t)n : 0);
		unlock_state(lock);
		killed_at(name);
	}
	return NEXT(close)(fd);
}

static int extend_by_call(unsigned long cmd, const uint8_t *req)
{
	int lock, err;

	if (!has(cmd == CMD_EXTEND ? "ioctl" : "v3"))
		return fail(ENOTTY);
	lock = lock_state();
	err = extend(cmd == CMD_EXTEND ? "ioctl" : "v3", req[DIGEST], req, 0xc,
		     NULL, 0);
	unlock_state(lock);
	return err ? fail(err) : 0;
}

int ioctl(int fd, unsigned long cmd, ...)
{
	const struct open_attr *a = tracked(fd);
	uint8_t *arg;
	va_list args;
	unsigned int i;

	va_start(args, cmd);
	arg = va_arg(args, uint8_t *);
	va_end(args);
	if (!a || strcmp(a->attr, "device"))
		return NEXT(ioctl)(fd, cmd, arg);
	if (cmd == CMD_EXTEND || cmd == CMD_EXTEND_V3)
		return extend_by_call(cmd, arg);
	if (cmd != CMD_REPORT)
		return fail(ENOTTY);
	/* TDX module ABI: REPORTTYPE at 0, RTMRs at 720 of the TDREPORT */
	memset(arg + 64, 0, 1024);
	arg[64] = 0x81;
	for (i = 0; i < 4; i++)
		value_of(i, arg + 64 + 720 + DIGEST * i);
	return 0;
}
