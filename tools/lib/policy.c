// SPDX-License-Identifier: MIT
/* A policy as a whole: read from JSON, and freed. */
#include "lib_private.h"
#include "policy_json.h"

#include <errno.h>
#include <stdlib.h>

/* The one that stands outside of both sections. */
static const char report_data[] = "report_data";

static const struct policy_item *find_item(const struct policy_item *items,
					   const char *name)
{
	for (; items->name; items++) {
		if (!strcmp(items->name, name))
			return items;
	}
	return NULL;
}

/* An empty one is enough to say that there may be such a TEE. */
static int parse_section(struct json_at at, const struct policy_item *items,
			 struct tsm_policy *policy, struct tsm_error *err)
{
	const struct policy_item *item;
	struct json_at member;
	bool more;
	int ret;

	ret = json_at_expect(at, JSON_KIND_OBJECT, err);
	for (more = !ret && json_at_first(at, &member); more && !ret;
	     more = json_at_next(&member)) {
		item = find_item(items, json_at_key(member));
		if (!item || !strcmp(item->name, report_data))
			return json_at_fail(member, err, "is unknown here");
		ret = policy_parse_item(member, item, policy, err);
	}
	return ret;
}

static int parse_top(struct json_at at, struct tsm_policy *policy,
		     struct tsm_error *err)
{
	const char *key = json_at_key(at);

	if (!strcmp(key, "tdx")) {
		policy->has_tdx = true;
		return parse_section(at, policy_tdx_items, policy, err);
	}
	if (!strcmp(key, "snp")) {
		policy->has_snp = true;
		return parse_section(at, policy_snp_items, policy, err);
	}
	if (!strcmp(key, report_data))
		return policy_parse_item(at, find_item(policy_tdx_items, key),
					 policy, err);
	return json_at_fail(at, err, "is unknown: report_data, tdx or snp");
}

static int parse_all(struct json_at root, struct tsm_policy *policy,
		     struct tsm_error *err)
{
	struct json_at member;
	bool more;
	int ret;

	ret = json_at_expect(root, JSON_KIND_OBJECT, err);
	for (more = !ret && json_at_first(root, &member); more && !ret;
	     more = json_at_next(&member))
		ret = parse_top(member, policy, err);
	/* whoever takes what is worse takes the best, too */
	if (policy->tdx.tcb_statuses)
		policy->tdx.tcb_statuses |= 1u << TSM_TCB_UP_TO_DATE;
	if (!ret && !policy->has_tdx && !policy->has_snp)
		ret = tsm_error_set(err, -EBADMSG,
				    "policy: has neither tdx nor snp, so nothing would be accepted");
	return ret;
}

int policy_parse(struct tsm_policy **policy, const char *json, size_t len,
		 struct tsm_error *err)
{
	struct json_doc *doc;
	int ret;

	*policy = NULL;
	ret = json_doc_parse(json, len, &doc, err);
	if (ret)
		return ret;
	*policy = calloc(1, sizeof(**policy));
	if (*policy)
		ret = parse_all(json_doc_root(doc), *policy, err);
	else
		ret = tsm_error_set(err, -ENOMEM, "policy: out of memory");
	json_doc_free(doc);
	if (ret) {
		policy_free(*policy);
		*policy = NULL;
	}
	return ret;
}

static void free_section(struct tsm_policy *policy,
			 const struct policy_item *items)
{
	struct policy_values *values;

	for (; items->name; items++) {
		if (items->kind != POLICY_VALUES &&
		    items->kind != POLICY_STRINGS)
			continue;
		values = (void *)((uint8_t *)policy + items->policy);
		free(values->bytes);
		values->bytes = NULL;
	}
}

void policy_free(struct tsm_policy *policy)
{
	if (!policy)
		return;
	free_section(policy, policy_tdx_items);
	free_section(policy, policy_snp_items);
	free(policy);
}
