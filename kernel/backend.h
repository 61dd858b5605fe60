/* SPDX-License-Identifier: GPL-2.0-only */
/* The contract between the vendor-neutral core and the TEE backends. */
#ifndef _TSMG_BACKEND_H
#define _TSMG_BACKEND_H

#include <linux/types.h>

struct miscdevice;

/* TDX REPORTDATA and SNP REPORT_DATA are both 64 bytes; so is inblob. */
#define TSMG_INBLOB_MAX		64

/**
 * enum tsmg_blob_id - the blobs that evidence is made of
 * @TSMG_OUTBLOB: the signed report or quote
 * @TSMG_AUXBLOB: certificates that belong to it, may be empty
 * @TSMG_BLOBS: how many there are
 */
enum tsmg_blob_id {
	TSMG_OUTBLOB,
	TSMG_AUXBLOB,
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

/**
 * struct tsmg_request - what the user wants signed
 * @inblob: the user's bytes
 * @inblob_len: how many there are, 1 to TSMG_INBLOB_MAX
 */
struct tsmg_request {
	u8 inblob[TSMG_INBLOB_MAX];
	size_t inblob_len;
};

/**
 * struct tsmg_report - what a backend answers
 * @blob: indexed by enum tsmg_blob_id; the core frees every one with kvfree(),
 *	whether the backend succeeded or not
 */
struct tsmg_report {
	struct tsmg_blob blob[TSMG_BLOBS];
};

/**
 * struct tsmg_backend - one TEE vendor
 * @name: provider name, part of the ABI
 * @misc: the vendor's legacy device; registered by the core after everything
 *	else works, deregistered first
 * @present: whether this machine is such a TEE; may be called before @init,
 *	must not touch the TEE
 * @init: get ready to answer; 0 or -errno, and on error nothing stays behind
 * @exit: undo @init; no report_new() is running nor will be
 * @report_new: answer @request; process context, holding no lock, from any
 *	number of tasks at once; sleeps only killably. 0, or the -errno that
 *	read(2) on a blob returns, -EINTR if the caller was killed.
 */
struct tsmg_backend {
	const char *name;
	struct miscdevice *misc;
	bool (*present)(void);
	int (*init)(void);
	void (*exit)(void);
	int (*report_new)(const struct tsmg_request *request,
			  struct tsmg_report *report);
};

extern const struct tsmg_backend tsmg_tdx_backend;

#endif /* _TSMG_BACKEND_H */
