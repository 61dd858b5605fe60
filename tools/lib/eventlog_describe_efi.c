// SPDX-License-Identifier: MIT
/* Says in a line what event data of UEFI firmware say. */
#include "eventlog_efi.h"
#include "eventlog_text.h"

#include "lib_private.h"

/* [UEFI] 3.3, 32.4.1; shim: whose variables need no GUID beside their name */
static bool is_well_known(const uint8_t *guid)
{
	static const uint8_t known[][TSM_GUID_SIZE] = {
		{ 0x61, 0xdf, 0xe4, 0x8b, 0xca, 0x93, 0xd2, 0x11,
		  0xaa, 0x0d, 0x00, 0xe0, 0x98, 0x03, 0x2b, 0x8c },
		{ 0xcb, 0xb2, 0x19, 0xd7, 0x3a, 0x3d, 0x96, 0x45,
		  0xa3, 0xbc, 0xda, 0xd0, 0x0e, 0x67, 0x65, 0x6f },
		{ 0x50, 0xab, 0x5d, 0x60, 0x46, 0xe0, 0x00, 0x43,
		  0xab, 0xb6, 0x3d, 0xd8, 0x10, 0xdd, 0x8b, 0x23 },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!memcmp(guid, known[i], TSM_GUID_SIZE))
			return true;
	}
	return false;
}

static void count(struct text *t, uint64_t number, const char *what)
{
	tsm_text_dec(t, number);
	tsm_text_str(t, what);
	if (number != 1)
		tsm_text_str(t, "s");
}

static void put_signatures(struct text *t, const struct tsm_efi_signatures *sig)
{
	const char *sep = "";

	if (!sig->x509 && !sig->sha256 && !sig->others)
		tsm_text_str(t, "empty");
	if (sig->x509) {
		count(t, sig->x509, " certificate");
		sep = ", ";
	}
	if (sig->sha256) {
		tsm_text_str(t, sep);
		count(t, sig->sha256, " image digest");
		sep = ", ";
	}
	if (sig->others) {
		tsm_text_str(t, sep);
		count(t, sig->others, " other signature");
	}
}

static bool put_list(struct text *t, const struct tsm_efi_variable *var)
{
	static const char *const names[] = {
		"PK", "KEK", "db", "dbx", "dbt", "dbr",
	};
	struct tsm_efi_signatures sig;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (tsm_efi_variable_is(var, names[i]))
			break;
	}
	if (i == sizeof(names) / sizeof(names[0]) ||
	    !tsm_efi_signatures_count(&var->data, &sig))
		return false;
	put_signatures(t, &sig);
	return true;
}

static bool put_boolean(struct text *t, const struct tsm_efi_variable *var)
{
	static const char *const names[] = {
		"SecureBoot", "SetupMode", "AuditMode", "DeployedMode",
		"MokListTrusted",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (tsm_efi_variable_is(var, names[i]))
			break;
	}
	if (i == sizeof(names) / sizeof(names[0]) || var->data.len > 1)
		return false;
	/* EDK2 measures a variable that is not there as an empty one */
	if (!var->data.len)
		tsm_text_str(t, "not set");
	else if (var->data.data[0] > 1)
		tsm_text_hex(t, var->data.data[0], 2);
	else
		tsm_text_str(t, var->data.data[0] ? "on" : "off");
	return true;
}

static bool put_boot_order(struct text *t, const struct tsm_efi_variable *var)
{
	struct cursor c = cursor_over(var->data.data, var->data.len);
	const uint8_t *number;
	bool first = true;

	if (!tsm_efi_variable_is(var, "BootOrder") || c.left % 2)
		return false;
	while (cursor_take(&c, 2, &number)) {
		tsm_text_str(t, first ? "Boot" : " Boot");
		tsm_text_bytes(t, &number[1], 1);
		tsm_text_bytes(t, &number[0], 1);
		first = false;
	}
	if (first)
		tsm_text_str(t, "empty");
	return true;
}

static bool put_boot_option(struct text *t, const struct tsm_efi_variable *var)
{
	struct tsm_efi_load_option option;
	struct text before = *t;

	if (!tsm_efi_variable_is_option(var) ||
	    !tsm_efi_load_option_parse(&var->data, &option))
		return false;
	tsm_text_utf16(t, &option.description);
	tsm_text_str(t, ": ");
	if (tsm_text_path(t, &option.path)) {
		if (!(option.attributes & 1))
			tsm_text_str(t, " (not active)");
		return true;
	}
	/* as if nothing had been written */
	*t = before;
	t->to[t->len] = '\0';
	return false;
}

/* EFI_SIGNATURE_DATA: the owner's GUID, and what an image was verified by */
static bool put_authority(struct text *t, const struct tsm_log_record *record,
			  const struct tsm_efi_variable *var)
{
	if (record->type != TSM_EV_EFI_VARIABLE_AUTHORITY ||
	    var->data.len <= TSM_GUID_SIZE + 1 ||
	    var->data.data[TSM_GUID_SIZE] != 0x30 ||
	    var->data.data[TSM_GUID_SIZE + 1] < 0x80)
		return false;
	tsm_text_str(t, "an image was verified by a certificate of ");
	tsm_text_dec(t, var->data.len - TSM_GUID_SIZE);
	tsm_text_str(t, " bytes");
	return true;
}

bool tsm_describe_variable(struct text *t, const struct tsm_log_record *record)
{
	struct tsm_efi_variable var;

	if (!tsm_efi_variable_parse(&record->event, &var))
		return false;
	tsm_text_utf16(t, &var.name);
	if (!is_well_known(var.guid)) {
		tsm_text_str(t, "-");
		tsm_text_guid(t, var.guid);
	}
	tsm_text_str(t, ": ");
	if (!put_authority(t, record, &var) && !put_list(t, &var) &&
	    !put_boolean(t, &var) && !put_boot_order(t, &var) &&
	    !put_boot_option(t, &var))
		tsm_text_any(t, &var.data);
	return true;
}

bool tsm_describe_image(struct text *t, const struct tsm_blob *event)
{
	struct tsm_efi_image image;
	struct text before = *t;

	if (!tsm_efi_image_parse(event, &image))
		return false;
	/* an image from memory has no path, as the kernel in a unified image */
	if (!image.path.len) {
		tsm_text_str(t, "an image from memory");
	} else if (!tsm_text_path(t, &image.path)) {
		*t = before;
		t->to[t->len] = '\0';
		return false;
	}
	tsm_text_str(t, " (");
	tsm_text_dec(t, image.length);
	tsm_text_str(t, " bytes)");
	return true;
}

bool tsm_describe_gpt(struct text *t, const struct tsm_blob *event)
{
	struct tsm_efi_partition partition;
	const char *sep = ": ";
	struct tsm_efi_gpt gpt;
	uint64_t i;

	if (!tsm_efi_gpt_parse(event, &gpt))
		return false;
	tsm_text_str(t, "disk ");
	tsm_text_guid(t, gpt.disk);
	tsm_text_str(t, ", ");
	count(t, gpt.partitions, " partition");
	for (i = 0; !t->is_cut && tsm_efi_partition(&gpt, i, &partition); i++) {
		/* many have no name */
		if (!partition.name.data[0] && !partition.name.data[1])
			continue;
		tsm_text_str(t, sep);
		tsm_text_utf16(t, &partition.name);
		sep = ", ";
	}
	return true;
}

static void put_description(struct text *t, const struct tsm_blob *description)
{
	if (!description->len)
		return;
	tsm_text_any(t, description);
	tsm_text_str(t, ": ");
}

bool tsm_describe_place(struct text *t, const struct tsm_blob *event,
			bool is_named)
{
	struct tsm_efi_place place;

	if (!tsm_efi_place_parse(event, is_named, &place))
		return false;
	put_description(t, &place.description);
	tsm_text_dec(t, place.length);
	tsm_text_str(t, " bytes at ");
	tsm_text_hex(t, place.base, 1);
	return true;
}

bool tsm_describe_tables(struct text *t, const struct tsm_blob *event,
			 bool is_named)
{
	struct tsm_efi_tables tables;
	const uint8_t *guid;
	uint64_t i, address;

	if (!tsm_efi_tables_parse(event, is_named, &tables))
		return false;
	put_description(t, &tables.description);
	count(t, tables.count, " table");
	for (i = 0; !t->is_cut && tsm_efi_table(&tables, i, &guid, &address);
	     i++) {
		tsm_text_str(t, ", ");
		tsm_text_guid(t, guid);
		tsm_text_str(t, " at ");
		tsm_text_hex(t, address, 1);
	}
	return true;
}
