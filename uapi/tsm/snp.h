/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Layouts of AMD SEV-SNP evidence: attestation reports of versions 2 to 5, the
 * certificate table that the host hands out with them, and what the firmware
 * answers a guest.
 *
 * All integers are little-endian. Every structure is packed: evidence starts
 * and continues at any address. Nothing here is an interface of the kernel;
 * it is what the AMD secure processor and the host write.
 *
 * Sources, cited beside each structure:
 *   [SNP]   AMD SEV Secure Nested Paging Firmware ABI Specification, 56860,
 *           revision 1.58
 *   [GHCB]  AMD SEV-ES Guest-Hypervisor Communication Block Standardization,
 *           56421, revision 2.04, "SNP Extended Guest Request"
 */
#ifndef _UAPI_TSM_SNP_H
#define _UAPI_TSM_SNP_H

#include <linux/types.h>

#ifdef __cplusplus
#define TSM_SNP_SIZE(type, size) \
	static_assert(sizeof(type) == (size), #type " is not " #size)
#else
#define TSM_SNP_SIZE(type, size) \
	_Static_assert(sizeof(type) == (size), #type " is not " #size)
#endif

/* SHA-384 of the guest's initial pages, [SNP] MEASUREMENT. */
#define TSM_SNP_MEASUREMENT_SIZE	48
/* [SNP] REPORT_DATA; also what configfs inblob must hold. */
#define TSM_SNP_REPORTDATA_SIZE		64
/* [SNP] HOST_DATA, set by the host at launch. */
#define TSM_SNP_HOSTDATA_SIZE		32
/* SHA-384 of a key, [SNP] ID_KEY_DIGEST and AUTHOR_KEY_DIGEST. */
#define TSM_SNP_KEY_DIGEST_SIZE		48
/* [SNP] REPORT_ID. */
#define TSM_SNP_REPORT_ID_SIZE		32
/* [SNP] FAMILY_ID and IMAGE_ID, from the ID block. */
#define TSM_SNP_FAMILY_ID_SIZE		16
#define TSM_SNP_IMAGE_ID_SIZE		16
/* [SNP] CHIP_ID: 64 bytes in use up to Genoa, 8 and zeros from Turin on. */
#define TSM_SNP_CHIP_ID_SIZE		64
#define TSM_SNP_CHIP_ID_SIZE_TURIN	8

/* VMPL of a report that the host asked for, [SNP] ATTESTATION_REPORT. */
#define TSM_SNP_VMPL_HOST		0xffffffffU
/* Virtual machine privilege levels 0 (most privileged) to 3. */
#define TSM_SNP_VMPL_COUNT		4

/* Policy of a guest, [SNP] "Guest Policy": bit numbers and masks. */
#define TSM_SNP_POLICY_ABI_MINOR	0x00ffULL
#define TSM_SNP_POLICY_ABI_MAJOR	0xff00ULL
#define TSM_SNP_POLICY_SMT		16	/* may run with SMT on */
#define TSM_SNP_POLICY_RESERVED_ONE	17	/* always 1 */
#define TSM_SNP_POLICY_MIGRATE_MA	18	/* may have a migration agent */
#define TSM_SNP_POLICY_DEBUG		19	/* may be debugged by the host */
#define TSM_SNP_POLICY_SINGLE_SOCKET	20	/* only on one socket */
#define TSM_SNP_POLICY_CXL_ALLOW	21	/* CXL may be populated */
#define TSM_SNP_POLICY_MEM_AES_256_XTS	22	/* only with AES 256 XTS */
#define TSM_SNP_POLICY_RAPL_DIS		23	/* only with RAPL disabled */
#define TSM_SNP_POLICY_CIPHERTEXT_HIDING_DRAM	24	/* only with it on */
#define TSM_SNP_POLICY_PAGE_SWAP_DISABLE	25	/* no page swap commands */

/* PLATFORM_INFO, [SNP] ATTESTATION_REPORT: bit numbers. */
#define TSM_SNP_PLATFORM_SMT_EN		0
#define TSM_SNP_PLATFORM_TSME_EN	1
#define TSM_SNP_PLATFORM_ECC_EN		2
#define TSM_SNP_PLATFORM_RAPL_DIS	3
#define TSM_SNP_PLATFORM_CIPHERTEXT_HIDING_DRAM_EN	4
#define TSM_SNP_PLATFORM_ALIAS_CHECK_COMPLETE	5
/* Reserved in [SNP]; set by Turin, where verifiers call it so. */
#define TSM_SNP_PLATFORM_IOMMU_WRITE_SAFE	6
#define TSM_SNP_PLATFORM_TIO_EN		7

/* The 32 bits at 0x48, [SNP] ATTESTATION_REPORT: bit numbers and a field. */
#define TSM_SNP_FLAG_AUTHOR_KEY_EN	0	/* AUTHOR_KEY_DIGEST is in use */
#define TSM_SNP_FLAG_MASK_CHIP_KEY	1	/* not signed at the host's wish */
#define TSM_SNP_SIGNING_KEY_SHIFT	2
#define TSM_SNP_SIGNING_KEY_MASK	0x7
#define TSM_SNP_SIGNING_KEY_VCEK	0
#define TSM_SNP_SIGNING_KEY_VLEK	1
#define TSM_SNP_SIGNING_KEY_NONE	7

/* SIGNATURE_ALGO, [SNP] "Signature Format" and its encodings. */
#define TSM_SNP_ALGO_ECDSA_P384_SHA384	1

/* Versions of the report, [SNP] ATTESTATION_REPORT and its revisions. */
#define TSM_SNP_REPORT_V2	2	/* COMMITTED_TCB and following */
#define TSM_SNP_REPORT_V3	3	/* CPUID_* */
#define TSM_SNP_REPORT_V4	4	/* ALIAS_CHECK_COMPLETE; same layout */
#define TSM_SNP_REPORT_V5	5	/* *_MIT_VECTOR */

/* CPUID_FAM_ID of version 3 and following: family, extended family added. */
#define TSM_SNP_CPUID_FAM_19H	0x19	/* Milan, Genoa, Bergamo, Siena */
#define TSM_SNP_CPUID_FAM_1AH	0x1a	/* Turin and later */

/**
 * struct tsm_snp_tcb_milan - TCB_VERSION of Milan and Genoa, [SNP] TCB_VERSION
 * @bootloader: SVN of the secure processor's boot loader
 * @tee: SVN of its operating system
 * @reserved: 0
 * @snp: SVN of the SNP firmware
 * @microcode: lowest patch level of all cores
 */
struct tsm_snp_tcb_milan {
	__u8	bootloader;
	__u8	tee;
	__u8	reserved[4];
	__u8	snp;
	__u8	microcode;
} __attribute__((packed));
TSM_SNP_SIZE(struct tsm_snp_tcb_milan, 8);

/**
 * struct tsm_snp_tcb_turin - TCB_VERSION of Turin and later, [SNP] TCB_VERSION
 * @fmc: SVN of the FMC, the first mutable code of the secure processor
 * @bootloader: SVN of the secure processor's boot loader
 * @tee: SVN of its operating system
 * @snp: SVN of the SNP firmware
 * @reserved: 0
 * @microcode: lowest patch level of all cores
 */
struct tsm_snp_tcb_turin {
	__u8	fmc;
	__u8	bootloader;
	__u8	tee;
	__u8	snp;
	__u8	reserved[3];
	__u8	microcode;
} __attribute__((packed));
TSM_SNP_SIZE(struct tsm_snp_tcb_turin, 8);

/**
 * union tsm_snp_tcb - TCB_VERSION; the report's CPUID says which one
 * @whole: as requests for derived keys take it
 * @bytes: as they lie in a report
 * @milan: Milan and Genoa
 * @turin: Turin and later
 */
union tsm_snp_tcb {
	__le64				whole;
	__u8				bytes[8];
	struct tsm_snp_tcb_milan	milan;
	struct tsm_snp_tcb_turin	turin;
} __attribute__((packed));
TSM_SNP_SIZE(union tsm_snp_tcb, 8);

/**
 * struct tsm_snp_version - version of the firmware, [SNP] CURRENT_BUILD and
 *			    following
 * @build: build number
 * @minor: minor version
 * @major: major version
 * @reserved: 0
 */
struct tsm_snp_version {
	__u8	build;
	__u8	minor;
	__u8	major;
	__u8	reserved;
} __attribute__((packed));
TSM_SNP_SIZE(struct tsm_snp_version, 4);

/**
 * struct tsm_snp_signature - ECDSA P-384 signature, [SNP] "Signature Format"
 * @r: little-endian and zero-extended, unlike in certificates
 * @s: likewise
 * @reserved: 0
 */
struct tsm_snp_signature {
	__u8	r[72];
	__u8	s[72];
	__u8	reserved[368];
} __attribute__((packed));
TSM_SNP_SIZE(struct tsm_snp_signature, 512);

/**
 * struct tsm_snp_report - ATTESTATION_REPORT, [SNP] "ATTESTATION_REPORT
 *			   Structure"
 * @version: TSM_SNP_REPORT_V2 and following
 * @guest_svn: SVN of the guest, from the ID block
 * @policy: TSM_SNP_POLICY_* bits: what the guest's owner allows
 * @family_id: from the ID block
 * @image_id: from the ID block
 * @vmpl: level that asked for the report, or TSM_SNP_VMPL_HOST
 * @signature_algo: TSM_SNP_ALGO_*
 * @current_tcb: of the firmware that runs now
 * @platform_info: TSM_SNP_PLATFORM_* bits: how the platform is set up
 * @flags: TSM_SNP_FLAG_* bits and TSM_SNP_SIGNING_KEY_*
 * @reserved1: 0
 * @report_data: what the guest asked to be included
 * @measurement: of the guest's initial pages
 * @host_data: set by the host at launch
 * @id_key_digest: SHA-384 of the key that signed the ID block
 * @author_key_digest: SHA-384 of the key that certified that key
 * @report_id: identity of this guest, new with each launch
 * @report_id_ma: that of its migration agent, all 0xff if it has none
 * @reported_tcb: TCB that the signing key was derived from: the one to judge
 * @cpuid_fam_id: version 3: family of the CPU, extended family added
 * @cpuid_mod_id: version 3: model, with the extended model
 * @cpuid_step: version 3: stepping
 * @reserved2: 0
 * @chip_id: identity of the chip; 0 if it is masked, or the key is a VLEK
 * @committed_tcb: below which the firmware cannot be rolled back
 * @current_version: of the firmware that runs now
 * @committed_version: below which the firmware cannot be rolled back
 * @launch_tcb: @current_tcb when the guest was launched or imported
 * @launch_mit_vector: version 5: mitigations verified at launch
 * @current_mit_vector: version 5: mitigations verified now
 * @reserved3: 0
 * @signature: over all that precedes
 */
struct tsm_snp_report {
	__le32	version;
	__le32	guest_svn;
	__le64	policy;
	__u8	family_id[TSM_SNP_FAMILY_ID_SIZE];
	__u8	image_id[TSM_SNP_IMAGE_ID_SIZE];
	__le32	vmpl;
	__le32	signature_algo;
	union tsm_snp_tcb current_tcb;
	__le64	platform_info;
	__le32	flags;
	__u8	reserved1[4];
	__u8	report_data[TSM_SNP_REPORTDATA_SIZE];
	__u8	measurement[TSM_SNP_MEASUREMENT_SIZE];
	__u8	host_data[TSM_SNP_HOSTDATA_SIZE];
	__u8	id_key_digest[TSM_SNP_KEY_DIGEST_SIZE];
	__u8	author_key_digest[TSM_SNP_KEY_DIGEST_SIZE];
	__u8	report_id[TSM_SNP_REPORT_ID_SIZE];
	__u8	report_id_ma[TSM_SNP_REPORT_ID_SIZE];
	union tsm_snp_tcb reported_tcb;
	__u8	cpuid_fam_id;
	__u8	cpuid_mod_id;
	__u8	cpuid_step;
	__u8	reserved2[21];
	__u8	chip_id[TSM_SNP_CHIP_ID_SIZE];
	union tsm_snp_tcb committed_tcb;
	struct tsm_snp_version current_version;
	struct tsm_snp_version committed_version;
	union tsm_snp_tcb launch_tcb;
	__le64	launch_mit_vector;
	__le64	current_mit_vector;
	__u8	reserved3[152];
	struct tsm_snp_signature signature;
} __attribute__((packed));
TSM_SNP_SIZE(struct tsm_snp_report, 1184);

/* What the signature covers, [SNP] ATTESTATION_REPORT: bytes 0 to 0x29f. */
#define TSM_SNP_REPORT_SIGNED_SIZE	0x2a0

/* STATUS of a response, [SNP] MSG_REPORT_RSP and MSG_KEY_RSP. */
#define TSM_SNP_STATUS_SUCCESS		0x00
#define TSM_SNP_STATUS_INVALID_PARAM	0x16
#define TSM_SNP_STATUS_INVALID_KEY	0x27

/**
 * struct tsm_snp_report_rsp - head of a MSG_REPORT_RSP, [SNP] MSG_REPORT_RSP
 * @status: TSM_SNP_STATUS_*
 * @size: bytes of the report that follows
 * @reserved: 0
 */
struct tsm_snp_report_rsp {
	__le32	status;
	__le32	size;
	__u8	reserved[24];
} __attribute__((packed));
TSM_SNP_SIZE(struct tsm_snp_report_rsp, 32);

/* Key to derive from, [SNP] MSG_KEY_REQ, ROOT_KEY_SELECT. */
#define TSM_SNP_ROOT_KEY_VCEK		0	/* or the VLEK, if it is loaded */
#define TSM_SNP_ROOT_KEY_VMRK		1

/* What is mixed into a derived key, [SNP] GUEST_FIELD_SELECT: bit numbers. */
#define TSM_SNP_KEY_FIELD_POLICY	0
#define TSM_SNP_KEY_FIELD_IMAGE_ID	1
#define TSM_SNP_KEY_FIELD_FAMILY_ID	2
#define TSM_SNP_KEY_FIELD_MEASUREMENT	3
#define TSM_SNP_KEY_FIELD_GUEST_SVN	4
#define TSM_SNP_KEY_FIELD_TCB_VERSION	5
/* Only in message version 2, with LAUNCH_MIT_VECTOR in the request. */
#define TSM_SNP_KEY_FIELD_LAUNCH_MIT	6

#define TSM_SNP_DERIVED_KEY_SIZE	32

/**
 * struct tsm_snp_key_rsp - MSG_KEY_RSP, [SNP] MSG_KEY_RSP
 * @status: TSM_SNP_STATUS_*
 * @reserved: 0
 * @derived_key: a secret; all 0 if @status is not success
 */
struct tsm_snp_key_rsp {
	__le32	status;
	__u8	reserved[28];
	__u8	derived_key[TSM_SNP_DERIVED_KEY_SIZE];
} __attribute__((packed));
TSM_SNP_SIZE(struct tsm_snp_key_rsp, 64);

/**
 * struct tsm_snp_cert_entry - entry of the certificate table, [GHCB] "SNP
 *			       Extended Guest Request"
 * @guid: TSM_SNP_GUID_*: what it is; all 0 ends the table
 * @offset: of the certificate, from the start of the table
 * @length: of the certificate
 *
 * The host writes the table and nothing vouches for it.
 */
struct tsm_snp_cert_entry {
	__u8	guid[16];
	__le32	offset;
	__le32	length;
} __attribute__((packed));
TSM_SNP_SIZE(struct tsm_snp_cert_entry, 24);

/*
 * GUIDs of the table, [GHCB], as initialisers of 16 bytes in the order in which
 * they are printed (RFC 4122). Hosts write that order, or the one of UEFI, with
 * the first three fields little-endian: a reader has to take both.
 */
/* 63da758d-e664-4564-adc5-f4b93be8accd */
#define TSM_SNP_GUID_VCEK \
	{ 0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64, \
	  0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd }
/* a8074bc2-a25a-483e-aae6-39c045a0b8a1 */
#define TSM_SNP_GUID_VLEK \
	{ 0xa8, 0x07, 0x4b, 0xc2, 0xa2, 0x5a, 0x48, 0x3e, \
	  0xaa, 0xe6, 0x39, 0xc0, 0x45, 0xa0, 0xb8, 0xa1 }
/* 4ab7b379-bbac-4fe4-a02f-05aef327c782: ASK, or ASVK beside a VLEK */
#define TSM_SNP_GUID_ASK \
	{ 0x4a, 0xb7, 0xb3, 0x79, 0xbb, 0xac, 0x4f, 0xe4, \
	  0xa0, 0x2f, 0x05, 0xae, 0xf3, 0x27, 0xc7, 0x82 }
/* c0b406a4-a803-4952-9743-3fb6014cd0ae */
#define TSM_SNP_GUID_ARK \
	{ 0xc0, 0xb4, 0x06, 0xa4, 0xa8, 0x03, 0x49, 0x52, \
	  0x97, 0x43, 0x3f, 0xb6, 0x01, 0x4c, 0xd0, 0xae }
/* 92f81bc3-5811-4d3d-97ff-d19f88dc67ea */
#define TSM_SNP_GUID_CRL \
	{ 0x92, 0xf8, 0x1b, 0xc3, 0x58, 0x11, 0x4d, 0x3d, \
	  0x97, 0xff, 0xd1, 0x9f, 0x88, 0xdc, 0x67, 0xea }

#undef TSM_SNP_SIZE

#endif /* _UAPI_TSM_SNP_H */
