#!/usr/bin/env bash
# Install Debian packages where that is allowed, else say the line to type.
# usage: apt.sh WHY PACKAGE… ; of alternatives a|b|c the first that this release has is taken.
set -euo pipefail

why=$1
shift

# Print the packages to install, one for each argument; fail where the release offers none of its alternatives.
choose() {
    local wanted package found status=0
    for wanted in "$@"; do
        found=
        for package in ${wanted//|/ }; do
            if apt-cache --no-all-versions show "$package" >/dev/null 2>&1; then
                found=$package
                break
            fi
        done
        [ -n "$found" ] || status=1
        echo "${found:-${wanted%%|*}}"
    done
    return "$status"
}

if ! command -v apt-get >/dev/null; then
    echo "kesheng: $why. This machine has no apt-get; please install: ${*//|/ or }" >&2
    exit 2
fi
if [ "$(id -u)" = 0 ]; then
    as_root=(env)
elif sudo -n true 2>/dev/null; then
    as_root=(sudo -n env)
else
    line=$(choose "$@" || true)
    echo "kesheng: $why. Please type: sudo apt-get install -y" $line >&2
    exit 2
fi

apt() { "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" >&2; }

echo "$why: installing with apt …" >&2
apt update || true # one list that cannot be reached must not stop what another one has
if ! packages=$(choose "$@"); then
    echo "kesheng: $why. This release does not offer all of: ${*//|/ or }. Please install them by hand" >&2
    exit 2
fi
apt install -y --no-install-recommends $packages
