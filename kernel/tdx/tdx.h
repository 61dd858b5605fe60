/* SPDX-License-Identifier: GPL-2.0-only */
/* The TDX backend's legacy device, and what it needs of the backend. */
#ifndef _TSMG_TDX_H
#define _TSMG_TDX_H

#include <linux/types.h>

#include "quote.h"
#include "tdcall.h"

struct miscdevice;

/* /dev/tdx_guest, in legacy/tdx_guest.c. */
extern struct miscdevice tsmg_tdx_misc;

/**
 * tsmg_tdx_report - make a TDREPORT
 * @report_data: TDX_REPORT_DATA_LEN bytes that it shall carry
 *
 * Waits while the TDX module is busy, up to a second, and has the registers in
 * the TDREPORT compared with the log.
 *
 * Context: process context, no lock held; killable.
 * Return: TDX_TDREPORT_LEN bytes in private memory, to be kfree()d; or an
 * ERR_PTR: -ENOMEM, -EINTR when killed, or an error of tsmg_tdcall_report().
 */
u8 *tsmg_tdx_report(const u8 *report_data);

/**
 * tsmg_tdx_verify - have the TDX module judge a TDREPORT of this machine
 * @reportmac: TDX_REPORTMAC_BYTES, with which the TDREPORT begins
 * @status: gets the completion status of the TDX module
 *
 * Context: process context, no lock held.
 * Return: 0; -EIO if @status is not 0; -ENOMEM, and @status is left alone.
 */
int tsmg_tdx_verify(const u8 *reportmac, u64 *status);

#endif /* _TSMG_TDX_H */
