// SPDX-License-Identifier: MIT
/* Reads several event logs as one: firmware's, then tsm_guest's. */
#include "tsm_eventlog.h"

#include "lib_private.h"

void tsm_chain_begin(struct tsm_chain *chain, const struct tsm_log_part *part,
		     unsigned int parts)
{
	*chain = (struct tsm_chain){ .part = part, .parts = parts };
}

/* Errors of a log name records; of several logs, it must be told which. */
static int name_part(const struct tsm_chain *chain, int ret,
		     const struct tsm_error *inner, struct tsm_error *err)
{
	return tsm_error_set(err, ret, "%s: %s", chain->part[chain->at].name,
			     inner->text);
}

static int next_of_part(struct tsm_chain *chain, struct tsm_log_record *record,
			struct tsm_error *err)
{
	const struct tsm_log_part *part = &chain->part[chain->at];
	int ret = 0;

	if (!chain->is_open) {
		ret = tsm_log_open(&chain->log, part->bytes.data,
				   part->bytes.len, err);
		chain->is_open = !ret;
		if (!ret && chain->at)
			ret = tsm_log_next(&chain->log, record, err);
	}
	return ret < 0 ? ret : tsm_log_next(&chain->log, record, err);
}

int tsm_chain_next(struct tsm_chain *chain, struct tsm_log_record *record,
		   struct tsm_error *err)
{
	struct tsm_error inner;
	int ret;

	memset(record, 0, sizeof(*record));
	while (chain->at < chain->parts) {
		ret = next_of_part(chain, record, &inner);
		if (ret < 0) {
			memset(record, 0, sizeof(*record));
			return name_part(chain, ret, &inner, err);
		}
		if (ret) {
			record->part = chain->at;
			record->number = chain->next++;
			return 1;
		}
		chain->at++;
		chain->is_open = false;
	}
	return 0;
}
