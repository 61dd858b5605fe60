// SPDX-License-Identifier: MIT
/* Times, spans, bytes and advisories for people. */
#include "collateral_private.h"

#include <stdio.h>
#include <string.h>

const char *collateral_duration(int64_t seconds, char text[32])
{
	static const struct {
		int64_t size;
		const char *name;
	} units[] = {
		{ 86400, "day" }, { 3600, "hour" }, { 60, "minute" },
		{ 1, "second" },
	};
	unsigned int i = 0;
	int64_t n;

	while (i < 3 && seconds < units[i].size)
		i++;
	n = seconds / units[i].size;
	snprintf(text, 32, "%lld %s%s", (long long)n, units[i].name,
		 n == 1 ? "" : "s");
	return text;
}

/* Whether @id stands in "a, b, c". */
static bool has_id(const char *list, const char *id)
{
	size_t len = strlen(id);
	const char *at;

	for (at = list; (at = strstr(at, id)); at += len)
		if ((at == list || at[-1] == ' ') &&
		    (!at[len] || at[len] == ','))
			return true;
	return false;
}

/* Such as INTEL-SA-00106; anything else would not be one. */
static bool is_id(const char *id)
{
	size_t len = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "abcdefghijklmnopqrstuvwxyz0123456789-_.");

	return len && !id[len];
}

static size_t add_ids(const struct tcb_standing *standing, char *text,
		      size_t size)
{
	size_t used, left_off = 0;
	struct json_at item;
	const char *id;
	bool more;

	if (!standing->has_advisories)
		return 0;
	for (more = json_at_first(standing->advisories, &item); more;
	     more = json_at_next(&item)) {
		if (json_at_string(item, &id, NULL) || !is_id(id) ||
		    has_id(text, id))
			continue;
		used = strlen(text);
		/* room for how many were left off */
		if (used + strlen(id) + 32 > size)
			left_off++;
		else
			snprintf(text + used, size - used, "%s%s",
				 used ? ", " : "", id);
	}
	return left_off;
}

void collateral_advisories(const struct tcb_found *found, char *text,
			   size_t size)
{
	size_t left_off = 0, used;

	*text = '\0';
	if (found->level)
		left_off += add_ids(&found->level->standing, text, size);
	if (found->module_level)
		left_off += add_ids(&found->module_level->standing, text, size);
	if (found->qe_level)
		left_off += add_ids(&found->qe_level->standing, text, size);
	used = strlen(text);
	if (left_off)
		snprintf(text + used, size - used, "%s%zu more",
			 used ? ", " : "", left_off);
}
