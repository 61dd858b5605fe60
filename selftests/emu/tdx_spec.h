/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TDX constants as the specifications state them.
 *
 * [ABI]  Intel TDX Module ABI Reference Specification
 * [BASE] Intel TDX Module Base Architecture Specification
 * [GHCI] Intel TDX Guest-Hypervisor Communication Interface
 *
 * Nothing here comes from a header of the driver under test or of the kernel:
 * a wrong number on either side shall show, and not be shared.
 */
#ifndef TDX_SPEC_H
#define TDX_SPEC_H

#include <linux/bits.h>
#include <linux/types.h>

/* [ABI] TDCALL: leaf numbers, RAX bits 15:0; version in bits 23:16 */
#define TDG_VP_VMCALL		0
#define TDG_VP_INFO		1
#define TDG_MR_RTMR_EXTEND	2
#define TDG_MR_REPORT		4
#define TDG_MR_VERIFYREPORT	22
#define TDCALL_LEAF(rax)	((rax) & GENMASK_ULL(15, 0))
#define TDCALL_VERSION(rax)	((rax) & GENMASK_ULL(23, 16))
#define TDCALL_RESERVED(rax)	((rax) & GENMASK_ULL(63, 24))

/* [ABI] completion status: code in bits 63:32, operand id in bits 31:0 */
#define TDX_SUCCESS		0ULL
#define TDX_OPERAND_INVALID	0xc000010000000000ULL
#define TDX_OPERAND_BUSY	0x8000020000000000ULL
#define TDX_INVALID_CPUSVN	0xc000100000000000ULL
#define TDX_INVALID_REPORTMACSTRUCT	0xc000100100000000ULL
#define OPERAND_RAX		0
#define OPERAND_RCX		1
#define OPERAND_RDX		2
#define OPERAND_R8		8
#define OPERAND_RTMR		168

/* [ABI] TDG.VP.INFO: width of the guest physical address; its top bit: shared */
#define TDX_GPAW		52
#define TDX_SHARED_BIT		BIT_ULL(TDX_GPAW - 1)

/* [ABI] TDG.VP.VMCALL, RCX: bits 15:0 select GPRs, 31:16 XMMs */
#define VMCALL_NEVER_EXPOSED	(GENMASK_ULL(63, 32) | BIT(0) | BIT(1) | BIT(4))
#define GPR_R10			10
#define GPR_R11			11
#define GPR_R12			12
#define GPR_R13			13
#define GPR_R14			14
#define GPR_R15			15

/* [GHCI] TDG.VP.VMCALL sub-functions, R11 with R10 = 0 */
#define VMCALL_GET_TDVMCALL_INFO	0x10000ULL
#define VMCALL_GET_QUOTE		0x10002ULL

/* [GHCI] TDG.VP.VMCALL completion status, R10 */
#define VMCALL_SUCCESS			0ULL
#define VMCALL_RETRY			1ULL
#define VMCALL_INVALID_OPERAND		0x8000000000000000ULL
#define VMCALL_GPA_IN_USE		0x8000000000000001ULL
#define VMCALL_ALIGN_ERROR		0x8000000000000002ULL
#define VMCALL_SUBFUNC_UNSUPPORTED	0x8000000000000003ULL

/* [GHCI] GetTdVmCallInfo, R12 = 1: bit 0 of R11 says GetQuote is there */
#define VMCALL_INFO_BASE		0
#define VMCALL_INFO_OPTIONAL		1
#define VMCALL_HAS_GET_QUOTE		BIT_ULL(0)

/* [GHCI] GetQuote: status in the shared buffer */
#define QUOTE_SUCCESS			0ULL
#define QUOTE_IN_FLIGHT			0xffffffffffffffffULL
#define QUOTE_ERROR			0x8000000000000000ULL
#define QUOTE_SERVICE_UNAVAILABLE	0x8000000000000001ULL
#define QUOTE_BUF_VERSION		1ULL
/* What QEMU accepts at most (target/i386/kvm/tdx.c) */
#define QUOTE_BUF_MAX			(128 * 1024)

/* [GHCI] GetQuote: head of the shared buffer, all little-endian */
struct quote_buf {
	__le64 version;
	__le64 status;
	__le32 in_len;
	__le32 out_len;
	u8 data[];
};

/* [BASE] TDREPORT_STRUCT: REPORTMACSTRUCT, TEE_TCB_INFO, TDINFO_STRUCT */
#define TDREPORT_SIZE			1024
#define TDREPORT_ALIGN			1024
#define REPORTDATA_SIZE			64
#define REPORTDATA_ALIGN		64
#define REPORTTYPE_TDX			0x81
#define OFF_TYPE			0
#define OFF_VERSION			2
#define OFF_CPUSVN			16
#define OFF_TEE_TCB_INFO_HASH		32
#define OFF_TEE_INFO_HASH		80
#define OFF_REPORTDATA			128
#define OFF_MAC				224
#define MAC_SIZE			32
#define REPORTMACSTRUCT_SIZE		256
#define REPORTMACSTRUCT_ALIGN		256
#define OFF_TEE_TCB_INFO		256
#define TEE_TCB_INFO_SIZE		239
#define OFF_TCB_VALID			256
#define OFF_TEE_TCB_SVN			264
#define OFF_MRSEAM			280
#define OFF_MRSIGNERSEAM		328
#define OFF_TEE_TCB_SVN2		384
#define OFF_TDINFO			512
#define TDINFO_SIZE			512
#define OFF_ATTRIBUTES			512
#define OFF_XFAM			520
#define OFF_MRTD			528
#define OFF_MRCONFIGID			576
#define OFF_MROWNER			624
#define OFF_MROWNERCONFIG		672
#define OFF_RTMR			720
#define OFF_TD_ID			960
#define TD_ID_SIZE			32
#define OFF_TDINFO_VALID		1020
#define MR_SIZE				48
#define SVN_SIZE			16
#define NR_RTMRS			4
#define RTMR_VALUE_ALIGN		64

/* [BASE] TEE_TCB_INFO.VALID, without and with TEE_TCB_SVN2 */
#define TCB_VALID			0x1ffULL
#define TCB_VALID_SVN2			0x301ffULL

/* [BASE] TDINFO_STRUCT.VALID, version 3: TD_ID and VMID; no service TD */
#define TDINFO_VALID			0x300

#endif
