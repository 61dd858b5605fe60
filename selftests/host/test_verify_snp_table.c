// SPDX-License-Identifier: MIT
/*
 * Certificates as hosts give them beside a report: they choose the form, and
 * nothing vouches for it. What can be used is used.
 */
#include "../../tools/lib/chain.h"
#include "snp_forged.h"

#include <openssl/err.h>

static const uint8_t guid_vcek[16] = {
	0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64,
	0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd,
};

static void poke_table(size_t at, size_t value)
{
	int i;

	for (i = 0; i < 4; i++)
		m.table[at + (size_t)i] = (uint8_t)(value >> 8 * i);
}

/* A table of @count entries, all called VCEK; the first @good are leaf, ASK and
 * ARK, all others what @junk has. */
static void make_table(size_t count, const struct bytes *junk, bool is_junk_first)
{
	const struct bytes *const good[] = {
		m.is_vlek ? &m.pki.vlek_der : &m.pki.vcek_der,
		m.is_vlek ? &m.pki.asvk_der : &m.pki.ask_der, &m.pki.ark_der,
	};
	const struct bytes *body;
	size_t i, n, end = (count + 1) * 24;

	memset(m.table, 0, sizeof(m.table));
	for (i = 0; i < count; i++) {
		n = is_junk_first ? count - 1 - i : i;
		body = n < 3 ? good[n] : junk;
		memcpy(m.table + i * 24, guid_vcek, 16);
		poke_table(i * 24 + 16, end);
		poke_table(i * 24 + 20, body->len);
		memcpy(m.table + end, body->p, body->len);
		end += body->len;
	}
	m.table_len = end;
}

static void expect(const char *want)
{
	machine_judge_again();
	fails(&m.j, want);
	CHECK_EQ(0, ERR_peek_error());
}

static void begin(bool is_vlek)
{
	machine_begin("Genoa", 3, is_vlek);
	machine_make();
}

static void der_and_pem_are_taken(void)
{
	int i;

	for (i = 0; i < 4; i++) {
		machine_begin("Genoa", 3, i & 1);
		m.is_pem = i & 2;
		machine_fails("");
	}
}

/* The first three fields of each GUID are little-endian to UEFI. */
static void both_orders_of_guids_are_taken(void)
{
	static const uint8_t uefi[] = { 3, 2, 1, 0, 5, 4, 7, 6 };
	uint8_t guid[8];
	size_t i, n;

	begin(true);
	for (i = 0; i < 3; i++) {
		memcpy(guid, m.table + i * 24, 8);
		for (n = 0; n < 8; n++)
			m.table[i * 24 + n] = guid[uefi[n]];
	}
	expect("");
}

/* The slot of the VCEK, and an entry that nobody knows. */
static void slots_are_not_believed(void)
{
	begin(true);
	make_table(3, NULL, false);
	expect("");
	make_table(3, NULL, true);
	expect("");
	m.table[2 * 24] ^= 1;
	m.table[1 * 24] ^= 1;
	expect("");
}

static void lines_may_end_as_on_windows(void)
{
	struct bytes crlf = { .len = 0 };
	struct bytes pem = { .len = 0 };
	size_t i;

	begin(false);
	forge_pem(&pem, "CERTIFICATE", &m.pki.vcek_der);
	forge_pem(&pem, "CERTIFICATE", &m.pki.ask_der);
	forge_pem(&pem, "CERTIFICATE", &m.pki.ark_der);
	for (i = 0; i < pem.len; i++) {
		if (pem.p[i] == '\n')
			fill(&crlf, '\r', 1);
		fill(&crlf, pem.p[i], 1);
	}
	/* not in a table at all */
	memcpy(m.table, crlf.p, crlf.len);
	m.table_len = crlf.len;
	expect("");
	/* all in one entry */
	memcpy(m.table + 48, crlf.p, crlf.len);
	memset(m.table, 0, 48);
	memcpy(m.table, guid_vcek, 16);
	poke_table(16, 48);
	poke_table(20, crlf.len);
	m.table_len = 48 + crlf.len;
	expect("");
}

static void what_is_missing_is_taken_from_elsewhere(void)
{
	struct tsm_verifier *v;

	begin(false);
	memcpy(m.table, m.pki.ask_der.p, m.pki.ask_der.len);
	m.table_len = m.pki.ask_der.len;
	expect("certificates ");
	v = machine_verifier();
	give_certs(v, &(struct tsm_blob){ m.pki.vcek_der.p,
					  m.pki.vcek_der.len });
	machine_judge(v);
	fails(&m.j, "");
	machine_says("certificates", "SEV-VCEK that was given signed it");
	tsm_verifier_free(v);
	make_table(2, NULL, false);
	/* the ARK was added as a root */
	expect("");
	make_table(1, NULL, false);
	expect("chain ");
}

static void no_certificates_are_none(void)
{
	static const size_t lens[] = { 0, 24, 4096 };
	size_t i;

	begin(false);
	memset(m.table, 0, 4096);
	for (i = 0; i < FORGE_COUNT(lens); i++) {
		m.table_len = lens[i];
		expect("certificates ");
		machine_says("certificates", "there is no certificate of a VCEK");
	}
}

static void malformed_tables_are_rejected(void)
{
	struct tsm_verifier *v;

	begin(false);
	/* into the list, and around in a circle */
	poke_table(16, 24);
	expect("certificates ");
	machine_says("certificates", "inside the list of entries");
	begin(false);
	poke_table(16, 0);
	expect("certificates ");
	begin(false);
	poke_table(20, 0xffffffff);
	expect("certificates ");
	begin(false);
	poke_table(16, 0xfffffff0);
	expect("certificates ");
	begin(false);
	m.table_len--;
	expect("certificates ");
	begin(false);
	m.table_len = 3 * 24;
	expect("certificates ");
	machine_says("certificates", "no entry of zeros ends it");
	begin(false);
	memset(m.table, 'x', 100);
	m.table_len = 100;
	expect("certificates ");
	/* where nothing of it is needed, nothing rests on it */
	v = machine_verifier();
	give_certs(v, &(struct tsm_blob){ m.pki.vcek_der.p,
					  m.pki.vcek_der.len });
	give_certs(v, &(struct tsm_blob){ m.pki.ask_der.p, m.pki.ask_der.len });
	machine_judge(v);
	fails(&m.j, "");
	tsm_verifier_free(v);
}

/* Some bytes of one are bytes of another: strange, but both can be read. */
static void overlapping_entries_are_read(void)
{
	begin(false);
	memmove(m.table + 24, m.table, m.table_len);
	for (size_t i = 0; i < 4; i++)
		poke_table(i * 24 + 16, m.table[i * 24 + 16] + 24u +
					256u * m.table[i * 24 + 17]);
	m.table_len += 24;
	poke_table(16, 200);
	poke_table(20, 300);
	expect("");
	machine_says("certificates", "entry 0 (VCEK) is not used");
}

/* Memory for the asking: each entry has all bytes of the table. */
static void entries_have_no_more_bytes_than_the_table(void)
{
	struct cert_pool pool = { 0 };
	struct tsm_error err;
	size_t i, added;

	begin(false);
	make_table(40, &m.pki.vcek_der, false);
	for (i = 0; i < 40; i++) {
		poke_table(i * 24 + 16, 41 * 24);
		poke_table(i * 24 + 20, m.table_len - 41 * 24);
	}
	CHECK_EQ(-EBADMSG, cert_pool_add(&pool, m.table, m.table_len, &added,
					 &err));
	CHECK_EQ(0, pool.certs);
	cert_pool_clear(&pool);
	expect("certificates ");
}

/* What tsmctl report --certs keeps is as the host gave it. */
static void one_broken_entry_does_not_spoil_a_pool(void)
{
	struct cert_pool pool = { 0 };
	static struct bytes junk;
	struct tsm_error err;
	size_t added;

	begin(false);
	junk.len = 0;
	put(&junk, "\x30\x09\x30\x07\x02\x01\x01\x30\x02\x05\x00", 11);
	make_table(5, &junk, true);
	CHECK_EQ(0, cert_pool_add(&pool, m.table, m.table_len, &added, &err));
	CHECK_EQ(3, added);
	cert_pool_clear(&pool);
}

/* The length of an extension that nobody knows is raised to 20000 bytes. */
static void certificates_have_a_size(void)
{
	static uint8_t big[20000];
	struct cert_pool pool = { 0 };
	struct tsm_error err;
	size_t added;

	/* SEQUENCE, SEQUENCE, [0]: as a certificate begins */
	memcpy(big, "\x30\x82\x4e\x1c\x30\x82\x4e\x18\xa0\x03\x02\x01\x02",
	       13);
	CHECK_EQ(-EBADMSG, cert_pool_add(&pool, big, sizeof(big), &added, &err));
	CHECK(strstr(err.text, "certificate of 20000 bytes: larger"));
	cert_pool_clear(&pool);
}

/* Leaf, ASK or ARK as they are, but for one bit of their signature. */
static void broken_copies_do_not_hide_what_is_good(void)
{
	const struct bytes *const good[] = {
		&m.pki.vcek_der, &m.pki.ask_der, &m.pki.ark_der,
	};
	static struct bytes bad;
	struct tsm_verifier *v;
	size_t i, added;
	int order;

	for (i = 0; i < FORGE_COUNT(good); i++) {
		for (order = 0; order < 2; order++) {
			begin(false);
			bad = *good[i];
			bad.p[bad.len - 100] ^= 1;
			make_table(4, &bad, order);
			expect("");
			/* given by whoever judges, in front of all */
			v = machine_verifier();
			CHECK_EQ(0, tsm_verifier_add_certs(v, bad.p, bad.len,
							   &added, NULL));
			machine_judge(v);
			fails(&m.j, "");
			tsm_verifier_free(v);
		}
	}
}

/* What some programs keep of SNP_GET_EXT_REPORT. */
static void a_table_behind_the_report_came_with_it(void)
{
	struct tsm_verifier *v;

	begin(false);
	put(&m.out, m.table, m.table_len);
	m.table_len = 0;
	expect("");
	machine_says("trailing_bytes", "a certificate table");
	v = machine_verifier();
	tsm_verifier_set_flags(v, TSM_VERIFY_STRICT);
	machine_judge(v);
	fails(&m.j, "trailing_bytes ");
	tsm_verifier_free(v);
}

static void junk_does_not_hide_what_is_good(void)
{
	static struct bytes junk;
	int first;

	begin(false);
	for (first = 0; first < 2; first++) {
		junk.len = 0;
		fill(&junk, 0x30, 100);
		make_table(64, &junk, first);
		expect("");
		machine_says("certificates", "is not used");
		/* of the same chip and TCB, but of another key */
		m.pki.vcek.key = forge_key(FORGE_P384, 5);
		forge_cert(&junk, &m.pki.vcek);
		make_table(64, &junk, first);
		expect("");
		machine_says("certificates", "SEV-VCEK that came with the report signed it, out of 62");
		junk.len = 0;
		make_table(64, &junk, first);
		expect("");
		make_table(65, &junk, first);
		expect("certificates ");
		machine_says("certificates", "more than 64 entries");
	}
}

/* Nor does what is wrong with one report change what comes of the next. */
static void nothing_stays_for_the_next(void)
{
	static struct bytes good;
	struct tsm_verifier *v;
	struct tsm_judgement first;
	size_t i;

	begin(false);
	good = m.out;
	v = machine_verifier();
	machine_judge(v);
	first = m.j;
	fails(&first, "");
	for (i = 0; i < 6; i++) {
		switch (i) {
		case 0:
			m.out.p[0x90] ^= 1;
			break;
		case 1:
			m.table[200] ^= 1;
			break;
		case 2:
			memset(m.table, 'x', m.table_len);
			break;
		case 3:
			memset(m.out.p + SNP_SIGNATURE, 0xff, 144);
			break;
		case 4:
			m.out.len = 100;
			break;
		default:
			m.out.p[SNP_CHIP_ID] ^= 1;
		}
		machine_judge(v);
		CHECK_EQ(TSM_REJECTED, m.j.judged);
		CHECK_EQ(0, ERR_peek_error());
		m.out = good;
		machine_make();
		m.out = good;
		machine_judge(v);
		CHECK(!memcmp(&first, &m.j, sizeof(first)));
	}
	tsm_verifier_free(v);
}

int main(void)
{
	static const struct tap_test tests[] = {
		{ "DER and PEM are taken", der_and_pem_are_taken },
		{ "GUIDs are taken in both orders",
		  both_orders_of_guids_are_taken },
		{ "what an entry is called is not believed",
		  slots_are_not_believed },
		{ "lines of PEM may end as on Windows",
		  lines_may_end_as_on_windows },
		{ "what the host did not give is taken from elsewhere",
		  what_is_missing_is_taken_from_elsewhere },
		{ "a host that has no certificates gives none",
		  no_certificates_are_none },
		{ "what cannot be read is a failure if it is needed",
		  malformed_tables_are_rejected },
		{ "broken copies do not hide what is good",
		  broken_copies_do_not_hide_what_is_good },
		{ "a table that follows the report came with it",
		  a_table_behind_the_report_came_with_it },
		{ "entries may overlap", overlapping_entries_are_read },
		{ "but have no more bytes than the table",
		  entries_have_no_more_bytes_than_the_table },
		{ "one that is broken does not spoil the others",
		  one_broken_entry_does_not_spoil_a_pool },
		{ "certificates are not of any size", certificates_have_a_size },
		{ "what is good is found among 64 that are not",
		  junk_does_not_hide_what_is_good },
		{ "nothing of one report stays for the next",
		  nothing_stays_for_the_next },
	};

	return tap_run(tests, sizeof(tests) / sizeof(tests[0]));
}
