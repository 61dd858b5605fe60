// SPDX-License-Identifier: MIT
/* Writes JSON into memory, see json_text.h. */
#include "json_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct json_text *j, const char *bytes, size_t len)
{
	char *bigger;
	size_t size = j->size;

	if (j->failed)
		return;
	if (len > size - j->len) {
		size = 2 * (size + len) + 1024;
		bigger = realloc(j->text, size);
		if (!bigger) {
			j->failed = true;
			return;
		}
		j->text = bigger;
		j->size = size;
	}
	memcpy(j->text + j->len, bytes, len);
	j->len += len;
}

static void add_text(struct json_text *j, const char *text)
{
	add(j, text, strlen(text));
}

static void new_line(struct json_text *j)
{
	static const char line[] = "\n                ";

	_Static_assert(sizeof(line) == 2 + 2 * JSON_TEXT_DEPTH, "indent");
	add(j, line, 1 + 2 * j->depth);
}

/*
 * What one character in UTF-8 stands for, RFC 3629: not what could be shorter, no
 * surrogate, nothing beyond U+10FFFF. Return: its bytes, 0 if it is none.
 */
static unsigned int decode(const unsigned char *p, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned int bytes = p[0] < 0x80 ? 1 : p[0] < 0xc0 ? 0 :
				   p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 :
				   p[0] < 0xf8 ? 4 : 0;
	unsigned int i;

	*code = bytes < 2 ? p[0] : p[0] & (0x7fu >> bytes);
	for (i = 1; i < bytes; i++) {
		/* a NUL is none of these, so nothing behind it is read */
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (p[i] & 0x3f);
	}
	if (*code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000) ||
	    *code < least[bytes])
		return 0;
	return bytes;
}

static void add_escape(struct json_text *j, uint32_t code)
{
	static const char letters[] = "\bb\ff\nn\rr\tt\"\"\\\\";
	const char *p;
	char text[16];

	for (p = letters; *p; p += 2) {
		if ((uint32_t)*p == code) {
			snprintf(text, sizeof(text), "\\%c", p[1]);
			add_text(j, text);
			return;
		}
	}
	if (code > 0xffff) {
		code -= 0x10000;
		snprintf(text, sizeof(text), "\\u%04X\\u%04X",
			 0xd800 + (code >> 10), 0xdc00 + (code & 0x3ff));
	} else {
		snprintf(text, sizeof(text), "\\u%04X", code);
	}
	add_text(j, text);
}

static bool is_plain(uint32_t code)
{
	return code >= 0x20 && code < 0x80 && code != '"' && code != '\\';
}

static bool is_utf8(const char *value)
{
	const unsigned char *p = (const unsigned char *)value;
	unsigned int bytes;
	uint32_t code;

	for (; *p; p += bytes) {
		bytes = decode(p, &code);
		if (!bytes)
			return false;
	}
	return true;
}

static void add_utf8(struct json_text *j, const char *value)
{
	const unsigned char *p = (const unsigned char *)value;
	uint32_t code;

	while (*p) {
		const unsigned int bytes = decode(p, &code);

		if (is_plain(code))
			add(j, (const char *)p, 1);
		else
			add_escape(j, code);
		p += bytes;
	}
}

/* As out_escape() has it in text, so nobody knows what a byte stood for. */
static void add_bytes(struct json_text *j, const char *value)
{
	const unsigned char *p = (const unsigned char *)value;
	char text[16];

	for (; *p; p++) {
		if (is_plain(*p) || *p == '"' || *p == '\\') {
			snprintf(text, sizeof(text), "%s%c",
				 is_plain(*p) ? "" : "\\", *p);
		} else {
			snprintf(text, sizeof(text), "\\\\x%02x", *p);
		}
		add_text(j, text);
	}
}

static void add_string(struct json_text *j, const char *value)
{
	add_text(j, "\"");
	if (is_utf8(value))
		add_utf8(j, value);
	else
		add_bytes(j, value);
	add_text(j, "\"");
}

bool json_text_in_list(const struct json_text *j)
{
	return j->depth && j->level[j->depth - 1].is_list;
}

/* What stands before a value: a comma, a line and its key. */
static void begin_value(struct json_text *j, const char *key)
{
	if (!j->depth)
		return;
	if (j->level[j->depth - 1].is_used)
		add_text(j, ",");
	j->level[j->depth - 1].is_used = true;
	new_line(j);
	if (json_text_in_list(j))
		return;
	add_string(j, key);
	add_text(j, ": ");
}

void json_text_open(struct json_text *j, const char *key, bool is_list)
{
	if (j->depth == JSON_TEXT_DEPTH)
		abort();
	begin_value(j, key);
	add_text(j, is_list ? "[" : "{");
	j->level[j->depth].is_list = is_list;
	j->level[j->depth++].is_used = false;
}

void json_text_close(struct json_text *j)
{
	j->depth--;
	if (j->level[j->depth].is_used)
		new_line(j);
	add_text(j, j->level[j->depth].is_list ? "]" : "}");
}

void json_text_string(struct json_text *j, const char *key, const char *value)
{
	begin_value(j, key);
	add_string(j, value);
}

void json_text_number(struct json_text *j, const char *key, uint64_t value)
{
	char text[24];

	begin_value(j, key);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	add_text(j, text);
}

void json_text_bool(struct json_text *j, const char *key, bool value)
{
	begin_value(j, key);
	add_text(j, value ? "true" : "false");
}

void json_text_free(struct json_text *j)
{
	free(j->text);
	*j = (struct json_text){ .text = NULL };
}
