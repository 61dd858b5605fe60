/* SPDX-License-Identifier: GPL-2.0-only */
/* Sequence numbers: which are spent, which are unanswered, and how to go on. */
#ifndef _TSMG_SNP_SEQUENCE_H
#define _TSMG_SNP_SEQUENCE_H

#include <linux/types.h>

#include "channel.h"
#include "msg.h"
#include "secrets.h"

struct snp_parcel;
struct tsmg_nap;

/**
 * struct vmpck - a key and what was sent under it
 * @id: which
 * @secrets: the secrets page
 * @key: the key that @cipher has
 * @cipher: NULL as long as the key was not used
 * @first: number of the first unanswered message; 0: none is. See sequence.c
 * @kept: @message is the ciphertext of @first; else that is a fill-in
 * @guess: which unanswered message was tried last, but for the first and the
 *	last one
 * @all_tried: all between those were tried since the last was added
 * @stuck: many messages are unanswered, and the firmware refused them
 * @message: the message that was begun last
 * @page: where messages are sent from, and answers opened
 *
 * Whoever may talk to the firmware may touch it, one at a time; who wants to
 * know its state just looks.
 */
struct vmpck {
	unsigned int id;
	struct snp_secrets *secrets;
	u8 key[VMPCK_LEN];
	struct snp_cipher *cipher;
	u32 first;
	u32 guess;
	bool all_tried;
	bool kept;
	bool stuck;
	struct snp_msg *message;
	struct snp_msg *page;
};

/**
 * tsmg_vmpck_check_key - make sure that the cipher has the key of the secrets page
 * @vmpck: the key; what is pending under another one is forgotten
 *
 * Return: 0; -ENOTTY after a message if there is no key; -ENOMEM, or what the
 * crypto API gave.
 */
int tsmg_vmpck_check_key(struct vmpck *vmpck);

/**
 * tsmg_vmpck_settle - have answered what is not, or find out that it was
 * @vmpck: the key, checked
 * @exitinfo2: set to what the host said last, if it was asked anything
 * @nap: how long it may take
 *
 * Return: 0: nothing is unanswered any more; -EAGAIN: there is another key now;
 * else as tsmg_channel_call().
 */
int tsmg_vmpck_settle(struct vmpck *vmpck, u64 *exitinfo2,
		      struct tsmg_nap *nap);

/* tsmg_vmpck_is_exhausted - whether there is no number for another message */
bool tsmg_vmpck_is_exhausted(const struct vmpck *vmpck);

/**
 * tsmg_vmpck_begin - encrypt a message and spend a number on it
 * @vmpck: the key: settled, and not exhausted
 * @exchange: the message
 *
 * From here on it is unanswered.
 * Return: 0; -EAGAIN if there is another key now, or what the crypto API gave,
 * and nothing is spent.
 */
int tsmg_vmpck_begin(struct vmpck *vmpck, const struct snp_exchange *exchange);

/**
 * tsmg_vmpck_send - send the message that was begun
 * @vmpck: the key
 * @parcel: how; the message is put into it
 * @exchange: as for tsmg_vmpck_begin()
 * @nap: how long it may take
 *
 * Return: 0 when @exchange has its answer; else as tsmg_transport_send() and
 * tsmg_msg_open(), and then it may be sent again.
 */
int tsmg_vmpck_send(struct vmpck *vmpck, struct snp_parcel *parcel,
		    const struct snp_exchange *exchange, struct tsmg_nap *nap);

/* tsmg_vmpck_forget - let go of the key, and of what was pending under it */
void tsmg_vmpck_forget(struct vmpck *vmpck);

#endif /* _TSMG_SNP_SEQUENCE_H */
