// SPDX-License-Identifier: GPL-2.0-only
/* The buffers through which the host is asked for quotes. */
#define pr_fmt(fmt) KBUILD_MODNAME ": tdx: " fmt

#include "quote_buf.h"

#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "../nap.h"
#include "../shared.h"

#define QUOTE_SLOTS_MAX		256

/* Abandoned buffers never come back from a host that never answers. */
#define HELD_PER_SLOT		4
#define PATIENCE_MIN		(1 * NSEC_PER_SEC)
#define PATIENCE_MAX		(300 * NSEC_PER_SEC)

/* Nor do those whose pages the host would not share or give back. */
#define LEAKED_MAX		16

/* QEMU works on 16 requests of a guest at a time. */
static unsigned int quote_slots = 16;
module_param(quote_slots, uint, 0444);
MODULE_PARM_DESC(quote_slots, "TDX: requests for a quote with the host at a time (1-256, default 16)");

/**
 * struct quote_pool - every buffer there is
 * @lock: guards everything below
 * @idle: shared and ready for the next request
 * @held: abandoned while the host was still working on them
 * @nr_idle: how many are @idle
 * @nr_held: how many are @held
 * @nr_busy: how many somebody has got; with @nr_idle never above quote_slots
 * @nr_leaked: how many are lost, their pages neither shared nor private
 * @patience: how long to wait between new buffers while too many are held
 * @next_try: when to allow the next one
 * @freed: woken when @nr_busy falls
 *
 * Held buffers take no slot: a host that swallows requests and then behaves
 * again must find us able to ask. Nor may it have all memory by swallowing:
 * above HELD_PER_SLOT for each slot it gets another buffer ever more rarely,
 * in the end 128 KiB in five minutes, until it lets go of some.
 */
static struct quote_pool {
	spinlock_t lock;
	struct list_head idle;
	struct list_head held;
	unsigned int nr_idle;
	unsigned int nr_held;
	unsigned int nr_busy;
	unsigned int nr_leaked;
	ktime_t patience;
	ktime_t next_try;
	wait_queue_head_t freed;
} pool = {
	.lock = __SPIN_LOCK_UNLOCKED(pool.lock),
	.idle = LIST_HEAD_INIT(pool.idle),
	.held = LIST_HEAD_INIT(pool.held),
	.freed = __WAIT_QUEUE_HEAD_INITIALIZER(pool.freed),
};

static void count_leak(void)
{
	scoped_guard(spinlock, &pool.lock)
		pool.nr_leaked++;
}

static struct quote_buf *buf_alloc(void)
{
	struct quote_buf *buf;
	void *shared;

	/* Each read could leak one more, and anybody may read. */
	if (READ_ONCE(pool.nr_leaked) >= LEAKED_MAX)
		return ERR_PTR(-EIO);

	buf = kzalloc_obj(*buf);
	if (!buf)
		return ERR_PTR(-ENOMEM);

	shared = tsmg_shared_alloc(QUOTE_BUF_SIZE);
	if (IS_ERR(shared)) {
		if (shared != ERR_PTR(-ENOMEM))
			count_leak();
		kfree(buf);
		return ERR_CAST(shared);
	}
	buf->shared = shared;
	return buf;
}

static void buf_free(struct quote_buf *buf)
{
	if (tsmg_shared_free(buf->shared, QUOTE_BUF_SIZE))
		count_leak();
	kfree(buf);
}

static void free_list(struct list_head *list)
{
	struct quote_buf *buf, *next;

	list_for_each_entry_safe(buf, next, list, node)
		buf_free(buf);
}

u64 tsmg_quote_buf_status(const struct quote_buf *buf)
{
	/* The host writes the quote first: what it wrote is seen after this. */
	return le64_to_cpu(smp_load_acquire(&buf->shared->status));
}

/* What no longer is with the host goes back to @idle, or to @surplus. */
static void reclaim_locked(struct list_head *surplus)
{
	struct quote_buf *buf, *next;

	list_for_each_entry_safe(buf, next, &pool.held, node) {
		if (tsmg_quote_buf_status(buf) == QUOTE_IN_FLIGHT)
			continue;
		pool.nr_held--;
		if (pool.nr_idle + pool.nr_busy < quote_slots) {
			list_move(&buf->node, &pool.idle);
			pool.nr_idle++;
		} else {
			list_move(&buf->node, surplus);
		}
	}
}

/* All busy ones may come to be held, too. */
static bool too_many_held(void)
{
	return READ_ONCE(pool.nr_held) + READ_ONCE(pool.nr_busy) >=
	       HELD_PER_SLOT * quote_slots;
}

/* Whether it makes sense to try again, or to go on waiting for a buffer. */
static bool may_get(void)
{
	unsigned int nr_busy = READ_ONCE(pool.nr_busy);

	if (nr_busy >= quote_slots)
		return false;
	return READ_ONCE(pool.nr_idle) || !too_many_held() || !nr_busy;
}

/* Too many are held: is it time to risk one more buffer all the same? */
static bool may_risk_locked(void)
{
	ktime_t now = ktime_get();
	bool first = !pool.patience;

	if (!first && ktime_before(now, pool.next_try))
		return false;
	pool.patience = clamp_t(ktime_t, 2 * pool.patience, PATIENCE_MIN,
				PATIENCE_MAX);
	pool.next_try = ktime_add(now, pool.patience);
	return !first;
}

/*
 * An idle buffer; NULL for leave to allocate one; -EAGAIN to wait until
 * somebody gives one back; -EBUSY if the host has too many.
 */
static struct quote_buf *take_slot_locked(void)
{
	struct quote_buf *buf;

	if (pool.nr_busy >= quote_slots)
		return ERR_PTR(-EAGAIN);

	buf = list_first_entry_or_null(&pool.idle, struct quote_buf, node);
	if (buf) {
		list_del(&buf->node);
		pool.nr_idle--;
	} else if (!too_many_held()) {
		pool.patience = 0;
	} else if (!may_risk_locked()) {
		return ERR_PTR(pool.nr_busy ? -EAGAIN : -EBUSY);
	}
	pool.nr_busy++;
	return buf;
}

static void put_slot(void)
{
	scoped_guard(spinlock, &pool.lock)
		pool.nr_busy--;
	wake_up(&pool.freed);
}

static struct quote_buf *try_get(void)
{
	struct quote_buf *buf;
	LIST_HEAD(surplus);

	scoped_guard(spinlock, &pool.lock) {
		reclaim_locked(&surplus);
		buf = take_slot_locked();
	}
	free_list(&surplus);
	if (buf)
		return buf;

	buf = buf_alloc();
	if (IS_ERR(buf))
		put_slot();
	return buf;
}

static long wait_for_slot(ktime_t timeout)
{
	return wait_event_killable_timeout(pool.freed,
					   may_get(), nsecs_to_jiffies(timeout));
}

struct quote_buf *tsmg_quote_buf_get(struct tsmg_nap *nap)
{
	struct quote_buf *buf;
	long ret;

	for (;;) {
		buf = try_get();
		if (buf == ERR_PTR(-EBUSY))
			pr_warn_ratelimited("the host still holds %u abandoned quote buffers: no new one now\n",
					    READ_ONCE(pool.nr_held));
		if (buf != ERR_PTR(-EAGAIN))
			return buf;

		ret = wait_for_slot(tsmg_nap_left(nap));
		if (ret < 0)
			return ERR_PTR(-EINTR);
		if (!ret)
			return ERR_PTR(-ETIMEDOUT);
	}
}

void tsmg_quote_buf_put(struct quote_buf *buf)
{
	scoped_guard(spinlock, &pool.lock) {
		pool.nr_busy--;
		list_add(&buf->node, &pool.idle);
		pool.nr_idle++;
	}
	wake_up(&pool.freed);
}

void tsmg_quote_buf_abandon(struct quote_buf *buf)
{
	scoped_guard(spinlock, &pool.lock) {
		pool.nr_busy--;
		list_add(&buf->node, &pool.held);
		pool.nr_held++;
	}
	wake_up(&pool.freed);
}

/* Anybody may read it, so it moves nothing: that is for the next request. */
static int quote_abandoned_get(char *val, const struct kernel_param *kp)
{
	unsigned int count = 0;
	struct quote_buf *buf;

	scoped_guard(spinlock, &pool.lock)
		list_for_each_entry(buf, &pool.held, node)
			count += tsmg_quote_buf_status(buf) == QUOTE_IN_FLIGHT;
	return sysfs_emit(val, "%u\n", count);
}

static int quote_abandoned_set(const char *val, const struct kernel_param *kp)
{
	return -EPERM;
}

static const struct kernel_param_ops quote_abandoned_ops = {
	.get = quote_abandoned_get,
	.set = quote_abandoned_set,
};
module_param_cb(quote_abandoned, &quote_abandoned_ops, NULL, 0444);
MODULE_PARM_DESC(quote_abandoned, "TDX: buffers of abandoned requests that the host still holds (read only)");

int tsmg_quote_buf_init(void)
{
	if (!quote_slots || quote_slots > QUOTE_SLOTS_MAX) {
		pr_err("quote_slots=%u: must be 1 to %u\n", quote_slots,
		       QUOTE_SLOTS_MAX);
		return -EINVAL;
	}
	return 0;
}

/*
 * The host may write into these at any time, so their pages must not become
 * anybody else's: better lost than corrupted.
 */
static void leak_list(struct list_head *list)
{
	struct quote_buf *buf, *next;
	unsigned int count = 0;

	list_for_each_entry_safe(buf, next, list, node) {
		kfree(buf);
		count++;
	}
	if (count)
		pr_warn("leaked %u quote buffers of %u KiB that the host still holds\n",
			count, QUOTE_BUF_SIZE / 1024);
}

void tsmg_quote_buf_exit(void)
{
	LIST_HEAD(surplus);
	LIST_HEAD(held);

	scoped_guard(spinlock, &pool.lock) {
		reclaim_locked(&surplus);
		list_splice_init(&pool.idle, &surplus);
		list_splice_init(&pool.held, &held);
	}
	free_list(&surplus);
	leak_list(&held);
}
