/* SPDX-License-Identifier: GPL-2.0-only */
/* The measurement registers: one lock, one cache, one way to extend them. */
#ifndef _TSMG_REGISTERS_H
#define _TSMG_REGISTERS_H

#include <linux/types.h>

#include "backend.h"

/**
 * enum tsmg_path - by which interface somebody extends a register
 * @TSMG_PATH_SYSFS: measurements
 * @TSMG_PATH_CONFIGFS: tsm/rtmrs
 * @TSMG_PATH_IOCTL: the legacy device
 */
enum tsmg_path {
	TSMG_PATH_SYSFS,
	TSMG_PATH_CONFIGFS,
	TSMG_PATH_IOCTL,
};

/**
 * struct tsmg_extend - what a register shall be extended with
 * @index: which register
 * @path: how the request came
 * @digest: TSMG_DIGEST_LEN bytes
 * @event_type: TCG event type to record it with
 * @event: event data to record with it
 * @event_len: bytes of @event, at most TSM_GUEST_EVENT_MAX
 */
struct tsmg_extend {
	unsigned int index;
	enum tsmg_path path;
	const u8 *digest;
	u32 event_type;
	const void *event;
	size_t event_len;
};

/**
 * tsmg_registers_extend - extend a register and record it in the log
 * @extend: with what; the caller's
 *
 * Both happen, or neither. Extends happen one after the other, and the log has
 * them in that order.
 *
 * Context: process context, no lock held; killable.
 * Return: 0; or, with nothing extended, -EINVAL if there is no such register,
 * -EPERM if it may not be extended this way, -EINTR when killed, -ENOSPC if
 * the log is full, -ENOMEM, or an error of the backend.
 */
int tsmg_registers_extend(const struct tsmg_extend *extend);

/**
 * tsmg_registers_read - read a register
 * @index: which
 * @cached: content with what the TEE told last, if nothing was extended since
 * @value: its value, as many bytes as it has
 *
 * Context: process context, no lock held; killable.
 * Return: 0, -EINTR when killed, or an error of the backend.
 */
int tsmg_registers_read(unsigned int index, bool cached, u8 *value);

/**
 * tsmg_registers_begin - before the TEE is asked for state for another purpose
 *
 * Return: to be passed to tsmg_registers_seen().
 */
unsigned long tsmg_registers_begin(void);

/**
 * tsmg_registers_seen - have state that came anyway compared with the log
 * @since: from tsmg_registers_begin(), before @state was made
 * @state: as read() of the register set gives it
 *
 * Records a gap for each register whose value the log does not explain. If
 * registers were extended meanwhile nothing can be said, and nothing is.
 *
 * Context: process context, no lock held; killable.
 */
void tsmg_registers_seen(unsigned long since, const u8 *state);

/**
 * tsmg_registers_init - read all registers and open the log with them, if any
 *	of them can be extended
 * @set: of the backend, which must be ready
 *
 * Return: 0, or -errno after a message.
 */
int tsmg_registers_init(const struct tsmg_register_set *set);

/* tsmg_registers_exit - undo tsmg_registers_init(); nobody reads or extends */
void tsmg_registers_exit(void);

#endif /* _TSMG_REGISTERS_H */
