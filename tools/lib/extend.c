// SPDX-License-Identifier: MIT
/* Extending a register by its digest alone: through sysfs, and by ioctl. */
#include "lib_private.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/tdx-guest.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEVICE	"/dev/tdx_guest"

int tsm_rtmr_hash(const void *data, size_t len, uint8_t digest[TSM_RTMR_SIZE])
{
	tsm_sha384(data, len, digest);
	return 0;
}

int tsm_rtmr_next(const uint8_t value[TSM_RTMR_SIZE],
		  const uint8_t digest[TSM_RTMR_SIZE],
		  uint8_t next[TSM_RTMR_SIZE])
{
	uint8_t both[2 * TSM_RTMR_SIZE];

	memcpy(both, value, TSM_RTMR_SIZE);
	memcpy(both + TSM_RTMR_SIZE, digest, TSM_RTMR_SIZE);
	tsm_sha384(both, sizeof(both), next);
	return 0;
}

static bool read_register(const char *path, uint8_t value[TSM_RTMR_SIZE])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, value, TSM_RTMR_SIZE);
	close(fd);
	return n == TSM_RTMR_SIZE;
}

static int write_register(const char *path, const uint8_t *digest,
			  struct tsm_error *err)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), ret = 0;
	ssize_t n;

	if (fd < 0 && errno == ENOENT)
		return tsm_error_set(err, -EOPNOTSUPP, "%s: there is none",
				     path);
	if (fd < 0)
		return tsm_error_set(err, -errno, "%s: %s", path,
				     strerror(errno));
	n = write(fd, digest, TSM_RTMR_SIZE);
	if (n < 0)
		ret = tsm_error_set(err, -errno, "%s: %s", path,
				    strerror(errno));
	else if (n != TSM_RTMR_SIZE)
		ret = tsm_error_set(err, -ENOTRECOVERABLE,
				    "%s: the kernel took %zd of %d bytes", path,
				    n, TSM_RTMR_SIZE);
	close(fd);
	return ret;
}

int tsm_extend_sysfs(const char *dir, const struct tsm_extend *extend,
		     struct tsm_extended *done, struct tsm_error *err)
{
	char path[256];
	int len = snprintf(path, sizeof(path), "%s/rtmr%u:sha384", dir,
			   extend->index);
	int ret;

	memset(done, 0, sizeof(*done));
	if (len < 0 || (size_t)len >= sizeof(path))
		return tsm_error_set(err, -ENAMETOOLONG, "%s: %s", dir,
				     strerror(ENAMETOOLONG));
	done->has_before = read_register(path, done->before);
	ret = write_register(path, extend->digest, err);
	if (!ret)
		done->has_after = read_register(path, done->after);
	return ret;
}

static bool read_tdreport(unsigned int index, uint8_t value[TSM_RTMR_SIZE])
{
	static const uint8_t reportdata[TSM_TDX_REPORTDATA_SIZE];
	struct tsm_tdx_report report;

	if (tsm_tdreport_get(reportdata, &report, NULL))
		return false;
	memcpy(value, report.td.rtmr[index], TSM_RTMR_SIZE);
	return true;
}

/* Intel's headers and its library did not agree on the direction bits. */
static int call_extend(int fd, const struct tsm_extend *extend)
{
	struct tdx_extend_rtmr_req req = { .index = (__u8)extend->index };

	memcpy(req.data, extend->digest, sizeof(req.data));
	if (!ioctl(fd, TDX_CMD_EXTEND_RTMR, &req))
		return 0;
	/* ENOTTY says that no driver looked at it; nothing else may be tried
	 * twice */
	if (errno == ENOTTY && !ioctl(fd, TDX_CMD_EXTEND_RTMR_V3, &req))
		return 0;
	return -errno;
}

int tsm_extend_ioctl(const struct tsm_extend *extend,
		     struct tsm_extended *done, struct tsm_error *err)
{
	int fd, ret;

	memset(done, 0, sizeof(*done));
	fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return tsm_error_set(err, errno == ENOENT ? -EOPNOTSUPP :
				     -errno, DEVICE ": %s", strerror(errno));
	done->has_before = read_tdreport(extend->index, done->before);
	ret = call_extend(fd, extend);
	close(fd);
	if (ret == -ENOTTY)
		return tsm_error_set(err, -EOPNOTSUPP,
				     DEVICE ": the driver does not know TDX_CMD_EXTEND_RTMR");
	if (ret)
		return tsm_error_set(err, ret,
				     DEVICE ": TDX_CMD_EXTEND_RTMR: %s",
				     strerror(-ret));
	done->has_after = read_tdreport(extend->index, done->after);
	return 0;
}
