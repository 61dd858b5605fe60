// SPDX-License-Identifier: MIT
/* What is read from an entry of configfs tsm/rtmrs, and done through it. */
#include "rtmr.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

ssize_t tsm_rtmr_read(int dir, const char *attr, void *buf, size_t size)
{
	int fd = openat(dir, attr, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, buf, size);
	if (n < 0)
		n = -errno;
	close(fd);
	return n;
}

int tsm_rtmr_write(int dir, const char *attr, const void *data, size_t len)
{
	int fd = openat(dir, attr, O_WRONLY | O_CLOEXEC);
	int ret = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, data, len);
	if (n != (ssize_t)len)
		ret = n < 0 ? -errno : -EMSGSIZE;
	close(fd);
	return ret;
}

long tsm_rtmr_number(int dir, const char *attr)
{
	char text[32], *end;
	ssize_t n = tsm_rtmr_read(dir, attr, text, sizeof(text) - 1);
	unsigned long value;

	if (n < 0)
		return n;
	text[n] = '\0';
	value = strtoul(text, &end, 0);
	if (end == text || value > UINT32_MAX)
		return -EIO;
	return (long)value;
}

bool tsm_rtmr_gone(int dir)
{
	return faccessat(dir, "index", F_OK, 0) != 0;
}

int tsm_rtmr_failed(struct tsm_error *err, const struct tsm_rtmr *rtmr,
		    const char *attr, int ret)
{
	if (ret == -ENOENT || ret == -ENODEV)
		ret = tsm_rtmr_gone(rtmr->dir) ? -EAGAIN : -EOPNOTSUPP;
	if (ret == -EAGAIN)
		return tsm_error_set(err, ret, "%s: somebody removed it",
				     rtmr->path);
	if (ret == -EOPNOTSUPP)
		return tsm_error_set(err, ret, "%s/%s: this kernel has none",
				     rtmr->path, attr);
	return tsm_error_set(err, ret, "%s/%s: %s", rtmr->path, attr,
			     strerror(-ret));
}

int tsm_rtmr_value(const struct tsm_rtmr *rtmr, uint8_t value[TSM_RTMR_SIZE],
		   struct tsm_error *err)
{
	uint8_t buf[TSM_RTMR_SIZE + 1];
	ssize_t n = tsm_rtmr_read(rtmr->dir, "digest", buf, sizeof(buf));

	memset(value, 0, TSM_RTMR_SIZE);
	if (n < 0)
		return tsm_rtmr_failed(err, rtmr, "digest", (int)n);
	if (n != TSM_RTMR_SIZE)
		return tsm_error_set(err, -EMSGSIZE,
				     "%s/digest: a value of %zd bytes, not %d",
				     rtmr->path, n, TSM_RTMR_SIZE);
	memcpy(value, buf, TSM_RTMR_SIZE);
	return 0;
}

/* Return: 0, then none are pending; -ENOENT also where entries take none. */
static int drop_event(int dir)
{
	static const uint8_t too_much[TSM_RTMR_EVENT_MAX + 1];
	int ret = tsm_rtmr_write(dir, "measure", "0", 1);

	if (ret != -EINVAL)
		return ret;
	/* A kernel that does not know "0". What is pending goes, too, where
	 * more is written than it takes. */
	ret = tsm_rtmr_write(dir, "event", too_much, sizeof(too_much));
	if (ret == -EFBIG)
		return 0;
	return ret ? ret : -EMSGSIZE;
}

static int write_type(int dir, uint32_t type)
{
	char text[16];

	snprintf(text, sizeof(text), "0x%08x", type);
	return tsm_rtmr_write(dir, "event_type", text, strlen(text));
}

void tsm_rtmr_restore(int dir, uint32_t event_type)
{
	drop_event(dir);
	write_type(dir, event_type);
}

static int put_event(const struct tsm_rtmr *rtmr,
		     const struct tsm_extend *extend, struct tsm_error *err)
{
	int ret = write_type(rtmr->dir, extend->event_type);

	if (ret)
		return tsm_rtmr_failed(err, rtmr, "event_type", ret);
	ret = tsm_rtmr_write(rtmr->dir, "event", extend->event,
			     extend->event_len);
	return ret ? tsm_rtmr_failed(err, rtmr, "event", ret) : 0;
}

static int measure(const struct tsm_rtmr *rtmr, const struct tsm_extend *extend,
		   struct tsm_error *err)
{
	char hex[2 * TSM_RTMR_SIZE + 1];
	size_t i;
	int ret;

	for (i = 0; i < TSM_RTMR_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02x", extend->digest[i]);
	ret = tsm_rtmr_write(rtmr->dir, "measure", hex, 2 * TSM_RTMR_SIZE);
	if (ret == -EMSGSIZE)
		ret = -ENOTRECOVERABLE;
	if (ret != -EBADMSG && ret != -ENODATA)
		return ret ? tsm_rtmr_failed(err, rtmr, "measure", ret) : 0;
	return tsm_error_set(err, -EAGAIN,
			     "%s: event data do not stay there (%s): somebody uses it without its lock, or the kernel has no memory",
			     rtmr->path, strerror(-ret));
}

int tsm_rtmr_measure(const struct tsm_rtmr *rtmr,
		     const struct tsm_extend *extend,
		     struct tsm_extended *done, struct tsm_error *err)
{
	int ret;

	memset(done, 0, sizeof(*done));
	done->has_before = !tsm_rtmr_value(rtmr, done->before, NULL);
	ret = put_event(rtmr, extend, err);
	if (!ret)
		ret = measure(rtmr, extend, err);
	if (ret) {
		drop_event(rtmr->dir);
		return ret;
	}
	done->recorded = true;
	done->has_after = !tsm_rtmr_value(rtmr, done->after, NULL);
	return 0;
}

/*
 * Makes last_errno say EINVAL, by a measure that is none, so that what it says
 * after a digest can only be about that. Return: whether it does.
 */
static bool mark_errno(int dir)
{
	return tsm_rtmr_write(dir, "measure", "?", 1) == -EINVAL &&
	       tsm_rtmr_number(dir, "last_errno") == EINVAL;
}

static int unknown(const struct tsm_rtmr *rtmr, struct tsm_error *err)
{
	return tsm_error_set(err, -ENOTRECOVERABLE,
			     "%s/digest: nobody can tell whether the kernel took it",
			     rtmr->path);
}

static int judge_by_errno(const struct tsm_rtmr *rtmr, struct tsm_error *err)
{
	const long last = tsm_rtmr_number(rtmr->dir, "last_errno");

	if (!last)
		return 0;
	if (last < 0 || last == EINVAL)
		return unknown(rtmr, err);
	return tsm_rtmr_failed(err, rtmr, "digest", (int)-last);
}

static int judge_by_value(const struct tsm_rtmr *rtmr,
			  const struct tsm_extend *extend,
			  const struct tsm_extended *done,
			  struct tsm_error *err)
{
	uint8_t next[TSM_RTMR_SIZE];

	if (!done->has_before || !done->has_after)
		return unknown(rtmr, err);
	if (!memcmp(done->before, done->after, TSM_RTMR_SIZE))
		return tsm_error_set(err, -ECANCELED,
				     "%s/digest: the kernel did not take it",
				     rtmr->path);
	if (!tsm_rtmr_next(done->before, extend->digest, next) &&
	    !memcmp(next, done->after, TSM_RTMR_SIZE))
		return 0;
	return unknown(rtmr, err);
}

int tsm_rtmr_digest(const struct tsm_rtmr *rtmr,
		    const struct tsm_extend *extend,
		    struct tsm_extended *done, struct tsm_error *err)
{
	bool marked;
	int ret;

	memset(done, 0, sizeof(*done));
	/* what a program left that was killed would be recorded with it */
	ret = drop_event(rtmr->dir);
	if (ret && ret != -ENOENT)
		return tsm_rtmr_failed(err, rtmr, "measure", ret);
	marked = mark_errno(rtmr->dir);
	done->has_before = !tsm_rtmr_value(rtmr, done->before, NULL);
	ret = tsm_rtmr_write(rtmr->dir, "digest", extend->digest, TSM_RTMR_SIZE);
	if (ret)
		return tsm_rtmr_failed(err, rtmr, "digest", ret);
	done->has_after = !tsm_rtmr_value(rtmr, done->after, NULL);
	return marked ? judge_by_errno(rtmr, err) :
			judge_by_value(rtmr, extend, done, err);
}
