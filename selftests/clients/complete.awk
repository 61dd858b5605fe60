# SPDX-License-Identifier: MIT
# Sorts results by TEE, client and row, in the order of their first appearance,
# and adds those that are missing: what one kernel and driver gave a row for, all
# of that TEE must give it. A line that ends after the driver tells of a VM.

BEGIN { FS = OFS = "\t" }

{
	column = $2 FS $3
	if (!(($1, column) in column_seen)) {
		column_seen[$1, column] = 1
		columns[$1, ++column_count[$1]] = column
	}
	if (NF == 3)
		next
	row = $4 FS $5
	if (!(($1, row) in row_seen)) {
		row_seen[$1, row] = 1
		rows[$1, ++row_count[$1]] = row
	}
	if (($1, row, column) in result)
		$6 = "no: told twice"
	result[$1, row, column] = $6
}

# The end of a client is a row only where it was a bad one.
function is_optional(row)
{
	return row ~ /\tthe client ends$/
}

function print_tee(tee, c, r, text)
{
	for (r = 1; r <= row_count[tee]; r++) {
		for (c = 1; c <= column_count[tee]; c++) {
			text = result[tee, rows[tee, r], columns[tee, c]]
			if (text == "" && is_optional(rows[tee, r]))
				continue
			print tee, columns[tee, c], rows[tee, r],
				text == "" ? "no: no result" : text
		}
	}
}

END {
	print_tee("tdx")
	print_tee("snp")
}
