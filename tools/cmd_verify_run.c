// SPDX-License-Identifier: MIT
/*
 * Judges files, several at the same time, and prints what comes of them in the
 * order in which they were named.
 *
 * One verifier is shared, which nobody changes any more. Of results there are
 * only as many as threads can work ahead of the one that prints, however many
 * files there are.
 */
#include "cmd_verify.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Judging takes less than a tenth of it. */
#define STACK_SIZE	(512u << 10)

/* Results that all threads together may be ahead, beside one for each. */
#define AHEAD		16

/**
 * struct slot - a result on its way
 * @result: of the file whose number leaves this slot's number as a remainder
 * @is_done: it can be printed
 */
struct slot {
	struct verify_result result;
	bool is_done;
};

/**
 * struct team - what the threads share
 * @options, @verifier: by what to judge; read only
 * @lock: of all that follows
 * @done: a result can be printed
 * @room: a slot has become free
 * @slot: results
 * @slots: how many there are
 * @next: file that nobody judges so far
 * @printed: files that are through
 */
struct team {
	const struct verify_options *options;
	const struct tsm_verifier *verifier;
	pthread_mutex_t lock;
	pthread_cond_t done;
	pthread_cond_t room;
	struct slot *slot;
	size_t slots;
	size_t next;
	size_t printed;
};

static void judge_file(const struct tsm_verifier *verifier, const char *path,
		       struct verify_result *result)
{
	uint8_t *data;
	size_t len;

	result->err.text[0] = '\0';
	result->ret = tsm_file_read(path, TSM_EVIDENCE_MAX, &data, &len,
				    &result->err);
	if (result->ret)
		return;
	result->ret = tsm_verify(verifier, data, len, NULL, &result->judgement,
				 &result->err);
	if (result->ret && !result->err.text[0])
		snprintf(result->err.text, sizeof(result->err.text),
			 "%.200s: %s", path, strerror(-result->ret));
	free(data);
}

static void *work(void *arg)
{
	struct team *team = arg;
	struct slot *slot;
	size_t number;

	pthread_mutex_lock(&team->lock);
	while (team->next < team->options->files) {
		if (team->next - team->printed == team->slots) {
			pthread_cond_wait(&team->room, &team->lock);
			continue;
		}
		number = team->next++;
		slot = &team->slot[number % team->slots];
		pthread_mutex_unlock(&team->lock);
		judge_file(team->verifier, team->options->file[number],
			   &slot->result);
		pthread_mutex_lock(&team->lock);
		slot->is_done = true;
		pthread_cond_signal(&team->done);
	}
	pthread_mutex_unlock(&team->lock);
	return NULL;
}

/**
 * struct progress - a line on a terminal, while verdicts go elsewhere
 * @is_wanted: standard error is a terminal, standard output is none
 * @shown: there is one now
 * @next: when to show another, milliseconds
 */
struct progress {
	bool is_wanted;
	bool shown;
	int64_t next;
};

/* Of a clock that nobody sets, in milliseconds. */
static int64_t now(void)
{
	struct timespec time = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * INT64_C(1000) + time.tv_nsec / 1000000;
}

static void clear_progress(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}

static void show_progress(struct progress *p, size_t done, size_t files)
{
	if (!p->is_wanted || now() < p->next)
		return;
	p->next = now() + 1000;
	clear_progress(p);
	fprintf(stderr, "tsmctl: %zu of %zu judged", done, files);
	p->shown = true;
}

static struct progress start_progress(void)
{
	return (struct progress){
		.is_wanted = isatty(STDERR_FILENO) && !out_is_terminal(),
		.next = now() + 1000,
	};
}

/* One second at most, so that there is progress where a file takes longer. */
static void wait_for(struct team *team, const struct slot *slot,
		     struct progress *progress)
{
	struct timespec until;

	pthread_mutex_lock(&team->lock);
	while (!slot->is_done) {
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec++;
		pthread_cond_timedwait(&team->done, &team->lock, &until);
		show_progress(progress, team->printed, team->options->files);
	}
	pthread_mutex_unlock(&team->lock);
}

static void print_all(struct team *team, struct out *out,
		      struct verify_sum *sum)
{
	const struct verify_options *o = team->options;
	struct progress progress = start_progress();
	struct slot *slot;
	size_t i;

	for (i = 0; i < o->files; i++) {
		slot = &team->slot[i % team->slots];
		wait_for(team, slot, &progress);
		show_progress(&progress, i, o->files);
		if (slot->result.ret)
			clear_progress(&progress);
		print_result(out, o, o->file[i], &slot->result, sum);
		pthread_mutex_lock(&team->lock);
		slot->is_done = false;
		team->printed++;
		pthread_cond_broadcast(&team->room);
		pthread_mutex_unlock(&team->lock);
	}
	clear_progress(&progress);
}

/* Return: how many threads there are, which may be none. */
static unsigned int start_threads(struct team *team, pthread_t *thread,
				  unsigned int jobs)
{
	pthread_attr_t attr;
	unsigned int i;

	if (pthread_attr_init(&attr))
		return 0;
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	for (i = 0; i < jobs; i++) {
		if (pthread_create(&thread[i], &attr, work, team))
			break;
	}
	pthread_attr_destroy(&attr);
	return i;
}

static bool start_team(struct team *team)
{
	pthread_condattr_t attr;

	if (pthread_condattr_init(&attr))
		return false;
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&team->lock, NULL);
	pthread_cond_init(&team->done, &attr);
	pthread_cond_init(&team->room, NULL);
	pthread_condattr_destroy(&attr);
	return true;
}

/* Return: whether there was a thread to do it. */
static bool run_team(const struct verify_options *options,
		     const struct tsm_verifier *verifier, unsigned int jobs,
		     struct out *out, struct verify_sum *sum)
{
	struct team team = {
		.options = options,
		.verifier = verifier,
		.slots = (size_t)jobs + AHEAD,
	};
	pthread_t thread[JOBS_MAX];
	unsigned int threads = 0, i;

	team.slot = calloc(team.slots, sizeof(*team.slot));
	if (team.slot && start_team(&team)) {
		threads = start_threads(&team, thread, jobs);
		if (threads)
			print_all(&team, out, sum);
		for (i = 0; i < threads; i++)
			pthread_join(thread[i], NULL);
	}
	free(team.slot);
	return threads;
}

static bool run_alone(const struct verify_options *o,
		      const struct tsm_verifier *verifier, struct out *out,
		      struct verify_sum *sum)
{
	struct progress progress = start_progress();
	struct verify_result *result = malloc(sizeof(*result));
	size_t i;

	if (!result)
		return false;
	for (i = 0; i < o->files; i++) {
		judge_file(verifier, o->file[i], result);
		show_progress(&progress, i, o->files);
		if (result->ret)
			clear_progress(&progress);
		print_result(out, o, o->file[i], result, sum);
	}
	clear_progress(&progress);
	free(result);
	return true;
}

/* As many as can run at the same time, but no more than there is to do. */
static unsigned int count_jobs(const struct verify_options *o)
{
	unsigned int jobs = o->jobs;
	cpu_set_t cpus;

	if (o->files == 1)
		return 1;
	if (!jobs)
		jobs = sched_getaffinity(0, sizeof(cpus), &cpus) ? 1 :
		       (unsigned int)CPU_COUNT(&cpus);
	if (jobs > JOBS_MAX)
		jobs = JOBS_MAX;
	return jobs < o->files ? jobs : (unsigned int)o->files;
}

int verify_files(const struct verify_options *o,
		 const struct tsm_verifier *verifier, struct out *out)
{
	struct verify_sum sum = { 0 };
	const unsigned int jobs = count_jobs(o);
	bool ran = false;

	out_stream(out, "files");
	if (jobs > 1)
		ran = run_team(o, verifier, jobs, out, &sum);
	if (!ran)
		ran = run_alone(o, verifier, out, &sum);
	out_stream_end(out);
	if (!ran) {
		complain("out of memory");
		return FAILED;
	}
	print_sum(out, o, &sum);
	if (sum.failed)
		return FAILED;
	return sum.rejected || sum.emulated ? REJECTED : DONE;
}
