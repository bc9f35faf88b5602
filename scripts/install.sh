#!/usr/bin/env bash
# Make .venv with exactly what requirements.lock pins, and this project in it. Run from the project's folder.
set -euo pipefail

find_python() {
    local name
    for name in python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null &&
            "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "kesheng: Python 3.11, 3.12 or 3.13 is needed, found $(python3 -V 2>/dev/null || echo none); install one of them and type make again" >&2
    exit 2
}

# uv does not read pip's settings; where this machine has some, they hold for uv too.
as_pip_does() {
    local config
    config=$(.venv/bin/python -m pip config list 2>/dev/null || true)
    setting() { sed -n "s/^[a-z:]*\.$1='\(.*\)'\$/\1/p" <<<"$config" | tail -n 1 | sed 's/\\n/ /g'; }
    local index extra links cert
    index=$(setting index-url) extra=$(setting extra-index-url) links=$(setting find-links) cert=$(setting cert)
    [ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
    [ -z "$extra" ] || export UV_INDEX="${UV_INDEX:-$extra}"
    [ -z "$links" ] || export UV_FIND_LINKS="${UV_FIND_LINKS:-${links// /,}}"
    [ -z "$cert" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-$cert}"
    export UV_INDEX_STRATEGY="${UV_INDEX_STRATEGY:-unsafe-best-match}"  # pip looks at all indexes too
}

python=$(find_python)
if ! .venv/bin/python -m pip -V >/dev/null 2>&1; then
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("{}.{}".format(*sys.version_info))')
        bash scripts/apt.sh "Python's venv module is missing" "python$version-venv|python3-venv"
    fi
    echo "making .venv with $("$python" -V)" >&2
    "$python" -m venv --clear .venv
fi

.venv/bin/python -m pip install --quiet --disable-pip-version-check "$(grep '^uv==' requirements.lock || echo uv)"
as_pip_does
export UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-120}" VIRTUAL_ENV="$PWD/.venv"
echo "installing $(grep -c == requirements.lock) packages …" >&2
if ! .venv/bin/uv pip install --no-deps -r requirements.lock; then
    echo "uv could not; trying the same with pip" >&2
    .venv/bin/python -m pip install --disable-pip-version-check --no-deps -r requirements.lock
fi
.venv/bin/uv pip install --quiet --no-deps -e . ||
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
