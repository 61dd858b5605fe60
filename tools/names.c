// SPDX-License-Identifier: MIT
/* Names that the specifications give to bits and numbers of TDX evidence. */
#include "tsmctl.h"

/* TDX Module ABI, TDINFO_STRUCT.VALID of report version 3 */
const struct bit_name td_info_valid_bits[] = {
	{ "SERVTD_HASH", TSM_TDX_INFO_SERVTD_HASH },
	{ "TD_ID", TSM_TDX_INFO_TD_ID },
	{ "VMID", TSM_TDX_INFO_VMID },
	{ NULL, 0 }
};

const char *body_type_name(unsigned int type)
{
	switch (type) {
	case TSM_QUOTE_BODY_TD10:
		return "TD report for TDX 1.0";
	case TSM_QUOTE_BODY_TD15:
		return "TD report for TDX 1.5";
	case TSM_QUOTE_BODY_TD15EX:
		return "TD report for TDX 1.5, extended";
	}
	return "unknown";
}

const char *key_type_name(unsigned int type)
{
	switch (type) {
	case TSM_QUOTE_KEY_ECDSA_P256:
		return "ECDSA-256-with-P-256";
	case TSM_QUOTE_KEY_ECDSA_P384:
		return "ECDSA-384-with-P-384";
	}
	return "unknown";
}
