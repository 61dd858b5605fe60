/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Event logs as firmware and tsm_guest keep them: layouts and numbers.
 *
 * All of it is little-endian and without padding. Sources:
 *
 * [PFP]  TCG PC Client Platform Firmware Profile Specification 1.05 rev. 23
 * [CC]   UEFI Specification 2.10, 38 "Confidential Computing"
 * [CEL]  TCG Canonical Event Log Format 1.0 rev. 0.41
 */
#ifndef _UAPI_TSM_EVENTLOG_H_
#define _UAPI_TSM_EVENTLOG_H_

#include <linux/types.h>

#ifdef __cplusplus
#define TSM_EVENTLOG_SIZE(type, size) \
	static_assert(sizeof(struct type) == (size), #type " is not " #size)
#else
#define TSM_EVENTLOG_SIZE(type, size) \
	_Static_assert(sizeof(struct type) == (size), #type " is not " #size)
#endif

/* [PFP] 10.2.1: TPM_ALG_ID, and how long digests are. */
#define TSM_ALG_SHA1		0x0004
#define TSM_ALG_SHA256		0x000b
#define TSM_ALG_SHA384		0x000c
#define TSM_ALG_SHA512		0x000d
#define TSM_ALG_SM3_256		0x0012
#define TSM_SHA384_SIZE		48

/*
 * [CC] 38.4.1, table "TD Measurement Registers": mrIndex of a TD. MRTD is 0,
 * RTMR n is n + 1.
 */
#define TSM_MR_MRTD		0
#define TSM_MR_RTMR(n)		((n) + 1)

/* [PFP] 10.4.1: event types. */
#define TSM_EV_PREBOOT_CERT		0x00000000
#define TSM_EV_POST_CODE		0x00000001
#define TSM_EV_UNUSED			0x00000002
#define TSM_EV_NO_ACTION		0x00000003
#define TSM_EV_SEPARATOR		0x00000004
#define TSM_EV_ACTION			0x00000005
#define TSM_EV_EVENT_TAG		0x00000006
#define TSM_EV_S_CRTM_CONTENTS		0x00000007
#define TSM_EV_S_CRTM_VERSION		0x00000008
#define TSM_EV_CPU_MICROCODE		0x00000009
#define TSM_EV_PLATFORM_CONFIG_FLAGS	0x0000000a
#define TSM_EV_TABLE_OF_DEVICES		0x0000000b
#define TSM_EV_COMPACT_HASH		0x0000000c
#define TSM_EV_IPL			0x0000000d
#define TSM_EV_IPL_PARTITION_DATA	0x0000000e
#define TSM_EV_NONHOST_CODE		0x0000000f
#define TSM_EV_NONHOST_CONFIG		0x00000010
#define TSM_EV_NONHOST_INFO		0x00000011
#define TSM_EV_OMIT_BOOT_DEVICE_EVENTS	0x00000012
#define TSM_EV_POST_CODE2		0x00000013

#define TSM_EV_EFI_EVENT_BASE			0x80000000
#define TSM_EV_EFI_VARIABLE_DRIVER_CONFIG	0x80000001
#define TSM_EV_EFI_VARIABLE_BOOT		0x80000002
#define TSM_EV_EFI_BOOT_SERVICES_APPLICATION	0x80000003
#define TSM_EV_EFI_BOOT_SERVICES_DRIVER		0x80000004
#define TSM_EV_EFI_RUNTIME_SERVICES_DRIVER	0x80000005
#define TSM_EV_EFI_GPT_EVENT			0x80000006
#define TSM_EV_EFI_ACTION			0x80000007
#define TSM_EV_EFI_PLATFORM_FIRMWARE_BLOB	0x80000008
#define TSM_EV_EFI_HANDOFF_TABLES		0x80000009
#define TSM_EV_EFI_PLATFORM_FIRMWARE_BLOB2	0x8000000a
#define TSM_EV_EFI_HANDOFF_TABLES2		0x8000000b
#define TSM_EV_EFI_VARIABLE_BOOT2		0x8000000c
#define TSM_EV_EFI_GPT_EVENT2			0x8000000d
#define TSM_EV_EFI_HCRTM_EVENT			0x80000010
#define TSM_EV_EFI_VARIABLE_AUTHORITY		0x800000e0
#define TSM_EV_EFI_SPDM_FIRMWARE_BLOB		0x800000e1
#define TSM_EV_EFI_SPDM_FIRMWARE_CONFIG		0x800000e2
#define TSM_EV_EFI_SPDM_DEVICE_POLICY		0x800000e3
#define TSM_EV_EFI_SPDM_DEVICE_AUTHORITY	0x800000e4

/**
 * struct tsm_spec_id - the first record of a log, for SHA-384 alone
 * @mr_index: 0
 * @event_type: TSM_EV_NO_ACTION
 * @digest: zero; SHA-1, whatever algorithms follow
 * @event_size: bytes from @signature on: 33
 * @signature: TSM_SPEC_ID_SIGNATURE
 * @platform_class: 0, client
 * @minor: of the specification: 0
 * @major: 2
 * @errata: 0
 * @uintn_size: 2: sizeof(UINTN) is 8
 * @algorithms: how many follow: 1
 * @alg: TSM_ALG_SHA384
 * @alg_size: TSM_SHA384_SIZE
 * @vendor_info_size: 0
 *
 * [PFP] 10.2.1 TCG_PCClientPCREvent around 10.4.5.1 TCG_EfiSpecIdEvent.
 */
struct tsm_spec_id {
	__le32 mr_index;
	__le32 event_type;
	__u8 digest[20];
	__le32 event_size;
	__u8 signature[16];
	__le32 platform_class;
	__u8 minor;
	__u8 major;
	__u8 errata;
	__u8 uintn_size;
	__le32 algorithms;
	__le16 alg;
	__le16 alg_size;
	__u8 vendor_info_size;
} __attribute__((packed));
TSM_EVENTLOG_SIZE(tsm_spec_id, 65);

#define TSM_SPEC_ID_SIGNATURE	"Spec ID Event03"

/**
 * struct tsm_event - the head of every other record with one SHA-384 digest
 * @mr_index: TSM_MR_*
 * @event_type: TSM_EV_*
 * @digests: how many: 1
 * @alg: TSM_ALG_SHA384
 * @digest: what the register was extended with; zero for TSM_EV_NO_ACTION,
 *	which extends nothing
 * @event_size: bytes of event data, which follow
 *
 * [PFP] 10.2.2 TCG_PCR_EVENT2.
 */
struct tsm_event {
	__le32 mr_index;
	__le32 event_type;
	__le32 digests;
	__le16 alg;
	__u8 digest[TSM_SHA384_SIZE];
	__le32 event_size;
} __attribute__((packed));
TSM_EVENTLOG_SIZE(tsm_event, 66);

/**
 * struct tsm_tagged_event - event data of TSM_EV_EVENT_TAG
 * @id: who defined the rest
 * @size: bytes that follow
 *
 * [PFP] 10.4.2.1 TCG_PCClientTaggedEvent.
 */
struct tsm_tagged_event {
	__le32 id;
	__le32 size;
} __attribute__((packed));
TSM_EVENTLOG_SIZE(tsm_tagged_event, 8);

/**
 * struct tsm_state_value - a register and its value
 * @mr_index: TSM_MR_*
 * @value: its value
 */
struct tsm_state_value {
	__le32 mr_index;
	__u8 value[TSM_SHA384_SIZE];
} __attribute__((packed));
TSM_EVENTLOG_SIZE(tsm_state_value, 52);

/**
 * struct tsm_state - event data of a TSM_EV_NO_ACTION record by which
 *		      tsm_guest tells the value of registers
 * @signature: TSM_STATE_SIGNATURE
 * @reason: TSM_STATE_*
 * @values: how many struct tsm_state_value follow
 * @reserved: zero
 *
 * A log of tsm_guest opens with one that has all registers and mr_index 0 in
 * its head. One with TSM_STATE_GAP has one register, the same as its head: that
 * was found to have a value that the log does not explain, for something else
 * extended it. A replay goes on from the values told here.
 */
struct tsm_state {
	__u8 signature[16];
	__u8 reason;
	__u8 values;
	__u8 reserved[2];
} __attribute__((packed));
TSM_EVENTLOG_SIZE(tsm_state, 20);

#define TSM_STATE_SIGNATURE	"tsm_guest state"
#define TSM_STATE_OPENING	0
#define TSM_STATE_GAP		1

#undef TSM_EVENTLOG_SIZE

#endif /* _UAPI_TSM_EVENTLOG_H_ */
