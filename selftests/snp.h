/* SPDX-License-Identifier: MIT */
/*
 * What SEV-SNP evidence and /dev/sev-guest look like, as far as the tests have
 * to know; offsets are read from AMD's documents, not shared.
 *
 * AMD SEV Secure Nested Paging Firmware ABI Specification (56860), "Guest
 * Messages"; SEV-ES Guest-Hypervisor Communication Block Standardization
 * (56421), "SNP Extended Guest Request".
 */
#ifndef SELFTESTS_SNP_H
#define SELFTESTS_SNP_H

#include <sys/ioctl.h>

#include "quote.h"
#include "report.h"

#define SEV_GUEST	"/dev/sev-guest"
#define SEV_GUEST_SYSFS	"/sys/class/misc/sev-guest"

/* _IOWR('S', n, 32), spelt out: the numbers are the ABI. */
#define SNP_GET_REPORT		0xc0205300
#define SNP_GET_DERIVED_KEY	0xc0205301
#define SNP_GET_EXT_REPORT	0xc0205302

/* exitinfo2: the firmware's error in the low half, the host's in the other. */
#define VMM_ERROR(n)		((uint64_t)(n) << 32)
#define VMM_INVALID_LEN		VMM_ERROR(1)
#define VMM_BUSY		VMM_ERROR(2)
#define FW_INVALID_PARAM	0x16
#define FW_AEAD_OFLOW		0x1d
#define FW_INVALID_KEY		0x27
#define EXITINFO2_PRESET	0xff	/* before anybody was asked */

/* ATTESTATION_REPORT */
#define SNP_REPORT_LEN		1184
#define SNP_REPORT_BODY_LEN	0x2a0	/* what is signed */
#define SNP_VERSION		0x000
#define SNP_GUEST_SVN		0x004
#define SNP_POLICY		0x008
#define SNP_FAMILY_ID		0x010
#define SNP_IMAGE_ID		0x020
#define SNP_VMPL		0x030
#define SNP_SIGNATURE_ALGO	0x034
#define SNP_CURRENT_TCB		0x038
#define SNP_PLATFORM_INFO	0x040
#define SNP_FLAGS		0x048
#define SNP_REPORT_DATA		0x050
#define SNP_MEASUREMENT		0x090
#define SNP_HOST_DATA		0x0c0
#define SNP_ID_KEY_DIGEST	0x0e0
#define SNP_AUTHOR_KEY_DIGEST	0x110
#define SNP_REPORT_ID		0x140
#define SNP_REPORTED_TCB	0x180
#define SNP_CPUID		0x188
#define SNP_CHIP_ID		0x1a0
#define SNP_COMMITTED_TCB	0x1e0
#define SNP_CURRENT_BUILD	0x1e8
#define SNP_LAUNCH_TCB		0x1f0
#define SNP_SIGNATURE		0x2a0

/* Header of a guest message; the AAD is [0x30, 0x60). */
#define MSG_AUTHTAG	0x00
#define MSG_SEQNO	0x20
#define MSG_RSVD1	0x28
#define MSG_ALGO	0x30
#define MSG_HDR_VERSION	0x31
#define MSG_HDR_SZ	0x32
#define MSG_TYPE	0x34
#define MSG_VERSION	0x35
#define MSG_SZ		0x36
#define MSG_RSVD2	0x38
#define MSG_VMPCK	0x3c
#define MSG_RSVD3	0x3d
#define MSG_PAYLOAD	0x60

#define SNP_PAGE	4096
#define SNP_PRIVLEVEL_MAX 3
/* All that anybody may offer to the host for certificates, and the report. */
#define SNP_CERTS_MAX	(1024 * 1024)

struct snp_ioctl {
	uint8_t msg_version;
	uint8_t pad[7];
	uint64_t req_data;
	uint64_t resp_data;
	uint64_t exitinfo2;
};

struct snp_report_req {
	uint8_t user_data[NONCE_LEN];
	uint32_t vmpl;
	uint8_t rsvd[28];
};

/* MSG_REPORT_RSP in what the ioctl calls data[4000] */
struct snp_report_resp {
	uint32_t status;
	uint32_t report_size;
	uint8_t rsvd[24];
	uint8_t report[SNP_REPORT_LEN];
	uint8_t rest[4000 - 32 - SNP_REPORT_LEN];
};

struct snp_ext_report_req {
	struct snp_report_req data;
	uint64_t certs_address;
	uint32_t certs_len;
	uint32_t pad;
};

struct snp_key_req {
	uint32_t root_key_select;
	uint32_t rsvd;
	uint64_t guest_field_select;
	uint32_t vmpl;
	uint32_t guest_svn;
	uint64_t tcb_version;
};

struct snp_key_resp {
	uint32_t status;
	uint8_t rsvd[28];
	uint8_t key[32];
};

_Static_assert(sizeof(struct snp_ioctl) == 32, "snp_guest_request_ioctl");
_Static_assert(sizeof(struct snp_report_req) == 96, "MSG_REPORT_REQ");
_Static_assert(sizeof(struct snp_report_resp) == 4000, "snp_report_resp");
_Static_assert(sizeof(struct snp_ext_report_req) == 112, "snp_ext_report_req");
_Static_assert(sizeof(struct snp_key_req) == 32, "MSG_KEY_REQ");
_Static_assert(sizeof(struct snp_key_resp) == 64, "MSG_KEY_RSP");

static __maybe_unused uint64_t get_le64(const uint8_t *p)
{
	return get_le32(p) | (uint64_t)get_le32(p + 4) << 32;
}

static __maybe_unused bool all_zero(const void *p, size_t len)
{
	const uint8_t *byte = p;

	while (len && !*byte) {
		byte++;
		len--;
	}
	return !len;
}

/**
 * snp_report_check() - look into a report.
 * @report: its bytes
 * @len: how many
 * @nonce: what REPORT_DATA must be, or NULL
 *
 * Whether its signature is good is asked by tsmctl's tests, not here.
 *
 * Return: NULL, or what is wrong with it.
 */
static __maybe_unused const char *snp_report_check(const uint8_t *report,
						   ssize_t len,
						   const uint8_t *nonce)
{
	static char text[64];

	if (len < 0) {
		snprintf(text, sizeof(text), "%s", strerror(-len));
		return text;
	}
	if (len != SNP_REPORT_LEN) {
		snprintf(text, sizeof(text), "is %zd bytes long", len);
		return text;
	}
	if (all_zero(report, SNP_REPORT_BODY_LEN))
		return "is all zeros";
	if (get_le32(report + SNP_VERSION) < 2 ||
	    get_le32(report + SNP_VERSION) > 5)
		return "is of an unknown version";
	if (get_le32(report + SNP_SIGNATURE_ALGO) != 1)
		return "is not signed with ECDSA P-384 and SHA-384";
	if (all_zero(report + SNP_SIGNATURE, 72) ||
	    all_zero(report + SNP_SIGNATURE + 72, 72) ||
	    !all_zero(report + SNP_SIGNATURE + 144, 512 - 144))
		return "has no signature of two numbers of 72 bytes";
	if (nonce && memcmp(report + SNP_REPORT_DATA, nonce, NONCE_LEN))
		return "answers another nonce";
	return NULL;
}

static __maybe_unused uint32_t snp_report_vmpl(const uint8_t *report)
{
	return get_le32(report + SNP_VMPL);
}

/* One open and one call; 0 or a negative errno. Reading suffices (virtee). */
static __maybe_unused int sev_ioctl(unsigned long command, void *arg)
{
	int fd, ret;

	fd = open(SEV_GUEST, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = ioctl(fd, command, arg) ? -errno : 0;
	close(fd);
	return ret;
}

/**
 * sev_report() - one plain report by ioctl.
 * @req: what to ask for
 * @resp: zeroed, then what came
 * @exitinfo2: that of the call, 0 if the driver left it alone
 */
static __maybe_unused int sev_report(const struct snp_report_req *req,
				     struct snp_report_resp *resp,
				     uint64_t *exitinfo2)
{
	struct snp_ioctl io = {
		.msg_version = 1,
		.req_data = (unsigned long)req,
		.resp_data = (unsigned long)resp,
	};
	int ret;

	memset(resp, 0, sizeof(*resp));
	ret = sev_ioctl(SNP_GET_REPORT, &io);
	*exitinfo2 = io.exitinfo2;
	return ret;
}

#endif /* SELFTESTS_SNP_H */
