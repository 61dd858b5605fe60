/* SPDX-License-Identifier: MIT */
/*
 * libtsmguest, continued from tsm.h: extending runtime measurement registers, in
 * the three ways that kernels offer (extend.c, rtmr.c).
 *
 * An extend cannot be taken back. What these functions return says for sure
 * that the register was extended (0), that it was not, or that nobody can tell
 * (-ENOTRECOVERABLE); after the latter a caller must not try again.
 */
#include "tsm.h"

#ifndef TSM_RTMR_H
#define TSM_RTMR_H

/* TDX module ABI, TDINFO_STRUCT: four RTMRs, each a SHA-384. */
#define TSM_RTMRS		4
#define TSM_RTMR_SIZE		48

/* As TSM_GUEST_EVENT_MAX of uapi/linux/tsm-guest.h. */
#define TSM_RTMR_EVENT_MAX	65536

#define TSM_RTMR_ROOT		"/sys/kernel/config/tsm/rtmrs"

/**
 * struct tsm_extend - what to extend a register with
 * @index: which RTMR, below TSM_RTMRS
 * @digest: what goes into the register
 * @event: event data, which @digest is the SHA-384 of; NULL if there are none
 * @event_len: their bytes, 1 to TSM_RTMR_EVENT_MAX where they are recorded
 * @event_type: TCG event type to record them with
 */
struct tsm_extend {
	unsigned int index;
	uint8_t digest[TSM_RTMR_SIZE];
	const void *event;
	size_t event_len;
	uint32_t event_type;
};

/**
 * struct tsm_extended - what is known of an extend afterwards
 * @recorded: the kernel took the event data, too
 * @has_before: @before could be read
 * @has_after: @after could be read
 * @before: value of the register just before
 * @after: just after; others may have extended it in between
 */
struct tsm_extended {
	bool recorded;
	bool has_before;
	bool has_after;
	uint8_t before[TSM_RTMR_SIZE];
	uint8_t after[TSM_RTMR_SIZE];
};

/* extend.c */

/* tsm_rtmr_hash() - SHA-384, what registers are made of. Return: 0, -ENOMEM. */
int tsm_rtmr_hash(const void *data, size_t len, uint8_t digest[TSM_RTMR_SIZE]);

/**
 * tsm_rtmr_next() - the value that an extend gives a register
 * @value: before
 * @digest: what it is extended with
 * @next: SHA-384 over both
 *
 * Return: 0, or -ENOMEM if no digest could be computed.
 */
int tsm_rtmr_next(const uint8_t value[TSM_RTMR_SIZE],
		  const uint8_t digest[TSM_RTMR_SIZE],
		  uint8_t next[TSM_RTMR_SIZE]);

/**
 * tsm_extend_sysfs() - extend through the directory of measurement registers
 * @dir: .../misc/tdx_guest/measurements
 * @extend: what with; its event data are not recorded
 * @done: what is known afterwards
 * @err: what was wrong
 *
 * Return: 0; -EOPNOTSUPP if @dir has no such register; -ENOTRECOVERABLE if the
 * kernel took part of the digest; else what open() or write() gave, and nothing
 * was extended (uapi/ABI).
 */
int tsm_extend_sysfs(const char *dir, const struct tsm_extend *extend,
		     struct tsm_extended *done, struct tsm_error *err);

/**
 * tsm_extend_ioctl() - extend by TDX_CMD_EXTEND_RTMR of /dev/tdx_guest, or by
 *			its other encoding where that is unknown
 * @extend: what with; its event data are not recorded
 * @done: what is known afterwards
 * @err: what was wrong
 *
 * Return: 0; -EOPNOTSUPP if there is no device or it knows neither; else what
 * open() or ioctl() gave, and nothing was extended.
 */
int tsm_extend_ioctl(const struct tsm_extend *extend,
		     struct tsm_extended *done, struct tsm_error *err);

/* rtmr.c: entries of configfs tsm/rtmrs, uapi/linux/tsm-guest.h; what is done
 * through one is in rtmr_extend.c */

/**
 * struct tsm_rtmr - an entry for a register, locked
 * @dir: its directory, with flock(LOCK_EX) on it; -1 if there is none
 * @ours: we made it, so it is ours to remove
 * @index: which RTMR
 * @event_type: what it was before us; not for entries of ours
 * @path: where it is
 */
struct tsm_rtmr {
	int dir;
	bool ours;
	unsigned int index;
	uint32_t event_type;
	char path[256];
};

/**
 * tsm_rtmr_enter() - find the entry for a register, or make one, and lock it
 * @rtmr: the result, to be ended with tsm_rtmr_leave()
 * @root: TSM_RTMR_ROOT, or where else it is mounted
 * @name: what to call an entry of ours; nobody else may use that name
 * @index: which RTMR
 * @err: what was wrong
 *
 * Waits while somebody else holds the lock. There is one entry for a register at
 * a time, and others come and go: all of that is tried again.
 *
 * Return: 0; -EOPNOTSUPP if there is no @root; -EAGAIN if entries came and went
 * a thousand times; -ETIMEDOUT if somebody held the lock for half a minute, or
 * was the first to lock a hundred new entries; -ENAMETOOLONG; else what mkdir(),
 * open(), flock() or the write of its index gave.
 */
int tsm_rtmr_enter(struct tsm_rtmr *rtmr, const char *root, const char *name,
		   unsigned int index, struct tsm_error *err);

/**
 * tsm_rtmr_measure() - extend with event data
 * @rtmr: from tsm_rtmr_enter(), of the same index
 * @extend: what with; it must have event data
 * @done: what is known afterwards
 * @err: what was wrong
 *
 * The kernel compares the digest with that of the event data that are pending,
 * so that nobody else's are recorded. If it fails, none of ours stay pending.
 *
 * Return: 0; -EOPNOTSUPP if these entries take no event data; -EAGAIN if the
 * entry is gone, or somebody without the lock took our event data away or put
 * others in their place; -ENOTRECOVERABLE if the kernel took part of what was
 * written; else what the kernel gave. Nothing was extended then.
 */
int tsm_rtmr_measure(const struct tsm_rtmr *rtmr,
		     const struct tsm_extend *extend,
		     struct tsm_extended *done, struct tsm_error *err);

/**
 * tsm_rtmr_digest() - extend with a digest alone
 * @rtmr: from tsm_rtmr_enter(), of the same index
 * @extend: what with; its event data are not recorded
 * @done: what is known afterwards
 * @err: what was wrong
 *
 * configfs loses the error of a digest. It is looked up in last_errno, and where
 * a kernel has no such file, as the proposal of these entries had none, found
 * out from the value of the register. Pending event data are dropped before, so
 * that the digest is not recorded with them.
 *
 * Return: 0; -EAGAIN if the entry is gone and nothing was extended; -ECANCELED
 * if the kernel refused and does not say why; -ENOTRECOVERABLE if nobody can
 * tell what became of it; else what the kernel gave, and nothing was extended.
 */
int tsm_rtmr_digest(const struct tsm_rtmr *rtmr,
		    const struct tsm_extend *extend,
		    struct tsm_extended *done, struct tsm_error *err);

/**
 * tsm_rtmr_value() - the value of the register now
 * @rtmr: from tsm_rtmr_enter()
 * @value: the result, zero on failure
 * @err: what was wrong
 *
 * Return: 0; -EAGAIN if the entry is gone; -EMSGSIZE if the value has another
 * size; else what the kernel gave.
 */
int tsm_rtmr_value(const struct tsm_rtmr *rtmr, uint8_t value[TSM_RTMR_SIZE],
		   struct tsm_error *err);

/**
 * tsm_rtmr_restore() - leave an entry of somebody else as it was
 * @dir: as in struct tsm_rtmr, or a copy of it in another process
 * @event_type: likewise
 *
 * Drops pending event data: nobody who keeps to the lock has any.
 */
void tsm_rtmr_restore(int dir, uint32_t event_type);

/**
 * tsm_rtmr_leave() - remove an entry of ours, restore another; unlock it
 * @rtmr: the entry; none afterwards
 * @err: what was wrong
 *
 * Return: 0, also if the entry is gone; what rmdir() gave.
 */
int tsm_rtmr_leave(struct tsm_rtmr *rtmr, struct tsm_error *err);

#endif /* TSM_RTMR_H */
