/* SPDX-License-Identifier: GPL-2.0-only */
/* Code that the emulator lets run in the place of the guest's own. */

#include <linux/linkage.h>
#include <asm/ibt.h>
#include <asm/nospec-branch.h>
#include <asm/unwind_hints.h>

	.text

/*
 * Where a synchronous TDCALL goes on. Nothing is known of the caller but that
 * it runs in kernel mode, so every register and the flags are kept. The slot
 * on top becomes its return address, as if the caller had called.
 */
SYM_START(emu_sync_entry, SYM_L_GLOBAL, SYM_A_ALIGN)
	ENDBR
	subq	$8, %rsp
	UNWIND_HINT_FUNC
	pushfq
	pushq	%rax
	pushq	%rbx
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi
	pushq	%rbp
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	leaq	(16 * 8)(%rsp), %rdi
	call	emu_sync_wait
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rbp
	popq	%rdi
	popq	%rsi
	popq	%rdx
	popq	%rcx
	popq	%rbx
	popq	%rax
	popfq
	RET
SYM_FUNC_END(emu_sync_entry)

/* Where a refused conversion goes on: back to its caller. */
SYM_START(emu_just_return, SYM_L_GLOBAL, SYM_A_ALIGN)
	ENDBR
	RET
SYM_FUNC_END(emu_just_return)

/*
 * unsigned long emu_call(unsigned long function, const char *arg): goes to where
 * no indirect branch may, since nobody has ever taken the function's address and
 * the kernel may have made its ENDBR a NOP. A return may.
 */
SYM_START(emu_call, SYM_L_GLOBAL, SYM_A_ALIGN)
	ENDBR
	pushq	%rdi
	movq	%rsi, %rdi
	UNWIND_HINT_FUNC
	RET
SYM_FUNC_END(emu_call)
