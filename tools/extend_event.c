// SPDX-License-Identifier: MIT
/* What tsmctl extend measures: a digest, or event data and their type. */
#include "extend.h"
#include "lib/tsm_eventlog.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The attestation agent of Confidential Containers: tag of its event log. */
#define AAEL_TAG	0x4141454cu

int parse_rtmr(const char *name)
{
	const int index = strncmp(name, "rtmr", 4) ? -1 : name[4] - '0';

	if (index < 0 || index >= TSM_RTMRS ||
	    (name[5] && strcmp(name + 5, ":sha384")))
		return -1;
	return index;
}

static bool parse_u32(const char *text, uint32_t *value)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(text, &end, 0);
	*value = (uint32_t)number;
	return !errno && *text >= '0' && *text <= '9' && !*end &&
	       number <= UINT32_MAX;
}

/* The types that have names are the lowest of firmware and of others. */
const char *named_event_type(uint32_t *type)
{
	const char *name;

	for (;; ++*type) {
		if (*type == 256)
			*type = TSM_EV_EFI_EVENT_BASE;
		if (*type == TSM_EV_EFI_EVENT_BASE + 256)
			return NULL;
		name = tsm_event_type_name(*type);
		if (name)
			return name;
	}
}

static bool find_type(const char *name, uint32_t *type)
{
	const char *known;

	for (*type = 0; (known = named_event_type(type)); ++*type) {
		if (!strcmp(known, name))
			return true;
	}
	return false;
}

static int check_type(const struct command *cmd, struct order *order)
{
	uint32_t *type = &order->extend.event_type;

	*type = order->tag || order->aael ? TSM_EV_EVENT_TAG : TSM_EV_IPL;
	if (!order->event_type)
		return DONE;
	if (!parse_u32(order->event_type, type) &&
	    !find_type(order->event_type, type))
		return usage_error(cmd, "'%s' is neither a number nor the name of an event type",
				   order->event_type);
	if (*type == TSM_EV_NO_ACTION)
		return usage_error(cmd, "records of EV_NO_ACTION extend nothing");
	if (order->aael)
		return usage_error(cmd, "--aael has an event type of its own");
	if (order->digest)
		return usage_error(cmd, "--event-type goes with --data and --file: a digest alone has no event data");
	if (order->tag && *type != TSM_EV_EVENT_TAG)
		return usage_error(cmd, "--tag makes event data of EV_EVENT_TAG, not of '%s'",
				   order->event_type);
	return DONE;
}

static int check_tag(const struct command *cmd, const struct order *order,
		     uint32_t *tag)
{
	*tag = AAEL_TAG;
	if (!order->tag)
		return DONE;
	if (order->aael || order->digest)
		return usage_error(cmd, "--tag goes with --data and --file");
	if (!parse_u32(order->tag, tag))
		return usage_error(cmd, "'%s' is no number of 32 bits",
				   order->tag);
	return DONE;
}

/* One character, RFC 3629. Return: its bytes, or 0. */
static size_t utf8_character(const char *text)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char first = (unsigned char)*text;
	const size_t len = first < 0x80 ? 1 : first < 0xc0 ? 0 :
			   first < 0xe0 ? 2 : first < 0xf0 ? 3 :
			   first < 0xf8 ? 4 : 0;
	uint32_t c = len > 1 ? first & (0x7fu >> len) : first;
	size_t i;

	for (i = 1; i < len; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | ((unsigned char)text[i] & 0x3fu);
	}
	if (!len || c < least[len] || c > 0x10ffff ||
	    (c >= 0xd800 && c < 0xe000))
		return 0;
	return len;
}

static bool is_utf8(const char *text)
{
	size_t len = 1;

	while (*text && len) {
		len = utf8_character(text);
		text += len;
	}
	return !*text;
}

/* "Domain Operation Content", as the agent writes and its readers split it. */
static int check_aael(const struct command *cmd, const char *text)
{
	const char *space = strchr(text, ' ');
	const char *second = space ? strchr(space + 1, ' ') : NULL;

	if (!second || space == text || second == space + 1 || !second[1] ||
	    second[1] == ' ')
		return usage_error(cmd, "--aael takes domain, operation and content, with one space between them");
	if (strchr(text, '\n'))
		return usage_error(cmd, "--aael has a line break, which would end the record for its readers");
	if (!is_utf8(text))
		return usage_error(cmd, "--aael is not UTF-8");
	return DONE;
}

static int check_arguments(const struct command *cmd, struct order *order,
			   uint32_t *tag)
{
	int code = check_type(cmd, order);

	if (!code)
		code = check_tag(cmd, order, tag);
	if (!code && order->aael)
		code = check_aael(cmd, order->aael);
	if (!code && order->data && !*order->data)
		code = usage_error(cmd, "--data is empty: there is nothing to measure");
	return code;
}

static int set_digest(const struct command *cmd, struct order *order)
{
	uint8_t digest[TSM_RTMR_SIZE];

	if (parse_hex(order->digest, digest, sizeof(digest)) !=
	    (int)sizeof(digest))
		return usage_error(cmd, "--digest takes %zu hex digits, the SHA-384 of what is measured",
				   2 * sizeof(digest));
	memcpy(order->extend.digest, digest, sizeof(digest));
	return DONE;
}

static int read_input(const char *path, size_t max, uint8_t **data, size_t *len)
{
	struct tsm_error err;
	int ret = tsm_file_read(path, max, data, len, &err);

	if (!ret && *len)
		return DONE;
	if (!ret) {
		free(*data);
		*data = NULL;
		complain("%s is empty: there is nothing to measure", path);
		return FAILED;
	}
	complain("%s", err.text);
	if (ret == -EFBIG)
		complain("the kernel records no more; a digest has no such limit: --digest $(sha384sum <FILE | cut -c-96)");
	return FAILED;
}

/* Event data of EV_EVENT_TAG are one struct tsm_tagged_event and no more. */
static bool is_tagged(const uint8_t *data, size_t len)
{
	struct tsm_tagged_event head;

	if (len < sizeof(head))
		return false;
	memcpy(&head, data, sizeof(head));
	return le32toh(head.size) == len - sizeof(head);
}

/* @event begins with the tag, if there is one. */
static int set_event(const struct command *cmd, struct order *order,
		     const void *data, size_t len, const uint32_t *tag)
{
	const size_t head_len = tag ? sizeof(struct tsm_tagged_event) : 0;
	struct tsm_tagged_event head;

	if (len > TSM_RTMR_EVENT_MAX - head_len)
		return usage_error(cmd, "%zu bytes are more than the kernel records, %zu",
				   len, TSM_RTMR_EVENT_MAX - head_len);
	if (!tag && order->extend.event_type == TSM_EV_EVENT_TAG &&
	    !is_tagged(data, len))
		return usage_error(cmd, "EV_EVENT_TAG needs data that begin with a tag and their length; --tag ID puts them there");
	order->event = malloc(head_len + len);
	if (!order->event) {
		complain("out of memory");
		return FAILED;
	}
	if (tag) {
		head.id = htole32(*tag);
		head.size = htole32((uint32_t)len);
		memcpy(order->event, &head, head_len);
	}
	memcpy(order->event + head_len, data, len);
	order->extend.event = order->event;
	order->extend.event_len = head_len + len;
	return DONE;
}

static int hash_event(struct order *order)
{
	struct tsm_extend *extend = &order->extend;

	if (!tsm_rtmr_hash(extend->event, extend->event_len, extend->digest))
		return DONE;
	complain("out of memory");
	return FAILED;
}

int order_event(const struct command *cmd, struct order *order)
{
	const char *text = order->aael ? order->aael : order->data;
	uint8_t *data = NULL;
	bool tagged;
	uint32_t tag;
	size_t len;
	int code;

	code = check_arguments(cmd, order, &tag);
	if (code)
		return code;
	if (order->digest)
		return set_digest(cmd, order);

	tagged = order->aael || order->tag;
	if (!text) {
		code = read_input(order->file, TSM_RTMR_EVENT_MAX - (tagged ?
				  sizeof(struct tsm_tagged_event) : 0), &data,
				  &len);
		if (code)
			return code;
	}
	code = set_event(cmd, order, text ? text : (char *)data,
			 text ? strlen(text) : len, tagged ? &tag : NULL);
	free(data);
	return code ? code : hash_event(order);
}
