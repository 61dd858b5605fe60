// SPDX-License-Identifier: MIT
/* Settings, state in files and the registers of fake_rtmrs.so. */
#include "fake_rtmrs.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

long number(const char *name)
{
	const char *value = getenv(name);

	return value ? strtol(value, NULL, 10) : 0;
}

bool has(const char *what)
{
	const char *list = getenv("FAKE_HAS");

	return list && strstr(list, what);
}

bool is(const char *name, const char *value)
{
	const char *set = getenv(name);

	return set && !strcmp(set, value);
}

int fail(int err)
{
	errno = err;
	return -1;
}

const char *state(char path[PATH_SIZE], const char *entry, const char *attr)
{
	const char *root = getenv("FAKE_ROOT");

	if (entry)
		snprintf(path, PATH_SIZE, "%s/attr/%s.%s", root, entry, attr);
	else
		snprintf(path, PATH_SIZE, "%s/%s", root, attr);
	return path;
}

/* As one kernel does one thing after another. */
int lock_state(void)
{
	char path[PATH_SIZE];
	int fd = NEXT(open)(state(path, NULL, "mutex"),
			    O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || NEXT(flock)(fd, LOCK_EX))
		abort();
	return fd;
}

void unlock_state(int fd)
{
	NEXT(close)(fd);
}

ssize_t load(const char *entry, const char *attr, void *data, size_t max)
{
	char path[PATH_SIZE];
	int fd = NEXT(open)(state(path, entry, attr), O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = NEXT(read)(fd, data, max);
	NEXT(close)(fd);
	return n;
}

void store(const char *entry, const char *attr, const void *data,
		  size_t len, int flags)
{
	char path[PATH_SIZE];
	int fd = NEXT(open)(state(path, entry, attr),
			    O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);

	if (fd < 0 || NEXT(write)(fd, data, len) != (ssize_t)len)
		abort();
	NEXT(close)(fd);
}

/* True the first @most times that it is asked, of all processes. */
bool times(const char *name, long most)
{
	char text[24] = "0";
	long count;

	if (!most)
		return false;
	load(NULL, name, text, sizeof(text) - 1);
	count = strtol(text, NULL, 10);
	snprintf(text, sizeof(text), "%ld", count + 1);
	store(NULL, name, text, strlen(text), O_TRUNC);
	return count < most;
}

void forget(const char *entry, const char *attr)
{
	char path[PATH_SIZE];

	unlink(state(path, entry, attr));
}

void value_of(unsigned int index, uint8_t value[DIGEST])
{
	char name[16];

	snprintf(name, sizeof(name), "value.%u", index);
	if (load(NULL, name, value, DIGEST) != DIGEST)
		memset(value, 0, DIGEST);
}

void put_hex(char *to, const uint8_t *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		sprintf(to + 2 * i, "%02x", data[i]);
	to[2 * len] = '\0';
}

void advance(unsigned int index, const uint8_t digest[DIGEST])
{
	uint8_t both[2 * DIGEST], next[DIGEST];
	char name[16];

	value_of(index, both);
	memcpy(both + DIGEST, digest, DIGEST);
	SHA384(both, sizeof(both), next);
	snprintf(name, sizeof(name), "value.%u", index);
	store(NULL, name, next, DIGEST, O_TRUNC);
}

/* Return: 0 or a positive errno. */
int extend(const char *way, unsigned int index,
		  const uint8_t digest[DIGEST], unsigned long type,
		  const uint8_t *event, size_t len)
{
	static char line[2 * EVENT_MAX + 256], hex[2 * DIGEST + 1],
		    data[2 * EVENT_MAX + 1];

	store(NULL, "attempts", "1\n", 2, O_APPEND);
	if (index < 2 && strcmp(way, "sysfs"))
		return EPERM;
	if (number("FAKE_ERRNO"))
		return (int)number("FAKE_ERRNO");
	advance(index, digest);
	put_hex(hex, digest, DIGEST);
	put_hex(data, event, len);
	snprintf(line, sizeof(line), "%s %u 0x%lx %s %s\n", way, index, type,
		 hex, data);
	store(NULL, "log", line, strlen(line), O_APPEND);
	return 0;
}
