// SPDX-License-Identifier: GPL-2.0-only
/* Tests of the firmware's channel: what it takes, and what it answers. */

#include <linux/kernel.h>
#include <linux/string.h>

#include "probe.h"

/* The message in the request page is refused, and nothing comes of it. */
static void expect_refused(void)
{
	u64 seqno = snp_firmware_seqno(snp_level);
	long refused = probe_stat("stat_snp_refused");
	long messages = probe_stat("stat_snp_messages");
	struct snp_answer answer = snp_send();

	EXPECT_EQ(-EIO, answer.ret);
	EXPECT_EQ(FW_PARAM, answer.exitinfo2);
	EXPECT_EQ(seqno, snp_firmware_seqno(snp_level));
	EXPECT_EQ(refused + 1, probe_stat("stat_snp_refused"));
	EXPECT_EQ(messages, probe_stat("stat_snp_messages"));
	EXPECT_TRUE(!memchr_inv(snp_response, 0xee, PAGE_SIZE));
}

/* It is taken; the response is the next number's. */
static void expect_taken(void)
{
	u64 seqno = snp_firmware_seqno(snp_level), got;
	struct snp_answer answer = snp_send();

	EXPECT_EQ(0, answer.ret);
	EXPECT_EQ(0, answer.exitinfo2);
	EXPECT_EQ(seqno + 2, snp_firmware_seqno(snp_level));
	memcpy(&got, snp_response + HDR_SEQNO, sizeof(got));
	EXPECT_EQ(seqno + 2, got);
	*snp_seqno(snp_level) += 2;
}

static void secrets_have_keys(void)
{
	static const u8 none[32];

	for (unsigned int i = 0; i < 4; i++) {
		EXPECT_EQ(i < snp_level, !memcmp(snp_key(i), none, 32));
		EXPECT_EQ(0, *snp_seqno(i));
		EXPECT_EQ(0, snp_firmware_seqno(i));
		for (unsigned int j = snp_level; j < i; j++)
			EXPECT_TRUE(memcmp(snp_key(i), snp_key(j), 32));
	}
}

static void header_of_response(void)
{
	static const u8 zeros[35];
	long messages = probe_stat("stat_snp_messages");

	snp_make_report(1, snp_level, 0);
	EXPECT_EQ(messages + 1, probe_stat("stat_snp_messages"));
	EXPECT_EQ(2, snp_response[HDR_SEQNO]);
	EXPECT_EQ(0, memcmp(zeros, snp_response + HDR_SEQNO + 1, 15));
	EXPECT_EQ(1, snp_response[HDR_ALGO]);
	EXPECT_EQ(1, snp_response[HDR_VERSION]);
	EXPECT_EQ(0x60, snp_response[HDR_SIZE]);
	EXPECT_EQ(0, snp_response[HDR_SIZE + 1]);
	EXPECT_EQ(6, snp_response[HDR_TYPE]);
	EXPECT_EQ(1, snp_response[HDR_MSG_VERSION]);
	EXPECT_EQ(0xc0, snp_response[HDR_MSG_SIZE]);
	EXPECT_EQ(0x04, snp_response[HDR_MSG_SIZE + 1]);
	EXPECT_EQ(snp_level, snp_response[HDR_VMPCK]);
	EXPECT_EQ(0, memcmp(zeros, snp_response + HDR_VMPCK + 1, 35));
	EXPECT_TRUE(!memchr_inv(snp_response + HDR_LEN + REPORT_RSP_LEN, 0,
				PAGE_SIZE - HDR_LEN - REPORT_RSP_LEN));
}

/* The tag is over the 48 bytes from ALGO on, the IV has the number. */
static void response_is_authentic(void)
{
	u8 page[HDR_LEN + REPORT_RSP_LEN];

	snp_make_report(2, snp_level, 0);
	memcpy(page, snp_response, sizeof(page));
	for (unsigned int i = 0; i < HDR_LEN; i++) {
		bool covered = i < 16 || (i >= 0x20 && i < 0x28) || i >= 0x30;

		/* with another size or key it would not even be tried */
		if (i == HDR_MSG_SIZE || i == HDR_MSG_SIZE + 1 ||
		    i == HDR_VMPCK)
			continue;
		page[i] ^= 0x10;
		EXPECT_EQ(covered ? -EBADMSG : REPORT_RSP_LEN, snp_open(page));
		page[i] ^= 0x10;
	}
	page[HDR_LEN + REPORT_RSP_LEN - 1] ^= 1;
	EXPECT_EQ(-EBADMSG, snp_open(page));
}

#define OTHER_CHANNEL	0xaa

/* Sealed by one who has the key, but not what the firmware takes */
static const struct wrong {
	const char *name;
	unsigned int offset;
	u8 value;
} wrongs[] = {
	{ "algorithm 0 is refused", HDR_ALGO, 0 },
	{ "algorithm 2 is refused", HDR_ALGO, 2 },
	{ "header version 2 is refused", HDR_VERSION, 2 },
	{ "a header of 95 bytes is refused", HDR_SIZE, 95 },
	{ "a header of 352 bytes is refused", HDR_SIZE + 1, 1 },
	{ "type 0 is refused", HDR_TYPE, 0 },
	{ "a response as a request is refused", HDR_TYPE, 6 },
	{ "type 17 is refused", HDR_TYPE, 17 },
	{ "a report request called a key request is refused", HDR_TYPE, 3 },
	{ "message version 0 is refused", HDR_MSG_VERSION, 0 },
	{ "message version 2 is refused", HDR_MSG_VERSION, 2 },
	{ "a report request of 95 bytes is refused", HDR_MSG_SIZE, 95 },
	{ "a report request of 97 bytes is refused", HDR_MSG_SIZE, 97 },
	{ "a message of more than a page is refused", HDR_MSG_SIZE + 1, 0xff },
	{ "another channel's number is refused", HDR_VMPCK,
	  OTHER_CHANNEL },
	{ "channel 4 is refused", HDR_VMPCK, 4 },
	{ "channel 255 is refused", HDR_VMPCK, 255 },
	{ "reserved byte 28h must be 0", 0x28, 1 },
	{ "reserved byte 2fh must be 0", 0x2f, 1 },
	{ "reserved byte 38h must be 0", 0x38, 1 },
	{ "reserved byte 3dh must be 0", 0x3d, 1 },
	{ "reserved byte 5fh must be 0", 0x5f, 1 },
};

static void wrong_header(const struct wrong *row)
{
	static u8 payload[PAYLOAD_LEN];
	bool too_big = row->offset == HDR_MSG_SIZE + 1;
	u8 value = row->value;
	char other[2] = { };

	probe_start(row->name);
	if (value == OTHER_CHANNEL)
		value = snp_level ^ 1;
	snp_restart();
	snp_header(REPORT_REQ, REPORT_REQ_LEN);
	payload[64] = snp_level;
	if (!too_big)
		snp_request[row->offset] = value;
	/* a channel's key goes with its number, so that this alone is wrong */
	if (row->offset == HDR_VMPCK)
		snp_request[row->offset] = snp_level;
	snp_seal(payload);
	snp_request[row->offset] = value;
	expect_refused();
	snp_restart();
	other[0] = '0' + (snp_level ^ 1);
	EXPECT_EQ(0, probe_set("snp_rekey", other));
	snp_make_report(3, snp_level, 0);
	probe_end(0);
}

static void not_authentic(void)
{
	static const unsigned int places[] = {
		HDR_TAG, HDR_TAG + 15, HDR_LEN, HDR_LEN + REPORT_REQ_LEN - 1,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(places); i++) {
		snp_restart();
		snp_report_again(4);
		snp_request[places[i]] ^= 0x80;
		expect_refused();
	}
	snp_restart();
	snp_make_report(4, snp_level, 0);
}

/* Behind its payload a message may have anything. */
static void rest_is_ignored(void)
{
	snp_report_again(5);
	memset(snp_request + HDR_LEN + REPORT_REQ_LEN, 0x77, 100);
	expect_taken();
	EXPECT_EQ(REPORT_RSP_LEN, snp_open(snp_response));
}

static void replayed(void)
{
	long reuse = probe_stat("stat_snp_iv_reuse");

	snp_report_again(6);
	expect_taken();
	expect_refused();
	expect_refused();
	EXPECT_EQ(reuse, probe_stat("stat_snp_iv_reuse"));
	snp_make_report(6, snp_level, 0);
}

static void out_of_turn(void)
{
	snp_make_report(7, snp_level, 0);
	*snp_seqno(snp_level) += 2;
	snp_report_again(7);
	expect_refused();
	*snp_seqno(snp_level) -= 1;
	snp_report_again(7);
	expect_refused();
	*snp_seqno(snp_level) = -2U;
	snp_report_again(7);
	expect_refused();
	snp_restart();
	snp_make_report(7, snp_level, 0);
}

/* The other channels of this guest go on counting for themselves. */
static void channels_are_apart(void)
{
	unsigned int own = snp_level;
	u64 before = snp_firmware_seqno(own);

	for (snp_level = own + 1; snp_level < 4; snp_level++) {
		u64 seqno = snp_firmware_seqno(snp_level);

		snp_make_report(8, snp_level, 0);
		EXPECT_EQ(seqno + 2, snp_firmware_seqno(snp_level));
	}
	snp_level = own;
	EXPECT_EQ(before, snp_firmware_seqno(own));
	snp_make_report(8, snp_level, 0);
}

static void busy_then_another(void)
{
	long reuse = probe_stat("stat_snp_iv_reuse");

	EXPECT_EQ(0, probe_set("snp_busy", "1"));
	snp_report_again(9);
	EXPECT_EQ(-EAGAIN, snp_send().ret);
	snp_report_again(10);
	expect_taken();
	EXPECT_EQ(reuse + 1, probe_stat("stat_snp_iv_reuse"));
	snp_restart();
}

static void refused_then_another(void)
{
	static u8 payload[REPORT_REQ_LEN];
	long reuse = probe_stat("stat_snp_iv_reuse");

	payload[64] = snp_level;
	snp_header(REPORT_REQ, sizeof(payload));
	snp_request[HDR_LEN - 1] = 1;
	snp_seal(payload);
	expect_refused();
	snp_report_again(11);
	expect_taken();
	EXPECT_EQ(reuse + 1, probe_stat("stat_snp_iv_reuse"));
	snp_restart();
}

/* Such as one that was made under the key before, and comes late. */
static void foreign_then_another(void)
{
	long reuse = probe_stat("stat_snp_iv_reuse");

	snp_report_again(11);
	snp_request[HDR_TAG] ^= 1;
	expect_refused();
	snp_report_again(11);
	expect_taken();
	EXPECT_EQ(reuse, probe_stat("stat_snp_iv_reuse"));
	snp_restart();
}

/* The firmware itself has had the number after a request's. */
static void under_a_responses_number(void)
{
	long reuse = probe_stat("stat_snp_iv_reuse");

	snp_make_report(12, snp_level, 0);
	*snp_seqno(snp_level) -= 1;
	snp_report_again(12);
	expect_refused();
	EXPECT_EQ(reuse + 1, probe_stat("stat_snp_iv_reuse"));
	snp_restart();
	snp_make_report(12, snp_level, 0);
}

static void counters_can_be_set(void)
{
	char text[40];

	snprintf(text, sizeof(text), "%u 4294967290", snp_level);
	EXPECT_EQ(0, probe_set("snp_seqno", text));
	EXPECT_EQ(4294967290U, *snp_seqno(snp_level));
	EXPECT_EQ(4294967290U, snp_firmware_seqno(snp_level));
	snp_make_report(13, snp_level, 0);
	EXPECT_EQ(4294967292U, snp_firmware_seqno(snp_level));
	EXPECT_EQ(-EINVAL, probe_set("snp_seqno", "4 1"));
	EXPECT_EQ(-EINVAL, probe_set("snp_seqno", "0"));
	EXPECT_EQ(-EINVAL, probe_set("snp_seqno", "0 4294967296"));
	snp_restart();
	EXPECT_EQ(0, *snp_seqno(snp_level));
	EXPECT_EQ(0, snp_firmware_seqno(snp_level));
	snp_make_report(13, snp_level, 0);
}

/* A wiped key is gone from the secrets page; the firmware still has it. */
static void keys_can_be_wiped(void)
{
	static const u8 none[32];
	u8 key[32], id[2] = { '0' + snp_level };

	memcpy(key, snp_key(snp_level), sizeof(key));
	EXPECT_EQ(0, probe_set("snp_wipe", id));
	EXPECT_EQ(0, memcmp(none, snp_key(snp_level), sizeof(none)));
	memcpy(snp_key(snp_level), key, sizeof(key));
	snp_make_report(14, snp_level, 0);
	snp_restart();
	EXPECT_TRUE(memcmp(key, snp_key(snp_level), sizeof(key)));
	EXPECT_EQ(-EINVAL, probe_set("snp_wipe", "4"));
	EXPECT_EQ(-EINVAL, probe_set("snp_rekey", "0 1"));
	snp_make_report(14, snp_level, 0);
}

static const struct probe_test tests[] = {
	{ "the secrets page has the keys of this VMPL and those below it",
	  secrets_have_keys },
	{ "a response has its request's number and 1, and its header is right",
	  header_of_response },
	{ "a response's tag is over header and payload", response_is_authentic },
	{ "a message that is not authentic is refused", not_authentic },
	{ "what is behind the payload does not matter", rest_is_ignored },
	{ "a message is not taken twice, and that is no reuse of an IV",
	  replayed },
	{ "a message out of turn is refused", out_of_turn },
	{ "each channel counts for itself", channels_are_apart },
	{ "another message after BUSY is a reuse of its IV", busy_then_another,
	  1 },
	{ "so is another message after one that was refused",
	  refused_then_another, 1 },
	{ "but not after one that was made under another key",
	  foreign_then_another },
	{ "so is one under the number of a response", under_a_responses_number,
	  1 },
	{ "a knob sets both counters", counters_can_be_set },
	{ "knobs wipe and renew keys", keys_can_be_wiped },
};

void probe_snp_messages(void)
{
	probe_run(tests, 1);
	for (unsigned int i = 0; i < ARRAY_SIZE(wrongs); i++)
		wrong_header(&wrongs[i]);
	snp_restart();
	probe_run(tests + 1, ARRAY_SIZE(tests) - 1);
}
