#!/usr/bin/env bash
# All tests: those that start Spark beside the others, since each half waits most of the time and uses a third of a core.
# The arguments go to pytest. Exit code 0 if both halves pass.
set -uo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT

$PYTEST -p no:cacheprovider -m "not spark" "$@" >"$log" 2>&1 &
others=$!
$PYTEST -m spark "$@"
spark=$?
wait "$others"
rest=$?
echo
echo "The tests without Spark, which ran beside these:"
cat "$log"

# 5: nothing was selected, which is no failure where the other half had some.
[ "$spark" -eq 5 ] && spark=$rest
[ "$rest" -eq 5 ] && rest=$spark
exit $((spark > rest ? spark : rest))
