// SPDX-License-Identifier: MIT
/* Decodes tagged events, and knows who tags what. */
#include "eventlog_efi.h"

#include "lib_private.h"

bool tsm_tag_parse(const struct tsm_blob *event, struct tsm_tag *tag)
{
	struct cursor c = cursor_over(event->data, event->len);
	uint32_t size;

	memset(tag, 0, sizeof(*tag));
	if (cursor_le32(&c, &tag->id) && cursor_le32(&c, &size) &&
	    cursor_take(&c, size, &tag->data.data) && !c.left) {
		tag->data.len = size;
		return true;
	}
	memset(tag, 0, sizeof(*tag));
	return false;
}

/*
 * Linux, drivers/firmware/efi/libstub/efistub.h; systemd,
 * src/fundamental/tpm2-pcr.h; CoCo guest-components, attestation-agent
 */
static const struct {
	uint32_t id;
	const char *name;
	const char *data;
} tags[] = {
	{ 0x8f3b22ec, "Linux: initrd", "Linux initrd" },
	{ 0x8f3b22ed, "Linux: command line", "LOADED_IMAGE::LoadOptions" },
	{ TSM_TAG_AAEL, "CoCo", NULL },
	{ 0xf5bc582a, "systemd-boot: loader.conf", NULL },
	{ 0x6c46f751, "systemd-stub: device tree addon", NULL },
	{ 0x49dffe0f, "systemd-stub: initrd addon", NULL },
	{ 0xdac08e1a, "systemd-stub: microcode addon", NULL },
	{ 0x13aed6db, "systemd-stub: profile", NULL },
	{ 0xd5cb7cbc, "systemd-stub: SMBIOS type 1", NULL },
	{ 0xe0d47bc8, "systemd-stub: SMBIOS type 2", NULL },
	{ 0xc0b3bd23, "systemd-stub: SMBIOS type 11", NULL },
};

const char *tsm_tag_name(uint32_t id)
{
	size_t i;

	for (i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		if (tags[i].id == id)
			return tags[i].name;
	}
	return NULL;
}

bool tsm_tag_is_plain(const struct tsm_tag *tag)
{
	size_t i, size;

	for (i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		if (tags[i].id != tag->id || !tags[i].data)
			continue;
		size = strlen(tags[i].data) + 1;
		return tag->data.len == size &&
		       !memcmp(tag->data.data, tags[i].data, size);
	}
	return false;
}
