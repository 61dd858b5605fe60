// SPDX-License-Identifier: GPL-2.0-only
/* Tests of what a host may touch: pages shared with it, and for how long. */

#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/set_memory.h>
#include <linux/string.h>

#include "probe.h"

#define HOST_ANY_ERROR	0xffffffff00000000ULL

/* Each is wrong in one way; the firmware never hears of it. */
static void refused(const char *name, u64 req, u64 resp, u64 exit_code)
{
	struct snp_answer answer;
	u64 seqno;

	probe_start(name);
	snp_report_again(1);
	seqno = snp_firmware_seqno(snp_level);
	answer = snp_ask(req, resp, exit_code, 0, 0);
	EXPECT_EQ(-EIO, answer.ret);
	EXPECT_EQ(HOST_ANY_ERROR, answer.exitinfo2);
	EXPECT_EQ(seqno, snp_firmware_seqno(snp_level));
	/* nor does the host know that there was a message: no IV is used up */
	snp_make_report(2, snp_level, 0);
	probe_end(1);
}

static void requests_and_responses(void)
{
	u64 req = virt_to_phys(snp_request), resp = virt_to_phys(snp_response);
	u64 private = virt_to_phys(probe_ram + PRIVATE);

	refused("a private request page is refused", private, resp,
		GUEST_REQUEST);
	refused("a private response page is refused", req, private,
		GUEST_REQUEST);
	refused("a request that begins within a page is refused", req + 16,
		resp, GUEST_REQUEST);
	refused("a response that begins within a page is refused", req,
		resp + 2048, GUEST_REQUEST);
	refused("a request page that is no RAM is refused", NO_RAM, resp,
		GUEST_REQUEST);
	refused("a response page that is no RAM is refused", req, NO_RAM,
		GUEST_REQUEST);
	refused("a response over its request is refused", req, req,
		GUEST_REQUEST);
	refused("another exit code is refused", req, resp, 0x80000013);
}

static void conversions_are_counted(void)
{
	unsigned long page = (unsigned long)probe_ram + PRIVATE;
	long conversions = probe_stat("stat_conversions");
	long shared = probe_stat("stat_shared_pages");

	EXPECT_EQ(0, set_memory_decrypted(page, 2));
	EXPECT_EQ(conversions + 2, probe_stat("stat_conversions"));
	EXPECT_EQ(shared + 2, probe_stat("stat_shared_pages"));
	EXPECT_EQ(0, set_memory_encrypted(page, 2));
	EXPECT_EQ(conversions + 4, probe_stat("stat_conversions"));
	EXPECT_EQ(0, probe_set("convert_fail", "1"));
	EXPECT_EQ(-EIO, set_memory_decrypted(page, 1));
	EXPECT_EQ(conversions + 4, probe_stat("stat_conversions"));
}

/* Looks at a page again and again. Return: how often it was not as at first. */
static unsigned int watch(const u8 *page, const u8 *first, unsigned int size)
{
	unsigned int changes = 0;

	for (unsigned int i = 0; i < 2000; i++) {
		if (memcmp(page, first, size))
			changes++;
		usleep_range(50, 100);
	}
	return changes;
}

static void changes_under_the_eyes(void)
{
	static u8 first[PAGE_SIZE];

	EXPECT_EQ(0, probe_set("snp_mutate_ms", "300"));
	snp_report_again(3);
	EXPECT_EQ(0, snp_send().ret);
	*snp_seqno(snp_level) += 2;
	msleep(600);
	EXPECT_EQ(REPORT_RSP_LEN, snp_open(snp_response));
	memcpy(first, snp_response, sizeof(first));
	snp_report_again(4);
	EXPECT_EQ(0, snp_send().ret);
	*snp_seqno(snp_level) += 2;
	memcpy(first, snp_response, sizeof(first));
	EXPECT_TRUE(watch(snp_response, first, sizeof(first)));
	msleep(600);
	EXPECT_EQ(REPORT_RSP_LEN, snp_open(snp_response));
}

/* A page taken back, or asked for anew, is changed no more. */
static void stops_to_change(void)
{
	static u8 first[PAGE_SIZE];

	EXPECT_EQ(0, probe_set("snp_mutate_ms", "60000"));
	snp_report_again(5);
	EXPECT_EQ(0, snp_send().ret);
	*snp_seqno(snp_level) += 2;
	EXPECT_EQ(0, probe_set("snp_mutate_ms", "0"));
	snp_make_report(6, snp_level, 0);
	memcpy(first, snp_response, sizeof(first));
	EXPECT_EQ(0, watch(snp_response, first, sizeof(first)));

	EXPECT_EQ(0, probe_set("snp_mutate_ms", "60000"));
	snp_report_again(7);
	EXPECT_EQ(0, snp_send().ret);
	*snp_seqno(snp_level) += 2;
	EXPECT_EQ(0, set_memory_encrypted((unsigned long)snp_response, 1));
	memcpy(first, snp_response, sizeof(first));
	EXPECT_EQ(0, watch(snp_response, first, sizeof(first)));
	EXPECT_EQ(0, set_memory_decrypted((unsigned long)snp_response, 1));
}

static const struct probe_test tests[] = {
	{ "conversions are counted, both ways, and can fail",
	  conversions_are_counted },
	{ "a response can change for a while, and is good in the end",
	  changes_under_the_eyes },
	{ "the host lets go of a page that is taken back or used again",
	  stops_to_change },
};

void probe_snp_pages(void)
{
	requests_and_responses();
	probe_run(tests, ARRAY_SIZE(tests));
}
