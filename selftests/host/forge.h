/* SPDX-License-Identifier: MIT */
/*
 * Forges evidence: whole PKIs as Intel and AMD have them, and quotes and reports
 * that verify under them, with OpenSSL and from the specifications alone.
 *
 * Each thing is described by a struct that an _init() fills with what is right.
 * A test changes what is to be wrong, in any part, and has it made: whatever is
 * signed is signed after the change. A PKI points into itself and is not copied.
 * All stop the program if something fails.
 */
#ifndef TSM_HOST_FORGE_H
#define TSM_HOST_FORGE_H

#include "bytes.h"

#include <openssl/evp.h>
#include <stdbool.h>

#define FORGE_COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/* Certificates are valid from 2024-01-01 to 2044-01-01 00:00:00, lists from
 * 2025-05-01 to 2025-07-01, if nobody says otherwise; and this is in between. */
#define FORGE_FROM		INT64_C(1704067200)
#define FORGE_UNTIL		INT64_C(2335219200)
#define FORGE_LIST_FROM		INT64_C(1746057600)
#define FORGE_LIST_UNTIL	INT64_C(1751328000)
#define FORGE_NOW		INT64_C(1748736000)	/* 2025-06-01 */

/* forge_key.c */

enum forge_kind {
	FORGE_P256,
	FORGE_P384,
	FORGE_P521,
	FORGE_RSA,	/* 2048 bits */
	FORGE_RSA_WEAK,	/* 1024 bits */
	FORGE_KINDS,
};

/* The key of that kind and number, below 8; made once in a process and owned here. */
EVP_PKEY *forge_key(enum forge_kind kind, unsigned int number);

/* How certificates and lists are signed. */
enum forge_signature {
	FORGE_AS_KEY,		/* what Intel or AMD would do with such a key */
	FORGE_ECDSA_SHA1,
	FORGE_ECDSA_SHA256,
	FORGE_ECDSA_SHA384,
	FORGE_PSS_TRAILER,	/* the default written out, as AMD does */
	FORGE_PSS_SHA256,
	FORGE_PSS_SALT32,
	FORGE_RSA_PKCS1,	/* of SHA-384 */
};

/* Appends the content of a BIT STRING: what @key signs of @data */
void forge_sign(struct bytes *out, EVP_PKEY *key, enum forge_signature how,
		const struct bytes *data);

/* R || S, big-endian, 64 or 96 bytes by the curve; SHA-256, or SHA-384 above. */
size_t forge_sign_raw(uint8_t out[132], EVP_PKEY *key, const void *data,
		      size_t len);

/* X || Y of a key on a curve. Return: how many bytes. */
size_t forge_point(uint8_t out[132], EVP_PKEY *key);

/* Appends tag, length and content. */
void forge_tlv(struct bytes *to, uint8_t tag, const void *data, size_t len);

/* Appends DER as PEM: "CERTIFICATE", "X509 CRL" */
void forge_pem(struct bytes *to, const char *label, const struct bytes *der);

/* forge_cert.c */

/**
 * struct forge_pck - Intel's extension
 * @comp: SVNs of the components
 * @pcesvn, @pceid, @fmspc, @ppid, @sgx_type: as they are called
 */
struct forge_pck {
	uint8_t comp[16];
	uint16_t pcesvn;
	uint8_t pceid[2];
	uint8_t fmspc[6];
	uint8_t ppid[16];
	uint8_t sgx_type;
};

/**
 * struct forge_snp - AMD's extensions
 * @version: structVersion
 * @product: productName; NULL leaves it out
 * @spl: by the last number of the OID
 * @has_spl: bits of those that are there
 * @hw_id: the chip
 * @hw_id_len: 64 or 8; 0 leaves it out
 * @csp_id: of a VLEK; NULL leaves it out
 */
struct forge_snp {
	uint8_t version;
	const char *product;
	uint8_t spl[10];
	unsigned int has_spl;
	uint8_t hw_id[64];
	size_t hw_id_len;
	const char *csp_id;
};

/* Deviations of a certificate. */
enum {
	FORGE_NO_CONSTRAINTS = 1 << 0,
	FORGE_NO_USAGE = 1 << 1,
	FORGE_EXTENSION_TWICE = 1 << 2,		/* the last one */
	FORGE_UNKNOWN_CRITICAL = 1 << 3,	/* one more, and critical */
	FORGE_UNKNOWN = 1 << 4,			/* one more */
	FORGE_VERSION_1 = 1 << 5,		/* and no extensions */
	FORGE_INNER_ALGORITHM = 1 << 6,		/* inside it says ECDSA with SHA-1 */
	FORGE_OFF_CURVE = 1 << 7,		/* the last bit of Y is another */
	FORGE_BAD_SIGNATURE = 1 << 8,		/* the last bit is another */
};

/* keyUsage, first byte. */
enum {
	FORGE_DIGITAL_SIGNATURE = 0x80,
	FORGE_CERT_SIGN = 0x04,
	FORGE_CRL_SIGN = 0x02,
};

/**
 * struct forge_cert - what a certificate is to be
 * @subject: its CN; the other attributes are always the same
 * @issuer: likewise
 * @key: that is certified
 * @signer: whose signature it bears
 * @how: and by what algorithm
 * @from, @until: validity; INT64_MAX is 99991231235959Z
 * @serial: big-endian, and a small number
 * @ca: basicConstraints
 * @path_len: below 0 for none
 * @usage: keyUsage
 * @pck, @snp: extensions, or NULL
 * @deviations: FORGE_*
 * @more: appended to the list of extensions, or NULL
 * @edit: is given what is to be signed, and may change it, or NULL
 */
struct forge_cert {
	const char *subject;
	const char *issuer;
	EVP_PKEY *key;
	EVP_PKEY *signer;
	enum forge_signature how;
	int64_t from;
	int64_t until;
	uint8_t serial;
	bool ca;
	int path_len;
	uint8_t usage;
	const struct forge_pck *pck;
	const struct forge_snp *snp;
	unsigned int deviations;
	const struct bytes *more;
	void (*edit)(struct bytes *tbs);
};

/* @out: is overwritten with its DER */
void forge_cert(struct bytes *out, const struct forge_cert *cert);

/**
 * struct forge_crl - what a revocation list is to be
 * @issuer: CN
 * @signer, @how, @from: as above
 * @until: INT64_MIN for none
 * @revoked: serial numbers, each with a reason
 * @count: how many
 * @is_delta: has the critical extension deltaCRLIndicator
 * @is_version1: has neither version nor extensions
 * @edit: as above
 */
struct forge_crl {
	const char *issuer;
	EVP_PKEY *signer;
	enum forge_signature how;
	int64_t from;
	int64_t until;
	uint8_t revoked[8];
	size_t count;
	bool is_delta;
	bool is_version1;
	void (*edit)(struct bytes *tbs);
};

void forge_crl(struct bytes *out, const struct forge_crl *crl);

/* forge_tdx.c */

/**
 * struct forge_intel - Intel's PKI
 * @pck: of the leaf
 * @root, @ca, @leaf, @tcb_signing: descriptions
 * @root_crl, @ca_crl: likewise
 * @root_der and so on: made of them
 */
struct forge_intel {
	struct forge_pck pck;
	struct forge_cert root;
	struct forge_cert ca;
	struct forge_cert leaf;
	struct forge_cert tcb_signing;
	struct forge_crl root_crl;
	struct forge_crl ca_crl;
	struct bytes root_der;
	struct bytes ca_der;
	struct bytes leaf_der;
	struct bytes tcb_signing_der;
	struct bytes root_crl_der;
	struct bytes ca_crl_der;
};

void forge_intel_init(struct forge_intel *pki);
void forge_intel_make(struct forge_intel *pki);

/**
 * struct forge_quote - what a TD quote is to be
 * @version: 4 or 5
 * @body_type: 2, 3 or 4 of version 5; version 4 has that of 2
 * @header: 48 bytes; version, key type, TEE type and vendor are right
 * @body: each byte another one, but MRSIGNERSEAM, SEAMATTRIBUTES and the debug
 *	bits, which are 0
 * @body_len: 584, 648 or 885
 * @attestation: key in the quote
 * @signer: key that signs header and body
 * @qe: QE report; its first half of REPORTDATA is filled in if @bind
 * @bind: it names the attestation key and the authentication data
 * @qe_signer: key that signs the QE report
 * @auth, @auth_len: authentication data
 * @chain: PEM, what follows it included
 * @signature, @qe_signature: used instead if set, 64 bytes
 * @trailing: zeros behind the signature data
 */
struct forge_quote {
	uint16_t version;
	uint16_t body_type;
	uint8_t header[48];
	uint8_t body[885];
	size_t body_len;
	EVP_PKEY *attestation;
	EVP_PKEY *signer;
	uint8_t qe[384];
	bool bind;
	EVP_PKEY *qe_signer;
	uint8_t auth[64];
	size_t auth_len;
	struct bytes chain;
	const uint8_t *signature;
	const uint8_t *qe_signature;
	size_t trailing;
};

/* @pki: made already; leaf, CA and root, and a NUL, become the chain */
void forge_quote_init(struct forge_quote *quote, const struct forge_intel *pki,
		      uint16_t version, uint16_t body_type);
void forge_quote(struct bytes *out, const struct forge_quote *quote);

/* forge_snp.c */

/**
 * struct forge_amd - AMD's PKI for one product line
 * @product: "Milan", "Genoa", "Turin"
 * @vcek_ext, @vlek_ext: of both leaves
 * @ark, @ask, @asvk, @vcek, @vlek: descriptions
 * @crl: likewise
 * @ark_der and so on: made of them
 */
struct forge_amd {
	const char *product;
	char names[3][32];
	struct forge_snp vcek_ext;
	struct forge_snp vlek_ext;
	struct forge_cert ark;
	struct forge_cert ask;
	struct forge_cert asvk;
	struct forge_cert vcek;
	struct forge_cert vlek;
	struct forge_crl crl;
	struct bytes ark_der;
	struct bytes ask_der;
	struct bytes asvk_der;
	struct bytes vcek_der;
	struct bytes vlek_der;
	struct bytes crl_der;
};

void forge_amd_init(struct forge_amd *pki, const char *product);
void forge_amd_make(struct forge_amd *pki);

/**
 * struct forge_report - what an SNP report is to be
 * @bytes: all 1184; the signature is filled in
 * @signer: key
 * @signature: R || S in big-endian, used instead if set, 96 bytes
 */
struct forge_report {
	uint8_t bytes[1184];
	EVP_PKEY *signer;
	const uint8_t *signature;
};

/* The report of @pki's chip and TCB, signed by its VCEK or VLEK. */
void forge_report_init(struct forge_report *report,
		       const struct forge_amd *pki, uint32_t version,
		       bool is_vlek);
void forge_report(struct bytes *out, const struct forge_report *report);

/* AMD's table of the leaf, the intermediate and the root, in DER or PEM. */
void forge_table(struct bytes *out, const struct forge_amd *pki, bool is_vlek,
		 bool is_pem);

#endif /* TSM_HOST_FORGE_H */
