/* SPDX-License-Identifier: MIT */
/* What the files about entries of tsm/rtmrs share: their attributes. */
#ifndef TSM_LIB_RTMR_H
#define TSM_LIB_RTMR_H

#include "lib_private.h"

#include <sys/types.h>

/* @dir: that of an entry, or the one above with "ENTRY/ATTRIBUTE". All of these
 * return a negative errno on failure. */

/* Return: how many bytes. */
ssize_t tsm_rtmr_read(int dir, const char *attr, void *buf, size_t size);

/* In one write(), as configfs wants it, or -EMSGSIZE. A binary attribute is
 * committed by close(), which does not tell what became of it. */
int tsm_rtmr_write(int dir, const char *attr, const void *data, size_t len);

/* Return: the number in it. */
long tsm_rtmr_number(int dir, const char *attr);

/* Whether the entry of @dir was removed. */
bool tsm_rtmr_gone(int dir);

/* Says that @attr failed with @ret. Return: @ret, but where nothing is there
 * -EAGAIN if the entry is gone, -EOPNOTSUPP if it is there without @attr. */
int tsm_rtmr_failed(struct tsm_error *err, const struct tsm_rtmr *rtmr,
		    const char *attr, int ret);

#endif /* TSM_LIB_RTMR_H */
