/* SPDX-License-Identifier: MIT */
/*
 * Access to configfs tsm/report for the tests: entries, attributes, nonces.
 *
 * Every helper returns a negative errno instead of -1, so that a test states
 * the errno that it expects in the same line as the call.
 */
#ifndef SELFTESTS_REPORT_H
#define SELFTESTS_REPORT_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef __maybe_unused
#define __maybe_unused __attribute__((__unused__))
#endif

#define CONFIG_ROOT	"/sys/kernel/config"
#define REPORT_ROOT	CONFIG_ROOT "/tsm/report"

/* TDG.MR.REPORT takes exactly 64 bytes of REPORTDATA. */
#define NONCE_LEN	64

/* Above anything that a 128 KiB GetQuote buffer can carry. */
#define BLOB_MAX	(160 * 1024)

#define PATH_LEN	512

struct entry {
	char path[PATH_LEN];
};

static __maybe_unused int file_write(const char *path, const char *text)
{
	ssize_t ret;
	int fd, err;

	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = write(fd, text, strlen(text));
	err = ret < 0 ? -errno : 0;
	close(fd);
	return err;
}

/* Reads until end of file; one more byte than @size would be -EOVERFLOW. */
static __maybe_unused ssize_t fd_read_all(int fd, void *buf, size_t size)
{
	size_t have = 0;
	ssize_t ret;
	char extra;

	for (;;) {
		if (have < size)
			ret = read(fd, (char *)buf + have, size - have);
		else
			ret = read(fd, &extra, 1);
		if (ret < 0)
			return -errno;
		if (!ret)
			return have;
		if (have == size)
			return -EOVERFLOW;
		have += ret;
	}
}

static __maybe_unused ssize_t file_read(const char *path, void *buf,
					size_t size)
{
	ssize_t ret;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = fd_read_all(fd, buf, size);
	close(fd);
	return ret;
}

static __maybe_unused long file_read_long(const char *path)
{
	char text[64];
	ssize_t len;

	len = file_read(path, text, sizeof(text) - 1);
	if (len < 0)
		return len;
	text[len] = '\0';
	return strtol(text, NULL, 0);
}

/* Who serves tsm/report: whom the VM runner names, or who is loaded. */
static __maybe_unused bool driver_is_tsm_guest(void)
{
	const char *driver = getenv("TSM_DRIVER");

	if (driver)
		return !strcmp(driver, "tsm_guest");
	return !access("/sys/module/tsm_guest", F_OK);
}

static __maybe_unused bool report_present(void)
{
	return !access(REPORT_ROOT, F_OK);
}

/* The device is the driver's, and the emulator says what it plays. */
static __maybe_unused bool tee_is_snp(void)
{
	const char *tee = getenv("TSM_TEE");

	return (tee && !strcmp(tee, "snp")) || !access("/dev/sev-guest", F_OK);
}

/* Other things are true of an SNP guest, which snp_*_test.c have. */
#define SKIP_UNLESS_TD()						\
	do {								\
		if (tee_is_snp())					\
			SKIP(return, "this is an SNP guest, not a TD");	\
	} while (0)

/* A skip, not a failure: nothing is wrong with a machine without a TEE. */
#define SKIP_WITHOUT_REPORT()						\
	do {								\
		SKIP_UNLESS_TD();					\
		if (!report_present())					\
			SKIP(return, "no " REPORT_ROOT ": load a driver"); \
	} while (0)

/* Mainline's driver is known to behave otherwise. */
#define SKIP_UNLESS_REPAIRED()						\
	do {								\
		if (!driver_is_tsm_guest())				\
			SKIP(return, "repaired only in tsm_guest");	\
	} while (0)

static __maybe_unused const char *entry_attr(const struct entry *entry,
					     const char *attr)
{
	static char path[PATH_LEN + 64];

	snprintf(path, sizeof(path), "%s/%s", entry->path, attr);
	return path;
}

static __maybe_unused int entry_make(struct entry *entry, const char *name)
{
	snprintf(entry->path, sizeof(entry->path), REPORT_ROOT "/%s", name);
	return mkdir(entry->path, 0755) ? -errno : 0;
}

static __maybe_unused int entry_remove(const struct entry *entry)
{
	return rmdir(entry->path) ? -errno : 0;
}

/* An earlier run that was killed may have left the name behind. */
static __maybe_unused int entry_renew(struct entry *entry, const char *name)
{
	int ret = entry_make(entry, name);

	if (ret != -EEXIST)
		return ret;
	ret = entry_remove(entry);
	return ret ? ret : entry_make(entry, name);
}

static __maybe_unused int entry_open(const struct entry *entry,
				     const char *attr, int flags)
{
	int fd = open(entry_attr(entry, attr), flags | O_CLOEXEC, 0600);

	return fd < 0 ? -errno : fd;
}

static __maybe_unused ssize_t entry_read(const struct entry *entry,
					 const char *attr, void *buf,
					 size_t size)
{
	return file_read(entry_attr(entry, attr), buf, size);
}

static __maybe_unused int entry_set(const struct entry *entry,
				    const char *attr, const char *text)
{
	return file_write(entry_attr(entry, attr), text);
}

static __maybe_unused long entry_generation(const struct entry *entry)
{
	return file_read_long(entry_attr(entry, "generation"));
}

/* One open, one write, one close: the close commits. */
static __maybe_unused int entry_ask(const struct entry *entry,
				    const void *inblob, size_t len)
{
	int fd, err = 0;
	ssize_t ret;

	fd = entry_open(entry, "inblob", O_WRONLY);
	if (fd < 0)
		return fd;
	ret = write(fd, inblob, len);
	if (ret < 0)
		err = -errno;
	else if ((size_t)ret != len)
		err = -EIO;
	close(fd);
	return err;
}

/*
 * Every nonce names its owner and its number and is self-checking, so that a
 * quote tells whose question it answers and whether its bytes are mixed.
 */
static __maybe_unused void nonce_make(uint8_t *nonce, uint32_t owner,
				      uint32_t number)
{
	uint64_t state = ((uint64_t)owner << 32 | number) + 1;
	unsigned int i;

	memcpy(nonce, &owner, sizeof(owner));
	memcpy(nonce + 4, &number, sizeof(number));
	for (i = 8; i < NONCE_LEN; i++) {
		state = state * 6364136223846793005ULL + 1442695040888963407ULL;
		nonce[i] = state >> 56;
	}
}

/* Returns the number, or -1 for a nonce that nonce_make() never made. */
static __maybe_unused long nonce_number(const uint8_t *nonce, uint32_t owner)
{
	uint8_t expected[NONCE_LEN];
	uint32_t number;

	memcpy(&number, nonce + 4, sizeof(number));
	nonce_make(expected, owner, number);
	return memcmp(nonce, expected, NONCE_LEN) ? -1 : (long)number;
}

#endif /* SELFTESTS_REPORT_H */
