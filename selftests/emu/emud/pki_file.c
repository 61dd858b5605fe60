// SPDX-License-Identifier: MIT
/* Files of a PKI directory: keys, certificates and CRLs in and out. */

#include "emud.h"

#include <err.h>
#include <errno.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int pki_path(const char *dir, const char *name, char *path, size_t size)
{
	int n = snprintf(path, size, "%s/%s", dir, name);

	if (n >= 0 && (size_t)n < size)
		return 0;
	warnx("%s: path is too long", dir);
	return -1;
}

bool pki_has(const char *dir, const char *name)
{
	char path[4096];

	return !pki_path(dir, name, path, sizeof(path)) && !access(path, F_OK);
}

int pki_make_dir(const char *dir)
{
	if (!mkdir(dir, 0755) || errno == EEXIST)
		return 0;
	warn("%s: cannot make the directory", dir);
	return -1;
}

int pki_put(const char *dir, const char *name, unsigned int mode,
	    const void *data, size_t len)
{
	char path[4096];

	return pki_path(dir, name, path, sizeof(path)) ||
	       file_write(path, mode, data, len) ? -1 : 0;
}

static int put_bio(const char *dir, const char *name, unsigned int mode,
		   BIO *bio)
{
	const char *data;
	long len = BIO_get_mem_data(bio, &data);

	return pki_put(dir, name, mode, data, len);
}

int pki_put_key(const char *dir, const char *name, EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	int ret = -1;

	if (bio && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL))
		ret = put_bio(dir, name, 0600, bio);
	BIO_free(bio);
	return ret;
}

/* Up to two certificates, the lower one first */
int pki_put_certs(const char *dir, const char *name, X509 *cert, X509 *ca)
{
	BIO *bio = BIO_new(BIO_s_mem());
	int ret = -1;

	if (bio && PEM_write_bio_X509(bio, cert) == 1 &&
	    (!ca || PEM_write_bio_X509(bio, ca) == 1))
		ret = put_bio(dir, name, 0644, bio);
	BIO_free(bio);
	return ret;
}

int pki_put_crl(const char *dir, const char *name, X509 *ca, EVP_PKEY *key)
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

EVP_PKEY *pki_key(const char *dir, const char *name)
{
	char path[4096];
	EVP_PKEY *key = NULL;
	BIO *bio;

	if (pki_path(dir, name, path, sizeof(path)))
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
