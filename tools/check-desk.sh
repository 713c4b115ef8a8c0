#!/bin/sh
# Looks at the desk in a browser: the walks of a person, the map and charts with pointer and keys, every page at two sizes and in the dark, hostile reports.
# Takes Debian's chromium (installed where it is absent and the user is root) and two packages of npm below target/.
# Pictures of all pages come to target/desk/pictures.
set -eu
cd "$(dirname "$0")/.."

CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
if [ ! -x "$CHROMIUM" ]; then
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    apt-get install -y --no-install-recommends chromium
  else
    echo "check-desk: $CHROMIUM is missing; install chromium, or name one with CHROMIUM=" >&2
    exit 1
  fi
fi
for program in node npm; do
  command -v "$program" >/dev/null || { echo "check-desk: $program is missing; Node 20 or later has it" >&2; exit 1; }
done

packages=$PWD/target/desk
mkdir -p "$packages/pictures"
cp tests/desk/package.json tests/desk/package-lock.json "$packages/"
(cd "$packages" && npm ci --ignore-scripts --no-audit --no-fund)
# The types of the islands.
rm -rf "$packages/islands/src"
mkdir -p "$packages/islands"
cp -r crates/credence/islands/* "$packages/islands/"
(cd "$packages/islands" && npm ci --ignore-scripts --no-audit --no-fund && npm run check)
if [ -z "${CREDENCE:-}" ]; then
  CREDENCE_ISLANDS=required cargo build -p credence
  CREDENCE=${CARGO_TARGET_DIR:-$PWD/target}/debug/credence
fi

export CHROMIUM CREDENCE DESK_PACKAGES="$packages" DESK_PICTURES="$packages/pictures"
exec node --test --test-timeout=1800000 --test-concurrency=1 tests/desk/desk.test.mjs tests/desk/islands.test.mjs
