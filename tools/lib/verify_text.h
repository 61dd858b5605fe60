/* SPDX-License-Identifier: MIT */
/* Puts together what is said in judgements. */
#ifndef TSM_VERIFY_TEXT_H
#define TSM_VERIFY_TEXT_H

#include "tsm.h"

struct x509;

/**
 * struct reason - a sentence made of several
 * @text: they, with "; " between; a string at all times, cut where it is full
 * @len: of @text
 */
struct reason {
	char text[TSM_REASON_SIZE];
	size_t len;
};

void reason_add(struct reason *reason, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#define CERT_NAME_SIZE	48
#define TEXT_DATE_SIZE	32

/* The CN of a certificate, with '?' for what could fool a terminal. */
const char *cert_name(const struct x509 *cert, char text[CERT_NAME_SIZE]);

/* ISO 8601, of seconds since 1970. gmtime_r() would do, but reads the environment
 * and takes a lock. */
const char *text_date(int64_t at, char text[TEXT_DATE_SIZE]);

/* @count bytes in hex; @text has room for two characters each, and a NUL. */
const char *text_hex(const uint8_t *bytes, size_t count, char *text);
/* At most @max of them, "..." if there are more, for which there is room. */
const char *text_hex_cut(const uint8_t *bytes, size_t count, size_t max,
			 char *text);

#endif /* TSM_VERIFY_TEXT_H */
