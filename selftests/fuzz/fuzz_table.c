// SPDX-License-Identifier: MIT
/* Certificate tables of SNP hosts, and the certificates in them. */
#include "fuzz.h"

/* GHCB specification, "SNP Extended Guest Request" */
enum { ENTRY = 24, GUID = 16 };

static struct tsm_snp_certs first, again;
static struct tsm_cert certs_a[TSM_CERTS_MAX], certs_b[TSM_CERTS_MAX];

static int look(const struct tsm_blob *in, void *result, struct tsm_error *err)
{
	return tsm_snp_certs_parse(in->data, in->len, result, err);
}

static int look_at_certs(const struct tsm_blob *in, void *result,
			 struct tsm_error *err)
{
	struct tsm_cert *certs = result;
	size_t count;
	int ret;

	/* only those found are the library's to fill */
	memset(certs, 0, sizeof(certs_a));
	ret = tsm_certs_parse(in->data, in->len, certs, &count, err);
	ENSURE(!ret == !!count && count <= TSM_CERTS_MAX);
	memset(certs + count, 0, (TSM_CERTS_MAX - count) * sizeof(*certs));
	return ret;
}

static uint32_t le32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

/* The same list of entries, read as simply as it can be. */
static void list(const struct tsm_blob *in, const struct tsm_snp_certs *certs)
{
	const struct tsm_snp_entry *e;
	size_t i, end = 0, list_end = (certs->count + 1) * ENTRY;
	const uint8_t *raw = in->data;

	ENSURE(certs->count <= TSM_SNP_ENTRIES_MAX && list_end <= in->len);
	for (i = 0; i < certs->count; i++, raw += ENTRY) {
		e = &certs->entry[i];
		ENSURE(!fuzz_is_zero(raw, GUID));
		ENSURE(e->offset == le32(raw + GUID));
		ENSURE(e->body.len == le32(raw + GUID + 4));
		ENSURE(!e->body.len || e->body.data == in->data + e->offset);
		ENSURE(fuzz_inside(&e->body, in));
		ENSURE(!e->body.len || e->offset >= list_end);
		ENSURE(*tsm_snp_slot_name(e->slot));
		if (e->body.len && end < e->offset + e->body.len)
			end = e->offset + e->body.len;
	}
	ENSURE(fuzz_is_zero(raw, GUID));
	ENSURE(certs->size == (end > list_end ? end : list_end));
}

/* What is said of overlaps is right. */
static void overlaps(const struct tsm_snp_certs *certs)
{
	const struct tsm_snp_entry *e, *f;
	bool found, same;
	size_t i, j;

	for (i = 0; i < certs->count; i++) {
		e = &certs->entry[i];
		found = false;
		for (j = 0; j < certs->count; j++) {
			f = &certs->entry[j];
			same = e->offset == f->offset &&
			       e->body.len == f->body.len;
			found |= !same && e->body.len && f->body.len &&
				 e->offset < f->offset + f->body.len &&
				 f->offset < e->offset + e->body.len;
		}
		ENSURE(e->overlaps == found);
	}
}

/* Whether an entry without bytes is said to be behind all others, where it is
 * refused if the table ends before. */
static bool points_behind(const struct tsm_snp_certs *certs)
{
	size_t i;

	for (i = 0; i < certs->count; i++) {
		if (certs->entry[i].offset > certs->size)
			return true;
	}
	return false;
}

/* Without its last byte it is malformed, with more it is the same. */
static void cut(const struct tsm_blob *in, const struct tsm_snp_certs *certs)
{
	static struct tsm_snp_certs less;

	if (points_behind(certs))
		return;
	ENSURE(!tsm_snp_certs_parse(in->data, certs->size, &less, NULL));
	ENSURE(!memcmp(certs, &less, sizeof(less)));
	ENSURE(tsm_snp_certs_parse(in->data, certs->size - 1, &less, NULL) ==
	       -EBADMSG);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tsm_blob in = fuzz_evidence(data, size);
	int ret;

	tsm_snp_certs_guess(in.data, in.len);
	fuzz_all_ways(data, size, look_at_certs, certs_a, certs_b,
		      sizeof(certs_a));
	ret = fuzz_all_ways(data, size, look, &first, &again, sizeof(first));
	if (ret)
		return 0;
	list(&in, &first);
	overlaps(&first);
	cut(&in, &first);
	return 0;
}
