// SPDX-License-Identifier: GPL-2.0-only
/* The emulated AMD secure processor: guest messages, in and out. */

#include <linux/align.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "emu.h"
#include "emu_compat.h"
#include "snp_host.h"

/**
 * struct vmpck - a channel to the guest
 * @key: stays, whatever becomes of the copy in the secrets page
 * @seqno: of the last message, in either direction
 */
struct vmpck {
	u8 key[VMPCK_SIZE];
	u64 seqno;
};

/* Of vmpcks[], and of the cipher: the processor does one thing at a time. */
static DEFINE_MUTEX(psp_lock);
static struct vmpck vmpcks[NR_VMPCKS];
static u8 *secrets;

static void *secrets_key(unsigned int id)
{
	return secrets + SECRETS_VMPCK_OFF + id * VMPCK_SIZE;
}

/* An SVSM keeps the keys of the levels above the guest's own to itself. */
static void new_key(unsigned int id)
{
	u32 *seqno = (u32 *)(secrets + SECRETS_SEQNO_OFF) + id;

	get_random_bytes(vmpcks[id].key, VMPCK_SIZE);
	vmpcks[id].seqno = 0;
	emu_seen_forget(id);
	if (id >= emu_snp_vmpl())
		memcpy(secrets_key(id), vmpcks[id].key, VMPCK_SIZE);
	WRITE_ONCE(*seqno, 0);
}

static void put_svsm(void)
{
	if (!emu_snp_vmpl())
		return;
	/* Where no RAM is: the guest has no business there. */
	put_unaligned_le64(0x7f00000000, secrets + SECRETS_SVSM_BASE_OFF);
	put_unaligned_le64(0x1000000, secrets + SECRETS_SVSM_SIZE_OFF);
	put_unaligned_le32(1, secrets + SECRETS_SVSM_MAX_OFF);
	secrets[SECRETS_SVSM_VMPL_OFF] = emu_snp_vmpl();
}

/* What is in no memory map at all would be no memory, either. */
static int check_reserved(u64 pa)
{
	if (IS_ALIGNED(pa, SECRETS_SIZE) &&
	    region_intersects(pa, SECRETS_SIZE, IORESOURCE_SYSTEM_RAM,
			      IORES_DESC_NONE) == REGION_DISJOINT &&
	    region_intersects(pa, SECRETS_SIZE, IORESOURCE_MEM,
			      IORES_DESC_RESERVED) == REGION_INTERSECTS)
		return 0;
	pr_err("tsm_emu: snp_secrets=0x%llx is not set aside for the secrets page; boot with memmap=4K$0x%llx\n",
	       pa, pa);
	return -EINVAL;
}

/**
 * emu_psp_init - launches the guest: makes its secrets page
 *
 * Return: 0, -EINVAL after saying that there is no place for the page, -ENOMEM.
 */
int emu_psp_init(void)
{
	u64 pa = emu_snp_secrets_pa();
	int ret = check_reserved(pa);

	if (ret)
		return ret;
	secrets = memremap(pa, SECRETS_SIZE, MEMREMAP_WB);
	if (!secrets)
		return -ENOMEM;
	memset(secrets, 0, SECRETS_SIZE);
	put_unaligned_le32(SECRETS_VERSION, secrets + SECRETS_VERSION_OFF);
	put_svsm();
	for (unsigned int id = 0; id < NR_VMPCKS; id++)
		new_key(id);
	return 0;
}

/* Nobody can ask any more. */
void emu_psp_exit(void)
{
	for (unsigned int id = 0; id < NR_VMPCKS; id++)
		emu_seen_forget(id);
	memset(secrets, 0, SECRETS_SIZE);
	memunmap(secrets);
	secrets = NULL;
	memzero_explicit(vmpcks, sizeof(vmpcks));
}

static bool reserved_is_zero(const struct message_header *header)
{
	return !memchr_inv(header->reserved1, 0, sizeof(header->reserved1)) &&
	       !memchr_inv(header->reserved2, 0, sizeof(header->reserved2)) &&
	       !memchr_inv(header->reserved3, 0, sizeof(header->reserved3));
}

static unsigned int request_size(u8 type)
{
	switch (type) {
	case MSG_KEY_REQ:
		return sizeof(struct key_request);
	case MSG_REPORT_REQ:
		return sizeof(struct report_request);
	default:
		return 0;
	}
}

/* [FW] SNP_GUEST_REQUEST: nothing is decrypted that is not as it must be. */
static bool header_is_good(const struct message_header *header)
{
	unsigned int size = request_size(header->type);

	return header->algo == ALGO_AES_256_GCM &&
	       header->header_version == MESSAGE_HEADER_VERSION &&
	       le16_to_cpu(header->header_size) == MESSAGE_HEADER_SIZE &&
	       reserved_is_zero(header) && header->vmpck < NR_VMPCKS &&
	       header->version == MSG_VERSION &&
	       size && le16_to_cpu(header->size) == size &&
	       le64_to_cpu(header->seqno) == vmpcks[header->vmpck].seqno + 1;
}

static u32 report_status(const struct snp_plan *plan, unsigned int vmpck,
			 const struct report_request *req, u32 *signing_key)
{
	u32 vmpl = le32_to_cpu(req->vmpl), sel = le32_to_cpu(req->key_sel);

	if (vmpl < vmpck || vmpl >= NR_VMPLS || sel > KEY_SEL_VLEK ||
	    memchr_inv(req->reserved, 0, sizeof(req->reserved)))
		return FW_INVALID_PARAM;
	if (sel == KEY_SEL_VLEK && !plan->vlek)
		return FW_INVALID_KEY;
	*signing_key = plan->vlek && sel != KEY_SEL_VCEK ? SIGNING_KEY_VLEK :
		       SIGNING_KEY_VCEK;
	return FW_SUCCESS;
}

/*
 * [FW] MSG_REPORT_REQ. Return: a status of the whole request: what is wrong
 * with its contents is told in the response.
 */
static u32 make_report(const struct snp_plan *plan, unsigned int vmpck,
		       const struct report_request *req,
		       struct report_response *rsp)
{
	u32 signing_key, status;

	if (!emu_snp_forced_status(&status))
		status = report_status(plan, vmpck, req, &signing_key);
	rsp->status = cpu_to_le32(status);
	if (status)
		return FW_SUCCESS;
	rsp->size = cpu_to_le32(REPORT_SIZE);
	return emu_report_make(plan, signing_key, le32_to_cpu(req->vmpl),
			       req->report_data, rsp->report) ?
	       FW_SUCCESS : FW_HWERROR_PLATFORM;
}

static u32 key_status(unsigned int vmpck, const struct key_request *req)
{
	u32 vmpl = le32_to_cpu(req->vmpl);

	if (vmpl < vmpck || vmpl >= NR_VMPLS || req->reserved ||
	    le32_to_cpu(req->root_key_select) > ROOT_KEY_VMRK ||
	    le64_to_cpu(req->guest_field_select) & ~FIELDS_ALL)
		return FW_INVALID_PARAM;
	return FW_SUCCESS;
}

/* [FW] MSG_KEY_REQ. Limits of GUEST_SVN and TCB_VERSION are not enforced. */
static void make_key(unsigned int vmpck, const struct key_request *req,
		     struct key_response *rsp)
{
	u32 status;

	if (!emu_snp_forced_status(&status))
		status = key_status(vmpck, req);
	rsp->status = cpu_to_le32(status);
	if (!status)
		emu_key_derive(req, rsp->key);
}

/* Return: size of the response, 0 when @status says that there is none. */
static unsigned int process(const struct snp_plan *plan,
			    const struct message *request, u8 *payload,
			    u32 *status)
{
	unsigned int vmpck = request->header.vmpck;

	*status = FW_SUCCESS;
	if (request->header.type == MSG_KEY_REQ) {
		make_key(vmpck, (const void *)request->payload,
			 (void *)payload);
		return sizeof(struct key_response);
	}
	*status = make_report(plan, vmpck, (const void *)request->payload,
			      (void *)payload);
	return sizeof(struct report_response);
}

static void seal(const struct message_header *req, unsigned int size,
		 struct message *response)
{
	response->header = (struct message_header) {
		.seqno = cpu_to_le64(le64_to_cpu(req->seqno) + 1),
		.algo = ALGO_AES_256_GCM,
		.header_version = MESSAGE_HEADER_VERSION,
		.header_size = cpu_to_le16(MESSAGE_HEADER_SIZE),
		.type = req->type + 1,
		.version = req->version,
		.size = cpu_to_le16(size),
		.vmpck = req->vmpck,
	};
	emu_gcm_seal(vmpcks[req->vmpck].key, response);
	emu_seen_message(response);
}

/**
 * emu_psp_authentic - whether a message was made under the key that it names
 * @message: decrypted in place if so
 */
bool emu_psp_authentic(struct message *message)
{
	unsigned int vmpck = message->header.vmpck;

	return vmpck < NR_VMPCKS &&
	       le16_to_cpu(message->header.size) <= MESSAGE_PAYLOAD_MAX &&
	       emu_gcm_open(vmpcks[vmpck].key, message);
}

/* Not counted as hung, however long: a vCPU outside of its guest is not. */
static void take_time(unsigned int ms)
{
	long left = msecs_to_jiffies(ms);

	while (left > 0)
		left = schedule_timeout_idle(left);
}

/**
 * emu_psp_message - [FW] SNP_GUEST_REQUEST
 * @plan: of the hypercall that brought it
 * @request: as the host has it, decrypted in place
 * @response: where to
 *
 * The counter moves when the exchange is complete, and not before.
 *
 * Return: FW_SUCCESS, or why there is no response.
 */
u32 emu_psp_message(const struct snp_plan *plan, struct message *request,
		    struct message *response)
{
	const struct message_header *header = &request->header;
	unsigned int size;
	u32 status;

	guard(mutex)(&psp_lock);
	if (!header_is_good(header) ||
	    !emu_gcm_open(vmpcks[header->vmpck].key, request)) {
		atomic_long_inc(&emu_stat.snp_refused);
		return FW_INVALID_PARAM;
	}
	take_time(plan->delay_ms);
	memset(response, 0, sizeof(*response));
	size = process(plan, request, response->payload, &status);
	if (status)
		return status;
	seal(header, size, response);
	vmpcks[header->vmpck].seqno += 2;
	atomic_long_inc(&emu_stat.snp_messages);
	return FW_SUCCESS;
}

/**
 * emu_psp_set_seqno - counts on from elsewhere, on both sides
 * @vmpck: which, less than NR_VMPCKS
 * @value: sequence number of the last message
 *
 * Return: 0, or -ENODEV without an emulated SNP guest.
 */
int emu_psp_set_seqno(unsigned int vmpck, u32 value)
{
	guard(mutex)(&psp_lock);
	if (!secrets)
		return -ENODEV;
	vmpcks[vmpck].seqno = value;
	WRITE_ONCE(*((u32 *)(secrets + SECRETS_SEQNO_OFF) + vmpck), value);
	return 0;
}

/**
 * emu_psp_rekey - a new key, and counters at 0, as after another launch
 * @vmpck: which, less than NR_VMPCKS
 *
 * Return: 0, or -ENODEV without an emulated SNP guest.
 */
int emu_psp_rekey(unsigned int vmpck)
{
	guard(mutex)(&psp_lock);
	if (!secrets)
		return -ENODEV;
	new_key(vmpck);
	return 0;
}

/**
 * emu_psp_wipe - takes a key out of the secrets page
 * @vmpck: which, less than NR_VMPCKS
 *
 * Return: 0, or -ENODEV without an emulated SNP guest.
 */
int emu_psp_wipe(unsigned int vmpck)
{
	guard(mutex)(&psp_lock);
	if (!secrets)
		return -ENODEV;
	memset(secrets_key(vmpck), 0, VMPCK_SIZE);
	return 0;
}

/* Without the lock: while a message takes its time it can be read, too. */
static int seqno_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%llu %llu %llu %llu\n",
			  READ_ONCE(vmpcks[0].seqno),
			  READ_ONCE(vmpcks[1].seqno),
			  READ_ONCE(vmpcks[2].seqno),
			  READ_ONCE(vmpcks[3].seqno));
}

static const struct kernel_param_ops seqno_ops = { .get = seqno_get };

module_param_cb(snp_psp_seqno, &seqno_ops, NULL, 0444);
MODULE_PARM_DESC(snp_psp_seqno, "the firmware's counters of messages");
