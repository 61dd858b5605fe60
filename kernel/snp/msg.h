/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest messages: their form, their cipher, and what an answer must look like. */
#ifndef _TSMG_SNP_MSG_H
#define _TSMG_SNP_MSG_H

#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>

#include "channel.h"
#include "secrets.h"

/* AES-GCM: bytes of the tag that are in use, and of the IV. */
#define SNP_TAG_LEN		16
#define SNP_IV_LEN		12

/**
 * struct snp_msg - a message, one page
 * @tag: authentication tag, of which SNP_TAG_LEN bytes are in use
 * @seqno: sequence number, and IV of the cipher
 * @reserved1: 0
 * @algo: SNP_ALGO_AES_256_GCM; from here to @payload it is authenticated
 * @hdr_version: SNP_HDR_VERSION
 * @hdr_len: bytes up to @payload
 * @type: SNP_MSG_*, or one more in an answer
 * @version: of @payload
 * @payload_len: bytes of @payload in use
 * @reserved2: 0
 * @vmpck: number of the key
 * @reserved3: 0
 * @payload: encrypted
 *
 * SEV-SNP firmware ABI, "Guest Messages", table "Message Header Format".
 */
struct snp_msg {
	u8 tag[32];
	__le64 seqno;
	u8 reserved1[8];
	u8 algo;
	u8 hdr_version;
	__le16 hdr_len;
	u8 type;
	u8 version;
	__le16 payload_len;
	__le32 reserved2;
	u8 vmpck;
	u8 reserved3[35];
	u8 payload[SNP_RESPONSE_MAX];
};

#define SNP_ALGO_AES_256_GCM	1
#define SNP_HDR_VERSION		1
#define SNP_HDR_LEN		offsetof(struct snp_msg, payload)
#define SNP_AAD_LEN		(SNP_HDR_LEN - offsetof(struct snp_msg, algo))

static_assert(offsetof(struct snp_msg, seqno) == 0x20);
static_assert(offsetof(struct snp_msg, algo) == 0x30);
static_assert(offsetof(struct snp_msg, vmpck) == 0x3c);
static_assert(offsetof(struct snp_msg, payload) == 0x60);
static_assert(sizeof(struct snp_msg) == 4096);

struct snp_cipher;

/* tsmg_cipher_is_there - whether the kernel has AES-GCM, or can load it */
bool tsmg_cipher_is_there(void);

/**
 * tsmg_cipher_new - get AES-256-GCM ready
 * @key: VMPCK_LEN bytes; not kept, but for what the cipher makes of it
 *
 * Return: the cipher, or an ERR_PTR: -ENOMEM, or what the crypto API gave.
 */
struct snp_cipher *tsmg_cipher_new(const u8 *key);

/* tsmg_cipher_free - let go of it and of its key; NULL: nothing is done */
void tsmg_cipher_free(struct snp_cipher *cipher);

/**
 * tsmg_msg_seal - make the message that the host may see
 * @cipher: of the key
 * @msg: the message
 * @exchange: what it says; only the request is looked at
 * @vmpck: number of the key
 * @seqno: sequence number, which no other message has or will have; the same
 *	message under the same number is the same ciphertext
 *
 * Return: 0, or what the crypto API gave: then nobody may see @msg.
 */
int tsmg_msg_seal(struct snp_cipher *cipher, struct snp_msg *msg,
		  const struct snp_exchange *exchange, unsigned int vmpck,
		  u32 seqno);

/**
 * tsmg_msg_open - see whether a message is the answer, and decrypt it
 * @cipher: of the key
 * @msg: what the host says is the answer, in private memory; its payload is
 *	decrypted in place
 * @exchange: of the request; the answer's payload is copied to its response
 * @seqno: of the request
 *
 * Return: 0, -EBADMSG if it is not the answer, or what the crypto API gave.
 */
int tsmg_msg_open(struct snp_cipher *cipher, struct snp_msg *msg,
		  const struct snp_exchange *exchange, u32 seqno);

#endif /* _TSMG_SNP_MSG_H */
