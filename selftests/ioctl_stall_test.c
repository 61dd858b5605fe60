// SPDX-License-Identifier: MIT
/*
 * A caller of /dev/tdx_guest whose memory faults for ever stops nobody else:
 * no lock is held across a copy from or to user space.
 */
#include <pthread.h>

#include "kselftest_harness.h"

#include "emu.h"
#include "quote.h"
#include "report.h"
#include "stall.h"

#define DEVICE		"/dev/tdx_guest"
#define GET_REPORT0	0xc4405401	/* _IOWR('T', 1, 1088) */
#define REQUEST_LEN	(NONCE_LEN + 1024)
#define REPORTDATA	(NONCE_LEN + 128)	/* in the request */

FIXTURE(stalled_caller)
{
	struct entry entry;
	uint8_t nonce[NONCE_LEN];
	uint8_t out[BLOB_MAX];
	pthread_t thread;
	uint8_t *request;
	int uffd;
	int fd;
	int ret;		/* of the stalled ioctl */
	long violations;
};

FIXTURE_VARIANT(stalled_caller)
{
	size_t before;		/* bytes of the request before the bad page */
};

/* clang-format off */
FIXTURE_VARIANT_ADD(stalled_caller, giving_report_data) { .before = 32 };
FIXTURE_VARIANT_ADD(stalled_caller, taking_the_report) { .before = NONCE_LEN };
FIXTURE_VARIANT_ADD(stalled_caller, taking_its_end) {
	.before = REQUEST_LEN - 8
};
/* clang-format on */

static void *call(void *arg)
{
	FIXTURE_DATA(stalled_caller) *self = arg;

	self->ret = ioctl(self->fd, GET_REPORT0, self->request);
	return NULL;
}

FIXTURE_SETUP(stalled_caller)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	uint8_t *map;

	SKIP_WITHOUT_REPORT();
	if (access(DEVICE, F_OK))
		SKIP(return, "no " DEVICE ": load a driver");
	SKIP_UNLESS_REPAIRED();
	self->uffd = syscall(__NR_userfaultfd, O_CLOEXEC);
	if (self->uffd < 0)
		SKIP(return, "no userfaultfd: %s", strerror(errno));
	ASSERT_EQ(0, emu_reset());
	self->violations = emu_stat("stat_violations");
	self->fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-stall"));

	map = half_a_mapping(self->uffd, page);
	ASSERT_NE(NULL, map);
	self->request = map + page - variant->before;
	memset(self->request, 0x5a, variant->before);
	ASSERT_EQ(0, pthread_create(&self->thread, NULL, call, self));
	ASSERT_TRUE(somebody_stalls(self->uffd));
}

FIXTURE_TEARDOWN(stalled_caller)
{
	/* closing resolves the fault with a page of zeros */
	close(self->uffd);
	EXPECT_EQ(0, pthread_join(self->thread, NULL));
	EXPECT_EQ(0, self->ret);
	EXPECT_EQ(0, memcmp(self->request, self->request + REPORTDATA,
			    NONCE_LEN));
	EXPECT_EQ(0, close(self->fd));
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_NO_VIOLATION_SINCE(self->violations);
}

TEST_F_TIMEOUT(stalled_caller, does_not_stop_another_ioctl, 60)
{
	uint8_t request[REQUEST_LEN] = { 1, 2, 3 };
	int i;

	for (i = 0; i < 20; i++) {
		request[0] = i;
		ASSERT_EQ(0, ioctl(self->fd, GET_REPORT0, request));
		EXPECT_EQ(0, memcmp(request, request + REPORTDATA, NONCE_LEN));
	}
}

TEST_F_TIMEOUT(stalled_caller, does_not_stop_a_quote, 60)
{
	ssize_t len;

	SKIP_WITHOUT_EMULATOR();
	nonce_make(self->nonce, getpid(), 1);
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	EXPECT_SOUND(quote_check(self->out, len, self->nonce));
}

TEST_HARNESS_MAIN
