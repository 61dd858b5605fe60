/* SPDX-License-Identifier: MIT */
/*
 * Event data that firmware writes, and what others tag; for the library and for
 * tsmctl, not for others.
 *
 * [PFP]  TCG PC Client Platform Firmware Profile Specification 1.05 rev. 23
 * [UEFI] UEFI Specification 2.10
 *
 * Functions return whether the bytes are what they look for, in full and with
 * nothing behind; else the result is zero. GUIDs are as they are in memory, text
 * is UTF-16LE.
 */
#ifndef TSM_EVENTLOG_EFI_H
#define TSM_EVENTLOG_EFI_H

#include "tsm_eventlog.h"

#define TSM_GUID_SIZE	16

/* eventlog_efi.c */

/**
 * struct tsm_efi_variable - UEFI_VARIABLE_DATA of [PFP]
 * @guid: of the vendor
 * @name: text
 * @data: what it holds
 */
struct tsm_efi_variable {
	const uint8_t *guid;
	struct tsm_blob name;
	struct tsm_blob data;
};

bool tsm_efi_variable_parse(const struct tsm_blob *event,
			    struct tsm_efi_variable *var);

/* Whether a variable has this name, in ASCII. */
bool tsm_efi_variable_is(const struct tsm_efi_variable *var, const char *name);

/* Whether its name is Boot0000 to BootFFFF, which hold a load option. */
bool tsm_efi_variable_is_option(const struct tsm_efi_variable *var);

/**
 * struct tsm_efi_signatures - what is in EFI_SIGNATURE_LISTs, [UEFI] 32.4.1
 * @x509: certificates
 * @sha256: digests of images
 * @others: anything else
 */
struct tsm_efi_signatures {
	unsigned int x509;
	unsigned int sha256;
	unsigned int others;
};

bool tsm_efi_signatures_count(const struct tsm_blob *data,
			      struct tsm_efi_signatures *count);

/**
 * struct tsm_efi_load_option - EFI_LOAD_OPTION, [UEFI] 3.1.3
 * @attributes: bit 0: active
 * @description: text without its NUL
 * @path: device path
 * @optional: what is handed to the image
 */
struct tsm_efi_load_option {
	uint32_t attributes;
	struct tsm_blob description;
	struct tsm_blob path;
	struct tsm_blob optional;
};

bool tsm_efi_load_option_parse(const struct tsm_blob *data,
			       struct tsm_efi_load_option *option);

/**
 * struct tsm_efi_image - UEFI_IMAGE_LOAD_EVENT of [PFP]
 * @address: in memory
 * @length: likewise
 * @link_address: where it was linked to
 * @path: device path
 */
struct tsm_efi_image {
	uint64_t address;
	uint64_t length;
	uint64_t link_address;
	struct tsm_blob path;
};

bool tsm_efi_image_parse(const struct tsm_blob *event,
			 struct tsm_efi_image *image);

/**
 * struct tsm_efi_place - UEFI_PLATFORM_FIRMWARE_BLOB of [PFP], or its
 *			  successor, which has a description
 * @description: ASCII; empty in the former
 * @base: address
 * @length: bytes
 */
struct tsm_efi_place {
	struct tsm_blob description;
	uint64_t base;
	uint64_t length;
};

bool tsm_efi_place_parse(const struct tsm_blob *event, bool is_named,
			 struct tsm_efi_place *place);

/**
 * struct tsm_efi_tables - UEFI_HANDOFF_TABLE_POINTERS of [PFP], or its
 *			   successor, which has a description
 * @description: ASCII; empty in the former
 * @count: tables
 * @tables: of each GUID and pointer
 */
struct tsm_efi_tables {
	struct tsm_blob description;
	uint64_t count;
	struct tsm_blob tables;
};

bool tsm_efi_tables_parse(const struct tsm_blob *event, bool is_named,
			  struct tsm_efi_tables *tables);

/* Table @index, if there are as many. */
bool tsm_efi_table(const struct tsm_efi_tables *tables, uint64_t index,
		   const uint8_t **guid, uint64_t *address);

/**
 * struct tsm_efi_gpt - UEFI_GPT_DATA of [PFP], [UEFI] 5.3.2
 * @disk: GUID of the disk
 * @first: usable block
 * @last: likewise
 * @partitions: how many that are in use
 * @entry_size: bytes of an entry
 * @entries: of each partition
 */
struct tsm_efi_gpt {
	const uint8_t *disk;
	uint64_t first;
	uint64_t last;
	uint64_t partitions;
	uint32_t entry_size;
	struct tsm_blob entries;
};

bool tsm_efi_gpt_parse(const struct tsm_blob *event, struct tsm_efi_gpt *gpt);

/**
 * struct tsm_efi_partition - an entry, [UEFI] 5.3.3
 * @type: GUID
 * @guid: its own
 * @first: block
 * @last: block
 * @attributes: bits
 * @name: text, up to a NUL
 */
struct tsm_efi_partition {
	const uint8_t *type;
	const uint8_t *guid;
	uint64_t first;
	uint64_t last;
	uint64_t attributes;
	struct tsm_blob name;
};

bool tsm_efi_partition(const struct tsm_efi_gpt *gpt, uint64_t index,
		       struct tsm_efi_partition *partition);

/* eventlog_path.c */

/* tsm_efi_path_text() - the text of a device path, [UEFI] 10.6.1.6, empty unless
 * it is well-formed */
bool tsm_efi_path_text(const struct tsm_blob *path, char *text, size_t size);

/* tsm_efi_wide_text() - UTF-16LE up to a NUL as UTF-8, cut to @size */
void tsm_efi_wide_text(const struct tsm_blob *wide, char *text, size_t size);

/* tsm_efi_guid_text() - as it is written, 37 bytes with the NUL */
void tsm_efi_guid_text(const uint8_t guid[TSM_GUID_SIZE], char text[37]);

/* eventlog_tag.c */

/**
 * struct tsm_tag - TCG_PCClientTaggedEvent, [PFP] 10.4.2.1
 * @id: who defined the rest
 * @data: the rest
 */
struct tsm_tag {
	uint32_t id;
	struct tsm_blob data;
};

/* CoCo's attestation agent: event data are "domain operation content". */
#define TSM_TAG_AAEL		0x4141454c

bool tsm_tag_parse(const struct tsm_blob *event, struct tsm_tag *tag);

/* Who uses the id, and for what; NULL if that is not known. */
const char *tsm_tag_name(uint32_t id);

/* Whether the data are the words that go with the id each time. */
bool tsm_tag_is_plain(const struct tsm_tag *tag);

#endif /* TSM_EVENTLOG_EFI_H */
