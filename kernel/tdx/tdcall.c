// SPDX-License-Identifier: GPL-2.0-only
/* The TDCALL instruction and the leaves that attestation needs. */
#include "tdcall.h"

#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/limits.h>
#include <linux/string.h>

/* Leaves: TDX module ABI specification, "Guest-Side (TDCALL) Interface". */
#define TDG_VP_VMCALL		0
#define TDG_MR_RTMR_EXTEND	2
#define TDG_MR_REPORT		4
#define TDG_MR_VERIFYREPORT	22

/* Completion status, the upper half of RAX; the lower names the operand. */
#define TDX_OPERAND_INVALID	0xc0000100
#define TDX_OPERAND_BUSY	0x80000200

/* Sub-function of TDG.VP.VMCALL, GHCI 1.5 section 3. */
#define TDVMCALL_GET_QUOTE	0x10002

/* RCX of TDG.VP.VMCALL: the host sees and may change R10 to R15, no more. */
#define TDVMCALL_REGS		GENMASK(15, 10)

/* Where REPORTDATA lies in a TDREPORT: aligned to 64 as the input must be. */
#define REPORTDATA_OFFSET	128

struct tdcall_regs {
	u64 rcx, rdx, r8, r10, r11, r12, r13, r14, r15;
};

/*
 * The instruction by its bytes: not every supported assembler knows its name.
 * All registers that a leaf used here may change are outputs.
 */
static u64 tdcall(u64 leaf, struct tdcall_regs *regs)
{
	register u64 r8 asm("r8") = regs->r8;
	register u64 r10 asm("r10") = regs->r10;
	register u64 r11 asm("r11") = regs->r11;
	register u64 r12 asm("r12") = regs->r12;
	register u64 r13 asm("r13") = regs->r13;
	register u64 r14 asm("r14") = regs->r14;
	register u64 r15 asm("r15") = regs->r15;

	asm volatile(".byte 0x66, 0x0f, 0x01, 0xcc"
		     : "+a" (leaf), "+c" (regs->rcx), "+d" (regs->rdx),
		       "+r" (r8), "+r" (r10), "+r" (r11), "+r" (r12),
		       "+r" (r13), "+r" (r14), "+r" (r15)
		     : : "r9", "cc", "memory");
	regs->r10 = r10;
	return leaf;
}

/* Whatever is not plain success is none: a warning may have done nothing. */
static int status_to_errno(u64 status)
{
	if (!status)
		return 0;
	switch (status >> 32) {
	case TDX_OPERAND_INVALID:
		return -ENXIO;
	case TDX_OPERAND_BUSY:
		return -EBUSY;
	default:
		return -EIO;
	}
}

int tsmg_tdcall_report(const u8 *report_data, u8 *tdreport)
{
	struct tdcall_regs regs = {
		.rcx = virt_to_phys(tdreport),
		.rdx = virt_to_phys(tdreport + REPORTDATA_OFFSET),
	};

	memcpy(tdreport + REPORTDATA_OFFSET, report_data, TDX_REPORT_DATA_LEN);
	return status_to_errno(tdcall(TDG_MR_REPORT, &regs));
}

int tsmg_tdcall_extend(unsigned int index, u8 *digest)
{
	struct tdcall_regs regs = {
		.rcx = virt_to_phys(digest),
		.rdx = index,
	};

	return status_to_errno(tdcall(TDG_MR_RTMR_EXTEND, &regs));
}

u64 tsmg_tdcall_verify(u8 *reportmac)
{
	struct tdcall_regs regs = {
		.rcx = virt_to_phys(reportmac),
	};

	return tdcall(TDG_MR_VERIFYREPORT, &regs);
}

u64 tsmg_tdcall_get_quote(u64 gpa, size_t size)
{
	struct tdcall_regs regs = {
		.rcx = TDVMCALL_REGS,
		.r11 = TDVMCALL_GET_QUOTE,
		.r12 = gpa,
		.r13 = size,
	};

	return tdcall(TDG_VP_VMCALL, &regs) ? U64_MAX : regs.r10;
}
