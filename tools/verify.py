#!/usr/bin/env python3
"""tools/verify.py RECORD [CHECKPOINT] checks a record without Credence, by docs/formats/record.md and stamps.md alone.

CHECKPOINT, handed out earlier and kept elsewhere, shows whether the whole folder was rolled back. Needs Python 3.11
and `cryptography`. Exit code 0: sound; 3: damaged, a line for each damage on standard output; 2: no record. Signatures
of time stamps are checked; whether to trust their authorities is for the reader."""
import base64, datetime, hashlib, json, re, sys
from pathlib import Path
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

damages = []
def need(holds, what):
    if not holds:
        raise ValueError(what)
def each(what, items, check):  # What is wrong with one is noted, and the others are checked all the same.
    for item in items:
        try:
            check(item)
        except Exception as fault:  # Whatever a damaged file leads to is damage.
            damages.append(f"{what} {item}: {str(fault) or type(fault).__name__}")
def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()
def files(folder):
    inside = (path.relative_to(folder) for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return {str(path) for path in inside if not any(part.startswith(".") for part in path.parts)}
def unbase64(text):
    need(base64.b64encode(raw := base64.b64decode(text, validate=True)).decode() == text, "not canonical base64")
    return raw

# Section 2: leaves.
def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
def read_leaf(index, line):
    leaf = json.loads(line)
    need(canonical(leaf) == line and leaf["index"] == index, "not canonical, or not in its place")
    need(re.fullmatch("[0-9a-f]{64}", leaf["salt" if "record" in leaf else "entry"]), "not 64 hexadecimal digits")
    return (sha256(bytes.fromhex(leaf["salt"]), canonical(leaf["record"])), leaf["record"]) if "record" in leaf else (
        bytes.fromhex(leaf["entry"]), {"kind": leaf["state"]})
def read_leaves(folder):
    leaves, names = [], sorted(files(folder), key=lambda name: (len(name), name))
    need(names == [f"{n:05}.jsonl" for n in range(len(names))], "a file of leaves is missing or added")
    for name in names:
        *lines, rest = (folder / name).read_bytes().split(b"\n")
        need(not rest and (len(lines) == 4096 or name == names[-1] and len(lines) < 4096), f"{name} is not whole")
        each(f"leaves/{name} line", range(len(lines)), lambda n: leaves.append(read_leaf(len(leaves), lines[n])))
    return leaves

# Section 3: the tree. levels[k][i] is the hash of the i-th full subtree of 2^k leaves.
def subtrees(entries):
    levels = [[sha256(b"\0", entry) for entry in entries]]
    while len(levels[-1]) > 1:
        below = iter(levels[-1])
        levels.append([sha256(b"\1", left, right) for left, right in zip(below, below)])
    return levels
def root(levels, size):
    result, *lefts = [levels[k][(size >> k) - 1] for k in range(size.bit_length()) if size >> k & 1] or [sha256()]
    for left in lefts:
        result = sha256(b"\1", left, result)
    return result
def tile_path(level, n, width=256):
    text = f"{n % 1000:03}"
    while n := n // 1000:
        text = f"x{n % 1000:03}/{text}"
    return f"{level}/{text}" + f".p/{width}" * (width < 256)
def check_tiles(folder, entries, levels, sizes):
    wanted, present = {}, files(folder)
    layers = [(height // 8, levels[height], height) for height in range(0, len(levels), 8)]
    for name, hashes_, height in [("entries", [b"\0\x20" + entry for entry in entries], 0)] + layers:
        for full, width in {divmod(size >> height, 256) for size in sizes}:
            tiles = [(n, 256) for n in range(full) if full == sizes[-1] >> height + 8] + [(full, width)] * (width > 0)
            wanted |= {tile_path(name, n, w): (hashes_[256 * n:256 * n + w], tile_path(name, n)) for n, w in tiles}
    def check(path):
        need(path in wanted, "no tile of any checkpoint")
        if path in present or wanted[path][1] not in present:
            need((folder / path).read_bytes() == b"".join(wanted[path][0]), "not what the leaves say")
    each("tile", present | set(wanted), check)

# Section 4: signed notes. A key is its name, its number and itself.
def read_key(line, kind):
    name, number, text = line.split("+", 2)
    public = unbase64(text.removesuffix("\n"))
    right = public[0] == kind and number == sha256(name.encode(), b"\n", public)[:4].hex()
    need(right and text.endswith("\n"), "not a key of that kind")
    return name, bytes.fromhex(number), ed25519.Ed25519PublicKey.from_public_bytes(public[1:])
def open_note(path, log_key, witnesses=()):  # The lines that were signed, if every signature is right.
    by_log, (text, signatures) = 0, path.read_bytes().decode().split("\n\n", 1)
    if "\nbody " in text:
        signatures = signatures.split("\n", 1)[0] + "\n"
    *signatures, rest = [line.split(" ") for line in signatures.split("\n")]
    for dash, name, raw in [(dash, name, unbase64(raw)) for dash, name, raw in signatures]:
        key = next((key for key in (log_key, *witnesses) if key[:2] == (name, raw[:4])), None)
        need(dash == "—" and (key or path.parent.name != "checkpoints"), "signed by a key that is not in the record")
        before = "" if key is log_key else f"cosignature/v1\ntime {int.from_bytes(raw[4:12])}\n"
        key and key[2].verify(raw[12 if before else 4:], f"{before}{text}\n".encode())
        by_log += key is log_key
    need(rest == [""] and by_log == 1, "not signed by the log")
    return text.split("\n")
def check_checkpoint(path, keys, levels):
    origin, size, hash_ = open_note(path, *keys)
    need(origin == keys[0][0] and size == str(int(size)), "of another log")
    need(int(size) <= len(levels[0]), f"over {size} leaves where there are {len(levels[0])}: rolled back or cut short")
    need(unbase64(hash_) == root(levels, int(size)), "over other leaves than the log has: rewritten")
    need(path.parent.name != "checkpoints" or path.name == size, "under another name")

# Sections 1 and 5: originals. A place is offset, length and digest of the bytes that lie there.
def check_segment(path, places):
    with path.open("rb") as file:
        for offset, length, digest in sorted(places):
            need(offset == file.tell(), f"a gap or an overlap at byte {file.tell()}")
            if f"sha256:{sha256(file.read(length)).hex()}" != digest:
                damages.append(f"{path.name} at byte {offset}: not what the log says")
        need(not file.read(1), "something stands behind what the log says")

# Section 6: the seal.
def check_seal(record, key, size):
    kind, leaves, *lines = open_note(record / "log/seal", key)
    if lines and lines[0].startswith("body "):  # A long list stands behind the note.
        body = (record / "log/seal").read_bytes().split(b"\n\n", 1)[1].split(b"\n", 1)[1]
        need(lines == [f"body {sha256(body).hex()}  {len(body)}"] and body.endswith(b"\n"), "not the list that was signed")
        lines = body.decode().split("\n")[:-1]
    older = kind == f"credence-seal/v1 {key[0]}"  # Without how files were met, and with whole digests only.
    need(older or kind == f"credence-seal/v2 {key[0]}", "not a seal of this log")
    need(leaves == f"leaves {size}", "of another state of the log")
    lines = lines if older else [re.sub("  (-|\\d+-\\d+)  ", "  ", line, count=1) for line in lines]
    need(not (wal := record / "record.db-wal").exists() or not wal.stat().st_size, "record.db-wal holds rows as well")
    there = {str(path.relative_to(record)) for path in record.rglob("*") if path.is_file()}
    there = {path for path in there if re.fullmatch(r"(index|log/stamps)/.*(?<!\.lock)|record\.db", path)}
    there |= {line.split("  ", 2)[2] for line in lines}
    def line(path):
        raw = (record / path).read_bytes()
        blocks = [raw[at:at + 4096] for at in range(0, len(raw), 4096)]
        by_blocks = path == "record.db" and not older
        digest = sha256(b"".join(map(sha256, blocks)) if by_blocks else raw)
        return f"{digest.hex()}  {len(raw)}  {path}"
    there = {line(path) for path in there}
    damages.extend(f"not what was sealed, or missing: {line}" for line in there ^ set(lines))

# Time stamps, by docs/formats/stamps.md. Names of ASN.1 are as they are encoded.
IMPRINT = bytes.fromhex("3031300d060960864801650304020105000420")
DIGESTS = {f"60864801650304020{n + 1}": kind() for n, kind in enumerate((hashes.SHA256, hashes.SHA384, hashes.SHA512))}
def der(data, *path):  # The values one after the other: tag, content, whole; with a path, those within where it leads.
    values = []
    while data:
        size = data[1] & 127 if data[1] > 127 else 0
        end = 2 + size + (int.from_bytes(data[2:2 + size]) if size else data[1])
        need(len(data) >= end, "cut short")
        values, data = values + [(data[0], data[2 + size:end], data[:end])], data[end:]
    return der(values[path[0]][1], *path[1:]) if path else values
def check_stamp(log, name):
    size, over = re.fullmatch(r"(\d+)-((?:[a-z0-9-]{1,32}\.)*)[a-z0-9-]{1,32}", name).groups()
    stamped = (log / "stamps" / f"{size}-{over[:-1]}.tsr").read_bytes() if over else (
        (log / "checkpoints" / size).read_bytes().split(b"\n\n")[0] + b"\n")
    query, answer = [(log / "stamps" / f"{name}.{ending}").read_bytes() for ending in ("tsq", "tsr")]
    body = b"\2\1\1" + (imprint := IMPRINT + sha256(stamped)) + (nonce := query[56:-3]) + b"\1\1\xff"
    need(query == bytes([0x30, len(body)]) + body and nonce[0] == 2, "the request is not over what it was made for")
    need(len(der(answer)) == 1 and der(answer, 0, 0)[0][2] in (b"\2\1\0", b"\2\1\1"), "it was not granted")
    signed = der(answer, 0, 1, 1, 0)
    (_, _, content_type), (_, content, _) = der(signed[2][1])[0], der(signed[2][1], 1)[0]
    statement, ((_, signer, _),) = der(content, 0), der(signed[-1][1])
    need(statement[0][2] == b"\2\1\1" and statement[2][2] == imprint, "over other bytes")
    need(nonce in [whole for *_, whole in statement[5:]], "an answer to another request")
    _, _, (_, algorithm, _), attributes, _, (_, signature, _), *_ = der(signer)
    values = {der(whole, 0)[0][1].hex()[14:]: der(whole, 0, 1) for *_, whole in der(attributes[1])}
    kind = DIGESTS[der(algorithm)[0][1].hex()]
    need(values["0903"][0][2] == content_type == bytes.fromhex("060b2a864886f70d0109100104"), "not a time stamp")
    need(values["0904"][0][1] == hashlib.new(kind.name, content).digest(), "another statement was signed")
    named = der(values["0910022f"][0][2], 0, 0, 0)
    by = DIGESTS[der(named.pop(0)[1])[0][1].hex()] if named[0][0] == 0x30 else hashes.SHA256()
    enclosed = [whole for tag, content, _ in signed if tag == 0xA0 for *_, whole in der(content)]
    certificate, *_ = [x509.load_der_x509_certificate(whole) for whole in enclosed
                       if hashlib.new(by.name, whole).digest() == named[0][1]]
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    alone = [purpose.dotted_string for purpose in usage.value] == ["1.3.6.1.5.5.7.3.8"]
    need(usage.critical and alone, "not a certificate for stamps alone")
    time = datetime.datetime.strptime(f"{statement[4][1][:14].decode()}+0000", "%Y%m%d%H%M%S%z")
    need(certificate.not_valid_before_utc <= time <= certificate.not_valid_after_utc, "a certificate not valid then")
    rsa_key = isinstance(key := certificate.public_key(), rsa.RSAPublicKey)
    key.verify(signature, b"\x31" + attributes[2][1:], *((padding.PKCS1v15(), kind) if rsa_key else (ec.ECDSA(kind),)))
def verify(record, older):
    log = record / "log"
    foreign = "(?!(checkpoints|leaves|stamps|tile)/|(checkpoint|key|seal|witnesses)$)"
    damages.extend(f"log/{path}: does not belong here" for path in files(log) if re.match(foreign, path))
    leaves = read_leaves(log / "leaves")
    if damages:
        return  # What is computed from damaged leaves says nothing.
    levels, said = subtrees([entry for entry, _ in leaves]), [said for _, said in leaves]
    key, *witnesses = [path.read_bytes().decode() for path in (log / "key", log / "witnesses") if path.exists()]
    keys = read_key(key, 1), [read_key(line, 4) for line in "".join(witnesses).splitlines(keepends=True)]
    sizes = sorted(map(int, files(log / "checkpoints")))
    older += [log / "checkpoints" / str(size) for size in sizes]
    each("checkpoint", older, lambda path: check_checkpoint(path, keys, levels))
    need(sizes[-1] == len(leaves), "no checkpoint is over all leaves")
    need((log / "checkpoint").read_bytes() == older[-1].read_bytes(), "log/checkpoint is not the newest")
    check_tiles(log / "tile", [entry for entry, _ in leaves], levels, sizes)
    unpaired = {index for index, what in enumerate(said) if what["kind"] == "erased"}
    unpaired ^= {what["leaf"] for what in said if what["kind"] == "erasure"}
    damages.extend(f"leaf {index}: erased without a leaf that says so, or the reverse" for index in unpaired)
    places = {name: [] for name in files(record / "originals") if re.fullmatch(r"\d{8}-\d{5,}\.warc\.gz", name)}
    damages.extend(f"originals/{name}: does not belong here" for name in files(record / "originals") - set(places))
    for what in (what for what in said if what["kind"] in ("record", "erasure") and "segment" in what):
        place = what["offset"], what["stored_length"], what["stored_digest"]
        places.setdefault(f"{what['segment']}.warc.gz", []).append(place)
    each("segment", places, lambda name: check_segment(record / "originals" / name, places[name]))
    stamps = {name.removesuffix(".tsr") for name in files(log / "stamps") if name.endswith(".tsr")}
    each("stamp", stamps, lambda name: check_stamp(log, name))
    each("log", ["seal"] if (log / "seal").exists() else [], lambda _: check_seal(record, keys[0], len(leaves)))
if __name__ == "__main__":
    record, *older = map(Path, sys.argv[1:] or ["no record given"])
    if not (record / "log").is_dir():
        sys.exit(print(f"{record}: there is no record here: no log/", file=sys.stderr) or 2)
    each("record", [record], lambda record: verify(record, older))
    print(*sorted(damages), sep="\n", end="\n" if damages else "")
    sys.exit(3 if damages else 0)
