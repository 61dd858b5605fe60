// SPDX-License-Identifier: MIT
/* Hold what Intel publishes of TCBs, in whatever form it was saved. */
#include "collateral_private.h"
#include "lib_private.h"

#include <errno.h>
#include <stdlib.h>

/* A response within a bundle, not one within one within one. */
enum { AS_FILE, AS_BUNDLED };

static int no_memory(struct tsm_error *err)
{
	return tsm_error_set(err, -ENOMEM, "collateral: no memory");
}

const char *collateral_name(enum collateral_kind kind)
{
	return kind == COLLATERAL_TCB_INFO ? "TCB info" : "QE identity";
}

static void doc_free(struct collateral_doc *doc)
{
	if (!doc)
		return;
	tcb_info_free(doc->info);
	qe_identity_free(doc->qe);
	json_doc_free(doc->json);
	free(doc);
}

/* What cannot be used is kept, too: that there was such a thing may be the answer
 * to why there is nothing for a platform. */
static void set_other(struct collateral_doc *doc, const char *what,
		      const char *value)
{
	size_t used = strlen(what), i;

	memcpy(doc->other, what, used);
	for (i = 0; value[i] && i < 20; i++)
		doc->other[used++] = value[i] > 0x20 && value[i] < 0x7f ?
					     value[i] : '?';
}

static int decode_doc(struct collateral_doc *doc, struct tsm_error *err)
{
	const bool is_info = doc->kind == COLLATERAL_TCB_INFO;
	struct json_at object = json_doc_root(doc->json);
	const uint64_t known = is_info ? 3 : 2;
	char digits[] = "0";
	uint64_t version;
	const char *id;
	int ret;

	ret = json_at_expect(object, JSON_KIND_OBJECT, err);
	if (!ret)
		ret = json_member_uint(object, "version", 9, &version, err);
	if (!ret && version != known) {
		digits[0] = (char)('0' + version);
		set_other(doc, "version ", digits);
		return 0;
	}
	if (!ret)
		ret = json_member_string(object, "id", &id, err);
	if (ret)
		return ret;
	if (strcmp(id, is_info ? "TDX" : "TD_QE")) {
		set_other(doc, "id ", id);
		return 0;
	}
	return is_info ? tcb_info_parse(object, &doc->info, err) :
			 qe_identity_parse(object, &doc->qe, err);
}

/* Adds a document that is @text; @signature may be missing, or anything. */
static int add_doc(struct collateral *col, enum collateral_kind kind,
		   const struct tsm_blob *text, const struct json_at *signature,
		   struct tsm_error *err)
{
	struct collateral_doc **list, *doc = calloc(1, sizeof(*doc));
	struct tsm_error what;
	int ret;

	list = realloc(col->doc, (col->docs + 1) * sizeof(*list));
	if (list)
		col->doc = list;
	if (!doc || !list) {
		free(doc);
		return no_memory(err);
	}
	doc->kind = kind;
	doc->is_signed = signature && !json_at_hex(*signature, doc->signature,
						   sizeof(doc->signature), NULL);
	ret = json_doc_parse(text->data, text->len, &doc->json, &what);
	if (!ret)
		ret = decode_doc(doc, &what);
	if (ret) {
		doc_free(doc);
		return tsm_error_set(err, ret, "%s: %s", collateral_name(kind),
				     what.text);
	}
	col->doc[col->docs++] = doc;
	return 0;
}

/**
 * struct form - where a document stands in JSON
 * @kind: of it
 * @response: its key in a response of the PCS, where "signature" is beside it
 * @bundle: its key in a bundle
 * @signature: and that of its signature there
 */
static const struct form {
	enum collateral_kind kind;
	const char *response;
	const char *bundle;
	const char *signature;
} forms[] = {
	{ COLLATERAL_TCB_INFO, "tcbInfo", "tcb_info", "tcb_info_signature" },
	{ COLLATERAL_QE_IDENTITY, "enclaveIdentity", "qe_identity",
	  "qe_identity_signature" },
};

static int add_response(struct collateral *col, const struct form *form,
			struct json_at root, struct json_at value,
			struct tsm_error *err)
{
	struct tsm_blob text = json_at_text(value);
	struct json_at signature;
	bool has = json_at_find(root, "signature", &signature);

	return add_doc(col, form->kind, &text, has ? &signature : NULL, err);
}

static int add_object(struct collateral *col, struct json_at root, int depth,
		      struct tsm_error *err);

/* In bundles a document is an object, or one written into a string, or a whole
 * response of the PCS in either form. */
static int add_bundled(struct collateral *col, const struct form *form,
		       struct json_at bundle, struct json_at value,
		       struct tsm_error *err)
{
	struct json_doc *json = NULL;
	struct json_at signature, inner;
	struct tsm_blob text;
	bool has_signature;
	const char *string;
	int ret = 0;

	if (json_at_kind(value) == JSON_KIND_STRING) {
		ret = json_at_string(value, &string, err);
		if (!ret)
			ret = json_doc_parse(string, strlen(string), &json,
					     err);
		if (ret)
			return ret;
		value = json_doc_root(json);
	}
	text = json_at_text(value);
	has_signature = json_at_find(bundle, form->signature, &signature);
	if (json_at_find(value, form->response, &inner))
		ret = add_object(col, value, AS_BUNDLED, err);
	else
		ret = add_doc(col, form->kind, &text,
			      has_signature ? &signature : NULL, err);
	json_doc_free(json);
	return ret;
}

static bool ends_in(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && !strcmp(text + len - end_len, end);
}

/* Chains in PEM, lists in hex or PEM; in strings. */
static int add_certs(struct collateral *col, struct json_at member,
		     struct tsm_error *err)
{
	const char *key = json_at_key(member), *text;
	size_t added;
	int ret;

	if (json_at_kind(member) != JSON_KIND_STRING ||
	    !(ends_in(key, "_chain") || ends_in(key, "_crl")))
		return 0;
	ret = json_at_string(member, &text, err);
	if (!ret)
		ret = cert_pool_add(&col->pool, text, strlen(text), &added,
				    err);
	/* in base64, for one: who gives a list must not find it unheard */
	if (!ret && !added && ends_in(key, "_crl"))
		ret = json_at_fail(member, err, "is no list in hex or PEM");
	return ret;
}

static int add_object(struct collateral *col, struct json_at root, int depth,
		      struct tsm_error *err)
{
	struct json_at member;
	int ret = 0;
	bool more;
	size_t i;

	for (i = 0; !ret && i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (json_at_find(root, forms[i].response, &member))
			ret = add_response(col, &forms[i], root, member, err);
		else if (depth == AS_FILE &&
			 json_at_find(root, forms[i].bundle, &member))
			ret = add_bundled(col, &forms[i], root, member, err);
	}
	if (json_at_kind(root) != JSON_KIND_OBJECT)
		return ret;
	for (more = !ret && json_at_first(root, &member); more && !ret;
	     more = json_at_next(&member))
		ret = add_certs(col, member, err);
	return ret;
}

static int add_json(struct collateral *col, const void *text, size_t len,
		    struct tsm_error *err)
{
	struct json_doc *json;
	int ret;

	ret = json_doc_parse(text, len, &json, err);
	if (!ret)
		ret = add_object(col, json_doc_root(json), AS_FILE, err);
	json_doc_free(json);
	return ret;
}

/* Only objects are of use, and no other form begins so. */
static bool is_json(const uint8_t *data, size_t len)
{
	size_t i = 0;

	while (i < len && (data[i] == ' ' || data[i] == '\t' ||
			   data[i] == '\n' || data[i] == '\r'))
		i++;
	return i < len && data[i] == '{';
}

int collateral_add(struct collateral *col, const void *data, size_t len,
		   size_t *added, struct tsm_error *err)
{
	const size_t docs = col->docs, certs = col->pool.certs,
		     crls = col->pool.crls;
	int ret;

	*added = 0;
	if (is_json(data, len))
		ret = add_json(col, data, len, err);
	else
		ret = cert_pool_add(&col->pool, data, len, added, err);
	if (ret) {
		cert_pool_cut(&col->pool, certs, crls);
		while (col->docs > docs)
			doc_free(col->doc[--col->docs]);
		*added = 0;
		/* nobody has that many */
		return ret == -EFBIG ? -EBADMSG : ret;
	}
	*added = col->docs - docs + col->pool.certs - certs +
		 col->pool.crls - crls;
	return 0;
}

void collateral_clear(struct collateral *col)
{
	while (col->docs)
		doc_free(col->doc[--col->docs]);
	free(col->doc);
	cert_pool_clear(&col->pool);
	memset(col, 0, sizeof(*col));
}
