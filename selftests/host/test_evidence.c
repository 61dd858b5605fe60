// SPDX-License-Identifier: MIT
/*
 * Evidence of real machines, if it is there: TSM_DATA, or ../shared/data beside
 * the repository. Expected values come from its MANIFEST.tsv, where an
 * independent checker computed them.
 */
#include "../../tools/lib/tsm.h"

#include "tap.h"

#include <stdlib.h>
#include <string.h>

#define TRUSTEE	"confidential-containers__trustee/deps/verifier/test_data/"
#define GOOGLE	"google__go-tdx-guest/testing/testdata/"

/**
 * struct quote - what a quote must turn out to be; everything in hex
 * @file: below the data directory
 * @version, @body: version and body type
 * @trailing: bytes behind the quote
 * @qe_isvsvn: of the QE report
 * @pcesvn: of the PCK certificate
 */
struct quote {
	const char *file;
	unsigned int version, body;
	size_t trailing;
	unsigned int qe_isvsvn, pcesvn;
	const char *fmspc, *cpusvn, *serial, *not_before, *not_after;
	const char *tee_tcb_svn, *td_attributes, *xfam;
	const char *mrtd, *rtmr0, *reportdata, *tee_tcb_svn2;
};

static const struct quote quotes[] = {
	{ "Phala-Network__dcap-qvl/sample/tdx_quote", 4, 2, 70, 6, 11,
	  "b0c06f000000", "03030202040100050000000000000000",
	  "3c16ed54eacbb4ced072be72630c85788cf46e36", "2025-02-06",
	  "2032-02-06", "06010300000000000000000000000000",
	  "0000001000000000", "e702060000000000",
	  "91eb2b44d141d4ece09f0c75c2c53d247a3c68edd7fafe8a3520c942a604a407de03ae6dc5f87f27428b2538873118b7",
	  "44c0197b39157fdd7a4dcc44767f9d6b0bb3977c7a8e347b8492f827fe9d9e5c48aca29b220b80b6a540cf994b9bc9c0",
	  "9a9d48e7f6799642d3d1b34e1e5e1742d4bb02dd6ddd551862c1211d35c304f9eca3efdbb481601c163cf52493d6e44aed55d51ec39b7e518fadb92c2b523f20",
	  NULL },
	{ TRUSTEE "tdx_quote_4.dat", 4, 2, 0, 4, 11, "50806f000000",
	  "05050d02030100030000000000000000",
	  "99c1712024a45e82ef4f19be96bf52ea98e95b19", "2023-02-07",
	  "2030-02-07", "03000500000000000000000000000000",
	  "0100001000000000", "e742060000000000",
	  "705ee9381b8633a9fbe532b52345e8433343d2868959f57889d84ca377c395b689cac1599ccea1b7d420483a9ce5f031",
	  "e940da7c2712d2790e2961e00484f4fa8e6f9eed71361655ae22699476b14f9e63867eb41edd4b480fef0c59f496b288",
	  "7c71fe2c86eff65a7cf8dbc22b3275689fd0464a267baced1bf94fc1324656aeb755da3d44d098c0c87382f3a5f85b45c8a28fee1d3bdb38342bf96671501429",
	  NULL },
	{ TRUSTEE "tdx_quote_5.dat", 5, 3, 0, 6, 13, "90c06f000000",
	  "01010202030100030000000000000000",
	  "ad0a9c18dc00e40cb6d3fe7d39c553dd3fa2518b", "2024-03-18",
	  "2031-03-18", "05010200000000000000000000000000",
	  "0000001000000000", "e742060000000000",
	  "dfba221b48a22af8511542ee796603f37382800840dcd978703909bf8e64d4c8a1e9de86e7c9638bfcba422f3886400a",
	  "9b529f3689e2e8ebb899e9abbbc3dab394d6545e8cdb28a2abb9cc2f377b83a65c01ba56b824cd3ee885df20051f5128",
	  "6d6ab13b046cff606ac0074be13981b07b6325dba10b5facc96febf551c0c3be2b75f92fe1f88f4bb996969ad0174b4b7a70261b7b85c844f4b33a4674fd049f",
	  "05010200000000000000000000000000" },
	{ GOOGLE "ccel/cos-113-tdx-quote.dat", 4, 2, 3065, 6, 11,
	  "00806f050000", "07070202030100030000000000000000",
	  "69922d719f2e241a6212844934b9994e00c94a66", "2024-07-02",
	  "2031-07-02", "04010700000000000000000000000000",
	  "0000001000000000", "e700060000000000",
	  "dae67181d3d65e073ad8f95b7907d5e927bfe9761c9ff3e9b89734a45d8954dba41394c7717cb2735396c1d04231f94a",
	  "3fa2f61f395b7f5feefb4ec2df61297f109ad8abcd6410c1b7df60f21f37b19297fc35e544039c7e1edece752afd17f6",
	  NULL, NULL },
	{ GOOGLE "quote_v5_sample.dat", 5, 3, 0, 7, 13, "90c06f000000",
	  "04040202040100050000000000000000",
	  "281450cd833a6cf298ea01209af1400091fb756b", "2026-01-27",
	  "2033-01-27", "0b010400000000000000000000000000",
	  "0000001000000000", "e702060000000000",
	  "7348651a34b2d2d3462822e3a750ec6110125f36757c78480bbfc69cc0d21fb001a1ced3ee19747dda8f750c3bc8f876",
	  "5c8daf76063a71ac8fcef4067564661fc682ed7944c7a5d21dbbced02f61ceff4ba0678c6aef3bdae8cbc614cec24619",
	  "945eaacf5abc1f719d8666a942fda03d1edcb4490277396093dc5a5289ab9f1e094aed63060cd4a4933a4dd537ed1255c9c79ecb3ed82cd1b486233e31c25c3a",
	  "0d010400000000000000000000000000" },
	{ GOOGLE "tdx_prod_quote_SPR_E4.dat", 4, 2, 39, 4, 11, "50806f000000",
	  "03030202020100020000000000000000",
	  "bba6c175d838b8df3900cc3411f24f512d104102", "2022-09-20",
	  "2029-09-20", "03000400000000000000000000000000",
	  "0000004000000000", "e71a060000000000",
	  "6363b8043668a3ad953278e10389574d326c6749fb78aa810ecd9336923db86f22fc00b8dcd404bc10d5e119d7215cbb",
	  "2927da70461cd63266f43230cc1849c03ef25ebe490062a801d8fcc80af42976823adf08f833c1e50b51779c6593f32a",
	  "6c62dec1b8191749a31dab490be532a35944dea47caef1f980863993d9899545eb7406a38d1eed313b987a467dacead6f0c87a6d766c66f6f29f8acb281f1113",
	  NULL },
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

	if (!hex)
		return;
	for (i = 0; i < size && i < 70; i++)
		snprintf(text + 2 * i, 3, "%02x", p[i]);
	if (!CHECK(!strcmp(hex, text)))
		printf("# %s: %s\n", what, text);
}

static void check_pck(const struct quote *want, const struct tsm_quote *q)
{
	struct tsm_cert certs[TSM_CERTS_MAX];
	size_t count;

	if (!CHECK_EQ(0, tsm_certs_parse(q->certs.data, q->certs.len, certs,
					 &count, NULL)))
		return;
	CHECK_EQ(3, count);
	CHECK(strstr(certs[0].subject, "Intel SGX PCK Certificate"));
	CHECK(strstr(certs[2].subject, "Intel SGX Root CA"));
	CHECK(!strcmp(want->serial, certs[0].serial));
	CHECK(!strncmp(want->not_before, certs[0].not_before, 10));
	CHECK(!strncmp(want->not_after, certs[0].not_after, 10));
	CHECK(certs[0].has_pck && !certs[1].has_pck && !certs[2].has_pck);
	CHECK_EQ(want->pcesvn, certs[0].pck.pcesvn);
	same(want->fmspc, certs[0].pck.fmspc, 6, "FMSPC");
	same(want->cpusvn, certs[0].pck.cpusvn, 16, "CPUSVN");
	same(want->cpusvn, certs[0].pck.comp_svn, 16, "components");
}

static void check_quote(const struct quote *want)
{
	struct tsm_quote q;
	const struct tsm_quote_td10 *td = &q.body.td15.td10;
	bool binds;

	if (!CHECK_EQ(0, tsm_quote_parse(data, len, &q, NULL)))
		return;
	CHECK_EQ(want->version, q.version);
	CHECK_EQ(want->body, q.body_type);
	CHECK_EQ(want->trailing, q.trailing.len);
	CHECK_EQ(want->qe_isvsvn, q.qe.report.isvsvn);
	CHECK_EQ(2, q.qe.report.isvprodid);
	CHECK_EQ(0, tsm_quote_consistent(&q, &binds));
	CHECK(binds);
	same(want->tee_tcb_svn, td->tee_tcb_svn, 16, "TEE_TCB_SVN");
	same(want->td_attributes, &td->td_attributes, 8, "TDATTRIBUTES");
	same(want->xfam, &td->xfam, 8, "XFAM");
	same(want->mrtd, td->mrtd, 48, "MRTD");
	same(want->rtmr0, td->rtmr[0], 48, "RTMR0");
	same(want->reportdata, td->reportdata, 64, "REPORTDATA");
	same(want->tee_tcb_svn2, q.body.td15.tee_tcb_svn2, 16, "TEE_TCB_SVN2");
	check_pck(want, &q);
}

static void real_quotes(void)
{
	size_t i;

	for (i = 0; i < sizeof(quotes) / sizeof(quotes[0]); i++) {
		if (!load(quotes[i].file))
			return;
		printf("# %s\n", quotes[i].file);
		check_quote(&quotes[i]);
		free(data);
	}
}

/* Real certificates make longer quotes than the synthetic ones. */
static void a_real_quote_cut_anywhere(void)
{
	struct tsm_quote q;
	struct tsm_error err;
	uint8_t *copy;
	size_t cut, refused = 0;

	if (!load(quotes[2].file))
		return;
	for (cut = 0; cut < len; cut++) {
		copy = malloc(cut ? cut : 1);
		memcpy(copy, data, cut);
		refused += tsm_quote_parse(copy, cut, &q, &err) != 0;
		free(copy);
	}
	CHECK_EQ(len, refused);
	free(data);
}

static void check_tdreport(unsigned int version, const char *tee_tcb_svn,
			   const char *attributes, const char *mrtd,
			   const char *rtmr0, const char *servtd_hash)
{
	struct tsm_tdx_report t;
	bool tcb, td;

	CHECK_EQ(0, tsm_tdreport_parse(data, len, &t, NULL));
	CHECK_EQ(version, t.mac.version);
	same(tee_tcb_svn, t.tcb.tee_tcb_svn, 16, "TEE_TCB_SVN");
	same(attributes, &t.td.attributes, 8, "ATTRIBUTES");
	same(mrtd, t.td.mrtd, 48, "MRTD");
	same(rtmr0, t.td.rtmr[0], 48, "RTMR0");
	same(servtd_hash, t.td.servtd_hash, 48, "SERVTD_HASH");
	CHECK_EQ(0, tsm_tdreport_consistent(&t, &tcb, &td));
	CHECK(tcb);
	CHECK(td);
	free(data);
}

static void real_tdreports(void)
{
	if (!load("confidential-containers__guest-components/attestation-agent/attester/test/tdx_report_1.bin"))
		return;
	check_tdreport(1, "05010200000000000000000000000000",
		       "0000001000000000",
		       "98bbc39e3e27b4cb27ed6d21870b187738f64ec44b9f3f93d603b35a84e610dcb45f1b6d79c648c7bf8e68f7a37b8ab5",
		       "f4ec1a04670fe7926cd5de4aef9aaa7689ab4ceaa132d7c5242b47f67dfaaea64c372a17ad68fef9a6ac99aabbddabdc",
		       "383c87d3bbb047b2d171eaca95312ede99f258088dc788f6ae2ccf8b6dd848fe8d47629e08b3f6cbd4a00dd47a5a033d");
	if (!load("intel__confidential-computing.tee.dcap/QuoteGeneration/quote_wrapper/td-ql-logic-rs/tdreport_for_test.dat"))
		return;
	check_tdreport(0, "04000500000000000000000000000000",
		       "0000005000000000",
		       "bb1249bde960ef9b22d56eefb94b7f40ca3b528b31e6e4af0babb075c02ce5c1f63681101779927ea604f5aa49ec95b3",
		       "e1af75e61927410e42b54b39f6681cf9b0bfbae512b15e870e4c8d9d5a5cb385571b0e1dc2f70bf9ccef08560f0a2b58",
		       NULL);
}

static const struct tap_test tests[] = {
	{ "quotes of six real machines have their known values", real_quotes },
	{ "a real quote cut at any byte is refused",
	  a_real_quote_cut_anywhere },
	{ "TDREPORTs of real machines have their known values",
	  real_tdreports },
};

TAP_MAIN(tests)
