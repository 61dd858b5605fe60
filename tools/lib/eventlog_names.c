// SPDX-License-Identifier: MIT
/* Names and sizes that the specifications give to numbers in event logs. */
#include "tsm_eventlog.h"

#include "lib_private.h"

#define EVENT(name)	{ TSM_##name, #name }

static const struct {
	uint32_t type;
	const char *name;
} events[] = {
	EVENT(EV_PREBOOT_CERT),
	EVENT(EV_POST_CODE),
	EVENT(EV_UNUSED),
	EVENT(EV_NO_ACTION),
	EVENT(EV_SEPARATOR),
	EVENT(EV_ACTION),
	EVENT(EV_EVENT_TAG),
	EVENT(EV_S_CRTM_CONTENTS),
	EVENT(EV_S_CRTM_VERSION),
	EVENT(EV_CPU_MICROCODE),
	EVENT(EV_PLATFORM_CONFIG_FLAGS),
	EVENT(EV_TABLE_OF_DEVICES),
	EVENT(EV_COMPACT_HASH),
	EVENT(EV_IPL),
	EVENT(EV_IPL_PARTITION_DATA),
	EVENT(EV_NONHOST_CODE),
	EVENT(EV_NONHOST_CONFIG),
	EVENT(EV_NONHOST_INFO),
	EVENT(EV_OMIT_BOOT_DEVICE_EVENTS),
	EVENT(EV_POST_CODE2),
	EVENT(EV_EFI_EVENT_BASE),
	EVENT(EV_EFI_VARIABLE_DRIVER_CONFIG),
	EVENT(EV_EFI_VARIABLE_BOOT),
	EVENT(EV_EFI_BOOT_SERVICES_APPLICATION),
	EVENT(EV_EFI_BOOT_SERVICES_DRIVER),
	EVENT(EV_EFI_RUNTIME_SERVICES_DRIVER),
	EVENT(EV_EFI_GPT_EVENT),
	EVENT(EV_EFI_ACTION),
	EVENT(EV_EFI_PLATFORM_FIRMWARE_BLOB),
	EVENT(EV_EFI_HANDOFF_TABLES),
	EVENT(EV_EFI_PLATFORM_FIRMWARE_BLOB2),
	EVENT(EV_EFI_HANDOFF_TABLES2),
	EVENT(EV_EFI_VARIABLE_BOOT2),
	EVENT(EV_EFI_GPT_EVENT2),
	EVENT(EV_EFI_HCRTM_EVENT),
	EVENT(EV_EFI_VARIABLE_AUTHORITY),
	EVENT(EV_EFI_SPDM_FIRMWARE_BLOB),
	EVENT(EV_EFI_SPDM_FIRMWARE_CONFIG),
	EVENT(EV_EFI_SPDM_DEVICE_POLICY),
	EVENT(EV_EFI_SPDM_DEVICE_AUTHORITY),
};

#undef EVENT

const char *tsm_event_type_name(uint32_t type)
{
	size_t i;

	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		if (events[i].type == type)
			return events[i].name;
	}
	return NULL;
}

/* TCG Algorithm Registry, under the names that CEL gives them */
static const struct {
	uint16_t id;
	uint16_t size;
	const char *name;
} algs[] = {
	{ TSM_ALG_SHA1, 20, "sha1" },
	{ TSM_ALG_SHA256, 32, "sha256" },
	{ TSM_ALG_SHA384, TSM_SHA384_SIZE, "sha384" },
	{ TSM_ALG_SHA512, 64, "sha512" },
	{ TSM_ALG_SM3_256, 32, "sm3_256" },
};

const char *tsm_log_alg_name(uint16_t id)
{
	size_t i;

	for (i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		if (algs[i].id == id)
			return algs[i].name;
	}
	return NULL;
}

/* 0 for what is not known. */
uint16_t tsm_log_alg_size(uint16_t id)
{
	size_t i;

	for (i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		if (algs[i].id == id)
			return algs[i].size;
	}
	return 0;
}

/* [ACPI] 5.2.34: CC type */
const char *tsm_cc_type_name(unsigned int type)
{
	static const char *const names[] = {
		NULL, "AMD SEV", "Intel TDX", "RISC-V AP-TEE", "Arm CCA",
	};

	return type < sizeof(names) / sizeof(names[0]) ? names[type] : NULL;
}
