// SPDX-License-Identifier: GPL-2.0-only
/* The probe as an SNP guest: messages, their cipher, and guest requests. */

#include <crypto/aead.h>
#include <linux/cc_platform.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/set_memory.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Needs those above; for how the kernel passes a guest request on. */
#include <asm/sev.h>

#include "probe.h"

/* [FW] secrets page: VMPCKs; [GHCB] sequence numbers */
#define SECRETS_LEN	4096
#define SECRETS_VMPCK	0x20
#define SECRETS_SEQNO	0xa0
#define VMPCK_LEN	32

/* [FW] what the tag is over, and its size */
#define AAD		0x30
#define AAD_BYTES	48
#define TAG_BYTES	16
#define IV_BYTES	12

u8 *snp_request, *snp_response;
u8 snp_plain[PAYLOAD_LEN];
unsigned int snp_level;

static u8 *secrets;
static struct crypto_aead *gcm;
static u8 *scratch;
static unsigned long issue;

static int find_function(void)
{
	struct kprobe kp = { .symbol_name = "kallsyms_lookup_name" };
	int ret = register_kprobe(&kp);

	if (ret)
		return ret;
	unregister_kprobe(&kp);
	issue = probe_call((unsigned long)kp.addr,
			   (u64)"snp_issue_guest_request", 0, 0);
	return issue ? 0 : -ENOENT;
}

static int map_secrets(void)
{
	char text[24];
	u64 pa;

	if (probe_get("snp_secrets", text, sizeof(text)) < 0 ||
	    kstrtou64(text, 0, &pa))
		return -ENODEV;
	secrets = memremap(pa, SECRETS_LEN, MEMREMAP_WB);
	return secrets ? 0 : -ENOMEM;
}

static u8 *shared_page(void)
{
	u8 *page = (u8 *)get_zeroed_page(GFP_KERNEL);

	if (page)
		set_memory_decrypted((unsigned long)page, 1);
	return page;
}

static void free_shared_page(u8 *page)
{
	set_memory_encrypted((unsigned long)page, 1);
	free_page((unsigned long)page);
}

int probe_snp_init(void)
{
	int ret = find_function();

	if (!ret)
		ret = map_secrets();
	if (ret)
		return ret;
	snp_level = probe_stat("snp_vmpl");
	gcm = crypto_alloc_aead("gcm(aes)", 0, 0);
	if (IS_ERR(gcm))
		return PTR_ERR(gcm);
	scratch = kmalloc(AAD_BYTES + PAYLOAD_LEN + TAG_BYTES, GFP_KERNEL);
	snp_request = shared_page();
	snp_response = shared_page();
	return scratch && snp_request && snp_response ? 0 : -ENOMEM;
}

void probe_snp_exit(void)
{
	free_shared_page(snp_response);
	free_shared_page(snp_request);
	kfree(scratch);
	crypto_free_aead(gcm);
	memunmap(secrets);
}

u8 *snp_key(unsigned int vmpck)
{
	return secrets + SECRETS_VMPCK + VMPCK_LEN * vmpck;
}

/* The guest's own counter, which it keeps in the secrets page */
u32 *snp_seqno(unsigned int vmpck)
{
	return (u32 *)(secrets + SECRETS_SEQNO) + vmpck;
}

u64 snp_firmware_seqno(unsigned int vmpck)
{
	char text[100];
	u64 seqnos[4] = { };

	EXPECT_TRUE(probe_get("snp_psp_seqno", text, sizeof(text)) > 0);
	EXPECT_EQ(4, sscanf(text, "%llu %llu %llu %llu", &seqnos[0], &seqnos[1],
			    &seqnos[2], &seqnos[3]));
	return seqnos[vmpck];
}

/* [FW] the IV is the sequence number, and four zeros */
static int cipher(const u8 *message, unsigned int size, bool decrypt)
{
	u8 vmpck = message[HDR_VMPCK], iv[IV_BYTES] = { };
	struct aead_request *req;
	struct scatterlist sg;
	DECLARE_CRYPTO_WAIT(wait);
	int ret;

	memcpy(iv, message + HDR_SEQNO, 8);
	EXPECT_EQ(0, crypto_aead_setkey(gcm, snp_key(vmpck < 4 ? vmpck : 0),
					VMPCK_LEN));
	EXPECT_EQ(0, crypto_aead_setauthsize(gcm, TAG_BYTES));
	req = aead_request_alloc(gcm, GFP_KERNEL);
	if (!req)
		return -ENOMEM;
	sg_init_one(&sg, scratch, AAD_BYTES + size + TAG_BYTES);
	aead_request_set_callback(req, CRYPTO_TFM_REQ_MAY_SLEEP,
				  crypto_req_done, &wait);
	aead_request_set_ad(req, AAD_BYTES);
	aead_request_set_crypt(req, &sg, &sg,
			       decrypt ? size + TAG_BYTES : size, iv);
	ret = crypto_wait_req(decrypt ? crypto_aead_decrypt(req) :
			      crypto_aead_encrypt(req), &wait);
	aead_request_free(req);
	return ret;
}

/**
 * snp_header - begins a message in the request page
 * @type: KEY_REQ or REPORT_REQ
 * @size: of its payload
 */
void snp_header(u8 type, unsigned int size)
{
	u64 seqno = *snp_seqno(snp_level) + 1ULL;

	memset(snp_request, 0, PAGE_SIZE);
	memcpy(snp_request + HDR_SEQNO, &seqno, sizeof(seqno));
	snp_request[HDR_ALGO] = 1;
	snp_request[HDR_VERSION] = 1;
	snp_request[HDR_SIZE] = HDR_LEN;
	snp_request[HDR_TYPE] = type;
	snp_request[HDR_MSG_VERSION] = 1;
	snp_request[HDR_MSG_SIZE] = size;
	snp_request[HDR_MSG_SIZE + 1] = size >> 8;
	snp_request[HDR_VMPCK] = snp_level;
}

static unsigned int size_in(const u8 *message)
{
	return message[HDR_MSG_SIZE] | message[HDR_MSG_SIZE + 1] << 8;
}

/**
 * snp_seal - completes the message whose header is in the request page
 * @payload: as long as that says
 */
void snp_seal(const void *payload)
{
	unsigned int size = size_in(snp_request);

	memcpy(scratch, snp_request + AAD, AAD_BYTES);
	memcpy(scratch + AAD_BYTES, payload, size);
	EXPECT_EQ(0, cipher(snp_request, size, false));
	memcpy(snp_request + HDR_LEN, scratch + AAD_BYTES, size);
	memcpy(snp_request + HDR_TAG, scratch + AAD_BYTES + size, TAG_BYTES);
}

/**
 * snp_ask - [GHCB] a guest request, by the kernel's function for it
 * @req: SW_EXITINFO1
 * @resp: SW_EXITINFO2
 * @exit_code: SW_EXITCODE
 * @data: RAX
 * @npages: RBX
 */
struct snp_answer snp_ask(u64 req, u64 resp, u64 exit_code, u64 data,
			  unsigned int npages)
{
	struct snp_req_data input = {
		.req_gpa = req,
		.resp_gpa = resp,
		.data_gpa = data,
		.data_npages = npages,
	};
#ifdef PROBE_HAVE_SNP_REQUEST_ARGS
	struct snp_guest_request_ioctl rio = { .exitinfo2 = 0xdead };
	int ret = probe_call(issue, exit_code, (u64)&input, (u64)&rio);

	return (struct snp_answer) { ret, rio.exitinfo2, input.data_npages };
#else
	struct snp_guest_req greq = {
		.input = input, .exit_code = exit_code, .exitinfo2 = 0xdead,
	};
	int ret = probe_call(issue, (u64)&greq, 0, 0);

	return (struct snp_answer) { ret, greq.exitinfo2,
				     greq.input.data_npages };
#endif
}

struct snp_answer snp_send(void)
{
	memset(snp_response, 0xee, PAGE_SIZE);
	return snp_ask(virt_to_phys(snp_request), virt_to_phys(snp_response),
		       GUEST_REQUEST, 0, 0);
}

struct snp_answer snp_send_ext(const void *buf, unsigned int npages)
{
	memset(snp_response, 0xee, PAGE_SIZE);
	return snp_ask(virt_to_phys(snp_request), virt_to_phys(snp_response),
		       EXT_GUEST_REQUEST, virt_to_phys((void *)buf), npages);
}

/**
 * snp_open - decrypts a message to snp_plain
 * @message: page with the message
 *
 * Return: size of the payload, or -EBADMSG.
 */
int snp_open(const u8 *message)
{
	unsigned int size = size_in(message);
	int ret;

	if (size > PAYLOAD_LEN)
		return -EBADMSG;
	memcpy(scratch, message + AAD, AAD_BYTES);
	memcpy(scratch + AAD_BYTES, message + HDR_LEN, size);
	memcpy(scratch + AAD_BYTES + size, message + HDR_TAG, TAG_BYTES);
	ret = cipher(message, size, true);
	if (ret)
		return ret;
	memcpy(snp_plain, scratch + AAD_BYTES, size);
	return size;
}

/**
 * snp_exchange - a message and its response, all as it should be
 * @type: of the message
 * @payload: of it
 * @size: of that
 * @rsp_size: of the response's payload, which is in snp_plain afterwards
 */
void snp_exchange(u8 type, const void *payload, unsigned int size,
		  unsigned int rsp_size)
{
	struct snp_answer answer;

	snp_header(type, size);
	snp_seal(payload);
	answer = snp_send();
	EXPECT_EQ(0, answer.ret);
	EXPECT_EQ(0, answer.exitinfo2);
	EXPECT_EQ(type + 1, snp_response[HDR_TYPE]);
	EXPECT_EQ(rsp_size, snp_open(snp_response));
	*snp_seqno(snp_level) += 2;
}

/* As far as a test prepares it: the message is sealed, and not yet sent. */
static void report_request(u8 tag, u32 vmpl, u32 key_sel, u8 *payload)
{
	memset(payload, 0, REPORT_REQ_LEN);
	memset(payload, tag, 64);
	payload[64] = vmpl;
	payload[68] = key_sel;
}

/**
 * snp_make_report - a report, in snp_plain behind RSP_BODY
 * @tag: each byte of its REPORT_DATA
 * @vmpl: for which
 * @key_sel: 0: any key
 */
void snp_make_report(u8 tag, u32 vmpl, u32 key_sel)
{
	u8 payload[REPORT_REQ_LEN];

	report_request(tag, vmpl, key_sel, payload);
	snp_exchange(REPORT_REQ, payload, sizeof(payload), REPORT_RSP_LEN);
}

/**
 * snp_report_again - seals a request for a report, with the next number
 * @tag: each byte of its REPORT_DATA
 */
void snp_report_again(u8 tag)
{
	u8 payload[REPORT_REQ_LEN];

	report_request(tag, snp_level, 0, payload);
	snp_header(REPORT_REQ, sizeof(payload));
	snp_seal(payload);
}

/* A new key: what a test sends under an old number is no reuse of an IV. */
void snp_restart(void)
{
	char id[2] = { '0' + snp_level, 0 };

	EXPECT_EQ(0, probe_set("snp_rekey", id));
}
