// SPDX-License-Identifier: MIT
/* Names, dates and sentences that stand in judgements. */
#include "../../tools/lib/verify_text.h"
#include "../../tools/lib/x509.h"

#include "tap.h"

#include <time.h>

static void check_date(int64_t at)
{
	char is[TEXT_DATE_SIZE], should[TEXT_DATE_SIZE];
	const time_t t = at;
	struct tm tm;

	if (!gmtime_r(&t, &tm) ||
	    !strftime(should, sizeof(should), "%Y-%m-%dT%H:%M:%SZ", &tm) ||
	    !CHECK(!strcmp(text_date(at, is), should)))
		printf("# %lld is %s, not %s\n", (long long)at, should, is);
}

static void dates_are_those_of_gmtime(void)
{
	int64_t day;

	/* from 1000 to 9999, each date in some year, at any time of day */
	for (day = -354285; day < 2932896; day += 11) {
		check_date(day * 86400 + (day & 0xffff));
		if (!tap_ok)
			return;
	}
	check_date(-1);
	check_date(0);
	check_date(951827696);
}

static void dates_without_end_are_the_last(void)
{
	char text[TEXT_DATE_SIZE];

	CHECK(!strcmp(text_date(INT64_MAX, text), "9999-12-31T23:59:59Z"));
	CHECK(!strcmp(text_date(253402300800, text), "9999-12-31T23:59:59Z"));
	CHECK(!strcmp(text_date(INT64_MIN, text), "0001-01-01T00:00:00Z"));
}

static const char *name_of(const void *cn, size_t len,
			   char text[CERT_NAME_SIZE])
{
	const struct x509 cert = { .common_name = { cn, len } };

	memset(text, 0x55, CERT_NAME_SIZE);
	return cert_name(&cert, text);
}

static void names_cannot_fool_a_terminal(void)
{
	static const char all[] = "a\x1b[2J\n\r\t\0\x7f\x80\xffz";
	char text[CERT_NAME_SIZE], longest[CERT_NAME_SIZE + 10];

	CHECK(!strcmp(name_of("Intel SGX Root CA", 17, text),
		      "Intel SGX Root CA"));
	CHECK(!strcmp(name_of(all, sizeof(all) - 1, text),
		      "a?[2J???" "????z"));
	CHECK(!strcmp(name_of(NULL, 0, text), "a certificate without a name"));
	memset(longest, 'n', sizeof(longest));
	CHECK_EQ(CERT_NAME_SIZE - 1,
		 strlen(name_of(longest, sizeof(longest), text)));
}

static void sentences_are_joined_and_cut(void)
{
	struct reason reason = { "", 0 };
	size_t i;

	reason_add(&reason, "%d", 1);
	CHECK(!strcmp(reason.text, "1"));
	reason_add(&reason, "%s", "two");
	CHECK(!strcmp(reason.text, "1; two"));
	for (i = 0; i < 400; i++) {
		reason_add(&reason, "%.*s", (int)(i % 7), "abcdefg");
		CHECK_EQ(strlen(reason.text), reason.len);
		CHECK(reason.len < sizeof(reason.text));
	}
	CHECK_EQ(sizeof(reason.text) - 1, reason.len);
}

static void bytes_are_written_in_hex(void)
{
	static const uint8_t bytes[] = { 0x00, 0x1f, 0xa0, 0xff };
	char text[16];

	CHECK(!strcmp(text_hex(bytes, 4, text), "001fa0ff"));
	CHECK(!strcmp(text_hex_cut(bytes, 4, 2, text), "001f..."));
	CHECK(!strcmp(text_hex_cut(bytes, 0, 2, text), ""));
}

static const struct tap_test tests[] = {
	{ "dates are those of gmtime()", dates_are_those_of_gmtime },
	{ "dates without end are the last", dates_without_end_are_the_last },
	{ "names cannot fool a terminal", names_cannot_fool_a_terminal },
	{ "sentences are joined, and cut", sentences_are_joined_and_cut },
	{ "bytes are written in hex", bytes_are_written_in_hex },
};

TAP_MAIN(tests)
