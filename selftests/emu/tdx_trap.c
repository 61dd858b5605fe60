// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDCALL on a CPU that does not know it: #UD is caught by a die notifier,
 * decoded, answered by the emulated TDX module, and stepped over.
 */

#include <asm/trapnr.h>
#include <linux/kdebug.h>
#include <linux/notifier.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "emu.h"

/* [ABI] TDCALL: 66 0F 01 CC */
static const u8 tdcall[] = { 0x66, 0x0f, 0x01, 0xcc };

static bool is_tdcall(const struct pt_regs *regs)
{
	u8 insn[sizeof(tdcall)];

	return !copy_from_kernel_nofault(insn, (void *)regs->ip, sizeof(insn)) &&
	       !memcmp(insn, tdcall, sizeof(insn));
}

/* [ABI] RAX: each of these leaves is asked for in its version 0 */
static u64 dispatch(struct pt_regs *regs)
{
	if (TDCALL_VERSION(regs->ax) || TDCALL_RESERVED(regs->ax))
		return TDX_OPERAND_INVALID | OPERAND_RAX;

	switch (TDCALL_LEAF(regs->ax)) {
	case TDG_VP_VMCALL:
		return emu_vmcall(regs);
	case TDG_VP_INFO:
		emu_vp_info(regs);
		return TDX_SUCCESS;
	case TDG_MR_RTMR_EXTEND:
		return emu_rtmr_extend(regs);
	case TDG_MR_REPORT:
		return emu_mr_report(regs);
	case TDG_MR_VERIFYREPORT:
		return emu_mr_verifyreport(regs);
	default:
		return TDX_OPERAND_INVALID | OPERAND_RAX;
	}
}

/*
 * Interrupts are off and the interrupted code may hold any lock but ours, so
 * nothing from here on sleeps, frees or allocates.
 */
static int on_die(struct notifier_block *nb, unsigned long event, void *data)
{
	struct die_args *args = data;
	struct pt_regs *regs = args->regs;

	if (event != DIE_TRAP || args->trapnr != X86_TRAP_UD || !regs ||
	    user_mode(regs) || !is_tdcall(regs))
		return NOTIFY_DONE;

	regs->ip += sizeof(tdcall);
	regs->ax = dispatch(regs);
	return NOTIFY_STOP;
}

static struct notifier_block die_nb = {
	.notifier_call = on_die,
	.priority = INT_MAX,
};

int emu_trap_init(void)
{
	return register_die_notifier(&die_nb);
}

void emu_trap_exit(void)
{
	unregister_die_notifier(&die_nb);
}
