# SPDX-License-Identifier: MIT
# Makes a table for each TEE of the results: what worked with which driver.
#
# A reason too long for its cell is a note below the table.

BEGIN {
	FS = "\t"
	max = 16
	title["tdx"] = "Intel TDX"
	title["snp"] = "AMD SEV-SNP"
	driver["tsm_guest"] = "tsm_guest"
	driver["intree"] = "in-tree"
}

function note(text, i)
{
	for (i = 1; i <= notes; i++)
		if (note_text[i] == text)
			return "no [" i "]"
	note_text[++notes] = text
	return "no [" notes "]"
}

function cell(result)
{
	if (result ~ /^-: /)
		return "-"
	sub(/^no: /, "", result)
	return length(result) <= max ? result : note(result)
}

{
	column = $2 " " driver[$3]
	row = $4 FS $5
	if (!(($1, column) in column_seen)) {
		column_seen[$1, column] = 1
		columns[$1, ++column_count[$1]] = column
	}
	if (!(($1, row) in row_seen)) {
		row_seen[$1, row] = 1
		rows[$1, ++row_count[$1]] = row
	}
	cells[$1, row, column] = cell($6)
}

function wider(text, column)
{
	if (length(text) > width[column])
		width[column] = length(text)
}

function print_line(text, n, i)
{
	for (i = 1; i <= n; i++)
		printf "| %-" width[i] "s ", text[i]
	print "|"
}

# fill TEE: the lines of a table, and the width of its columns
function fill(tee, r, c, part)
{
	delete line
	delete width
	line[0, 1] = title[tee] ": client"
	line[0, 2] = "operation"
	for (c = 1; c <= column_count[tee]; c++)
		line[0, c + 2] = columns[tee, c]
	for (r = 1; r <= row_count[tee]; r++) {
		split(rows[tee, r], part, FS)
		line[r, 1] = part[1]
		line[r, 2] = part[2]
		for (c = 1; c <= column_count[tee]; c++)
			line[r, c + 2] = cells[tee, rows[tee, r], columns[tee, c]]
	}
	for (r = 0; r <= row_count[tee]; r++)
		for (c = 1; c <= column_count[tee] + 2; c++)
			wider(line[r, c], c)
}

function print_tee(tee, n, r, c, text)
{
	if (!row_count[tee])
		return
	fill(tee)
	n = column_count[tee] + 2
	for (r = 0; r <= row_count[tee]; r++) {
		for (c = 1; c <= n; c++)
			text[c] = line[r, c]
		print_line(text, n)
		if (r)
			continue
		for (c = 1; c <= n; c++)
			printf "|%s", substr("-----------------------------------" \
				"-------------------------------", 1, width[c] + 2)
		print "|"
	}
	print ""
}

END {
	print_tee("tdx")
	print_tee("snp")
	for (r = 1; r <= notes; r++)
		print "[" r "] " note_text[r]
}
