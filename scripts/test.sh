#!/usr/bin/env bash
# All tests in two lanes at once: those that start Spark (first those on the simulated weeks), and the rest. The arguments
# go to pytest. Exit code 0 if all parts pass.
set -uo pipefail

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

$PYTEST -p no:cacheprovider -m "not spark and not demo" "$@" >"$logs/plain" 2>&1 &
plain=$!
$PYTEST -m demo "$@"
codes=($?)
$PYTEST -p no:cacheprovider -m "spark and not demo" "$@"
codes+=($?)
wait "$plain"
codes+=($?)
echo
echo "The tests that ran beside these:"
cat "$logs/plain"

# 5: nothing was selected, which is no failure where another part had some.
worst=5
for code in "${codes[@]}"; do
  if [ "$code" -ne 5 ] && { [ "$worst" -eq 5 ] || [ "$code" -gt "$worst" ]; }; then worst=$code; fi
done
exit "$worst"
