/* SPDX-License-Identifier: MIT */
/*
 * The emulated host's knobs and counters, and the driver's own parameters.
 */
#ifndef SELFTESTS_EMU_H
#define SELFTESTS_EMU_H

#include <time.h>

#include "report.h"

#define EMU_PARAMS	"/sys/module/tsm_emu/parameters"
#define DRIVER_PARAMS	"/sys/module/tsm_guest/parameters"

/* No test measures time: after so long a thing is given up for lost. */
#define PATIENCE_S	20

/* All tests of a boot write to the same runtime event log. */
#define LOG_ROOM_KB	"32768"

/* GHCI: values of the GetQuote status word, and of R10. */
#define QUOTE_ERROR		"0x8000000000000000"
#define QUOTE_UNAVAILABLE	"0x8000000000000001"
#define R10_RETRY		"1"

static __maybe_unused bool emu_present(void)
{
	return !access(EMU_PARAMS, F_OK);
}

#define SKIP_WITHOUT_EMULATOR()						\
	do {								\
		if (!emu_present())					\
			SKIP(return, "no emulated host: tsm_emu.ko is not loaded"); \
	} while (0)

static __maybe_unused int emu_set(const char *knob, const char *value)
{
	char path[PATH_LEN];

	snprintf(path, sizeof(path), EMU_PARAMS "/%s", knob);
	return file_write(path, value);
}

static __maybe_unused long emu_stat(const char *name)
{
	char path[PATH_LEN];

	snprintf(path, sizeof(path), EMU_PARAMS "/%s", name);
	return file_read_long(path);
}

static __maybe_unused const char *emu_last_violation(void)
{
	static char text[256];
	ssize_t len;

	len = file_read(EMU_PARAMS "/last_violation", text, sizeof(text) - 1);
	text[len > 0 ? len : 0] = '\0';
	return text;
}

static __maybe_unused int driver_set(const char *param, const char *value)
{
	char path[PATH_LEN];

	snprintf(path, sizeof(path), DRIVER_PARAMS "/%s", param);
	return file_write(path, value);
}

static __maybe_unused long driver_stat(const char *param)
{
	char path[PATH_LEN];

	snprintf(path, sizeof(path), DRIVER_PARAMS "/%s", param);
	return file_read_long(path);
}

static __maybe_unused void nap(void)
{
	const struct timespec ms = { .tv_nsec = 1000000 };

	nanosleep(&ms, NULL);
}

/* The host was never handed a private page, a wrong mask or the like. */
#define EXPECT_NO_VIOLATION_SINCE(before)				\
	do {								\
		const long now = emu_stat("stat_violations");		\
									\
		EXPECT_EQ(before, now);					\
		if (now != (before))					\
			TH_LOG("the host saw: %s", emu_last_violation()); \
	} while (0)

/* True once @stat has @value; false if it has not after a long while. */
static __maybe_unused bool stat_reaches(long (*stat)(const char *name),
					const char *name, long value)
{
	time_t end = time(NULL) + PATIENCE_S;

	while (stat(name) != value) {
		if (time(NULL) > end)
			return false;
		nap();
	}
	return true;
}

static __maybe_unused bool emu_reaches(const char *name, long value)
{
	return stat_reaches(emu_stat, name, value);
}

/*
 * An honest host that holds nothing back, whatever the last test asked of it:
 * knobs first, so that nothing new is held while the old is let go.
 */
static __maybe_unused int emu_reset(void)
{
	static const char *const knobs[][2] = {
		{ "quote_never", "0" },
		{ "quote_status", "0" },
		{ "quote_out_len", "-1" },
		{ "quote_retry", "0" },
		{ "quote_r10", "0" },
		{ "quote_sync", "0" },
		{ "quote_torn_us", "0" },
		{ "quote_relapse_us", "0" },
		{ "quote_mutate_ms", "0" },
		{ "quote_inflight_max", "16" },
		{ "quote_size", "0" },
		{ "quote_v", "4" },
		{ "quote_delays", "\n" },
		{ "quote_delay_ms", "20" },
		{ "tdreport_busy", "0" },
		{ "tdreport_status", "0" },
		{ "rtmr_busy", "0" },
		{ "rtmr_status", "0" },
		{ "verify_status", "0" },
		{ "convert_fail", "0" },
		{ "quote_release", "1" },
	};
	unsigned int i;
	int ret;

	if (!emu_present())
		return 0;
	for (i = 0; i < sizeof(knobs) / sizeof(knobs[0]); i++) {
		ret = emu_set(knobs[i][0], knobs[i][1]);
		if (ret)
			return ret;
	}
	if (!emu_reaches("stat_inflight", 0))
		return -ETIMEDOUT;
	if (!driver_is_tsm_guest())
		return 0;
	ret = driver_set("quote_timeout_ms", "30000");
	return ret ? ret : driver_set("log_max_kb", LOG_ROOM_KB);
}

#endif /* SELFTESTS_EMU_H */
