// SPDX-License-Identifier: MIT
/* Decode a TCB info for TDX, version 3 of Intel's PCS. */
#include "lib_private.h"
#include "tcb.h"

#include <errno.h>
#include <stdlib.h>

static int no_memory(struct tsm_error *err)
{
	return tsm_error_set(err, -ENOMEM, "TCB info: no memory");
}

static int parse_name(struct json_at item, const char *key, const char **name,
		      struct tsm_error *err)
{
	struct json_at value;

	*name = NULL;
	return json_at_find(item, key, &value) ?
		       json_at_string(value, name, err) : 0;
}

static int parse_components(struct json_at tcb, const char *key,
			    struct tcb_component component[TCB_COMPONENTS],
			    struct tsm_error *err)
{
	struct json_at list, item;
	uint64_t svn;
	bool more;
	int ret;

	ret = json_member(tcb, key, JSON_KIND_ARRAY, &list, err);
	if (ret)
		return ret;
	if (json_at_count(list) != TCB_COMPONENTS)
		return json_at_fail(list, err, "must have %d entries, has %zu",
				    TCB_COMPONENTS, json_at_count(list));
	for (more = json_at_first(list, &item); more;
	     more = json_at_next(&item), component++) {
		ret = json_member_uint(item, "svn", UINT16_MAX, &svn, err);
		if (!ret)
			ret = parse_name(item, "category", &component->category,
					 err);
		if (!ret)
			ret = parse_name(item, "type", &component->type, err);
		if (ret)
			return ret;
		component->svn = (uint16_t)svn;
	}
	return 0;
}

static int parse_level(struct json_at item, struct tcb_level *level,
		       struct tsm_error *err)
{
	struct json_at tcb;
	uint64_t pcesvn;
	int ret;

	ret = json_member(item, "tcb", JSON_KIND_OBJECT, &tcb, err);
	if (!ret)
		ret = parse_components(tcb, "sgxtcbcomponents", level->sgx,
				       err);
	if (!ret)
		ret = json_member_uint(tcb, "pcesvn", UINT16_MAX, &pcesvn, err);
	if (ret)
		return ret;
	level->pcesvn = (uint16_t)pcesvn;
	ret = parse_components(tcb, "tdxtcbcomponents", level->tdx, err);
	if (!ret)
		ret = tcb_standing_parse(item, &level->standing, err);
	return ret;
}

static int compare(const struct tcb_component *a, const struct tcb_component *b)
{
	int i;

	for (i = 0; i < TCB_COMPONENTS; i++)
		if (a[i].svn != b[i].svn)
			return (int)b[i].svn - (int)a[i].svn;
	return 0;
}

/* The QVL's TcbLevel::operator>, highest first. Intel serves them so already. */
static int by_tcb(const void *a, const void *b)
{
	const struct tcb_level *one = a, *other = b;
	int order = compare(one->sgx, other->sgx);

	if (!order)
		order = (int)other->pcesvn - (int)one->pcesvn;
	return order ? order : compare(one->tdx, other->tdx);
}

static int parse_levels(struct json_at object, struct tcb_info *info,
			struct tsm_error *err)
{
	struct json_at list, item;
	bool more;
	size_t i;
	int ret;

	ret = json_member(object, "tcbLevels", JSON_KIND_ARRAY, &list, err);
	if (ret)
		return ret;
	if (!json_at_count(list))
		return json_at_fail(list, err, "is empty");
	info->level = calloc(json_at_count(list), sizeof(*info->level));
	if (!info->level)
		return no_memory(err);
	for (more = json_at_first(list, &item); more; more = json_at_next(&item)) {
		ret = parse_level(item, &info->level[info->levels++], err);
		if (ret)
			return ret;
	}
	qsort(info->level, info->levels, sizeof(*info->level), by_tcb);
	for (i = 1; i < info->levels; i++)
		if (!by_tcb(&info->level[i - 1], &info->level[i]))
			return json_at_fail(list, err,
					    "has the same level more than once");
	return 0;
}

static int parse_module(struct json_at object, struct tcb_module *module,
			struct tsm_error *err)
{
	uint8_t mask[8];
	int ret;

	ret = json_member_hex(object, "mrsigner", module->mrsigner, 48, err);
	if (!ret)
		ret = json_member_hex(object, "attributes", module->attributes,
				      8, err);
	if (!ret)
		ret = json_member_hex(object, "attributesMask", mask, 8, err);
	return ret;
}

static int parse_identities(struct json_at object, struct tcb_info *info,
			    struct tsm_error *err)
{
	struct tcb_module *module;
	struct json_at list, item;
	bool more;
	int ret;

	/* none in TCB infos before modules had versions */
	if (!json_at_find(object, "tdxModuleIdentities", &list))
		return 0;
	ret = json_at_expect(list, JSON_KIND_ARRAY, err);
	if (ret || !json_at_count(list))
		return ret ? ret : json_at_fail(list, err, "is empty");
	info->identity = calloc(json_at_count(list), sizeof(*info->identity));
	if (!info->identity)
		return no_memory(err);
	for (more = json_at_first(list, &item); more; more = json_at_next(&item)) {
		module = &info->identity[info->identities++];
		ret = json_member_string(item, "id", &module->id, err);
		if (!ret)
			ret = parse_module(item, module, err);
		if (!ret)
			ret = tcb_isv_levels_parse(item, &module->levels, err);
		if (ret)
			return ret;
	}
	return 0;
}

static int parse_head(struct json_at object, struct tcb_info *info,
		      struct tsm_error *err)
{
	uint64_t evaluation = 0, type;
	int ret;

	ret = json_member_time(object, "issueDate", &info->issued, err);
	if (!ret)
		ret = json_member_time(object, "nextUpdate", &info->next_update,
				       err);
	if (!ret)
		ret = json_member_hex(object, "fmspc", info->fmspc, 6, err);
	if (!ret)
		ret = json_member_hex(object, "pceId", info->pceid, 2, err);
	/* how to compare SVNs; there is one way only */
	if (!ret)
		ret = json_member_uint(object, "tcbType", 0, &type, err);
	if (!ret)
		ret = json_member_uint(object, "tcbEvaluationDataNumber",
				       UINT32_MAX, &evaluation, err);
	info->evaluation = (uint32_t)evaluation;
	return ret;
}

static int parse(struct json_at object, struct tcb_info *info,
		 struct tsm_error *err)
{
	struct json_at module;
	int ret;

	ret = parse_head(object, info, err);
	if (!ret)
		ret = json_member(object, "tdxModule", JSON_KIND_OBJECT,
				  &module, err);
	if (!ret)
		ret = parse_module(module, &info->module, err);
	if (!ret)
		ret = parse_identities(object, info, err);
	if (!ret)
		ret = parse_levels(object, info, err);
	return ret;
}

int tcb_info_parse(struct json_at object, struct tcb_info **info,
		   struct tsm_error *err)
{
	struct tcb_info *new = calloc(1, sizeof(*new));
	int ret;

	*info = NULL;
	if (!new)
		return no_memory(err);
	ret = parse(object, new, err);
	if (ret)
		tcb_info_free(new);
	else
		*info = new;
	return ret;
}

void tcb_info_free(struct tcb_info *info)
{
	size_t i;

	if (!info)
		return;
	for (i = 0; i < info->identities; i++)
		free(info->identity[i].levels.level);
	free(info->identity);
	free(info->level);
	free(info);
}
