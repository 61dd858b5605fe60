// SPDX-License-Identifier: MIT
/* JSON: json_doc_parse() may take less than jansson, but no more, and sees the
 * same in it. */
#include "../../tools/lib/json.h"

#include "log_input.h"

#include <jansson.h>

static struct seen {
	uint64_t values;
} first, again;

/* All that can be asked of a value and of those in it. */
static void walk(struct json_at at, struct seen *s)
{
	const struct tsm_blob text = json_at_text(at);
	const enum json_kind kind = json_at_kind(at);
	const char *key = json_at_key(at), *string;
	struct json_at item, found;
	uint8_t hex[6];
	uint64_t number = 5;
	int64_t seconds = 5;
	bool more, truth;
	size_t count = 0;

	ENSURE(text.len);
	mix(&s->values, &kind, sizeof(kind));
	mix(&s->values, text.data, text.len);
	if (key)
		mix(&s->values, key, strlen(key) + 1);
	if (json_at_string(at, &string, NULL))
		ENSURE(!string && kind != JSON_KIND_STRING);
	else
		ENSURE(kind == JSON_KIND_STRING);
	ENSURE(!json_at_bool(at, &truth, NULL) == (kind == JSON_KIND_BOOL));
	ENSURE(!json_at_uint(at, 1000, &number, NULL) ?
	       number <= 1000 && kind == JSON_KIND_NUMBER : !number);
	ENSURE(!json_at_time(at, &seconds, NULL) || !seconds);
	ENSURE(!json_at_hex(at, hex, 6, NULL) || fuzz_is_zero(hex, 6));
	for (more = json_at_first(at, &item); more;
	     more = json_at_next(&item)) {
		count++;
		ENSURE(!json_at_key(item) == (kind == JSON_KIND_ARRAY));
		if (json_at_key(item)) {
			ENSURE(json_at_find(at, json_at_key(item), &found));
			ENSURE(found.node == item.node);
		}
		walk(item, s);
	}
	ENSURE(count == json_at_count(at));
}

static int look(const struct tsm_blob *in, void *result, struct tsm_error *err)
{
	struct seen *s = result;
	struct json_doc *doc;
	int ret;

	s->values = 0;
	ret = json_doc_parse(in->data, in->len, &doc, err);
	ENSURE(!ret == !!doc);
	if (!ret)
		walk(json_doc_root(doc), s);
	json_doc_free(doc);
	return ret;
}

static void same(struct json_at at, const json_t *j);

static void same_members(struct json_at at, const json_t *j)
{
	const enum json_kind kind = json_at_kind(at);
	struct json_at item;
	size_t i = 0;
	bool more;

	ENSURE(json_at_count(at) == (kind == JSON_KIND_ARRAY ?
				     json_array_size(j) : json_object_size(j)));
	for (more = json_at_first(at, &item); more;
	     more = json_at_next(&item), i++)
		same(item, kind == JSON_KIND_ARRAY ?
		     json_array_get(j, i) :
		     json_object_get(j, json_at_key(item)));
}

static void same(struct json_at at, const json_t *j)
{
	const char *string;
	uint64_t number;

	ENSURE(j);
	switch (json_at_kind(at)) {
	case JSON_KIND_NULL:
		ENSURE(json_is_null(j));
		break;
	case JSON_KIND_BOOL:
		ENSURE(json_is_boolean(j));
		break;
	case JSON_KIND_NUMBER:
		ENSURE(json_is_number(j));
		if (!json_at_uint(at, INT64_MAX, &number, NULL))
			ENSURE(json_integer_value(j) == (json_int_t)number);
		break;
	case JSON_KIND_STRING:
		ENSURE(json_is_string(j));
		ENSURE(!json_at_string(at, &string, NULL));
		ENSURE(fuzz_same(string, strlen(string), json_string_value(j),
				 json_string_length(j)));
		break;
	case JSON_KIND_ARRAY:
		ENSURE(json_is_array(j));
		same_members(at, j);
		break;
	case JSON_KIND_OBJECT:
		ENSURE(json_is_object(j));
		same_members(at, j);
		break;
	}
}

static void same_as_jansson(const struct tsm_blob *in)
{
	json_error_t why;
	json_t *j = json_loadb((const char *)in->data, in->len,
			       JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
	struct json_doc *doc;

	/* it has numbers of some size only, we have texts of numbers */
	if (!j && json_error_code(&why) == json_error_numeric_overflow)
		return;
	ENSURE(j && !json_doc_parse(in->data, in->len, &doc, NULL));
	same(json_doc_root(doc), j);
	json_doc_free(doc);
	json_decref(j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tsm_blob in = fuzz_evidence(data, size);

	if (!fuzz_all_ways(data, size, look, &first, &again, sizeof(first)))
		same_as_jansson(&in);
	return 0;
}
