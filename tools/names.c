// SPDX-License-Identifier: MIT
/* Names that the specifications give to bits and numbers of TDX evidence. */
#include "tsmctl.h"

/* TDX Module ABI, "ATTRIBUTES Definition" */
const struct bit_name td_attribute_bits[] = {
	{ "DEBUG", TSM_TDX_ATTR_DEBUG },
	{ "HGS_PLUS_PROF", TSM_TDX_ATTR_HGS_PLUS_PROF },
	{ "PERF_PROF", TSM_TDX_ATTR_PERF_PROF },
	{ "PMT_PROF", TSM_TDX_ATTR_PMT_PROF },
	{ "ICSSD", TSM_TDX_ATTR_ICSSD },
	{ "SERVTD_EXT", TSM_TDX_ATTR_SERVTD_EXT },
	{ "LASS", TSM_TDX_ATTR_LASS },
	{ "SEPT_VE_DISABLE", TSM_TDX_ATTR_SEPT_VE_DISABLE },
	{ "MIGRATABLE", TSM_TDX_ATTR_MIGRATABLE },
	{ "PKS", TSM_TDX_ATTR_PKS },
	{ "KL", TSM_TDX_ATTR_KL },
	{ "TPA", TSM_TDX_ATTR_TPA },
	{ "PERFMON", TSM_TDX_ATTR_PERFMON },
	{ NULL, 0 }
};

/* Intel SDM volume 1, "XSAVE-Supported Features and State-Component Bitmaps" */
const struct bit_name xfam_bits[] = {
	{ "X87", 0 },
	{ "SSE", 1 },
	{ "AVX", 2 },
	{ "BNDREGS", 3 },
	{ "BNDCSR", 4 },
	{ "OPMASK", 5 },
	{ "ZMM_HI256", 6 },
	{ "HI16_ZMM", 7 },
	{ "PT", 8 },
	{ "PKRU", 9 },
	{ "PASID", 10 },
	{ "CET_U", 11 },
	{ "CET_S", 12 },
	{ "HDC", 13 },
	{ "UINTR", 14 },
	{ "LBR", 15 },
	{ "HWP", 16 },
	{ "TILECFG", 17 },
	{ "TILEDATA", 18 },
	{ "APX", 19 },
	{ NULL, 0 }
};

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
