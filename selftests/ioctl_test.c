// SPDX-License-Identifier: MIT
/*
 * /dev/tdx_guest: TDX_CMD_GET_REPORT0, as mainline's clients use it.
 */
#include <sys/ioctl.h>
#include <sys/sysmacros.h>

#include "kselftest_harness.h"

#include "emu.h"
#include "quote.h"
#include "reader.h"
#include "report.h"

#define DEVICE		"/dev/tdx_guest"

/* _IOWR('T', 1, 1088), spelt out: the number is the ABI. */
#define GET_REPORT0	0xc4405401

/* TDREPORT_STRUCT, Intel TDX module base specification. */
#define TDREPORT_LEN	1024
#define TDREPORT_DATA	128	/* REPORTDATA in REPORTMACSTRUCT */
#define TDREPORT_MAC	224
#define TDREPORT_MRTD	528
#define TDREPORT_RTMR0	720
#define QUOTE_RTMR0	328	/* in the quote's body */

struct request {
	uint8_t reportdata[NONCE_LEN];
	uint8_t tdreport[TDREPORT_LEN];
};

FIXTURE(device)
{
	int fd;
	struct request req;
	size_t page;
	long violations;
};

FIXTURE_SETUP(device)
{
	if (access(DEVICE, F_OK))
		SKIP(return, "no " DEVICE ": load a driver");
	ASSERT_EQ(0, emu_reset());
	self->violations = emu_stat("stat_violations");
	self->fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	self->page = sysconf(_SC_PAGESIZE);
	nonce_make(self->req.reportdata, getpid(), 1);
}

FIXTURE_TEARDOWN(device)
{
	EXPECT_EQ(0, close(self->fd));
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, emu_reset());
}

TEST_F(device, is_a_misc_device_for_root_alone)
{
	struct stat st;

	ASSERT_EQ(0, stat(DEVICE, &st));
	EXPECT_EQ(S_IFCHR | 0600, st.st_mode);
	EXPECT_EQ(0, st.st_uid);
	EXPECT_EQ(0, st.st_gid);
	EXPECT_EQ(10, major(st.st_rdev));
}

TEST_F(device, echoes_report_data_in_a_report_of_type_tdx)
{
	static const uint8_t zeros[32];
	const uint8_t *report = self->req.tdreport;

	ASSERT_EQ(0, ioctl(self->fd, GET_REPORT0, &self->req));
	EXPECT_EQ(0, memcmp(report + TDREPORT_DATA, self->req.reportdata,
			    NONCE_LEN));
	EXPECT_EQ(0x81, report[0]);
	EXPECT_EQ(0, report[1]);
	EXPECT_EQ(0, report[3]);
	EXPECT_EQ(0, memcmp(report + 4, zeros, 12));
	EXPECT_EQ(0, memcmp(report + 192, zeros, 32));
	EXPECT_NE(0, memcmp(report + TDREPORT_MAC, zeros, 32));
}

TEST_F(device, gives_another_mac_for_other_report_data)
{
	struct request other = { 0 };

	nonce_make(other.reportdata, getpid(), 2);
	ASSERT_EQ(0, ioctl(self->fd, GET_REPORT0, &self->req));
	ASSERT_EQ(0, ioctl(self->fd, GET_REPORT0, &other));
	EXPECT_NE(0, memcmp(self->req.tdreport + TDREPORT_MAC,
			    other.tdreport + TDREPORT_MAC, 32));
	/* everything that REPORTDATA does not touch is the same */
	EXPECT_EQ(0, memcmp(self->req.tdreport, other.tdreport,
			    TDREPORT_DATA));
	EXPECT_EQ(0, memcmp(self->req.tdreport + 256, other.tdreport + 256,
			    TDREPORT_LEN - 256));
}

TEST_F(device, shows_the_registers_that_a_quote_shows)
{
	static uint8_t out[BLOB_MAX];
	struct entry entry;
	struct quote quote;
	ssize_t len;

	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, ioctl(self->fd, GET_REPORT0, &self->req));
	ASSERT_EQ(0, entry_renew(&entry, "ksft-ioctl"));
	EXPECT_EQ(0, entry_ask(&entry, self->req.reportdata, NONCE_LEN));
	len = entry_read(&entry, "outblob", out, BLOB_MAX);
	EXPECT_EQ(0, entry_remove(&entry));
	ASSERT_LT(0, len);
	ASSERT_SOUND(quote_parse(out, len, &quote));
	EXPECT_EQ(0, memcmp(self->req.tdreport + TDREPORT_MRTD,
			    quote.body + QUOTE_MRTD, 48));
	EXPECT_EQ(0, memcmp(self->req.tdreport + TDREPORT_RTMR0,
			    quote.body + QUOTE_RTMR0, 4 * 48));
}

TEST_F(device, knows_no_other_command)
{
	static const unsigned int commands[] = {
		0, 0x5401, 0xffffffff,
		0xc4405400, 0xc4405402, 0xc44054ff,	/* number */
		0xc4405301,				/* type */
		0xc43f5401, 0xc4415401, 0xc0005401,	/* size */
		0x84405401, 0x44405401, 0x04405401,	/* direction */
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		EXPECT_EQ(-1, ioctl(self->fd, commands[i], &self->req));
		EXPECT_EQ(ENOTTY, errno);
		/* before the argument is looked at */
		EXPECT_EQ(-1, ioctl(self->fd, commands[i], NULL));
		EXPECT_EQ(ENOTTY, errno);
	}
}

TEST_F(device, cannot_be_read_written_or_mapped)
{
	EXPECT_EQ(-1, read(self->fd, &self->req, sizeof(self->req)));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, write(self->fd, &self->req, sizeof(self->req)));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, self->page, PROT_READ, MAP_SHARED,
				   self->fd, 0));
	EXPECT_EQ(ENODEV, errno);
}

/* @self->req at the end of a page whose neighbour has protection @prot. */
static struct request *request_across(size_t page, size_t before, int prot)
{
	uint8_t *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED || mprotect(map + page, page, prot))
		return NULL;
	return (struct request *)(map + page - before);
}

TEST_F(device, refuses_memory_that_the_caller_does_not_have)
{
	struct request *req;

	EXPECT_EQ(-1, ioctl(self->fd, GET_REPORT0, NULL));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, ioctl(self->fd, GET_REPORT0, -1L));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, ioctl(self->fd, GET_REPORT0, 0xffff888000000000UL));
	EXPECT_EQ(EFAULT, errno);

	/* report data cut short, then the report: none, then one byte less */
	req = request_across(self->page, NONCE_LEN - 1, PROT_NONE);
	ASSERT_NE(NULL, req);
	EXPECT_EQ(-1, ioctl(self->fd, GET_REPORT0, req));
	EXPECT_EQ(EFAULT, errno);
	req = request_across(self->page, NONCE_LEN, PROT_NONE);
	ASSERT_NE(NULL, req);
	EXPECT_EQ(-1, ioctl(self->fd, GET_REPORT0, req));
	EXPECT_EQ(EFAULT, errno);
	req = request_across(self->page, sizeof(*req) - 1, PROT_NONE);
	ASSERT_NE(NULL, req);
	EXPECT_EQ(-1, ioctl(self->fd, GET_REPORT0, req));
	EXPECT_EQ(EFAULT, errno);
	req = request_across(self->page, sizeof(*req), PROT_NONE);
	ASSERT_NE(NULL, req);
	EXPECT_EQ(0, ioctl(self->fd, GET_REPORT0, req));
}

TEST_F(device, refuses_a_report_page_that_is_read_only)
{
	struct request *req = request_across(self->page, NONCE_LEN, PROT_READ);

	ASSERT_NE(NULL, req);
	EXPECT_EQ(-1, ioctl(self->fd, GET_REPORT0, req));
	EXPECT_EQ(EFAULT, errno);
}

TEST_F(device, looks_at_the_pointer_before_it_asks_the_tdx_module)
{
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, emu_set("tdreport_status", "0xc000070000000000"));
	EXPECT_EQ(-1, ioctl(self->fd, GET_REPORT0, 8UL));
	EXPECT_EQ(EFAULT, errno);
	/* mainline 7.3 takes NULL for "as the last time", and asks */
	if (!driver_is_tsm_guest())
		return;
	EXPECT_EQ(-1, ioctl(self->fd, GET_REPORT0, NULL));
	EXPECT_EQ(EFAULT, errno);
}

TEST_F(device, cannot_be_opened_by_others)
{
	pid_t child = fork();
	int status;

	ASSERT_LE(0, child);
	if (!child)
		_exit(setresuid(65534, 65534, 65534) ||
		      open(DEVICE, O_RDWR) != -1 || errno != EACCES);
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
}

#define CALLERS	16
#define CALLS	50

/* 0, or how many reports were not for the report data that was asked for. */
static int call_often(int fd, unsigned int caller)
{
	struct request req;
	int i, wrong = 0;

	for (i = 0; i < CALLS; i++) {
		nonce_make(req.reportdata, caller, i);
		if (ioctl(fd, GET_REPORT0, &req) ||
		    memcmp(req.tdreport + TDREPORT_DATA, req.reportdata,
			   NONCE_LEN))
			wrong++;
	}
	return wrong;
}

TEST_F_TIMEOUT(device, keeps_sixteen_callers_apart, 60)
{
	pid_t child[CALLERS];
	int i, status;

	for (i = 0; i < CALLERS; i++) {
		child[i] = fork();
		ASSERT_LE(0, child[i]);
		if (!child[i])
			_exit(call_often(self->fd, i));
	}
	for (i = 0; i < CALLERS; i++) {
		ASSERT_EQ(child[i], waitpid(child[i], &status, 0));
		EXPECT_EQ(0, status);
	}
}

/* Each error of TDG.MR.REPORT has an errno of its own (mainline since 6.16). */
FIXTURE(tdcall)
{
	int fd;
	struct request req;
	long violations;
};

FIXTURE_VARIANT(tdcall)
{
	const char *knob;
	const char *value;
	int err;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(tdcall, operand_is_invalid) {
	"tdreport_status", "0xc000010000000001", ENXIO,
};

FIXTURE_VARIANT_ADD(tdcall, fails_otherwise) {
	"tdreport_status", "0xc000070000000000", EIO,
};

FIXTURE_VARIANT_ADD(tdcall, operand_is_busy_three_times) {
	"tdreport_busy", "3", 0,
};

FIXTURE_VARIANT_ADD(tdcall, operand_stays_busy) {
	"tdreport_busy", "-1", EBUSY,
};
/* clang-format on */

FIXTURE_SETUP(tdcall)
{
	if (access(DEVICE, F_OK))
		SKIP(return, "no " DEVICE ": load a driver");
	SKIP_WITHOUT_EMULATOR();
	/* mainline warns with a stack trace about each of them */
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, emu_reset());
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, driver_set("quote_timeout_ms", "300"));
	self->fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	nonce_make(self->req.reportdata, getpid(), 1);
	ASSERT_EQ(0, emu_set(variant->knob, variant->value));
}

FIXTURE_TEARDOWN(tdcall)
{
	EXPECT_EQ(0, close(self->fd));
	EXPECT_EQ(0, emu_reset());
	EXPECT_NO_VIOLATION_SINCE(self->violations);
}

TEST_F_TIMEOUT(tdcall, gives_its_errno_and_an_honest_call_works_after_it, 60)
{
	int ret = ioctl(self->fd, GET_REPORT0, &self->req);

	EXPECT_EQ(variant->err ? -1 : 0, ret);
	if (variant->err)
		EXPECT_EQ(variant->err, errno);
	ASSERT_EQ(0, emu_reset());
	ASSERT_EQ(0, ioctl(self->fd, GET_REPORT0, &self->req));
	EXPECT_EQ(0, memcmp(self->req.tdreport + TDREPORT_DATA,
			    self->req.reportdata, NONCE_LEN));
}

TEST_HARNESS_MAIN
