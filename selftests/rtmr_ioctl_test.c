// SPDX-License-Identifier: MIT
/*
 * /dev/tdx_guest: EXTEND_RTMR and VERIFY_REPORT, as Intel's drivers had them.
 */
#include "kselftest_harness.h"

#include "eventlog.h"
#include "registers.h"

/* Intel's headers and library did not agree on the direction bits. */
#define VERIFY_REPORT		0x81085402	/* _IOR('T', 2, 264) */
#define VERIFY_REPORT_V3	0xc1085402	/* _IOWR('T', 2, 264) */

/* TDX module ABI: completion statuses of TDG.MR.VERIFYREPORT. */
#define INVALID_REPORTMAC	0xc000100100000000ULL
#define INVALID_CPUSVN		0xc000100000000000ULL

/* TDX module base specification: where REPORTMACSTRUCT has what. */
#define REPORTMAC_LEN		256
#define REPORTMAC_CPUSVN	16
#define REPORTMAC_INFO_HASH	80
#define REPORTMAC_DATA		128
#define REPORTMAC_MAC		224

struct verify_request {
	uint8_t reportmac[REPORTMAC_LEN];
	uint64_t err_code;
};

#define SKIP_WITHOUT_DEVICE()						\
	do {								\
		if (access(TDX_DEVICE, F_OK))				\
			SKIP(return, "no " TDX_DEVICE ": load a driver"); \
		if (!driver_is_tsm_guest())				\
			SKIP(return, "mainline has no such command");	\
	} while (0)

/* @size bytes of @data that end with a page, before one of protection @prot. */
static void *at_page_end(const void *data, size_t size, int first, int second)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	uint8_t *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED)
		return NULL;
	memcpy(map + page - size, data, size);
	if (mprotect(map, page, first) || mprotect(map + page, page, second))
		return NULL;
	return map + page - size;
}

FIXTURE(extend)
{
	EXTENDS_BEFORE;
	struct extend_request req;
	int fd;
};

FIXTURE_VARIANT(extend)
{
	unsigned int command;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(extend, ior) { EXTEND_RTMR };
FIXTURE_VARIANT_ADD(extend, iow) { EXTEND_RTMR_V3 };
/* clang-format on */

FIXTURE_SETUP(extend)
{
	SKIP_WITHOUT_DEVICE();
	SETUP_EXTENDS_BEFORE();
	self->fd = open(TDX_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	digest_make(self->req.data, getpid(), 1);
}

FIXTURE_TEARDOWN(extend)
{
	EXPECT_EQ(0, close(self->fd));
	EXPECT_EXTENDS_EXPLAINED();
}

#define EXPECT_FAILURE(err, request)					\
	do {								\
		EXPECT_EQ(-1, ioctl(self->fd, variant->command, request)); \
		EXPECT_EQ(err, errno);					\
	} while (0)

TEST_F(extend, extends_and_records_registers_2_and_3)
{
	struct record record;
	struct eventlog log;

	for (self->req.index = 2; self->req.index < RTMRS; self->req.index++) {
		ASSERT_EQ(0, ioctl(self->fd, variant->command, &self->req));
		rtmr_extend(self->before.rtmr[self->req.index],
			    self->req.data);
		ASSERT_EQ(0, log_read(&log, self->logged));
		ASSERT_SOUND(record_parse(log.data, log.len, &record));
		EXPECT_EQ(log.len, record.len);
		EXPECT_EQ(self->req.index + 1, record.mr_index);
		EXPECT_EQ(EV_COMPACT_HASH, record.type);
		EXPECT_EQ(0, record.event_len);
		EXPECT_EQ(0, memcmp(self->req.data, record.digest, RTMR_LEN));
		log_free(&log);
		self->logged += RECORD_HEAD;
	}
	EXPECT_NOTHING_EXTENDED();
}

TEST_F(extend, refuses_registers_0_and_1_and_those_that_are_none)
{
	unsigned int index;

	for (index = 0; index < 256; index++) {
		if (index == 2 || index == 3)
			continue;
		self->req.index = index;
		EXPECT_FAILURE(index < 2 ? EPERM : EINVAL, &self->req);
	}
	EXPECT_NOTHING_EXTENDED();
}

TEST_F(extend, refuses_memory_that_the_caller_does_not_have)
{
	void *req;

	self->req.index = 3;
	EXPECT_FAILURE(EFAULT, NULL);
	EXPECT_FAILURE(EFAULT, -1L);
	EXPECT_FAILURE(EFAULT, 0xffff888000000000UL);
	req = at_page_end(&self->req, RTMR_LEN, PROT_READ, PROT_NONE);
	ASSERT_NE(NULL, req);
	EXPECT_FAILURE(EFAULT, req);
	EXPECT_NOTHING_EXTENDED();
	/* not one byte more than the request is read, and none is written */
	req = at_page_end(&self->req, 49, PROT_READ, PROT_NONE);
	ASSERT_NE(NULL, req);
	EXPECT_EQ(0, ioctl(self->fd, variant->command, req));
}

TEST_F(extend, looks_at_the_index_before_the_log_and_at_that_before_it_extends)
{
	ASSERT_EQ(0, driver_set("log_max_kb", "0"));
	ASSERT_EQ(0, emu_set("rtmr_status", FATAL_STATUS));
	self->req.index = 4;
	EXPECT_FAILURE(EINVAL, &self->req);
	self->req.index = 0;
	EXPECT_FAILURE(EPERM, &self->req);
	self->req.index = 3;
	EXPECT_FAILURE(ENOSPC, &self->req);
	ASSERT_EQ(0, driver_set("log_max_kb", LOG_ROOM_KB));
	EXPECT_FAILURE(EIO, &self->req);
	EXPECT_NOTHING_EXTENDED();
}

TEST_F_TIMEOUT(extend, gives_the_errno_of_what_the_tdx_module_says, 60)
{
	self->req.index = 2;
	ASSERT_EQ(0, emu_set("rtmr_busy", "-1"));
	EXPECT_FAILURE(EBUSY, &self->req);
	ASSERT_EQ(0, emu_set("rtmr_busy", "0"));
	ASSERT_EQ(0, emu_set("rtmr_status", OPERAND_INVALID_RDX));
	EXPECT_FAILURE(ENXIO, &self->req);
	ASSERT_EQ(0, emu_set("rtmr_status", FATAL_STATUS));
	EXPECT_FAILURE(EIO, &self->req);
	EXPECT_NOTHING_EXTENDED();
	ASSERT_EQ(0, emu_set("rtmr_status", "0"));
	ASSERT_EQ(0, emu_set("rtmr_busy", "3"));
	EXPECT_EQ(0, ioctl(self->fd, variant->command, &self->req));
}

FIXTURE(verify)
{
	struct verify_request req;
	int fd;
	long violations;
};

FIXTURE_VARIANT(verify)
{
	unsigned int command;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(verify, ior) { VERIFY_REPORT };
FIXTURE_VARIANT_ADD(verify, iowr) { VERIFY_REPORT_V3 };
/* clang-format on */

FIXTURE_SETUP(verify)
{
	struct report_request report;

	SKIP_WITHOUT_DEVICE();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, emu_reset());
	self->violations = emu_stat("stat_violations");
	self->fd = open(TDX_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	nonce_make(report.reportdata, getpid(), 1);
	ASSERT_EQ(0, ioctl(self->fd, GET_REPORT0, &report));
	memcpy(self->req.reportmac, report.tdreport, REPORTMAC_LEN);
	self->req.err_code = 0x5a5a5a5a5a5a5a5aULL;
}

FIXTURE_TEARDOWN(verify)
{
	EXPECT_EQ(0, close(self->fd));
	EXPECT_EQ(0, emu_reset());
	EXPECT_NO_VIOLATION_SINCE(self->violations);
}

TEST_F(verify, accepts_what_the_tdx_module_made)
{
	struct verify_request before = self->req;

	EXPECT_EQ(0, ioctl(self->fd, variant->command, &self->req));
	EXPECT_EQ(0, self->req.err_code);
	EXPECT_EQ(0, memcmp(before.reportmac, self->req.reportmac,
			    REPORTMAC_LEN));
}

TEST_F(verify, rejects_a_flipped_bit_wherever_it_is)
{
	static const struct {
		unsigned int offset;
		uint64_t status;
	} bits[] = {
		{ 0, INVALID_REPORTMAC },
		{ REPORTMAC_CPUSVN, INVALID_CPUSVN },
		{ REPORTMAC_CPUSVN + 15, INVALID_CPUSVN },
		{ REPORTMAC_INFO_HASH, INVALID_REPORTMAC },
		{ REPORTMAC_DATA, INVALID_REPORTMAC },
		{ REPORTMAC_DATA + 63, INVALID_REPORTMAC },
		{ REPORTMAC_MAC, INVALID_REPORTMAC },
		{ REPORTMAC_MAC + 31, INVALID_REPORTMAC },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		self->req.reportmac[bits[i].offset] ^= 0x10;
		self->req.err_code = 0;
		EXPECT_FAILURE(EIO, &self->req);
		EXPECT_EQ(bits[i].status, self->req.err_code);
		self->req.reportmac[bits[i].offset] ^= 0x10;
	}
	EXPECT_EQ(0, ioctl(self->fd, variant->command, &self->req));
	EXPECT_EQ(0, self->req.err_code);
}

TEST_F(verify, tells_the_status_of_a_tdx_module_that_cannot_tell)
{
	static const char *const statuses[] = {
		"0xc000010000000001", "0xc000070000000000",
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		ASSERT_EQ(0, emu_set("verify_status", statuses[i]));
		EXPECT_FAILURE(EIO, &self->req);
		EXPECT_EQ(strtoull(statuses[i], NULL, 16), self->req.err_code);
	}
}

TEST_F(verify, refuses_memory_that_the_caller_does_not_have)
{
	struct verify_request *req;

	EXPECT_FAILURE(EFAULT, NULL);
	EXPECT_FAILURE(EFAULT, -1L);
	req = at_page_end(&self->req, REPORTMAC_LEN - 1,
			  PROT_READ | PROT_WRITE, PROT_NONE);
	ASSERT_NE(NULL, req);
	EXPECT_FAILURE(EFAULT, req);
	/* read well, but the verdict cannot be written */
	req = at_page_end(&self->req, sizeof(*req) - 1, PROT_READ | PROT_WRITE,
			  PROT_NONE);
	ASSERT_NE(NULL, req);
	EXPECT_FAILURE(EFAULT, req);
	req = at_page_end(&self->req, sizeof(*req), PROT_READ, PROT_NONE);
	ASSERT_NE(NULL, req);
	EXPECT_FAILURE(EFAULT, req);
	EXPECT_EQ(self->req.err_code, req->err_code);
	req = at_page_end(&self->req, sizeof(*req), PROT_READ | PROT_WRITE,
			  PROT_NONE);
	ASSERT_NE(NULL, req);
	EXPECT_EQ(0, ioctl(self->fd, variant->command, req));
	EXPECT_EQ(0, req->err_code);
}

/* Neighbours of the numbers, and some that are in use elsewhere. */
TEST(commands_of_other_directions_sizes_and_numbers_are_enotty)
{
	static const unsigned int commands[] = {
		0x41085402, 0x01085402, 0x81075402, 0x81095402, 0x81005402,
		0xc0315403, 0x00315403, 0x80305403, 0x80325403, 0x40305403,
		0x40345403, 0xc0345403,		/* {u32 index; u8 data[48]} */
		0x80085403, 0x80085404, 0x80085405, 0x80085402, 0xc0085401,
		0x40105404, 0x00105404, 0x800f5404, 0x80115404, 0xc0185404,
		0x80105405, 0x80315404, 0x80315303,
	};
	int i, fd;

	SKIP_WITHOUT_DEVICE();
	fd = open(TDX_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		EXPECT_EQ(-1, ioctl(fd, commands[i], NULL));
		EXPECT_EQ(ENOTTY, errno);
	}
	EXPECT_EQ(0, close(fd));
}

TEST_HARNESS_MAIN
