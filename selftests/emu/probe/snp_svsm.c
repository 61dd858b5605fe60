// SPDX-License-Identifier: GPL-2.0-only
/* Tests of the SVSM: what it attests to, and where it writes. */

#include <crypto/hash.h>
#include <linux/cc_platform.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/set_memory.h>
#include <linux/string.h>

/* Needs those above; for how the kernel passes a call on. */
#include <asm/sev.h>

#include "probe.h"

#ifdef PROBE_HAVE_SVSM

/* [SVSM] protocol 1, calls 0 and 1; result codes */
#define SERVICES	(1ULL << 32)
#define SINGLE_SERVICE	(1ULL << 32 | 1)
#define NO_PROTOCOL	0x80000001ULL
#define NO_CALL		0x80000002ULL
#define BAD_ADDRESS	0x80000003ULL
#define BAD_PARAMETER	0x80000005ULL
#define BUSY		0x80000007ULL

#define MANIFEST_LEN	256
#define REPORT		0
#define MANIFEST	PAGE_SIZE
#define CERTS		(2 * PAGE_SIZE)
#define NONCE		(6 * PAGE_SIZE)
#define CERTS_LEN	(4 * PAGE_SIZE)
#define BUF_PAGES	7

/* [SVSM] vTPM service, services manifest: GUIDs as they are in memory */
static const u8 vtpm[16] =
	"\xeb\xf1\x76\xc4\x23\x01\xa5\x45\x96\x41\xb4\xe7\xdd\xe5\xbf\xe3";
static const u8 manifest_guid[16] =
	"\xbb\x9e\x84\x63\x92\x3d\x70\x46\xa1\xff\x58\xf9\xc9\x4b\x87\xbb";

static u8 *buf;
static struct svsm_attest_call area;

static void prepare(void)
{
	u64 pa = virt_to_phys(buf);

	memset(buf, 0xdd, BUF_PAGES * PAGE_SIZE);
	memset(buf + NONCE, 0x3c, 64);
	area = (struct svsm_attest_call) {
		.report_buf = { pa + REPORT, PAGE_SIZE },
		.nonce = { pa + NONCE, 64 },
		.manifest_buf = { pa + MANIFEST, PAGE_SIZE },
		.certificates_buf = { pa + CERTS, CERTS_LEN },
	};
}

static void expect(int ret, u64 rax, u64 call_id)
{
	struct svsm_call call = { };

	EXPECT_EQ(ret, snp_issue_svsm_attest_req(call_id, &call, &area));
	EXPECT_EQ(rax, call.rax_out);
}

/* [SVSM] REPORT_DATA: SHA-512 of nonce and manifest, which are one in the end */
static void expect_report_of_manifest(void)
{
	struct crypto_shash *sha512 = crypto_alloc_shash("sha512", 0, 0);
	u8 digest[64], *both = snp_plain;

	EXPECT_EQ(SNP_REPORT_LEN, area.report_buf.len);
	EXPECT_EQ(MANIFEST_LEN, area.manifest_buf.len);
	EXPECT_TRUE(area.certificates_buf.len > 0 &&
		    area.certificates_buf.len <= CERTS_LEN);
	memcpy(both, buf + NONCE, 64);
	memcpy(both + 64, buf + MANIFEST, MANIFEST_LEN);
	if (IS_ERR(sha512)) {
		EXPECT_EQ(0, PTR_ERR(sha512));
		return;
	}
	EXPECT_EQ(0, crypto_shash_tfm_digest(sha512, both, 64 + MANIFEST_LEN,
					     digest));
	crypto_free_shash(sha512);
	EXPECT_EQ(0, memcmp(digest, buf + REPORT + 0x50, 64));
	EXPECT_EQ(0, buf[REPORT + 0x30]);	/* VMPL */
	EXPECT_EQ(0xdd, buf[REPORT + SNP_REPORT_LEN]);
	EXPECT_EQ(0xdd, buf[MANIFEST + MANIFEST_LEN]);
	EXPECT_EQ(0xdd, buf[CERTS + area.certificates_buf.len]);
}

static void not_without_one(void)
{
	long calls = probe_stat("stat_svsm_calls");

	prepare();
	expect(-EINVAL, 0, SERVICES);
	EXPECT_EQ(calls, probe_stat("stat_svsm_calls"));
}

static void services(void)
{
	long calls = probe_stat("stat_svsm_calls");
	u32 head[2], entry[2];

	prepare();
	expect(0, 0, SERVICES);
	EXPECT_EQ(calls + 1, probe_stat("stat_svsm_calls"));
	expect_report_of_manifest();
	memcpy(head, buf + MANIFEST + 16, sizeof(head));
	memcpy(entry, buf + MANIFEST + 40, sizeof(entry));
	EXPECT_EQ(0, memcmp(manifest_guid, buf + MANIFEST, 16));
	EXPECT_EQ(MANIFEST_LEN, head[0]);
	EXPECT_EQ(1, head[1]);
	EXPECT_EQ(0, memcmp(vtpm, buf + MANIFEST + 24, 16));
	EXPECT_EQ(MANIFEST_LEN, entry[0] + entry[1]);
}

static void one_service(void)
{
	prepare();
	memcpy(area.service_guid, vtpm, sizeof(vtpm));
	expect(0, 0, SINGLE_SERVICE);
	expect_report_of_manifest();
	prepare();
	memcpy(area.service_guid, manifest_guid, sizeof(vtpm));
	expect(-EINVAL, BAD_PARAMETER, SINGLE_SERVICE);
	prepare();
	memcpy(area.service_guid, vtpm, sizeof(vtpm));
	area.service_manifest_ver = 1;
	expect(-EINVAL, BAD_PARAMETER, SINGLE_SERVICE);
}

static void no_such_call(void)
{
	prepare();
	expect(-EINVAL, NO_CALL, SINGLE_SERVICE + 1);
	expect(-EINVAL, NO_PROTOCOL, 2ULL << 32);
	EXPECT_EQ(PAGE_SIZE, area.report_buf.len);
}

static void too_small(void)
{
	prepare();
	area.manifest_buf.len = MANIFEST_LEN - 1;
	expect(-EINVAL, BAD_PARAMETER, SERVICES);
	EXPECT_EQ(MANIFEST_LEN, area.manifest_buf.len);
	EXPECT_EQ(SNP_REPORT_LEN, area.report_buf.len);
	EXPECT_TRUE(area.certificates_buf.len > 48);
	EXPECT_EQ(0xdd, buf[MANIFEST]);
	EXPECT_EQ(0xdd, buf[REPORT]);
	/* the lengths that came back are enough */
	expect(0, 0, SERVICES);
	prepare();
	area.report_buf.len = SNP_REPORT_LEN - 1;
	expect(-EINVAL, BAD_PARAMETER, SERVICES);
	prepare();
	area.certificates_buf.len = 48;
	expect(-EINVAL, BAD_PARAMETER, SERVICES);
	/* but who has no room for certificates at all wants none */
	prepare();
	area.certificates_buf.len = 0;
	expect(0, 0, SERVICES);
	EXPECT_EQ(0, area.certificates_buf.len);
	EXPECT_EQ(0xdd, buf[CERTS]);
}

static void by_knobs(void)
{
	prepare();
	EXPECT_EQ(0, probe_set("svsm_status", "80000003"));
	EXPECT_EQ(0, probe_set("svsm_status_count", "1"));
	expect(-EINVAL, BAD_ADDRESS, SERVICES);
	EXPECT_EQ(0, probe_set("svsm_grow", "1"));
	expect(-EINVAL, BAD_PARAMETER, SERVICES);
	EXPECT_EQ(2 * PAGE_SIZE, area.report_buf.len);
	EXPECT_EQ(2 * PAGE_SIZE, area.manifest_buf.len);
	EXPECT_EQ(CERTS_LEN + PAGE_SIZE, area.certificates_buf.len);
	prepare();
	EXPECT_EQ(0, probe_set("svsm_certs", "0"));
	EXPECT_EQ(0, probe_set("svsm_out_len", "4000000000"));
	EXPECT_EQ(0, probe_set("svsm_manifest_size", "4096"));
	expect(0, 0, SERVICES);
	EXPECT_EQ(0, area.certificates_buf.len);
	EXPECT_EQ(4000000000U, area.report_buf.len);
	EXPECT_EQ(4096, area.manifest_buf.len);
	EXPECT_EQ(-EINVAL, probe_set("svsm_manifest_size", "47"));
}

/* The kernel asks again by itself. */
static void busy(void)
{
	long calls = probe_stat("stat_svsm_calls");

	prepare();
	EXPECT_EQ(0, probe_set("svsm_status", "80000007"));
	EXPECT_EQ(0, probe_set("svsm_status_count", "5"));
	expect(0, 0, SERVICES);
	EXPECT_EQ(calls + 6, probe_stat("stat_svsm_calls"));
}

static void shared_pages(void)
{
	static const unsigned long pages[] = { REPORT, MANIFEST, CERTS, NONCE };

	for (unsigned int i = 0; i < ARRAY_SIZE(pages); i++) {
		unsigned long addr = (unsigned long)buf + pages[i];

		prepare();
		EXPECT_EQ(0, set_memory_decrypted(addr, 1));
		expect(-EINVAL, BAD_ADDRESS, SERVICES);
		EXPECT_EQ(0, set_memory_encrypted(addr, 1));
	}
}

static void wrong_places(void)
{
	prepare();
	area.report_buf.pa += 8;
	expect(-EINVAL, BAD_ADDRESS, SERVICES);
	prepare();
	area.manifest_buf.pa = NO_RAM;
	expect(-EINVAL, BAD_ADDRESS, SERVICES);
	prepare();
	area.nonce.pa += 100;
	expect(0, 0, SERVICES);
}

static const struct probe_test without[] = {
	{ "at VMPL 0 there is no SVSM", not_without_one },
};

static const struct probe_test tests[] = {
	{ "an SVSM attests to its services", services },
	{ "an SVSM attests to one service, if it has it", one_service },
	{ "an SVSM knows of no other calls", no_such_call },
	{ "an SVSM says how much room it needs", too_small },
	{ "knobs make an SVSM err", by_knobs },
	{ "an SVSM that is busy is asked again", busy },
	{ "an SVSM takes no buffer that the host can see", shared_pages, 4 },
	{ "an SVSM takes aligned buffers in RAM, a nonce anywhere",
	  wrong_places, 2 },
};

int probe_snp_svsm(void)
{
	buf = alloc_pages_exact(BUF_PAGES * PAGE_SIZE, GFP_KERNEL | __GFP_ZERO);
	if (!buf)
		return -ENOMEM;
	if (snp_level)
		probe_run(tests, ARRAY_SIZE(tests));
	else
		probe_run(without, ARRAY_SIZE(without));
	free_pages_exact(buf, BUF_PAGES * PAGE_SIZE);
	return 0;
}

#else

int probe_snp_svsm(void)
{
	return 0;
}

#endif
