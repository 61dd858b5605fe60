/* SPDX-License-Identifier: GPL-2.0-only */
/* The TDCALL instruction and the leaves that attestation needs. */
#ifndef _TSMG_TDCALL_H
#define _TSMG_TDCALL_H

#include <linux/types.h>

/* TDVMCALL completion codes, GHCI 1.5 section 2.4.1, table "Sub-function Status Codes". */
#define TDVMCALL_SUCCESS	0ULL
#define TDVMCALL_RETRY		1ULL

/* REPORTDATA of TDG.MR.REPORT, bytes. */
#define TDX_REPORT_DATA_LEN	64

/* TDREPORT_STRUCT, bytes; TDG.MR.REPORT wants it aligned to as much. */
#define TDX_TDREPORT_LEN	1024

/* REPORTMACSTRUCT, with which it begins; aligned likewise for VERIFYREPORT. */
#define TDX_REPORTMAC_BYTES	256

/* What TDG.MR.RTMR.EXTEND wants its 48 bytes to be aligned to. */
#define TDX_EXTEND_ALIGN	64

/**
 * tsmg_tdcall_report - have the TDX module make a TDREPORT
 * @report_data: 64 bytes that the TDREPORT shall carry
 * @tdreport: 1024 bytes, aligned to 1024, physically contiguous private
 *	memory (kmalloc()); what it holds on an error is not a report
 *
 * TDG.MR.REPORT, TDX module ABI specification, leaf 4.
 *
 * Return: 0; -ENXIO if the TDX module refuses an operand; -EBUSY if another
 * vCPU is using the same TD-wide structures; -EIO for any other error.
 */
int tsmg_tdcall_report(const u8 *report_data, u8 *tdreport);

/**
 * tsmg_tdcall_extend - extend an RTMR
 * @index: which
 * @digest: 48 bytes, aligned to 64, in private memory from kmalloc()
 *
 * TDG.MR.RTMR.EXTEND, TDX module ABI specification, leaf 2.
 *
 * Return: as tsmg_tdcall_report(); after an error nothing was extended.
 */
int tsmg_tdcall_extend(unsigned int index, u8 *digest);

/**
 * tsmg_tdcall_verify - have the TDX module judge a TDREPORT of this machine
 * @reportmac: REPORTMACSTRUCT, 256 bytes aligned to as much, in private memory
 *	from kmalloc()
 *
 * TDG.MR.VERIFYREPORT, TDX module ABI specification, leaf 22.
 *
 * Return: completion status, 0 if the TDREPORT is of this machine.
 */
u64 tsmg_tdcall_verify(u8 *reportmac);

/**
 * tsmg_tdcall_get_quote - hand a request for a quote to the host
 * @gpa: guest physical address of the shared buffer, shared bit set,
 *	aligned to 4 KiB
 * @size: of the buffer, a multiple of 4 KiB
 *
 * TDG.VP.VMCALL<GetQuote>, GHCI 1.5 section 3.3. Returns when the host has
 * taken or refused the request, not when the quote is there.
 *
 * Return: TDVMCALL_SUCCESS, TDVMCALL_RETRY or another code, all of them the
 * host's word; U64_MAX if the TDX module itself refused the call.
 */
u64 tsmg_tdcall_get_quote(u64 gpa, size_t size);

#endif /* _TSMG_TDCALL_H */
