// SPDX-License-Identifier: MIT
/*
 * Without memory collateral is neither bad nor good: each allocation fails once,
 * and all from each one on, and the result is -ENOMEM or what it always is.
 */
#include "forged_collateral.h"
#include "lack_memory.h"

#include <openssl/err.h>

static struct text info, response;

/* Adds @text with every single allocation failing. */
static void adding_lacks(struct forged *f, const char *text, size_t len,
			 size_t count)
{
	const struct collateral before = f->col;
	unsigned int denied = 0;
	size_t added;
	int ret, how;
	long at;

	for (how = 0; how < 2; how++) {
		all_fail = how;
		for (at = 0;; at++) {
			err.text[0] = '\0';
			added = 9;
			until_failure = at;
			ret = collateral_add(&f->col, text, len, &added, &err);
			until_failure = -1;
			CHECK_EQ(0, ERR_peek_error());
			if (!ret)
				break;
			denied++;
			CHECK_EQ(-ENOMEM, ret);
			CHECK_EQ(0, added);
			CHECK(strstr(err.text, "memory"));
			CHECK_EQ(before.docs, f->col.docs);
			CHECK_EQ(before.pool.certs, f->col.pool.certs);
			CHECK_EQ(before.pool.crls, f->col.pool.crls);
		}
		CHECK_EQ(count, added);
		collateral_clear(&f->col);
	}
	CHECK(denied > 4);
}

static struct forged *without_collateral(void)
{
	struct forged *f = forged_new();

	add_chain(f);
	collateral_clear(&f->col);
	return f;
}

static void documents_are_whole_or_not_there(void)
{
	struct forged *f = without_collateral();

	info.len = response.len = 0;
	say_info(&info, &f->info);
	say_response(&response, "tcbInfo", info.s, f->pki.tcb_signing.key);
	adding_lacks(f, response.s, response.len, 1);
	response.len = 0;
	say_response(&response, "enclaveIdentity", f->qe.s,
		     f->pki.tcb_signing.key);
	adding_lacks(f, response.s, response.len, 1);
	forged_free(f);
}

static void bundles_are_whole_or_not_there(void)
{
	struct bytes pem = { .len = 0 };
	struct forged *f = without_collateral();
	size_t i;

	info.len = response.len = 0;
	say_info(&info, &f->info);
	forge_pem(&pem, "CERTIFICATE", &f->pki.tcb_signing_der);
	forge_pem(&pem, "CERTIFICATE", &f->pki.root_der);
	say(&response, "{\"tcb_info\":%s,\"qe_identity\":%s,\"root_ca_crl\":\"",
	    info.s, f->qe.s);
	for (i = 0; i < f->pki.root_crl_der.len; i++)
		say(&response, "%02x", f->pki.root_crl_der.p[i]);
	say(&response, "\",\"tcb_info_issuer_chain\":\"");
	for (i = 0; i < pem.len; i++)
		say(&response, pem.p[i] == '\n' ? "\\n" : "%c", pem.p[i]);
	say(&response, "\"}");
	adding_lacks(f, response.s, response.len, 5);
	forged_free(f);
}

static void judgements_lack_memory_or_are_as_ever(void)
{
	struct tcb_result usual, result;
	struct forged *f = forged_new();
	static const struct tcb_result zero;
	unsigned int denied = 0;
	int ret, how;
	long at;

	f->judge.need_crls = true;
	add_all(f);
	add_der(f, &f->pki.root_crl_der);
	forged_judge(f, &usual);
	CHECK_EQ(TSM_TCB_UP_TO_DATE, usual.status);
	for (how = 0; how < 2; how++) {
		all_fail = how;
		for (at = 0;; at++) {
			memset(&result, 0x55, sizeof(result));
			calls = 0;
			until_failure = at;
			ret = collateral_judge(&f->col, &f->platform, &f->judge,
					       &result);
			until_failure = -1;
			CHECK_EQ(0, ERR_peek_error());
			if (ret) {
				denied++;
				CHECK_EQ(-ENOMEM, ret);
				CHECK(!memcmp(&result, &zero, sizeof(zero)));
				continue;
			}
			if (!CHECK(!memcmp(&result, &usual, sizeof(usual))))
				printf("# allocation %ld\n", at);
			if (calls <= at)
				break;
		}
	}
	printf("# %u of them were denied\n", denied);
	CHECK(denied > 0);
	forged_free(f);
}

static const struct tap_test tests[] = {
	{ "documents are whole or not there", documents_are_whole_or_not_there },
	{ "bundles are whole or not there", bundles_are_whole_or_not_there },
	{ "judgements lack memory or are as ever",
	  judgements_lack_memory_or_are_as_ever },
};

TAP_MAIN(tests)
