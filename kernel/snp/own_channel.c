// SPDX-License-Identifier: GPL-2.0-only
/* The channel to the firmware where the kernel has none: this module's own. */
#define pr_fmt(fmt) KBUILD_MODNAME ": snp: " fmt

#include "channel.h"

#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "../nap.h"
#include "certs.h"
#include "msg.h"
#include "secrets.h"
#include "sequence.h"
#include "transport.h"
#include "turn.h"

/* How often the room for certificates may grow for one request. */
#define GROW_MAX		4

/* How long rmmod may have a pending message answered, in milliseconds. */
#define EXIT_MS			2000

/**
 * struct channel - the firmware's other end
 * @secrets: the secrets page
 * @vmpck: by their number
 * @room: for certificates
 * @turn: whose turn it is: there is one message at a time
 */
static struct channel {
	struct snp_secrets *secrets;
	struct vmpck vmpck[VMPCKS];
	struct snp_certs_room room;
	struct snp_turn turn;
} channel = {
	.turn = SNP_TURN_INIT(channel.turn),
};

/* Room for @pages of certificates; without it the report comes all the same. */
static void offer(struct snp_parcel *parcel, unsigned int pages)
{
	parcel->extended = !tsmg_certs_room_prepare(&channel.room, pages);
	if (!parcel->extended)
		return;
	parcel->certs = pages ? virt_to_phys(channel.room.data) : 0;
	parcel->certs_pages = pages;
}

/*
 * The host did nothing, for it wants more room. It gets the same message again,
 * with more room if it may have that, else without asking for certificates.
 */
static void offer_more(struct snp_parcel *parcel, struct snp_certs *certs)
{
	unsigned int wanted = parcel->certs_pages;

	if (wanted > certs->pages && wanted <= certs->grow) {
		offer(parcel, wanted);
		if (parcel->extended)
			certs->pages = wanted;
	} else {
		certs->refused = true;
		certs->wanted = wanted;
		parcel->extended = false;
	}
}

/* A host may be unable to find its certificates, and say that it failed. */
static bool can_do_without(int ret, const struct snp_parcel *parcel,
			   const struct snp_certs *certs)
{
	return ret == -EIO && parcel->extended && certs->optional &&
	       upper_32_bits(parcel->exitinfo2);
}

/* The message that was begun goes out, with room for certificates. */
static int send(struct vmpck *vmpck, struct snp_exchange *exchange,
		struct tsmg_nap *nap)
{
	struct snp_parcel parcel = {};
	struct snp_certs *certs = exchange->certs;
	unsigned int grown = 0;
	int ret;

	if (certs)
		offer(&parcel, certs->pages);
	for (;;) {
		ret = tsmg_vmpck_send(vmpck, &parcel, exchange, nap);
		exchange->exitinfo2 = parcel.exitinfo2;
		if (ret == -ENOSPC && ++grown <= GROW_MAX)
			offer_more(&parcel, certs);
		else if (ret == -ENOSPC || can_do_without(ret, &parcel, certs))
			parcel.extended = false;
		else
			break;
	}
	if (ret || !certs)
		return ret;
	if (certs->refused)
		return -ENOSPC;
	return parcel.extended ? tsmg_certs_take(&channel.room, certs) : 0;
}

/* Have nothing unanswered but the message, which is encrypted and has a number. */
static int begin(struct vmpck *vmpck, struct snp_exchange *exchange,
		 struct tsmg_nap *nap)
{
	u64 exitinfo2 = SNP_EXIT_NOT_ASKED;
	int ret;

	ret = tsmg_vmpck_check_key(vmpck);
	if (ret)
		return ret;
	ret = tsmg_vmpck_settle(vmpck, &exitinfo2, nap);
	if (ret) {
		exchange->exitinfo2 = exitinfo2;
		return ret;
	}
	if (tsmg_vmpck_is_exhausted(vmpck)) {
		pr_err_ratelimited("VMPCK%u has no sequence numbers left: vmpck_id= chooses another\n",
				   vmpck->id);
		return -EIO;
	}
	return tsmg_vmpck_begin(vmpck, exchange);
}

static int call(struct vmpck *vmpck, struct snp_exchange *exchange,
		struct tsmg_nap *nap)
{
	int ret;

	do {
		ret = begin(vmpck, exchange, nap);
	} while (ret == -EAGAIN);
	return ret ?: send(vmpck, exchange, nap);
}

int tsmg_channel_call(unsigned int id, struct snp_exchange *exchange,
		      struct tsmg_nap *nap)
{
	int ret;

	exchange->exitinfo2 = SNP_EXIT_NOT_ASKED;
	ret = tsmg_turn_take(&channel.turn, nap);
	if (ret)
		return ret;
	ret = call(&channel.vmpck[id], exchange, nap);
	tsmg_turn_give(&channel.turn);
	return ret;
}

enum snp_vmpck_state tsmg_channel_state(unsigned int id)
{
	const struct vmpck *vmpck = &channel.vmpck[id];

	if (!snp_secrets_has_key(channel.secrets, id))
		return SNP_VMPCK_EMPTY;
	if (tsmg_vmpck_is_exhausted(vmpck))
		return SNP_VMPCK_EXHAUSTED;
	if (READ_ONCE(vmpck->stuck))
		return SNP_VMPCK_STUCK;
	if (READ_ONCE(vmpck->first))
		return SNP_VMPCK_PENDING;
	return READ_ONCE(vmpck->cipher) ? SNP_VMPCK_READY : SNP_VMPCK_UNUSED;
}

int tsmg_channel_init(phys_addr_t secrets_gpa)
{
	unsigned int id;
	int ret;

	if (!tsmg_cipher_is_there()) {
		pr_err("the crypto API has no gcm(aes): load the module gcm\n");
		return -ENOENT;
	}
	channel.secrets = (__force struct snp_secrets *)
		ioremap_encrypted(secrets_gpa, sizeof(*channel.secrets));
	if (!channel.secrets) {
		pr_err("cannot map the secrets page at 0x%llx\n",
		       (u64)secrets_gpa);
		return -ENOMEM;
	}
	ret = tsmg_transport_init();
	if (ret) {
		pr_err("cannot share pages with the host: %d\n", ret);
		goto unmap;
	}
	for (id = 0; id < VMPCKS; id++) {
		channel.vmpck[id].id = id;
		channel.vmpck[id].secrets = channel.secrets;
	}
	return 0;

unmap:
	iounmap((__force void __iomem *)channel.secrets);
	return ret;
}

static void vmpck_exit(struct vmpck *vmpck)
{
	struct tsmg_nap nap;
	u64 exitinfo2;

	tsmg_nap_init(&nap, EXIT_MS);
	/* Whoever uses the key next knows nothing of what was pending. */
	if (vmpck->first && !tsmg_vmpck_check_key(vmpck) &&
	    tsmg_vmpck_settle(vmpck, &exitinfo2, &nap))
		pr_warn("VMPCK%u is left with a message that is not answered; the firmware may not accept the next one\n",
			vmpck->id);
	tsmg_vmpck_forget(vmpck);
	kfree(vmpck->message);
	kfree(vmpck->page);
}

void tsmg_channel_exit(void)
{
	unsigned int id;

	for (id = 0; id < VMPCKS; id++)
		vmpck_exit(&channel.vmpck[id]);
	tsmg_certs_room_free(&channel.room);
	tsmg_transport_exit();
	iounmap((__force void __iomem *)channel.secrets);
}
