#!/usr/bin/env bash
# Has every WARC file of a record checked by three programs that are not ours, and a twin of it, in which one byte of an
# original was changed, rejected by each of them.
#
#   tools/check-warc.sh RECORD...
#
# The three differ in what they let pass, so all are asked. tools/checkers.sh installs them.
# Exit code 0: all as it should be; 1: a program disagrees; 2: something is missing.
set -euo pipefail
# Packs the twin: one bit in the block of the middle original is flipped, and the member packed again, so that nothing
# but its digest can tell. Never the last member, whose digest warcat does not look at if another can be had, and never
# the end of the block, where warcio looks no further once the last chunk of an HTTP body is read.
twin() {
  python3 - "$1" "$2" <<'PYTHON'
import gzip, sys, zlib
rest, members = open(sys.argv[1], "rb").read(), []
while rest:
    member = zlib.decompressobj(31)
    members.append(member.decompress(rest) + member.flush())
    rest = member.unused_data
before_last = [n for n, record in enumerate(members[:-1]) if b"\r\nWARC-Block-Digest: " in record] or [0]
originals = [n for n in before_last if b"\r\nWARC-Type: res" in members[n][:200]] or before_last
at = originals[len(originals) // 2]
record = bytearray(members[at])
block = record.index(b"\r\n\r\n") + 4
record[block + (len(record) - 4 - block) * 3 // 4] ^= 1
members[at] = bytes(record)
with open(sys.argv[2], "wb") as file:
    file.writelines(gzip.compress(record, mtime=0) for record in members)
PYTHON
}

# Asks one program about one file; its words are shown only if they are asked for.
asked() {
  case $1 in
    warcio) "$tools/venv/bin/warcio" check -v "$2" ;;
    fastwarc) "$tools/venv/bin/fastwarc" check "$2" ;;
    warcat) "$tools/bin/warcat" verify --input "$2" ;;
  esac
}

if [ $# = 0 ]; then
  echo "usage: tools/check-warc.sh RECORD..." >&2
  exit 2
fi
tools=$("$(dirname "$0")/checkers.sh")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
files=0 wrong=0
for record in "$@"; do
  for file in "$record"/originals/*.warc.gz; do
    [ -f "$file" ] || { echo "$record/originals holds no WARC file" >&2; exit 2; }
    files=$((files + 1))
    if ! twin "$file" "$work/twin.warc.gz" 2>/dev/null; then
      echo "$file cannot be unpacked, record by record"
      wrong=1
      continue
    fi
    for program in warcio fastwarc warcat; do
      if ! asked "$program" "$file" >"$work/said" 2>&1; then
        echo "$program rejects $file:"
        tail -n 20 "$work/said"
        wrong=1
      fi
      if asked "$program" "$work/twin.warc.gz" >"$work/said" 2>&1; then
        echo "$program accepts a twin of $file with a flipped bit"
        wrong=1
      fi
    done
  done
done
echo "$files WARC files, each with a twin, by warcio, fastwarc and warcat: $([ $wrong = 0 ] && echo as it should be || echo NOT as it should be)"
exit $wrong
