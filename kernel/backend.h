/* SPDX-License-Identifier: GPL-2.0-only */
/* The contract between the vendor-neutral core and the TEE backends. */
#ifndef _TSMG_BACKEND_H
#define _TSMG_BACKEND_H

#include <linux/types.h>
#include <linux/uuid.h>

struct attribute_group;
struct miscdevice;

/* TDX REPORTDATA and SNP REPORT_DATA are both 64 bytes; so is inblob. */
#define TSMG_INBLOB_MAX		64

/**
 * enum tsmg_blob_id - the blobs that evidence is made of
 * @TSMG_OUTBLOB: the signed report or quote
 * @TSMG_AUXBLOB: certificates that belong to it, may be empty
 * @TSMG_MANIFESTBLOB: what a service says of itself, may be empty
 * @TSMG_BLOBS: how many there are
 */
enum tsmg_blob_id {
	TSMG_OUTBLOB,
	TSMG_AUXBLOB,
	TSMG_MANIFESTBLOB,
	TSMG_BLOBS
};

/**
 * struct tsmg_blob - a sized run of private memory
 * @data: kvmalloc()ed, or NULL while @len is 0
 * @len: bytes at @data
 */
struct tsmg_blob {
	void *data;
	size_t len;
};

/* The highest privilege level of any TEE: SNP has VMPL 0 to 3. */
#define TSMG_PRIVLEVEL_MAX	3

/**
 * enum tsmg_service - through whom the TEE shall be asked
 * @TSMG_SERVICE_NONE: nobody
 * @TSMG_SERVICE_SVSM: the SVSM below an SNP guest
 * @TSMG_SERVICE_UNKNOWN: somebody whom no backend knows
 */
enum tsmg_service {
	TSMG_SERVICE_NONE,
	TSMG_SERVICE_SVSM,
	TSMG_SERVICE_UNKNOWN,
};

/**
 * struct tsmg_request - what the user wants signed
 * @inblob: the user's bytes
 * @inblob_len: how many there are, 1 to TSMG_INBLOB_MAX
 * @privlevel: privilege level to be named, up to TSMG_PRIVLEVEL_MAX; -1: the
 *	lowest number that the TEE allows
 * @service: through whom
 * @service_guid: which of its services; the null GUID: all
 * @manifest_version: of the manifest of that service
 */
struct tsmg_request {
	u8 inblob[TSMG_INBLOB_MAX];
	size_t inblob_len;
	int privlevel;
	enum tsmg_service service;
	guid_t service_guid;
	u32 manifest_version;
};

/**
 * struct tsmg_report - what a backend answers
 * @blob: indexed by enum tsmg_blob_id; the core frees every one with kvfree(),
 *	whether the backend succeeded or not
 */
struct tsmg_report {
	struct tsmg_blob blob[TSMG_BLOBS];
};

/* As many registers as any TEE has that can be extended. */
#define TSMG_RTMRS_MAX		4

/* The longest register of any TEE: SNP's CHIP_ID and REPORT_DATA have as much. */
#define TSMG_VALUE_MAX		64

/* SHA-384: what a register is extended with, and how long its value is. */
#define TSMG_DIGEST_LEN		48

/**
 * struct tsmg_register - a measurement register
 * @name: of its file in sysfs, part of the ABI
 * @offset: of its value in the state of its set
 * @len: of its value, bytes, at most TSMG_VALUE_MAX
 * @tcg_map: which PCRs of a TPM it stands for, as a list; NULL for a register
 *	that cannot be extended
 */
struct tsmg_register {
	const char *name;
	size_t offset;
	size_t len;
	const char *tcg_map;
};

/**
 * struct tsmg_register_set - the registers of a TEE
 * @regs: those that can be extended first, each TSMG_DIGEST_LEN bytes
 * @nr_regs: how many @regs there are
 * @nr_rtmrs: how many of them can be extended, at most TSMG_RTMRS_MAX; with 0
 *	there is no event log either, and @late_mask and @extend are not used
 * @late_mask: a bit for each of them that is the operating system's to extend;
 *	the others are extended only by who says so by name
 * @state_len: bytes of state
 * @read: have the TEE tell the state. Process context; with @nr_rtmrs it does
 *	not wait, without any it may, killably. @state has @state_len bytes from
 *	kmalloc(). 0 or -errno, and then @state is anything; -EBUSY if it makes
 *	sense to try again soon.
 * @extend: extend regs[@index] with @digest, TSMG_DIGEST_LEN bytes. Process
 *	context; does not wait. 0, or -errno, and then nothing was extended;
 *	-EBUSY as for @read.
 */
struct tsmg_register_set {
	const struct tsmg_register *regs;
	unsigned int nr_regs;
	unsigned int nr_rtmrs;
	unsigned long late_mask;
	size_t state_len;
	int (*read)(u8 *state);
	int (*extend)(unsigned int index, const u8 *digest);
};

/**
 * struct tsmg_backend - one TEE vendor
 * @name: provider name, part of the ABI
 * @misc: the vendor's legacy device; registered by the core after everything
 *	else works, deregistered first
 * @registers: the measurement registers; never NULL
 * @state_group: more attributes of @misc; NULL if there are none
 * @present: whether this machine is such a TEE; may be called before @init,
 *	must not touch the TEE
 * @init: get ready to answer; 0 or -errno, and on error nothing stays behind
 * @exit: undo @init; no report_new() is running nor will be
 * @privlevel_floor: the lowest privilege level that a report may name; NULL if
 *	the TEE has no such levels
 * @has_services: whether somebody can be asked in the TEE's place, see enum
 *	tsmg_service; called after @init, and does not change; NULL: no
 * @report_new: answer @request; process context, holding no lock, from any
 *	number of tasks at once; sleeps only killably. 0, or the -errno that
 *	read(2) on a blob returns, -EINTR if the caller was killed.
 */
struct tsmg_backend {
	const char *name;
	struct miscdevice *misc;
	const struct tsmg_register_set *registers;
	const struct attribute_group *state_group;
	bool (*present)(void);
	int (*init)(void);
	void (*exit)(void);
	unsigned int (*privlevel_floor)(void);
	bool (*has_services)(void);
	int (*report_new)(const struct tsmg_request *request,
			  struct tsmg_report *report);
};

extern const struct tsmg_backend tsmg_tdx_backend;
extern const struct tsmg_backend tsmg_snp_backend;

#endif /* _TSMG_BACKEND_H */
