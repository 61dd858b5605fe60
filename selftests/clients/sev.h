/* SPDX-License-Identifier: MIT */
/*
 * What the SNP clients know of reports and certificates, and how they call the
 * device.
 *
 * AMD SEV-SNP firmware ABI specification: ATTESTATION_REPORT, MSG_REPORT_RSP,
 * MSG_KEY_RSP. GHCB specification: the table of certificates.
 */
#ifndef CLIENTS_SEV_H
#define CLIENTS_SEV_H

#include <sys/ioctl.h>

#include "client.h"

#define SEV_DEVICE		"/dev/sev-guest"

#define SNP_REPORT_LEN		1184
#define SNP_REPORT_VMPL		0x30
#define SNP_REPORT_ALGO		0x34
#define SNP_REPORT_DATA		0x50
#define SNP_KEY_LEN		32

/* VMM_ERROR of the upper half of exitinfo2 */
#define VMM_INVALID_LEN		1

struct sev_request {
	uint8_t msg_version;
	uint64_t req;
	uint64_t resp;
	uint32_t fw_error;
	uint32_t vmm_error;
};

struct sev_report_req {
	uint8_t data[NONCE_LEN];
	uint32_t vmpl;
	uint8_t reserved[28];
};

struct sev_ext_report_req {
	struct sev_report_req report;
	uint64_t certs_address;
	uint32_t certs_len;
};

struct sev_report_resp {
	uint32_t status;
	uint32_t size;
	uint8_t reserved[24];
	uint8_t report[SNP_REPORT_LEN];
	uint8_t rest[4000 - 32 - SNP_REPORT_LEN];
};

struct sev_key_req {
	uint32_t root_key;
	uint32_t reserved;
	uint64_t fields;
	uint32_t vmpl;
	uint32_t guest_svn;
	uint64_t tcb;
};

struct sev_key_resp {
	uint32_t status;
	uint8_t reserved[28];
	uint8_t key[SNP_KEY_LEN];
};

struct sev_cert {
	uint8_t guid[16];
	uint32_t offset;
	uint32_t len;
};

#define SEV_GET_REPORT		_IOWR('S', 0, struct sev_request)
#define SEV_GET_KEY		_IOWR('S', 1, struct sev_request)
#define SEV_GET_EXT_REPORT	_IOWR('S', 2, struct sev_request)

_Static_assert(SEV_GET_REPORT == 0xc0205300, "the number is the ABI");

static const char *check_snp_report(const uint8_t *report, const uint8_t *nonce,
				    uint32_t vmpl)
{
	if (report[0] < 2 || report[0] > 5)
		return "not a report's version";
	if (report[SNP_REPORT_ALGO] != 1)
		return "not ECDSA P-384";
	if (memcmp(report + SNP_REPORT_DATA, nonce, NONCE_LEN))
		return "report data not in it";
	if (report[SNP_REPORT_VMPL] != vmpl)
		return "not for that VMPL";
	return NULL;
}

/* Opens the device with @flags, as clients do for each request. */
static const char *sev_call(int flags, unsigned long command,
			    struct sev_request *request)
{
	int fd = open(SEV_DEVICE, flags);
	const char *why = NULL;

	if (fd < 0)
		return failed_or_absent("open", ENOENT);
	if (ioctl(fd, command, request))
		why = failed("ioctl");
	close(fd);
	return why;
}

static __maybe_unused const char *sev_get_report(int flags, uint32_t vmpl)
{
	struct sev_report_req req = { .vmpl = vmpl };
	struct sev_report_resp resp = { 0 };
	struct sev_request request = {
		.msg_version = 1, .req = (uintptr_t)&req,
		.resp = (uintptr_t)&resp,
	};
	const char *why;

	make_nonce(req.data);
	why = sev_call(flags, SEV_GET_REPORT, &request);
	if (why)
		return why;
	if (resp.status || resp.size != SNP_REPORT_LEN)
		return "no report in the answer";
	return check_snp_report(resp.report, req.data, vmpl);
}

/* Entries inside the table, and an end. */
static const char *check_certs(const uint8_t *table, size_t len)
{
	static const uint8_t none[sizeof(struct sev_cert)];
	struct sev_cert cert;
	size_t at;

	for (at = 0; at + sizeof(cert) <= len; at += sizeof(cert)) {
		memcpy(&cert, table + at, sizeof(cert));
		if (!memcmp(&cert, none, sizeof(cert)))
			return at ? NULL : "no certificates";
		if (cert.offset > len || cert.len > len - cert.offset)
			return "a certificate outside the table";
	}
	return "a table without an end";
}

/* First how much room the certificates need, at an address that is none. */
static const char *ask_certs_len(int flags, struct sev_ext_report_req *req,
				 struct sev_request *request)
{
	const char *why;

	req->certs_address = UINT64_MAX;
	req->certs_len = 0;
	why = sev_call(flags, SEV_GET_EXT_REPORT, request);
	if (!why)
		return "no certificates";
	if (!strncmp(why, ABSENT, strlen(ABSENT)) ||
	    request->vmm_error != VMM_INVALID_LEN)
		return why;
	if (!req->certs_len || req->certs_len % 4096)
		return "no length in pages";
	return NULL;
}

static __maybe_unused const char *sev_get_ext_report(int flags)
{
	struct sev_ext_report_req req = { 0 };
	struct sev_report_resp resp = { 0 };
	struct sev_request request = {
		.msg_version = 1, .req = (uintptr_t)&req,
		.resp = (uintptr_t)&resp,
	};
	const char *why;
	uint8_t *certs;

	make_nonce(req.report.data);
	why = ask_certs_len(flags, &req, &request);
	if (why)
		return why;
	certs = calloc(1, req.certs_len);
	req.certs_address = (uintptr_t)certs;
	why = sev_call(flags, SEV_GET_EXT_REPORT, &request);
	if (!why && (resp.status || resp.size != SNP_REPORT_LEN))
		why = "no report in the answer";
	if (!why)
		why = check_snp_report(resp.report, req.report.data, 0);
	if (!why)
		why = check_certs(certs, req.certs_len);
	free(certs);
	return why;
}

static __maybe_unused const char *sev_get_key(int flags, uint64_t fields,
					      uint8_t *key)
{
	struct sev_key_req req = { .fields = fields };
	struct sev_key_resp resp = { 0 };
	struct sev_request request = {
		.msg_version = 1, .req = (uintptr_t)&req,
		.resp = (uintptr_t)&resp,
	};
	const char *why = sev_call(flags, SEV_GET_KEY, &request);

	if (!why && resp.status)
		why = because("status 0x%x", resp.status);
	memcpy(key, resp.key, SNP_KEY_LEN);
	return why;
}

/* The same twice, and another one for other fields. */
static __maybe_unused const char *sev_check_keys(int flags)
{
	uint8_t keys[3][SNP_KEY_LEN];
	const char *why;

	why = sev_get_key(flags, 1, keys[0]);
	if (!why)
		why = sev_get_key(flags, 1, keys[1]);
	if (!why)
		why = sev_get_key(flags, 9, keys[2]);
	if (!why && memcmp(keys[0], keys[1], SNP_KEY_LEN))
		why = "another key each time";
	if (!why && !memcmp(keys[0], keys[2], SNP_KEY_LEN))
		why = "one key for all fields";
	return why;
}

#endif /* CLIENTS_SEV_H */
