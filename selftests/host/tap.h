/* SPDX-License-Identifier: MIT */
/* Tests that are named as sentences and print TAP. */
#ifndef TSM_HOST_TAP_H
#define TSM_HOST_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/**
 * struct tap_test - one test
 * @sentence: what is true if it passes
 * @run: checks it
 */
struct tap_test {
	const char *sentence;
	void (*run)(void);
};

static bool tap_ok;
static const char *tap_reason;

#define CHECK(claim) \
	tap_check((claim), __FILE__, __LINE__, #claim)

#define CHECK_EQ(expected, actual) \
	tap_equal((long long)(expected), (long long)(actual), __FILE__, \
		  __LINE__, #actual)

static inline bool tap_check(bool claim, const char *file, int line,
			     const char *text)
{
	if (!claim) {
		tap_ok = false;
		printf("# %s:%d: not true: %s\n", file, line, text);
	}
	return claim;
}

static inline bool tap_equal(long long expected, long long actual,
			     const char *file, int line, const char *text)
{
	if (expected != actual) {
		tap_ok = false;
		printf("# %s:%d: %s is %lld, expected %lld\n", file, line,
		       text, actual, expected);
	}
	return expected == actual;
}

/* What is missing; the test must return at once. */
static inline void tap_skip(const char *reason)
{
	tap_reason = reason;
}

static inline int tap_run(const struct tap_test *tests, size_t count)
{
	bool all_ok = true;
	size_t i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n1..%zu\n", count);
	for (i = 0; i < count; i++) {
		tap_ok = true;
		tap_reason = NULL;
		tests[i].run();
		printf("%sok %zu - %s%s%s\n", tap_ok ? "" : "not ", i + 1,
		       tests[i].sentence, tap_reason ? " # SKIP " : "",
		       tap_reason ? tap_reason : "");
		all_ok &= tap_ok;
	}
	return all_ok ? 0 : 1;
}

#define TAP_MAIN(tests) \
	int main(void) \
	{ \
		return tap_run(tests, sizeof(tests) / sizeof((tests)[0])); \
	}

#endif /* TSM_HOST_TAP_H */
