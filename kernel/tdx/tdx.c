// SPDX-License-Identifier: GPL-2.0-only
/* The TDX backend: a TDREPORT from the TDX module, a quote from the host. */
#define pr_fmt(fmt) KBUILD_MODNAME ": tdx: " fmt

#include "tdx.h"

#include <linux/bits.h>
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/cpu_device_id.h>

#include "../backend.h"
#include "../nap.h"
#include "../registers.h"
#include "pck_chain.h"
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
	struct tsmg_nap nap;
	unsigned long since;
	int ret;

	if (!tdreport)
		return ERR_PTR(-ENOMEM);

	tsmg_nap_init(&nap, TSMG_BUSY_MS);
	do {
		since = tsmg_registers_begin();
		ret = tsmg_tdcall_report(report_data, tdreport);
		ret = tsmg_nap_if_busy(&nap, ret);
	} while (ret == -EAGAIN);
	if (ret)
		return ERR_PTR(ret);
	tsmg_registers_seen(since, tdreport);
	return no_free_ptr(tdreport);
}

int tsmg_tdx_verify(const u8 *reportmac, u64 *status)
{
	/* Aligned to its size, as kmalloc() does for every power of two. */
	u8 *copy __free(kfree) = kmemdup(reportmac, TDX_REPORTMAC_BYTES,
					 GFP_KERNEL);

	if (!copy)
		return -ENOMEM;
	*status = tsmg_tdcall_verify(copy);
	return *status ? -EIO : 0;
}

/* TDX module ABI specification, TDREPORT_STRUCT: TDINFO_STRUCT begins at 512. */
#define TDX_REGISTER(_name, _offset, _tcg_map) {	\
	.name = _name,					\
	.offset = 512 + (_offset),			\
	.len = TSMG_DIGEST_LEN,				\
	.tcg_map = _tcg_map,				\
}

/* PCRs: UEFI specification 2.10, 38.4.1, table "TD Measurement Registers". */
static const struct tsmg_register tdx_registers[] = {
	TDX_REGISTER("rtmr0:sha384", 208, "1,7"),
	TDX_REGISTER("rtmr1:sha384", 256, "2-6"),
	TDX_REGISTER("rtmr2:sha384", 304, "8-15"),
	TDX_REGISTER("rtmr3:sha384", 352, ""),
	TDX_REGISTER("mrtd:sha384", 16, NULL),
	TDX_REGISTER("mrconfigid", 64, NULL),
	TDX_REGISTER("mrowner", 112, NULL),
	TDX_REGISTER("mrownerconfig", 160, NULL),
};

static int tdx_registers_read(u8 *state)
{
	static const u8 no_report_data[TDX_REPORT_DATA_LEN];

	return tsmg_tdcall_report(no_report_data, state);
}

static int tdx_registers_extend(unsigned int index, const u8 *digest)
{
	/* Aligned to its size, and the TDX module wants no less. */
	u8 *copy __free(kfree) = kzalloc(TDX_EXTEND_ALIGN, GFP_KERNEL);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, digest, TSMG_DIGEST_LEN);
	return tsmg_tdcall_extend(index, copy);
}

/* Firmware measures into RTMR 0 and 1. */
static const struct tsmg_register_set tdx_register_set = {
	.regs = tdx_registers,
	.nr_regs = ARRAY_SIZE(tdx_registers),
	.nr_rtmrs = 4,
	.late_mask = BIT(2) | BIT(3),
	.state_len = TDX_TDREPORT_LEN,
	.read = tdx_registers_read,
	.extend = tdx_registers_extend,
};

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
	.registers = &tdx_register_set,
	.present = tdx_present,
	.init = tsmg_quote_buf_init,
	.exit = tsmg_quote_buf_exit,
	.report_new = tdx_report_new,
};
