/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * /dev/sev-guest: SNP reports and derived keys by ioctl. Same names and numbers
 * as mainline's.
 *
 * The device is there in an SEV-SNP guest and belongs to root (mode 0600). Most
 * programs want a report, which configfs tsm/report gives, too, certificates
 * included; a derived key comes from here alone.
 *
 * Every command takes a struct snp_guest_request_ioctl, which points to a
 * request and to room for a response. What it tells about errors:
 *
 *   exitinfo2 == 0xff	the request never got as far as the firmware: bad
 *			argument, no memory, key lost; after EINTR and ETIMEDOUT
 *			it may have
 *   exitinfo2 == ~0	nor did it get as far as the host
 *   vmm_error		the host refused it, SNP_GUEST_VMM_ERR_*
 *   fw_error		the firmware refused it: a status code of the SEV-SNP
 *			firmware ABI, be it in the place of a response or as
 *			the status word in one; a response is copied out then
 *
 * The argument is written back whenever exitinfo2 is not 0, and never after
 * success: a caller who wants to tell must clear it first.
 */
#ifndef __UAPI_LINUX_SEV_GUEST_H_
#define __UAPI_LINUX_SEV_GUEST_H_

#include <linux/ioctl.h>
#include <linux/types.h>

/* Bytes of REPORT_DATA, SEV-SNP firmware ABI, MSG_REPORT_REQ. */
#define SNP_REPORT_USER_DATA_SIZE	64

/**
 * struct snp_report_req - MSG_REPORT_REQ
 * @user_data: in: what the report shall carry
 * @vmpl: in: privilege level to be named in it, not below that of the VMPCK
 * @rsvd: in: 0
 */
struct snp_report_req {
	__u8 user_data[SNP_REPORT_USER_DATA_SIZE];
	__u32 vmpl;
	__u8 rsvd[28];
};

/**
 * struct snp_report_resp - MSG_REPORT_RSP
 * @data: out: status (4 bytes), size of the report (4), 24 reserved, the report
 */
struct snp_report_resp {
	__u8 data[4000];
};

/**
 * struct snp_derived_key_req - MSG_KEY_REQ
 * @root_key_select: in: bit 0: 0 VCEK or VLEK, 1 VMRK; bits 2:1 which of the
 *	former
 * @rsvd: in: 0
 * @guest_field_select: in: what is mixed in: bit 0 policy, 1 image id, 2 family
 *	id, 3 measurement, 4 guest SVN, 5 TCB version, 6 launch mitigation vector
 * @vmpl: in: privilege level to be mixed in, not below that of the VMPCK
 * @guest_svn: in: SVN to be mixed in, at most that of the guest
 * @tcb_version: in: TCB to be mixed in, at most the committed one
 */
struct snp_derived_key_req {
	__u32 root_key_select;
	__u32 rsvd;
	__u64 guest_field_select;
	__u32 vmpl;
	__u32 guest_svn;
	__u64 tcb_version;
};

/**
 * struct snp_derived_key_resp - MSG_KEY_RSP
 * @data: out: status (4 bytes), 28 reserved, the key (32)
 */
struct snp_derived_key_resp {
	__u8 data[64];
};

/**
 * struct snp_guest_request_ioctl - argument of every command
 * @msg_version: in: version of the message: 1. Others, but 0, are refused as the
 *	firmware would do it, without asking it: fw_error is 0x16
 * @req_data: in: address of the request
 * @resp_data: in: address of the response
 * @exitinfo2: out: what went wrong, see above
 * @fw_error: its lower half
 * @vmm_error: its upper half
 */
struct snp_guest_request_ioctl {
	__u8 msg_version;
	__u64 req_data;
	__u64 resp_data;
	__extension__ union {
		__u64 exitinfo2;
		__extension__ struct {
			__u32 fw_error;
			__u32 vmm_error;
		};
	};
};

/**
 * struct snp_ext_report_req - request of SNP_GET_EXT_REPORT
 * @data: in: the report
 * @certs_address: in: where the certificate table goes; 0: nowhere
 * @certs_len: in: bytes there, a multiple of 4096 and at most 16384; 0: no
 *	table is wanted. Out: bytes that the host wants to have there, after
 *	SNP_GUEST_VMM_ERR_INVALID_LEN
 */
struct snp_ext_report_req {
	struct snp_report_req data;
	__u64 certs_address;
	__u32 certs_len;
};

#define SNP_GUEST_REQ_IOC_TYPE	'S'

/**
 * define SNP_GET_REPORT - have the firmware sign a report
 *
 * Request struct snp_report_req, response struct snp_report_resp.
 *
 * Return 0, or -1 with errno, here and for the other commands
 * EBADMSG	what came back is not the firmware's answer to this request
 * EFAULT	the argument, or what it points to, is not readable or writable
 * EINTR	killed
 * EINVAL	msg_version or an address is 0
 * EIO		refused by host or firmware, see exitinfo2; or the sequence
 *		numbers of the VMPCK are used up
 * ENOMEM	no memory
 * ENOTTY	there is no such key in the secrets page (any more); or unknown
 *		command
 * ETIMEDOUT	the host stayed busy for snp_timeout_ms, or others did
 *
 * Mainline has no EINTR, and returns 0 where the status word in the response is
 * not 0.
 */
#define SNP_GET_REPORT _IOWR(SNP_GUEST_REQ_IOC_TYPE, 0x0, struct snp_guest_request_ioctl)

/**
 * define SNP_GET_DERIVED_KEY - have the firmware derive a key
 *
 * Request struct snp_derived_key_req, response struct snp_derived_key_resp.
 */
#define SNP_GET_DERIVED_KEY _IOWR(SNP_GUEST_REQ_IOC_TYPE, 0x1, struct snp_guest_request_ioctl)

/**
 * define SNP_GET_EXT_REPORT - a report, and the host's certificates for it
 *
 * Request struct snp_ext_report_req, response struct snp_report_resp. Nothing
 * vouches for the certificates. If they do not fit: EIO, vmm_error is
 * SNP_GUEST_VMM_ERR_INVALID_LEN, certs_len is set, and there is no report.
 */
#define SNP_GET_EXT_REPORT _IOWR(SNP_GUEST_REQ_IOC_TYPE, 0x2, struct snp_guest_request_ioctl)

/* Parts of exitinfo2. GENMASK_ULL is the kernel's: user space brings its own. */
#define SNP_GUEST_FW_ERR_MASK		GENMASK_ULL(31, 0)
#define SNP_GUEST_VMM_ERR_SHIFT		32
#define SNP_GUEST_VMM_ERR(x)		(((__u64)(x)) << SNP_GUEST_VMM_ERR_SHIFT)
#define SNP_GUEST_FW_ERR(x)		((x) & SNP_GUEST_FW_ERR_MASK)
#define SNP_GUEST_ERR(vmm_err, fw_err)	(SNP_GUEST_VMM_ERR(vmm_err) | \
					 SNP_GUEST_FW_ERR(fw_err))

/* GHCB specification, SNP Guest Request: what the host may answer. */
#define SNP_GUEST_VMM_ERR_INVALID_LEN	1
#define SNP_GUEST_VMM_ERR_BUSY		2

#endif /* __UAPI_LINUX_SEV_GUEST_H_ */
