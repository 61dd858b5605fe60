// SPDX-License-Identifier: MIT
/* Takes event data apart for JSON, where the specifications say how. */
#include "cmd_log.h"
#include "lib/eventlog_efi.h"

#include <inttypes.h>
#include <string.h>

/* Device paths and names of variables are short, but for hostile ones. */
#define TEXT_SIZE	1024

static void put_guid(struct out *out, const char *name, const uint8_t *guid)
{
	char text[37];

	tsm_efi_guid_text(guid, text);
	out_str(out, name, "%s", text);
}

static void put_address(struct out *out, const char *name, uint64_t value)
{
	out_str(out, name, "0x%" PRIx64, value);
}

static void put_wide(struct out *out, const char *name,
		     const struct tsm_blob *wide)
{
	char text[TEXT_SIZE];

	tsm_efi_wide_text(wide, text, sizeof(text));
	out_str(out, name, "%s", text);
}

static void put_path(struct out *out, const struct tsm_blob *path)
{
	char text[TEXT_SIZE];

	if (tsm_efi_path_text(path, text, sizeof(text)))
		out_str(out, "device_path", "%s", text);
	else
		out_hex(out, "device_path_malformed", path->data, path->len);
}

/* Two words and anything, with a space between; all text, and nobody ends it. */
static void put_aael(struct out *out, const struct tsm_blob *data)
{
	const char *domain = (const char *)data->data;
	const char *operation, *content;

	operation = data->len ? memchr(domain, ' ', data->len) : NULL;
	if (!operation++)
		return;
	content = memchr(operation, ' ',
			 data->len - (size_t)(operation - domain));
	if (!content++)
		return;
	out_str(out, "domain", "%.*s", (int)(operation - domain - 1), domain);
	out_str(out, "operation", "%.*s", (int)(content - operation - 1),
		operation);
	out_str(out, "content", "%.*s",
		(int)(data->len - (size_t)(content - domain)), content);
}

static bool put_tag(struct out *out, const struct tsm_log_record *record)
{
	struct tsm_tag tag;

	if (!tsm_tag_parse(&record->event, &tag))
		return false;
	out_str(out, "tag_id", "0x%08x", tag.id);
	if (tsm_tag_name(tag.id))
		out_str(out, "tag_name", "%s", tsm_tag_name(tag.id));
	if (tag.id == TSM_TAG_AAEL)
		put_aael(out, &tag.data);
	out_hex(out, "data", tag.data.data, tag.data.len);
	return true;
}

static bool put_variable(struct out *out, const struct tsm_log_record *record)
{
	struct tsm_efi_load_option option;
	struct tsm_efi_signatures sig;
	struct tsm_efi_variable var;

	if (!tsm_efi_variable_parse(&record->event, &var))
		return false;
	put_guid(out, "guid", var.guid);
	put_wide(out, "name", &var.name);
	out_num(out, "data_size", var.data.len);
	out_hex(out, "data", var.data.data, var.data.len);
	if (var.data.len && record->type != TSM_EV_EFI_VARIABLE_AUTHORITY &&
	    tsm_efi_signatures_count(&var.data, &sig)) {
		out_num(out, "x509", sig.x509);
		out_num(out, "sha256", sig.sha256);
		out_num(out, "other_signatures", sig.others);
	}
	if (tsm_efi_variable_is_option(&var) &&
	    tsm_efi_load_option_parse(&var.data, &option)) {
		out_str(out, "attributes", "0x%08x", option.attributes);
		put_wide(out, "description", &option.description);
		put_path(out, &option.path);
		out_hex(out, "optional_data", option.optional.data,
			option.optional.len);
	}
	return true;
}

static bool put_image(struct out *out, const struct tsm_log_record *record)
{
	struct tsm_efi_image image;

	if (!tsm_efi_image_parse(&record->event, &image))
		return false;
	put_address(out, "address", image.address);
	out_num(out, "length", image.length);
	put_address(out, "link_address", image.link_address);
	if (image.path.len)
		put_path(out, &image.path);
	return true;
}

static bool put_gpt(struct out *out, const struct tsm_log_record *record)
{
	struct tsm_efi_partition partition;
	struct tsm_efi_gpt gpt;
	uint64_t i;

	if (!tsm_efi_gpt_parse(&record->event, &gpt))
		return false;
	put_guid(out, "disk", gpt.disk);
	out_num(out, "first_block", gpt.first);
	out_num(out, "last_block", gpt.last);
	out_list(out, "partitions");
	for (i = 0; tsm_efi_partition(&gpt, i, &partition); i++) {
		out_section(out, "");
		put_guid(out, "type", partition.type);
		put_guid(out, "guid", partition.guid);
		out_num(out, "first_block", partition.first);
		out_num(out, "last_block", partition.last);
		put_address(out, "attributes", partition.attributes);
		put_wide(out, "name", &partition.name);
		out_end(out);
	}
	out_list_end(out);
	return true;
}

static bool put_place(struct out *out, const struct tsm_log_record *record,
		      bool is_named)
{
	struct tsm_efi_place place;

	if (!tsm_efi_place_parse(&record->event, is_named, &place))
		return false;
	if (is_named)
		out_str(out, "description", "%.*s", (int)place.description.len,
			(const char *)place.description.data);
	put_address(out, "address", place.base);
	out_num(out, "length", place.length);
	return true;
}

static bool put_tables(struct out *out, const struct tsm_log_record *record,
		       bool is_named)
{
	struct tsm_efi_tables tables;
	const uint8_t *guid;
	uint64_t i, address;

	if (!tsm_efi_tables_parse(&record->event, is_named, &tables))
		return false;
	if (is_named)
		out_str(out, "description", "%.*s", (int)tables.description.len,
			(const char *)tables.description.data);
	out_list(out, "tables");
	for (i = 0; tsm_efi_table(&tables, i, &guid, &address); i++) {
		out_section(out, "");
		put_guid(out, "guid", guid);
		put_address(out, "address", address);
		out_end(out);
	}
	out_list_end(out);
	return true;
}

static bool put_state(struct out *out, const struct tsm_log_record *record)
{
	struct tsm_log_state state;
	unsigned int i;

	if (tsm_log_state_parse(record, &state, NULL) < 1)
		return false;
	out_str(out, "reason", "%s",
		state.reason == TSM_STATE_GAP ? "gap" : "opening");
	out_list(out, "values");
	for (i = 0; i < state.values; i++) {
		out_section(out, "");
		out_num(out, "mr_index", state.mr_index[i]);
		out_hex(out, "value", state.value[i], TSM_SHA384_SIZE);
		out_end(out);
	}
	out_list_end(out);
	return true;
}

static bool put_spec(struct out *out, const struct tsm_log_record *record)
{
	struct tsm_log_spec spec;
	unsigned int i;

	if (!tsm_log_spec_parse(&record->event, &spec))
		return false;
	out_num(out, "platform_class", spec.platform_class);
	out_str(out, "version", "%u.%u", spec.major, spec.minor);
	out_num(out, "errata", spec.errata);
	out_num(out, "uintn_size", spec.uintn_size);
	out_list(out, "algorithms");
	for (i = 0; i < spec.algs; i++) {
		out_section(out, "");
		out_num(out, "id", spec.alg[i].id);
		out_num(out, "digest_size", spec.alg[i].size);
		out_end(out);
	}
	out_list_end(out);
	out_hex(out, "vendor_info", spec.vendor.data, spec.vendor.len);
	return true;
}

static bool put_details(struct out *out, const struct tsm_log_record *record)
{
	switch (record->type) {
	case TSM_EV_NO_ACTION:
		return put_state(out, record) || put_spec(out, record);
	case TSM_EV_EVENT_TAG:
		return put_tag(out, record);
	case TSM_EV_EFI_VARIABLE_DRIVER_CONFIG:
	case TSM_EV_EFI_VARIABLE_BOOT:
	case TSM_EV_EFI_VARIABLE_BOOT2:
	case TSM_EV_EFI_VARIABLE_AUTHORITY:
	case TSM_EV_EFI_SPDM_DEVICE_POLICY:
	case TSM_EV_EFI_SPDM_DEVICE_AUTHORITY:
		return put_variable(out, record);
	case TSM_EV_EFI_BOOT_SERVICES_APPLICATION:
	case TSM_EV_EFI_BOOT_SERVICES_DRIVER:
	case TSM_EV_EFI_RUNTIME_SERVICES_DRIVER:
		return put_image(out, record);
	case TSM_EV_EFI_GPT_EVENT:
	case TSM_EV_EFI_GPT_EVENT2:
		return put_gpt(out, record);
	case TSM_EV_EFI_PLATFORM_FIRMWARE_BLOB:
		return put_place(out, record, false);
	case TSM_EV_EFI_PLATFORM_FIRMWARE_BLOB2:
		return put_place(out, record, true);
	case TSM_EV_EFI_HANDOFF_TABLES:
		return put_tables(out, record, false);
	case TSM_EV_EFI_HANDOFF_TABLES2:
		return put_tables(out, record, true);
	}
	return false;
}

void show_event_details(struct out *out, const struct tsm_log_record *record)
{
	out_section(out, "details");
	put_details(out, record);
	out_end(out);
}
