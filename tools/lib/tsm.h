/* SPDX-License-Identifier: MIT */
/*
 * libtsmguest: obtain evidence of TDX and SEV-SNP guests, decode it, judge it,
 * and replay event logs.
 *
 * This is the header to include; tsm_*.h beside it go on with it. All that they
 * declare is public, and nothing else is exported. Reading files, configfs and
 * sysfs is among it, for whoever asks for evidence needs that, too; what tsmctl
 * alone needs, such as names of bits, is not.
 *
 * The library never prints, never exits and never reads the environment.
 * Functions return 0 or a negative errno; where they take a struct tsm_error
 * (which may be NULL) it then holds one line that names the object, the value
 * and the reason. Outputs are zeroed on failure. What the parsers return
 * points into the caller's bytes, which must stay until the result is done
 * with; what is read from the system is allocated and freed as stated. Sizes are
 * in bytes.
 *
 * There is no global state. Any functions may run in several threads at the same
 * time if no two of them change the same object; what is const is not changed.
 */
#ifndef TSM_H
#define TSM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tsm/eventlog.h>
#include <tsm/snp.h>
#include <tsm/tdx.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is declared here is all that the library exports. */
#pragma GCC visibility push(default)

/* The most the kernel hands out through outblob since Linux 7.0. */
#define TSM_EVIDENCE_MAX	(16u << 20)

#define TSM_REPORT_ROOT		"/sys/kernel/config/tsm/report"

/**
 * struct tsm_error - what went wrong, for people
 * @text: one line without a newline; empty if nothing was said
 */
struct tsm_error {
	char text[256];
};

/**
 * struct tsm_blob - bytes owned by somebody else
 * @data: first byte, undefined where @len is 0
 * @len: number of bytes
 */
struct tsm_blob {
	const uint8_t *data;
	size_t len;
};

enum tsm_evidence {
	TSM_EVIDENCE_UNKNOWN,
	TSM_EVIDENCE_TDREPORT,
	TSM_EVIDENCE_QUOTE,
	TSM_EVIDENCE_SNP_REPORT,
	TSM_EVIDENCE_SNP_CERTS,
};

/* evidence.c: what some bytes look like. */

/**
 * tsm_evidence_guess() - tell what some bytes are by the first of them
 * @data: bytes, @len of them
 * @len: number of bytes
 *
 * A guess only: the parsers decide. A quote is what has a plausible version,
 * key type and TEE type, known or not; an SNP report what has plausible values
 * in six fields, of which one must not be 0; a certificate table what has an
 * entry with a GUID that is known.
 * Return: which, or TSM_EVIDENCE_UNKNOWN.
 */
enum tsm_evidence tsm_evidence_guess(const void *data, size_t len);

/**
 * tsm_tdreport_consistent() - compare both hashes inside a TDREPORT with what
 *			       they cover
 * @report: from tsm_tdreport_parse()
 * @tcb_info: set to whether TEE_TCB_INFO_HASH is right
 * @td_info: set to whether TEE_INFO_HASH is right
 *
 * Says nothing about authenticity: anybody can compute the hashes.
 * Return: 0, or -ENOMEM if no digest could be computed.
 */
int tsm_tdreport_consistent(const struct tsm_tdx_report *report,
			    bool *tcb_info, bool *td_info);

struct tsm_quote;

/**
 * tsm_quote_consistent() - compare REPORTDATA of the QE report with SHA-256
 *			    over attestation key and authentication data
 * @quote: from tsm_quote_parse()
 * @binds: set to whether the QE report names this attestation key
 *
 * Says nothing about authenticity: no signature is looked at.
 * Return: 0, or -ENOMEM if no digest could be computed.
 */
int tsm_quote_consistent(const struct tsm_quote *quote, bool *binds);

/* tdreport.c */

/**
 * tsm_tdreport_parse() - decode a TDREPORT
 * @data: at least 1024 bytes, @len of them; more are left to the caller
 * @len: number of bytes
 * @report: the structure, integers still little-endian
 * @err: what was wrong
 *
 * Return: 0; -EBADMSG if it is too short, -EPROTONOSUPPORT if its REPORTTYPE
 * is not that of a TD.
 */
int tsm_tdreport_parse(const void *data, size_t len,
		       struct tsm_tdx_report *report, struct tsm_error *err);

/* quote.c */

/**
 * struct tsm_quote - a decoded TD quote
 * @header: integers still little-endian
 * @version: TSM_QUOTE_V4 or TSM_QUOTE_V5
 * @body_type: TSM_QUOTE_BODY_*; TSM_QUOTE_BODY_TD10 for version 4
 * @body_size: bytes of the body in the quote
 * @body: the body; zero from @body_size on
 * @signed_part: what the signature covers
 * @ecdsa: signature and attestation key
 * @qe: QE report and its signature; auth_size is that of @auth
 * @auth: authentication data
 * @cert_type: TSM_QUOTE_CERT_PCK_CHAIN, or another type of [DCAP] A.3.9
 * @certs: certification data of that type
 * @trailing: what follows the signature data; nothing vouches for it
 */
struct tsm_quote {
	struct tsm_quote_header header;
	uint16_t version;
	uint16_t body_type;
	uint32_t body_size;
	struct tsm_quote_td15ex body;
	struct tsm_blob signed_part;
	struct tsm_quote_ecdsa ecdsa;
	struct tsm_quote_qe_report qe;
	struct tsm_blob auth;
	uint16_t cert_type;
	struct tsm_blob certs;
	struct tsm_blob trailing;
};

/**
 * tsm_quote_parse() - decode a TD quote of version 4 or 5
 * @data: the quote, @len bytes; @quote points into it
 * @len: number of bytes
 * @quote: the result
 * @err: what was wrong
 *
 * Every length inside must fit into what encloses it, and what encloses it
 * must be used up: only behind the signature data may bytes be left over.
 *
 * Return: 0; -EBADMSG if a length does not fit; -EPROTONOSUPPORT for another
 * version, TEE, key type, body or outer certification data type.
 */
int tsm_quote_parse(const void *data, size_t len, struct tsm_quote *quote,
		    struct tsm_error *err);

/**
 * tsm_quote_reportdata() - the REPORTDATA of a quote, whatever key signs it
 * @data: the quote, @len bytes
 * @len: number of bytes
 * @reportdata: TSM_TDX_REPORTDATA_SIZE bytes, the result
 * @err: what was wrong
 *
 * Header and body alone are looked at, so it works for quotes whose signature
 * tsm_quote_parse() does not know.
 *
 * Return: 0; -EBADMSG if one does not fit; -EPROTONOSUPPORT for another
 * version, TEE or body type than tsm_quote_parse() knows.
 */
int tsm_quote_reportdata(const void *data, size_t len, uint8_t *reportdata,
			 struct tsm_error *err);

/* pck.c */

/**
 * struct tsm_pck - Intel's extension of a PCK certificate,
 *		    OID 1.2.840.113741.1.13.1
 * @ppid: .1 encrypted platform id
 * @comp_svn: .2.1 to .2.16 SVN of each TCB component
 * @pcesvn: .2.17
 * @cpusvn: .2.18 the same components as one string
 * @pceid: .3, as it stands in the certificate
 * @fmspc: .4
 * @sgx_type: .5: 0 standard, 1 scalable, 2 scalable with integrity
 * @has_instance: whether .6 is present
 * @instance_id: .6 platform instance id
 */
struct tsm_pck {
	uint8_t ppid[16];
	uint8_t comp_svn[16];
	uint16_t pcesvn;
	uint8_t cpusvn[16];
	uint8_t pceid[2];
	uint8_t fmspc[6];
	uint8_t sgx_type;
	bool has_instance;
	uint8_t instance_id[16];
};

/**
 * tsm_pck_parse() - decode the value of that extension
 * @der: the DER inside the extension's OCTET STRING, @len bytes
 * @len: number of bytes
 * @pck: the result
 * @err: what was wrong
 *
 * Return: 0; -EBADMSG if it is not DER, lacks a field or has one twice.
 */
int tsm_pck_parse(const void *der, size_t len, struct tsm_pck *pck,
		  struct tsm_error *err);

#include "tsm_snp.h"

/* ossl.c */

/* A chain has 3; more than this is not one that Intel or AMD issues. */
#define TSM_CERTS_MAX		8

/**
 * struct tsm_cert - what people want to know of a certificate
 * @subject: RFC 2253 form, control characters escaped, cut if too long
 * @issuer: likewise
 * @serial: big-endian hex, cut if too long
 * @not_before: ISO 8601, UTC
 * @not_after: likewise
 * @key_type: of its public key: "RSA", or the curve: "P-384"
 * @key_bits: size of that key
 * @has_pck: the certificate carries Intel's extension
 * @pck: that extension
 * @has_snp: the certificate carries extensions of AMD
 * @snp: those extensions
 */
struct tsm_cert {
	char subject[256];
	char issuer[256];
	char serial[48];
	char not_before[24];
	char not_after[24];
	char key_type[24];
	unsigned int key_bits;
	bool has_pck;
	struct tsm_pck pck;
	bool has_snp;
	struct tsm_snp_ext snp;
};

/**
 * tsm_certs_parse() - decode a PEM chain, or a certificate in DER
 * @data: certificates in PEM, of which a NUL at the end is tolerated, or one in
 *	DER, @len bytes
 * @len: number of bytes
 * @certs: room for TSM_CERTS_MAX
 * @count: number found
 * @err: what was wrong
 *
 * Nothing is verified.
 * Return: 0; -EBADMSG if there is no certificate, one cannot be decoded or
 * there are more than TSM_CERTS_MAX; -ENOMEM.
 */
int tsm_certs_parse(const void *data, size_t len, struct tsm_cert *certs,
		    size_t *count, struct tsm_error *err);

/* configfs.c: a report item, Documentation/ABI/testing/configfs-tsm-report */

/**
 * struct tsm_entry - a directory below tsm/report that we made
 * @path: where it is; empty if there is none
 */
struct tsm_entry {
	char path[256];
};

/**
 * struct tsm_report_options - what is wanted of a report item
 * @privlevel: privilege level to name in the report; negative: the driver's
 * @service_provider: who is to make the report, "svsm"; NULL: the TEE
 * @service_guid: the one service to be reported on; NULL: all of that provider
 * @manifest_version: form of its manifest; negative: the service's first
 * @aux: read auxblob, too
 * @manifest: read manifestblob, too
 */
struct tsm_report_options {
	int privlevel;
	const char *service_provider;
	const char *service_guid;
	long manifest_version;
	bool aux;
	bool manifest;
};

/* What is wanted of a TD: nothing but the quote. */
#define TSM_REPORT_PLAIN \
	{ .privlevel = -1, .manifest_version = -1 }

/**
 * struct tsm_report - evidence from a report item
 * @out: outblob, allocated
 * @out_len: its bytes, at least 1
 * @aux: auxblob, allocated; NULL if it was not asked for
 * @aux_len: its bytes
 * @manifest: manifestblob, likewise
 * @manifest_len: its bytes
 * @generation: generation that all of them belong to
 * @retries: how often the generation moved under us before
 */
struct tsm_report {
	uint8_t *out;
	size_t out_len;
	uint8_t *aux;
	size_t aux_len;
	uint8_t *manifest;
	size_t manifest_len;
	uint64_t generation;
	unsigned int retries;
};

/**
 * tsm_entry_create() - make a report item
 * @entry: the result
 * @root: TSM_REPORT_ROOT, or where else it is mounted
 * @name: name of the item, which must be new
 * @err: what was wrong
 *
 * Return: 0, or what mkdir() gave: -ENOENT if there is no @root, -ENXIO if no
 * provider is registered, -EEXIST, -EACCES; -ENAMETOOLONG.
 */
int tsm_entry_create(struct tsm_entry *entry, const char *root,
		     const char *name, struct tsm_error *err);

/* tsm_entry_remove() - remove it, if there is one. Return: as rmdir(). */
int tsm_entry_remove(struct tsm_entry *entry, struct tsm_error *err);

/**
 * tsm_entry_provider() - which driver answers
 * @entry: from tsm_entry_create()
 * @provider: name without the newline, cut to @size
 * @size: bytes of room for it
 * @err: what was wrong
 *
 * Return: 0, or what reading it gave.
 */
int tsm_entry_provider(const struct tsm_entry *entry, char *provider,
		       size_t size, struct tsm_error *err);

/**
 * tsm_entry_floor() - the lowest privilege level that may be asked for
 * @entry: from tsm_entry_create()
 * @floor: above 0 if an SVSM is in charge of those below
 * @err: what was wrong
 *
 * Return: 0; -EOPNOTSUPP if this driver knows no privilege levels; or what
 * reading it gave.
 */
int tsm_entry_floor(const struct tsm_entry *entry, unsigned int *floor,
		    struct tsm_error *err);

/**
 * tsm_entry_report() - commit report data and read the evidence for it
 * @entry: from tsm_entry_create()
 * @inblob: report data, @len bytes
 * @len: number of bytes
 * @options: what else is wanted
 * @report: the result, to be released with tsm_report_free()
 * @err: what was wrong
 *
 * Options are written before the report data, each time anew. The kernel tells
 * neither that it refused an inblob nor that somebody wrote another one in
 * between; the generation does, which every write moves by one, and is compared
 * before and after. If it moved otherwise, all is done again, three times at
 * most.
 *
 * Return: 0; -ECANCELED if the kernel refused the inblob; -EAGAIN if the
 * generation moved each time; -ENODATA if outblob was empty; -EFBIG if a blob
 * exceeds TSM_EVIDENCE_MAX; -EOPNOTSUPP if this driver has no such option or
 * blob; -ERANGE if it refused the value of an option; -ENOMEM; otherwise what
 * the driver gave, which is the driver's to explain.
 */
int tsm_entry_report(const struct tsm_entry *entry, const void *inblob,
		     size_t len, const struct tsm_report_options *options,
		     struct tsm_report *report, struct tsm_error *err);

void tsm_report_free(struct tsm_report *report);

/* device.c */

/**
 * tsm_tdreport_get() - ask the TDX module for a TDREPORT, TDX_CMD_GET_REPORT0
 * @reportdata: TSM_TDX_REPORTDATA_SIZE bytes to include
 * @report: the result
 * @err: what was wrong
 *
 * Return: 0, or what open() or ioctl() of /dev/tdx_guest gave.
 */
int tsm_tdreport_get(const uint8_t *reportdata, struct tsm_tdx_report *report,
		     struct tsm_error *err);

/* Each of these includes this file before anything, so any can come first. */
#include "tsm_file.h"
#include "tsm_rtmr.h"
#include "tsm_system.h"

#include "tsm_eventlog.h"

#include "tsm_cel.h"
#include "tsm_replay.h"

#include "tsm_verify.h"

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif /* TSM_H */
