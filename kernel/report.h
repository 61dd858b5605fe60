/* SPDX-License-Identifier: GPL-2.0-only */
/* configfs tsm/report, as main.c sees it. */
#ifndef _TSMG_REPORT_H
#define _TSMG_REPORT_H

struct tsmg_backend;

/**
 * tsmg_report_init - create /sys/kernel/config/tsm/report
 *
 * Until tsmg_report_publish() a mkdir there fails with ENXIO.
 *
 * Return: 0; -EEXIST if another module owns the tsm subsystem; -ENOMEM.
 */
int tsmg_report_init(void);

/**
 * tsmg_report_publish - let users create report items
 * @backend: who answers them; must stay until tsmg_report_exit()
 */
void tsmg_report_publish(const struct tsmg_backend *backend);

/**
 * tsmg_report_exit - remove /sys/kernel/config/tsm
 *
 * Every report item pins the module, so none is left when this runs.
 */
void tsmg_report_exit(void);

#endif /* _TSMG_REPORT_H */
