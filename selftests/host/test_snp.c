// SPDX-License-Identifier: MIT
/* SNP reports built here: decoding, versions, generations, truncation. */
#include "../../tools/lib/tsm.h"

#include "snp_build.h"
#include "tap.h"

#include <endian.h>
#include <errno.h>

static int parse(const struct bytes *b, size_t len, struct tsm_snp *snp)
{
	uint8_t *copy = exact_copy(b->p, len);
	struct tsm_error err = { "" };
	int ret;

	memset(snp, 0x55, sizeof(*snp));
	ret = tsm_snp_parse(copy, len, snp, &err);
	CHECK_EQ(ret != 0, err.text[0] != '\0');
	if (ret)
		CHECK_EQ(0, snp->version | snp->report.vmpl |
			    (uint32_t)snp->trailing.len);
	free(copy);
	return ret;
}

static void every_field_is_at_its_offset(void)
{
	struct tsm_snp snp;
	const struct tsm_snp_report *r = &snp.report;
	struct bytes b;

	build_snp(&b, 5);
	CHECK_EQ(0, parse(&b, b.len, &snp));
	CHECK_EQ(5, snp.version);
	CHECK(!memcmp(&r->guest_svn, b.p + SNP_GUEST_SVN, 4));
	CHECK(!memcmp(&r->policy, b.p + SNP_POLICY, 8));
	CHECK(!memcmp(r->family_id, b.p + SNP_FAMILY_ID, 16));
	CHECK(!memcmp(r->image_id, b.p + SNP_IMAGE_ID, 16));
	CHECK_EQ(1, le32toh(r->vmpl));
	CHECK_EQ(1, le32toh(r->signature_algo));
	CHECK(!memcmp(&r->current_tcb, b.p + SNP_CURRENT_TCB, 8));
	CHECK(!memcmp(&r->platform_info, b.p + SNP_PLATFORM_INFO, 8));
	CHECK(!memcmp(&r->flags, b.p + SNP_FLAGS, 4));
	CHECK(!memcmp(r->report_data, b.p + SNP_REPORT_DATA, 64));
	CHECK(!memcmp(r->measurement, b.p + SNP_MEASUREMENT, 48));
	CHECK(!memcmp(r->host_data, b.p + SNP_HOST_DATA, 32));
	CHECK(!memcmp(r->id_key_digest, b.p + SNP_ID_KEY_DIGEST, 48));
	CHECK(!memcmp(r->author_key_digest, b.p + SNP_AUTHOR_KEY_DIGEST, 48));
	CHECK(!memcmp(r->report_id, b.p + SNP_REPORT_ID, 32));
	CHECK(!memcmp(r->report_id_ma, b.p + SNP_REPORT_ID_MA, 32));
	CHECK(!memcmp(&r->reported_tcb, b.p + SNP_REPORTED_TCB, 8));
	CHECK_EQ(0x11, r->cpuid_mod_id);
	CHECK(!memcmp(r->chip_id, b.p + SNP_CHIP_ID, 64));
	CHECK(!memcmp(&r->committed_tcb, b.p + SNP_COMMITTED_TCB, 8));
	CHECK_EQ(b.p[SNP_CURRENT], r->current_version.build);
	CHECK_EQ(b.p[SNP_CURRENT + 1], r->current_version.minor);
	CHECK_EQ(b.p[SNP_CURRENT + 2], r->current_version.major);
	CHECK_EQ(b.p[SNP_COMMITTED], r->committed_version.build);
	CHECK_EQ(b.p[SNP_COMMITTED + 2], r->committed_version.major);
	CHECK(!memcmp(&r->launch_tcb, b.p + SNP_LAUNCH_TCB, 8));
	CHECK(!memcmp(&r->launch_mit_vector, b.p + SNP_LAUNCH_MIT, 8));
	CHECK(!memcmp(&r->current_mit_vector, b.p + SNP_CURRENT_MIT, 8));
	CHECK(!memcmp(r->signature.r, b.p + SNP_SIGNATURE, 72));
	CHECK(!memcmp(r->signature.s, b.p + SNP_SIGNATURE + 72, 72));
	CHECK_EQ(SNP_SIGNATURE, snp.signed_part.len);
	CHECK_EQ(0, snp.trailing.len);
}

static void a_report_cut_at_any_byte_is_refused(void)
{
	struct tsm_snp snp;
	struct bytes b;
	size_t len;

	build_snp(&b, 3);
	for (len = 0; len < b.len; len++)
		CHECK_EQ(-EBADMSG, parse(&b, len, &snp));
	CHECK_EQ(0, parse(&b, b.len, &snp));
	fill(&b, 0xaa, 7);
	CHECK_EQ(0, parse(&b, b.len, &snp));
	CHECK_EQ(7, snp.trailing.len);
}

static void versions_have_limits(void)
{
	static const struct {
		uint32_t version;
		int ret;
	} versions[] = {
		{ 0, -EPROTONOSUPPORT }, { 1, -EPROTONOSUPPORT }, { 2, 0 },
		{ 3, 0 }, { 4, 0 }, { 5, 0 }, { 6, 0 }, { 15, 0 },
		{ UINT32_MAX, 0 },
	};
	struct tsm_snp snp;
	struct bytes b;
	size_t i;

	for (i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		build_snp(&b, versions[i].version);
		CHECK_EQ(versions[i].ret, parse(&b, b.len, &snp));
		if (!versions[i].ret)
			CHECK_EQ(versions[i].version, snp.version);
	}
}

static void the_cpuid_tells_the_generation(void)
{
	static const struct {
		uint8_t family, model;
		enum tsm_snp_generation generation;
		bool turin_tcb;
	} cpus[] = {
		{ 0x17, 0x31, TSM_SNP_UNKNOWN, false },
		{ 0x19, 0x00, TSM_SNP_MILAN, false },
		{ 0x19, 0x01, TSM_SNP_MILAN, false },
		{ 0x19, 0x0f, TSM_SNP_MILAN, false },
		{ 0x19, 0x10, TSM_SNP_GENOA, false },
		{ 0x19, 0x1f, TSM_SNP_GENOA, false },
		{ 0x19, 0x20, TSM_SNP_UNKNOWN, false },
		{ 0x19, 0x9f, TSM_SNP_UNKNOWN, false },
		{ 0x19, 0xa0, TSM_SNP_GENOA, false },
		{ 0x19, 0xaf, TSM_SNP_GENOA, false },
		{ 0x19, 0xb0, TSM_SNP_UNKNOWN, false },
		{ 0x1a, 0x00, TSM_SNP_TURIN, true },
		{ 0x1a, 0x11, TSM_SNP_TURIN, true },
		{ 0x1a, 0x12, TSM_SNP_UNKNOWN, true },
		{ 0x1a, 0x50, TSM_SNP_VENICE, true },
		{ 0x1a, 0x57, TSM_SNP_VENICE, true },
		{ 0x1a, 0x58, TSM_SNP_UNKNOWN, true },
		{ 0x1a, 0x90, TSM_SNP_VENICE, true },
		{ 0x1a, 0xaf, TSM_SNP_VENICE, true },
		{ 0x1a, 0xc0, TSM_SNP_VENICE, true },
		{ 0x1a, 0xc7, TSM_SNP_VENICE, true },
		{ 0x1a, 0xc8, TSM_SNP_UNKNOWN, true },
		{ 0x1b, 0x00, TSM_SNP_UNKNOWN, true },
	};
	struct tsm_snp snp;
	struct bytes b;
	size_t i;

	build_snp(&b, 3);
	for (i = 0; i < sizeof(cpus) / sizeof(cpus[0]); i++) {
		b.p[SNP_CPUID] = cpus[i].family;
		b.p[SNP_CPUID + 1] = cpus[i].model;
		CHECK_EQ(0, parse(&b, b.len, &snp));
		if (!CHECK_EQ(cpus[i].generation, snp.generation) ||
		    !CHECK_EQ(cpus[i].turin_tcb, snp.turin_tcb))
			printf("# %02xh %02xh\n", cpus[i].family,
			       cpus[i].model);
	}
}

static void without_cpuid_the_chip_id_does(void)
{
	struct tsm_snp snp;
	struct bytes b;

	build_snp(&b, 2);
	CHECK_EQ(0, parse(&b, b.len, &snp));
	CHECK_EQ(TSM_SNP_MILAN_OR_GENOA, snp.generation);
	CHECK(!snp.turin_tcb);
	memset(b.p + SNP_CHIP_ID + 8, 0, 56);
	CHECK_EQ(0, parse(&b, b.len, &snp));
	CHECK_EQ(TSM_SNP_TURIN, snp.generation);
	CHECK(snp.turin_tcb);
	/* one byte is enough, at either side */
	memset(b.p + SNP_CHIP_ID, 0, 7);
	CHECK_EQ(0, parse(&b, b.len, &snp));
	CHECK_EQ(TSM_SNP_TURIN, snp.generation);
	b.p[SNP_CHIP_ID + 63] = 1;
	CHECK_EQ(0, parse(&b, b.len, &snp));
	CHECK_EQ(TSM_SNP_MILAN_OR_GENOA, snp.generation);
	/* masked */
	memset(b.p + SNP_CHIP_ID, 0, 64);
	CHECK_EQ(0, parse(&b, b.len, &snp));
	CHECK_EQ(TSM_SNP_MILAN_OR_GENOA, snp.generation);
}

static void tcb_versions_have_their_parts(void)
{
	const union tsm_snp_tcb tcb = { .bytes = { 1, 2, 3, 4, 5, 6, 7, 8 } };
	static const struct tsm_snp_tcb_part milan[] = {
		{ "BOOT_LOADER", 1 }, { "TEE", 2 }, { "SNP", 7 },
		{ "MICROCODE", 8 },
	}, turin[] = {
		{ "FMC", 1 }, { "BOOT_LOADER", 2 }, { "TEE", 3 }, { "SNP", 4 },
		{ "MICROCODE", 8 },
	};
	struct tsm_snp_tcb_part part[TSM_SNP_TCB_PARTS];
	size_t i;

	CHECK_EQ(4, tsm_snp_tcb_parts(&tcb, false, part));
	for (i = 0; i < 4; i++) {
		CHECK(!strcmp(milan[i].name, part[i].name));
		CHECK_EQ(milan[i].svn, part[i].svn);
	}
	CHECK_EQ(5, tsm_snp_tcb_parts(&tcb, true, part));
	for (i = 0; i < 5; i++) {
		CHECK(!strcmp(turin[i].name, part[i].name));
		CHECK_EQ(turin[i].svn, part[i].svn);
	}
}

static void check_reserved(struct bytes *b, size_t at, bool want)
{
	const uint8_t was = b->p[at];
	struct tsm_snp snp;

	b->p[at] = 1;
	CHECK_EQ(0, parse(b, b->len, &snp));
	if (!CHECK_EQ(want, snp.reserved_zero))
		printf("# byte 0x%zx\n", at);
	b->p[at] = was;
}

static void reserved_bytes_are_looked_at(void)
{
	struct tsm_snp snp;
	struct bytes b;
	size_t i, at;

	for (i = 2; i <= 5; i++) {
		build_snp(&b, (uint32_t)i);
		CHECK_EQ(0, parse(&b, b.len, &snp));
		CHECK(snp.reserved_zero);
		check_reserved(&b, SNP_CPUID + 2, i >= 3);
		check_reserved(&b, SNP_LAUNCH_MIT, i >= 5);
		check_reserved(&b, SNP_CURRENT_MIT + 7, i >= 5);
	}
	for (i = 0; i < sizeof(snp_reserved) / sizeof(snp_reserved[0]); i++) {
		for (at = snp_reserved[i][0]; at < snp_reserved[i][1]; at++)
			check_reserved(&b, at, false);
	}
}

static void guess(struct bytes *b, size_t at, uint32_t value, bool report)
{
	uint8_t was[4];
	enum tsm_evidence what;

	memcpy(was, b->p + at, 4);
	poke32(b, at, value);
	what = tsm_evidence_guess(b->p, b->len);
	if (!CHECK_EQ(report, what == TSM_EVIDENCE_SNP_REPORT))
		printf("# 0x%x at 0x%zx\n", value, at);
	memcpy(b->p + at, was, 4);
}

static void a_report_is_told_by_six_fields(void)
{
	struct bytes b;
	uint8_t *copy;
	size_t len;

	build_snp(&b, 3);
	guess(&b, 0, 0, false);
	guess(&b, 0, 1, true);
	guess(&b, 0, 15, true);
	guess(&b, 0, 16, false);
	guess(&b, SNP_POLICY, 0x10000, false);
	guess(&b, SNP_POLICY, 0x20000, true);
	guess(&b, SNP_VMPL, 3, true);
	guess(&b, SNP_VMPL, 4, false);
	guess(&b, SNP_VMPL, UINT32_MAX, true);
	guess(&b, SNP_ALGO, 0, true);
	guess(&b, SNP_ALGO, 16, false);
	guess(&b, SNP_FLAGS, 0xff, true);
	guess(&b, SNP_FLAGS, 0x100, false);
	guess(&b, 0x4c, 1, false);
	/* what is cut short is told by the parser, if it can be told at all */
	for (len = 0; len <= b.len; len++) {
		copy = exact_copy(b.p, len);
		CHECK_EQ(len < 0x50 ? TSM_EVIDENCE_UNKNOWN :
				      TSM_EVIDENCE_SNP_REPORT,
			 tsm_evidence_guess(copy, len));
		free(copy);
	}
}

static const struct tap_test tests[] = {
	{ "every field of a report is at its offset",
	  every_field_is_at_its_offset },
	{ "a report cut at any byte is refused, a longer one is not",
	  a_report_cut_at_any_byte_is_refused },
	{ "versions 0 and 1 are refused, later ones are decoded",
	  versions_have_limits },
	{ "the CPUID tells the generation, and the family the TCB's layout",
	  the_cpuid_tells_the_generation },
	{ "without a CPUID the length of the chip id does",
	  without_cpuid_the_chip_id_does },
	{ "TCB versions have the parts of their generation",
	  tcb_versions_have_their_parts },
	{ "reserved bytes are looked at, by version",
	  reserved_bytes_are_looked_at },
	{ "a report is told from other bytes by six fields",
	  a_report_is_told_by_six_fields },
};

TAP_MAIN(tests)
