// SPDX-License-Identifier: MIT
/*
 * One judgement leaves nothing behind for the next: good and bad quotes are judged
 * in every order, by one verifier and by several threads at once, and each time
 * the judgement is, byte for byte, that of a process that judged nothing else.
 */
#include "forged_tdx.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAMPLES_MAX	24
#define THREADS		4

/**
 * struct sample - something to be judged
 * @p: it, @len bytes
 * @len: likewise
 * @alone: its judgement in a process of its own, shared with that
 */
struct sample {
	uint8_t *p;
	size_t len;
	struct tsm_judgement *alone;
};

static struct sample samples[SAMPLES_MAX];
static size_t count;
static struct forged *origin;

static void add_sample(const void *data, size_t len)
{
	struct sample *s = &samples[count++];

	if (count > SAMPLES_MAX)
		abort();
	s->p = exact_copy(data, len);
	s->len = len;
	s->alone = mmap(NULL, sizeof(*s->alone), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s->alone == MAP_FAILED)
		abort();
}

static void add_quote(const struct forge_quote *quote)
{
	struct bytes *b = calloc(1, sizeof(*b));

	forge_quote(b, quote);
	add_sample(b->p, b->len);
	free(b);
}

static void again(struct forge_quote *quote)
{
	forge_intel_init(&origin->pki);
	forge_intel_make(&origin->pki);
	forge_quote_init(quote, &origin->pki, 5, 3);
}

/* A chain in which a certificate deviates as @deviations say. */
static void add_leaf(unsigned int deviations, EVP_PKEY *key)
{
	struct forge_quote *quote = &origin->quote;

	again(quote);
	origin->pki.leaf.deviations = deviations;
	if (key)
		origin->pki.leaf.key = key;
	forged_pki_again(origin);
	if (key)
		quote->qe_signer = forge_key(FORGE_P256, 2);
	add_quote(quote);
}

static void add_forged(void)
{
	static const uint8_t zero[64], ones[64] = { [0 ... 63] = 0xff };
	struct forge_quote *quote = &origin->quote;

	add_quote(quote);
	quote->signature = zero;
	add_quote(quote);
	quote->signature = ones;
	add_quote(quote);
	again(quote);
	quote->qe_signature = ones;
	quote->bind = false;
	add_quote(quote);
	again(quote);
	quote->chain.p[100] ^= 1;
	add_quote(quote);
	quote->chain.p[100] ^= 0x80;
	add_quote(quote);
	quote->chain.len = 0;
	add_quote(quote);
	add_leaf(FORGE_OFF_CURVE, NULL);
	add_leaf(FORGE_EXTENSION_TWICE, NULL);
	add_leaf(FORGE_BAD_SIGNATURE, NULL);
	add_leaf(0, forge_key(FORGE_P521, 2));
	add_leaf(0, forge_key(FORGE_RSA, 2));
	again(quote);
}

static void add_real(void)
{
	struct loaded quote;
	size_t i;

	if (!getenv("TSM_DATA"))
		return;
	for (i = 0; i < REAL_QUOTES; i += 2) {
		quote = load(real_quotes[i].file);
		add_sample(quote.p, quote.len);
		free(quote.p);
	}
}

/* A process that has judged nothing before. */
static void judge_alone(struct sample *s)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		abort();
	if (!pid) {
		judge_bytes(origin->v, s->p, s->len, s->alone);
		fflush(stdout);
		_exit(tap_ok ? 0 : 1);
	}
	CHECK(waitpid(pid, &status, 0) == pid && !status);
}

static void open_samples(void)
{
	size_t i;

	origin = forged_new(5, 3);
	add_forged();
	add_real();
	add_sample("no evidence", 11);
	add_sample("", 0);
	for (i = 0; i < count; i++)
		judge_alone(&samples[i]);
	printf("# %zu samples\n", count);
}

static void some_are_good_and_some_are_not(void)
{
	size_t i, good = 0;

	open_samples();
	for (i = 0; i < count; i++)
		good += samples[i].alone->judged == TSM_ACCEPTED;
	CHECK(good && good < count);
}

static bool is_as_alone(const struct sample *s, const struct tsm_verifier *v)
{
	struct tsm_judgement j;

	/* whatever was there before must not show */
	memset(&j, 0x55, sizeof(j));
	return !tsm_verify(v, s->p, s->len, NULL, &j, NULL) &&
	       !memcmp(&j, s->alone, sizeof(j));
}

static void in_every_order(void)
{
	size_t i, n;

	for (i = 0; i < count; i++) {
		for (n = 0; n < count; n++) {
			CHECK(is_as_alone(&samples[i], origin->v));
			CHECK(is_as_alone(&samples[n], origin->v));
			CHECK_EQ(0, ERR_peek_error());
		}
	}
}

/* Errors of the caller are neither heard nor kept. */
static void with_errors_of_others_in_the_queue(void)
{
	size_t i;

	for (i = 0; i < count; i++) {
		ERR_raise(ERR_LIB_EC, ERR_R_MALLOC_FAILURE);
		CHECK(is_as_alone(&samples[i], origin->v));
		ERR_clear_error();
	}
}

static void *judge_all(void *data)
{
	const size_t first = *(const size_t *)data;
	size_t i, good = 0;

	for (i = 0; i < 8 * count; i++)
		good += is_as_alone(&samples[(first + i) % count], origin->v);
	return good == 8 * count && !ERR_peek_error() ? data : NULL;
}

static void by_several_threads(void)
{
	pthread_t threads[THREADS];
	size_t first[THREADS], i;
	void *result;

	for (i = 0; i < THREADS; i++) {
		first[i] = i * count / THREADS;
		if (pthread_create(&threads[i], NULL, judge_all, &first[i]))
			abort();
	}
	for (i = 0; i < THREADS; i++) {
		CHECK_EQ(0, pthread_join(threads[i], &result));
		CHECK(result == &first[i]);
	}
}

static void close_samples(void)
{
	size_t i;

	for (i = 0; i < count; i++) {
		munmap(samples[i].alone, sizeof(*samples[i].alone));
		free(samples[i].p);
	}
	forged_free(origin);
	CHECK(count);
}

static const struct tap_test tests[] = {
	{ "some samples are accepted, and some are not",
	  some_are_good_and_some_are_not },
	{ "judged one after the other, in every order, they are as alone",
	  in_every_order },
	{ "errors of others change nothing",
	  with_errors_of_others_in_the_queue },
	{ "judged by several threads at once they are as alone",
	  by_several_threads },
	{ "and they can be let go", close_samples },
};

TAP_MAIN(tests)
