// SPDX-License-Identifier: MIT
/* Values of a decoded document, and errors that say which one is meant. */
#include "json_private.h"
#include "lib_private.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

static const struct json_node *node_of(struct json_at at)
{
	return &at.doc->node[at.node];
}

struct json_at json_doc_root(const struct json_doc *doc)
{
	return (struct json_at){ .doc = doc, .node = 0 };
}

enum json_kind json_at_kind(struct json_at at)
{
	return node_of(at)->kind;
}

struct tsm_blob json_at_text(struct json_at at)
{
	return (struct tsm_blob){
		.data = at.doc->text + node_of(at)->start,
		.len = node_of(at)->len,
	};
}

const char *json_at_key(struct json_at at)
{
	return node_of(at)->key;
}

static bool go_to(struct json_at *at, const struct json_doc *doc, uint32_t node)
{
	if (node == JSON_NONE)
		return false;
	*at = (struct json_at){ .doc = doc, .node = node };
	return true;
}

bool json_at_first(struct json_at list, struct json_at *item)
{
	return go_to(item, list.doc, node_of(list)->first);
}

bool json_at_next(struct json_at *item)
{
	return go_to(item, item->doc, node_of(*item)->next);
}

size_t json_at_count(struct json_at list)
{
	return node_of(list)->count;
}

bool json_at_find(struct json_at object, const char *key, struct json_at *value)
{
	bool more;

	if (json_at_kind(object) != JSON_KIND_OBJECT)
		return false;
	for (more = json_at_first(object, value); more;
	     more = json_at_next(value))
		if (!strcmp(json_at_key(*value), key))
			return true;
	return false;
}

static size_t index_of(struct json_at at)
{
	const struct json_doc *doc = at.doc;
	uint32_t i = doc->node[node_of(at)->parent].first;
	size_t n = 0;

	for (; i != at.node; i = doc->node[i].next)
		n++;
	return n;
}

/* Appends a key, or an index; whoever wrote the key gets no control of a
 * terminal, nor all of the line. */
static size_t put_step(char *out, size_t size, struct json_at at)
{
	const char *key = json_at_key(at), *c;
	size_t used = 0;

	if (!key)
		return (size_t)snprintf(out, size, "[%zu]", index_of(at));
	for (c = key; *c && c < key + 40 && used + 1 < size; c++)
		out[used++] = *c > 0x20 && *c < 0x7f ? *c : '?';
	out[used] = '\0';
	return used;
}

/* "tcbInfo.tcbLevels[2].tcb" */
static void put_path(char *out, size_t size, struct json_at at)
{
	uint32_t way[JSON_DEPTH_MAX + 1], node;
	size_t steps = 0, used = 0;
	struct json_at step = at;

	*out = '\0';
	for (node = at.node; at.doc->node[node].parent != JSON_NONE;
	     node = at.doc->node[node].parent)
		way[steps++] = node;
	if (!steps)
		snprintf(out, size, "the document");
	while (steps && used + 2 < size) {
		step.node = way[--steps];
		if (used && json_at_key(step))
			out[used++] = '.';
		used += put_step(out + used, size - used, step);
	}
}

int json_at_fail(struct json_at at, struct tsm_error *err, const char *fmt, ...)
{
	char path[128], what[128];
	va_list args;

	put_path(path, sizeof(path), at);
	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	return tsm_error_set(err, -EBADMSG, "JSON: %s: %s", path, what);
}

static const char *kind_name(enum json_kind kind)
{
	static const char *const name[] = {
		[JSON_KIND_NULL] = "null",
		[JSON_KIND_BOOL] = "true or false",
		[JSON_KIND_NUMBER] = "a number",
		[JSON_KIND_STRING] = "a string",
		[JSON_KIND_ARRAY] = "an array",
		[JSON_KIND_OBJECT] = "an object",
	};

	return name[kind];
}

int json_at_expect(struct json_at at, enum json_kind kind,
		   struct tsm_error *err)
{
	if (json_at_kind(at) == kind)
		return 0;
	return json_at_fail(at, err, "must be %s, is %s", kind_name(kind),
			    kind_name(json_at_kind(at)));
}

int json_at_string(struct json_at at, const char **text, struct tsm_error *err)
{
	int ret = json_at_expect(at, JSON_KIND_STRING, err);

	*text = ret ? NULL : node_of(at)->string;
	return ret;
}

int json_at_bool(struct json_at at, bool *value, struct tsm_error *err)
{
	int ret = json_at_expect(at, JSON_KIND_BOOL, err);

	*value = !ret && node_of(at)->truth;
	return ret;
}

int json_at_uint(struct json_at at, uint64_t max, uint64_t *value,
		 struct tsm_error *err)
{
	struct tsm_blob text = json_at_text(at);
	uint64_t sum = 0, digit;
	size_t i;
	int ret;

	*value = 0;
	ret = json_at_expect(at, JSON_KIND_NUMBER, err);
	if (ret)
		return ret;
	for (i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return json_at_fail(at, err,
					    "must be a whole number from 0 to %llu",
					    (unsigned long long)max);
		digit = (uint64_t)(text.data[i] - '0');
		if (digit > max || sum > (max - digit) / 10)
			return json_at_fail(at, err, "must be at most %llu",
					    (unsigned long long)max);
		sum = sum * 10 + digit;
	}
	*value = sum;
	return 0;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int json_at_hex(struct json_at at, uint8_t *out, size_t len,
		struct tsm_error *err)
{
	const char *text;
	int ret, high, low;
	size_t i;

	memset(out, 0, len);
	ret = json_at_string(at, &text, err);
	if (ret)
		return ret;
	if (strlen(text) != 2 * len)
		return json_at_fail(at, err,
				    "must be %zu bytes in hex, has %zu digits",
				    len, strlen(text));
	for (i = 0; i < len; i++) {
		high = digit_of(text[2 * i]);
		low = digit_of(text[2 * i + 1]);
		if (high < 0 || low < 0) {
			memset(out, 0, len);
			return json_at_fail(at, err, "must be in hex");
		}
		out[i] = (uint8_t)(high << 4 | low);
	}
	return 0;
}

/* Digits of @text, of which there must be that many. */
static bool number(const char *text, size_t digits, int *value)
{
	size_t i;

	for (i = 0, *value = 0; i < digits; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*value = *value * 10 + (text[i] - '0');
	}
	return true;
}

/* Days since 1970-01-01 in the calendar of Gregory, month from 1. */
static int64_t days(int year, int month, int day)
{
	int64_t y = month > 2 ? year : year - 1;
	int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 +
			  day - 1;

	/* from March on, so that a leap day is the last of its year */
	return 365 * y + y / 4 - y / 100 + y / 400 + of_year - 719468;
}

static bool parse_time(const char *text, int64_t *seconds)
{
	static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year, month, day, hour, minute, second;
	bool leap;

	if (strlen(text) != 20 || text[4] != '-' || text[7] != '-' ||
	    text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
	    text[19] != 'Z' || !number(text, 4, &year) ||
	    !number(text + 5, 2, &month) || !number(text + 8, 2, &day) ||
	    !number(text + 11, 2, &hour) || !number(text + 14, 2, &minute) ||
	    !number(text + 17, 2, &second))
		return false;
	leap = (year % 4 == 0 && year % 100) || year % 400 == 0;
	if (year < 1970 || month < 1 || month > 12 || day < 1 ||
	    day > length[month - 1] + (month == 2 && leap) || hour > 23 ||
	    minute > 59 || second > 59)
		return false;
	*seconds = days(year, month, day) * 86400 +
		   (hour * 60 + minute) * 60 + second;
	return true;
}

int json_at_time(struct json_at at, int64_t *seconds, struct tsm_error *err)
{
	const char *text;
	int ret;

	*seconds = 0;
	ret = json_at_string(at, &text, err);
	if (ret)
		return ret;
	if (!parse_time(text, seconds))
		return json_at_fail(at, err,
				    "must be a time like 2024-03-13T00:00:00Z");
	return 0;
}

static int find(struct json_at object, const char *key, struct json_at *value,
		struct tsm_error *err)
{
	int ret;

	*value = object;
	ret = json_at_expect(object, JSON_KIND_OBJECT, err);
	if (ret)
		return ret;
	if (!json_at_find(object, key, value)) {
		*value = object;
		return json_at_fail(object, err, "has no %s", key);
	}
	return 0;
}

int json_member(struct json_at object, const char *key, enum json_kind kind,
		struct json_at *value, struct tsm_error *err)
{
	int ret = find(object, key, value, err);

	return ret ? ret : json_at_expect(*value, kind, err);
}

int json_member_string(struct json_at object, const char *key,
		       const char **text, struct tsm_error *err)
{
	struct json_at value;
	int ret = find(object, key, &value, err);

	*text = NULL;
	return ret ? ret : json_at_string(value, text, err);
}

int json_member_uint(struct json_at object, const char *key, uint64_t max,
		     uint64_t *value, struct tsm_error *err)
{
	struct json_at at;
	int ret = find(object, key, &at, err);

	*value = 0;
	return ret ? ret : json_at_uint(at, max, value, err);
}

int json_member_hex(struct json_at object, const char *key, uint8_t *out,
		    size_t len, struct tsm_error *err)
{
	struct json_at at;
	int ret = find(object, key, &at, err);

	memset(out, 0, len);
	return ret ? ret : json_at_hex(at, out, len, err);
}

int json_member_time(struct json_at object, const char *key, int64_t *seconds,
		     struct tsm_error *err)
{
	struct json_at at;
	int ret = find(object, key, &at, err);

	*seconds = 0;
	return ret ? ret : json_at_time(at, seconds, err);
}
