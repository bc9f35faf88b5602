#!/usr/bin/env bash
# All tests in two lanes at once: those on the simulated weeks and the quick ones that start Spark; and the rest, of which
# the slow ones that start Spark come last. The arguments go to pytest. Exit code 0 if all parts pass.
set -uo pipefail

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# 5: nothing was selected, which is no failure where another part had some.
both() {
  $PYTEST -p no:cacheprovider -m "$1" "${@:3}"
  local first=$?
  $PYTEST -p no:cacheprovider -m "$2" "${@:3}"
  local second=$?
  if [ "$first" -eq 5 ]; then return "$second"; fi
  if [ "$second" -eq 5 ]; then return "$first"; fi
  return $((first > second ? first : second))
}

both "not spark and not demo" "spark and slow and not demo" "$@" >"$logs/beside" 2>&1 &
beside=$!
both "demo" "spark and not slow and not demo" "$@"
code=$?
wait "$beside"
other=$?
echo
echo "The tests that ran beside these:"
cat "$logs/beside"

if [ "$code" -eq 5 ]; then exit "$other"; fi
if [ "$other" -eq 5 ]; then exit "$code"; fi
exit $((code > other ? code : other))
