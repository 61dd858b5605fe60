// SPDX-License-Identifier: MIT
/* Judges the same evidence in several ways, and compares what came of it. */
#include "fuzz.h"

#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>

/* The knob: which failure, and whether all after it, too. */
#define KNOB_LASTING	0x8000u

/* So many are tried for each input, far from each other. */
#define FAILURES	3

__attribute__((weak)) void fuzz_prepare(const char *program)
{
	(void)program;
}

static unsigned long told, accepted_ones;

static void tell(void)
{
	if (told)
		fprintf(stderr, "told: %lu accepted, %lu rejected\n",
			accepted_ones, told - accepted_ones);
}

void fuzz_tell(bool accepted)
{
	told++;
	accepted_ones += accepted;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	fail_setup();
	atexit(tell);
	fuzz_prepare((*argv)[0]);
	return 0;
}

_Noreturn void fuzz_broken(const char *file, int line, const char *claim)
{
	fail_disarm();
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, claim);
	abort();
}

bool fuzz_is_zero(const void *data, size_t len)
{
	const uint8_t *p = data;

	/* by each byte's being the one before it: a loop would be traced */
	return !len || (!*p && !memcmp(p, p + 1, len - 1));
}

bool fuzz_inside(const struct tsm_blob *blob, const struct tsm_blob *in)
{
	return !blob->len ||
	       (blob->data >= in->data && blob->len <= in->len &&
		(size_t)(blob->data - in->data) <= in->len - blob->len);
}

bool fuzz_same(const void *a, size_t a_len, const void *b, size_t b_len)
{
	return a_len == b_len && (!a_len || !memcmp(a, b, a_len));
}

struct tsm_blob fuzz_evidence(const uint8_t *data, size_t size)
{
	if (size < FUZZ_KNOB)
		return (struct tsm_blob){ NULL, 0 };
	return (struct tsm_blob){ data + FUZZ_KNOB, size - FUZZ_KNOB };
}

/* One line that says something, of what can be printed. */
static bool is_line(const struct tsm_error *err)
{
	const char *end = memchr(err->text, '\0', sizeof(err->text)), *p;

	for (p = err->text; end && p < end; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
	}
	return end && end != err->text;
}

/* An error left behind would be found by whoever asks OpenSSL next. */
static void queue_is_empty(void)
{
	const unsigned long code = ERR_peek_error();
	char text[256];

	if (!code)
		return;
	ERR_error_string_n(code, text, sizeof(text));
	fprintf(stderr, "left behind: %s\n", text);
	ENSURE(!code);
}

/* Where two results differ, for whoever has to find out why. */
static void same_result(const uint8_t *a, const uint8_t *b, size_t room,
			int first, int again)
{
	size_t at = 0;

	if (first == again && !memcmp(a, b, room))
		return;
	while (at < room && a[at] == b[at])
		at++;
	fprintf(stderr, "%d, then %d; results differ at byte %zu of %zu\n",
		first, again, at, room);
	fuzz_broken(__FILE__, __LINE__, "the same result");
}

/* @fill: what the result is before, so that what is never written shows */
static int judge_once(fuzz_judge judge, const struct tsm_blob *in,
		      uint8_t fill, void *result, size_t room)
{
	struct tsm_error err = { "" };
	int ret;

	memset(result, fill, room);
	ret = judge(in, result, &err);
	/* the harness asks OpenSSL things of its own, which must not fail */
	fail_disarm();
	queue_is_empty();
	ENSURE(ret <= 0);
	ENSURE(!ret || is_line(&err));
	ENSURE(!ret || fuzz_is_zero(result, room));
	return ret;
}

/* With failure @nth: the same, or no memory. */
static void judge_failing(fuzz_judge judge, const struct tsm_blob *in,
			  unsigned int nth, bool lasting, int first,
			  const uint8_t *a, uint8_t *b, size_t room)
{
	int again;

	fail_arm(nth, lasting);
	again = judge_once(judge, in, 0x55, b, room);
	if (again != -ENOMEM)
		same_result(a, b, room, first, again);
	else
		ENSURE(fail_happened());
}

int fuzz_all_ways(const uint8_t *data, size_t size, fuzz_judge judge, void *a,
		  void *b, size_t room)
{
	const struct tsm_blob in = fuzz_evidence(data, size);
	unsigned int count, knob, i;
	int first, again;

	if (size < FUZZ_KNOB)
		return -ENODATA;
	knob = data[0] | (unsigned int)data[1] << 8;
	fail_arm(0, false);
	first = judge_once(judge, &in, 0x11, a, room);
	count = fail_disarm();
	ENSURE(first != -ENOMEM);
	again = judge_once(judge, &in, 0xee, b, room);
	same_result(a, b, room, first, again);
	for (i = 0; i < FAILURES && i < count; i++)
		judge_failing(judge, &in,
			      1 + ((knob & ~KNOB_LASTING) +
				   i * (count / FAILURES + 1)) % count,
			      !(knob & KNOB_LASTING) != !(i & 1), first, a, b,
			      room);
	return first;
}
