// SPDX-License-Identifier: GPL-2.0-only
/* The emulated host: what it makes of a TDG.VP.VMCALL. */

#include <linux/bits.h>
#include <linux/ptrace.h>

#include "emu.h"

#define SCRAMBLED	0x5c5c5c5c5c5c5c00ULL

static unsigned long *gpr(struct pt_regs *regs, unsigned int nr)
{
	switch (nr) {
	case GPR_R10:
		return &regs->r10;
	case GPR_R11:
		return &regs->r11;
	case GPR_R12:
		return &regs->r12;
	case GPR_R13:
		return &regs->r13;
	case GPR_R14:
		return &regs->r14;
	default:
		return &regs->r15;
	}
}

/**
 * struct vmcall - one TDG.VP.VMCALL
 * @in: what the guest passed
 * @out: what it gets back
 */
struct vmcall {
	struct pt_regs in;
	struct pt_regs *out;
};

/* [ABI] the TDX module shows the host the exposed GPRs; the others read 0. */
static u64 arg(struct vmcall *call, unsigned int nr)
{
	if (call->in.cx & BIT(nr))
		return *gpr(&call->in, nr);
	emu_violation("VP.VMCALL: R%u is an argument but not exposed, mask 0x%lx",
		      nr, call->in.cx);
	return 0;
}

static void answer(struct vmcall *call, unsigned int nr, u64 value)
{
	if (call->in.cx & BIT(nr))
		*gpr(call->out, nr) = value;
}

/*
 * What the host may change it will: a guest that relies on an output which the
 * sub-function does not define, or on an input that stays, shall notice.
 */
static void scramble(struct vmcall *call)
{
	for (unsigned int nr = GPR_R11; nr <= GPR_R15; nr++)
		answer(call, nr, SCRAMBLED | nr);
}

/* [GHCI] R12 = 0: the base interface is there; R12 = 1: what else there is */
static u64 get_info(struct vmcall *call)
{
	switch (arg(call, GPR_R12)) {
	case VMCALL_INFO_BASE:
		answer(call, GPR_R11, 0);
		break;
	case VMCALL_INFO_OPTIONAL:
		answer(call, GPR_R11, VMCALL_HAS_GET_QUOTE);
		break;
	default:
		return VMCALL_INVALID_OPERAND;
	}
	answer(call, GPR_R12, 0);
	answer(call, GPR_R13, 0);
	answer(call, GPR_R14, 0);
	return VMCALL_SUCCESS;
}

static u64 get_quote(struct vmcall *call)
{
	u64 gpa = arg(call, GPR_R12), size = arg(call, GPR_R13);
	u64 id = 0, r10;

	r10 = emu_quote_submit(gpa & ~TDX_SHARED_BIT, size, &id);
	if (id)
		emu_sync_redirect(call->out, id);
	return r10;
}

static u64 subfunction(struct vmcall *call)
{
	/* [GHCI] R10 other than 0 is a vendor's own interface; there is none */
	if (arg(call, GPR_R10))
		return VMCALL_SUBFUNC_UNSUPPORTED;

	switch (arg(call, GPR_R11)) {
	case VMCALL_GET_TDVMCALL_INFO:
		return get_info(call);
	case VMCALL_GET_QUOTE:
		return get_quote(call);
	default:
		return VMCALL_SUBFUNC_UNSUPPORTED;
	}
}

/**
 * emu_vmcall - [ABI] TDG.VP.VMCALL
 * @regs: RCX: mask of exposed registers, R10..R15: as [GHCI] says
 *
 * Return: the completion status for RAX; the host's own status is in R10.
 */
u64 emu_vmcall(struct pt_regs *regs)
{
	struct vmcall call = { .in = *regs, .out = regs };

	if (regs->cx & VMCALL_NEVER_EXPOSED) {
		emu_violation("VP.VMCALL: wrong register mask 0x%lx", regs->cx);
		return TDX_OPERAND_INVALID | OPERAND_RCX;
	}
	atomic_long_inc(&emu_stat.hypercalls);
	scramble(&call);
	answer(&call, GPR_R10, subfunction(&call));
	return TDX_SUCCESS;
}
