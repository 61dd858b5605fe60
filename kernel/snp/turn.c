// SPDX-License-Identifier: GPL-2.0-only
/* One at a time, and nobody has to wait who is killed or out of time. */
#include "turn.h"

#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/sched/signal.h>

#include "../nap.h"

int tsmg_turn_take(struct snp_turn *turn, const struct tsmg_nap *nap)
{
	long left = nsecs_to_jiffies(tsmg_nap_left(nap));

	left = wait_event_killable_timeout(turn->given,
					   !atomic_xchg(&turn->taken, 1), left);
	if (left < 0)
		return -EINTR;
	return left ? 0 : -ETIMEDOUT;
}

void tsmg_turn_give(struct snp_turn *turn)
{
	atomic_set_release(&turn->taken, 0);
	wake_up(&turn->given);
}
