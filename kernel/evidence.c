// SPDX-License-Identifier: GPL-2.0-only
/* Evidence that several readers share, and reads that are half done. */
#include "evidence.h"

#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>

/**
 * struct reading - a read between its size call and its bytes call
 * @node: in tsmg_readings.list
 * @reader: the task; referenced, so that a later task cannot be taken for it
 * @evidence: what its size was told of
 */
struct reading {
	struct list_head node;
	struct pid *reader;
	struct tsmg_evidence *evidence;
};

static void evidence_free(struct tsmg_evidence *evidence)
{
	int i;

	for (i = 0; i < TSMG_BLOBS; i++)
		kvfree(evidence->report.blob[i].data);
	kfree(evidence);
}

struct tsmg_evidence *tsmg_evidence_ask(const struct tsmg_backend *backend,
					const struct tsmg_request *request,
					unsigned long generation)
{
	struct tsmg_evidence *evidence;
	int ret;

	evidence = kzalloc_obj(*evidence);
	if (!evidence)
		return ERR_PTR(-ENOMEM);

	refcount_set(&evidence->refs, 1);
	evidence->generation = generation;
	ret = backend->report_new(request, &evidence->report);
	if (ret) {
		evidence_free(evidence);
		return ERR_PTR(ret);
	}
	return evidence;
}

struct tsmg_evidence *tsmg_evidence_get(struct tsmg_evidence *evidence)
{
	refcount_inc(&evidence->refs);
	return evidence;
}

void tsmg_evidence_put(struct tsmg_evidence *evidence)
{
	if (evidence && refcount_dec_and_test(&evidence->refs))
		evidence_free(evidence);
}

void tsmg_readings_init(struct tsmg_readings *readings)
{
	spin_lock_init(&readings->lock);
	INIT_LIST_HEAD(&readings->list);
}

static void reading_free(struct reading *reading)
{
	tsmg_evidence_put(reading->evidence);
	put_pid(reading->reader);
	kfree(reading);
}

static void readings_free(struct list_head *list)
{
	struct reading *reading, *next;

	list_for_each_entry_safe(reading, next, list, node)
		reading_free(reading);
}

/* A size call whose bytes call never came: configfs found no memory. */
static bool reading_is_stale(const struct reading *reading)
{
	return reading->reader == task_pid(current) ||
	       !pid_has_task(reading->reader, PIDTYPE_PID);
}

int tsmg_readings_pin(struct tsmg_readings *readings,
		      struct tsmg_evidence *evidence)
{
	struct reading *mine, *reading, *next;
	LIST_HEAD(stale);

	mine = kzalloc_obj(*mine);
	if (!mine)
		return -ENOMEM;
	mine->reader = get_pid(task_pid(current));
	mine->evidence = tsmg_evidence_get(evidence);

	scoped_guard(spinlock, &readings->lock) {
		list_for_each_entry_safe(reading, next, &readings->list, node)
			if (reading_is_stale(reading))
				list_move(&reading->node, &stale);
		list_add(&mine->node, &readings->list);
	}
	readings_free(&stale);
	return 0;
}

struct tsmg_evidence *tsmg_readings_take(struct tsmg_readings *readings)
{
	struct reading *reading, *mine = NULL;
	struct tsmg_evidence *evidence;

	scoped_guard(spinlock, &readings->lock) {
		list_for_each_entry(reading, &readings->list, node) {
			if (reading->reader == task_pid(current)) {
				mine = reading;
				list_del(&mine->node);
				break;
			}
		}
	}
	if (!mine)
		return NULL;

	evidence = tsmg_evidence_get(mine->evidence);
	reading_free(mine);
	return evidence;
}

void tsmg_readings_drop_all(struct tsmg_readings *readings)
{
	readings_free(&readings->list);
	INIT_LIST_HEAD(&readings->list);
}
