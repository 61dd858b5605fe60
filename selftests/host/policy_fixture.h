/* SPDX-License-Identifier: MIT */
/* Evidence for policies to be applied to: no signature, just values. */
#ifndef TSM_HOST_POLICY_FIXTURE_H
#define TSM_HOST_POLICY_FIXTURE_H

#include "../../tools/lib/lib_private.h"
#include "../../tools/lib/policy.h"

#include "bytes.h"
#include "tap.h"

#include <errno.h>
#include <stdlib.h>

/* HEX(x, n): n times the byte that x is */
#define HEX4(x)		x x x x
#define HEX8(x)		HEX4(x) HEX4(x)
#define HEX16(x)	HEX8(x) HEX8(x)
#define HEX32(x)	HEX16(x) HEX16(x)
#define HEX48(x)	HEX32(x) HEX16(x)
#define HEX64(x)	HEX32(x) HEX32(x)

/* A policy of one section with these members. */
#define TDX(members)	"{\"tdx\": {" members "}}"
#define SNP(members)	"{\"snp\": {" members "}}"

/* Each field of the body another byte, see the tests. */
static inline void make_quote(struct tsm_quote *quote)
{
	struct tsm_quote_td15 *td = &quote->body.td15;
	unsigned int i;

	memset(quote, 0, sizeof(*quote));
	quote->version = 5;
	quote->body_type = 3;
	memset(td->td10.mrseam, 0xa0, 48);
	memset(td->td10.mrsignerseam, 0xa1, 48);
	memset(td->td10.mrtd, 0xa2, 48);
	memset(td->td10.mrconfigid, 0xa3, 48);
	memset(td->td10.mrowner, 0xa4, 48);
	memset(td->td10.mrownerconfig, 0xa5, 48);
	for (i = 0; i < 4; i++)
		memset(td->td10.rtmr[i], (int)(0xb0 + i), 48);
	memset(td->td10.reportdata, 0xa6, 64);
	memset(td->mrservicetd, 0xa7, 48);
	for (i = 0; i < 16; i++)
		td->td10.tee_tcb_svn[i] = (uint8_t)(i + 1);
	/* SEPT_VE_DISABLE and PKS; x87 to AVX, and both parts of AMX */
	td->td10.td_attributes = htole64(0x50000000);
	td->td10.xfam = htole64(0x60007);
	quote->qe.report.isvsvn = htole16(8);
}

static inline void make_pck(struct tsm_pck *pck)
{
	unsigned int i;

	memset(pck, 0, sizeof(*pck));
	memset(pck->ppid, 0xc0, 16);
	memset(pck->pceid, 0xc1, 2);
	memset(pck->fmspc, 0xc2, 6);
	memset(pck->instance_id, 0xc3, 16);
	pck->has_instance = true;
	for (i = 0; i < 16; i++)
		pck->comp_svn[i] = (uint8_t)(2 * i);
	pck->pcesvn = 13;
	pck->sgx_type = 1;
}

static inline struct tsm_policy *parse_policy(const char *text)
{
	struct tsm_policy *policy = NULL;
	struct tsm_error err = { .text = "" };
	/* not ended by a NUL */
	char *copy = (char *)exact_copy(text, strlen(text));

	if (policy_parse(&policy, copy, strlen(text), &err))
		printf("# %s: %s\n", text, err.text);
	free(copy);
	return policy;
}

/* The check of that name, or one that is none. */
static inline const struct tsm_check *find_check(const struct tsm_judgement *j,
						 const char *name)
{
	static const struct tsm_check none = { .name = "none" };
	size_t i;

	for (i = 0; i < j->checks; i++) {
		if (!strcmp(j->check[i].name, name))
			return &j->check[i];
	}
	return &none;
}

#endif /* TSM_HOST_POLICY_FIXTURE_H */
