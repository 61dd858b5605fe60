// SPDX-License-Identifier: MIT
/*
 * Attestation of services of an SVSM through configfs tsm/report.
 *
 * AMD Secure VM Service Module for SEV-SNP Guests (58019), "Attestation
 * Protocol": the report data is SHA-512 of the nonce and the manifest.
 */
#include "kselftest_harness.h"

#include "sha384.h"
#include "snp_certs.h"
#include "snp_emu.h"

#define SERVICE_GUID	"c476f1eb-0123-45a5-9641-b4e7dde5bfe3"	/* its vTPM */
#define NO_GUID		"00000000-0000-0000-0000-000000000000"

/* FIPS 180-4: "abc", and 128 zeros, which need a block of padding. */
TEST(sha512_has_its_known_answers)
{
	static const uint8_t abc[SHA512_LEN] = {
		0xdd, 0xaf, 0x35, 0xa1, 0x93, 0x61, 0x7a, 0xba,
		0xcc, 0x41, 0x73, 0x49, 0xae, 0x20, 0x41, 0x31,
		0x12, 0xe6, 0xfa, 0x4e, 0x89, 0xa9, 0x7e, 0xa2,
		0x0a, 0x9e, 0xee, 0xe6, 0x4b, 0x55, 0xd3, 0x9a,
		0x21, 0x92, 0x99, 0x2a, 0x27, 0x4f, 0xc1, 0xa8,
		0x36, 0xba, 0x3c, 0x23, 0xa3, 0xfe, 0xeb, 0xbd,
		0x45, 0x4d, 0x44, 0x23, 0x64, 0x3c, 0xe8, 0x0e,
		0x2a, 0x9a, 0xc9, 0x4f, 0xa5, 0x4c, 0xa4, 0x9f,
	};
	static const uint8_t of_zeros[SHA512_LEN] = {
		0xab, 0x94, 0x2f, 0x52, 0x62, 0x72, 0xe4, 0x56,
		0xed, 0x68, 0xa9, 0x79, 0xf5, 0x02, 0x02, 0x90,
		0x5c, 0xa9, 0x03, 0xa1, 0x41, 0xed, 0x98, 0x44,
		0x35, 0x67, 0xb1, 0x1e, 0xf0, 0xbf, 0x25, 0xa5,
		0x52, 0xd6, 0x39, 0x05, 0x1a, 0x01, 0xbe, 0x58,
		0x55, 0x81, 0x22, 0xc5, 0x8e, 0x3d, 0xe0, 0x7d,
		0x74, 0x9e, 0xe5, 0x9d, 0xed, 0x36, 0xac, 0xf0,
		0xc5, 0x5c, 0xd9, 0x19, 0x24, 0xd6, 0xba, 0x11,
	};
	static const uint8_t zeros[128];
	uint8_t digest[SHA512_LEN];

	SKIP_WITHOUT_SNP();
	sha512("abc", 3, digest);
	EXPECT_EQ(0, memcmp(digest, abc, SHA512_LEN));
	sha512(zeros, sizeof(zeros), digest);
	EXPECT_EQ(0, memcmp(digest, of_zeros, SHA512_LEN));
}

struct blobs {
	uint8_t out[BLOB_MAX];
	uint8_t aux[BLOB_MAX];
	uint8_t manifest[BLOB_MAX];
	ssize_t out_len;
	ssize_t aux_len;
	ssize_t manifest_len;
};

FIXTURE(svsm)
{
	struct entry entry;
	uint8_t nonce[NONCE_LEN];
	struct blobs blobs;
	struct blobs others;
	long violations;
};

#define SKIP_WITHOUT_SVSM()						\
	do {								\
		SKIP_WITHOUT_SNP();					\
		SKIP_WITHOUT_EMULATOR();				\
		if (!snp_vmpl())					\
			SKIP(return, "no SVSM: the guest runs at VMPL 0"); \
	} while (0)

FIXTURE_SETUP(svsm)
{
	SKIP_WITHOUT_SVSM();
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-svsm"));
	ASSERT_EQ(0, entry_use_floor(&self->entry));
	ASSERT_EQ(0, entry_set(&self->entry, "service_provider", "svsm\n"));
	nonce_make(self->nonce, getpid(), 1);
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
}

FIXTURE_TEARDOWN(svsm)
{
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, snp_reset());
	EXPECT_EQ(0, entry_remove(&self->entry));
}

/* The three blobs of a generation: NULL, or what is wrong with them. */
static const char *blobs_read(const struct entry *entry, const uint8_t *nonce,
			      struct blobs *blobs)
{
	uint8_t message[NONCE_LEN + BLOB_MAX], digest[SHA512_LEN];

	blobs->out_len = entry_read(entry, "outblob", blobs->out, BLOB_MAX);
	if (blobs->out_len < 0)
		return strerror(-blobs->out_len);
	blobs->aux_len = entry_read(entry, "auxblob", blobs->aux, BLOB_MAX);
	blobs->manifest_len = entry_read(entry, "manifestblob",
					 blobs->manifest, BLOB_MAX);
	if (blobs->aux_len < 0 || blobs->manifest_len < 0)
		return "not all blobs can be read";
	memcpy(message, nonce, NONCE_LEN);
	memcpy(message + NONCE_LEN, blobs->manifest, blobs->manifest_len);
	sha512(message, NONCE_LEN + blobs->manifest_len, digest);
	return snp_report_check(blobs->out, blobs->out_len, digest);
}

TEST_F(svsm, reports_on_all_services_by_default)
{
	ASSERT_SOUND(blobs_read(&self->entry, self->nonce, &self->blobs));
	EXPECT_EQ(256, self->blobs.manifest_len);
	EXPECT_FALSE(all_zero(self->blobs.manifest, 256));
	ASSERT_LT(0, self->blobs.aux_len);
	EXPECT_TRUE(table_has_der(self->blobs.aux, self->blobs.aux_len,
				  guid_vcek));
}

TEST_F(svsm, is_called_once_a_generation)
{
	const long calls = emu_stat("stat_svsm_calls");
	const long messages = emu_stat("stat_snp_messages");

	ASSERT_SOUND(blobs_read(&self->entry, self->nonce, &self->blobs));
	ASSERT_SOUND(blobs_read(&self->entry, self->nonce, &self->others));
	EXPECT_EQ(0, memcmp(&self->blobs, &self->others, sizeof(self->blobs)));
	EXPECT_EQ(calls + 1, emu_stat("stat_svsm_calls"));
	/* the SVSM asked the firmware for it, not the guest */
	EXPECT_EQ(messages, emu_stat("stat_snp_messages"));
}

TEST_F(svsm, reports_on_all_services_for_the_guid_of_zeros)
{
	ASSERT_SOUND(blobs_read(&self->entry, self->nonce, &self->blobs));
	ASSERT_EQ(0, entry_set(&self->entry, "service_guid", NO_GUID));
	ASSERT_SOUND(blobs_read(&self->entry, self->nonce, &self->others));
	ASSERT_EQ(self->blobs.manifest_len, self->others.manifest_len);
	EXPECT_EQ(0, memcmp(self->blobs.manifest, self->others.manifest,
			    self->blobs.manifest_len));
}

TEST_F(svsm, reports_on_a_single_service_by_its_guid)
{
	ASSERT_SOUND(blobs_read(&self->entry, self->nonce, &self->blobs));
	ASSERT_EQ(0, entry_set(&self->entry, "service_guid", SERVICE_GUID));
	ASSERT_SOUND(blobs_read(&self->entry, self->nonce, &self->others));
	EXPECT_TRUE(self->blobs.manifest_len != self->others.manifest_len ||
		    memcmp(self->blobs.manifest, self->others.manifest,
			   self->blobs.manifest_len));
}

TEST_F(svsm, reports_on_a_single_service_by_guid_and_manifest_version)
{
	/* the emulated service has one manifest, of version 0 */
	ASSERT_EQ(0, entry_set(&self->entry, "service_guid", SERVICE_GUID));
	ASSERT_EQ(0, entry_set(&self->entry, "service_manifest_version", "1"));
	EXPECT_EQ(-EINVAL, entry_read(&self->entry, "outblob", self->blobs.out,
				      BLOB_MAX));
	ASSERT_EQ(0, entry_set(&self->entry, "service_manifest_version", "0"));
	EXPECT_SOUND(blobs_read(&self->entry, self->nonce, &self->blobs));
	/* of all services there is no version to choose */
	ASSERT_EQ(0, entry_set(&self->entry, "service_manifest_version", "1"));
	ASSERT_EQ(0, entry_set(&self->entry, "service_guid", NO_GUID));
	EXPECT_SOUND(blobs_read(&self->entry, self->nonce, &self->blobs));
}

TEST_F(svsm, knows_no_other_service)
{
	ASSERT_EQ(0, entry_set(&self->entry, "service_guid",
			       "00000000-0000-0000-0000-000000000001"));
	EXPECT_EQ(-EINVAL, entry_read(&self->entry, "outblob", self->blobs.out,
				      BLOB_MAX));
}

TEST_F(svsm, need_not_give_certificates)
{
	ASSERT_EQ(0, emu_set("svsm_certs", "0"));
	ASSERT_SOUND(blobs_read(&self->entry, self->nonce, &self->blobs));
	EXPECT_EQ(0, self->blobs.aux_len);
	EXPECT_EQ(256, self->blobs.manifest_len);
}

TEST_F(svsm, is_not_asked_where_no_service_provider_is_set)
{
	const long calls = emu_stat("stat_svsm_calls");
	struct entry plain;

	ASSERT_EQ(0, entry_renew(&plain, "ksft-svsm-plain"));
	EXPECT_EQ(0, entry_use_floor(&plain));
	EXPECT_SOUND(snp_get_report(&plain, 2, self->blobs.out));
	EXPECT_EQ(0, entry_read(&plain, "manifestblob", self->blobs.manifest,
				BLOB_MAX));
	EXPECT_EQ(calls, emu_stat("stat_svsm_calls"));
	EXPECT_EQ(0, entry_remove(&plain));
}

/* What the generation before had is not what this one has. */
TEST_F(svsm, leaves_no_manifest_to_a_report_without_it)
{
	ASSERT_SOUND(blobs_read(&self->entry, self->nonce, &self->blobs));
	ASSERT_EQ(0, emu_set("svsm_status", "0x80000006"));
	ASSERT_EQ(0, emu_set("svsm_status_count", "-1"));
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	EXPECT_GT(0, entry_read(&self->entry, "manifestblob",
				self->blobs.manifest, BLOB_MAX));
	EXPECT_GT(0, entry_read(&self->entry, "auxblob", self->blobs.aux,
				BLOB_MAX));
	EXPECT_GT(0, entry_read(&self->entry, "outblob", self->blobs.out,
				BLOB_MAX));
}

TEST_F(svsm, is_the_only_service_provider)
{
	static const char *const names[] = {
		"SVSM", "svs", "svsm2", "svsm\n\n", " svsm", "\n", "tdx",
	};
	const long calls = emu_stat("stat_svsm_calls");
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		ASSERT_EQ(0, entry_set(&self->entry, "service_provider",
				       names[i]));
		EXPECT_EQ(-EINVAL, entry_read(&self->entry, "outblob",
					      self->blobs.out, BLOB_MAX));
	}
	EXPECT_EQ(calls, emu_stat("stat_svsm_calls"));
	ASSERT_EQ(0, entry_set(&self->entry, "service_provider", "svsm"));
	EXPECT_SOUND(blobs_read(&self->entry, self->nonce, &self->blobs));
}

TEST_F(svsm, wants_an_inblob_of_64_bytes)
{
	const long calls = emu_stat("stat_svsm_calls");

	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, 32));
	EXPECT_EQ(-EINVAL, entry_read(&self->entry, "outblob", self->blobs.out,
				      BLOB_MAX));
	EXPECT_EQ(calls, emu_stat("stat_svsm_calls"));
}

TEST_F(svsm, gets_as_much_room_for_its_manifest_as_it_asks_for)
{
	static const struct {
		const char *text;
		ssize_t len;
	} size[] = {
		{ "64", 64 }, { "4096", 4096 }, { "4097", 4097 },
		{ "20000", 20000 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(size); i++) {
		ASSERT_EQ(0, emu_set("svsm_manifest_size", size[i].text));
		ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
		ASSERT_SOUND(blobs_read(&self->entry, self->nonce,
					&self->blobs));
		EXPECT_EQ(size[i].len, self->blobs.manifest_len);
	}
}

TEST_F(svsm, may_ask_for_more_room_three_times)
{
	const long calls = emu_stat("stat_svsm_calls");

	ASSERT_EQ(0, emu_set("svsm_grow", "3"));
	ASSERT_SOUND(blobs_read(&self->entry, self->nonce, &self->blobs));
	EXPECT_EQ(calls + 4, emu_stat("stat_svsm_calls"));
}

TEST_F(svsm, is_not_asked_for_ever_when_nothing_is_enough)
{
	const long calls = emu_stat("stat_svsm_calls");

	ASSERT_EQ(0, emu_set("svsm_grow", "-1"));
	EXPECT_EQ(-EINVAL, entry_read(&self->entry, "outblob", self->blobs.out,
				      BLOB_MAX));
	EXPECT_GE(calls + 8, emu_stat("stat_svsm_calls"));
	ASSERT_EQ(0, emu_set("svsm_grow", "0"));
	EXPECT_SOUND(blobs_read(&self->entry, self->nonce, &self->blobs));
}

/* The buffer has one page, whatever the SVSM claims to have written. */
TEST_F(svsm, that_lies_about_a_length_gets_no_other_memory_read)
{
	static const char *const lengths[] = {
		"0", "1", "1183", "4097", "8192", "24577", "1048576",
		"2147483647", "4294967295",
	};
	unsigned int i;
	ssize_t len;

	SKIP_UNLESS_REPAIRED();
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		ASSERT_EQ(0, emu_set("svsm_out_len", lengths[i]));
		ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
		len = entry_read(&self->entry, "outblob", self->blobs.out,
				 BLOB_MAX);
		/* a report cut short proves nothing: it may be handed on */
		EXPECT_GE(SNP_PAGE, len);
		EXPECT_NE(0, len);
		ASSERT_EQ(0, emu_set("svsm_out_len", "-1"));
		ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
		EXPECT_SOUND(blobs_read(&self->entry, self->nonce,
					&self->blobs));
	}
}

/* The core asks again by itself, and again, where the SVSM has no time. */
TEST_F(svsm, that_has_no_time_is_asked_again)
{
	static const char *const rax[] = { "0x80000000", "0x80000007" };
	unsigned int i;
	long calls;

	for (i = 0; i < ARRAY_SIZE(rax); i++) {
		calls = emu_stat("stat_svsm_calls");
		ASSERT_EQ(0, emu_set("svsm_status", rax[i]));
		ASSERT_EQ(0, emu_set("svsm_status_count", "3"));
		ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
		EXPECT_SOUND(blobs_read(&self->entry, self->nonce,
					&self->blobs));
		EXPECT_EQ(calls + 4, emu_stat("stat_svsm_calls"));
	}
}

/* RAX of an attestation call; mainline has one errno for all of them. */
FIXTURE(svsm_status)
{
	struct entry entry;
	uint8_t nonce[NONCE_LEN];
	struct blobs blobs;
	long violations;
};

FIXTURE_VARIANT(svsm_status)
{
	const char *rax;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(svsm_status, unsupported_protocol) { "0x80000001" };
FIXTURE_VARIANT_ADD(svsm_status, unsupported_call) { "0x80000002" };
FIXTURE_VARIANT_ADD(svsm_status, invalid_address) { "0x80000003" };
FIXTURE_VARIANT_ADD(svsm_status, invalid_format) { "0x80000004" };
FIXTURE_VARIANT_ADD(svsm_status, invalid_parameter) { "0x80000005" };
FIXTURE_VARIANT_ADD(svsm_status, invalid_request) { "0x80000006" };
FIXTURE_VARIANT_ADD(svsm_status, of_the_protocol) { "0x80001000" };
FIXTURE_VARIANT_ADD(svsm_status, that_nobody_knows) { "0xffffffffffffffff" };
/* clang-format on */

FIXTURE_SETUP(svsm_status)
{
	SKIP_WITHOUT_SVSM();
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-svsm-status"));
	ASSERT_EQ(0, entry_use_floor(&self->entry));
	ASSERT_EQ(0, entry_set(&self->entry, "service_provider", "svsm"));
	nonce_make(self->nonce, getpid(), 1);
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
}

FIXTURE_TEARDOWN(svsm_status)
{
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, snp_reset());
	EXPECT_EQ(0, entry_remove(&self->entry));
}

TEST_F(svsm_status, is_einval_and_the_next_read_works)
{
	ASSERT_EQ(0, emu_set("svsm_status", variant->rax));
	ASSERT_EQ(0, emu_set("svsm_status_count", "-1"));
	EXPECT_EQ(-EINVAL, entry_read(&self->entry, "outblob", self->blobs.out,
				      BLOB_MAX));
	EXPECT_EQ(-EINVAL, entry_read(&self->entry, "manifestblob",
				      self->blobs.manifest, BLOB_MAX));
	ASSERT_EQ(0, emu_set("svsm_status_count", "0"));
	EXPECT_SOUND(blobs_read(&self->entry, self->nonce, &self->blobs));
}

TEST_HARNESS_MAIN
