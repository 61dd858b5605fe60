/* SPDX-License-Identifier: MIT */
/*
 * Intel's TCB info and QE identity, decoded, and the rules by which a platform
 * is found in them: those of Intel's Quote Verification Library (QVL), 4.1.2.4.
 */
#ifndef TSM_TCB_H
#define TSM_TCB_H

#include "json.h"

#define TCB_COMPONENTS		16

/**
 * struct tcb_component - one SVN of a level
 * @svn: what is needed; Intel's sample set has some above 255, which no platform
 *	reaches
 * @category: who updates it: "BIOS", "OS/VMM"; NULL if it is not said
 * @type: what it is: "SEAMLDR ACM"; likewise
 */
struct tcb_component {
	uint16_t svn;
	const char *category;
	const char *type;
};

/**
 * struct tcb_standing - what Intel says of all who reach a level
 * @status: any that tsm_tcb_status_name() has but those of the verifier itself
 * @date: tcbDate, ISO 8601
 * @advisories: advisoryIDs, an array of strings, if @has_advisories
 * @has_advisories: there is one
 */
struct tcb_standing {
	enum tsm_tcb_status status;
	const char *date;
	struct json_at advisories;
	bool has_advisories;
};

/**
 * struct tcb_level - an entry of tcbLevels of a TCB info
 * @sgx: sgxtcbcomponents
 * @pcesvn: likewise
 * @tdx: tdxtcbcomponents
 * @standing: of those who have all that
 */
struct tcb_level {
	struct tcb_component sgx[TCB_COMPONENTS];
	uint16_t pcesvn;
	struct tcb_component tdx[TCB_COMPONENTS];
	struct tcb_standing standing;
};

/* An entry of tcbLevels of a module or a QE. */
struct tcb_isv_level {
	uint16_t isvsvn;
	struct tcb_standing standing;
};

/* Those of one module or QE, highest first. */
struct tcb_isv_levels {
	struct tcb_isv_level *level;
	size_t count;
};

/**
 * struct tcb_module - tdxModule, or one of tdxModuleIdentities
 * @id: "TDX_01"; NULL for tdxModule
 * @mrsigner: what MRSIGNERSEAM must be
 * @attributes: what SEAMATTRIBUTES must be; all bits count, whatever its mask says
 * @levels: by SVN of the module; none for tdxModule
 */
struct tcb_module {
	const char *id;
	uint8_t mrsigner[48];
	uint8_t attributes[8];
	struct tcb_isv_levels levels;
};

/**
 * struct tcb_info - a TCB info of version 3 for TDX
 * @issued: issueDate, seconds since 1970
 * @next_update: nextUpdate
 * @fmspc, @pceid: of the platforms it is for
 * @evaluation: tcbEvaluationDataNumber
 * @module: tdxModule, for modules of version 0
 * @identity: tdxModuleIdentities, for others
 * @identities: how many
 * @level: tcbLevels, highest first
 * @levels: how many, at least one
 *
 * Texts belong to the document.
 */
struct tcb_info {
	int64_t issued;
	int64_t next_update;
	uint8_t fmspc[6];
	uint8_t pceid[2];
	uint32_t evaluation;
	struct tcb_module module;
	struct tcb_module *identity;
	size_t identities;
	struct tcb_level *level;
	size_t levels;
};

/**
 * tcb_info_parse() - decode a TCB info
 * @object: value of "tcbInfo", whose id is TDX and version is 3
 * @info: the result, to be given to tcb_info_free(); NULL on failure
 * @err: what was wrong
 *
 * Keys that are not known are passed over, as Intel adds some over time. Levels
 * are sorted as the QVL sorts them; two that are the same are malformed.
 * Return: 0; -EBADMSG; -ENOMEM.
 */
int tcb_info_parse(struct json_at object, struct tcb_info **info,
		   struct tsm_error *err);
void tcb_info_free(struct tcb_info *info);

/**
 * struct qe_identity - a QE identity of version 2 for the TD quoting enclave
 * @issued, @next_update, @evaluation: as in a TCB info
 * @miscselect, @attributes: what the report must have, where the mask has bits
 * @miscselect_mask, @attributes_mask: these, in the order of the report's bytes
 * @mrsigner, @isvprodid: what the report must have
 * @levels: by ISVSVN, at least one
 */
struct qe_identity {
	int64_t issued;
	int64_t next_update;
	uint32_t evaluation;
	uint8_t miscselect[4];
	uint8_t miscselect_mask[4];
	uint8_t attributes[16];
	uint8_t attributes_mask[16];
	uint8_t mrsigner[32];
	uint16_t isvprodid;
	struct tcb_isv_levels levels;
};

/* As tcb_info_parse(); @object is the value of "enclaveIdentity". */
int qe_identity_parse(struct json_at object, struct qe_identity **identity,
		      struct tsm_error *err);
void qe_identity_free(struct qe_identity *identity);

/* What both have, tcb_standing.c. */
int tcb_standing_parse(struct json_at level, struct tcb_standing *standing,
		       struct tsm_error *err);
int tcb_isv_levels_parse(struct json_at object, struct tcb_isv_levels *levels,
			 struct tsm_error *err);

/**
 * struct tcb_svns - what a platform has
 * @comp_svn: of the SGX components
 * @pcesvn: of the PCE
 * @tee_tcb_svn: 16 bytes of the body
 * @tee_tcb_svn2: likewise of a TD 1.5 body, else NULL
 * @qe_isvsvn: of the QE
 */
struct tcb_svns {
	const uint8_t *comp_svn;
	uint16_t pcesvn;
	const uint8_t *tee_tcb_svn;
	const uint8_t *tee_tcb_svn2;
	uint16_t qe_isvsvn;
};

/**
 * struct tcb_found - where a platform stands; levels are NULL if none is reached
 * @sgx: first level that SGX components and PCESVN reach
 * @level: first level that the TDX components reach, too
 * @module: that the module must be; NULL if the TCB info knows none such
 * @module_level: of it; NULL for tdxModule, which has none
 * @qe_level: of the QE
 * @platform_status: of @level, any that there is; of the next two whatever is
 *	neither UpToDate nor Revoked is OutOfDate
 * @module_status: of @module_level; UpToDate for tdxModule
 * @qe_status: of @qe_level
 * @status: of all
 * @asked_relaunch: TEE_TCB_SVN2 was looked at, all but the module being in order
 */
struct tcb_found {
	const struct tcb_level *sgx;
	const struct tcb_level *level;
	const struct tcb_module *module;
	const struct tcb_isv_level *module_level;
	const struct tcb_isv_level *qe_level;
	enum tsm_tcb_status platform_status;
	enum tsm_tcb_status module_status;
	enum tsm_tcb_status qe_status;
	enum tsm_tcb_status status;
	bool asked_relaunch;
};

/* From which TDX component on a level counts: QVL 4.1.2.4.17.3; where the module
 * has levels of its own, its SVN and version are judged by those. */
static inline size_t tcb_first_tdx(const uint8_t *tee_tcb_svn)
{
	return tee_tcb_svn[1] > 0 ? 2 : 0;
}

/* What TDX module of that version the TCB info knows: "TDX_%02X" of its
 * identities, tdxModule for version 0; NULL if none. */
const struct tcb_module *tcb_module_find(const struct tcb_info *info,
					 uint8_t version);

/**
 * tcb_find() - where a platform stands, QVL 4.1.2.4.17
 * @info: TCB info for it
 * @qe: QE identity; NULL leaves the QE out, as if it were UpToDate
 * @svns: what it has
 * @found: the result
 */
void tcb_find(const struct tcb_info *info, const struct qe_identity *qe,
	      const struct tcb_svns *svns, struct tcb_found *found);

/* A status that a module, or QE, of that status leaves of one; QVL 4.1.2.4.17.4 */
enum tsm_tcb_status tcb_converge(enum tsm_tcb_status status,
				 enum tsm_tcb_status other);

/**
 * tcb_explain() - say where a platform stands, and what it lacks
 * @text: one sentence without the status itself, @size bytes, cut if too long
 */
void tcb_explain(const struct tcb_info *info, const struct qe_identity *qe,
		 const struct tcb_svns *svns, const struct tcb_found *found,
		 char *text, size_t size);

#endif /* TSM_TCB_H */
