/* SPDX-License-Identifier: MIT */
/*
 * Measurement registers for the tests: what they hold, by which way one asks,
 * and the ways to extend them.
 */
#ifndef SELFTESTS_REGISTERS_H
#define SELFTESTS_REGISTERS_H

#include <sys/ioctl.h>

#include "emu.h"
#include "report.h"
#include "sha384.h"

/* Where mainline 6.16 puts them: the misc device of its driver. */
#define MEASUREMENTS	"/sys/devices/virtual/misc/tdx_guest/measurements"
#define TDX_DEVICE	"/dev/tdx_guest"

/* Intel TDX module base specification: RTMRs, and where TDREPORT has them. */
#define RTMRS		4
#define RTMR_LEN	48
#define TDREPORT_LEN	1024
#define TDREPORT_DATA	128
#define TDREPORT_RTMR(n) (720 + RTMR_LEN * (n))

/* Completion statuses in RAX, Intel TDX module ABI specification. */
#define OPERAND_INVALID_RDX	"0xc000010000000002"
#define OPERAND_IS_BUSY		"0x80000200000000a8"
#define FATAL_STATUS		"0xc000070000000000"

/* Spelt out, for the numbers are the ABI: mainline's, then Intel's. */
#define GET_REPORT0		0xc4405401
#define EXTEND_RTMR		0x80315403	/* _IOR('T', 3, 49) */
#define EXTEND_RTMR_V3		0x40315403	/* _IOW('T', 3, 49) */

struct report_request {
	uint8_t reportdata[NONCE_LEN];
	uint8_t tdreport[TDREPORT_LEN];
};

struct extend_request {
	uint8_t data[RTMR_LEN];
	uint8_t index;
};

/* What the registers hold, or held. */
struct registers {
	uint8_t rtmr[RTMRS][RTMR_LEN];
};

static __maybe_unused bool measurements_present(void)
{
	return !access(MEASUREMENTS, F_OK);
}

#define SKIP_WITHOUT_MEASUREMENTS()					\
	do {								\
		if (!measurements_present())				\
			SKIP(return, "no " MEASUREMENTS ": load a driver; " \
			     "Linux has had one with it since 6.16");	\
	} while (0)

static __maybe_unused const char *register_path(const char *name)
{
	static char path[PATH_LEN];

	snprintf(path, sizeof(path), MEASUREMENTS "/%s", name);
	return path;
}

static __maybe_unused const char *rtmr_path(unsigned int index)
{
	static char path[PATH_LEN];

	snprintf(path, sizeof(path), MEASUREMENTS "/rtmr%u:sha384", index);
	return path;
}

static __maybe_unused int device_ioctl(unsigned int command, void *arg)
{
	int fd = open(TDX_DEVICE, O_RDWR | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	ret = ioctl(fd, command, arg) ? -errno : 0;
	close(fd);
	return ret;
}

/* By TDREPORT: the driver looks at the registers, too. */
static __maybe_unused int registers_report(struct registers *registers)
{
	struct report_request req = { 0 };
	int ret = device_ioctl(GET_REPORT0, &req);

	if (!ret)
		memcpy(registers, req.tdreport + TDREPORT_RTMR(0),
		       sizeof(*registers));
	return ret;
}

static __maybe_unused bool bytes_from_hex(uint8_t *bytes, const char *text,
					  size_t len)
{
	unsigned int byte;
	size_t i;

	for (i = 0; i < len; i++) {
		if (sscanf(text + 2 * i, "%2x", &byte) != 1)
			return false;
		bytes[i] = byte;
	}
	return true;
}

static __maybe_unused void bytes_to_hex(char *text, const uint8_t *bytes,
					size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		sprintf(text + 2 * i, "%02x", bytes[i]);
	text[2 * len] = '\0';
}

/* From the emulated TDX module itself: the driver does not notice. */
static __maybe_unused int registers_peek(struct registers *registers)
{
	char path[PATH_LEN], text[2 * RTMR_LEN + 2];
	unsigned int i;
	ssize_t len;

	for (i = 0; i < RTMRS; i++) {
		snprintf(path, sizeof(path), EMU_PARAMS "/rtmr%u", i);
		len = file_read(path, text, sizeof(text) - 1);
		if (len < 2 * RTMR_LEN)
			return len < 0 ? len : -EIO;
		text[len] = '\0';
		if (!bytes_from_hex(registers->rtmr[i], text, RTMR_LEN))
			return -EIO;
	}
	return 0;
}

/* RTMR = SHA-384(RTMR || digest), TDG.MR.RTMR.EXTEND. */
static __maybe_unused void rtmr_extend(uint8_t rtmr[RTMR_LEN],
				       const uint8_t digest[RTMR_LEN])
{
	uint8_t both[2 * RTMR_LEN];

	memcpy(both, rtmr, RTMR_LEN);
	memcpy(both + RTMR_LEN, digest, RTMR_LEN);
	sha384(both, sizeof(both), rtmr);
}

/* Something else in the guest extends the register, past the driver. */
static __maybe_unused int rtmr_extend_foreign(unsigned int index,
					      const uint8_t digest[RTMR_LEN])
{
	char text[2 + 2 * RTMR_LEN + 1];

	snprintf(text, sizeof(text), "%u ", index);
	bytes_to_hex(text + 2, digest, RTMR_LEN);
	return emu_set("rtmr_foreign", text);
}

/* One open, one write, one close. */
static __maybe_unused int file_put(const char *path, const void *data,
				   size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = 0;
	ssize_t ret;

	if (fd < 0)
		return -errno;
	ret = write(fd, data, len);
	if (ret < 0)
		err = -errno;
	else if ((size_t)ret != len)
		err = -EIO;
	close(fd);
	return err;
}

static __maybe_unused int sysfs_extend(unsigned int index, const void *data,
				       size_t len)
{
	return file_put(rtmr_path(index), data, len);
}

static __maybe_unused int ioctl_extend(unsigned int command,
				       unsigned int index,
				       const uint8_t digest[RTMR_LEN])
{
	struct extend_request req = { .index = index };

	memcpy(req.data, digest, RTMR_LEN);
	return device_ioctl(command, &req);
}

/* A digest tells, like a nonce, its owner and its number. */
static __maybe_unused void digest_make(uint8_t digest[RTMR_LEN],
				       uint32_t owner, uint32_t number)
{
	uint8_t nonce[NONCE_LEN];

	nonce_make(nonce, owner, number);
	memcpy(digest, nonce, RTMR_LEN);
}

/* True if digest_make() made it; then @owner and @number are set. */
static __maybe_unused bool digest_is_ours(const uint8_t digest[RTMR_LEN],
					  uint32_t *owner, uint32_t *number)
{
	uint8_t expected[RTMR_LEN];

	memcpy(owner, digest, sizeof(*owner));
	memcpy(number, digest + 4, sizeof(*number));
	digest_make(expected, *owner, *number);
	return !memcmp(digest, expected, RTMR_LEN);
}

#define EXPECT_SAME_REGISTERS(a, b)					\
	EXPECT_EQ(0, memcmp(a, b, sizeof(struct registers)))

#endif /* SELFTESTS_REGISTERS_H */
