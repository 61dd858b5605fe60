// SPDX-License-Identifier: MIT
/* Decode the QE identity of the TD quoting enclave, version 2 of Intel's PCS. */
#include "lib_private.h"
#include "tcb.h"

#include <errno.h>
#include <stdlib.h>

static int parse(struct json_at object, struct qe_identity *qe,
		 struct tsm_error *err)
{
	uint64_t prod_id = 0, evaluation = 0;
	int ret;

	ret = json_member_time(object, "issueDate", &qe->issued, err);
	if (!ret)
		ret = json_member_time(object, "nextUpdate", &qe->next_update,
				       err);
	if (!ret)
		ret = json_member_uint(object, "tcbEvaluationDataNumber",
				       UINT32_MAX, &evaluation, err);
	if (!ret)
		ret = json_member_hex(object, "miscselect", qe->miscselect, 4,
				      err);
	if (!ret)
		ret = json_member_hex(object, "miscselectMask",
				      qe->miscselect_mask, 4, err);
	if (!ret)
		ret = json_member_hex(object, "attributes", qe->attributes, 16,
				      err);
	if (!ret)
		ret = json_member_hex(object, "attributesMask",
				      qe->attributes_mask, 16, err);
	if (!ret)
		ret = json_member_hex(object, "mrsigner", qe->mrsigner, 32,
				      err);
	if (!ret)
		ret = json_member_uint(object, "isvprodid", UINT16_MAX,
				       &prod_id, err);
	if (!ret)
		ret = tcb_isv_levels_parse(object, &qe->levels, err);
	qe->evaluation = (uint32_t)evaluation;
	qe->isvprodid = (uint16_t)prod_id;
	return ret;
}

int qe_identity_parse(struct json_at object, struct qe_identity **identity,
		      struct tsm_error *err)
{
	struct qe_identity *qe = calloc(1, sizeof(*qe));
	int ret;

	*identity = NULL;
	if (!qe)
		return tsm_error_set(err, -ENOMEM, "QE identity: no memory");
	ret = parse(object, qe, err);
	if (ret)
		qe_identity_free(qe);
	else
		*identity = qe;
	return ret;
}

void qe_identity_free(struct qe_identity *identity)
{
	if (identity)
		free(identity->levels.level);
	free(identity);
}
