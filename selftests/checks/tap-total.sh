#!/bin/sh
# SPDX-License-Identifier: MIT
# Adds up TAP logs: names what failed, ends with "N passed, N failed, N skipped".
#
# usage: tap-total.sh LOG...
#
# A log holds any number of TAP documents, each starting with "TAP version".
# What cannot be trusted counts as failed: a missing, short or exceeded plan,
# numbers out of sequence, "Bail out!", a log without TAP, and TODO, XFAIL and
# XPASS, of which this project has none. "1..0 # SKIP reason" and "ok # SKIP
# reason" count as skipped, never as passed.
#
# Subtests, as the kernel's run_kselftest.sh nests them ("# ok 1 ..."), count
# instead of the line that sums them up, unless that line alone says not ok:
# then the program has died. A runner that does not nest may write the line
# "# exit status N" after a document to the same end.
#
# Exit status: 0 if nothing failed, 1 if anything did, 2 usage.

[ $# -gt 0 ] || { echo "usage: tap-total.sh LOG..." >&2; exit 2; }

exec awk '
function problem(what)
{
	printf "%s:%d: %s\n", log_name, line_number, what
	failed++
	doc_failed++
}

function new_nested()
{
	nested = 0
	nested_plan = -1
	nested_seen = nested_failed = 0
}

function open_doc()
{
	in_doc = 1
	documents++
	plan = -1
	seen = doc_failed = doc_skipped = 0
	new_nested()
}

function close_doc()
{
	if (!in_doc)
		return
	in_doc = 0
	if (plan < 0)
		problem("no plan: the program died, or forgot it")
	else if (seen < plan)
		problem("only " seen " of " plan " planned tests: the program died")
	else if (seen > plan)
		problem(seen " tests, but " plan " planned")
	if (nested && nested_seen)
		problem("subtests without the line that sums them up")
}

function close_log()
{
	close_doc()
	if (log_name != "" && !documents)
		problem("no TAP in it")
}

function is_directive(text, word)
{
	return toupper(text) ~ ("#[ \t]*" word "([^A-Z]|$)")
}

# One result, outer or nested, that counts.
function count(text)
{
	if (text ~ /^not ok/) {
		problem(text)
	} else if (is_directive(text, "SKIP")) {
		skipped++
		doc_skipped++
	} else if (is_directive(text, "(TODO|XFAIL|XPASS)")) {
		problem("not accepted: " text)
	} else {
		passed++
	}
}

function set_plan(text, old)
{
	if (old >= 0)
		problem("a second plan: " text)
	sub(/^1\.\./, "", text)
	return text + 0
}

function check_number(text, expected)
{
	sub(/^(not )?ok[ \t]*(-[ \t]*)?/, "", text)
	if (text ~ /^[0-9]/ && text + 0 != expected)
		problem("number out of sequence, expected " expected ": " text)
}

function nested_result(text)
{
	nested_seen++
	check_number(text, nested_seen)
	if (text ~ /^not ok/)
		nested_failed++
	count(text)
}

function result(text)
{
	seen++
	check_number(text, seen)
	if (!nested_seen) {
		count(text)
	} else {
		if (nested_plan >= 0 && nested_seen != nested_plan)
			problem(nested_seen " of " nested_plan \
				" planned subtests: " text)
		if (text ~ /^not ok/ && !nested_failed)
			problem("no subtest failed, but the program did: " text)
	}
	new_nested()
}

function exit_status(status)
{
	close_doc()
	if (documents == documents_before)
		problem("no TAP from a program, exit status " status)
	else if (status != 0 && !doc_failed && !(status == 4 && doc_skipped))
		problem("exit status " status ", though no test failed")
	documents_before = documents
}

# What awk would pass over in silence.
BEGIN {
	for (i = 1; i < ARGC; i++) {
		if ((getline text < ARGV[i]) > 0) {
			close(ARGV[i])
			continue
		}
		log_name = ARGV[i]
		problem("no such log, or an empty one")
		delete ARGV[i]
		lost++
	}
	log_name = ""
	if (lost == ARGC - 1)
		exit
}

FNR == 1 {
	close_log()
	log_name = FILENAME
	documents = documents_before = in_doc = 0
}

{
	line_number = FNR
	sub(/\r$/, "")
}

/^TAP version / { close_doc(); open_doc(); next }

/^(1\.\.[0-9]|(not )?ok([ \t]|$))/ && !in_doc { open_doc() }

/^1\.\.0/ {
	plan = set_plan($0, plan)
	if (is_directive($0, "SKIP")) {
		skipped++
		doc_skipped++
	} else {
		problem("nothing planned, and no reason given")
	}
	next
}

/^1\.\.[0-9]/ { plan = set_plan($0, plan); next }

/^(not )?ok([ \t]|$)/ { result($0); next }

/^Bail out!/ { if (!in_doc) open_doc(); problem($0); next }

/^# exit status [0-9]+/ { exit_status($4 + 0); next }

/^(# |    )(TAP version|1\.\.[0-9]|(not )?ok [0-9])/ && in_doc {
	text = $0
	sub(/^(# |    )/, "", text)
	if (text ~ /^TAP version/)
		nested = 1
	else if (text ~ /^1\.\./) {
		nested = 1
		nested_plan = set_plan(text, nested_plan)
	} else if (nested)
		nested_result(text)
}

END {
	close_log()
	printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
	exit failed > 0
}
' "$@"
