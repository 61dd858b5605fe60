/* SPDX-License-Identifier: MIT */
/* What the files of fake_configfs.so share. */
#ifndef TSM_HOST_FAKE_CONFIGFS_H
#define TSM_HOST_FAKE_CONFIGFS_H

#include <stdbool.h>
#include <stddef.h>

/* The number in a variable, 0 if it is not set. */
long fake_number(const char *variable);

/* fake_sev.c */

/* Whether a path, with or without the slash it begins with, is played below
 * FAKE_SYS; @real is where. */
bool sev_path(const char *path, char *real, size_t size);

/* A file for /dev/sev-guest, or -1 and errno; -2 for any other path. */
int sev_open(const char *path);

#endif /* TSM_HOST_FAKE_CONFIGFS_H */
