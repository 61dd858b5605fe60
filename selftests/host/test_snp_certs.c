// SPDX-License-Identifier: MIT
/* Certificate tables built here: GUIDs, bounds, overlap, termination. */
#include "../../tools/lib/tsm.h"

#include "bytes.h"
#include "tap.h"

#include <errno.h>

/* GHCB specification, "SNP Extended Guest Request", as printed there. */
static const uint8_t vcek[16] = {
	0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64,
	0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd,
};
static const uint8_t ark[16] = {
	0xc0, 0xb4, 0x06, 0xa4, 0xa8, 0x03, 0x49, 0x52,
	0x97, 0x43, 0x3f, 0xb6, 0x01, 0x4c, 0xd0, 0xae,
};
static const uint8_t other[16] = {
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
};

static void swap(const uint8_t from[16], uint8_t to[16])
{
	memcpy(to, (const uint8_t[]){ from[3], from[2], from[1], from[0],
				      from[5], from[4], from[7], from[6] }, 8);
	memcpy(to + 8, from + 8, 8);
}

static void entry(struct bytes *b, const uint8_t *guid, bool uefi,
		  uint32_t offset, uint32_t len)
{
	uint8_t swapped[16];

	swap(guid, swapped);
	put(b, uefi ? swapped : guid, 16);
	put32(b, offset);
	put32(b, len);
}

/* Two entries and their bodies: 72 bytes of list, 10 and 20 bytes. */
static void build(struct bytes *b, bool uefi)
{
	b->len = 0;
	entry(b, vcek, uefi, 72, 10);
	entry(b, ark, uefi, 82, 20);
	fill(b, 0, 24);
	fill(b, 0xaa, 10);
	fill(b, 0xbb, 20);
}

static int parse(const struct bytes *b, size_t len, struct tsm_snp_certs *certs)
{
	static uint8_t *copy;
	struct tsm_error err = { "" };
	int ret;

	/* the result points into it */
	free(copy);
	copy = exact_copy(b->p, len);
	memset(certs, 0x55, sizeof(*certs));
	ret = tsm_snp_certs_parse(copy, len, certs, &err);
	CHECK_EQ(ret != 0, err.text[0] != '\0');
	if (ret)
		CHECK_EQ(0, certs->count);
	return ret;
}

static void guids_are_read_in_both_orders(void)
{
	struct tsm_snp_certs certs;
	struct bytes b;
	int uefi;

	for (uefi = 0; uefi < 2; uefi++) {
		build(&b, uefi);
		CHECK_EQ(0, parse(&b, b.len, &certs));
		CHECK_EQ(2, certs.count);
		CHECK_EQ(uefi, certs.uefi_guids);
		CHECK_EQ(TSM_SNP_SLOT_VCEK, certs.entry[0].slot);
		CHECK(!memcmp(certs.entry[0].guid, vcek, 16));
		CHECK_EQ(TSM_SNP_SLOT_ARK, certs.entry[1].slot);
		CHECK(!memcmp(certs.entry[1].guid, ark, 16));
		CHECK_EQ(10, certs.entry[0].body.len);
		CHECK_EQ(0xaa, certs.entry[0].body.data[9]);
		CHECK_EQ(20, certs.entry[1].body.len);
		CHECK_EQ(0xbb, certs.entry[1].body.data[0]);
		CHECK_EQ(102, certs.size);
		CHECK_EQ(TSM_EVIDENCE_SNP_CERTS,
			 tsm_evidence_guess(b.p, b.len));
	}
}

static void every_slot_has_its_guid(void)
{
	static const struct {
		const char *name;
		uint8_t guid[16];
	} slots[] = {
		{ "VCEK", { 0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64,
			    0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd } },
		{ "VLEK", { 0xa8, 0x07, 0x4b, 0xc2, 0xa2, 0x5a, 0x48, 0x3e,
			    0xaa, 0xe6, 0x39, 0xc0, 0x45, 0xa0, 0xb8, 0xa1 } },
		{ "ASK", { 0x4a, 0xb7, 0xb3, 0x79, 0xbb, 0xac, 0x4f, 0xe4,
			   0xa0, 0x2f, 0x05, 0xae, 0xf3, 0x27, 0xc7, 0x82 } },
		{ "ARK", { 0xc0, 0xb4, 0x06, 0xa4, 0xa8, 0x03, 0x49, 0x52,
			   0x97, 0x43, 0x3f, 0xb6, 0x01, 0x4c, 0xd0, 0xae } },
		{ "CRL", { 0x92, 0xf8, 0x1b, 0xc3, 0x58, 0x11, 0x4d, 0x3d,
			   0x97, 0xff, 0xd1, 0x9f, 0x88, 0xdc, 0x67, 0xea } },
		{ "unknown", { 1 } },
	};
	struct tsm_snp_certs certs;
	struct bytes b;
	size_t i;

	for (i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
		b.len = 0;
		entry(&b, slots[i].guid, false, 0, 0);
		fill(&b, 0, 24);
		CHECK_EQ(0, parse(&b, b.len, &certs));
		CHECK(!strcmp(slots[i].name,
			      tsm_snp_slot_name(certs.entry[0].slot)));
	}
}

/* Which order an unknown one is in, the known ones tell. */
static void unknown_guids_follow_the_known(void)
{
	struct tsm_snp_certs certs;
	struct bytes b;
	int uefi;

	for (uefi = 0; uefi < 2; uefi++) {
		b.len = 0;
		entry(&b, other, uefi, 0, 0);
		entry(&b, vcek, uefi, 0, 0);
		fill(&b, 0, 24);
		CHECK_EQ(0, parse(&b, b.len, &certs));
		CHECK(!memcmp(certs.entry[0].guid, other, 16));
		CHECK_EQ(TSM_EVIDENCE_SNP_CERTS,
			 tsm_evidence_guess(b.p, b.len));
	}
	b.len = 0;
	entry(&b, other, false, 0, 0);
	fill(&b, 0, 24);
	CHECK_EQ(TSM_EVIDENCE_UNKNOWN, tsm_evidence_guess(b.p, b.len));
}

static void a_table_cut_at_any_byte_is_refused(void)
{
	struct tsm_snp_certs certs;
	struct bytes b;
	uint8_t *copy;
	size_t len;

	build(&b, true);
	for (len = 0; len < b.len; len++) {
		CHECK_EQ(-EBADMSG, parse(&b, len, &certs));
		copy = exact_copy(b.p, len);
		CHECK_EQ(len < 24 ? TSM_EVIDENCE_UNKNOWN :
				    TSM_EVIDENCE_SNP_CERTS,
			 tsm_evidence_guess(copy, len));
		free(copy);
	}
	/* the kernel's buffer may be larger */
	fill(&b, 0, 100);
	CHECK_EQ(0, parse(&b, b.len, &certs));
	CHECK_EQ(102, certs.size);
}

static void bounds(uint32_t offset, uint32_t len, int want)
{
	struct tsm_snp_certs certs;
	struct bytes b;
	int ret;

	build(&b, true);
	poke32(&b, 16, offset);
	poke32(&b, 20, len);
	ret = parse(&b, b.len, &certs);
	if (!CHECK_EQ(want, ret))
		printf("# 0x%x bytes at 0x%x\n", len, offset);
}

static void entries_have_bounds(void)
{
	bounds(72, 30, 0);
	bounds(72, 31, -EBADMSG);
	bounds(73, 30, -EBADMSG);
	bounds(101, 1, 0);
	bounds(102, 0, 0);
	bounds(102, 1, -EBADMSG);
	bounds(103, 0, -EBADMSG);
	bounds(71, 1, -EBADMSG);
	bounds(24, 24, -EBADMSG);
	bounds(0, 1, -EBADMSG);
	bounds(0, 0, 0);
	/* sums that wrap in 32 bits */
	bounds(72, UINT32_MAX, -EBADMSG);
	bounds(72, UINT32_MAX - 71, -EBADMSG);
	bounds(UINT32_MAX, 1, -EBADMSG);
	bounds(UINT32_MAX - 1, 80, -EBADMSG);
	bounds(UINT32_MAX, UINT32_MAX, -EBADMSG);
}

static void overlap(uint32_t offset, uint32_t len, bool want)
{
	struct tsm_snp_certs certs;
	struct bytes b;

	build(&b, true);
	poke32(&b, 16, offset);
	poke32(&b, 20, len);
	CHECK_EQ(0, parse(&b, b.len, &certs));
	if (!CHECK_EQ(want, certs.entry[0].overlaps) ||
	    !CHECK_EQ(want, certs.entry[1].overlaps))
		printf("# %u bytes at %u\n", len, offset);
}

/* The second has 20 bytes at 82. */
static void overlap_is_told(void)
{
	overlap(72, 10, false);
	overlap(72, 11, true);
	overlap(101, 1, true);
	overlap(83, 5, true);
	overlap(82, 19, true);
	/* one certificate in two slots is no riddle */
	overlap(82, 20, false);
	overlap(90, 0, false);
}

static void the_number_of_entries_has_a_limit(void)
{
	struct tsm_snp_certs certs;
	struct bytes b;
	size_t count;

	for (count = 0; count <= 65; count++) {
		b.len = 0;
		while (b.len < count * 24)
			entry(&b, vcek, false, (uint32_t)(24 * count + 24), 4);
		fill(&b, 0, 24);
		fill(&b, 0xcc, 4);
		CHECK_EQ(count > 64 ? -EBADMSG : 0, parse(&b, b.len, &certs));
		CHECK_EQ(count > 64 ? 0 : count, certs.count);
	}
	/* as many as go, and no end */
	b.len = 0;
	while (b.len + 24 <= sizeof(b.p))
		entry(&b, other, false, 0, 0);
	CHECK_EQ(-EBADMSG, parse(&b, b.len, &certs));
	CHECK_EQ(TSM_EVIDENCE_UNKNOWN, tsm_evidence_guess(b.p, b.len));
}

static void any_byte_wrong_is_survived(void)
{
	static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff };
	struct tsm_snp_certs certs;
	struct bytes b;
	size_t i, v, n;

	build(&b, false);
	for (i = 0; i < 72; i++) {
		for (v = 0; v < sizeof(values); v++) {
			const uint8_t was = b.p[i];

			b.p[i] = values[v];
			if (!parse(&b, b.len, &certs)) {
				for (n = 0; n < certs.count; n++)
					CHECK(!certs.entry[n].body.len ||
					      certs.entry[n].body.data[0]);
			}
			b.p[i] = was;
		}
	}
}

static const struct tap_test tests[] = {
	{ "GUIDs are read as printed and as UEFI writes them",
	  guids_are_read_in_both_orders },
	{ "every slot has its GUID", every_slot_has_its_guid },
	{ "the order of unknown GUIDs is that of the known",
	  unknown_guids_follow_the_known },
	{ "a table cut at any byte is refused, a longer one is not",
	  a_table_cut_at_any_byte_is_refused },
	{ "entries end inside the table and begin behind the list",
	  entries_have_bounds },
	{ "entries that overlap are told", overlap_is_told },
	{ "a table has at most 64 entries", the_number_of_entries_has_a_limit },
	{ "any byte of the list may be wrong", any_byte_wrong_is_survived },
};

TAP_MAIN(tests)
