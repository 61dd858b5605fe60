// SPDX-License-Identifier: MIT
/* The PKI directory: made once, loaded at each start. */

#include "emud.h"

#include <err.h>
#include <openssl/ec.h>
#include <stdlib.h>
#include <string.h>

/* Public files bear the names of Intel's verification library's sample set. */
#define ROOT_CERT	"trustedRootCaCert.pem"
#define PCK_CERT	"pckCert.pem"
#define PCK_CHAIN	"pckSignChain.pem"
#define TCB_CHAIN	"tcbSignChain.pem"
#define ROOT_CRL	"rootCaCrl.der"
#define PCK_CRL		"intermediateCaCrl.der"
#define TCB_INFO	"tcbInfo.json"
#define QE_IDENTITY	"qeIdentity.json"

enum { ROOT, PLATFORM, TCB, PCK, ATT, NR_KEYS };

static const char *const key_files[NR_KEYS] = {
	"root.key", "platform.key", "tcb.key", "pck.key", "attestation.key",
};

static const struct cert_spec specs[] = {
	[ROOT] = { "EMULATED SGX Root CA", .is_ca = true, .pathlen = 1 },
	[PLATFORM] = { "EMULATED SGX PCK Platform CA", .is_ca = true },
	[TCB] = { "EMULATED SGX TCB Signing" },
	[PCK] = { "EMULATED SGX PCK Certificate", .sgx = true },
};
#define NR_CERTS	(sizeof(specs) / sizeof(*specs))

static int put_json(const char *dir, const char *name, char *text)
{
	int ret = text ? pki_put(dir, name, 0644, text, strlen(text)) : -1;

	free(text);
	return ret;
}

static EVP_PKEY *make_key(const char *dir, unsigned int which)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");

	if (!key) {
		ossl_fail("cannot make a key");
	} else if (pki_put_key(dir, key_files[which], key)) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	return key;
}

static int make_keys(const char *dir, EVP_PKEY *keys[NR_KEYS])
{
	for (unsigned int i = 0; i < NR_KEYS; i++) {
		keys[i] = make_key(dir, i);
		if (!keys[i])
			return -1;
	}
	return 0;
}

/* @certs: those that come before it */
static X509 *make_cert(unsigned int which, EVP_PKEY *const keys[NR_KEYS],
		       X509 *const certs[NR_CERTS])
{
	static const unsigned int issuer[NR_CERTS] = {
		[ROOT] = ROOT, [PLATFORM] = ROOT, [TCB] = ROOT, [PCK] = PLATFORM,
	};

	return cert_make(&specs[which], keys[which], certs[issuer[which]],
			 keys[issuer[which]]);
}

static int make_certs(EVP_PKEY *const keys[NR_KEYS], X509 *certs[NR_CERTS])
{
	for (unsigned int i = 0; i < NR_CERTS; i++) {
		certs[i] = make_cert(i, keys, certs);
		if (!certs[i])
			return -1;
	}
	return 0;
}

/* QE_IDENTITY comes last: where it is, all is. */
static int put_public(const char *dir, EVP_PKEY *const keys[NR_KEYS],
		      X509 *const certs[NR_CERTS])
{
	return pki_put_certs(dir, ROOT_CERT, certs[ROOT], NULL) ||
	       pki_put_certs(dir, PCK_CERT, certs[PCK], NULL) ||
	       pki_put_certs(dir, PCK_CHAIN, certs[PLATFORM], certs[ROOT]) ||
	       pki_put_certs(dir, TCB_CHAIN, certs[TCB], certs[ROOT]) ||
	       pki_put_crl(dir, ROOT_CRL, certs[ROOT], keys[ROOT]) ||
	       pki_put_crl(dir, PCK_CRL, certs[PLATFORM], keys[PLATFORM]) ||
	       put_json(dir, TCB_INFO, tcb_info_make(keys[TCB])) ||
	       put_json(dir, QE_IDENTITY, qe_identity_make(keys[TCB])) ? -1 : 0;
}

/**
 * pki_init - makes the PKI in a directory, unless it is there
 * @dir: made if its parent exists
 */
int pki_init(const char *dir)
{
	EVP_PKEY *keys[NR_KEYS] = { NULL };
	X509 *certs[NR_CERTS] = { NULL };
	int ret = -1;

	if (pki_has(dir, QE_IDENTITY))
		return 0;
	if (pki_make_dir(dir))
		return -1;
	if (!make_keys(dir, keys) && !make_certs(keys, certs))
		ret = put_public(dir, keys, certs);

	for (unsigned int i = 0; i < NR_CERTS; i++)
		X509_free(certs[i]);
	for (unsigned int i = 0; i < NR_KEYS; i++)
		EVP_PKEY_free(keys[i]);
	return ret;
}

static int append_file(const char *dir, const char *name, char *text,
		       size_t size)
{
	size_t used = strlen(text), len;
	char path[4096];

	if (pki_path(dir, name, path, sizeof(path)) ||
	    file_read(path, text + used, size - used, &len))
		return -1;
	if (len == size - used) {
		warnx("%s: too long for a quote", path);
		return -1;
	}
	text[used + len] = '\0';
	return 0;
}

static char *load_chain(const char *dir)
{
	const size_t size = 8192;
	char *chain = calloc(1, size);

	if (!chain || append_file(dir, PCK_CERT, chain, size) ||
	    append_file(dir, PCK_CHAIN, chain, size)) {
		free(chain);
		return NULL;
	}
	return chain;
}

/**
 * pki_load - loads what the enclave needs
 * @dir: made by pki_init()
 * @pki: to be freed with pki_free(), also after a failure
 */
int pki_load(const char *dir, struct pki *pki)
{
	*pki = (struct pki) { 0 };
	if (!pki_has(dir, QE_IDENTITY)) {
		warnx("%s: no PKI there; make one with --pki %s --init", dir,
		      dir);
		return -1;
	}
	pki->pck_key = pki_key(dir, key_files[PCK]);
	pki->att_key = pki_key(dir, key_files[ATT]);
	pki->chain = load_chain(dir);
	return pki->pck_key && pki->att_key && pki->chain ? 0 : -1;
}

void pki_free(struct pki *pki)
{
	free(pki->chain);
	EVP_PKEY_free(pki->att_key);
	EVP_PKEY_free(pki->pck_key);
	*pki = (struct pki) { 0 };
}
