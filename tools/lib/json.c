// SPDX-License-Identifier: MIT
/* Decode JSON, RFC 8259: values in a list, each knowing where it stood. */
#include "json_private.h"
#include "lib_private.h"

#include <errno.h>
#include <stdlib.h>

/* Offsets fit 32 bits; no document of Intel is above 64 KiB. */
#define TEXT_MAX		(16 << 20)

/**
 * struct reader - a document being decoded
 * @c: what is left of the text
 * @doc: gets the values
 * @err: what is wrong
 */
struct reader {
	struct cursor c;
	struct json_doc *doc;
	struct tsm_error *err;
};

static int bad(const struct reader *r, const char *what)
{
	size_t at = cursor_offset(&r->c), line = 1, column = 1, i;

	for (i = 0; i < at; i++) {
		column++;
		if (r->c.base[i] == '\n') {
			line++;
			column = 1;
		}
	}
	return tsm_error_set(r->err, -EBADMSG, "JSON: line %zu, column %zu: %s",
			     line, column, what);
}

static void skip_space(struct cursor *c)
{
	const uint8_t *p;

	while (c->left && (*c->pos == ' ' || *c->pos == '\t' ||
			   *c->pos == '\n' || *c->pos == '\r'))
		cursor_take(c, 1, &p);
}

/* Moves behind the next byte if it is that one. */
static bool skip_byte(struct cursor *c, uint8_t byte)
{
	const uint8_t *p;

	return c->left && *c->pos == byte && cursor_take(c, 1, &p);
}

static bool skip_digits(struct cursor *c)
{
	const uint8_t *p;
	bool any = false;

	while (c->left && *c->pos >= '0' && *c->pos <= '9')
		any = cursor_take(c, 1, &p);
	return any;
}

static bool skip_word(struct cursor *c, const char *word)
{
	const uint8_t *p;
	size_t len = strlen(word);

	return c->left >= len && !memcmp(c->pos, word, len) &&
	       cursor_take(c, len, &p);
}

static void put_byte(struct json_doc *doc, uint32_t byte)
{
	doc->strings[doc->used++] = (char)byte;
}

static void put_utf8(struct json_doc *doc, uint32_t code)
{
	if (code < 0x80) {
		put_byte(doc, code);
		return;
	}
	if (code < 0x800) {
		put_byte(doc, 0xc0 | code >> 6);
	} else {
		if (code < 0x10000) {
			put_byte(doc, 0xe0 | code >> 12);
		} else {
			put_byte(doc, 0xf0 | code >> 18);
			put_byte(doc, 0x80 | (code >> 12 & 0x3f));
		}
		put_byte(doc, 0x80 | (code >> 6 & 0x3f));
	}
	put_byte(doc, 0x80 | (code & 0x3f));
}

/* What goes on after the first byte of a character outside of ASCII: RFC 3629,
 * no surrogates and nothing longer than it must be. */
static bool take_utf8(struct cursor *c, uint8_t first, uint32_t *code)
{
	unsigned int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	uint8_t byte;
	unsigned int i;

	if (first < 0xc2 || first > 0xf4)
		return false;
	*code = first & (0x3f >> more);
	for (i = 0; i < more; i++) {
		if (!cursor_u8(c, &byte) || (byte & 0xc0) != 0x80)
			return false;
		*code = *code << 6 | (byte & 0x3f);
	}
	return *code >= least[more] && *code <= 0x10ffff &&
	       (*code < 0xd800 || *code > 0xdfff);
}

static bool take_hex4(struct cursor *c, uint32_t *code)
{
	uint8_t byte;
	int i;

	*code = 0;
	for (i = 0; i < 4; i++) {
		if (!cursor_u8(c, &byte))
			return false;
		if (byte >= '0' && byte <= '9')
			*code = *code << 4 | (uint32_t)(byte - '0');
		else if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f')
			*code = *code << 4 | (uint32_t)((byte | 0x20) - 'a' + 10);
		else
			return false;
	}
	return true;
}

/* After a backslash. */
static int take_escape(struct reader *r)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found;
	uint32_t code, low;
	uint8_t byte;

	if (!cursor_u8(&r->c, &byte))
		return bad(r, "ends in a string");
	found = byte ? strchr(from, byte) : NULL;
	if (found) {
		put_byte(r->doc, (uint8_t)to[found - from]);
		return 0;
	}
	if (byte != 'u' || !take_hex4(&r->c, &code))
		return bad(r, "is no escape that JSON has");
	if (code >= 0xd800 && code <= 0xdbff) {
		if (!skip_word(&r->c, "\\u") || !take_hex4(&r->c, &low) ||
		    low < 0xdc00 || low > 0xdfff)
			return bad(r, "is half a surrogate pair");
		code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
	} else if (code >= 0xdc00 && code <= 0xdfff) {
		return bad(r, "is half a surrogate pair");
	}
	/* a key or value that goes on after its NUL would look like another */
	if (!code)
		return bad(r, "U+0000 in a string");
	put_utf8(r->doc, code);
	return 0;
}

/* After the opening quote, up to behind the closing one. */
static int take_string(struct reader *r, const char **out)
{
	struct json_doc *doc = r->doc;
	uint32_t code;
	uint8_t byte;
	int ret;

	*out = doc->strings + doc->used;
	while (cursor_u8(&r->c, &byte)) {
		if (byte == '"') {
			put_byte(doc, 0);
			return 0;
		}
		if (byte < 0x20)
			return bad(r, "control character in a string");
		if (byte == '\\') {
			ret = take_escape(r);
			if (ret)
				return ret;
			continue;
		}
		code = byte;
		if (byte >= 0x80 && !take_utf8(&r->c, byte, &code))
			return bad(r, "is not UTF-8");
		put_utf8(doc, code);
	}
	return bad(r, "ends in a string");
}

static int take_number(struct reader *r)
{
	skip_byte(&r->c, '-');
	/* no leading zeros */
	if (!skip_byte(&r->c, '0') && !skip_digits(&r->c))
		return bad(r, "is no value");
	if (skip_byte(&r->c, '.') && !skip_digits(&r->c))
		return bad(r, "number without digits after its point");
	if (skip_byte(&r->c, 'e') || skip_byte(&r->c, 'E')) {
		if (!skip_byte(&r->c, '+'))
			skip_byte(&r->c, '-');
		if (!skip_digits(&r->c))
			return bad(r, "number without digits in its exponent");
	}
	return 0;
}

static int add_node(struct reader *r, uint32_t parent, const char *key,
		    uint32_t *out)
{
	struct json_doc *doc = r->doc;
	struct json_node *node;
	uint32_t room;

	if (doc->nodes == JSON_VALUES_MAX)
		return bad(r, "more values than anybody needs");
	if (doc->nodes == doc->room) {
		room = doc->room ? doc->room * 2 : 64;
		node = realloc(doc->node, room * sizeof(*node));
		if (!node)
			return tsm_error_set(r->err, -ENOMEM, "JSON: no memory");
		doc->node = node;
		doc->room = room;
	}
	*out = doc->nodes++;
	doc->node[*out] = (struct json_node){
		.parent = parent,
		.next = JSON_NONE,
		.first = JSON_NONE,
		.start = (uint32_t)cursor_offset(&r->c),
		.key = key,
	};
	return 0;
}

/* After the key's opening quote: the key and what must follow it. */
static int take_key(struct reader *r, uint32_t object, const char **key)
{
	const struct json_doc *doc = r->doc;
	uint32_t i;
	int ret;

	if (doc->node[object].count == JSON_KEYS_MAX)
		return bad(r, "more keys in an object than anybody needs");
	ret = take_string(r, key);
	if (ret)
		return ret;
	for (i = doc->node[object].first; i != JSON_NONE; i = doc->node[i].next)
		if (!strcmp(doc->node[i].key, *key))
			return bad(r, "a key that the object has already");
	skip_space(&r->c);
	if (!skip_byte(&r->c, ':'))
		return bad(r, "no colon after a key");
	return 0;
}

static int take_value(struct reader *r, uint32_t parent, const char *key,
		      unsigned int depth, uint32_t *out);

/* After the opening bracket or brace. */
static int take_items(struct reader *r, uint32_t list, unsigned int depth)
{
	struct json_doc *doc = r->doc;
	bool is_object = doc->node[list].kind == JSON_KIND_OBJECT;
	uint32_t item, last = JSON_NONE;
	const char *key = NULL;
	int ret;

	if (depth == JSON_DEPTH_MAX)
		return bad(r, "deeper than anybody needs");
	skip_space(&r->c);
	if (skip_byte(&r->c, is_object ? '}' : ']'))
		return 0;
	do {
		skip_space(&r->c);
		if (is_object) {
			if (!skip_byte(&r->c, '"'))
				return bad(r, "no key where one must be");
			ret = take_key(r, list, &key);
			if (ret)
				return ret;
		}
		ret = take_value(r, list, key, depth + 1, &item);
		if (ret)
			return ret;
		if (last == JSON_NONE)
			doc->node[list].first = item;
		else
			doc->node[last].next = item;
		last = item;
		doc->node[list].count++;
		skip_space(&r->c);
	} while (skip_byte(&r->c, ','));
	if (!skip_byte(&r->c, is_object ? '}' : ']'))
		return bad(r, "neither a comma nor the end of a list");
	return 0;
}

static int take_content(struct reader *r, uint32_t at, unsigned int depth)
{
	struct json_node *node = &r->doc->node[at];

	if (skip_word(&r->c, "null"))
		return 0;
	node->kind = JSON_KIND_BOOL;
	node->truth = skip_word(&r->c, "true");
	if (node->truth || skip_word(&r->c, "false"))
		return 0;
	if (skip_byte(&r->c, '"')) {
		node->kind = JSON_KIND_STRING;
		return take_string(r, &node->string);
	}
	if (skip_byte(&r->c, '[')) {
		node->kind = JSON_KIND_ARRAY;
		return take_items(r, at, depth);
	}
	if (skip_byte(&r->c, '{')) {
		node->kind = JSON_KIND_OBJECT;
		return take_items(r, at, depth);
	}
	node->kind = JSON_KIND_NUMBER;
	return take_number(r);
}

static int take_value(struct reader *r, uint32_t parent, const char *key,
		      unsigned int depth, uint32_t *out)
{
	struct json_node *node;
	int ret;

	skip_space(&r->c);
	ret = add_node(r, parent, key, out);
	if (!ret)
		ret = take_content(r, *out, depth);
	if (ret)
		return ret;
	node = &r->doc->node[*out];
	node->len = (uint32_t)cursor_offset(&r->c) - node->start;
	return 0;
}

static int decode(struct json_doc *doc, struct tsm_error *err)
{
	struct reader r = {
		.c = cursor_over(doc->text, doc->len),
		.doc = doc,
		.err = err,
	};
	uint32_t root;
	int ret;

	ret = take_value(&r, JSON_NONE, NULL, 0, &root);
	if (ret)
		return ret;
	skip_space(&r.c);
	return r.c.left ? bad(&r, "something follows the value") : 0;
}

int json_doc_parse(const void *text, size_t len, struct json_doc **doc,
		   struct tsm_error *err)
{
	struct json_doc *new;
	int ret;

	*doc = NULL;
	if (!len)
		return tsm_error_set(err, -EBADMSG, "JSON: is empty");
	if (len > TEXT_MAX)
		return tsm_error_set(err, -EBADMSG,
				     "JSON: %zu bytes, at most %d are read",
				     len, TEXT_MAX);
	new = calloc(1, sizeof(*new));
	if (new) {
		new->len = len;
		new->text = malloc(len);
		new->strings = malloc(len);
	}
	if (!new || !new->text || !new->strings) {
		json_doc_free(new);
		return tsm_error_set(err, -ENOMEM, "JSON: no memory");
	}
	memcpy(new->text, text, len);
	ret = decode(new, err);
	if (ret) {
		json_doc_free(new);
		return ret;
	}
	*doc = new;
	return 0;
}

void json_doc_free(struct json_doc *doc)
{
	if (!doc)
		return;
	free(doc->node);
	free(doc->strings);
	free(doc->text);
	free(doc);
}
