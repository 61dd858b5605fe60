/* SPDX-License-Identifier: MIT */
/* libtsmguest, continued from tsm.h: whole files, read and written (file.c). */
#include "tsm.h"

#ifndef TSM_FILE_H
#define TSM_FILE_H

/**
 * tsm_file_read() - read a whole file
 * @path: file, or "-" for standard input
 * @max: most bytes to accept
 * @data: allocated, to be freed by the caller
 * @len: number of bytes
 * @err: what was wrong
 *
 * Return: 0; -EFBIG if it holds more than @max; -EISDIR; -ENOMEM; what open()
 * or read() gave.
 */
int tsm_file_read(const char *path, size_t max, uint8_t **data, size_t *len,
		  struct tsm_error *err);

/**
 * tsm_file_write() - write a whole file, or leave the old one as it was
 * @path: new or regular file, which is replaced; anything else is written to
 * @data: bytes, @len of them
 * @len: number of bytes
 * @err: what was wrong
 *
 * A file is replaced by a new one in its directory, which must be writable. The
 * new one has the old one's mode, and its owner and group if this process may
 * give files away; where it may not, without the bits that would let another
 * owner or group do more.
 *
 * Return: 0, or what open(), write() or rename() gave.
 */
int tsm_file_write(const char *path, const void *data, size_t len,
		   struct tsm_error *err);

/**
 * struct tsm_file - a file that is all but there
 * @path: where it is going to be; the caller's
 * @temp: room for its name until then, allocated
 * @data: bytes for what is written to, not replaced; the caller's
 * @len: their number
 * @fd: the new file while it has no name yet, else -1
 * @replaces: a new file takes the place of the old one, if there is one
 * @named: the new file has the name @temp
 */
struct tsm_file {
	const char *path;
	char *temp;
	const void *data;
	size_t len;
	int fd;
	bool replaces;
	bool named;
};

/**
 * tsm_file_prepare() - do all of tsm_file_write() that is not seen
 * @file: to be ended by tsm_file_commit() or tsm_file_drop(), if this succeeds
 * @path: as for tsm_file_write(); must stay until then, as @data must
 * @data: bytes, @len of them
 * @len: number of bytes
 * @err: what was wrong
 *
 * Where the file system can, the new file has no name before it is complete, so
 * that nothing is left of it if this process is killed.
 *
 * Return: 0, -ENOMEM, or what open() or write() gave; -EISDIR.
 */
int tsm_file_prepare(struct tsm_file *file, const char *path, const void *data,
		     size_t len, struct tsm_error *err);

/* tsm_file_commit() - the rest. Return: 0, or what failed. */
int tsm_file_commit(struct tsm_file *file, struct tsm_error *err);

/* tsm_file_drop() - leave all as it was */
void tsm_file_drop(struct tsm_file *file);

#endif /* TSM_FILE_H */
