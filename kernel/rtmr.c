// SPDX-License-Identifier: GPL-2.0-only
/* configfs tsm/rtmrs: registers to extend, with what the digest is of. */
#include <linux/cleanup.h>
#include <linux/configfs.h>
#include <linux/err.h>
#include <linux/hex.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <crypto/sha2.h>

#include "../uapi/linux/tsm-guest.h"
#include "../uapi/tsm/eventlog.h"
#include "configfs.h"
#include "registers.h"

/**
 * struct event - pending event data
 * @len: bytes of @data, at least 1
 * @data: what the user wrote
 */
struct event {
	size_t len;
	u8 data[];
};

/**
 * struct rtmr_item - one directory below tsm/rtmrs
 * @cfg: the directory; its reference count keeps the item alive
 * @index: of the register, or -1; written once, under entries.lock
 * @lock: guards @event
 * @event: pending event data, or NULL; also while an extend has them
 * @event_type: to record them with
 * @last_error: 0 or -errno of the last attempt to extend
 */
struct rtmr_item {
	struct config_item cfg;
	int index;
	spinlock_t lock;
	struct event *event;
	u32 event_type;
	int last_error;
};

/**
 * struct entries - which register has an entry
 * @lock: guards @of
 * @of: the entry of each register
 * @set: the registers
 */
static struct entries {
	spinlock_t lock;
	struct rtmr_item *of[TSMG_RTMRS_MAX];
	const struct tsmg_register_set *set;
} entries = {
	.lock = __SPIN_LOCK_UNLOCKED(entries.lock),
};

static struct rtmr_item *to_item(struct config_item *cfg)
{
	return container_of(cfg, struct rtmr_item, cfg);
}

/* Which register, or -1 before it was told. */
static int index_of(const struct rtmr_item *item)
{
	return READ_ONCE(item->index);
}

static ssize_t tsm_rtmr_index_show(struct config_item *cfg, char *buf)
{
	int index = index_of(to_item(cfg));

	return index < 0 ? -ENXIO : sysfs_emit(buf, "%d\n", index);
}

static ssize_t tsm_rtmr_index_store(struct config_item *cfg, const char *buf,
				    size_t count)
{
	struct rtmr_item *item = to_item(cfg);
	unsigned int index;
	int ret;

	ret = kstrtouint(buf, 0, &index);
	if (ret)
		return ret;

	scoped_guard(spinlock, &entries.lock) {
		if (item->index >= 0) {
			ret = -EBUSY;
		} else if (index >= entries.set->nr_rtmrs) {
			ret = -EINVAL;
		} else if (entries.of[index]) {
			ret = -EBUSY;
		} else {
			entries.of[index] = item;
			WRITE_ONCE(item->index, index);
		}
	}
	return ret ?: count;
}
CONFIGFS_ATTR(tsm_rtmr_, index);

static ssize_t tsm_rtmr_tcg_map_show(struct config_item *cfg, char *buf)
{
	int index = index_of(to_item(cfg));

	return index < 0 ? -ENXIO :
	       sysfs_emit(buf, "%s\n", entries.set->regs[index].tcg_map);
}
CONFIGFS_ATTR_RO(tsm_rtmr_, tcg_map);

static ssize_t tsm_rtmr_event_type_show(struct config_item *cfg, char *buf)
{
	return sysfs_emit(buf, "0x%08x\n",
			  READ_ONCE(to_item(cfg)->event_type));
}

static ssize_t tsm_rtmr_event_type_store(struct config_item *cfg,
					 const char *buf, size_t count)
{
	u32 type;
	int ret;

	ret = kstrtou32(buf, 0, &type);
	if (ret)
		return ret;
	/* No replay would extend the register for it. */
	if (type == TSM_EV_NO_ACTION)
		return -EINVAL;
	WRITE_ONCE(to_item(cfg)->event_type, type);
	return count;
}
CONFIGFS_ATTR(tsm_rtmr_, event_type);

static ssize_t tsm_rtmr_last_errno_show(struct config_item *cfg, char *buf)
{
	return sysfs_emit(buf, "%d\n", -READ_ONCE(to_item(cfg)->last_error));
}
CONFIGFS_ATTR_RO(tsm_rtmr_, last_errno);

/* Makes @event the pending one; returns the one that was. */
static struct event *exchange_event(struct rtmr_item *item,
				    struct event *event)
{
	scoped_guard(spinlock, &item->lock)
		swap(item->event, event);
	return event;
}

/* After a failed extend they are still pending, unless newer ones came. */
static void settle_event(struct rtmr_item *item, struct event *event, int ret)
{
	scoped_guard(spinlock, &item->lock)
		if (ret && !item->event)
			swap(item->event, event);
	kvfree(event);
}

static ssize_t tsm_rtmr_event_write(struct config_item *cfg, const void *buf,
				    size_t count)
{
	struct event *event = NULL;
	ssize_t ret = count;

	/* configfs commits nothing at close if it refused what was written. */
	if (count) {
		event = kvmalloc(struct_size(event, data, count), GFP_KERNEL);
		if (event) {
			event->len = count;
			memcpy(event->data, buf, count);
		} else {
			ret = -ENOMEM;
		}
	}
	kvfree(exchange_event(to_item(cfg), event));
	return ret;
}
CONFIGFS_BIN_ATTR_WO(tsm_rtmr_, event, NULL, TSM_GUEST_EVENT_MAX);

static int extend(struct rtmr_item *item, const struct event *event,
		  const u8 *digest)
{
	struct tsmg_extend extend = {
		.index = index_of(item),
		.path = TSMG_PATH_CONFIGFS,
		.digest = digest,
		.event_type = TSM_EV_COMPACT_HASH,
	};

	if (event) {
		extend.event_type = READ_ONCE(item->event_type);
		extend.event = event->data;
		extend.event_len = event->len;
	}
	return tsmg_registers_extend(&extend);
}

static int extend_digest(struct rtmr_item *item, const u8 *digest, size_t len)
{
	struct event *event;
	int ret;

	if (index_of(item) < 0)
		return -ENXIO;
	if (len != TSMG_DIGEST_LEN)
		return -EINVAL;

	event = exchange_event(item, NULL);
	ret = extend(item, event, digest);
	settle_event(item, event, ret);
	return ret;
}

static ssize_t tsm_rtmr_digest_write(struct config_item *cfg, const void *buf,
				     size_t count)
{
	struct rtmr_item *item = to_item(cfg);
	int ret = extend_digest(item, buf, count);

	WRITE_ONCE(item->last_error, ret);
	return ret ?: count;
}

/* configfs passes no buffer when it asks for the size. */
static ssize_t tsm_rtmr_digest_read(struct config_item *cfg, void *buf,
				    size_t size)
{
	int index = index_of(to_item(cfg)), ret = 0;

	if (index < 0)
		return -ENXIO;
	if (buf)
		ret = tsmg_registers_read(index, false, buf);
	return ret ?: TSMG_DIGEST_LEN;
}
CONFIGFS_BIN_ATTR(tsm_rtmr_, digest, NULL, TSMG_DIGEST_LEN);

/**
 * struct wish - what was written to measure
 * @digest: what the event data must hash to
 * @any: or anything
 * @drop: do not extend, drop the event data
 */
struct wish {
	u8 digest[TSMG_DIGEST_LEN];
	bool any;
	bool drop;
};

static int parse_wish(const char *buf, size_t count, struct wish *wish)
{
	if (count && buf[count - 1] == '\n')
		count--;
	wish->any = count == 1 && buf[0] == '1';
	wish->drop = count == 1 && buf[0] == '0';
	if (wish->any || wish->drop)
		return 0;
	return count == 2 * TSMG_DIGEST_LEN &&
	       !hex2bin(wish->digest, buf, TSMG_DIGEST_LEN) ? 0 : -EINVAL;
}

static int extend_measured(struct rtmr_item *item, const struct event *event,
			   const struct wish *wish)
{
	u8 digest[TSMG_DIGEST_LEN];

	sha384(event->data, event->len, digest);
	if (!wish->any && memcmp(digest, wish->digest, sizeof(digest)))
		return -EBADMSG;
	return extend(item, event, digest);
}

static int measure(struct rtmr_item *item, const struct wish *wish)
{
	struct event *event;
	int ret;

	if (index_of(item) < 0)
		return -ENXIO;
	event = exchange_event(item, NULL);
	if (!event)
		return -ENODATA;

	ret = extend_measured(item, event, wish);
	settle_event(item, event, ret);
	return ret;
}

static ssize_t tsm_rtmr_measure_store(struct config_item *cfg, const char *buf,
				      size_t count)
{
	struct rtmr_item *item = to_item(cfg);
	struct wish wish;
	int ret;

	ret = parse_wish(buf, count, &wish);
	if (!ret && wish.drop) {
		kvfree(exchange_event(item, NULL));
		return count;
	}
	if (!ret)
		ret = measure(item, &wish);
	WRITE_ONCE(item->last_error, ret);
	return ret ?: count;
}
CONFIGFS_ATTR_WO(tsm_rtmr_, measure);

static struct configfs_attribute *rtmr_attrs[] = {
	&tsm_rtmr_attr_index,
	&tsm_rtmr_attr_tcg_map,
	&tsm_rtmr_attr_event_type,
	&tsm_rtmr_attr_measure,
	&tsm_rtmr_attr_last_errno,
	NULL
};

static struct configfs_bin_attribute *rtmr_bin_attrs[] = {
	&tsm_rtmr_attr_digest,
	&tsm_rtmr_attr_event,
	NULL
};

static void rtmr_item_release(struct config_item *cfg)
{
	struct rtmr_item *item = to_item(cfg);

	kvfree(item->event);
	kfree(item);
}

static struct configfs_item_operations rtmr_item_ops = {
	.release = rtmr_item_release,
};

static const struct config_item_type rtmr_item_type = {
	.ct_owner = THIS_MODULE,
	.ct_item_ops = &rtmr_item_ops,
	.ct_attrs = rtmr_attrs,
	.ct_bin_attrs = rtmr_bin_attrs,
};

static struct config_item *rtmr_make_item(struct config_group *group,
					  const char *name)
{
	struct rtmr_item *item;

	if (!tsmg_provider())
		return ERR_PTR(-ENXIO);

	item = kzalloc_obj(*item);
	if (!item)
		return ERR_PTR(-ENOMEM);

	item->index = -1;
	item->event_type = TSM_EV_EVENT_TAG;
	spin_lock_init(&item->lock);
	config_item_init_type_name(&item->cfg, name, &rtmr_item_type);
	return &item->cfg;
}

/* Frees the register at rmdir, not when the last user of the item goes. */
static void rtmr_drop_item(struct config_group *group, struct config_item *cfg)
{
	struct rtmr_item *item = to_item(cfg);

	scoped_guard(spinlock, &entries.lock)
		if (item->index >= 0)
			entries.of[item->index] = NULL;
	config_item_put(cfg);
}

static struct configfs_group_operations rtmr_group_ops = {
	.make_item = rtmr_make_item,
	.drop_item = rtmr_drop_item,
};

static const struct config_item_type rtmr_group_type = {
	.ct_owner = THIS_MODULE,
	.ct_group_ops = &rtmr_group_ops,
};

struct config_group *tsmg_rtmr_group(const struct tsmg_register_set *set)
{
	static struct config_group group;

	entries.set = set;
	config_group_init_type_name(&group, "rtmrs", &rtmr_group_type);
	return &group;
}
