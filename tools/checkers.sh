#!/usr/bin/env bash
# Installs, once, the programs that are not ours and that check what we keep, and prints the folder that holds them.
#
#   tools/checkers.sh
#
# The folder is target/warc-tools, or where WARC_TOOLS says. In it lie venv/, a private Python with cryptography (for
# tools/verify.py), warcio and fastwarc, which takes seconds; and bin/warcat, built in two to three minutes on two cores
# (unoptimised, which is enough for small records). Needs python3 with venv, cargo, and on the first run PyPI and
# crates.io, or the mirrors that pip and cargo are configured with. Exit code 0: all are there; 2: they are not.
set -euo pipefail
tools=${WARC_TOOLS:-$(cd "$(dirname "$0")/.." && pwd)/target/warc-tools}
packages="cryptography==48.0.0 fastwarc==2.0.0 warcio==1.8.1" warcat=0.3.4

has() { [ "$(cat "$tools/installed-$1" 2>/dev/null)" = "$2" ]; }
lacking() {
  echo "the checkers of records cannot be installed: $*" >&2
  exit 2
}

if ! has python "$packages"; then
  echo "installing $packages into $tools" >&2
  rm -rf "$tools/venv"
  mkdir -p "$tools"
  python3 -m venv "$tools/venv" >&2 || lacking "python3 with venv is missing"
  # The packages are words of their own.
  # shellcheck disable=SC2086
  timeout 600 "$tools/venv/bin/pip" install --quiet --disable-pip-version-check --retries 2 --timeout 20 $packages >&2 ||
    lacking "pip did not get $packages from PyPI within ten minutes; is it reachable?"
  echo "$packages" >"$tools/installed-python"
fi
if ! has warcat "$warcat"; then
  echo "building warcat $warcat into $tools" >&2
  # No debugging information: a third of the build time and nine tenths of the size.
  (cd "$tools" && CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=build timeout 1500 \
    cargo install --quiet --locked --force --debug --features bin --root "$tools" "warcat@$warcat") >&2 ||
    lacking "cargo did not get and build warcat $warcat from crates.io within 25 minutes; is it reachable?"
  rm -rf "$tools/build"
  echo "$warcat" >"$tools/installed-warcat"
fi
echo "$tools"
