/* SPDX-License-Identifier: GPL-2.0-only */
/* The platform device by which the kernel announces the firmware. */
#ifndef _TSMG_SNP_DEVICE_H
#define _TSMG_SNP_DEVICE_H

#include <linux/types.h>

/**
 * tsmg_device_init - take the device, so that no other driver can
 * @secrets_gpa: set to the address of the secrets page; 0 where the kernel
 *	keeps that for itself
 *
 * Return: 0; after a message, -EBUSY if another driver has it, -ENODEV if it is
 * not there or does not say where the secrets page is, or another error.
 */
int tsmg_device_init(phys_addr_t *secrets_gpa);

/* tsmg_device_exit - let go of it */
void tsmg_device_exit(void);

#endif /* _TSMG_SNP_DEVICE_H */
