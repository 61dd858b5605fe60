/* SPDX-License-Identifier: MIT */
/* What the files of tsm-emud share. */
#ifndef EMUD_H
#define EMUD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#define TDREPORT_SIZE	1024
#define REPORTDATA_SIZE	64
#define MR_SIZE		48
#define SVN_SIZE	16
#define QE_REPORT_SIZE	384
#define QUOTE_MAX	(16 * 1024)
#define SIG_SIZE	64	/* P-256, R || S, big-endian */
#define SIG384_SIZE	96	/* P-384, likewise */
#define POINT_SIZE	64	/* P-256, X || Y, big-endian */

/*
 * Functions that return int return 0, or -1 after one line on stderr that says
 * what failed. Functions that return a pointer return NULL likewise.
 */

/* platform.c: the machine that is emulated; one set of SVNs for all evidence */

struct platform {
	uint8_t comp_svn[16];
	unsigned int pcesvn;
	uint8_t cpusvn[SVN_SIZE];
	uint8_t ppid[16];
	uint8_t pceid[2];
	uint8_t fmspc[6];
	uint8_t instance_id[16];
	uint8_t tee_tcb_svn[SVN_SIZE];
	uint8_t mrseam[MR_SIZE];
	uint8_t mrsignerseam[MR_SIZE];
	uint8_t mrtd[MR_SIZE];
	uint8_t td_id[32];
	uint64_t td_attributes;
	uint64_t xfam;
	uint8_t qe_mrenclave[32];
	uint8_t qe_mrsigner[32];
	uint8_t qe_attributes[16];
	unsigned int qe_prodid;
	unsigned int qe_svn;
};

extern const struct platform platform;

/* bytes.c */

/**
 * struct out - bytes being appended to a buffer of fixed size
 * @data: the buffer
 * @size: of it
 * @len: bytes so far; more than @size if they did not fit
 */
struct out {
	uint8_t *data;
	size_t size, len;
};

void out_bytes(struct out *out, const void *bytes, size_t len);
void out_zero(struct out *out, size_t len);
void out_le(struct out *out, uint64_t value, unsigned int bytes);
bool out_fits(const struct out *out);
void put_le64(uint8_t *to, uint64_t value);
char *hex_of(const uint8_t *bytes, size_t len, char *text);
int hex_parse(const char *text, uint8_t *bytes, size_t size, size_t *len);
int file_write(const char *path, unsigned int mode, const void *data,
	       size_t len);
int file_read(const char *path, void *data, size_t size, size_t *len);

/* ossl.c */

int ossl_fail(const char *what);
int ecdsa_sign(EVP_PKEY *key, const void *data, size_t len,
	       uint8_t sig[SIG_SIZE]);
int ecdsa384_sign(EVP_PKEY *key, const void *data, size_t len,
		  uint8_t sig[SIG384_SIZE]);
int ecdsa_point(EVP_PKEY *key, uint8_t point[POINT_SIZE]);
int sha384(const void *data, size_t len, uint8_t digest[MR_SIZE]);

/* cert.c, sgx_ext.c */

/**
 * struct cert_spec - a certificate to be made
 * @cn: common name
 * @is_ca: may sign certificates and CRLs
 * @pathlen: of a CA
 * @sgx: with the SGX extension of a PCK certificate
 */
struct cert_spec {
	const char *cn;
	bool is_ca;
	int pathlen;
	bool sgx;
};

X509 *cert_make(const struct cert_spec *spec, EVP_PKEY *key, X509 *issuer,
		EVP_PKEY *issuer_key);
X509_CRL *crl_make(X509 *issuer, EVP_PKEY *issuer_key);
int cert_set_serial(ASN1_INTEGER *serial);
int cert_add_ext(X509 *cert, X509V3_CTX *ctx, int nid, const char *value);
int cert_sign(X509 *cert, EVP_PKEY *issuer_key);
X509_EXTENSION *sgx_ext_make(void);

/* pki_file.c */

int pki_path(const char *dir, const char *name, char *path, size_t size);
bool pki_has(const char *dir, const char *name);
int pki_make_dir(const char *dir);
int pki_put(const char *dir, const char *name, unsigned int mode,
	    const void *data, size_t len);
int pki_put_key(const char *dir, const char *name, EVP_PKEY *key);
int pki_put_certs(const char *dir, const char *name, X509 *cert, X509 *ca);
int pki_put_crl(const char *dir, const char *name, X509 *ca, EVP_PKEY *key);
EVP_PKEY *pki_key(const char *dir, const char *name);

/* pki.c */

/**
 * struct pki - what a quoting enclave needs of a PKI directory
 * @pck_key: the platform's provisioning certification key
 * @att_key: attestation key of the enclave
 * @chain: PEM: PCK certificate, platform CA, root CA; NUL-terminated
 */
struct pki {
	EVP_PKEY *pck_key;
	EVP_PKEY *att_key;
	char *chain;
};

int pki_init(const char *dir);
int pki_load(const char *dir, struct pki *pki);
void pki_free(struct pki *pki);

/* collateral.c */

char *tcb_info_make(EVP_PKEY *signer);
char *qe_identity_make(EVP_PKEY *signer);

/* tdreport.c */

int tdreport_make(const uint8_t *report_data, unsigned int body,
		  uint8_t report[TDREPORT_SIZE]);
int tdreport_check(const uint8_t report[TDREPORT_SIZE]);

/* enclave.c, quote.c */

/**
 * struct enclave - a quoting enclave that was provisioned
 * @pki: keys and chain
 * @att_point: public attestation key
 * @certification: what ends each quote: QE report, its signature, chain
 * @certification_len: bytes in it
 */
struct enclave {
	struct pki pki;
	uint8_t att_point[POINT_SIZE];
	uint8_t certification[12 * 1024];
	size_t certification_len;
};

int enclave_start(struct enclave *enclave, const char *pki_dir);
void enclave_stop(struct enclave *enclave);
int quote_make(struct enclave *enclave, const uint8_t report[TDREPORT_SIZE],
	       unsigned int version, uint8_t *quote, size_t size, size_t *len);

/* ready.c */

int ready_tell(void);
void ready_withdraw(void);

/* serve.c */

struct asp;

int serve(struct enclave *enclave, const struct asp *asp);

#endif
