#!/usr/bin/env bash
# Builds a record from the samples, from files and from a server on this machine, and has it checked by programs that
# are not ours: tools/verify.py reads the log and all that hangs on it, tools/check-warc.sh the WARC files. The record
# is checked once whole and once after an original that came over the web was erased.
#
#   tools/check-record.sh
#
# CREDENCE names the program to use instead of one that cargo builds. Exit code 0: all as it should be; 1: a program
# disagrees; 2: something is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$(tools/checkers.sh)
python=$tools/venv/bin/python3
if [ -z "${CREDENCE:-}" ]; then
  cargo build --quiet --locked -p credence
  CREDENCE=$(cargo metadata --format-version 1 --no-deps --locked | "$python" -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/debug/credence
fi

work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT

# Serves the sample pages: one as it is, one packed and in chunks, one by way of another address. Prints its port.
serve() {
  exec "$python" -u - samples/reports <<'PYTHON'
import gzip, http.server, pathlib, sys

folder = pathlib.Path(sys.argv[1])
pages = {"/witnesses": "05-halvorek-witnesses.html", "/findings": "13-commission-findings.html"}

class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/moved":
            return self.answer(302, b"", Location="/witnesses")
        if self.path not in pages:
            return self.answer(404, b"")
        body = (folder / pages[self.path]).read_bytes()
        if self.path == "/witnesses":
            return self.answer(200, body)
        if self.headers["If-None-Match"] == '"1"':
            return self.answer(304, None, ETag='"1"')
        packed = gzip.compress(body, mtime=0)
        pieces = [packed[at:at + 700] for at in range(0, len(packed), 700)] + [b""]
        chunked = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
        self.answer(200, chunked, ETag='"1"', Content_Encoding="gzip", Transfer_Encoding="chunked")

    def answer(self, status, body, **headers):
        self.send_response(status)
        if body is not None and "Transfer_Encoding" not in headers:
            headers["Content_Length"] = str(len(body))
        for name, value in ({"Content_Type": "text/html; charset=utf-8"} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_):
        pass

site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
print(site.server_port)
site.serve_forever()
PYTHON
}

# Asks Credence about the record.
credence() { "$CREDENCE" --record "$work/record" "$@"; }

# Fails unless Credence and the second verifier find the record sound, and the WARC programs its files.
check() {
  echo "$1:"
  credence verify --deep
  "$python" tools/verify.py "$work/record"
  tools/check-warc.sh "$work/record"
}

serve >"$work/port" &
server=$!
for _ in $(seq 100); do
  [ ! -s "$work/port" ] || break
  sleep 0.1
done
[ -s "$work/port" ] || { echo "the server of the sample pages does not start" >&2; exit 2; }
site=http://127.0.0.1:$(cat "$work/port")

mkdir "$work/record"
printf '[fetch]\nallow = ["127.0.0.1"]\n' >"$work/record/credence.toml"
credence collect "$site/witnesses" "$site/findings" "$site/moved"
# Times in a WARC file are to the second; the second time each page is a revisit, for its bytes or by the server's word.
sleep 1.1
credence collect "$site/witnesses" "$site/findings"
revisits=$(gzip -dc "$work"/record/originals/*.warc.gz | grep -a -c '^WARC-Type: revisit' || true)
[ "$revisits" -ge 2 ] || { echo "$revisits revisits are in the record, where two pages were asked for twice" >&2; exit 1; }
credence collect samples/reports
check "a record from files and from the web"

erased=$(sha256sum samples/reports/13-commission-findings.html | cut -c 1-64)
credence erase "$erased" --reason "a check of erasing"
check "the same after an erasure"
