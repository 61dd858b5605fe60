/* SPDX-License-Identifier: MIT */
/*
 * What the clients in C share: rows for the table, and whole files.
 *
 * An operation returns what is wrong, or NULL; what begins with ABSENT says that
 * the interface is not there.
 */
#ifndef CLIENTS_CLIENT_H
#define CLIENTS_CLIENT_H

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define NONCE_LEN	64
#define ABSENT		"-: "

#define __maybe_unused	__attribute__((__unused__))

/* A line of the table, which run-guest.sh's reader takes apart at the tab. */
static void row(const char *operation, const char *why)
{
	if (!why)
		printf("%s\tok\n", operation);
	else if (!strncmp(why, ABSENT, strlen(ABSENT)))
		printf("%s\t%s\n", operation, why);
	else
		printf("%s\tno: %s\n", operation, why);
	fflush(stdout);
}

/* Valid until the next call, which is enough for a row. */
static __attribute__((__format__(__printf__, 1, 2)))
const char *because(const char *format, ...)
{
	static char text[200];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return text;
}

/* As in "open: ENOENT". */
static __maybe_unused const char *failed(const char *call)
{
	return because("%s: %s", call, strerrorname_np(errno));
}

/* As failed(), where this errno is how a kernel says that it has no such thing. */
static __maybe_unused const char *failed_or_absent(const char *call, int absent)
{
	return because("%s%s: %s", errno == absent ? ABSENT : "", call,
		       strerrorname_np(errno));
}

static __maybe_unused void make_nonce(uint8_t *nonce)
{
	if (getrandom(nonce, NONCE_LEN, 0) != NONCE_LEN)
		abort();
}

/* One read(2) of at most @max bytes: how many, or -1. */
static __maybe_unused ssize_t read_once(const char *path, void *data, size_t max)
{
	int fd = open(path, O_RDONLY), saved;
	ssize_t len;

	if (fd < 0)
		return -1;
	len = read(fd, data, max);
	saved = errno;
	close(fd);
	errno = saved;
	return len;
}

/* A text attribute with all that is in it, a newline too. */
static __maybe_unused bool read_text(const char *path, char *text, size_t room)
{
	ssize_t len = read_once(path, text, room - 1);

	if (len < 0)
		return false;
	text[len] = 0;
	return true;
}

/* Opened with @flags, written to with one write(2), and closed. */
static __maybe_unused bool write_once(const char *path, int flags,
				      const void *data, size_t len)
{
	int fd = open(path, flags, 0666), saved;
	ssize_t done;

	if (fd < 0)
		return false;
	done = write(fd, data, len);
	saved = errno;
	close(fd);
	errno = done >= 0 ? EIO : saved;
	return done == (ssize_t)len;
}

static __maybe_unused bool is_there(const char *path)
{
	return !access(path, F_OK);
}

#endif /* CLIENTS_CLIENT_H */
