/* SPDX-License-Identifier: MIT */
/* PEM as people's files have it; that of evidence is pem_chain_parse(). */
#ifndef TSM_PEM_H
#define TSM_PEM_H

#include "cursor.h"

enum pem_kind {
	PEM_CERTIFICATE,
	PEM_CRL,
};

/**
 * pem_next() - decode the next certificate or revocation list
 * @c: text, any before, between and behind; moves behind the block
 * @kind: what it is; blocks of other kinds are passed over
 * @der: room of @size bytes for what is in it
 * @len: set to how many there are
 *
 * Return: 1; 0 if there is no more; -EBADMSG if it is malformed, -EFBIG if there
 * is not enough room.
 */
int pem_next(struct cursor *c, enum pem_kind *kind, uint8_t *der, size_t size,
	     size_t *len);

#endif /* TSM_PEM_H */
