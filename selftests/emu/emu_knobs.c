// SPDX-License-Identifier: GPL-2.0-only
/* Kinds of knobs, for those of every emulated TEE. */

#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "emu_compat.h"
#include "emu_knobs.h"

static int bounded_set(const char *text, const struct kernel_param *kp)
{
	struct emu_bounded *bounded = kp->arg;
	unsigned int value;
	int ret = kstrtouint(text, 0, &value);

	if (ret)
		return ret;
	if (value < bounded->min || value > bounded->max)
		return -EINVAL;
	WRITE_ONCE(bounded->value, value);
	return 0;
}

static int bounded_get(char *buffer, const struct kernel_param *kp)
{
	const struct emu_bounded *bounded = kp->arg;

	return sysfs_emit(buffer, "%u\n", READ_ONCE(bounded->value));
}

const struct kernel_param_ops emu_bounded_ops = {
	.set = bounded_set,
	.get = bounded_get,
};

static int hex64_set(const char *text, const struct kernel_param *kp)
{
	u64 value;
	int ret = kstrtou64(text, 16, &value);

	if (!ret)
		WRITE_ONCE(*(u64 *)kp->arg, value);
	return ret;
}

static int hex64_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "0x%016llx\n", READ_ONCE(*(u64 *)kp->arg));
}

const struct kernel_param_ops emu_hex64_ops = {
	.set = hex64_set,
	.get = hex64_get,
};

/**
 * emu_read_hex - reads a string of bytes
 * @value: where to, @size bytes; partly written on error
 * @text: exactly that many, as hexadecimal digits, and perhaps a newline
 * @size: bytes
 *
 * Return: 0 or -EINVAL.
 */
int emu_read_hex(u8 *value, const char *text, size_t size)
{
	if (strcspn(text, "\n") != 2 * size || hex2bin(value, text, size))
		return -EINVAL;
	return 0;
}

static int bytes_set(const char *text, const struct kernel_param *kp)
{
	const struct emu_bytes *bytes = kp->arg;
	u8 value[EMU_BYTES_MAX];
	int ret = emu_read_hex(value, text, bytes->size);

	if (ret)
		return ret;
	guard(spinlock_irqsave)(bytes->lock);
	memcpy(bytes->value, value, bytes->size);
	return 0;
}

static int bytes_get(char *buffer, const struct kernel_param *kp)
{
	const struct emu_bytes *bytes = kp->arg;
	u8 value[EMU_BYTES_MAX];

	scoped_guard(spinlock_irqsave, bytes->lock)
		memcpy(value, bytes->value, bytes->size);
	return sysfs_emit(buffer, "%*phN\n", (int)bytes->size, value);
}

const struct kernel_param_ops emu_bytes_ops = {
	.set = bytes_set,
	.get = bytes_get,
};

/**
 * emu_take - whether a knob holds for this call
 * @left: calls for which it does, counted down; below 0: for all
 *
 * Without a lock: a kprobe asks, too, and may have interrupted anything.
 */
bool emu_take(int *left)
{
	int now = READ_ONCE(*left);

	while (now > 0)
		if (try_cmpxchg(left, &now, now - 1))
			return true;
	return now < 0;
}
