/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the emulated SNP platform share. */
#ifndef SNP_HOST_H
#define SNP_HOST_H

#include <linux/spinlock.h>
#include <linux/types.h>

#include "snp_spec.h"

/* snp_params.c: the knobs */

/**
 * enum snp_certs - what the host leaves in the certificate buffer
 * @CERTS_NOTHING: what was there before
 * @CERTS_HONEST: the table
 * @CERTS_ENDLESS: entries up to the end of the buffer
 * @CERTS_PAST_END: an entry that reaches past the buffer
 * @CERTS_WRAPPED: one whose offset and length add up to more than 32 bits
 * @CERTS_INSIDE: one that lies inside the entries
 * @CERTS_MANY: as many entries as fit, all of the same bytes
 * @CERTS_EMPTY: entries without length
 * @CERTS_ZERO: zeros
 */
enum snp_certs {
	CERTS_NOTHING,
	CERTS_HONEST,
	CERTS_ENDLESS,
	CERTS_PAST_END,
	CERTS_WRAPPED,
	CERTS_INSIDE,
	CERTS_MANY,
	CERTS_EMPTY,
	CERTS_ZERO,
};

/**
 * struct snp_plan - what the host will do with one guest request
 * @delay_ms: that the firmware takes for a message it accepts
 * @mutate_ms: how long the answer changes after it was given
 * @report_version: of the report in it
 * @vlek: a VLEK is installed
 *
 * Sampled when the hypercall comes.
 */
struct snp_plan {
	unsigned int delay_ms;
	unsigned int mutate_ms;
	unsigned int report_version;
	bool vlek;
};

u64 emu_snp_secrets_pa(void);
unsigned int emu_snp_vmpl(void);
void emu_snp_plan(struct snp_plan *plan);
bool emu_snp_refused(u64 *exitinfo2);
bool emu_snp_exit_failed(void);
bool emu_snp_invalid_len(u64 *npages);
bool emu_snp_lost(u64 *exitinfo2);
bool emu_snp_replayed(void);
bool emu_snp_forced_status(u32 *status);
void emu_snp_spoil(struct message *response);
enum snp_certs emu_snp_certs(unsigned int *pages);

/* snp_hook.c: the kernel's functions that leave the guest */

int emu_hook_init(void);
void emu_hook_exit(void);

/* snp_kernel.c: what the kernel believes about its machine */

int emu_kernel_init(void);
void emu_kernel_exit(void);

/* snp_vmm.c: the host */

/**
 * struct snp_call - a guest request, as the GHCB has it
 * @exit_code: EXIT_GUEST_REQUEST or EXIT_EXT_GUEST_REQUEST
 * @req_gpa: SW_EXITINFO1
 * @resp_gpa: SW_EXITINFO2
 * @data_gpa: RAX of an extended request
 * @npages: RBX of it, before and after
 * @failed: so did the exit itself, SW_EXITINFO1 says; there is no answer
 */
struct snp_call {
	u64 exit_code;
	u64 req_gpa;
	u64 resp_gpa;
	u64 data_gpa;
	u64 npages;
	bool failed;
};

u64 emu_snp_hypercall(struct snp_call *call);

/* snp_mutate.c: answers that change after they were given */

int emu_mutate_init(void);
void emu_mutate_exit(void);
void emu_mutate_stop(u64 resp_gpa, u64 certs_gpa);
void emu_mutate_start(u64 resp_gpa, u64 certs_gpa, u64 certs_size,
		      unsigned int ms);

/* snp_certs.c */

void emu_certs_exit(void);
unsigned int emu_certs_pages(const struct snp_plan *plan);
u32 emu_certs_copy(const struct snp_plan *plan, u8 *buf, u32 room);
void emu_certs_put(const struct snp_plan *plan, u8 *buf, size_t size);

/* snp_psp.c: the secure processor */

int emu_psp_init(void);
void emu_psp_exit(void);
bool emu_psp_authentic(struct message *message);
u32 emu_psp_message(const struct snp_plan *plan, struct message *request,
		    struct message *response);
int emu_psp_set_seqno(unsigned int vmpck, u32 value);
int emu_psp_rekey(unsigned int vmpck);
int emu_psp_wipe(unsigned int vmpck);

/* snp_seen.c: under which IVs there have been messages */

void emu_seen_forget(unsigned int vmpck);
void emu_seen_message(const struct message *message);

/* snp_gcm.c; one caller at a time */

int emu_gcm_init(void);
void emu_gcm_exit(void);
bool emu_gcm_open(const u8 key[VMPCK_SIZE], struct message *message);
void emu_gcm_seal(const u8 key[VMPCK_SIZE], struct message *message);

/* snp_report.c, snp_key.c: what the firmware knows of the guest, and tells */

/**
 * struct snp_identity - the guest as it was launched
 * @platform_info: used if @platform_info_set, else what is usual for the chip
 *
 * Under emu_identity_lock.
 */
struct snp_identity {
	u64 policy;
	u64 platform_info;
	bool platform_info_set;
	u8 family_id[16];
	u8 image_id[16];
	u8 measurement[48];
	u8 host_data[32];
	u8 id_key_digest[48];
	u8 author_key_digest[48];
	u8 report_id[32];
};

extern struct snp_identity emu_identity;
extern spinlock_t emu_identity_lock;

u64 emu_platform_info(unsigned int version);
bool emu_report_make(const struct snp_plan *plan, u32 signing_key, u32 vmpl,
		     const u8 report_data[REPORT_DATA_SIZE],
		     u8 report[REPORT_SIZE]);

int emu_key_init(void);
void emu_key_exit(void);
void emu_key_derive(const struct key_request *req, u8 key[DERIVED_KEY_SIZE]);

/* snp_svsm.c */

/**
 * struct svsm_regs - what an SVSM call leaves in registers
 * @rax: result code
 * @rcx: bytes of manifest
 * @rdx: bytes of certificates
 * @r8: bytes of report
 */
struct svsm_regs {
	u64 rax;
	u64 rcx;
	u64 rdx;
	u64 r8;
};

int emu_svsm_init(void);
void emu_svsm_exit(void);
bool emu_svsm_refused(const struct attest_area *area, struct svsm_regs *regs);
u32 emu_svsm_manifest_size(void);
bool emu_svsm_has_certs(void);
long emu_svsm_out_len(void);
void emu_svsm_attest(u64 rax, const struct attest_area *area,
		     struct svsm_regs *regs);

#endif
