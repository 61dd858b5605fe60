// SPDX-License-Identifier: MIT
/*
 * The ways in which a register can be extended, and which of them is taken.
 *
 * Event data go through configfs, for nothing else takes them. A digest alone
 * rather goes through sysfs: there, write() itself tells what became of it, and
 * nothing is shared with other programs. Another way is tried only if one is
 * not there at all, so that nothing can be extended twice.
 */
#include "extend.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SYSFS_DIR	"/sys/class/misc/tdx_guest/measurements"

/* Below it, registers are firmware's and the boot loader's: not for configfs. */
#define FIRST_FOR_EVENTS	2

/* How often event data may be disturbed by who does not keep to the lock. */
#define TRIES		20

static const char lock_progress[] =
"tsmctl: waiting for others who extend the register; Ctrl-C gives up\n";

const char *way_name(enum way way)
{
	static const char *const names[] = {
		[WAY_ANY] = "none",
		[WAY_CONFIGFS] = "configfs",
		[WAY_SYSFS] = "sysfs",
		[WAY_IOCTL] = "ioctl",
	};

	return names[way];
}

static int extend_entry(const struct tsm_rtmr *rtmr, bool with_event,
			const struct tsm_extend *extend,
			struct tsm_extended *done, struct tsm_error *err)
{
	const struct watch_task restore = {
		.restore = rtmr->dir,
		.event_type = rtmr->event_type,
	};
	struct watch watch;
	int ret;

	if (!with_event)
		return tsm_rtmr_digest(rtmr, extend, done, err);
	if (rtmr->ours)
		return tsm_rtmr_measure(rtmr, extend, done, err);
	/* our event data must not stay in somebody else's entry */
	ret = watch_start(&watch, &restore, err);
	if (ret)
		return ret == -EAGAIN ? -ENOMEM : ret;
	ret = tsm_rtmr_measure(rtmr, extend, done, err);
	watch_end(&watch);
	return ret;
}

/* @again: nothing was extended, and another try may do it */
static int try_entry(const struct order *order, const char *name,
		     bool with_event, struct tsm_extended *done, bool *again,
		     struct tsm_error *err)
{
	struct tsm_error err_leave;
	struct tsm_rtmr rtmr;
	int ret;

	*again = false;
	ret = tsm_rtmr_enter(&rtmr, TSM_RTMR_ROOT, name, order->extend.index,
			     err);
	if (ret)
		return ret;
	ret = extend_entry(&rtmr, with_event, &order->extend, done, err);
	*again = ret == -EAGAIN;
	if (tsm_rtmr_leave(&rtmr, &err_leave))
		complain("%s", err_leave.text);
	return ret;
}

static int by_configfs(const struct order *order, bool with_event,
		       struct tsm_extended *done, struct tsm_error *err)
{
	char name[64], path[sizeof(TSM_RTMR_ROOT) + sizeof(name)];
	const struct watch_task task = {
		.remove = path,
		.restore = -1,
		.progress = lock_progress,
	};
	unsigned int tries;
	struct watch watch;
	bool again = true;
	int ret;

	entry_name(name, sizeof(name));
	snprintf(path, sizeof(path), "%s/%s", TSM_RTMR_ROOT, name);
	if (access(TSM_RTMR_ROOT, F_OK)) {
		snprintf(err->text, sizeof(err->text), "%s: there is none",
			 TSM_RTMR_ROOT);
		return -EOPNOTSUPP;
	}
	/* before there is an entry: SIGKILL must not hit between them */
	ret = watch_start(&watch, &task, err);
	if (ret)
		return ret == -EAGAIN ? -ENOMEM : ret;
	for (tries = 0; tries < TRIES && again; tries++)
		ret = try_entry(order, name, with_event, done, &again, err);
	watch_end(&watch);
	return ret;
}

/**
 * struct step - one way to try
 * @way: which; WAY_ANY ends a list
 * @with_event: have event data recorded
 */
struct step {
	enum way way;
	bool with_event;
};

static const struct step for_events[] = {
	{ WAY_CONFIGFS, true },
	{ WAY_SYSFS, false },
	{ WAY_IOCTL, false },
	{ WAY_CONFIGFS, false },
	{ WAY_ANY, false },
};

static bool wanted(const struct step *step, const struct order *order)
{
	if (step->with_event && !order->extend.event)
		return false;
	if (order->via != WAY_ANY)
		return step->way == order->via;
	return !step->with_event || order->extend.index >= FIRST_FOR_EVENTS;
}

static int take(const struct step *step, const struct order *order,
		const struct tsm_system *sys, struct tsm_extended *done,
		struct tsm_error *err)
{
	if (step->way == WAY_CONFIGFS)
		return by_configfs(order, step->with_event, done, err);
	if (step->way == WAY_SYSFS)
		return tsm_extend_sysfs(sys->measurements ? sys->measurements :
					SYSFS_DIR, &order->extend, done, err);
	return tsm_extend_ioctl(&order->extend, done, err);
}

int order_extend(const struct order *order, struct outcome *outcome,
		 struct tsm_error *err)
{
	const struct step *step;
	int ret = -EOPNOTSUPP;

	memset(outcome, 0, sizeof(*outcome));
	/* what cannot be found out is tried */
	tsm_system_probe("/", &outcome->sys, NULL);
	for (step = for_events; step->way != WAY_ANY && ret == -EOPNOTSUPP;
	     step++) {
		if (!wanted(step, order))
			continue;
		outcome->way = step->way;
		ret = take(step, order, &outcome->sys, &outcome->done, err);
	}
	return ret;
}
