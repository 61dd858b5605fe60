// SPDX-License-Identifier: MIT
/*
 * How the library extends registers by sysfs and ioctl: the exact error of all
 * that can go wrong, and that nothing is extended twice. The kernel is the one
 * of fake_rtmrs.h, inside this program.
 */
#include "extend_fixture.h"

#define SYSFS	"/sys/class/misc/tdx_guest/measurements"

static void hashes_are_sha384(void)
{
	/* FIPS 180-4: SHA-384 of "abc" begins so */
	static const uint8_t abc[] = { 0xcb, 0x00, 0x75, 0x3f, 0x45, 0xa3 };
	static const uint8_t zero[TSM_RTMR_SIZE];
	uint8_t digest[TSM_RTMR_SIZE], next[TSM_RTMR_SIZE];
	uint8_t zeros[2 * TSM_RTMR_SIZE] = { 0 };

	CHECK_EQ(0, tsm_rtmr_hash("abc", 3, digest));
	CHECK(!memcmp(digest, abc, sizeof(abc)));
	CHECK_EQ(0, tsm_rtmr_next(zero, zero, next));
	CHECK_EQ(0, tsm_rtmr_hash(zeros, sizeof(zeros), digest));
	CHECK(!memcmp(digest, next, sizeof(next)));
}

static void sysfs_extends(void)
{
	start(ALL);
	hello.index = 0;
	CHECK_EQ(0, tsm_extend_sysfs(SYSFS, &hello, &done, &err));
	CHECK(logged("sysfs 0 0xc " HELLO " \n"));
	CHECK(!done.recorded);
	check_values();
	hello.index = 3;
	stop();
}

static void sysfs_errors(void)
{
	static const int errors[] = {
		EINVAL, EPERM, EINTR, ENOSPC, ENOMEM, EBUSY, ENXIO, EIO,
	};
	char number[8];
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		start(ALL);
		snprintf(number, sizeof(number), "%d", errors[i]);
		setenv("FAKE_ERRNO", number, 1);
		CHECK_EQ(-errors[i],
			 tsm_extend_sysfs(SYSFS, &hello, &done, &err));
		CHECK(strstr(err.text, "rtmr3:sha384: "));
		CHECK(!done.has_after);
		CHECK_EQ(1, attempts());
		CHECK_EQ(0, extends());
		stop();
	}
}

static void sysfs_absent(void)
{
	start("tee");
	CHECK_EQ(-EOPNOTSUPP, tsm_extend_sysfs(SYSFS, &hello, &done, &err));
	CHECK(strstr(err.text, SYSFS));
	stop();
}

static void sysfs_short(void)
{
	start(ALL);
	setenv("FAKE_SHORT", "1", 1);
	CHECK_EQ(-ENOTRECOVERABLE,
		 tsm_extend_sysfs(SYSFS, &hello, &done, &err));
	CHECK(strstr(err.text, "24 of 48"));
	stop();
}

static void ioctl_extends(void)
{
	static const char *const has[] = { "tee,ioctl,report", "tee,v3" };
	static const char *const lines[] = {
		"ioctl 3 0xc " HELLO " \n", "v3 3 0xc " HELLO " \n",
	};
	size_t i;

	for (i = 0; i < 2; i++) {
		start(has[i]);
		CHECK_EQ(0, tsm_extend_ioctl(&hello, &done, &err));
		CHECK(logged(lines[i]));
		CHECK_EQ(1, extends());
		check_values();
		stop();
	}
}

static void ioctl_errors(void)
{
	static const int errors[] = {
		EPERM, EINVAL, EINTR, ENOSPC, ENOMEM, EBUSY, ENXIO, EIO, EFAULT,
	};
	char number[8];
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		/* an error of one encoding must not be tried with the other */
		start("tee,ioctl,v3");
		snprintf(number, sizeof(number), "%d", errors[i]);
		setenv("FAKE_ERRNO", number, 1);
		CHECK_EQ(-errors[i], tsm_extend_ioctl(&hello, &done, &err));
		CHECK(strstr(err.text, "TDX_CMD_EXTEND_RTMR"));
		CHECK_EQ(1, attempts());
		CHECK_EQ(0, extends());
		stop();
	}
	start("tee,report");
	CHECK_EQ(-EOPNOTSUPP, tsm_extend_ioctl(&hello, &done, &err));
	stop();
	start("tee");
	CHECK_EQ(-EOPNOTSUPP, tsm_extend_ioctl(&hello, &done, &err));
	stop();
}

static const struct tap_test tests[] = {
	{ "digests and values are SHA-384", hashes_are_sha384 },
	{ "sysfs extends any register, and tells before and after",
	  sysfs_extends },
	{ "what sysfs refuses has the kernel's errno", sysfs_errors },
	{ "no such file in sysfs is EOPNOTSUPP", sysfs_absent },
	{ "a digest taken in part is ENOTRECOVERABLE", sysfs_short },
	{ "the ioctl extends, in either encoding, once", ioctl_extends },
	{ "what the ioctl refuses has the kernel's errno and is not repeated",
	  ioctl_errors },
};

TAP_MAIN(tests)
