// SPDX-License-Identifier: GPL-2.0-only
/*
 * The channel to the firmware where the kernel has one for all its users.
 *
 * Keys, sequence numbers and what to do after an error are the kernel's: any
 * error makes it wipe the key. What is ours is how to wait. The kernel retries
 * a host that is busy for up to a minute, under a lock and without looking at
 * signals, so it is called by a worker, and the caller waits for that, killably.
 * Who is killed leaves a request behind that the worker completes, and frees;
 * the turn is over when the worker is done.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": snp: " fmt

#include "channel.h"

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <asm/sev.h>
#include <asm/svm.h>

#include "../nap.h"
#include "certs.h"
#include "secrets.h"
#include "turn.h"

/* Bytes behind a response that the kernel may use while it decrypts. */
#define TAG_ROOM	16

/**
 * struct job - a request in the hands of the worker
 * @work: in the queue
 * @refs: worker and caller; the last one frees it
 * @done: the worker is done with it
 * @ended: worker or caller is done with it, whoever is first: if that is the
 *	caller, the worker has a reference to the module to drop
 * @id: number of the VMPCK
 * @exchange: copy of the caller's, without what it points to
 * @wants_certs: it had @certs
 * @certs: copy of the caller's
 * @ret: what became of it
 * @request: copy of the caller's
 * @response: to be copied to the caller's
 */
struct job {
	struct work_struct work;
	refcount_t refs;
	struct completion done;
	atomic_t ended;
	unsigned int id;
	struct snp_exchange exchange;
	bool wants_certs;
	struct snp_certs certs;
	int ret;
	u8 request[SNP_REQUEST_MAX];
	u8 response[SNP_RESPONSE_MAX + TAG_ROOM];
};

/**
 * struct channel - what the worker works with
 * @turn: whose turn it is: there is one job at a time
 * @queue: where it is done. On the CPU of who waits for it: nothing is faster
 * @first: always there: maps the secrets page
 * @desc: the kernel's descriptor of each VMPCK, made when it is first used
 * @key: the key that was there then
 * @room: for certificates
 */
static struct channel {
	struct snp_turn turn;
	struct workqueue_struct *queue;
	struct snp_msg_desc *first;
	struct snp_msg_desc *desc[VMPCKS];
	u8 key[VMPCKS][VMPCK_LEN];
	struct snp_certs_room room;
} channel = {
	.turn = SNP_TURN_INIT(channel.turn),
};

static const struct snp_secrets *secrets(void)
{
	static_assert(sizeof(struct snp_secrets) ==
		      sizeof(struct snp_secrets_page));
	static_assert(offsetof(struct snp_secrets, vmpck) ==
		      offsetof(struct snp_secrets_page, vmpck0));
	static_assert(offsetof(struct snp_secrets, seqno) ==
		      offsetof(struct snp_secrets_page, os_area));

	return (const struct snp_secrets *)channel.first->secrets;
}

static struct snp_msg_desc *make_desc(unsigned int id)
{
	struct snp_msg_desc *desc = snp_msg_alloc();
	int ret;

	if (IS_ERR_OR_NULL(desc))
		return desc ?: ERR_PTR(-ENODEV);
	ret = snp_msg_init(desc, id);
	if (!ret)
		return desc;
	snp_msg_free(desc);
	return ERR_PTR(ret);
}

/* Ended by an error, or made before the guest was launched anew. */
static bool is_stale(unsigned int id)
{
	return channel.desc[id] &&
	       (!channel.desc[id]->vmpck ||
		memcmp(channel.key[id], secrets()->vmpck[id], VMPCK_LEN));
}

static void drop_desc(unsigned int id)
{
	struct snp_msg_desc *desc = channel.desc[id];

	WRITE_ONCE(channel.desc[id], NULL);
	snp_msg_free(desc);
	memzero_explicit(channel.key[id], VMPCK_LEN);
}

/* A descriptor has the key that was there when it was made, and no other. */
static struct snp_msg_desc *find_desc(unsigned int id)
{
	struct snp_msg_desc *desc;

	if (is_stale(id))
		drop_desc(id);
	if (!snp_secrets_has_key(secrets(), id)) {
		pr_err_ratelimited("VMPCK%u is empty: vmpck_id= chooses another\n",
				   id);
		return ERR_PTR(-ENOTTY);
	}
	if (channel.desc[id])
		return channel.desc[id];

	desc = make_desc(id);
	if (!IS_ERR(desc)) {
		memcpy(channel.key[id], secrets()->vmpck[id], VMPCK_LEN);
		WRITE_ONCE(channel.desc[id], desc);
	}
	return desc;
}

/* One call of the kernel; @extended: with room for @pages of certificates. */
static int send(struct job *job, bool extended, unsigned int pages)
{
	struct snp_exchange *exchange = &job->exchange;
	struct snp_msg_desc *desc = find_desc(job->id);
	struct snp_guest_req req = {
		.msg_type = exchange->type,
		.msg_version = exchange->version,
		.vmpck_id = job->id,
		.req_buf = job->request,
		.req_sz = exchange->request_len,
		.resp_buf = job->response,
		.resp_sz = exchange->response_len + TAG_ROOM,
		.exit_code = extended ? SVM_VMGEXIT_EXT_GUEST_REQUEST :
					SVM_VMGEXIT_GUEST_REQUEST,
	};
	int ret;

	if (IS_ERR(desc))
		return PTR_ERR(desc);
	if (pages) {
		req.certs_data = channel.room.data;
		req.input.data_npages = pages;
	}
	ret = tsmg_compat_snp_send(desc, &req, &exchange->exitinfo2);
	if (extended && ret == -EIO &&
	    exchange->exitinfo2 == SNP_EXIT_INVALID_LEN) {
		job->certs.refused = true;
		job->certs.wanted = req.input.data_npages;
		return -ENOSPC;
	}
	return ret;
}

static int send_with_room(struct job *job, unsigned int pages)
{
	job->certs.refused = false;
	if (tsmg_certs_room_prepare(&channel.room, pages))
		return send(job, false, 0);
	job->certs.pages = pages;
	return send(job, true, pages) ?:
	       tsmg_certs_take(&channel.room, &job->certs);
}

/*
 * The kernel throws away the report for which there was too little room. The
 * next one is asked for with as much as the host wants, if it may have that;
 * what it wants then is its last word.
 */
static int send_with_certs(struct job *job)
{
	struct snp_certs *certs = &job->certs;
	int ret;

	ret = send_with_room(job, certs->pages);
	if (ret == -ENOSPC && certs->wanted > certs->pages &&
	    certs->wanted <= certs->grow)
		ret = send_with_room(job, certs->wanted);
	if (ret == -ENOSPC && certs->optional)
		ret = send(job, false, 0) ?: -ENOSPC;
	return ret;
}

static void put_job(struct job *job)
{
	if (!refcount_dec_and_test(&job->refs))
		return;
	kvfree(job->certs.data);
	/* The response may be a key. */
	kfree_sensitive(job);
}

static void work(struct work_struct *work)
{
	struct job *job = container_of(work, struct job, work);
	bool abandoned;

	job->ret = job->wants_certs ? send_with_certs(job) :
				      send(job, false, 0);
	tsmg_turn_give(&channel.turn);
	abandoned = atomic_xchg(&job->ended, 1);
	complete(&job->done);
	put_job(job);
	/* What is left of this function, tsmg_channel_exit() waits for. */
	if (abandoned)
		module_put(THIS_MODULE);
}

static struct job *new_job(unsigned int id, const struct snp_exchange *exchange)
{
	struct job *job;

	if (WARN_ON_ONCE(exchange->request_len > SNP_REQUEST_MAX ||
			 exchange->response_len > SNP_RESPONSE_MAX))
		return NULL;
	job = kzalloc_obj(*job);
	if (!job)
		return NULL;

	INIT_WORK(&job->work, work);
	init_completion(&job->done);
	refcount_set(&job->refs, 1);
	job->id = id;
	memcpy(job->request, exchange->request, exchange->request_len);
	job->wants_certs = exchange->certs;
	if (exchange->certs)
		job->certs = *exchange->certs;
	/* The caller may be gone before the worker is done. */
	job->exchange = *exchange;
	job->exchange.exitinfo2 = SNP_EXIT_NOT_ASKED;
	job->exchange.request = NULL;
	job->exchange.response = NULL;
	job->exchange.certs = NULL;
	return job;
}

static int take_answer(struct job *job, struct snp_exchange *exchange)
{
	exchange->exitinfo2 = job->exchange.exitinfo2;
	if (exchange->certs) {
		*exchange->certs = job->certs;
		job->certs.data = NULL;
	}
	if (!job->ret || job->ret == -ENOSPC)
		memcpy(exchange->response, job->response,
		       exchange->response_len);
	/* The kernel passes on what its own functions return, whatever it is. */
	return job->ret > 0 ? -EIO : job->ret;
}

static int await(struct job *job, struct tsmg_nap *nap)
{
	unsigned long timeout = nsecs_to_jiffies(tsmg_nap_left(nap));
	long left = wait_for_completion_killable_timeout(&job->done, timeout);

	if (left > 0)
		return 0;
	/*
	 * The caller's file pins the module no longer then, and the kernel may
	 * keep the worker for minutes: rmmod shall say so, and not wait.
	 */
	__module_get(THIS_MODULE);
	if (atomic_xchg(&job->ended, 1)) {
		module_put(THIS_MODULE);
		return 0;
	}
	return left ? -EINTR : -ETIMEDOUT;
}

int tsmg_channel_call(unsigned int id, struct snp_exchange *exchange,
		      struct tsmg_nap *nap)
{
	struct job *job;
	int ret;

	exchange->exitinfo2 = SNP_EXIT_NOT_ASKED;
	job = new_job(id, exchange);
	if (!job)
		return -ENOMEM;
	ret = tsmg_turn_take(&channel.turn, nap);
	if (!ret) {
		/* The worker's, who gives the turn, too. */
		refcount_inc(&job->refs);
		queue_work(channel.queue, &job->work);
		ret = await(job, nap);
	}
	if (!ret)
		ret = take_answer(job, exchange);
	put_job(job);
	return ret;
}

enum snp_vmpck_state tsmg_channel_state(unsigned int id)
{
	if (!snp_secrets_has_key(secrets(), id))
		return SNP_VMPCK_EMPTY;
	/* The next number would not fit, and the kernel does not use it. */
	if (READ_ONCE(secrets()->seqno[id]) >= U32_MAX - 1)
		return SNP_VMPCK_EXHAUSTED;
	return READ_ONCE(channel.desc[id]) ? SNP_VMPCK_READY : SNP_VMPCK_UNUSED;
}

int tsmg_channel_init(phys_addr_t secrets_gpa)
{
	channel.queue = alloc_workqueue("tsm_guest_snp", WQ_PERCPU, 0);
	if (!channel.queue)
		return -ENOMEM;
	channel.first = snp_msg_alloc();
	if (IS_ERR_OR_NULL(channel.first)) {
		pr_err("the kernel has no channel to the firmware: %ld\n",
		       PTR_ERR(channel.first));
		destroy_workqueue(channel.queue);
		return channel.first ? PTR_ERR(channel.first) : -ENODEV;
	}
	return 0;
}

void tsmg_channel_exit(void)
{
	unsigned int id;

	/* For the last steps of workers: each abandoned job holds the module. */
	destroy_workqueue(channel.queue);
	for (id = 0; id < VMPCKS; id++)
		drop_desc(id);
	snp_msg_free(channel.first);
	tsmg_certs_room_free(&channel.room);
}
