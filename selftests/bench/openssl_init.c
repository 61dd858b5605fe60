// SPDX-License-Identifier: MIT
/*
 * What tsmctl verify is compared with: a program of OpenSSL that gets ready and
 * does nothing; with an argument, one that also has its configuration and a
 * digest, as whoever uses EVP.
 */
#include <openssl/crypto.h>
#include <openssl/evp.h>

int main(int argc, char **argv)
{
	EVP_MD *md;

	(void)argv;
	if (!OPENSSL_init_crypto(argc > 1 ? OPENSSL_INIT_LOAD_CONFIG : 0, NULL))
		return 1;
	if (argc < 2)
		return 0;
	md = EVP_MD_fetch(NULL, "SHA256", NULL);
	EVP_MD_free(md);
	return !md;
}
