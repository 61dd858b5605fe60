// SPDX-License-Identifier: MIT
/* The PKI directory: made once, loaded at each start. */

#include "emud.h"

#include <err.h>
#include <errno.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static int path_of(const char *dir, const char *name, char *path, size_t size)
{
	int n = snprintf(path, size, "%s/%s", dir, name);

	if (n >= 0 && (size_t)n < size)
		return 0;
	warnx("%s: path is too long", dir);
	return -1;
}

static int put(const char *dir, const char *name, unsigned int mode,
	       const void *data, size_t len)
{
	char path[4096];

	return path_of(dir, name, path, sizeof(path)) ||
	       file_write(path, mode, data, len) ? -1 : 0;
}

static int put_bio(const char *dir, const char *name, unsigned int mode,
		   BIO *bio)
{
	const char *data;
	long len = BIO_get_mem_data(bio, &data);

	return put(dir, name, mode, data, len);
}

static int put_key(const char *dir, const char *name, EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	int ret = -1;

	if (bio && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL))
		ret = put_bio(dir, name, 0600, bio);
	BIO_free(bio);
	return ret;
}

/* Up to two certificates, the lower one first */
static int put_certs(const char *dir, const char *name, X509 *cert, X509 *ca)
{
	BIO *bio = BIO_new(BIO_s_mem());
	int ret = -1;

	if (bio && PEM_write_bio_X509(bio, cert) == 1 &&
	    (!ca || PEM_write_bio_X509(bio, ca) == 1))
		ret = put_bio(dir, name, 0644, bio);
	BIO_free(bio);
	return ret;
}

static int put_crl(const char *dir, const char *name, X509 *ca, EVP_PKEY *key)
{
	X509_CRL *crl = crl_make(ca, key);
	BIO *bio = BIO_new(BIO_s_mem());
	int ret = -1;

	if (crl && bio && i2d_X509_CRL_bio(bio, crl) == 1)
		ret = put_bio(dir, name, 0644, bio);
	BIO_free(bio);
	X509_CRL_free(crl);
	return ret;
}

static int put_json(const char *dir, const char *name, char *text)
{
	int ret = text ? put(dir, name, 0644, text, strlen(text)) : -1;

	free(text);
	return ret;
}

static int make_keys(const char *dir, EVP_PKEY *keys[NR_KEYS])
{
	for (unsigned int i = 0; i < NR_KEYS; i++) {
		keys[i] = EVP_EC_gen("P-256");
		if (!keys[i])
			return ossl_fail("cannot make a key");
		if (put_key(dir, key_files[i], keys[i]))
			return -1;
	}
	return 0;
}

static int make_certs(EVP_PKEY *const keys[NR_KEYS], X509 *certs[NR_CERTS])
{
	static const unsigned int issuer[NR_CERTS] = {
		[ROOT] = ROOT, [PLATFORM] = ROOT, [TCB] = ROOT, [PCK] = PLATFORM,
	};

	for (unsigned int i = 0; i < NR_CERTS; i++) {
		certs[i] = cert_make(&specs[i], keys[i], certs[issuer[i]],
				     keys[issuer[i]]);
		if (!certs[i])
			return -1;
	}
	return 0;
}

/* QE_IDENTITY comes last: where it is, all is. */
static int put_public(const char *dir, EVP_PKEY *const keys[NR_KEYS],
		      X509 *const certs[NR_CERTS])
{
	return put_certs(dir, ROOT_CERT, certs[ROOT], NULL) ||
	       put_certs(dir, PCK_CERT, certs[PCK], NULL) ||
	       put_certs(dir, PCK_CHAIN, certs[PLATFORM], certs[ROOT]) ||
	       put_certs(dir, TCB_CHAIN, certs[TCB], certs[ROOT]) ||
	       put_crl(dir, ROOT_CRL, certs[ROOT], keys[ROOT]) ||
	       put_crl(dir, PCK_CRL, certs[PLATFORM], keys[PLATFORM]) ||
	       put_json(dir, TCB_INFO, tcb_info_make(keys[TCB])) ||
	       put_json(dir, QE_IDENTITY, qe_identity_make(keys[TCB])) ? -1 : 0;
}

static bool is_complete(const char *dir)
{
	char path[4096];

	return !path_of(dir, QE_IDENTITY, path, sizeof(path)) &&
	       !access(path, F_OK);
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

	if (is_complete(dir))
		return 0;
	if (mkdir(dir, 0755) && errno != EEXIST) {
		warn("%s: cannot make the directory", dir);
		return -1;
	}
	if (!make_keys(dir, keys) && !make_certs(keys, certs))
		ret = put_public(dir, keys, certs);

	for (unsigned int i = 0; i < NR_CERTS; i++)
		X509_free(certs[i]);
	for (unsigned int i = 0; i < NR_KEYS; i++)
		EVP_PKEY_free(keys[i]);
	return ret;
}

static EVP_PKEY *load_key(const char *dir, const char *name)
{
	char path[4096];
	EVP_PKEY *key = NULL;
	BIO *bio;

	if (path_of(dir, name, path, sizeof(path)))
		return NULL;
	bio = BIO_new_file(path, "r");
	if (bio)
		key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	if (!key) {
		ossl_fail(path);
		warnx("%s: no key in it; remove %s and make a new PKI with --init",
		      path, dir);
	}
	BIO_free(bio);
	return key;
}

static int append_file(const char *dir, const char *name, char *text,
		       size_t size)
{
	size_t used = strlen(text), len;
	char path[4096];

	if (path_of(dir, name, path, sizeof(path)) ||
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
	if (!is_complete(dir)) {
		warnx("%s: no PKI there; make one with --pki %s --init", dir,
		      dir);
		return -1;
	}
	pki->pck_key = load_key(dir, key_files[PCK]);
	pki->att_key = load_key(dir, key_files[ATT]);
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
