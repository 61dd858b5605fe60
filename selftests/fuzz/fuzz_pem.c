// SPDX-License-Identifier: MIT
/* Chains in evidence, and the files that people give: pem_chain_parse() and
 * cert_pool_add(). */
#include "../../tools/lib/chain.h"

#include "log_input.h"
#include "ossl_seen.h"

#include <openssl/pem.h>

#define CHAIN	4

static uint8_t der[8192];
static struct seen {
	struct x509 cert[CHAIN];
	uint64_t pool;
	size_t count;
	size_t certs;
	size_t crls;
	int ret;
	int chain;
} first, again;

static int look_at_pool(const struct tsm_blob *in, struct seen *s,
			struct tsm_error *err)
{
	struct cert_pool pool = { 0 };
	size_t added, i;

	s->pool = 0;
	s->ret = cert_pool_add(&pool, in->data, in->len, &added, err);
	ENSURE(added == pool.certs + pool.crls && (!s->ret || !added));
	for (i = 0; i < pool.certs; i++)
		mix(&s->pool, pool.cert[i]->der.data, pool.cert[i]->der.len);
	for (i = 0; i < pool.crls; i++)
		mix(&s->pool, pool.crl[i]->der.data, pool.crl[i]->der.len);
	s->certs = pool.certs;
	s->crls = pool.crls;
	/* a second time the pool has all of it twice, or is as it was */
	if (s->ret != -ENOMEM) {
		cert_pool_add(&pool, in->data, in->len, &added, NULL);
		ENSURE(pool.certs + pool.crls == s->certs + s->crls + added);
	}
	cert_pool_clear(&pool);
	ENSURE(fuzz_is_zero(&pool, sizeof(pool)));
	return s->ret;
}

static int look(const struct tsm_blob *in, void *result, struct tsm_error *err)
{
	struct seen *s = result;

	memset(s, 0, sizeof(*s));
	s->chain = pem_chain_parse(in->data, in->len, der, sizeof(der), s->cert,
				   CHAIN, &s->count, err);
	ENSURE(s->chain != -ENOMEM);
	ENSURE(!s->chain == !!s->count && s->count <= CHAIN);
	ENSURE(!s->chain || fuzz_is_zero(s->cert, sizeof(s->cert)));
	if (look_at_pool(in, s, err) == -ENOMEM) {
		memset(s, 0, sizeof(*s));
		return -ENOMEM;
	}
	return 0;
}

/* A chain that is taken is taken by OpenSSL, too, and as the same. */
static void same_as_openssl(const struct tsm_blob *in)
{
	BIO *bio = BIO_new_mem_buf(in->data, (int)in->len);
	char *name, *header;
	unsigned char *data;
	size_t i;
	long len;

	for (i = 0; i < first.count; i++) {
		ENSURE(PEM_read_bio(bio, &name, &header, &data, &len));
		ENSURE(!strcmp(name, "CERTIFICATE") && !*header);
		ENSURE(fuzz_same(data, (size_t)len, first.cert[i].der.data,
				 first.cert[i].der.len));
		OPENSSL_free(name);
		OPENSSL_free(header);
		OPENSSL_free(data);
	}
	ENSURE(!PEM_read_bio(bio, &name, &header, &data, &len));
	BIO_free(bio);
	ERR_clear_error();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tsm_blob in = fuzz_evidence(data, size);

	if (fuzz_all_ways(data, size, look, &first, &again, sizeof(first)))
		return 0;
	if (first.chain)
		return 0;
	/* what is strict enough for evidence is good enough as a file, unless
	 * NULs or a GUID make it something else */
	ENSURE(first.ret || first.certs == first.count || first.certs == 0);
	same_as_openssl(&in);
	return 0;
}
