// SPDX-License-Identifier: MIT
/* tools/lib/crl.c: revocation lists, decoded and refused. */
#include "../../tools/lib/x509.h"
#include "forge.h"
#include "tap.h"

#include <errno.h>

static struct forge_crl honest(void)
{
	static struct forge_intel pki;

	forge_intel_init(&pki);
	return pki.ca_crl;
}

static int parse(const struct bytes *der, struct crl *crl)
{
	uint8_t *copy = exact_copy(der->p, der->len);
	struct tsm_error err = { "" };
	const int ret = crl_parse(copy, der->len, crl, &err);

	CHECK(!ret == !*err.text);
	if (ret) {
		static const struct crl zero;

		CHECK_EQ(-EBADMSG, ret);
		CHECK(!memcmp(crl, &zero, sizeof(zero)));
	}
	free(copy);
	return ret;
}

static int parse_forged(const struct forge_crl *spec, struct crl *crl)
{
	static struct bytes der;

	forge_crl(&der, spec);
	return crl_parse(der.p, der.len, crl, NULL);
}

static bool has(const struct crl *crl, uint8_t serial)
{
	const uint8_t der[] = { 0, serial };
	const struct tsm_blob blob = { der + (serial < 128), serial < 128 ? 1 : 2 };

	return crl_has(crl, &blob);
}

static void a_list_is_decoded(void)
{
	struct forge_crl spec = honest();
	struct crl crl;

	if (!CHECK_EQ(0, parse_forged(&spec, &crl)))
		return;
	CHECK_EQ(FORGE_LIST_FROM, crl.this_update);
	CHECK_EQ(FORGE_LIST_UNTIL, crl.next_update);
	CHECK_EQ(0, crl.revoked.len);
	CHECK(!crl.has_unknown_critical);
	CHECK_EQ(X509_ECDSA_SHA256, crl.algorithm);
	CHECK(!has(&crl, 0));
	CHECK(!has(&crl, 200));
}

static void serial_numbers_are_found(void)
{
	struct forge_crl spec = honest();
	struct tsm_blob empty = { NULL, 0 };
	struct crl crl;

	spec.revoked[0] = 0;
	spec.revoked[1] = 7;
	spec.revoked[2] = 200;
	spec.count = 3;
	if (!CHECK_EQ(0, parse_forged(&spec, &crl)))
		return;
	CHECK(has(&crl, 0) && has(&crl, 7) && has(&crl, 200));
	CHECK(!has(&crl, 1) && !has(&crl, 201) && !has(&crl, 128));
	CHECK(!crl_has(&crl, &empty));
}

static void a_next_update_may_be_missing(void)
{
	struct forge_crl spec = honest();
	struct crl crl;

	spec.until = INT64_MIN;
	spec.revoked[0] = 7;
	spec.count = 1;
	if (CHECK_EQ(0, parse_forged(&spec, &crl))) {
		CHECK_EQ(INT64_MIN, crl.next_update);
		CHECK(has(&crl, 7));
	}
	spec.until = FORGE_UNTIL + INT64_C(1000000000);
	if (CHECK_EQ(0, parse_forged(&spec, &crl)))
		CHECK_EQ(FORGE_UNTIL + INT64_C(1000000000), crl.next_update);
}

static void version_1_has_no_extensions(void)
{
	struct forge_crl spec = honest();
	struct crl crl;

	spec.is_version1 = true;
	spec.revoked[0] = 7;
	spec.count = 1;
	if (CHECK_EQ(0, parse_forged(&spec, &crl)))
		CHECK(has(&crl, 7));
}

static void a_delta_is_told(void)
{
	struct forge_crl spec = honest();
	struct crl crl;

	spec.is_delta = true;
	if (CHECK_EQ(0, parse_forged(&spec, &crl)))
		CHECK(crl.has_unknown_critical);
}

static void a_certificate_is_no_list(void)
{
	static struct forge_intel pki;
	struct bytes der;
	struct crl crl;

	forge_intel_init(&pki);
	forge_cert(&der, &pki.ca);
	CHECK_EQ(-EBADMSG, parse(&der, &crl));
}

/* The list with one revoked, in which every byte is known. */
static void make_one(struct bytes *der)
{
	struct forge_crl spec = honest();

	spec.revoked[0] = 0x55;
	spec.count = 1;
	forge_crl(der, &spec);
}

static void what_is_cut_short_or_followed_is_refused(void)
{
	struct bytes der;
	struct crl crl;

	make_one(&der);
	CHECK_EQ(0, parse(&der, &crl));
	fill(&der, 0, 1);
	CHECK_EQ(-EBADMSG, parse(&der, &crl));
	der.len--;
	while (der.len--)
		CHECK_EQ(-EBADMSG, parse(&der, &crl));
}

static void lengths_that_overflow_stay_inside(void)
{
	static const uint8_t odd[][5] = {
		{ 0xff, 0xff, 0xff, 0xff, 0xff }, { 0x84, 0xff, 0xff, 0xff, 0xff },
		{ 0x83, 0xff, 0xff, 0xff }, { 0x82, 0xff, 0xff }, { 0x7f },
	};
	struct bytes der, changed;
	struct crl crl;
	size_t at, i;

	make_one(&der);
	for (at = 0; at < der.len - 5; at++) {
		for (i = 0; i < FORGE_COUNT(odd); i++) {
			changed = der;
			memcpy(changed.p + at, odd[i], 5);
			parse(&changed, &crl);
		}
	}
}

/* What is changed in the signed part of the list with one revoked. */
static uint8_t *find(struct bytes *tbs, const char *bytes, size_t len)
{
	uint8_t *at = memmem(tbs->p, tbs->len, bytes, len);

	if (!at)
		abort();
	return at;
}

static void version_3(struct bytes *tbs)
{
	find(tbs, "\x02\x01\x01\x30", 4)[2] = 2;
}

static void other_algorithm(struct bytes *tbs)
{
	find(tbs, "\x2a\x86\x48\xce\x3d\x04\x03\x02", 8)[7] = 1;
}

static void issuer_is_no_sequence(struct bytes *tbs)
{
	find(tbs, "\x31\x0b\x30\x09\x06", 5)[0] = 0x30;
}

static void bad_time(struct bytes *tbs)
{
	find(tbs, "250501000000Z", 13)[2] = '2';
}

static void bad_next_time(struct bytes *tbs)
{
	find(tbs, "250701000000Z", 13)[2] = '2';
}

static void negative_serial(struct bytes *tbs)
{
	find(tbs, "\x02\x01\x55", 3)[2] = 0x80;
}

static void entry_without_date(struct bytes *tbs)
{
	find(tbs, "\x02\x01\x55\x17", 4)[3] = 0x13;
}

static void entry_with_other_end(struct bytes *tbs)
{
	find(tbs, "\x30\x0c\x30\x0a\x06\x03\x55\x1d\x15", 9)[0] = 0x31;
}

static void extensions_of_another_tag(struct bytes *tbs)
{
	find(tbs, "\xa0\x0e\x30\x0c", 4)[0] = 0xa1;
}

static void empty_oid(struct bytes *tbs)
{
	find(tbs, "\x06\x03\x55\x1d\x14", 5)[0] = 0x04;
}

static void what_is_signed_is_as_rfc_5280_has_it(void)
{
	static void (*const edits[])(struct bytes *) = {
		version_3, other_algorithm, issuer_is_no_sequence, bad_time,
		bad_next_time, negative_serial, entry_without_date,
		entry_with_other_end, extensions_of_another_tag, empty_oid,
	};
	struct forge_crl spec = honest();
	struct crl crl;
	size_t i;

	spec.revoked[0] = 0x55;
	spec.count = 1;
	for (i = 0; i < FORGE_COUNT(edits); i++) {
		spec.edit = edits[i];
		if (!CHECK_EQ(-EBADMSG, parse_forged(&spec, &crl)))
			printf("# of edit %zu\n", i);
	}
}

/* X.690 8.1.3.5: a length of three bytes */
static void put_long(uint8_t *to, uint8_t tag, size_t len)
{
	to[0] = tag;
	to[1] = 0x83;
	to[2] = (uint8_t)(len >> 16);
	to[3] = (uint8_t)(len >> 8);
	to[4] = (uint8_t)len;
}

/* Some thousand entries, spliced into a list that has none. */
static void a_list_may_be_long(void)
{
	static const uint8_t entry[] = {
		0x30, 0x13, 0x02, 0x02, 0x00, 0x00, 0x17, 0x0d, '2', '5', '0',
		'5', '0', '1', '0', '0', '0', '0', '0', '0', 'Z',
	};
	const size_t len = 5000 * sizeof(entry);
	struct forge_crl spec = honest();
	uint8_t *der = calloc(1, len + 8192), *p;
	size_t i, head, tbs, all;
	struct bytes small;
	struct crl crl;

	forge_crl(&small, &spec);
	/* 30 81 xx 30 81 xx, what is up to the next update, and the rest */
	CHECK(small.p[1] == 0x81 && small.p[4] == 0x81);
	head = (size_t)(find(&small, "250701000000Z", 13) + 13 - small.p) - 6;
	tbs = 5 + len + small.p[5];
	all = 5 + tbs + (small.len - 6 - small.p[5]);
	put_long(der, 0x30, all);
	put_long(der + 5, 0x30, tbs);
	memcpy(der + 10, small.p + 6, head);
	put_long(der + 10 + head, 0x30, len);
	p = der + 15 + head;
	for (i = 0; i < 5000; i++, p += sizeof(entry)) {
		memcpy(p, entry, sizeof(entry));
		p[4] = (uint8_t)(1 + i / 256);
		p[5] = (uint8_t)i;
	}
	memcpy(p, small.p + 6 + head, small.len - 6 - head);
	if (CHECK_EQ(0, crl_parse(der, 5 + all, &crl, NULL))) {
		CHECK(crl_has(&crl, &(struct tsm_blob){ p - 17, 2 }));
		CHECK_EQ(len, crl.revoked.len);
		p[-17] = 0x7f;
		CHECK(has(&crl, 1) == false);
	}
	free(der);
}

static const struct tap_test tests[] = {
	{ "a list is decoded", a_list_is_decoded },
	{ "serial numbers are found", serial_numbers_are_found },
	{ "a next update may be missing", a_next_update_may_be_missing },
	{ "version 1 has no extensions", version_1_has_no_extensions },
	{ "a delta is told", a_delta_is_told },
	{ "a certificate is no list", a_certificate_is_no_list },
	{ "what is cut short or followed is refused",
	  what_is_cut_short_or_followed_is_refused },
	{ "lengths that overflow stay inside",
	  lengths_that_overflow_stay_inside },
	{ "what is signed is as RFC 5280 has it",
	  what_is_signed_is_as_rfc_5280_has_it },
	{ "a list may be long", a_list_may_be_long },
};

TAP_MAIN(tests)
