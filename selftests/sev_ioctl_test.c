// SPDX-License-Identifier: MIT
/*
 * /dev/sev-guest: its commands as clients of mainline's driver use them, and
 * the order in which arguments are looked at.
 */
#include <sys/mman.h>
#include <sys/sysmacros.h>

#include "kselftest_harness.h"

#include "snp_emu.h"

/* A value that no driver writes: exitinfo2 was left alone. */
#define UNTOUCHED	0x0123456789abcdefULL

FIXTURE(device)
{
	int fd;
	struct snp_report_req req;
	struct snp_report_resp resp;
	struct snp_ioctl io;
	size_t page;
	long violations;
};

FIXTURE_SETUP(device)
{
	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	self->fd = open(SEV_GUEST, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	self->page = sysconf(_SC_PAGESIZE);
	nonce_make(self->req.user_data, getpid(), 1);
	self->req.vmpl = snp_vmpl();
	self->io = (struct snp_ioctl) {
		.msg_version = 1,
		.req_data = (unsigned long)&self->req,
		.resp_data = (unsigned long)&self->resp,
		.exitinfo2 = UNTOUCHED,
	};
}

FIXTURE_TEARDOWN(device)
{
	EXPECT_EQ(0, close(self->fd));
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, snp_reset());
}

static int call(int fd, unsigned long command, struct snp_ioctl *io)
{
	return ioctl(fd, command, io) ? -errno : 0;
}

TEST_F(device, is_a_misc_device_for_root_alone)
{
	struct stat st;
	pid_t child;
	int status;

	ASSERT_EQ(0, stat(SEV_GUEST, &st));
	EXPECT_EQ(S_IFCHR | 0600, st.st_mode);
	EXPECT_EQ(0, st.st_uid);
	EXPECT_EQ(0, st.st_gid);
	EXPECT_EQ(10, major(st.st_rdev));
	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		_exit(setresuid(65534, 65534, 65534) ||
		      open(SEV_GUEST, O_RDONLY) != -1 || errno != EACCES);
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
}

TEST_F(device, gives_a_report_for_the_nonce_and_leaves_exitinfo2_alone)
{
	ASSERT_EQ(0, call(self->fd, SNP_GET_REPORT, &self->io));
	EXPECT_EQ(0, self->resp.status);
	EXPECT_EQ(SNP_REPORT_LEN, self->resp.report_size);
	EXPECT_TRUE(all_zero(self->resp.rsvd, sizeof(self->resp.rsvd)));
	EXPECT_SOUND(snp_report_check(self->resp.report, SNP_REPORT_LEN,
				      self->req.user_data));
	EXPECT_EQ(snp_vmpl(), snp_report_vmpl(self->resp.report));
	EXPECT_TRUE(all_zero(self->resp.rest, sizeof(self->resp.rest)));
	EXPECT_EQ(UNTOUCHED, self->io.exitinfo2);
	EXPECT_EQ(1, self->io.msg_version);
	EXPECT_EQ((unsigned long)&self->req, self->io.req_data);
	EXPECT_EQ((unsigned long)&self->resp, self->io.resp_data);
}

TEST_F(device, is_one_message_to_the_firmware_for_each_call)
{
	const long messages = emu_stat("stat_snp_messages");
	const long hypercalls = emu_stat("stat_snp_hypercalls");

	ASSERT_EQ(0, call(self->fd, SNP_GET_REPORT, &self->io));
	ASSERT_EQ(0, call(self->fd, SNP_GET_REPORT, &self->io));
	EXPECT_EQ(messages + 2, emu_stat("stat_snp_messages"));
	EXPECT_EQ(hypercalls + 2, emu_stat("stat_snp_hypercalls"));
}

TEST_F(device, gives_reports_of_every_vmpl_from_its_own_upwards)
{
	uint32_t vmpl;

	for (vmpl = snp_vmpl(); vmpl <= SNP_PRIVLEVEL_MAX; vmpl++) {
		self->req.vmpl = vmpl;
		ASSERT_EQ(0, call(self->fd, SNP_GET_REPORT, &self->io));
		EXPECT_EQ(vmpl, snp_report_vmpl(self->resp.report));
	}
}

/* Mainline: 0 and an empty report, which nobody may take for one. */
TEST_F(device, is_eio_with_the_firmwares_status_where_that_is_no_success)
{
	const long messages = emu_stat("stat_snp_messages");

	self->req.vmpl = 4;
	memset(&self->resp, 0xee, sizeof(self->resp));
	if (driver_is_tsm_guest()) {
		EXPECT_EQ(-EIO, call(self->fd, SNP_GET_REPORT, &self->io));
		EXPECT_EQ(FW_INVALID_PARAM, self->io.exitinfo2);
		EXPECT_STREQ("ready", vmpck_state(snp_vmpl()));
	} else {
		EXPECT_EQ(0, call(self->fd, SNP_GET_REPORT, &self->io));
		EXPECT_EQ(UNTOUCHED, self->io.exitinfo2);
	}
	EXPECT_EQ(FW_INVALID_PARAM, self->resp.status);
	EXPECT_TRUE(all_zero(self->resp.report, SNP_REPORT_LEN));
	EXPECT_EQ(messages + 1, emu_stat("stat_snp_messages"));

	self->req.vmpl = snp_vmpl();
	self->io.exitinfo2 = UNTOUCHED;
	ASSERT_EQ(0, call(self->fd, SNP_GET_REPORT, &self->io));
	EXPECT_SOUND(snp_report_check(self->resp.report, SNP_REPORT_LEN,
				      self->req.user_data));
}

TEST_F(device, hands_on_every_status_of_the_firmware)
{
	static const struct {
		const char *text;
		uint32_t status;
	} all[] = {
		{ "0x1", 0x1 }, { "0x16", 0x16 }, { "0x27", 0x27 },
		{ "0x80000000", 0x80000000 }, { "0xffffffff", 0xffffffff },
	};
	unsigned int i;

	SKIP_UNLESS_REPAIRED();
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		ASSERT_EQ(0, emu_set("snp_status", all[i].text));
		ASSERT_EQ(0, emu_set("snp_status_count", "1"));
		self->io.exitinfo2 = UNTOUCHED;
		EXPECT_EQ(-EIO, call(self->fd, SNP_GET_REPORT, &self->io));
		EXPECT_EQ(all[i].status, self->io.exitinfo2);
		EXPECT_EQ(all[i].status, self->resp.status);
	}
	EXPECT_EQ(0, call(self->fd, SNP_GET_REPORT, &self->io));
}

TEST_F(device, looks_at_the_argument_before_the_command)
{
	static const unsigned int commands[] = {
		0, SNP_GET_REPORT, SNP_GET_DERIVED_KEY, SNP_GET_EXT_REPORT,
		0xc0205303, 0xffffffff,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		EXPECT_EQ(-EFAULT, call(self->fd, commands[i], NULL));
		EXPECT_EQ(-EFAULT, call(self->fd, commands[i],
					(void *)0xffff888000000000UL));
	}
}

TEST_F(device, looks_at_the_message_version_next_and_leaves_exitinfo2)
{
	self->io.msg_version = 0;
	self->io.req_data = 0;
	EXPECT_EQ(-EINVAL, call(self->fd, SNP_GET_REPORT, &self->io));
	EXPECT_EQ(UNTOUCHED, self->io.exitinfo2);
	EXPECT_EQ(-EINVAL, call(self->fd, 0xc0205303, &self->io));
	EXPECT_EQ(UNTOUCHED, self->io.exitinfo2);
}

TEST_F(device, knows_no_other_command)
{
	static const unsigned int commands[] = {
		0, 0x5300, 0xffffffff,
		0xc0205303, 0xc02053ff,			/* number */
		0xc0205200, 0xc0205400,			/* type */
		0xc01f5300, 0xc0215300, 0xc0005300,	/* size */
		0x80205300, 0x40205300, 0x00205300,	/* direction */
	};
	const long hypercalls = emu_stat("stat_snp_hypercalls");
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		self->io.exitinfo2 = UNTOUCHED;
		EXPECT_EQ(-ENOTTY, call(self->fd, commands[i], &self->io));
		EXPECT_EQ(EXITINFO2_PRESET, self->io.exitinfo2);
	}
	EXPECT_EQ(hypercalls, emu_stat("stat_snp_hypercalls"));
}

TEST_F(device, refuses_null_before_it_looks_at_memory)
{
	static const unsigned long commands[] = {
		SNP_GET_REPORT, SNP_GET_DERIVED_KEY, SNP_GET_EXT_REPORT,
	};
	const long hypercalls = emu_stat("stat_snp_hypercalls");
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		self->io.req_data = 0;
		self->io.resp_data = 8;
		self->io.exitinfo2 = UNTOUCHED;
		EXPECT_EQ(-EINVAL, call(self->fd, commands[i], &self->io));
		EXPECT_EQ(EXITINFO2_PRESET, self->io.exitinfo2);
		self->io.req_data = 8;
		self->io.resp_data = 0;
		self->io.exitinfo2 = UNTOUCHED;
		EXPECT_EQ(-EINVAL, call(self->fd, commands[i], &self->io));
		EXPECT_EQ(EXITINFO2_PRESET, self->io.exitinfo2);
		self->io.resp_data = 8;
		self->io.exitinfo2 = UNTOUCHED;
		EXPECT_EQ(-EFAULT, call(self->fd, commands[i], &self->io));
		EXPECT_EQ(EXITINFO2_PRESET, self->io.exitinfo2);
	}
	EXPECT_EQ(hypercalls, emu_stat("stat_snp_hypercalls"));
}

/* The last @len bytes of a page whose neighbour is not there. */
static void *at_the_end_of_memory(size_t page, size_t len)
{
	uint8_t *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED || mprotect(map + page, page, PROT_NONE))
		return NULL;
	return map + page - len;
}

TEST_F(device, refuses_a_request_that_is_cut_short_without_a_message)
{
	const long hypercalls = emu_stat("stat_snp_hypercalls");
	void *memory;

	memory = at_the_end_of_memory(self->page, sizeof(self->io) - 1);
	ASSERT_NE(NULL, memory);
	EXPECT_EQ(-EFAULT, call(self->fd, SNP_GET_REPORT, memory));

	memory = at_the_end_of_memory(self->page, sizeof(self->req) - 1);
	ASSERT_NE(NULL, memory);
	self->io.req_data = (unsigned long)memory;
	EXPECT_EQ(-EFAULT, call(self->fd, SNP_GET_REPORT, &self->io));
	EXPECT_EQ(EXITINFO2_PRESET, self->io.exitinfo2);
	EXPECT_EQ(hypercalls, emu_stat("stat_snp_hypercalls"));
}

TEST_F(device, takes_a_request_that_ends_with_memory)
{
	void *memory = at_the_end_of_memory(self->page, sizeof(self->req));

	ASSERT_NE(NULL, memory);
	memcpy(memory, &self->req, sizeof(self->req));
	self->io.req_data = (unsigned long)memory;
	EXPECT_EQ(0, call(self->fd, SNP_GET_REPORT, &self->io));
}

TEST_F(device, is_efault_where_the_response_cannot_be_written_and_lives_on)
{
	void *memory;

	memory = at_the_end_of_memory(self->page, sizeof(self->resp) - 1);
	ASSERT_NE(NULL, memory);
	self->io.resp_data = (unsigned long)memory;
	EXPECT_EQ(-EFAULT, call(self->fd, SNP_GET_REPORT, &self->io));
	EXPECT_EQ(UNTOUCHED, self->io.exitinfo2);
	self->io.resp_data = (unsigned long)&self->resp;
	ASSERT_EQ(0, call(self->fd, SNP_GET_REPORT, &self->io));
	EXPECT_SOUND(snp_report_check(self->resp.report, SNP_REPORT_LEN,
				      self->req.user_data));
}

TEST_F(device, cannot_be_read_written_or_mapped)
{
	int fd = open(SEV_GUEST, O_RDWR | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, read(fd, &self->resp, sizeof(self->resp)));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, write(fd, &self->req, sizeof(self->req)));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, self->page, PROT_READ, MAP_SHARED, fd,
				   0));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(0, close(fd));
}

TEST_HARNESS_MAIN
