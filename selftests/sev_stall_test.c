// SPDX-License-Identifier: MIT
/*
 * A caller of /dev/sev-guest whose memory faults for ever stops nobody else: no
 * lock, and no turn to talk to the firmware, is held across a copy.
 */
#include <pthread.h>

#include "kselftest_harness.h"

#include "snp_emu.h"
#include "stall.h"

FIXTURE(stalled_caller)
{
	struct entry entry;
	struct snp_ext_report_req req;
	struct snp_report_resp resp;
	uint8_t certs[4 * SNP_PAGE];
	struct snp_ioctl io;
	uint8_t out[BLOB_MAX];
	pthread_t thread;
	unsigned long command;
	int uffd;
	int fd;
	int ret;		/* of the stalled ioctl */
	long violations;
};

FIXTURE_VARIANT(stalled_caller)
{
	size_t req_before;	/* bytes before the bad page, 0: all are there */
	size_t resp_before;
	size_t certs_before;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(stalled_caller, giving_the_request) { .req_before = 16 };
FIXTURE_VARIANT_ADD(stalled_caller, taking_the_response) {
	.resp_before = 64,
};
FIXTURE_VARIANT_ADD(stalled_caller, taking_its_end) { .resp_before = 3999 };
FIXTURE_VARIANT_ADD(stalled_caller, taking_certificates) {
	.certs_before = 2000,
};
/* clang-format on */

static void *call(void *arg)
{
	FIXTURE_DATA(stalled_caller) *self = arg;

	self->ret = ioctl(self->fd, SNP_GET_EXT_REPORT, &self->io);
	return NULL;
}

FIXTURE_SETUP(stalled_caller)
{
	uint8_t *map;

	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	SKIP_UNLESS_REPAIRED();
	self->uffd = syscall(__NR_userfaultfd, O_CLOEXEC);
	if (self->uffd < 0)
		SKIP(return, "no userfaultfd: %s", strerror(errno));
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	self->fd = open(SEV_GUEST, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-sev-stall"));

	map = half_a_mapping(self->uffd, 4 * SNP_PAGE);
	ASSERT_NE(NULL, map);
	map += 4 * SNP_PAGE;
	nonce_make(self->req.data.user_data, getpid(), 1);
	self->req.data.vmpl = SNP_PRIVLEVEL_MAX;
	self->req.certs_address = (unsigned long)self->certs;
	self->req.certs_len = sizeof(self->certs);
	self->io.msg_version = 1;
	self->io.req_data = (unsigned long)&self->req;
	self->io.resp_data = (unsigned long)&self->resp;
	if (variant->req_before) {
		memcpy(map - variant->req_before, &self->req,
		       variant->req_before);
		self->io.req_data = (unsigned long)map - variant->req_before;
	}
	if (variant->resp_before)
		self->io.resp_data = (unsigned long)map - variant->resp_before;
	if (variant->certs_before)
		self->req.certs_address = (unsigned long)map -
					  variant->certs_before;
	ASSERT_EQ(0, pthread_create(&self->thread, NULL, call, self));
	ASSERT_TRUE(somebody_stalls(self->uffd));
}

FIXTURE_TEARDOWN(stalled_caller)
{
	/* closing resolves the fault with a page of zeros */
	close(self->uffd);
	EXPECT_EQ(0, pthread_join(self->thread, NULL));
	/* zeros ask for no certificates, which the host minds */
	EXPECT_EQ(variant->req_before ? -1 : 0, self->ret);
	EXPECT_EQ(0, close(self->fd));
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
}

TEST_F_TIMEOUT(stalled_caller, does_not_stop_another_ioctl, 60)
{
	struct snp_report_req req = { .vmpl = SNP_PRIVLEVEL_MAX };
	struct snp_report_resp resp;
	uint64_t exitinfo2;
	int i;

	for (i = 0; i < 3; i++) {
		nonce_make(req.user_data, getpid(), 10 + i);
		ASSERT_EQ(0, sev_report(&req, &resp, &exitinfo2));
		EXPECT_SOUND(snp_report_check(resp.report, SNP_REPORT_LEN,
					      req.user_data));
	}
}

TEST_F_TIMEOUT(stalled_caller, does_not_stop_a_report_with_certificates, 60)
{
	ssize_t len;

	ASSERT_SOUND(snp_get_report(&self->entry, 2, self->out));
	len = entry_read(&self->entry, "auxblob", self->out, BLOB_MAX);
	EXPECT_LT(0, len);
}

TEST_F_TIMEOUT(stalled_caller, does_not_stop_the_choice_of_a_key, 60)
{
	if (snp_vmpl() == SNP_PRIVLEVEL_MAX)
		SKIP(return, "this guest has one key only");
	ASSERT_EQ(0, vmpck_use(SNP_PRIVLEVEL_MAX));
	EXPECT_SOUND(snp_get_report(&self->entry, 2, self->out));
	EXPECT_EQ(0, vmpck_use(-1));
}

TEST_HARNESS_MAIN
