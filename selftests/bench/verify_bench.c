// SPDX-License-Identifier: MIT
/*
 * Measures how many quotes the library judges in a second, against signatures that
 * OpenSSL verifies meanwhile; and what one run of tsmctl verify takes.
 */
#define _GNU_SOURCE
#include "../../tools/lib/tsm.h"
#include "../host/forge.h"

#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS		40
#define QUOTES		100	/* in a round, by each thread */
#define SIGNATURES	5	/* of a quote: its own, the QE's, three certificates */
#define THREADS		2

extern char **environ;

static void die(const char *what)
{
	fprintf(stderr, "verify_bench: %s\n", what);
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), by_value);
	return values[count / 2];
}

/* What all threads share: a verifier, a quote, a signature. */
static struct tsm_verifier *verifier;
static struct bytes quote;
static EVP_PKEY *key;
static uint8_t digest[32];
static uint8_t signature[80];
static size_t signature_len;

static void make_quote(struct bytes *root)
{
	static struct forge_intel pki;
	static struct forge_quote q;

	forge_intel_init(&pki);
	forge_intel_make(&pki);
	forge_quote_init(&q, &pki, 5, 3);
	forge_quote(&quote, &q);
	root->len = 0;
	forge_pem(root, "CERTIFICATE", &pki.root_der);
}

static void make_signature(void)
{
	EVP_PKEY_CTX *ctx;

	key = forge_key(FORGE_P256, 0);
	ctx = EVP_PKEY_CTX_new(key, NULL);
	signature_len = sizeof(signature);
	if (!ctx || EVP_PKEY_sign_init(ctx) <= 0 ||
	    EVP_PKEY_sign(ctx, signature, &signature_len, digest,
			  sizeof(digest)) <= 0)
		die("cannot sign");
	EVP_PKEY_CTX_free(ctx);
}

static void make_verifier(const struct bytes *root)
{
	struct tsm_error err = { "" };
	size_t added;

	if (tsm_verifier_new(&verifier) ||
	    tsm_verifier_add_roots(verifier, root->p, root->len, &added, &err))
		die(err.text);
	tsm_verifier_set_time(verifier, FORGE_NOW);
	tsm_verifier_set_flags(verifier, TSM_VERIFY_ALLOW_EMULATED);
}

static void *judge_quotes(void *unused)
{
	struct tsm_judgement *judgement = malloc(sizeof(*judgement));
	const struct tsm_blob none = { NULL, 0 };
	int i;

	(void)unused;
	for (i = 0; i < QUOTES; i++) {
		if (!judgement ||
		    tsm_verify(verifier, quote.p, quote.len, &none, judgement,
			       NULL) ||
		    judgement->judged != TSM_ACCEPTED)
			die("the quote was not accepted");
	}
	free(judgement);
	return NULL;
}

static void *verify_signatures(void *unused)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	int i;

	(void)unused;
	if (!ctx || EVP_PKEY_verify_init(ctx) <= 0)
		die("cannot verify");
	for (i = 0; i < QUOTES * SIGNATURES; i++) {
		if (EVP_PKEY_verify(ctx, signature, signature_len, digest,
				    sizeof(digest)) != 1)
			die("the signature was not right");
	}
	EVP_PKEY_CTX_free(ctx);
	return NULL;
}

/* Quotes, or as many signatures as they have, in a second */
static double rate(void *(*run)(void *), unsigned int threads)
{
	const uint64_t start = now_ns();
	pthread_t thread[THREADS];
	unsigned int i;

	for (i = 1; i < threads; i++) {
		if (pthread_create(&thread[i], NULL, run, NULL))
			die("no thread");
	}
	run(NULL);
	for (i = 1; i < threads; i++)
		pthread_join(thread[i], NULL);
	return 1e9 * QUOTES * threads / (double)(now_ns() - start);
}

/* In turns, so that both meet the same weather. */
static void measure_rates(void)
{
	double ours[THREADS][ROUNDS], raw[THREADS][ROUNDS];
	unsigned int round, threads;
	struct bytes root;

	make_quote(&root);
	make_signature();
	make_verifier(&root);
	for (round = 0; round < ROUNDS; round++) {
		for (threads = 1; threads <= THREADS; threads++) {
			ours[threads - 1][round] = rate(judge_quotes, threads);
			raw[threads - 1][round] = rate(verify_signatures,
						       threads);
		}
	}
	for (threads = 1; threads <= THREADS; threads++)
		printf("ours_per_s_%u %.1f\nraw_per_s_%u %.1f\n", threads,
		       median(ours[threads - 1], ROUNDS), threads,
		       median(raw[threads - 1], ROUNDS));
	tsm_verifier_free(verifier);
}

/* Return: microseconds; @kib grows to the most memory that it had. */
static double run_once(char *const *argv, long *kib)
{
	const uint64_t start = now_ns();
	posix_spawn_file_actions_t quiet;
	struct rusage usage;
	int status;
	pid_t pid;

	if (posix_spawn_file_actions_init(&quiet) ||
	    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY,
					     0) ||
	    posix_spawn(&pid, argv[0], &quiet, NULL, argv, environ) ||
	    wait4(pid, &status, 0, &usage) != pid)
		die("cannot run a program");
	posix_spawn_file_actions_destroy(&quiet);
	if (status)
		die("a program failed");
	if (*kib < usage.ru_maxrss)
		*kib = usage.ru_maxrss;
	return (double)(now_ns() - start) / 1000;
}

#define RUNS_MAX	5000

/* @argv: tsmctl and all its arguments */
static void measure_start(unsigned int runs, char *init, char **argv)
{
	static double us[3][RUNS_MAX];
	char fetch[] = "fetch";
	char *const ready[] = { init, NULL };
	char *const fetched[] = { init, fetch, NULL };
	char *const *const programs[] = { argv, ready, fetched };
	static const char *const names[] = { "ours", "init", "fetch" };
	long kib[3] = { 0 };
	unsigned int run, i;

	if (runs < 1 || runs > RUNS_MAX)
		die("so many runs cannot be");
	for (run = 0; run < runs; run++) {
		for (i = 0; i < 3; i++)
			us[i][run] = run_once(programs[i], &kib[i]);
	}
	for (i = 0; i < 3; i++)
		printf("%s_us %.1f\n%s_kib %ld\n", names[i],
		       median(us[i], runs), names[i], kib[i]);
}

static void write_file(const char *path, const struct bytes *b)
{
	FILE *file = fopen(path, "w");

	if (!file || fwrite(b->p, 1, b->len, file) != b->len || fclose(file))
		die(path);
}

int main(int argc, char **argv)
{
	struct bytes root;

	if (argc == 2 && !strcmp(argv[1], "rates")) {
		measure_rates();
	} else if (argc > 4 && !strcmp(argv[1], "start")) {
		measure_start((unsigned int)atoi(argv[2]), argv[3], argv + 4);
	} else if (argc == 4 && !strcmp(argv[1], "forge")) {
		make_quote(&root);
		write_file(argv[2], &quote);
		write_file(argv[3], &root);
	} else {
		fprintf(stderr,
			"usage: verify_bench rates\n"
			"       verify_bench start RUNS OPENSSL_INIT TSMCTL ARGUMENT...\n"
			"       verify_bench forge QUOTE ROOT\n");
		return 2;
	}
	return 0;
}
