// SPDX-License-Identifier: MIT
/*
 * Calls /dev/sev-guest as snpguest (virtee/sev) does, which opens it to read only
 * and asks for VMPL 1, and as AMD's own programs do, which open it to write.
 */
#include "sev.h"

int main(void)
{
	const int virtee = O_RDONLY | O_CLOEXEC, amd = O_RDWR;

	row("snpguest: report, VMPL 1", sev_get_report(virtee, 1));
	row("snpguest: report, VMPL 0", sev_get_report(virtee, 0));
	row("snpguest: certificates", sev_get_ext_report(virtee));
	row("snpguest: derived key", sev_check_keys(virtee));
	row("AMDESE: report", sev_get_report(amd, 0));
	row("AMDESE: certificates", sev_get_ext_report(amd));
	row("AMDESE: derived key", sev_check_keys(amd));
	return 0;
}
