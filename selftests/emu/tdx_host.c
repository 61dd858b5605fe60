// SPDX-License-Identifier: GPL-2.0-only
/* GetQuote: when and how the host writes its answer into the guest's memory. */

#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "emu.h"
#include "emu_compat.h"
#include "emu_wire.h"
#include "tdx_quote.h"

#define SCRIBBLE_SIZE	64

static void put_status(struct quote_job *job, u64 status)
{
	/* Pairs with the guest's acquire: what came before is seen before. */
	smp_wmb();
	WRITE_ONCE(job->buf->status, cpu_to_le64(status));
}

static void put_out_len(struct quote_job *job, u32 len)
{
	if (job->plan.out_len >= 0)
		len = job->plan.out_len;
	WRITE_ONCE(job->buf->out_len, cpu_to_le32(len));
}

static u32 answer_len(const struct quote_job *job)
{
	return max(job->quote_len, job->plan.pad_to);
}

/* Padding that tells its own position, so that a lost byte shows. */
static void put_data(struct quote_job *job)
{
	u32 len = answer_len(job);

	memcpy(job->buf->data, job->quote, job->quote_len);
	for (u32 i = job->quote_len; i < len; i++)
		job->buf->data[i] = i * 7 + (i >> 8);
}

static u64 final_status(const struct quote_job *job)
{
	if (job->plan.status)
		return job->plan.status;
	if (job->verdict)
		return job->verdict;
	if (answer_len(job) > job->size - sizeof(*job->buf))
		return QUOTE_ERROR;
	return QUOTE_SUCCESS;
}

static void start_mutating(struct quote_job *job)
{
	job->state = JOB_MUTATING;
	job->deadline = ktime_add_ms(ktime_get(), job->plan.mutate_ms);
	queue_work(system_dfl_wq, &job->mutate);
}

static void all_visible(struct quote_job *job)
{
	if (job->plan.mutate_ms)
		start_mutating(job);
	else
		emu_job_free(job);
}

/* Before the status is there: who sees that must find the counters right. */
static void leave_flight(struct quote_job *job)
{
	job->state = JOB_TORN;
	emu_job_left_flight(job);
}

static void finish_failed(struct quote_job *job, u64 status)
{
	put_out_len(job, 0);
	leave_flight(job);
	put_status(job, status);
	emu_job_free(job);
}

/*
 * As a host that writes its 24-byte header in one go, but not atomically; or
 * one that takes its word back while the guest waits for the rest.
 */
static void finish_torn(struct quote_job *job)
{
	u64 us = job->plan.relapse_us ? : job->plan.torn_us;

	put_data(job);
	leave_flight(job);
	put_status(job, QUOTE_SUCCESS);
	emu_job_arm(job, ns_to_ktime(us * NSEC_PER_USEC));
}

static void finish_rest(struct quote_job *job)
{
	if (job->plan.relapse_us) {
		put_status(job, QUOTE_IN_FLIGHT);
		job->state = JOB_RELAPSED;
		/* A guest that sees the length has IN_FLIGHT before its eyes. */
		smp_wmb();
		put_out_len(job, answer_len(job));
		return;
	}
	put_out_len(job, answer_len(job));
	all_visible(job);
}

/**
 * emu_job_end_relapse - says SUCCESS once more
 * @job: in JOB_RELAPSED; gone afterwards
 *
 * Under emu_host_lock.
 */
void emu_job_end_relapse(struct quote_job *job)
{
	put_status(job, QUOTE_SUCCESS);
	emu_job_free(job);
}

static void finish(struct quote_job *job)
{
	put_data(job);
	put_out_len(job, answer_len(job));
	leave_flight(job);
	put_status(job, QUOTE_SUCCESS);
	all_visible(job);
}

/**
 * emu_job_try_finish - answers a request if it is due and there is an answer
 * @job: in JOB_IN_FLIGHT; gone or in a later state afterwards if answered
 *
 * Under emu_host_lock.
 */
void emu_job_try_finish(struct quote_job *job)
{
	u64 status;

	if (!job->due || (!job->quote && !job->plan.status && !job->verdict))
		return;
	status = final_status(job);
	if (status) {
		finish_failed(job, status);
		return;
	}
	atomic_long_inc(&emu_stat.quotes);
	if (job->plan.torn_us || job->plan.relapse_us)
		finish_torn(job);
	else
		finish(job);
}

/* The quoting enclave has answered, or never will. Under emu_host_lock. */
static void take_quote(struct emu_ask *ask, u8 *quote, u32 len)
{
	struct quote_job *job = container_of(ask, struct quote_job, ask);

	job->quote = quote;
	job->quote_len = len;
	if (!quote)
		job->verdict = QUOTE_ERROR;
	emu_job_try_finish(job);
}

/**
 * emu_job_ask - asks tsm-emud for the quote
 * @job: in JOB_IN_FLIGHT, its TDREPORT found good
 *
 * Under emu_host_lock.
 */
void emu_job_ask(struct quote_job *job)
{
	job->ask.kind = EMU_TD_QUOTE;
	job->ask.version = job->plan.version;
	job->ask.body = job->report;
	job->ask.len = TDREPORT_SIZE;
	job->ask.answered = take_quote;
	emu_ask_submit(&job->ask);
}

/**
 * emu_job_arm - lets the next step of a request come after a delay
 * @job: in JOB_IN_FLIGHT or JOB_TORN
 * @delay: from now
 *
 * Under emu_host_lock.
 */
void emu_job_arm(struct quote_job *job, ktime_t delay)
{
	job->deadline = ktime_add(ktime_get(), delay);
	hrtimer_start(&job->timer, job->deadline, HRTIMER_MODE_ABS);
}

/*
 * May run late, when its slot was freed or serves another request already:
 * then it is no longer the timer of this deadline.
 */
static enum hrtimer_restart on_deadline(struct hrtimer *timer)
{
	struct quote_job *job = container_of(timer, struct quote_job, timer);

	guard(spinlock_irqsave)(&emu_host_lock);
	if (ktime_before(ktime_get(), job->deadline))
		return HRTIMER_NORESTART;
	if (job->state == JOB_IN_FLIGHT && !job->plan.never) {
		job->due = true;
		emu_job_try_finish(job);
	} else if (job->state == JOB_TORN) {
		finish_rest(job);
	}
	return HRTIMER_NORESTART;
}

static void scribble(struct quote_job *job)
{
	u32 room = job->size - sizeof(*job->buf) - SCRIBBLE_SIZE;
	u32 at = get_random_u32() % min(answer_len(job), room);

	get_random_bytes(job->buf->data + at, SCRIBBLE_SIZE);
}

/* One change to the answer; false when it is no longer ours to change. */
static bool mutate_once(struct quote_job *job, u64 id, bool odd)
{
	guard(spinlock_irqsave)(&emu_host_lock);
	if (job->id != id || job->state != JOB_MUTATING)
		return false;
	if (ktime_after(ktime_get(), job->deadline)) {
		put_out_len(job, answer_len(job));
		emu_job_free(job);
		return false;
	}
	if (odd)
		put_out_len(job, answer_len(job));
	else
		WRITE_ONCE(job->buf->out_len, cpu_to_le32(U32_MAX));
	scribble(job);
	return true;
}

/* A busy thread and no timer: the window to be hit is a few instructions. */
static void mutate(struct work_struct *work)
{
	struct quote_job *job = container_of(work, struct quote_job, mutate);
	u64 id = READ_ONCE(job->id);
	bool odd = false;

	while (mutate_once(job, id, odd)) {
		odd = !odd;
		cond_resched();
	}
}

/**
 * emu_job_setup - prepares a slot, once
 * @job: zeroed
 */
void emu_job_setup(struct quote_job *job)
{
	hrtimer_setup(&job->timer, on_deadline, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS);
	INIT_WORK(&job->mutate, mutate);
	INIT_LIST_HEAD(&job->ask.list);
}
