// SPDX-License-Identifier: GPL-2.0-only
/* Sequence numbers: which are spent, which are unanswered, and how to go on. */
#define pr_fmt(fmt) KBUILD_MODNAME ": snp: " fmt

/*
 * Why no sequence number is ever used for two plaintexts, and why a host that
 * misbehaves does not cost us the key.
 *
 * The sequence number is the IV of AES-GCM. The same IV with another plaintext
 * would give away both, and let the host forge messages. The firmware answers
 * a message only if its number is the firmware's counter plus one; it takes the
 * number after that for its answer, and counts on by two. It does so only for
 * a message that it answers: what it refuses leaves its counter alone. We learn
 * what it did from the host, who lies, or from its answer, which cannot be
 * forged.
 *
 * "Spent" is the counter in the secrets page. It is raised by two before the
 * host can see the message that has the number in between, so whatever ends us
 * after that (kill, rmmod, kexec), nobody takes that number for another message.
 * A message that the host may have seen is "unanswered" until an authentic
 * answer to it, or to a later one, has come. Unanswered are, at any time,
 * @first, @first + 2, ... up to spent - 1, or none.
 *
 * Ready: none is unanswered, and the firmware's counter is what is spent. A
 *   request is encrypted under spent + 1 and becomes @first, its ciphertext is
 *   kept in @message. With the answer we are ready again. Without it (the host
 *   stays busy, refuses, returns anything else, or the caller is killed) it
 *   stays there: pending.
 *
 * Pending: the next request first has @first answered: the very ciphertext that
 *   the host has seen is sent again. If its answer comes, be it one that the
 *   host had kept back, it is dropped. The firmware refuses it if it answered it
 *   before and the answer is lost; then its counter is beyond, but it may also
 *   be the host who says so. To find out we send a message that asks for nothing
 *   anybody wants (@fill_in), under the next number: not used before, so safe to
 *   use, and what the firmware accepts if all before it was answered. If it is
 *   answered, all that is history. If it is refused as well, it is unanswered,
 *   too. A fill-in needs not be kept: made again under its number it is the same
 *   ciphertext, since it is the same plaintext. So whichever number the firmware
 *   waits for, there is a message that we may send under it. It is the first, if
 *   the host kept all from the firmware, or the next, if it kept all answers from
 *   us: these two are tried by each request. After a host that did now this, now
 *   that, it is one between: some of them are tried by each request, too, going
 *   on where the last one left off. Once one is answered, those after it are in
 *   turn, so there should not be too many: when there are more than a request can
 *   try, the next is added only after all were tried. A request of a user never
 *   goes out under a number that the firmware may not be waiting for: there is at
 *   most one to be kept.
 *
 *   All this is for messages that the firmware would answer if it waited for
 *   their number. One that it never answers, whatever its number, could not be
 *   got past: tsmg_snp_call() lets no such message through.
 *
 * Stuck: pending, and many messages are unanswered. All goes on as before; but
 *   somebody may want to use another VMPCK. Nothing is wiped: only the firmware
 *   could tell that there is no hope, and it has no way to.
 *
 * Unloaded: what is pending is tried once more for a while. What is not answered
 *   then is gone, and if the firmware waits for its number, so is the use of the
 *   key; but its number is spent, so nobody takes it for another message.
 *
 * Exhausted: the next number would not fit the counter. The key is given up.
 *
 * Empty: the key is gone from the secrets page, somebody wiped it. Another key
 *   is there (the guest was launched anew, from hibernation): numbers of the old
 *   one mean nothing any more, what was pending is forgotten, and the counter
 *   beside the new key counts. A request that is under way then finds out before
 *   it takes a number from that counter, for it has the cipher of the old key.
 */

#include "sequence.h"

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/barrier.h>

#include "../nap.h"
#include "transport.h"

/* How many messages between the first and the next a request tries. */
#define GUESSES			64

/* How many are unanswered when the VMPCK counts as stuck. */
#define STUCK_AFTER		64

static u32 spent(const struct vmpck *vmpck)
{
	return READ_ONCE(vmpck->secrets->seqno[vmpck->id]);
}

bool tsmg_vmpck_is_exhausted(const struct vmpck *vmpck)
{
	return spent(vmpck) >= U32_MAX - 1;
}

/* Whether the cipher has another key than the secrets page. */
static bool is_rekeyed(const struct vmpck *vmpck)
{
	return memcmp(vmpck->key, vmpck->secrets->vmpck[vmpck->id], VMPCK_LEN);
}

/* The number for a new message, which nobody will ever get again. */
static u32 spend(struct vmpck *vmpck)
{
	u32 seqno = spent(vmpck) + 1;

	WRITE_ONCE(vmpck->secrets->seqno[vmpck->id], seqno + 1);
	/* Before the host sees the message: it may stop us for good then. */
	wmb();
	return seqno;
}

void tsmg_vmpck_forget(struct vmpck *vmpck)
{
	tsmg_cipher_free(vmpck->cipher);
	vmpck->cipher = NULL;
	memzero_explicit(vmpck->key, sizeof(vmpck->key));
	WRITE_ONCE(vmpck->first, 0);
	WRITE_ONCE(vmpck->stuck, false);
	vmpck->kept = false;
}

static int take_key(struct vmpck *vmpck)
{
	const u8 *key = vmpck->secrets->vmpck[vmpck->id];
	struct snp_cipher *cipher;

	if (!vmpck->message)
		vmpck->message = kzalloc_obj(*vmpck->message);
	if (!vmpck->page)
		vmpck->page = kzalloc_obj(*vmpck->page);
	if (!vmpck->message || !vmpck->page)
		return -ENOMEM;

	cipher = tsmg_cipher_new(key);
	if (IS_ERR(cipher)) {
		pr_err_ratelimited("no cipher for VMPCK%u: %ld\n",
				   vmpck->id, PTR_ERR(cipher));
		return PTR_ERR(cipher);
	}
	memcpy(vmpck->key, key, VMPCK_LEN);
	vmpck->cipher = cipher;
	return 0;
}

int tsmg_vmpck_check_key(struct vmpck *vmpck)
{
	if (!snp_secrets_has_key(vmpck->secrets, vmpck->id)) {
		tsmg_vmpck_forget(vmpck);
		pr_err_ratelimited("VMPCK%u is empty: vmpck_id= chooses another\n",
				   vmpck->id);
		return -ENOTTY;
	}
	if (vmpck->cipher && is_rekeyed(vmpck))
		tsmg_vmpck_forget(vmpck);
	return vmpck->cipher ? 0 : take_key(vmpck);
}

/* The firmware has answered @seqno: it will not answer what came before. */
static void answered(struct vmpck *vmpck, u32 seqno)
{
	vmpck->kept = false;
	WRITE_ONCE(vmpck->stuck, false);
	WRITE_ONCE(vmpck->first, seqno + 1 == spent(vmpck) ? 0 : seqno + 2);
}

/* No answer is an answer unless the cipher says so. */
static int send(struct vmpck *vmpck, struct snp_parcel *parcel,
		const struct snp_exchange *exchange, u32 seqno,
		struct tsmg_nap *nap)
{
	int ret;

	ret = tsmg_transport_send(parcel, nap);
	if (ret)
		return ret;
	ret = tsmg_msg_open(vmpck->cipher, vmpck->page, exchange, seqno);
	/* It is in the caller's hands now, and may be a key. */
	memzero_explicit(vmpck->page->payload, sizeof(vmpck->page->payload));
	if (!ret)
		answered(vmpck, seqno);
	return ret;
}

/* What is asked when nothing is: a report on 64 zero bytes. */
static const u8 no_report_data[SNP_REQUEST_MAX];

static struct snp_exchange fill_in(void *response)
{
	return (struct snp_exchange){
		.type = SNP_MSG_REPORT,
		.version = SNP_MSG_VERSION,
		.request = no_report_data,
		.request_len = sizeof(no_report_data),
		.response = response,
		.response_len = SNP_RESPONSE_MAX,
	};
}

/* Type and version of the kept message are in its header. */
static struct snp_exchange kept(const struct vmpck *vmpck, void *response)
{
	struct snp_exchange exchange = fill_in(response);

	exchange.type = vmpck->message->type;
	exchange.version = vmpck->message->version;
	return exchange;
}

/* Send the unanswered message @seqno once more, and drop the answer. */
static int send_again(struct vmpck *vmpck, u32 seqno, void *response,
		      u64 *exitinfo2, struct tsmg_nap *nap)
{
	struct snp_parcel parcel = { .message = vmpck->page };
	struct snp_exchange exchange;
	int ret;

	if (vmpck->kept && seqno == vmpck->first) {
		exchange = kept(vmpck, response);
		memcpy(vmpck->page, vmpck->message, sizeof(*vmpck->page));
	} else {
		exchange = fill_in(response);
		ret = tsmg_msg_seal(vmpck->cipher, vmpck->page, &exchange,
				    vmpck->id, seqno);
		if (ret)
			return ret;
	}
	ret = send(vmpck, &parcel, &exchange, seqno, nap);
	*exitinfo2 = parcel.exitinfo2;
	return ret;
}

/*
 * The firmware is said to have refused the message, not the host. Some hosts add
 * an error of their own to that of the firmware.
 */
static bool firmware_refused(int ret, u64 exitinfo2)
{
	return ret == -EIO && exitinfo2 != SNP_EXIT_NO_CALL &&
	       lower_32_bits(exitinfo2);
}

/*
 * Message @seqno and, if it is answered, all after it: the firmware waits for
 * each in turn then. 0 if the last one was answered.
 */
static int follow(struct vmpck *vmpck, u64 seqno, void *response,
		  u64 *exitinfo2, struct tsmg_nap *nap)
{
	int ret = 0;

	for (; !ret && seqno < spent(vmpck); seqno += 2) {
		/* There may be many, and a host that takes its time. */
		if (fatal_signal_pending(current))
			return -EINTR;
		if (!tsmg_nap_left(nap))
			return -ETIMEDOUT;
		ret = send_again(vmpck, seqno, response, exitinfo2, nap);
	}
	/* Whatever was found out, it was about another counter. */
	return is_rekeyed(vmpck) ? -EAGAIN : ret;
}

static u32 nr_unanswered(const struct vmpck *vmpck)
{
	return (spent(vmpck) - vmpck->first + 1) / 2;
}

/* The number at the end: a new one, unless there is too much to try already. */
static u32 last_or_next(struct vmpck *vmpck)
{
	if (!vmpck->stuck && nr_unanswered(vmpck) > STUCK_AFTER) {
		pr_warn("VMPCK%u is stuck: the firmware refuses one message after the other; vmpck_id= chooses another\n",
			vmpck->id);
		WRITE_ONCE(vmpck->stuck, true);
	}
	if (tsmg_vmpck_is_exhausted(vmpck) ||
	    (nr_unanswered(vmpck) > GUESSES && !vmpck->all_tried))
		return spent(vmpck) - 1;
	vmpck->all_tried = false;
	return spend(vmpck);
}

/* The next message between the first and the last, of which there is one. */
static u32 next_guess(struct vmpck *vmpck)
{
	u32 last = spent(vmpck) - 1;

	if (vmpck->guess < vmpck->first || vmpck->guess + 2 >= last) {
		vmpck->guess = vmpck->first;
		vmpck->all_tried = true;
	}
	vmpck->guess += 2;
	return vmpck->guess;
}

static int find_firmware(struct vmpck *vmpck, void *response, u64 *exitinfo2,
			 struct tsmg_nap *nap)
{
	unsigned int tried;
	int ret;

	ret = follow(vmpck, vmpck->first, response, exitinfo2, nap);
	if (firmware_refused(ret, *exitinfo2))
		ret = follow(vmpck, last_or_next(vmpck), response, exitinfo2,
			     nap);
	for (tried = 2; firmware_refused(ret, *exitinfo2) &&
	     tried < min(nr_unanswered(vmpck), GUESSES + 2U); tried++)
		ret = follow(vmpck, next_guess(vmpck), response, exitinfo2,
			     nap);
	return ret;
}

int tsmg_vmpck_settle(struct vmpck *vmpck, u64 *exitinfo2, struct tsmg_nap *nap)
{
	void *response;
	int ret;

	if (!vmpck->first)
		return 0;

	response = kmalloc(SNP_RESPONSE_MAX, GFP_KERNEL);
	if (!response)
		return -ENOMEM;
	ret = find_firmware(vmpck, response, exitinfo2, nap);
	/* It may be a key that somebody who was killed had asked for. */
	kfree_sensitive(response);
	return ret;
}

int tsmg_vmpck_begin(struct vmpck *vmpck, const struct snp_exchange *exchange)
{
	int ret;

	if (is_rekeyed(vmpck))
		return -EAGAIN;
	/* Once it is spent, the number belongs to this message alone. */
	ret = tsmg_msg_seal(vmpck->cipher, vmpck->message, exchange, vmpck->id,
			    spent(vmpck) + 1);
	if (ret)
		return ret;
	vmpck->kept = true;
	vmpck->guess = 0;
	WRITE_ONCE(vmpck->first, spend(vmpck));
	return 0;
}

int tsmg_vmpck_send(struct vmpck *vmpck, struct snp_parcel *parcel,
		    const struct snp_exchange *exchange, struct tsmg_nap *nap)
{
	memcpy(vmpck->page, vmpck->message, sizeof(*vmpck->page));
	parcel->message = vmpck->page;
	return send(vmpck, parcel, exchange, vmpck->first, nap);
}
