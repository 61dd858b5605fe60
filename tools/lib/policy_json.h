/* SPDX-License-Identifier: MIT */
/* How an item of a policy is read: policy.c of policy_parse.c. */
#ifndef TSM_POLICY_JSON_H
#define TSM_POLICY_JSON_H

#include "json.h"
#include "policy_private.h"

/**
 * policy_parse_item() - read one item
 * @at: its value
 * @item: which
 * @policy: gets it; what was read until a failure is freed with it
 * @err: what was wrong, and where
 *
 * Return: 0, -EBADMSG, -ENOMEM.
 */
int policy_parse_item(struct json_at at, const struct policy_item *item,
		      struct tsm_policy *policy, struct tsm_error *err);

#endif /* TSM_POLICY_JSON_H */
