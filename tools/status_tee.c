// SPDX-License-Identifier: MIT
/* What it means that a TEE is hidden, or that its witnesses do not agree. */
#include "status.h"

/* Where Azure's paravisor leaves the report, and what it is there */
#define HCL_INDEX	"0x01400001"

/* No driver serves a TEE of which its kernel does not know. */
void find_tee_problems(struct findings *list, const struct tsm_system *sys)
{
	struct finding *f;

	if (sys->view.kernel_knows)
		return;
	f = find(list, "kernel_unaware",
		 "%s tells of %s, of which this kernel does not know: no driver can serve it",
		 sys->tee_why, tee_name(sys->tee));
	if (sys->tee == TSM_TEE_TDX)
		helps(f, "another kernel, built with CONFIG_INTEL_TDX_GUEST: Debian's has it since Linux 6.12, its 6.1 has not");
	else
		helps(f, "another kernel, built with CONFIG_AMD_MEM_ENCRYPT, 6.1 or newer");
}

static void find_paravisor(struct findings *list, const struct tsm_system *sys)
{
	const bool tdx = sys->view.hidden == TSM_TEE_TDX;
	struct finding *f;

	f = find(list, "paravisor",
		 "%s is below this guest, but a paravisor (Hyper-V, as on Azure) keeps it to itself: no driver can serve it, the kernel's own no more than tsm_guest",
		 tee_name(sys->view.hidden));
	if (!sys->view.vtpm) {
		helps(f, "evidence would be in a vTPM, but there is no /dev/tpm0: the machine was made without one, or its driver (tpm_crb) is missing");
		return;
	}
	helps(f, "evidence is in the vTPM: NV index " HCL_INDEX " holds the HCL report, with the hardware's %s from byte 32 on%s",
	      tdx ? "TDREPORT" : "report",
	      tdx ? ", which Azure's quote service makes a quote of" : "");
	mended_by(f, "tpm2_nvread -C o " HCL_INDEX " -o hcl.bin");
}

void find_tee_notes(struct findings *list, const struct tsm_system *sys)
{
	if (sys->view.hidden)
		find_paravisor(list, sys);
}
