/* SPDX-License-Identifier: MIT */
/*
 * What the harnesses share: claims that must hold for any input, and failures
 * of memory and of OpenSSL at a place that the input chooses.
 *
 * An input is a knob of FUZZ_KNOB bytes, and then the evidence. The knob comes
 * first, so that AddressSanitizer sees the end of the evidence.
 */
#ifndef TSM_FUZZ_H
#define TSM_FUZZ_H

#include "../../tools/lib/tsm.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FUZZ_KNOB	2

/* libFuzzer calls these; the first is in judge.c. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a harness has to do before its first input, if anything. */
void fuzz_prepare(const char *program);

/* A claim that does not hold ends the program, and libFuzzer keeps the input. */
#define ENSURE(claim) \
	((claim) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #claim))

_Noreturn void fuzz_broken(const char *file, int line, const char *claim);

/* fail.c */

/* Before anything else uses OpenSSL or jansson. */
void fail_setup(void);

/* From here on failures are counted, and the @nth of them is one, counted from
 * 1; 0: none is. @lasting: all after it, too. */
void fail_arm(unsigned int nth, bool lasting);

/* Return: how many calls there were that could have failed. */
unsigned int fail_disarm(void);

/* Whether one did. */
bool fail_happened(void);

/* Asked by what can fail: whether it is to, this time. fail_ossl.c has what is not
 * memory. */
bool fail_now(void);

/* judge.c */

/**
 * fuzz_judge - one way to look at evidence
 * @in: the evidence
 * @result: all that came of it, without memory of its own
 * @err: as the library has it
 *
 * What it allocates is freed. The same evidence leads to the same bytes. It
 * checks what the claims of its functions are; those that are common to all are
 * checked by fuzz_all_ways().
 * Return: as the library: 0 or a negative errno.
 */
typedef int (*fuzz_judge)(const struct tsm_blob *in, void *result,
			  struct tsm_error *err);

/**
 * fuzz_all_ways() - judge with memory, once more, and some times without
 * @data: knob and evidence, @size bytes
 * @judge: is called five times
 * @a: result of the first call, @room bytes, zero if that failed
 * @b: as large
 *
 * Both calls without a failure must have the same result, and write all of it.
 * One with a failure has that result, too, or is -ENOMEM with a result of zeros.
 * After each, OpenSSL's error queue is empty, and an error is one line.
 * Return: what the first call gave; -ENODATA if there is not even a knob.
 */
int fuzz_all_ways(const uint8_t *data, size_t size, fuzz_judge judge, void *a,
		  void *b, size_t room);

/* Counts what came of an input, to be told in the end: with nothing accepted,
 * little was tried. */
void fuzz_tell(bool accepted);

/* The evidence behind the knob, for what is not judged in all ways. */
struct tsm_blob fuzz_evidence(const uint8_t *data, size_t size);

bool fuzz_is_zero(const void *data, size_t len);
/* Whether @blob is empty, or lies in @in. */
bool fuzz_inside(const struct tsm_blob *blob, const struct tsm_blob *in);
/* Whether both have the same bytes. */
bool fuzz_same(const void *a, size_t a_len, const void *b, size_t b_len);

#endif /* TSM_FUZZ_H */
