/* SPDX-License-Identifier: MIT */
/*
 * libtsmguest, continued from tsm.h: evidence of SEV-SNP guests and keys that the
 * firmware derives for them (snp.c, snp_certs.c, snp_ext.c, snp_key.c).
 */
#include "tsm.h"

#ifndef TSM_SNP_EVIDENCE_H
#define TSM_SNP_EVIDENCE_H

#include <tsm/snp.h>

/* snp.c */

/* The newest version of the report that this library knows. */
#define TSM_SNP_REPORT_NEWEST	TSM_SNP_REPORT_V5

/**
 * enum tsm_snp_generation - which processors a report can come from
 * @TSM_SNP_UNKNOWN: the CPUID in it is not known here
 * @TSM_SNP_MILAN_OR_GENOA: version 2, which has no CPUID
 * @TSM_SNP_MILAN: family 19h, models 00h to 0fh
 * @TSM_SNP_GENOA: Genoa, Bergamo and Siena: models 10h to 1fh, a0h to afh
 * @TSM_SNP_TURIN: family 1ah, models 00h to 11h; or version 2 with the short
 *	chip id that begins with Turin
 * @TSM_SNP_VENICE: models 50h to 57h, 90h to afh and c0h to c7h
 */
enum tsm_snp_generation {
	TSM_SNP_UNKNOWN,
	TSM_SNP_MILAN_OR_GENOA,
	TSM_SNP_MILAN,
	TSM_SNP_GENOA,
	TSM_SNP_TURIN,
	TSM_SNP_VENICE,
};

/**
 * struct tsm_snp - a decoded attestation report
 * @report: integers still little-endian
 * @version: of the report
 * @generation: where it comes from
 * @turin_tcb: TCB versions have the layout of Turin and later
 * @reserved_zero: what this version reserves is 0, as it should be
 * @signed_part: what the signature covers
 * @trailing: what follows the report; nothing vouches for it
 */
struct tsm_snp {
	struct tsm_snp_report report;
	uint32_t version;
	enum tsm_snp_generation generation;
	bool turin_tcb;
	bool reserved_zero;
	struct tsm_blob signed_part;
	struct tsm_blob trailing;
};

/**
 * tsm_snp_parse() - decode an attestation report
 * @data: the report, @len bytes; @snp points into it
 * @len: number of bytes
 * @snp: the result
 * @err: what was wrong
 *
 * Versions 2 to 5 are known, and a later one is decoded as the newest of them:
 * so far each has used bytes that were reserved before it, and moved none. Who
 * cares compares @snp->version with TSM_SNP_REPORT_NEWEST.
 *
 * Return: 0; -EBADMSG if it is too short; -EPROTONOSUPPORT for versions 0 and 1,
 * which no firmware that can be attested writes.
 */
int tsm_snp_parse(const void *data, size_t len, struct tsm_snp *snp,
		  struct tsm_error *err);

/* Parts of a TCB version at most. */
#define TSM_SNP_TCB_PARTS	5

/**
 * struct tsm_snp_tcb_part - a component and its security version
 * @name: "FMC", "BOOT_LOADER", "TEE", "SNP" or "MICROCODE"
 * @svn: its version
 */
struct tsm_snp_tcb_part {
	const char *name;
	uint8_t svn;
};

/* The parts of a TCB version, in the order in which they start. Return: how
 * many. */
size_t tsm_snp_tcb_parts(const union tsm_snp_tcb *tcb, bool turin,
			 struct tsm_snp_tcb_part part[TSM_SNP_TCB_PARTS]);

/**
 * tsm_svsm_reportdata() - what a report that an SVSM asked for must carry
 *			   (evidence.c)
 * @nonce: report data that the SVSM was given
 * @manifest: what it says of its services, @len bytes
 * @len: number of bytes
 * @reportdata: the result
 *
 * SHA-512 over both: Secure VM Service Module for SEV-SNP Guests, 58019,
 * section 7. That is how the manifest, which nobody signs, is vouched for.
 *
 * Return: 0, or -ENOMEM if no digest could be computed.
 */
int tsm_svsm_reportdata(const uint8_t nonce[TSM_SNP_REPORTDATA_SIZE],
			const void *manifest, size_t len,
			uint8_t reportdata[TSM_SNP_REPORTDATA_SIZE]);

/* snp_certs.c */

/* A host has up to five to give; more than this is no table of certificates. */
#define TSM_SNP_ENTRIES_MAX	64

enum tsm_snp_slot {
	TSM_SNP_SLOT_OTHER,
	TSM_SNP_SLOT_VCEK,
	TSM_SNP_SLOT_VLEK,
	TSM_SNP_SLOT_ASK,
	TSM_SNP_SLOT_ARK,
	TSM_SNP_SLOT_CRL,
};

/**
 * struct tsm_snp_entry - an entry of the certificate table
 * @guid: in the order in which it is printed
 * @slot: what the host says that it is, which may be wrong: some have the VLEK
 *	in the slot of the VCEK
 * @offset: of the body
 * @body: DER or PEM as a rule, in the table that was decoded
 * @overlaps: it has some, but not all, of its bytes in common with another
 */
struct tsm_snp_entry {
	uint8_t guid[16];
	enum tsm_snp_slot slot;
	uint32_t offset;
	struct tsm_blob body;
	bool overlaps;
};

/**
 * struct tsm_snp_certs - a decoded certificate table
 * @entry: in the order of the table
 * @count: how many
 * @uefi_guids: GUIDs stand in it in the byte order of UEFI, not as printed
 * @size: bytes from its beginning to the last that belongs to it
 */
struct tsm_snp_certs {
	struct tsm_snp_entry entry[TSM_SNP_ENTRIES_MAX];
	size_t count;
	bool uefi_guids;
	size_t size;
};

/**
 * tsm_snp_certs_parse() - decode the host's certificate table
 * @data: the table, @len bytes; @certs points into it
 * @len: number of bytes
 * @certs: the result
 * @err: what was wrong
 *
 * Return: 0; -EBADMSG if the table is not ended by an entry of zeros, if an
 * entry reaches beyond @len or into the list of entries, or if there are more
 * than TSM_SNP_ENTRIES_MAX.
 */
int tsm_snp_certs_parse(const void *data, size_t len,
			struct tsm_snp_certs *certs, struct tsm_error *err);

/* "VCEK" and so on; "unknown" for TSM_SNP_SLOT_OTHER. */
const char *tsm_snp_slot_name(enum tsm_snp_slot slot);

/* Whether some entry at the beginning has a GUID that is known here. */
bool tsm_snp_certs_guess(const void *data, size_t len);

/* snp_ext.c */

/* Components that have an extension: .3.1 to .3.9. */
#define TSM_SNP_EXT_SPLS	9

/* Bits of has in struct tsm_snp_ext; has_spl is apart. */
enum {
	TSM_SNP_EXT_VERSION = 1 << 1,
	TSM_SNP_EXT_PRODUCT = 1 << 2,
	TSM_SNP_EXT_HW_ID = 1 << 4,
	TSM_SNP_EXT_CSP_ID = 1 << 5,
};

/**
 * struct tsm_snp_ext - AMD's extensions of a VCEK or VLEK certificate,
 *			1.3.6.1.4.1.3704.1 and what follows
 * @has: which of them are there
 * @has_spl: which of .3.1 to .3.9 are, by the bit of that number
 * @version: .1 structVersion: 1 from Turin on
 * @product: .2 productName: "Milan-B0", "Genoa"
 * @spl: .3.1 blSPL, .3.2 teeSPL, .3.3 snpSPL, .3.8 ucodeSPL, .3.9 fmcSPL; by
 *	the last number
 * @hw_id: .4 hwID: the chip
 * @hw_id_len: 64, or 8 from Turin on
 * @csp_id: .5 cspID: whom a VLEK was given to
 */
struct tsm_snp_ext {
	unsigned int has;
	unsigned int has_spl;
	uint8_t version;
	char product[32];
	uint8_t spl[TSM_SNP_EXT_SPLS + 1];
	uint8_t hw_id[TSM_SNP_CHIP_ID_SIZE];
	size_t hw_id_len;
	char csp_id[128];
};

/* "BL_SPL" for 1, which is blSPL to AMD, and so on. */
const char *tsm_snp_spl_name(unsigned int number);

/**
 * tsm_snp_ext_add() - decode one extension of a certificate
 * @ext: zero before the first; filled bit by bit
 * @oid: DER of the extension's OBJECT IDENTIFIER without tag and length,
 *	@oid_len bytes
 * @oid_len: its bytes
 * @der: its value, @len bytes
 * @len: number of bytes
 * @err: what was wrong
 *
 * Return: 0, also for extensions that are not AMD's; -EBADMSG if one of them is
 * malformed, or there twice.
 */
int tsm_snp_ext_add(struct tsm_snp_ext *ext, const uint8_t *oid, size_t oid_len,
		    const void *der, size_t len, struct tsm_error *err);

/* snp_key.c */

#define TSM_SNP_DEVICE		"/dev/sev-guest"

/* What tsm_snp_key_expand() makes of a key. */
#define TSM_SNP_EXPANDED_SIZE	64

/**
 * struct tsm_snp_key_request - which key is wanted
 * @root: TSM_SNP_ROOT_KEY_VCEK or TSM_SNP_ROOT_KEY_VMRK
 * @fields: TSM_SNP_KEY_FIELD_* bits: what of this guest is mixed in
 * @vmpl: privilege level to mix in, not below that of the driver's VMPCK
 * @guest_svn: SVN to mix in, at most that of the guest; if its bit is in @fields
 * @tcb_version: TCB to mix in, at most the committed one; likewise
 */
struct tsm_snp_key_request {
	uint32_t root;
	uint64_t fields;
	uint32_t vmpl;
	uint32_t guest_svn;
	uint64_t tcb_version;
};

/**
 * tsm_snp_key_derive() - have the firmware derive a key, SNP_GET_DERIVED_KEY
 * @request: which
 * @key: the result, a secret; zero on failure
 * @err: what was wrong
 *
 * The launch mitigation vector takes version 2 of the message, which not every
 * driver passes on; the ioctl has no room for its value.
 *
 * No copy of the key is left behind. The status in the response is looked at,
 * which some drivers do not do; a key of zeros is none.
 *
 * Return: 0; -EINVAL if the firmware refused the request's values; -EIO if it
 * or the host refused otherwise; else what open() or ioctl() gave.
 */
int tsm_snp_key_derive(const struct tsm_snp_key_request *request,
		       uint8_t key[TSM_SNP_DERIVED_KEY_SIZE],
		       struct tsm_error *err);

/**
 * tsm_snp_key_expand() - make a longer key of a derived one (ossl.c)
 * @key: from tsm_snp_key_derive()
 * @out: the result, no stronger than @key; zero on failure
 *
 * HKDF of RFC 5869 with SHA-512, without salt, info "tsmctl derive-key 64". Must
 * never change.
 *
 * Return: 0, or -ENOMEM if OpenSSL cannot.
 */
int tsm_snp_key_expand(const uint8_t key[TSM_SNP_DERIVED_KEY_SIZE],
		       uint8_t out[TSM_SNP_EXPANDED_SIZE]);

#endif /* TSM_SNP_EVIDENCE_H */
