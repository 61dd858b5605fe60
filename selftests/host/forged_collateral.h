/* SPDX-License-Identifier: MIT */
/* Collateral for a forged platform, under forge.h's PKI, and how it is judged. */
#ifndef TSM_HOST_FORGED_COLLATERAL_H
#define TSM_HOST_FORGED_COLLATERAL_H

#include "../../tools/lib/collateral.h"

#include "forge.h"
#include "tap.h"
#include "tcb_text.h"

#include <errno.h>

static struct tsm_error err;

/**
 * struct forged - all that a judgement takes
 * @pki: its certificates
 * @other: certificates of somebody else, with the same names
 * @info: what the TCB info is to say
 * @qe: text of the QE identity
 * @platform: the platform; points at what follows
 * @pck, @svn, @svn2, @mrsigner, @attributes, @report: likewise
 * @col: what was added
 * @crls: lists given beside it
 * @root: of @pki
 * @judge: by what
 */
struct forged {
	struct forge_intel pki;
	struct forge_intel other;
	struct info_text info;
	struct text qe;
	struct tcb_platform platform;
	struct tsm_pck pck;
	uint8_t svn[16];
	uint8_t svn2[16];
	uint8_t mrsigner[48];
	uint8_t attributes[8];
	uint8_t report[384];
	struct collateral col;
	struct cert_pool crls;
	struct x509 root;
	struct tsm_crypto *crypto;
	struct tcb_judge judge;
};

static inline void forged_platform(struct forged *f)
{
	static const uint8_t signer[32] = {
		0xdc, 0x9e, 0x2a, 0x7c, 0x6f, 0x94, 0x8f, 0x17, 0x47, 0x4e, 0x34,
		0xa7, 0xfc, 0x43, 0xed, 0x03, 0x0f, 0x7c, 0x15, 0x63, 0xf1, 0xba,
		0xbd, 0xdf, 0x63, 0x40, 0xc8, 0x2e, 0x0e, 0x54, 0xa8, 0xc5,
	};

	memcpy(f->pck.comp_svn, f->pki.pck.comp, 16);
	memcpy(f->pck.fmspc, f->pki.pck.fmspc, 6);
	memcpy(f->pck.pceid, f->pki.pck.pceid, 2);
	f->pck.pcesvn = f->pki.pck.pcesvn;
	memcpy(f->svn, (const uint8_t[]){ 6, 1, 3 }, 3);
	memcpy(f->svn2, (const uint8_t[]){ 6, 1, 3 }, 3);
	f->report[48] = 0x15;
	memcpy(f->report + 128, signer, 32);
	f->report[256] = 2;
	f->report[258] = 6;
	f->platform = (struct tcb_platform){
		.pck = &f->pck,
		.tee_tcb_svn = f->svn,
		.tee_tcb_svn2 = f->svn2,
		.mrsignerseam = f->mrsigner,
		.seam_attributes = f->attributes,
		.qe = f->report,
	};
}

/* All is as it should be, and nothing made or added yet. */
static inline struct forged *forged_new(void)
{
	struct forged *f = calloc(1, sizeof(*f));

	if (!f || tsm_crypto_new(&f->crypto))
		abort();
	forge_intel_init(&f->pki);
	forge_intel_init(&f->other);
	f->other.root.key = f->other.root.signer = forge_key(FORGE_P256, 5);
	f->other.tcb_signing.key = forge_key(FORGE_P256, 6);
	f->other.tcb_signing.signer = f->other.root.key;
	f->info = common_info();
	say(&f->qe, "%s", QE_TEXT);
	forged_platform(f);
	f->judge = (struct tcb_judge){
		.crypto = f->crypto,
		.at = FORGE_NOW,
		.root = &f->root,
		.crls = &f->crls,
	};
	return f;
}

static inline void forged_free(struct forged *f)
{
	collateral_clear(&f->col);
	cert_pool_clear(&f->crls);
	tsm_crypto_free(f->crypto);
	free(f);
}

/* Whatever it is; returns what the library does. */
static inline int offer(struct forged *f, const void *data, size_t len,
			size_t *added)
{
	uint8_t *copy = exact_copy(data, len);
	int ret;

	err.text[0] = '\0';
	ret = collateral_add(&f->col, copy, len, added, &err);
	free(copy);
	CHECK(!ret == !err.text[0]);
	return ret;
}

static inline int offer_text(struct forged *f, const char *text)
{
	size_t added;

	return offer(f, text, strlen(text), &added);
}

/* Must be taken, as @count things. */
static inline void add_bytes(struct forged *f, const void *data, size_t len,
			     size_t count)
{
	size_t added;
	int ret = offer(f, data, len, &added);

	if (!CHECK_EQ(0, ret) || !CHECK_EQ(count, added))
		printf("# %s\n", err.text);
}

static inline void add_der(struct forged *f, const struct bytes *der)
{
	add_bytes(f, der->p, der->len, 1);
}

static inline void say_signature(struct text *t, const char *signed_text,
				 EVP_PKEY *key)
{
	uint8_t signature[132];
	size_t i;

	forge_sign_raw(signature, key, signed_text, strlen(signed_text));
	for (i = 0; i < 64; i++)
		say(t, "%02x", signature[i]);
}

/* A response of the PCS: @name is "tcbInfo" or "enclaveIdentity". */
static inline void say_response(struct text *t, const char *name,
				const char *text, EVP_PKEY *key)
{
	say(t, "{\"%s\":%s,\"signature\":\"", name, text);
	say_signature(t, text, key);
	say(t, "\"}");
}

static inline void add_info_by(struct forged *f, EVP_PKEY *key)
{
	static struct text info, response;

	info.len = response.len = 0;
	say_info(&info, &f->info);
	say_response(&response, "tcbInfo", info.s, key);
	add_bytes(f, response.s, response.len, 1);
}

static inline void add_info(struct forged *f)
{
	add_info_by(f, f->pki.tcb_signing.key);
}

static inline void add_qe(struct forged *f)
{
	static struct text response;

	response.len = 0;
	say_response(&response, "enclaveIdentity", f->qe.s,
		     f->pki.tcb_signing.key);
	add_bytes(f, response.s, response.len, 1);
}

/* Makes the PKI, and adds what certifies TCB signers. */
static inline void add_chain(struct forged *f)
{
	forge_intel_make(&f->pki);
	forge_intel_make(&f->other);
	if (x509_parse(f->pki.root_der.p, f->pki.root_der.len, &f->root, &err))
		abort();
	add_der(f, &f->pki.tcb_signing_der);
}

static inline void add_all(struct forged *f)
{
	add_chain(f);
	add_info(f);
	add_qe(f);
}

static inline void forged_judge(struct forged *f, struct tcb_result *result)
{
	memset(result, 0xff, sizeof(*result));
	CHECK_EQ(0, collateral_judge(&f->col, &f->platform, &f->judge, result));
}

static inline bool reason_is(const char *reason, const char *says)
{
	if (strstr(reason, says))
		return true;
	printf("# %s\n", reason);
	return false;
}

/* Judges, which must fail at the TCB info for that reason, and frees. */
static inline void info_fails(struct forged *f, const char *says)
{
	struct tcb_result result;

	forged_judge(f, &result);
	CHECK_EQ(TSM_CHECK_FAIL, result.tcb_info);
	CHECK_EQ(TSM_CHECK_SKIPPED, result.td_module);
	CHECK_EQ(TSM_TCB_UNKNOWN, result.status);
	CHECK(reason_is(result.tcb_info_reason, says));
	forged_free(f);
}

/* The same at the QE identity. */
static inline void qe_fails(struct forged *f, const char *says)
{
	struct tcb_result result;

	forged_judge(f, &result);
	CHECK_EQ(TSM_CHECK_PASS, result.tcb_info);
	CHECK_EQ(TSM_CHECK_FAIL, result.qe_identity);
	CHECK_EQ(TSM_TCB_UNKNOWN, result.status);
	CHECK(reason_is(result.qe_identity_reason, says));
	forged_free(f);
}

/* Nothing must be wrong. */
static inline void passes(struct forged *f, enum tsm_tcb_status status)
{
	struct tcb_result result;

	forged_judge(f, &result);
	if (!CHECK_EQ(TSM_CHECK_PASS, result.tcb_info))
		printf("# %s\n", result.tcb_info_reason);
	if (!CHECK_EQ(TSM_CHECK_PASS, result.qe_identity))
		printf("# %s\n", result.qe_identity_reason);
	if (!CHECK_EQ(TSM_CHECK_PASS, result.td_module))
		printf("# %s\n", result.td_module_reason);
	CHECK_EQ(status, result.status);
	forged_free(f);
}

#endif /* TSM_HOST_FORGED_COLLATERAL_H */
