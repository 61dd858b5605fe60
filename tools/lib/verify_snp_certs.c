// SPDX-License-Identifier: MIT
/*
 * Finds the certificate of the key that signed an SNP report, among those that
 * came with it, which the host chose, and those that the verifier was given.
 */
#include "verify_snp.h"

#include <errno.h>

/* Keys of certificates that came with a report that are tried before it is given
 * up. Of those that the verifier was given all are: with CHIP_ID masked those of
 * a whole fleet fit equally well. */
#define TRIES_MAX	512

struct cert_pools snp_pools(const struct snp_judge *s)
{
	return (struct cert_pools){
		.pool = { &s->judge->v->certs, &s->judge->v->roots, &s->own },
		.count = 3,
	};
}

/* The rest of @name if it starts with @start, or NULL. */
static const char *after(const char *name, const char *start)
{
	const size_t len = strlen(start);

	return strncmp(name, start, len) ? NULL : name + len;
}

enum snp_kind snp_kind(const struct x509 *cert, char product[SNP_PRODUCT_SIZE])
{
	const char *name, *rest;
	char cn[CERT_NAME_SIZE];
	enum snp_kind kind;

	name = after(cert_name(cert, cn), "EMULATED ");
	if (!name)
		name = cn;
	if (product)
		product[0] = '\0';
	if (!strcmp(name, "SEV-VCEK"))
		return SNP_KIND_VCEK;
	if (!strcmp(name, "SEV-VLEK"))
		return SNP_KIND_VLEK;
	if ((rest = after(name, "SEV-VLEK-")))
		kind = SNP_KIND_ASVK;
	else if ((rest = after(name, "SEV-")))
		kind = SNP_KIND_ASK;
	else if ((rest = after(name, "ARK-")))
		kind = SNP_KIND_ARK;
	else
		return SNP_KIND_OTHER;
	if (!rest[0] || strlen(rest) >= SNP_PRODUCT_SIZE)
		return SNP_KIND_OTHER;
	if (product)
		memcpy(product, rest, strlen(rest) + 1);
	return kind;
}

/* Somebody else's entry, or one that is broken, does not spoil the others. */
static int add_entry(struct snp_judge *s, size_t number,
		     const struct tsm_snp_entry *entry)
{
	struct tsm_error err;
	size_t added;
	int ret;

	if (!entry->body.len)
		return 0;
	ret = cert_pool_add(&s->own, entry->body.data, entry->body.len, &added,
			    &err);
	if (ret == -ENOMEM)
		return ret;
	if (entry->slot != TSM_SNP_SLOT_OTHER && (ret || !added))
		reason_add(&s->notes, "entry %zu (%s) is not used: %s",
			   number, tsm_snp_slot_name(entry->slot),
			   ret ? err.text : "no certificate is in it");
	return 0;
}

/* A table without entries is what a host gives that has none. */
static bool is_table(const struct tsm_blob *certs)
{
	static const uint8_t zero[16];

	return tsm_snp_certs_guess(certs->data, certs->len) ||
	       (certs->len >= sizeof(zero) &&
		!memcmp(certs->data, zero, sizeof(zero)));
}

static int add_table(struct snp_judge *s, const struct tsm_blob *certs)
{
	struct tsm_snp_certs table;
	size_t i, left = certs->len;
	int ret = 0;

	if (tsm_snp_certs_parse(certs->data, certs->len, &table, &s->bad_certs))
		return 0;
	for (i = 0; !ret && i < table.count; i++) {
		/* entries may have bytes in common, which all are copied */
		if (table.entry[i].body.len > left)
			break;
		left -= table.entry[i].body.len;
		ret = add_entry(s, i, &table.entry[i]);
	}
	return ret;
}

int snp_own_certs(struct snp_judge *s)
{
	const struct tsm_blob *certs = s->judge->certs;
	size_t added;
	int ret;

	/* some keep what SNP_GET_EXT_REPORT gave in one file */
	if (!certs->len && tsm_snp_certs_guess(s->snp.trailing.data,
					       s->snp.trailing.len)) {
		s->has_table_behind = true;
		certs = &s->snp.trailing;
	}
	if (!certs->len)
		return 0;
	if (is_table(certs))
		return add_table(s, certs);
	ret = cert_pool_add(&s->own, certs->data, certs->len, &added,
			    &s->bad_certs);
	if (!ret && !added)
		tsm_error_set(&s->bad_certs, 0,
			      "%zu bytes that came with the report hold no certificate",
			      certs->len);
	return ret == -ENOMEM ? ret : 0;
}

static enum snp_kind wanted(const struct snp_judge *s)
{
	return s->signing_key == TSM_SNP_SIGNING_KEY_VLEK ? SNP_KIND_VLEK :
							    SNP_KIND_VCEK;
}

/* How well a certificate fits the report, up to 7; -1: it is for no such key. */
static int rank(const struct snp_judge *s, const struct x509 *cert)
{
	const enum snp_kind kind = snp_kind(cert, NULL);
	int points = 0;

	if (kind != SNP_KIND_VCEK && kind != SNP_KIND_VLEK)
		return -1;
	if (kind == wanted(s))
		points += 4;
	if (kind == SNP_KIND_VLEK || snp_same_chip(s, cert))
		points += 2;
	return points + snp_same_tcb(s, cert);
}

/**
 * struct pick - the leaf that was found so far
 * @cert: it, or NULL
 * @is_signed: its key made the signature
 * @is_valid: it is, at the time that counts
 * @tries: signatures checked with what came with the report
 */
struct pick {
	const struct x509 *cert;
	bool is_signed;
	bool is_valid;
	size_t tries;
};

/* One that signed beats one that did not; of several, one that is valid now, as
 * AMD certifies a key anew before the old certificate ends. */
static int consider(const struct snp_judge *s, const struct x509 *cert,
		    bool came, struct pick *best)
{
	struct pick try = { .cert = cert };
	int ret = 0;

	if (best->is_signed && best->is_valid)
		return 0;
	if (!came || best->tries < TRIES_MAX) {
		best->tries += came;
		ret = snp_signed_by(s, cert, &try.is_signed);
	}
	try.is_valid = chain_time(cert, s->judge->at) == CHAIN_VALID;
	if (!best->cert || (try.is_signed && !best->is_signed) ||
	    (try.is_signed == best->is_signed && try.is_valid &&
	     !best->is_valid)) {
		try.tries = best->tries;
		*best = try;
	}
	return ret;
}

static int consider_rank(struct snp_judge *s, int points, struct pick *best)
{
	const struct cert_pools pools = snp_pools(s);
	const struct cert_pool *pool;
	size_t i, n;
	int ret;

	for (n = 0; n < pools.count; n++) {
		pool = pools.pool[n];
		for (i = 0; i < pool->certs; i++) {
			if (rank(s, pool->cert[i]) != points)
				continue;
			s->candidates++;
			ret = consider(s, pool->cert[i], pool == &s->own, best);
			if (ret)
				return ret;
		}
	}
	return 0;
}

int snp_find_leaf(struct snp_judge *s)
{
	const struct cert_pools pools = snp_pools(s);
	struct pick best = { .cert = NULL };
	int points, ret = 0;

	for (points = 7; !ret && points >= 0 && !best.is_signed; points--)
		ret = consider_rank(s, points, &best);
	if (!ret && best.is_signed)
		ret = chain_best(s->judge->v->crypto, &pools, &best.cert);
	s->cert[SNP_LEAF] = best.cert;
	s->is_signed = best.is_signed;
	return ret;
}

/* Where AMD's KDS has what lacks, without the name of its host. */
static void where_to_get_it(const struct snp_judge *s, struct reason *text)
{
	static const uint8_t zero[TSM_SNP_CHIP_ID_SIZE];
	const uint8_t *id = s->snp.report.chip_id;
	const size_t len = s->snp.turin_tcb ? TSM_SNP_CHIP_ID_SIZE_TURIN :
					      TSM_SNP_CHIP_ID_SIZE;
	struct reason query = { .len = 0 };
	char chip[2 * TSM_SNP_CHIP_ID_SIZE + 1];
	const char *product;

	if (wanted(s) == SNP_KIND_VLEK || !memcmp(id, zero, sizeof(zero))) {
		reason_add(text, "the host has it, give it with --certs");
		return;
	}
	product = s->snp.generation == TSM_SNP_GENOA ? "Genoa" :
		  s->snp.turin_tcb ? "Turin" : "Milan";
	snp_tcb_query(s, &query);
	reason_add(text, "give it with --certs, AMD's KDS has /vcek/v1/%s/%s?%s",
		   product, text_hex(id, len, chip), query.text);
}

static bool is_own(const struct snp_judge *s, const struct x509 *cert)
{
	size_t i;

	for (i = 0; i < s->own.certs; i++) {
		if (s->own.cert[i] == cert)
			return true;
	}
	return false;
}

void snp_check_certificates(struct snp_judge *s)
{
	const struct x509 *leaf = s->cert[SNP_LEAF];
	struct reason text = { .len = 0 };
	char name[CERT_NAME_SIZE];

	/* what the host gave beside the report nothing rests on, if it is not
	 * needed */
	if (s->bad_certs.text[0])
		reason_add(s->is_signed ? &s->notes : &text, "%s",
			   s->bad_certs.text);
	if (!leaf) {
		reason_add(&text, "there is no certificate of a %s",
			   wanted(s) == SNP_KIND_VLEK ? "VLEK" : "VCEK");
		where_to_get_it(s, &text);
	}
	if (text.len) {
		judge_fail(s->judge, "certificates", "%s", text.text);
		return;
	}
	reason_add(&text, "%s that %s %s of %zu", cert_name(leaf, name),
		   is_own(s, leaf) ? "came with the report" : "was given",
		   s->is_signed ? "signed it, out" :
				  "did not sign it, but fits best, out",
		   s->candidates);
	if (s->notes.len)
		reason_add(&text, "%s", s->notes.text);
	judge_pass(s->judge, "certificates", "%s", text.text);
}
