/* SPDX-License-Identifier: MIT */
/* What the parts of tsm_system_probe() share: files below a root, TEEs. */
#ifndef TSM_SYSTEM_PRIVATE_H
#define TSM_SYSTEM_PRIVATE_H

#include "lib_private.h"

#include <dirent.h>
#include <sys/types.h>

/* As many names as are looked at in one directory, which need not end. */
#define ENTRIES_MAX	65536u

/**
 * struct root - where to look
 * @fd: the directory
 * @confined: it is not "/": it may be a container's, whose owner is not trusted
 *
 * What is below a confined one is never left by a symbolic link.
 */
struct root {
	int fd;
	bool confined;
};

/* system_file.c: nothing is waited for, and no more is read than is asked for.
 * Paths are relative. What cannot be read counts as absent. */

bool root_exists(const struct root *root, const char *path);

/* Opens a file for reading, or the character device @device; 0: no device. */
int root_open(const struct root *root, const char *path, dev_t device);

/* Whether this is a device, and no file. */
bool fd_is_device(int fd);

/* The beginning of a file, or NULL; the caller frees it. A zero follows it. */
uint8_t *root_data(const struct root *root, const char *path, size_t max,
		   size_t *len);

/* The same as a string. */
char *root_text(const struct root *root, const char *path, size_t max);

/* The first line. */
void root_line(const struct root *root, const char *path, char *out,
	       size_t size);

/* The first line as a number; -1 if it is none. */
long root_number(const struct root *root, const char *path);

/* A directory for readdir() and closedir(), or NULL. */
DIR *root_dir(const struct root *root, const char *path);

/* How many entries of a directory have this d_type. */
unsigned int root_count(const struct root *root, const char *path,
			unsigned char type);

/* The last name in a directory, by its bytes, that begins so; or "". */
void root_find(const struct root *root, const char *path, const char *prefix,
	       char *name, size_t size);

/* Calls @each with the path of every file in a directory whose name ends so. */
void root_files(const struct root *root, const char *path, const char *suffix,
		void (*each)(const char *path, void *data), void *data);

/* system_log.c: what the kernel's log says of a module that was refused. */
void kernel_log_probe(const struct root *root, struct tsm_system *sys);

/* system_blacklist.c; needs the TEE of @sys. */
void blacklist_probe(const struct root *root, struct tsm_system *sys);

/* system_signing.c; needs what install_probe() found. */
void signing_probe(const struct root *root, struct tsm_system *sys);

/* system_install.c; needs the TEE of @sys. */
void install_probe(const struct root *root, struct tsm_system *sys);

/* tee.c: which TEE this is. Needs nothing else of @sys. */
void tee_probe(const struct root *root, struct tsm_system *sys);

#endif /* TSM_SYSTEM_PRIVATE_H */
