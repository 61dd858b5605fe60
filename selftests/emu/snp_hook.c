// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the kernel would leave the guest by VMGEXIT, it is sent here instead:
 * probes on the functions that do so let them run a function of ours in their
 * place, in the caller's context and with the caller's arguments.
 */

#include <linux/atomic.h>
#include <linux/cc_platform.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/wait.h>

/* Needs those above. */
#include <asm/sev.h>

#include "emu.h"
#include "snp_host.h"

/* What the kernel has in SW_EXITINFO2's place before there is an answer */
#define NO_FW_CALL	(~0ULL)

/* Callers that are in one of our functions, or on the way into it */
static atomic_t inside = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(left_wq);

static void leave(void)
{
	if (atomic_dec_and_test(&inside))
		wake_up_all(&left_wq);
}

/* What the kernel makes of SW_EXITINFO2 */
static int verdict(u64 exitinfo2, const struct snp_call *call)
{
	if (!exitinfo2)
		return 0;
	if (exitinfo2 == VMM_ERROR(VMM_BUSY))
		return -EAGAIN;
	if (exitinfo2 == VMM_ERROR(VMM_INVALID_LEN) &&
	    call->exit_code == EXIT_EXT_GUEST_REQUEST)
		return -ENOSPC;
	return -EIO;
}

static int request(u64 exit_code, struct snp_req_data *input, u64 *exitinfo2)
{
	struct snp_call call = {
		.exit_code = exit_code,
		.req_gpa = input->req_gpa,
		.resp_gpa = input->resp_gpa,
	};
	int ret;

	if (exit_code == EXIT_EXT_GUEST_REQUEST) {
		call.data_gpa = input->data_gpa;
		call.npages = input->data_npages;
	}
	*exitinfo2 = emu_snp_hypercall(&call);
	if (call.failed) {
		*exitinfo2 = NO_FW_CALL;
		return ES_VMM_ERROR;
	}
	ret = verdict(*exitinfo2, &call);
	if (ret == -ENOSPC)
		input->data_npages = call.npages;
	return ret;
}

#ifdef EMU_HAVE_SNP_REQUEST_ARGS
static int guest_request(u64 exit_code, struct snp_req_data *input,
			 struct snp_guest_request_ioctl *rio)
{
	u64 exitinfo2;
	int ret = request(exit_code, input, &exitinfo2);

	rio->exitinfo2 = exitinfo2;
	leave();
	return ret;
}
#else
static int guest_request(struct snp_guest_req *req)
{
	u64 exitinfo2;
	int ret = request(req->exit_code, &req->input, &exitinfo2);

	req->exitinfo2 = exitinfo2;
	leave();
	return ret;
}
#endif

static int on_guest_request(struct kprobe *kp, struct pt_regs *regs)
{
	atomic_inc(&inside);
	regs->ip = (unsigned long)guest_request;
	return 1;
}

#ifdef EMU_HAVE_SVSM
/* Registers before a call: no length is any of these */
#define RCX_BEFORE	0x7f00000008ULL
#define OTHER_BEFORE	(~0ULL)

/* The kernel calls again at once until it gets another answer than these. */
static void call_svsm(u64 call_id, const struct attest_area *area,
		      struct svsm_regs *regs)
{
	for (;;) {
		*regs = (struct svsm_regs) {
			.rcx = RCX_BEFORE,
			.rdx = OTHER_BEFORE,
			.r8 = OTHER_BEFORE,
		};
		emu_svsm_attest(call_id, area, regs);
		if (regs->rax != SVSM_IS_BUSY && regs->rax != SVSM_INCOMPLETE)
			return;
		schedule_timeout_idle(1);
	}
}

static int attest(u64 call_id, struct svsm_call *call,
		  struct svsm_attest_call *input)
{
	struct svsm_regs regs;

	if (!emu_snp_vmpl())
		return -EINVAL;
	call_svsm(call_id, (const void *)input, &regs);
	call->rax = call_id;
	call->rax_out = regs.rax;
	call->rcx_out = regs.rcx;
	call->rdx_out = regs.rdx;
	call->r8_out = regs.r8;
	if (regs.rcx != RCX_BEFORE)
		input->manifest_buf.len = regs.rcx;
	if (regs.rdx != OTHER_BEFORE)
		input->certificates_buf.len = regs.rdx;
	if (regs.r8 != OTHER_BEFORE)
		input->report_buf.len = regs.r8;
	return regs.rax ? -EINVAL : 0;
}

static int attest_request(u64 call_id, struct svsm_call *call,
			  struct svsm_attest_call *input)
{
	int ret = attest(call_id, call, input);

	leave();
	return ret;
}

static int on_attest_request(struct kprobe *kp, struct pt_regs *regs)
{
	atomic_inc(&inside);
	regs->ip = (unsigned long)attest_request;
	return 1;
}
#endif

/*
 * Does nothing but be there: a probe that has one is not turned into a jump,
 * and a jump would ignore the address to which the caller is sent.
 */
static void after(struct kprobe *kp, struct pt_regs *regs, unsigned long flags)
{
}

static struct kprobe probes[] = {
	{
		.symbol_name = "snp_issue_guest_request",
		.pre_handler = on_guest_request,
		.post_handler = after,
	},
#ifdef EMU_HAVE_SVSM
	{
		.symbol_name = "snp_issue_svsm_attest_req",
		.pre_handler = on_attest_request,
		.post_handler = after,
	},
#endif
};

/**
 * emu_hook_init - begins to answer in the place of a host
 *
 * Return: 0, or the error of the probe after a line about it.
 */
int emu_hook_init(void)
{
	int ret;

	for (unsigned int i = 0; i < ARRAY_SIZE(probes); i++) {
		ret = register_kprobe(&probes[i]);
		if (!ret)
			continue;
		pr_err("tsm_emu: cannot probe %s: %d; the kernel needs CONFIG_KPROBES and CONFIG_AMD_MEM_ENCRYPT\n",
		       probes[i].symbol_name, ret);
		while (i--)
			unregister_kprobe(&probes[i]);
		return ret;
	}
	return 0;
}

/* Waits for those who are still here, so that this code can go. */
void emu_hook_exit(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(probes); i++)
		unregister_kprobe(&probes[i]);
	wait_event(left_wq, !atomic_read(&inside));
}
