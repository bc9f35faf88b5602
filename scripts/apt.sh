#!/usr/bin/env bash
# Install Debian packages where that is allowed, else say the line to type.
# usage: apt.sh WHY PACKAGE… ; of alternatives a|b|c the first that this release has is taken.
set -euo pipefail

why=$1
shift

if ! command -v apt-get >/dev/null; then
    echo "kesheng: $why. Please install one of: $* (this machine has no apt-get)" >&2
    exit 2
fi
if [ "$(id -u)" = 0 ]; then
    as_root=()
elif sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
else
    echo "kesheng: $why. Please type: sudo apt-get install -y ${*%%|*}" >&2
    exit 2
fi

apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@"; }

echo "$why: installing with apt …" >&2
apt update >&2 || true  # one unreachable list must not stop what another one has
chosen=()
for wanted in "$@"; do
    for package in ${wanted//|/ }; do
        if apt-cache --no-all-versions show "$package" >/dev/null 2>&1; then
            chosen+=("$package")
            break
        fi
    done
done
if [ "${#chosen[@]}" -lt "$#" ]; then
    echo "kesheng: $why. Of $* this release offers only: ${chosen[*]:-none}. Please install it by hand" >&2
    exit 2
fi
apt install -y --no-install-recommends "${chosen[@]}" >&2
