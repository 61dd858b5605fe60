/* SPDX-License-Identifier: MIT */
/* TCB infos and QE identities that the tests wrote, decoded by the library. */
#ifndef TSM_HOST_TCB_DECODED_H
#define TSM_HOST_TCB_DECODED_H

#include "../../tools/lib/tcb.h"

#include "tap.h"
#include "tcb_text.h"

#include <errno.h>

static struct tsm_error err;

/**
 * struct decoded - a document with what was decoded of it
 * @json: it
 * @info: one of these
 * @qe: or the other
 */
struct decoded {
	struct json_doc *json;
	struct tcb_info *info;
	struct qe_identity *qe;
};

static inline int decode(struct decoded *d, const struct text *text, bool is_qe)
{
	int ret;

	memset(d, 0, sizeof(*d));
	if (json_doc_parse(text->s, text->len, &d->json, &err))
		return -EINVAL;
	ret = is_qe ? qe_identity_parse(json_doc_root(d->json), &d->qe, &err) :
		      tcb_info_parse(json_doc_root(d->json), &d->info, &err);
	CHECK(!ret == (d->info || d->qe));
	return ret;
}

static inline void drop(struct decoded *d)
{
	tcb_info_free(d->info);
	qe_identity_free(d->qe);
	json_doc_free(d->json);
}

static inline void decode_info(struct decoded *d, const struct info_text *info)
{
	static struct text text;

	text.len = 0;
	say_info(&text, info);
	if (decode(d, &text, false)) {
		printf("Bail out! %s\n", err.text);
		exit(1);
	}
}

static inline void decode_qe(struct decoded *d)
{
	static struct text text;

	text.len = 0;
	say(&text, "%s", QE_TEXT);
	if (decode(d, &text, true)) {
		printf("Bail out! %s\n", err.text);
		exit(1);
	}
}

#endif /* TSM_HOST_TCB_DECODED_H */
