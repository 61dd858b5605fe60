// SPDX-License-Identifier: MIT
/* Times as people write them: UTC, since evidence and certificates are. */
#include "cmd_verify.h"

#include <string.h>

/* Up to the end of the year 9999, as certificates. */
#define SECONDS_MAX	INT64_C(253402300799)

/* Exactly @digits decimal digits. */
static bool take_number(const char **text, unsigned int digits, unsigned int *to)
{
	*to = 0;
	for (; digits; digits--, ++*text) {
		if (**text < '0' || **text > '9')
			return false;
		*to = *to * 10 + (unsigned int)(**text - '0');
	}
	return true;
}

static bool take_sign(const char **text, char sign)
{
	if (**text != sign)
		return false;
	++*text;
	return true;
}

static bool is_leap(unsigned int year)
{
	return (year % 4 == 0 && year % 100) || year % 400 == 0;
}

static unsigned int days_of(unsigned int month, unsigned int year)
{
	static const unsigned int days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31,
	};

	return days[month - 1] + (month == 2 && is_leap(year));
}

static int64_t days_since_1970(unsigned int year, unsigned int month,
			       unsigned int day)
{
	int64_t days = day - 1;
	unsigned int i;

	for (i = 1970; i < year; i++)
		days += 365 + is_leap(i);
	for (i = 1; i < month; i++)
		days += days_of(i, year);
	return days;
}

static bool parse_date(const char **text, int64_t *seconds)
{
	unsigned int year, month, day;

	if (!take_number(text, 4, &year) || !take_sign(text, '-') ||
	    !take_number(text, 2, &month) || !take_sign(text, '-') ||
	    !take_number(text, 2, &day))
		return false;
	if (year < 1970 || month < 1 || month > 12 || day < 1 ||
	    day > days_of(month, year))
		return false;
	*seconds = days_since_1970(year, month, day) * 86400;
	return true;
}

/* As date -Iseconds -u says Z. */
static bool take_utc(const char **text)
{
	static const char utc[] = "+00:00";

	if (strncmp(*text, utc, sizeof(utc) - 1))
		return false;
	*text += sizeof(utc) - 1;
	return true;
}

static bool parse_clock(const char **text, int64_t *seconds)
{
	unsigned int hour, minute, second;

	if (!take_sign(text, 'T') || !take_number(text, 2, &hour) ||
	    !take_sign(text, ':') || !take_number(text, 2, &minute) ||
	    !take_sign(text, ':') || !take_number(text, 2, &second) ||
	    !(take_sign(text, 'Z') || take_utc(text)))
		return false;
	*seconds += hour * 3600 + minute * 60 + second;
	return hour < 24 && minute < 60 && second < 60;
}

static bool parse_seconds(const char *text, int64_t *seconds)
{
	if (!*text)
		return false;
	for (*seconds = 0; *text >= '0' && *text <= '9'; text++) {
		*seconds = *seconds * 10 + (*text - '0');
		if (*seconds > SECONDS_MAX)
			return false;
	}
	return !*text;
}

bool parse_time(const char *text, int64_t *seconds)
{
	if (*text == '@')
		return parse_seconds(text + 1, seconds);
	if (!parse_date(&text, seconds))
		return false;
	return !*text || (parse_clock(&text, seconds) && !*text);
}
