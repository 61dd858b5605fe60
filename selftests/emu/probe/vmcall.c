// SPDX-License-Identifier: GPL-2.0-only
/* Tests of hypercalls: the register mask, GetTdVmCallInfo, what is not there. */

#include <linux/kernel.h>

#include "probe.h"

#define UNKNOWN	0x10099

/* [ABI] RCX: RAX, RCX, RSP and the bits from 32 on are never the host's */
static const struct mask {
	const char *name;
	u64 mask, rax;
} masks[] = {
	{ "R10 to R15 may be shown to the host", MASK_R10_R15, 0 },
	{ "so may be every GPR but three, and each XMM", 0xffffffec, 0 },
	{ "RAX must not be", MASK_R10_R15 | BIT(RAX), INVALID(RCX) },
	{ "RCX must not be", MASK_R10_R15 | BIT(RCX), INVALID(RCX) },
	{ "RSP must not be", MASK_R10_R15 | BIT(RSP), INVALID(RCX) },
	{ "bit 32 of the mask is reserved", MASK_R10_R15 | BIT_ULL(32),
	  INVALID(RCX) },
	{ "bit 63 of the mask is reserved", MASK_R10_R15 | BIT_ULL(63),
	  INVALID(RCX) },
};

/*
 * [GHCI] R10 to R12 in, R10 and R11 out. What a status other than 0 brings in
 * R11 is not defined.
 */
static const struct hypercall {
	const char *name;
	u64 mask, r10, r11, r12, status, r11_out;
	long violations;
} hypercalls[] = {
	{ "GetTdVmCallInfo 0 says that the base is there", MASK_R10_R15, 0,
	  GET_TDVMCALL_INFO, 0, 0, 0 },
	{ "GetTdVmCallInfo 1 says that GetQuote is there", MASK_R10_R15, 0,
	  GET_TDVMCALL_INFO, 1, 0, BIT(0) },
	{ "GetTdVmCallInfo 2 is not defined", MASK_R10_R15, 0,
	  GET_TDVMCALL_INFO, 2, R10_INVALID_OPERAND },
	{ "SetupEventNotifyInterrupt is not there", MASK_R10_R15, 0, 0x10004, 0,
	  R10_UNSUPPORTED },
	{ "Service is not there", MASK_R10_R15, 0, 0x10005, 0, R10_UNSUPPORTED },
	{ "an unknown sub-function is not there", MASK_R10_R15, 0, UNKNOWN, 0,
	  R10_UNSUPPORTED },
	{ "no vendor's interface is there", MASK_R10_R15, 1, GET_QUOTE, 0,
	  R10_UNSUPPORTED },
	{ "a hidden R11 is no sub-function", MASK_R10_R15 & ~BIT(R11), 0,
	  GET_TDVMCALL_INFO, 0, R10_UNSUPPORTED, 0, 1 },
	{ "a hidden R12 reads 0", MASK_R10_R15 & ~BIT(R12), 0,
	  GET_TDVMCALL_INFO, 1, 0, 0, 1 },
	{ "a hidden R10 reads 0 and stays", MASK_R10_R15 & ~BIT(R10), 5,
	  GET_TDVMCALL_INFO, 1, 5, BIT(0), 1 },
};

static void masked(const struct mask *row)
{
	u64 regs[NR_REGS] = { [RCX] = row->mask, [R11] = GET_TDVMCALL_INFO };
	long before = probe_stat("stat_hypercalls");

	probe_start(row->name);
	probe_vmcall(regs);
	EXPECT_EQ(row->rax, regs[RAX]);
	EXPECT_EQ(row->rax ? GET_TDVMCALL_INFO : 0, regs[R11]);
	/* the host is not even asked */
	EXPECT_EQ(before + !row->rax, probe_stat("stat_hypercalls"));
	probe_end(row->rax ? 1 : 0);
}

static void answered(const struct hypercall *row)
{
	u64 regs[NR_REGS] = {
		[RCX] = row->mask, [R10] = row->r10, [R11] = row->r11,
		[R12] = row->r12, [R13] = 13, [R14] = 14, [R15] = 15,
	};

	probe_start(row->name);
	probe_vmcall(regs);
	EXPECT_EQ(0, regs[RAX]);
	EXPECT_EQ(row->status, regs[R10]);
	if (row->r11 == GET_TDVMCALL_INFO && row->status < R10_INVALID_OPERAND) {
		EXPECT_EQ(row->r11_out, regs[R11]);
		EXPECT_EQ(0, regs[R13] | regs[R14]);
	}
	probe_end(row->violations);
}

void probe_vmcalls(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(masks); i++)
		masked(&masks[i]);
	for (unsigned int i = 0; i < ARRAY_SIZE(hypercalls); i++)
		answered(&hypercalls[i]);
}
