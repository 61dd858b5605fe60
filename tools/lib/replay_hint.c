// SPDX-License-Identifier: MIT
/* Looks for the one record that should not be in an event log. */
#include "tsm_replay.h"

#include "lib_private.h"

#include <errno.h>
#include <stdlib.h>

/**
 * struct steps - what a register was extended with
 * @digest: from each record, pointing into the log
 * @number: of each record
 * @count: how many
 * @start: the value before
 */
struct steps {
	const uint8_t *digest[TSM_REPLAY_HINT_MAX];
	unsigned int number[TSM_REPLAY_HINT_MAX];
	unsigned int count;
	uint8_t start[TSM_RTMR_SIZE];
};

/* What a log begins with stands before all extends. */
static void start_at(struct steps *steps, const struct tsm_log_record *record,
		     uint32_t mr_index)
{
	struct tsm_log_state state;
	unsigned int i;

	if (steps->count || tsm_log_state_parse(record, &state, NULL) < 1)
		return;
	for (i = 0; i < state.values; i++) {
		if (state.mr_index[i] == mr_index)
			memcpy(steps->start, state.value[i],
			       sizeof(steps->start));
	}
}

static bool collect(struct steps *steps, const struct tsm_log_part *part,
		    unsigned int parts, uint32_t mr_index)
{
	struct tsm_log_record record;
	struct tsm_chain chain;
	int ret;

	tsm_chain_begin(&chain, part, parts);
	while ((ret = tsm_chain_next(&chain, &record, NULL)) > 0) {
		if (record.type == TSM_EV_NO_ACTION) {
			start_at(steps, &record, mr_index);
			continue;
		}
		if (record.mr_index != mr_index)
			continue;
		if (!record.sha384 || steps->count == TSM_REPLAY_HINT_MAX)
			return false;
		steps->digest[steps->count] = record.sha384;
		steps->number[steps->count++] = record.number;
	}
	return !ret;
}

/* Whether the rest leads from @prefix to @value. Return: 1, 0 or -ENOMEM. */
static int leads_to(const struct steps *steps, unsigned int from,
		    const uint8_t *prefix, const uint8_t *value)
{
	uint8_t now[TSM_RTMR_SIZE];

	memcpy(now, prefix, sizeof(now));
	for (; from < steps->count; from++) {
		if (tsm_rtmr_next(now, steps->digest[from], now))
			return -ENOMEM;
	}
	return !memcmp(now, value, sizeof(now));
}

static int search(const struct steps *steps, const uint8_t *value,
		  unsigned int *number)
{
	uint8_t prefix[TSM_RTMR_SIZE];
	unsigned int i;
	int ret;

	memcpy(prefix, steps->start, sizeof(prefix));
	for (i = 0; i < steps->count; i++) {
		ret = leads_to(steps, i + 1, prefix, value);
		if (ret > 0)
			*number = steps->number[i];
		if (ret)
			return ret;
		if (tsm_rtmr_next(prefix, steps->digest[i], prefix))
			return -ENOMEM;
	}
	return 0;
}

int tsm_replay_without(const struct tsm_log_part *part, unsigned int parts,
		       unsigned int index, const uint8_t *value,
		       unsigned int *number)
{
	struct steps *steps = calloc(1, sizeof(*steps));
	int ret = 0;

	*number = 0;
	if (!steps)
		return -ENOMEM;
	if (collect(steps, part, parts, TSM_MR_RTMR(index)))
		ret = search(steps, value, number);
	free(steps);
	return ret;
}
