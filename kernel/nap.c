// SPDX-License-Identifier: GPL-2.0-only
/* Waiting for a host that gives no sign when it is done. */
#include "nap.h"

#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#define NAP_FIRST	(50 * NSEC_PER_USEC)
#define NAP_MAX_SOON	(1 * NSEC_PER_MSEC)
#define NAP_MAX_LATE	(20 * NSEC_PER_MSEC)
#define SOON		NSEC_PER_SEC
#define BACKOFF_FIRST	(10 * NSEC_PER_MSEC)
#define BACKOFF_MAX	(2 * NSEC_PER_SEC)

void tsmg_nap_init(struct tsmg_nap *nap, unsigned int timeout_ms)
{
	tsmg_nap_again(nap);
	nap->deadline = ktime_add_ms(nap->start, timeout_ms);
}

void tsmg_nap_again(struct tsmg_nap *nap)
{
	nap->start = ktime_get();
	nap->next = NAP_FIRST;
}

ktime_t tsmg_nap_left(const struct tsmg_nap *nap)
{
	return max_t(ktime_t, 0, ktime_sub(nap->deadline, ktime_get()));
}

/* For @length, or what is left until the deadline. */
static int sleep_for(const struct tsmg_nap *nap, ktime_t length)
{
	ktime_t left = tsmg_nap_left(nap);
	ktime_t sleep = min(length, left);

	if (!left)
		return -ETIMEDOUT;

	set_current_state(TASK_KILLABLE);
	schedule_hrtimeout_range(&sleep, sleep / 8, HRTIMER_MODE_REL);
	/* A killed task sleeps no more: it would spin, and ask the host again. */
	return fatal_signal_pending(current) ? -EINTR : 0;
}

int tsmg_nap(struct tsmg_nap *nap)
{
	ktime_t age = ktime_sub(ktime_get(), nap->start);
	ktime_t max = age < SOON ? NAP_MAX_SOON : NAP_MAX_LATE;
	ktime_t length = min(nap->next, max);

	nap->next = min_t(ktime_t, 2 * nap->next, NAP_MAX_LATE);
	return sleep_for(nap, length);
}

int tsmg_nap_backoff(struct tsmg_nap *nap)
{
	ktime_t length = clamp_t(ktime_t, nap->next, BACKOFF_FIRST,
				 BACKOFF_MAX);

	nap->next = 2 * length;
	return sleep_for(nap, length);
}

int tsmg_nap_if_busy(struct tsmg_nap *nap, int ret)
{
	if (ret != -EBUSY)
		return ret;
	ret = tsmg_nap(nap);
	if (ret)
		return ret == -ETIMEDOUT ? -EBUSY : ret;
	return -EAGAIN;
}
