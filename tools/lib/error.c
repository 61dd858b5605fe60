// SPDX-License-Identifier: MIT
/* The line that a failing library function leaves for people. */
#include "lib_private.h"

#include <stdarg.h>
#include <stdio.h>

int tsm_error_set(struct tsm_error *err, int ret, const char *fmt, ...)
{
	va_list args;

	if (!err)
		return ret;
	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return ret;
}
