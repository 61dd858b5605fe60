// SPDX-License-Identifier: GPL-2.0-only
/* The knobs: module parameters that make the emulated host and TDX module err. */

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "emu.h"
#include "emu_knobs.h"

#define QUOTE_SIZE_MAX	(QUOTE_BUF_MAX - sizeof(struct quote_buf))
#define INFLIGHT_LIMIT	128

static char *tee = "tdx";
module_param(tee, charp, 0444);
MODULE_PARM_DESC(tee, "what to emulate: tdx or snp (tdx)");

static const char *const names[] = { [EMU_TDX] = "tdx", [EMU_SNP] = "snp" };

EMU_BOUNDED_KNOB(quote_delay_ms, 20, 0, 3600000,
		 "milliseconds from GetQuote to its final status (20)");
EMU_BOUNDED_KNOB(quote_inflight_max, 16, 1, INFLIGHT_LIMIT,
		 "requests in flight above which GetQuote is answered RETRY (16)");
EMU_BOUNDED_KNOB(quote_sync, 0, 0, 1,
		 "1: the status is final when the hypercall returns");
EMU_BOUNDED_KNOB(quote_torn_us, 0, 0, 10000000,
		 "microseconds by which out_len lags behind SUCCESS");
EMU_BOUNDED_KNOB(quote_relapse_us, 0, 0, 10000000,
		 "microseconds after which SUCCESS becomes IN_FLIGHT again, and out_len follows");
EMU_BOUNDED_KNOB(quote_mutate_ms, 0, 0, 60000,
		 "milliseconds for which the answer keeps changing once given");
EMU_BOUNDED_KNOB(quote_v, 4, 4, 5, "version of the quotes: 4 or 5 (4)");
EMU_BOUNDED_KNOB(quote_size, 0, 0, QUOTE_SIZE_MAX,
		 "size up to which quotes are padded, 0: as they are");

EMU_HEX64_KNOB(quote_status, "hex: final status instead of SUCCESS, 0: honest");
EMU_HEX64_KNOB(quote_r10, "hex: R10 of every GetQuote, 0: honest");
EMU_HEX64_KNOB(tdreport_status, "hex: RAX of every TDG.MR.REPORT, 0: honest");
EMU_HEX64_KNOB(rtmr_status, "hex: RAX of every TDG.MR.RTMR.EXTEND, 0: honest");
EMU_HEX64_KNOB(verify_status, "hex: RAX of every TDG.MR.VERIFYREPORT, 0: honest");
module_param_cb(attributes, &emu_hex64_ops, &emu_td.attributes, 0644);
MODULE_PARM_DESC(attributes, "hex: TD ATTRIBUTES");
module_param_cb(xfam, &emu_hex64_ops, &emu_td.xfam, 0644);
MODULE_PARM_DESC(xfam, "hex: TD XFAM");

/* Knobs that are byte strings: registers and SVNs */

#define BYTES_KNOB(name, member, desc)					\
	static struct emu_bytes name = {				\
		emu_td.member, sizeof(emu_td.member), &emu_td_lock	\
	};								\
	module_param_cb(name, &emu_bytes_ops, &name, 0644);		\
	MODULE_PARM_DESC(name, desc)

BYTES_KNOB(mrtd, mrtd, "hex: MRTD");
BYTES_KNOB(mrconfigid, mrconfigid, "hex: MRCONFIGID");
BYTES_KNOB(mrowner, mrowner, "hex: MROWNER");
BYTES_KNOB(mrownerconfig, mrownerconfig, "hex: MROWNERCONFIG");
BYTES_KNOB(rtmr0, rtmr[0], "hex: RTMR 0, also reads what it was extended to");
BYTES_KNOB(rtmr1, rtmr[1], "hex: RTMR 1");
BYTES_KNOB(rtmr2, rtmr[2], "hex: RTMR 2");
BYTES_KNOB(rtmr3, rtmr[3], "hex: RTMR 3");
BYTES_KNOB(tee_tcb_svn, tee_tcb_svn, "hex: TEE_TCB_SVN");
BYTES_KNOB(tee_tcb_svn2, tee_tcb_svn2,
	   "hex: TEE_TCB_SVN2, reported with quote_v=5 unless all zero");
BYTES_KNOB(td_id, td_id, "hex: TD_ID, reported with TEE_TCB_SVN2 unless all zero");

#undef BYTES_KNOB

/* Knobs that count down: the next N calls, -1: all */

EMU_COUNT_KNOB(quote_never, "next N requests never answered, -1: all");
EMU_COUNT_KNOB(quote_retry,
	       "next N GetQuote hypercalls answered RETRY, -1: all");
EMU_COUNT_KNOB(tdreport_busy,
	       "next N TDG.MR.REPORT answered OPERAND_BUSY, -1: all");
EMU_COUNT_KNOB(rtmr_busy,
	       "next N TDG.MR.RTMR.EXTEND answered OPERAND_BUSY, -1: all");
EMU_COUNT_KNOB(convert_fail,
	       "next N conversions between private and shared fail with EIO, -1: all");

/* quote_delays: the next requests' delays in turn */

static DEFINE_SPINLOCK(delays_lock);
static unsigned int delays[EMU_MAX_DELAYS], delays_next, delays_count;

static int delays_set(const char *text, const struct kernel_param *kp)
{
	unsigned int values[EMU_MAX_DELAYS], count = 0;
	char *copy __free(kfree) = NULL;
	char *rest, *word;
	int ret;

	copy = kstrdup(text, GFP_KERNEL);
	rest = copy;
	if (!copy)
		return -ENOMEM;
	while ((word = strsep(&rest, ","))) {
		if (!*strim(word))
			continue;
		if (count == EMU_MAX_DELAYS)
			return -E2BIG;
		ret = kstrtouint(strim(word), 0, &values[count++]);
		if (ret)
			return ret;
	}
	guard(spinlock_irqsave)(&delays_lock);
	memcpy(delays, values, count * sizeof(*values));
	delays_next = 0;
	delays_count = count;
	return 0;
}

static int delays_get(char *buffer, const struct kernel_param *kp)
{
	unsigned int i;
	int len = 0;

	guard(spinlock_irqsave)(&delays_lock);
	for (i = delays_next; i < delays_count; i++)
		len += sysfs_emit_at(buffer, len, "%s%u", len ? "," : "",
				     delays[i]);
	return len + sysfs_emit_at(buffer, len, "\n");
}

static const struct kernel_param_ops delays_ops = {
	.set = delays_set,
	.get = delays_get,
};

module_param_cb(quote_delays, &delays_ops, NULL, 0644);
MODULE_PARM_DESC(quote_delays, "comma list: delays of the next requests, before quote_delay_ms holds again");

static unsigned int next_delay(void)
{
	guard(spinlock_irqsave)(&delays_lock);
	if (delays_next < delays_count)
		return delays[delays_next++];
	return READ_ONCE(quote_delay_ms.value);
}

/* quote_release and rtmr_foreign: actions, nothing to read */

static int release_set(const char *text, const struct kernel_param *kp)
{
	bool now;
	int ret = kstrtobool(text, &now);

	if (!ret && now)
		emu_quote_release();
	return ret;
}

static const struct kernel_param_ops release_ops = { .set = release_set };

module_param_cb(quote_release, &release_ops, NULL, 0200);
MODULE_PARM_DESC(quote_release, "write 1: complete every unanswered request now");

/* Not on the command line: there is nothing to hash with yet, or any more. */
static int foreign_set(const char *text, const struct kernel_param *kp)
{
	u8 value[MR_SIZE];

	if (text[0] < '0' || text[0] >= '0' + NR_RTMRS || text[1] != ' ' ||
	    emu_read_hex(value, text + 2, MR_SIZE))
		return -EINVAL;
	if (THIS_MODULE->state != MODULE_STATE_LIVE)
		return -EAGAIN;
	emu_rtmr_extend_foreign(text[0] - '0', value);
	return 0;
}

static const struct kernel_param_ops foreign_ops = { .set = foreign_set };

module_param_cb(rtmr_foreign, &foreign_ops, NULL, 0200);
MODULE_PARM_DESC(rtmr_foreign, "write \"INDEX HEX\": extend that RTMR, but not for the driver");

static long quote_out_len = -1;
module_param(quote_out_len, long, 0644);
MODULE_PARM_DESC(quote_out_len, "out_len to write, -1: honest (-1)");

/**
 * emu_plan_next - takes the plan for the request that has just come
 * @plan: filled in from the knobs; those that count down do so
 */
void emu_plan_next(struct quote_plan *plan)
{
	*plan = (struct quote_plan) {
		.delay_ms = next_delay(),
		.status = READ_ONCE(quote_status),
		.out_len = READ_ONCE(quote_out_len),
		.never = emu_take(&quote_never),
		.sync = READ_ONCE(quote_sync.value),
		.torn_us = READ_ONCE(quote_torn_us.value),
		.relapse_us = READ_ONCE(quote_relapse_us.value),
		.mutate_ms = READ_ONCE(quote_mutate_ms.value),
		.version = READ_ONCE(quote_v.value),
		.pad_to = READ_ONCE(quote_size.value),
	};
}

/**
 * emu_quote_refused - whether a knob refuses this GetQuote out of hand
 * @r10: the status to answer, if so
 */
bool emu_quote_refused(u64 *r10)
{
	*r10 = READ_ONCE(quote_r10);
	if (!*r10 && emu_take(&quote_retry))
		*r10 = VMCALL_RETRY;
	return *r10;
}

/* [ABI] both leaves want the lock of the RTMRs, which another vCPU may hold */
static bool refused(u64 forced, int *busy, u64 *rax)
{
	*rax = forced;
	if (!forced && emu_take(busy))
		*rax = TDX_OPERAND_BUSY | OPERAND_RTMR;
	return *rax;
}

/**
 * emu_report_refused - whether a knob refuses this TDG.MR.REPORT
 * @rax: the completion status to answer, if so
 */
bool emu_report_refused(u64 *rax)
{
	return refused(READ_ONCE(tdreport_status), &tdreport_busy, rax);
}

/**
 * emu_extend_refused - whether a knob refuses this TDG.MR.RTMR.EXTEND
 * @rax: the completion status to answer, if so
 */
bool emu_extend_refused(u64 *rax)
{
	return refused(READ_ONCE(rtmr_status), &rtmr_busy, rax);
}

/**
 * emu_verify_refused - whether a knob refuses this TDG.MR.VERIFYREPORT
 * @rax: the completion status to answer, if so
 */
bool emu_verify_refused(u64 *rax)
{
	*rax = READ_ONCE(verify_status);
	return *rax;
}

/**
 * emu_conversion_refused - whether a knob lets this page conversion fail
 */
bool emu_conversion_refused(void)
{
	return emu_take(&convert_fail);
}

unsigned int emu_inflight_max(void)
{
	return READ_ONCE(quote_inflight_max.value);
}

unsigned int emu_quote_version(void)
{
	return READ_ONCE(quote_v.value);
}

/**
 * emu_tee_chosen - what to emulate
 * @tee_out: set to it
 *
 * Return: 0, or -EINVAL after saying what can be chosen.
 */
int emu_tee_chosen(enum emu_tee *tee_out)
{
	int ret = match_string(names, ARRAY_SIZE(names), tee);

	if (ret < 0) {
		pr_err("tsm_emu: tee=%s: cannot emulate that; use tee=tdx or tee=snp\n",
		       tee);
		return -EINVAL;
	}
	*tee_out = ret;
	return 0;
}
