// SPDX-License-Identifier: GPL-2.0-only
/* Guest messages: their form, their cipher, and what an answer must look like. */
#include "msg.h"

#include <linux/err.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <crypto/aead.h>

#define ALGORITHM	"gcm(aes)"

MODULE_SOFTDEP("pre: crypto-gcm crypto-ctr crypto-ghash");

/**
 * struct snp_cipher - AES-256-GCM with one key
 * @tfm: the cipher
 * @req: for one message at a time
 * @iv: of that message
 */
struct snp_cipher {
	struct crypto_aead *tfm;
	struct aead_request *req;
	u8 iv[SNP_IV_LEN];
};

bool tsmg_cipher_is_there(void)
{
	return crypto_has_alg(ALGORITHM, CRYPTO_ALG_TYPE_AEAD,
			      CRYPTO_ALG_TYPE_MASK);
}

static int set_up(struct snp_cipher *cipher, const u8 *key)
{
	int ret;

	ret = crypto_aead_setkey(cipher->tfm, key, VMPCK_LEN);
	if (ret)
		return ret;
	ret = crypto_aead_setauthsize(cipher->tfm, SNP_TAG_LEN);
	if (ret)
		return ret;
	cipher->req = aead_request_alloc(cipher->tfm, GFP_KERNEL);
	return cipher->req ? 0 : -ENOMEM;
}

struct snp_cipher *tsmg_cipher_new(const u8 *key)
{
	struct snp_cipher *cipher;
	int ret;

	cipher = kzalloc_obj(*cipher);
	if (!cipher)
		return ERR_PTR(-ENOMEM);

	cipher->tfm = crypto_alloc_aead(ALGORITHM, 0, 0);
	if (IS_ERR(cipher->tfm)) {
		ret = PTR_ERR(cipher->tfm);
		goto free_cipher;
	}
	ret = set_up(cipher, key);
	if (ret)
		goto free_tfm;
	return cipher;

free_tfm:
	crypto_free_aead(cipher->tfm);
free_cipher:
	kfree(cipher);
	return ERR_PTR(ret);
}

void tsmg_cipher_free(struct snp_cipher *cipher)
{
	if (!cipher)
		return;
	aead_request_free(cipher->req);
	crypto_free_aead(cipher->tfm);
	kfree(cipher);
}

/*
 * In place. What is authenticated alone and what is encrypted, too, lie one
 * behind the other; the tag stands before them.
 */
static void prepare(struct snp_cipher *cipher, struct snp_msg *msg,
		    struct scatterlist sg[2], struct crypto_wait *wait,
		    size_t len)
{
	sg_init_table(sg, 2);
	sg_set_buf(&sg[0], &msg->algo,
		   SNP_AAD_LEN + le16_to_cpu(msg->payload_len));
	sg_set_buf(&sg[1], msg->tag, SNP_TAG_LEN);

	memset(cipher->iv, 0, sizeof(cipher->iv));
	memcpy(cipher->iv, &msg->seqno, sizeof(msg->seqno));

	aead_request_set_callback(cipher->req, CRYPTO_TFM_REQ_MAY_BACKLOG |
				  CRYPTO_TFM_REQ_MAY_SLEEP, crypto_req_done,
				  wait);
	aead_request_set_ad(cipher->req, SNP_AAD_LEN);
	aead_request_set_crypt(cipher->req, sg, sg, len, cipher->iv);
}

int tsmg_msg_seal(struct snp_cipher *cipher, struct snp_msg *msg,
		  const struct snp_exchange *exchange, unsigned int vmpck,
		  u32 seqno)
{
	DECLARE_CRYPTO_WAIT(wait);
	struct scatterlist sg[2];

	if (WARN_ON_ONCE(exchange->request_len > SNP_REQUEST_MAX))
		return -EINVAL;

	memset(msg, 0, sizeof(*msg));
	msg->seqno = cpu_to_le64(seqno);
	msg->algo = SNP_ALGO_AES_256_GCM;
	msg->hdr_version = SNP_HDR_VERSION;
	msg->hdr_len = cpu_to_le16(SNP_HDR_LEN);
	msg->type = exchange->type;
	msg->version = exchange->version;
	msg->payload_len = cpu_to_le16(exchange->request_len);
	msg->vmpck = vmpck;
	memcpy(msg->payload, exchange->request, exchange->request_len);

	prepare(cipher, msg, sg, &wait, exchange->request_len);
	return crypto_wait_req(crypto_aead_encrypt(cipher->req), &wait);
}

int tsmg_msg_open(struct snp_cipher *cipher, struct snp_msg *msg,
		  const struct snp_exchange *exchange, u32 seqno)
{
	size_t len = le16_to_cpu(msg->payload_len);
	DECLARE_CRYPTO_WAIT(wait);
	struct scatterlist sg[2];
	int ret;

	/*
	 * The number is the one after that of the request: each answer of the
	 * firmware fits one request, and no old one passes for this.
	 */
	if (le64_to_cpu(msg->seqno) != (u64)seqno + 1 ||
	    msg->type != exchange->type + 1 ||
	    msg->version != exchange->version || len > exchange->response_len)
		return -EBADMSG;

	prepare(cipher, msg, sg, &wait, len + SNP_TAG_LEN);
	ret = crypto_wait_req(crypto_aead_decrypt(cipher->req), &wait);
	if (ret)
		return ret;

	memset(exchange->response, 0, exchange->response_len);
	memcpy(exchange->response, msg->payload, len);
	return 0;
}
