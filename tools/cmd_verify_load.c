// SPDX-License-Identifier: MIT
/* Reads what evidence is judged by: certificates, collateral, policy, logs. */
#include "cmd_verify.h"

#include <errno.h>
#include <stdlib.h>

typedef int add_fn(struct tsm_verifier *verifier, const void *data, size_t len,
		   size_t *added, struct tsm_error *err);

/**
 * struct source - what an option's files are for
 * @option: which
 * @what: is in them
 * @add: takes a file
 * @knows_all: it tells what is none of its business from what is malformed, so
 *	that the latter is an error even where it was not named
 * @needs_all: so is what cannot be read: a list that is not read is a
 *	revocation that is not heard
 */
static const struct source {
	const char *option;
	const char *what;
	add_fn *add;
	bool knows_all;
	bool needs_all;
} sources[] = {
	[AID_CERTS] = { "--certs", "certificate", tsm_verifier_add_certs,
			false, false },
	[AID_COLLATERAL] = { "--collateral",
			     "TCB info, QE identity, issuer chain or revocation list",
			     tsm_verifier_add_collateral, true, false },
	[AID_CRL] = { "--crl", "revocation list", tsm_verifier_add_crls, false,
		      true },
	[AID_ROOTS] = { "--roots", "self-signed certificate",
			tsm_verifier_add_roots, false, false },
};

/* What happens while the files of one option are read. */
struct load {
	struct tsm_verifier *verifier;
	const struct source *source;
	size_t added;
};

static int add_file(void *arg, const char *path, bool is_listed,
		    const uint8_t *data, size_t len)
{
	struct load *load = arg;
	struct tsm_error err = { .text = "" };
	size_t added = 0;
	int ret;

	ret = load->source->add(load->verifier, data, len, &added, &err);
	if (!ret)
		load->added += added;
	/* in a directory, there may be keys and what else people keep there */
	if (!ret || (ret == -EBADMSG && !is_listed && !load->source->knows_all))
		return DONE;
	complain("%s: %s", path, err.text[0] ? err.text : "out of memory");
	return FAILED;
}

/* Their order matters, so they are named one by one. */
static int load_log(struct tsm_verifier *verifier, const char *path)
{
	struct tsm_error err;
	uint8_t *data;
	size_t len;
	int ret;

	ret = tsm_file_read(path, TSM_EVIDENCE_MAX, &data, &len, &err);
	if (!ret) {
		ret = tsm_verifier_add_log(verifier, data, len, &err);
		free(data);
	}
	if (ret)
		complain("%s", err.text);
	return ret ? FAILED : DONE;
}

static int load_aid(struct tsm_verifier *verifier, enum aid kind,
		    const char *path)
{
	struct load load = { .verifier = verifier };
	int code;

	if (kind == AID_LOG)
		return load_log(verifier, path);
	load.source = &sources[kind];
	code = walk_files(path, load.source->needs_all, add_file, &load);
	if (!code && !load.added) {
		complain("%s: no %s there, which %s is for", path,
			 load.source->what, load.source->option);
		code = FAILED;
	}
	return code;
}

static int load_policy(struct tsm_verifier *verifier, const char *path)
{
	struct tsm_error err;
	uint8_t *data;
	size_t len;
	int ret;

	ret = tsm_file_read(path, TSM_EVIDENCE_MAX, &data, &len, &err);
	if (ret) {
		complain("%s", err.text);
		return FAILED;
	}
	ret = tsm_verifier_set_policy(verifier, (const char *)data, len, &err);
	free(data);
	if (ret)
		complain("%s: %s", path, err.text);
	return ret ? FAILED : DONE;
}

static int load_all(const struct verify_options *o,
		    struct tsm_verifier *verifier)
{
	int code = DONE;
	size_t i;

	tsm_verifier_set_flags(verifier, o->flags);
	if (o->at)
		tsm_verifier_set_time(verifier, o->time);
	if (o->has_report_data)
		tsm_verifier_set_report_data(verifier, o->report_data,
					     sizeof(o->report_data));
	for (i = 0; i < o->aids && !code; i++)
		code = load_aid(verifier, o->aid[i].kind, o->aid[i].path);
	if (!code && o->policy)
		code = load_policy(verifier, o->policy);
	return code;
}

int load_verifier(const struct verify_options *options,
		  struct tsm_verifier **verifier)
{
	int code;

	if (tsm_verifier_new(verifier)) {
		complain("out of memory");
		return FAILED;
	}
	code = load_all(options, *verifier);
	if (code) {
		tsm_verifier_free(*verifier);
		*verifier = NULL;
	}
	return code;
}
