// SPDX-License-Identifier: MIT
/* TDREPORTs without a TDX module: for tests of what reads them. */

#include "emud.h"

#include <err.h>
#include <openssl/rand.h>
#include <string.h>

/* Intel TDX Module Base Architecture Specification, TDREPORT_STRUCT */
#define TYPE_TDX		0x81
#define OFF_VERSION		2
#define OFF_CPUSVN		16
#define OFF_TCB_HASH		32
#define OFF_TD_HASH		80
#define OFF_REPORTDATA		128
#define OFF_MAC			224
#define OFF_TCB_INFO		256
#define TCB_INFO_SIZE		239
#define OFF_TCB_SVN		264
#define OFF_MRSEAM		280
#define OFF_MRSIGNERSEAM	328
#define OFF_TCB_SVN2		384
#define OFF_TDINFO		512
#define TDINFO_SIZE		512
#define OFF_XFAM		520
#define OFF_MRTD		528
#define OFF_TD_ID		960
#define OFF_INFO_VALID		1021	/* bits 8 to 15 of it */
#define INFO_VALID		3	/* TD_ID and VMID; no service TD */
#define TCB_VALID		0x1ff
#define TCB_VALID_SVN2		0x301ff

static void put_tcb_info(uint8_t *report, bool svn2)
{
	put_le64(report + OFF_TCB_INFO, svn2 ? TCB_VALID_SVN2 : TCB_VALID);
	memcpy(report + OFF_TCB_SVN, platform.tee_tcb_svn, SVN_SIZE);
	memcpy(report + OFF_MRSEAM, platform.mrseam, MR_SIZE);
	memcpy(report + OFF_MRSIGNERSEAM, platform.mrsignerseam, MR_SIZE);
	if (svn2)
		memcpy(report + OFF_TCB_SVN2, platform.tee_tcb_svn, SVN_SIZE);
}

static void put_td_info(uint8_t *report, bool td_id)
{
	put_le64(report + OFF_TDINFO, platform.td_attributes);
	put_le64(report + OFF_XFAM, platform.xfam);
	memcpy(report + OFF_MRTD, platform.mrtd, MR_SIZE);
	if (!td_id)
		return;
	memcpy(report + OFF_TD_ID, platform.td_id, sizeof(platform.td_id));
	report[OFF_INFO_VALID] = INFO_VALID;
}

static int hashes(const uint8_t *report, uint8_t tcb[MR_SIZE],
		  uint8_t td[MR_SIZE])
{
	return sha384(report + OFF_TCB_INFO, TCB_INFO_SIZE, tcb) ||
	       sha384(report + OFF_TDINFO, TDINFO_SIZE, td) ? -1 : 0;
}

/**
 * tdreport_make - a TDREPORT of the emulated platform
 * @report_data: 64 bytes
 * @body: type of the body of quotes that it is for: 2; 3 for one that has
 *	TEE_TCB_SVN2; 4 for one that has TD_ID, too
 * @report: 1024 bytes
 *
 * Its MAC is random: only a TDX module could make and check one.
 */
int tdreport_make(const uint8_t *report_data, unsigned int body,
		  uint8_t report[TDREPORT_SIZE])
{
	static const uint8_t versions[] = { [2] = 0, [3] = 1, [4] = 3 };

	memset(report, 0, TDREPORT_SIZE);
	report[0] = TYPE_TDX;
	report[OFF_VERSION] = versions[body];
	memcpy(report + OFF_CPUSVN, platform.cpusvn, SVN_SIZE);
	memcpy(report + OFF_REPORTDATA, report_data, REPORTDATA_SIZE);
	put_tcb_info(report, body >= 3);
	put_td_info(report, body >= 4);
	if (hashes(report, report + OFF_TCB_HASH, report + OFF_TD_HASH))
		return -1;
	if (RAND_bytes(report + OFF_MAC, 32) != 1)
		return ossl_fail("cannot make a MAC");
	return 0;
}

/**
 * tdreport_check - whether a TDREPORT is one that can be quoted
 * @report: 1024 bytes, from anywhere
 *
 * Type, version and both hashes; the MAC is the TDX module's affair.
 */
int tdreport_check(const uint8_t report[TDREPORT_SIZE])
{
	uint8_t tcb[MR_SIZE], td[MR_SIZE];

	if (report[0] != TYPE_TDX || report[1]) {
		warnx("TDREPORT: type %02x.%02x is not that of a TD (81.00)",
		      report[0], report[1]);
		return -1;
	}
	if (report[OFF_VERSION] > 3 || report[OFF_VERSION] == 2) {
		warnx("TDREPORT: version %u cannot be quoted here, only 0, 1 and 3",
		      report[OFF_VERSION]);
		return -1;
	}
	if (hashes(report, tcb, td))
		return -1;
	if (memcmp(tcb, report + OFF_TCB_HASH, MR_SIZE) ||
	    memcmp(td, report + OFF_TD_HASH, MR_SIZE)) {
		warnx("TDREPORT: its hashes do not fit its contents");
		return -1;
	}
	return 0;
}
