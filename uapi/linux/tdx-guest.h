/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * /dev/tdx_guest: TDREPORTs by ioctl. Same names and numbers as mainline's, and
 * the commands that Intel's drivers had before mainline.
 *
 * The device is there in a TDX guest and belongs to root (mode 0600). Most
 * programs want a quote, not a TDREPORT: that comes from configfs tsm/report.
 * A register is better extended through configfs tsm/rtmrs, with event data.
 *
 * The commands from Intel exist in two encodings each, for their headers and
 * library did not agree on the direction bits: TDX_CMD_* and TDX_CMD_*_V3. Both
 * do the same, whatever the bits say. TDX_CMD_GET_QUOTE has a third, _NR2: that
 * of a driver between theirs and mainline's, which Google's go-tdx-guest uses.
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

/* Bytes of REPORTMACSTRUCT, with which a TDREPORT begins. */
#define TDX_REPORTMAC_LEN	256

/**
 * struct tdx_verify_report_req - argument of TDX_CMD_VERIFY_REPORT
 * @reportmac: in: the first 256 bytes of a TDREPORT
 * @err_code: out: completion status of the TDX module, 0 if it made the
 *	TDREPORT, on this machine
 */
struct tdx_verify_report_req {
	__u8 reportmac[TDX_REPORTMAC_LEN];
	__u64 err_code;
};

/**
 * define TDX_CMD_VERIFY_REPORT - have the TDX module judge a TDREPORT's MAC
 *
 * The hashes in it, of TEE_TCB_INFO and TDINFO, are the caller's to compare.
 *
 * Return 0, or -1 with errno
 * EFAULT	the argument is not readable and writable memory
 * EIO		the TDX module did not make it, or cannot tell: see err_code,
 *		which no other error changes
 * ENOMEM	no memory
 */
#define TDX_CMD_VERIFY_REPORT		_IOR('T', 2, struct tdx_verify_report_req)
#define TDX_CMD_VERIFY_REPORT_V3	_IOWR('T', 2, struct tdx_verify_report_req)

/* SHA-384, bytes. */
#define TDX_EXTEND_RTMR_DATA_LEN	48

/**
 * struct tdx_extend_rtmr_req - argument of TDX_CMD_EXTEND_RTMR
 * @data: in: what to extend the register with
 * @index: in: which RTMR, 2 or 3
 */
struct tdx_extend_rtmr_req {
	__u8 data[TDX_EXTEND_RTMR_DATA_LEN];
	__u8 index;
};

/**
 * define TDX_CMD_EXTEND_RTMR - extend a register, and record it in the log
 *
 * Return 0, or -1 with errno, and then nothing was extended
 * EBUSY	the TDX module stayed busy for a second
 * EFAULT	the argument is not readable memory
 * EINTR	killed
 * EINVAL	no such RTMR
 * EIO		the TDX module failed
 * ENOMEM	no memory
 * ENOSPC	the log is full: raise log_max_kb
 * ENXIO	the TDX module refused an operand
 * EPERM	RTMR 0 or 1, or not in rtmr_mask
 */
#define TDX_CMD_EXTEND_RTMR		_IOR('T', 3, struct tdx_extend_rtmr_req)
#define TDX_CMD_EXTEND_RTMR_V3		_IOW('T', 3, struct tdx_extend_rtmr_req)

/* GHCI, TDG.VP.VMCALL<GetQuote>: version and status words of the header. */
#define TDX_QUOTE_VERSION		1
#define TDX_QUOTE_SUCCESS		0
#define TDX_QUOTE_IN_FLIGHT		0xffffffffffffffffULL
#define TDX_QUOTE_ERROR			0x8000000000000000ULL
#define TDX_QUOTE_UNAVAILABLE		0x8000000000000001ULL

/**
 * struct tdx_quote_hdr - head of the buffer of TDX_CMD_GET_QUOTE
 * @version: in: TDX_QUOTE_VERSION
 * @status: out: TDX_QUOTE_SUCCESS, or which other word fits the error
 * @in_len: in: bytes of request in @data
 * @out_len: out: bytes of answer in @data; 0 unless the ioctl succeeded, or
 *	failed with EFBIG
 * @data: in: a TDREPORT of 1024 bytes, or one in the framing of Intel's quote
 *	generation service: a length in 4 bytes, big-endian, and as many bytes
 *	of a GET_QUOTE_REQ message of version 1 with a TDREPORT. Out: a quote,
 *	or one in a GET_QUOTE_RESP message, framed likewise. C++ has no such
 *	members: there it is what follows the head
 */
struct tdx_quote_hdr {
	__u64 version;
	__u64 status;
	__u32 in_len;
	__u32 out_len;
#ifndef __cplusplus
	__u64 data[];
#endif
};

/**
 * struct tdx_quote_req - argument of TDX_CMD_GET_QUOTE
 * @buf: in: address of a struct tdx_quote_hdr
 * @len: in: bytes there, head included
 */
struct tdx_quote_req {
	__u64 buf;
	__u64 len;
};

/**
 * define TDX_CMD_GET_QUOTE - have the host turn a TDREPORT into a quote
 *
 * Waits for the host as a read of outblob does, and not longer. An id list in
 * a request is left to the host, which sees the TDREPORT alone.
 *
 * Return 0, or -1 with errno: those of a read of outblob (see uapi/ABI), and
 * EFAULT	the argument or the buffer is not readable and writable memory
 * EFBIG	the answer does not fit into the buffer; out_len says how many
 *		bytes it has
 * EINVAL	a buffer shorter than its head or than in_len says, another
 *		version, or neither a TDREPORT nor a message with one
 */
#define TDX_CMD_GET_QUOTE		_IOR('T', 4, struct tdx_quote_req)
#define TDX_CMD_GET_QUOTE_V3		_IOWR('T', 4, struct tdx_quote_req)
#define TDX_CMD_GET_QUOTE_NR2		_IOWR('T', 2, struct tdx_quote_req)

#endif /* _UAPI_LINUX_TDX_GUEST_H_ */
