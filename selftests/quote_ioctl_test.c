// SPDX-License-Identifier: MIT
/*
 * /dev/tdx_guest: GET_QUOTE, with a bare TDREPORT and in the framing in which
 * libtdx_attest sends it and parses the answer.
 */
#include "kselftest_harness.h"

#include "qgs.h"
#include "reader.h"
#include "registers.h"

FIXTURE(get_quote)
{
	struct report_request report;
	struct quote_request req;
	union {
		struct quote_head head;
		uint8_t buffer[BUFFER_LEN];
	};
	uint8_t *data;
	long hypercalls;
	long violations;
	int fd;
};

FIXTURE_VARIANT(get_quote)
{
	unsigned int command;
	bool framed;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(get_quote, ior_bare) { GET_QUOTE, false };
FIXTURE_VARIANT_ADD(get_quote, ior_framed) { GET_QUOTE, true };
FIXTURE_VARIANT_ADD(get_quote, iowr_bare) { GET_QUOTE_V3, false };
FIXTURE_VARIANT_ADD(get_quote, iowr_framed) { GET_QUOTE_V3, true };
FIXTURE_VARIANT_ADD(get_quote, nr2_bare) { GET_QUOTE_NR2, false };
/* clang-format on */

FIXTURE_SETUP(get_quote)
{
	if (access(TDX_DEVICE, F_OK))
		SKIP(return, "no " TDX_DEVICE ": load a driver");
	SKIP_WITHOUT_EMULATOR();
	if (!driver_is_tsm_guest())
		SKIP(return, "mainline has no such command");
	ASSERT_EQ(0, emu_reset());
	self->violations = emu_stat("stat_violations");
	self->fd = open(TDX_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	nonce_make(self->report.reportdata, getpid(), 1);
	ASSERT_EQ(0, ioctl(self->fd, GET_REPORT0, &self->report));
	self->hypercalls = emu_stat("stat_hypercalls");

	/* libtdx_attest's buffer is what malloc() gave it */
	memset(self->buffer, 0xa5, BUFFER_LEN);
	self->data = self->buffer + HEAD_LEN;
	self->head = (struct quote_head) {
		.version = 1, .status = STATUS_GARBAGE, .out_len = 0x11111111,
	};
	if (variant->framed) {
		self->head.in_len = qgs_put_request(self->data,
						self->report.tdreport);
	} else {
		memcpy(self->data, self->report.tdreport, TDREPORT_LEN);
		self->head.in_len = TDREPORT_LEN;
	}
	self->req.buf = (uintptr_t)self->buffer;
	self->req.len = BUFFER_LEN;
}

FIXTURE_TEARDOWN(get_quote)
{
	EXPECT_EQ(0, close(self->fd));
	EXPECT_EQ(0, emu_reset());
	EXPECT_NO_VIOLATION_SINCE(self->violations);
}

static const char *check_answer(bool framed, const uint8_t *data,
				uint32_t out_len, const uint8_t *nonce)
{
	return framed ? qgs_check_answer(data, out_len, nonce) :
			quote_check(data, out_len, nonce);
}

#define EXPECT_QUOTE()							\
	do {								\
		EXPECT_EQ(0, self->head.status);			\
		EXPECT_SOUND(check_answer(variant->framed, self->data,	\
					  self->head.out_len,		\
					  self->report.reportdata));	\
	} while (0)

#define EXPECT_FAILURE(err, request)					\
	do {								\
		EXPECT_EQ(-1, ioctl(self->fd, variant->command, request)); \
		EXPECT_EQ(err, errno);					\
	} while (0)

/* The request is as it was, but for one change, which is undone again. */
#define EXPECT_EINVAL_WITH(lvalue, value)				\
	do {								\
		const __typeof__(lvalue) old = (lvalue);		\
									\
		(lvalue) = (value);					\
		EXPECT_FAILURE(EINVAL, &self->req);			\
		(lvalue) = old;						\
	} while (0)

TEST_F(get_quote, answers_the_tdreport_with_its_quote)
{
	ASSERT_EQ(0, ioctl(self->fd, variant->command, &self->req));
	EXPECT_QUOTE();
	EXPECT_EQ(1, self->head.version);
	/* what lies behind the answer is not touched */
	EXPECT_EQ(0xa5, self->data[self->head.out_len]);
	EXPECT_EQ(0xa5, self->buffer[BUFFER_LEN - 1]);
}

TEST_F(get_quote, needs_no_more_room_than_the_answer_takes)
{
	uint32_t len;

	self->req.len = HEAD_LEN + self->head.in_len;
	EXPECT_FAILURE(EFBIG, &self->req);
	EXPECT_LT(self->head.in_len, self->head.out_len);
	EXPECT_NE(0, self->head.status);
	len = self->head.out_len;
	self->req.len = HEAD_LEN + len - 1;
	EXPECT_FAILURE(EFBIG, &self->req);
	EXPECT_EQ(len, self->head.out_len);
	self->req.len = HEAD_LEN + len;
	ASSERT_EQ(0, ioctl(self->fd, variant->command, &self->req));
	EXPECT_EQ(len, self->head.out_len);
	EXPECT_QUOTE();
}

TEST_F(get_quote, refuses_a_head_that_is_wrong_before_it_asks_the_host)
{
	EXPECT_EINVAL_WITH(self->head.version, 0);
	EXPECT_EINVAL_WITH(self->head.version, 2);
	EXPECT_EINVAL_WITH(self->head.version, 1ULL << 32 | 1);
	EXPECT_EINVAL_WITH(self->head.in_len, 0);
	EXPECT_EINVAL_WITH(self->head.in_len, TDREPORT_LEN - 1);
	EXPECT_EINVAL_WITH(self->head.in_len, TDREPORT_LEN + 1);
	EXPECT_EINVAL_WITH(self->head.in_len, FRAMED_LEN - 1);
	EXPECT_EINVAL_WITH(self->head.in_len, FRAMED_LEN + 1);
	EXPECT_EINVAL_WITH(self->head.in_len, BUFFER_LEN - HEAD_LEN);
	EXPECT_EINVAL_WITH(self->head.in_len, BUFFER_LEN - HEAD_LEN + 1);
	EXPECT_EINVAL_WITH(self->head.in_len, 0x7fffffff);
	EXPECT_EINVAL_WITH(self->head.in_len, 0xffffffff);
	EXPECT_EINVAL_WITH(self->req.len, 0);
	EXPECT_EINVAL_WITH(self->req.len, HEAD_LEN - 1);
	EXPECT_EINVAL_WITH(self->req.len, HEAD_LEN);
	EXPECT_EINVAL_WITH(self->req.len, HEAD_LEN + self->head.in_len - 1);
	EXPECT_EQ(self->hypercalls, emu_stat("stat_hypercalls"));
	ASSERT_EQ(0, ioctl(self->fd, variant->command, &self->req));
	EXPECT_QUOTE();
}

TEST_F(get_quote, refuses_memory_that_the_caller_does_not_have)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	uint8_t *map = mmap(NULL, 8 * page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint8_t *end = map + 4 * page;

	ASSERT_NE(MAP_FAILED, map);
	ASSERT_EQ(0, mprotect(end, 4 * page, PROT_NONE));
	EXPECT_FAILURE(EFAULT, NULL);
	EXPECT_FAILURE(EFAULT, -1L);
	memcpy(end - 15, &self->req, 15);
	EXPECT_FAILURE(EFAULT, end - 15);

	self->req.buf = 0;
	EXPECT_FAILURE(EFAULT, &self->req);
	self->req.buf = 0xffff888000000000ULL;
	EXPECT_FAILURE(EFAULT, &self->req);
	self->req.buf = (uintptr_t)end - HEAD_LEN + 1;
	EXPECT_FAILURE(EFAULT, &self->req);
	memcpy(end - HEAD_LEN - 500, self->buffer, HEAD_LEN + 500);
	self->req.buf = (uintptr_t)end - HEAD_LEN - 500;
	EXPECT_FAILURE(EFAULT, &self->req);
	EXPECT_EQ(self->hypercalls, emu_stat("stat_hypercalls"));

	/* readable, but the answer cannot be written */
	memcpy(map, self->buffer, 3 * page);
	ASSERT_EQ(0, mprotect(map, 4 * page, PROT_READ));
	self->req.buf = (uintptr_t)map;
	EXPECT_FAILURE(EFAULT, &self->req);
}

/* The host can fail as it can for outblob; errno and status word tell. */
TEST_F_TIMEOUT(get_quote, tells_how_the_host_fails_and_recovers, 60)
{
	static const struct {
		const char *knob;
		const char *value;
		int err;
		uint64_t status;	/* 0: any but success */
	} failures[] = {
		{ "quote_status", QUOTE_ERROR, EIO, STATUS_ERROR },
		{ "quote_status", QUOTE_UNAVAILABLE, EHOSTUNREACH,
		  STATUS_UNAVAILABLE },
		{ "quote_status", "0x1234", EPROTO },
		{ "quote_out_len", "0", ENODATA },
		{ "quote_out_len", "131049", EFBIG },
		{ "quote_r10", "0x8000000000000000", EIO },
		{ "quote_never", "1", ETIMEDOUT },
		{ "tdreport_status", FATAL_STATUS, 0 },	/* is not needed */
	};
	int i;

	ASSERT_EQ(0, driver_set("quote_timeout_ms", "300"));
	for (i = 0; i < ARRAY_SIZE(failures); i++) {
		self->head.status = STATUS_GARBAGE;
		ASSERT_EQ(0, emu_set(failures[i].knob, failures[i].value));
		if (!failures[i].err) {
			EXPECT_EQ(0, ioctl(self->fd, variant->command,
					   &self->req));
			EXPECT_QUOTE();
			continue;
		}
		EXPECT_FAILURE(failures[i].err, &self->req);
		EXPECT_NE(STATUS_GARBAGE, self->head.status);
		EXPECT_NE(0, self->head.status);
		if (failures[i].status)
			EXPECT_EQ(failures[i].status, self->head.status);
		EXPECT_EQ(0, self->head.out_len);
		ASSERT_EQ(0, emu_reset());
		ASSERT_EQ(0, driver_set("quote_timeout_ms", "300"));
	}
}

TEST_F(get_quote, of_a_forged_tdreport_is_refused_by_the_host)
{
	self->data[self->head.in_len - TDREPORT_LEN + TDREPORT_RTMR(0)] ^= 1;
	EXPECT_FAILURE(EIO, &self->req);
	EXPECT_EQ(0, self->head.out_len);
	EXPECT_NE(0, self->head.status);
}

/* Each with report data of its own; 0, or how many got another's quote. */
static int ask_often(int fd, unsigned int command, bool framed, int caller)
{
	static uint8_t buffer[BUFFER_LEN];
	struct quote_head *head = (struct quote_head *)buffer;
	struct quote_request req = { (uintptr_t)buffer, BUFFER_LEN };
	struct report_request report;
	int i, wrong = 0;

	for (i = 0; i < 5; i++) {
		nonce_make(report.reportdata, caller, i);
		if (ioctl(fd, GET_REPORT0, &report))
			return 100;
		head->version = 1;
		head->in_len = TDREPORT_LEN;
		if (framed)
			head->in_len = qgs_put_request(buffer + HEAD_LEN,
						   report.tdreport);
		else
			memcpy(buffer + HEAD_LEN, report.tdreport,
			       TDREPORT_LEN);
		if (ioctl(fd, command, &req) ||
		    check_answer(framed, buffer + HEAD_LEN, head->out_len,
				 report.reportdata))
			wrong++;
	}
	return wrong;
}

TEST_F_TIMEOUT(get_quote, keeps_eight_callers_apart, 60)
{
	int i, status;
	pid_t child[8];

	for (i = 0; i < 8; i++) {
		child[i] = fork();
		ASSERT_LE(0, child[i]);
		if (!child[i])
			_exit(ask_often(self->fd, variant->command,
					variant->framed, i));
	}
	for (i = 0; i < 8; i++) {
		ASSERT_EQ(child[i], waitpid(child[i], &status, 0));
		EXPECT_EQ(0, status);
	}
}

TEST_F_TIMEOUT(get_quote, is_killed_while_the_host_is_silent, 60)
{
	struct reader asker = { 0 };

	ASSERT_EQ(0, emu_set("quote_never", "1"));
	asker.pid = fork();
	ASSERT_LE(0, asker.pid);
	if (!asker.pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		ioctl(self->fd, variant->command, &self->req);
		_exit(1);
	}
	ASSERT_TRUE(emu_reaches("stat_inflight", 1));
	EXPECT_TRUE(reader_dies(&asker, SIGKILL));
	EXPECT_EQ(1, driver_stat("quote_abandoned"));
	EXPECT_EQ(0, emu_set("quote_release", "1"));
	ASSERT_EQ(0, ioctl(self->fd, variant->command, &self->req));
	EXPECT_QUOTE();
}

TEST_HARNESS_MAIN
