// SPDX-License-Identifier: MIT
/*
 * The four keys of a guest: which one is used, what state each is in, and what
 * can be done where one is used up or gone.
 */
#include "kselftest_harness.h"

#include "snp_emu.h"

FIXTURE(vmpck)
{
	struct entry entry;
	struct entry other;
	uint8_t nonce[NONCE_LEN];
	uint8_t out[BLOB_MAX];
	int own;
	int next;
	long messages;
	long violations;
};

FIXTURE_SETUP(vmpck)
{
	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, snp_reset());
	self->own = snp_vmpl();
	self->next = self->own + 1;
	if (self->next > SNP_PRIVLEVEL_MAX)
		SKIP(return, "this guest has one key only");
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-vmpck"));
	ASSERT_EQ(0, entry_renew(&self->other, "ksft-vmpck-2"));
	ASSERT_SOUND(snp_get_report(&self->entry, 0, self->out));
	nonce_make(self->nonce, getpid(), 1);
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	self->messages = emu_stat("stat_snp_messages");
}

FIXTURE_TEARDOWN(vmpck)
{
	EXPECT_EQ(0, snp_reset());
	EXPECT_EQ(self->own, vmpck_active());
	EXPECT_SOUND(snp_get_report(&self->entry, 99, self->out));
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_EQ(0, entry_remove(&self->other));
}

TEST_F(vmpck, active_is_that_of_the_guests_vmpl)
{
	char text[16] = "";

	EXPECT_EQ(2, file_read(SEV_GUEST_SYSFS "/vmpck/active", text,
			       sizeof(text)));
	EXPECT_EQ('0' + self->own, text[0]);
	EXPECT_EQ('\n', text[1]);
	EXPECT_EQ(-1, driver_stat("vmpck_id"));
	EXPECT_STREQ("ready", vmpck_state(self->own));
}

/* An SVSM takes the keys of the levels below the guest's. */
TEST_F(vmpck, below_that_of_the_guests_vmpl_is_empty)
{
	int i;

	if (!self->own)
		SKIP(return, "no VMPL is below that of this guest");
	for (i = 0; i < self->own; i++) {
		EXPECT_STREQ("empty", vmpck_state(i));
		EXPECT_EQ(-ENOKEY, vmpck_use(i));
	}
	EXPECT_EQ(self->own, vmpck_active());
	EXPECT_SOUND(snp_get_report(&self->entry, 1, self->out));
}

TEST_F(vmpck, can_be_moved_to_any_other_and_back_without_a_reload)
{
	const int level[] = { self->next, SNP_PRIVLEVEL_MAX, self->own, -1 };
	unsigned int i;
	int vmpck;
	long before;

	for (i = 0; i < ARRAY_SIZE(level); i++) {
		vmpck = level[i] < 0 ? self->own : level[i];
		ASSERT_EQ(0, vmpck_use(level[i]));
		EXPECT_EQ(level[i], driver_stat("vmpck_id"));
		EXPECT_EQ(vmpck, vmpck_active());
		EXPECT_EQ(vmpck, file_read_long(entry_attr(&self->entry,
							"privlevel_floor")));
		before = psp_seqno(vmpck);
		ASSERT_SOUND(snp_get_report(&self->entry, i, self->out));
		EXPECT_EQ(vmpck, snp_report_vmpl(self->out));
		EXPECT_EQ(before + 2, psp_seqno(vmpck));
		EXPECT_STREQ("ready", vmpck_state(vmpck));
	}
}

TEST_F(vmpck, that_does_not_exist_is_refused)
{
	static const char *const bad[] = {
		"4", "-2", "255", "256", "4294967296", "one", "0x", "\n",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_GT(0, driver_set("vmpck_id", bad[i]));
	EXPECT_EQ(-EINVAL, driver_set("vmpck_id", "4"));
	EXPECT_EQ(-EINVAL, driver_set("vmpck_id", "-2"));
	EXPECT_EQ(self->own, vmpck_active());
	EXPECT_EQ(-1, driver_stat("vmpck_id"));
	EXPECT_SOUND(snp_get_report(&self->entry, 1, self->out));
}

TEST_F(vmpck, that_was_wiped_is_refused_and_the_one_in_use_stays)
{
	ASSERT_EQ(0, vmpck_knob("snp_wipe", SNP_PRIVLEVEL_MAX, NULL));
	EXPECT_EQ(-ENOKEY, vmpck_use(SNP_PRIVLEVEL_MAX));
	EXPECT_EQ(self->own, vmpck_active());
	EXPECT_STREQ("empty", vmpck_state(SNP_PRIVLEVEL_MAX));
	EXPECT_SOUND(snp_get_report(&self->entry, 1, self->out));
	EXPECT_EQ(0, vmpck_knob("snp_rekey", SNP_PRIVLEVEL_MAX, NULL));
}

TEST_F(vmpck, raises_the_floor_of_privlevel_with_it)
{
	char level[2] = { '0' + self->own };

	ASSERT_EQ(0, entry_set(&self->entry, "privlevel", level));
	ASSERT_EQ(0, vmpck_use(self->next));
	EXPECT_EQ(-EINVAL, entry_set(&self->other, "privlevel", level));
	/* it was allowed when it was written: now the firmware refuses it */
	EXPECT_EQ(-EINVAL, entry_read(&self->entry, "outblob", self->out,
				      BLOB_MAX));
	EXPECT_STREQ("ready", vmpck_state(self->next));
	EXPECT_SOUND(snp_get_report(&self->other, 1, self->out));
	EXPECT_EQ(self->next, snp_report_vmpl(self->out));
	ASSERT_EQ(0, vmpck_use(-1));
	EXPECT_SOUND(snp_get_report(&self->entry, 2, self->out));
	EXPECT_EQ(self->own, snp_report_vmpl(self->out));
}

/* The one given up for a while keeps what the host has seen under it. */
TEST_F_TIMEOUT(vmpck, keeps_its_pending_message_while_another_is_used, 60)
{
	long before;

	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, message_abandon(&self->entry));
	before = psp_seqno(self->own);
	ASSERT_EQ(0, vmpck_use(self->next));
	EXPECT_STREQ("pending", vmpck_state(self->own));
	EXPECT_SOUND(snp_get_report(&self->other, 1, self->out));
	EXPECT_EQ(self->messages + 1, emu_stat("stat_snp_messages"));
	EXPECT_STREQ("pending", vmpck_state(self->own));
	EXPECT_EQ(before, psp_seqno(self->own));

	ASSERT_EQ(0, vmpck_use(-1));
	EXPECT_STREQ("pending", vmpck_state(self->own));
	EXPECT_SOUND(snp_get_report(&self->other, 2, self->out));
	EXPECT_EQ(self->messages + 3, emu_stat("stat_snp_messages"));
	EXPECT_EQ(before + 4, psp_seqno(self->own));
	EXPECT_STREQ("ready", vmpck_state(self->own));
}

TEST_F_TIMEOUT(vmpck, is_moved_while_somebody_waits_for_the_host, 60)
{
	struct reader reader = { 0 };

	ASSERT_EQ(0, reader_start_throttled(&reader, &self->entry));
	/* at once or when the host has answered, but with a result */
	EXPECT_EQ(0, emu_set("snp_busy", "2"));
	EXPECT_EQ(0, vmpck_use(self->next));
	EXPECT_SOUND(reader_report(&reader, self->nonce));
	EXPECT_EQ(self->next, vmpck_active());
	EXPECT_SOUND(snp_get_report(&self->other, 1, self->out));
	EXPECT_EQ(self->next, snp_report_vmpl(self->out));
}

/* A message number that was the last: never one from the start again. */
TEST_F(vmpck, is_given_up_when_its_sequence_numbers_are_used_up)
{
	struct snp_report_req req = { .vmpl = SNP_PRIVLEVEL_MAX };
	struct snp_report_resp resp;
	uint64_t exitinfo2;

	ASSERT_EQ(0, vmpck_knob("snp_seqno", self->own, "0xfffffffb"));
	EXPECT_SOUND(snp_get_report(&self->entry, 1, self->out));
	EXPECT_SOUND(snp_get_report(&self->entry, 2, self->out));
	EXPECT_EQ(0xffffffff, psp_seqno(self->own));
	self->messages = emu_stat("stat_snp_messages");
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	EXPECT_EQ(-EIO, entry_read(&self->entry, "outblob", self->out,
				   BLOB_MAX));
	EXPECT_EQ(-EIO, sev_report(&req, &resp, &exitinfo2));
	EXPECT_EQ(self->messages, emu_stat("stat_snp_messages"));
	EXPECT_EQ(0xffffffff, psp_seqno(self->own));
	EXPECT_STREQ("exhausted", vmpck_state(self->own));

	ASSERT_EQ(0, vmpck_use(self->next));
	EXPECT_SOUND(snp_get_report(&self->entry, 3, self->out));
	EXPECT_EQ(self->next, snp_report_vmpl(self->out));
	EXPECT_STREQ("exhausted", vmpck_state(self->own));
}

/* The last message was lost: no number is left to find out by. */
TEST_F_TIMEOUT(vmpck, that_is_used_up_cannot_be_found_out_about, 60)
{
	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, vmpck_knob("snp_seqno", self->own, "0xfffffffd"));
	ASSERT_EQ(0, emu_set("snp_lose", "1"));
	EXPECT_EQ(-EBADMSG, entry_read(&self->entry, "outblob", self->out,
				       BLOB_MAX));
	EXPECT_GT(0, entry_read(&self->entry, "outblob", self->out, BLOB_MAX));
	EXPECT_GT(0, entry_read(&self->entry, "outblob", self->out, BLOB_MAX));
	EXPECT_NO_IV_REUSE();
	EXPECT_EQ(0xffffffff, psp_seqno(self->own));
	ASSERT_EQ(0, vmpck_use(self->next));
	EXPECT_SOUND(snp_get_report(&self->entry, 3, self->out));
}

TEST_F_TIMEOUT(vmpck, that_is_nearly_used_up_completes_what_was_begun, 60)
{
	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, vmpck_knob("snp_seqno", self->own, "0xfffffffd"));
	ASSERT_EQ(0, message_abandon(&self->entry));
	EXPECT_EQ(-EIO, entry_read(&self->entry, "outblob", self->out,
				   BLOB_MAX));
	EXPECT_EQ(self->messages + 1, emu_stat("stat_snp_messages"));
	EXPECT_STREQ("exhausted", vmpck_state(self->own));
}

TEST_F(vmpck, that_is_wiped_while_in_use_is_enotty)
{
	struct snp_report_req req = { .vmpl = SNP_PRIVLEVEL_MAX };
	struct snp_report_resp resp;
	uint64_t exitinfo2;

	ASSERT_EQ(0, vmpck_knob("snp_wipe", self->own, NULL));
	EXPECT_EQ(-ENOTTY, entry_read(&self->entry, "outblob", self->out,
				      BLOB_MAX));
	EXPECT_EQ(-ENOTTY, sev_report(&req, &resp, &exitinfo2));
	EXPECT_EQ(self->messages, emu_stat("stat_snp_messages"));
	EXPECT_STREQ("empty", vmpck_state(self->own));
	ASSERT_EQ(0, vmpck_use(self->next));
	EXPECT_SOUND(snp_get_report(&self->entry, 1, self->out));
	EXPECT_EQ(-ENOKEY, vmpck_use(self->own));
	EXPECT_EQ(-ENOKEY, vmpck_use(-1));
	EXPECT_EQ(self->next, vmpck_active());
}

/* After hibernation the firmware gave the guest new keys, which start anew. */
TEST_F(vmpck, that_is_new_is_noticed_and_used_from_its_start)
{
	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, vmpck_knob("snp_rekey", self->own, NULL));
	EXPECT_EQ(0, psp_seqno(self->own));
	EXPECT_SOUND(snp_get_report(&self->entry, 1, self->out));
	EXPECT_EQ(2, psp_seqno(self->own));
	EXPECT_SOUND(snp_get_report(&self->entry, 2, self->out));
	EXPECT_EQ(4, psp_seqno(self->own));
	EXPECT_STREQ("ready", vmpck_state(self->own));
}

TEST_F_TIMEOUT(vmpck, that_is_new_ends_what_was_pending_under_the_old, 60)
{
	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, message_abandon(&self->entry));
	ASSERT_EQ(0, vmpck_knob("snp_rekey", self->own, NULL));
	EXPECT_SOUND(snp_get_report(&self->other, 1, self->out));
	EXPECT_STREQ("ready", vmpck_state(self->own));
	EXPECT_SOUND(snp_get_report(&self->entry, 2, self->out));
}

/* Refused under one key and under the next, from an odd number on. */
TEST_F_TIMEOUT(vmpck, starts_anywhere_and_goes_on_after_refusals, 60)
{
	int i;

	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, vmpck_knob("snp_rekey", self->own, NULL));
	ASSERT_EQ(0, vmpck_knob("snp_seqno", self->own, "7"));
	EXPECT_SOUND(snp_get_report(&self->entry, 1, self->out));
	ASSERT_EQ(0, emu_set("snp_error", "0x16"));
	ASSERT_EQ(0, emu_set("snp_error_count", "-1"));
	for (i = 0; i < 4; i++)
		EXPECT_NE(NULL, snp_get_report(&self->entry, i,
					       self->out));
	ASSERT_EQ(0, vmpck_knob("snp_rekey", self->own, NULL));
	ASSERT_EQ(0, emu_set("snp_error_count", "0"));
	for (i = 0; i < 5; i++)
		EXPECT_SOUND(snp_get_report(&self->entry, i, self->out));
	ASSERT_EQ(0, emu_set("snp_error_count", "-1"));
	for (i = 0; i < 4; i++)
		EXPECT_NE(NULL, snp_get_report(&self->entry, i,
					       self->out));
	ASSERT_EQ(0, emu_set("snp_error_count", "0"));
	EXPECT_SOUND(snp_get_report(&self->entry, 9, self->out));
	EXPECT_STREQ("ready", vmpck_state(self->own));
}

TEST_F(vmpck, that_is_new_works_once_it_is_chosen_again)
{
	ASSERT_EQ(0, vmpck_use(self->next));
	ASSERT_EQ(0, vmpck_knob("snp_rekey", self->own, NULL));
	ASSERT_EQ(0, vmpck_use(-1));
	EXPECT_SOUND(snp_get_report(&self->entry, 1, self->out));
	EXPECT_EQ(2, psp_seqno(self->own));
}

/*
 * The firmware takes no message of version 2, and its number would be spent:
 * the kernel's channel loses the key to it.
 */
TEST_F_TIMEOUT(vmpck, is_not_lost_to_a_message_that_is_never_accepted, 60)
{
	struct snp_report_req req = { .vmpl = SNP_PRIVLEVEL_MAX };
	struct snp_report_resp resp;
	struct snp_ioctl io = {
		.req_data = (unsigned long)&req,
		.resp_data = (unsigned long)&resp,
	};
	unsigned int version;

	for (version = 2; version <= 255; version++) {
		io.msg_version = version;
		EXPECT_EQ(-EIO, sev_ioctl(SNP_GET_REPORT, &io));
		EXPECT_EQ(FW_INVALID_PARAM, io.exitinfo2);
	}
	EXPECT_STREQ("ready", vmpck_state(self->own));
	EXPECT_EQ(self->messages, emu_stat("stat_snp_messages"));
	EXPECT_SOUND(snp_get_report(&self->entry, 3, self->out));
}

/* A firmware that refuses everything, and one day does not any more. */
TEST_F_TIMEOUT(vmpck, is_stuck_only_for_as_long_as_the_firmware_refuses, 120)
{
	long hypercalls;
	int i;

	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, emu_set("snp_error", "0x16"));
	ASSERT_EQ(0, emu_set("snp_error_count", "-1"));
	for (i = 0; i < 100; i++) {
		hypercalls = emu_stat("stat_snp_hypercalls");
		ASSERT_EQ(-EIO, entry_read(&self->entry, "outblob", self->out,
					   BLOB_MAX));
		/* however much is left to try, a request has an end */
		ASSERT_GE(hypercalls + 128, emu_stat("stat_snp_hypercalls"));
	}
	EXPECT_STREQ("stuck", vmpck_state(self->own));
	EXPECT_EQ(self->messages, emu_stat("stat_snp_messages"));
	ASSERT_EQ(0, emu_set("snp_error_count", "0"));
	EXPECT_SOUND(snp_get_report(&self->entry, 1, self->out));
	EXPECT_STREQ("ready", vmpck_state(self->own));
	EXPECT_SOUND(snp_get_report(&self->entry, 2, self->out));
}

/*
 * The worst that a host can do with what the driver tries: it says of each that
 * it was refused, lets one of them pass, and keeps its answer.
 */
TEST_F_TIMEOUT(vmpck, survives_that_any_of_its_tries_passes_in_secret, 120)
{
	int i, n;

	SKIP_UNLESS_OWN_CHANNEL();
	for (n = 0; n < 8; n++) {
		ASSERT_EQ(0, emu_set("snp_error", "0x16"));
		ASSERT_EQ(0, emu_set("snp_error_count", "1"));
		EXPECT_GT(0, entry_read(&self->entry, "outblob", self->out,
					BLOB_MAX));
		for (i = 0; i < n; i++) {
			ASSERT_EQ(0, emu_set("snp_lose", i % 2 ? "1" : "2"));
			entry_read(&self->entry, "outblob", self->out,
				   BLOB_MAX);
		}
		ASSERT_EQ(0, emu_set("snp_lose", "0"));
		EXPECT_SOUND(snp_get_report(&self->entry, n, self->out));
		EXPECT_NO_IV_REUSE();
		EXPECT_STREQ("ready", vmpck_state(self->own));
		ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	}
}

/*
 * Every message was answered and no answer arrived: the firmware is beyond all
 * that was sent, and waits for the next number. There is always one.
 */
TEST_F_TIMEOUT(vmpck, is_found_out_about_however_many_answers_were_lost, 120)
{
	const char *wrong = "";
	int i;

	SKIP_UNLESS_OWN_CHANNEL();
	/* a bit of the payload: what is refused is seen to be */
	ASSERT_EQ(0, emu_set("snp_flip", "800"));
	ASSERT_EQ(0, emu_set("snp_flip_count", "-1"));
	for (i = 0; i < 150; i++)
		ASSERT_GT(0, entry_read(&self->entry, "outblob", self->out,
					BLOB_MAX));
	EXPECT_NO_IV_REUSE();
	ASSERT_EQ(0, snp_be_honest());
	for (i = 0; wrong && i < 8; i++)
		wrong = snp_get_report(&self->entry, i, self->out);
	EXPECT_SOUND(wrong);
	EXPECT_STREQ("ready", vmpck_state(self->own));
}

/* The key changes under a request that is busy with what the old one left. */
TEST_F_TIMEOUT(vmpck, that_is_new_gets_no_number_spent_under_the_old, 60)
{
	struct reader reader = { 0 };
	long busy;

	SKIP_UNLESS_OWN_CHANNEL();
	ASSERT_EQ(0, message_abandon(&self->entry));
	busy = emu_stat("stat_snp_busy");
	ASSERT_EQ(0, emu_set("snp_busy", "-1"));
	ASSERT_EQ(0, reader_start(&reader, &self->entry, "outblob"));
	ASSERT_EQ(0, host_throttles(busy));
	ASSERT_EQ(0, vmpck_knob("snp_rekey", self->own, NULL));
	ASSERT_EQ(0, emu_set("snp_error", "0x16"));
	ASSERT_EQ(0, emu_set("snp_error_count", "1"));
	ASSERT_EQ(0, emu_set("snp_busy", "0"));
	/* whatever became of it, it came back */
	EXPECT_NE(READER_UNFINISHED, reader_finish(&reader));
	ASSERT_EQ(0, snp_be_honest());
	EXPECT_SOUND(snp_get_report(&self->other, 1, self->out));
	EXPECT_STREQ("ready", vmpck_state(self->own));
}

TEST_HARNESS_MAIN
