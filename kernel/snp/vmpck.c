// SPDX-License-Identifier: GPL-2.0-only
/* Which VMPCK is used, and what has become of each. */
#define pr_fmt(fmt) KBUILD_MODNAME ": snp: " fmt

#include "vmpck.h"

#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sysfs.h>
#include <asm/sev.h>

#include "channel.h"
#include "secrets.h"

/**
 * struct choice - the VMPCK to use
 * @lock: guards all but @active, which requests read as it is
 * @wanted: what the parameter says; -1: that of the guest's VMPL
 * @ready: keys can be looked at
 * @active: the one in use
 */
static struct choice {
	struct mutex lock;
	int wanted;
	bool ready;
	unsigned int active;
} choice = {
	.lock = __MUTEX_INITIALIZER(choice.lock),
	.wanted = -1,
};

unsigned int tsmg_vmpck_active(void)
{
	return READ_ONCE(choice.active);
}

static int choose_locked(int wanted)
{
	unsigned int id = wanted < 0 ? snp_vmpl : wanted;

	if (tsmg_channel_state(id) == SNP_VMPCK_EMPTY)
		return -ENOKEY;
	WRITE_ONCE(choice.active, id);
	return 0;
}

static int vmpck_id_set(const char *val, const struct kernel_param *kp)
{
	int wanted, ret;

	ret = kstrtoint(val, 0, &wanted);
	if (ret)
		return ret;
	if (wanted < -1 || wanted >= VMPCKS)
		return -EINVAL;

	guard(mutex)(&choice.lock);
	/* Given when the module is loaded, it is looked at by tsmg_vmpck_init(). */
	ret = choice.ready ? choose_locked(wanted) : 0;
	if (!ret)
		choice.wanted = wanted;
	return ret;
}

static int vmpck_id_get(char *val, const struct kernel_param *kp)
{
	return sysfs_emit(val, "%d\n", READ_ONCE(choice.wanted));
}

static const struct kernel_param_ops vmpck_id_ops = {
	.set = vmpck_id_set,
	.get = vmpck_id_get,
};
module_param_cb(vmpck_id, &vmpck_id_ops, NULL, 0644);
MODULE_PARM_DESC(vmpck_id, "SNP: VMPCK to talk to the firmware with, 0-3; -1: that of the guest's VMPL (default)");

int tsmg_vmpck_init(void)
{
	int ret;

	guard(mutex)(&choice.lock);
	ret = choose_locked(choice.wanted);
	if (ret)
		pr_err("VMPCK%d is empty: it is not for this guest, or was wiped; vmpck_id= chooses another\n",
		       choice.wanted < 0 ? snp_vmpl : choice.wanted);
	else
		choice.ready = true;
	return ret;
}

void tsmg_vmpck_exit(void)
{
	guard(mutex)(&choice.lock);
	choice.ready = false;
}

static ssize_t active_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	return sysfs_emit(buf, "%u\n", tsmg_vmpck_active());
}
static DEVICE_ATTR_RO(active);

static ssize_t show_state(char *buf, unsigned int id)
{
	static const char *const names[] = {
		[SNP_VMPCK_EMPTY] = "empty",
		[SNP_VMPCK_UNUSED] = "unused",
		[SNP_VMPCK_READY] = "ready",
		[SNP_VMPCK_PENDING] = "pending",
		[SNP_VMPCK_STUCK] = "stuck",
		[SNP_VMPCK_EXHAUSTED] = "exhausted",
	};

	return sysfs_emit(buf, "%s\n", names[tsmg_channel_state(id)]);
}

#define STATE_ATTR(_id)							\
static ssize_t state##_id##_show(struct device *dev,			\
				 struct device_attribute *attr, char *buf) \
{									\
	return show_state(buf, _id);					\
}									\
static DEVICE_ATTR_RO(state##_id)

STATE_ATTR(0);
STATE_ATTR(1);
STATE_ATTR(2);
STATE_ATTR(3);

#undef STATE_ATTR

static struct attribute *vmpck_attrs[] = {
	&dev_attr_active.attr,
	&dev_attr_state0.attr,
	&dev_attr_state1.attr,
	&dev_attr_state2.attr,
	&dev_attr_state3.attr,
	NULL
};

const struct attribute_group tsmg_vmpck_group = {
	.name = "vmpck",
	.attrs = vmpck_attrs,
};
