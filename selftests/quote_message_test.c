// SPDX-License-Identifier: MIT
/*
 * GET_QUOTE of /dev/tdx_guest: which messages are requests, field by field.
 */
#include "kselftest_harness.h"

#include "qgs.h"
#include "registers.h"

/* Where a field lies behind the head: the frame, and then the message. */
#define FRAME		0
#define MAJOR		FRAME_LEN
#define MINOR		(FRAME_LEN + 2)
#define TYPE		(FRAME_LEN + 4)
#define SIZE		(FRAME_LEN + 8)
#define REPORT_SIZE	(FRAME_LEN + 16)
#define ID_LIST_SIZE	(FRAME_LEN + 20)
#define BODY		(FRAME_LEN + MESSAGE_LEN)

/* A device, and a good request for it. */
struct asking {
	struct report_request report;
	struct quote_request req;
	union {
		struct quote_head head;
		uint8_t buffer[BUFFER_LEN];
	};
	uint8_t *data;
	long hypercalls;
	int fd;
};

/* 0 or -errno. */
static int asking_start(struct asking *ask)
{
	int ret = emu_reset();

	if (ret)
		return ret;
	ask->fd = open(TDX_DEVICE, O_RDWR | O_CLOEXEC);
	if (ask->fd < 0)
		return -errno;
	nonce_make(ask->report.reportdata, getpid(), 1);
	if (ioctl(ask->fd, GET_REPORT0, &ask->report))
		return -errno;
	ask->hypercalls = emu_stat("stat_hypercalls");
	ask->data = ask->buffer + HEAD_LEN;
	ask->head.version = 1;
	ask->head.in_len = qgs_put_request(ask->data, ask->report.tdreport);
	ask->req.buf = (uintptr_t)ask->buffer;
	ask->req.len = BUFFER_LEN;
	return 0;
}

/* NULL if there is a quote, or what is wrong. */
static const char *asking_ends_well(struct asking *ask)
{
	if (ioctl(ask->fd, GET_QUOTE, &ask->req))
		return strerror(errno);
	return qgs_check_answer(ask->data, ask->head.out_len,
				ask->report.reportdata);
}

#define SKIP_WITHOUT_GET_QUOTE()					\
	do {								\
		if (access(TDX_DEVICE, F_OK))				\
			SKIP(return, "no " TDX_DEVICE ": load a driver"); \
		SKIP_WITHOUT_EMULATOR();				\
		if (!driver_is_tsm_guest())				\
			SKIP(return, "mainline has no such command");	\
	} while (0)

FIXTURE(message)
{
	struct asking ask;
};

FIXTURE_SETUP(message)
{
	SKIP_WITHOUT_GET_QUOTE();
	ASSERT_EQ(0, asking_start(&self->ask));
}

FIXTURE_TEARDOWN(message)
{
	EXPECT_EQ(0, close(self->ask.fd));
}

/* What lengths a message has: of itself, the report and the list of ids. */
static void put_sizes(uint8_t *data, uint32_t size, uint32_t report,
		      uint32_t ids)
{
	put_le32(data + FRAME, __builtin_bswap32(size));
	put_le32(data + SIZE, size);
	put_le32(data + REPORT_SIZE, report);
	put_le32(data + ID_LIST_SIZE, ids);
}

TEST_F(message, of_any_minor_version_is_a_request)
{
	static const uint16_t minors[] = { 0, 1, 2, 0xffff };
	struct asking *ask = &self->ask;
	int i;

	for (i = 0; i < ARRAY_SIZE(minors); i++) {
		qgs_put_request(ask->data, ask->report.tdreport);
		memcpy(ask->data + MINOR, &minors[i], 2);
		EXPECT_SOUND(asking_ends_well(ask));
	}
}

TEST_F(message, with_a_list_of_ids_is_a_request)
{
	static const uint32_t lists[] = { 1, 16, 160, 4096 };
	struct asking *ask = &self->ask;
	int i;

	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		qgs_put_request(ask->data, ask->report.tdreport);
		put_sizes(ask->data, MESSAGE_LEN + TDREPORT_LEN + lists[i],
			  TDREPORT_LEN, lists[i]);
		ask->head.in_len = FRAMED_LEN + lists[i];
		EXPECT_SOUND(asking_ends_well(ask));
	}
}

TEST_F(message, cut_short_with_lengths_that_agree_is_no_request)
{
	struct asking *ask = &self->ask;
	uint32_t len;

	for (len = 0; len < TDREPORT_LEN; len += 31) {
		put_sizes(ask->data, MESSAGE_LEN + len, len, 0);
		ask->head.in_len = FRAME_LEN + MESSAGE_LEN + len;
		EXPECT_EQ(-1, ioctl(ask->fd, GET_QUOTE, &ask->req));
		EXPECT_EQ(EINVAL, errno);
	}
	EXPECT_EQ(ask->hypercalls, emu_stat("stat_hypercalls"));
}

/* One row a lie, in 32 bits at an offset; the rest is a good request. */
FIXTURE(no_request)
{
	struct asking ask;
};

FIXTURE_VARIANT(no_request)
{
	unsigned int offset;
	uint32_t value;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(no_request, whose_frame_is_little_endian) {
	FRAME, MESSAGE_LEN + TDREPORT_LEN,
};

FIXTURE_VARIANT_ADD(no_request, whose_frame_counts_itself) {
	FRAME, (FRAMED_LEN & 0xff) << 24 | (FRAMED_LEN & 0xff00) << 8,
};

FIXTURE_VARIANT_ADD(no_request, whose_frame_is_0) { FRAME, 0 };
FIXTURE_VARIANT_ADD(no_request, whose_frame_is_endless) { FRAME, 0xffffffff };
FIXTURE_VARIANT_ADD(no_request, of_version_0) { MAJOR, 0x00010000 };
FIXTURE_VARIANT_ADD(no_request, of_version_2) { MAJOR, 0x00000002 };
FIXTURE_VARIANT_ADD(no_request, that_is_an_answer) { TYPE, QGS_RESP };
FIXTURE_VARIANT_ADD(no_request, that_asks_for_collateral) { TYPE, 2 };
FIXTURE_VARIANT_ADD(no_request, that_asks_for_the_platform) { TYPE, 4 };
FIXTURE_VARIANT_ADD(no_request, of_no_type) { TYPE, 0xffffffff };
FIXTURE_VARIANT_ADD(no_request, that_says_it_is_longer) {
	SIZE, MESSAGE_LEN + TDREPORT_LEN + 1,
};

FIXTURE_VARIANT_ADD(no_request, that_says_it_is_shorter) {
	SIZE, MESSAGE_LEN + TDREPORT_LEN - 1,
};

FIXTURE_VARIANT_ADD(no_request, that_counts_its_frame) { SIZE, FRAMED_LEN };
FIXTURE_VARIANT_ADD(no_request, without_a_report) { REPORT_SIZE, 0 };
FIXTURE_VARIANT_ADD(no_request, with_a_shorter_report) {
	REPORT_SIZE, TDREPORT_LEN - 1,
};

FIXTURE_VARIANT_ADD(no_request, with_a_longer_report) {
	REPORT_SIZE, TDREPORT_LEN + 1,
};

FIXTURE_VARIANT_ADD(no_request, with_an_endless_report) {
	REPORT_SIZE, 0xffffffff,
};

FIXTURE_VARIANT_ADD(no_request, with_ids_beyond_its_end) { ID_LIST_SIZE, 16 };
FIXTURE_VARIANT_ADD(no_request, with_endless_ids) { ID_LIST_SIZE, 0xffffffff };
FIXTURE_VARIANT_ADD(no_request, with_ids_that_wrap_around) {
	ID_LIST_SIZE, (uint32_t)-TDREPORT_LEN,
};
/* clang-format on */

FIXTURE_SETUP(no_request)
{
	SKIP_WITHOUT_GET_QUOTE();
	ASSERT_EQ(0, asking_start(&self->ask));
}

FIXTURE_TEARDOWN(no_request)
{
	EXPECT_EQ(0, close(self->ask.fd));
}

TEST_F(no_request, is_refused_and_not_the_host_s_to_see)
{
	struct asking *ask = &self->ask;

	put_le32(ask->data + variant->offset, variant->value);
	EXPECT_EQ(-1, ioctl(ask->fd, GET_QUOTE, &ask->req));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(ask->hypercalls, emu_stat("stat_hypercalls"));
	qgs_put_request(ask->data, ask->report.tdreport);
	EXPECT_SOUND(asking_ends_well(ask));
}

TEST_HARNESS_MAIN
