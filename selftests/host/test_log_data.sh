#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl log on the logs of real machines, against what others make of them: if
# they are there (TSM_DATA, or ../shared/data beside the repository).
#
# Functions are called through check:
# shellcheck disable=SC2317
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh

ctl=${BUILD:?}/bin/tsmctl
reader=../vm/eventlog.py
trustee=${TSM_DATA-}/confidential-containers__trustee/deps/eventlog/test_data
google=${TSM_DATA-}/google__go-tdx-guest/testing/testdata/ccel
golog=${TSM_DATA-}/google__go-eventlog/testdata/eventlogs/ccel
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT

# run ARGUMENT...: sets status; out and err are files
run() {
	ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99 \
		"$ctl" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
}

# check SENTENCE COMMAND...
check() {
	sentence=$1
	shift
	"$@"
	result=$?
	[ $result -eq 0 ] || head -n 30 "$dir/err" | sed "s/^/# $status: /"
	tap_result $result "$sentence"
}

# same_as_trustee FILE: registers, types, digests, data, and the names and paths
# that its parser finds
same_as_trustee() {
	python3 - "$1" "$dir/out" 2>"$dir/err" <<'END'
import base64
import json
import sys

theirs = json.load(open(sys.argv[1]))["uefi_event_logs"]
ours = json.load(open(sys.argv[2]))["records"][1:]
assert len(theirs) == len(ours), (len(theirs), len(ours))
for want, got in zip(theirs, ours):
    number = got["number"]
    assert want["index"] == got["mr_index"], number
    assert want["type_name"] == got["event_type_name"], number
    assert ([d["digest"] for d in want["digests"]] ==
            [d["digest"] for d in got["digests"]]), number
    assert base64.b64decode(want["event"]) == bytes.fromhex(got["event"])
    # they compare with all of the data always, we with what was measured
    if want["digest_matches_event"]:
        assert got.get("digest_matches_event", True), number
    details = want["details"]
    if "unicode_name" in details:
        assert details["unicode_name"] == got["details"]["name"], number
        assert (base64.b64decode(details["variable_data"]).hex() ==
                got["details"]["data"]), number
    for path in details.get("device_paths", []):
        # of the forms that [UEFI] 10.6.1.6 gives: HD and File
        if path.startswith("HD("):
            assert path.lower() in got["details"]["device_path"].lower()
        if path.startswith("File("):
            assert got["details"]["device_path"].endswith(path[5:-1]), path
    if "string" in details:
        assert details["string"] in got["description"] or \
            got["description"].startswith("Linux: "), number
END
}

echo "TAP version 13"
if [ ! -d "$trustee" ] || [ ! -d "$google" ] || [ ! -d "$golog" ]; then
	tap_skip "real logs are shown, replayed and exported" \
		"they are not here: set TSM_DATA"
	tap_done
fi

for name in grub ovmf; do
	run log --json --ccel "$trustee/CCEL_data_$name"
	if command -v python3 >/dev/null; then
		check "the trustee's parser finds the same in CCEL_data_$name" \
			same_as_trustee "$trustee/CCEL_data_${name}_out.json"
	else
		tap_skip "the trustee's parser finds the same in $name" \
			"no python3"
	fi
done

run log replay --ccel "$google/ccel_data.dat" \
	--quote "$google/cos-113-tdx-quote.dat"
check "a log and the quote of its machine agree" [ "$status" -eq 0 ]
check "in all four registers" \
	[ "$(grep -Ec '^rtmr[0-3] +equal, ' "$dir/out")" -eq 4 ]
run log replay --ccel "$golog/cos-113-intel-tdx-dupe-separator.bin" \
	--quote "$google/cos-113-tdx-quote.dat"
check "a log with a separator too many does not agree" [ "$status" -eq 3 ]
check "in the registers that it concerns" [ "$(grep -E '^rtmr' "$dir/out" |
	sed 's/ .* / /' | tr '\n' ' ')" = \
	"rtmr0 MISMATCH rtmr1 MISMATCH rtmr2 records rtmr3 extended " ]
run log --ccel "$google/ccel_table.dat"
check "the table of the log is not taken for it" grep -q 'data/CCEL beside it' \
	"$dir/err"

for file in "$google/ccel_data.dat" "$trustee/CCEL_data_grub" \
	    "$trustee/CCEL_data_ovmf" "$golog/CCEL_unpadded.data.bin"; do
	name=${file##*/}
	run log replay --no-compare --ccel "$file"
	sed 's/:sha384//' "$dir/out" >"$dir/registers"
	for format in tcg cel-tlv cel-json; do
		run log export --ccel "$file" --format $format -o "$dir/$format"
	done
	if ! command -v python3 >/dev/null || [ ! -e $reader ]; then
		tap_skip "another reader replays $name to the same values" \
			"no python3, or no $reader"
		continue
	fi
	for args in "$file" "$dir/tcg" "--cel-tlv $dir/cel-tlv" \
		    "--cel-json $dir/cel-json"; do
		# shellcheck disable=SC2086
		python3 $reader replay $args >"$dir/out" 2>"$dir/err"
		status=$?
		check "another reader replays $name as ${args##*/} to the same values" \
			cmp "$dir/out" "$dir/registers"
	done
	if command -v tpm2_eventlog >/dev/null; then
		check "tpm2_eventlog reads $name as exported" \
			sh -c "tpm2_eventlog '$dir/tcg' >'$dir/yaml' 2>'$dir/err'"
	else
		tap_skip "tpm2_eventlog reads $name as exported" "not installed"
	fi
done
tap_done
