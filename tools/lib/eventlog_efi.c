// SPDX-License-Identifier: MIT
/* Decodes event data that UEFI firmware writes. */
#include "eventlog_efi.h"

#include "lib_private.h"

/* [UEFI] 5.3.2: a GPT header, of which the table says how long it is */
#define GPT_HEADER	92

/* [UEFI] 5.3.3 */
#define GPT_ENTRY	128

/* [UEFI] 4.6: EFI_CONFIGURATION_TABLE of 64-bit firmware */
#define TABLE_SIZE	(TSM_GUID_SIZE + 8)

static bool le64(struct cursor *c, uint64_t *out)
{
	uint32_t low, high;

	if (c->left < 8 || !cursor_le32(c, &low) || !cursor_le32(c, &high))
		return false;
	*out = low | (uint64_t)high << 32;
	return true;
}

/* Compares before it multiplies: counts come from the log. */
static bool take_array(struct cursor *c, uint64_t count, size_t size,
		       struct tsm_blob *out)
{
	if (!size || count > c->left / size)
		return false;
	out->len = (size_t)count * size;
	return cursor_take(c, out->len, &out->data);
}

static bool is_over(const struct cursor *c)
{
	return !c->left;
}

/* A name with a NUL in it would look like another one where it is shown. */
static bool is_name(const struct tsm_blob *name)
{
	size_t i;

	for (i = 0; i < name->len; i += 2) {
		if (!name->data[i] && !name->data[i + 1])
			return false;
	}
	return true;
}

bool tsm_efi_variable_parse(const struct tsm_blob *event,
			    struct tsm_efi_variable *var)
{
	struct cursor c = cursor_over(event->data, event->len);
	uint64_t name, data;

	memset(var, 0, sizeof(*var));
	if (cursor_take(&c, TSM_GUID_SIZE, &var->guid) && le64(&c, &name) &&
	    le64(&c, &data) && take_array(&c, name, 2, &var->name) &&
	    take_array(&c, data, 1, &var->data) && is_over(&c) &&
	    is_name(&var->name))
		return true;
	memset(var, 0, sizeof(*var));
	return false;
}

bool tsm_efi_variable_is(const struct tsm_efi_variable *var, const char *name)
{
	size_t i, len = strlen(name);

	if (var->name.len != 2 * len)
		return false;
	for (i = 0; i < len; i++) {
		if (var->name.data[2 * i] != (uint8_t)name[i] ||
		    var->name.data[2 * i + 1])
			return false;
	}
	return true;
}

bool tsm_efi_variable_is_option(const struct tsm_efi_variable *var)
{
	const uint8_t *name = var->name.data;
	unsigned int i;

	if (var->name.len != 16 || memcmp(name, "B\0o\0o\0t", 8))
		return false;
	for (i = 8; i < 16; i += 2) {
		if (!memchr("0123456789ABCDEF", name[i], 16) || name[i + 1])
			return false;
	}
	return true;
}

/* [UEFI] 32.4.1: EFI_CERT_X509_GUID, EFI_CERT_SHA256_GUID */
static void count_list(const uint8_t *type, uint32_t entries,
		       struct tsm_efi_signatures *count)
{
	static const uint8_t x509[] = {
		0xa1, 0x59, 0xc0, 0xa5, 0xe4, 0x94, 0xa7, 0x4a,
		0x87, 0xb5, 0xab, 0x15, 0x5c, 0x2b, 0xf0, 0x72,
	};
	static const uint8_t sha256[] = {
		0x26, 0x16, 0xc4, 0xc1, 0x4c, 0x50, 0x92, 0x40,
		0xac, 0xa9, 0x41, 0xf9, 0x36, 0x93, 0x43, 0x28,
	};

	if (!memcmp(type, x509, sizeof(x509)))
		count->x509 += entries;
	else if (!memcmp(type, sha256, sizeof(sha256)))
		count->sha256 += entries;
	else
		count->others += entries;
}

bool tsm_efi_signatures_count(const struct tsm_blob *data,
			      struct tsm_efi_signatures *count)
{
	struct cursor c = cursor_over(data->data, data->len), list;
	uint32_t size, header, entry;
	const uint8_t *type, *skipped;

	memset(count, 0, sizeof(*count));
	while (c.left) {
		/* SignatureListSize counts itself and what stands before */
		if (!cursor_take(&c, TSM_GUID_SIZE, &type) ||
		    !cursor_le32(&c, &size) || size < TSM_GUID_SIZE + 12 ||
		    !cursor_sub(&c, size - TSM_GUID_SIZE - 4, &list) ||
		    !cursor_le32(&list, &header) ||
		    !cursor_le32(&list, &entry) ||
		    !cursor_take(&list, header, &skipped) ||
		    entry < TSM_GUID_SIZE || list.left % entry) {
			memset(count, 0, sizeof(*count));
			return false;
		}
		count_list(type, (uint32_t)(list.left / entry), count);
	}
	return true;
}

/* Text up to its NUL, which is taken, too. */
static bool take_text(struct cursor *c, struct tsm_blob *text)
{
	uint16_t unit;

	text->data = c->pos;
	text->len = 0;
	while (cursor_le16(c, &unit)) {
		if (!unit)
			return true;
		text->len += 2;
	}
	return false;
}

bool tsm_efi_load_option_parse(const struct tsm_blob *data,
			       struct tsm_efi_load_option *option)
{
	struct cursor c = cursor_over(data->data, data->len);
	uint16_t path;

	memset(option, 0, sizeof(*option));
	if (cursor_le32(&c, &option->attributes) && cursor_le16(&c, &path) &&
	    take_text(&c, &option->description) &&
	    take_array(&c, path, 1, &option->path)) {
		option->optional = (struct tsm_blob){ c.pos, c.left };
		return true;
	}
	memset(option, 0, sizeof(*option));
	return false;
}

bool tsm_efi_image_parse(const struct tsm_blob *event,
			 struct tsm_efi_image *image)
{
	struct cursor c = cursor_over(event->data, event->len);
	uint64_t path;

	memset(image, 0, sizeof(*image));
	if (le64(&c, &image->address) && le64(&c, &image->length) &&
	    le64(&c, &image->link_address) && le64(&c, &path) &&
	    take_array(&c, path, 1, &image->path) && is_over(&c))
		return true;
	memset(image, 0, sizeof(*image));
	return false;
}

static bool take_description(struct cursor *c, bool is_named,
			     struct tsm_blob *description)
{
	uint8_t len;

	if (!is_named)
		return true;
	return cursor_u8(c, &len) && take_array(c, len, 1, description);
}

bool tsm_efi_place_parse(const struct tsm_blob *event, bool is_named,
			 struct tsm_efi_place *place)
{
	struct cursor c = cursor_over(event->data, event->len);

	memset(place, 0, sizeof(*place));
	if (take_description(&c, is_named, &place->description) &&
	    le64(&c, &place->base) && le64(&c, &place->length) && is_over(&c))
		return true;
	memset(place, 0, sizeof(*place));
	return false;
}

bool tsm_efi_tables_parse(const struct tsm_blob *event, bool is_named,
			  struct tsm_efi_tables *tables)
{
	struct cursor c = cursor_over(event->data, event->len);

	memset(tables, 0, sizeof(*tables));
	if (take_description(&c, is_named, &tables->description) &&
	    le64(&c, &tables->count) &&
	    take_array(&c, tables->count, TABLE_SIZE, &tables->tables) &&
	    is_over(&c))
		return true;
	memset(tables, 0, sizeof(*tables));
	return false;
}

bool tsm_efi_table(const struct tsm_efi_tables *tables, uint64_t index,
		   const uint8_t **guid, uint64_t *address)
{
	struct cursor c;

	if (index >= tables->count)
		return false;
	c = cursor_over(tables->tables.data + index * TABLE_SIZE, TABLE_SIZE);
	return cursor_take(&c, TSM_GUID_SIZE, guid) && le64(&c, address);
}

/* Reads what is said of the disk; counts and CRCs of the table are not needed. */
static bool parse_gpt_header(struct cursor *c, struct tsm_efi_gpt *gpt)
{
	const uint8_t *signature, *skipped;

	return cursor_take(c, 8, &signature) &&
	       !memcmp(signature, "EFI PART", 8) &&
	       cursor_take(c, 32, &skipped) && le64(c, &gpt->first) &&
	       le64(c, &gpt->last) && cursor_take(c, 16, &gpt->disk) &&
	       cursor_take(c, 12, &skipped) &&
	       cursor_le32(c, &gpt->entry_size) && cursor_take(c, 4, &skipped);
}

bool tsm_efi_gpt_parse(const struct tsm_blob *event, struct tsm_efi_gpt *gpt)
{
	struct cursor c = cursor_over(event->data, event->len), header;

	memset(gpt, 0, sizeof(*gpt));
	if (cursor_sub(&c, GPT_HEADER, &header) &&
	    parse_gpt_header(&header, gpt) && is_over(&header) &&
	    gpt->entry_size >= GPT_ENTRY && le64(&c, &gpt->partitions) &&
	    take_array(&c, gpt->partitions, gpt->entry_size, &gpt->entries) &&
	    is_over(&c))
		return true;
	memset(gpt, 0, sizeof(*gpt));
	return false;
}

bool tsm_efi_partition(const struct tsm_efi_gpt *gpt, uint64_t index,
		       struct tsm_efi_partition *partition)
{
	struct cursor c;

	memset(partition, 0, sizeof(*partition));
	if (index >= gpt->partitions)
		return false;
	c = cursor_over(gpt->entries.data + index * gpt->entry_size, GPT_ENTRY);
	partition->name.len = 72;
	return cursor_take(&c, TSM_GUID_SIZE, &partition->type) &&
	       cursor_take(&c, TSM_GUID_SIZE, &partition->guid) &&
	       le64(&c, &partition->first) && le64(&c, &partition->last) &&
	       le64(&c, &partition->attributes) &&
	       cursor_take(&c, partition->name.len, &partition->name.data);
}
