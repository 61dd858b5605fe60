// SPDX-License-Identifier: MIT
/* SNP attestation reports: made for tests of what reads them, and signed. */

#include "snp.h"

#include <err.h>
#include <string.h>

/* AMD 56860, ATTESTATION_REPORT */
#define OFF_VERSION		0x000
#define OFF_POLICY		0x008
#define OFF_VMPL		0x030
#define OFF_SIGNATURE_ALGO	0x034
#define OFF_CURRENT_TCB		0x038
#define OFF_PLATFORM_INFO	0x040
#define OFF_KEY_INFO		0x048
#define OFF_REPORT_DATA		0x050
#define OFF_MEASUREMENT		0x090
#define OFF_HOST_DATA		0x0c0
#define OFF_REPORT_ID		0x140
#define OFF_REPORT_ID_MA	0x160
#define OFF_REPORTED_TCB	0x180
#define OFF_CPUID		0x188
#define OFF_CHIP_ID		0x1a0
#define OFF_COMMITTED_TCB	0x1e0
#define OFF_CURRENT_FW		0x1e8
#define OFF_COMMITTED_FW	0x1ec
#define OFF_LAUNCH_TCB		0x1f0
#define ECDSA_P384_SHA384	1
#define SIGNING_KEY_SHIFT	2
#define SIGNING_KEY_MASK	7
#define HALF_SIZE		72	/* of a signature, little-endian */

#define POLICY			0x30000	/* SMT, and the bit that is always 1 */

static unsigned int get_le32(const uint8_t *from)
{
	return from[0] | from[1] << 8 | from[2] << 16 |
	       (unsigned int)from[3] << 24;
}

static void put_guest(uint8_t *report, const struct snp_request *req)
{
	put_le64(report + OFF_POLICY, POLICY);
	report[OFF_VMPL] = req->vmpl;
	memcpy(report + OFF_REPORT_DATA, req->report_data, REPORTDATA_SIZE);
	strcpy((char *)report + OFF_MEASUREMENT, "EMULATED SNP MEASUREMENT");
	strcpy((char *)report + OFF_HOST_DATA, "EMULATED HOST DATA");
	strcpy((char *)report + OFF_REPORT_ID, "EMULATED REPORT ID");
	memset(report + OFF_REPORT_ID_MA, 0xff, 32);	/* no agent */
}

/* A VLEK is no chip's, so that its reports do not name one. */
static void put_platform(uint8_t *report, const struct snp_product *product,
			 bool vlek)
{
	static const unsigned int tcbs[] = {
		OFF_CURRENT_TCB, OFF_REPORTED_TCB, OFF_COMMITTED_TCB,
		OFF_LAUNCH_TCB,
	};
	static const unsigned int firmwares[] = {
		OFF_CURRENT_FW, OFF_COMMITTED_FW,
	};

	for (size_t i = 0; i < sizeof(tcbs) / sizeof(*tcbs); i++)
		snp_tcb(product, report + tcbs[i]);
	for (size_t i = 0; i < sizeof(firmwares) / sizeof(*firmwares); i++)
		for (size_t k = 0; k < 3; k++)
			report[firmwares[i] + k] = product->firmware[2 - k];
	put_le64(report + OFF_PLATFORM_INFO, product->platform_info);
	report[OFF_CPUID] = product->family;
	report[OFF_CPUID + 1] = product->model;
	report[OFF_CPUID + 2] = product->stepping;
	if (!vlek)
		memcpy(report + OFF_CHIP_ID, product->chip_id,
		       SNP_CHIP_ID_SIZE);
}

/**
 * snp_report_make - a report of an emulated guest, without its signature
 * @req: what kind
 * @report: 1184 bytes
 */
int snp_report_make(const struct snp_request *req,
		    uint8_t report[SNP_REPORT_SIZE])
{
	const struct snp_product *product = snp_product_of(req->version);

	if (!product)
		return -1;
	memset(report, 0, SNP_REPORT_SIZE);
	report[OFF_VERSION] = req->version;
	report[OFF_SIGNATURE_ALGO] = ECDSA_P384_SHA384;
	report[OFF_KEY_INFO] = req->signing_key << SIGNING_KEY_SHIFT;
	put_guest(report, req);
	put_platform(report, product, req->signing_key);
	return 0;
}

/* R and S, 48 bytes big-endian each, to 72 bytes little-endian each */
static void put_signature(uint8_t *to, const uint8_t sig[SIG384_SIZE])
{
	const size_t half = SIG384_SIZE / 2;

	for (size_t i = 0; i < half; i++) {
		to[i] = sig[half - 1 - i];
		to[HALF_SIZE + i] = sig[SIG384_SIZE - 1 - i];
	}
}

/**
 * snp_report_sign - signs a report with the key that it names
 * @asp: started
 * @report: 1184 bytes, from anywhere; its signature is replaced
 */
int snp_report_sign(const struct asp *asp, uint8_t report[SNP_REPORT_SIZE])
{
	const unsigned int algo = get_le32(report + OFF_SIGNATURE_ALGO);
	const unsigned int key = report[OFF_KEY_INFO] >> SIGNING_KEY_SHIFT;
	const struct asp_signer *signer;
	uint8_t sig[SIG384_SIZE];

	if (algo != ECDSA_P384_SHA384) {
		warnx("SNP report: signature algorithm %u: want %u", algo,
		      ECDSA_P384_SHA384);
		return -1;
	}
	signer = asp_signer_of(asp, get_le32(report + OFF_VERSION),
			       key & SIGNING_KEY_MASK);
	if (!signer ||
	    ecdsa384_sign(signer->key, report, SNP_SIGNED_SIZE, sig))
		return -1;
	memset(report + SNP_SIGNED_SIZE, 0, SNP_REPORT_SIZE - SNP_SIGNED_SIZE);
	put_signature(report + SNP_SIGNED_SIZE, sig);
	return 0;
}
