# SPDX-License-Identifier: MIT
# Reads what tsmctl COMMAND --help prints, and prints it as part of a man page.
#
# -v want=all      all of it
# -v want=usage    the synopsis, which are the lines up to the first empty one
# -v want=rest     what follows on that
# -v want=options  "LONG<TAB>CLAUSE" instead, a line for each option
# -v values="FILE HEX ..."  words to be set as values
#
# Help is for terminals, but its form is regular: paragraphs; a line that ends
# with a colon over what is indented; and lists, whose terms end with two blanks
# or their line. What is indented more belongs to the term. What stands between
# lines with a brace alone is printed as it is; so are usage and examples.

BEGIN {
	n = split(values, list, " ")
	for (i = 1; i <= n; i++)
		is_value[list[i]] = 1
}

# Long options without a short one stand where others have theirs.
{
	if (/^      --/) {
		sub(/^    /, "")
		if (match($0, /[^ ]  +[^ ]/))
			$0 = substr($0, 1, RSTART) "    " substr($0, RSTART + 1)
	}
	line[NR] = $0
}

END {
	for (at = 1; at <= NR && line[at] != ""; at++)
		;
	if (want == "all" || want == "usage")
		usage(1, at - 1)
	if (want != "usage")
		block(at, NR, 0)
}

function put(text)
{
	if (want == "options")
		return
	if (text ~ /^['.]/ && !is_request)
		text = "\\&" text
	print text
}

function request(text)
{
	is_request = 1
	put(text)
	is_request = 0
}

function indent(at)
{
	match(line[at], /^ */)
	return RLENGTH
}

function trim(text)
{
	sub(/^ +/, "", text)
	return text
}

# What troff would change. In literal text, hyphens must stay what they are.
function escape(text, is_literal)
{
	gsub(/\\/, "\\e", text)
	gsub(/\^/, "\\(ha", text)
	gsub(/~/, "\\(ti", text)
	gsub(/`/, "\\(ga", text)
	if (is_literal) {
		gsub(/-/, "\\-", text)
		gsub(/'/, "\\(aq", text)
	}
	return text
}

function bold(text)
{
	return "\\fB" escape(text, 1) "\\fR"
}

function italic(text)
{
	return "\\fI" escape(text, 1) "\\fR"
}

# Usage, and terms of options: what is to be typed, and in capitals what is to
# be replaced.
function typed(text,	out, word, tail)
{
	out = ""
	while (match(text, /[^][ |,'@]+/)) {
		word = substr(text, RSTART, RLENGTH)
		out = out escape(substr(text, 1, RSTART - 1), 1)
		text = substr(text, RSTART + RLENGTH)
		tail = sub(/\.\.\.$/, "", word) ? "..." : ""
		if (word == "")
			out = out tail
		else if (word ~ /^[A-Z][A-Z_=]*$/)
			out = out italic(word) tail
		else
			out = out bold(word) tail
	}
	return out escape(text, 1)
}

# A word of prose: the names of things are not broken at the end of a line.
function unbroken(word)
{
	if (word ~ /[\/@=_$<>]|^(-|derive-key|cel-)/)
		return "\\%" escape(word, 1)
	return escape(word, 0)
}

# Prose: options and values stand out, paths and names keep their hyphens.
function prose(text,	out, word, tail)
{
	out = ""
	while (match(text, /[^ ("]+/)) {
		word = substr(text, RSTART, RLENGTH)
		out = out substr(text, 1, RSTART - 1)
		text = substr(text, RSTART + RLENGTH)
		tail = ""
		if (match(word, /[.,;:)"]+$/)) {
			tail = substr(word, RSTART)
			word = substr(word, 1, RSTART - 1)
		}
		if (word ~ /^--?[A-Za-z]/)
			out = out bold(word) tail
		else if (word in is_value)
			out = out italic(word) tail
		else
			out = out unbroken(word) tail
	}
	return out text
}

function usage(from, to,	at, text)
{
	request(".nf")
	for (at = from; at <= to; at++) {
		text = substr(line[at], 8)
		put(typed(text))
	}
	request(".fi")
}

# Lines as they are.
function verbatim(from, to, drop,	at)
{
	request(".PP")
	request(".RS 4")
	request(".EX")
	for (at = from; at <= to; at++)
		put(escape(substr(line[at], drop + 1), 1))
	request(".EE")
	request(".RE")
}

# The end of what is indented more than @at, or of the paragraph.
function end_of(at, to, deeper,	column)
{
	column = indent(at)
	while (at < to && line[at + 1] != "" &&
	       (deeper ? indent(at + 1) > column : indent(at + 1) == column &&
		!is_term(at + 1)))
		at++
	return at
}

function is_term(at,	text)
{
	text = trim(line[at])
	return text ~ /[^ ]  +[^ ]/ || text == "{" ||
	       text ~ /^(-[A-Za-z], )?--?[A-Za-z-]+( [^ ]+)?$/
}

function is_heading(at, to)
{
	return !indent(at) && line[at] ~ /:$/ && (at == 1 || line[at - 1] == "") &&
	       at < to && line[at + 1] != "" && indent(at + 1) > 0
}

# The first clause of a description, which completion shows beside an option.
function note_option(term, from, to,	name, text, at)
{
	if (!match(term, /--[a-z][a-z-]*/))
		return
	name = substr(term, RSTART + 2, RLENGTH - 2)
	if (name in noted)
		return
	noted[name] = 1
	text = ""
	for (at = from; at <= to; at++)
		text = text (at > from ? " " : "") trim(line[at])
	sub(/^[a-z]+: /, "", text)
	sub(/([;:.] | \().*/, "", text)
	sub(/[,;:.]$/, "", text)
	print name "\t" text
}

# A term, and below it what its description has; a description that begins in
# the same line is put below as if it stood there.
function item(at, to, depth,	text, term, skip, end)
{
	end = end_of(at, to, 1)
	text = trim(line[at])
	term = text
	skip = 1
	if (match(text, /[^ ]  +[^ ]/)) {
		term = substr(text, 1, RSTART)
		text = substr(text, RSTART + RLENGTH - 1)
		line[at] = sprintf("%*s%s", length(line[at]) - length(text), "",
				   text)
		skip = 0
	}
	if (want == "options")
		note_option(term, at + skip, end)
	request(".TP")
	put(term ~ /^-/ ? typed(term) : bold(term))
	in_item = 1
	block(at + skip, end, depth + 1)
	in_item = 0
	return end
}

function paragraph(from, to, depth,	at, text)
{
	if (!in_item)
		request(depth ? ".IP" : ".PP")
	in_item = 0
	for (at = from; at <= to; at++) {
		text = prose(trim(line[at]))
		sub(/^Exit status:/, "\\fB&\\fR", text)
		put(text)
	}
}

function block(from, to, depth,	at, end, nested)
{
	nested = 0
	for (at = from; at <= to; at = end + 1) {
		end = at
		if (line[at] == "")
			continue
		if (trim(line[at]) == "{") {
			while (end < to && !(trim(line[end]) == "}" &&
					     indent(end) == indent(at)))
				end++
			verbatim(at, end, indent(at))
		} else if (is_heading(at, to)) {
			request(".PP")
			put(bold(line[at]))
			if (line[at] == "Examples:") {
				end = end_of(at, to, 1)
				verbatim(at + 1, end, 2)
			}
		} else if (is_term(at)) {
			if (depth && !nested) {
				request(".RS")
				nested = 1
			}
			end = item(at, to, depth)
		} else {
			if (nested) {
				request(".RE")
				nested = 0
			}
			end = end_of(at, to, 0)
			paragraph(at, end, depth)
		}
	}
	if (nested)
		request(".RE")
}
