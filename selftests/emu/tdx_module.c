// SPDX-License-Identifier: GPL-2.0-only
/* The emulated TDX module: TD identity, TDREPORT made and verified, RTMRs. */

#include <linux/align.h>
#include <linux/cpumask.h>
#include <linux/io.h>
#include <linux/ptrace.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "emu.h"
#include "emu_compat.h"

DEFINE_SPINLOCK(emu_td_lock);

/* Names, not digests, so that a dump of any evidence says what it is. */
static const u8 mrseam[MR_SIZE] = "EMULATED TDX MODULE";
static const u8 mrsignerseam[MR_SIZE] = "EMULATED TDX MODULE SIGNER";
static const u8 cpusvn[SVN_SIZE] = { 11, 11, 2, 2, 3, 1, 0, 3 };

struct emu_td emu_td = {
	.mrtd = "EMULATED MRTD",
	.attributes = BIT_ULL(28),	/* SEPT_VE_DISABLE */
	.xfam = 0x602e7,
	.tee_tcb_svn = { 5, 1, 2 },
	.tee_tcb_svn2 = { 5, 1, 2 },
};

static u64 invalid(unsigned int operand)
{
	return TDX_OPERAND_INVALID | operand;
}

/* RAM behind a GPA of the guest; the caller checked the alignment. */
static void *guest_ram(u64 gpa, u64 size)
{
	gpa &= ~TDX_SHARED_BIT;
	if (!emu_gpa_is_ram(gpa, size)) {
		emu_violation("TDCALL: gpa 0x%llx is no RAM", gpa);
		return NULL;
	}
	return __va(gpa);
}

static bool is_shared(u64 gpa, u64 size)
{
	return gpa & TDX_SHARED_BIT || emu_gpa_any_shared(gpa, size);
}

/**
 * emu_vp_info - [ABI] TDG.VP.INFO
 * @regs: outputs in RCX, RDX, R8 to R11
 */
void emu_vp_info(struct pt_regs *regs)
{
	regs->cx = TDX_GPAW;
	regs->dx = READ_ONCE(emu_td.attributes);
	regs->r8 = (u64)num_possible_cpus() << 32 | num_online_cpus();
	regs->r9 = raw_smp_processor_id();
	regs->r10 = 0;
	regs->r11 = 0;
}

/*
 * [BASE] version 1 comes with TEE_TCB_SVN2, and is what quotes v5 are made of;
 * version 3 has TD_ID and VMID, too, and their bodies of type 4.
 */
static bool reports_svn2(void)
{
	return emu_quote_version() >= 5 &&
	       memchr_inv(emu_td.tee_tcb_svn2, 0, SVN_SIZE);
}

static bool reports_td_id(void)
{
	return reports_svn2() && memchr_inv(emu_td.td_id, 0, TD_ID_SIZE);
}

static void put_tcb_info(u8 *report)
{
	bool svn2 = reports_svn2();

	put_unaligned_le64(svn2 ? TCB_VALID_SVN2 : TCB_VALID,
			   report + OFF_TCB_VALID);
	memcpy(report + OFF_TEE_TCB_SVN, emu_td.tee_tcb_svn, SVN_SIZE);
	memcpy(report + OFF_MRSEAM, mrseam, MR_SIZE);
	memcpy(report + OFF_MRSIGNERSEAM, mrsignerseam, MR_SIZE);
	if (svn2)
		memcpy(report + OFF_TEE_TCB_SVN2, emu_td.tee_tcb_svn2, SVN_SIZE);
}

static void put_tdinfo(u8 *report)
{
	put_unaligned_le64(emu_td.attributes, report + OFF_ATTRIBUTES);
	put_unaligned_le64(emu_td.xfam, report + OFF_XFAM);
	memcpy(report + OFF_MRTD, emu_td.mrtd, MR_SIZE);
	memcpy(report + OFF_MRCONFIGID, emu_td.mrconfigid, MR_SIZE);
	memcpy(report + OFF_MROWNER, emu_td.mrowner, MR_SIZE);
	memcpy(report + OFF_MROWNERCONFIG, emu_td.mrownerconfig, MR_SIZE);
	memcpy(report + OFF_RTMR, emu_td.rtmr, sizeof(emu_td.rtmr));
	if (!reports_td_id())
		return;
	memcpy(report + OFF_TD_ID, emu_td.td_id, TD_ID_SIZE);
	put_unaligned_le32(TDINFO_VALID, report + OFF_TDINFO_VALID);
}

/* [BASE] REPORTMACSTRUCT: the two hashes, then the MAC over all before it */
static void put_hashes(u8 *report)
{
	emu_sha384(report + OFF_TEE_TCB_INFO, TEE_TCB_INFO_SIZE,
		   report + OFF_TEE_TCB_INFO_HASH);
	emu_sha384(report + OFF_TDINFO, TDINFO_SIZE,
		   report + OFF_TEE_INFO_HASH);
	emu_mac(report, OFF_MAC, report + OFF_MAC);
}

/* The output may overlap the input, so the report is made elsewhere. */
static void make_report(u8 *out, const u8 *report_data)
{
	static u8 report[TDREPORT_SIZE];

	guard(spinlock_irqsave)(&emu_td_lock);
	memset(report, 0, sizeof(report));
	report[OFF_TYPE] = REPORTTYPE_TDX;
	report[OFF_VERSION] = reports_td_id() ? 3 : reports_svn2();
	memcpy(report + OFF_CPUSVN, cpusvn, SVN_SIZE);
	memcpy(report + OFF_REPORTDATA, report_data, REPORTDATA_SIZE);
	put_tcb_info(report);
	put_tdinfo(report);
	put_hashes(report);
	memcpy(out, report, sizeof(report));
}

/**
 * emu_mr_report - [ABI] TDG.MR.REPORT
 * @regs: RCX: GPA of TDREPORT_STRUCT, RDX: GPA of REPORTDATA, R8: subtype
 *
 * Checks come in the order of Intel's module. Like that module it takes shared
 * memory, but a guest has no reason to let the host change its TDREPORT, and
 * is told so by a violation.
 *
 * Return: the completion status for RAX.
 */
u64 emu_mr_report(const struct pt_regs *regs)
{
	const u8 *data;
	u8 *out;
	u64 rax;

	if (!IS_ALIGNED(regs->cx, TDREPORT_ALIGN))
		return invalid(OPERAND_RCX);
	if (!IS_ALIGNED(regs->dx, REPORTDATA_ALIGN))
		return invalid(OPERAND_RDX);
	data = guest_ram(regs->dx, REPORTDATA_SIZE);
	if (!data)
		return invalid(OPERAND_RDX);
	if (regs->r8)
		return invalid(OPERAND_R8);
	out = guest_ram(regs->cx, TDREPORT_SIZE);
	if (!out)
		return invalid(OPERAND_RCX);
	if (emu_report_refused(&rax))
		return rax;

	if (is_shared(regs->cx, TDREPORT_SIZE) ||
	    is_shared(regs->dx, REPORTDATA_SIZE))
		emu_violation("MR.REPORT: gpa 0x%lx or 0x%lx is shared with the host",
			      regs->cx, regs->dx);
	make_report(out, data);
	return TDX_SUCCESS;
}

/* RAM behind a GPA that both leaves below take from private memory alone */
static const void *private_ram(const char *leaf, u64 gpa, u64 size)
{
	const void *ram = guest_ram(gpa, size);

	if (!ram || !is_shared(gpa, size))
		return ram;
	emu_violation("%s: gpa 0x%llx is shared with the host", leaf, gpa);
	return NULL;
}

/* Under emu_td_lock. */
static void extend(u8 rtmr[MR_SIZE], const u8 value[MR_SIZE])
{
	u8 both[2 * MR_SIZE];

	memcpy(both, rtmr, MR_SIZE);
	memcpy(both + MR_SIZE, value, MR_SIZE);
	emu_sha384(both, sizeof(both), rtmr);
}

/**
 * emu_rtmr_extend - [ABI] TDG.MR.RTMR.EXTEND
 * @regs: RCX: GPA of the 48 bytes to extend with, RDX: index of the RTMR
 *
 * Checks come in the order of Intel's module, the lock of the RTMRs last.
 *
 * Return: the completion status for RAX.
 */
u64 emu_rtmr_extend(const struct pt_regs *regs)
{
	const u8 *value;
	u64 rax;

	if (!IS_ALIGNED(regs->cx, RTMR_VALUE_ALIGN))
		return invalid(OPERAND_RCX);
	value = private_ram("RTMR.EXTEND", regs->cx, MR_SIZE);
	if (!value)
		return invalid(OPERAND_RCX);
	if (regs->dx >= NR_RTMRS)
		return invalid(OPERAND_RDX);
	if (emu_extend_refused(&rax))
		return rax;

	guard(spinlock_irqsave)(&emu_td_lock);
	extend(emu_td.rtmr[regs->dx], value);
	atomic_long_inc(&emu_stat.extends);
	return TDX_SUCCESS;
}

/**
 * emu_rtmr_extend_foreign - extends a register as something else would
 * @index: less than NR_RTMRS
 * @value: what to extend it with
 *
 * Any context but NMI.
 */
void emu_rtmr_extend_foreign(unsigned int index, const u8 value[MR_SIZE])
{
	guard(spinlock_irqsave)(&emu_td_lock);
	extend(emu_td.rtmr[index], value);
}

/*
 * A real CPU may know the key of an older CPUSVN, too; this one has had but
 * one. With another CPUSVN there is no key to check the MAC with.
 */
static u64 verify_mac(const u8 reportmac[REPORTMACSTRUCT_SIZE])
{
	u8 mac[MAC_SIZE];

	if (reportmac[OFF_TYPE] != REPORTTYPE_TDX)
		return TDX_INVALID_REPORTMACSTRUCT;
	if (memcmp(reportmac + OFF_CPUSVN, cpusvn, SVN_SIZE))
		return TDX_INVALID_CPUSVN;
	emu_mac(reportmac, OFF_MAC, mac);
	if (memcmp(mac, reportmac + OFF_MAC, MAC_SIZE))
		return TDX_INVALID_REPORTMACSTRUCT;
	return TDX_SUCCESS;
}

/**
 * emu_mr_verifyreport - [ABI] TDG.MR.VERIFYREPORT
 * @regs: RCX: GPA of REPORTMACSTRUCT
 *
 * Return: the completion status for RAX.
 */
u64 emu_mr_verifyreport(const struct pt_regs *regs)
{
	const u8 *reportmac;
	u64 rax;

	if (!IS_ALIGNED(regs->cx, REPORTMACSTRUCT_ALIGN))
		return invalid(OPERAND_RCX);
	reportmac = private_ram("MR.VERIFYREPORT", regs->cx,
				REPORTMACSTRUCT_SIZE);
	if (!reportmac)
		return invalid(OPERAND_RCX);
	if (emu_verify_refused(&rax))
		return rax;
	return verify_mac(reportmac);
}

/**
 * emu_report_verify - whether this TDX module made a TDREPORT
 * @report: TDREPORT_STRUCT, in memory the guest cannot change meanwhile
 *
 * What SEAMREPORT's counterpart, EVERIFYREPORT2, does for the quoting enclave,
 * and the comparison of hashes that the enclave adds. Any context but NMI.
 *
 * Return: true when type, CPUSVN, MAC and both hashes are right.
 */
bool emu_report_verify(const u8 report[TDREPORT_SIZE])
{
	u8 tcb_hash[MR_SIZE], td_hash[MR_SIZE];

	emu_sha384(report + OFF_TEE_TCB_INFO, TEE_TCB_INFO_SIZE, tcb_hash);
	emu_sha384(report + OFF_TDINFO, TDINFO_SIZE, td_hash);
	return verify_mac(report) == TDX_SUCCESS &&
	       !memcmp(tcb_hash, report + OFF_TEE_TCB_INFO_HASH, MR_SIZE) &&
	       !memcmp(td_hash, report + OFF_TEE_INFO_HASH, MR_SIZE);
}
