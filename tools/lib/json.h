/* SPDX-License-Identifier: MIT */
/*
 * JSON (RFC 8259) that somebody else wrote, read strictly: a key that stands
 * twice, a value of another type, a number out of range is an error that names
 * where it is.
 *
 * Not jansson: its decoder drops characters and reads past its buffer when
 * memory runs out, and does not say where in the text a value stands, which is
 * what Intel's signatures are over.
 */
#ifndef TSM_JSON_H
#define TSM_JSON_H

#include "tsm.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Objects and arrays inside each other; Intel's documents have 6. */
#define JSON_DEPTH_MAX		32
/* Keys of one object, and values of one document. */
#define JSON_KEYS_MAX		256
#define JSON_VALUES_MAX		65536

enum json_kind {
	JSON_KIND_NULL,
	JSON_KIND_BOOL,
	JSON_KIND_NUMBER,
	JSON_KIND_STRING,
	JSON_KIND_ARRAY,
	JSON_KIND_OBJECT,
};

/* A decoded document. It does not change, so threads may share it. */
struct json_doc;

/**
 * struct json_at - a value in a document, which must outlive it
 * @doc: the document
 * @node: which
 *
 * By value, owns nothing.
 */
struct json_at {
	const struct json_doc *doc;
	uint32_t node;
};

/**
 * json_doc_parse() - decode a text
 * @text: @len bytes of UTF-8; copied
 * @doc: the result, to be given to json_doc_free(); NULL on failure
 * @err: what was wrong, with the line and column at which it was found
 *
 * Return: 0; -EBADMSG if it is not JSON, is not UTF-8, contains U+0000, has a key
 * twice in one object (however it is escaped) or is beyond one of the limits
 * above; -ENOMEM.
 */
int json_doc_parse(const void *text, size_t len, struct json_doc **doc,
		   struct tsm_error *err);
void json_doc_free(struct json_doc *doc);

/* The value that the document is. */
struct json_at json_doc_root(const struct json_doc *doc);

enum json_kind json_at_kind(struct json_at at);

/* The value's text, from its first byte to its last, as it stands there. */
struct tsm_blob json_at_text(struct json_at at);

/* Its key if it stands in an object, else NULL; as long-lived as the document. */
const char *json_at_key(struct json_at at);

/*
 * All items of an array, or members of an object, in their order:
 *
 *	for (more = json_at_first(list, &item); more; more = json_at_next(&item))
 */
bool json_at_first(struct json_at list, struct json_at *item);
bool json_at_next(struct json_at *item);

/* How many there are; 0 of anything but an array or object. */
size_t json_at_count(struct json_at list);

/* Whether an object has a member of that name, whatever it is; false of what is
 * no object. */
bool json_at_find(struct json_at object, const char *key, struct json_at *value);

/**
 * json_at_fail() - say what is wrong with a value
 * @fmt: goes on after the value's path: "must be 2 or 3"
 *
 * Return: -EBADMSG, with @err like "tcbInfo.version: must be 3".
 */
int json_at_fail(struct json_at at, struct tsm_error *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * What follows returns 0, or -EBADMSG with @err naming the value; the output is
 * then zero.
 */

/* The value must be of that kind. */
int json_at_expect(struct json_at at, enum json_kind kind,
		   struct tsm_error *err);

/* A string without U+0000, as long-lived as the document. */
int json_at_string(struct json_at at, const char **text, struct tsm_error *err);
int json_at_bool(struct json_at at, bool *value, struct tsm_error *err);
/* A number without sign, fraction and exponent, at most @max. */
int json_at_uint(struct json_at at, uint64_t max, uint64_t *value,
		 struct tsm_error *err);
/* A string of 2 * @len hex digits, of either case. */
int json_at_hex(struct json_at at, uint8_t *out, size_t len,
		struct tsm_error *err);
/* A string like "2024-03-13T00:00:00Z", in seconds since 1970. */
int json_at_time(struct json_at at, int64_t *seconds, struct tsm_error *err);

/* The same of the member of an object, which must be there. */
int json_member(struct json_at object, const char *key, enum json_kind kind,
		struct json_at *value, struct tsm_error *err);
int json_member_string(struct json_at object, const char *key,
		       const char **text, struct tsm_error *err);
int json_member_uint(struct json_at object, const char *key, uint64_t max,
		     uint64_t *value, struct tsm_error *err);
int json_member_hex(struct json_at object, const char *key, uint8_t *out,
		    size_t len, struct tsm_error *err);
int json_member_time(struct json_at object, const char *key, int64_t *seconds,
		     struct tsm_error *err);

#endif /* TSM_JSON_H */
