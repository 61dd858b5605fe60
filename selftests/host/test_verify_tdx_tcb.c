// SPDX-License-Identifier: MIT
/* Forged quotes that are judged by forged collateral. */
#include "forged_tdx.h"
#include "tcb_text.h"

static void add_response(struct forged *f, const char *name,
			 const struct text *body)
{
	static struct text response;
	uint8_t signature[132];
	struct tsm_error err = { "" };
	size_t i, added = 0;

	forge_sign_raw(signature, f->pki.tcb_signing.key, body->s, body->len);
	response.len = 0;
	say(&response, "{\"%s\":%s,\"signature\":\"", name, body->s);
	for (i = 0; i < 64; i++)
		say(&response, "%02x", signature[i]);
	say(&response, "\"}");
	if (!CHECK_EQ(0, tsm_verifier_add_collateral(f->v, response.s,
						     response.len, &added,
						     &err)) ||
	    !CHECK_EQ(1, added))
		printf("# %s\n", err.text);
}

static void add_collateral(struct forged *f)
{
	static struct text info, qe;
	struct info_text says = common_info();

	forged_add(f, &f->pki.tcb_signing_der, tsm_verifier_add_collateral);
	info.len = qe.len = 0;
	say_info(&info, &says);
	add_response(f, "tcbInfo", &info);
	say(&qe, "%s", QE_TEXT);
	add_response(f, "enclaveIdentity", &qe);
}

/* A TD launched below a module of SVN 4, which is of SVN 6 now. */
static struct forged *updated_module(uint16_t body_type)
{
	static const uint8_t svn[16] = { 4, 1, 3 }, now[16] = { 6, 1, 3 };
	struct forged *f = forged_new(5, body_type);

	memcpy(f->quote.body, svn, sizeof(svn));
	if (body_type > 2)
		memcpy(f->quote.body + 584, now, sizeof(now));
	add_collateral(f);
	return f;
}

/* QVL 4.1.2.4.17.4.3 looks at bodies of type 3 only. */
static void a_relaunch_is_advised_for_bodies_of_type_3(void)
{
	static const struct {
		uint16_t body_type;
		enum tsm_tcb_status status;
	} cases[] = {
		{ 2, TSM_TCB_OUT_OF_DATE },
		{ 3, TSM_TCB_TD_RELAUNCH_ADVISED },
		{ 4, TSM_TCB_OUT_OF_DATE },
	};
	struct forged *f;
	size_t i;

	for (i = 0; i < FORGE_COUNT(cases); i++) {
		f = updated_module(cases[i].body_type);
		forged_fails(f, "tcb_status",
			     tsm_tcb_status_name(cases[i].status));
		CHECK_EQ(cases[i].status, f->j.tcb_status);
		forged_free(f);
	}
}

static void check_skipped(struct forged *f, const char *name, const char *part)
{
	const struct tsm_check *check = check_of(&f->j, name);

	if (!CHECK_EQ(TSM_CHECK_SKIPPED, check->verdict) ||
	    !CHECK(strstr(check->reason, part)))
		printf("# %s: %s\n", name, check->reason);
}

/* That is not that there is no collateral, nor that the TCB is in order. */
static void chains_alone_judge_no_tcb(void)
{
	struct forged *f = forged_new(5, 3);

	forged_add(f, &f->pki.tcb_signing_der, tsm_verifier_add_collateral);
	forged_passes(f);
	check_skipped(f, "qe", "not demanded");
	check_skipped(f, "tcb_info", "there is no TCB info, so");
	check_skipped(f, "qe_identity", "there is no QE identity, so");
	check_skipped(f, "tcb_status", "there is no TCB info, so");
	tsm_verifier_set_flags(f->v, TSM_VERIFY_ALLOW_EMULATED |
				     TSM_VERIFY_NEED_TCB);
	forged_fails(f, "tcb_info qe_identity",
		     "there is no TCB info in the collateral");
	check_skipped(f, "tcb_status", "not reached: tcb_info failed");
	forged_free(f);
}

static void under_another_root_the_identity_judges_the_qe(void)
{
	struct forged *f = updated_module(2);

	forged_judge(f);
	check_skipped(f, "qe", "the QE identity judges it");
	CHECK_EQ(TSM_CHECK_PASS, check_of(&f->j, "qe_identity")->verdict);
	forged_free(f);
}

static const struct tap_test tests[] = {
	{ "a relaunch is advised for bodies of type 3, as by Intel's library",
	  a_relaunch_is_advised_for_bodies_of_type_3 },
	{ "chains alone judge no TCB", chains_alone_judge_no_tcb },
	{ "under another root the QE identity judges the QE",
	  under_another_root_the_identity_judges_the_qe },
};

TAP_MAIN(tests)
