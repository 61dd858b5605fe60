// SPDX-License-Identifier: MIT
/*
 * Memory that runs out, and calls of OpenSSL that fail, on demand: the library
 * is linked with --wrap, OpenSSL and jansson are given allocators of ours.
 */
#include "fuzz.h"

#include <jansson.h>
#include <openssl/crypto.h>
#include <stdlib.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool armed, lasting;
static unsigned int seen, chosen, happened;

void fail_arm(unsigned int nth, bool all_after)
{
	seen = happened = 0;
	chosen = nth;
	lasting = all_after;
	armed = true;
}

unsigned int fail_disarm(void)
{
	armed = false;
	return seen;
}

bool fail_happened(void)
{
	return happened;
}

bool fail_now(void)
{
	if (!armed)
		return false;
	seen++;
	if (!chosen || (seen != chosen && !(lasting && seen > chosen)))
		return false;
	happened++;
	return true;
}

static void *no_memory(void)
{
	errno = ENOMEM;
	return NULL;
}

void *__wrap_malloc(size_t size)
{
	return fail_now() ? no_memory() : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fail_now() ? no_memory() : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fail_now() ? no_memory() : __real_realloc(old, size);
}

static void *ossl_malloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return malloc(size);
}

static void *ossl_realloc(void *old, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return realloc(old, size);
}

static void ossl_free(void *old, const char *file, int line)
{
	(void)file;
	(void)line;
	free(old);
}

/* Not by its address alone, which would be that of the real one. */
static void *json_malloc(size_t size)
{
	return malloc(size);
}

void fail_setup(void)
{
	if (!CRYPTO_set_mem_functions(ossl_malloc, ossl_realloc, ossl_free))
		abort();
	json_set_alloc_funcs(json_malloc, free);
}
