// SPDX-License-Identifier: MIT
/* Decodes the records by which tsm_guest tells values, <tsm/eventlog.h>. */
#include "tsm_eventlog.h"

#include "lib_private.h"

#include <errno.h>

static bool parse_values(struct cursor *c, struct tsm_log_state *state,
			 unsigned int count)
{
	uint32_t mr_index;
	unsigned int i;

	while (state->values < count) {
		if (!cursor_le32(c, &mr_index) ||
		    !cursor_take(c, TSM_SHA384_SIZE,
				 &state->value[state->values]))
			return false;
		for (i = 0; i < state->values; i++) {
			if (state->mr_index[i] == mr_index)
				return false;
		}
		state->mr_index[state->values++] = mr_index;
	}
	return !c->left;
}

static bool parse_state(struct cursor *c, struct tsm_log_state *state,
			uint32_t mr_index)
{
	uint16_t reserved;
	uint8_t count;

	/* what is reserved may come to change what the rest means */
	if (!cursor_u8(c, &state->reason) || !cursor_u8(c, &count) ||
	    count > TSM_LOG_STATES_MAX || !cursor_le16(c, &reserved) ||
	    reserved || !parse_values(c, state, count))
		return false;
	if (state->reason == TSM_STATE_OPENING)
		return true;
	return state->reason == TSM_STATE_GAP && state->values == 1 &&
	       state->mr_index[0] == mr_index;
}

int tsm_log_state_parse(const struct tsm_log_record *record,
			struct tsm_log_state *state, struct tsm_error *err)
{
	struct cursor c = cursor_over(record->event.data, record->event.len);
	const uint8_t *signature;

	memset(state, 0, sizeof(*state));
	if (record->type != TSM_EV_NO_ACTION || record->is_spec_id ||
	    !cursor_take(&c, 16, &signature) ||
	    memcmp(signature, TSM_STATE_SIGNATURE, 16))
		return 0;
	if (parse_state(&c, state, record->mr_index))
		return 1;
	memset(state, 0, sizeof(*state));
	return tsm_error_set(err, -EBADMSG,
			     "record %u at offset %zu: malformed values of registers in %zu bytes",
			     record->number, record->offset,
			     record->event.len);
}
