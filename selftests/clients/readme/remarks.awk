# SPDX-License-Identifier: MIT
# Prints the lines of SCRIPT that end in a remark "# VALUE: ..." where the command
# printed something else; TRACE is what `sh -x` and the commands printed.
#
# usage: awk -f remarks.awk TRACE SCRIPT

FILENAME == ARGV[1] { got[++count] = $0; next }

match($0, / +# [^ :]+: /) {
	command = "+ " substr($0, 1, RSTART - 1)
	value = substr($0, RSTART, RLENGTH - 2)
	sub(/ +# /, "", value)
	for (i = 1; i <= count; i++)
		if (got[i] == command && got[i + 1] == value)
			next
	print
}
