/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The ABI that is tsm_guest's own: configfs tsm/rtmrs with event data, and the
 * runtime event log. Every file's modes and errors are in uapi/ABI.
 *
 * Extending a register
 * ====================
 *
 * An RTMR of a TD can be extended by root in three ways, which all end up in
 * the same log, in the order in which the register saw them:
 *
 *	cat digest.bin >/sys/class/misc/tdx_guest/measurements/rtmr3:sha384
 *	the ioctl TDX_CMD_EXTEND_RTMR of /dev/tdx_guest
 *	an entry of configfs tsm/rtmrs
 *
 * The first two take 48 bytes, the digest; the file in a single write(2), which
 * printf of bash does not promise. An entry of tsm/rtmrs also takes
 * event data, which tell a verifier what the digest is of:
 *
 *	cd /sys/kernel/config/tsm/rtmrs
 *	mkdir mine
 *	echo 3 >mine/index
 *	cat event.bin >mine/event
 *	echo 1 >mine/measure
 *	rmdir mine
 *
 * index
 *	Which RTMR. Written once; one entry for each RTMR at a time, so a
 *	program looks for an entry that has its index before it makes one.
 *
 * event
 *	Up to TSM_GUEST_EVENT_MAX bytes that the next successful extend through
 *	this entry has recorded with it, and that are gone from the entry then.
 *	As with any binary attribute of configfs they count from the last close
 *	on. Those of another file replace them. If a write failed with EFBIG,
 *	what the file took before is pending, or nothing.
 *
 * event_type
 *	The TCG event type that they are recorded with, TSM_EV_EVENT_TAG at
 *	first. Event data of that type are a struct tsm_tagged_event and what
 *	it announces; the kernel does not look. TSM_EV_NO_ACTION is refused, for
 *	a record of that type extends nothing.
 *
 * measure
 *	"1" extends the RTMR with SHA-384 of the pending event data. 96 hex
 *	digits do the same if they are that digest, else nothing. "0" drops
 *	pending event data.
 *
 * digest
 *	48 bytes written here extend the RTMR. If event data are pending they
 *	are recorded with it, whatever they are; else the type is
 *	TSM_EV_COMPACT_HASH, and there are none. So a verifier cannot take it
 *	for granted that a digest is that of the event data. configfs drops the
 *	error of a digest, because it commits at close; and it commits zeros
 *	for bytes that write(2) could not read, although that failed.
 *
 * last_errno
 *	What became of the last attempt to extend through this entry, by digest
 *	or by measure: 0, or an errno as a number. Nonsense written to measure
 *	is an attempt, too, with EINVAL: who does that first and then finds 0
 *	after the close of digest knows that it extended.
 *
 * Who shares an entry shares its pending event data. A program that writes
 * event, measure or digest holds flock(LOCK_EX) on the directory meanwhile; it
 * writes the digest, not "1", to measure, and "0" before it gives up or writes a
 * digest alone: then nobody's event is recorded as somebody else's. Anybody who
 * can open the directory can hold that lock: an entry that stays had better be
 * 0700, by chmod, since mkdir in configfs takes no mode. An entry that somebody
 * else made may go at any time: on ENOENT, start over.
 *
 * The runtime event log
 * =====================
 *
 * TSM_GUEST_LOG holds all records since the module was loaded, in the format of
 * the CC event log of firmware (uapi/tsm/eventlog.h): a struct tsm_spec_id, a
 * record with the values that the registers had (TSM_STATE_OPENING), then one
 * record for each extend. A reader may read at any time and never sees part of
 * a record at the end. An extend that failed has no record; one that cannot be
 * recorded is not done.
 *
 * Firmware's log, cut at its end mark, followed by ours without its struct
 * tsm_spec_id, is one log. To find out whether it explains the registers: begin
 * with 48 zero bytes for each RTMR; for each record in order, RTMR = SHA-384
 * (RTMR || digest), but skip records of type TSM_EV_NO_ACTION. A record with
 * TSM_STATE_GAP says that this must fail for its register, and with which value
 * to go on.
 *
 * Whether there is a gap is looked at whenever the module reads the registers
 * for any other reason: for a quote through tsm/report or a TDREPORT, for a read
 * of an entry's digest, or of a register in sysfs after an extend. The record is
 * there before that read returns, unless the module extended a register in the
 * meantime, or there is no room or memory for the record: then the next look
 * finds it. An extend does not look, so other records may stand between the
 * moment when the register moved and the one that says so.
 */
#ifndef _UAPI_LINUX_TSM_GUEST_H_
#define _UAPI_LINUX_TSM_GUEST_H_

#include <linux/types.h>

/* Most bytes of event data that an extend can have. */
#define TSM_GUEST_EVENT_MAX	65536

/* Where the entries are made, below the mount point of configfs. */
#define TSM_GUEST_RTMRS		"tsm/rtmrs"

/* The log, below the mount point of securityfs, in binary and as text. */
#define TSM_GUEST_LOG		"tsm_guest/binary_runtime_measurements"
#define TSM_GUEST_LOG_ASCII	"tsm_guest/ascii_runtime_measurements"

#endif /* _UAPI_LINUX_TSM_GUEST_H_ */
