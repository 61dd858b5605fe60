# SPDX-License-Identifier: MIT
# Prints the first line of SHOWN that GOT has not, after the one before it; what
# changes from run to run is the same for this: digests, and sizes of evidence.
#
# usage: awk -f shown.awk GOT SHOWN

# 12 digits or more; not every awk knows {12,}
BEGIN {
	for (i = 0; i < 12; i++)
		digest = digest "[0-9a-f]"
	digest = digest "[0-9a-f]*"
}

function fixed(line)
{
	gsub(digest, "HEX", line)
	gsub(/[ \t]+/, " ", line)
	sub(/ $/, "", line)
	if (line ~ /size [0-9]+$/)
		sub(/[0-9]+$/, "SIZE", line)
	return line
}

FILENAME == ARGV[1] { got[++count] = fixed($0); next }

/^ *$/ || $0 == "..." || found_none { next }

{
	line = fixed($0)
	while (++at <= count && got[at] != line)
		;
	if (at > count) {
		print
		found_none = 1
	}
}
