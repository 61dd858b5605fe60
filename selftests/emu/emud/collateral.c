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
 * Identity". The signature covers the text of the inner object as it stands.
 */
#define VALID_SECONDS	(10L * 365 * 24 * 60 * 60)
#define TCB_DATE	"2025-05-14T00:00:00Z"
#define OLD_TCB_DATE	"2024-03-13T00:00:00Z"
#define EVALUATION	"19"
#define HEX_SIZE(array)	(2 * sizeof(array) + 1)
#define TIME_SIZE	sizeof("2025-05-14T00:00:00Z")

static char *time_text(time_t when, char text[TIME_SIZE])
{
	struct tm tm;

	strftime(text, TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&when, &tm));
	return text;
}

/* "[{"svn":N},...]"; the level below ours has all components one lower */
static void components(const uint8_t svn[16], unsigned int less, char *text,
		       size_t size)
{
	size_t len = 0;

	for (unsigned int i = 0; i < 16; i++)
		len += snprintf(text + len, size - len, "%s{\"svn\":%u}",
				i ? "," : "[", svn[i] > less ? svn[i] - less : 0);
	snprintf(text + len, size - len, "]");
}

static char *sign_object(const char *name, char *object, EVP_PKEY *signer)
{
	uint8_t sig[SIG_SIZE];
	char hex[HEX_SIZE(sig)], *text = NULL;

	if (!object) {
		warnx("%s: out of memory", name);
		return NULL;
	}
	if (!ecdsa_sign(signer, object, strlen(object), sig) &&
	    asprintf(&text, "{\"%s\":%s,\"signature\":\"%s\"}", name, object,
		     hex_of(sig, sizeof(sig), hex)) < 0)
		text = NULL;
	free(object);
	return text;
}

static int tcb_level(unsigned int less, const char *date, const char *status,
		     char *text, size_t size)
{
	char sgx[256], tdx[256];

	components(platform.comp_svn, less, sgx, sizeof(sgx));
	components(platform.tee_tcb_svn, less, tdx, sizeof(tdx));
	return snprintf(text, size,
			"{\"tcb\":{\"sgxtcbcomponents\":%s,\"pcesvn\":%u,"
			"\"tdxtcbcomponents\":%s},\"tcbDate\":\"%s\","
			"\"tcbStatus\":\"%s\"}",
			sgx, platform.pcesvn - less, tdx, date, status);
}

/* TEE_TCB_SVN[1] names the module's major version, [0] is its SVN. */
static int module_identity(char *text, size_t size)
{
	char signer[HEX_SIZE(platform.mrsignerseam)];

	return snprintf(text, size,
			"{\"id\":\"TDX_%02X\",\"mrsigner\":\"%s\","
			"\"attributes\":\"0000000000000000\","
			"\"attributesMask\":\"FFFFFFFFFFFFFFFF\","
			"\"tcbLevels\":[{\"tcb\":{\"isvsvn\":%u},"
			"\"tcbDate\":\"" TCB_DATE "\",\"tcbStatus\":\"UpToDate\"},"
			"{\"tcb\":{\"isvsvn\":%u},\"tcbDate\":\"" OLD_TCB_DATE "\","
			"\"tcbStatus\":\"OutOfDate\"}]}",
			platform.tee_tcb_svn[1],
			hex_of(platform.mrsignerseam,
			       sizeof(platform.mrsignerseam), signer),
			platform.tee_tcb_svn[0], platform.tee_tcb_svn[0] - 1);
}

/**
 * tcb_info_make - signed TCB info, version 3, id "TDX"
 * @signer: TCB signing key
 *
 * Return: JSON text that the caller frees, or NULL.
 */
char *tcb_info_make(EVP_PKEY *signer)
{
	char now[TIME_SIZE], later[TIME_SIZE], module[1024], level[1024];
	char old_level[1024], mrsigner[HEX_SIZE(platform.mrsignerseam)];
	char fmspc[HEX_SIZE(platform.fmspc)], pceid[HEX_SIZE(platform.pceid)];
	char *object;

	module_identity(module, sizeof(module));
	tcb_level(0, TCB_DATE, "UpToDate", level, sizeof(level));
	tcb_level(1, OLD_TCB_DATE, "OutOfDate", old_level, sizeof(old_level));
	if (asprintf(&object,
		     "{\"id\":\"TDX\",\"version\":3,\"issueDate\":\"%s\","
		     "\"nextUpdate\":\"%s\",\"fmspc\":\"%s\",\"pceId\":\"%s\","
		     "\"tcbType\":0,\"tcbEvaluationDataNumber\":" EVALUATION ","
		     "\"tdxModule\":{\"mrsigner\":\"%s\","
		     "\"attributes\":\"0000000000000000\","
		     "\"attributesMask\":\"FFFFFFFFFFFFFFFF\"},"
		     "\"tdxModuleIdentities\":[%s],\"tcbLevels\":[%s,%s]}",
		     time_text(time(NULL), now),
		     time_text(time(NULL) + VALID_SECONDS, later),
		     hex_of(platform.fmspc, sizeof(platform.fmspc), fmspc),
		     hex_of(platform.pceid, sizeof(platform.pceid), pceid),
		     hex_of(platform.mrsignerseam,
			    sizeof(platform.mrsignerseam), mrsigner),
		     module, level, old_level) < 0)
		object = NULL;
	return sign_object("tcbInfo", object, signer);
}

/**
 * qe_identity_make - signed QE identity, version 2, id "TD_QE"
 * @signer: TCB signing key
 *
 * Return: JSON text that the caller frees, or NULL.
 */
char *qe_identity_make(EVP_PKEY *signer)
{
	char now[TIME_SIZE], later[TIME_SIZE];
	char mrsigner[HEX_SIZE(platform.qe_mrsigner)];
	char *object;

	/* MODE64BIT and XFRM are left to the CPU, as in Intel's own. */
	if (asprintf(&object,
		     "{\"id\":\"TD_QE\",\"version\":2,\"issueDate\":\"%s\","
		     "\"nextUpdate\":\"%s\","
		     "\"tcbEvaluationDataNumber\":" EVALUATION ","
		     "\"miscselect\":\"00000000\","
		     "\"miscselectMask\":\"FFFFFFFF\","
		     "\"attributes\":\"11000000000000000000000000000000\","
		     "\"attributesMask\":\"FBFFFFFFFFFFFFFF0000000000000000\","
		     "\"mrsigner\":\"%s\",\"isvprodid\":%u,"
		     "\"tcbLevels\":[{\"tcb\":{\"isvsvn\":%u},"
		     "\"tcbDate\":\"" TCB_DATE "\",\"tcbStatus\":\"UpToDate\"},"
		     "{\"tcb\":{\"isvsvn\":%u},\"tcbDate\":\"" OLD_TCB_DATE "\","
		     "\"tcbStatus\":\"OutOfDate\"}]}",
		     time_text(time(NULL), now),
		     time_text(time(NULL) + VALID_SECONDS, later),
		     hex_of(platform.qe_mrsigner, sizeof(platform.qe_mrsigner),
			    mrsigner),
		     platform.qe_prodid, platform.qe_svn,
		     platform.qe_svn - 1) < 0)
		object = NULL;
	return sign_object("enclaveIdentity", object, signer);
}
