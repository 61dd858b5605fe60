// SPDX-License-Identifier: MIT
/* tools/lib/x509_pool.c without memory: nothing is half in a pool. */
#include "../../tools/lib/chain.h"
#include "forge.h"
#include "tap.h"

#include <errno.h>

/* How many allocations succeed before each fails; below 0 for any number */
static long left = -1;
static bool was_refused;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool may_allocate(void)
{
	if (!left) {
		was_refused = true;
		return false;
	}
	left -= left > 0;
	return true;
}

void *__wrap_malloc(size_t size)
{
	return may_allocate() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
	return may_allocate() ? __real_calloc(count, size) : NULL;
}

void *__wrap_realloc(void *old, size_t size)
{
	return may_allocate() ? __real_realloc(old, size) : NULL;
}

/* Adds to a pool that has something, with less memory than it takes each time. */
static void starve(const struct bytes *b, const struct bytes *first)
{
	struct cert_pool pool = { .certs = 0 };
	size_t added, certs, crls;
	struct tsm_error err;
	long n;
	int ret;

	CHECK_EQ(0, cert_pool_add(&pool, first->p, first->len, &added, NULL));
	certs = pool.certs;
	crls = pool.crls;
	for (n = 0; n < 100; n++) {
		was_refused = false;
		left = n;
		ret = cert_pool_add(&pool, b->p, b->len, &added, &err);
		left = -1;
		if (!was_refused)
			break;
		CHECK_EQ(-ENOMEM, ret);
		CHECK_EQ(0, added);
		CHECK(pool.certs == certs && pool.crls == crls);
	}
	CHECK_EQ(0, ret);
	CHECK(added);
	CHECK(n > 1);
	cert_pool_clear(&pool);
}

static struct forge_intel pki;

static void a_pool_is_as_before_without_memory(void)
{
	struct bytes text = { .len = 0 };

	forge_intel_init(&pki);
	forge_intel_make(&pki);
	starve(&pki.leaf_der, &pki.root_der);
	starve(&pki.ca_crl_der, &pki.root_crl_der);
	forge_pem(&text, "CERTIFICATE", &pki.leaf_der);
	forge_pem(&text, "X509 CRL", &pki.ca_crl_der);
	forge_pem(&text, "CERTIFICATE", &pki.ca_der);
	starve(&text, &pki.root_der);
}

static void hex_and_tables_need_memory_too(void)
{
	static struct forge_amd amd;
	struct bytes b = { .len = 0 };
	char digits[4];
	size_t i;

	for (i = 0; i < pki.ca_crl_der.len; i++) {
		snprintf(digits, sizeof(digits), "%02x", pki.ca_crl_der.p[i]);
		put(&b, digits, 2);
	}
	starve(&b, &pki.root_der);
	forge_amd_init(&amd, "Milan");
	forge_amd_make(&amd);
	forge_table(&b, &amd, false, true);
	starve(&b, &pki.root_der);
	forge_table(&b, &amd, true, false);
	starve(&b, &pki.root_der);
}

static const struct tap_test tests[] = {
	{ "a pool is as before without memory",
	  a_pool_is_as_before_without_memory },
	{ "hex and tables need memory, too", hex_and_tables_need_memory_too },
};

TAP_MAIN(tests)
