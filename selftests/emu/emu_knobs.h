/* SPDX-License-Identifier: GPL-2.0-only */
/* Kinds of knobs: what a module parameter takes, keeps and shows. */
#ifndef EMU_KNOBS_H
#define EMU_KNOBS_H

#include <linux/moduleparam.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/**
 * struct emu_bounded - an unsigned number
 * @value: now
 * @min: least that is taken
 * @max: most that is taken
 */
struct emu_bounded {
	unsigned int value, min, max;
};

/**
 * struct emu_bytes - a string of bytes, in hexadecimal to user space
 * @value: now
 * @size: of it, EMU_BYTES_MAX at most
 * @lock: of @value
 */
struct emu_bytes {
	u8 *value;
	size_t size;
	spinlock_t *lock;
};

#define EMU_BYTES_MAX	48

extern const struct kernel_param_ops emu_bounded_ops;
extern const struct kernel_param_ops emu_hex64_ops;
extern const struct kernel_param_ops emu_bytes_ops;

int emu_read_hex(u8 *value, const char *text, size_t size);
bool emu_take(int *left);

#define EMU_BOUNDED_KNOB(name, dflt, least, most, desc)			\
	static struct emu_bounded name = { dflt, least, most };		\
	module_param_cb(name, &emu_bounded_ops, &name, 0644);		\
	MODULE_PARM_DESC(name, desc)

/* In hexadecimal, 0 unless set */
#define EMU_HEX64_KNOB(name, desc)					\
	static u64 name;						\
	module_param_cb(name, &emu_hex64_ops, &name, 0644);		\
	MODULE_PARM_DESC(name, desc)

/* Counts down to 0 by emu_take(); -1: never */
#define EMU_COUNT_KNOB(name, desc)					\
	static int name;						\
	module_param(name, int, 0644);					\
	MODULE_PARM_DESC(name, desc)

#endif
