// SPDX-License-Identifier: MIT
/*
 * /dev/sev-guest: keys that the firmware derives from what it is told to.
 *
 * AMD SEV-SNP Firmware ABI Specification (56860), MSG_KEY_REQ.
 */
#include "kselftest_harness.h"

#include "snp_emu.h"

#define UNTOUCHED	0x0123456789abcdefULL

/* GUEST_FIELD_SELECT */
#define FIELD_POLICY		0x01
#define FIELD_IMAGE_ID		0x02
#define FIELD_FAMILY_ID		0x04
#define FIELD_MEASUREMENT	0x08
#define FIELD_GUEST_SVN		0x10
#define FIELD_TCB_VERSION	0x20
#define FIELD_LAUNCH_MIT	0x40
#define FIELDS			0x7f

FIXTURE(key)
{
	int fd;
	struct snp_key_req req;
	struct snp_key_resp resp;
	struct snp_key_resp other;
	long violations;
};

FIXTURE_SETUP(key)
{
	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	self->fd = open(SEV_GUEST, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	self->req.vmpl = snp_vmpl();
}

FIXTURE_TEARDOWN(key)
{
	EXPECT_EQ(0, close(self->fd));
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, snp_reset());
}

/* 0 with a key in @resp, a negative errno, or the firmware's status. */
static long derive(int fd, const struct snp_key_req *req,
		   struct snp_key_resp *resp)
{
	struct snp_ioctl io = {
		.msg_version = 1,
		.req_data = (unsigned long)req,
		.resp_data = (unsigned long)resp,
		.exitinfo2 = UNTOUCHED,
	};
	int ret;

	memset(resp, 0xee, sizeof(*resp));
	ret = ioctl(fd, SNP_GET_DERIVED_KEY, &io) ? -errno : 0;
	/* ours says what the status says, and copies the response all the same */
	if (ret == -EIO && io.exitinfo2 == resp->status)
		return resp->status;
	if (ret)
		return ret;
	return io.exitinfo2 == UNTOUCHED ? resp->status : -EPROTO;
}

static bool keys_are_equal(const struct snp_key_resp *a,
			   const struct snp_key_resp *b)
{
	return !memcmp(a->key, b->key, sizeof(a->key));
}

TEST_F(key, comes_with_success_and_zeros_where_nothing_is)
{
	ASSERT_EQ(0, derive(self->fd, &self->req, &self->resp));
	EXPECT_EQ(0, self->resp.status);
	EXPECT_TRUE(all_zero(self->resp.rsvd, sizeof(self->resp.rsvd)));
	EXPECT_FALSE(all_zero(self->resp.key, sizeof(self->resp.key)));
}

TEST_F(key, is_the_same_for_the_same_question)
{
	self->req.guest_field_select = FIELDS;
	ASSERT_EQ(0, derive(self->fd, &self->req, &self->resp));
	ASSERT_EQ(0, derive(self->fd, &self->req, &self->other));
	EXPECT_TRUE(keys_are_equal(&self->resp, &self->other));
}

TEST_F(key, is_another_for_another_vmpl)
{
	if (snp_vmpl() == SNP_PRIVLEVEL_MAX)
		SKIP(return, "there is one VMPL only");
	ASSERT_EQ(0, derive(self->fd, &self->req, &self->resp));
	self->req.vmpl++;
	ASSERT_EQ(0, derive(self->fd, &self->req, &self->other));
	EXPECT_FALSE(keys_are_equal(&self->resp, &self->other));
}

TEST_F(key, is_another_from_another_root)
{
	ASSERT_EQ(0, derive(self->fd, &self->req, &self->resp));
	self->req.root_key_select = 1;
	ASSERT_EQ(0, derive(self->fd, &self->req, &self->other));
	EXPECT_FALSE(keys_are_equal(&self->resp, &self->other));
}

TEST_F(key, is_another_for_each_selection_of_fields)
{
	static uint8_t keys[FIELDS + 1][32];
	unsigned int i, j;

	for (i = 0; i <= FIELDS; i++) {
		self->req.guest_field_select = i;
		ASSERT_EQ(0, derive(self->fd, &self->req, &self->resp));
		memcpy(keys[i], self->resp.key, sizeof(keys[i]));
		for (j = 0; j < i; j++)
			ASSERT_NE(0, memcmp(keys[i], keys[j], 32));
	}
}

/* One row a field of the guest's launch that a key can be bound to. */
FIXTURE(field)
{
	int fd;
	struct snp_key_req req;
	struct snp_key_resp resp;
	struct snp_key_resp other;
	char before[256];
	long violations;
};

FIXTURE_VARIANT(field)
{
	const char *knob;
	const char *value;
	uint64_t select;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(field, policy) {
	"snp_policy", "0x30001", FIELD_POLICY,
};
FIXTURE_VARIANT_ADD(field, image_id) {
	"snp_image_id", "11111111111111111111111111111111", FIELD_IMAGE_ID,
};
FIXTURE_VARIANT_ADD(field, family_id) {
	"snp_family_id", "22222222222222222222222222222222", FIELD_FAMILY_ID,
};
FIXTURE_VARIANT_ADD(field, measurement) {
	"snp_measurement",
	"333333333333333333333333333333333333333333333333"
	"333333333333333333333333333333333333333333333333", FIELD_MEASUREMENT,
};
/* clang-format on */

FIXTURE_SETUP(field)
{
	char path[PATH_LEN];

	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	self->fd = open(SEV_GUEST, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	snprintf(path, sizeof(path), EMU_PARAMS "/%s", variant->knob);
	ASSERT_LT(0, file_read(path, self->before, sizeof(self->before) - 1));
	self->before[strcspn(self->before, "\n")] = '\0';
	self->req.vmpl = snp_vmpl();
}

FIXTURE_TEARDOWN(field)
{
	EXPECT_EQ(0, close(self->fd));
	EXPECT_EQ(0, emu_set(variant->knob, self->before));
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
}

TEST_F(field, changes_the_key_if_it_is_selected)
{
	self->req.guest_field_select = variant->select;
	ASSERT_EQ(0, derive(self->fd, &self->req, &self->resp));
	ASSERT_EQ(0, emu_set(variant->knob, variant->value));
	ASSERT_EQ(0, derive(self->fd, &self->req, &self->other));
	EXPECT_FALSE(keys_are_equal(&self->resp, &self->other));
}

TEST_F(field, leaves_the_key_alone_if_it_is_not_selected)
{
	self->req.guest_field_select = FIELDS & ~variant->select &
				       ~(FIELD_GUEST_SVN | FIELD_TCB_VERSION);
	ASSERT_EQ(0, derive(self->fd, &self->req, &self->resp));
	ASSERT_EQ(0, emu_set(variant->knob, variant->value));
	ASSERT_EQ(0, derive(self->fd, &self->req, &self->other));
	EXPECT_TRUE(keys_are_equal(&self->resp, &self->other));
}

/* The caller's own inputs count where their bit is set: GUEST_SVN is 0. */
TEST_F(key, depends_on_the_tcb_version_of_the_caller)
{
	self->req.guest_field_select = FIELD_TCB_VERSION;
	ASSERT_EQ(0, derive(self->fd, &self->req, &self->resp));
	self->req.tcb_version = 1;
	ASSERT_EQ(0, derive(self->fd, &self->req, &self->other));
	EXPECT_FALSE(keys_are_equal(&self->resp, &self->other));
}

/* What the firmware does not do, it says in an authentic response. */
FIXTURE(refused)
{
	int fd;
	struct snp_key_req req;
	struct snp_key_resp resp;
	long violations;
};

FIXTURE_VARIANT(refused)
{
	uint32_t root_key_select;
	uint64_t guest_field_select;
	uint32_t vmpl;
	bool only_with_svsm;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(refused, an_unknown_root_key) {
	.root_key_select = 2, .vmpl = 3,
};

FIXTURE_VARIANT_ADD(refused, the_next_field_that_nobody_knows) {
	.guest_field_select = 0x80, .vmpl = 3,
};

FIXTURE_VARIANT_ADD(refused, the_last_field_that_nobody_knows) {
	.guest_field_select = 1ULL << 63 | FIELDS, .vmpl = 3,
};

FIXTURE_VARIANT_ADD(refused, a_vmpl_that_does_not_exist) { .vmpl = 4 };

FIXTURE_VARIANT_ADD(refused, a_vmpl_below_that_of_the_vmpck) {
	.vmpl = 0, .only_with_svsm = true,
};
/* clang-format on */

FIXTURE_SETUP(refused)
{
	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	if (variant->only_with_svsm && !snp_vmpl())
		SKIP(return, "no VMPL is below that of this guest");
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	self->fd = open(SEV_GUEST, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(refused)
{
	EXPECT_EQ(0, close(self->fd));
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
}

TEST_F(refused, has_a_status_and_no_key_and_the_next_call_works)
{
	self->req = (struct snp_key_req) {
		.root_key_select = variant->root_key_select,
		.guest_field_select = variant->guest_field_select,
		.vmpl = variant->vmpl,
	};
	EXPECT_EQ(FW_INVALID_PARAM, derive(self->fd, &self->req, &self->resp));
	EXPECT_TRUE(all_zero(self->resp.key, sizeof(self->resp.key)));
	if (driver_is_tsm_guest())
		EXPECT_STREQ("ready", vmpck_state(snp_vmpl()));
	self->req = (struct snp_key_req) { .vmpl = snp_vmpl() };
	EXPECT_EQ(0, derive(self->fd, &self->req, &self->resp));
}

/* Mainline gives 0 for it, and a key of zeros to who does not look. */
TEST_F(refused, is_an_error_of_the_call)
{
	struct snp_ioctl io = {
		.msg_version = 1,
		.req_data = (unsigned long)&self->req,
		.resp_data = (unsigned long)&self->resp,
		.exitinfo2 = UNTOUCHED,
	};

	SKIP_UNLESS_REPAIRED();
	self->req = (struct snp_key_req) {
		.root_key_select = variant->root_key_select,
		.guest_field_select = variant->guest_field_select,
		.vmpl = variant->vmpl,
	};
	EXPECT_EQ(-1, ioctl(self->fd, SNP_GET_DERIVED_KEY, &io));
	EXPECT_EQ(EIO, errno);
	EXPECT_EQ(FW_INVALID_PARAM, io.exitinfo2);
}

/* A key has 64 bytes of response: whatever the host says, no more are taken. */
FIXTURE(hostile)
{
	int fd;
	struct snp_key_req req;
	struct snp_key_resp resp;
	struct snp_key_resp other;
	long violations;
};

FIXTURE_VARIANT(hostile)
{
	const char *patch;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(hostile, response_of_a_byte_more) { "0x36 4100" };
FIXTURE_VARIANT_ADD(hostile, response_of_its_tag_more) { "0x36 5000" };
FIXTURE_VARIANT_ADD(hostile, response_of_a_report) { "0x36 c004" };
FIXTURE_VARIANT_ADD(hostile, response_of_a_page) { "0x36 a00f" };
FIXTURE_VARIANT_ADD(hostile, response_of_64_kib) { "0x36 ffff" };
FIXTURE_VARIANT_ADD(hostile, response_of_the_type_of_a_report) { "0x34 06" };
/* clang-format on */

FIXTURE_SETUP(hostile)
{
	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	self->fd = open(SEV_GUEST, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	self->req.vmpl = snp_vmpl();
}

FIXTURE_TEARDOWN(hostile)
{
	EXPECT_EQ(0, close(self->fd));
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, snp_reset());
}

TEST_F(hostile, is_no_key_and_the_next_call_gives_the_one_that_it_is)
{
	uint8_t untouched[sizeof(self->resp)];

	ASSERT_EQ(0, derive(self->fd, &self->req, &self->other));
	ASSERT_EQ(0, emu_set("snp_patch", variant->patch));
	ASSERT_EQ(0, emu_set("snp_patch_count", "1"));
	EXPECT_EQ(-EBADMSG, derive(self->fd, &self->req, &self->resp));
	memset(untouched, 0xee, sizeof(untouched));
	EXPECT_EQ(0, memcmp(&self->resp, untouched, sizeof(untouched)));
	ASSERT_EQ(0, derive(self->fd, &self->req, &self->resp));
	EXPECT_TRUE(keys_are_equal(&self->resp, &self->other));
}

TEST_HARNESS_MAIN
