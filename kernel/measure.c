// SPDX-License-Identifier: GPL-2.0-only
/* sysfs measurements: a file for each register of the TEE. */
#include "measure.h"

#include <linux/build_bug.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernfs.h>
#include <linux/kobject.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "registers.h"
#include "../uapi/tsm/eventlog.h"

/**
 * struct measure - the files and what sysfs wants to know of them
 * @set: the registers
 * @files: one for each, in the order of @set
 * @list: pointers to them, ended by NULL
 * @group: their directory
 */
struct measure {
	const struct tsmg_register_set *set;
	struct bin_attribute *files;
	void **list;
	struct attribute_group group;
};

static struct measure measure = {
	.group.name = "measurements",
};

/* The last one ends the list; the one before is the backend's, if it has one. */
static const struct attribute_group *groups[3] = { &measure.group };

static unsigned int index_of(const struct kernfs_open_file *of)
{
	/* What sysfs keeps there is the attribute inside. */
	static_assert(!offsetof(struct bin_attribute, attr));

	return (const struct bin_attribute *)of->kn->priv - measure.files;
}

static ssize_t register_read(struct kernfs_open_file *of, char *buf,
			     size_t count, loff_t pos)
{
	unsigned int index = index_of(of);
	size_t len = measure.set->regs[index].len;
	u8 value[TSMG_VALUE_MAX];
	int ret;

	if (pos >= len)
		return 0;
	ret = tsmg_registers_read(index, true, value);
	if (ret)
		return ret;
	count = min_t(size_t, count, len - pos);
	memcpy(buf, value + pos, count);
	return count;
}

static ssize_t register_write(struct kernfs_open_file *of, char *buf,
			      size_t count, loff_t pos)
{
	struct tsmg_extend extend = {
		.index = index_of(of),
		.path = TSMG_PATH_SYSFS,
		.digest = buf,
		.event_type = TSM_EV_COMPACT_HASH,
	};
	int ret;

	if (pos || count != TSMG_DIGEST_LEN)
		return -EINVAL;
	ret = tsmg_registers_extend(&extend);
	return ret ?: count;
}

/*
 * sysfs cuts a write at the size of the file before the attribute sees it, so a
 * longer one would extend the register with its beginning. A file without that
 * limit would have no size, which mainline's have. So sysfs makes the files, and
 * what they do is set here, one layer below. Until then they do nothing.
 */
static const struct kernfs_ops rtmr_ops = {
	.read = register_read,
	.write = register_write,
};

static const struct kernfs_ops static_ops = {
	.read = register_read,
};

static int publish_file(struct kernfs_node *dir, const struct tsmg_register *reg)
{
	struct kernfs_node *file = kernfs_find_and_get(dir, reg->name);

	if (!file)
		return -ENOENT;
	WRITE_ONCE(file->attr.ops, reg->tcg_map ? &rtmr_ops : &static_ops);
	kernfs_put(file);
	return 0;
}

int tsmg_measure_publish(struct device *dev)
{
	struct kernfs_node *dir;
	unsigned int i;
	int ret = 0;

	dir = kernfs_find_and_get(dev->kobj.sd, measure.group.name);
	if (!dir)
		return -ENOENT;
	for (i = 0; !ret && i < measure.set->nr_regs; i++)
		ret = publish_file(dir, &measure.set->regs[i]);
	kernfs_put(dir);
	/* Who came when the device was announced found them closed. */
	if (!ret)
		kobject_uevent(&dev->kobj, KOBJ_CHANGE);
	return ret;
}

const struct attribute_group **
tsmg_measure_init(const struct tsmg_backend *backend)
{
	const struct tsmg_register_set *set = backend->registers;
	const struct tsmg_register *reg;
	unsigned int i;

	measure.files = kcalloc(set->nr_regs, sizeof(*measure.files),
				GFP_KERNEL);
	measure.list = kcalloc(set->nr_regs + 1, sizeof(*measure.list),
			       GFP_KERNEL);
	if (!measure.files || !measure.list) {
		tsmg_measure_exit();
		return ERR_PTR(-ENOMEM);
	}
	for (i = 0; i < set->nr_regs; i++) {
		reg = &set->regs[i];
		sysfs_bin_attr_init(&measure.files[i]);
		measure.files[i].attr.name = reg->name;
		measure.files[i].attr.mode = reg->tcg_map ? 0644 : 0444;
		measure.files[i].size = reg->len;
		measure.list[i] = &measure.files[i];
	}
	measure.set = set;
	groups[1] = backend->state_group;
	/* Kernels differ in what of it is const. */
	measure.group.bin_attrs = (void *)measure.list;
	return groups;
}

void tsmg_measure_exit(void)
{
	kfree(measure.list);
	kfree(measure.files);
}
