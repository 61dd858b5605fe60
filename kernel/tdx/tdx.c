// SPDX-License-Identifier: GPL-2.0-only
/* The TDX backend: a TDREPORT from the TDX module, a quote from the host. */
#define pr_fmt(fmt) KBUILD_MODNAME ": tdx: " fmt

#include "tdx.h"

#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <asm/cpu_device_id.h>

#include "../backend.h"
#include "pck_chain.h"
#include "quote.h"
#include "quote_buf.h"

static const struct x86_cpu_id tdx_guest_ids[] = {
	X86_MATCH_FEATURE(X86_FEATURE_TDX_GUEST, NULL),
	{}
};
MODULE_DEVICE_TABLE(x86cpu, tdx_guest_ids);

u8 *tsmg_tdx_report(const u8 *report_data)
{
	/* Aligned to its size, as kmalloc() does for every power of two. */
	u8 *tdreport __free(kfree) = kzalloc(TDX_TDREPORT_LEN, GFP_KERNEL);
	int ret;

	if (!tdreport)
		return ERR_PTR(-ENOMEM);

	ret = tsmg_tdcall_report(report_data, tdreport);
	if (ret)
		return ERR_PTR(ret);
	return no_free_ptr(tdreport);
}

static bool tdx_present(void)
{
	return x86_match_cpu(tdx_guest_ids);
}

static int make_report(const u8 *report_data, struct tsmg_report *report)
{
	struct tsmg_blob *quote = &report->blob[TSMG_OUTBLOB];
	struct tsmg_blob *chain = &report->blob[TSMG_AUXBLOB];
	u8 *tdreport __free(kfree) = tsmg_tdx_report(report_data);
	int ret;

	if (IS_ERR(tdreport))
		return PTR_ERR(tdreport);

	ret = tsmg_quote_get(tdreport, quote);
	if (ret)
		return ret;
	return tsmg_pck_chain_get(quote, chain);
}

static int tdx_report_new(const struct tsmg_request *request,
			  struct tsmg_report *report)
{
	if (request->inblob_len != TDX_REPORT_DATA_LEN)
		return -EINVAL;
	return make_report(request->inblob, report);
}

const struct tsmg_backend tsmg_tdx_backend = {
	.name = "tdx_guest",
	.misc = &tsmg_tdx_misc,
	.present = tdx_present,
	.init = tsmg_quote_buf_init,
	.exit = tsmg_quote_buf_exit,
	.report_new = tdx_report_new,
};
