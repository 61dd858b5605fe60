// SPDX-License-Identifier: GPL-2.0-only
/* The quoting service: hands requests to tsm-emud and takes its quotes. */

#include <linux/errno.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "emu.h"
#include "emu_wire.h"
#include "tdx_quote.h"

static DECLARE_WAIT_QUEUE_HEAD(request_wq);
static bool attached;

bool emu_service_attached(void)
{
	return attached;
}

void emu_service_wake(void)
{
	wake_up(&request_wq);
}

/**
 * emu_service_attach - tsm-emud has come
 *
 * Return: 0, or -EBUSY when there is one.
 */
int emu_service_attach(void)
{
	guard(spinlock_irqsave)(&emu_quote_lock);
	if (attached)
		return -EBUSY;
	attached = true;
	return 0;
}

/**
 * emu_service_detach - tsm-emud has gone; what it has not answered, nobody will
 */
void emu_service_detach(void)
{
	struct quote_job *job;

	guard(spinlock_irqsave)(&emu_quote_lock);
	attached = false;
	for_each_job(job) {
		if (job->state != JOB_IN_FLIGHT || job->quote || job->verdict)
			continue;
		job->verdict = QUOTE_ERROR;
		emu_job_try_finish(job);
	}
}

/* The oldest request that tsm-emud has not seen */
static struct quote_job *oldest(void)
{
	struct quote_job *job, *found = NULL;

	for_each_job(job)
		if (job->state == JOB_IN_FLIGHT && !job->asked &&
		    !job->verdict && (!found || job->id < found->id))
			found = job;
	return found;
}

static bool pending(void)
{
	guard(spinlock_irqsave)(&emu_quote_lock);
	return oldest();
}

static int take_oldest(struct emu_request *req)
{
	struct quote_job *job;

	guard(spinlock_irqsave)(&emu_quote_lock);
	job = oldest();
	if (!job)
		return -EAGAIN;
	job->asked = true;
	*req = (struct emu_request) {
		.id = job->id,
		.version = job->plan.version,
	};
	memcpy(req->tdreport, job->report, TDREPORT_SIZE);
	return 0;
}

/**
 * emu_service_next - takes the oldest request
 * @req: where to
 * @wait: until there is one
 *
 * Return: 0, -EAGAIN when there is none, -ERESTARTSYS.
 */
int emu_service_next(struct emu_request *req, bool wait)
{
	int ret = take_oldest(req);

	while (ret == -EAGAIN && wait) {
		ret = wait_event_interruptible(request_wq, pending());
		if (!ret)
			ret = take_oldest(req);
	}
	return ret;
}

/**
 * emu_service_poll - whether there is a request that tsm-emud has not seen
 * @file: of /dev/tsm_emu
 * @table: of poll(2)
 */
bool emu_service_poll(struct file *file, struct poll_table_struct *table)
{
	poll_wait(file, &request_wq, table);
	return pending();
}

/**
 * emu_service_reply - takes an answer
 * @id: of the request; unknown ones were given up and are dropped
 * @quote: kmalloc()ed, passes to the host; NULL: refused
 * @len: bytes in it
 */
void emu_service_reply(u64 id, u8 *quote, u32 len)
{
	struct quote_job *job;

	guard(spinlock_irqsave)(&emu_quote_lock);
	job = emu_job_find(id);
	if (!job || job->state != JOB_IN_FLIGHT || job->quote) {
		kfree(quote);
		return;
	}
	job->quote = quote;
	job->quote_len = len;
	if (!quote)
		job->verdict = QUOTE_ERROR;
	emu_job_try_finish(job);
}
