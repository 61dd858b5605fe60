// SPDX-License-Identifier: MIT
/*
 * Decodes the certificate table that comes with an SNP report, GHCB
 * specification, "SNP Extended Guest Request". The host writes it and nothing
 * vouches for it.
 */
#include "lib_private.h"

#include <errno.h>

static const struct {
	uint8_t guid[16];
	enum tsm_snp_slot slot;
} slots[] = {
	{ TSM_SNP_GUID_VCEK, TSM_SNP_SLOT_VCEK },
	{ TSM_SNP_GUID_VLEK, TSM_SNP_SLOT_VLEK },
	{ TSM_SNP_GUID_ASK, TSM_SNP_SLOT_ASK },
	{ TSM_SNP_GUID_ARK, TSM_SNP_SLOT_ARK },
	{ TSM_SNP_GUID_CRL, TSM_SNP_SLOT_CRL },
};

/* From the order of UEFI to that of RFC 4122, and back. */
static void swap_guid(const uint8_t from[16], uint8_t to[16])
{
	static const uint8_t order[16] = {
		3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15,
	};
	size_t i;

	for (i = 0; i < sizeof(order); i++)
		to[i] = from[order[i]];
}

static enum tsm_snp_slot slot_of(const uint8_t guid[16])
{
	size_t i;

	for (i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
		if (!memcmp(guid, slots[i].guid, 16))
			return slots[i].slot;
	}
	return TSM_SNP_SLOT_OTHER;
}

/* @uefi: set if it is one that is known, in the order of UEFI */
static enum tsm_snp_slot any_order(const uint8_t guid[16], bool *uefi)
{
	enum tsm_snp_slot slot = slot_of(guid);
	uint8_t swapped[16];

	*uefi = false;
	if (slot != TSM_SNP_SLOT_OTHER)
		return slot;
	swap_guid(guid, swapped);
	slot = slot_of(swapped);
	*uefi = slot != TSM_SNP_SLOT_OTHER;
	return slot;
}

static bool is_end(const struct tsm_snp_cert_entry *entry)
{
	static const uint8_t zero[16];

	return !memcmp(entry->guid, zero, sizeof(zero));
}

/* The list of entries: everything but where their bodies are. */
static int read_list(struct cursor *c, struct tsm_snp_certs *certs,
		     struct tsm_error *err)
{
	struct tsm_snp_cert_entry raw;
	struct tsm_snp_entry *entry;
	bool uefi;

	for (;;) {
		if (!cursor_copy(c, &raw, sizeof(raw)))
			return tsm_error_set(err, -EBADMSG,
					     "certificate table: no entry of zeros ends it, %zu bytes are left at offset %zu",
					     c->left, cursor_offset(c));
		if (is_end(&raw))
			return 0;
		if (certs->count == TSM_SNP_ENTRIES_MAX)
			return tsm_error_set(err, -EBADMSG,
					     "certificate table: more than %d entries",
					     TSM_SNP_ENTRIES_MAX);
		entry = &certs->entry[certs->count++];
		memcpy(entry->guid, raw.guid, sizeof(entry->guid));
		entry->slot = any_order(raw.guid, &uefi);
		certs->uefi_guids |= uefi;
		entry->offset = le32toh(raw.offset);
		entry->body.len = le32toh(raw.length);
	}
}

/* @c: over all of the table; @list: bytes of the list of entries */
static int find_body(struct cursor c, size_t list, size_t number,
		     struct tsm_snp_entry *entry, struct tsm_error *err)
{
	const size_t total = c.left, len = entry->body.len;
	const uint8_t *skipped;

	if (len && entry->offset < list)
		return tsm_error_set(err, -EBADMSG,
				     "certificate table: entry %zu begins at offset %u, inside the list of entries of %zu bytes",
				     number, entry->offset, list);
	if (!cursor_take(&c, entry->offset, &skipped) ||
	    !cursor_take(&c, len, &entry->body.data))
		return tsm_error_set(err, -EBADMSG,
				     "certificate table: entry %zu has %zu bytes at offset %u, but the table ends at %zu",
				     number, len, entry->offset, total);
	return 0;
}

static bool overlap(const struct tsm_snp_entry *a, const struct tsm_snp_entry *b)
{
	/* no sum wraps: both are inside the table */
	if (a->offset == b->offset && a->body.len == b->body.len)
		return false;
	return a->offset < b->offset + b->body.len &&
	       b->offset < a->offset + a->body.len && a->body.len &&
	       b->body.len;
}

static void finish(struct tsm_snp_certs *certs, size_t list)
{
	struct tsm_snp_entry *a, *b, *end = certs->entry + certs->count;
	uint8_t guid[16];

	certs->size = list;
	for (a = certs->entry; a < end; a++) {
		for (b = a + 1; b < end; b++) {
			if (overlap(a, b))
				a->overlaps = b->overlaps = true;
		}
		if (a->body.len && certs->size < a->offset + a->body.len)
			certs->size = a->offset + a->body.len;
		/* known ones may be in either order, others follow them */
		if (certs->uefi_guids && slot_of(a->guid) == TSM_SNP_SLOT_OTHER) {
			memcpy(guid, a->guid, sizeof(guid));
			swap_guid(guid, a->guid);
		}
	}
}

int tsm_snp_certs_parse(const void *data, size_t len,
			struct tsm_snp_certs *certs, struct tsm_error *err)
{
	struct cursor c = cursor_over(data, len);
	const struct cursor whole = c;
	size_t i;
	int ret;

	memset(certs, 0, sizeof(*certs));
	ret = read_list(&c, certs, err);
	for (i = 0; !ret && i < certs->count; i++)
		ret = find_body(whole, cursor_offset(&c), i, &certs->entry[i],
				err);
	if (ret)
		memset(certs, 0, sizeof(*certs));
	else
		finish(certs, cursor_offset(&c));
	return ret;
}

bool tsm_snp_certs_guess(const void *data, size_t len)
{
	struct cursor c = cursor_over(data, len);
	struct tsm_snp_cert_entry raw;
	unsigned int i;
	bool uefi;

	for (i = 0; i < TSM_SNP_ENTRIES_MAX; i++) {
		if (!cursor_copy(&c, &raw, sizeof(raw)) || is_end(&raw))
			return false;
		if (any_order(raw.guid, &uefi) != TSM_SNP_SLOT_OTHER)
			return true;
	}
	return false;
}

const char *tsm_snp_slot_name(enum tsm_snp_slot slot)
{
	switch (slot) {
	case TSM_SNP_SLOT_VCEK:
		return "VCEK";
	case TSM_SNP_SLOT_VLEK:
		return "VLEK";
	case TSM_SNP_SLOT_ASK:
		return "ASK";
	case TSM_SNP_SLOT_ARK:
		return "ARK";
	case TSM_SNP_SLOT_CRL:
		return "CRL";
	default:
		return "unknown";
	}
}
