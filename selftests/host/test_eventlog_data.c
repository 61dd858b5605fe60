// SPDX-License-Identifier: MIT
/*
 * Logs of real machines, if they are there: TSM_DATA, or ../shared/data beside
 * the repository. Numbers come from its README and MANIFEST.tsv, and from a
 * parse of the trustee's, whose expected output is there.
 */
#include "../../tools/lib/tsm_replay.h"

#include "tap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TRUSTEE	"confidential-containers__trustee/deps/eventlog/test_data/"
#define GOOGLE	"google__go-tdx-guest/testing/testdata/ccel/"
#define GO_LOGS	"google__go-eventlog/testdata/eventlogs/ccel/"

/**
 * struct log - what a log must turn out to be
 * @file: below the data directory
 * @records: how many, without the header
 * @size: bytes up to the end mark
 * @end: what that is
 * @checked: records whose digest is of their data
 */
struct log {
	const char *file;
	unsigned int records;
	size_t size;
	enum tsm_log_end end;
	unsigned int checked;
};

static const struct log logs[] = {
	{ GOOGLE "ccel_data.dat", 43, 18101, TSM_LOG_END_ONES, 31 },
	{ TRUSTEE "CCEL_data_grub", 37, 15130, TSM_LOG_END_ONES, 19 },
	{ TRUSTEE "CCEL_data_ovmf", 20, 2120, TSM_LOG_END_ONES, 12 },
	{ GO_LOGS "CCEL_unpadded.data.bin", 19, 2026, TSM_LOG_END_OF_BYTES,
	  12 },
	{ GO_LOGS "cos-113-intel-tdx-dupe-separator.bin", 43, 18101,
	  TSM_LOG_END_ONES, 31 },
};

#define LOGS	(sizeof(logs) / sizeof(logs[0]))

/* False, and the test skipped, where there is no data. */
static bool load(const char *file, uint8_t **data, size_t *len)
{
	const char *dir = getenv("TSM_DATA");
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", dir ? dir : "", file);
	if (dir && !tsm_file_read(path, 1 << 20, data, len, NULL))
		return true;
	tap_skip("real logs are not here: set TSM_DATA");
	return false;
}

static void check_log(const struct log *want, const uint8_t *data, size_t len)
{
	unsigned int count = 0, ok = 0, wrong = 0;
	enum tsm_event_check check;
	struct tsm_log_record r;
	struct tsm_log l;
	char line[200];

	CHECK_EQ(0, tsm_log_open(&l, data, len, NULL));
	while (tsm_log_next(&l, &r, NULL) > 0) {
		CHECK(tsm_event_type_name(r.type) != NULL);
		CHECK_EQ(0, tsm_event_check(&r, &check));
		ok += check == TSM_EVENT_OK;
		wrong += check == TSM_EVENT_WRONG;
		tsm_event_describe(&r, line, sizeof(line));
		/* whatever is decoded does not begin with a number of bytes */
		CHECK(!strstr(line, " bytes ") || strstr(line, " at 0x") ||
		      strstr(line, "certificate of"));
		count++;
	}
	CHECK_EQ(want->records + 1, count);
	CHECK_EQ(want->size, l.pos);
	CHECK_EQ(want->end, l.end);
	CHECK_EQ(0, tsm_log_hidden(&l));
	CHECK_EQ(want->checked, ok);
	CHECK_EQ(0, wrong);
}

static void real_logs(void)
{
	uint8_t *data;
	size_t i, len;

	for (i = 0; i < LOGS; i++) {
		if (!load(logs[i].file, &data, &len))
			return;
		printf("# %s\n", logs[i].file);
		check_log(&logs[i], data, len);
		free(data);
	}
}

/* Which cuts are refused: all but those between records. */
static void real_logs_cut_anywhere(void)
{
	struct tsm_log_record r;
	uint8_t *data, *copy;
	struct tsm_log l;
	size_t i, len, cut, whole;
	int ret;

	for (i = 1; i < LOGS; i++) {
		if (!load(logs[i].file, &data, &len))
			return;
		for (cut = 0, whole = 0; cut < logs[i].size; cut++) {
			copy = malloc(cut ? cut : 1);
			memcpy(copy, data, cut);
			ret = tsm_log_open(&l, copy, cut, NULL);
			while (!ret && tsm_log_next(&l, &r, NULL) > 0)
				;
			whole += !ret && l.end == TSM_LOG_END_OF_BYTES;
			free(copy);
		}
		CHECK_EQ(logs[i].records, whole);
		free(data);
	}
}

/* The log and the quote of one machine, in one boot. */
static bool load_pair(uint8_t **data, struct tsm_log_part *part,
		      struct tsm_rtmrs *rtmrs)
{
	struct tsm_quote quote;
	uint8_t *bytes;
	size_t len;

	if (!load(GOOGLE "cos-113-tdx-quote.dat", &bytes, &len))
		return false;
	CHECK_EQ(0, tsm_quote_parse(bytes, len, &quote, NULL));
	memcpy(rtmrs, quote.body.td15.td10.rtmr, sizeof(*rtmrs));
	free(bytes);
	if (!load(GOOGLE "ccel_data.dat", data, &len))
		return false;
	*part = (struct tsm_log_part){ "log", { *data, len }, len };
	return true;
}

static void a_real_log_explains_its_quote(void)
{
	static const unsigned int extends[] = { 16, 7, 20, 0 };
	struct tsm_replay replay;
	struct tsm_log_part part;
	struct tsm_rtmrs rtmrs;
	uint8_t *data;
	size_t len;
	int i;

	if (!load_pair(&data, &part, &rtmrs))
		return;
	CHECK_EQ(0, tsm_replay_run(&part, 1, &rtmrs, &replay, NULL));
	for (i = 0; i < 4; i++) {
		CHECK_EQ(TSM_VERDICT_EQUAL,
			 tsm_replay_verdict(&replay.reg[i]));
		CHECK_EQ(extends[i], replay.reg[i].extends);
	}
	free(data);
	/* of another firmware, with its separator in another register */
	if (!load(GO_LOGS "cos-113-intel-tdx-dupe-separator.bin", &data, &len))
		return;
	part.bytes = (struct tsm_blob){ data, len };
	CHECK_EQ(0, tsm_replay_run(&part, 1, &rtmrs, &replay, NULL));
	CHECK_EQ(TSM_VERDICT_MISMATCH, tsm_replay_verdict(&replay.reg[0]));
	CHECK_EQ(TSM_VERDICT_MISMATCH, tsm_replay_verdict(&replay.reg[1]));
	CHECK_EQ(TSM_VERDICT_EQUAL, tsm_replay_verdict(&replay.reg[2]));
	free(data);
}

/* One bit of each digest and of all event data: which register notices? */
static void every_bit_of_a_real_log_counts(void)
{
	struct tsm_log_record r;
	struct tsm_log l;
	enum tsm_event_check check;
	struct tsm_replay replay;
	struct tsm_log_part part;
	struct tsm_rtmrs rtmrs;
	uint8_t *data, *byte;

	if (!load_pair(&data, &part, &rtmrs))
		return;
	CHECK_EQ(0, tsm_log_open(&l, data, part.bytes.len, NULL));
	CHECK_EQ(1, tsm_log_next(&l, &r, NULL));
	while (tsm_log_next(&l, &r, NULL) > 0) {
		byte = data + (r.sha384 - data) + r.number;
		*byte ^= 0x10;
		CHECK_EQ(0, tsm_replay_run(&part, 1, &rtmrs, &replay, NULL));
		CHECK_EQ(TSM_VERDICT_MISMATCH,
			 tsm_replay_verdict(&replay.reg[r.mr_index - 1]));
		CHECK_EQ(0, tsm_event_check(&r, &check));
		CHECK(check != TSM_EVENT_OK);
		*byte ^= 0x10;
		/* data are not what registers are made of */
		byte = data + (r.event.data - data) + r.event.len / 2;
		*byte ^= 0x10;
		CHECK_EQ(0, tsm_replay_run(&part, 1, &rtmrs, &replay, NULL));
		CHECK_EQ(TSM_VERDICT_EQUAL,
			 tsm_replay_verdict(&replay.reg[r.mr_index - 1]));
		CHECK_EQ(0, tsm_event_check(&r, &check));
		CHECK(check != TSM_EVENT_OK);
		*byte ^= 0x10;
	}
	free(data);
}

static void a_record_too_many_in_a_real_log(void)
{
	struct tsm_log_record r;
	struct tsm_replay replay;
	struct tsm_log_part part;
	struct tsm_rtmrs rtmrs;
	uint8_t *data, *more;
	unsigned int number;
	struct tsm_log l;

	if (!load_pair(&data, &part, &rtmrs))
		return;
	more = malloc(part.bytes.len);
	CHECK_EQ(0, tsm_log_open(&l, data, part.bytes.len, NULL));
	CHECK_EQ(1, tsm_log_next(&l, &r, NULL));
	while (tsm_log_next(&l, &r, NULL) > 0) {
		/* there twice; fill in the end makes room */
		memcpy(more, data, l.pos);
		memcpy(more + l.pos, r.bytes.data, r.bytes.len);
		memcpy(more + l.pos + r.bytes.len, data + l.pos,
		       part.bytes.len - l.pos - r.bytes.len);
		part.bytes.data = more;
		CHECK_EQ(0, tsm_replay_run(&part, 1, &rtmrs, &replay, NULL));
		CHECK_EQ(TSM_VERDICT_MISMATCH,
			 tsm_replay_verdict(&replay.reg[r.mr_index - 1]));
		CHECK_EQ(1, tsm_replay_without(&part, 1, r.mr_index - 1,
					       rtmrs.value[r.mr_index - 1],
					       &number));
		/* of the same digest one after the other, it is the first */
		CHECK_EQ(r.number == 20 ? 19 : r.number, number);
	}
	free(more);
	free(data);
}

static const struct tap_test tests[] = {
	{ "logs of five real machines are read and decoded to their end",
	  real_logs },
	{ "real logs cut within a record are refused",
	  real_logs_cut_anywhere },
	{ "a real log explains the quote of its machine",
	  a_real_log_explains_its_quote },
	{ "every record of a real log counts",
	  every_bit_of_a_real_log_counts },
	{ "a record that is twice in a real log is found",
	  a_record_too_many_in_a_real_log },
};

TAP_MAIN(tests)
