// SPDX-License-Identifier: MIT
/* Where a platform stands in a TCB info: the rules of Intel's QVL, 4.1.2.4.17. */
#include "tcb.h"

#include <string.h>

static bool sgx_reaches(const struct tcb_svns *svns,
			const struct tcb_level *level)
{
	size_t i;

	for (i = 0; i < TCB_COMPONENTS; i++)
		if (svns->comp_svn[i] < level->sgx[i].svn)
			return false;
	return svns->pcesvn >= level->pcesvn;
}

static bool tdx_reaches(const struct tcb_svns *svns,
			const struct tcb_level *level)
{
	size_t i;

	for (i = tcb_first_tdx(svns->tee_tcb_svn); i < TCB_COMPONENTS; i++)
		if (svns->tee_tcb_svn[i] < level->tdx[i].svn)
			return false;
	return true;
}

/* 4.1.2.4.17.1 to .3 */
static void find_levels(const struct tcb_info *info,
			const struct tcb_svns *svns, struct tcb_found *found)
{
	size_t i;

	for (i = 0; i < info->levels; i++) {
		if (!sgx_reaches(svns, &info->level[i]))
			continue;
		if (!found->sgx)
			found->sgx = &info->level[i];
		if (tdx_reaches(svns, &info->level[i])) {
			found->level = &info->level[i];
			return;
		}
	}
}

static const struct tcb_isv_level *
find_isv_level(const struct tcb_isv_levels *levels, uint16_t isvsvn)
{
	size_t i;

	for (i = 0; i < levels->count; i++)
		if (isvsvn >= levels->level[i].isvsvn)
			return &levels->level[i];
	return NULL;
}

/* "TDX_%02X", of either case, as the QVL compares it. */
static bool is_id_of(const char *id, uint8_t version)
{
	static const char digits[] = "0123456789ABCDEF";
	const char want[] = { 'T', 'D', 'X', '_', digits[version >> 4],
			      digits[version & 15] };
	size_t i;
	char c;

	for (i = 0; i < sizeof(want); i++) {
		c = id[i];
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c != want[i])
			return false;
	}
	return !id[i];
}

const struct tcb_module *tcb_module_find(const struct tcb_info *info,
					 uint8_t version)
{
	size_t i;

	if (!version)
		return &info->module;
	for (i = 0; i < info->identities; i++)
		if (is_id_of(info->identity[i].id, version))
			return &info->identity[i];
	return NULL;
}

/*
 * Modules and QEs are UpToDate, Revoked, or OutOfDate, 4.1.2.9.9 and .10. What
 * else stands there must not be less than that.
 */
static enum tsm_tcb_status isv_status(const struct tcb_isv_level *level)
{
	switch (level->standing.status) {
	case TSM_TCB_UP_TO_DATE:
	case TSM_TCB_REVOKED:
		return level->standing.status;
	default:
		return TSM_TCB_OUT_OF_DATE;
	}
}

static void find_module(const struct tcb_info *info,
			const struct tcb_svns *svns, struct tcb_found *found)
{
	const uint8_t *svn = svns->tee_tcb_svn;

	found->module = tcb_module_find(info, svn[1]);
	found->module_status = TSM_TCB_NOT_SUPPORTED;
	if (!svn[1])
		/* its SVN was judged as a TDX component of the level */
		found->module_status = TSM_TCB_UP_TO_DATE;
	else if (found->module)
		found->module_level = find_isv_level(&found->module->levels,
						     svn[0]);
	if (found->module_level)
		found->module_status = isv_status(found->module_level);
}

static void find_qe(const struct qe_identity *qe, const struct tcb_svns *svns,
		    struct tcb_found *found)
{
	found->qe_status = TSM_TCB_UP_TO_DATE;
	if (!qe)
		return;
	found->qe_status = TSM_TCB_NOT_SUPPORTED;
	found->qe_level = find_isv_level(&qe->levels, svns->qe_isvsvn);
	if (found->qe_level)
		found->qe_status = isv_status(found->qe_level);
}

enum tsm_tcb_status tcb_converge(enum tsm_tcb_status status,
				 enum tsm_tcb_status other)
{
	if (other == TSM_TCB_REVOKED || other == TSM_TCB_NOT_SUPPORTED)
		return other;
	if (other != TSM_TCB_OUT_OF_DATE)
		return status;
	switch (status) {
	case TSM_TCB_UP_TO_DATE:
	case TSM_TCB_SW_HARDENING_NEEDED:
		return TSM_TCB_OUT_OF_DATE;
	case TSM_TCB_CONFIGURATION_NEEDED:
	case TSM_TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED:
		return TSM_TCB_OUT_OF_DATE_CONFIGURATION_NEEDED;
	default:
		return status;
	}
}

static bool needs_configuration(enum tsm_tcb_status status)
{
	return status == TSM_TCB_CONFIGURATION_NEEDED ||
	       status == TSM_TCB_OUT_OF_DATE_CONFIGURATION_NEEDED ||
	       status == TSM_TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED;
}

/* Whether all but the TDX module that the TD was launched with is in order. */
static bool only_module_is_old(const struct tcb_found *found)
{
	const enum tsm_tcb_status sgx = found->sgx->standing.status;

	return found->qe_status == TSM_TCB_UP_TO_DATE &&
	       (sgx == TSM_TCB_UP_TO_DATE ||
		sgx == TSM_TCB_SW_HARDENING_NEEDED ||
		sgx == TSM_TCB_CONFIGURATION_NEEDED ||
		sgx == TSM_TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED) &&
	       (found->status == TSM_TCB_OUT_OF_DATE ||
		found->status == TSM_TCB_OUT_OF_DATE_CONFIGURATION_NEEDED) &&
	       found->module_status == TSM_TCB_OUT_OF_DATE;
}

/* 4.1.2.4.17.4.3: a module updated below a running TD shows in TEE_TCB_SVN2. What
 * it has now must be what the highest level asks for. */
static void judge_relaunch(const struct tcb_info *info,
			   const struct tcb_svns *svns, struct tcb_found *found)
{
	const uint8_t *now = svns->tee_tcb_svn2;
	const struct tcb_level *latest = &info->level[0];
	const struct tcb_module *module;
	uint16_t needed = latest->tdx[0].svn;

	if (!now || !only_module_is_old(found))
		return;
	module = tcb_module_find(info, now[1]);
	found->asked_relaunch = true;
	if (!module) {
		found->status = TSM_TCB_NOT_SUPPORTED;
		return;
	}
	if (now[1])
		needed = module->levels.level[0].isvsvn;
	if (now[0] < needed || now[2] < latest->tdx[2].svn)
		return;
	found->status = needs_configuration(found->sgx->standing.status) ||
			needs_configuration(found->status) ?
			TSM_TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED :
			TSM_TCB_TD_RELAUNCH_ADVISED;
}

void tcb_find(const struct tcb_info *info, const struct qe_identity *qe,
	      const struct tcb_svns *svns, struct tcb_found *found)
{
	memset(found, 0, sizeof(*found));
	find_levels(info, svns, found);
	find_module(info, svns, found);
	find_qe(qe, svns, found);
	found->platform_status = found->level ? found->level->standing.status :
						TSM_TCB_NOT_SUPPORTED;
	found->status = found->platform_status;
	if (!found->level)
		return;
	found->status = tcb_converge(found->status, found->module_status);
	if (found->status == TSM_TCB_REVOKED ||
	    found->status == TSM_TCB_NOT_SUPPORTED)
		return;
	judge_relaunch(info, svns, found);
	found->status = tcb_converge(found->status, found->qe_status);
}
