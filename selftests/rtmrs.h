/* SPDX-License-Identifier: MIT */
/*
 * Access to configfs tsm/rtmrs for the tests: entries and their attributes.
 */
#ifndef SELFTESTS_RTMRS_H
#define SELFTESTS_RTMRS_H

#include <dirent.h>

#include "registers.h"
#include "report.h"

#define RTMRS_ROOT	CONFIG_ROOT "/tsm/rtmrs"

/* Most bytes of event data, uapi/linux/tsm-guest.h. */
#define EVENT_MAX	65536

static __maybe_unused bool rtmrs_present(void)
{
	return !access(RTMRS_ROOT, F_OK);
}

#define SKIP_WITHOUT_RTMRS()						\
	do {								\
		if (!driver_is_tsm_guest())				\
			SKIP(return, "mainline never had " RTMRS_ROOT);	\
	} while (0)

static __maybe_unused int rtmr_make(struct entry *entry, const char *name)
{
	snprintf(entry->path, sizeof(entry->path), RTMRS_ROOT "/%s", name);
	return mkdir(entry->path, 0755) ? -errno : 0;
}

/* Entries of a test that was killed would keep their registers. */
static __maybe_unused void rtmrs_sweep(void)
{
	char path[PATH_LEN];
	struct dirent *dirent;
	DIR *dir = opendir(RTMRS_ROOT);

	if (!dir)
		return;
	while ((dirent = readdir(dir))) {
		if (strncmp(dirent->d_name, "ksft-", 5))
			continue;
		snprintf(path, sizeof(path), RTMRS_ROOT "/%.200s",
			 dirent->d_name);
		rmdir(path);
	}
	closedir(dir);
}

static __maybe_unused int entry_put(const struct entry *entry,
				    const char *attr, const void *data,
				    size_t len)
{
	return file_put(entry_attr(entry, attr), data, len);
}

/* NULL if writing @text gives @err, or what happened instead. */
static __maybe_unused const char *entry_refuses(const struct entry *entry,
						const char *attr,
						const char *text, int err)
{
	static char said[128];
	int ret = entry_set(entry, attr, text);

	if (ret == -err)
		return NULL;
	snprintf(said, sizeof(said), "%s '%.64s': %d, not %d", attr, text, ret,
		 -err);
	return said;
}

/* "" if it cannot be read. */
static __maybe_unused const char *entry_text(const struct entry *entry,
					     const char *attr)
{
	static char text[128];
	ssize_t len = entry_read(entry, attr, text, sizeof(text) - 1);

	text[len > 0 ? len : 0] = '\0';
	return text;
}

/* configfs makes nothing of the error of a digest, so the entry tells. */
static __maybe_unused int rtmr_last_error(const struct entry *entry)
{
	return -file_read_long(entry_attr(entry, "last_errno"));
}

/* 0, the error of the write, or what became of the digest at close. */
static __maybe_unused int rtmr_write_digest(const struct entry *entry,
					    const void *digest, size_t len)
{
	int ret = entry_put(entry, "digest", digest, len);

	return ret ? ret : rtmr_last_error(entry);
}

/* An entry for a register, which nobody has yet. */
static __maybe_unused int rtmr_make_for(struct entry *entry, const char *name,
					unsigned int index)
{
	char text[16];
	int ret = rtmr_make(entry, name);

	if (ret)
		return ret;
	snprintf(text, sizeof(text), "%u", index);
	return entry_set(entry, "index", text);
}

#endif /* SELFTESTS_RTMRS_H */
