// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hypercalls that return late: the vCPU is held where it can sleep, in the
 * caller's own context and not in the exception that TDCALL raised.
 */

#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "emu.h"
#include "tdx_quote.h"

struct sync_wait {
	struct task_struct *task;
	unsigned long ip;
	u64 id;
};

static DEFINE_SPINLOCK(wait_lock);
static struct sync_wait waits[EMU_MAX_JOBS];

/**
 * emu_sync_redirect - holds the vCPU until a request is final
 * @regs: of the TDCALL, already stepped over
 * @id: of the request
 *
 * The return address waits in a table: the exception frame lies right below
 * the stack pointer, so nothing can be pushed for the caller from here.
 */
void emu_sync_redirect(struct pt_regs *regs, u64 id)
{
	guard(spinlock_irqsave)(&wait_lock);
	for (unsigned int i = 0; i < EMU_MAX_JOBS; i++) {
		if (waits[i].task)
			continue;
		__module_get(THIS_MODULE);
		waits[i] = (struct sync_wait) { current, regs->ip, id };
		regs->ip = (unsigned long)emu_sync_entry;
		return;
	}
}

static struct sync_wait take_wait(void)
{
	struct sync_wait wait = { };

	guard(spinlock_irqsave)(&wait_lock);
	for (unsigned int i = 0; i < EMU_MAX_JOBS; i++) {
		if (waits[i].task != current)
			continue;
		wait = waits[i];
		waits[i].task = NULL;
		break;
	}
	return wait;
}

/**
 * emu_sync_wait - sleeps in the place of the caller of TDCALL
 * @ret: where the caller's return address has to go
 *
 * Called by emu_sync_entry alone, which saved every register.
 */
void emu_sync_wait(unsigned long *ret)
{
	struct sync_wait wait = take_wait();

	*ret = wait.ip;
	if (preempt_count() || irqs_disabled())
		pr_warn_ratelimited("tsm_emu: quote_sync: the caller cannot sleep, so the answer comes later\n");
	else
		emu_quote_wait_final(wait.id);
	module_put(THIS_MODULE);
}
