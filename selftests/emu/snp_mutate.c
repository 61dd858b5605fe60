// SPDX-License-Identifier: GPL-2.0-only
/* A host that changes its answer while the guest looks at it. */

#include <linux/delay.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "emu.h"
#include "emu_compat.h"
#include "snp_host.h"

#define MAX_CHANGES	NR_VMPCKS
/* How often to look whether the worker has begun, 20 to 100 us each */
#define BEGIN_TRIES	200
/* Of the certificate buffer: the entries, and what they begin with */
#define CERTS_CHANGED	256

/**
 * struct change - an answer that keeps changing; under emu_host_lock
 * @id: unique, 0: none
 * @begun: it is being changed by now
 * @deadline: until when
 * @resp_gpa: page of the response
 * @certs_gpa: certificate buffer
 * @certs_size: of it, may be 0
 * @response: as it should be
 * @certs: so should be the beginning of the buffer
 * @work: changes it
 */
struct change {
	u64 id;
	bool begun;
	ktime_t deadline;
	u64 resp_gpa;
	u64 certs_gpa;
	u64 certs_size;
	u8 response[sizeof(struct message)];
	u8 certs[CERTS_CHANGED];
	struct work_struct work;
};

static struct change changes[MAX_CHANGES];
static u64 last_id;

#define for_each_change(change) \
	for ((change) = changes; (change) < changes + MAX_CHANGES; (change)++)

/* Fields that a guest may look at more than once */
static void spoil_response(struct message *response, unsigned int turn)
{
	switch (turn % 6) {
	case 0:
		response->header.size = cpu_to_le16(U16_MAX);
		break;
	case 1:
		response->header.size = cpu_to_le16(0);
		break;
	case 2:
		response->header.seqno ^= cpu_to_le64(1);
		break;
	case 3:
		response->header.type ^= 1;
		break;
	case 4:
		response->header.version ^= 3;
		break;
	default:
		get_random_bytes(response->payload, 64);
		break;
	}
}

static void spoil_certs(struct cert_entry *entry, unsigned int turn)
{
	switch (turn % 4) {
	case 0:
		entry[0].length = cpu_to_le32(U32_MAX);
		break;
	case 1:
		entry[0].offset = cpu_to_le32(U32_MAX - 15);
		break;
	case 2:
		memset(&entry[0], 0, sizeof(*entry));
		break;
	default:
		memset(entry, 0xee, CERTS_CHANGED);
		break;
	}
}

static void make_honest(const struct change *change)
{
	memcpy(__va(change->resp_gpa), change->response,
	       sizeof(change->response));
	if (change->certs_size)
		memcpy(__va(change->certs_gpa), change->certs, CERTS_CHANGED);
}

/* One change to the answer; false when it is no longer ours to change. */
static bool change_once(struct change *change, u64 id, unsigned int turn)
{
	guard(spinlock_irqsave)(&emu_host_lock);
	if (!id || change->id != id)
		return false;
	make_honest(change);
	if (ktime_after(ktime_get(), change->deadline)) {
		change->id = 0;
		return false;
	}
	if (turn & 1)
		return true;
	spoil_response(__va(change->resp_gpa), turn / 2);
	if (change->certs_size)
		spoil_certs(__va(change->certs_gpa), turn / 2);
	WRITE_ONCE(change->begun, true);
	return true;
}

/* A busy thread and no timer: the window to be hit is a few instructions. */
static void keep_changing(struct work_struct *work)
{
	struct change *change = container_of(work, struct change, work);
	u64 id = READ_ONCE(change->id);
	unsigned int turn = 0;

	while (change_once(change, id, turn++))
		cond_resched();
}

int emu_mutate_init(void)
{
	struct change *change;

	for_each_change(change)
		INIT_WORK(&change->work, keep_changing);
	return 0;
}

static struct change *begin(u64 resp_gpa, u64 certs_gpa, u64 certs_size,
			    unsigned int ms)
{
	struct change *change;

	guard(spinlock_irqsave)(&emu_host_lock);
	for_each_change(change)
		if (!change->id)
			break;
	if (change == changes + MAX_CHANGES)
		return NULL;
	change->id = ++last_id;
	change->begun = false;
	change->deadline = ktime_add_ms(ktime_get(), ms);
	change->resp_gpa = resp_gpa;
	change->certs_gpa = certs_gpa;
	change->certs_size = certs_size;
	memcpy(change->response, __va(resp_gpa), sizeof(change->response));
	if (certs_size)
		memcpy(change->certs, __va(certs_gpa), CERTS_CHANGED);
	queue_work(system_dfl_wq, &change->work);
	return change;
}

/**
 * emu_mutate_start - keeps changing an answer that has just been given
 * @resp_gpa: page of the response
 * @certs_gpa: certificate buffer
 * @certs_size: of it, whole pages; 0: there is none
 * @ms: for how long
 *
 * Returns when it has begun: the guest is quicker than a worker that has yet to
 * be woken. May sleep.
 */
void emu_mutate_start(u64 resp_gpa, u64 certs_gpa, u64 certs_size,
		      unsigned int ms)
{
	struct change *change = begin(resp_gpa, certs_gpa, certs_size, ms);
	int tries;

	for (tries = 0; change && tries < BEGIN_TRIES; tries++) {
		if (READ_ONCE(change->begun))
			break;
		usleep_range(20, 100);
	}
}

/**
 * emu_mutate_stop - stops toying with an answer when the guest asks anew
 * @resp_gpa: where the next response will be
 * @certs_gpa: and its certificates
 */
void emu_mutate_stop(u64 resp_gpa, u64 certs_gpa)
{
	struct change *change;

	guard(spinlock_irqsave)(&emu_host_lock);
	for_each_change(change)
		if (change->resp_gpa == resp_gpa ||
		    (certs_gpa && change->certs_gpa == certs_gpa))
			change->id = 0;
}

static bool covers(const struct change *change, u64 gpa)
{
	return change->resp_gpa == gpa ||
	       gpa - change->certs_gpa < change->certs_size;
}

/**
 * emu_snp_revoke - the guest took a page away
 * @pfn: page that the host must not touch any more
 *
 * Any context but NMI.
 */
void emu_snp_revoke(unsigned long pfn)
{
	struct change *change;

	guard(spinlock_irqsave)(&emu_host_lock);
	for_each_change(change)
		if (covers(change, PFN_PHYS(pfn)))
			change->id = 0;
}

/* Nobody can ask any more. */
void emu_mutate_exit(void)
{
	struct change *change;

	scoped_guard(spinlock_irqsave, &emu_host_lock)
		for_each_change(change)
			change->id = 0;
	for_each_change(change)
		cancel_work_sync(&change->work);
}
