// SPDX-License-Identifier: GPL-2.0-only
/* The emulated host: what it makes of a TDG.VP.VMCALL. */

#include <linux/bits.h>
#include <linux/ptrace.h>

#include "emu.h"

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
	default:
		return &regs->r14;
	}
}

/* [ABI] the TDX module shows the host the exposed GPRs; the others read 0. */
static u64 arg(struct pt_regs *regs, unsigned int nr)
{
	if (regs->cx & BIT(nr))
		return *gpr(regs, nr);
	emu_violation("VP.VMCALL: R%u is an argument but not exposed, mask 0x%lx",
		      nr, regs->cx);
	return 0;
}

static void answer(struct pt_regs *regs, unsigned int nr, u64 value)
{
	if (regs->cx & BIT(nr))
		*gpr(regs, nr) = value;
}

/* [GHCI] R12 = 0: the base interface is there; R12 = 1: what else there is */
static u64 get_info(struct pt_regs *regs)
{
	switch (arg(regs, GPR_R12)) {
	case VMCALL_INFO_BASE:
		answer(regs, GPR_R11, 0);
		break;
	case VMCALL_INFO_OPTIONAL:
		answer(regs, GPR_R11, VMCALL_HAS_GET_QUOTE);
		break;
	default:
		return VMCALL_INVALID_OPERAND;
	}
	answer(regs, GPR_R12, 0);
	answer(regs, GPR_R13, 0);
	answer(regs, GPR_R14, 0);
	return VMCALL_SUCCESS;
}

static u64 get_quote(struct pt_regs *regs)
{
	u64 gpa = arg(regs, GPR_R12), size = arg(regs, GPR_R13);
	u64 id = 0, r10;

	r10 = emu_quote_submit(gpa & ~TDX_SHARED_BIT, size, &id);
	if (id)
		emu_sync_redirect(regs, id);
	return r10;
}

static u64 subfunction(struct pt_regs *regs)
{
	/* [GHCI] R10 other than 0 is a vendor's own interface; there is none */
	if (arg(regs, GPR_R10))
		return VMCALL_SUBFUNC_UNSUPPORTED;

	switch (arg(regs, GPR_R11)) {
	case VMCALL_GET_TDVMCALL_INFO:
		return get_info(regs);
	case VMCALL_GET_QUOTE:
		return get_quote(regs);
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
	if (regs->cx & VMCALL_NEVER_EXPOSED) {
		emu_violation("VP.VMCALL: wrong register mask 0x%lx", regs->cx);
		return TDX_OPERAND_INVALID | OPERAND_RCX;
	}
	atomic_long_inc(&emu_stat.hypercalls);
	answer(regs, GPR_R10, subfunction(regs));
	return TDX_SUCCESS;
}
