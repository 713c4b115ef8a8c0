#!/usr/bin/env bash
# Has the API of the desk asked by programs that are not ours, over a record of the samples: its description has to be sound,
# no question may break it, and every answer has to be as described.
#
#   tools/check-api.sh [SECONDS]
#
# SECONDS bound the asking, 120 unless given. schemathesis and openapi-spec-validator are installed, once, into
# target/api-tools, or where API_TOOLS says; needs python3 with venv, and on the first run PyPI or the mirror that pip is
# configured with. CREDENCE names the program, target/debug/credence unless given.
# Exit code 0: all as it should be; 1: a program disagrees; 2: something is missing.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
tools=${API_TOOLS:-$root/target/api-tools}
credence=$(realpath "${CREDENCE:-$root/target/debug/credence}")
seconds=${1:-120}
packages="schemathesis==4.32.5 openapi-spec-validator==0.9.0"

if [ "$(cat "$tools/installed" 2>/dev/null)" != "$packages" ]; then
  echo "installing $packages into $tools" >&2
  rm -rf "$tools" && mkdir -p "$tools"
  python3 -m venv "$tools/venv" >&2 || { echo "python3 with venv is missing" >&2; exit 2; }
  # The packages are words of their own.
  # shellcheck disable=SC2086
  timeout 600 "$tools/venv/bin/pip" install --quiet --disable-pip-version-check --retries 2 --timeout 20 $packages >&2 ||
    { echo "pip did not get $packages from PyPI within ten minutes; is it reachable?" >&2; exit 2; }
  echo "$packages" >"$tools/installed"
fi

work=$(mktemp -d)
desk=
trap 'if [ -n "$desk" ]; then kill "$desk" 2>/dev/null || true; wait "$desk" 2>/dev/null || true; fi; rm -rf "$work"' EXIT
cd "$work"
"$credence" collect "$root/samples/reports" >/dev/null
"$credence" incidents --json >incidents
# Nobody listens there: no address that is made up is asked for.
printf '[fetch]\nproxy = "http://127.0.0.1:9"\nattempts = 1\n' >record/credence.toml
"$credence" serve --port 0 >link 2>log &
desk=$!
for _ in $(seq 200); do [ -s link ] && break; sleep 0.1; done
address=$(sed -n 's/\/enter.*//p' link) secret=$(sed -n 's/.*secret=//p' link)
[ -n "$secret" ] || { cat log >&2; echo "the desk did not open" >&2; exit 2; }
token="Authorization: Bearer $secret"
curl --silent --fail --header "$token" "$address/api/v1/openapi.json" >openapi.json
"$tools/venv/bin/openapi-spec-validator" openapi.json

# Ids that there are, so that more is asked than what there is not.
incident=$(sed -n '1s/^{"id":"\([^"]*\)".*/\1/p' incidents)
cat >schemathesis.toml <<TOML
[parameters]
"path.id" = ["01-agency-halvorek.txt", "01-agency-halvorek.txt#1", "$incident", "t-halvorek-open", "1"]

# One id: of several, the number sign ends the address where other methods are tried.
[[operations]]
include-path = "/api/v1/reports/{id}/said"
parameters = { "path.id" = "01-agency-halvorek.txt" }
TOML
# Events have no end, so no answer to them can be read to it. Ids of decisions and reports cannot be guessed: what names none
# that there is, is refused, however well it is formed. A parameter with nothing behind its `=`, as forms send it, counts as
# not given, which is taken for bad data that was accepted; the tests of the program hold what is refused.
"$tools/venv/bin/schemathesis" --config-file schemathesis.toml run openapi.json --url "$address" --header "$token" \
  --exclude-path /api/v1/events --checks all --exclude-checks positive_data_acceptance,negative_data_rejection \
  --max-time "$seconds" --request-timeout 20 --generation-deterministic --continue-on-failure --no-color --warnings off

kill -0 "$desk" || { cat log >&2; echo "the desk closed by itself" >&2; exit 1; }
"$credence" verify
