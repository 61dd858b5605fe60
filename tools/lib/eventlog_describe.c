// SPDX-License-Identifier: MIT
/* Says in a line what a record of an event log says. */
#include "eventlog_efi.h"
#include "eventlog_text.h"

#include "lib_private.h"

/* Bytes of a value that are enough to know it again. */
#define VALUE_SHOWN	8

static bool has_signature(const struct tsm_blob *event, const char *signature)
{
	const size_t size = strlen(signature) + 1;

	return event->len >= size && !memcmp(event->data, signature, size);
}

static bool describe_spec(struct text *t, const struct tsm_blob *event)
{
	struct tsm_log_spec spec;
	unsigned int i;

	if (!tsm_log_spec_parse(event, &spec))
		return false;
	tsm_text_str(t, "header: TCG ");
	tsm_text_dec(t, spec.major);
	tsm_text_str(t, ".");
	tsm_text_dec(t, spec.minor);
	for (i = 0; i < spec.algs; i++) {
		tsm_text_str(t, i ? ", " : ", digests: ");
		if (tsm_log_alg_name(spec.alg[i].id))
			tsm_text_str(t, tsm_log_alg_name(spec.alg[i].id));
		else
			tsm_text_hex(t, spec.alg[i].id, 4);
	}
	return true;
}

static void put_register(struct text *t, uint32_t mr_index)
{
	if (mr_index == TSM_MR_MRTD) {
		tsm_text_str(t, "mrtd");
	} else if (mr_index <= TSM_MR_RTMR(TSM_RTMRS - 1)) {
		tsm_text_str(t, "rtmr");
		tsm_text_dec(t, mr_index - TSM_MR_RTMR(0));
	} else {
		tsm_text_str(t, "register ");
		tsm_text_dec(t, mr_index);
	}
}

static bool describe_state(struct text *t, const struct tsm_log_record *record)
{
	struct tsm_log_state state;
	unsigned int i;

	if (tsm_log_state_parse(record, &state, NULL) < 1)
		return false;
	tsm_text_str(t, state.reason == TSM_STATE_GAP ?
		     "tsm_guest: GAP, no record explains" :
		     "tsm_guest: values at load");
	for (i = 0; i < state.values; i++) {
		tsm_text_str(t, i ? ", " : ": ");
		put_register(t, state.mr_index[i]);
		tsm_text_str(t, " ");
		tsm_text_bytes(t, state.value[i], VALUE_SHOWN);
		tsm_text_str(t, "...");
	}
	return true;
}

/* [PFP] 10.4.5: StartupLocality, and who made the platform */
static bool describe_no_action(struct text *t,
			       const struct tsm_log_record *record)
{
	static const char *const platform[] = {
		"SP800-155 Event", "SP800-155 Event2", "SP800-155 Event3",
	};
	const struct tsm_blob *event = &record->event;
	size_t i;

	if (describe_state(t, record) || describe_spec(t, event))
		return true;
	if (has_signature(event, "StartupLocality") && event->len == 17) {
		tsm_text_str(t, "startup locality ");
		tsm_text_dec(t, event->data[16]);
		return true;
	}
	for (i = 0; i < sizeof(platform) / sizeof(platform[0]); i++) {
		if (event->len < 16 || memcmp(event->data, platform[i], 16))
			continue;
		tsm_text_str(t, platform[i]);
		tsm_text_str(t, ": where the reference values are");
		return true;
	}
	return false;
}

/* [PFP] EV_SEPARATOR: 0 and 0xffffffff are no errors. */
static bool describe_separator(struct text *t, const struct tsm_blob *event)
{
	struct cursor c = cursor_over(event->data, event->len);
	uint32_t value;

	if (!cursor_le32(&c, &value) || c.left)
		return false;
	tsm_text_str(t, value == 1 ? "ERROR before the OS, " :
				     "separator ");
	tsm_text_hex(t, value, 8);
	return true;
}

static bool describe_tag(struct text *t, const struct tsm_blob *event)
{
	struct tsm_tag tag;

	if (!tsm_tag_parse(event, &tag))
		return false;
	if (tsm_tag_name(tag.id)) {
		tsm_text_str(t, tsm_tag_name(tag.id));
	} else {
		tsm_text_str(t, "tag ");
		tsm_text_hex(t, tag.id, 8);
	}
	if (!tsm_tag_is_plain(&tag)) {
		tsm_text_str(t, ": ");
		tsm_text_any(t, &tag.data);
	}
	return true;
}

/* [PFP] EV_S_CRTM_VERSION: text of whatever kind, or a GUID */
static bool describe_crtm_version(struct text *t, const struct tsm_blob *event)
{
	if (tsm_text_guess(t, event))
		return true;
	if (event->len != TSM_GUID_SIZE)
		return false;
	tsm_text_guid(t, event->data);
	return true;
}

static bool describe_compact_hash(struct text *t, const struct tsm_blob *event)
{
	if (event->len)
		return false;
	tsm_text_str(t, "a digest alone: the log does not say of what");
	return true;
}

static bool describe(struct text *t, const struct tsm_log_record *record)
{
	const struct tsm_blob *event = &record->event;

	switch (record->type) {
	case TSM_EV_NO_ACTION:
		return describe_no_action(t, record);
	case TSM_EV_SEPARATOR:
		return describe_separator(t, event);
	case TSM_EV_EVENT_TAG:
		return describe_tag(t, event);
	case TSM_EV_S_CRTM_VERSION:
		return describe_crtm_version(t, event);
	case TSM_EV_COMPACT_HASH:
		return describe_compact_hash(t, event);
	case TSM_EV_EFI_VARIABLE_DRIVER_CONFIG:
	case TSM_EV_EFI_VARIABLE_BOOT:
	case TSM_EV_EFI_VARIABLE_BOOT2:
	case TSM_EV_EFI_VARIABLE_AUTHORITY:
	case TSM_EV_EFI_SPDM_DEVICE_POLICY:
	case TSM_EV_EFI_SPDM_DEVICE_AUTHORITY:
		return tsm_describe_variable(t, record);
	case TSM_EV_EFI_BOOT_SERVICES_APPLICATION:
	case TSM_EV_EFI_BOOT_SERVICES_DRIVER:
	case TSM_EV_EFI_RUNTIME_SERVICES_DRIVER:
		return tsm_describe_image(t, event);
	case TSM_EV_EFI_GPT_EVENT:
	case TSM_EV_EFI_GPT_EVENT2:
		return tsm_describe_gpt(t, event);
	case TSM_EV_POST_CODE:
		return tsm_text_guess(t, event) ||
		       tsm_describe_place(t, event, false);
	case TSM_EV_EFI_PLATFORM_FIRMWARE_BLOB:
		return tsm_describe_place(t, event, false);
	case TSM_EV_POST_CODE2:
	case TSM_EV_EFI_PLATFORM_FIRMWARE_BLOB2:
		return tsm_describe_place(t, event, true);
	case TSM_EV_EFI_HANDOFF_TABLES:
		return tsm_describe_tables(t, event, false);
	case TSM_EV_EFI_HANDOFF_TABLES2:
		return tsm_describe_tables(t, event, true);
	}
	return false;
}

void tsm_event_describe(const struct tsm_log_record *record, char *text,
			size_t size)
{
	struct text t;

	tsm_text_begin(&t, text, size);
	/* EV_ACTION, EV_IPL and many others are text where they are anything */
	if (!describe(&t, record))
		tsm_text_any(&t, &record->event);
}
