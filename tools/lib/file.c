// SPDX-License-Identifier: MIT
/* Whole files, bounded when read and complete when written. */
#include "lib_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK	(64u << 10)

int tsm_fd_read(int fd, size_t max, uint8_t **data, size_t *len)
{
	uint8_t *buf = NULL, *bigger;
	size_t size = 0, used = 0;
	ssize_t n;
	int ret;

	*data = NULL;
	*len = 0;
	for (;;) {
		if (used == size) {
			/* one byte more than allowed, to see that it is more */
			size = size ? size * 2 : CHUNK;
			if (size > max)
				size = max + 1;
			bigger = realloc(buf, size);
			ret = -ENOMEM;
			if (!bigger)
				goto free_buf;
			buf = bigger;
		}
		n = read(fd, buf + used, size - used);
		ret = -errno;
		if (n < 0 && ret == -EINTR)
			continue;
		if (n < 0)
			goto free_buf;
		if (n == 0)
			break;
		used += (size_t)n;
		ret = -EFBIG;
		if (used > max)
			goto free_buf;
	}
	*data = buf;
	*len = used;
	return 0;

free_buf:
	free(buf);
	return ret;
}

int tsm_file_read(const char *path, size_t max, uint8_t **data, size_t *len,
		  struct tsm_error *err)
{
	const bool standard = !strcmp(path, "-");
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int ret;

	*data = NULL;
	*len = 0;
	if (fd < 0)
		return tsm_error_set(err, -errno, "%s: %s", path,
				     strerror(errno));
	ret = tsm_fd_read(fd, max, data, len);
	if (ret == -EFBIG)
		tsm_error_set(err, ret, "%s: more than %zu bytes",
			      standard ? "standard input" : path, max);
	else if (ret)
		tsm_error_set(err, ret, "%s: %s",
			      standard ? "standard input" : path,
			      strerror(-ret));
	if (!standard)
		close(fd);
	return ret;
}

static int write_all(int fd, const uint8_t *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

static int close_written(int fd, int ret)
{
	if (close(fd) && !ret)
		ret = -errno;
	return ret;
}

/*
 * As far as this process may: only root gives files away. Bits that let others
 * run a file as its owner are not for another owner, nor are those of a group
 * for another group.
 */
static void keep_owner_and_mode(int fd, const struct stat *old)
{
	mode_t mode = old->st_mode & 07777;

	if (fchown(fd, old->st_uid, old->st_gid)) {
		mode &= 0777;
		if (fchown(fd, (uid_t)-1, old->st_gid))
			mode &= ~(mode_t)070;
	}
	/* where this fails, as some file systems have it, 0600 is safe */
	fchmod(fd, mode);
}

/* Refused is the directory, whatever may be done to the file in it. */
static int not_made(struct tsm_error *err, const char *dir, int dir_len,
		    const char *file, bool there)
{
	const int ret = -errno;

	return tsm_error_set(err, ret, "%.*s: no file can be made there%s%s: %s",
			     dir_len ? dir_len : 2, dir_len ? dir : "./",
			     there ? ", which is how to replace " : "",
			     there ? file : "", strerror(-ret));
}

/*
 * A reader sees the old file or the new one, never half of it, and the new one
 * is at no time open to more people than the old.
 * @old: the file that is there now, or NULL
 */
static int replace(const char *path, const struct stat *old, const void *data,
		   size_t len, struct tsm_error *err)
{
	const char *slash = strrchr(path, '/');
	const int dir_len = slash ? (int)(slash - path) + 1 : 0;
	char *temp;
	int fd, ret;

	if (asprintf(&temp, "%.*s.tsm-%d.tmp", dir_len, path, getpid()) < 0)
		return tsm_error_set(err, -ENOMEM, "%s: out of memory", path);
	fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		  old ? 0600 : 0666);
	if (fd < 0) {
		ret = not_made(err, path, dir_len, path + dir_len, old);
		goto free_temp;
	}
	ret = write_all(fd, data, len);
	if (!ret && old)
		keep_owner_and_mode(fd, old);
	ret = close_written(fd, ret);
	if (ret)
		tsm_error_set(err, ret, "%s: %s", path, strerror(-ret));
	else if (rename(temp, path))
		ret = tsm_error_set(err, -errno, "%s: cannot be replaced: %s",
				    path, strerror(errno));
	if (ret)
		unlink(temp);
free_temp:
	free(temp);
	return ret;
}

static int write_to(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return close_written(fd, write_all(fd, data, len));
}

int tsm_file_write(const char *path, const void *data, size_t len,
		   struct tsm_error *err)
{
	struct stat st;
	const bool there = lstat(path, &st) == 0;
	int ret;

	/* devices, pipes and links are written to, not replaced */
	if (!there || S_ISREG(st.st_mode))
		return replace(path, there ? &st : NULL, data, len, err);
	ret = write_to(path, data, len);
	if (ret)
		tsm_error_set(err, ret, "%s: %s", path, strerror(-ret));
	return ret;
}
