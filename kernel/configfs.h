/* SPDX-License-Identifier: GPL-2.0-only */
/* The configfs subsystem "tsm", under which report and rtmrs lie. */
#ifndef _TSMG_CONFIGFS_H
#define _TSMG_CONFIGFS_H

struct config_group;
struct tsmg_backend;
struct tsmg_register_set;

/**
 * tsmg_configfs_init - make /sys/kernel/config/tsm
 * @set: the registers of the TEE; rtmrs is there if any can be extended
 *
 * Users see it at once and get ENXIO until tsmg_configfs_publish().
 *
 * Return: 0, or -EEXIST if another module owns that name.
 */
int tsmg_configfs_init(const struct tsmg_register_set *set);

/**
 * tsmg_configfs_publish - let users make items
 * @backend: answers them until the module goes
 */
void tsmg_configfs_publish(const struct tsmg_backend *backend);

/* tsmg_configfs_exit - remove it; no item exists, for each pins the module */
void tsmg_configfs_exit(void);

/* tsmg_provider - who answers; NULL before tsmg_configfs_publish() */
const struct tsmg_backend *tsmg_provider(void);

/* tsmg_report_group - tsm/report, initialised */
struct config_group *tsmg_report_group(void);

/* tsmg_rtmr_group - tsm/rtmrs for @set, initialised */
struct config_group *tsmg_rtmr_group(const struct tsmg_register_set *set);

#endif /* _TSMG_CONFIGFS_H */
