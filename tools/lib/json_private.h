/* SPDX-License-Identifier: MIT */
/* What a decoded document is inside. */
#ifndef TSM_JSON_PRIVATE_H
#define TSM_JSON_PRIVATE_H

#include "json.h"

/* No node; the root's parent, the last one's next. */
#define JSON_NONE		UINT32_MAX

/**
 * struct json_node - a value
 * @kind: of it
 * @truth: of a JSON_KIND_BOOL
 * @parent: array or object in which it is
 * @next: item or member after it
 * @first: its own first item or member
 * @count: how many of those it has
 * @start: offset of its first byte in the text
 * @len: bytes up to its last
 * @key: in an object; NUL-terminated, decoded, in the document's strings
 * @string: likewise, of a JSON_KIND_STRING
 */
struct json_node {
	enum json_kind kind;
	bool truth;
	uint32_t parent;
	uint32_t next;
	uint32_t first;
	uint32_t count;
	uint32_t start;
	uint32_t len;
	const char *key;
	const char *string;
};

/**
 * struct json_doc - a decoded document
 * @text: copy of what was decoded
 * @len: bytes of it
 * @strings: decoded keys and strings; no longer than @text in all, since each
 *	loses two quotes for one NUL, and no escape is shorter than what it means
 * @used: bytes of @strings in use
 * @node: values, the root first
 * @nodes: how many
 * @room: how many @node has room for
 */
struct json_doc {
	uint8_t *text;
	size_t len;
	char *strings;
	size_t used;
	struct json_node *node;
	uint32_t nodes;
	uint32_t room;
};

#endif /* TSM_JSON_PRIVATE_H */
