// SPDX-License-Identifier: GPL-2.0-only
/* The measurement registers: one lock, one cache, one way to extend them. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "registers.h"

#include <linux/bits.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "nap.h"
#include "runtime_log.h"
#include "trace.h"

static unsigned int rtmr_mask = 0xf;
module_param(rtmr_mask, uint, 0444);
MODULE_PARM_DESC(rtmr_mask, "which RTMRs may be extended, a bit for each (default 0xf)");

/**
 * struct registers - the registers of this TEE
 * @lock: guards all below and who writes the log; held while the TEE extends a
 *	register or tells its state, but not while it is busy
 * @set: of the backend
 * @state: what the TEE told last
 * @spare: room for what it tells next, which may be nothing but an error
 * @fresh: @state still holds: it was read for a user, as in mainline, and we
 *	extended nothing since
 * @first: what it told first: when the module was loaded, or, where no register
 *	can be extended, when somebody asked; NULL before. Read without the lock
 * @moves: grows before and after each extend, so it is odd during one, and by
 *	2 with each gap that is found; read without the lock, too
 */
static struct registers {
	struct mutex lock;
	const struct tsmg_register_set *set;
	u8 *state;
	u8 *spare;
	bool fresh;
	u8 *first;
	unsigned long moves;
} registers = {
	.lock = __MUTEX_INITIALIZER(registers.lock),
};

static const u8 *value_of(const u8 *state, unsigned int index)
{
	return state + registers.set->regs[index].offset;
}

/* A gap that cannot be recorded now is found again at the next look. */
static void record_gaps_locked(const u8 *state)
{
	unsigned int i;
	int ret;

	for (i = 0; i < registers.set->nr_rtmrs; i++) {
		if (tsmg_log_explains(i, value_of(state, i)))
			continue;
		ret = tsmg_log_gap(i, value_of(state, i));
		if (ret)
			pr_warn_ratelimited("%s was extended, but not by this module, and the log cannot tell: %d\n",
					    registers.set->regs[i].name, ret);
		else
			pr_warn_ratelimited("%s was extended, but not by this module: the log has a gap\n",
					    registers.set->regs[i].name);
		registers.fresh = false;
		WRITE_ONCE(registers.moves, registers.moves + 2);
	}
}

static int refresh_locked(void)
{
	int ret;

	ret = registers.set->read(registers.spare);
	if (ret)
		return ret;
	swap(registers.state, registers.spare);
	record_gaps_locked(registers.state);
	registers.fresh = true;
	return 0;
}

/* Space first: what is extended cannot be taken back. */
static int extend_locked(const struct tsmg_extend *extend)
{
	int ret;

	ret = tsmg_log_reserve(extend->event_len);
	if (ret)
		return ret;

	WRITE_ONCE(registers.moves, registers.moves + 1);
	/* Who sees the register extended must see @moves odd, or beyond. */
	smp_mb();
	ret = registers.set->extend(extend->index, extend->digest);
	if (!ret) {
		tsmg_log_append(extend);
		registers.fresh = false;
	}
	WRITE_ONCE(registers.moves, registers.moves + 1);
	return ret;
}

static bool may_extend(const struct tsmg_extend *extend)
{
	unsigned long mask = rtmr_mask;

	if (extend->path != TSMG_PATH_SYSFS)
		mask &= registers.set->late_mask;
	return mask & BIT(extend->index);
}

static int try_extend(const struct tsmg_extend *extend)
{
	struct tsmg_nap nap;
	int ret;

	if (extend->index >= registers.set->nr_rtmrs)
		return -EINVAL;
	if (!may_extend(extend))
		return -EPERM;

	tsmg_nap_init(&nap, TSMG_BUSY_MS);
	do {
		ret = mutex_lock_killable(&registers.lock);
		if (ret)
			return ret;
		ret = extend_locked(extend);
		mutex_unlock(&registers.lock);
		ret = tsmg_nap_if_busy(&nap, ret);
	} while (ret == -EAGAIN);
	return ret;
}

int tsmg_registers_extend(const struct tsmg_extend *extend)
{
	int ret = try_extend(extend);

	trace_tsm_guest_extend(extend, ret);
	return ret;
}

/*
 * A TEE without RTMRs may have to ask its host, which must not keep the module
 * from being loaded: it is asked when somebody wants to know. Whoever comes
 * meanwhile asks, too, and the first answer counts: nobody waits under a lock.
 */
static int learn_first(void)
{
	u8 *state = kzalloc(registers.set->state_len, GFP_KERNEL);
	int ret;

	if (!state)
		return -ENOMEM;
	ret = registers.set->read(state);
	if (ret || cmpxchg(&registers.first, NULL, state))
		kfree(state);
	return ret;
}

static int read_first(const struct tsmg_register *reg, u8 *value)
{
	int ret = READ_ONCE(registers.first) ? 0 : learn_first();

	if (!ret)
		memcpy(value, READ_ONCE(registers.first) + reg->offset,
		       reg->len);
	return ret;
}

int tsmg_registers_read(unsigned int index, bool cached, u8 *value)
{
	const struct tsmg_register *reg = &registers.set->regs[index];
	struct tsmg_nap nap;
	int ret;

	/* Who reads what never changes waits for nobody who extends. */
	if (cached && !reg->tcg_map)
		return read_first(reg, value);
	tsmg_nap_init(&nap, TSMG_BUSY_MS);
	do {
		ret = mutex_lock_killable(&registers.lock);
		if (ret)
			return ret;
		if (!cached || !registers.fresh)
			ret = refresh_locked();
		if (!ret)
			memcpy(value, registers.state + reg->offset, reg->len);
		mutex_unlock(&registers.lock);
		ret = tsmg_nap_if_busy(&nap, ret);
	} while (ret == -EAGAIN);
	return ret;
}

unsigned long tsmg_registers_begin(void)
{
	unsigned long moves = READ_ONCE(registers.moves);

	/* Pairs with extend_locked(). */
	smp_mb();
	return moves;
}

void tsmg_registers_seen(unsigned long since, const u8 *state)
{
	/* Who extends now is not waited for: nothing could be said after it. */
	if ((since & 1) || since != READ_ONCE(registers.moves))
		return;
	if (mutex_lock_killable(&registers.lock))
		return;
	if (since == registers.moves)
		record_gaps_locked(state);
	mutex_unlock(&registers.lock);
}

static int open_log(void)
{
	struct tsmg_nap nap;
	int ret;

	tsmg_nap_init(&nap, TSMG_BUSY_MS);
	do {
		ret = registers.set->read(registers.state);
		ret = tsmg_nap_if_busy(&nap, ret);
	} while (ret == -EAGAIN);
	if (ret) {
		pr_err("cannot read the measurement registers: %d\n", ret);
		return ret;
	}
	memcpy(registers.first, registers.state, registers.set->state_len);
	ret = tsmg_log_init(registers.set, registers.state);
	if (ret)
		pr_err("cannot open the runtime event log: %d\n", ret);
	return ret;
}

int tsmg_registers_init(const struct tsmg_register_set *set)
{
	int ret = -ENOMEM;

	if (WARN_ON(set->nr_rtmrs > TSMG_RTMRS_MAX))
		return -EINVAL;
	if (set->nr_rtmrs && rtmr_mask >= BIT(set->nr_rtmrs)) {
		pr_err("rtmr_mask=0x%x: there are %u RTMRs\n", rtmr_mask,
		       set->nr_rtmrs);
		return -EINVAL;
	}
	registers.set = set;
	if (!set->nr_rtmrs)
		return 0;
	/* Aligned to their size, as kmalloc() does for every power of two. */
	registers.state = kzalloc(set->state_len, GFP_KERNEL);
	registers.spare = kzalloc(set->state_len, GFP_KERNEL);
	registers.first = kzalloc(set->state_len, GFP_KERNEL);
	if (registers.state && registers.spare && registers.first)
		ret = open_log();
	if (ret)
		goto free_state;
	return 0;

free_state:
	kfree(registers.first);
	kfree(registers.spare);
	kfree(registers.state);
	return ret;
}

void tsmg_registers_exit(void)
{
	if (registers.set->nr_rtmrs)
		tsmg_log_exit();
	kfree(registers.first);
	kfree(registers.spare);
	kfree(registers.state);
}
