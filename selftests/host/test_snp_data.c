// SPDX-License-Identifier: MIT
/*
 * SNP evidence of real machines, if it is there: TSM_DATA, or ../shared/data
 * beside the repository. Expected values come from its MANIFEST.tsv, where an
 * independent checker computed them.
 */
#include "../../tools/lib/tsm.h"

#include "bytes.h"
#include "tap.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>

#define TRUSTEE	"confidential-containers__trustee/deps/verifier/test_data/snp/"
#define GOOGLE	"google__go-sev-guest/verify/"
#define DERIVED	"derived/snp/"

/**
 * struct report - what a report is known to hold
 * @file: below the directory of the data
 * @version: of the report
 * @generation: by its CPUID or chip id
 * @signing_key: 0 VCEK, 1 VLEK
 * @vmpl: level that asked
 * @policy: of the guest
 * @platform_info: of the host
 * @reported: parts of the reported TCB, in their order
 * @parts: how many
 * @build: build of the firmware, current and committed
 * @minor: its minor version; the major is 1
 * @measurement: in hex
 * @report_data: likewise
 * @chip_id: likewise
 */
static const struct report {
	const char *file;
	unsigned int version;
	enum tsm_snp_generation generation;
	unsigned int signing_key;
	unsigned int vmpl;
	uint64_t policy;
	uint64_t platform_info;
	uint8_t reported[5];
	size_t parts;
	unsigned int build;
	unsigned int minor;
	const char *measurement;
	const char *report_data;
	const char *chip_id;
} reports[] = {
	{ GOOGLE "testdata/attestation.bin", 2, TSM_SNP_MILAN_OR_GENOA, 0, 0,
	  0xb0000, 0x1, { 2, 0, 5, 68 }, 4, 3, 49,
	  "b07af9620f3b839b47996422ddec6058338951d984e312115131ea82705eaf5b6bdf8a9ece31a5a608eb0cf2e4872b01",
	  "01020304050000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
	  "3ac3fe21e13fb0990eb28a802e3fb6a29483a6b0753590c951bdd3b8e53786184ca39e359669a2b76a1936776b564ea464cdce40c05f63c9b610c5068b006b5d" },
	{ DERIVED "milan-v2-virtee.report.bin", 2, TSM_SNP_MILAN_OR_GENOA, 0, 0,
	  0x30000, 0x1, { 3, 0, 8, 115 }, 4, 4, 52,
	  "7a1e5c266c0108dbc9bb94fa926951320940915d0aafb42464bd88b579ea158d3e1a0dc39b2c60bd95b9c480cd81841f",
	  "d447b55d197491bfe15cf298f9de9986b7a7c4be2468b4f6e2d53b71d7c645810b0f2cdfca0040433be063fc1a8293f0f3f8dae7b79fecb3d1cd82bd6a93ebfd",
	  "d49554ec717f4e5b0fe6b143bcf0405bd7ae304727edf46603f2a76aef6a3abc15d7af38db757039029f0efacfd08e244324884738c72b082e2f87a44d541eb6" },
	{ TRUSTEE "test-report.bin", 2, TSM_SNP_MILAN_OR_GENOA, 0, 0,
	  0x3001f, 0x1, { 3, 0, 8, 115 }, 4, 4, 52,
	  "a1f3930413247bb38cfc171579ea3c12d5fe4901f0c792f63fd75d98f1ef827c23500644e0e692e6be917f9050d3d38c",
	  "ec6c52d7533cc2c4f45be7849cf112ab82b2009fe7bd43e71ed08c14400ad7e20000000000000000000000000000000000000000000000000000000000000000",
	  "c38427a30d4c7af9d96f7a15b97269825a64cb76a2352ffd5d18115d89ad473f8e8c0bcd9a5d9286612bad4aadfb4426205a3b9e4fea82301135a170e477524e" },
	{ DERIVED "genoa-v3-azure.report.bin", 3, TSM_SNP_GENOA, 0, 0,
	  0x3001f, 0x24, { 10, 0, 23, 84 }, 4, 40, 55,
	  "f57dc09a507c6ecd82369bffb600f0003792f4d99bc26e985ec0c266fc34faf3706faf814c9e61065768a6ff917c89ae",
	  "b581f12e29a2d7d64e5e0b738d563879a78b51c644d0fa0cce02b48699f6bf5f0000000000000000000000000000000000000000000000000000000000000000",
	  "0506ffba875e939c2729d20c74eb72b4c5ba6bf7ea1faaa640141f12c6d64782fb487f68ce69dcd021e914cc0d9244327bc121f0242d6470903ad1d4aaea4ad1" },
	{ TRUSTEE "test-vlek-report.bin", 3, TSM_SNP_MILAN, 1, 1, 0x30000, 0x27,
	  { 4, 0, 24, 217 }, 4, 29, 55,
	  "8922ebbdd00ec2c541f36a6e7a82a8773a7accb451ed67bc94e740dbe92c93c4e8c9af857f5ceeb5a493df2a570d7bf0",
	  "819770b7e6ea6df8dd8fd4dd146b073c0bf4f3ce5b0977ecac486e3a05ed1bd54e2a7ac1f5d1ca02e7d7d5ef9f73b8574fd9359e3a480d741a4478e8a7bc27ca",
	  "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000" },
	{ DERIVED "turin-v5-oak.report.bin", 5, TSM_SNP_TURIN, 0, 0, 0x30000,
	  0x67, { 0, 1, 0, 2, 71 }, 5, 61, 55,
	  "f924dd18f168df60fbea937f0b086284d51b1b376de872bac43694f61134d57967c318018de7335503023dbb50dee624",
	  "e0fd0bdb6aa4030a6ddea9073e1fcec5be6c782a2c8075a0825dfb3d9a81b9240000000000000000000000000000000000000000000000000000000000000000",
	  "3b42092f69c656d30000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000" },
};

/**
 * struct cert - what a certificate is known to hold
 * @file: below the directory of the data
 * @subject: end of its subject
 * @issuer: end of its issuer
 * @not_before: day
 * @not_after: day
 * @product: productName
 * @version: structVersion
 * @spl: blSPL, teeSPL, snpSPL, ucodeSPL
 * @fmc: fmcSPL, or -1
 * @chip: first bytes of hwID in hex; NULL if there is none
 * @chip_len: its bytes
 * @csp: cspID
 */
static const struct cert {
	const char *file;
	const char *subject;
	const char *issuer;
	const char *not_before;
	const char *not_after;
	const char *product;
	unsigned int version;
	uint8_t spl[4];
	int fmc;
	const char *chip;
	size_t chip_len;
	const char *csp;
} certs_known[] = {
	{ TRUSTEE "test-vcek.der", "SEV-VCEK", "SEV-Milan", "2023-01-24",
	  "2030-01-24", "Milan-B0", 0, { 3, 0, 8, 115 }, -1,
	  "c38427a30d4c7af9", 64, "" },
	{ TRUSTEE "test-vlek.der", "SEV-VLEK", "SEV-VLEK-Milan", "2024-12-10",
	  "2025-12-10", "Milan", 0, { 4, 0, 24, 217 }, -1, NULL, 0,
	  "CN=cc-us-east-2.amazonaws.com" },
	{ DERIVED "genoa-v3-azure.vcek.der", "SEV-VCEK", "SEV-Genoa",
	  "2025-01-24", "2032-01-24", "Genoa", 0, { 10, 0, 23, 84 }, -1,
	  "0506ffba875e939c", 64, "" },
	{ DERIVED "turin-v5-oak.vcek.der", "SEV-VCEK", "SEV-Turin",
	  "2025-07-17", "2032-07-17", "Turin", 1, { 1, 0, 2, 71 }, 0,
	  "3b42092f69c656d3", 8, "" },
};

static uint8_t *data;
static size_t len;

/* False, and the test skipped, where there is no data. */
static bool load(const char *file)
{
	const char *dir = getenv("TSM_DATA");
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", dir ? dir : "", file);
	if (dir && !tsm_file_read(path, 1 << 20, &data, &len, NULL))
		return true;
	tap_skip("real evidence is not here: set TSM_DATA");
	return false;
}

static void same(const char *hex, const void *bytes, size_t size,
		 const char *what)
{
	const uint8_t *p = bytes;
	char text[160] = "";
	size_t i;

	for (i = 0; i < size && i < 70; i++)
		snprintf(text + 2 * i, 3, "%02x", p[i]);
	if (!CHECK(!strcmp(hex, text)))
		printf("# %s: %s\n", what, text);
}

static void check_report(const struct report *want)
{
	struct tsm_snp_tcb_part part[TSM_SNP_TCB_PARTS];
	const struct tsm_snp_report *r;
	struct tsm_snp snp;
	size_t i;

	CHECK_EQ(TSM_EVIDENCE_SNP_REPORT, tsm_evidence_guess(data, len));
	if (!CHECK_EQ(0, tsm_snp_parse(data, len, &snp, NULL)))
		return;
	r = &snp.report;
	CHECK_EQ(want->version, snp.version);
	CHECK_EQ(want->generation, snp.generation);
	CHECK_EQ(want->signing_key, le32toh(r->flags) >> 2 & 7);
	CHECK_EQ(want->vmpl, le32toh(r->vmpl));
	CHECK_EQ(want->policy, le64toh(r->policy));
	CHECK_EQ(want->platform_info, le64toh(r->platform_info));
	CHECK_EQ(want->parts, tsm_snp_tcb_parts(&r->reported_tcb, snp.turin_tcb,
						part));
	for (i = 0; i < want->parts; i++)
		CHECK_EQ(want->reported[i], part[i].svn);
	CHECK_EQ(want->build, r->current_version.build);
	CHECK_EQ(want->build, r->committed_version.build);
	CHECK_EQ(want->minor, r->current_version.minor);
	CHECK_EQ(1, r->committed_version.major);
	CHECK_EQ(1, le32toh(r->signature_algo));
	CHECK(snp.reserved_zero);
	CHECK_EQ(0, snp.trailing.len);
	same(want->measurement, r->measurement, 48, "MEASUREMENT");
	same(want->report_data, r->report_data, 64, "REPORT_DATA");
	same(want->chip_id, r->chip_id, 64, "CHIP_ID");
}

static void real_reports(void)
{
	size_t i;

	for (i = 0; i < sizeof(reports) / sizeof(reports[0]); i++) {
		if (!load(reports[i].file))
			return;
		printf("# %s\n", reports[i].file);
		check_report(&reports[i]);
		free(data);
	}
}

/* @want: of a certificate that AMD made for a chip or a provider */
static void check_cert(const struct cert *want, const struct tsm_cert *cert)
{
	static const unsigned int numbers[] = { 1, 2, 3, 8 };
	char subject[64], issuer[64];
	size_t i;

	snprintf(subject, sizeof(subject), "CN=%s", want->subject);
	snprintf(issuer, sizeof(issuer), "CN=%s", want->issuer);
	CHECK(strstr(cert->subject, subject));
	CHECK(strstr(cert->issuer, issuer));
	CHECK(!strncmp(want->not_before, cert->not_before, 10));
	CHECK(!strncmp(want->not_after, cert->not_after, 10));
	CHECK(!strcmp("P-384", cert->key_type));
	CHECK_EQ(384, cert->key_bits);
	CHECK(!cert->has_pck);
	if (!CHECK(cert->has_snp))
		return;
	CHECK_EQ(want->version, cert->snp.version);
	CHECK(!strcmp(want->product, cert->snp.product));
	for (i = 0; i < 4; i++)
		CHECK_EQ(want->spl[i], cert->snp.spl[numbers[i]]);
	CHECK_EQ(want->fmc >= 0, cert->snp.has_spl >> 9 & 1);
	if (want->fmc >= 0)
		CHECK_EQ(want->fmc, cert->snp.spl[9]);
	CHECK_EQ(want->chip_len, cert->snp.hw_id_len);
	if (want->chip)
		same(want->chip, cert->snp.hw_id, 8, "hwID");
	CHECK(!strcmp(want->csp, cert->snp.csp_id));
}

static void real_certificates(void)
{
	struct tsm_cert certs[TSM_CERTS_MAX];
	size_t i, count;

	for (i = 0; i < sizeof(certs_known) / sizeof(certs_known[0]); i++) {
		if (!load(certs_known[i].file))
			return;
		printf("# %s\n", certs_known[i].file);
		if (CHECK_EQ(0, tsm_certs_parse(data, len, certs, &count,
						NULL)) &&
		    CHECK_EQ(1, count))
			check_cert(&certs_known[i], &certs[0]);
		free(data);
	}
}

static void authorities_have_rsa_keys(void)
{
	static const char *const files[] = {
		GOOGLE "trust/ask_ark_milan.pem",
		GOOGLE "trust/ask_ark_genoa_vlek.pem",
		GOOGLE "trust/ask_ark_turin_vcek.pem",
	};
	struct tsm_cert certs[TSM_CERTS_MAX];
	size_t i, count;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (!load(files[i]))
			return;
		CHECK_EQ(0, tsm_certs_parse(data, len, certs, &count, NULL));
		CHECK_EQ(2, count);
		CHECK(!strcmp(certs[0].key_type, "RSA"));
		CHECK_EQ(4096, certs[0].key_bits);
		CHECK(strstr(certs[1].subject, "CN=ARK-"));
		CHECK(!certs[0].has_snp && !certs[1].has_snp);
		free(data);
	}
}

/* What a host really gave: PEM in it, and GUIDs as they are printed. */
static void a_real_table(void)
{
	static const struct {
		enum tsm_snp_slot slot;
		uint32_t offset;
		size_t len;
		const char *subject;
	} entries[] = {
		{ TSM_SNP_SLOT_ARK, 96, 2277, "CN=ARK-Genoa" },
		{ TSM_SNP_SLOT_ASK, 2373, 2325, "CN=SEV-Genoa" },
		{ TSM_SNP_SLOT_VCEK, 4698, 1879, "CN=SEV-VCEK" },
	};
	struct tsm_cert list[TSM_CERTS_MAX];
	struct tsm_snp_certs certs;
	size_t i, count;

	if (!load(DERIVED "genoa-v3-tsm.auxblob.bin"))
		return;
	CHECK_EQ(TSM_EVIDENCE_SNP_CERTS, tsm_evidence_guess(data, len));
	CHECK_EQ(0, tsm_snp_certs_parse(data, len, &certs, NULL));
	CHECK_EQ(3, certs.count);
	CHECK(!certs.uefi_guids);
	CHECK_EQ(6577, certs.size);
	for (i = 0; i < 3; i++) {
		CHECK_EQ(entries[i].slot, certs.entry[i].slot);
		CHECK_EQ(entries[i].offset, certs.entry[i].offset);
		CHECK_EQ(entries[i].len, certs.entry[i].body.len);
		CHECK(!certs.entry[i].overlaps);
		CHECK_EQ(0, tsm_certs_parse(certs.entry[i].body.data,
					    certs.entry[i].body.len, list,
					    &count, NULL));
		CHECK_EQ(1, count);
		CHECK(strstr(list[0].subject, entries[i].subject));
	}
	free(data);
}

/* As AWS has it: a VLEK where others have the VCEK, in DER. */
static void a_vlek_in_the_slot_of_the_vcek(void)
{
	static const uint8_t vcek_uefi[16] = {
		0x8d, 0x75, 0xda, 0x63, 0x64, 0xe6, 0x64, 0x45,
		0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd,
	};
	struct tsm_cert list[TSM_CERTS_MAX];
	struct bytes b = { .len = 0 };
	struct tsm_snp_certs certs;
	size_t count;

	if (!load(TRUSTEE "test-vlek.der"))
		return;
	put(&b, vcek_uefi, 16);
	put32(&b, 48);
	put32(&b, (uint32_t)len);
	fill(&b, 0, 24);
	put(&b, data, len);
	CHECK_EQ(0, tsm_snp_certs_parse(b.p, b.len, &certs, NULL));
	CHECK_EQ(1, certs.count);
	CHECK(certs.uefi_guids);
	CHECK_EQ(TSM_SNP_SLOT_VCEK, certs.entry[0].slot);
	CHECK_EQ(0, tsm_certs_parse(certs.entry[0].body.data,
				    certs.entry[0].body.len, list, &count,
				    NULL));
	CHECK_EQ(1, count);
	check_cert(&certs_known[1], &list[0]);
	free(data);
}

static void certificates_cut_anywhere_are_refused(void)
{
	struct tsm_cert certs[TSM_CERTS_MAX];
	struct tsm_error err;
	size_t cut, count;
	uint8_t *copy;

	if (!load(TRUSTEE "test-vlek.der"))
		return;
	for (cut = 0; cut < len; cut++) {
		copy = exact_copy(data, cut);
		CHECK_EQ(-EBADMSG, tsm_certs_parse(copy, cut, certs, &count,
						   &err));
		CHECK_EQ(0, count);
		free(copy);
	}
	free(data);
}

static const struct tap_test tests[] = {
	{ "reports of six real machines have their known values",
	  real_reports },
	{ "certificates of real chips and providers, too", real_certificates },
	{ "certificates of AMD's authorities have RSA keys of 4096 bits",
	  authorities_have_rsa_keys },
	{ "a table that a host gave is decoded", a_real_table },
	{ "so is one with a VLEK in the slot of the VCEK",
	  a_vlek_in_the_slot_of_the_vcek },
	{ "a certificate in DER cut anywhere is refused",
	  certificates_cut_anywhere_are_refused },
};

TAP_MAIN(tests)
