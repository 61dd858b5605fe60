// SPDX-License-Identifier: MIT
/* Keys that the firmware derives: SNP_GET_DERIVED_KEY of /dev/sev-guest. */
#include "lib_private.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sev-guest.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* What the driver leaves where a request did not get as far as the firmware. */
#define NOT_ASKED	0xff

/* @code: of the firmware, in place of a response or in one */
static int refused(struct tsm_error *err, uint32_t code)
{
	switch (code) {
	case TSM_SNP_STATUS_INVALID_PARAM:
		return tsm_error_set(err, -EINVAL,
				     TSM_SNP_DEVICE ": the firmware refused the request: 0x%x, invalid parameter",
				     code);
	case TSM_SNP_STATUS_INVALID_KEY:
		return tsm_error_set(err, -EINVAL,
				     TSM_SNP_DEVICE ": the firmware refused the request: 0x%x, it has no such root key",
				     code);
	}
	return tsm_error_set(err, -EIO,
			     TSM_SNP_DEVICE ": the firmware refused the request: 0x%x",
			     code);
}

static int failed(struct tsm_error *err, int error, uint64_t exitinfo2)
{
	const uint32_t firmware = (uint32_t)exitinfo2;
	const uint32_t host = (uint32_t)(exitinfo2 >> 32);

	if (error == EIO && host && exitinfo2 != UINT64_MAX)
		return tsm_error_set(err, -EIO,
				     TSM_SNP_DEVICE ": the host refused the request: 0x%x",
				     host);
	if (error == EIO && firmware && exitinfo2 != NOT_ASKED &&
	    exitinfo2 != UINT64_MAX)
		return refused(err, firmware);
	return tsm_error_set(err, -error,
			     TSM_SNP_DEVICE ": SNP_GET_DERIVED_KEY: %s",
			     strerror(error));
}

static int take_key(const struct tsm_snp_key_rsp *response, uint8_t *key,
		    struct tsm_error *err)
{
	static const uint8_t zero[TSM_SNP_DERIVED_KEY_SIZE];
	const uint32_t status = le32toh(response->status);

	if (status)
		return refused(err, status);
	if (!memcmp(response->derived_key, zero, sizeof(zero)))
		return tsm_error_set(err, -EIO,
				     TSM_SNP_DEVICE ": the key is all zero, although the driver reports success");
	memcpy(key, response->derived_key, TSM_SNP_DERIVED_KEY_SIZE);
	return 0;
}

int tsm_snp_key_derive(const struct tsm_snp_key_request *request,
		       uint8_t key[TSM_SNP_DERIVED_KEY_SIZE],
		       struct tsm_error *err)
{
	struct snp_derived_key_req req = {
		.root_key_select = request->root,
		.guest_field_select = request->fields,
		.vmpl = request->vmpl,
		.guest_svn = request->guest_svn,
		.tcb_version = request->tcb_version,
	};
	struct tsm_snp_key_rsp response = { .status = 0 };
	struct snp_guest_request_ioctl arg = {
		.msg_version = request->fields >>
			       TSM_SNP_KEY_FIELD_LAUNCH_MIT & 1 ? 2 : 1,
		.req_data = (uintptr_t)&req,
		.resp_data = (uintptr_t)&response,
	};
	int fd, ret;

	_Static_assert(sizeof(response) == sizeof(struct snp_derived_key_resp),
		       "not the response of the ioctl");
	memset(key, 0, TSM_SNP_DERIVED_KEY_SIZE);
	fd = open(TSM_SNP_DEVICE, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return tsm_error_set(err, -errno, TSM_SNP_DEVICE ": %s",
				     strerror(errno));
	if (ioctl(fd, SNP_GET_DERIVED_KEY, &arg))
		ret = failed(err, errno, arg.exitinfo2);
	else
		ret = take_key(&response, key, err);
	/* a response may be there also where the ioctl failed */
	explicit_bzero(&response, sizeof(response));
	close(fd);
	return ret;
}
