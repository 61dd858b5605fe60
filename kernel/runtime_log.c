// SPDX-License-Identifier: GPL-2.0-only
/* The runtime event log: what the registers were extended with, and when. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "runtime_log.h"

#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/xarray.h>
#include <crypto/sha2.h>

#include "registers.h"

/* Kept free for a gap record of each register: who fills the log hides none. */
#define GAP_LEN		(sizeof(struct tsm_event) + sizeof(struct tsm_state) + \
			 sizeof(struct tsm_state_value))
#define GAP_RESERVE	(TSMG_RTMRS_MAX * GAP_LEN)

/* More than this is not left to a reader, who would hold up all others. */
#define REPLAY_MAX	(1024 * 1024)

static unsigned int log_max_kb = 1024;
module_param(log_max_kb, uint, 0644);
MODULE_PARM_DESC(log_max_kb, "how large the runtime event log may become, in KiB (default 1024)");

/**
 * struct log - a file in memory that only grows
 * @pages: its bytes; a page, once there, stays as long as the module
 * @room: bytes of @pages
 * @size: bytes that readers may see; moves from record to record
 * @opened: how many of them it had before the first extend
 * @replayed: how far @explained goes; what follows is replayed when somebody
 *	wants to know, so that an extend does not cost a hash
 * @explained: the values to which a replay of the log leads
 *
 * Writers hold the lock of the registers; readers hold none.
 */
struct log {
	struct xarray pages;
	size_t room;
	size_t size;
	size_t opened;
	size_t replayed;
	u8 explained[TSMG_RTMRS_MAX][TSMG_DIGEST_LEN];
};

static struct log log = {
	.pages = XARRAY_INIT(log.pages, 0),
	.replayed = TSMG_LOG_FIRST,
};

static void *at(size_t offset, size_t *left)
{
	*left = PAGE_SIZE - offset_in_page(offset);
	return xa_load(&log.pages, offset >> PAGE_SHIFT) +
	       offset_in_page(offset);
}

/* Beyond @size, where no reader looks. */
static size_t put(size_t offset, const void *from, size_t len)
{
	size_t left, n;
	void *to;

	while (len) {
		to = at(offset, &left);
		n = min(len, left);
		memcpy(to, from, n);
		from += n;
		offset += n;
		len -= n;
	}
	return offset;
}

void tsmg_log_read(size_t offset, void *to, size_t len)
{
	const void *from;
	size_t left, n;

	while (len) {
		from = at(offset, &left);
		n = min(len, left);
		memcpy(to, from, n);
		to += n;
		offset += n;
		len -= n;
	}
}

size_t tsmg_log_size(void)
{
	/* Pairs with publish(). */
	return smp_load_acquire(&log.size);
}

static void publish(size_t size)
{
	/* Who sees the new size sees the bytes. */
	smp_store_release(&log.size, size);
}

static int add_page(void)
{
	void *page = (void *)get_zeroed_page(GFP_KERNEL);
	int ret;

	if (!page)
		return -ENOMEM;
	ret = xa_err(xa_store(&log.pages, log.room >> PAGE_SHIFT, page,
			      GFP_KERNEL));
	if (ret) {
		free_page((unsigned long)page);
		return ret;
	}
	log.room += PAGE_SIZE;
	return 0;
}

static int make_room(size_t len)
{
	int ret = 0;

	while (!ret && log.room - log.size < len)
		ret = add_page();
	return ret;
}

static bool is_below_limit(size_t len)
{
	size_t limit = (size_t)READ_ONCE(log_max_kb) * 1024;

	return log.size + len <= limit;
}

int tsmg_log_reserve(size_t event_len)
{
	size_t len = sizeof(struct tsm_event) + event_len;

	if (!is_below_limit(len + GAP_RESERVE))
		return -ENOSPC;
	return make_room(len);
}

static void append(u32 mr_index, u32 type, const u8 *digest,
		   const void *event, size_t event_len)
{
	struct tsm_event head = {
		.mr_index = cpu_to_le32(mr_index),
		.event_type = cpu_to_le32(type),
		.digests = cpu_to_le32(1),
		.alg = cpu_to_le16(TSM_ALG_SHA384),
		.event_size = cpu_to_le32(event_len),
	};
	size_t end;

	if (digest)
		memcpy(head.digest, digest, sizeof(head.digest));
	end = put(log.size, &head, sizeof(head));
	end = put(end, event, event_len);
	publish(end);
}

static void replay_record(const struct tsm_event *head)
{
	u8 both[2 * TSMG_DIGEST_LEN];
	u8 *value;

	if (head->event_type == cpu_to_le32(TSM_EV_NO_ACTION))
		return;
	value = log.explained[le32_to_cpu(head->mr_index) - TSM_MR_RTMR(0)];
	memcpy(both, value, TSMG_DIGEST_LEN);
	memcpy(both + TSMG_DIGEST_LEN, head->digest, TSMG_DIGEST_LEN);
	sha384(both, sizeof(both), value);
}

static void replay(void)
{
	struct tsmg_log_record record;

	while (tsmg_log_record_at(log.replayed, &record)) {
		replay_record(&record.head);
		log.replayed = record.next;
		cond_resched();
	}
}

void tsmg_log_append(const struct tsmg_extend *extend)
{
	append(TSM_MR_RTMR(extend->index), extend->event_type, extend->digest,
	       extend->event, extend->event_len);
	if (log.size - log.replayed > REPLAY_MAX)
		replay();
}

bool tsmg_log_explains(unsigned int index, const u8 *value)
{
	replay();
	return !memcmp(log.explained[index], value, TSMG_DIGEST_LEN);
}

/* A record of the values that some registers have, not of an extend. */
static int append_state(u32 mr_index, u8 reason, unsigned int first,
			unsigned int count)
{
	struct {
		struct tsm_state head;
		struct tsm_state_value value[TSMG_RTMRS_MAX];
	} __packed state = {
		.head = {
			.signature = TSM_STATE_SIGNATURE,
			.reason = reason,
			.values = count,
		},
	};
	size_t len = sizeof(state.head) + count * sizeof(state.value[0]);
	unsigned int i;
	int ret;

	ret = make_room(sizeof(struct tsm_event) + len);
	if (ret)
		return ret;

	for (i = 0; i < count; i++) {
		state.value[i].mr_index = cpu_to_le32(TSM_MR_RTMR(first + i));
		memcpy(state.value[i].value, log.explained[first + i],
		       TSMG_DIGEST_LEN);
	}
	append(mr_index, TSM_EV_NO_ACTION, NULL, &state, len);
	return 0;
}

int tsmg_log_gap(unsigned int index, const u8 *value)
{
	u8 before[TSMG_DIGEST_LEN];
	int ret;

	if (!is_below_limit(GAP_LEN))
		return -ENOSPC;

	memcpy(before, log.explained[index], TSMG_DIGEST_LEN);
	memcpy(log.explained[index], value, TSMG_DIGEST_LEN);
	ret = append_state(TSM_MR_RTMR(index), TSM_STATE_GAP, index, 1);
	if (ret)
		memcpy(log.explained[index], before, TSMG_DIGEST_LEN);
	return ret;
}

bool tsmg_log_record_at(size_t offset, struct tsmg_log_record *record)
{
	if (offset >= tsmg_log_size())
		return false;
	tsmg_log_read(offset, &record->head, sizeof(record->head));
	record->event = offset + sizeof(record->head);
	record->event_len = le32_to_cpu(record->head.event_size);
	record->next = record->event + record->event_len;
	return true;
}

static int append_spec_id(void)
{
	static const struct tsm_spec_id spec_id = {
		.event_type = cpu_to_le32(TSM_EV_NO_ACTION),
		.event_size = cpu_to_le32(sizeof(spec_id) -
					  offsetof(struct tsm_spec_id,
						   signature)),
		.signature = TSM_SPEC_ID_SIGNATURE,
		.major = 2,
		.uintn_size = 2,
		.algorithms = cpu_to_le32(1),
		.alg = cpu_to_le16(TSM_ALG_SHA384),
		.alg_size = cpu_to_le16(TSM_SHA384_SIZE),
	};
	int ret;

	ret = make_room(sizeof(spec_id));
	if (!ret)
		publish(put(0, &spec_id, sizeof(spec_id)));
	return ret;
}

int tsmg_log_init(const struct tsmg_register_set *set, const u8 *state)
{
	unsigned int i;
	int ret;

	for (i = 0; i < set->nr_rtmrs; i++)
		memcpy(log.explained[i], state + set->regs[i].offset,
		       TSMG_DIGEST_LEN);
	ret = append_spec_id();
	if (!ret)
		ret = append_state(0, TSM_STATE_OPENING, 0, set->nr_rtmrs);
	log.opened = log.size;
	if (ret)
		tsmg_log_exit();
	return ret;
}

void tsmg_log_exit(void)
{
	unsigned long index;
	void *page;

	/* Without it the registers can never be explained again. */
	if (log.size > log.opened)
		pr_notice("dropped a runtime event log of %zu bytes\n",
			  log.size);
	xa_for_each(&log.pages, index, page)
		free_page((unsigned long)page);
	xa_destroy(&log.pages);
}
