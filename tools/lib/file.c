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

/* Temporary names to try, and what they add to a path at most. */
#define NAMES		100
#define TEMP_SIZE	40

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
static int not_made(struct tsm_error *err, int ret, const char *dir,
		    int dir_len, const char *file, bool there)
{
	return tsm_error_set(err, ret, "%.*s: no file can be made there%s%s: %s",
			     dir_len ? dir_len : 2, dir_len ? dir : "./",
			     there ? ", which is how to replace " : "",
			     there ? file : "", strerror(-ret));
}

static int link_fd(int fd, const char *path)
{
	char self[40];

	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
}

/* A free name in the directory, for file->fd or a new file. Return: -1 and
 * errno, or else what linkat() or open() gave. */
static int make_temp(struct tsm_file *file, int dir_len, mode_t mode)
{
	unsigned int i;
	int ret = -1;

	for (i = 0; i < NAMES; i++) {
		sprintf(file->temp, "%.*s.tsm-%d-%u.tmp", dir_len, file->path,
			getpid(), i);
		if (file->fd >= 0)
			ret = link_fd(file->fd, file->temp);
		else
			ret = open(file->temp, O_WRONLY | O_CREAT | O_EXCL |
				   O_CLOEXEC, mode);
		if (ret >= 0 || errno != EEXIST)
			break;
	}
	file->named = ret >= 0;
	return ret;
}

static int dir_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (int)(slash - path) + 1 : 0;
}

/* Without a name if that can be, for then it cannot stay behind. */
static int open_new(struct tsm_file *file, mode_t mode)
{
	const int dir_len = dir_length(file->path);

	sprintf(file->temp, "%.*s.", dir_len, file->path);
	/* /proc is what gives it a name in the end */
	if (!access("/proc/self/fd", F_OK))
		file->fd = open(file->temp, O_WRONLY | O_TMPFILE | O_CLOEXEC,
				mode);
	if (file->fd < 0)
		file->fd = make_temp(file, dir_len, mode);
	return file->fd < 0 ? -errno : 0;
}

/* Some file systems tell on close() only that bytes are lost. */
static int flush(int fd)
{
	const int copy = dup(fd);

	return copy < 0 || close(copy) ? -errno : 0;
}

/*
 * The new file is at no time open to more people than the old.
 * @old: the file that is there now, or NULL
 */
static int prepare_new(struct tsm_file *file, const struct stat *old,
		       struct tsm_error *err)
{
	const int dir_len = dir_length(file->path);
	int ret;

	ret = open_new(file, old ? 0600 : 0666);
	if (ret)
		return not_made(err, ret, file->path, dir_len,
				file->path + dir_len, old);
	ret = write_all(file->fd, file->data, file->len);
	if (!ret && old)
		keep_owner_and_mode(file->fd, old);
	if (!ret)
		ret = flush(file->fd);
	if (ret)
		tsm_error_set(err, ret, "%s: %s", file->path, strerror(-ret));
	return ret;
}

/* What can be told before opening, which is an act for a pipe or a device. */
static int may_write(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	return faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) ? -errno : 0;
}

int tsm_file_prepare(struct tsm_file *file, const char *path, const void *data,
		     size_t len, struct tsm_error *err)
{
	struct stat st;
	const bool there = lstat(path, &st) == 0;
	int ret;

	*file = (struct tsm_file){ .path = path, .data = data, .len = len,
				   .fd = -1 };
	/* devices, pipes and links are written to, not replaced */
	file->replaces = !there || S_ISREG(st.st_mode);
	file->temp = malloc(strlen(path) + TEMP_SIZE);
	if (!file->temp)
		return tsm_error_set(err, -ENOMEM, "%s: out of memory", path);
	if (file->replaces) {
		ret = prepare_new(file, there ? &st : NULL, err);
	} else {
		ret = may_write(path);
		if (ret)
			tsm_error_set(err, ret, "%s: %s", path, strerror(-ret));
	}
	if (ret)
		tsm_file_drop(file);
	return ret;
}

static int write_to(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	ret = write_all(fd, data, len);
	if (close(fd) && !ret)
		ret = -errno;
	return ret;
}

/* A reader sees the old file or the new one, never half of it. */
static int give_name(struct tsm_file *file)
{
	if (!file->named) {
		if (!link_fd(file->fd, file->path))
			return 0;
		/* only rename() replaces */
		if (errno != EEXIST ||
		    make_temp(file, dir_length(file->path), 0) < 0)
			return -errno;
	}
	if (rename(file->temp, file->path))
		return -errno;
	file->named = false;
	return 0;
}

int tsm_file_commit(struct tsm_file *file, struct tsm_error *err)
{
	const char *what = "";
	int ret;

	if (file->replaces) {
		ret = give_name(file);
		what = "cannot be replaced: ";
	} else {
		ret = write_to(file->path, file->data, file->len);
	}
	if (ret)
		tsm_error_set(err, ret, "%s: %s%s", file->path, what,
			      strerror(-ret));
	tsm_file_drop(file);
	return ret;
}

void tsm_file_drop(struct tsm_file *file)
{
	if (file->named)
		unlink(file->temp);
	if (file->fd >= 0)
		close(file->fd);
	free(file->temp);
	*file = (struct tsm_file){ .fd = -1 };
}

int tsm_file_write(const char *path, const void *data, size_t len,
		   struct tsm_error *err)
{
	struct tsm_file file;
	int ret;

	ret = tsm_file_prepare(&file, path, data, len, err);
	return ret ? ret : tsm_file_commit(&file, err);
}
