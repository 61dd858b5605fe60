/* SPDX-License-Identifier: MIT */
/*
 * Writes JSON into memory, two blanks a level, all of it ASCII.
 *
 * Not jansson: loading it takes a process longer than writing all this does, and
 * nothing else needs it.
 */
#ifndef TSMCTL_JSON_TEXT_H
#define TSMCTL_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_TEXT_DEPTH	8

/**
 * struct json_text - text that grows
 * @text: so far, allocated; no string
 * @len: its length
 * @size: room for it
 * @failed: there was no memory, so it is not complete
 * @depth: objects and lists that are open
 * @level: of each whether it is a list, and has something in it
 */
struct json_text {
	char *text;
	size_t len;
	size_t size;
	bool failed;
	unsigned int depth;
	struct {
		bool is_list;
		bool is_used;
	} level[JSON_TEXT_DEPTH];
};

/* Begin and end an object or a list; @key is of no use in a list, and at the
 * outermost level. */
void json_text_open(struct json_text *j, const char *key, bool is_list);
void json_text_close(struct json_text *j);

/* UTF-8; bytes that are not become \\xNN, backslash included. */
void json_text_string(struct json_text *j, const char *key, const char *value);
void json_text_number(struct json_text *j, const char *key, uint64_t value);
void json_text_bool(struct json_text *j, const char *key, bool value);

/* Whether what follows goes into a list. */
bool json_text_in_list(const struct json_text *j);

void json_text_free(struct json_text *j);

#endif /* TSMCTL_JSON_TEXT_H */
