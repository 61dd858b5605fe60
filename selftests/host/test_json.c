// SPDX-License-Identifier: MIT
/* JSON of others: what is read, what is not, and where the errors point. */
#include "../../tools/lib/json.h"

#include "bytes.h"
#include "tap.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static struct tsm_error err;

/* NULL if it was refused. */
static struct json_doc *parse_len(const char *text, size_t len)
{
	struct json_doc *doc;
	uint8_t *copy = exact_copy(text, len);
	int ret = json_doc_parse(copy, len, &doc, &err);

	free(copy);
	CHECK(ret == 0 || ret == -EBADMSG);
	CHECK(!ret == !!doc);
	return doc;
}

static struct json_doc *parse(const char *text)
{
	return parse_len(text, strlen(text));
}

static bool accepts_len(const char *text, size_t len)
{
	struct json_doc *doc = parse_len(text, len);

	json_doc_free(doc);
	return doc != NULL;
}

static bool accepts(const char *text)
{
	return accepts_len(text, strlen(text));
}

static bool says(const char *what)
{
	bool found = strstr(err.text, what) != NULL;

	if (!found)
		printf("# said: %s\n", err.text);
	return found;
}

static void values_are_read(void)
{
	struct json_doc *doc = parse(" { \"a\" : [ 1 , \"x\" , true , null ] ,\n"
				     "\t\"b\":{\"c\":18446744073709551615} } ");
	struct json_at root, a, item, c;
	const char *text;
	uint64_t value;
	bool truth;

	if (!CHECK(doc != NULL))
		return;
	root = json_doc_root(doc);
	CHECK_EQ(JSON_KIND_OBJECT, json_at_kind(root));
	CHECK_EQ(2, json_at_count(root));
	CHECK(!json_member(root, "a", JSON_KIND_ARRAY, &a, &err));
	CHECK_EQ(4, json_at_count(a));
	CHECK(json_at_first(a, &item));
	CHECK(!json_at_uint(item, 1, &value, &err) && value == 1);
	CHECK(json_at_uint(item, 0, &value, &err) == -EBADMSG && !value);
	CHECK(says("a[0]: must be at most 0"));
	CHECK(json_at_next(&item));
	CHECK(!json_at_string(item, &text, &err) && !strcmp(text, "x"));
	CHECK(json_at_next(&item));
	CHECK(!json_at_bool(item, &truth, &err) && truth);
	CHECK(json_at_next(&item));
	CHECK_EQ(JSON_KIND_NULL, json_at_kind(item));
	CHECK(!json_at_next(&item));
	CHECK(!json_member(root, "b", JSON_KIND_OBJECT, &c, &err));
	CHECK(!json_member_uint(c, "c", UINT64_MAX, &value, &err));
	CHECK(value == UINT64_MAX);
	json_doc_free(doc);
}

static void text_is_where_it_stood(void)
{
	static const char doc_text[] = " {\"x\": {\"tcbInfo\":1} ,\"tcbInfo\" :\n"
				       " { \"a\" : \"}\\\"\" } ,\"z\":[ ] }\n";
	struct json_doc *doc = parse(doc_text);
	struct json_at value;
	struct tsm_blob text;

	if (!CHECK(doc != NULL))
		return;
	CHECK(json_at_find(json_doc_root(doc), "tcbInfo", &value));
	text = json_at_text(value);
	CHECK_EQ(strlen("{ \"a\" : \"}\\\"\" }"), text.len);
	CHECK(!memcmp(text.data, "{ \"a\" : \"}\\\"\" }", text.len));
	CHECK(json_at_find(json_doc_root(doc), "z", &value));
	CHECK_EQ(3, json_at_text(value).len);
	CHECK_EQ(strlen(doc_text) - 2, json_at_text(json_doc_root(doc)).len);
	json_doc_free(doc);
}

static void strings_are_decoded(void)
{
	struct json_doc *doc = parse("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20ac"
				     "\\ud83d\\ude00\xc3\xa9\xe2\x82\xac"
				     "\xf0\x9f\x98\x80\"]");
	struct json_at item;
	const char *text;

	if (!CHECK(doc != NULL))
		return;
	CHECK(json_at_first(json_doc_root(doc), &item));
	CHECK(!json_at_string(item, &text, &err));
	CHECK(!strcmp(text, "\"\\/\b\f\n\r\t\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"
		      "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"));
	json_doc_free(doc);
}

static void what_is_no_json_is_refused(void)
{
	static const char *const bad[] = {
		"", " ", "{", "}", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]",
		"{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:1}", "{,}",
		"{\"a\":1 \"b\":2}", "nul", "nulll", "True", "truefalse", "'a'",
		"\"", "\"a", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"",
		"\"\\ud800\"", "\"\\ud800x\"", "\"\\ud800\\u0041\"",
		"\"\\udc00\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"a\nb\"",
		"\"a\tb\"", "01", "-", "-a", "+1", ".5", "1.", "1.e5", "1e",
		"1e+", "0x10", "1 1", "[1]]", "{} {}", "NaN", "Infinity",
		"/* */1", "[1]//", "\xef\xbb\xbf{}", "\"\x80\"", "\"\xc0\xaf\"",
		"\"\xc3\"", "\"\xc3(\"", "\"\xe0\x80\xaf\"", "\"\xed\xa0\x80\"",
		"\"\xf0\x80\x80\xaf\"", "\"\xf4\x90\x80\x80\"",
		"\"\xf5\x80\x80\x80\"", "\"\xff\"", "\xc3\xa9",
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (!CHECK(!accepts(bad[i])))
			printf("# %s\n", bad[i]);
		CHECK(!strncmp(err.text, "JSON: ", 6));
	}
	CHECK(!accepts_len("1\0", 2));
	CHECK(!accepts_len("\"a\0b\"", 5));
	CHECK(!accepts_len("[1\0]", 4));
	CHECK(!accepts("{\n \"a\": x}"));
	CHECK(says("line 2, column 7"));
}

static void numbers_are_whole_or_refused(void)
{
	static const char *const bad[] = {
		"[-1]", "[-0]", "[1.0]", "[1e2]", "[1E-1]", "[65536]",
		"[18446744073709551616]", "[99999999999999999999999999999999]",
		"[\"1\"]", "[true]", "[null]", "[[1]]",
	};
	struct json_doc *doc;
	struct json_at item;
	uint64_t value;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		doc = parse(bad[i]);
		if (!CHECK(doc != NULL))
			continue;
		CHECK(json_at_first(json_doc_root(doc), &item));
		value = 1;
		CHECK_EQ(-EBADMSG, json_at_uint(item, 65535, &value, &err));
		CHECK_EQ(0, value);
		json_doc_free(doc);
	}
}

static void keys_stand_once(void)
{
	CHECK(!accepts("{\"a\":1,\"a\":1}"));
	CHECK(says("line 1, column 11: a key that the object has already"));
	CHECK(!accepts("{\"a\":1,\"b\":2,\"\\u0061\":1}"));
	CHECK(!accepts("{\"a/\":1,\"a\\/\":1}"));
	CHECK(!accepts("[{\"x\":{\"a\":1,\"b\":0,\"a\":1}}]"));
	CHECK(accepts("{\"a\":{\"a\":1},\"b\":{\"a\":1},\"A\":2}"));
	CHECK(!accepts("{\"\":1,\"\":1}"));
}

static void bombs_are_refused(void)
{
	size_t size = 1 << 20, i;
	char *text = malloc(size), *at;

	memset(text, '[', size);
	CHECK(!accepts_len(text, size));
	CHECK(says("deeper"));
	for (i = 0; i + 5 <= size; i += 5)
		memcpy(text + i, "{\"\":{", 5);
	CHECK(!accepts_len(text, size));
	memset(text, ' ', size);
	memset(text, '[', 32);
	memset(text + size - 32, ']', 32);
	CHECK(accepts_len(text, size));
	text[32] = '1';
	CHECK(accepts_len(text, size));
	text[32] = '[';
	text[33] = ']';
	CHECK(!accepts_len(text, size));

	text[0] = '[';
	for (i = 1; i < 1 << 19; i += 2)
		memcpy(text + i, "1,", 2);
	memcpy(text + i, "1]", 2);
	CHECK(!accepts_len(text, i + 2));
	CHECK(says("more values"));

	text[0] = '{';
	for (i = 0, at = text + 1; i < 257; i++)
		at += sprintf(at, "%s\"%zu\":0", i ? "," : "", i);
	strcpy(at, "}");
	CHECK(!accepts(text));
	CHECK(says("more keys"));
	free(text);
}

static void hex_and_times_are_exact(void)
{
	static const char *const times[] = {
		"", "2024-03-13", "2024-03-13T00:00:00", "2024-03-13 00:00:00Z",
		"2024-03-13T00:00:00z", "2024-13-13T00:00:00Z",
		"2024-00-13T00:00:00Z", "2024-02-30T00:00:00Z",
		"2023-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
		"2024-03-13T24:00:00Z", "2024-03-13T00:60:00Z",
		"2024-03-13T00:00:60Z", "2024-03-13T00:00:00+00:00",
		"+024-03-13T00:00:00Z", "1969-12-31T23:59:59Z",
		"2024-03-13T00:00:00.0Z", "20240-3-13T00:00:00Z",
	};
	struct json_doc *doc = parse("{\"h\":\"00ffAb\",\"o\":\"0\",\"x\":\"0g\","
		"\"t\":\"2024-02-29T23:59:59Z\",\"e\":\"1970-01-01T00:00:00Z\","
		"\"n\":\"9999-12-31T23:59:59Z\"}");
	struct json_at root;
	int64_t seconds;
	uint8_t out[3];
	char text[64];
	size_t i;

	if (!CHECK(doc != NULL))
		return;
	root = json_doc_root(doc);
	CHECK(!json_member_hex(root, "h", out, 3, &err));
	CHECK(!memcmp(out, "\x00\xff\xab", 3));
	CHECK(json_member_hex(root, "h", out, 2, &err) == -EBADMSG);
	CHECK(says("h: must be 2 bytes in hex, has 6 digits"));
	CHECK(json_member_hex(root, "o", out, 1, &err) == -EBADMSG);
	CHECK(json_member_hex(root, "x", out, 1, &err) == -EBADMSG);
	CHECK(json_member_hex(root, "q", out, 1, &err) == -EBADMSG);
	CHECK(says("the document: has no q"));
	CHECK(!json_member_time(root, "t", &seconds, &err));
	CHECK_EQ(1709251199, seconds);
	CHECK(!json_member_time(root, "e", &seconds, &err));
	CHECK_EQ(0, seconds);
	CHECK(!json_member_time(root, "n", &seconds, &err));
	CHECK_EQ(253402300799, seconds);
	json_doc_free(doc);
	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		snprintf(text, sizeof(text), "[\"%s\"]", times[i]);
		doc = parse(text);
		if (!CHECK(doc && json_at_first(json_doc_root(doc), &root)))
			continue;
		if (!CHECK(json_at_time(root, &seconds, &err) == -EBADMSG))
			printf("# %s\n", times[i]);
		json_doc_free(doc);
	}
}

static void errors_name_the_value(void)
{
	struct json_doc *doc = parse("{\"a\":[{\"b\":[0,{\"c d\\u001b\":1}]}],"
				     "\"x\":null}");
	struct json_at root, at, item;
	const char *text;

	if (!CHECK(doc != NULL))
		return;
	root = json_doc_root(doc);
	CHECK(json_at_find(root, "x", &at));
	CHECK_EQ(-EBADMSG, json_at_fail(at, &err, "is no key known here"));
	CHECK(says("JSON: x: is no key known here"));
	CHECK(json_at_find(root, "a", &at) && json_at_first(at, &item));
	CHECK(json_at_find(item, "b", &at) && json_at_first(at, &item));
	CHECK(json_at_next(&item) && json_at_first(item, &at));
	CHECK_EQ(-EBADMSG, json_at_string(at, &text, &err));
	CHECK(text == NULL);
	CHECK(says("JSON: a[0].b[1].c?d?: must be a string, is a number"));
	CHECK_EQ(-EBADMSG, json_at_fail(at, &err, "is %d", 5));
	CHECK(says("JSON: a[0].b[1].c?d?: is 5"));
	CHECK(!json_at_find(at, "a", &item));
	json_doc_free(doc);
}

/* jansson is another reading of the same RFC, strict about keys, too. */
static bool jansson_accepts(const char *text, size_t len)
{
	json_error_t error;
	json_t *root = json_loadb(text, len, JSON_DECODE_ANY |
				  JSON_REJECT_DUPLICATES, &error);

	json_decref(root);
	return root != NULL;
}

static void random_texts_are_judged_as_jansson_does(void)
{
	static const char seed[] =
		"{\"tcbInfo\":{\"id\":\"TDX\",\"v\":3,\"e\":[1,-2.5e1,true,null,"
		"\"\\u00e9\xc3\xa9\\ud83d\\ude00\"],\"o\":{\"a\":{},\"b\":[]}},"
		"\"signature\":\"00\"}";
	static const char pool[] = "{}[]\",:\\u0019aetrnl-+.eE \t\n\xc3\xa9\xed\x00";
	unsigned int random = 1, i, j, changes;
	char text[sizeof(seed)];
	size_t len, at, accepted = 0;

	for (i = 0; i < 100000; i++) {
		memcpy(text, seed, sizeof(seed));
		len = sizeof(seed) - 1;
		changes = 1 + i % 3;
		for (j = 0; j < changes; j++) {
			random = random * 1103515245 + 12345;
			at = random / 65536 % len;
			random = random * 1103515245 + 12345;
			if (random & 1 << 30) {
				memmove(text + at, text + at + 1, len - at);
				len--;
			} else {
				text[at] = pool[random / 65536 % (sizeof(pool) - 1)];
			}
		}
		if (!CHECK_EQ(jansson_accepts(text, len), accepts_len(text, len))) {
			printf("# %.*s\n# %s\n", (int)len, text, err.text);
			return;
		}
		accepted += accepts_len(text, len);
	}
	CHECK(accepted > 10000);
}

static const struct tap_test tests[] = {
	{ "values of every kind are read", values_are_read },
	{ "a value's text is just what stood there", text_is_where_it_stood },
	{ "escapes and UTF-8 are decoded", strings_are_decoded },
	{ "what is no JSON, or no UTF-8, is refused", what_is_no_json_is_refused },
	{ "numbers are whole, in range, or refused", numbers_are_whole_or_refused },
	{ "a key that stands twice is refused, escaped or not", keys_stand_once },
	{ "depth, keys and values are bounded", bombs_are_refused },
	{ "hex and times are exact", hex_and_times_are_exact },
	{ "errors name the value, without its control characters", errors_name_the_value },
	{ "100000 changed texts are judged as jansson does",
	  random_texts_are_judged_as_jansson_does },
};

TAP_MAIN(tests)
