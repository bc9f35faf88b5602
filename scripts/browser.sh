#!/usr/bin/env bash
# See that there are a browser and a Chinese font for the browser tests; install them where that is allowed.
set -euo pipefail

found=
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null; then found=$name; fi
done
missing=()
[ -n "$found" ] || missing+=(chromium)
if command -v fc-list >/dev/null; then
    [ -n "$(fc-list :lang=zh family)" ] || missing+=(fonts-noto-cjk)
elif [ "$(uname)" = Linux ]; then
    missing+=(fontconfig fonts-noto-cjk)
fi
if [ "${#missing[@]}" -gt 0 ]; then
    bash scripts/apt.sh "The browser tests need a browser and a Chinese font" "${missing[@]}"
fi
