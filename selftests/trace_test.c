// SPDX-License-Identifier: MIT
/*
 * Tracepoints tsm_guest_extend and tsm_guest_report: an event for each attempt,
 * refused ones too, with what was asked and what became of it.
 */
#include <sys/mount.h>

#include "kselftest_harness.h"

#include "eventlog.h"
#include "rtmrs.h"

#define TRACEFS		"/sys/kernel/tracing"
#define INSTANCE	TRACEFS "/instances/ksft-tsm-guest"
#define TEXT_LEN	65536

/* A trace of our own, so that nobody else's is disturbed. */
FIXTURE(trace)
{
	struct entry entry;
	uint8_t digest[RTMR_LEN];
	char hex[2 * RTMR_LEN + 1];
	char text[TEXT_LEN];
};

/* Why there is no tracing, or NULL. */
static const char *trace_start(void)
{
	if (access(TRACEFS, F_OK))
		return "no " TRACEFS ": the kernel has no tracing";
	if (access(TRACEFS "/events", F_OK) &&
	    mount("tracefs", TRACEFS, "tracefs", 0, NULL))
		return "cannot mount tracefs";
	rmdir(INSTANCE);
	if (mkdir(INSTANCE, 0700))
		return "the kernel has no instances of traces";
	return NULL;
}

FIXTURE_SETUP(trace)
{
	const char *missing;

	SKIP_WITHOUT_EMULATOR();
	if (!driver_is_tsm_guest())
		SKIP(return, "mainline has other tracepoints");
	missing = trace_start();
	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, emu_reset());
	rtmrs_sweep();
	ASSERT_EQ(0, rtmr_make_for(&self->entry, "ksft-trace", 3));
	digest_make(self->digest, getpid(), 1);
	bytes_to_hex(self->hex, self->digest, RTMR_LEN);
	/*
	 * Without names of tasks: for these the kernel patches its scheduler, and
	 * an emulated CPU now and then runs into what is half patched.
	 */
	ASSERT_EQ(0, file_write(INSTANCE "/trace_options",
				 "norecord-cmd"));
	ASSERT_EQ(0, file_write(INSTANCE "/events/tsm_guest/enable", "1"));
}

FIXTURE_TEARDOWN(trace)
{
	EXPECT_EQ(0, emu_reset());
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_EQ(0, file_write(INSTANCE "/events/tsm_guest/enable", "0"));
	EXPECT_EQ(0, rmdir(INSTANCE));
}

/* How many events of that name the trace has; @self->text has them. */
static int count_events(FIXTURE_DATA(trace) *self, const char *name)
{
	char word[64];
	const char *at;
	ssize_t len;
	int count = 0;

	len = file_read(INSTANCE "/trace", self->text, TEXT_LEN - 1);
	if (len < 0)
		return len;
	self->text[len] = '\0';
	snprintf(word, sizeof(word), "%s: ", name);
	for (at = self->text; (at = strstr(at, word)); at++)
		count++;
	return count;
}

/* An open for writing that truncates empties a trace. */
static int trace_clear(void)
{
	int fd = open(INSTANCE "/trace", O_WRONLY | O_TRUNC | O_CLOEXEC);

	return fd < 0 ? -errno : close(fd);
}

/* True if the one event is as told; the trace is empty then. */
static bool is_extend(FIXTURE_DATA(trace) *self, const char *expected,
		      const char *hex)
{
	char line[512];

	snprintf(line, sizeof(line), "tsm_guest_extend: %s digest=%s\n",
		 expected, hex);
	return count_events(self, "tsm_guest_extend") == 1 &&
	       strstr(self->text, line) && !trace_clear();
}

#define EXPECT_EXTEND(expected)						\
	do {								\
		EXPECT_TRUE(is_extend(self, expected, self->hex))	\
			TH_LOG("the trace: %s", self->text);		\
	} while (0)

TEST_F(trace, has_an_event_for_an_extend_by_each_path)
{
	EXPECT_EQ(0, sysfs_extend(0, self->digest, RTMR_LEN));
	EXPECT_EXTEND("rtmr0 path=sysfs event_type=0xc event_len=0 error=0");
	EXPECT_EQ(0, ioctl_extend(EXTEND_RTMR, 2, self->digest));
	EXPECT_EXTEND("rtmr2 path=ioctl event_type=0xc event_len=0 error=0");
	EXPECT_EQ(0, rtmr_write_digest(&self->entry, self->digest, RTMR_LEN));
	EXPECT_EXTEND("rtmr3 path=configfs event_type=0xc event_len=0 error=0");
	ASSERT_EQ(0, entry_set(&self->entry, "event_type", "0x80000001"));
	ASSERT_EQ(0, entry_set(&self->entry, "event", "12345"));
	EXPECT_EQ(0, rtmr_write_digest(&self->entry, self->digest, RTMR_LEN));
	EXPECT_EXTEND("rtmr3 path=configfs event_type=0x80000001 event_len=5 error=0");
}

TEST_F(trace, has_the_digest_that_was_measured)
{
	uint8_t digest[RTMR_LEN];

	ASSERT_EQ(0, entry_set(&self->entry, "event", "abc"));
	EXPECT_EQ(0, entry_set(&self->entry, "measure", "1"));
	sha384("abc", 3, digest);
	bytes_to_hex(self->hex, digest, RTMR_LEN);
	EXPECT_EXTEND("rtmr3 path=configfs event_type=0x6 event_len=3 error=0");
}

TEST_F_TIMEOUT(trace, has_the_error_of_a_refused_extend, 60)
{
	EXPECT_EQ(-EINVAL, ioctl_extend(EXTEND_RTMR, 200, self->digest));
	EXPECT_EXTEND("rtmr200 path=ioctl event_type=0xc event_len=0 error=-22");
	EXPECT_EQ(-EPERM, ioctl_extend(EXTEND_RTMR, 1, self->digest));
	EXPECT_EXTEND("rtmr1 path=ioctl event_type=0xc event_len=0 error=-1");
	ASSERT_EQ(0, driver_set("log_max_kb", "0"));
	EXPECT_EQ(-ENOSPC, sysfs_extend(3, self->digest, RTMR_LEN));
	EXPECT_EXTEND("rtmr3 path=sysfs event_type=0xc event_len=0 error=-28");
	ASSERT_EQ(0, driver_set("log_max_kb", LOG_ROOM_KB));
	ASSERT_EQ(0, emu_set("rtmr_status", FATAL_STATUS));
	EXPECT_EQ(-EIO, rtmr_write_digest(&self->entry, self->digest,
					  RTMR_LEN));
	EXPECT_EXTEND("rtmr3 path=configfs event_type=0xc event_len=0 error=-5");
	ASSERT_EQ(0, emu_set("rtmr_status", OPERAND_INVALID_RDX));
	EXPECT_EQ(-ENXIO, sysfs_extend(2, self->digest, RTMR_LEN));
	EXPECT_EXTEND("rtmr2 path=sysfs event_type=0xc event_len=0 error=-6");
	ASSERT_EQ(0, emu_set("rtmr_status", "0"));
	ASSERT_EQ(0, emu_set("rtmr_busy", "-1"));
	EXPECT_EQ(-EBUSY, sysfs_extend(2, self->digest, RTMR_LEN));
	EXPECT_EXTEND("rtmr2 path=sysfs event_type=0xc event_len=0 error=-16");
}

TEST_F(trace, has_an_event_for_a_report_and_for_one_that_failed)
{
	static uint8_t out[BLOB_MAX];
	struct entry report;
	char line[256];
	ssize_t len;

	ASSERT_EQ(0, entry_renew(&report, "ksft-trace"));
	ASSERT_EQ(0, entry_ask(&report, out, NONCE_LEN));
	ASSERT_EQ(0, entry_ask(&report, out, NONCE_LEN));
	ASSERT_EQ(0, emu_set("quote_status", QUOTE_UNAVAILABLE));
	EXPECT_EQ(-EHOSTUNREACH, entry_read(&report, "outblob", out,
					    BLOB_MAX));
	EXPECT_EQ(1, count_events(self, "tsm_guest_report"));
	EXPECT_NE(NULL, strstr(self->text, "tsm_guest_report: generation=2 "
			       "inblob_len=64 outblob_len=0 error=-113\n"))
		TH_LOG("the trace: %s", self->text);
	ASSERT_EQ(0, emu_set("quote_status", "0"));
	len = entry_read(&report, "outblob", out, BLOB_MAX);
	ASSERT_LT(0, len);
	EXPECT_EQ(2, count_events(self, "tsm_guest_report"));
	snprintf(line, sizeof(line), "tsm_guest_report: generation=2 "
		 "inblob_len=64 outblob_len=%zd error=0\n", len);
	EXPECT_NE(NULL, strstr(self->text, line))
		TH_LOG("the trace: %s", self->text);
	/* who reads it again is not answered anew */
	EXPECT_EQ(len, entry_read(&report, "outblob", out, BLOB_MAX));
	EXPECT_EQ(2, count_events(self, "tsm_guest_report"));
	EXPECT_EQ(0, entry_remove(&report));
}

/* What a program finds without the text: names, sizes and signs of fields. */
TEST_F(trace, has_fields_that_programs_can_find)
{
	static const struct {
		const char *event;
		const char *field;
	} fields[] = {
		{ "extend", "unsigned int index;" },
		{ "extend", "u32 event_type;" },
		{ "extend", "int error;" },
		{ "extend", "u8 digest[48];" },
		{ "report", "unsigned long generation;" },
		{ "report", "int error;" },
	};
	char path[PATH_LEN];
	ssize_t len;
	int i;

	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		snprintf(path, sizeof(path), TRACEFS
			 "/events/tsm_guest/tsm_guest_%s/format",
			 fields[i].event);
		len = file_read(path, self->text, TEXT_LEN - 1);
		ASSERT_LT(0, len);
		self->text[len] = '\0';
		EXPECT_NE(NULL, strstr(self->text, fields[i].field))
			TH_LOG("%s: %s", fields[i].field, self->text);
	}
}

TEST_HARNESS_MAIN
