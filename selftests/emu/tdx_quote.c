// SPDX-License-Identifier: GPL-2.0-only
/* GetQuote: what the host accepts, how many at once, and when it lets go. */

#include <linux/align.h>
#include <linux/io.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "emu.h"
#include "emu_compat.h"
#include "tdx_quote.h"

#define BUF_ALIGN	4096
/* A vCPU held in a synchronous hypercall comes back after this at the latest */
#define SYNC_MAX	(60 * HZ)

struct quote_job emu_jobs[EMU_MAX_JOBS];

static DECLARE_WAIT_QUEUE_HEAD(final_wq);
static u64 last_id;

/**
 * emu_job_find - the request of an id
 * @id: of it
 *
 * Under emu_host_lock. Return: the request, or NULL when it is gone.
 */
struct quote_job *emu_job_find(u64 id)
{
	struct quote_job *job;

	for_each_job(job)
		if (id && job->id == id)
			return job;
	return NULL;
}

/**
 * emu_job_left_flight - accounts for a request that is IN_FLIGHT no more
 * @job: its status is final, or the host has given it up
 *
 * Under emu_host_lock.
 */
void emu_job_left_flight(struct quote_job *job)
{
	emu_ask_withdraw(&job->ask);
	atomic_long_dec(&emu_stat.inflight);
	wake_up_all(&final_wq);
}

/**
 * emu_job_free - ends a request in whatever state it is
 * @job: not in JOB_FREE
 *
 * Under emu_host_lock. The guest's buffer is not touched any more.
 */
void emu_job_free(struct quote_job *job)
{
	enum job_state old = job->state;

	hrtimer_try_to_cancel(&job->timer);
	kfree(job->quote);
	job->quote = NULL;
	job->id = 0;
	job->state = JOB_FREE;
	if (old == JOB_IN_FLIGHT)
		emu_job_left_flight(job);
}

static bool overlaps(const struct quote_job *job, u64 gpa, u64 size)
{
	u64 start;

	if (job->state == JOB_FREE)
		return false;
	start = __pa(job->buf);
	return gpa < start + job->size && start < gpa + size;
}

/*
 * [GHCI] GetQuote, in the order of KVM and QEMU: what can be told from the
 * registers alone.
 */
static u64 check_range(u64 gpa, u64 size)
{
	if (!size)
		return VMCALL_INVALID_OPERAND;
	if (!IS_ALIGNED(gpa, BUF_ALIGN) || !IS_ALIGNED(size, BUF_ALIGN)) {
		emu_violation("GetQuote: gpa 0x%llx or size 0x%llx is misaligned",
			      gpa, size);
		return VMCALL_ALIGN_ERROR;
	}
	if (!emu_gpa_is_ram(gpa, size)) {
		emu_violation("GetQuote: gpa 0x%llx size 0x%llx is no RAM", gpa,
			      size);
		return VMCALL_INVALID_OPERAND;
	}
	if (!emu_gpa_all_shared(gpa, size)) {
		emu_violation("GetQuote: gpa 0x%llx size 0x%llx is private",
			      gpa, size);
		return VMCALL_INVALID_OPERAND;
	}
	return size > QUOTE_BUF_MAX ? VMCALL_INVALID_OPERAND : VMCALL_SUCCESS;
}

/* The guest's other vCPUs may write here: each field is read once. */
static u64 check_header(const struct quote_buf *buf, u64 size, u32 *in_len)
{
	*in_len = le32_to_cpu(READ_ONCE(buf->in_len));
	if (le64_to_cpu(READ_ONCE(buf->version)) != QUOTE_BUF_VERSION ||
	    *in_len > size - sizeof(*buf))
		return VMCALL_INVALID_OPERAND;
	return VMCALL_SUCCESS;
}

/* [GHCI] GPA_INUSE: until it has answered, the buffer is the host's. */
static u64 check_in_use(u64 gpa, u64 size)
{
	struct quote_job *job;

	for_each_job(job) {
		if (!overlaps(job, gpa, size) || job->state != JOB_IN_FLIGHT)
			continue;
		emu_violation("GetQuote: gpa 0x%llx size 0x%llx is IN_FLIGHT already",
			      gpa, size);
		return VMCALL_GPA_IN_USE;
	}
	return VMCALL_SUCCESS;
}

/* A host that was still toying with the last answer stops when asked anew. */
static void forget_last_answer(u64 gpa, u64 size)
{
	struct quote_job *job;

	for_each_job(job)
		if (overlaps(job, gpa, size))
			emu_job_free(job);
}

static struct quote_job *free_slot(void)
{
	struct quote_job *job;

	if (atomic_long_read(&emu_stat.inflight) >= emu_inflight_max())
		return NULL;
	for_each_job(job)
		if (job->state == JOB_FREE)
			return job;
	return NULL;
}

/* What a quoting enclave would make of the input. */
static u64 judge(struct quote_job *job, u32 in_len)
{
	if (!emu_service_attached())
		return QUOTE_SERVICE_UNAVAILABLE;
	if (in_len != TDREPORT_SIZE)
		return QUOTE_ERROR;
	memcpy(job->report, job->buf->data, TDREPORT_SIZE);
	return emu_report_verify(job->report) ? QUOTE_SUCCESS : QUOTE_ERROR;
}

static void start(struct quote_job *job, u32 in_len)
{
	job->id = ++last_id;
	job->state = JOB_IN_FLIGHT;
	job->due = false;
	atomic_long_inc(&emu_stat.inflight);
	emu_plan_next(&job->plan);
	job->verdict = judge(job, in_len);
	WRITE_ONCE(job->buf->status, cpu_to_le64(QUOTE_IN_FLIGHT));
	if (!job->verdict)
		emu_job_ask(job);

	if (job->plan.never)
		return;
	/* QEMU knows at once that nobody listens on the QGS socket. */
	if (job->verdict == QUOTE_SERVICE_UNAVAILABLE && !job->plan.status) {
		job->due = true;
		emu_job_try_finish(job);
		return;
	}
	emu_job_arm(job, ms_to_ktime(job->plan.delay_ms));
}

static u64 accept_request(u64 gpa, u64 size, u64 *sync_id)
{
	struct quote_buf *buf = __va(gpa);
	struct quote_job *job;
	u32 in_len;
	u64 r10;

	guard(spinlock_irqsave)(&emu_host_lock);
	r10 = check_in_use(gpa, size);
	if (r10)
		return r10;
	forget_last_answer(gpa, size);
	r10 = check_header(buf, size, &in_len);
	if (r10)
		return r10;
	job = free_slot();
	if (!job)
		return VMCALL_RETRY;
	job->buf = buf;
	job->size = size;
	start(job, in_len);
	if (job->state == JOB_IN_FLIGHT && job->plan.sync && !job->plan.never)
		*sync_id = job->id;
	return VMCALL_SUCCESS;
}

/**
 * emu_quote_submit - [GHCI] TDG.VP.VMCALL<GetQuote>
 * @gpa: of the buffer, without the shared bit
 * @size: of the buffer
 * @sync_id: set to the request for which the hypercall has to wait; else kept
 *
 * Return: the host's status for R10.
 */
u64 emu_quote_submit(u64 gpa, u64 size, u64 *sync_id)
{
	u64 r10;

	if (!emu_quote_refused(&r10)) {
		r10 = check_range(gpa, size);
		if (!r10)
			r10 = accept_request(gpa, size, sync_id);
	}
	if (r10 == VMCALL_RETRY)
		atomic_long_inc(&emu_stat.retries);
	return r10;
}

/**
 * emu_quote_revoke - the guest took a page away
 * @pfn: page that the host must not touch any more
 * @how: what the guest did with it, for the report
 *
 * Any context but NMI.
 */
void emu_quote_revoke(unsigned long pfn, const char *how)
{
	struct quote_job *job;

	guard(spinlock_irqsave)(&emu_host_lock);
	for_each_job(job) {
		if (!overlaps(job, PFN_PHYS(pfn), PAGE_SIZE))
			continue;
		if (job->state == JOB_IN_FLIGHT)
			emu_violation("GetQuote: buffer 0x%llx %s while IN_FLIGHT",
				      (u64)__pa(job->buf), how);
		emu_job_free(job);
	}
}

static void release(struct quote_job *job)
{
	if (job->state == JOB_RELAPSED)
		emu_job_end_relapse(job);
	if (job->state != JOB_IN_FLIGHT)
		return;
	job->plan = (struct quote_plan) {
		.out_len = -1,
		.version = job->plan.version,
		.pad_to = job->plan.pad_to,
	};
	job->due = true;
	emu_job_try_finish(job);
}

/**
 * emu_quote_release - answers every unanswered request now, and honestly
 */
void emu_quote_release(void)
{
	struct quote_job *job;

	guard(spinlock_irqsave)(&emu_host_lock);
	for_each_job(job)
		release(job);
}

static bool is_final(u64 id)
{
	struct quote_job *job;

	guard(spinlock_irqsave)(&emu_host_lock);
	job = emu_job_find(id);
	return !job || job->state != JOB_IN_FLIGHT;
}

/**
 * emu_quote_wait_final - sleeps until a request has its final status
 * @id: of the request
 */
void emu_quote_wait_final(u64 id)
{
	wait_event_timeout(final_wq, is_final(id), SYNC_MAX);
}

void emu_quote_init(void)
{
	struct quote_job *job;

	for_each_job(job)
		emu_job_setup(job);
}

/* Nobody can submit any more; requests in flight are dropped, not awaited. */
void emu_quote_exit(void)
{
	struct quote_job *job;

	scoped_guard(spinlock_irqsave, &emu_host_lock)
		for_each_job(job)
			if (job->state != JOB_FREE)
				emu_job_free(job);
	for_each_job(job) {
		hrtimer_cancel(&job->timer);
		cancel_work_sync(&job->mutate);
	}
}
