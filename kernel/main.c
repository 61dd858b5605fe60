// SPDX-License-Identifier: GPL-2.0-only
/* Chooses the backend, initialises everything in order, exits in reverse. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

#include "backend.h"
#include "configfs.h"

static const struct tsmg_backend *const backends[] = {
	&tsmg_tdx_backend,
};

static const struct tsmg_backend *backend;

static const struct tsmg_backend *find_backend(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(backends); i++)
		if (backends[i]->present())
			return backends[i];
	return NULL;
}

/*
 * The in-tree drivers own the same names, and two owners there cannot be: tell
 * the administrator who is in the way. Everything else is just an error.
 */
static int explain(const char *what, int ret)
{
	if (ret != -EEXIST) {
		pr_err("cannot register %s: %d\n", what, ret);
		return ret;
	}
	pr_err("%s is taken: unload the in-tree drivers (rmmod tdx_guest sev_guest, then rmmod tsm or tsm_report; lsmod tells who uses them), then load this module again\n",
	       what);
	return -EBUSY;
}

static int __init tsmg_init(void)
{
	int ret;

	backend = find_backend();
	if (!backend) {
		pr_err("no TEE: this is not a TDX guest\n");
		return -ENODEV;
	}

	ret = backend->init();
	if (ret)
		return ret;

	ret = tsmg_configfs_init();
	if (ret) {
		ret = explain("the configfs subsystem tsm", ret);
		goto backend_exit;
	}

	ret = misc_register(backend->misc);
	if (ret) {
		ret = explain(backend->misc->name, ret);
		goto configfs_exit;
	}

	tsmg_configfs_publish(backend);
	return 0;

configfs_exit:
	tsmg_configfs_exit();
backend_exit:
	backend->exit();
	return ret;
}
module_init(tsmg_init);

static void __exit tsmg_exit(void)
{
	misc_deregister(backend->misc);
	tsmg_configfs_exit();
	backend->exit();
}
module_exit(tsmg_exit);

MODULE_DESCRIPTION("Attestation of confidential guests: TDX quotes through configfs tsm");
MODULE_AUTHOR("the tsm-guest developers");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
