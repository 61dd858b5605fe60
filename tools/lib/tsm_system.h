/* SPDX-License-Identifier: MIT */
/* libtsmguest, continued from tsm.h: what this machine has (tee.c,
 * system*.c). */
#include "tsm.h"

#ifndef TSM_SYSTEM_H
#define TSM_SYSTEM_H

enum tsm_tee { TSM_TEE_NONE, TSM_TEE_TDX, TSM_TEE_SNP };
enum tsm_driver { TSM_DRIVER_NONE, TSM_DRIVER_OURS, TSM_DRIVER_INTREE };

/* What somebody says who was asked. */
enum tsm_answer { TSM_ANSWER_UNKNOWN, TSM_ANSWER_NO, TSM_ANSWER_YES };

#define TSM_TEE_SOURCES	9

/**
 * struct tsm_tee_source - somebody who can know of a TEE
 * @name: such as "CPUID leaf 0x21"
 * @tee: the TEE that it would tell of; TSM_TEE_NONE if it tells of none
 * @answer: whether this is it; unknown if it cannot be asked, as the MSR cannot
 *	be by others than root
 */
struct tsm_tee_source {
	const char *name;
	enum tsm_tee tee;
	enum tsm_answer answer;
};

/**
 * struct tsm_tee_view - which TEE this is, as seen by all who can know
 * @sources: how many were asked
 * @source: they, the most decisive first: the kernel, the CPU, the hypervisor
 * @kernel_sources: how many of them are the kernel
 * @kernel_knows: the kernel knows that this is a TEE; no driver can serve one
 *	that it does not know of
 * @hidden: the TEE that a paravisor keeps to itself, as on Azure: no driver can
 *	serve it, and tsm_system.tee is TSM_TEE_NONE
 * @vtpm: there is a TPM
 */
struct tsm_tee_view {
	size_t sources;
	struct tsm_tee_source source[TSM_TEE_SOURCES];
	size_t kernel_sources;
	bool kernel_knows;
	enum tsm_tee hidden;
	bool vtpm;
};

#define TSM_PATH	256

/**
 * struct tsm_install - what is installed for the kernel that runs
 * @release: of the kernel, as uname -r prints it; empty if unknown, or if no
 *	kernel is called so
 * @in_range: tsm_guest is made for this release
 * @ours: file of tsm_guest; empty if there is none for this kernel
 * @indexed: modprobe finds it, for depmod was run since
 * @intree: file of the kernel's own driver of this TEE; empty if there is none
 * @source: version of the source from which DKMS makes tsm_guest; empty if that
 *	is not installed
 * @headers: what DKMS needs of this kernel is
 * @build_log: DKMS left a log of building @source
 */
struct tsm_install {
	char release[96];
	enum tsm_answer in_range;
	char ours[TSM_PATH];
	bool indexed;
	char intree[TSM_PATH];
	char source[64];
	bool headers;
	bool build_log;
};

/**
 * struct tsm_signing - whether the kernel takes modules that nobody signed
 * @secure_boot: firmware says that it checked what it started
 * @lockdown: what the kernel keeps even from root: "none", "integrity" or
 *	"confidentiality"; empty if unknown
 * @required: modules must be signed, and by a key that the kernel knows
 * @is_signed: tsm_guest is; unknown if it is compressed, or not there
 * @signer: name of the key; empty if unknown
 * @by_dkms: it is the key of this machine's DKMS, or would be
 * @enrolled: the kernel knows this key
 * @pending: a key awaits the next start, to be confirmed there
 */
struct tsm_signing {
	enum tsm_answer secure_boot;
	char lockdown[32];
	bool required;
	enum tsm_answer is_signed;
	char signer[96];
	bool by_dkms;
	enum tsm_answer enrolled;
	bool pending;
};

/**
 * struct tsm_blacklist - what keeps a module from being loaded
 * @refused: module_blacklist= on the kernel's command line: it is never loaded
 * @command_line: modprobe.blacklist= there: it is not loaded by itself
 * @file: of modprobe.d, which says the same; empty if none does
 */
struct tsm_blacklist {
	bool refused;
	bool command_line;
	char file[TSM_PATH];
};

/**
 * struct tsm_runtime_log - the event log that our module keeps
 * @path: where it is; empty if it is not there
 * @readable: it could be read, so that @size and @records are known
 * @size: its bytes
 * @records: its records, the struct tsm_spec_id not counted
 * @max_kb: our module's parameter log_max_kb; -1 if unknown
 */
struct tsm_runtime_log {
	char path[192];
	bool readable;
	uint64_t size;
	uint64_t records;
	long max_kb;
};

/**
 * struct tsm_snp_state - what is special about an SNP guest
 * @vmpl: privilege level that the guest runs at; -1 if this kernel does not
 *	tell, as 6.1 does not
 * @vmpck_id: the driver's parameter; empty if unknown
 * @timeout_ms: our module's parameter snp_timeout_ms; -1 if unknown
 * @vmpck: which of the keys for the firmware is in use; -1 if unknown
 * @state: of each key, a word of uapi/ABI; empty if unknown
 */
struct tsm_snp_state {
	long vmpl;
	char vmpck_id[16];
	long timeout_ms;
	long vmpck;
	char state[4][16];
};

/**
 * struct tsm_system - the state of attestation on a machine
 * @tee: which TEE this is a guest of
 * @tee_why: the first that told so; NULL if nothing did
 * @driver: which driver serves it
 * @driver_name: its module, or "built in"
 * @driver_version: of our module; empty if it has none
 * @quote_timeout_ms: our module's parameter; -1 if unknown
 * @quote_abandoned: buffers that the host has not given back; -1 if unknown
 * @rtmr_mask: our module's parameter; -1 if unknown
 * @configfs: mount point of configfs; empty if it is not mounted
 * @securityfs: mount point of securityfs; empty if it is not mounted
 * @report_dir: tsm/report; empty if there is none
 * @report_module: module that made it, "tsm" or "tsm_report"; NULL if that is
 *		   our module, or built in
 * @entries: report items that exist
 * @rtmrs_dir: tsm/rtmrs; empty if there is none
 * @rtmr_entries: entries for registers that exist
 * @device: /dev/tdx_guest or /dev/sev-guest exists
 * @registers: files in @measurements; 0 if there is no such directory
 * @measurements: the directory of measurement registers; NULL if none
 * @sysfs_extends: it has RTMRs
 * @log: the runtime event log
 * @boot_table: firmware left the ACPI table CCEL
 * @boot_log: path of the log that it points to; NULL if the kernel shows none
 * @snp: in an SNP guest
 * @view: who says which TEE this is
 * @install: what is installed for this kernel; this and what follows it, up to
 *	@refusal, is found by tsm_system_diagnose()
 * @signing: whether this kernel takes tsm_guest as it is
 * @ours_blacklist: what else keeps tsm_guest away
 * @intree_blacklist: what keeps the kernel's own driver away
 * @refusal: the last line of the kernel's log that tells of a module it did not
 *	take, of which it does not always tell the name; empty if there is none,
 *	or if the log cannot be read, which takes root
 * @container: what kind of container this is; empty if it is none
 * @systemd: systemd runs here
 * @configfs_read_only: configfs is mounted so
 * @two_drivers: the kernel's own driver is loaded besides our module
 * @configfs_known: this kernel has configfs, mounted or not
 * @devtmpfs: the kernel itself makes device files in /dev
 * @device_number: MAJOR:MINOR of the driver's device; empty if unknown
 */
struct tsm_system {
	enum tsm_tee tee;
	const char *tee_why;
	enum tsm_driver driver;
	const char *driver_name;
	char driver_version[64];
	long quote_timeout_ms;
	long quote_abandoned;
	long rtmr_mask;
	char configfs[128];
	char securityfs[128];
	char report_dir[160];
	const char *report_module;
	unsigned int entries;
	char rtmrs_dir[160];
	unsigned int rtmr_entries;
	bool device;
	unsigned int registers;
	const char *measurements;
	bool sysfs_extends;
	struct tsm_runtime_log log;
	bool boot_table;
	const char *boot_log;
	struct tsm_snp_state snp;
	struct tsm_tee_view view;
	struct tsm_install install;
	struct tsm_signing signing;
	struct tsm_blacklist ours_blacklist;
	struct tsm_blacklist intree_blacklist;
	char refusal[256];
	char container[32];
	bool systemd;
	bool configfs_read_only;
	bool two_drivers;
	bool configfs_known;
	bool devtmpfs;
	char device_number[16];
};

/**
 * tsm_system_probe() - look at /proc, /sys and /dev, changing nothing
 * @root: directory to look below, "/" as a rule. If it is another, it may be a
 *	container's: its links are not followed out of it, and the answers of
 *	the CPU are read from dev/cpu/0/cpuid and dev/cpu/0/msr below it.
 * @sys: the result
 * @err: what was wrong
 *
 * Needs no privilege. What cannot be read counts as absent.
 * Return: 0, or what opening @root gave.
 */
int tsm_system_probe(const char *root, struct tsm_system *sys,
		     struct tsm_error *err);

/**
 * tsm_system_diagnose() - look for what keeps drivers from being loaded
 * @root: as it was given to tsm_system_probe()
 * @sys: what that found, to which install, signing, ours_blacklist,
 *	intree_blacklist and refusal are added
 * @err: what was wrong
 *
 * Takes longer, for it reads the list of modules and the kernel's log.
 * Return: 0, or what opening @root gave.
 */
int tsm_system_diagnose(const char *root, struct tsm_system *sys,
			struct tsm_error *err);

#endif /* TSM_SYSTEM_H */
