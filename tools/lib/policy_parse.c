// SPDX-License-Identifier: MIT
/* Reads the value of one item of a policy, whatever form it has. */
#include "lib_private.h"
#include "names.h"
#include "policy_json.h"

#include <errno.h>
#include <stdlib.h>

static int no_memory(struct tsm_error *err)
{
	return tsm_error_set(err, -ENOMEM, "policy: out of memory");
}

/* The items of a list, of which there must be some. */
static int expect_list(struct json_at at, struct json_at *first,
		       struct tsm_error *err)
{
	int ret = json_at_expect(at, JSON_KIND_ARRAY, err);

	if (!ret && !json_at_first(at, first))
		ret = json_at_fail(at, err, "is an empty list");
	return ret;
}

/* The members of an object, likewise. */
static int expect_object(struct json_at at, struct json_at *first,
			 struct tsm_error *err)
{
	int ret = json_at_expect(at, JSON_KIND_OBJECT, err);

	if (!ret && !json_at_first(at, first))
		ret = json_at_fail(at, err, "is an empty object");
	return ret;
}

/* Bytes in hex, all of them or as many as may stand for all. */
static int parse_hex(struct json_at at, const struct policy_item *item,
		     uint8_t *to, struct tsm_error *err)
{
	const char *text;
	int ret;

	ret = json_at_string(at, &text, err);
	if (ret)
		return ret;
	if (item->short_size && strlen(text) == 2 * item->short_size)
		return json_at_hex(at, to, item->short_size, err);
	return json_at_hex(at, to, item->size, err);
}

static int parse_string(struct json_at at, const struct policy_item *item,
			uint8_t *to, struct tsm_error *err)
{
	const char *text;
	size_t len;
	int ret;

	ret = json_at_string(at, &text, err);
	if (ret)
		return ret;
	len = strlen(text);
	if (!len || len >= item->size)
		return json_at_fail(at, err, "has %zu bytes, not 1 to %zu", len,
				    item->size - 1);
	memcpy(to, text, len);
	return 0;
}

static int parse_value(struct json_at at, const struct policy_item *item,
		       uint8_t *to, struct tsm_error *err)
{
	if (item->kind == POLICY_STRINGS)
		return parse_string(at, item, to, err);
	return parse_hex(at, item, to, err);
}

/* One value, or a list of them. */
static int parse_values(struct json_at at, const struct policy_item *item,
			struct policy_values *to, struct tsm_error *err)
{
	const bool is_list = json_at_kind(at) == JSON_KIND_ARRAY;
	const size_t count = is_list ? json_at_count(at) : 1;
	struct json_at value = at;
	uint8_t *next;
	int ret = 0;

	if (is_list)
		ret = expect_list(at, &value, err);
	if (ret)
		return ret;
	to->bytes = calloc(count, item->size);
	if (!to->bytes)
		return no_memory(err);
	to->count = count;
	next = to->bytes;
	do {
		ret = parse_value(value, item, next, err);
		next += item->size;
	} while (!ret && is_list && json_at_next(&value));
	return ret;
}

static int parse_svns(struct json_at at, struct policy_svns *to,
		      struct tsm_error *err)
{
	struct json_at value;
	uint64_t number;
	size_t i = 0;
	int ret;

	to->given = true;
	if (json_at_kind(at) == JSON_KIND_STRING)
		return json_at_hex(at, to->least, sizeof(to->least), err);
	ret = expect_list(at, &value, err);
	if (ret)
		return ret;
	if (json_at_count(at) > sizeof(to->least))
		return json_at_fail(at, err, "has %zu numbers, more than %zu",
				    json_at_count(at), sizeof(to->least));
	do {
		ret = json_at_uint(value, UINT8_MAX, &number, err);
		to->least[i++] = (uint8_t)number;
	} while (!ret && json_at_next(&value));
	return ret;
}

/* The index of a component, or -1. */
static int find_part(const char *key)
{
	const char *name;
	unsigned int i;

	for (i = 0; (name = policy_tcb_name(i)); i++) {
		if (!strcmp(name, key))
			return (int)i;
	}
	return -1;
}

static int parse_tcb(struct json_at at, struct policy_svns *to,
		     struct tsm_error *err)
{
	struct json_at value;
	uint64_t number;
	int ret, part;

	to->given = true;
	ret = expect_object(at, &value, err);
	if (ret)
		return ret;
	do {
		part = find_part(json_at_key(value));
		if (part < 0)
			return json_at_fail(value, err, "is unknown: fmc, boot_loader, tee, snp or microcode");
		ret = json_at_uint(value, UINT8_MAX, &number, err);
		to->least[part] = (uint8_t)number;
	} while (!ret && json_at_next(&value));
	return ret;
}

static int parse_number(struct json_at at, const struct policy_item *item,
			struct policy_number *to, struct tsm_error *err)
{
	uint64_t number;
	int ret;

	ret = json_at_uint(at, item->size, &number, err);
	to->given = true;
	to->least = (uint32_t)number;
	return ret;
}

static bool take_part(const char **text, uint32_t *part)
{
	const char *start = *text;

	for (*part = 0; **text >= '0' && **text <= '9' && *part <= 255; ++*text)
		*part = *part * 10 + (uint32_t)(**text - '0');
	return *text > start && *part <= 255;
}

/* A byte for each part, of which the last ones may be left out. */
static bool take_version(const char *text, size_t parts, uint32_t *to)
{
	uint32_t part;

	for (*to = 0; parts; text++) {
		if (!take_part(&text, &part))
			return false;
		*to |= part << 8 * --parts;
		if (!*text)
			return true;
		if (*text != '.')
			return false;
	}
	return false;
}

static int parse_version(struct json_at at, const struct policy_item *item,
			 struct policy_number *to, struct tsm_error *err)
{
	const char *text;
	int ret;

	ret = json_at_string(at, &text, err);
	if (ret)
		return ret;
	to->given = true;
	if (!take_version(text, item->size, &to->least))
		return json_at_fail(at, err, "is no version such as \"1.55%s\"",
				    item->size == 3 ? ".21" : "");
	return 0;
}

/* Names of bits, as bits of @to. */
static int parse_bit_names(struct json_at at, const struct bit_name *names,
			   uint64_t *to, struct tsm_error *err)
{
	const struct bit_name *name;
	struct json_at value;
	const char *text;
	int ret;

	ret = expect_list(at, &value, err);
	if (ret)
		return ret;
	do {
		ret = json_at_string(value, &text, err);
		if (ret)
			return ret;
		for (name = names; name->name; name++) {
			if (!strcmp(name->name, text))
				break;
		}
		if (!name->name)
			return json_at_fail(value, err, "is no name of a bit, as tsmctl show prints them");
		*to |= UINT64_C(1) << name->bit;
	} while (json_at_next(&value));
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* At most 16 hex digits, with or without 0x. */
static int parse_mask(struct json_at at, uint64_t *to, struct tsm_error *err)
{
	const char *text;
	size_t i;
	int ret;

	ret = json_at_string(at, &text, err);
	if (ret)
		return ret;
	if (text[0] == '0' && text[1] == 'x')
		text += 2;
	for (*to = 0, i = 0; i < 16 && hex_digit(text[i]) >= 0; i++)
		*to = *to << 4 | (uint64_t)hex_digit(text[i]);
	if (!i || text[i])
		return json_at_fail(at, err, "is not 1 to 16 hex digits");
	return 0;
}

/* All that can be said of bits, before it is known to agree. */
struct bits {
	const struct bit_name *names;
	uint64_t required;
	uint64_t forbidden;
	bool has_value;
	uint64_t value;
	bool has_mask;
	uint64_t mask;
};

static int parse_bits_member(struct json_at at, struct bits *b,
			     struct tsm_error *err)
{
	const char *key = json_at_key(at);

	if (!strcmp(key, "required"))
		return parse_bit_names(at, b->names, &b->required, err);
	if (!strcmp(key, "forbidden"))
		return parse_bit_names(at, b->names, &b->forbidden, err);
	if (!strcmp(key, "value")) {
		b->has_value = true;
		return parse_mask(at, &b->value, err);
	}
	if (!strcmp(key, "mask")) {
		b->has_mask = true;
		return parse_mask(at, &b->mask, err);
	}
	return json_at_fail(at, err, "is unknown: required, forbidden, value or mask");
}

static int check_bits(struct json_at at, const struct bits *b,
		      struct tsm_error *err)
{
	if (b->has_value != b->has_mask)
		return json_at_fail(at, err, "has one of value and mask, which go together");
	if (b->value & ~b->mask)
		return json_at_fail(at, err, "has bits in value that are not in mask");
	if (!(b->mask | b->required | b->forbidden))
		return json_at_fail(at, err, "demands nothing");
	if ((b->required & b->forbidden) ||
	    (b->required & b->mask & ~b->value) ||
	    (b->forbidden & b->mask & b->value))
		return json_at_fail(at, err, "demands that a bit be set and not be set");
	return 0;
}

static int parse_bits(struct json_at at, const struct policy_item *item,
		      struct policy_bits *to, struct tsm_error *err)
{
	struct bits b = { .names = item->names };
	struct json_at member;
	int ret;

	ret = expect_object(at, &member, err);
	if (ret)
		return ret;
	do {
		ret = parse_bits_member(member, &b, err);
	} while (!ret && json_at_next(&member));
	if (!ret)
		ret = check_bits(at, &b, err);
	to->mask = b.mask | b.required | b.forbidden;
	to->value = b.value | b.required;
	return ret;
}

/* The bit of a name, or -1. */
static int find_choice(const struct policy_item *item, const char *text)
{
	const char *name;
	unsigned int i;

	for (i = 0; (name = item->choice(i)); i++) {
		if (!(item->refused >> i & 1) && !strcmp(name, text))
			return (int)i;
	}
	return -1;
}

static int parse_choice(struct json_at at, const struct policy_item *item,
			uint32_t *to, struct tsm_error *err)
{
	uint64_t number;
	const char *text;
	int ret, found;

	if (item->kind == POLICY_NUMBERS) {
		ret = json_at_uint(at, item->size, &number, err);
		*to |= 1u << number;
		return ret;
	}
	ret = json_at_string(at, &text, err);
	if (ret)
		return ret;
	found = find_choice(item, text);
	if (found < 0)
		return json_at_fail(at, err, "is none of the names that can be accepted here");
	*to |= 1u << found;
	return 0;
}

static int parse_choices(struct json_at at, const struct policy_item *item,
			 uint32_t *to, struct tsm_error *err)
{
	struct json_at value;
	int ret;

	ret = expect_list(at, &value, err);
	if (ret)
		return ret;
	do {
		ret = parse_choice(value, item, to, err);
	} while (!ret && json_at_next(&value));
	return ret;
}

int policy_parse_item(struct json_at at, const struct policy_item *item,
		      struct tsm_policy *policy, struct tsm_error *err)
{
	void *to = (uint8_t *)policy + item->policy;

	switch (item->kind) {
	case POLICY_VALUES:
	case POLICY_STRINGS:
		return parse_values(at, item, to, err);
	case POLICY_BITS:
		return parse_bits(at, item, to, err);
	case POLICY_SVNS:
		return parse_svns(at, to, err);
	case POLICY_TCB:
		return parse_tcb(at, to, err);
	case POLICY_NUMBER:
		return parse_number(at, item, to, err);
	case POLICY_VERSION:
		return parse_version(at, item, to, err);
	case POLICY_CHOICES:
	case POLICY_NUMBERS:
		return parse_choices(at, item, to, err);
	case POLICY_BOOL:
		return json_at_bool(at, to, err);
	}
	return json_at_fail(at, err, "cannot be read");
}
