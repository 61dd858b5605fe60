// SPDX-License-Identifier: MIT
/*
 * A report item of configfs, Documentation/ABI/testing/configfs-tsm-report.
 *
 * Two traits of configfs shape this file: a binary attribute is committed by
 * the last close(), whose result the kernel throws away; and an open file keeps
 * the first answer that it read, so each blob is read through a fresh one.
 */
#include "lib_private.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES	3

int tsm_entry_create(struct tsm_entry *entry, const char *root,
		     const char *name, struct tsm_error *err)
{
	int len = snprintf(entry->path, sizeof(entry->path), "%s/%s", root,
			   name);
	int ret = -ENAMETOOLONG;

	if (len > 0 && (size_t)len < sizeof(entry->path)) {
		if (!mkdir(entry->path, 0700))
			return 0;
		ret = -errno;
	}
	tsm_error_set(err, ret, "%s/%s: %s", root, name, strerror(-ret));
	entry->path[0] = '\0';
	return ret;
}

int tsm_entry_remove(struct tsm_entry *entry, struct tsm_error *err)
{
	int ret = 0;

	if (entry->path[0] && rmdir(entry->path))
		ret = tsm_error_set(err, -errno, "%s: %s", entry->path,
				    strerror(errno));
	if (!ret)
		entry->path[0] = '\0';
	return ret;
}

static int open_attr(const struct tsm_entry *entry, const char *attr, int flags)
{
	char path[sizeof(entry->path) + 32];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", entry->path, attr);
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int failed(struct tsm_error *err, const struct tsm_entry *entry,
		  const char *attr, int ret)
{
	return tsm_error_set(err, ret, "%s/%s: %s", entry->path, attr,
			     strerror(-ret));
}

static int read_attr(const struct tsm_entry *entry, const char *attr,
		     size_t max, uint8_t **data, size_t *len,
		     struct tsm_error *err)
{
	int fd, ret;

	*data = NULL;
	*len = 0;
	fd = open_attr(entry, attr, O_RDONLY);
	ret = fd;
	if (fd >= 0) {
		ret = tsm_fd_read(fd, max, data, len);
		close(fd);
	}
	return ret < 0 ? failed(err, entry, attr, ret) : 0;
}

int tsm_entry_provider(const struct tsm_entry *entry, char *provider,
		       size_t size, struct tsm_error *err)
{
	uint8_t *text;
	size_t len;
	int ret;

	provider[0] = '\0';
	ret = read_attr(entry, "provider", 4096, &text, &len, err);
	if (ret)
		return ret;
	snprintf(provider, size, "%.*s", (int)len, text);
	provider[strcspn(provider, "\n")] = '\0';
	free(text);
	return 0;
}

static int read_number(const struct tsm_entry *entry, const char *attr,
		       uint64_t *number, struct tsm_error *err)
{
	char text[32] = "", *end;
	int fd = open_attr(entry, attr, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return failed(err, entry, attr, fd);
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	errno = 0;
	*number = strtoull(text, &end, 10);
	if (n <= 0 || errno || end == text)
		return failed(err, entry, attr, -EIO);
	return 0;
}

static int read_generation(const struct tsm_entry *entry, uint64_t *generation,
			   struct tsm_error *err)
{
	return read_number(entry, "generation", generation, err);
}

/* Attributes that a provider does not serve are not there at all. */
static int missing(struct tsm_error *err, const struct tsm_entry *entry,
		   const char *attr)
{
	return tsm_error_set(err, -EOPNOTSUPP, "%s/%s: this driver has none",
			     entry->path, attr);
}

int tsm_entry_floor(const struct tsm_entry *entry, unsigned int *floor,
		    struct tsm_error *err)
{
	uint64_t number = 0;
	int ret = read_number(entry, "privlevel_floor", &number, err);

	*floor = ret ? 0 : (unsigned int)number;
	return ret == -ENOENT ? missing(err, entry, "privlevel_floor") : ret;
}

/* One of the attributes that are text: the write tells what it came to. */
static int write_option(const struct tsm_entry *entry, const char *attr,
			const char *value, struct tsm_error *err)
{
	int fd = open_attr(entry, attr, O_WRONLY);
	const size_t len = strlen(value);
	ssize_t n;
	int ret = 0;

	if (fd == -ENOENT)
		return missing(err, entry, attr);
	if (fd < 0)
		return failed(err, entry, attr, fd);
	n = write(fd, value, len);
	if (n != (ssize_t)len)
		ret = n < 0 ? -errno : -EIO;
	close(fd);
	if (ret == -EINVAL)
		return tsm_error_set(err, -ERANGE, "%s/%s: refused: %s",
				     entry->path, attr, value);
	return ret ? failed(err, entry, attr, ret) : 0;
}

/* @written: how many there were */
static int write_options(const struct tsm_entry *entry,
			 const struct tsm_report_options *options,
			 uint64_t *written, struct tsm_error *err)
{
	char level[16], version[24];
	const struct {
		const char *attr;
		const char *value;
	} list[] = {
		{ "privlevel", options->privlevel < 0 ? NULL : level },
		{ "service_provider", options->service_provider },
		{ "service_guid", options->service_guid },
		{ "service_manifest_version",
		  options->manifest_version < 0 ? NULL : version },
	};
	size_t i;
	int ret;

	snprintf(level, sizeof(level), "%d", options->privlevel);
	snprintf(version, sizeof(version), "%ld", options->manifest_version);
	*written = 0;
	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		if (!list[i].value)
			continue;
		ret = write_option(entry, list[i].attr, list[i].value, err);
		if (ret)
			return ret;
		++*written;
	}
	return 0;
}

static int write_inblob(const struct tsm_entry *entry, const void *inblob,
			size_t len, struct tsm_error *err)
{
	int fd = open_attr(entry, "inblob", O_WRONLY);
	ssize_t n;
	int ret = 0;

	if (fd < 0)
		return failed(err, entry, "inblob", fd);
	n = write(fd, inblob, len);
	if (n != (ssize_t)len)
		ret = n < 0 ? -errno : -EIO;
	/* commits; its result says nothing, see generation */
	close(fd);
	return ret ? failed(err, entry, "inblob", ret) : 0;
}

/* @before: generation once all was committed, as it should be. */
static int commit(const struct tsm_entry *entry, const void *inblob, size_t len,
		  const struct tsm_report_options *options, uint64_t *before,
		  struct tsm_error *err)
{
	uint64_t start, options_written, now;
	int ret;

	ret = read_generation(entry, &start, err);
	if (ret)
		return ret;
	ret = write_options(entry, options, &options_written, err);
	if (ret)
		return ret;
	ret = write_inblob(entry, inblob, len, err);
	if (ret)
		return ret;
	ret = read_generation(entry, &now, err);
	if (ret)
		return ret;
	if (now == start + options_written)
		return tsm_error_set(err, -ECANCELED,
				     "%s/inblob: the kernel did not take it, generation is still %" PRIu64,
				     entry->path, now);
	*before = start + options_written + 1;
	return 0;
}

static int read_more(const struct tsm_entry *entry, const char *attr,
		     uint8_t **data, size_t *len, struct tsm_error *err)
{
	const int ret = read_attr(entry, attr, TSM_EVIDENCE_MAX, data, len, err);

	return ret == -ENOENT ? missing(err, entry, attr) : ret;
}

static int read_blobs(const struct tsm_entry *entry,
		      const struct tsm_report_options *options,
		      struct tsm_report *report, struct tsm_error *err)
{
	int ret = read_attr(entry, "outblob", TSM_EVIDENCE_MAX, &report->out,
			    &report->out_len, err);

	if (ret)
		return ret;
	if (!report->out_len)
		return tsm_error_set(err, -ENODATA,
				     "%s/outblob: empty, although the kernel reports success",
				     entry->path);
	if (options->aux)
		ret = read_more(entry, "auxblob", &report->aux,
				&report->aux_len, err);
	if (!ret && options->manifest)
		ret = read_more(entry, "manifestblob", &report->manifest,
				&report->manifest_len, err);
	return ret;
}

/* One round: 0 and the evidence, -EAGAIN if the generation moved. */
static int attempt(const struct tsm_entry *entry, const void *inblob,
		   size_t len, const struct tsm_report_options *options,
		   struct tsm_report *report, struct tsm_error *err)
{
	uint64_t before = 0, after;
	int ret, blobs;

	ret = commit(entry, inblob, len, options, &before, err);
	if (ret)
		return ret;
	blobs = read_blobs(entry, options, report, err);
	/* an error may be the answer to somebody else's report data, too */
	ret = read_generation(entry, &after, blobs ? NULL : err);
	if (ret)
		return blobs ? blobs : ret;
	report->generation = after;
	if (after != before)
		return tsm_error_set(err, -EAGAIN,
				     "%s: generation is %" PRIu64 ", not %" PRIu64
				     ": somebody else writes to this item",
				     entry->path, after, before);
	return blobs;
}

int tsm_entry_report(const struct tsm_entry *entry, const void *inblob,
		     size_t len, const struct tsm_report_options *options,
		     struct tsm_report *report, struct tsm_error *err)
{
	unsigned int tries;
	int ret = -EAGAIN;

	memset(report, 0, sizeof(*report));
	for (tries = 0; tries < TRIES && ret == -EAGAIN; tries++) {
		tsm_report_free(report);
		report->retries = tries;
		ret = attempt(entry, inblob, len, options, report, err);
	}
	if (ret)
		tsm_report_free(report);
	return ret;
}

void tsm_report_free(struct tsm_report *report)
{
	free(report->out);
	free(report->aux);
	free(report->manifest);
	memset(report, 0, sizeof(*report));
}
