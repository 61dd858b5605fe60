// SPDX-License-Identifier: MIT
/*
 * Every bit of real reports, and one of each byte of the certificates of their
 * chains and of a certificate table, is flipped: what was signed is rejected
 * then. Bytes that nothing covers are told below, with the reason; any other is
 * a failure. That every bit of a certificate counts test_chain_data.c has.
 *
 * There are 80000 judgements to make, by two threads that share a verifier. ECDSA
 * with P-384 takes most of the time.
 */
#include "../../tools/lib/chain.h"
#include "snp_real.h"

#include <pthread.h>

#define WORKERS		2

/* Signed part, R and S; what follows is reserved. */
#define SIGNED_END	0x330

/**
 * struct flips - all flips of some evidence
 * @v: judges
 * @report: of it
 * @certs: of it
 * @flip: the one of both in which bits are flipped
 * @all: bytes of it of which all bits are, one after another; of those that
 *	follow it is one bit, another in each byte
 * @accepted: for each byte the bits that made no difference
 * @next: byte to be flipped next
 * @lock: of @next
 */
struct flips {
	const struct tsm_verifier *v;
	struct tsm_blob report;
	struct tsm_blob certs;
	const struct tsm_blob *flip;
	size_t all;
	uint8_t *accepted;
	size_t next;
	pthread_mutex_t lock;
};

/* The next byte that nobody has taken yet, or false. */
static bool take_byte(struct flips *f, size_t *at)
{
	pthread_mutex_lock(&f->lock);
	*at = f->next++;
	pthread_mutex_unlock(&f->lock);
	return *at < f->flip->len;
}

/* @bytes: a copy of what is flipped */
static bool is_accepted(const struct flips *f, const uint8_t *bytes)
{
	const struct tsm_blob copy = { bytes, f->flip->len };
	const bool is_report = f->flip == &f->report;
	const struct tsm_blob *report = is_report ? &copy : &f->report;
	struct tsm_judgement j;

	if (tsm_verify(f->v, report->data, report->len,
		       is_report ? &f->certs : &copy, &j, NULL))
		abort();
	return j.judged != TSM_REJECTED;
}

static void *work(void *data)
{
	struct flips *f = data;
	uint8_t *bytes = exact_copy(f->flip->data, f->flip->len);
	size_t at, bit;

	while (take_byte(f, &at)) {
		for (bit = 0; bit < 8; bit++) {
			if (at >= f->all && bit != at % 8)
				continue;
			bytes[at] ^= (uint8_t)(1 << bit);
			if (is_accepted(f, bytes))
				f->accepted[at] |= (uint8_t)(1 << bit);
			bytes[at] ^= (uint8_t)(1 << bit);
		}
	}
	free(bytes);
	return NULL;
}

static void flip_all(struct flips *f)
{
	pthread_t worker[WORKERS];
	int i;

	/* the evidence itself is good */
	CHECK(is_accepted(f, f->flip->data));
	f->accepted = calloc(1, f->flip->len);
	f->next = 0;
	pthread_mutex_init(&f->lock, NULL);
	for (i = 0; i < WORKERS; i++) {
		if (!f->accepted || pthread_create(&worker[i], NULL, work, f))
			abort();
	}
	for (i = 0; i < WORKERS; i++)
		pthread_join(worker[i], NULL);
	pthread_mutex_destroy(&f->lock);
}

/**
 * struct uncovered - bytes that nothing covers
 * @from: first of them
 * @to: the one behind the last; 0 ends a list
 * @bits: that make no difference in each of them
 * @why: likewise
 */
struct uncovered {
	size_t from;
	size_t to;
	uint8_t bits;
	const char *why;
};

static const struct uncovered nothing[] = { { 0, 0, 0, "" } };

/* There must be no more of them, and no less. */
static void compare(struct flips *f, const struct uncovered *known,
		    const char *name)
{
	const struct uncovered *u;
	uint8_t want;
	size_t at;

	for (at = 0; at < f->flip->len; at++) {
		for (want = 0, u = known; u->to; u++) {
			if (at >= u->from && at < u->to)
				want = u->bits;
		}
		if (at >= f->all)
			want &= (uint8_t)(1 << at % 8);
		if (!CHECK_EQ(want, f->accepted[at]))
			printf("# %s: byte %zu\n", name, at);
	}
	free(f->accepted);
	f->accepted = NULL;
}

static struct tsm_verifier *verifier_of(const struct snp_real *real)
{
	struct tsm_verifier *v = verifier_at(noon(real->from) + days(1));

	tsm_verifier_set_flags(v, real->flags);
	return v;
}

static void reports_are_covered(void)
{
	const struct snp_real *real;
	struct tsm_verifier *v;
	size_t i;

	for (i = 0; i < SNP_REALS; i++) {
		struct flips f = { .all = SIGNED_END };

		real = &snp_real[i];
		if (!load_real(real->report, &f.report))
			return;
		f.v = v = verifier_of(real);
		f.flip = &f.report;
		if (give_real(v, real->leaf) &&
		    (!real->chain || give_real(v, real->chain))) {
			flip_all(&f);
			compare(&f, nothing, real->report);
		}
		tsm_verifier_free(v);
		unload(&f.report);
	}
}

/* The certificates of one report, leaf first, and all others of its pool. */
static void load_chain(const struct snp_real *real, struct cert_pool *pool)
{
	const char *const files[] = { real->leaf, real->chain };
	struct tsm_blob blob;
	size_t i, added;

	for (i = 0; i < 2; i++) {
		if (!files[i] || !load_real(files[i], &blob))
			continue;
		CHECK_EQ(0, cert_pool_add(pool, blob.data, blob.len, &added,
					  NULL));
		unload(&blob);
	}
}

static void flip_cert(const struct snp_real *real, const struct cert_pool *pool,
		      size_t number)
{
	struct flips f = { .all = 0 };
	struct tsm_verifier *v;
	size_t i;

	if (!load_real(real->report, &f.report))
		return;
	f.v = v = verifier_of(real);
	for (i = 0; i < pool->certs; i++) {
		if (i != number)
			give_certs(v, &pool->cert[i]->der);
	}
	f.certs = pool->cert[number]->der;
	f.flip = &f.certs;
	flip_all(&f);
	compare(&f, nothing, real->leaf);
	tsm_verifier_free(v);
	unload(&f.report);
}

/* Whether the chain of that number was met before. */
static bool is_known_chain(size_t number)
{
	const char *chain = snp_real[number].chain;
	size_t i;

	for (i = 0; chain && i < number; i++) {
		if (snp_real[i].chain && !strcmp(snp_real[i].chain, chain))
			return true;
	}
	return false;
}

static void certificates_are_covered(void)
{
	struct cert_pool pool;
	size_t i, n;

	for (i = 0; i < SNP_REALS; i++) {
		pool = (struct cert_pool){ .certs = 0 };
		load_chain(&snp_real[i], &pool);
		for (n = 0; n < pool.certs; n++) {
			if (!n || !is_known_chain(i))
				flip_cert(&snp_real[i], &pool, n);
		}
		cert_pool_clear(&pool);
	}
}

/* What a host gave: a list of three entries, and PEM. */
static const struct uncovered of_table[] = {
	{ 0, 16, 0xff, "GUID of the ARK: what an entry is for is not believed" },
	{ 20, 21, 0x0b, "its length: one newline less, or some dashes more" },
	{ 24, 40, 0xff, "GUID of the ASK" },
	{ 40, 41, 0x01, "its offset: from the newline before it" },
	{ 44, 45, 0x0b, "its length, likewise" },
	{ 48, 64, 0xff, "GUID of the VCEK" },
	{ 68, 69, 0x01, "its length: without the newline" },
	{ 88, 96, 0xff, "offset and length of the entry that ends the list" },
	{ 2372, 2373, 0xff, "newline at the end of the PEM of the ARK" },
	{ 4697, 4698, 0xff, "the same of the ASK" },
	{ 6576, 6577, 0xff, "the same of the VCEK" },
	{ 0, 0, 0, "" },
};

static void a_table_is_covered(void)
{
	const struct snp_real *real = &snp_real[4];
	struct flips f = { .all = 96 };
	const struct uncovered *u;
	struct tsm_verifier *v;

	if (!load_real(real->report, &f.report))
		return;
	f.v = v = verifier_of(real);
	if (load_real(real->leaf, &f.certs)) {
		f.flip = &f.certs;
		flip_all(&f);
		compare(&f, of_table, real->leaf);
		for (u = of_table; u->to; u++)
			printf("# bytes %zu to %zu, bits 0x%02x: %s\n", u->from,
			       u->to - 1, u->bits, u->why);
	}
	tsm_verifier_free(v);
	unload(&f.report);
	unload(&f.certs);
}

int main(void)
{
	static const struct tap_test tests[] = {
		{ "every bit of a report counts", reports_are_covered },
		{ "every byte of a certificate counts in a judgement",
		  certificates_are_covered },
		{ "of a table counts what certificates are made of",
		  a_table_is_covered },
	};

	return tap_run(tests, sizeof(tests) / sizeof(tests[0]));
}
