/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the probe share: TDX as a guest finds it in the
 * specifications, and the means to test it.
 *
 * [ABI]  Intel TDX Module ABI Reference Specification
 * [BASE] Intel TDX Module Base Architecture Specification
 * [GHCI] Intel TDX Guest-Hypervisor Communication Interface
 *
 * Read anew: an error that driver and emulator share is found only by one who
 * has looked at neither.
 */
#ifndef PROBE_H
#define PROBE_H

#include <linux/bits.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/types.h>

/*
 * Registers by number: of [ABI] operand ids in completion statuses, and of the
 * bits in the mask that TDG.VP.VMCALL takes in RCX.
 */
enum {
	RAX = 0, RCX = 1, RDX = 2, RSP = 4,
	R8 = 8, R9, R10, R11, R12, R13, R14, R15,
	NR_REGS
};

/* [ABI] leaves, RAX bits 15:0 */
#define VP_VMCALL		0
#define VP_INFO			1
#define MR_RTMR_EXTEND		2
#define MR_REPORT		4
#define MR_VERIFYREPORT		22

/* [ABI] completion status in RAX */
#define INVALID(operand)	(0xc0000100ULL << 32 | (operand))
#define CODE(rax)		((rax) >> 32)
#define CODE_BUSY		0x80000200ULL
#define INVALID_CPUSVN		(0xc0001000ULL << 32)
#define INVALID_REPORTMACSTRUCT	(0xc0001001ULL << 32)

/* [ABI] a guest physical address of 52 bits, whose top bit is the shared one */
#define GPA_WIDTH		52
#define GPA_SHARED		BIT_ULL(51)

/* [GHCI] sub-functions in R11, completion status in R10 */
#define GET_TDVMCALL_INFO	0x10000
#define GET_QUOTE		0x10002
#define R10_INVALID_OPERAND	0x8000000000000000ULL
#define R10_ALIGN_ERROR		0x8000000000000002ULL
#define R10_UNSUPPORTED		0x8000000000000003ULL
#define MASK_R10_R13		0x3c00ULL
#define MASK_R10_R15		0xfc00ULL

/* [BASE] TDREPORT_STRUCT */
#define TDREPORT_LEN		1024
#define REPORTDATA		128
#define REPORTDATA_LEN		64
#define REPORTMACSTRUCT_LEN	256
#define RTMRS			720
#define RTMR_LEN		48
#define NR_RTMRS		4

/* So far from any address in RAM that the sum is none. */
#define NO_RAM			BIT_ULL(45)

/* The guest's pages, of which one is shared */
#define RAM_PAGES		4
#define SHARED			PAGE_SIZE	/* offset of that page */
#define PRIVATE			(2 * PAGE_SIZE)
#define TDREPORT		(3 * PAGE_SIZE)

/**
 * struct probe_test - a test without arguments
 * @name: sentence
 * @run: makes the claims
 * @violations: how many the host has to complain of
 */
struct probe_test {
	const char *name;
	void (*run)(void);
	long violations;
};

/* main.c */

void probe_start(const char *name);
void probe_end(long violations);
void probe_run(const struct probe_test *tests, unsigned int count);
void probe_expect(const char *file, int line, const char *what, u64 want,
		  u64 got);

#define EXPECT_EQ(want, got) \
	probe_expect(__FILE__, __LINE__, #got, (u64)(want), (u64)(got))
#define EXPECT_TRUE(claim)	EXPECT_EQ(true, !!(claim))

/* guest.c: what a guest can do, and what only a test can */

extern u8 *probe_ram;

int probe_guest_init(void);
void probe_guest_exit(void);
void probe_tdcall(u64 regs[NR_REGS]);
u64 probe_leaf(u64 rax, u64 rcx, u64 rdx, u64 r8);
void probe_vmcall(u64 regs[NR_REGS]);
const u8 *probe_report(u8 tag);
int probe_set(const char *knob, const char *value);
int probe_get(const char *knob, char *text, size_t size);
long probe_stat(const char *name);
void probe_sha384(const void *data, unsigned int len, u8 digest[48]);

/* leaves.c, rtmr.c, verify.c, vmcall.c, quote.c: the tests */

void probe_leaves(void);
void probe_rtmrs(void);
void probe_verification(void);
void probe_vmcalls(void);
int probe_quotes(void);

#endif
