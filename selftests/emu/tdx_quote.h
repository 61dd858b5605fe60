/* SPDX-License-Identifier: GPL-2.0-only */
/* A GetQuote request inside the emulated host, for the files that handle one. */
#ifndef TDX_QUOTE_H
#define TDX_QUOTE_H

#include <linux/hrtimer.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "emu.h"

#define EMU_MAX_JOBS	128

/**
 * enum job_state - how far the host is with a request
 * @JOB_FREE: slot not in use
 * @JOB_IN_FLIGHT: the buffer is the host's, and counts as in flight
 * @JOB_TORN: SUCCESS is visible, out_len is not
 * @JOB_MUTATING: all is visible, and keeps changing
 * @JOB_RELAPSED: all is visible, but the status says IN_FLIGHT again
 *
 * From JOB_TORN on the guest may take its buffer back at any time.
 */
enum job_state {
	JOB_FREE,
	JOB_IN_FLIGHT,
	JOB_TORN,
	JOB_MUTATING,
	JOB_RELAPSED,
};

/**
 * struct quote_job - one request; all members under emu_host_lock
 * @id: unique, 0 while the slot is free
 * @state: see enum job_state
 * @plan: what to do with it, sampled at the hypercall
 * @verdict: QUOTE_SUCCESS, or why there will be no quote
 * @ask: what tsm-emud is asked for, withdrawn when the request leaves flight
 * @due: its time has come; it is answered as soon as there is an answer
 * @deadline: of the next step that @timer makes
 * @timer: makes the request due, or ends JOB_TORN
 * @mutate: keeps changing the answer in JOB_MUTATING
 * @buf: the guest's buffer, through the direct map
 * @size: of it
 * @quote: what tsm-emud answered, kmalloc()ed, or NULL
 * @quote_len: bytes in it
 * @report: the TDREPORT as it was at the hypercall
 */
struct quote_job {
	u64 id;
	enum job_state state;
	struct quote_plan plan;
	u64 verdict;
	struct emu_ask ask;
	bool due;
	ktime_t deadline;
	struct hrtimer timer;
	struct work_struct mutate;
	struct quote_buf *buf;
	u64 size;
	u8 *quote;
	u32 quote_len;
	u8 report[TDREPORT_SIZE];
};

extern struct quote_job emu_jobs[EMU_MAX_JOBS];

#define for_each_job(job) \
	for ((job) = emu_jobs; (job) < emu_jobs + EMU_MAX_JOBS; (job)++)

/* tdx_quote.c */
void emu_job_left_flight(struct quote_job *job);
void emu_job_free(struct quote_job *job);
struct quote_job *emu_job_find(u64 id);

/* tdx_host.c */
void emu_job_setup(struct quote_job *job);
void emu_job_ask(struct quote_job *job);
void emu_job_arm(struct quote_job *job, ktime_t delay);
void emu_job_try_finish(struct quote_job *job);
void emu_job_end_relapse(struct quote_job *job);

#endif
