#!/usr/bin/env bash
# All tests in two lanes at once: those on the simulated weeks and those that start Spark; and the rest. The arguments go
# to pytest. Exit code 0 if all parts pass.
set -uo pipefail

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
worst=5

# Run the tests of a marker expression and keep the worst exit code. 5: nothing was selected, which is no failure where
# another part had some.
run() {
  $PYTEST -p no:cacheprovider -m "$1" "${@:2}"
  keep $?
}

keep() {
  if [ "$worst" -eq 5 ] || { [ "$1" -ne 5 ] && [ "$1" -gt "$worst" ]; }; then worst=$1; fi
}

$PYTEST -p no:cacheprovider -m "not spark and not demo" "$@" >"$logs/beside" 2>&1 &
beside=$!
run "demo" "$@"
run "spark and not slow and not demo" "$@"
run "spark and slow and not demo" "$@"
wait "$beside"
keep $?
echo
echo "The tests that ran beside these:"
cat "$logs/beside"
exit "$worst"
