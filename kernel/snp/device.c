// SPDX-License-Identifier: GPL-2.0-only
/* The platform device by which the kernel announces the firmware. */
#define pr_fmt(fmt) KBUILD_MODNAME ": snp: " fmt

#include "device.h"

#include <linux/device.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#define DEVICE_NAME	"sev-guest"

static const struct platform_device_id device_ids[] = {
	{ .name = DEVICE_NAME },
	{}
};
MODULE_DEVICE_TABLE(platform, device_ids);

/* Set when the driver core gives us the device. */
static struct platform_device *device;

static int device_probe(struct platform_device *pdev)
{
	device = pdev;
	return 0;
}

/*
 * There is nothing to undo: what we do, we do as a module. Two drivers of one
 * channel would use a sequence number twice, so all that matters is that no
 * other one can have the device. Nobody can unbind this one through sysfs.
 */
static struct platform_driver driver = {
	.probe = device_probe,
	.id_table = device_ids,
	.driver = {
		.name = KBUILD_MODNAME,
		.suppress_bind_attrs = true,
		/* Whether there is a device is known when registering returns. */
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
};

static int explain_absence(void)
{
	struct device *dev = bus_find_device_by_name(&platform_bus_type, NULL,
						     DEVICE_NAME);
	bool taken = dev && dev->driver;

	put_device(dev);
	if (taken) {
		pr_err("another driver has the device " DEVICE_NAME ": unload the in-tree one (rmmod sev_guest), then load this module again\n");
		return -EBUSY;
	}
	pr_err("the kernel has no device " DEVICE_NAME ": it found no secrets page, or was built without support for SNP guests\n");
	return -ENODEV;
}

int tsmg_device_init(phys_addr_t *secrets_gpa)
{
	int ret;

	ret = platform_driver_register(&driver);
	if (ret) {
		pr_err("cannot register with the platform bus: %d\n", ret);
		return ret;
	}
	if (!device) {
		ret = explain_absence();
		goto unregister;
	}
	ret = tsmg_compat_snp_secrets(device, secrets_gpa);
	if (ret) {
		pr_err("the device " DEVICE_NAME " does not say where the secrets page is\n");
		goto unregister;
	}
	return 0;

unregister:
	tsmg_device_exit();
	return ret;
}

void tsmg_device_exit(void)
{
	platform_driver_unregister(&driver);
	device = NULL;
}
