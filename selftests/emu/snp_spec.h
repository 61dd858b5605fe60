/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SEV-SNP constants as the specifications state them.
 *
 * [FW]   SEV Secure Nested Paging Firmware ABI Specification, 56860
 * [GHCB] SEV-ES Guest-Hypervisor Communication Block Standardization, 56421
 * [SVSM] Secure VM Service Module for SEV-SNP Guests, 58019
 * [APM]  AMD64 Architecture Programmer's Manual, volume 2, 24593
 *
 * Nothing here comes from a header of the driver under test or of the kernel:
 * a wrong number on either side shall show, and not be shared.
 */
#ifndef SNP_SPEC_H
#define SNP_SPEC_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/types.h>

/* [APM] SEV_STATUS MSR: the guest runs with SNP */
#define STATUS_SNP_ACTIVE	BIT_ULL(2)

/* [FW] LAUNCH_UPDATE, secrets page; [GHCB] in it, the area of the guest's OS */
#define SECRETS_SIZE		4096
#define SECRETS_VERSION_OFF	0x000
#define SECRETS_VERSION		3
#define SECRETS_FMS_OFF		0x008
#define SECRETS_VMPCK_OFF	0x020
#define SECRETS_SEQNO_OFF	0x0a0
/* [SVSM] in it, what the SVSM tells the guest */
#define SECRETS_SVSM_BASE_OFF	0x140
#define SECRETS_SVSM_SIZE_OFF	0x148
#define SECRETS_SVSM_MAX_OFF	0x158
#define SECRETS_SVSM_VMPL_OFF	0x15c
#define NR_VMPCKS		4
#define VMPCK_SIZE		32
#define NR_VMPLS		4

/* [GHCB] SNP (Extended) Guest Request: SW_EXITCODE */
#define EXIT_GUEST_REQUEST	0x80000011ULL
#define EXIT_EXT_GUEST_REQUEST	0x80000012ULL

/* [GHCB] SNP Guest Request: SW_EXITINFO2, the host's error over the firmware's */
#define VMM_ERROR(code)		((u64)(code) << 32)
#define VMM_INVALID_LEN		1
#define VMM_BUSY		2
#define VMM_GENERIC		0xffffffffU

/* [FW] status codes */
#define FW_SUCCESS		0x00
#define FW_HWERROR_PLATFORM	0x13
#define FW_INVALID_PARAM	0x16
#define FW_INVALID_KEY		0x27

/* [FW] SNP_GUEST_REQUEST: message header, all little-endian */
struct message_header {
	u8 authtag[32];
	__le64 seqno;
	u8 reserved1[8];
	u8 algo;
	u8 header_version;
	__le16 header_size;
	u8 type;
	u8 version;
	__le16 size;
	u8 reserved2[4];
	u8 vmpck;
	u8 reserved3[35];
} __packed;

#define MESSAGE_HEADER_SIZE	96
#define MESSAGE_HEADER_VERSION	1
#define MESSAGE_AAD_OFF		0x30
#define MESSAGE_AAD_SIZE	48
#define MESSAGE_PAYLOAD_MAX	4000
#define ALGO_AES_256_GCM	1
#define GCM_TAG_SIZE		16
#define GCM_IV_SIZE		12

struct message {
	struct message_header header;
	u8 payload[MESSAGE_PAYLOAD_MAX];
} __packed;

static_assert(sizeof(struct message_header) == MESSAGE_HEADER_SIZE);
static_assert(sizeof(struct message) == 4096);

/* [FW] message types; a response is its request's number and 1 */
#define MSG_KEY_REQ		3
#define MSG_REPORT_REQ		5
#define MSG_VERSION		1

/* [FW] MSG_REPORT_REQ, MSG_REPORT_RSP */
struct report_request {
	u8 report_data[64];
	__le32 vmpl;
	__le32 key_sel;
	u8 reserved[24];
} __packed;

#define KEY_SEL_ANY		0
#define KEY_SEL_VCEK		1
#define KEY_SEL_VLEK		2

#define REPORT_SIZE		1184
#define REPORT_SIGNED_SIZE	0x2a0

struct report_response {
	__le32 status;
	__le32 size;
	u8 reserved[24];
	u8 report[REPORT_SIZE];
} __packed;

/* [FW] MSG_KEY_REQ, MSG_KEY_RSP */
struct key_request {
	__le32 root_key_select;
	__le32 reserved;
	__le64 guest_field_select;
	__le32 vmpl;
	__le32 guest_svn;
	__le64 tcb_version;
} __packed;

#define ROOT_KEY_VCEK		0
#define ROOT_KEY_VMRK		1
#define FIELD_GUEST_POLICY	BIT_ULL(0)
#define FIELD_IMAGE_ID		BIT_ULL(1)
#define FIELD_FAMILY_ID		BIT_ULL(2)
#define FIELD_MEASUREMENT	BIT_ULL(3)
#define FIELD_GUEST_SVN		BIT_ULL(4)
#define FIELD_TCB_VERSION	BIT_ULL(5)
#define FIELD_LAUNCH_MIT_VECTOR	BIT_ULL(6)
#define FIELDS_ALL		GENMASK_ULL(6, 0)

#define DERIVED_KEY_SIZE	32

struct key_response {
	__le32 status;
	u8 reserved[28];
	u8 key[DERIVED_KEY_SIZE];
} __packed;

/* [FW] ATTESTATION_REPORT: offsets */
#define RPT_VERSION		0x000
#define RPT_GUEST_SVN		0x004
#define RPT_POLICY		0x008
#define RPT_FAMILY_ID		0x010
#define RPT_IMAGE_ID		0x020
#define RPT_VMPL		0x030
#define RPT_SIGNATURE_ALGO	0x034
#define RPT_CURRENT_TCB		0x038
#define RPT_PLATFORM_INFO	0x040
#define RPT_FLAGS		0x048
#define RPT_REPORT_DATA		0x050
#define RPT_MEASUREMENT		0x090
#define RPT_HOST_DATA		0x0c0
#define RPT_ID_KEY_DIGEST	0x0e0
#define RPT_AUTHOR_KEY_DIGEST	0x110
#define RPT_REPORT_ID		0x140
#define RPT_REPORT_ID_MA	0x160
#define RPT_REPORTED_TCB	0x180
#define RPT_CPUID_FAM_ID	0x188
#define RPT_CPUID_MOD_ID	0x189
#define RPT_CPUID_STEP		0x18a
#define RPT_CHIP_ID		0x1a0
#define RPT_COMMITTED_TCB	0x1e0
#define RPT_CURRENT_BUILD	0x1e8
#define RPT_COMMITTED_BUILD	0x1ec
#define RPT_LAUNCH_TCB		0x1f0

#define SIGN_ECDSA_P384_SHA384	1
#define FLAG_AUTHOR_KEY_EN	BIT(0)
#define FLAG_SIGNING_KEY_SHIFT	2
#define SIGNING_KEY_VCEK	0
#define SIGNING_KEY_VLEK	1
#define REPORT_DATA_SIZE	64
#define TCB_SIZE		8
#define CHIP_ID_SIZE		64
/* CPUID fields from this version on */
#define RPT_CPUID_SINCE		3

/* [GHCB] SNP Extended Guest Request: an entry of the certificate table; one of zeros ends it */
struct cert_entry {
	u8 guid[16];
	__le32 offset;
	__le32 length;
} __packed;

/* [SVSM] result codes, RAX */
#define SVSM_DONE		0ULL
#define SVSM_INCOMPLETE		0x80000000ULL
#define SVSM_NO_PROTOCOL	0x80000001ULL
#define SVSM_NO_CALL		0x80000002ULL
#define SVSM_BAD_ADDRESS	0x80000003ULL
#define SVSM_BAD_PARAMETER	0x80000005ULL
#define SVSM_BAD_REQUEST	0x80000006ULL
#define SVSM_IS_BUSY		0x80000007ULL

/* [SVSM] attestation protocol: RAX has the protocol in bits 63:32, the call below */
#define SVSM_ATTEST_PROTOCOL	1
#define SVSM_SERVICES_CALL	0
#define SVSM_SERVICE_CALL	1

/* [SVSM] attestation: the structure that RCX points to */
struct attest_location {
	__le64 pa;
	__le32 len;
	u8 reserved[4];
} __packed;

struct attest_area {
	struct attest_location report;
	struct attest_location nonce;
	struct attest_location manifest;
	struct attest_location certs;
	/* from here on for SVSM_SERVICE_CALL alone */
	u8 service_guid[16];
	__le32 manifest_version;
	u8 reserved[4];
} __packed;

/* [SVSM] services manifest: head and entries, offsets from its beginning */
struct manifest_head {
	u8 guid[16];
	__le32 size;
	__le32 count;
} __packed;

struct manifest_entry {
	u8 guid[16];
	__le32 offset;
	__le32 size;
} __packed;

#endif
