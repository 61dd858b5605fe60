// SPDX-License-Identifier: MIT
/* Words for what was found in evidence. */
#include "verify_text.h"
#include "x509.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void reason_add(struct reason *reason, const char *fmt, ...)
{
	const size_t size = sizeof(reason->text);
	va_list args;
	int len;

	if (reason->len && reason->len + 3 < size) {
		memcpy(reason->text + reason->len, "; ", 3);
		reason->len += 2;
	}
	va_start(args, fmt);
	len = vsnprintf(reason->text + reason->len, size - reason->len, fmt,
			args);
	va_end(args);
	if (len > 0)
		reason->len += (size_t)len;
	if (reason->len >= size)
		reason->len = size - 1;
}

const char *cert_name(const struct x509 *cert, char text[CERT_NAME_SIZE])
{
	const struct tsm_blob *cn = &cert->common_name;
	size_t i;

	if (!cn->len)
		return "a certificate without a name";
	for (i = 0; i < cn->len && i < CERT_NAME_SIZE - 1; i++)
		text[i] = cn->data[i] >= ' ' && cn->data[i] <= '~' ?
			  (char)cn->data[i] : '?';
	text[i] = '\0';
	return text;
}

/*
 * Days since 1970-01-01 to a date of the Gregorian calendar, counted from March
 * so that the day that is inserted comes last: 146097 days are 400 years, and
 * the months from March on have (153 * n + 2) / 5 days before them. From year 0 on.
 */
static void civil(int64_t days, uint16_t *year, uint8_t *month, uint8_t *day)
{
	const int64_t since = days + 719468;	/* to 0000-03-01 */
	const int64_t era = since / 146097;
	const unsigned int of_era = (unsigned int)(since - era * 146097);
	const unsigned int y = (of_era - of_era / 1460 + of_era / 36524 -
				of_era / 146096) / 365;
	const unsigned int of_year = of_era - (365 * y + y / 4 - y / 100);
	const unsigned int m = (5 * of_year + 2) / 153;

	*day = (uint8_t)(of_year - (153 * m + 2) / 5 + 1);
	*month = (uint8_t)(m < 10 ? m + 3 : m - 9);
	*year = (uint16_t)(y + era * 400 + (*month <= 2));
}

const char *text_date(int64_t at, char text[TEXT_DATE_SIZE])
{
	/* the years that have four digits; RFC 5280 says "never" with the last */
	const int64_t first = -62135596800, last = 253402300799;
	unsigned int second;
	uint8_t month, day;
	uint16_t year;
	int64_t days;

	at = at < first ? first : at > last ? last : at;
	days = (at >= 0 ? at : at - 86399) / 86400;
	second = (unsigned int)(at - days * 86400);
	civil(days, &year, &month, &day);
	snprintf(text, TEXT_DATE_SIZE, "%04u-%02u-%02uT%02u:%02u:%02uZ",
		 year, month, day, (uint8_t)(second / 3600),
		 (uint8_t)(second / 60 % 60), (uint8_t)(second % 60));
	return text;
}

const char *text_hex(const uint8_t *bytes, size_t count, char *text)
{
	static const char digit[] = "0123456789abcdef";
	char *out = text;

	for (; count; count--, bytes++) {
		*out++ = digit[*bytes >> 4];
		*out++ = digit[*bytes & 15];
	}
	*out = '\0';
	return text;
}

const char *text_hex_cut(const uint8_t *bytes, size_t count, size_t max,
			 char *text)
{
	const size_t shown = count < max ? count : max;

	text_hex(bytes, shown, text);
	if (shown < count)
		memcpy(text + 2 * shown, "...", 4);
	return text;
}
