// SPDX-License-Identifier: MIT
/*
 * How the library extends registers through entries of configfs tsm/rtmrs, which
 * others use, too: races, errors, and what stays behind. The kernel is the one
 * of fake_rtmrs.h, inside this program.
 */
#include "extend_fixture.h"

#include <sys/file.h>

#define ROOT	"/sys/kernel/config/tsm/rtmrs"
#define SYSFS	"/sys/class/misc/tdx_guest/measurements"

static struct tsm_rtmr rtmr;

static void foreign(const char *name, const char *index)
{
	char path[64];

	snprintf(path, sizeof(path), "rtmrs/%s", name);
	CHECK_EQ(0, mkdir(file(path), 0755));
	snprintf(path, sizeof(path), "attr/%s.index", name);
	write_file(path, index);
}

static long number_in(const char *name)
{
	char text[32] = "";
	FILE *f = fopen(file(name), "r");

	CHECK(f && fgets(text, sizeof(text), f) && !fclose(f));
	return strtol(text, NULL, 0);
}

static int enter(void)
{
	return tsm_rtmr_enter(&rtmr, ROOT, "mine", 3, &err);
}

static void leave(void)
{
	CHECK_EQ(0, tsm_rtmr_leave(&rtmr, &err));
	CHECK_EQ(-1, rtmr.dir);
	CHECK(!exists("rtmrs/mine"));
}

static void an_entry_is_made_and_removed(void)
{
	struct stat st;
	int fd;

	start(ALL);
	CHECK_EQ(0, enter());
	CHECK(rtmr.ours);
	CHECK(exists("rtmrs/mine"));
	fd = open(file("rtmrs/mine"), O_RDONLY);
	CHECK_EQ(-1, flock(fd, LOCK_EX | LOCK_NB));
	CHECK_EQ(EWOULDBLOCK, errno);
	close(fd);
	/* who is not root cannot open it, and so not lock it */
	CHECK(!stat(file("rtmrs/mine"), &st) && (st.st_mode & 0777) == 0700);
	leave();
	CHECK(!exists("attr/mine.index"));
	stop();
}

static void an_entry_of_the_index_is_used(void)
{
	start(ALL);
	foreign("other", "2");
	foreign("unset", "");
	foreign("theirs", "3");
	CHECK_EQ(0, enter());
	CHECK(!rtmr.ours);
	CHECK(strstr(rtmr.path, "/theirs"));
	CHECK(!exists("rtmrs/mine"));
	leave();
	CHECK(exists("rtmrs/theirs"));
	stop();
}

static void an_index_taken_is_tried_again(void)
{
	/* told by EBUSY here, by EINVAL there */
	static const char *const has[] = { ALL, RFC };
	size_t i;

	for (i = 0; i < 2; i++) {
		start(has[i]);
		setenv("FAKE_TAKEN", "5", 1);
		CHECK_EQ(0, enter());
		leave();
		stop();
	}
}

static void an_entry_removed_under_its_lock_is_not_used(void)
{
	start(ALL);
	foreign("theirs", "3");
	setenv("FAKE_VANISH", "lock", 1);
	CHECK_EQ(0, enter());
	CHECK(rtmr.ours);
	leave();
	stop();
}

static void an_index_never_free_is_given_up(void)
{
	start(ALL);
	setenv("FAKE_TAKEN", "100000", 1);
	CHECK_EQ(-EAGAIN, enter());
	CHECK(strstr(err.text, "come and go"));
	CHECK(!exists("rtmrs/mine"));
	CHECK_EQ(-1, rtmr.dir);
	/* leaving what was never entered does nothing */
	CHECK_EQ(0, tsm_rtmr_leave(&rtmr, &err));
	stop();
}

static void a_lock_that_is_never_free_is_given_up(void)
{
	int fd;

	start(ALL);
	foreign("theirs", "3");
	fd = open(file("rtmrs/theirs"), O_RDONLY);
	CHECK_EQ(0, flock(fd, LOCK_EX));
	setenv("FAKE_HURRY", "1", 1);
	CHECK_EQ(-ETIMEDOUT, enter());
	CHECK(strstr(err.text, "/theirs: another program has had its lock"));
	CHECK_EQ(-1, rtmr.dir);
	close(fd);
	CHECK_EQ(0, enter());
	leave();
	stop();
}

static void a_lock_of_what_is_removed_is_not_waited_for(void)
{
	int fd;

	start(ALL);
	foreign("theirs", "3");
	fd = open(file("rtmrs/theirs"), O_RDONLY);
	CHECK_EQ(0, flock(fd, LOCK_EX));
	setenv("FAKE_VANISH", "lock", 1);
	CHECK_EQ(0, enter());
	CHECK(rtmr.ours);
	leave();
	close(fd);
	stop();
}

static void a_new_entry_locked_by_another_is_replaced(void)
{
	start(ALL);
	setenv("FAKE_CATCH", "99", 1);
	/* no lock is waited for */
	setenv("FAKE_HURRY", "1", 1);
	CHECK_EQ(0, enter());
	CHECK(rtmr.ours);
	leave();
	stop();
	start(ALL);
	setenv("FAKE_CATCH", "100", 1);
	CHECK_EQ(-ETIMEDOUT, enter());
	CHECK(strstr(err.text, "takes the lock of each new entry"));
	CHECK(!exists("rtmrs/mine"));
	CHECK_EQ(-1, rtmr.dir);
	stop();
}

static void entering_fails_as_the_kernel_does(void)
{
	start("tee,sysfs");
	CHECK_EQ(-EOPNOTSUPP, enter());
	CHECK(strstr(err.text, ROOT));
	stop();
	start(ALL);
	setenv("FAKE_MKDIR", "6", 1);
	CHECK_EQ(-ENXIO, enter());
	stop();
	start(ALL);
	setenv("FAKE_MKDIR", "13", 1);
	CHECK_EQ(-EACCES, enter());
	stop();
}

static void event_data_are_recorded(void)
{
	start(ALL);
	CHECK_EQ(0, enter());
	CHECK_EQ(0, tsm_rtmr_measure(&rtmr, &hello, &done, &err));
	CHECK(done.recorded);
	check_values();
	CHECK(logged("configfs 3 0xd " HELLO " 68656c6c6f\n"));
	CHECK_EQ(1, extends());
	leave();
	stop();
}

static void a_foreign_entry_stays_as_it_was(void)
{
	start(ALL);
	foreign("theirs", "3");
	write_file("attr/theirs.event_type", "0x00000005");
	CHECK_EQ(0, enter());
	CHECK_EQ(5, rtmr.event_type);
	CHECK_EQ(0, tsm_rtmr_measure(&rtmr, &hello, &done, &err));
	CHECK(logged("configfs 3 0xd " HELLO " 68656c6c6f\n"));
	leave();
	CHECK_EQ(5, number_in("attr/theirs.event_type"));
	stop();
}

/* Kernels that drop event data when told so, and when given too much. */
static const char *const kernels[] = { ALL, NO_DROP };

/* In an entry of somebody else, with event data of who was killed. Whoever
 * extends next must not have ours, or those, recorded with it. */
static void fail_to_measure(const char *has, const char *setting,
			    const char *value, int want)
{
	start(has);
	foreign("theirs", "3");
	write_file("attr/theirs.event", "stale");
	setenv(setting, value, 1);
	CHECK_EQ(0, enter());
	CHECK_EQ(want, tsm_rtmr_measure(&rtmr, &hello, &done, &err));
	CHECK(!done.recorded && !done.has_after);
	CHECK_EQ(0, extends());
	CHECK(!exists("attr/theirs.event"));
}

static void measure_fails_as_the_kernel_does(void)
{
	static const int errors[] = {
		EINVAL, EPERM, EINTR, ENOSPC, ENOMEM, EBUSY, ENXIO, EIO,
	};
	char number[8];
	size_t i;

	for (i = 0; i < 2 * sizeof(errors) / sizeof(errors[0]); i++) {
		snprintf(number, sizeof(number), "%d", errors[i / 2]);
		fail_to_measure(kernels[i % 2], "FAKE_ERRNO", number,
				-errors[i / 2]);
		CHECK(strstr(err.text, "/measure: "));
		leave();
		stop();
	}
}

static void no_memory_leaves_no_event_data(void)
{
	static const char *const at[] = { "event_type", "event", "measure" };
	size_t i;

	for (i = 0; i < 2 * sizeof(at) / sizeof(at[0]); i++) {
		fail_to_measure(kernels[i % 2], "FAKE_NOMEM", at[i / 2],
				-ENOMEM);
		CHECK(strstr(err.text, at[i / 2]));
		CHECK_EQ(0, attempts());
		leave();
		stop();
	}
}

static void disturbed_event_data_may_be_tried_again(void)
{
	static const char *const how[] = { "FAKE_MEDDLE", "FAKE_FORGET" };
	size_t i;

	for (i = 0; i < 4; i++) {
		fail_to_measure(kernels[i % 2], how[i / 2], "1", -EAGAIN);
		CHECK_EQ(0, tsm_rtmr_measure(&rtmr, &hello, &done, &err));
		CHECK_EQ(1, extends());
		leave();
		stop();
	}
}

static void dropping_is_no_attempt(void)
{
	start(ALL);
	foreign("theirs", "3");
	setenv("FAKE_ERRNO", "28", 1);
	CHECK_EQ(0, enter());
	CHECK_EQ(-ENOSPC, tsm_rtmr_measure(&rtmr, &hello, &done, &err));
	leave();
	CHECK_EQ(28, number_in("attr/theirs.last_errno"));
	stop();
}

static void an_entry_that_is_gone_may_be_tried_again(void)
{
	static const char *const at[] = { "event_type", "event", "measure" };
	size_t i;

	for (i = 0; i < 3; i++) {
		start(ALL);
		foreign("theirs", "3");
		CHECK_EQ(0, enter());
		setenv("FAKE_VANISH", at[i], 1);
		CHECK_EQ(-EAGAIN, tsm_rtmr_measure(&rtmr, &hello, &done, &err));
		CHECK(strstr(err.text, "somebody removed it"));
		CHECK_EQ(0, extends());
		leave();
		CHECK_EQ(0, enter());
		CHECK(rtmr.ours);
		CHECK_EQ(0, tsm_rtmr_measure(&rtmr, &hello, &done, &err));
		leave();
		stop();
	}
}

static void entries_without_event_data_are_told_apart(void)
{
	start(RFC);
	CHECK_EQ(0, enter());
	CHECK_EQ(-EOPNOTSUPP, tsm_rtmr_measure(&rtmr, &hello, &done, &err));
	CHECK_EQ(0, extends());
	CHECK_EQ(0, tsm_rtmr_digest(&rtmr, &hello, &done, &err));
	CHECK(logged("digest 3 0xc " HELLO " \n"));
	check_values();
	leave();
	stop();
}

static void a_digest_extends_alone(void)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		start(kernels[i]);
		foreign("theirs", "3");
		/* left by a program that was killed */
		write_file("attr/theirs.event", "stale");
		CHECK_EQ(0, enter());
		CHECK_EQ(0, tsm_rtmr_digest(&rtmr, &hello, &done, &err));
		CHECK(logged("digest 3 0xc " HELLO " \n"));
		CHECK(!done.recorded);
		check_values();
		leave();
		stop();
	}
}

static void a_digest_extends_alone_or_not_at_all(void)
{
	static const char *const at[] = { "measure", "event" };
	size_t i;

	for (i = 0; i < 2; i++) {
		start(kernels[i]);
		foreign("theirs", "3");
		write_file("attr/theirs.event", "stale");
		setenv("FAKE_NOMEM", at[i], 1);
		CHECK_EQ(0, enter());
		CHECK_EQ(-ENOMEM, tsm_rtmr_digest(&rtmr, &hello, &done, &err));
		CHECK_EQ(0, attempts());
		leave();
		stop();
	}
}

static void a_digest_that_fails_is_noticed(void)
{
	start(ALL);
	setenv("FAKE_ERRNO", "28", 1);
	CHECK_EQ(0, enter());
	CHECK_EQ(-ENOSPC, tsm_rtmr_digest(&rtmr, &hello, &done, &err));
	leave();
	stop();
	/* where there is no last_errno, the value tells */
	start(RFC);
	setenv("FAKE_ERRNO", "28", 1);
	CHECK_EQ(0, enter());
	CHECK_EQ(-ECANCELED, tsm_rtmr_digest(&rtmr, &hello, &done, &err));
	leave();
	stop();
}

static void a_digest_that_is_lost_is_noticed(void)
{
	static const char *const has[] = { ALL, RFC, ALL };
	static const char *const how[] = { "moved", "moved", "1" };
	size_t i;

	for (i = 0; i < 3; i++) {
		start(has[i]);
		setenv("FAKE_LOSE", how[i], 1);
		CHECK_EQ(0, enter());
		CHECK_EQ(-ENOTRECOVERABLE,
			 tsm_rtmr_digest(&rtmr, &hello, &done, &err));
		CHECK(strstr(err.text, "nobody can tell"));
		CHECK(done.has_after);
		CHECK_EQ(1, attempts());
		leave();
		stop();
	}
}

static void a_digest_for_an_entry_that_is_gone_is_not_written(void)
{
	start(ALL);
	foreign("theirs", "3");
	CHECK_EQ(0, enter());
	setenv("FAKE_VANISH", "digest", 1);
	CHECK_EQ(-EAGAIN, tsm_rtmr_digest(&rtmr, &hello, &done, &err));
	CHECK_EQ(0, extends());
	leave();
	stop();
}

static void the_value_is_read_now(void)
{
	uint8_t value[TSM_RTMR_SIZE];

	start(ALL);
	CHECK_EQ(0, enter());
	CHECK_EQ(0, tsm_extend_sysfs(SYSFS, &hello, &done, &err));
	CHECK_EQ(0, tsm_rtmr_value(&rtmr, value, &err));
	CHECK(!memcmp(value, done.after, sizeof(value)));
	leave();
	stop();
}

static void restoring_drops_event_data(void)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		start(kernels[i]);
		foreign("theirs", "3");
		CHECK_EQ(0, enter());
		write_file("attr/theirs.event", "ours");
		write_file("attr/theirs.event_type", "0x0000000d");
		tsm_rtmr_restore(rtmr.dir, rtmr.event_type);
		CHECK(!exists("attr/theirs.event"));
		CHECK_EQ(6, number_in("attr/theirs.event_type"));
		leave();
		stop();
	}
}

static const struct tap_test tests[] = {
	{ "an entry is made, locked against others, and removed",
	  an_entry_is_made_and_removed },
	{ "an entry that has the index is used, and stays",
	  an_entry_of_the_index_is_used },
	{ "an index that somebody takes first is tried again",
	  an_index_taken_is_tried_again },
	{ "an entry that is removed while we wait for its lock is not used",
	  an_entry_removed_under_its_lock_is_not_used },
	{ "an index that is never free is given up, with nothing left",
	  an_index_never_free_is_given_up },
	{ "a lock that is never free is ETIMEDOUT after half a minute",
	  a_lock_that_is_never_free_is_given_up },
	{ "the lock of an entry that is removed is not waited for",
	  a_lock_of_what_is_removed_is_not_waited_for },
	{ "a new entry that somebody locks first is replaced, a hundred times",
	  a_new_entry_locked_by_another_is_replaced },
	{ "entering fails as the kernel does",
	  entering_fails_as_the_kernel_does },
	{ "event data are recorded with digest and type",
	  event_data_are_recorded },
	{ "an entry of somebody else keeps its event type",
	  a_foreign_entry_stays_as_it_was },
	{ "a measure that fails has the kernel's errno, and leaves no event data",
	  measure_fails_as_the_kernel_does },
	{ "no memory in between is ENOMEM, and leaves no event data",
	  no_memory_leaves_no_event_data },
	{ "event data replaced or lost are EAGAIN, with nothing extended or left",
	  disturbed_event_data_may_be_tried_again },
	{ "last_errno is about the measure, not about what is dropped after it",
	  dropping_is_no_attempt },
	{ "an entry that vanishes is EAGAIN, with nothing extended",
	  an_entry_that_is_gone_may_be_tried_again },
	{ "entries of the kernel proposal take a digest alone",
	  entries_without_event_data_are_told_apart },
	{ "a digest is not recorded with what somebody left pending",
	  a_digest_extends_alone },
	{ "a digest is not written where that cannot be made sure",
	  a_digest_extends_alone_or_not_at_all },
	{ "the error of a digest is not lost", a_digest_that_fails_is_noticed },
	{ "a digest that configfs lost is ENOTRECOVERABLE",
	  a_digest_that_is_lost_is_noticed },
	{ "a digest is not written to an entry that is gone",
	  a_digest_for_an_entry_that_is_gone_is_not_written },
	{ "the value of an entry is that of now", the_value_is_read_now },
	{ "restoring an entry drops event data, and their type",
	  restoring_drops_event_data },
};

TAP_MAIN(tests)
