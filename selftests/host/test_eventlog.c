// SPDX-License-Identifier: MIT
/* Event logs built here: which are read, which are refused and why. */
#include "../../tools/lib/tsm_eventlog.h"

#include "log_build.h"
#include "tap.h"

#include <errno.h>
#include <stdio.h>

static struct bytes raw;

/* Records up to the end, or what was wrong. */
static int walk(const void *data, size_t len, struct tsm_log *l,
		struct tsm_error *err)
{
	struct tsm_log_record record;
	uint8_t *copy = exact_copy(data, len);
	int ret, count = 0;

	err->text[0] = '\0';
	ret = tsm_log_open(l, copy, len, err);
	if (!ret) {
		while ((ret = tsm_log_next(l, &record, err)) > 0)
			count++;
	}
	free(copy);
	return ret ? ret : count;
}

static int count(struct tsm_error *err)
{
	struct tsm_log l;

	return walk(raw.p, raw.len, &l, err);
}

static void three_records(void)
{
	raw.len = 0;
	log_head(&raw);
	log_text(&raw, 1, EV_EFI_ACTION, "one");
	log_text(&raw, 2, EV_EFI_ACTION, "two");
	log_text(&raw, 4, EV_COMPACT_HASH, "");
}

static void refused(int ret, const char *why)
{
	struct tsm_error err;
	int got = count(&err);

	CHECK_EQ(ret, got);
	if (!CHECK(strstr(err.text, why)))
		printf("# %s\n", err.text);
}

static void every_field_is_read(void)
{
	struct tsm_log_record r;
	struct tsm_log l;
	uint8_t digest[48];

	three_records();
	CHECK_EQ(0, tsm_log_open(&l, raw.p, raw.len, NULL));
	CHECK_EQ(1, l.spec.algs);
	CHECK_EQ(2, l.spec.major);
	CHECK_EQ(2, l.spec.uintn_size);
	CHECK_EQ(1, tsm_log_next(&l, &r, NULL));
	CHECK(r.is_spec_id && r.number == 0 && r.offset == 0);
	CHECK_EQ(65, r.bytes.len);
	CHECK_EQ(1, tsm_log_next(&l, &r, NULL));
	CHECK(!r.is_spec_id && r.number == 1 && r.offset == 65);
	CHECK_EQ(1, r.mr_index);
	CHECK_EQ(EV_EFI_ACTION, r.type);
	CHECK_EQ(1, r.digests);
	CHECK_EQ(SHA384_ID, r.digest[0].alg);
	SHA384((const uint8_t *)"one", 3, digest);
	CHECK(r.sha384 && !memcmp(r.sha384, digest, 48));
	CHECK(r.event.len == 3 && !memcmp(r.event.data, "one", 3));
	CHECK_EQ(66 + 3, r.bytes.len);
	CHECK_EQ(1, tsm_log_next(&l, &r, NULL));
	CHECK_EQ(2, r.mr_index);
	CHECK_EQ(1, tsm_log_next(&l, &r, NULL));
	CHECK_EQ(0, r.event.len);
	CHECK_EQ(0, tsm_log_next(&l, &r, NULL));
	CHECK_EQ(0, tsm_log_next(&l, &r, NULL));
	CHECK_EQ(TSM_LOG_END_OF_BYTES, l.end);
	CHECK_EQ(raw.len, l.pos);
}

/*
 * Where a record ends, a log may; and up to 4 bytes of the next are its register,
 * which could be fill if they are 0. None here is.
 */
static void cut_at_every_byte(void)
{
	const size_t whole[] = { 65, 65 + 69, 65 + 2 * 69, 65 + 2 * 69 + 66 };
	struct tsm_error err;
	struct tsm_log l;
	size_t len, records = 0;
	int ret;

	three_records();
	for (len = 0; len <= raw.len; len++) {
		ret = walk(raw.p, len, &l, &err);
		if (len == whole[records]) {
			CHECK_EQ(records + 1, ret);
			records++;
			continue;
		}
		if (!CHECK(ret < 0 && err.text[0]))
			printf("# cut at %zu: %d\n", len, ret);
		CHECK_EQ(len <= 4 ? -ENODATA :
			 len < 48 ? -EPROTONOSUPPORT : -EBADMSG, ret);
	}
	CHECK_EQ(4, records);
}

static void errors_name_record_and_offset(void)
{
	three_records();
	raw.len -= 3;
	refused(-EBADMSG, "record 3 at offset 203: cut short: the size of its event data needs 4 bytes, 1 are left");
	three_records();
	poke32(&raw, 65 + 62, 4000);
	refused(-EBADMSG, "record 1 at offset 65: cut short: its event data needs 4000 bytes, 138 are left");
	poke32(&raw, 65 + 62, 0xffffffff);
	refused(-EBADMSG, "record 1 at offset 65");
}

static void counts_of_digests(void)
{
	static const uint32_t counts[] = { 2, 3, 16, 17, 0x10000, 0x7fffffff,
					   0xffffffff };
	struct tsm_error err;
	size_t i;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		three_records();
		poke32(&raw, 65 + 8, counts[i]);
		refused(-EBADMSG, "record 1 at offset 65");
		count(&err);
		CHECK(strstr(err.text, "digests, but the header names 1 algorithms"));
	}
	/* none is well-formed, and then the next bytes are a size */
	raw.len = 0;
	log_head(&raw);
	put32(&raw, 1);
	put32(&raw, EV_ACTION);
	put32(&raw, 0);
	put32(&raw, 0);
	CHECK_EQ(2, count(&err));
}

static void algorithms_of_digests(void)
{
	three_records();
	raw.p[65 + 12] = SHA256_ID;
	refused(-EBADMSG, "record 1 at offset 65: a digest of algorithm 0x000b, which the header does not name");
}

static void several_algorithms(void)
{
	static const uint16_t algs[] = { SHA1_ID, 20, 0x7777, 5, SHA384_ID, 48,
					 SM3_ID, 32 };
	struct tsm_log_record r;
	struct tsm_error err;
	struct tsm_log l;

	raw.len = 0;
	log_spec(&raw, 4, algs);
	put32(&raw, 1);
	put32(&raw, EV_ACTION);
	put32(&raw, 3);
	put16(&raw, 0x7777);
	fill(&raw, 7, 5);
	put16(&raw, SHA384_ID);
	fill(&raw, 8, 48);
	put16(&raw, SHA1_ID);
	fill(&raw, 9, 20);
	put32(&raw, 2);
	put(&raw, "ab", 2);
	CHECK_EQ(2, count(&err));
	CHECK_EQ(0, tsm_log_open(&l, raw.p, raw.len, NULL));
	CHECK_EQ(1, tsm_log_next(&l, &r, NULL));
	CHECK_EQ(1, tsm_log_next(&l, &r, NULL));
	CHECK_EQ(3, r.digests);
	CHECK(r.digest[0].alg == 0x7777 && r.digest[0].value.len == 5);
	CHECK(r.sha384 && r.sha384[0] == 8 && r.sha384[47] == 8);
	CHECK(r.digest[2].value.len == 20 && r.digest[2].value.data[0] == 9);
	CHECK(r.event.len == 2);
}

static void twice_the_same_algorithm(void)
{
	raw.len = 0;
	log_spec(&raw, 2, (const uint16_t[]){ SHA384_ID, 48, SHA1_ID, 20 });
	put32(&raw, 1);
	put32(&raw, EV_ACTION);
	put32(&raw, 2);
	put16(&raw, SHA384_ID);
	fill(&raw, 8, 48);
	put16(&raw, SHA384_ID);
	fill(&raw, 9, 48);
	put32(&raw, 0);
	refused(-EBADMSG, "record 1 at offset 69: two digests of algorithm 0x000c");
}

/* Spec ID event: ids and sizes in turn, and whether that is a header. */
static const struct {
	uint32_t count;
	uint16_t algs[34];
	bool ok;
} specs[] = {
	{ 1, { SHA384_ID, 48 }, true },
	{ 1, { SHA256_ID, 32 }, true },
	{ 1, { 0x1234, 65535 }, true },
	{ 1, { 0x1234, 0 }, false },
	{ 1, { SHA384_ID, 47 }, false },
	{ 1, { SHA384_ID, 0 }, false },
	{ 2, { SHA384_ID, 48, SHA384_ID, 48 }, false },
	{ 2, { SHA384_ID, 48, 0x1234, 1 }, true },
	{ 0, { 0 }, false },
	{ 16, { 1, 1, 2, 1, 3, 1, 5, 1, 6, 1, 7, 1, 8, 1, 9, 1, 20, 1, 21, 1,
		22, 1, 23, 1, 24, 1, 25, 1, 26, 1, 27, 1 }, true },
	{ 17, { 1, 1, 2, 1, 3, 1, 5, 1, 6, 1, 7, 1, 8, 1, 9, 1, 20, 1, 21, 1,
		22, 1, 23, 1, 24, 1, 25, 1, 26, 1, 27, 1, 28, 1 }, false },
};

static void headers(void)
{
	struct tsm_error err;
	size_t i;

	for (i = 0; i < sizeof(specs) / sizeof(specs[0]); i++) {
		raw.len = 0;
		log_spec(&raw, specs[i].count, specs[i].algs);
		if (!CHECK_EQ(specs[i].ok ? 1 : -EBADMSG, count(&err)))
			printf("# header %zu: %s\n", i, err.text);
	}
	/* a count that the event has no room for, and one that wraps */
	raw.len = 0;
	log_head(&raw);
	poke32(&raw, 56, 2);
	refused(-EBADMSG, "malformed Spec ID event");
	poke32(&raw, 56, 0x40000001);
	refused(-EBADMSG, "malformed Spec ID event");
	/* vendor bytes: as many as there are, one more, one less */
	raw.len = 0;
	log_head(&raw);
	raw.p[64] = 3;
	refused(-EBADMSG, "malformed Spec ID event");
	put(&raw, "abc", 3);
	poke32(&raw, 28, 36);
	CHECK_EQ(1, count(&err));
	raw.p[64] = 2;
	refused(-EBADMSG, "malformed Spec ID event");
	raw.p[64] = 255;
	refused(-EBADMSG, "malformed Spec ID event");
}

static void what_is_no_log(void)
{
	struct tsm_error err;
	struct tsm_log l;
	size_t len;

	CHECK_EQ(-ENODATA, tsm_log_open(&l, NULL, 0, &err));
	CHECK(strstr(err.text, "empty: 0 bytes"));
	for (len = 1; len < 70; len++) {
		raw.len = 0;
		fill(&raw, 0xff, len);
		refused(-ENODATA, "are fill");
		raw.len = 0;
		fill(&raw, 0, len);
		refused(-ENODATA, "are fill");
	}
	raw.len = 0;
	fill(&raw, 'x', 200);
	refused(-EPROTONOSUPPORT, "do not begin with a Spec ID header");
	/* a log with SHA-1 alone; records without their header */
	three_records();
	raw.p[32 + 14] = '2';
	refused(-EPROTONOSUPPORT, "do not begin with a Spec ID header");
	CHECK(tsm_log_guess(raw.p, raw.len));
	three_records();
	memmove(raw.p, raw.p + 65, raw.len - 65);
	raw.len -= 65;
	refused(-EPROTONOSUPPORT, "do not begin with a Spec ID header");
	CHECK(!tsm_log_guess(raw.p, raw.len));
	for (len = 0; len < 48; len++)
		CHECK(!tsm_log_guess(raw.p, len));
}

static void end_marks(void)
{
	struct tsm_error err;
	struct tsm_log l;
	size_t whole, fills;

	for (fills = 1; fills < 100; fills++) {
		three_records();
		whole = raw.len;
		fill(&raw, 0xff, fills);
		CHECK_EQ(4, walk(raw.p, raw.len, &l, &err));
		CHECK_EQ(TSM_LOG_END_ONES, l.end);
		CHECK_EQ(whole, l.pos);
		raw.len = whole;
		fill(&raw, 0, fills);
		CHECK_EQ(4, walk(raw.p, raw.len, &l, &err));
		CHECK_EQ(TSM_LOG_END_ZEROS, l.end);
		CHECK_EQ(whole, l.pos);
	}
	/* three bytes 0xff and another are the number of a register */
	three_records();
	fill(&raw, 0xff, 3);
	fill(&raw, 0, 13);
	CHECK_EQ(5, walk(raw.p, raw.len, &l, &err));
	/* eleven bytes 0 and another are of a record, too */
	three_records();
	fill(&raw, 0, 11);
	fill(&raw, 1, 30);
	refused(-EBADMSG, "record 4");
}

static void bytes_behind_the_end_mark(void)
{
	struct tsm_log_record r;
	struct tsm_log l;

	three_records();
	CHECK_EQ(0, tsm_log_open(&l, raw.p, raw.len, NULL));
	while (tsm_log_next(&l, &r, NULL) > 0)
		;
	CHECK_EQ(0, tsm_log_hidden(&l));
	fill(&raw, 0xff, 20);
	put(&raw, "hidden", 6);
	fill(&raw, 0xff, 20);
	CHECK_EQ(0, tsm_log_open(&l, raw.p, raw.len, NULL));
	CHECK_EQ(0, tsm_log_hidden(&l));
	while (tsm_log_next(&l, &r, NULL) > 0)
		;
	CHECK_EQ(6, tsm_log_hidden(&l));
	three_records();
	fill(&raw, 0, 20);
	fill(&raw, 0xff, 20);
	CHECK_EQ(0, tsm_log_open(&l, raw.p, raw.len, NULL));
	while (tsm_log_next(&l, &r, NULL) > 0)
		;
	CHECK_EQ(20, tsm_log_hidden(&l));
}

/* cat of two logs: read as an event of the usual form, the rest would vanish */
static void a_header_in_the_middle(void)
{
	struct tsm_log_record r;
	struct tsm_error err;
	struct tsm_log l;
	int headers = 0, records = 0;

	three_records();
	log_spec(&raw, 2, (const uint16_t[]){ SHA384_ID, 48, SHA1_ID, 20 });
	log_text(&raw, 1, EV_EFI_ACTION, "three");
	CHECK_EQ(6, count(&err));
	CHECK_EQ(0, tsm_log_open(&l, raw.p, raw.len, NULL));
	while (tsm_log_next(&l, &r, NULL) > 0) {
		headers += r.is_spec_id;
		records++;
	}
	CHECK_EQ(2, headers);
	CHECK_EQ(6, records);
	CHECK_EQ(2, l.spec.algs);
	/* a malformed one is refused, not skipped */
	three_records();
	log_spec(&raw, 0, NULL);
	refused(-EBADMSG, "record 4 at offset 269: malformed Spec ID event");
}

static void a_failure_gives_nothing(void)
{
	struct tsm_log_record r;
	struct tsm_error err;
	struct tsm_log l;
	size_t i, set = 0;

	three_records();
	poke32(&raw, 65 + 8, 9);
	CHECK_EQ(0, tsm_log_open(&l, raw.p, raw.len, NULL));
	CHECK_EQ(1, tsm_log_next(&l, &r, NULL));
	for (i = 0; i < 3; i++)
		CHECK_EQ(-EBADMSG, tsm_log_next(&l, &r, &err));
	for (i = 0; i < sizeof(r); i++)
		set += ((const uint8_t *)&r)[i] != 0;
	CHECK_EQ(0, set);
	CHECK_EQ(-EBADMSG, tsm_log_next(&l, &r, NULL));
}

static void several_logs_are_one(void)
{
	static struct bytes other;
	struct tsm_log_part part[2] = { { .name = "first" },
					{ .name = "second" } };
	struct tsm_log_record r;
	struct tsm_error err;
	struct tsm_chain chain;
	unsigned int number = 0;

	three_records();
	fill(&raw, 0xff, 9);
	other.len = 0;
	log_head(&other);
	log_text(&other, 3, EV_ACTION, "four");
	part[0].bytes = (struct tsm_blob){ raw.p, raw.len };
	part[1].bytes = (struct tsm_blob){ other.p, other.len };
	tsm_chain_begin(&chain, part, 2);
	while (tsm_chain_next(&chain, &r, &err) > 0)
		CHECK_EQ(number++, r.number);
	CHECK_EQ(5, number);
	tsm_chain_begin(&chain, part, 2);
	for (number = 0; number < 5; number++)
		CHECK_EQ(1, tsm_chain_next(&chain, &r, &err));
	CHECK_EQ(1, r.part);
	CHECK_EQ(65, r.offset);
	CHECK_EQ(3, r.mr_index);
	CHECK_EQ(0, tsm_chain_next(&chain, &r, &err));
	CHECK_EQ(0, tsm_chain_next(&chain, &r, &err));
	/* errors tell which log */
	part[1].bytes.len--;
	tsm_chain_begin(&chain, part, 2);
	for (number = 0; number < 4; number++)
		CHECK_EQ(1, tsm_chain_next(&chain, &r, &err));
	CHECK_EQ(-EBADMSG, tsm_chain_next(&chain, &r, &err));
	CHECK(strstr(err.text, "second: record 1 at offset 65"));
	part[1].bytes.len = 0;
	tsm_chain_begin(&chain, part, 2);
	for (number = 0; number < 4; number++)
		CHECK_EQ(1, tsm_chain_next(&chain, &r, &err));
	CHECK_EQ(-ENODATA, tsm_chain_next(&chain, &r, &err));
	tsm_chain_begin(&chain, part, 0);
	CHECK_EQ(0, tsm_chain_next(&chain, &r, &err));
}

static const struct tap_test tests[] = {
	{ "every field of a record is read", every_field_is_read },
	{ "a log cut within a record is refused at every byte",
	  cut_at_every_byte },
	{ "errors name record, offset and value",
	  errors_name_record_and_offset },
	{ "a record has no more digests than the header has algorithms",
	  counts_of_digests },
	{ "a digest of an algorithm that the header lacks is refused",
	  algorithms_of_digests },
	{ "other algorithms are skipped by the size that the header gives",
	  several_algorithms },
	{ "a second digest of the same algorithm is refused",
	  twice_the_same_algorithm },
	{ "headers are well-formed or refused", headers },
	{ "what is no log, or an older one, is told so", what_is_no_log },
	{ "0xff and 0x00 to the end of the area end a log", end_marks },
	{ "bytes behind the end mark that are no fill are counted",
	  bytes_behind_the_end_mark },
	{ "a header in the middle hides nothing", a_header_in_the_middle },
	{ "a failure leaves an empty record and comes again",
	  a_failure_gives_nothing },
	{ "several logs are read as one", several_logs_are_one },
};

TAP_MAIN(tests)
