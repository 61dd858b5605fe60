// SPDX-License-Identifier: MIT
/* Writes an event log with every kind of record: the seed of logs, where there
 * is no real one. */
#include "../host/log_sample.h"

#include <stdio.h>

int main(int argc, char **argv)
{
	static struct bytes log;
	FILE *out;
	bool ok;

	if (argc != 2) {
		fputs("usage: make_seeds FILE\n", stderr);
		return 2;
	}
	log_sample(&log);
	out = fopen(argv[1], "wb");
	ok = out && fwrite(log.p, log.len, 1, out) == 1;
	if (!out || fclose(out) || !ok) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
