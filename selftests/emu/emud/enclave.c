// SPDX-License-Identifier: MIT
/* The quoting enclave at rest: what every quote of one start has in common. */

#include "emud.h"

#include <err.h>
#include <string.h>

/* Intel TDX DCAP Quoting Library API, appendix A.3: certification data types */
#define CERT_PCK_CHAIN	5
#define CERT_QE_REPORT	6

static const uint8_t auth_data[32] = "EMULATED QE AUTHENTICATION DATA";

/*
 * SGX report body, 384 bytes. Its report data binds the attestation key:
 * SHA-256(key || authentication data), then zeroes.
 */
static int make_qe_report(const struct enclave *enclave,
			  uint8_t report[QE_REPORT_SIZE])
{
	struct out out = { report, QE_REPORT_SIZE, 0 };
	uint8_t bound[POINT_SIZE + sizeof(auth_data)], digest[32];

	memcpy(bound, enclave->att_point, POINT_SIZE);
	memcpy(bound + POINT_SIZE, auth_data, sizeof(auth_data));
	if (EVP_Digest(bound, sizeof(bound), digest, NULL, EVP_sha256(),
		       NULL) != 1)
		return ossl_fail("cannot hash");

	out_bytes(&out, platform.cpusvn, sizeof(platform.cpusvn));
	out_zero(&out, 4 + 28);			/* MISCSELECT, reserved */
	out_bytes(&out, platform.qe_attributes, sizeof(platform.qe_attributes));
	out_bytes(&out, platform.qe_mrenclave, sizeof(platform.qe_mrenclave));
	out_zero(&out, 32);
	out_bytes(&out, platform.qe_mrsigner, sizeof(platform.qe_mrsigner));
	out_zero(&out, 96);
	out_le(&out, platform.qe_prodid, 2);
	out_le(&out, platform.qe_svn, 2);
	out_zero(&out, 60);
	out_bytes(&out, digest, sizeof(digest));
	out_zero(&out, 32);
	return 0;
}

/* Type 6: QE report, signature, authentication data, and in it type 5 */
static int certify(struct enclave *enclave)
{
	struct out out = { enclave->certification,
			   sizeof(enclave->certification), 0 };
	size_t chain_len = strlen(enclave->pki.chain) + 1;
	uint8_t report[QE_REPORT_SIZE], sig[SIG_SIZE];

	if (make_qe_report(enclave, report) ||
	    ecdsa_sign(enclave->pki.pck_key, report, sizeof(report), sig))
		return -1;
	out_le(&out, CERT_QE_REPORT, 2);
	out_le(&out, sizeof(report) + sizeof(sig) + 2 + sizeof(auth_data) + 2 +
	       4 + chain_len, 4);
	out_bytes(&out, report, sizeof(report));
	out_bytes(&out, sig, sizeof(sig));
	out_le(&out, sizeof(auth_data), 2);
	out_bytes(&out, auth_data, sizeof(auth_data));
	out_le(&out, CERT_PCK_CHAIN, 2);
	out_le(&out, chain_len, 4);
	out_bytes(&out, enclave->pki.chain, chain_len);
	enclave->certification_len = out.len;
	if (out_fits(&out))
		return 0;
	warnx("PCK chain: too long for a quote");
	return -1;
}

/*
 * libcrypto looks up its algorithms and builds its tables at the first use, and
 * an emulated CPU has to see code once to run it fast; that must not count into
 * the first quote.
 */
static int warm_up(struct enclave *enclave)
{
	static const uint8_t report_data[REPORTDATA_SIZE];
	uint8_t report[TDREPORT_SIZE], quote[QUOTE_MAX];
	size_t len;

	return tdreport_make(report_data, 2, report) ||
	       quote_make(enclave, report, 4, quote, sizeof(quote), &len) ?
	       -1 : 0;
}

/**
 * enclave_start - provisions the quoting enclave
 * @enclave: to be stopped with enclave_stop(), also after a failure
 * @pki_dir: made by pki_init()
 */
int enclave_start(struct enclave *enclave, const char *pki_dir)
{
	return pki_load(pki_dir, &enclave->pki) ||
	       ecdsa_point(enclave->pki.att_key, enclave->att_point) ||
	       certify(enclave) || warm_up(enclave) ? -1 : 0;
}

void enclave_stop(struct enclave *enclave)
{
	pki_free(&enclave->pki);
}
