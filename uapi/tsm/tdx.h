/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Layouts of Intel TDX evidence: TDREPORT and TD quotes of versions 4 and 5.
 *
 * All integers are little-endian. Every structure is packed: evidence starts
 * and continues at any address. Nothing here is an interface of the kernel;
 * it is what the CPU, the TDX module and the quoting enclave write.
 *
 * Sources, cited beside each structure:
 *   [CPU]   Intel Trust Domain CPU Architectural Extensions, 343754-002
 *   [MOD]   Intel TDX Module ABI Reference Specification, 348551
 *   [DCAP]  Intel TDX DCAP Quoting Library API, appendix A.3 (version 4) and
 *           appendix A.4 (version 5)
 *   [SGX]   Intel SDM volume 3D, table "Layout of REPORT"
 */
#ifndef _UAPI_TSM_TDX_H
#define _UAPI_TSM_TDX_H

#include <linux/types.h>

#ifdef __cplusplus
#define TSM_TDX_SIZE(type, size) \
	static_assert(sizeof(struct type) == (size), #type " is not " #size)
#else
#define TSM_TDX_SIZE(type, size) \
	_Static_assert(sizeof(struct type) == (size), #type " is not " #size)
#endif

/* SHA-384, as used for every measurement register, [MOD] TDINFO_STRUCT. */
#define TSM_TDX_MR_SIZE			48
#define TSM_TDX_RTMR_COUNT		4
/* [CPU] table 2-5, REPORTDATA; also what configfs inblob must hold. */
#define TSM_TDX_REPORTDATA_SIZE		64

/* ATTRIBUTES of a TD, [MOD] "ATTRIBUTES Definition": bit numbers. */
#define TSM_TDX_ATTR_DEBUG		0
#define TSM_TDX_ATTR_HGS_PLUS_PROF	4
#define TSM_TDX_ATTR_PERF_PROF		5
#define TSM_TDX_ATTR_PMT_PROF		6
#define TSM_TDX_ATTR_ICSSD		16
#define TSM_TDX_ATTR_SERVTD_EXT		17
#define TSM_TDX_ATTR_LASS		27
#define TSM_TDX_ATTR_SEPT_VE_DISABLE	28
#define TSM_TDX_ATTR_MIGRATABLE		29
#define TSM_TDX_ATTR_PKS		30
#define TSM_TDX_ATTR_KL			31
#define TSM_TDX_ATTR_TPA		62
#define TSM_TDX_ATTR_PERFMON		63

/* REPORTTYPE.TYPE, [CPU] table 2-4: 0x81 is a TD. */
#define TSM_TDX_REPORT_TYPE		0x81
/* REPORTTYPE.VERSION, [MOD] TDREPORT_STRUCT: which TDINFO fields are in use. */
#define TSM_TDX_REPORT_TD10		0	/* no service TD */
#define TSM_TDX_REPORT_TD15		1	/* SERVTD_HASH */
#define TSM_TDX_REPORT_TD15EX		3	/* TD_ID, VMID, VALID */

/**
 * struct tsm_tdx_reportmac - REPORTMACSTRUCT, [CPU] table 2-5
 * @type: REPORTTYPE.TYPE, TSM_TDX_REPORT_TYPE for a TD
 * @subtype: REPORTTYPE.SUBTYPE, 0
 * @version: REPORTTYPE.VERSION, TSM_TDX_REPORT_TD10 and following
 * @reserved1: REPORTTYPE's fourth byte and the 12 that follow, 0
 * @cpusvn: security version of the CPU
 * @tee_tcb_info_hash: SHA-384 over the 239 bytes of struct tsm_tdx_tcb_info
 * @tee_info_hash: SHA-384 over the 512 bytes of struct tsm_tdx_tdinfo
 * @reportdata: what the TD asked to be included
 * @reserved2: 0
 * @mac: HMAC-SHA-256 over all that precedes, under a key of this CPU: it can
 *	 be checked on the same platform only
 */
struct tsm_tdx_reportmac {
	__u8	type;
	__u8	subtype;
	__u8	version;
	__u8	reserved1[13];
	__u8	cpusvn[16];
	__u8	tee_tcb_info_hash[TSM_TDX_MR_SIZE];
	__u8	tee_info_hash[TSM_TDX_MR_SIZE];
	__u8	reportdata[TSM_TDX_REPORTDATA_SIZE];
	__u8	reserved2[32];
	__u8	mac[32];
} __attribute__((packed));
TSM_TDX_SIZE(tsm_tdx_reportmac, 256);

/* VALID of TEE_TCB_INFO: which fields hold something, [MOD] TEE_TCB_INFO. */
#define TSM_TDX_TCB_VALID_TD10		0x1ffULL
#define TSM_TDX_TCB_VALID_SVN2		0x301ffULL

/**
 * struct tsm_tdx_tcb_info - TEE_TCB_INFO, [MOD] "TEE_TCB_INFO"
 * @valid: a bit for each group of 8 bytes that holds something
 * @tee_tcb_svn: [0] SVN of the TDX module, [1] its major version, [2] SVN of
 *		 the microcode loaded late
 * @mrseam: SHA-384 measurement of the TDX module
 * @mrsignerseam: its signer, all 0 for Intel
 * @attributes: SEAMATTRIBUTES, 0 for a production module
 * @tee_tcb_svn2: SVNs of the module now running, which may be newer than the
 *		  one that built the TD
 * @reserved: 0
 */
struct tsm_tdx_tcb_info {
	__le64	valid;
	__u8	tee_tcb_svn[16];
	__u8	mrseam[TSM_TDX_MR_SIZE];
	__u8	mrsignerseam[TSM_TDX_MR_SIZE];
	__le64	attributes;
	__u8	tee_tcb_svn2[16];
	__u8	reserved[95];
} __attribute__((packed));
TSM_TDX_SIZE(tsm_tdx_tcb_info, 239);

/* TDINFO.VALID of report version 3, [MOD] TDINFO_STRUCT: bit numbers. */
#define TSM_TDX_INFO_SERVTD_HASH	0
#define TSM_TDX_INFO_TD_ID		8
#define TSM_TDX_INFO_VMID		9

/**
 * struct tsm_tdx_tdinfo - TDINFO_STRUCT, [MOD] "TDINFO_STRUCT"
 * @attributes: TSM_TDX_ATTR_* bits
 * @xfam: extended features the TD may use, as in XCR0 | IA32_XSS
 * @mrtd: measurement of the initial contents
 * @mrconfigid: set by the VMM at creation: configuration not owned by software
 * @mrowner: set by the VMM at creation: owner
 * @mrownerconfig: set by the VMM at creation: configuration by the owner
 * @rtmr: registers that the TD extends at run time
 * @servtd_hash: hash over the service TDs bound to this TD; 0 in version 0
 * @td_id: version 3: identity of the TD
 * @reserved1: 0
 * @vmid: version 3: index of the VM within a partitioned TD, 0 the L1
 * @reserved2: 0
 * @valid: version 3: TSM_TDX_INFO_* bits; 0 in versions 0 and 1
 */
struct tsm_tdx_tdinfo {
	__le64	attributes;
	__le64	xfam;
	__u8	mrtd[TSM_TDX_MR_SIZE];
	__u8	mrconfigid[TSM_TDX_MR_SIZE];
	__u8	mrowner[TSM_TDX_MR_SIZE];
	__u8	mrownerconfig[TSM_TDX_MR_SIZE];
	__u8	rtmr[TSM_TDX_RTMR_COUNT][TSM_TDX_MR_SIZE];
	__u8	servtd_hash[TSM_TDX_MR_SIZE];
	__u8	td_id[32];
	__u8	reserved1[24];
	__u8	vmid;
	__u8	reserved2[3];
	__le32	valid;
} __attribute__((packed));
TSM_TDX_SIZE(tsm_tdx_tdinfo, 512);

/**
 * struct tsm_tdx_report - TDREPORT_STRUCT, [MOD] "TDREPORT_STRUCT"
 * @mac: what the CPU vouches for
 * @tcb: the TDX module; its bytes are hashed into @mac
 * @reserved: 0
 * @td: the TD; its bytes are hashed into @mac
 */
struct tsm_tdx_report {
	struct tsm_tdx_reportmac mac;
	struct tsm_tdx_tcb_info	tcb;
	__u8			reserved[17];
	struct tsm_tdx_tdinfo	td;
} __attribute__((packed));
TSM_TDX_SIZE(tsm_tdx_report, 1024);

/* Quote header, [DCAP] A.3.1 and A.4.1. */
#define TSM_QUOTE_V4			4
#define TSM_QUOTE_V5			5
#define TSM_QUOTE_KEY_ECDSA_P256	2
#define TSM_QUOTE_KEY_ECDSA_P384	3
#define TSM_QUOTE_TEE_SGX		0x00
#define TSM_QUOTE_TEE_TDX		0x81

/**
 * struct tsm_quote_header - header of a quote, [DCAP] A.3.1 and A.4.1
 * @version: TSM_QUOTE_V4 or TSM_QUOTE_V5
 * @att_key_type: TSM_QUOTE_KEY_*
 * @tee_type: TSM_QUOTE_TEE_*
 * @reserved: 0 for a TD; QE SVN and PCE SVN of an SGX quote
 * @qe_vendor_id: UUID of the quoting enclave's vendor
 * @user_data: the first 16 bytes name the quoting enclave's platform (QE ID)
 */
struct tsm_quote_header {
	__le16	version;
	__le16	att_key_type;
	__le32	tee_type;
	__le32	reserved;
	__u8	qe_vendor_id[16];
	__u8	user_data[20];
} __attribute__((packed));
TSM_TDX_SIZE(tsm_quote_header, 48);

/* Type of the body in a version 5 quote, [DCAP] A.4.2. */
#define TSM_QUOTE_BODY_SGX		1
#define TSM_QUOTE_BODY_TD10		2
#define TSM_QUOTE_BODY_TD15		3
#define TSM_QUOTE_BODY_TD15EX		4

/**
 * struct tsm_quote_body_desc - descriptor of a version 5 body, [DCAP] A.4.2
 * @type: TSM_QUOTE_BODY_*
 * @size: bytes of the body that follows
 */
struct tsm_quote_body_desc {
	__le16	type;
	__le32	size;
} __attribute__((packed));
TSM_TDX_SIZE(tsm_quote_body_desc, 6);

/**
 * struct tsm_quote_td10 - TD quote body of version 4 and of version 5 type 2,
 *			   [DCAP] A.3.2 and A.4.3
 *
 * The fields are those of TEE_TCB_INFO, TDINFO_STRUCT and REPORTMACSTRUCT.
 * @td_attributes: TDINFO.ATTRIBUTES; @seam_attributes: TEE_TCB_INFO.ATTRIBUTES
 */
struct tsm_quote_td10 {
	__u8	tee_tcb_svn[16];
	__u8	mrseam[TSM_TDX_MR_SIZE];
	__u8	mrsignerseam[TSM_TDX_MR_SIZE];
	__le64	seam_attributes;
	__le64	td_attributes;
	__le64	xfam;
	__u8	mrtd[TSM_TDX_MR_SIZE];
	__u8	mrconfigid[TSM_TDX_MR_SIZE];
	__u8	mrowner[TSM_TDX_MR_SIZE];
	__u8	mrownerconfig[TSM_TDX_MR_SIZE];
	__u8	rtmr[TSM_TDX_RTMR_COUNT][TSM_TDX_MR_SIZE];
	__u8	reportdata[TSM_TDX_REPORTDATA_SIZE];
} __attribute__((packed));
TSM_TDX_SIZE(tsm_quote_td10, 584);

/**
 * struct tsm_quote_td15 - TD quote body of version 5 type 3, [DCAP] A.4.4
 * @td10: the fields of type 2
 * @tee_tcb_svn2: as in TEE_TCB_INFO: the module that runs now
 * @mrservicetd: TDINFO.SERVTD_HASH
 */
struct tsm_quote_td15 {
	struct tsm_quote_td10	td10;
	__u8			tee_tcb_svn2[16];
	__u8			mrservicetd[TSM_TDX_MR_SIZE];
} __attribute__((packed));
TSM_TDX_SIZE(tsm_quote_td15, 648);

/**
 * struct tsm_quote_td15ex - TD quote body of version 5 type 4, as written by
 *			     DCAP's TDQE for report version 3
 * @td15: the fields of type 3
 * @vmid: TDINFO.VMID
 * @td_id: TDINFO.TD_ID
 * @devinfo: hash over the devices assigned to the TD
 * @init_servtd_hash: SERVTD_EXT: service TD bound at creation
 * @init_servtd_attr: SERVTD_EXT: its attributes
 * @init_cpusvn: SERVTD_EXT: CPUSVN at creation
 * @init_tee_tcb_svn: SERVTD_EXT: TEE_TCB_SVN at creation
 * @init_fmspc: SERVTD_EXT: platform at creation, 12 bytes, not a plain FMSPC
 * @cur_servtd_hash: SERVTD_EXT: service TD bound now
 * @cur_servtd_attr: SERVTD_EXT: its attributes
 */
struct tsm_quote_td15ex {
	struct tsm_quote_td15	td15;
	__u8			vmid;
	__u8			td_id[32];
	__u8			devinfo[48];
	__u8			init_servtd_hash[TSM_TDX_MR_SIZE];
	__le64			init_servtd_attr;
	__u8			init_cpusvn[16];
	__u8			init_tee_tcb_svn[16];
	__u8			init_fmspc[12];
	__u8			cur_servtd_hash[TSM_TDX_MR_SIZE];
	__le64			cur_servtd_attr;
} __attribute__((packed));
TSM_TDX_SIZE(tsm_quote_td15ex, 885);

/*
 * What follows the body: __le32 size of the signature data, then the signature
 * data. The signature covers everything before that __le32: header and body,
 * with the descriptor between them in version 5.
 */

/**
 * struct tsm_quote_ecdsa - head of the signature data, key type ECDSA P-256,
 *			    [DCAP] A.3.7
 * @signature: R, S, each 32 bytes big-endian
 * @attestation_key: X, Y, each 32 bytes big-endian
 *
 * A struct tsm_quote_cert of type TSM_QUOTE_CERT_QE_REPORT follows.
 */
struct tsm_quote_ecdsa {
	__u8	signature[64];
	__u8	attestation_key[64];
} __attribute__((packed));
TSM_TDX_SIZE(tsm_quote_ecdsa, 128);

/* Certification data types, [DCAP] A.3.9. */
#define TSM_QUOTE_CERT_PCK_CHAIN	5	/* PEM: leaf, intermediate, root */
#define TSM_QUOTE_CERT_QE_REPORT	6	/* QE report certification data */

/**
 * struct tsm_quote_cert - head of certification data, [DCAP] A.3.9
 * @type: TSM_QUOTE_CERT_*
 * @size: bytes that follow
 */
struct tsm_quote_cert {
	__le16	type;
	__le32	size;
} __attribute__((packed));
TSM_TDX_SIZE(tsm_quote_cert, 6);

/**
 * struct tsm_sgx_report - REPORT body of an enclave, [SGX], [DCAP] A.3.10
 * @cpusvn: security version of the CPU
 * @miscselect: SECS.MISCSELECT
 * @reserved1: 0
 * @attributes: SECS.ATTRIBUTES: flags, then XFRM
 * @mrenclave: measurement of the enclave
 * @reserved2: 0
 * @mrsigner: hash of the key that signed the enclave
 * @reserved3: 0
 * @isvprodid: product
 * @isvsvn: security version of the product
 * @reserved4: 0
 * @reportdata: what the enclave asked to be included
 */
struct tsm_sgx_report {
	__u8	cpusvn[16];
	__le32	miscselect;
	__u8	reserved1[28];
	__u8	attributes[16];
	__u8	mrenclave[32];
	__u8	reserved2[32];
	__u8	mrsigner[32];
	__u8	reserved3[96];
	__le16	isvprodid;
	__le16	isvsvn;
	__u8	reserved4[60];
	__u8	reportdata[64];
} __attribute__((packed));
TSM_TDX_SIZE(tsm_sgx_report, 384);

/**
 * struct tsm_quote_qe_report - QE report certification data up to its first
 *				variable part, [DCAP] A.3.11
 * @report: of the quoting enclave; its REPORTDATA is SHA-256 over the
 *	    attestation key and the authentication data, then 32 bytes of 0
 * @signature: by the PCK key over @report: R, S, each 32 bytes big-endian
 * @auth_size: bytes of authentication data
 *
 * The authentication data follows, then a struct tsm_quote_cert, as a rule of
 * type TSM_QUOTE_CERT_PCK_CHAIN.
 */
struct tsm_quote_qe_report {
	struct tsm_sgx_report	report;
	__u8			signature[64];
	__le16			auth_size;
} __attribute__((packed));
TSM_TDX_SIZE(tsm_quote_qe_report, 450);

#undef TSM_TDX_SIZE

#endif /* _UAPI_TSM_TDX_H */
