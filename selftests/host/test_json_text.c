// SPDX-License-Identifier: MIT
/* JSON as tsmctl writes it. */
#include "../../tools/json_text.c"

#include "tap.h"

static struct json_text j;

static void expect(const char *text)
{
	CHECK(!j.failed);
	CHECK_EQ(0, j.depth);
	if (!CHECK(j.len == strlen(text) && !memcmp(j.text, text, j.len)))
		printf("# %.*s\n", (int)j.len, j.text);
	json_text_free(&j);
}

static void nested(void)
{
	json_text_open(&j, "", false);
	json_text_number(&j, "a", 0);
	json_text_open(&j, "b", true);
	json_text_string(&j, "", "x");
	json_text_open(&j, "", false);
	json_text_bool(&j, "c", true);
	json_text_bool(&j, "d", false);
	json_text_close(&j);
	CHECK(json_text_in_list(&j));
	json_text_close(&j);
	CHECK(!json_text_in_list(&j));
	json_text_number(&j, "e", UINT64_MAX);
	json_text_close(&j);
	expect("{\n  \"a\": 0,\n  \"b\": [\n    \"x\",\n    {\n"
	       "      \"c\": true,\n      \"d\": false\n    }\n  ],\n"
	       "  \"e\": 18446744073709551615\n}");
}

static void empty(void)
{
	json_text_open(&j, "", false);
	json_text_open(&j, "a", true);
	json_text_close(&j);
	json_text_open(&j, "b", false);
	json_text_close(&j);
	json_text_close(&j);
	expect("{\n  \"a\": [],\n  \"b\": {}\n}");
	json_text_open(&j, "", false);
	json_text_close(&j);
	expect("{}");
}

static void escapes(void)
{
	json_text_string(&j, "", "\x01\x1f \"\\/\b\f\n\r\t\x7f");
	expect("\"\\u0001\\u001F \\\"\\\\/\\b\\f\\n\\r\\t\x7f\"");
	json_text_string(&j, "", "\xc3\xbc\xe2\x82\xac\xf0\x9f\x94\x92");
	expect("\"\\u00FC\\u20AC\\uD83D\\uDD12\"");
	json_text_string(&j, "", "\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf");
	expect("\"\\uD7FF\\uE000\\uDBFF\\uDFFF\"");
}

/* RFC 3629: what is no UTF-8 is bytes. */
static void bytes(void)
{
	static const struct {
		const char *value;
		const char *json;
	} wrong[] = {
		{ "a\x80", "\"a\\\\x80\"" },
		{ "\xc3", "\"\\\\xc3\"" },
		{ "\xc3(", "\"\\\\xc3(\"" },
		{ "\xc0\x80", "\"\\\\xc0\\\\x80\"" },
		{ "\xc1\xbf", "\"\\\\xc1\\\\xbf\"" },
		{ "\xe0\x9f\xbf", "\"\\\\xe0\\\\x9f\\\\xbf\"" },
		{ "\xed\xa0\x80", "\"\\\\xed\\\\xa0\\\\x80\"" },
		{ "\xf0\x8f\xbf\xbf", "\"\\\\xf0\\\\x8f\\\\xbf\\\\xbf\"" },
		{ "\xf4\x90\x80\x80", "\"\\\\xf4\\\\x90\\\\x80\\\\x80\"" },
		{ "\xf8\x88\x80\x80\x80",
		  "\"\\\\xf8\\\\x88\\\\x80\\\\x80\\\\x80\"" },
		{ "\xff\n\"\\\xc3\xbc",
		  "\"\\\\xff\\\\x0a\\\"\\\\\\\\xc3\\\\xbc\"" },
	};
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char *copy = strdup(wrong[i].value);

		json_text_string(&j, "", copy);
		free(copy);
		expect(wrong[i].json);
	}
}

static void long_ones(void)
{
	static char text[70000];
	size_t i, quotes = 0;

	memset(text, 'x', sizeof(text) - 1);
	json_text_open(&j, "", true);
	for (i = 0; i < 100; i++)
		json_text_string(&j, "", text);
	json_text_close(&j);
	for (i = 0; i < j.len; i++)
		quotes += j.text[i] == '"';
	CHECK_EQ(200, quotes);
	CHECK_EQ(1 + 99 + 100 * (3 + 2 + sizeof(text) - 1) + 2, j.len);
	json_text_free(&j);
}

int main(void)
{
	static const struct tap_test tests[] = {
		{ "objects and lists have their form", nested },
		{ "empty ones, too", empty },
		{ "characters are escaped, and no others", escapes },
		{ "what is no UTF-8 is told by its bytes", bytes },
		{ "text may be long", long_ones },
	};

	return tap_run(tests, sizeof(tests) / sizeof(tests[0]));
}
