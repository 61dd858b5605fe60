// SPDX-License-Identifier: MIT
/*
 * /dev/sev-guest: the extended report, and how a caller learns how much room
 * the host's certificates need.
 */
#include <sys/mman.h>

#include "kselftest_harness.h"

#include "snp_certs.h"
#include "snp_emu.h"

#define UNTOUCHED	0x0123456789abcdefULL
#define ROOM		(4 * SNP_PAGE)	/* SEV_FW_BLOB_MAX_SIZE */

FIXTURE(ext)
{
	int fd;
	struct snp_ext_report_req req;
	struct snp_report_resp resp;
	struct snp_ioctl io;
	uint8_t *certs;		/* the page behind ROOM is not there */
	long hypercalls;
	long violations;
};

FIXTURE_SETUP(ext)
{
	uint8_t *map;

	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	self->fd = open(SEV_GUEST, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	map = mmap(NULL, ROOM + SNP_PAGE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, map);
	ASSERT_EQ(0, mprotect(map + ROOM, SNP_PAGE, PROT_NONE));
	memset(map, 0xee, ROOM);
	self->certs = map;
	nonce_make(self->req.data.user_data, getpid(), 1);
	self->req.data.vmpl = snp_vmpl();
	self->req.certs_address = (unsigned long)map;
	self->req.certs_len = ROOM;
	self->io = (struct snp_ioctl) {
		.msg_version = 1,
		.req_data = (unsigned long)&self->req,
		.resp_data = (unsigned long)&self->resp,
		.exitinfo2 = UNTOUCHED,
	};
	self->hypercalls = emu_stat("stat_snp_hypercalls");
}

FIXTURE_TEARDOWN(ext)
{
	munmap(self->certs, ROOM + SNP_PAGE);
	EXPECT_EQ(0, close(self->fd));
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, snp_reset());
}

static int call(int fd, struct snp_ioctl *io)
{
	io->exitinfo2 = UNTOUCHED;
	return ioctl(fd, SNP_GET_EXT_REPORT, io) ? -errno : 0;
}

#define EXPECT_REPORT()							\
	EXPECT_SOUND(snp_report_check(self->resp.report, SNP_REPORT_LEN, \
				      self->req.data.user_data))

static bool is_all(const uint8_t *p, uint8_t value, size_t len)
{
	while (len && *p == value) {
		p++;
		len--;
	}
	return !len;
}

TEST_F(ext, report_comes_with_certificates_and_zeros_behind_them)
{
	size_t len, cert_len;
	const uint8_t *cert;

	ASSERT_EQ(0, call(self->fd, &self->io));
	EXPECT_EQ(UNTOUCHED, self->io.exitinfo2);
	EXPECT_EQ(0, self->resp.status);
	EXPECT_REPORT();
	EXPECT_EQ(ROOM, self->req.certs_len);
	cert = table_find(self->certs, ROOM, guid_ark, &cert_len);
	ASSERT_NE(NULL, cert);
	len = cert + cert_len - self->certs;
	ASSERT_GE(ROOM, len);
	EXPECT_TRUE(table_has_der(self->certs, ROOM, guid_vcek));
	EXPECT_TRUE(table_has_der(self->certs, ROOM, guid_ask));
	EXPECT_TRUE(table_has_der(self->certs, ROOM, guid_ark));
	EXPECT_TRUE(all_zero(self->certs + ROOM - 16, 16));
}

TEST_F(ext, report_comes_without_room_where_the_host_has_no_certificates)
{
	ASSERT_EQ(0, emu_set("snp_certs", "0"));
	self->req.certs_len = 0;
	ASSERT_EQ(0, call(self->fd, &self->io));
	EXPECT_EQ(UNTOUCHED, self->io.exitinfo2);
	EXPECT_REPORT();
	EXPECT_EQ(0, self->req.certs_len);
	EXPECT_TRUE(is_all(self->certs, 0xee, ROOM));
}

/* certs_len 0 is the question how much is needed: the host has certificates. */
TEST_F(ext, report_without_room_is_eio_and_tells_how_much_is_needed)
{
	const long messages = emu_stat("stat_snp_messages");
	uint32_t needed;

	ASSERT_EQ(0, emu_set("snp_certs_pages", "2"));
	self->req.certs_len = 0;
	EXPECT_EQ(-EIO, call(self->fd, &self->io));
	EXPECT_EQ(VMM_INVALID_LEN, self->io.exitinfo2);
	needed = self->req.certs_len;
	EXPECT_EQ(2 * SNP_PAGE, needed);
	EXPECT_TRUE(is_all(self->certs, 0xee, ROOM));
	/* the message was completed all the same: no IV is left in the air */
	EXPECT_EQ(messages + 1, emu_stat("stat_snp_messages"));
	if (driver_is_tsm_guest())
		EXPECT_STREQ("ready", vmpck_state(snp_vmpl()));

	ASSERT_EQ(0, call(self->fd, &self->io));
	EXPECT_REPORT();
	EXPECT_TRUE(table_has_der(self->certs, needed, guid_ark));
	EXPECT_TRUE(is_all(self->certs + needed, 0xee, ROOM - needed));
}

TEST_F(ext, report_with_too_little_room_is_the_same)
{
	ASSERT_EQ(0, emu_set("snp_certs_pages", "3"));
	self->req.certs_len = SNP_PAGE;
	EXPECT_EQ(-EIO, call(self->fd, &self->io));
	EXPECT_EQ(VMM_INVALID_LEN, self->io.exitinfo2);
	EXPECT_EQ(3 * SNP_PAGE, self->req.certs_len);
	EXPECT_TRUE(is_all(self->certs, 0xee, ROOM));
	ASSERT_EQ(0, call(self->fd, &self->io));
	EXPECT_REPORT();
}

TEST_F(ext, room_of_more_than_16_kib_is_refused_as_mainline_does)
{
	ASSERT_EQ(0, emu_set("snp_certs_pages", "5"));
	EXPECT_EQ(-EIO, call(self->fd, &self->io));
	EXPECT_EQ(VMM_INVALID_LEN, self->io.exitinfo2);
	EXPECT_EQ(5 * SNP_PAGE, self->req.certs_len);
	self->hypercalls = emu_stat("stat_snp_hypercalls");
	EXPECT_EQ(-EINVAL, call(self->fd, &self->io));
	EXPECT_EQ(self->hypercalls, emu_stat("stat_snp_hypercalls"));
}

TEST_F(ext, room_of_no_address_is_no_room)
{
	ASSERT_EQ(0, emu_set("snp_certs_pages", "2"));
	self->req.certs_address = 0;
	/* looked at before the length is, which is impossible */
	self->req.certs_len = 4095;
	EXPECT_EQ(-EIO, call(self->fd, &self->io));
	EXPECT_EQ(VMM_INVALID_LEN, self->io.exitinfo2);
	EXPECT_EQ(2 * SNP_PAGE, self->req.certs_len);
}

TEST_F(ext, room_of_a_length_that_is_no_number_of_pages_is_refused)
{
	static const uint32_t lengths[] = {
		1, 4095, 4097, ROOM - 1, ROOM + 1, ROOM + SNP_PAGE,
		0x80000000, 0xfffff000, 0xffffffff,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		self->req.certs_len = lengths[i];
		EXPECT_EQ(-EINVAL, call(self->fd, &self->io));
		EXPECT_EQ(EXITINFO2_PRESET, self->io.exitinfo2);
		EXPECT_EQ(lengths[i], self->req.certs_len);
	}
	EXPECT_EQ(self->hypercalls, emu_stat("stat_snp_hypercalls"));
}

TEST_F(ext, length_is_looked_at_before_the_address)
{
	self->req.certs_address = -4096UL;
	self->req.certs_len = 4095;
	EXPECT_EQ(-EINVAL, call(self->fd, &self->io));
	self->req.certs_len = ROOM;
	EXPECT_EQ(-EFAULT, call(self->fd, &self->io));
	EXPECT_EQ(EXITINFO2_PRESET, self->io.exitinfo2);
	EXPECT_EQ(self->hypercalls, emu_stat("stat_snp_hypercalls"));
}

/* Known only after the exchange, which is complete: nothing is lost. */
TEST_F(ext, room_that_ends_too_early_is_efault_and_the_next_call_works)
{
	self->req.certs_address = (unsigned long)self->certs + SNP_PAGE;
	EXPECT_EQ(-EFAULT, call(self->fd, &self->io));
	EXPECT_EQ(UNTOUCHED, self->io.exitinfo2);
	self->req.certs_address = (unsigned long)self->certs;
	ASSERT_EQ(0, call(self->fd, &self->io));
	EXPECT_REPORT();
}

TEST_F(ext, certificates_that_the_host_does_not_have_are_zeros)
{
	ASSERT_EQ(0, call(self->fd, &self->io));
	memset(self->certs, 0xee, ROOM);
	ASSERT_EQ(0, emu_set("snp_certs", "0"));
	ASSERT_EQ(0, call(self->fd, &self->io));
	EXPECT_REPORT();
	EXPECT_TRUE(all_zero(self->certs, ROOM));
}

TEST_F(ext, status_of_the_firmware_is_eio_and_the_response_is_there)
{
	SKIP_UNLESS_REPAIRED();
	self->req.data.vmpl = 4;
	EXPECT_EQ(-EIO, call(self->fd, &self->io));
	EXPECT_EQ(FW_INVALID_PARAM, self->io.exitinfo2);
	EXPECT_EQ(FW_INVALID_PARAM, self->resp.status);
	EXPECT_STREQ("ready", vmpck_state(snp_vmpl()));
	self->req.data.vmpl = snp_vmpl();
	ASSERT_EQ(0, call(self->fd, &self->io));
	EXPECT_REPORT();
}

/* "two to the 52 pages" in RBX: what is written back has 32 bits. */
TEST_F(ext, host_that_needs_a_mad_number_of_pages_kills_nothing)
{
	static const char *const pages[] = {
		"0x101", "0x100000", "0x100000004", "0x10000000000000",
		"0x7fffffffffffffff", "0xffffffffffffffff",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		ASSERT_EQ(0, emu_set("snp_invalid_len_pages", pages[i]));
		ASSERT_EQ(0, emu_set("snp_invalid_len", "1"));
		self->req.certs_len = ROOM;
		EXPECT_EQ(-EIO, call(self->fd, &self->io));
		EXPECT_EQ(VMM_INVALID_LEN, self->io.exitinfo2);
	}
	self->req.certs_len = ROOM;
	ASSERT_EQ(0, call(self->fd, &self->io));
	EXPECT_REPORT();
}

TEST_F(ext, two_commands_of_one_client_do_not_mix)
{
	struct snp_report_resp plain;
	uint64_t exitinfo2;

	ASSERT_EQ(0, call(self->fd, &self->io));
	EXPECT_REPORT();
	ASSERT_EQ(0, sev_report(&self->req.data, &plain, &exitinfo2));
	EXPECT_EQ(0, memcmp(plain.report, self->resp.report,
			    SNP_REPORT_BODY_LEN));
}

TEST_HARNESS_MAIN
