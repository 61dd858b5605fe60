// SPDX-License-Identifier: MIT
/* Knows of which bytes of a record its digests are, and compares. */
#include "eventlog_efi.h"

#include "lib_private.h"

#include <errno.h>

/* GRUB measures what it runs, and logs it with a word before and a NUL behind. */
static bool measured_by_grub(const struct tsm_blob *event,
			     struct tsm_blob *bytes)
{
	static const char *const words[] = {
		"grub_cmd: ", "kernel_cmdline: ", "module_cmdline: ",
	};
	size_t i, len;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		len = strlen(words[i]);
		if (event->len <= len || memcmp(event->data, words[i], len) ||
		    event->data[event->len - 1])
			continue;
		bytes->data = event->data + len;
		bytes->len = event->len - len - 1;
		return true;
	}
	return false;
}

bool tsm_event_measured(const struct tsm_log_record *record,
			struct tsm_blob *bytes)
{
	struct tsm_efi_variable var;
	struct tsm_tag tag;

	*bytes = record->event;
	switch (record->type) {
	case TSM_EV_SEPARATOR:
		/* longer ones tell of an error, for which 1 is measured */
		return record->event.len == 4;
	case TSM_EV_ACTION:
	case TSM_EV_S_CRTM_VERSION:
	case TSM_EV_OMIT_BOOT_DEVICE_EVENTS:
	case TSM_EV_EFI_ACTION:
	case TSM_EV_EFI_GPT_EVENT:
	case TSM_EV_EFI_VARIABLE_DRIVER_CONFIG:
	case TSM_EV_EFI_VARIABLE_BOOT2:
	case TSM_EV_EFI_VARIABLE_AUTHORITY:
		return true;
	case TSM_EV_EFI_VARIABLE_BOOT:
		/* not of its name, unlike all other variables */
		if (!tsm_efi_variable_parse(&record->event, &var))
			return false;
		*bytes = var.data;
		return true;
	case TSM_EV_EVENT_TAG:
		/* what Linux and systemd tag is not in the log */
		return tsm_tag_parse(&record->event, &tag) &&
		       tag.id == TSM_TAG_AAEL;
	case TSM_EV_IPL:
		return measured_by_grub(&record->event, bytes);
	}
	return false;
}

int tsm_event_check(const struct tsm_log_record *record,
		    enum tsm_event_check *check)
{
	uint8_t digest[TSM_SHA384_SIZE];
	struct tsm_blob bytes;

	*check = TSM_EVENT_UNCHECKED;
	if (!record->sha384 || !tsm_event_measured(record, &bytes))
		return 0;
	tsm_sha384(bytes.data, bytes.len, digest);
	*check = memcmp(digest, record->sha384, sizeof(digest)) ?
		 TSM_EVENT_WRONG : TSM_EVENT_OK;
	return 0;
}
