// SPDX-License-Identifier: GPL-2.0-only
/* Counters, and what the guest did that no guest should do. */

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sysfs.h>

#include "emu.h"

struct emu_stats emu_stat;

static DEFINE_SPINLOCK(last_lock);
static char last_text[160];

/**
 * emu_violation - counts and remembers a breach of the host's interface
 * @fmt: one line without a newline, object first
 *
 * Any context but NMI.
 */
void emu_violation(const char *fmt, ...)
{
	char text[sizeof(last_text)];
	va_list args;

	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);

	scoped_guard(spinlock_irqsave, &last_lock)
		strscpy(last_text, text, sizeof(last_text));
	atomic_long_inc(&emu_stat.violations);
	pr_notice_ratelimited("tsm_emu: violation: %s\n", text);
}

static int stat_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%ld\n", atomic_long_read(kp->arg));
}

static const struct kernel_param_ops stat_ops = { .get = stat_get };

static int last_get(char *buffer, const struct kernel_param *kp)
{
	guard(spinlock_irqsave)(&last_lock);
	return sysfs_emit(buffer, "%s\n", last_text);
}

static const struct kernel_param_ops last_ops = { .get = last_get };

module_param_cb(stat_hypercalls, &stat_ops, &emu_stat.hypercalls, 0444);
MODULE_PARM_DESC(stat_hypercalls, "TDG.VP.VMCALLs so far");
module_param_cb(stat_retries, &stat_ops, &emu_stat.retries, 0444);
MODULE_PARM_DESC(stat_retries, "GetQuote hypercalls answered RETRY so far");
module_param_cb(stat_inflight, &stat_ops, &emu_stat.inflight, 0444);
MODULE_PARM_DESC(stat_inflight, "requests IN_FLIGHT now");
module_param_cb(stat_quotes, &stat_ops, &emu_stat.quotes, 0444);
MODULE_PARM_DESC(stat_quotes, "requests completed with SUCCESS so far");
module_param_cb(stat_extends, &stat_ops, &emu_stat.extends, 0444);
MODULE_PARM_DESC(stat_extends, "RTMRs extended by TDCALL so far");
module_param_cb(stat_snp_hypercalls, &stat_ops, &emu_stat.snp_hypercalls, 0444);
MODULE_PARM_DESC(stat_snp_hypercalls, "guest requests so far");
module_param_cb(stat_snp_messages, &stat_ops, &emu_stat.snp_messages, 0444);
MODULE_PARM_DESC(stat_snp_messages, "messages completed by the firmware so far");
module_param_cb(stat_snp_refused, &stat_ops, &emu_stat.snp_refused, 0444);
MODULE_PARM_DESC(stat_snp_refused, "messages refused by the firmware so far");
module_param_cb(stat_snp_busy, &stat_ops, &emu_stat.snp_busy, 0444);
MODULE_PARM_DESC(stat_snp_busy, "guest requests answered BUSY so far");
module_param_cb(stat_snp_iv_reuse, &stat_ops, &emu_stat.snp_iv_reuse, 0444);
MODULE_PARM_DESC(stat_snp_iv_reuse, "messages under the IV of another so far");
module_param_cb(stat_svsm_calls, &stat_ops, &emu_stat.svsm_calls, 0444);
MODULE_PARM_DESC(stat_svsm_calls, "SVSM attestation calls so far");
module_param_cb(stat_shared_pages, &stat_ops, &emu_stat.shared_pages, 0444);
MODULE_PARM_DESC(stat_shared_pages, "pages the guest shares with the host now");
module_param_cb(stat_conversions, &stat_ops, &emu_stat.conversions, 0444);
MODULE_PARM_DESC(stat_conversions, "pages converted so far, to shared or private");
module_param_cb(stat_violations, &stat_ops, &emu_stat.violations, 0444);
MODULE_PARM_DESC(stat_violations, "breaches of the host's interface so far");
module_param_cb(last_violation, &last_ops, NULL, 0444);
MODULE_PARM_DESC(last_violation, "text of the last breach, empty: none");
