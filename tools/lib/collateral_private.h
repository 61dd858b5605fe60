/* SPDX-License-Identifier: MIT */
/* What the files that hold and judge collateral share. */
#ifndef TSM_COLLATERAL_PRIVATE_H
#define TSM_COLLATERAL_PRIVATE_H

#include "collateral.h"
#include "tcb.h"
#include "verify_text.h"

enum collateral_kind {
	COLLATERAL_TCB_INFO,
	COLLATERAL_QE_IDENTITY,
};

/**
 * struct collateral_doc - a TCB info or a QE identity, not yet judged
 * @kind: which of them
 * @json: decoded from just the bytes that are signed, which it holds
 * @is_signed: there is a signature of the right size
 * @signature: R || S
 * @info: if it is a TCB info for TDX of a version that is known
 * @qe: if it is a QE identity likewise
 * @other: if it is neither, what it is: "version 2", "id SGX"
 */
struct collateral_doc {
	enum collateral_kind kind;
	struct json_doc *json;
	bool is_signed;
	uint8_t signature[64];
	struct tcb_info *info;
	struct qe_identity *qe;
	char other[48];
};

/* "TCB info" or "QE identity". */
const char *collateral_name(enum collateral_kind kind);

static inline struct tsm_blob collateral_text(const struct collateral_doc *doc)
{
	return json_at_text(json_doc_root(doc->json));
}

/**
 * collateral_authentic() - who signed a document, collateral_signer.c
 * @doc: the document
 * @col: where its issuer chain is, if not in @judge
 * @judge: by what
 * @signer: a certificate that this said was right before, to be tried first, or
 *	NULL; set to the one that signed
 * @reason: what is wrong, or empty
 * @size: room
 *
 * Its key must be of a TCB signing certificate that the root has issued, valid
 * in time and not revoked.
 * Return: 1 if all is right; 0; -ENOMEM.
 */
int collateral_authentic(const struct collateral_doc *doc,
			 const struct collateral *col,
			 const struct tcb_judge *judge,
			 const struct x509 **signer, char *reason,
			 size_t size);

/* collateral_text.c: "34 days", "1 hour"; @seconds not below 0 */
const char *collateral_duration(int64_t seconds, char text[32]);

/**
 * collateral_advisories() - put advisory IDs together, each once
 * @found: whose levels have them
 * @text: comma and space between them; what has no room is counted
 * @size: room, at least 64
 */
void collateral_advisories(const struct tcb_found *found, char *text,
			   size_t size);

#endif /* TSM_COLLATERAL_PRIVATE_H */
