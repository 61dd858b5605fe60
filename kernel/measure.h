/* SPDX-License-Identifier: GPL-2.0-only */
/* sysfs measurements: a file for each register of the TEE. */
#ifndef _TSMG_MEASURE_H
#define _TSMG_MEASURE_H

struct attribute_group;
struct device;
struct tsmg_backend;

/**
 * tsmg_measure_init - prepare the files
 * @backend: has the registers, and perhaps more attributes
 *
 * Return: groups for the device that shall show them, or an ERR_PTR: -ENOMEM.
 */
const struct attribute_group **
tsmg_measure_init(const struct tsmg_backend *backend);

/**
 * tsmg_measure_publish - let the files be opened
 * @dev: the device, registered with those groups
 *
 * Before this, open fails with EACCES.
 * Return: 0, or -ENOENT if the files are not there.
 */
int tsmg_measure_publish(struct device *dev);

/* tsmg_measure_exit - undo tsmg_measure_init(); the device is gone */
void tsmg_measure_exit(void);

#endif /* _TSMG_MEASURE_H */
