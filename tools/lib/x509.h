/* SPDX-License-Identifier: MIT */
/*
 * Certificates and revocation lists as RFC 5280 has them, decoded without
 * OpenSSL: a strict reader of just what Intel and AMD issue. Nothing here looks
 * at a signature; chain.h does.
 */
#ifndef TSM_X509_H
#define TSM_X509_H

#include "der.h"
#include "tsm.h"

/* How a certificate, or a list, is signed; by AlgorithmIdentifier. */
enum x509_signature {
	X509_SIGNATURE_OTHER,
	X509_ECDSA_SHA256,
	X509_ECDSA_SHA384,
	X509_RSA_PSS_SHA384,	/* MGF1 SHA-384, salt 48; nothing else of PSS */
};

/* What key is certified. */
enum x509_key {
	X509_KEY_OTHER,
	X509_KEY_P256,
	X509_KEY_P384,
	X509_KEY_RSA,
};

/* Bytes of the modulus below which RSA is weak. */
#define X509_RSA_MIN	(2048 / 8)

/* Extensions of which a certificate has at most one each. */
enum {
	X509_HAS_CONSTRAINTS = 1 << 0,	/* basicConstraints */
	X509_HAS_USAGE = 1 << 1,	/* keyUsage */
	X509_HAS_PCK = 1 << 2,		/* Intel's, 1.2.840.113741.1.13.1 */
	X509_HAS_SNP = 1 << 3,		/* some of AMD's */
	X509_HAS_UNKNOWN_CRITICAL = 1 << 4,
};

/**
 * struct x509 - a decoded certificate; everything points into its DER
 * @der: all of it
 * @tbs: what the signature covers, tag and length included
 * @serial: content of the INTEGER
 * @issuer: DER of the Name, tag and length included
 * @subject: likewise
 * @common_name: the subject's last CN, as it stands there; empty if there is none
 * @not_before: seconds since 1970
 * @not_after: likewise; INT64_MAX for 99991231235959Z
 * @spki: DER of SubjectPublicKeyInfo, tag and length included
 * @key: its kind
 * @point: X || Y of a P-256 or P-384 key, 64 or 96 bytes
 * @modulus: of an RSA key, without leading zeros
 * @exponent: likewise
 * @has: X509_HAS_*
 * @is_ca: basicConstraints says so
 * @path_len: its pathLenConstraint, -1 if there is none
 * @can_sign_certs: keyUsage, where there is one, has keyCertSign
 * @can_sign_crls: likewise cRLSign
 * @can_sign_data: likewise digitalSignature
 * @pck: Intel's extension, if X509_HAS_PCK
 * @snp: AMD's extensions, if X509_HAS_SNP
 * @algorithm: of the signature; inner and outer are equal
 * @signature: R || S in big-endian, 64 or 96 bytes, if it is ECDSA;
 *	@signature_len says how many
 * @signature_len: 0 if it is not ECDSA
 * @raw_signature: content of the BIT STRING
 */
struct x509 {
	struct tsm_blob der;
	struct tsm_blob tbs;
	struct tsm_blob serial;
	struct tsm_blob issuer;
	struct tsm_blob subject;
	struct tsm_blob common_name;
	int64_t not_before;
	int64_t not_after;
	struct tsm_blob spki;
	enum x509_key key;
	struct tsm_blob point;
	struct tsm_blob modulus;
	struct tsm_blob exponent;
	unsigned int has;
	bool is_ca;
	int path_len;
	bool can_sign_certs;
	bool can_sign_crls;
	bool can_sign_data;
	struct tsm_pck pck;
	struct tsm_snp_ext snp;
	enum x509_signature algorithm;
	uint8_t signature[96];
	size_t signature_len;
	struct tsm_blob raw_signature;
};

/**
 * x509_parse() - decode one certificate
 * @data: DER, @len bytes, to which @cert points; nothing may follow
 * @cert: the result, zero on failure
 * @err: what was wrong
 *
 * Return: 0; -EBADMSG if it is not DER of an X.509 v3 certificate, if an
 * extension stands there twice, or one of Intel's or AMD's is malformed.
 */
int x509_parse(const void *data, size_t len, struct x509 *cert,
	       struct tsm_error *err);

/**
 * struct crl - a decoded revocation list; points into its DER
 * @der: all of it
 * @tbs: what the signature covers
 * @issuer: DER of the Name
 * @this_update: seconds since 1970
 * @next_update: likewise; INT64_MIN if there is none, which RFC 5280 forbids
 * @revoked: content of revokedCertificates, empty if there are none
 * @has_unknown_critical: an extension that must be understood is not
 * @algorithm: of the signature
 * @signature: as in struct x509
 * @signature_len: likewise
 * @raw_signature: likewise
 */
struct crl {
	struct tsm_blob der;
	struct tsm_blob tbs;
	struct tsm_blob issuer;
	int64_t this_update;
	int64_t next_update;
	struct tsm_blob revoked;
	bool has_unknown_critical;
	enum x509_signature algorithm;
	uint8_t signature[96];
	size_t signature_len;
	struct tsm_blob raw_signature;
};

/**
 * crl_parse() - decode one revocation list
 *
 * Its entries are walked, too, so that crl_has() cannot fail afterwards.
 * Return: as x509_parse().
 */
int crl_parse(const void *data, size_t len, struct crl *crl,
	      struct tsm_error *err);

/* Whether the certificate with that serial number is in it. */
bool crl_has(const struct crl *crl, const struct tsm_blob *serial);

/* Names and keys are compared as the bytes that they are. */
static inline bool x509_equal(const struct tsm_blob *a, const struct tsm_blob *b)
{
	return a->len == b->len && (!a->len || !memcmp(a->data, b->data, a->len));
}

#endif /* TSM_X509_H */
