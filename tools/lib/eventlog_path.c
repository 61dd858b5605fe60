// SPDX-License-Identifier: MIT
/* Turns device paths into text, [UEFI] 10.3 and 10.6.1.6. */
#include "eventlog_efi.h"
#include "eventlog_text.h"

#include "lib_private.h"

/* [UEFI] 10.3.1: types */
enum { HARDWARE = 1, ACPI = 2, MESSAGING = 3, MEDIA = 4, END = 0x7f };

#define END_ENTIRE	0xff
#define END_INSTANCE	0x01

/**
 * struct node - a node of a path
 * @type: see above
 * @subtype: of that type
 * @data: what follows the header of 4 bytes
 */
struct node {
	uint8_t type;
	uint8_t subtype;
	struct tsm_blob data;
};

static bool next_node(struct cursor *c, struct node *node)
{
	uint16_t len;

	if (!cursor_u8(c, &node->type) || !cursor_u8(c, &node->subtype) ||
	    !cursor_le16(c, &len) || len < 4)
		return false;
	node->data.len = len - 4u;
	return cursor_take(c, node->data.len, &node->data.data);
}

/* Little-endian integers in a node: its size was compared before. */
static uint64_t field(const struct node *node, size_t at, size_t size)
{
	uint64_t value = 0;

	while (size--)
		value = value << 8 | node->data.data[at + size];
	return value;
}

static void number(struct text *t, const char *before, uint64_t value)
{
	tsm_text_str(t, before);
	tsm_text_hex(t, value, 1);
}

static bool put_hardware(struct text *t, const struct node *node)
{
	if (node->subtype != 1 || node->data.len != 2)
		return false;
	number(t, "Pci(", field(node, 1, 1));
	number(t, ",", field(node, 0, 1));
	tsm_text_str(t, ")");
	return true;
}

/* [ACPI] 6.1.5: a compressed EISA id of "PNP" has 0x41d0 below its number. */
static bool put_acpi(struct text *t, const struct node *node)
{
	uint64_t hid, uid;

	if (node->subtype != 1 || node->data.len != 8)
		return false;
	hid = field(node, 0, 4);
	uid = field(node, 4, 4);
	if ((hid & 0xffff) != 0x41d0)
		number(t, "Acpi(", hid);
	else if (hid >> 16 == 0x0a03)
		tsm_text_str(t, "PciRoot(");
	else if (hid >> 16 == 0x0a08)
		tsm_text_str(t, "PcieRoot(");
	else {
		tsm_text_str(t, "Acpi(PNP");
		tsm_text_bytes(t, (const uint8_t[]){ (uint8_t)(hid >> 24),
						     (uint8_t)(hid >> 16) }, 2);
	}
	if ((hid & 0xffff) != 0x41d0 ||
	    (hid >> 16 != 0x0a03 && hid >> 16 != 0x0a08))
		tsm_text_str(t, ",");
	tsm_text_hex(t, uid, 1);
	tsm_text_str(t, ")");
	return true;
}

/* [UEFI] 10.3.2.4, 10.3.4.16, 10.3.5.3: a GUID, and data of the vendor's */
static bool put_vendor(struct text *t, const struct node *node,
		       const char *name)
{
	if (node->data.len < TSM_GUID_SIZE)
		return false;
	tsm_text_str(t, name);
	tsm_text_guid(t, node->data.data);
	if (node->data.len > TSM_GUID_SIZE) {
		tsm_text_str(t, ",");
		tsm_text_bytes(t, node->data.data + TSM_GUID_SIZE,
			       node->data.len - TSM_GUID_SIZE);
	}
	tsm_text_str(t, ")");
	return true;
}

static void put_eui(struct text *t, const uint8_t *eui)
{
	unsigned int i;

	for (i = 0; i < 8; i++) {
		if (i)
			tsm_text_str(t, "-");
		tsm_text_bytes(t, &eui[7 - i], 1);
	}
}

/* Integers of one size each, as many as there is room for. */
static bool put_integers(struct text *t, const struct node *node,
			 const char *name, size_t size, size_t count)
{
	size_t i;

	if (node->data.len != size * count)
		return false;
	tsm_text_str(t, name);
	for (i = 0; i < count; i++)
		number(t, i ? "," : "", field(node, i * size, size));
	tsm_text_str(t, ")");
	return true;
}

static bool put_messaging(struct text *t, const struct node *node)
{
	switch (node->subtype) {
	case 2:
		return put_integers(t, node, "Scsi(", 2, 2);
	case 5:
		return put_integers(t, node, "USB(", 1, 2);
	case 10:
		return put_vendor(t, node, "VenMsg(");
	case 11:
		if (node->data.len != 33)
			return false;
		/* of 32 bytes for an address, Ethernet uses 6 */
		tsm_text_str(t, "MAC(");
		tsm_text_bytes(t, node->data.data, 6);
		number(t, ",", field(node, 32, 1));
		tsm_text_str(t, ")");
		return true;
	case 18:
		return put_integers(t, node, "Sata(", 2, 3);
	case 23:
		if (node->data.len != 12)
			return false;
		number(t, "NVMe(", field(node, 0, 4));
		tsm_text_str(t, ",");
		put_eui(t, node->data.data + 4);
		tsm_text_str(t, ")");
		return true;
	case 24:
		tsm_text_str(t, "Uri(");
		if (node->data.len)
			tsm_text_any(t, &node->data);
		tsm_text_str(t, ")");
		return true;
	}
	return false;
}

/* [UEFI] 10.3.5.1: number, start, blocks, signature, format, kind of it */
static bool put_hard_drive(struct text *t, const struct node *node)
{
	uint64_t kind;

	if (node->data.len != 38)
		return false;
	tsm_text_str(t, "HD(");
	tsm_text_dec(t, field(node, 0, 4));
	kind = field(node, 37, 1);
	if (kind == 2) {
		tsm_text_str(t, ",GPT,");
		tsm_text_guid(t, node->data.data + 20);
	} else if (kind == 1) {
		tsm_text_str(t, ",MBR,");
		tsm_text_hex(t, field(node, 20, 4), 8);
	} else {
		number(t, ",", kind);
		tsm_text_str(t, ",0");
	}
	number(t, ",", field(node, 4, 8));
	number(t, ",", field(node, 12, 8));
	tsm_text_str(t, ")");
	return true;
}

static bool put_guid(struct text *t, const struct node *node, const char *name)
{
	return node->data.len == TSM_GUID_SIZE && put_vendor(t, node, name);
}

static bool put_media(struct text *t, const struct node *node)
{
	switch (node->subtype) {
	case 1:
		return put_hard_drive(t, node);
	case 2:
		if (node->data.len != 20)
			return false;
		number(t, "CDROM(", field(node, 0, 4));
		number(t, ",", field(node, 4, 8));
		number(t, ",", field(node, 12, 8));
		tsm_text_str(t, ")");
		return true;
	case 3:
		return put_vendor(t, node, "VenMedia(");
	case 4:
		tsm_text_utf16(t, &node->data);
		return true;
	case 6:
		return put_guid(t, node, "FvFile(");
	case 7:
		return put_guid(t, node, "Fv(");
	}
	return false;
}

static void put_node(struct text *t, const struct node *node)
{
	bool known = false;

	switch (node->type) {
	case HARDWARE:
		known = node->subtype == 4 ? put_vendor(t, node, "VenHw(") :
					     put_hardware(t, node);
		break;
	case ACPI:
		known = put_acpi(t, node);
		break;
	case MESSAGING:
		known = put_messaging(t, node);
		break;
	case MEDIA:
		known = put_media(t, node);
		break;
	}
	if (known)
		return;
	number(t, "Path(", node->type);
	number(t, ",", node->subtype);
	tsm_text_str(t, ",");
	tsm_text_bytes(t, node->data.data, node->data.len);
	tsm_text_str(t, ")");
}

bool tsm_text_path(struct text *t, const struct tsm_blob *path)
{
	struct cursor c = cursor_over(path->data, path->len);
	bool first = true;
	struct node node;

	while (next_node(&c, &node)) {
		if (node.type == END && node.subtype == END_ENTIRE)
			return !node.data.len && !c.left;
		if (node.type == END && node.subtype == END_INSTANCE) {
			tsm_text_str(t, ",");
			first = true;
			continue;
		}
		if (!first)
			tsm_text_str(t, "/");
		put_node(t, &node);
		first = false;
	}
	return false;
}

bool tsm_efi_path_text(const struct tsm_blob *path, char *text, size_t size)
{
	struct text t;
	bool ok;

	tsm_text_begin(&t, text, size);
	ok = tsm_text_path(&t, path);
	if (!ok)
		text[0] = '\0';
	return ok;
}

void tsm_efi_wide_text(const struct tsm_blob *wide, char *text, size_t size)
{
	struct text t;

	tsm_text_begin(&t, text, size);
	tsm_text_utf16(&t, wide);
}

void tsm_efi_guid_text(const uint8_t guid[TSM_GUID_SIZE], char text[37])
{
	struct text t;

	tsm_text_begin(&t, text, 37);
	tsm_text_guid(&t, guid);
}
