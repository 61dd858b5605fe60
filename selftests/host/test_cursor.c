// SPDX-License-Identifier: MIT
/* The cursor delivers all or nothing, and never reads past its end. */
#include "../../tools/lib/cursor.h"

#include "bytes.h"
#include "tap.h"

static const uint8_t data[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static void take_exactly_what_is_there(void)
{
	struct cursor c = cursor_over(data, sizeof(data));
	const uint8_t *p;

	CHECK(cursor_take(&c, sizeof(data), &p));
	CHECK(p == data);
	CHECK_EQ(0, c.left);
	CHECK_EQ(8, cursor_offset(&c));
}

static void refuse_one_more(void)
{
	struct cursor c = cursor_over(data, sizeof(data));
	const uint8_t *p = NULL;

	CHECK(!cursor_take(&c, sizeof(data) + 1, &p));
	CHECK(p == NULL);
	CHECK_EQ(8, c.left);
	CHECK_EQ(0, cursor_offset(&c));
}

static void refuse_the_largest_number(void)
{
	struct cursor c = cursor_over(data, sizeof(data)), sub = { 0 };
	const uint8_t *p = NULL;

	CHECK(cursor_take(&c, 3, &p));
	CHECK(!cursor_take(&c, SIZE_MAX, &p));
	CHECK(!cursor_take(&c, SIZE_MAX - 2, &p));
	CHECK(!cursor_sub(&c, SIZE_MAX, &sub));
	CHECK(sub.pos == NULL);
	CHECK_EQ(5, c.left);
}

static void read_integers_little_endian(void)
{
	struct cursor c = cursor_over(data, sizeof(data));
	uint32_t u32 = 0;
	uint16_t u16 = 0;
	uint8_t u8 = 0;

	CHECK(cursor_u8(&c, &u8) && cursor_le16(&c, &u16) &&
	      cursor_le32(&c, &u32));
	CHECK_EQ(0x01, u8);
	CHECK_EQ(0x0302, u16);
	CHECK_EQ(0x07060504, u32);
	CHECK_EQ(1, c.left);
}

static void a_short_integer_changes_nothing(void)
{
	size_t left;

	for (left = 0; left < 4; left++) {
		uint8_t *copy = exact_copy(data, left);
		struct cursor c = cursor_over(copy, left);
		uint32_t u32 = 77;
		uint16_t u16 = 77;
		uint8_t u8 = 77;

		CHECK(!cursor_le32(&c, &u32));
		CHECK_EQ(77, u32);
		CHECK_EQ(left, c.left);
		CHECK_EQ(left >= 2, cursor_le16(&c, &u16));
		CHECK_EQ(left >= 2 ? 0x0201 : 77, u16);
		c = cursor_over(copy, left);
		CHECK_EQ(left >= 1, cursor_u8(&c, &u8));
		CHECK_EQ(left >= 1 ? 1 : 77, u8);
		free(copy);
	}
}

static void a_short_copy_changes_nothing(void)
{
	struct cursor c = cursor_over(data, 4);
	uint8_t dst[8];

	memset(dst, 0x55, sizeof(dst));
	CHECK(!cursor_copy(&c, dst, 5));
	CHECK_EQ(0x55, dst[0]);
	CHECK_EQ(4, c.left);
	CHECK(cursor_copy(&c, dst, 4));
	CHECK(!memcmp(dst, data, 4));
	CHECK_EQ(0x55, dst[4]);
}

static void a_sub_cursor_ends_where_it_was_told(void)
{
	struct cursor c = cursor_over(data, sizeof(data)), sub;
	const uint8_t *p;

	CHECK(cursor_take(&c, 2, &p));
	CHECK(cursor_sub(&c, 3, &sub));
	CHECK_EQ(5, cursor_offset(&c));
	CHECK_EQ(2, cursor_offset(&sub));
	CHECK(!cursor_take(&sub, 4, &p));
	CHECK(cursor_take(&sub, 3, &p));
	CHECK(p == data + 2);
	CHECK_EQ(3, c.left);
}

static void nothing_can_be_read_from_nothing(void)
{
	struct cursor c = cursor_over(NULL, 0), sub;
	const uint8_t *p;
	uint8_t byte;

	CHECK(!cursor_u8(&c, &byte));
	CHECK(cursor_take(&c, 0, &p));
	CHECK(cursor_copy(&c, NULL, 0));
	CHECK(cursor_sub(&c, 0, &sub));
	CHECK_EQ(0, sub.left);
}

static const struct tap_test tests[] = {
	{ "a cursor gives exactly what is there", take_exactly_what_is_there },
	{ "it refuses one byte more and stays", refuse_one_more },
	{ "it refuses lengths at the end of size_t", refuse_the_largest_number },
	{ "integers are read little-endian", read_integers_little_endian },
	{ "an integer cut short changes nothing",
	  a_short_integer_changes_nothing },
	{ "a copy cut short changes nothing", a_short_copy_changes_nothing },
	{ "a sub-cursor ends where it was told",
	  a_sub_cursor_ends_where_it_was_told },
	{ "an empty cursor on NULL gives nothing",
	  nothing_can_be_read_from_nothing },
};

TAP_MAIN(tests)
