/* SPDX-License-Identifier: GPL-2.0-only */
/* The runtime event log: what the registers were extended with, and when. */
#ifndef _TSMG_RUNTIME_LOG_H
#define _TSMG_RUNTIME_LOG_H

#include <linux/types.h>

#include "../uapi/tsm/eventlog.h"

struct tsmg_extend;
struct tsmg_register_set;

/**
 * struct tsmg_log_record - where a record lies in the log
 * @head: a copy of its head
 * @event_len: bytes of event data
 * @event: offset of the event data in the log
 * @next: offset of the next record
 */
struct tsmg_log_record {
	struct tsm_event head;
	size_t event_len;
	size_t event;
	size_t next;
};

/* Offset of the first record with a struct tsm_event. */
#define TSMG_LOG_FIRST		sizeof(struct tsm_spec_id)

/*
 * From here to tsmg_log_gap(): the caller holds the lock of the registers, so
 * that the log grows in the order in which the registers are extended.
 */

/**
 * tsmg_log_reserve - make sure that a record will find room
 * @event_len: bytes of event data it has, at most TSM_GUEST_EVENT_MAX
 *
 * Return: 0, and the next tsmg_log_append() of as much cannot fail; -ENOSPC
 * above log_max_kb; -ENOMEM.
 */
int tsmg_log_reserve(size_t event_len);

/**
 * tsmg_log_append - record that a register was extended
 * @extend: with what; room for it was reserved
 *
 * Readers see all of the record, or nothing of it.
 */
void tsmg_log_append(const struct tsmg_extend *extend);

/**
 * tsmg_log_explains - whether a replay of the log leads to a value
 * @index: of the register
 * @value: TSMG_DIGEST_LEN bytes
 */
bool tsmg_log_explains(unsigned int index, const u8 *value);

/**
 * tsmg_log_gap - record that a register has a value for no reason known
 * @index: of the register
 * @value: TSMG_DIGEST_LEN bytes; the log explains it from then on
 *
 * When the register moved is not known: extends that came after that may stand
 * before the record.
 *
 * Return: 0, -ENOSPC or -ENOMEM.
 */
int tsmg_log_gap(unsigned int index, const u8 *value);

/**
 * tsmg_log_size - how much of the log can be read
 *
 * Any context, no lock. Whole records only.
 */
size_t tsmg_log_size(void);

/**
 * tsmg_log_read - copy from the log
 * @offset: where, below tsmg_log_size()
 * @to: gets the bytes
 * @len: how many, not beyond tsmg_log_size()
 *
 * Any context, no lock.
 */
void tsmg_log_read(size_t offset, void *to, size_t len);

/**
 * tsmg_log_record_at - find a record
 * @offset: TSMG_LOG_FIRST or the end of another record
 * @record: to fill in
 *
 * Any context, no lock.
 * Return: whether there is one yet.
 */
bool tsmg_log_record_at(size_t offset, struct tsmg_log_record *record);

/**
 * tsmg_log_init - open the log with the values that the registers have
 * @set: the registers
 * @state: their state
 *
 * Return: 0 or -ENOMEM.
 */
int tsmg_log_init(const struct tsmg_register_set *set, const u8 *state);

/* tsmg_log_exit - drop the log; nobody reads or writes it any more */
void tsmg_log_exit(void);

/* log_files.c: the log in securityfs */

/**
 * tsmg_log_files_init - show the log
 *
 * Whatever could still fail would have to take back files that somebody may
 * have open, which init cannot. So this comes last, and if it fails, as it does
 * on a kernel without securityfs, that is told and everything else works.
 */
void tsmg_log_files_init(void);

/* tsmg_log_files_exit - hide it; nobody has a file open, for that pins us */
void tsmg_log_files_exit(void);

#endif /* _TSMG_RUNTIME_LOG_H */
