// SPDX-License-Identifier: MIT
/* tools/lib/x509_fields.c: times and signatures, decoded and refused. */
#include "../../tools/lib/x509_private.h"
#include "forge.h"
#include "tap.h"

static void times_are_seconds(void)
{
	static const struct {
		uint8_t tag;
		const char *text;
		int64_t seconds;
	} times[] = {
		{ 0x17, "700101000000Z", 0 },
		{ 0x17, "691231235959Z", -1 },
		{ 0x17, "500101000000Z", -631152000 },
		{ 0x17, "491231235959Z", 2524607999 },
		{ 0x17, "000229120000Z", 951825600 },
		{ 0x17, "240229000000Z", 1709164800 },
		{ 0x17, "231231235959Z", 1704067199 },
		{ 0x18, "20240101000000Z", 1704067200 },
		{ 0x18, "19700101000000Z", 0 },
		{ 0x18, "20500101000000Z", 2524608000 },
		{ 0x18, "21000228235959Z", 4107542399 },
		{ 0x18, "99991231235958Z", 253402300798 },
		{ 0x18, "99991231235959Z", INT64_MAX },
		{ 0x18, "00010101000000Z", -62135596800 },
	};
	struct bytes b;
	struct cursor c;
	int64_t found;
	size_t i;

	for (i = 0; i < FORGE_COUNT(times); i++) {
		b.len = 0;
		forge_tlv(&b, times[i].tag, times[i].text,
			  strlen(times[i].text));
		c = cursor_over(b.p, b.len);
		CHECK(x509_time(&c, &found));
		CHECK_EQ(times[i].seconds, found);
		CHECK_EQ(0, c.left);
	}
}

static void times_that_cannot_be_are_refused(void)
{
	static const struct {
		uint8_t tag;
		const char *text;
	} times[] = {
		{ 0x17, "" },
		{ 0x17, "700101000000" },
		{ 0x17, "7001010000Z" },
		{ 0x17, "700101000000Z " },
		{ 0x17, "700101000000+0000" },
		{ 0x17, "700001000000Z" },
		{ 0x17, "701301000000Z" },
		{ 0x17, "700100000000Z" },
		{ 0x17, "700132000000Z" },
		{ 0x17, "701232000000Z" },
		{ 0x17, "230229000000Z" },
		{ 0x17, "700431000000Z" },
		{ 0x17, "700101240000Z" },
		{ 0x17, "700101006000Z" },
		{ 0x17, "700101000060Z" },
		{ 0x17, "7001010000/0Z" },
		{ 0x17, "70010100000:Z" },
		{ 0x17, "-10101000000Z" },
		{ 0x18, "21000229000000Z" },
		{ 0x18, "00000101000000Z" },
		{ 0x18, "20240101000000.5Z" },
		{ 0x18, "240101000000Z" },
		{ 0x19, "20240101000000Z" },
	};
	struct bytes b;
	struct cursor c;
	int64_t found;
	size_t i;

	for (i = 0; i < FORGE_COUNT(times); i++) {
		b.len = 0;
		forge_tlv(&b, times[i].tag, times[i].text,
			  strlen(times[i].text));
		c = cursor_over(b.p, b.len);
		if (!CHECK(!x509_time(&c, &found)))
			printf("# of %s\n", times[i].text);
	}
}

/* SIGNED{} around nothing, with an ECDSA-Sig-Value by hand */
static bool frame(const char *value, size_t len, struct x509_signed *out)
{
	static const char algorithm[] =
		"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
	struct bytes all = { .len = 0 }, bits = { .len = 0 };
	static struct bytes der;

	forge_tlv(&all, 0x30, "", 0);
	forge_tlv(&all, 0x30, algorithm, sizeof(algorithm) - 1);
	fill(&bits, 0, 1);
	put(&bits, value, len);
	forge_tlv(&all, 0x03, bits.p, bits.len);
	der.len = 0;
	forge_tlv(&der, 0x30, all.p, all.len);
	return x509_signed_parse(der.p, der.len, out);
}

static void signatures_are_as_der_has_them(void)
{
	static const struct {
		const char *value;
		size_t len;
		bool ok;
	} values[] = {
#define VALUE(ok, text)	{ text, sizeof(text) - 1, ok }
		VALUE(true, "\x30\x06\x02\x01\x01\x02\x01\x7f"),
		VALUE(true, "\x30\x07\x02\x02\x00\x80\x02\x01\x7f"),
		VALUE(true, "\x30\x26\x02\x21\x00"
		      "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
		      "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
		      "\xff\xff\xff\xff\x02\x01\x01"),
		/* zero, nothing, negative, longer than it need be, too long */
		VALUE(false, "\x30\x06\x02\x01\x00\x02\x01\x7f"),
		VALUE(false, "\x30\x06\x02\x01\x01\x02\x01\x00"),
		VALUE(false, "\x30\x05\x02\x00\x02\x01\x7f"),
		VALUE(false, "\x30\x06\x02\x01\x80\x02\x01\x7f"),
		VALUE(false, "\x30\x07\x02\x02\x00\x7f\x02\x01\x7f"),
		VALUE(false, "\x30\x07\x02\x01\x01\x02\x02\x00\x01"),
		VALUE(false, "\x30\x26\x02\x21\x01"
		      "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
		      "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
		      "\xff\xff\xff\xff\x02\x01\x01"),
		/* one number, three, bytes behind, another length, other tags */
		VALUE(false, "\x30\x03\x02\x01\x01"),
		VALUE(false, "\x30\x09\x02\x01\x01\x02\x01\x7f\x02\x01\x01"),
		VALUE(false, "\x30\x06\x02\x01\x01\x02\x01\x7f\x00"),
		VALUE(false, "\x30\x05\x02\x01\x01\x02\x01\x7f"),
		VALUE(false, "\x30\x07\x02\x01\x01\x02\x01\x7f"),
		VALUE(false, "\x30\x81\x06\x02\x01\x01\x02\x01\x7f"),
		VALUE(false, "\x30\x80\x02\x01\x01\x02\x01\x7f\x00\x00"),
		VALUE(false, "\x31\x06\x02\x01\x01\x02\x01\x7f"),
		VALUE(false, "\x30\x06\x0a\x01\x01\x02\x01\x7f"),
		VALUE(false, ""),
#undef VALUE
	};
	struct x509_signed out;
	size_t i;

	for (i = 0; i < FORGE_COUNT(values); i++) {
		if (!CHECK_EQ(values[i].ok,
			      frame(values[i].value, values[i].len, &out)))
			printf("# of value %zu\n", i);
	}
	CHECK(frame(values[1].value, values[1].len, &out));
	CHECK_EQ(64, out.signature_len);
	CHECK_EQ(0, out.signature[30]);
	CHECK_EQ(0x80, out.signature[31]);
	CHECK_EQ(0x7f, out.signature[63]);
}

static const struct tap_test tests[] = {
	{ "times are seconds", times_are_seconds },
	{ "times that cannot be are refused", times_that_cannot_be_are_refused },
	{ "signatures are as DER has them", signatures_are_as_der_has_them },
};

TAP_MAIN(tests)
