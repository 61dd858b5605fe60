// SPDX-License-Identifier: GPL-2.0-only
/*
 * The knobs of tee=snp: what the emulated SNP host, its AMD secure processor and
 * an SVSM do, and how they err.
 *
 * Where the kernel would leave an SNP guest by VMGEXIT it gets here, see
 * snp_hook.c. The emulated host reads and writes nothing but pages that the guest
 * shared; the SVSM, which stands for the guest itself, nothing but private ones.
 * The firmware decrypts, checks and answers messages; tsm-emud signs reports and
 * has the certificates. Without it the firmware cannot sign, and says so by its
 * error 0x13.
 *
 * To be given when it is loaded:
 *
 *  tee=snp
 *  snp_secrets=0x10000000  where the secrets page goes: a page that the kernel
 *                       was told to keep off, by memmap=4K$0x10000000
 *  snp_vmpl=0           VMPL of the guest. The VMPCKs below it are not in the
 *                       secrets page, and above 0 an SVSM attests to its services
 *
 * To be written at any time. What ends in _count, and what says "next N", counts
 * down to 0; -1 means all. Delays, errors and times are sampled when the
 * hypercall comes, what is about a response when there is one:
 *
 *  snp_delay_ms=0       time that the firmware takes for a message it accepts
 *  snp_busy=0           next N hypercalls are answered BUSY by the host
 *  snp_error=0          exitinfo2, in hexadecimal, to answer to ...
 *  snp_error_count=0    ... the next N hypercalls; neither these nor busy ones
 *                       get to the firmware
 *  snp_exit_fail=0      next N hypercalls fail as such, by SW_EXITINFO1: there is
 *                       no exitinfo2, and the kernel's function returns a number
 *                       that is no errno
 *  snp_lose=0           next N responses do not get to the guest: exitinfo2 is
 *                       snp_error, and the response page stays as it was
 *  snp_flip=0           number of the bit in the response page to flip in ...
 *  snp_flip_count=0     ... the next N responses
 *  snp_patch            "OFFSET HEX": bytes to overwrite in ...
 *  snp_patch_count=0    ... the next N responses
 *  snp_replay=0         next N responses are that before on the same channel;
 *                       zeros if there was none
 *  snp_mutate_ms=0      the response page and the certificates keep changing for
 *                       so long, and are honest again in the end; until the
 *                       guest asks anew or takes a page back
 *  snp_status=0         status word, in hexadecimal, to give in ...
 *  snp_status_count=0   ... the next N responses, which are authentic and have
 *                       nothing else in them
 *  snp_certs=1          what the host leaves in the certificate buffer: 0 nothing
 *                       at all, 1 the honest table, 2 one without an end, 3 an
 *                       entry that reaches past the buffer, 4 one whose offset
 *                       and length wrap, 5 one inside the entries, 6 as many as
 *                       fit, of the same bytes, 7 entries without length, 8 zeros
 *  snp_certs_pages=0    pages that the host wants for them, 0: what they take
 *  snp_invalid_len=0    next N extended requests are answered INVALID_LEN ...
 *  snp_invalid_len_pages=0  ... with this RBX, in hexadecimal
 *  snp_report_v=3       version of reports: 2 Milan, 3 Genoa, 5 Turin
 *  snp_sign=0           1: a VLEK is installed, and signs unless the guest asks
 *                       for the VCEK
 *  snp_measurement snp_host_data snp_id_key_digest snp_author_key_digest
 *  snp_report_id snp_family_id snp_image_id snp_policy snp_platform_info
 *                       the guest and its platform, in hexadecimal; nothing in
 *                       the last: what is usual for the chip
 *  snp_seqno            write "ID VALUE": the firmware's counter of VMPCK ID,
 *                       and that in the secrets page
 *  snp_rekey            write ID: a new VMPCK, both counters 0
 *  snp_wipe             write ID: no such VMPCK in the secrets page any more
 *  svsm_status=0        RAX, in hexadecimal, of the ...
 *  svsm_status_count=0  ... next N SVSM calls; the kernel repeats those answered
 *                       BUSY or INCOMPLETE by itself
 *  svsm_grow=0          next N SVSM calls are answered INVALID_PARAMETER, with
 *                       lengths a page more than was offered
 *  svsm_manifest_size=256  of the manifest, at least 48
 *  svsm_certs=1         whether certificates come with an SVSM's report
 *  svsm_out_len=-1      length of the report to claim, -1: honest
 *  convert_fail=0       as for TDX
 *
 * Read-only: stat_snp_hypercalls, of which stat_snp_busy were answered BUSY;
 * stat_snp_messages that the firmware answered, stat_snp_refused that it did not
 * take: replayed, out of turn, not authentic, with a wrong header;
 * stat_snp_iv_reuse: messages under a VMPCK and sequence number that another had,
 * of all that the host has seen, which are violations, too; stat_svsm_calls;
 * snp_psp_seqno: the firmware's counters "0 0 0 0"; and those of emu_main.c that
 * are not about TDX.
 */

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "emu.h"
#include "emu_compat.h"
#include "emu_knobs.h"
#include "snp_host.h"

static unsigned long long snp_secrets = 0x10000000;
module_param(snp_secrets, ullong, 0444);
MODULE_PARM_DESC(snp_secrets, "physical address of the secrets page (0x10000000)");

static struct emu_bounded snp_vmpl = { 0, 0, NR_VMPLS - 1 };
module_param_cb(snp_vmpl, &emu_bounded_ops, &snp_vmpl, 0444);
MODULE_PARM_DESC(snp_vmpl, "VMPL of the guest, 0 to 3 (0)");

EMU_BOUNDED_KNOB(snp_delay_ms, 0, 0, 3600000,
		 "milliseconds that the firmware takes for a message");
EMU_BOUNDED_KNOB(snp_mutate_ms, 0, 0, 60000,
		 "milliseconds for which the answer keeps changing once given");
EMU_BOUNDED_KNOB(snp_flip, 0, 0, 8 * sizeof(struct message) - 1,
		 "bit of the response page to flip");
EMU_BOUNDED_KNOB(snp_certs, CERTS_HONEST, CERTS_NOTHING, CERTS_ZERO,
		 "what is left in the certificate buffer: 0 to 8, 1 honest (1)");
EMU_BOUNDED_KNOB(snp_certs_pages, 0, 0, UINT_MAX,
		 "pages that the host wants for certificates, 0: what they take");
EMU_BOUNDED_KNOB(snp_sign, SIGNING_KEY_VCEK, SIGNING_KEY_VCEK,
		 SIGNING_KEY_VLEK, "what signs: 0 VCEK, 1 VLEK (0)");
EMU_BOUNDED_KNOB(svsm_manifest_size, 256,
		 sizeof(struct manifest_head) + sizeof(struct manifest_entry),
		 SZ_1M, "size of the SVSM's manifest (256)");
EMU_BOUNDED_KNOB(svsm_certs, 1, 0, 1,
		 "whether certificates come with an SVSM's report (1)");

EMU_HEX64_KNOB(snp_error, "hex: exitinfo2 of the next snp_error_count hypercalls, and of lost responses");
EMU_HEX64_KNOB(snp_status, "hex: status word in the next snp_status_count responses");
EMU_HEX64_KNOB(snp_invalid_len_pages, "hex: RBX that comes with snp_invalid_len");
EMU_HEX64_KNOB(svsm_status, "hex: RAX of the next svsm_status_count SVSM calls");

EMU_COUNT_KNOB(snp_busy, "next N hypercalls answered BUSY, -1: all");
EMU_COUNT_KNOB(snp_error_count, "next N hypercalls answered snp_error, -1: all");
EMU_COUNT_KNOB(snp_exit_fail, "next N hypercalls fail as such, -1: all");
EMU_COUNT_KNOB(snp_lose, "next N responses lost, -1: all");
EMU_COUNT_KNOB(snp_flip_count, "next N responses with a bit flipped, -1: all");
EMU_COUNT_KNOB(snp_patch_count, "next N responses patched, -1: all");
EMU_COUNT_KNOB(snp_replay, "next N responses replaced by that before, -1: all");
EMU_COUNT_KNOB(snp_status_count, "next N responses with snp_status, -1: all");
EMU_COUNT_KNOB(snp_invalid_len, "next N extended requests answered INVALID_LEN, -1: all");
EMU_COUNT_KNOB(svsm_status_count, "next N SVSM calls answered svsm_status, -1: all");
EMU_COUNT_KNOB(svsm_grow, "next N SVSM calls want a page more, -1: all");

static long svsm_out_len = -1;
module_param(svsm_out_len, long, 0644);
MODULE_PARM_DESC(svsm_out_len, "length of an SVSM's report to claim, -1: honest (-1)");

/* snp_report_v: not any number between its bounds */

static unsigned int snp_report_v = 3;

static int version_set(const char *text, const struct kernel_param *kp)
{
	unsigned int value;
	int ret = kstrtouint(text, 0, &value);

	if (ret)
		return ret;
	if (value != 2 && value != 3 && value != 5)
		return -EINVAL;
	WRITE_ONCE(snp_report_v, value);
	return 0;
}

static const struct kernel_param_ops version_ops = {
	.set = version_set,
	.get = param_get_uint,
};

module_param_cb(snp_report_v, &version_ops, &snp_report_v, 0644);
MODULE_PARM_DESC(snp_report_v, "version of reports: 2, 3 or 5 (3)");

u64 emu_snp_secrets_pa(void)
{
	return snp_secrets;
}

unsigned int emu_snp_vmpl(void)
{
	return snp_vmpl.value;
}

/**
 * emu_snp_plan - takes the plan for the hypercall that has just come
 * @plan: filled in from the knobs
 */
void emu_snp_plan(struct snp_plan *plan)
{
	*plan = (struct snp_plan) {
		.delay_ms = READ_ONCE(snp_delay_ms.value),
		.mutate_ms = READ_ONCE(snp_mutate_ms.value),
		.report_version = READ_ONCE(snp_report_v),
		.vlek = READ_ONCE(snp_sign.value) == SIGNING_KEY_VLEK,
	};
}

/**
 * emu_snp_exit_failed - whether a knob lets this hypercall fail as such
 */
bool emu_snp_exit_failed(void)
{
	return emu_take(&snp_exit_fail);
}

/**
 * emu_snp_refused - whether a knob keeps this hypercall from the firmware
 * @exitinfo2: the error to answer, if so
 */
bool emu_snp_refused(u64 *exitinfo2)
{
	if (emu_take(&snp_busy)) {
		*exitinfo2 = VMM_ERROR(VMM_BUSY);
		atomic_long_inc(&emu_stat.snp_busy);
		return true;
	}
	*exitinfo2 = READ_ONCE(snp_error);
	return emu_take(&snp_error_count);
}

/**
 * emu_snp_invalid_len - whether a knob lets this buffer be too small
 * @npages: changed to what the host wants, if so
 */
bool emu_snp_invalid_len(u64 *npages)
{
	if (!emu_take(&snp_invalid_len))
		return false;
	*npages = READ_ONCE(snp_invalid_len_pages);
	return true;
}

/**
 * emu_snp_lost - whether a knob keeps this response from the guest
 * @exitinfo2: what to answer, if so
 */
bool emu_snp_lost(u64 *exitinfo2)
{
	*exitinfo2 = READ_ONCE(snp_error);
	return emu_take(&snp_lose);
}

/**
 * emu_snp_replayed - whether a knob replaces this response by that before
 */
bool emu_snp_replayed(void)
{
	return emu_take(&snp_replay);
}

/**
 * emu_snp_forced_status - whether a knob says how this request went
 * @status: of the response, if so
 */
bool emu_snp_forced_status(u32 *status)
{
	*status = READ_ONCE(snp_status);
	return emu_take(&snp_status_count);
}

/**
 * emu_snp_certs - what the host means to leave in the certificate buffer
 * @pages: that it wants for it, 0: what it takes
 */
enum snp_certs emu_snp_certs(unsigned int *pages)
{
	*pages = READ_ONCE(snp_certs_pages.value);
	return READ_ONCE(snp_certs.value);
}

/* snp_patch: bytes anywhere in a response */

static DEFINE_SPINLOCK(patch_lock);
static unsigned int patch_at, patch_len;
static u8 patch[128];

static int patch_set(const char *text, const struct kernel_param *kp)
{
	const char *hex = strchr(text, ' ');
	u8 value[sizeof(patch)];
	unsigned int at, len;
	char number[12];

	if (!hex || hex - text >= sizeof(number))
		return -EINVAL;
	strscpy(number, text, hex - text + 1);
	len = strcspn(++hex, "\n") / 2;
	if (kstrtouint(number, 0, &at) || !len || len > sizeof(value) ||
	    at > sizeof(struct message) - len || emu_read_hex(value, hex, len))
		return -EINVAL;
	guard(spinlock)(&patch_lock);
	patch_at = at;
	patch_len = len;
	memcpy(patch, value, len);
	return 0;
}

static int patch_get(char *buffer, const struct kernel_param *kp)
{
	int len;

	guard(spinlock)(&patch_lock);
	len = sysfs_emit(buffer, "%u ", patch_at);
	for (unsigned int i = 0; i < patch_len; i++)
		len += sysfs_emit_at(buffer, len, "%02x", patch[i]);
	return len + sysfs_emit_at(buffer, len, "\n");
}

static const struct kernel_param_ops patch_ops = {
	.set = patch_set,
	.get = patch_get,
};

module_param_cb(snp_patch, &patch_ops, NULL, 0644);
MODULE_PARM_DESC(snp_patch, "\"OFFSET HEX\": bytes to overwrite in the next snp_patch_count responses");

/**
 * emu_snp_spoil - does to a response what knobs say
 * @response: as the guest will find it
 */
void emu_snp_spoil(struct message *response)
{
	unsigned int bit = READ_ONCE(snp_flip.value);
	u8 *bytes = (u8 *)response;

	if (emu_take(&snp_flip_count))
		bytes[bit / 8] ^= BIT(bit % 8);
	if (emu_take(&snp_patch_count)) {
		guard(spinlock)(&patch_lock);
		memcpy(bytes + patch_at, patch, patch_len);
	}
}

/**
 * emu_svsm_refused - whether a knob answers this SVSM call
 * @area: its arguments
 * @regs: changed to the answer, if so
 */
bool emu_svsm_refused(const struct attest_area *area, struct svsm_regs *regs)
{
	if (emu_take(&svsm_status_count)) {
		regs->rax = READ_ONCE(svsm_status);
		return true;
	}
	if (!emu_take(&svsm_grow))
		return false;
	regs->rax = SVSM_BAD_PARAMETER;
	regs->rcx = (u64)le32_to_cpu(area->manifest.len) + PAGE_SIZE;
	regs->rdx = (u64)le32_to_cpu(area->certs.len) + PAGE_SIZE;
	regs->r8 = (u64)le32_to_cpu(area->report.len) + PAGE_SIZE;
	return true;
}

u32 emu_svsm_manifest_size(void)
{
	return READ_ONCE(svsm_manifest_size.value);
}

bool emu_svsm_has_certs(void)
{
	return READ_ONCE(svsm_certs.value);
}

long emu_svsm_out_len(void)
{
	return READ_ONCE(svsm_out_len);
}
