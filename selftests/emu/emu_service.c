// SPDX-License-Identifier: GPL-2.0-only
/* What tsm-emud is asked for, in the order of asking, and what it answers. */

#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "emu.h"
#include "emu_wire.h"

/* A hypercall that needs tsm-emud comes back after this at the latest */
#define ANSWER_MAX	(10 * HZ)

DEFINE_SPINLOCK(emu_host_lock);

static DECLARE_WAIT_QUEUE_HEAD(request_wq);
static LIST_HEAD(asks);
static u64 last_id;
static bool attached;

bool emu_service_attached(void)
{
	return attached;
}

/**
 * emu_service_attach - tsm-emud has come
 *
 * Return: 0, or -EBUSY when there is one.
 */
int emu_service_attach(void)
{
	guard(spinlock_irqsave)(&emu_host_lock);
	if (attached)
		return -EBUSY;
	attached = true;
	return 0;
}

/* Under emu_host_lock. */
static void answer(struct emu_ask *ask, u8 *data, u32 len)
{
	list_del_init(&ask->list);
	ask->answered(ask, data, len);
}

/**
 * emu_service_detach - tsm-emud has gone; what it has not answered, nobody will
 */
void emu_service_detach(void)
{
	struct emu_ask *ask, *next;

	guard(spinlock_irqsave)(&emu_host_lock);
	attached = false;
	list_for_each_entry_safe(ask, next, &asks, list)
		answer(ask, NULL, 0);
}

/**
 * emu_ask_submit - puts something in the queue for tsm-emud
 * @ask: filled in; in no queue
 *
 * Under emu_host_lock. It is the queue's until @ask->answered is called or
 * emu_ask_withdraw() has been.
 */
void emu_ask_submit(struct emu_ask *ask)
{
	ask->id = ++last_id;
	ask->seen = false;
	list_add_tail(&ask->list, &asks);
	wake_up(&request_wq);
}

/**
 * emu_ask_withdraw - nobody wants the answer any more
 * @ask: initialised once, in the queue or not
 *
 * Under emu_host_lock.
 */
void emu_ask_withdraw(struct emu_ask *ask)
{
	list_del_init(&ask->list);
}

/* The oldest that tsm-emud has not seen */
static struct emu_ask *oldest(void)
{
	struct emu_ask *ask;

	list_for_each_entry(ask, &asks, list)
		if (!ask->seen)
			return ask;
	return NULL;
}

static bool pending(void)
{
	guard(spinlock_irqsave)(&emu_host_lock);
	return oldest();
}

static int take_oldest(struct emu_request *req)
{
	struct emu_ask *ask;

	guard(spinlock_irqsave)(&emu_host_lock);
	ask = oldest();
	if (!ask)
		return -EAGAIN;
	ask->seen = true;
	*req = (struct emu_request) {
		.id = ask->id,
		.kind = ask->kind,
		.version = ask->version,
		.signing_key = ask->signing_key,
	};
	memcpy(req->body, ask->body, ask->len);
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

static struct emu_ask *find(u64 id)
{
	struct emu_ask *ask;

	list_for_each_entry(ask, &asks, list)
		if (ask->id == id)
			return ask;
	return NULL;
}

/**
 * emu_service_reply - takes an answer
 * @id: of the request; unknown ones were given up and are dropped
 * @data: kmalloc()ed, passes to who asked; NULL: refused
 * @len: bytes in it
 */
void emu_service_reply(u64 id, u8 *data, u32 len)
{
	struct emu_ask *ask;

	guard(spinlock_irqsave)(&emu_host_lock);
	ask = find(id);
	if (ask)
		answer(ask, data, len);
	else
		kfree(data);
}

/* One who sleeps until there is an answer */
struct waiter {
	struct emu_ask ask;
	struct completion done;
	u8 *answer;
	u32 len;
};

static void wake(struct emu_ask *ask, u8 *data, u32 len)
{
	struct waiter *waiter = container_of(ask, struct waiter, ask);

	waiter->answer = data;
	waiter->len = len;
	complete(&waiter->done);
}

/**
 * emu_ask_wait - asks tsm-emud for something, and sleeps until it answers
 * @ask: kind, version, signing_key, body and len; else zero
 * @len: of the answer
 *
 * Not to be woken by signals, as a vCPU that has left its guest is not, but
 * nobody waits for ever.
 *
 * Return: the answer, for kfree(); NULL: refused, or nobody there.
 */
u8 *emu_ask_wait(const struct emu_ask *ask, u32 *len)
{
	struct waiter waiter = { .ask = *ask };

	waiter.ask.answered = wake;
	INIT_LIST_HEAD(&waiter.ask.list);
	init_completion(&waiter.done);
	scoped_guard(spinlock_irqsave, &emu_host_lock) {
		if (!attached)
			return NULL;
		emu_ask_submit(&waiter.ask);
	}
	wait_for_completion_timeout(&waiter.done, ANSWER_MAX);
	scoped_guard(spinlock_irqsave, &emu_host_lock)
		emu_ask_withdraw(&waiter.ask);
	*len = waiter.len;
	return waiter.answer;
}
