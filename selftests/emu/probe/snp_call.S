/* SPDX-License-Identifier: GPL-2.0-only */
/* How the probe calls functions of the kernel that are not for modules. */

#include <linux/linkage.h>
#include <asm/ibt.h>
#include <asm/nospec-branch.h>
#include <asm/unwind_hints.h>

	.text

/*
 * unsigned long probe_call(unsigned long function, u64 a, u64 b, u64 c)
 *
 * By a return, since there may be no ENDBR where the function begins.
 */
SYM_START(probe_call, SYM_L_GLOBAL, SYM_A_ALIGN)
	ENDBR
	pushq	%rdi
	movq	%rsi, %rdi
	movq	%rdx, %rsi
	movq	%rcx, %rdx
	UNWIND_HINT_FUNC
	RET
SYM_FUNC_END(probe_call)
