/* SPDX-License-Identifier: MIT */
/* A kernel that has registers, inside the program: for tests of the library. */
#ifndef TSM_HOST_EXTEND_FIXTURE_H
#define TSM_HOST_EXTEND_FIXTURE_H

#include "../../tools/lib/tsm.h"

#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What there is, see fake_rtmrs.h: all that tsm_guest has, or that without "0"
 * for measure, or what the kernel proposal had. */
#define ALL	"tee,configfs,event,drop,last,sysfs,ioctl"
#define NO_DROP	"tee,configfs,event,last,sysfs,ioctl"
#define RFC	"tee,configfs"

static char dir[64];
static struct tsm_error err;
static struct tsm_extended done;

/* 0x0d is EV_IPL; the digest of "hello" as sha384sum has it. */
static struct tsm_extend hello = {
	.index = 3,
	.event = "hello",
	.event_len = 5,
	.event_type = 0x0d,
};
#define HELLO \
"59e1748777448c69de6b800d7a33bbfb9ff1b463e44354c3553bcdb9c666fa90" \
"125a3c79f90397bdf5f6a13de828684f"

static inline const char *file(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static inline void write_file(const char *name, const char *text)
{
	FILE *f = fopen(file(name), "w");

	CHECK(f && fputs(text, f) >= 0 && !fclose(f));
}

static inline bool exists(const char *name)
{
	struct stat st;

	return !stat(file(name), &st);
}

static inline void start(const char *has)
{
	static const char *const settings[] = {
		"FAKE_ERRNO", "FAKE_MKDIR", "FAKE_LOSE", "FAKE_SHORT",
		"FAKE_VANISH", "FAKE_TAKEN", "FAKE_MEDDLE", "FAKE_FORGET",
		"FAKE_HURRY", "FAKE_CATCH", "FAKE_NOMEM",
	};
	size_t i;

	strcpy(dir, "/tmp/test_extend.XXXXXX");
	CHECK(mkdtemp(dir) != NULL);
	mkdir(file("rtmrs"), 0755);
	mkdir(file("attr"), 0755);
	setenv("FAKE_ROOT", dir, 1);
	setenv("FAKE_HAS", has, 1);
	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		unsetenv(settings[i]);
	CHECK_EQ(0, tsm_rtmr_hash("hello", 5, hello.digest));
	memset(&done, 0x55, sizeof(done));
	err.text[0] = '\0';
}

static inline int remove_one(const char *path, const struct stat *st, int flag,
		      struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static inline void stop(void)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline unsigned int lines_of(const char *name)
{
	FILE *f = fopen(file(name), "r");
	unsigned int lines = 0;
	int c;

	if (!f)
		return 0;
	while ((c = getc(f)) != EOF)
		lines += c == '\n';
	fclose(f);
	return lines;
}

static inline unsigned int extends(void)
{
	return lines_of("log");
}

/* How often the kernel was asked to extend. */
static inline unsigned int attempts(void)
{
	return lines_of("attempts");
}

static inline bool logged(const char *line)
{
	char text[512] = "";
	FILE *f = fopen(file("log"), "r");
	bool found = f && fgets(text, sizeof(text), f);

	if (f)
		fclose(f);
	if (!found || strcmp(text, line))
		printf("# log: %s", text);
	return found && !strcmp(text, line);
}

/* Before and after belong to one extend with @hello. */
static inline void check_values(void)
{
	uint8_t next[TSM_RTMR_SIZE];

	CHECK(done.has_before && done.has_after);
	CHECK_EQ(0, tsm_rtmr_next(done.before, hello.digest, next));
	CHECK(!memcmp(next, done.after, sizeof(next)));
}

#endif /* TSM_HOST_EXTEND_FIXTURE_H */
