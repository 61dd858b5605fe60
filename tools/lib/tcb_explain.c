// SPDX-License-Identifier: MIT
/* Say why a platform stands where it does, and what it would take to rise. */
#include "tcb.h"

#include <stdarg.h>
#include <stdio.h>

/* SGX components, PCESVN, TDX components: all that a level asks for. */
#define DEMANDS			(2 * TCB_COMPONENTS + 1)

/* Bytes of ", and 32 more", and of "; with that, " and so on. */
#define MORE_SIZE		16
#define TARGET_SIZE		56

/**
 * struct line - a sentence being put together
 * @text: NUL-terminated
 * @size: room
 * @used: without the NUL
 */
struct line {
	char *text;
	size_t size;
	size_t used;
};

static void add(struct line *line, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct line *line, const char *fmt, ...)
{
	size_t left = line->size - line->used;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(line->text + line->used, left, fmt, args);
	va_end(args);
	if (n > 0)
		line->used += (size_t)n < left ? (size_t)n : left - 1;
}

/* A name that the TCB info gives, without control of a terminal. */
static void add_name(struct line *line, const char *name)
{
	const char *c;

	for (c = name; *c && c < name + 40; c++)
		add(line, "%c", *c >= 0x20 && *c < 0x7f ? *c : '?');
}

/**
 * struct demand - one SVN that a level asks for
 * @has: what there is
 * @needs: what is asked for
 * @group: "SGX component", "PCESVN", "TDX component"
 * @number: from 1; 0 for PCESVN
 * @what: entry of the TCB info; NULL for PCESVN
 */
struct demand {
	unsigned int has;
	unsigned int needs;
	const char *group;
	size_t number;
	const struct tcb_component *what;
};

static struct demand demand_of(const struct tcb_level *level,
			       const struct tcb_svns *svns, size_t i)
{
	if (i < TCB_COMPONENTS)
		return (struct demand){
			svns->comp_svn[i], level->sgx[i].svn, "SGX component",
			i + 1, &level->sgx[i],
		};
	if (i == TCB_COMPONENTS)
		return (struct demand){
			svns->pcesvn, level->pcesvn, "PCESVN", 0, NULL,
		};
	i -= TCB_COMPONENTS + 1;
	if (i < tcb_first_tdx(svns->tee_tcb_svn))
		/* levels of the module judge those */
		return (struct demand){ 0, 0, "", 0, NULL };
	return (struct demand){
		svns->tee_tcb_svn[i], level->tdx[i].svn, "TDX component",
		i + 1, &level->tdx[i],
	};
}

/* By how much @svns is short of @level in all. */
static unsigned int shortage(const struct tcb_level *level,
			     const struct tcb_svns *svns)
{
	unsigned int sum = 0;
	struct demand d;
	size_t i;

	for (i = 0; i < DEMANDS; i++) {
		d = demand_of(level, svns, i);
		if (d.has < d.needs)
			sum += d.needs - d.has;
	}
	return sum;
}

static void add_demand(struct line *line, const struct demand *d)
{
	add(line, "%s", d->group);
	if (d->number)
		add(line, " %zu", d->number);
	if (d->what && d->what->type) {
		add(line, " (");
		add_name(line, d->what->type);
		add(line, ")");
	}
	add(line, " is %u, needs %u (%u short)", d->has, d->needs,
	    d->needs - d->has);
}

/* Lists all that is short, but for what would leave no room for @spare bytes. */
static void add_shortage(struct line *line, const struct tcb_level *level,
			 const struct tcb_svns *svns, size_t spare)
{
	unsigned int listed = 0, left_off = 0;
	struct demand d;
	char text[128];
	size_t i;

	for (i = 0; i < DEMANDS; i++) {
		struct line item = { .text = text, .size = sizeof(text) };

		d = demand_of(level, svns, i);
		if (d.has >= d.needs)
			continue;
		add_demand(&item, &d);
		if (listed && (left_off || line->used + item.used + spare +
						   MORE_SIZE > line->size))
			left_off++;
		else
			add(line, "%s%s", listed++ ? ", " : "", text);
	}
	if (left_off)
		add(line, ", and %u more", left_off);
}

/* "OutOfDate of 2024-03-13" */
static void add_standing(struct line *line, const struct tcb_standing *standing)
{
	add(line, "%s of %.10s", tsm_tcb_status_name(standing->status),
	    standing->date);
}

/* The level UpToDate that takes the least. */
static const struct tcb_level *nearest(const struct tcb_info *info,
				       const struct tcb_svns *svns)
{
	const struct tcb_level *best = NULL;
	unsigned int sum, least = UINT32_MAX;
	size_t i;

	for (i = 0; i < info->levels; i++) {
		sum = shortage(&info->level[i], svns);
		if (info->level[i].standing.status != TSM_TCB_UP_TO_DATE ||
		    !sum || sum >= least)
			continue;
		best = &info->level[i];
		least = sum;
	}
	return best;
}

static void explain_platform(struct line *line, const struct tcb_info *info,
			     const struct tcb_svns *svns,
			     const struct tcb_found *found)
{
	const struct tcb_level *lowest = &info->level[info->levels - 1];
	const struct tcb_level *target = nearest(info, svns);

	if (!found->level) {
		add(line, "below every level: for the lowest, ");
		add_standing(line, &lowest->standing);
		add(line, ", ");
		add_shortage(line, lowest, svns, 0);
		return;
	}
	add(line, "level of %.10s", found->level->standing.date);
	if (found->platform_status == TSM_TCB_UP_TO_DATE)
		return;
	if (found->platform_status != found->status)
		add(line, ", %s", tsm_tcb_status_name(found->platform_status));
	if (!target) {
		add(line, "; no higher level is UpToDate");
		return;
	}
	add(line, ": ");
	add_shortage(line, target, svns, TARGET_SIZE);
	add(line, "; with that, ");
	add_standing(line, &target->standing);
	add(line, " would be reached");
}

/* What the SVN of a module or a QE is short of, if it is. */
static void explain_isv(struct line *line, const struct tcb_isv_levels *levels,
			const struct tcb_isv_level *level, unsigned int has)
{
	const struct tcb_isv_level *target = NULL;
	size_t i;

	if (level) {
		add(line, " is ");
		add_standing(line, &level->standing);
		for (i = 0; i < levels->count; i++)
			if (levels->level[i].standing.status ==
				    TSM_TCB_UP_TO_DATE &&
			    levels->level[i].isvsvn > has)
				target = &levels->level[i];
		if (level->standing.status == TSM_TCB_UP_TO_DATE)
			return;
	} else {
		add(line, " is below every level");
		target = &levels->level[levels->count - 1];
	}
	if (!target)
		return;
	add(line, ", ");
	add_standing(line, &target->standing);
	add(line, " needs %u (%u short)", target->isvsvn,
	    target->isvsvn - has);
}

static void explain_module(struct line *line, const struct tcb_svns *svns,
			   const struct tcb_found *found)
{
	const uint8_t *svn = svns->tee_tcb_svn, *now = svns->tee_tcb_svn2;

	if (!found->module || !found->module->levels.count)
		return;
	add(line, "; TDX module ");
	add_name(line, found->module->id);
	add(line, " SVN %u", svn[0]);
	explain_isv(line, &found->module->levels, found->module_level, svn[0]);
	if (!found->asked_relaunch)
		return;
	add(line, "; since then the module has become version %u, SVN %u, ",
	    now[1], now[0]);
	if (found->status == TSM_TCB_TD_RELAUNCH_ADVISED ||
	    found->status == TSM_TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED)
		add(line, "which suffices: the TD must be launched anew");
	else if (found->status == TSM_TCB_NOT_SUPPORTED)
		add(line, "which this TCB info does not know");
	else
		add(line, "which does not suffice, either");
}

/* Parts that have no room are left out whole: the first says most. */
static void add_part(struct line *line, const struct line *part)
{
	if (line->used + part->used < line->size)
		add(line, "%s", part->text);
}

void tcb_explain(const struct tcb_info *info, const struct qe_identity *qe,
		 const struct tcb_svns *svns, const struct tcb_found *found,
		 char *text, size_t size)
{
	struct line line = { .text = text, .size = size };
	char buffer[320];
	struct line part = { .text = buffer, .size = sizeof(buffer) };

	*text = *buffer = '\0';
	explain_platform(&line, info, svns, found);
	explain_module(&part, svns, found);
	add_part(&line, &part);
	if (!qe)
		return;
	part.used = 0;
	add(&part, "; QE ISVSVN %u", svns->qe_isvsvn);
	explain_isv(&part, &qe->levels, found->qe_level, svns->qe_isvsvn);
	add_part(&line, &part);
}
