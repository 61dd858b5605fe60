/* SPDX-License-Identifier: GPL-2.0-only */
/* One at a time, and nobody has to wait who is killed or out of time. */
#ifndef _TSMG_SNP_TURN_H
#define _TSMG_SNP_TURN_H

#include <linux/atomic.h>
#include <linux/wait.h>

struct tsmg_nap;

/**
 * struct snp_turn - the right to talk to the firmware
 * @taken: somebody has it; not always who took it, see tsmg_turn_give()
 * @given: woken when nobody has it any more
 */
struct snp_turn {
	atomic_t taken;
	wait_queue_head_t given;
};

#define SNP_TURN_INIT(turn) {						\
	.given = __WAIT_QUEUE_HEAD_INITIALIZER((turn).given),		\
}

/**
 * tsmg_turn_take - wait until it is ours
 * @turn: to take
 * @nap: how long to wait
 *
 * Context: process context; killable.
 * Return: 0, -EINTR when killed, -ETIMEDOUT.
 */
int tsmg_turn_take(struct snp_turn *turn, const struct tsmg_nap *nap);

/**
 * tsmg_turn_give - let the next one have it
 * @turn: taken, by us or by whom we work for
 */
void tsmg_turn_give(struct snp_turn *turn);

#endif /* _TSMG_SNP_TURN_H */
