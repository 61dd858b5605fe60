/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The channel to the firmware: encrypted messages, carried by the host.
 *
 * One of two files is behind it. Where the kernel has a channel of its own that
 * it shares with modules, core_channel.c uses that, for two users who do not
 * know of each other would use a sequence number twice. Elsewhere it is ours:
 * own_channel.c. Which one is found out when the module is built.
 */
#ifndef _TSMG_SNP_CHANNEL_H
#define _TSMG_SNP_CHANNEL_H

#include <linux/types.h>

struct tsmg_nap;

/* SEV-SNP firmware ABI, "Guest Messages", table "Message Type Encodings". */
#define SNP_MSG_KEY		3
#define SNP_MSG_REPORT		5

/* Of the messages here; what their payload looks like depends on it. */
#define SNP_MSG_VERSION		1

/* The longest request of these: MSG_REPORT_REQ. */
#define SNP_REQUEST_MAX		96

/* Payload of a message of one page, and the most that a response can have. */
#define SNP_RESPONSE_MAX	4000

/*
 * exitinfo2 in words of its own: nobody was asked, and not even the host was.
 * GHCB specification, SNP Guest Request: the upper half is the host's error.
 */
#define SNP_EXIT_NOT_ASKED	0xffULL
#define SNP_EXIT_NO_CALL	(~0ULL)
#define SNP_EXIT_INVALID_LEN	(1ULL << 32)

/**
 * struct snp_certs - certificates that the host may have for a report
 * @pages: in: how many pages of them are wanted; 0: none, but how many there
 *	are. Out: how many the host was offered last
 * @grow: in: up to how many pages, if the host has more; not below @pages
 * @optional: in: whatever the host has against it, the answer is wanted without
 * @refused: out: the host wants more room than it may have
 * @wanted: out: how many pages of it, in that case; it may say anything
 * @data: out: what it left, private memory from kvmalloc(), the caller's to
 *	free; NULL if it was given no room, be it for lack of memory
 * @len: out: bytes of @data
 */
struct snp_certs {
	unsigned int pages;
	unsigned int grow;
	bool optional;
	bool refused;
	unsigned int wanted;
	u8 *data;
	size_t len;
};

/**
 * struct snp_exchange - a message to the firmware, and its answer
 * @type: of the message, SNP_MSG_*; that of the answer is one more
 * @version: of the message; the answer has the same
 * @request: payload
 * @request_len: bytes there, at most SNP_REQUEST_MAX
 * @response: where the payload of the answer goes
 * @response_len: bytes there, at most SNP_RESPONSE_MAX; what the answer has
 *	less is filled with 0
 * @certs: NULL if no certificates are wanted
 * @exitinfo2: out: as the ioctls have it, also after errors
 */
struct snp_exchange {
	u8 type;
	u8 version;
	const void *request;
	size_t request_len;
	void *response;
	size_t response_len;
	struct snp_certs *certs;
	u64 exitinfo2;
};

/**
 * enum snp_vmpck_state - what has become of a VMPCK
 * @SNP_VMPCK_EMPTY: there is no key: it is for others, or was wiped
 * @SNP_VMPCK_UNUSED: there is one, and we have not used it
 * @SNP_VMPCK_READY: the next request is sent as it is
 * @SNP_VMPCK_PENDING: the host has seen a message that is not answered; the
 *	next request completes that first
 * @SNP_VMPCK_STUCK: so it tries, but there are more than 64 by now
 * @SNP_VMPCK_EXHAUSTED: its sequence numbers are used up
 */
enum snp_vmpck_state {
	SNP_VMPCK_EMPTY,
	SNP_VMPCK_UNUSED,
	SNP_VMPCK_READY,
	SNP_VMPCK_PENDING,
	SNP_VMPCK_STUCK,
	SNP_VMPCK_EXHAUSTED,
};

/**
 * tsmg_channel_call - have the firmware answer a message
 * @id: whose VMPCK to use
 * @exchange: the message; filled in
 * @nap: how long it may take, the wait for other callers included
 *
 * Context: process context, no lock held; killable.
 * Return: 0 when there is an authentic answer, whatever it says; or
 * -EBADMSG	what came back is not that; also when a message before it is
 *		still not answered, and what came back was not its answer
 * -EINTR	killed
 * -EIO		refused by host or firmware, see @exchange->exitinfo2; or the
 *		sequence numbers are used up
 * -ENOMEM	no memory, and @exchange->exitinfo2 tells whether the host was
 *		asked before that
 * -ENOSPC	the host wants more room for certificates than it may have, see
 *		@exchange->certs; if they are optional, there is an answer all
 *		the same
 * -ENOTTY	there is no such key
 * -ETIMEDOUT	the host was busy all the time, or other callers were
 */
int tsmg_channel_call(unsigned int id, struct snp_exchange *exchange,
		      struct tsmg_nap *nap);

/* tsmg_channel_state - what has become of VMPCK @id, for people to see */
enum snp_vmpck_state tsmg_channel_state(unsigned int id);

/**
 * tsmg_channel_init - find the secrets page and share pages with the host
 * @secrets_gpa: where the secrets page is; not used where the kernel knows
 *
 * Sends nothing.
 * Return: 0; -ENOMEM; or another -errno after a message.
 */
int tsmg_channel_init(phys_addr_t secrets_gpa);

/*
 * tsmg_channel_exit - undo it; nobody calls any more. Tries for a while to have
 * answered what is not.
 */
void tsmg_channel_exit(void);

#endif /* _TSMG_SNP_CHANNEL_H */
