/* SPDX-License-Identifier: GPL-2.0-only */
/* The configfs subsystem "tsm", under which report and rtmrs lie. */
#ifndef _TSMG_CONFIGFS_H
#define _TSMG_CONFIGFS_H

#include <linux/types.h>

struct config_group;
struct config_item;
struct configfs_attribute;
struct tsmg_backend;
struct tsmg_register_set;
struct tsmg_request;

/**
 * tsmg_configfs_init - make /sys/kernel/config/tsm
 * @backend: decides what is there: rtmrs if any register can be extended, and
 *	the attributes of report items; initialised
 *
 * Users see it at once and get ENXIO until tsmg_configfs_publish().
 *
 * Return: 0, or -EEXIST if another module owns that name.
 */
int tsmg_configfs_init(const struct tsmg_backend *backend);

/**
 * tsmg_configfs_publish - let users make items
 * @backend: answers them until the module goes
 */
void tsmg_configfs_publish(const struct tsmg_backend *backend);

/* tsmg_configfs_exit - remove it; no item exists, for each pins the module */
void tsmg_configfs_exit(void);

/* tsmg_provider - who answers; NULL before tsmg_configfs_publish() */
const struct tsmg_backend *tsmg_provider(void);

/* tsmg_report_group - tsm/report for @backend, initialised */
struct config_group *tsmg_report_group(const struct tsmg_backend *backend);

/**
 * tsmg_report_write - accept a write to a report item: its generation grows
 * @cfg: the item
 * @change: makes the change; does not sleep
 * @value: for @change
 * @len: for @change
 *
 * Return: 0; or -EBUSY, and nothing is changed, if so many writes came since
 * the last report that generations would run into each other.
 */
int tsmg_report_write(struct config_item *cfg,
		      void (*change)(struct tsmg_request *request,
				     const void *value, size_t len),
		      const void *value, size_t len);

/*
 * Attributes of report items beside those that all have, ended by NULL: for a
 * TEE with privilege levels, and for one with services.
 */
extern struct configfs_attribute *const tsmg_privlevel_attrs[];
extern struct configfs_attribute *const tsmg_service_attrs[];

/* tsmg_rtmr_group - tsm/rtmrs for @set, initialised */
struct config_group *tsmg_rtmr_group(const struct tsmg_register_set *set);

#endif /* _TSMG_CONFIGFS_H */
