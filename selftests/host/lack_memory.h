/* SPDX-License-Identifier: MIT */
/*
 * Allocations of the library and of OpenSSL that fail when a test says so; to be
 * linked with malloc, calloc and realloc wrapped.
 */
#ifndef TSM_HOST_LACK_MEMORY_H
#define TSM_HOST_LACK_MEMORY_H

#include <openssl/crypto.h>
#include <stdbool.h>
#include <stdlib.h>

/* -1: none; else how many succeed before one does not, or all do not. */
static long until_failure = -1;
static bool all_fail;
static long calls;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool fails(void)
{
	calls++;
	if (until_failure < 0)
		return false;
	if (until_failure) {
		until_failure--;
		return false;
	}
	if (!all_fail)
		until_failure = -1;
	return true;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

static void *ossl_malloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return size ? __wrap_malloc(size) : NULL;
}

static void ossl_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

static void *ossl_realloc(void *old, size_t size, const char *file, int line)
{
	if (!old)
		return ossl_malloc(size, file, line);
	if (size)
		return __wrap_realloc(old, size);
	ossl_free(old, file, line);
	return NULL;
}

__attribute__((constructor)) static void take_over(void)
{
	if (!CRYPTO_set_mem_functions(ossl_malloc, ossl_realloc, ossl_free))
		abort();
}

#endif /* TSM_HOST_LACK_MEMORY_H */
