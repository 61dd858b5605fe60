/* SPDX-License-Identifier: MIT */
/*
 * Just enough of the TD quote format for a test to see whose quote it holds
 * and that it is whole; offsets are read from Intel's documents, not shared.
 *
 * Intel TDX DCAP Quote Generation Library and Quote Verification Library,
 * Appendix "Quote Format" (version 4, version 5).
 */
#ifndef SELFTESTS_QUOTE_H
#define SELFTESTS_QUOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define QUOTE_HEADER_LEN	48
#define QUOTE_TEE_TDX		0x81
#define QUOTE_BODY_TD10_LEN	584	/* TD Quote Body, TDX 1.0 */
#define QUOTE_BODY_TD15_LEN	648	/* TD Quote Body, TDX 1.5 */
#define QUOTE_MRTD		136	/* in the body */
#define QUOTE_REPORTDATA	520	/* in the body */

/* For what returns NULL, or a text that says what is wrong. */
#define EXPECT_SOUND(check)	EXPECT_STREQ("", (check) ? : "")
#define ASSERT_SOUND(check)	ASSERT_STREQ("", (check) ? : "")

struct quote {
	unsigned int version;
	const uint8_t *body;
	const uint8_t *report_data;
	size_t len;		/* what the quote declares, without padding */
};

static inline uint16_t get_le16(const uint8_t *p)
{
	return p[0] | p[1] << 8;
}

static inline uint32_t get_le32(const uint8_t *p)
{
	return get_le16(p) | (uint32_t)get_le16(p + 2) << 16;
}

/* Finds @body and its length; false if the bytes end before it does. */
static inline bool quote_find_body(const uint8_t *buf, size_t len,
				   size_t *start, size_t *body_len)
{
	switch (get_le16(buf)) {
	case 4:
		*start = QUOTE_HEADER_LEN;
		*body_len = QUOTE_BODY_TD10_LEN;
		break;
	case 5:
		/* version 5 puts a body type and size before the body */
		if (len < QUOTE_HEADER_LEN + 6)
			return false;
		*start = QUOTE_HEADER_LEN + 6;
		*body_len = get_le32(buf + QUOTE_HEADER_LEN + 2);
		if (*body_len < QUOTE_BODY_TD10_LEN)
			return false;
		break;
	default:
		return false;
	}
	return *start <= len && *body_len <= len - *start;
}

/**
 * quote_parse() - look into a quote.
 * @buf: the bytes of outblob
 * @len: how many
 * @quote: filled in; points into @buf
 *
 * Return: NULL, or what is wrong with it.
 */
static inline const char *quote_parse(const uint8_t *buf, size_t len,
				      struct quote *quote)
{
	size_t start, body_len, rest;

	if (len < QUOTE_HEADER_LEN)
		return "shorter than a quote header";
	if (get_le32(buf + 4) != QUOTE_TEE_TDX)
		return "tee_type is not TDX";
	if (!quote_find_body(buf, len, &start, &body_len))
		return "no TD quote body of version 4 or 5";

	rest = len - start - body_len;
	if (rest < 4)
		return "ends before the length of the signature data";
	rest -= 4;
	if (get_le32(buf + start + body_len) > rest)
		return "signature data shorter than declared";
	if (!get_le32(buf + start + body_len))
		return "no signature data";

	quote->version = get_le16(buf);
	quote->body = buf + start;
	quote->report_data = buf + start + QUOTE_REPORTDATA;
	quote->len = start + body_len + 4 + get_le32(buf + start + body_len);
	return NULL;
}

/* Like quote_parse(), and the quote must answer @nonce. */
static inline const char *quote_check(const uint8_t *buf, size_t len,
				      const uint8_t *nonce)
{
	struct quote quote;
	const char *wrong = quote_parse(buf, len, &quote);

	if (wrong)
		return wrong;
	if (memcmp(quote.report_data, nonce, 64))
		return "report data is not the nonce";
	return NULL;
}

/*
 * The emulated host pads a quote (quote_size) with bytes that tell their own
 * position, so that a lost, stale or uninitialised one shows.
 */
static inline bool quote_padding_is_whole(const uint8_t *buf, size_t len,
					  const struct quote *quote)
{
	size_t i;

	for (i = quote->len; i < len; i++)
		if (buf[i] != (uint8_t)(i * 7 + (i >> 8)))
			return false;
	return true;
}

#endif /* SELFTESTS_QUOTE_H */
