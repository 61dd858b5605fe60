// SPDX-License-Identifier: GPL-2.0-only
/* The configfs subsystem "tsm", under which report and rtmrs lie. */
#include "configfs.h"

#include <linux/configfs.h>
#include <linux/module.h>

#include "backend.h"

/* Who answers; NULL until init is complete, then set for good. */
static const struct tsmg_backend *provider;

static const struct config_item_type tsm_root_type = {
	.ct_owner = THIS_MODULE,
};

static struct configfs_subsystem tsm_subsystem = {
	.su_group = {
		.cg_item = {
			.ci_namebuf = "tsm",
			.ci_type = &tsm_root_type,
		},
	},
	.su_mutex = __MUTEX_INITIALIZER(tsm_subsystem.su_mutex),
};

const struct tsmg_backend *tsmg_provider(void)
{
	/* Pairs with tsmg_configfs_publish(): who sees it sees all of init. */
	return smp_load_acquire(&provider);
}

int tsmg_configfs_init(const struct tsmg_backend *backend)
{
	const struct tsmg_register_set *set = backend->registers;
	struct config_group *root = &tsm_subsystem.su_group;

	config_group_init(root);
	configfs_add_default_group(tsmg_report_group(backend), root);
	if (set->nr_rtmrs)
		configfs_add_default_group(tsmg_rtmr_group(set), root);
	return configfs_register_subsystem(&tsm_subsystem);
}

void tsmg_configfs_publish(const struct tsmg_backend *backend)
{
	/* Pairs with tsmg_provider(). */
	smp_store_release(&provider, backend);
}

void tsmg_configfs_exit(void)
{
	configfs_unregister_subsystem(&tsm_subsystem);
}
