// SPDX-License-Identifier: GPL-2.0-only
/* What a report item can be told beside inblob, where the TEE has a use for it. */
#include <linux/configfs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/uuid.h>

#include "backend.h"
#include "configfs.h"

static void set_privlevel(struct tsmg_request *request, const void *value,
			  size_t len)
{
	request->privlevel = *(const unsigned int *)value;
}

static ssize_t tsm_report_privlevel_store(struct config_item *cfg,
					  const char *buf, size_t len)
{
	unsigned int privlevel;
	int ret;

	ret = kstrtouint(buf, 0, &privlevel);
	if (ret)
		return ret;
	if (privlevel < tsmg_provider()->privlevel_floor() ||
	    privlevel > TSMG_PRIVLEVEL_MAX)
		return -EINVAL;
	return tsmg_report_write(cfg, set_privlevel, &privlevel,
				 sizeof(privlevel)) ?: len;
}
CONFIGFS_ATTR_WO(tsm_report_, privlevel);

static ssize_t tsm_report_privlevel_floor_show(struct config_item *cfg,
					       char *buf)
{
	return sysfs_emit(buf, "%u\n", tsmg_provider()->privlevel_floor());
}
CONFIGFS_ATTR_RO(tsm_report_, privlevel_floor);

/* As in mainline any name is taken, and refused when a report is made. */
static void set_service(struct tsmg_request *request, const void *value,
			size_t len)
{
	request->service = sysfs_streq(value, "svsm") ? TSMG_SERVICE_SVSM :
							TSMG_SERVICE_UNKNOWN;
}

static ssize_t tsm_report_service_provider_store(struct config_item *cfg,
						 const char *buf, size_t len)
{
	return tsmg_report_write(cfg, set_service, buf, len) ?: len;
}
CONFIGFS_ATTR_WO(tsm_report_, service_provider);

static void set_guid(struct tsmg_request *request, const void *value,
		     size_t len)
{
	guid_copy(&request->service_guid, value);
}

static ssize_t tsm_report_service_guid_store(struct config_item *cfg,
					     const char *buf, size_t len)
{
	guid_t guid;
	int ret;

	ret = guid_parse(buf, &guid);
	if (ret)
		return ret;
	return tsmg_report_write(cfg, set_guid, &guid, sizeof(guid)) ?: len;
}
CONFIGFS_ATTR_WO(tsm_report_, service_guid);

static void set_version(struct tsmg_request *request, const void *value,
			size_t len)
{
	request->manifest_version = *(const u32 *)value;
}

static ssize_t tsm_report_service_manifest_version_store(struct config_item *cfg,
							 const char *buf,
							 size_t len)
{
	u32 version;
	int ret;

	ret = kstrtou32(buf, 0, &version);
	if (ret)
		return ret;
	return tsmg_report_write(cfg, set_version, &version,
				 sizeof(version)) ?: len;
}
CONFIGFS_ATTR_WO(tsm_report_, service_manifest_version);

struct configfs_attribute *const tsmg_privlevel_attrs[] = {
	&tsm_report_attr_privlevel,
	&tsm_report_attr_privlevel_floor,
	NULL
};

struct configfs_attribute *const tsmg_service_attrs[] = {
	&tsm_report_attr_service_provider,
	&tsm_report_attr_service_guid,
	&tsm_report_attr_service_manifest_version,
	NULL
};
