# SPDX-License-Identifier: MIT
# Takes ROW<TAB>RESULT lines out of what one client printed, and adds one for its
# end if that was not a good one.

BEGIN { FS = "\t"; status = "none: the VM ended first" }

/^EXIT\t/ { status = $2; next }

# What fails without a word fails.
NF == 2 && $1 != "" && $2 ~ /^((no|-): *)?$/ {
	print $1 "\tno: no reason given"
	rows++
	next
}

NF == 2 && $2 ~ /^(ok$|no: .|-: .)/ {
	print
	rows++
}

END {
	if (status != 0)
		print "the client ends\tno: exit status " status
}
