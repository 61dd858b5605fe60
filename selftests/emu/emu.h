/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the emulator share. */
#ifndef EMU_H
#define EMU_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "tdx_spec.h"

struct emu_request;
struct pt_regs;

#define EMU_MAX_DELAYS		64

/* emu_params.c */

/**
 * struct quote_plan - what the host will do with one GetQuote request
 * @delay_ms: from hypercall to final status
 * @status: final status; QUOTE_SUCCESS means an honest quote
 * @out_len: to be written instead of the honest one, -1: honest
 * @never: no answer until released
 * @sync: the hypercall returns when the status is final
 * @torn_us: out_len follows the status so much later
 * @relapse_us: so does out_len, and IN_FLIGHT comes back just before it
 * @mutate_ms: how long the answer changes after it was given
 * @version: of the quote
 * @pad_to: size of the answer, 0: that of the quote
 *
 * Sampled when the hypercall comes, so that a test sets knobs, asks, and may
 * set them for the next request at once.
 */
struct quote_plan {
	unsigned int delay_ms;
	u64 status;
	long out_len;
	bool never;
	bool sync;
	unsigned int torn_us;
	unsigned int relapse_us;
	unsigned int mutate_ms;
	unsigned int version;
	unsigned int pad_to;
};

void emu_plan_next(struct quote_plan *plan);
bool emu_quote_refused(u64 *r10);
bool emu_report_refused(u64 *rax);
bool emu_extend_refused(u64 *rax);
bool emu_verify_refused(u64 *rax);
bool emu_conversion_refused(void);
unsigned int emu_inflight_max(void);
unsigned int emu_quote_version(void);

/* What to emulate */
enum emu_tee {
	EMU_TDX,
	EMU_SNP,
};

int emu_tee_chosen(enum emu_tee *tee);

/* emu_violation.c */

struct emu_stats {
	atomic_long_t hypercalls;
	atomic_long_t retries;
	atomic_long_t inflight;
	atomic_long_t quotes;
	atomic_long_t extends;
	atomic_long_t snp_hypercalls;
	atomic_long_t snp_messages;
	atomic_long_t snp_refused;
	atomic_long_t snp_busy;
	atomic_long_t snp_iv_reuse;
	atomic_long_t svsm_calls;
	atomic_long_t shared_pages;
	atomic_long_t conversions;
	atomic_long_t violations;
};

extern struct emu_stats emu_stat;

__printf(1, 2) void emu_violation(const char *fmt, ...);

/* pages.c: what the host can see of the guest's memory */

int emu_pages_init(void);
void emu_pages_exit(void);
bool emu_gpa_is_ram(u64 gpa, u64 size);
bool emu_gpa_any_shared(u64 gpa, u64 size);
bool emu_gpa_all_shared(u64 gpa, u64 size);

/* tdx_hash.c */

int emu_hash_init(void);
void emu_hash_exit(void);
void emu_sha384(const void *data, unsigned int len, u8 digest[MR_SIZE]);
void emu_mac(const void *data, unsigned int len, u8 mac[MAC_SIZE]);

/* tdx_module.c */

/**
 * struct emu_td - the identity of the emulated TD, as the TDX module holds it
 * @tee_tcb_svn2: all zero: the module does not report it
 * @td_id: likewise
 *
 * Under emu_td_lock; each member but the lock can be set by a knob.
 */
struct emu_td {
	u8 mrtd[MR_SIZE];
	u8 mrconfigid[MR_SIZE];
	u8 mrowner[MR_SIZE];
	u8 mrownerconfig[MR_SIZE];
	u8 rtmr[NR_RTMRS][MR_SIZE];
	u64 attributes;
	u64 xfam;
	u8 tee_tcb_svn[SVN_SIZE];
	u8 tee_tcb_svn2[SVN_SIZE];
	u8 td_id[TD_ID_SIZE];
};

extern struct emu_td emu_td;
extern spinlock_t emu_td_lock;

void emu_vp_info(struct pt_regs *regs);
u64 emu_mr_report(const struct pt_regs *regs);
u64 emu_rtmr_extend(const struct pt_regs *regs);
void emu_rtmr_extend_foreign(unsigned int index, const u8 value[MR_SIZE]);
u64 emu_mr_verifyreport(const struct pt_regs *regs);
bool emu_report_verify(const u8 report[TDREPORT_SIZE]);

/* tdx_init.c */

int emu_tdx_init(void);
void emu_tdx_exit(void);

/* tdx_trap.c */

int emu_trap_init(void);
void emu_trap_exit(void);

/* tdx_vmm.c: the host's answer to TDG.VP.VMCALL */

u64 emu_vmcall(struct pt_regs *regs);

/* tdx_quote.c: requests from hypercall to final status */

void emu_quote_init(void);
void emu_quote_exit(void);
u64 emu_quote_submit(u64 gpa, u64 size, u64 *sync_id);
void emu_quote_revoke(unsigned long pfn, const char *how);
void emu_quote_release(void);
void emu_quote_wait_final(u64 id);

/* snp_init.c, snp_mutate.c: what the rest needs to know of tee=snp */

int emu_snp_init(void);
void emu_snp_exit(void);
void emu_snp_revoke(unsigned long pfn);

/* emu_service.c: requests as tsm-emud sees them */

struct file;
struct poll_table_struct;

/* The host's one lock; taken in exceptions, too */
extern spinlock_t emu_host_lock;

/**
 * struct emu_ask - something that tsm-emud is asked for
 * @list: in the queue until it is answered or withdrawn
 * @id: names it to tsm-emud
 * @seen: tsm-emud has it
 * @kind: see struct emu_request
 * @version: see there
 * @signing_key: see there
 * @body: see there; stays while this is in the queue
 * @len: bytes in @body
 * @answered: takes the answer, kmalloc()ed; NULL: there will be none. Called
 *	once, out of the queue, under emu_host_lock
 *
 * Under emu_host_lock while in the queue.
 */
struct emu_ask {
	struct list_head list;
	u64 id;
	bool seen;
	u32 kind;
	u32 version;
	u32 signing_key;
	const u8 *body;
	size_t len;
	void (*answered)(struct emu_ask *ask, u8 *answer, u32 len);
};

bool emu_service_attached(void);

int emu_service_attach(void);
void emu_service_detach(void);
int emu_service_next(struct emu_request *req, bool wait);
bool emu_service_poll(struct file *file, struct poll_table_struct *table);
void emu_service_reply(u64 id, u8 *data, u32 len);
void emu_ask_submit(struct emu_ask *ask);
void emu_ask_withdraw(struct emu_ask *ask);
u8 *emu_ask_wait(const struct emu_ask *ask, u32 *len);

/* emu_dev.c */

int emu_dev_init(void);
void emu_dev_exit(void);

/* tdx_sync.c, entry.S: hypercalls that return late, functions in other's place */

void emu_sync_redirect(struct pt_regs *regs, u64 id);
void emu_sync_wait(unsigned long *ret);
void emu_sync_entry(void);
void emu_just_return(void);
unsigned long emu_call(unsigned long function, const char *arg);

#endif
