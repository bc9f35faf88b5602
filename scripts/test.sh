#!/usr/bin/env bash
# All tests in three parts at once: those on the simulated weeks, the others that start Spark, and the rest. Each part
# waits most of the time and uses a third of a core. The arguments go to pytest. Exit code 0 if all parts pass.
set -uo pipefail

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

$PYTEST -p no:cacheprovider -m "not spark and not demo" "$@" >"$logs/plain" 2>&1 &
plain=$!
$PYTEST -p no:cacheprovider -m "spark and not demo" "$@" >"$logs/spark" 2>&1 &
spark=$!
$PYTEST -m demo "$@"
codes=($?)
wait "$spark"
codes+=($?)
wait "$plain"
codes+=($?)
for part in spark plain; do
  echo
  echo "The tests that ran beside these ($part):"
  cat "$logs/$part"
done

# 5: nothing was selected, which is no failure where another part had some.
worst=5
for code in "${codes[@]}"; do
  if [ "$code" -ne 5 ] && { [ "$worst" -eq 5 ] || [ "$code" -gt "$worst" ]; }; then worst=$code; fi
done
exit "$worst"
