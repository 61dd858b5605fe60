/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting for a host that gives no sign when it is done. */
#ifndef _TSMG_NAP_H
#define _TSMG_NAP_H

#include <linux/ktime.h>

/**
 * struct tsmg_nap - how long somebody has been waiting, and may yet
 * @start: when this wait began
 * @deadline: when to give up
 * @next: the next sleep, before it is cut to what @start and @deadline allow
 */
struct tsmg_nap {
	ktime_t start;
	ktime_t deadline;
	ktime_t next;
};

/**
 * tsmg_nap_init - begin to wait
 * @nap: to initialise
 * @timeout_ms: how long to wait at most, in milliseconds
 */
void tsmg_nap_init(struct tsmg_nap *nap, unsigned int timeout_ms);

/**
 * tsmg_nap_again - begin another wait under the same deadline
 * @nap: of an earlier wait
 */
void tsmg_nap_again(struct tsmg_nap *nap);

/**
 * tsmg_nap_left - what is left until the deadline
 * @nap: of this wait
 *
 * Return: time, 0 when there is none.
 */
ktime_t tsmg_nap_left(const struct tsmg_nap *nap);

/**
 * tsmg_nap - sleep a little: 50 us, then ever longer
 * @nap: of this wait
 *
 * Sleeps double up to 1 ms while the wait is younger than a second, and up to
 * 20 ms after that: a host that answers soon is met soon, one that does not
 * costs little.
 *
 * Context: process context, no lock held; killable.
 * Return: 0; -ETIMEDOUT once the deadline has passed; -EINTR when killed.
 */
int tsmg_nap(struct tsmg_nap *nap);

/**
 * tsmg_nap_backoff - sleep for longer: 10 ms, then ever longer
 * @nap: of this wait
 *
 * For a host that asked to be left alone for a while. Sleeps double up to 2 s.
 *
 * Context: process context; killable.
 * Return: as tsmg_nap().
 */
int tsmg_nap_backoff(struct tsmg_nap *nap);

/* How long a TEE may be busy with somebody else's request, in milliseconds. */
#define TSMG_BUSY_MS		1000

/**
 * tsmg_nap_if_busy - decide whether to ask a TEE again
 * @nap: of this wait
 * @ret: what asking gave: -EBUSY if it was busy and did nothing
 *
 * Context: process context, no lock held; killable.
 * Return: -EAGAIN to ask again, after a nap; -EBUSY once the deadline has
 * passed; -EINTR when killed; else @ret.
 */
int tsmg_nap_if_busy(struct tsmg_nap *nap, int ret);

#endif /* _TSMG_NAP_H */
