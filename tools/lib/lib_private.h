/* SPDX-License-Identifier: MIT */
/* What the files of the library share and nobody else sees. */
#ifndef TSM_LIB_PRIVATE_H
#define TSM_LIB_PRIVATE_H

#include "cursor.h"
#include "tsm.h"

#include <endian.h>
#include <stdint.h>

/* error.c: fills @err, if there is one, and returns @ret, so that a failure
 * is one statement. */
int tsm_error_set(struct tsm_error *err, int ret, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* file.c: everything up to the end of @fd, -EFBIG beyond @max. */
int tsm_fd_read(int fd, size_t max, uint8_t **data, size_t *len);

/* ossl_verify.c: digests, which need no memory and so cannot fail. */
void tsm_sha256(const struct tsm_blob *parts, size_t count, uint8_t out[32]);
void tsm_sha384(const void *data, size_t len, uint8_t out[48]);
void tsm_sha512(const struct tsm_blob *parts, size_t count, uint8_t out[64]);

#endif /* TSM_LIB_PRIVATE_H */
