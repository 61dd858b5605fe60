// SPDX-License-Identifier: MIT
/* The emulated machine: SVNs, identities and names that all evidence shares. */

#include "emud.h"

/*
 * A component's SVN is a byte of CPUSVN on this machine, as it usually is on
 * real ones. The identities are words and no digests, so that a dump of the
 * evidence says what it is.
 */
const struct platform platform = {
	.comp_svn = { 11, 11, 2, 2, 3, 1, 0, 3 },
	.pcesvn = 13,
	.cpusvn = { 11, 11, 2, 2, 3, 1, 0, 3 },
	.ppid = "EMULATED PPID 1",
	.pceid = { 0, 0 },
	.fmspc = { 0xe0, 0x80, 0x6f, 0, 0, 0 },
	.instance_id = "EMULATED CPU 01",
	.tee_tcb_svn = { 5, 1, 2 },
	.mrseam = "EMULATED TDX MODULE",
	.mrsignerseam = "EMULATED TDX MODULE SIGNER",
	.mrtd = "EMULATED MRTD",
	.td_id = "EMULATED TD ID",
	.td_attributes = 1ULL << 28,	/* SEPT_VE_DISABLE */
	.xfam = 0x602e7,
	.qe_mrenclave = "EMULATED QUOTING ENCLAVE",
	.qe_mrsigner = "EMULATED QUOTING ENCLAVE SIGNER",
	.qe_attributes = { 0x15, 0, 0, 0, 0, 0, 0, 0, 0xe7 },
	.qe_prodid = 2,
	.qe_svn = 6,
};
