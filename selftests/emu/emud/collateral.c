// SPDX-License-Identifier: MIT
/* TCB info and QE identity that match the emulated platform. */

#include "emud.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * Format: Intel PCS API v4, "Get TDX TCB Info" and "Get Quoting Enclave
 * Identity", names and their order as Intel serves them. The signature covers
 * the text of the inner object as it stands.
 */
#define DAY		(24L * 60 * 60)
#define VALID_SECONDS	(10 * 365 * DAY)
#define TCB_DATE	"2025-05-14T00:00:00Z"
#define OLD_TCB_DATE	"2024-03-13T00:00:00Z"
#define EVALUATION	19

/* What a component is, as far as Intel says. */
struct component {
	const char *category, *type;
};

static const struct component sgx_components[16] = {
	{ "BIOS", "Early Microcode Update" },
	{ "OS/VMM", "SGX Late Microcode Update" },
	{ "OS/VMM", "TXT SINIT" },
	{ "BIOS" }, { "BIOS" }, { "BIOS" }, { 0 },
	{ "OS/VMM", "SEAMLDR ACM" },
};

static const struct component tdx_components[16] = {
	{ "OS/VMM", "TDX Module" },
	{ "OS/VMM", "TDX Module" },
	{ "OS/VMM", "TDX Late Microcode Update" },
};

static void put_hex(FILE *to, const char *name, const uint8_t *bytes, size_t len)
{
	fprintf(to, "\"%s\":\"", name);
	for (size_t i = 0; i < len; i++)
		fprintf(to, "%02X", bytes[i]);
	fputc('"', to);
}

/*
 * Good for long, as nobody issues it again each month, and from yesterday on, like
 * the certificates: the clock of a VM may be behind.
 */
static void put_head(FILE *to, const char *id, unsigned int version)
{
	const time_t issued = time(NULL) - DAY, next = issued + VALID_SECONDS;
	char from[32], until[32];
	struct tm tm;

	strftime(from, sizeof(from), "%FT%TZ", gmtime_r(&issued, &tm));
	strftime(until, sizeof(until), "%FT%TZ", gmtime_r(&next, &tm));
	fprintf(to, "{\"id\":\"%s\",\"version\":%u,\"issueDate\":\"%s\",\"nextUpdate\":\"%s\"",
		id, version, from, until);
}

/* The level that is up to date, or the one below, which is not */
static void put_status(FILE *to, bool old)
{
	fprintf(to, ",\"tcbDate\":\"%s\",\"tcbStatus\":\"%s\"%s}",
		old ? OLD_TCB_DATE : TCB_DATE, old ? "OutOfDate" : "UpToDate",
		old ? ",\"advisoryIDs\":[\"EMULATED-SA-00001\"]" : "");
}

static void put_isvsvn_levels(FILE *to, unsigned int svn)
{
	fprintf(to, ",\"tcbLevels\":[{\"tcb\":{\"isvsvn\":%u}", svn);
	put_status(to, false);
	fprintf(to, ",{\"tcb\":{\"isvsvn\":%u}", svn - 1);
	put_status(to, true);
	fputc(']', to);
}

/* All components are one lower in the level below ours. */
static void put_components(FILE *to, const char *name,
			   const struct component *what, const uint8_t svn[16],
			   bool old)
{
	fprintf(to, "\"%s\":", name);
	for (unsigned int i = 0; i < 16; i++) {
		fprintf(to, "%s{\"svn\":%u", i ? "," : "[",
			svn[i] && old ? svn[i] - 1 : svn[i]);
		if (what[i].category)
			fprintf(to, ",\"category\":\"%s\"", what[i].category);
		if (what[i].type)
			fprintf(to, ",\"type\":\"%s\"", what[i].type);
		fputc('}', to);
	}
	fputc(']', to);
}

/* Of the module's version, TEE_TCB_SVN[1], Intel's levels say nothing. */
static void put_level(FILE *to, bool old)
{
	uint8_t tdx[SVN_SIZE];

	memcpy(tdx, platform.tee_tcb_svn, SVN_SIZE);
	tdx[1] = 0;
	fputs("{\"tcb\":{", to);
	put_components(to, "sgxtcbcomponents", sgx_components,
		       platform.comp_svn, old);
	fprintf(to, ",\"pcesvn\":%u,", platform.pcesvn - old);
	put_components(to, "tdxtcbcomponents", tdx_components, tdx, old);
	fputc('}', to);
	put_status(to, old);
}

static void put_module(FILE *to)
{
	put_hex(to, "mrsigner", platform.mrsignerseam, MR_SIZE);
	fputs(",\"attributes\":\"0000000000000000\",\"attributesMask\":\"FFFFFFFFFFFFFFFF\"",
	      to);
}

/* TEE_TCB_SVN[1] names the module's version, [0] is its SVN. */
static void put_tcb_info(FILE *to)
{
	put_head(to, "TDX", 3);
	fputc(',', to);
	put_hex(to, "fmspc", platform.fmspc, sizeof(platform.fmspc));
	fputc(',', to);
	put_hex(to, "pceId", platform.pceid, sizeof(platform.pceid));
	fprintf(to, ",\"tcbType\":0,\"tcbEvaluationDataNumber\":%u,\"tdxModule\":{",
		EVALUATION);
	put_module(to);
	fprintf(to, "},\"tdxModuleIdentities\":[{\"id\":\"TDX_%02X\",",
		platform.tee_tcb_svn[1]);
	put_module(to);
	put_isvsvn_levels(to, platform.tee_tcb_svn[0]);
	fputs("}],\"tcbLevels\":[", to);
	put_level(to, false);
	fputc(',', to);
	put_level(to, true);
	fputs("]}", to);
}

/* MODE64BIT and XFRM are left to the CPU, as in Intel's own. */
static void put_qe_identity(FILE *to)
{
	put_head(to, "TD_QE", 2);
	fprintf(to, ",\"tcbEvaluationDataNumber\":%u", EVALUATION);
	fputs(",\"miscselect\":\"00000000\",\"miscselectMask\":\"FFFFFFFF\"", to);
	fputs(",\"attributes\":\"11000000000000000000000000000000\"", to);
	fputs(",\"attributesMask\":\"FBFFFFFFFFFFFFFF0000000000000000\",", to);
	put_hex(to, "mrsigner", platform.qe_mrsigner,
		sizeof(platform.qe_mrsigner));
	fprintf(to, ",\"isvprodid\":%u", platform.qe_prodid);
	put_isvsvn_levels(to, platform.qe_svn);
	fputc('}', to);
}

static char *sign_object(const char *name, void (*put)(FILE *to),
			 EVP_PKEY *signer)
{
	char hex[2 * SIG_SIZE + 1], *object = NULL, *text = NULL;
	uint8_t sig[SIG_SIZE];
	size_t len;
	FILE *to = open_memstream(&object, &len);

	if (to)
		put(to);
	if (!to || fclose(to)) {
		warn("%s", name);
		free(object);
		return NULL;
	}
	if (!ecdsa_sign(signer, object, len, sig) &&
	    asprintf(&text, "{\"%s\":%s,\"signature\":\"%s\"}", name, object,
		     hex_of(sig, sizeof(sig), hex)) < 0)
		text = NULL;
	free(object);
	return text;
}

/**
 * tcb_info_make - signed TCB info, version 3, id "TDX"
 * @signer: TCB signing key
 *
 * Return: JSON text that the caller frees, or NULL.
 */
char *tcb_info_make(EVP_PKEY *signer)
{
	return sign_object("tcbInfo", put_tcb_info, signer);
}

/**
 * qe_identity_make - signed QE identity, version 2, id "TD_QE"
 * @signer: TCB signing key
 *
 * Return: JSON text that the caller frees, or NULL.
 */
char *qe_identity_make(EVP_PKEY *signer)
{
	return sign_object("enclaveIdentity", put_qe_identity, signer);
}
