// SPDX-License-Identifier: MIT
/* PCK extensions built here, right and wrong. */
#include "../../tools/lib/tsm.h"

#include "pck_build.h"
#include "tap.h"

#include <errno.h>

static int parse(const struct bytes *b, size_t len, struct tsm_pck *pck)
{
	uint8_t *copy = exact_copy(b->p, len);
	struct tsm_error err = { "" };
	int ret;

	memset(pck, 0x55, sizeof(*pck));
	ret = tsm_pck_parse(copy, len, pck, &err);
	CHECK_EQ(ret != 0, err.text[0] != '\0');
	if (ret)
		CHECK_EQ(0, pck->fmspc[0] | pck->pcesvn);
	free(copy);
	return ret;
}

static void a_whole_extension_is_read(void)
{
	struct tsm_pck pck;
	struct bytes b;
	int i;

	build_pck(&b, &honest_pck);
	CHECK_EQ(0, parse(&b, b.len, &pck));
	CHECK_EQ(0xb0, pck.ppid[0]);
	CHECK_EQ(7, pck.comp_svn[0]);
	for (i = 1; i < 16; i++)
		CHECK_EQ(i + 1, pck.comp_svn[i]);
	CHECK_EQ(0x010b, pck.pcesvn);
	CHECK_EQ(0xbf, pck.cpusvn[15]);
	CHECK(!memcmp(pck.pceid, "\x12\x34", 2));
	CHECK_EQ(0xb5, pck.fmspc[5]);
	CHECK_EQ(1, pck.sgx_type);
	CHECK(pck.has_instance);
}

static void an_extension_cut_at_any_byte_is_refused(void)
{
	struct tsm_pck pck;
	struct bytes b;
	size_t len;

	build_pck(&b, &honest_pck);
	for (len = 0; len < b.len; len++)
		CHECK_EQ(-EBADMSG, parse(&b, len, &pck));
	fill(&b, 0, 1);
	CHECK_EQ(-EBADMSG, parse(&b, b.len, &pck));
}

/* No check of the result: the sanitizers look at what is read. */
static void any_byte_wrong_is_survived(void)
{
	static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0x81, 0x82, 0xff };
	unsigned int refused = 0;
	struct tsm_pck pck;
	struct bytes b;
	size_t i, v;

	build_pck(&b, &honest_pck);
	for (i = 0; i < b.len; i++) {
		for (v = 0; v < sizeof(values); v++) {
			const uint8_t was = b.p[i];

			b.p[i] = values[v];
			refused += parse(&b, b.len, &pck) != 0;
			b.p[i] = was;
		}
	}
	CHECK(refused > b.len);
}

static void every_field_is_needed_once(void)
{
	static const unsigned int ids[] = { 1, 2, 3, 4, 5, 201, 216, 217, 218 };
	struct tsm_pck pck;
	struct bytes b;
	struct shape s;
	size_t i;

	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		s = honest_pck;
		s.without = ids[i];
		build_pck(&b, &s);
		CHECK_EQ(-EBADMSG, parse(&b, b.len, &pck));
		s = honest_pck;
		s.twice = ids[i];
		build_pck(&b, &s);
		CHECK_EQ(-EBADMSG, parse(&b, b.len, &pck));
	}
	/* a PCK of the Processor CA has no platform instance id */
	s = honest_pck;
	s.without = 6;
	build_pck(&b, &s);
	CHECK_EQ(0, parse(&b, b.len, &pck));
	CHECK(!pck.has_instance);
}

static void sizes_and_numbers_have_limits(void)
{
	static const struct {
		uint8_t der[4];
		size_t size;
		int ret;
	} numbers[] = {
		{ { 0x7f }, 1, 0 },
		{ { 0x00, 0xff }, 2, 0 },		/* 255 */
		{ { 0x01, 0x00 }, 2, -EBADMSG },	/* 256 */
		{ { 0x80 }, 1, -EBADMSG },		/* -128 */
		{ { 0 }, 0, -EBADMSG },
		{ { 0x01, 0x00, 0x00 }, 3, -EBADMSG },
		{ { 0, 0, 0, 1 }, 4, -EBADMSG },
	};
	struct tsm_pck pck;
	struct bytes b;
	struct shape s;
	size_t i;

	for (i = 0; i < 16; i++) {
		s = honest_pck;
		s.fmspc_size = i;
		build_pck(&b, &s);
		CHECK_EQ(i == 6 ? 0 : -EBADMSG, parse(&b, b.len, &pck));
	}
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		s = honest_pck;
		memcpy(s.component, numbers[i].der, 4);
		s.component_size = numbers[i].size;
		build_pck(&b, &s);
		CHECK_EQ(numbers[i].ret, parse(&b, b.len, &pck));
	}
}

static void lengths_are_minimal(void)
{
	struct tsm_pck pck;
	struct bytes b;

	overlong = true;
	build_pck(&b, &honest_pck);
	overlong = false;
	CHECK_EQ(-EBADMSG, parse(&b, b.len, &pck));
}

static const struct tap_test tests[] = {
	{ "a whole PCK extension is read", a_whole_extension_is_read },
	{ "a PCK extension cut or extended at any byte is refused",
	  an_extension_cut_at_any_byte_is_refused },
	{ "any byte of a PCK extension may be wrong",
	  any_byte_wrong_is_survived },
	{ "every field of a PCK extension is needed, once",
	  every_field_is_needed_once },
	{ "sizes and numbers in a PCK extension have limits",
	  sizes_and_numbers_have_limits },
	{ "lengths that are not minimal are refused", lengths_are_minimal },
};

TAP_MAIN(tests)
