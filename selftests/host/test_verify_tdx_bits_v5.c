// SPDX-License-Identifier: MIT
/* No bit of a real quote of version 5 can be changed unseen. */
#include "flip_tdx.h"

static void each_bit_of_each_quote(void)
{
	flip_quotes(5);
}

static void cut_at_every_byte(void)
{
	cut_quotes(5);
}

static const struct tap_test tests[] = {
	{ "no quote is accepted with any covered bit flipped, nor any certificate's",
	  each_bit_of_each_quote },
	{ "no quote is accepted that is cut", cut_at_every_byte },
};

TAP_MAIN(tests)
