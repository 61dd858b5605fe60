/* SPDX-License-Identifier: GPL-2.0-only */
/* Evidence that several readers share, and reads that are half done. */
#ifndef _TSMG_EVIDENCE_H
#define _TSMG_EVIDENCE_H

#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>

#include "backend.h"

/**
 * struct tsmg_evidence - one answer of the backend, immutable once made
 * @refs: holders; the last one frees it
 * @generation: which generation of the item's request it answers
 * @report: the blobs
 */
struct tsmg_evidence {
	refcount_t refs;
	unsigned long generation;
	struct tsmg_report report;
};

/**
 * tsmg_evidence_ask - have the backend answer a request
 * @backend: whom to ask
 * @request: what to ask; not kept
 * @generation: what to stamp the answer with
 *
 * Context: process context, no lock held; takes as long as the host does.
 * Return: evidence with one reference, the caller's; or ERR_PTR(-ENOMEM) or
 * the backend's error.
 */
struct tsmg_evidence *tsmg_evidence_ask(const struct tsmg_backend *backend,
					const struct tsmg_request *request,
					unsigned long generation);

/**
 * tsmg_evidence_get - take another reference
 * @evidence: to refer to
 *
 * Return: @evidence.
 */
struct tsmg_evidence *tsmg_evidence_get(struct tsmg_evidence *evidence);

/**
 * tsmg_evidence_put - drop a reference
 * @evidence: to let go; may be NULL
 */
void tsmg_evidence_put(struct tsmg_evidence *evidence);

/**
 * struct tsmg_readings - reads that know their size and await their bytes
 * @lock: guards @list
 * @list: of struct reading, at most one for each live task
 *
 * configfs reads a blob by two calls, one for its size and one for its bytes,
 * and hands to the user whatever its buffer of the first size holds after the
 * second. Between them a writer and another reader may replace the evidence by
 * one of another size. So the first call pins the evidence for its task, and
 * the second takes that pin.
 */
struct tsmg_readings {
	spinlock_t lock;
	struct list_head list;
};

/**
 * tsmg_readings_init - no reads yet
 * @readings: to initialise
 */
void tsmg_readings_init(struct tsmg_readings *readings);

/**
 * tsmg_readings_pin - remember what the current task was told the size of
 * @readings: where to
 * @evidence: gets another reference while pinned
 *
 * Drops a pin that the same task, or a task now dead, left behind.
 *
 * Return: 0 or -ENOMEM.
 */
int tsmg_readings_pin(struct tsmg_readings *readings,
		      struct tsmg_evidence *evidence);

/**
 * tsmg_readings_take - the evidence that the current task has pinned
 * @readings: where it is
 *
 * Return: evidence whose reference is now the caller's, or NULL.
 */
struct tsmg_evidence *tsmg_readings_take(struct tsmg_readings *readings);

/**
 * tsmg_readings_drop_all - drop every pin; no read is running
 * @readings: to empty
 */
void tsmg_readings_drop_all(struct tsmg_readings *readings);

#endif /* _TSMG_EVIDENCE_H */
