/* SPDX-License-Identifier: MIT */
/* What the parts of tsmctl extend share: what is asked for, and by which way. */
#ifndef TSMCTL_EXTEND_H
#define TSMCTL_EXTEND_H

#include "tsmctl.h"

/* Ways to extend a register. */
enum way { WAY_ANY, WAY_CONFIGFS, WAY_SYSFS, WAY_IOCTL };

/**
 * struct order - what the command line asks for
 * @digest: argument of --digest, or NULL; one of these four is not
 * @file: of --file
 * @data: of --data
 * @aael: of --aael
 * @event_type: of --event-type, or NULL
 * @tag: of --tag, or NULL
 * @via: of --via
 * @extend: what it comes to, from order_event() on
 * @event: its event data, allocated; NULL if there are none
 */
struct order {
	const char *digest;
	const char *file;
	const char *data;
	const char *aael;
	const char *event_type;
	const char *tag;
	enum way via;
	struct tsm_extend extend;
	uint8_t *event;
};

/**
 * struct outcome - what became of it
 * @way: by which it was done, or last tried
 * @sys: the machine
 * @done: what the library says
 */
struct outcome {
	enum way way;
	struct tsm_system sys;
	struct tsm_extended done;
};

/* extend_event.c */

/* "rtmr0" to "rtmr3", with ":sha384" or without. Return: the index, or -1. */
int parse_rtmr(const char *name);

/* The first type of event from @type on, which is set to it, that has a name.
 * Return: its name; NULL if there are no more. */
const char *named_event_type(uint32_t *type);

/**
 * order_event() - digest, event data and type, from the arguments
 * @order: with @event to be freed
 *
 * Complains about what is wrong, about arguments before it reads a file.
 * Return: an exit code.
 */
int order_event(const struct command *cmd, struct order *order);

/* extend_way.c */

const char *way_name(enum way way);

/**
 * order_extend() - extend the register, by the first way that there is
 * @order: from order_event()
 * @outcome: the result
 * @err: what was wrong
 *
 * Return: 0 or a negative errno, see tsm_rtmr.h; -EOPNOTSUPP if there is no way.
 */
int order_extend(const struct order *order, struct outcome *outcome,
		 struct tsm_error *err);

/* explain.c: what an errno of order_extend() means and what helps, or NULL */
const char *explain_extend(int err, const struct order *order,
			   const struct outcome *outcome);

#endif /* TSMCTL_EXTEND_H */
