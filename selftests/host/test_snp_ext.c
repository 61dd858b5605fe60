// SPDX-License-Identifier: MIT
/* AMD's extensions of VCEK and VLEK certificates, built here. */
#include "../../tools/lib/tsm.h"

#include "bytes.h"
#include "tap.h"

#include <errno.h>

/* 1.3.6.1.4.1.3704.1 */
#define AMD	0x2b, 0x06, 0x01, 0x04, 0x01, 0x9c, 0x78, 0x01

static int add(struct tsm_snp_ext *ext, const uint8_t *arcs, size_t n,
	       const void *der, size_t len)
{
	struct tsm_error err = { "" };
	struct bytes oid = { .len = 0 };
	uint8_t *id, *copy;
	int ret;

	put(&oid, (const uint8_t[]){ AMD }, 8);
	put(&oid, arcs, n);
	id = exact_copy(oid.p, oid.len);
	copy = exact_copy(der, len);
	ret = tsm_snp_ext_add(ext, id, oid.len, copy, len, &err);
	CHECK_EQ(ret != 0, err.text[0] != '\0');
	free(id);
	free(copy);
	return ret;
}

static int one(const uint8_t *arcs, size_t n, const void *der, size_t len)
{
	struct tsm_snp_ext ext = { .has = 0 };

	return add(&ext, arcs, n, der, len);
}

#define ARCS(...)	(const uint8_t[]){ __VA_ARGS__ }, \
			sizeof((const uint8_t[]){ __VA_ARGS__ })
#define DER(text)	text, sizeof(text) - 1

static void fields_are_read(void)
{
	struct tsm_snp_ext ext = { .has = 0 };
	uint8_t chip[64], spl, number[3] = { 0x02, 0x01 };
	size_t i;

	for (i = 0; i < 64; i++)
		chip[i] = (uint8_t)(i + 4);
	CHECK_EQ(0, add(&ext, ARCS(1), DER("\x02\x01\x01")));
	CHECK_EQ(0, add(&ext, ARCS(2), DER("\x16\x08Milan-B0")));
	for (spl = 1; spl <= 9; spl++) {
		number[2] = (uint8_t)(spl * 10);
		CHECK_EQ(0, add(&ext, ARCS(3, spl), number, 3));
	}
	CHECK_EQ(0, add(&ext, ARCS(4), chip, 64));
	CHECK_EQ(0, add(&ext, ARCS(5), DER("\x16\x05" "CN=me")));
	CHECK_EQ(1 << 1 | 1 << 2 | 1 << 4 | 1 << 5, ext.has);
	CHECK_EQ(0x3fe, ext.has_spl);
	CHECK_EQ(1, ext.version);
	CHECK(!strcmp(ext.product, "Milan-B0"));
	for (spl = 1; spl <= 9; spl++)
		CHECK_EQ(spl * 10, ext.spl[spl]);
	CHECK_EQ(64, ext.hw_id_len);
	CHECK(!memcmp(ext.hw_id, chip, 64));
	CHECK(!strcmp(ext.csp_id, "CN=me"));
}

static void spls_have_names(void)
{
	static const char *const names[] = {
		"unknown", "BL_SPL", "TEE_SPL", "SNP_SPL", "SPL4", "SPL5",
		"SPL6", "SPL7", "UCODE_SPL", "FMC_SPL", "unknown",
	};
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		CHECK(!strcmp(names[i], tsm_snp_spl_name(i)));
}

static void numbers_have_one_byte(void)
{
	static const struct {
		const char *der;
		size_t len;
		int ret;
	} numbers[] = {
		{ DER("\x02\x01\x00"), 0 },
		{ DER("\x02\x01\x7f"), 0 },
		{ DER("\x02\x02\x00\xd9"), 0 },		/* 217 */
		{ DER("\x02\x02\x00\xff"), 0 },
		{ DER("\x02\x02\x01\x00"), -EBADMSG },	/* 256 */
		{ DER("\x02\x01\x80"), -EBADMSG },	/* -128 */
		{ DER("\x02\x00"), -EBADMSG },
		{ DER("\x02\x01\x01\x00"), -EBADMSG },	/* a byte behind it */
		{ DER("\x02\x81\x01\x01"), -EBADMSG },	/* length not minimal */
		{ DER("\x02\x02\x01"), -EBADMSG },
		{ DER("\x0a\x01\x01"), -EBADMSG },
		{ DER(""), -EBADMSG },
	};
	struct tsm_snp_ext ext = { .has = 0 };
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		CHECK_EQ(numbers[i].ret, one(ARCS(3, 8), numbers[i].der,
					     numbers[i].len));
		CHECK_EQ(numbers[i].ret, one(ARCS(1), numbers[i].der,
					     numbers[i].len));
	}
	CHECK_EQ(0, add(&ext, ARCS(3, 8), DER("\x02\x02\x00\xd9")));
	CHECK_EQ(217, ext.spl[8]);
}

static void text_is_printable_and_has_a_limit(void)
{
	struct bytes b = { .len = 0 };
	size_t len;

	CHECK_EQ(0, one(ARCS(2), DER("\x16\x00")));
	CHECK_EQ(-EBADMSG, one(ARCS(2), DER("\x16\x01\x1b")));
	CHECK_EQ(-EBADMSG, one(ARCS(2), DER("\x16\x01\x7f")));
	CHECK_EQ(-EBADMSG, one(ARCS(2), DER("\x16\x01\xc3")));
	CHECK_EQ(-EBADMSG, one(ARCS(2), DER("\x16\x01\x00")));
	CHECK_EQ(-EBADMSG, one(ARCS(2), DER("\x16\x02" "a")));
	CHECK_EQ(-EBADMSG, one(ARCS(2), DER("\x16\x01" "ab")));
	CHECK_EQ(-EBADMSG, one(ARCS(2), DER("\x0c\x01" "a")));
	for (len = 30; len <= 33; len++) {
		b.len = 0;
		fill(&b, 0x16, 1);
		fill(&b, (uint8_t)len, 1);
		fill(&b, 'a', len);
		CHECK_EQ(len < 32 ? 0 : -EBADMSG, one(ARCS(2), b.p, b.len));
	}
	for (len = 126; len <= 129; len++) {
		b.len = 0;
		fill(&b, 0x16, 1);
		if (len >= 128)
			fill(&b, 0x81, 1);
		fill(&b, (uint8_t)len, 1);
		fill(&b, 'a', len);
		CHECK_EQ(len < 128 ? 0 : -EBADMSG, one(ARCS(5), b.p, b.len));
	}
}

static void a_chip_id_has_64_bytes_or_8(void)
{
	struct tsm_snp_ext ext;
	uint8_t chip[80];
	size_t len;

	/* what looks like an OCTET STRING is none */
	memset(chip, 0, sizeof(chip));
	chip[0] = 0x04;
	chip[1] = 0x06;
	for (len = 0; len <= sizeof(chip); len++) {
		ext = (struct tsm_snp_ext){ .has = 0 };
		CHECK_EQ(len == 8 || len == 64 ? 0 : -EBADMSG,
			 add(&ext, ARCS(4), chip, len));
		if (len == 8 || len == 64)
			CHECK_EQ(4, ext.hw_id[0]);
		else
			CHECK_EQ(0, ext.hw_id_len);
	}
}

/* As AMD was about to have it in 2023. Only a length that fits makes a tag. */
static void a_chip_id_may_have_a_tag(void)
{
	struct tsm_snp_ext ext;
	uint8_t chip[80] = { 0x04 };
	size_t len, inner;

	for (len = 2; len < sizeof(chip); len++) {
		for (inner = 0; inner < 128; inner++) {
			ext = (struct tsm_snp_ext){ .has = 0 };
			chip[1] = (uint8_t)inner;
			chip[2] = 0x5a;
			if (len == 8 || len == 64) {
				CHECK_EQ(0, add(&ext, ARCS(4), chip, len));
				CHECK_EQ(0x04, ext.hw_id[0]);
			} else if ((len == 10 || len == 66) && len == inner + 2) {
				CHECK_EQ(0, add(&ext, ARCS(4), chip, len));
				CHECK_EQ(inner, ext.hw_id_len);
				CHECK_EQ(0x5a, ext.hw_id[0]);
			} else {
				CHECK_EQ(-EBADMSG,
					 add(&ext, ARCS(4), chip, len));
			}
		}
	}
}

static void a_field_comes_once(void)
{
	struct tsm_snp_ext ext = { .has = 0 };

	CHECK_EQ(0, add(&ext, ARCS(1), DER("\x02\x01\x00")));
	CHECK_EQ(-EBADMSG, add(&ext, ARCS(1), DER("\x02\x01\x00")));
	CHECK_EQ(0, add(&ext, ARCS(3, 1), DER("\x02\x01\x00")));
	CHECK_EQ(0, add(&ext, ARCS(3, 2), DER("\x02\x01\x00")));
	CHECK_EQ(-EBADMSG, add(&ext, ARCS(3, 1), DER("\x02\x01\x00")));
	CHECK_EQ(0, ext.has | ext.has_spl);
}

static void others_are_let_be(void)
{
	static const uint8_t basic[] = { 0x55, 0x1d, 0x13 };
	struct tsm_snp_ext ext = { .has = 0 };
	size_t len;

	CHECK_EQ(0, add(&ext, ARCS(6), DER("?")));
	CHECK_EQ(0, add(&ext, ARCS(0), DER("?")));
	CHECK_EQ(0, add(&ext, ARCS(0x81, 0), DER("?")));
	CHECK_EQ(0, add(&ext, ARCS(3), DER("?")));
	CHECK_EQ(0, add(&ext, ARCS(3, 0), DER("?")));
	CHECK_EQ(0, add(&ext, ARCS(3, 10), DER("?")));
	CHECK_EQ(0, add(&ext, ARCS(3, 1, 1), DER("?")));
	CHECK_EQ(0, add(&ext, ARCS(1, 1), DER("?")));
	CHECK_EQ(0, add(&ext, NULL, 0, DER("?")));
	CHECK_EQ(0, tsm_snp_ext_add(&ext, basic, 3, "?", 1, NULL));
	for (len = 0; len < 8; len++)
		CHECK_EQ(0, tsm_snp_ext_add(&ext, (const uint8_t[]){ AMD },
					    len, "?", 1, NULL));
	CHECK_EQ(0, ext.has | ext.has_spl);
}

static const struct tap_test tests[] = {
	{ "every field is read", fields_are_read },
	{ "components have names", spls_have_names },
	{ "numbers have one byte", numbers_have_one_byte },
	{ "text is printable and has a limit",
	  text_is_printable_and_has_a_limit },
	{ "a chip id has 64 bytes or 8, and needs no tag",
	  a_chip_id_has_64_bytes_or_8 },
	{ "a chip id may have the tag of an OCTET STRING",
	  a_chip_id_may_have_a_tag },
	{ "a field comes once", a_field_comes_once },
	{ "extensions that are not known are let be", others_are_let_be },
};

TAP_MAIN(tests)
