#!/usr/bin/env bash
# All tests: those without marks beside the rest, since these wait for Spark, Airflow and the browser half of the time.
# First argument: the marks' expression of the fast part; the others go to pytest. Exit code 0 if both parts pass.
set -uo pipefail

fast=$1
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT

$PYTEST -q -p no:cacheprovider -m "$fast" "$@" >"$log" 2>&1 &
unit=$!
$PYTEST -m "not ($fast)" "$@"
rest=$?
wait "$unit"
quick=$?
echo
echo "The tests without marks, which ran beside these:"
cat "$log"

# 5: nothing was selected, which is no failure where the other part had some.
[ "$rest" -eq 5 ] && rest=$quick
[ "$quick" -eq 5 ] && quick=$rest
exit $((rest > quick ? rest : quick))
