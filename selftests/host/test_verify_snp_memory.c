// SPDX-License-Identifier: MIT
/*
 * Memory runs out while a report is judged, at each allocation in turn, ours or
 * OpenSSL's: that is an error, and never a verdict on the report.
 */
#include "snp_forged.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/err.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool is_counting;
static bool all_that_follow;
static unsigned long seen, fail_at;

static bool is_refused(void)
{
	if (!is_counting)
		return false;
	seen++;
	return all_that_follow ? seen > fail_at : seen == fail_at + 1;
}

void *__wrap_malloc(size_t size)
{
	return is_refused() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return is_refused() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return is_refused() ? NULL : __real_realloc(old, size);
}

static void *ossl_malloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return __wrap_malloc(size);
}

static void *ossl_realloc(void *old, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return __wrap_realloc(old, size);
}

static void ossl_free(void *data, const char *file, int line)
{
	(void)file;
	(void)line;
	free(data);
}

/* Return: whether an allocation was refused. */
static bool judge_without(const struct tsm_verifier *v, unsigned long number)
{
	static const struct tsm_judgement zero;
	struct tsm_blob table = { m.table, m.table_len };
	struct tsm_error err = { "" };
	int ret;

	memset(&m.j, 0x5a, sizeof(m.j));
	seen = 0;
	fail_at = number;
	is_counting = true;
	ret = tsm_verify(v, m.out.p, m.out.len, &table, &m.j, &err);
	is_counting = false;
	CHECK_EQ(0, ERR_peek_error());
	if (!ret) {
		/* there are allocations that OpenSSL can do without */
		fails(&m.j, "");
		CHECK_EQ(TSM_ACCEPTED, m.j.judged);
		return seen > number;
	}
	CHECK_EQ(-ENOMEM, ret);
	CHECK(strstr(err.text, "out of memory"));
	CHECK(!memcmp(&zero, &m.j, sizeof(zero)));
	return true;
}

/* More than this there never are: the end is not found by it. */
#define MANY	20000

static void judge_without_each(void)
{
	struct tsm_verifier *v;
	unsigned long i;

	machine_make();
	m.crl = &m.pki.crl_der;
	v = machine_verifier();
	for (i = 0; i < MANY && judge_without(v, i); i++)
		;
	CHECK(i && i < MANY);
	printf("# %lu allocations\n", i);
	tsm_verifier_free(v);
}

static void each_kind(bool all)
{
	int i;

	all_that_follow = all;
	for (i = 0; i < 4; i++) {
		machine_begin("Genoa", 3, i & 1);
		m.is_pem = i & 2;
		judge_without_each();
	}
}

static void one_refused(void)
{
	each_kind(false);
}

static void all_refused(void)
{
	each_kind(true);
}

int main(void)
{
	static const struct tap_test tests[] = {
		{ "without one allocation there is an error, or the same verdict",
		  one_refused },
		{ "without all from one on there is an error", all_refused },
	};

	if (!CRYPTO_set_mem_functions(ossl_malloc, ossl_realloc, ossl_free))
		abort();
	return tap_run(tests, sizeof(tests) / sizeof(tests[0]));
}
