// SPDX-License-Identifier: MIT
/*
 * A caller of the older ioctls whose memory faults for ever keeps nobody else
 * from extending, reading and quoting.
 */
#include <pthread.h>

#include "kselftest_harness.h"

#include "eventlog.h"
#include "qgs.h"
#include "stall.h"

#define VERIFY_REPORT	0x81085402	/* _IOR('T', 2, 264) */

FIXTURE(stalled)
{
	struct mark mark;
	struct entry entry;
	struct report_request report;
	struct quote_request quote;
	uint8_t digest[RTMR_LEN];
	pthread_t thread;
	void *arg;
	int uffd;
	int fd;
	int err;		/* of the stalled ioctl */
	unsigned int command;
};

FIXTURE_VARIANT(stalled)
{
	unsigned int command;
	size_t before;		/* bytes of the memory before the bad page */
	int err;		/* for the rest is read as zeros in the end */
};

/* clang-format off */
FIXTURE_VARIANT_ADD(stalled, extender_giving_the_index) {
	EXTEND_RTMR, RTMR_LEN, EPERM,
};

FIXTURE_VARIANT_ADD(stalled, verifier_giving_the_mac) {
	VERIFY_REPORT, 100, EIO,
};

FIXTURE_VARIANT_ADD(stalled, verifier_taking_the_verdict) {
	VERIFY_REPORT, 256, 0,
};

FIXTURE_VARIANT_ADD(stalled, asker_giving_the_tdreport) {
	GET_QUOTE, HEAD_LEN + 500, EIO,
};

FIXTURE_VARIANT_ADD(stalled, asker_taking_the_quote) {
	GET_QUOTE, HEAD_LEN + TDREPORT_LEN, 0,
};
/* clang-format on */

static void *call(void *arg)
{
	FIXTURE_DATA(stalled) *self = arg;

	self->err = ioctl(self->fd, self->command, self->arg) ? errno : 0;
	return NULL;
}

/* The request as far as it lies before the bad page; all of it is good. */
static void lay_out(FIXTURE_DATA(stalled) *self, uint8_t *memory, size_t len)
{
	struct {
		struct quote_head head;
		uint8_t tdreport[TDREPORT_LEN];
	} ask = { .head = { .version = 1, .in_len = TDREPORT_LEN } };

	self->arg = memory;
	switch (self->command) {
	case EXTEND_RTMR:
		memcpy(memory, self->digest, len);
		break;
	case VERIFY_REPORT:
		memcpy(memory, self->report.tdreport, len);
		break;
	default:
		memcpy(ask.tdreport, self->report.tdreport, TDREPORT_LEN);
		memcpy(memory, &ask, len);
		self->quote.buf = (uintptr_t)memory;
		self->quote.len = BUFFER_LEN;
		self->arg = &self->quote;
	}
}

FIXTURE_SETUP(stalled)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	uint8_t *map;

	SKIP_WITHOUT_LOG();
	SKIP_WITHOUT_EMULATOR();
	self->uffd = syscall(__NR_userfaultfd, O_CLOEXEC);
	if (self->uffd < 0)
		SKIP(return, "no userfaultfd: %s", strerror(errno));
	ASSERT_EQ(0, emu_reset());
	ASSERT_EQ(0, mark_set(&self->mark));
	self->fd = open(TDX_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-stall"));
	ASSERT_EQ(0, ioctl(self->fd, GET_REPORT0, &self->report));
	digest_make(self->digest, getpid(), 1);
	self->command = variant->command;
	map = half_a_mapping(self->uffd, page);
	ASSERT_NE(NULL, map);
	lay_out(self, map + page - variant->before, variant->before);
	ASSERT_EQ(0, pthread_create(&self->thread, NULL, call, self));
	ASSERT_TRUE(somebody_stalls(self->uffd));
}

FIXTURE_TEARDOWN(stalled)
{
	/* closing resolves the fault with a page of zeros */
	close(self->uffd);
	EXPECT_EQ(0, pthread_join(self->thread, NULL));
	EXPECT_EQ(variant->err, self->err);
	EXPECT_EQ(0, close(self->fd));
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_SOUND(log_explains_since(&self->mark));
}

TEST_F_TIMEOUT(stalled, caller_keeps_nobody_from_extending, 60)
{
	uint8_t value[RTMR_LEN];
	int i;

	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, sysfs_extend(3, self->digest, RTMR_LEN));
		ASSERT_EQ(0, ioctl_extend(EXTEND_RTMR, 3, self->digest));
		ASSERT_EQ(RTMR_LEN, file_read(rtmr_path(3), value, RTMR_LEN));
	}
	EXPECT_EQ(40 * RECORD_HEAD, log_size() - self->mark.logged);
}

TEST_F_TIMEOUT(stalled, caller_keeps_nobody_from_quoting, 60)
{
	static uint8_t out[BLOB_MAX];
	uint8_t nonce[NONCE_LEN];
	ssize_t len;

	nonce_make(nonce, getpid(), 1);
	ASSERT_EQ(0, entry_ask(&self->entry, nonce, NONCE_LEN));
	len = entry_read(&self->entry, "outblob", out, BLOB_MAX);
	ASSERT_LT(0, len);
	EXPECT_SOUND(quote_check(out, len, nonce));
}

TEST_HARNESS_MAIN
