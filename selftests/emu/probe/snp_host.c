// SPDX-License-Identifier: GPL-2.0-only
/* Tests of a host that errs: busy, failing, losing and spoiling responses. */

#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/string.h>

#include "probe.h"

static u8 before[PAGE_SIZE];

static void expect_untouched(void)
{
	EXPECT_TRUE(!memchr_inv(snp_response, 0xee, PAGE_SIZE));
}

/* The message in the request page is not passed on. */
static void expect_error(int ret, u64 exitinfo2)
{
	u64 seqno = snp_firmware_seqno(snp_level);
	struct snp_answer answer = snp_send();

	EXPECT_EQ(ret, answer.ret);
	EXPECT_EQ(exitinfo2, answer.exitinfo2);
	EXPECT_EQ(seqno, snp_firmware_seqno(snp_level));
	expect_untouched();
}

/* It is, and the response is good. */
static void expect_answer(void)
{
	struct snp_answer answer = snp_send();

	EXPECT_EQ(0, answer.ret);
	EXPECT_EQ(0, answer.exitinfo2);
	EXPECT_EQ(REPORT_RSP_LEN, snp_open(snp_response));
	*snp_seqno(snp_level) += 2;
}

static void is_busy(void)
{
	long busy = probe_stat("stat_snp_busy");
	long calls = probe_stat("stat_snp_hypercalls");

	EXPECT_EQ(0, probe_set("snp_busy", "3"));
	snp_report_again(1);
	for (unsigned int i = 0; i < 3; i++)
		expect_error(-EAGAIN, HOST_BUSY);
	expect_answer();
	EXPECT_EQ(busy + 3, probe_stat("stat_snp_busy"));
	EXPECT_EQ(calls + 4, probe_stat("stat_snp_hypercalls"));
}

static void fails(void)
{
	static const struct {
		const char *text;
		u64 exitinfo2;
		int ret;
	} errors[] = {
		{ "16", 0x16, -EIO },
		{ "ffffffffffffffff", ~0ULL, -EIO },
		{ "200000000", HOST_BUSY, -EAGAIN },
		/* but not for a plain request */
		{ "100000000", HOST_INVALID_LEN, -EIO },
		{ "200000016", HOST_BUSY | 0x16, -EIO },
	};

	snp_report_again(2);
	for (unsigned int i = 0; i < ARRAY_SIZE(errors); i++) {
		EXPECT_EQ(0, probe_set("snp_error", errors[i].text));
		EXPECT_EQ(0, probe_set("snp_error_count", "2"));
		expect_error(errors[i].ret, errors[i].exitinfo2);
		expect_error(errors[i].ret, errors[i].exitinfo2);
	}
	expect_answer();
}

/* [GHCB] SW_EXITINFO1: the kernel says so by its ES_VMM_ERROR */
static void fails_as_such(void)
{
	EXPECT_EQ(0, probe_set("snp_exit_fail", "2"));
	snp_report_again(2);
	expect_error(2, ~0ULL);
	expect_error(2, ~0ULL);
	expect_answer();
}

static void loses(const char *error, int ret, u64 exitinfo2)
{
	u64 seqno = snp_firmware_seqno(snp_level);
	struct snp_answer answer;

	EXPECT_EQ(0, probe_set("snp_error", error));
	EXPECT_EQ(0, probe_set("snp_lose", "1"));
	snp_report_again(3);
	answer = snp_send();
	EXPECT_EQ(ret, answer.ret);
	EXPECT_EQ(exitinfo2, answer.exitinfo2);
	EXPECT_EQ(seqno + 2, snp_firmware_seqno(snp_level));
	expect_untouched();
	*snp_seqno(snp_level) += 2;
	snp_report_again(3);
	expect_answer();
}

static void loses_responses(void)
{
	loses("0", 0, 0);
	loses("200000000", -EAGAIN, HOST_BUSY);
	loses("500000000", -EIO, 0x500000000ULL);
}

static void replays(void)
{
	snp_make_report(4, snp_level, 0);
	memcpy(before, snp_response, sizeof(before));
	EXPECT_EQ(0, probe_set("snp_replay", "1"));
	snp_report_again(5);
	EXPECT_EQ(0, snp_send().ret);
	EXPECT_EQ(0, memcmp(before, snp_response, sizeof(before)));
	*snp_seqno(snp_level) += 2;
	EXPECT_EQ(*snp_seqno(snp_level), snp_firmware_seqno(snp_level));
	snp_make_report(6, snp_level, 0);
}

/* What a bit is in, for each of these bits */
static void flips(void)
{
	static const unsigned int bits[] = {
		0, 8 * HDR_SEQNO, 8 * HDR_TYPE + 7, 8 * HDR_LEN, 32767,
	};
	char text[12];

	for (unsigned int i = 0; i < ARRAY_SIZE(bits); i++) {
		unsigned int byte = bits[i] / 8;

		snprintf(text, sizeof(text), "%u", bits[i]);
		EXPECT_EQ(0, probe_set("snp_flip", text));
		EXPECT_EQ(0, probe_set("snp_flip_count", "1"));
		snp_report_again(7);
		EXPECT_EQ(0, snp_send().ret);
		EXPECT_EQ(byte < PAGE_SIZE - 1 ? -EBADMSG : REPORT_RSP_LEN,
			  snp_open(snp_response));
		snp_response[byte] ^= BIT(bits[i] % 8);
		EXPECT_EQ(REPORT_RSP_LEN, snp_open(snp_response));
		*snp_seqno(snp_level) += 2;
	}
	EXPECT_EQ(-EINVAL, probe_set("snp_flip", "32768"));
}

static void patches(void)
{
	EXPECT_EQ(0, probe_set("snp_patch", "0x34 0badcafe"));
	EXPECT_EQ(0, probe_set("snp_patch_count", "1"));
	snp_report_again(8);
	EXPECT_EQ(0, snp_send().ret);
	EXPECT_EQ(0, memcmp(snp_response + HDR_TYPE, "\x0b\xad\xca\xfe", 4));
	memcpy(snp_response + HDR_TYPE, "\x06\x01\xc0\x04", 4);
	EXPECT_EQ(REPORT_RSP_LEN, snp_open(snp_response));
	*snp_seqno(snp_level) += 2;
	EXPECT_EQ(0, probe_set("snp_patch", "4095 00\n"));
	EXPECT_EQ(-EINVAL, probe_set("snp_patch", "4095 0000"));
	EXPECT_EQ(-EINVAL, probe_set("snp_patch", "4 0"));
	EXPECT_EQ(-EINVAL, probe_set("snp_patch", "4 "));
	EXPECT_EQ(-EINVAL, probe_set("snp_patch", "4"));
	EXPECT_EQ(-EINVAL, probe_set("snp_patch", "-1 00"));
	snp_make_report(8, snp_level, 0);
}

static void takes_time(void)
{
	ktime_t start = ktime_get();

	EXPECT_EQ(0, probe_set("snp_delay_ms", "200"));
	snp_make_report(9, snp_level, 0);
	EXPECT_TRUE(ktime_ms_delta(ktime_get(), start) >= 195);
	/* not for what it does not take */
	start = ktime_get();
	EXPECT_EQ(-EIO, snp_send().ret);
	EXPECT_TRUE(ktime_ms_delta(ktime_get(), start) < 195);
}

static const struct probe_test tests[] = {
	{ "a busy host does not ask the firmware, and takes the same again",
	  is_busy },
	{ "a knob makes guest requests fail with any error", fails },
	{ "a knob makes the exit fail as such", fails_as_such },
	{ "a knob loses responses of the firmware", loses_responses },
	{ "a knob brings a response of before once more", replays },
	{ "a knob flips one bit of a response", flips },
	{ "a knob overwrites bytes of a response", patches },
	{ "the firmware takes its time for a good message", takes_time },
};

void probe_snp_host(void)
{
	probe_run(tests, ARRAY_SIZE(tests));
}
