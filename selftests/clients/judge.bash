# SPDX-License-Identifier: MIT
# What a row of a client means for TAP: with our driver it must work; what the
# in-tree drivers do is told, not judged. For run.sh, which sets OUT and ABSENT.
# shellcheck shell=bash

# is_expected_absent TEE KERNEL CLIENT ROW: by ABSENT, of what our driver lacks
is_expected_absent()
{
	local line=$1$'\t'$2$'\t'$3$'\t'$4 tee kernel client row

	grep -v '^#' "$ABSENT" | while read -r tee kernel client row; do
		# shellcheck disable=SC2053 # patterns are meant
		[[ $line != $tee$'\t'$kernel$'\t'$client$'\t'$row ]] ||
			echo y
	done | grep -q y
}

# What a client printed, so that no TAP in it is taken for ours.
show_output()
{
	sed -n "s/^$4	/#   | /p" "$OUT/out/$2-$1-$3" | tail -n 60
}

# judge TEE KERNEL DRIVER CLIENT ROW RESULT
judge()
{
	local name="$2 $1 $3: $4: $5"

	case $3:$6 in
	*:"-: "*)
		if [ "$3" = intree ] ||
			is_expected_absent "$1" "$2" "$4" "$5"; then
			tap_skip "$name" "${6#-: }"
		else
			tap_not_ok "$name" "not there: ${6#-: }"
			show_output "$@"
		fi ;;
	intree:*)
		echo "# $name: $6" ;;
	*:ok)
		tap_ok "$name" ;;
	*)
		tap_not_ok "$name" "$6"
		show_output "$@" ;;
	esac
}

judge_all()
{
	local tee kernel driver client row result

	while IFS=$'\t' read -r tee kernel driver client row result; do
		judge "$tee" "$kernel" "$driver" "$client" "$row" "$result"
	done <"$OUT/complete"
}
