// SPDX-License-Identifier: MIT
/* Forges what Intel issues, and TD quotes: formats of [DCAP], appendix A. */
#include "forge.h"

static const struct forge_cert like_all = {
	.from = FORGE_FROM,
	.until = FORGE_UNTIL,
	.path_len = -1,
};

static void init_certs(struct forge_intel *pki)
{
	EVP_PKEY *const root = forge_key(FORGE_P256, 0);
	EVP_PKEY *const ca = forge_key(FORGE_P256, 1);

	pki->root = pki->ca = pki->leaf = pki->tcb_signing = like_all;
	pki->root.subject = pki->root.issuer = "Forged SGX Root CA";
	pki->root.key = pki->root.signer = root;
	pki->root.until = INT64_MAX;
	pki->root.ca = pki->ca.ca = true;
	pki->root.path_len = 1;
	pki->root.usage = pki->ca.usage = FORGE_CERT_SIGN | FORGE_CRL_SIGN;
	pki->root.serial = 1;
	pki->ca.subject = "Forged SGX PCK Platform CA";
	pki->ca.issuer = pki->root.subject;
	pki->ca.key = ca;
	pki->ca.signer = root;
	pki->ca.path_len = 0;
	pki->ca.serial = 2;
	pki->leaf.subject = "Forged SGX PCK Certificate";
	pki->leaf.issuer = pki->ca.subject;
	pki->leaf.key = forge_key(FORGE_P256, 2);
	pki->leaf.signer = ca;
	pki->leaf.usage = pki->tcb_signing.usage = FORGE_DIGITAL_SIGNATURE;
	pki->leaf.serial = 200;
	pki->leaf.pck = &pki->pck;
	pki->tcb_signing.subject = "Forged SGX TCB Signing";
	pki->tcb_signing.issuer = pki->root.subject;
	pki->tcb_signing.key = forge_key(FORGE_P256, 3);
	pki->tcb_signing.signer = root;
	pki->tcb_signing.serial = 4;
}

void forge_intel_init(struct forge_intel *pki)
{
	static const struct forge_pck pck = {
		.comp = { 7, 7, 2, 2, 3, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0 },
		.pcesvn = 13,
		.fmspc = { 0x00, 0x80, 0x6f, 0x05, 0x00, 0x00 },
		.ppid = { 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7 },
		.sgx_type = 1,
	};

	memset(pki, 0, sizeof(*pki));
	pki->pck = pck;
	init_certs(pki);
	pki->root_crl.issuer = pki->root.subject;
	pki->root_crl.signer = pki->root.key;
	pki->root_crl.from = pki->ca_crl.from = FORGE_LIST_FROM;
	pki->root_crl.until = pki->ca_crl.until = FORGE_LIST_UNTIL;
	pki->ca_crl.issuer = pki->ca.subject;
	pki->ca_crl.signer = pki->ca.key;
}

void forge_intel_make(struct forge_intel *pki)
{
	forge_cert(&pki->root_der, &pki->root);
	forge_cert(&pki->ca_der, &pki->ca);
	forge_cert(&pki->leaf_der, &pki->leaf);
	forge_cert(&pki->tcb_signing_der, &pki->tcb_signing);
	forge_crl(&pki->root_crl_der, &pki->root_crl);
	forge_crl(&pki->ca_crl_der, &pki->ca_crl);
}

/* SGX REPORT of Intel's TD quoting enclave */
static void init_qe(uint8_t qe[384])
{
	static const uint8_t mrsigner[32] = {
		0xdc, 0x9e, 0x2a, 0x7c, 0x6f, 0x94, 0x8f, 0x17,
		0x47, 0x4e, 0x34, 0xa7, 0xfc, 0x43, 0xed, 0x03,
		0x0f, 0x7c, 0x15, 0x63, 0xf1, 0xba, 0xbd, 0xdf,
		0x63, 0x40, 0xc8, 0x2e, 0x0e, 0x54, 0xa8, 0xc5,
	};

	memset(qe, 0, 384);
	memset(qe, 4, 16);		/* CPUSVN */
	qe[48] = 0x15;			/* ATTRIBUTES: INIT, 64 bit, provision */
	qe[56] = 0xe7;
	memset(qe + 64, 0x66, 32);	/* MRENCLAVE */
	memcpy(qe + 128, mrsigner, sizeof(mrsigner));
	qe[256] = 2;			/* ISVPRODID */
	qe[258] = 6;			/* ISVSVN */
}

static void init_body(struct forge_quote *quote)
{
	static const uint8_t svn[16] = { 5, 1, 2 };
	size_t i;

	quote->body_len = quote->body_type == 4 ? 885 :
			  quote->body_type == 3 ? 648 : 584;
	for (i = 0; i < sizeof(quote->body); i++)
		quote->body[i] = (uint8_t)(i * 5 + i / 256 + 1);
	memcpy(quote->body, svn, sizeof(svn));
	memset(quote->body + 64, 0, 72);	/* MRSIGNERSEAM to XFAM */
	quote->body[123] = 0x10;		/* SEPT_VE_DISABLE */
	quote->body[128] = 0xe7;
	if (quote->body_type > 2)
		memcpy(quote->body + 584, svn, sizeof(svn));
}

void forge_quote_init(struct forge_quote *quote, const struct forge_intel *pki,
		      uint16_t version, uint16_t body_type)
{
	static const uint8_t vendor[16] = {
		0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9,
		0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07,
	};

	memset(quote, 0, sizeof(*quote));
	quote->version = version;
	quote->body_type = version == 4 ? 2 : body_type;
	quote->header[0] = (uint8_t)version;
	quote->header[2] = 2;		/* ECDSA on P-256 */
	quote->header[4] = 0x81;	/* TDX */
	memcpy(quote->header + 12, vendor, sizeof(vendor));
	init_body(quote);
	init_qe(quote->qe);
	quote->attestation = quote->signer = forge_key(FORGE_P256, 4);
	quote->bind = true;
	quote->qe_signer = pki->leaf.key;
	quote->auth_len = 32;
	memset(quote->auth, 0x41, quote->auth_len);
	forge_pem(&quote->chain, "CERTIFICATE", &pki->leaf_der);
	forge_pem(&quote->chain, "CERTIFICATE", &pki->ca_der);
	forge_pem(&quote->chain, "CERTIFICATE", &pki->root_der);
	fill(&quote->chain, 0, 1);
}

static void put_signature(struct bytes *to, const uint8_t *instead,
			  EVP_PKEY *signer, const void *data, size_t len)
{
	uint8_t sig[132];

	forge_sign_raw(sig, signer, data, len);
	put(to, instead ? instead : sig, 64);
}

/* QE report, its signature, authentication data and chain, as [DCAP] A.3.11 */
static void put_qe(struct bytes *to, const struct forge_quote *quote,
		   const uint8_t point[64])
{
	struct bytes bound = { .len = 0 };
	uint8_t qe[384];

	memcpy(qe, quote->qe, sizeof(qe));
	put(&bound, point, 64);
	put(&bound, quote->auth, quote->auth_len);
	if (quote->bind &&
	    EVP_Digest(bound.p, bound.len, qe + 320, NULL, EVP_sha256(),
		       NULL) != 1)
		abort();
	put(to, qe, sizeof(qe));
	put_signature(to, quote->qe_signature, quote->qe_signer, qe,
		      sizeof(qe));
	put16(to, (uint16_t)quote->auth_len);
	put(to, quote->auth, quote->auth_len);
	put16(to, 5);
	put32(to, (uint32_t)quote->chain.len);
	put(to, quote->chain.p, quote->chain.len);
}

void forge_quote(struct bytes *out, const struct forge_quote *quote)
{
	struct bytes data = { .len = 0 }, qe = { .len = 0 };
	uint8_t point[132];

	out->len = 0;
	put(out, quote->header, sizeof(quote->header));
	if (quote->version > 4) {
		put16(out, quote->body_type);
		put32(out, (uint32_t)quote->body_len);
	}
	put(out, quote->body, quote->body_len);

	forge_point(point, quote->attestation);
	put_signature(&data, quote->signature, quote->signer, out->p, out->len);
	put(&data, point, 64);
	put_qe(&qe, quote, point);
	put16(&data, 6);
	put32(&data, (uint32_t)qe.len);
	put(&data, qe.p, qe.len);
	put32(out, (uint32_t)data.len);
	put(out, data.p, data.len);
	fill(out, 0, quote->trailing);
}
