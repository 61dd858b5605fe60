/* SPDX-License-Identifier: MIT */
/* A forged machine of AMD: its PKI, its report, and what is made of them. */
#ifndef TSM_HOST_SNP_FORGED_H
#define TSM_HOST_SNP_FORGED_H

#include "forge.h"
#include "snp_build.h"
#include "snp_real.h"

/**
 * struct machine - what is forged, and how it is judged
 * @pki: described by machine_begin(), to be changed by the test
 * @report: likewise
 * @is_vlek: which of its keys signs
 * @is_pem: of what the table is made
 * @at: time of judging
 * @flags: TSM_VERIFY_*, with TSM_VERIFY_ALLOW_EMULATED at first
 * @root: added; NULL: the ARK of @pki
 * @crl: added, or NULL
 * @edit: changes what was made, or NULL
 * @out: the report that was made
 * @table: the table that was made, or what @edit has instead
 * @table_len: its bytes
 * @j: what came of it
 */
struct machine {
	struct forge_amd pki;
	struct forge_report report;
	bool is_vlek;
	bool is_pem;
	int64_t at;
	unsigned int flags;
	const struct bytes *root;
	const struct bytes *crl;
	void (*edit)(struct machine *m);
	struct bytes out;
	uint8_t table[1 << 17];
	size_t table_len;
	struct tsm_judgement j;
};

static struct machine m;

static inline void machine_begin(const char *product, uint32_t version,
				 bool is_vlek)
{
	memset(&m, 0, sizeof(m));
	forge_amd_init(&m.pki, product);
	forge_report_init(&m.report, &m.pki, version, is_vlek);
	m.is_vlek = is_vlek;
	m.at = FORGE_NOW;
	m.flags = TSM_VERIFY_ALLOW_EMULATED;
}

/* Little-endian, into the report */
static inline void poke(size_t at, uint32_t value)
{
	int i;

	for (i = 0; i < 4; i++)
		m.report.bytes[at + (size_t)i] = (uint8_t)(value >> 8 * i);
}

static inline void machine_make(void)
{
	struct bytes table;

	forge_amd_make(&m.pki);
	forge_report(&m.out, &m.report);
	forge_table(&table, &m.pki, m.is_vlek, m.is_pem);
	memcpy(m.table, table.p, table.len);
	m.table_len = table.len;
	if (m.edit)
		m.edit(&m);
}

static inline struct tsm_verifier *machine_verifier(void)
{
	const struct bytes *root = m.root ? m.root : &m.pki.ark_der;
	struct tsm_verifier *v = verifier_at(m.at);
	size_t added;

	tsm_verifier_set_flags(v, m.flags);
	CHECK_EQ(0, tsm_verifier_add_roots(v, root->p, root->len, &added, NULL));
	if (m.crl)
		CHECK_EQ(0, tsm_verifier_add_crls(v, m.crl->p, m.crl->len,
						  &added, NULL));
	return v;
}

/* Exact copies, so that AddressSanitizer sees their ends. */
static inline void machine_judge(const struct tsm_verifier *v)
{
	struct tsm_blob report = { exact_copy(m.out.p, m.out.len), m.out.len };
	struct tsm_blob table = { exact_copy(m.table, m.table_len),
				  m.table_len };

	judge_it(v, &report, &table, &m.j);
	unload(&report);
	unload(&table);
}

/* The same with a verifier of its own. */
static inline void machine_judge_again(void)
{
	struct tsm_verifier *v = machine_verifier();

	machine_judge(v);
	tsm_verifier_free(v);
}

/* Makes and judges it. @want: what fails, as fails() takes it. */
static inline bool machine_fails(const char *want)
{
	bool ok;

	machine_make();
	machine_judge_again();
	ok = fails(&m.j, want);
	/* by its root nothing passes unless it was added, and then it says so */
	ok &= CHECK_EQ(check_of(&m.j, "chain")->verdict == TSM_CHECK_PASS &&
		       check_of(&m.j, "root")->verdict == TSM_CHECK_PASS,
		       m.j.is_emulated);
	return ok & CHECK_EQ(*want ? TSM_REJECTED : TSM_ACCEPTED, m.j.judged);
}

static inline bool machine_says(const char *check, const char *text)
{
	const char *reason = check_of(&m.j, check)->reason;

	if (CHECK(strstr(reason, text)))
		return true;
	printf("# %s: %s\n# expected: %s\n", check, reason, text);
	return false;
}

#endif /* TSM_HOST_SNP_FORGED_H */
