// SPDX-License-Identifier: MIT
/* tools/lib/ossl_verify.c and ossl_pss.c without memory, and in threads. */
#include "crypto_signed.h"
#include "tap.h"

#include <errno.h>
#include <openssl/err.h>
#include <pthread.h>

static const enum forge_kind curves[] = { FORGE_P256, FORGE_P384 };

static struct tsm_crypto *crypto;

static const struct tsm_crypto *get_crypto(void)
{
	if (!crypto && tsm_crypto_new(&crypto))
		abort();
	return crypto;
}

/* Allocations of OpenSSL that may still be made; below 0 for any number */
static long left = -1;
/* and after the first that may not, all others may again */
static bool only_once;
static unsigned long refused;

static bool may_allocate(void)
{
	if (!left) {
		refused++;
		left -= only_once;
		return false;
	}
	left -= left > 0;
	return true;
}

static void *try_malloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return may_allocate() ? malloc(size) : NULL;
}

static void *try_realloc(void *p, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return may_allocate() ? realloc(p, size) : NULL;
}

static void plain_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

/* Before OpenSSL allocates anything. */
__attribute__((constructor)) static void watch_memory(void)
{
	CRYPTO_set_mem_functions(try_malloc, try_realloc, plain_free);
}

/* Fails each allocation in turn, and all after it or none: what @run() then returns
 * may be @ret, the truth, or that there is no memory. */
static void starve_so(int (*run)(const void *), const void *arg, int ret)
{
	unsigned long misses = 0;
	long n;
	int got;

	for (n = 0; n < 10000; n++) {
		refused = 0;
		left = n;
		got = run(arg);
		left = -1;
		CHECK_EQ(0, ERR_peek_error());
		if (!refused)
			break;
		misses++;
		if (got != ret)
			CHECK_EQ(-ENOMEM, got);
	}
	CHECK_EQ(ret, got);
	CHECK(misses > 5);
}

static void starve(int (*run)(const void *), const void *arg, int ret)
{
	only_once = false;
	starve_so(run, arg, ret);
	only_once = true;
	starve_so(run, arg, ret);
}

static int run_ecdsa(const void *arg)
{
	const struct signed_message *m = arg;

	return tsm_crypto_ecdsa(crypto, m->key, m->point, message, 3,
				m->signature);
}

static int run_rsa(const void *arg)
{
	const struct rsa *rsa = arg;

	return tsm_crypto_signed_by(crypto, &rsa->key, &rsa->tbs,
				    X509_RSA_PSS_SHA384, NULL, &rsa->raw);
}

static int run_new(const void *arg)
{
	struct tsm_crypto *new;
	const int ret = tsm_crypto_new(&new);

	(void)arg;
	tsm_crypto_free(new);
	return ret;
}

static void missing_memory_is_no_verdict(void)
{
	struct signed_message m;
	struct rsa rsa;
	size_t i;

	get_crypto();
	for (i = 0; i < 2; i++) {
		sign(&m, curves[i]);
		starve(run_ecdsa, &m, 1);
		m.signature[5] ^= 1;
		starve(run_ecdsa, &m, 0);
		m.point[5] ^= 1;
		starve(run_ecdsa, &m, 0);
	}
	sign_rsa(&rsa, FORGE_RSA, FORGE_AS_KEY);
	starve(run_rsa, &rsa, 1);
	rsa.signature.p[100] ^= 1;
	starve(run_rsa, &rsa, 0);
	starve(run_new, NULL, 0);
}

static void *verify_often(void *arg)
{
	struct signed_message m[2];
	struct rsa rsa;
	size_t i, good = 0;

	memcpy(m, arg, sizeof(m));
	sign_rsa(&rsa, FORGE_RSA, FORGE_AS_KEY);
	for (i = 0; i < 200; i++)
		good += run_ecdsa(&m[i % 2]) == 1 && run_rsa(&rsa) == 1;
	return (void *)(uintptr_t)good;
}

static void threads_may_share_it(void)
{
	struct signed_message m[2];
	pthread_t thread[4];
	size_t i;
	void *good;

	get_crypto();
	sign(&m[0], FORGE_P256);
	sign(&m[1], FORGE_P384);
	forge_key(FORGE_RSA, 0);
	for (i = 0; i < FORGE_COUNT(thread); i++) {
		if (pthread_create(&thread[i], NULL, verify_often, m))
			abort();
	}
	for (i = 0; i < FORGE_COUNT(thread); i++) {
		pthread_join(thread[i], &good);
		CHECK_EQ(200, (uintptr_t)good);
	}
	tsm_crypto_free(crypto);
}

static const struct tap_test tests[] = {
	{ "missing memory is no verdict", missing_memory_is_no_verdict },
	{ "threads may share it", threads_may_share_it },
};

TAP_MAIN(tests)
