// SPDX-License-Identifier: MIT
/* TDREPORTs built here: decoding, and the two hashes inside. */
#include "../../tools/lib/tsm.h"

#include "bytes.h"
#include "tap.h"

#include <errno.h>
#include <openssl/sha.h>

/* TDX Module ABI, TDREPORT_STRUCT: offsets */
enum {
	CPUSVN = 16, TCB_HASH = 32, TD_HASH = 80, REPORTDATA = 128, MAC = 224,
	TCB = 256, TCB_END = 495, TD = 512, ATTRIBUTES = 512, XFAM = 520,
	MRTD = 528, MRCONFIGID = 576, MROWNER = 624, MROWNERCONFIG = 672,
	RTMR0 = 720, RTMR3 = 864, SERVTD_HASH = 912, TD_ID = 960, VMID = 1016,
	VALID = 1020, REPORT_SIZE = 1024,
};

static void build(uint8_t *r, uint8_t version)
{
	size_t i;

	for (i = 0; i < REPORT_SIZE; i++)
		r[i] = (uint8_t)(i * 7 + i / 256);
	r[0] = 0x81;
	r[1] = 0;
	r[2] = version;
	r[3] = 0;
	SHA384(r + TCB, TCB_END - TCB, r + TCB_HASH);
	SHA384(r + TD, REPORT_SIZE - TD, r + TD_HASH);
}

static void every_field_is_at_its_offset(void)
{
	struct tsm_tdx_report t;
	uint8_t r[REPORT_SIZE];

	build(r, 3);
	CHECK_EQ(0, tsm_tdreport_parse(r, sizeof(r), &t, NULL));
	CHECK_EQ(3, t.mac.version);
	CHECK(!memcmp(t.mac.cpusvn, r + CPUSVN, 16));
	CHECK(!memcmp(t.mac.tee_tcb_info_hash, r + TCB_HASH, 48));
	CHECK(!memcmp(t.mac.tee_info_hash, r + TD_HASH, 48));
	CHECK(!memcmp(t.mac.reportdata, r + REPORTDATA, 64));
	CHECK(!memcmp(t.mac.mac, r + MAC, 32));
	CHECK(!memcmp(&t.tcb.valid, r + TCB, 8));
	CHECK(!memcmp(t.tcb.tee_tcb_svn, r + TCB + 8, 16));
	CHECK(!memcmp(t.tcb.mrseam, r + TCB + 24, 48));
	CHECK(!memcmp(t.tcb.mrsignerseam, r + TCB + 72, 48));
	CHECK(!memcmp(&t.tcb.attributes, r + TCB + 120, 8));
	CHECK(!memcmp(t.tcb.tee_tcb_svn2, r + TCB + 128, 16));
	CHECK(!memcmp(&t.td.attributes, r + ATTRIBUTES, 8));
	CHECK(!memcmp(&t.td.xfam, r + XFAM, 8));
	CHECK(!memcmp(t.td.mrtd, r + MRTD, 48));
	CHECK(!memcmp(t.td.mrconfigid, r + MRCONFIGID, 48));
	CHECK(!memcmp(t.td.mrowner, r + MROWNER, 48));
	CHECK(!memcmp(t.td.mrownerconfig, r + MROWNERCONFIG, 48));
	CHECK(!memcmp(t.td.rtmr[0], r + RTMR0, 48));
	CHECK(!memcmp(t.td.rtmr[3], r + RTMR3, 48));
	CHECK(!memcmp(t.td.servtd_hash, r + SERVTD_HASH, 48));
	CHECK(!memcmp(t.td.td_id, r + TD_ID, 32));
	CHECK_EQ(r[VMID], t.td.vmid);
	CHECK(!memcmp(&t.td.valid, r + VALID, 4));
}

static void every_shorter_length_is_refused(void)
{
	struct tsm_tdx_report t;
	struct tsm_error err;
	uint8_t r[REPORT_SIZE], *copy;
	size_t len;

	build(r, 1);
	for (len = 0; len < sizeof(r); len++) {
		copy = exact_copy(r, len);
		memset(&t, 0x55, sizeof(t));
		err.text[0] = '\0';
		CHECK_EQ(-EBADMSG, tsm_tdreport_parse(copy, len, &t, &err));
		CHECK(err.text[0]);
		CHECK_EQ(0, t.mac.type);
		free(copy);
	}
}

static void another_type_is_refused(void)
{
	struct tsm_tdx_report t;
	struct tsm_error err;
	uint8_t r[REPORT_SIZE];
	unsigned int type;

	for (type = 0; type < 256; type++) {
		build(r, 0);
		r[0] = (uint8_t)type;
		CHECK_EQ(type == 0x81 ? 0 : -EPROTONOSUPPORT,
			 tsm_tdreport_parse(r, sizeof(r), &t, &err));
		CHECK_EQ(type == 0x81 ? 0x81 : 0, t.mac.type);
	}
	build(r, 0);
	r[1] = 1;
	CHECK_EQ(-EPROTONOSUPPORT,
		 tsm_tdreport_parse(r, sizeof(r), &t, &err));
}

static void right_hashes_are_consistent(void)
{
	struct tsm_tdx_report t;
	bool tcb = false, td = false;
	uint8_t r[REPORT_SIZE];

	build(r, 1);
	CHECK_EQ(0, tsm_tdreport_parse(r, sizeof(r), &t, NULL));
	CHECK_EQ(0, tsm_tdreport_consistent(&t, &tcb, &td));
	CHECK(tcb);
	CHECK(td);
}

/* Flips one bit of each byte in turn: who notices? */
static void each_byte_is_covered_by_its_hash(void)
{
	struct tsm_tdx_report t;
	uint8_t r[REPORT_SIZE];
	bool tcb, td;
	size_t i;

	build(r, 1);
	for (i = 3; i < sizeof(r); i++) {
		const bool hits_tcb = (i >= TCB && i < TCB_END) ||
				      (i >= TCB_HASH && i < TCB_HASH + 48);
		const bool hits_td = i >= TD ||
				     (i >= TD_HASH && i < TD_HASH + 48);

		r[i] ^= 1;
		CHECK_EQ(0, tsm_tdreport_parse(r, sizeof(r), &t, NULL));
		CHECK_EQ(0, tsm_tdreport_consistent(&t, &tcb, &td));
		CHECK_EQ(!hits_tcb, tcb);
		CHECK_EQ(!hits_td, td);
		r[i] ^= 1;
	}
}

static void evidence_is_told_apart(void)
{
	const uint8_t quote4[] = { 4, 0, 2, 0, 0x81, 0, 0, 0 };
	const uint8_t quote5[] = { 5, 0, 2, 0, 0x81, 0, 0, 0 };
	const uint8_t tdreport[] = { 0x81, 0, 1, 0 };
	const uint8_t snp5[] = { 5, 0, 0, 0, 0, 0, 0, 0 };
	const uint8_t snp2[] = { 2, 0, 0, 0, 0, 0, 0, 0 };
	size_t len;

	CHECK_EQ(TSM_EVIDENCE_QUOTE, tsm_evidence_guess(quote4, 8));
	CHECK_EQ(TSM_EVIDENCE_QUOTE, tsm_evidence_guess(quote5, 8));
	CHECK_EQ(TSM_EVIDENCE_TDREPORT, tsm_evidence_guess(tdreport, 4));
	CHECK_EQ(TSM_EVIDENCE_UNKNOWN, tsm_evidence_guess(snp2, 8));
	CHECK_EQ(TSM_EVIDENCE_UNKNOWN, tsm_evidence_guess(snp5, 8));
	for (len = 0; len < 8; len++)
		CHECK_EQ(TSM_EVIDENCE_UNKNOWN, tsm_evidence_guess(quote4, len));
	CHECK_EQ(TSM_EVIDENCE_UNKNOWN, tsm_evidence_guess(NULL, 0));
}

/* Quote header, DCAP Quoting Library API A.3.1: version, key type, TEE type. */
static void a_small_number_makes_no_quote(void)
{
	static const struct {
		uint16_t version, key;
		uint32_t tee;
		bool quote;
	} heads[] = {
		{ 3, 2, 0x00, true },		/* SGX */
		{ 3, 3, 0x00, true },
		{ 6, 2, 0x81, true },		/* yet to come */
		{ 4, 5, 0x81, true },
		{ 0, 2, 0x81, false },
		{ 16, 2, 0x81, false },
		{ 4, 0, 0x81, false },
		{ 4, 16, 0x81, false },
		{ 4, 0x0a32, 0x81, false },
		{ 4, 1, 0x00, false },
		{ 4, 4, 0x00, false },
		{ 4, 2, 0x80, false },
		{ 4, 2, 0x181, false },
		{ 4, 2, 0x81000000, false },
		{ 10, 0x6568, 0x0a6f6c6c, false },	/* text */
	};
	struct bytes b;
	size_t i;

	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		b.len = 0;
		put16(&b, heads[i].version);
		put16(&b, heads[i].key);
		put32(&b, heads[i].tee);
		fill(&b, 0, 40);
		if (!CHECK_EQ(heads[i].quote ? TSM_EVIDENCE_QUOTE :
					       TSM_EVIDENCE_UNKNOWN,
			      tsm_evidence_guess(b.p, b.len)))
			printf("# head %zu\n", i);
	}
}

static const struct tap_test tests[] = {
	{ "every TDREPORT field is read at its offset",
	  every_field_is_at_its_offset },
	{ "a TDREPORT of every shorter length is refused",
	  every_shorter_length_is_refused },
	{ "only type 0x81 subtype 0 is a TDREPORT", another_type_is_refused },
	{ "right hashes are consistent", right_hashes_are_consistent },
	{ "each byte is covered by its hash and no other",
	  each_byte_is_covered_by_its_hash },
	{ "TDREPORT, quote and SNP report are told apart",
	  evidence_is_told_apart },
	{ "only what has the head of a quote is taken for one",
	  a_small_number_makes_no_quote },
};

TAP_MAIN(tests)
