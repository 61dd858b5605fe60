// SPDX-License-Identifier: MIT
/*
 * A preloaded library that gives tsmctl a TEE and a configfs tsm/report where
 * there is none. Report items are directories below FAKE_ROOT; their attributes
 * live here. Documentation/ABI/testing/configfs-tsm-report is what is played.
 *
 *   FAKE_ROOT     directory for report items
 *   FAKE_TEE      "snp": it is an SNP guest, otherwise a TD
 *   FAKE_DRIVER   module that serves: tsm_guest, tdx_guest or sev_guest
 *   FAKE_PROVIDER who gives evidence, tdx_guest as a rule
 *   FAKE_OUTBLOB  file with the evidence
 *   FAKE_NONCE_AT where the nonce is written into it; nowhere if negative
 *   FAKE_AUXBLOB  file with the certificates; without it there is no auxblob
 *   FAKE_FLOOR    lowest privilege level; without it there are none
 *   FAKE_VMPL_AT  where that level is written into the evidence
 *   FAKE_MANIFEST file with an SVSM's manifest; without it there is no SVSM
 *   FAKE_OPTIONS  file that gets a line for each option that is written
 *   FAKE_ERRNO    what reading outblob gives
 *   FAKE_MEDDLE   how many times somebody else writes while outblob is read
 *   FAKE_WAIT_MS  how long the host takes
 *   FAKE_KILL     "mkdir": SIGKILL comes right behind it; "write": it comes in
 *                 the middle of the evidence being written to a file
 *   FAKE_FSIZE    limit to the size of files once there is evidence
 *   FAKE_NO_TMPFILE  set: the file system knows no files without a name
 */
#include "fake_configfs.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOT	"/sys/kernel/config/tsm/report/"

static unsigned long generation;
static char nonce[64];
static int inblob_fd = -1, outblob_fd = -1;

static const char *const options[] = {
	"privlevel", "service_provider", "service_guid",
	"service_manifest_version",
};

#define OPTIONS	(sizeof(options) / sizeof(options[0]))

static int option_fds[OPTIONS] = { -1, -1, -1, -1 };
static long privlevel;
static bool by_svsm;

long fake_number(const char *name)
{
	const char *value = getenv(name);

	return value ? strtol(value, NULL, 10) : 0;
}

static void killed_at(const char *place)
{
	const char *where = getenv("FAKE_KILL");

	if (where && !strcmp(where, place))
		raise(SIGKILL);
}

/* The directory that stands for a report item, or false for any other path. */
static bool item(const char *path, char *real, size_t size)
{
	const char *root = getenv("FAKE_ROOT");

	if (!root || strncmp(path, ROOT, sizeof(ROOT) - 1))
		return false;
	snprintf(real, size, "%s/%s", root, path + sizeof(ROOT) - 1);
	return true;
}

int mkdir(const char *path, mode_t mode)
{
	int (*next)(const char *, mode_t) = dlsym(RTLD_NEXT, "mkdir");
	char real[512];
	int ret = next(item(path, real, sizeof(real)) ? real : path, mode);

	killed_at("mkdir");
	return ret;
}

int rmdir(const char *path)
{
	int (*next)(const char *) = dlsym(RTLD_NEXT, "rmdir");
	char real[512];

	return next(item(path, real, sizeof(real)) ? real : path);
}

static int text_fd(const char *text)
{
	int fd = memfd_create("fake", MFD_CLOEXEC);

	if (pwrite(fd, text, strlen(text), 0) < 0)
		abort();
	return fd;
}

static int blob_fd(const char *variable)
{
	int (*next)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
	const char *path = getenv(variable);
	int from = path ? next(path, O_RDONLY | O_CLOEXEC) : -1;
	int fd = memfd_create("fake", MFD_CLOEXEC);
	char buf[4096];
	off_t at = 0;
	ssize_t n;

	if (from < 0) {
		close(fd);
		errno = ENOENT;
		return -1;
	}
	while ((n = read(from, buf, sizeof(buf))) > 0) {
		if (pwrite(fd, buf, (size_t)n, at) != n)
			abort();
		at += n;
	}
	close(from);
	return fd;
}

static void write_at(int fd, const char *variable, const void *data, size_t len)
{
	const char *at = getenv(variable);
	struct stat st;

	if (fd >= 0 && at && fake_number(variable) >= 0 && !fstat(fd, &st) &&
	    st.st_size >= fake_number(variable) + (off_t)len &&
	    pwrite(fd, data, len, fake_number(variable)) < 0)
		abort();
}

/* SHA-512 over nonce and manifest, in the nonce's place. */
static void svsm_nonce(unsigned char out[64])
{
	const int fd = blob_fd("FAKE_MANIFEST");
	unsigned char both[64 + 8192];
	ssize_t n;

	memcpy(both, nonce, 64);
	n = pread(fd, both + 64, sizeof(both) - 64, 0);
	if (n < 0)
		abort();
	SHA512(both, 64 + (size_t)n, out);
	close(fd);
}

static int open_outblob(void)
{
	int fd = blob_fd("FAKE_OUTBLOB");
	const unsigned char vmpl[4] = { (unsigned char)privlevel };
	unsigned char reportdata[sizeof(nonce)];
	static long meddled;

	usleep((useconds_t)fake_number("FAKE_WAIT_MS") * 1000);
	memcpy(reportdata, nonce, sizeof(nonce));
	if (by_svsm)
		svsm_nonce(reportdata);
	write_at(fd, "FAKE_NONCE_AT", reportdata, sizeof(reportdata));
	write_at(fd, "FAKE_VMPL_AT", vmpl, sizeof(vmpl));
	if (meddled++ < fake_number("FAKE_MEDDLE"))
		generation++;
	outblob_fd = fd;
	return fd;
}

/* Those of an SVSM are there if it is. */
static int open_option(const char *name)
{
	size_t i;

	for (i = 0; i < OPTIONS; i++) {
		if (!strcmp(name, options[i]) &&
		    getenv(i ? "FAKE_MANIFEST" : "FAKE_FLOOR"))
			return option_fds[i] = memfd_create("fake",
							    MFD_CLOEXEC);
	}
	errno = ENOENT;
	return -1;
}

static void note(const char *option, const char *value)
{
	FILE *file = getenv("FAKE_OPTIONS") ?
		     fopen(getenv("FAKE_OPTIONS"), "a") : NULL;

	if (!file)
		return;
	fprintf(file, "%s %s\n", option, value);
	fclose(file);
}

static ssize_t write_option(size_t i, const char *buf, size_t len)
{
	char value[64];

	snprintf(value, sizeof(value), "%.*s", (int)len, buf);
	if (i == 0) {
		privlevel = strtol(value, NULL, 10);
		if (privlevel < fake_number("FAKE_FLOOR") || privlevel > 3) {
			errno = EINVAL;
			return -1;
		}
	}
	by_svsm |= i == 1 && !strcmp(value, "svsm");
	note(options[i], value);
	generation++;
	return (ssize_t)len;
}

static int open_attr(const char *name)
{
	const char *provider = getenv("FAKE_PROVIDER");
	const char *floor = getenv("FAKE_FLOOR");
	char text[32];

	if (!strcmp(name, "provider"))
		return text_fd(provider ? provider : "tdx_guest\n");
	if (!strcmp(name, "generation")) {
		snprintf(text, sizeof(text), "%lu\n", generation);
		return text_fd(text);
	}
	if (!strcmp(name, "inblob"))
		return inblob_fd = memfd_create("fake", MFD_CLOEXEC);
	if (!strcmp(name, "outblob"))
		return open_outblob();
	if (!strcmp(name, "auxblob"))
		return blob_fd("FAKE_AUXBLOB");
	if (!strcmp(name, "manifestblob"))
		return blob_fd("FAKE_MANIFEST");
	if (!strcmp(name, "privlevel_floor") && floor)
		return text_fd(floor);
	return open_option(name);
}

int open(const char *path, int flags, ...)
{
	int (*next)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
	char real[512];
	mode_t mode = 0;
	va_list args;
	int fd;

	fd = sev_open(path);
	if (fd > -2)
		return fd;
	if (sev_path(path, real, sizeof(real)))
		return next(real, flags);
	if (item(path, real, sizeof(real)))
		return open_attr(strrchr(path, '/') + 1);
	va_start(args, flags);
	if (flags & (O_CREAT | O_TMPFILE))
		mode = va_arg(args, mode_t);
	va_end(args);
	if ((flags & O_TMPFILE) == O_TMPFILE && getenv("FAKE_NO_TMPFILE")) {
		errno = EOPNOTSUPP;
		return -1;
	}
	return next(path, flags, mode);
}

static bool is_snp(void)
{
	const char *tee = getenv("FAKE_TEE");

	return tee && !strcmp(tee, "snp");
}

/* What tells of TEE and driver by being there, or not. */
static bool is_faked(const char *path, bool *there)
{
	const char *driver = getenv("FAKE_DRIVER");

	*there = is_snp();
	if (*there && !strcmp(path, "sys/devices/platform/sev-guest"))
		return true;
	*there = driver && !strncmp(path, "sys/module/", 11) &&
		 !strcmp(path + 11, driver);
	return driver && !strncmp(path, "sys/module/", 11);
}

int openat(int dir, const char *path, int flags, ...)
{
	int (*next)(int, const char *, int, ...) = dlsym(RTLD_NEXT, "openat");
	char real[512];
	bool there;

	if (sev_path(path, real, sizeof(real)))
		return next(dir, real, flags);
	if (!strcmp(path, "proc/cpuinfo"))
		return text_fd(is_snp() ?
			       "processor\t: 0\nflags\t\t: fpu sev_snp\n" :
			       "processor\t: 0\nflags\t\t: fpu tdx_guest\n");
	if (!strcmp(path, "proc/mounts"))
		return text_fd("none /sys/kernel/config configfs rw 0 0\n");
	if (!strcmp(path, "sys/kernel/config/tsm/report") &&
	    getenv("FAKE_ROOT"))
		return next(dir, getenv("FAKE_ROOT"), flags, 0);
	if (flags & O_PATH && is_faked(path, &there))
		return next(dir, there ? "." : "/nowhere", flags, 0);
	return next(dir, path, flags, 0);
}

ssize_t read(int fd, void *buf, size_t len)
{
	ssize_t (*next)(int, void *, size_t) = dlsym(RTLD_NEXT, "read");

	if (fd == outblob_fd && fake_number("FAKE_ERRNO")) {
		errno = (int)fake_number("FAKE_ERRNO");
		return -1;
	}
	return next(fd, buf, len);
}

/* Files that others open are regular, which pipes and terminals are not. */
ssize_t write(int fd, const void *buf, size_t len)
{
	ssize_t (*next)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
	struct stat st;
	ssize_t n;
	size_t i;

	for (i = 0; i < OPTIONS; i++) {
		if (fd == option_fds[i])
			return write_option(i, buf, len);
	}
	if (fd == inblob_fd || fd <= STDERR_FILENO || fstat(fd, &st) ||
	    !S_ISREG(st.st_mode) || !getenv("FAKE_KILL"))
		return next(fd, buf, len);
	n = next(fd, buf, len / 2);
	killed_at("write");
	return n;
}

static void limit_files(void)
{
	const rlim_t most = (rlim_t)fake_number("FAKE_FSIZE");
	const struct rlimit limit = { most, most };

	if (most && setrlimit(RLIMIT_FSIZE, &limit))
		abort();
}

int close(int fd)
{
	int (*next)(int) = dlsym(RTLD_NEXT, "close");
	size_t i;

	for (i = 0; i < OPTIONS; i++) {
		if (fd >= 0 && fd == option_fds[i])
			option_fds[i] = -1;
	}
	if (fd >= 0 && fd == outblob_fd) {
		outblob_fd = -1;
		limit_files();
	}
	if (fd >= 0 && fd == inblob_fd) {
		inblob_fd = -1;
		if (pread(fd, nonce, sizeof(nonce), 0) < 0)
			abort();
		generation++;
	}
	return next(fd);
}
