// SPDX-License-Identifier: GPL-2.0-only
/*
 * tsm_emu: a TEE for machines that have none.
 *
 * Loaded in an ordinary VM it makes the kernel look like the guest of an Intel
 * TDX platform, or with tee=snp of an AMD SEV-SNP one, which snp_params.c tells
 * of; the rest here is about TDX. Attestation drivers run their real
 * instructions: TDCALL raises #UD in such a VM, and the module answers as the
 * TDX module and as the host. tsm-emud, in user space, is the quoting enclave
 * and must run for quotes. The evidence is right in form and worthless as
 * evidence: the MAC key is random and lives for one load, the quotes are signed
 * under tsm-emud's own PKI.
 *
 * The emulated host sees only memory that the guest shared through
 * set_memory_decrypted(), and writes nowhere else. Breaches of its interface
 * are counted in stat_violations and told in last_violation. It makes use of
 * its rights: a GetQuote whose buffer overlaps one that is still IN_FLIGHT is
 * refused with GPA_INUSE, besides being a breach, and of R11 to R15 each that
 * is exposed comes back scrambled unless the sub-function defines it.
 *
 * Knobs, in /sys/module/tsm_emu/parameters/, to be written at any time. Those
 * named quote_* are sampled when the hypercall comes:
 *
 *  quote_delay_ms=20    from the hypercall to the final status, signing included
 *  quote_delays=        list "100,20,60": delays of the next requests
 *  quote_status=0       final status to give instead of SUCCESS, without data
 *  quote_out_len=-1     out_len to write instead of the honest one
 *  quote_never=0        next N requests stay IN_FLIGHT, -1: all
 *  quote_release        write 1: all unanswered requests are completed now
 *  quote_retry=0        next N GetQuote hypercalls are answered RETRY, -1: all
 *  quote_r10=0          R10 of every GetQuote
 *  quote_inflight_max=16  above it RETRY
 *  quote_sync=0         1: the status is final when the hypercall returns
 *  quote_torn_us=0      out_len follows SUCCESS so much later
 *  quote_relapse_us=0   so much after SUCCESS the status is IN_FLIGHT again, and
 *                       only then out_len comes; quote_release takes it back
 *  quote_mutate_ms=0    the answer keeps changing for so long after SUCCESS
 *  quote_v=4            version of the quotes, 4 or 5; with 5 TDREPORTs are of
 *                       version 1 and carry tee_tcb_svn2, or of version 3 with
 *                       td_id, too
 *  quote_size=0         quotes are padded to this size
 *  tdreport_busy=0      next N TDG.MR.REPORT are answered OPERAND_BUSY, -1: all
 *  tdreport_status=0    RAX of every TDG.MR.REPORT
 *  rtmr_busy=0          next N TDG.MR.RTMR.EXTEND are answered OPERAND_BUSY, -1:
 *                       all; nothing is extended
 *  rtmr_status=0        RAX of every TDG.MR.RTMR.EXTEND; nothing is extended then
 *  rtmr_foreign         write "INDEX HEX", 96 digits: that RTMR is extended
 *                       behind the driver's back, as another part of the guest's
 *                       kernel would
 *  verify_status=0      RAX of every TDG.MR.VERIFYREPORT
 *  convert_fail=0       next N page conversions fail with EIO, -1: all
 *  mrtd mrconfigid mrowner mrownerconfig rtmr0..rtmr3 tee_tcb_svn tee_tcb_svn2
 *  td_id attributes xfam      identity of the TD, in hexadecimal; the registers can
 *                       be read back as they are now
 *
 * What a knob answers in RAX it does after the checks of operands, where the TDX
 * module would.
 *
 * Counters there, read-only: stat_hypercalls stat_retries stat_inflight
 * stat_quotes stat_extends (TDCALLs alone) stat_shared_pages stat_conversions
 * (of pages, both ways) stat_violations, and last_violation.
 *
 * Load it before the driver under test and unload it after that driver: a
 * TDCALL without the module is an invalid instruction. tsm-emud holds it open.
 */

#include <asm/cpufeature.h>
#include <asm/processor.h>
#include <linux/cc_platform.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/panic.h>
#include <linux/string.h>

#include "emu.h"
#include "emu_compat.h"

/* [BASE] CPUID leaf 0x21: EBX, EDX, ECX spell this inside a TD */
#define CPUID_TDX	0x21
static const char tdx_ident[] = "IntelTDX    ";

static bool in_real_td(void)
{
	u32 eax, ident[3];

	if (cpuid_eax(0) < CPUID_TDX)
		return false;
	cpuid_count(CPUID_TDX, 0, &eax, &ident[0], &ident[2], &ident[1]);
	return !memcmp(ident, tdx_ident, sizeof(ident));
}

/* Real evidence and ours must never come from one machine. */
static int refuse_real_tee(void)
{
	if (in_real_td() || boot_cpu_has(X86_FEATURE_TDX_GUEST)) {
		pr_err("tsm_emu: this is an Intel TD already; nothing is emulated here\n");
		return -EBUSY;
	}
	if (cc_platform_has(CC_ATTR_GUEST_MEM_ENCRYPT)) {
		pr_err("tsm_emu: this is a confidential VM already; nothing is emulated here\n");
		return -EBUSY;
	}
	return 0;
}

static const struct {
	int (*init)(void);
	void (*exit)(void);
	const char *name;
} tees[] = {
	[EMU_TDX] = { emu_tdx_init, emu_tdx_exit, "an Intel TD" },
	[EMU_SNP] = { emu_snp_init, emu_snp_exit, "an AMD SEV-SNP guest" },
};

static enum emu_tee tee;

static int __init emu_init(void)
{
	int ret;

	ret = emu_tee_chosen(&tee);
	if (ret)
		return ret;
	ret = refuse_real_tee();
	if (ret)
		return ret;
	ret = emu_hash_init();
	if (ret)
		return ret;
	emu_quote_init();
	ret = emu_pages_init();
	if (ret)
		goto exit_hash;
	ret = emu_dev_init();
	if (ret)
		goto exit_pages;
	ret = tees[tee].init();
	if (ret)
		goto exit_dev;
	add_taint(TAINT_TEST, LOCKDEP_STILL_OK);
	pr_notice("tsm_emu: this VM now passes for %s; its evidence is EMULATED and the kernel tainted\n",
		  tees[tee].name);
	return 0;

exit_dev:
	emu_dev_exit();
exit_pages:
	emu_pages_exit();
exit_hash:
	emu_hash_exit();
	return ret;
}

static void __exit emu_exit(void)
{
	tees[tee].exit();
	emu_dev_exit();
	emu_quote_exit();
	emu_pages_exit();
	emu_hash_exit();
}

module_init(emu_init);
module_exit(emu_exit);

MODULE_DESCRIPTION("Emulated TEE for testing attestation drivers");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
