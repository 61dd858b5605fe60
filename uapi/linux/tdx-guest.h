/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * /dev/tdx_guest: TDREPORTs by ioctl. Same names and numbers as mainline's.
 *
 * The device is there in a TDX guest and belongs to root (mode 0600). Most
 * programs want a quote, not a TDREPORT: that comes from configfs tsm/report.
 */
#ifndef _UAPI_LINUX_TDX_GUEST_H_
#define _UAPI_LINUX_TDX_GUEST_H_

#include <linux/ioctl.h>
#include <linux/types.h>

/* Bytes of REPORTDATA and of TDREPORT_STRUCT, TDX module ABI, TDG.MR.REPORT. */
#define TDX_REPORTDATA_LEN	64
#define TDX_REPORT_LEN		1024

/**
 * struct tdx_report_req - argument of TDX_CMD_GET_REPORT0
 * @reportdata: in: what the TDREPORT shall carry
 * @tdreport: out: the TDREPORT; left alone when the ioctl fails, unless it
 *	failed with EFAULT
 */
struct tdx_report_req {
	__u8 reportdata[TDX_REPORTDATA_LEN];
	__u8 tdreport[TDX_REPORT_LEN];
};

/**
 * define TDX_CMD_GET_REPORT0 - have the TDX module make a TDREPORT, subtype 0
 *
 * Return 0, or -1 with errno
 * EBUSY	the TDX module stayed busy for a second
 * EFAULT	the argument is not readable and writable memory
 * EINTR	killed
 * EIO		the TDX module failed
 * ENOMEM	no memory
 * ENXIO	the TDX module refused an operand
 */
#define TDX_CMD_GET_REPORT0	_IOWR('T', 1, struct tdx_report_req)

#endif /* _UAPI_LINUX_TDX_GUEST_H_ */
