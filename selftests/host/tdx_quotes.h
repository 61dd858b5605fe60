/* SPDX-License-Identifier: MIT */
/* TD quotes of real machines, when they were good, and how to have them judged. */
#ifndef TSM_HOST_TDX_QUOTES_H
#define TSM_HOST_TDX_QUOTES_H

#include "../../tools/lib/tsm.h"

#include "tap.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define DCAP_QVL	"Phala-Network__dcap-qvl/sample/"
#define TRUSTEE		"confidential-containers__trustee/deps/verifier/test_data/"
#define GOOGLE		"google__go-tdx-guest/"
#define GO_DATA		GOOGLE "testing/testdata/"
#define INTEL		"intel__SGX-TDX-DCAP-QuoteVerificationLibrary/" \
			"Src/AttestationApp/sampleData/tdx/"

/**
 * struct real_quote - a quote under Intel's own root
 * @file: below the directory of the data
 * @at: seconds since 1970 at which it was new
 * @is_debug: the TD was in debug mode
 * @trailing: bytes behind the signature data
 */
struct real_quote {
	const char *file;
	int64_t at;
	bool is_debug;
	size_t trailing;
};

static const struct real_quote real_quotes[] = {
	{ DCAP_QVL "tdx_quote", 1751328000, false, 70 },	/* 2025-07-01 */
	{ DCAP_QVL "tdx_quote_outdated", 1772323200, false, 0 }, /* 2026-03-01 */
	{ TRUSTEE "tdx_quote_4.dat", 1688169600, true, 0 },	/* 2023-07-01 */
	{ TRUSTEE "tdx_quote_5.dat", 1717200000, false, 0 },	/* 2024-06-01 */
	{ GO_DATA "ccel/cos-113-tdx-quote.dat", 1722470400, false, 3065 },
								/* 2024-08-01 */
	{ GO_DATA "quote_v5_sample.dat", 1771113600, false, 0 }, /* 2026-02-15 */
	{ GO_DATA "tdx_prod_quote_SPR_E4.dat", 1672531200, false, 39 },
								/* 2023-01-01 */
};

#define REAL_QUOTES	(sizeof(real_quotes) / sizeof(real_quotes[0]))

/**
 * struct loaded - bytes of a file, on the heap
 * @p: they
 * @len: how many
 */
struct loaded {
	uint8_t *p;
	size_t len;
};

static inline bool have_data(void)
{
	const char *dir = getenv("TSM_DATA");

	if (dir && *dir)
		return true;
	tap_skip("real evidence is not here: set TSM_DATA");
	return false;
}

static inline struct loaded load(const char *file)
{
	struct loaded loaded = { NULL, 0 };
	char path[512];
	FILE *f;
	long len;

	snprintf(path, sizeof(path), "%s/%s", getenv("TSM_DATA"), file);
	f = fopen(path, "rb");
	if (!f || fseek(f, 0, SEEK_END) || (len = ftell(f)) < 0) {
		printf("Bail out! %s cannot be read\n", path);
		exit(1);
	}
	rewind(f);
	/* no byte larger, so that AddressSanitizer sees its end */
	loaded.p = malloc(len ? (size_t)len : 1);
	if (!loaded.p || fread(loaded.p, 1, (size_t)len, f) != (size_t)len)
		abort();
	loaded.len = (size_t)len;
	fclose(f);
	return loaded;
}

static inline struct tsm_verifier *verifier_at(int64_t at, unsigned int flags)
{
	struct tsm_verifier *v;

	if (tsm_verifier_new(&v))
		abort();
	tsm_verifier_set_time(v, at);
	tsm_verifier_set_flags(v, flags);
	return v;
}

/* Zero if it could not be judged, which is TSM_REJECTED without any check. */
static inline void judge_bytes(const struct tsm_verifier *v, const void *data,
			       size_t len, struct tsm_judgement *j)
{
	struct tsm_error err;

	CHECK_EQ(0, tsm_verify(v, data, len, NULL, j, &err));
}

/* @add: tsm_verifier_add_certs() or one of its kind, which must find something. */
static inline void give(struct tsm_verifier *v, const char *file,
			int (*add)(struct tsm_verifier *verifier,
				   const void *data, size_t len, size_t *added,
				   struct tsm_error *err))
{
	struct loaded given = load(file);
	struct tsm_error err = { "" };
	size_t added;

	if (!CHECK_EQ(0, add(v, given.p, given.len, &added, &err)) ||
	    !CHECK(added))
		printf("# %s: %s\n", file, err.text);
	free(given.p);
}

static inline const struct tsm_check *check_of(const struct tsm_judgement *j,
					       const char *name)
{
	static const struct tsm_check none = { .name = "missing" };
	size_t i;

	for (i = 0; i < j->checks; i++) {
		if (!strcmp(j->check[i].name, name))
			return &j->check[i];
	}
	printf("# there is no check %s\n", name);
	CHECK(!"all checks are always listed");
	return &none;
}

static inline void show_judgement(const struct tsm_judgement *j)
{
	static const char *const names[] = { "skipped", "pass", "FAIL" };
	size_t i;

	for (i = 0; i < j->checks; i++)
		printf("#   %-20s %-7s %s\n", j->check[i].name,
		       names[j->check[i].verdict], j->check[i].reason);
}

/* Only the checks named, with spaces between, failed, and @part is in the reason
 * of the first of them. */
static inline void check_failed(const struct tsm_judgement *j,
				const char *names, const char *part)
{
	char failed[512] = "";
	const char *reason = "";
	size_t i;

	for (i = 0; i < j->checks; i++) {
		if (j->check[i].verdict != TSM_CHECK_FAIL)
			continue;
		if (*failed)
			strcat(failed, " ");
		else
			reason = j->check[i].reason;
		strcat(failed, j->check[i].name);
	}
	if (CHECK(!strcmp(failed, names) && strstr(reason, part)) &&
	    CHECK_EQ(*names != '\0', j->judged == TSM_REJECTED))
		return;
	printf("# failed: '%s', expected '%s' with '%s'\n", failed, names, part);
	show_judgement(j);
}

#endif /* TSM_HOST_TDX_QUOTES_H */
