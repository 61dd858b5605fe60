// SPDX-License-Identifier: GPL-2.0-only
/* AES-256-GCM over messages, as the secure processor has it in hardware. */

#include <crypto/aead.h>
#include <linux/kernel.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "emu_compat.h"
#include "snp_host.h"

static struct crypto_aead *gcm;
static u8 *scratch;

/**
 * emu_gcm_init - gets the cipher
 *
 * Return: 0, -ENOMEM, or the crypto API's error after a line that says what is
 * missing.
 */
int emu_gcm_init(void)
{
	int ret;

	gcm = crypto_alloc_aead("gcm(aes)", 0, 0);
	if (IS_ERR(gcm)) {
		pr_err("tsm_emu: gcm(aes) is not there: %ld; load gcm, ctr and ghash-generic\n",
		       PTR_ERR(gcm));
		return PTR_ERR(gcm);
	}
	ret = crypto_aead_setauthsize(gcm, GCM_TAG_SIZE);
	if (ret)
		goto free_gcm;
	ret = -ENOMEM;
	scratch = kmalloc(MESSAGE_AAD_SIZE + MESSAGE_PAYLOAD_MAX + GCM_TAG_SIZE,
			  GFP_KERNEL);
	if (!scratch)
		goto free_gcm;
	return 0;

free_gcm:
	crypto_free_aead(gcm);
	return ret;
}

void emu_gcm_exit(void)
{
	kfree(scratch);
	crypto_free_aead(gcm);
}

/* [FW] the IV is the sequence number, filled up with zeros */
static int run(const u8 key[VMPCK_SIZE], __le64 seqno, unsigned int size,
	       bool seal)
{
	unsigned int len = seal ? size : size + GCM_TAG_SIZE;
	u8 iv[GCM_IV_SIZE] = { };
	struct aead_request *req;
	struct scatterlist sg;
	DECLARE_CRYPTO_WAIT(wait);
	int ret;

	memcpy(iv, &seqno, sizeof(seqno));
	ret = crypto_aead_setkey(gcm, key, VMPCK_SIZE);
	if (ret)
		return ret;
	/* A secure processor does not run out of the guest's memory. */
	req = aead_request_alloc(gcm, GFP_KERNEL | __GFP_NOFAIL);
	sg_init_one(&sg, scratch, MESSAGE_AAD_SIZE + size + GCM_TAG_SIZE);
	aead_request_set_ad(req, MESSAGE_AAD_SIZE);
	aead_request_set_crypt(req, &sg, &sg, len, iv);
	aead_request_set_callback(req, CRYPTO_TFM_REQ_MAY_BACKLOG |
				  CRYPTO_TFM_REQ_MAY_SLEEP, crypto_req_done,
				  &wait);
	ret = crypto_wait_req(seal ? crypto_aead_encrypt(req) :
			      crypto_aead_decrypt(req), &wait);
	aead_request_free(req);
	return ret;
}

/**
 * emu_gcm_open - decrypts a message in place
 * @key: VMPCK
 * @message: size in its header checked
 *
 * Return: whether it is authentic; else it is left as it was.
 */
bool emu_gcm_open(const u8 key[VMPCK_SIZE], struct message *message)
{
	unsigned int size = le16_to_cpu(message->header.size);
	u8 *payload = scratch + MESSAGE_AAD_SIZE;

	memcpy(scratch, (u8 *)message + MESSAGE_AAD_OFF, MESSAGE_AAD_SIZE);
	memcpy(payload, message->payload, size);
	memcpy(payload + size, message->header.authtag, GCM_TAG_SIZE);
	if (run(key, message->header.seqno, size, false))
		return false;
	memcpy(message->payload, payload, size);
	return true;
}

/**
 * emu_gcm_seal - encrypts a message in place
 * @key: VMPCK
 * @message: header complete but for the tag
 */
void emu_gcm_seal(const u8 key[VMPCK_SIZE], struct message *message)
{
	unsigned int size = le16_to_cpu(message->header.size);
	u8 *payload = scratch + MESSAGE_AAD_SIZE;

	memcpy(scratch, (u8 *)message + MESSAGE_AAD_OFF, MESSAGE_AAD_SIZE);
	memcpy(payload, message->payload, size);
	WARN_ON_ONCE(run(key, message->header.seqno, size, true));
	memcpy(message->payload, payload, size);
	memcpy(message->header.authtag, payload + size, GCM_TAG_SIZE);
}
