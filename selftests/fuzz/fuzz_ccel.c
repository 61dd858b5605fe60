// SPDX-License-Identifier: MIT
/* Event logs: records, what is said of them, and what they lead to. */
#include "../../tools/lib/eventlog_efi.h"

#include "log_input.h"

static struct seen {
	struct tsm_replay replay;
	int error;
	uint64_t texts;
	size_t records;
	unsigned int without;
	int found;
	unsigned int ok, wrong;
} first, again;

_Static_assert(sizeof(struct seen) == sizeof(struct tsm_replay) + 36,
	       "no gaps, which would have no value");

/* Event data as what they may be in part, whatever their type says. */
static void look_at_data(const struct tsm_blob *event, struct seen *s)
{
	char text[64];

	tsm_efi_path_text(event, text, sizeof(text));
	ENSURE(strlen(text) < sizeof(text));
	mix(&s->texts, text, strlen(text));
	tsm_efi_wide_text(event, text, sizeof(text));
	ENSURE(strlen(text) < sizeof(text));
	if (event->len < 16)
		return;
	tsm_efi_guid_text(event->data, text);
	ENSURE(strlen(text) == 36);
}

/* Text and digest of a record. Return: 0 or -ENOMEM. */
static int look_at(const struct tsm_log_record *r, struct seen *s)
{
	struct tsm_log_state state;
	enum tsm_event_check check;
	char line[300], tiny[5];
	int ret;

	tsm_event_describe(r, line, sizeof(line));
	ENSURE(*line && strlen(line) < sizeof(line));
	tsm_event_describe(r, tiny, sizeof(tiny));
	ENSURE(strlen(tiny) < sizeof(tiny));
	mix(&s->texts, line, strlen(line) + 1);
	look_at_data(&r->event, s);
	ret = tsm_event_check(r, &check);
	ENSURE(!ret || (ret == -ENOMEM && check == TSM_EVENT_UNCHECKED));
	s->ok += check == TSM_EVENT_OK;
	s->wrong += check == TSM_EVENT_WRONG;
	if (tsm_log_state_parse(r, &state, NULL) > 0)
		ENSURE(state.values <= TSM_LOG_STATES_MAX);
	return ret;
}

/* Records are behind one another, and all of each is in the log. */
static void in_place(const struct tsm_log_record *r, const struct tsm_blob *log,
		     size_t at, size_t number)
{
	unsigned int i;

	ENSURE(r->offset == at && r->number == number);
	ENSURE(r->bytes.data == log->data + at && r->bytes.len >= 16);
	ENSURE(fuzz_inside(&r->bytes, log));
	ENSURE(fuzz_inside(&r->event, &r->bytes));
	ENSURE(r->digests <= TSM_LOG_ALGS_MAX);
	for (i = 0; i < r->digests; i++)
		ENSURE(fuzz_inside(&r->digest[i].value, &r->bytes));
	ENSURE(!r->sha384 || (r->sha384 >= r->bytes.data && r->sha384 + 48 <=
			      r->bytes.data + r->bytes.len));
}

static int walk(const struct tsm_blob *bytes, struct seen *s,
		struct tsm_error *err)
{
	struct tsm_log_record r;
	struct tsm_log log;
	size_t at = 0;
	int ret;

	ret = tsm_log_open(&log, bytes->data, bytes->len, err);
	if (ret)
		return ret;
	while ((ret = tsm_log_next(&log, &r, err)) > 0) {
		in_place(&r, bytes, at, s->records++);
		at += r.bytes.len;
		if (look_at(&r, s))
			return -ENOMEM;
	}
	ENSURE(at == log.pos && (ret < 0) == (log.end == TSM_LOG_GOES_ON));
	ENSURE(tsm_log_hidden(&log) <= bytes->len);
	return ret;
}

static int look(const struct tsm_blob *in, void *result, struct tsm_error *err)
{
	struct tsm_rtmrs rtmrs = { { { 0 } } };
	struct seen *s = result;
	struct log_input l;
	int ret, of_replay;

	log_input_read(in, &l);
	s->texts = s->records = s->ok = s->wrong = 0;
	s->without = 0;
	ret = walk(&l.whole, s, err);
	s->error = ret;
	of_replay = tsm_replay_run(l.part, l.parts, &rtmrs, &s->replay, err);
	ENSURE(!of_replay || fuzz_is_zero(&s->replay, sizeof(s->replay)));
	/* what cannot be read to its end cannot be replayed */
	ENSURE(of_replay || !ret || ret == -ENOMEM);
	s->found = tsm_replay_without(l.part, l.parts, in->len % 4,
				      rtmrs.value[0], &s->without);
	if (ret == -ENOMEM || of_replay == -ENOMEM || s->found == -ENOMEM) {
		strcpy(err->text, "out of memory");
		ret = of_replay = -ENOMEM;
	}
	if (of_replay)
		memset(s, 0, sizeof(*s));
	return of_replay;
}

/* Compared with the values that it leads to, a log explains them. */
static void explained(const struct tsm_blob *in)
{
	static struct tsm_replay replay;
	struct tsm_rtmrs rtmrs;
	enum tsm_verdict verdict;
	struct log_input l;
	unsigned int i;

	log_input_read(in, &l);
	for (i = 0; i < TSM_RTMRS; i++)
		memcpy(rtmrs.value[i], first.replay.reg[i].value, TSM_RTMR_SIZE);
	ENSURE(!tsm_replay_run(l.part, l.parts, &rtmrs, &replay, NULL));
	for (i = 0; i < TSM_RTMRS; i++) {
		verdict = tsm_replay_verdict(&replay.reg[i]);
		ENSURE(!memcmp(replay.reg[i].value, rtmrs.value[i], 48));
		ENSURE(verdict != TSM_VERDICT_MISMATCH);
		ENSURE((verdict == TSM_VERDICT_GAP) == !!replay.reg[i].gaps);
	}
	/* any other value is not explained, unless parts lead to it */
	rtmrs.value[0][0] ^= 1;
	ENSURE(!tsm_replay_run(l.part, l.parts, &rtmrs, &replay, NULL));
	ENSURE(!replay.reg[0].matches || replay.reg[0].is_seen);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tsm_blob in = fuzz_evidence(data, size);
	struct tsm_ccel ccel;

	tsm_log_guess(in.data, in.len);
	if (tsm_ccel_parse(in.data, in.len, &ccel, NULL))
		ENSURE(fuzz_is_zero(&ccel, sizeof(ccel)));
	if (!fuzz_all_ways(data, size, look, &first, &again, sizeof(first)))
		explained(&in);
	return 0;
}
