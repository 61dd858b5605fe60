// SPDX-License-Identifier: MIT
/*
 * The part of fake_configfs.so that is /dev/sev-guest and sysfs of an SEV-SNP
 * guest. Numbers are those of the kernel's uapi/linux/sev-guest.h and of the
 * SEV-SNP firmware ABI, MSG_KEY_REQ and MSG_KEY_RSP.
 *
 *   FAKE_SYS         directory with class/misc/sev-guest and so on, for /sys
 *   FAKE_SEV         errno of opening the device; 0 opens it
 *   FAKE_SEV_REQUEST file that gets the request: version, root, fields, VMPL,
 *                    SVN, TCB
 *   FAKE_SEV_ERRNO   what the ioctl gives; the response is written all the same
 *   FAKE_SEV_INFO    exitinfo2, in hex, where it gives an errno
 *   FAKE_SEV_STATUS  status word of the response, in hex; not 0: no key in it
 *   FAKE_SEV_ZERO    set: a key of zeros
 *   FAKE_LEAKS       file that gets a number whenever standard output is flushed
 *                    and when the process exits: in how many places of its memory
 *                    the key is
 */
#include "fake_configfs.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define DERIVED_KEY	0xc0205301u
#define KEY_SIZE	32

static int device = -1;

/* Never in memory but where it was written to. */
static uint8_t key_byte(size_t i)
{
	return (uint8_t)(0xa5 ^ (i * 37 + 11));
}

bool sev_path(const char *path, char *real, size_t size)
{
	static const char *const played[] = {
		"sys/class/misc/sev-guest", "sys/devices/system/cpu/sev",
		"sys/module/tsm_guest/parameters",
		"sys/module/sev_guest/parameters",
	};
	const char *root = getenv("FAKE_SYS");
	size_t i;

	path += *path == '/';
	for (i = 0; root && i < sizeof(played) / sizeof(played[0]); i++) {
		if (strncmp(path, played[i], strlen(played[i])))
			continue;
		snprintf(real, size, "%s/%s", root, path);
		return true;
	}
	return false;
}

int sev_open(const char *path)
{
	if (!getenv("FAKE_SEV") || strcmp(path, "/dev/sev-guest"))
		return -2;
	errno = (int)fake_number("FAKE_SEV");
	if (errno)
		return -1;
	device = memfd_create("fake", MFD_CLOEXEC);
	return device;
}

static uint64_t field(const uint8_t *from, size_t len)
{
	uint64_t value = 0;

	memcpy(&value, from, len);
	return value;
}

static void note_request(unsigned int version, const uint8_t *r)
{
	const char *name = getenv("FAKE_SEV_REQUEST");
	FILE *file = name ? fopen(name, "w") : NULL;

	if (!file)
		return;
	fprintf(file, "%u %" PRIu64 " 0x%" PRIx64 " %" PRIu64 " %" PRIu64
		" 0x%" PRIx64 "\n", version, field(r, 4), field(r + 8, 8),
		field(r + 16, 4), field(r + 20, 4), field(r + 24, 8));
	fclose(file);
}

static uint64_t hex_number(const char *variable)
{
	const char *value = getenv(variable);

	return value ? strtoull(value, NULL, 16) : 0;
}

static int derive(uint8_t *arg)
{
	uint8_t *request = (uint8_t *)(uintptr_t)field(arg + 8, 8);
	uint8_t *response = (uint8_t *)(uintptr_t)field(arg + 16, 8);
	const uint32_t status = (uint32_t)hex_number("FAKE_SEV_STATUS");
	const uint64_t info = hex_number("FAKE_SEV_INFO");
	size_t i;

	note_request(arg[0], request);
	memset(response, 0, 64);
	memcpy(response, &status, sizeof(status));
	for (i = 0; i < KEY_SIZE && !status && !getenv("FAKE_SEV_ZERO"); i++)
		response[32 + i] = key_byte(i);
	errno = (int)fake_number("FAKE_SEV_ERRNO");
	if (!errno)
		return 0;
	memcpy(arg + 24, &info, sizeof(info));
	return -1;
}

int ioctl(int fd, unsigned long request, ...)
{
	int (*next)(int, unsigned long, ...) = dlsym(RTLD_NEXT, "ioctl");
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	if (fd < 0 || fd != device)
		return next(fd, request, arg);
	if (request == DERIVED_KEY)
		return derive(arg);
	errno = ENOTTY;
	return -1;
}

int scandir(const char *path, struct dirent ***list,
	    int (*filter)(const struct dirent *),
	    int (*compare)(const struct dirent **, const struct dirent **))
{
	int (*next)(const char *, struct dirent ***,
		    int (*)(const struct dirent *),
		    int (*)(const struct dirent **, const struct dirent **)) =
		dlsym(RTLD_NEXT, "scandir");
	char real[512];

	return next(sev_path(path, real, sizeof(real)) ? real : path, list,
		    filter, compare);
}

/* Not memmem(), which sanitizers have an opinion on. */
static unsigned int count_keys(const volatile uint8_t *p, size_t len)
{
	unsigned int found = 0;
	size_t at, i;

	for (at = 0; at + KEY_SIZE <= len; at++) {
		for (i = 0; i < KEY_SIZE && p[at + i] == key_byte(i); i++)
			;
		found += i == KEY_SIZE;
	}
	return found;
}

static void count_all(int number)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned int found = 0;
	uintptr_t from, to;
	char line[512];
	FILE *file;

	(void)number;
	while (maps && fgets(line, sizeof(line), maps)) {
		/* what is larger is memory of a sanitizer about memory */
		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " rw-p", &from,
			   &to) == 2 && strstr(line, " rw-p ") &&
		    to - from <= 64u << 20 && !strstr(line, "[v"))
			found += count_keys((const uint8_t *)from, to - from);
	}
	if (maps)
		fclose(maps);
	file = fopen(getenv("FAKE_LEAKS"), "a");
	if (!file)
		return;
	fprintf(file, "%u\n", found);
	fclose(file);
}

/* On a stack of its own: what functions have left on this one must stay. */
static void look_for_leaks(void)
{
	static uint8_t stack[256 << 10];
	const stack_t ours = { .ss_sp = stack, .ss_size = sizeof(stack) };
	const struct sigaction action = {
		.sa_handler = count_all,
		.sa_flags = SA_ONSTACK,
	};
	struct sigaction before;
	stack_t theirs;

	if (!getenv("FAKE_LEAKS") || sigaltstack(&ours, &theirs) ||
	    sigaction(SIGUSR2, &action, &before))
		return;
	raise(SIGUSR2);
	sigaction(SIGUSR2, &before, NULL);
	sigaltstack(&theirs, NULL);
}

int fflush(FILE *file)
{
	int (*next)(FILE *) = dlsym(RTLD_NEXT, "fflush");
	const int ret = next(file);

	if (file == stdout)
		look_for_leaks();
	return ret;
}

__attribute__((destructor)) static void at_exit(void)
{
	look_for_leaks();
}
