// SPDX-License-Identifier: MIT
/*
 * tsm_verify() with all that it can be given. An input is flags, a time and
 * sections: a byte that says what it is, the length in two bytes, content.
 *
 * Nobody here can sign. So what is not rejected must be, as far as a signature
 * covers it, one of the evidences that seeds.sh put into a folder beside.
 */
#include "fuzz.h"

#include "log_input.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

enum section {
	EVIDENCE, CERTS, MORE_CERTS, CRLS, COLLATERAL, POLICY, LOG, REPORT_DATA,
	ROOTS, SECTIONS,
};

/* flags and time */
#define HEAD	5
#define GOOD	1024

static struct seen {
	struct tsm_judgement j;
	uint64_t added;
} first, again;

/* Of what is signed in the evidence that is known to be good. */
static uint64_t good[GOOD];
static size_t goods;

static uint64_t hash_of(const struct tsm_blob *evidence)
{
	static struct tsm_quote quote;
	uint64_t hash = 0xcbf29ce484222325u;
	struct tsm_snp snp;

	if (!tsm_quote_parse(evidence->data, evidence->len, &quote, NULL)) {
		mix(&hash, quote.signed_part.data, quote.signed_part.len);
		mix(&hash, quote.ecdsa.attestation_key, 64);
		mix(&hash, &quote.qe.report, sizeof(quote.qe.report));
		mix(&hash, quote.auth.data, quote.auth.len);
	} else if (!tsm_snp_parse(evidence->data, evidence->len, &snp, NULL)) {
		mix(&hash, snp.signed_part.data, snp.signed_part.len);
	}
	return hash;
}

static bool is_good(const struct tsm_blob *evidence)
{
	const uint64_t hash = hash_of(evidence);
	size_t i;

	for (i = 0; i < goods; i++) {
		if (good[i] == hash)
			return true;
	}
	return false;
}

static void add_good(const char *path)
{
	struct tsm_blob evidence;
	struct tsm_error err;
	uint8_t *data;

	if (tsm_file_read(path, TSM_EVIDENCE_MAX, &data, &evidence.len, &err)) {
		fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
	evidence.data = data;
	if (goods == GOOD)
		abort();
	good[goods++] = hash_of(&evidence);
	free(data);
}

/* The folder "good" beside the program. */
void fuzz_prepare(const char *program)
{
	const char *slash = strrchr(program, '/');
	char pattern[4096];
	glob_t found;
	size_t i;

	snprintf(pattern, sizeof(pattern), "%.*sgood/*",
		 slash ? (int)(slash - program + 1) : 0, program);
	if (glob(pattern, 0, NULL, &found)) {
		fprintf(stderr, "%s: none, see seeds.sh\n", pattern);
		exit(1);
	}
	for (i = 0; i < found.gl_pathc; i++)
		add_good(found.gl_pathv[i]);
	globfree(&found);
}

/* The next section, cut to what is there. */
static bool next_section(struct tsm_blob *in, unsigned int *type,
			 struct tsm_blob *content)
{
	size_t len;

	if (in->len < 3)
		return false;
	*type = in->data[0] % SECTIONS;
	len = in->data[1] | (size_t)in->data[2] << 8;
	len = len < in->len - 3 ? len : in->len - 3;
	*content = (struct tsm_blob){ in->data + 3, len };
	in->data += 3 + len;
	in->len -= 3 + len;
	return true;
}

/* The last section of that type. */
static struct tsm_blob find_section(struct tsm_blob in, unsigned int wanted)
{
	struct tsm_blob content, found = { NULL, 0 };
	unsigned int type;

	if (in.len < HEAD)
		return found;
	in.data += HEAD;
	in.len -= HEAD;
	while (next_section(&in, &type, &content)) {
		if (type == wanted)
			found = content;
	}
	return found;
}

static int add(struct tsm_verifier *v, unsigned int type,
	       const struct tsm_blob *c, size_t *added, struct tsm_error *err)
{
	switch (type) {
	case MORE_CERTS:
		return tsm_verifier_add_certs(v, c->data, c->len, added, err);
	case CRLS:
		return tsm_verifier_add_crls(v, c->data, c->len, added, err);
	case COLLATERAL:
		return tsm_verifier_add_collateral(v, c->data, c->len, added,
						   err);
	case ROOTS:
		return tsm_verifier_add_roots(v, c->data, c->len, added, err);
	case POLICY:
		return tsm_verifier_set_policy(v, (const char *)c->data, c->len,
					       err);
	case LOG:
		return tsm_verifier_add_log(v, c->data, c->len, err);
	case REPORT_DATA:
		return tsm_verifier_set_report_data(v, c->data, c->len);
	}
	return 0;
}

/* Return: -ENOMEM, or 0 whatever of it could be used. */
static int set_up(struct tsm_verifier *v, struct tsm_blob in, struct seen *s,
		  struct tsm_error *err)
{
	struct tsm_blob content;
	size_t added;
	unsigned int type;
	uint32_t at;
	int ret;

	tsm_verifier_set_flags(v, in.data[0]);
	at = in.data[1] | (uint32_t)in.data[2] << 8 |
	     (uint32_t)in.data[3] << 16 | (uint32_t)in.data[4] << 24;
	tsm_verifier_set_time(v, at);
	in.data += HEAD;
	in.len -= HEAD;
	while (next_section(&in, &type, &content)) {
		added = 0;
		ret = add(v, type, &content, &added, err);
		ENSURE(!ret || !added);
		if (ret == -ENOMEM)
			return ret;
		mix(&s->added, &added, sizeof(added));
		mix(&s->added, &ret, sizeof(ret));
	}
	return 0;
}

static int judge(struct tsm_verifier *v, const struct tsm_blob *in,
		 struct seen *s, struct tsm_error *err)
{
	const struct tsm_blob evidence = find_section(*in, EVIDENCE);
	const struct tsm_blob certs = find_section(*in, CERTS);
	static struct tsm_judgement second;
	int ret;

	ret = set_up(v, *in, s, err);
	if (ret)
		return ret;
	ret = tsm_verify(v, evidence.data, evidence.len, &certs, &s->j, err);
	ENSURE(!ret || ret == -ENOMEM);
	ENSURE(!ret || fuzz_is_zero(&s->j, sizeof(s->j)));
	/* the same verifier says the same again, or has no memory for it; which
	 * takes its time, so that it is not asked always */
	if (!ret && in->len % 4 == 0 && !tsm_verify(v, evidence.data, evidence.len, &certs, &second,
				NULL))
		ENSURE(!memcmp(&s->j, &second, sizeof(second)));
	return ret;
}

static int look(const struct tsm_blob *in, void *result, struct tsm_error *err)
{
	struct tsm_verifier *v;
	struct seen *s = result;
	int ret;

	s->added = 0;
	memset(&s->j, 0x77, sizeof(s->j));
	if (in->len < HEAD) {
		memset(s, 0, sizeof(*s));
		return 0;
	}
	ret = tsm_verifier_new(&v);
	ENSURE(!ret == !!v);
	if (!ret)
		ret = judge(v, in, s, err);
	tsm_verifier_free(v);
	if (ret) {
		strcpy(err->text, "out of memory");
		memset(s, 0, sizeof(*s));
	}
	return ret;
}

/* Names that are there once, sentences that a terminal survives. */
static size_t count_failures(const struct tsm_judgement *j)
{
	const struct tsm_check *c;
	size_t i, k, failed = 0;
	const char *p;

	ENSURE(j->checks <= TSM_CHECKS_MAX);
	for (i = 0; i < j->checks; i++) {
		c = &j->check[i];
		ENSURE(*c->name && memchr(c->name, 0, sizeof(c->name)));
		ENSURE(memchr(c->reason, 0, sizeof(c->reason)));
		ENSURE(*c->reason || c->verdict == TSM_CHECK_PASS);
		for (p = c->reason; *p; p++)
			ENSURE((unsigned char)*p >= ' ' && *p != 0x7f);
		for (k = 0; k < i; k++)
			ENSURE(strcmp(c->name, j->check[k].name));
		failed += c->verdict == TSM_CHECK_FAIL;
	}
	return failed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tsm_blob in = fuzz_evidence(data, size);
	const struct tsm_judgement *j = &first.j;
	struct tsm_blob evidence;
	size_t failed;

	if (fuzz_all_ways(data, size, look, &first, &again, sizeof(first)) ||
	    in.len < HEAD)
		return 0;
	fuzz_tell(j->judged != TSM_REJECTED);
	failed = count_failures(j);
	if (j->judged == TSM_REJECTED)
		return 0;
	evidence = find_section(in, EVIDENCE);
	ENSURE(!failed && is_good(&evidence));
	ENSURE(j->judged == TSM_ACCEPTED || j->is_emulated);
	ENSURE(!(j->judged == TSM_ACCEPTED && j->is_emulated) ||
	       in.data[0] & TSM_VERIFY_ALLOW_EMULATED);
	ENSURE(*j->signer);
	return 0;
}
