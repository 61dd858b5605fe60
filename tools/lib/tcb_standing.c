// SPDX-License-Identifier: MIT
/* What TCB levels of platforms, modules and QEs have alike. */
#include "lib_private.h"
#include "tcb.h"

#include <errno.h>
#include <stdlib.h>

/* Those that verifiers come to by themselves are in no document. */
static bool is_published(enum tsm_tcb_status status)
{
	return status != TSM_TCB_UNKNOWN && status != TSM_TCB_NOT_SUPPORTED &&
	       status != TSM_TCB_TD_RELAUNCH_ADVISED &&
	       status != TSM_TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED;
}

static int parse_status(struct json_at level, enum tsm_tcb_status *status,
			struct tsm_error *err)
{
	const char *name;
	unsigned int i;
	int ret;

	ret = json_member_string(level, "tcbStatus", &name, err);
	if (ret)
		return ret;
	for (i = TSM_TCB_UNKNOWN; i <= TSM_TCB_REVOKED; i++) {
		if (!is_published(i) || strcmp(name, tsm_tcb_status_name(i)))
			continue;
		*status = i;
		return 0;
	}
	return json_at_fail(level, err, "tcbStatus is none that Intel has");
}

static int parse_advisories(struct json_at level, struct tcb_standing *standing,
			    struct tsm_error *err)
{
	struct json_at id;
	int ret = 0;
	bool more;

	standing->has_advisories = json_at_find(level, "advisoryIDs",
						&standing->advisories);
	if (!standing->has_advisories)
		return 0;
	ret = json_at_expect(standing->advisories, JSON_KIND_ARRAY, err);
	for (more = !ret && json_at_first(standing->advisories, &id); more;
	     more = !ret && json_at_next(&id))
		ret = json_at_expect(id, JSON_KIND_STRING, err);
	return ret;
}

int tcb_standing_parse(struct json_at level, struct tcb_standing *standing,
		       struct tsm_error *err)
{
	int64_t seconds;
	int ret;

	ret = json_member_time(level, "tcbDate", &seconds, err);
	if (!ret)
		ret = json_member_string(level, "tcbDate", &standing->date,
					 err);
	if (!ret)
		ret = parse_status(level, &standing->status, err);
	if (!ret)
		ret = parse_advisories(level, standing, err);
	return ret;
}

static int parse_level(struct json_at item, struct tcb_isv_level *level,
		       struct tsm_error *err)
{
	struct json_at tcb;
	uint64_t isvsvn;
	int ret;

	ret = json_member(item, "tcb", JSON_KIND_OBJECT, &tcb, err);
	if (!ret)
		ret = json_member_uint(tcb, "isvsvn", UINT16_MAX, &isvsvn, err);
	if (ret)
		return ret;
	level->isvsvn = (uint16_t)isvsvn;
	return tcb_standing_parse(item, &level->standing, err);
}

static int by_isvsvn(const void *a, const void *b)
{
	const struct tcb_isv_level *one = a, *other = b;

	return (int)other->isvsvn - (int)one->isvsvn;
}

static int sort_levels(struct json_at list, struct tcb_isv_levels *levels,
		       struct tsm_error *err)
{
	size_t i;

	qsort(levels->level, levels->count, sizeof(*levels->level), by_isvsvn);
	for (i = 1; i < levels->count; i++)
		if (levels->level[i].isvsvn == levels->level[i - 1].isvsvn)
			return json_at_fail(list, err,
					    "has isvsvn %u more than once",
					    levels->level[i].isvsvn);
	return 0;
}

int tcb_isv_levels_parse(struct json_at object, struct tcb_isv_levels *levels,
			 struct tsm_error *err)
{
	struct json_at list, item;
	bool more;
	int ret;

	ret = json_member(object, "tcbLevels", JSON_KIND_ARRAY, &list, err);
	if (ret)
		return ret;
	if (!json_at_count(list))
		return json_at_fail(list, err, "is empty");
	levels->level = calloc(json_at_count(list), sizeof(*levels->level));
	if (!levels->level)
		return tsm_error_set(err, -ENOMEM, "TCB levels: no memory");
	for (more = json_at_first(list, &item); more; more = json_at_next(&item)) {
		ret = parse_level(item, &levels->level[levels->count++], err);
		if (ret)
			return ret;
	}
	return sort_levels(list, levels, err);
}
