// SPDX-License-Identifier: GPL-2.0-only
/* Chooses the backend, initialises everything in order, exits in reverse. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

#include "backend.h"
#include "configfs.h"
#include "measure.h"
#include "registers.h"
#include "runtime_log.h"

static const struct tsmg_backend *const backends[] = {
	&tsmg_tdx_backend,
	&tsmg_snp_backend,
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

/* The legacy device, with the registers of the TEE below it in sysfs. */
static int register_device(void)
{
	struct miscdevice *misc = backend->misc;
	int ret;

	misc->groups = tsmg_measure_init(backend);
	if (IS_ERR(misc->groups))
		return PTR_ERR(misc->groups);

	ret = misc_register(misc);
	if (ret) {
		ret = explain(misc->name, ret);
		goto measure_exit;
	}
	ret = tsmg_measure_publish(misc->this_device);
	if (ret) {
		pr_err("cannot make the measurements in sysfs: %d\n", ret);
		goto deregister;
	}
	return 0;

deregister:
	misc_deregister(misc);
measure_exit:
	tsmg_measure_exit();
	return ret;
}

static void deregister_device(void)
{
	misc_deregister(backend->misc);
	tsmg_measure_exit();
}

static int __init tsmg_init(void)
{
	int ret;

	backend = find_backend();
	if (!backend) {
		pr_err("no TEE: this is neither a TDX nor an SEV-SNP guest\n");
		return -ENODEV;
	}

	ret = tsmg_compat_init();
	if (ret)
		return ret;
	ret = backend->init();
	if (ret)
		goto compat_exit;
	ret = tsmg_registers_init(backend->registers);
	if (ret)
		goto backend_exit;

	ret = tsmg_configfs_init(backend);
	if (ret) {
		ret = explain("the configfs subsystem tsm", ret);
		goto registers_exit;
	}
	ret = register_device();
	if (ret)
		goto configfs_exit;

	if (backend->registers->nr_rtmrs)
		tsmg_log_files_init();
	tsmg_configfs_publish(backend);
	return 0;

configfs_exit:
	tsmg_configfs_exit();
registers_exit:
	tsmg_registers_exit();
backend_exit:
	backend->exit();
compat_exit:
	tsmg_compat_exit();
	return ret;
}
module_init(tsmg_init);

static void __exit tsmg_exit(void)
{
	if (backend->registers->nr_rtmrs)
		tsmg_log_files_exit();
	deregister_device();
	tsmg_configfs_exit();
	tsmg_registers_exit();
	backend->exit();
	tsmg_compat_exit();
}
module_exit(tsmg_exit);

MODULE_DESCRIPTION("Attestation of confidential guests: TDX quotes, SEV-SNP reports, measurement registers");
MODULE_AUTHOR("the tsm-guest developers");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
