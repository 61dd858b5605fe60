// SPDX-License-Identifier: MIT
/*
 * sysfs measurements and the TDX module: when it is asked, and what becomes of
 * its errors.
 */
#include "kselftest_harness.h"

#include "eventlog.h"
#include "reader.h"
#include "registers.h"

#define INDEX	2

/* What TDG.MR.RTMR.EXTEND answers, and the errno of it. */
FIXTURE(answer)
{
	struct mark mark;
	struct registers before, now;
	uint8_t digest[RTMR_LEN];
	ssize_t logged;
	long extends;
	long violations;
};

FIXTURE_VARIANT(answer)
{
	const char *knob;
	const char *value;
	int err;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(answer, operand_is_invalid) {
	"rtmr_status", OPERAND_INVALID_RDX, ENXIO,
};

FIXTURE_VARIANT_ADD(answer, fails_otherwise) {
	"rtmr_status", FATAL_STATUS, EIO,
};

FIXTURE_VARIANT_ADD(answer, is_not_plain_success) {
	"rtmr_status", "1", EIO,
};

FIXTURE_VARIANT_ADD(answer, operand_is_busy_three_times) {
	"rtmr_busy", "3", 0,
};

FIXTURE_VARIANT_ADD(answer, operand_stays_busy) {
	"rtmr_busy", "-1", EBUSY,
};
/* clang-format on */

FIXTURE_SETUP(answer)
{
	SKIP_WITHOUT_MEASUREMENTS();
	SKIP_WITHOUT_EMULATOR();
	/* mainline warns with a stack trace about each of them */
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, emu_reset());
	ASSERT_EQ(0, mark_set(&self->mark));
	self->violations = emu_stat("stat_violations");
	self->extends = emu_stat("stat_extends");
	self->logged = log_size();
	ASSERT_LT(0, self->logged);
	ASSERT_EQ(0, registers_peek(&self->before));
	digest_make(self->digest, getpid(), 1);
	ASSERT_EQ(0, emu_set(variant->knob, variant->value));
}

FIXTURE_TEARDOWN(answer)
{
	EXPECT_EQ(0, emu_reset());
	EXPECT_NO_VIOLATION_SINCE(self->violations);
}

TEST_F_TIMEOUT(answer, gives_its_errno_and_leaves_no_record_of_a_failure, 60)
{
	const int extends = variant->err ? 0 : 1;

	EXPECT_EQ(-variant->err, sysfs_extend(INDEX, self->digest, RTMR_LEN));
	EXPECT_EQ(extends, emu_stat("stat_extends") - self->extends);
	EXPECT_EQ(extends * RECORD_HEAD, log_size() - self->logged);
	if (!variant->err)
		rtmr_extend(self->before.rtmr[INDEX], self->digest);
	ASSERT_EQ(0, registers_report(&self->now));
	EXPECT_SAME_REGISTERS(&self->before, &self->now);
}

TEST_F_TIMEOUT(answer, does_not_keep_an_honest_extend_from_working, 60)
{
	EXPECT_EQ(-variant->err, sysfs_extend(INDEX, self->digest, RTMR_LEN));
	ASSERT_EQ(0, emu_reset());
	self->logged = log_size();
	ASSERT_EQ(0, registers_peek(&self->before));
	EXPECT_EQ(0, sysfs_extend(INDEX, self->digest, RTMR_LEN));
	EXPECT_EQ(RECORD_HEAD, log_size() - self->logged);
	rtmr_extend(self->before.rtmr[INDEX], self->digest);
	ASSERT_EQ(0, registers_report(&self->now));
	EXPECT_SAME_REGISTERS(&self->before, &self->now);
	EXPECT_SOUND(log_explains_since(&self->mark));
}

TEST_F(answer, is_not_asked_for_when_the_length_is_wrong)
{
	if (!strcmp(variant->value, "-1"))
		ASSERT_EQ(0, emu_set("rtmr_busy", "1000"));
	EXPECT_EQ(-EINVAL, sysfs_extend(INDEX, self->digest, RTMR_LEN - 1));
	EXPECT_EQ(-EINVAL, sysfs_extend(INDEX, self->digest, RTMR_LEN + 1));
	if (!strcmp(variant->value, "-1"))
		EXPECT_EQ(1000, emu_stat("rtmr_busy"));
	EXPECT_EQ(self->logged, log_size());
}

/*
 * How often a writer asks a busy TDX module tells how long it has waited, for
 * it gives up after a second at the latest.
 */
#define MANY	1000000

FIXTURE(busy_writer)
{
	struct mark mark;
	struct registers before, now;
	uint8_t digest[RTMR_LEN];
	ssize_t logged;
};

FIXTURE_VARIANT(busy_writer)
{
	bool read;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(busy_writer, alone) { .read = false };
FIXTURE_VARIANT_ADD(busy_writer, beside_a_reader) { .read = true };
/* clang-format on */

FIXTURE_SETUP(busy_writer)
{
	SKIP_WITHOUT_MEASUREMENTS();
	SKIP_WITHOUT_EMULATOR();
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, emu_reset());
	ASSERT_EQ(0, mark_set(&self->mark));
	self->logged = log_size();
	ASSERT_EQ(0, registers_peek(&self->before));
	digest_make(self->digest, getpid(), 1);
}

FIXTURE_TEARDOWN(busy_writer)
{
	EXPECT_EQ(0, emu_reset());
}

static int set_busy(void)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", MANY);
	return emu_set("rtmr_busy", text);
}

/* Registers of each kind, and a TDREPORT: 0 or -errno. */
static int read_registers(void)
{
	uint8_t value[RTMR_LEN];
	struct registers now;

	if (file_read(register_path("mrtd:sha384"), value, RTMR_LEN) != RTMR_LEN ||
	    file_read(rtmr_path(INDEX), value, RTMR_LEN) != RTMR_LEN)
		return -EIO;
	return registers_report(&now);
}

/*
 * Has registers read, or not, while a writer waits, and kills it: how often it
 * had asked by then, or -errno.
 */
static long asked_until_killed(const uint8_t *digest, bool read)
{
	const time_t end = time(NULL) + PATIENCE_S;
	int status = 0;
	pid_t pid;

	if (set_busy())
		return -EIO;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(-sysfs_extend(INDEX, digest, RTMR_LEN));
	}
	while (emu_stat("rtmr_busy") == MANY && time(NULL) < end)
		;
	if (read && read_registers())
		return -EIO;
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? MANY - emu_stat("rtmr_busy") : -EAGAIN;
}

/* Nor does who reads meanwhile wait until the second is over. */
TEST_F_TIMEOUT(busy_writer, is_killed_before_its_second_is_over, 120)
{
	long full, asked = -EAGAIN;
	int tries;

	ASSERT_EQ(0, set_busy());
	EXPECT_EQ(-EBUSY, sysfs_extend(INDEX, self->digest, RTMR_LEN));
	full = MANY - emu_stat("rtmr_busy");
	EXPECT_LT(1, full);

	/* a slow machine may let the second pass before the signal comes */
	for (tries = 0; tries < 20 && (asked < 0 || asked > full / 2); tries++)
		asked = asked_until_killed(self->digest, variant->read);
	EXPECT_LT(0, asked);
	EXPECT_GE(full / 2, asked);

	ASSERT_EQ(0, emu_reset());
	EXPECT_EQ(self->logged, log_size());
	ASSERT_EQ(0, registers_report(&self->now));
	EXPECT_SAME_REGISTERS(&self->before, &self->now);
}

/* Others wait for the registers meanwhile, and can be killed, too. */
TEST_F_TIMEOUT(busy_writer, lets_those_who_wait_for_it_be_killed, 120)
{
	struct reader waiting = { 0 };
	pid_t busy = fork();

	ASSERT_LE(0, busy);
	if (!busy) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			sysfs_extend(INDEX, self->digest, RTMR_LEN);
	}
	ASSERT_EQ(0, emu_set("rtmr_busy", "-1"));
	waiting.pid = fork();
	ASSERT_LE(0, waiting.pid);
	if (!waiting.pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			sysfs_extend(INDEX + 1, self->digest, RTMR_LEN);
	}
	EXPECT_TRUE(reader_sleeps(&waiting));
	EXPECT_TRUE(reader_dies(&waiting, SIGKILL));
	EXPECT_EQ(0, kill(busy, SIGKILL));
	EXPECT_EQ(busy, waitpid(busy, NULL, 0));
	ASSERT_EQ(0, emu_reset());
	EXPECT_SOUND(log_explains_since(&self->mark));
}

/* Values are remembered until an extend; mainline's tm_digest_read(). */
FIXTURE(cache)
{
	struct mark mark;
	struct registers before, foreign;
	uint8_t digest[RTMR_LEN];
	uint8_t value[RTMR_LEN];
};

FIXTURE_SETUP(cache)
{
	SKIP_WITHOUT_MEASUREMENTS();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, emu_reset());
	if (log_present())
		ASSERT_EQ(0, mark_set(&self->mark));
	digest_make(self->digest, getpid(), 1);
	/* something stale, so that this read has the cache filled */
	ASSERT_EQ(0, sysfs_extend(INDEX, self->digest, RTMR_LEN));
	ASSERT_EQ(RTMR_LEN, file_read(rtmr_path(3), self->value, RTMR_LEN));
	ASSERT_EQ(0, registers_peek(&self->before));
	self->foreign = self->before;
	ASSERT_EQ(0, rtmr_extend_foreign(3, self->digest));
	rtmr_extend(self->foreign.rtmr[3], self->digest);
}

FIXTURE_TEARDOWN(cache)
{
	EXPECT_EQ(0, emu_reset());
	if (log_present())
		EXPECT_SOUND(log_explains_since(&self->mark));
}

#define EXPECT_RTMR3(expected)						\
	do {								\
		EXPECT_EQ(RTMR_LEN, file_read(rtmr_path(3), self->value, \
					      RTMR_LEN));		\
		EXPECT_EQ(0, memcmp((expected).rtmr[3], self->value,	\
				    RTMR_LEN));				\
	} while (0)

TEST_F(cache, is_read_while_nothing_is_extended_here)
{
	EXPECT_RTMR3(self->before);
	EXPECT_RTMR3(self->before);
}

TEST_F(cache, of_all_registers_is_stale_after_an_extend_of_one)
{
	EXPECT_RTMR3(self->before);
	EXPECT_EQ(0, sysfs_extend(0, self->digest, RTMR_LEN));
	EXPECT_RTMR3(self->foreign);
}

TEST_F(cache, is_not_stale_after_a_refused_extend)
{
	EXPECT_EQ(-EINVAL, sysfs_extend(INDEX, self->digest, RTMR_LEN - 1));
	EXPECT_RTMR3(self->before);
}

TEST_F(cache, is_mended_by_a_tdreport)
{
	struct registers now;

	EXPECT_RTMR3(self->before);
	EXPECT_EQ(0, registers_report(&now));
	EXPECT_SAME_REGISTERS(&self->foreign, &now);
	EXPECT_RTMR3(self->foreign);
}

TEST_F(cache, is_read_without_the_tdx_module)
{
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, emu_set("tdreport_status", FATAL_STATUS));
	EXPECT_RTMR3(self->before);
	EXPECT_EQ(0, sysfs_extend(INDEX, self->digest, RTMR_LEN));
	EXPECT_EQ(-EIO, file_read(rtmr_path(3), self->value, RTMR_LEN));
	EXPECT_EQ(-EIO, file_read(rtmr_path(INDEX), self->value, RTMR_LEN));
	ASSERT_EQ(0, emu_reset());
	EXPECT_RTMR3(self->foreign);
}

TEST_F_TIMEOUT(cache, gives_the_errno_of_a_tdreport_and_tries_again, 60)
{
	SKIP_UNLESS_REPAIRED();
	EXPECT_EQ(0, sysfs_extend(INDEX, self->digest, RTMR_LEN));
	ASSERT_EQ(0, emu_set("tdreport_status", OPERAND_INVALID_RDX));
	EXPECT_EQ(-ENXIO, file_read(rtmr_path(3), self->value, RTMR_LEN));
	ASSERT_EQ(0, emu_set("tdreport_status", "0"));
	ASSERT_EQ(0, emu_set("tdreport_busy", "-1"));
	EXPECT_EQ(-EBUSY, file_read(rtmr_path(3), self->value, RTMR_LEN));
	ASSERT_EQ(0, emu_set("tdreport_busy", "2"));
	EXPECT_RTMR3(self->foreign);
}

TEST_F(cache, is_not_needed_for_what_cannot_be_extended)
{
	SKIP_UNLESS_REPAIRED();
	EXPECT_EQ(0, sysfs_extend(INDEX, self->digest, RTMR_LEN));
	ASSERT_EQ(0, emu_set("tdreport_status", FATAL_STATUS));
	EXPECT_EQ(RTMR_LEN, file_read(register_path("mrtd:sha384"), self->value,
				      RTMR_LEN));
	EXPECT_EQ(RTMR_LEN, file_read(register_path("mrconfigid"), self->value,
				      RTMR_LEN));
}

TEST_HARNESS_MAIN
