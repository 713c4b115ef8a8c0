#!/usr/bin/env python3
"""Looks for copies among the same texts with datasketch, rensa and Credence in turns, and prints times and recall.

    cargo build --release -p evaluate --example copies-speed
    python3 tools/compare-copies.py TEXTS [PAIRS]

TEXTS is a file of JSON lines with "id" and "text". PAIRS, if given, is one with "a", "b" (ids) and "copy": the share of
those labelled as copies that each finds is printed, with the share of what it finds among the labelled pairs that is
right. Without it, the pairs that any two of the three find stand for the copies.

The other two are set as they are commonly used: shingles of five words, MinHash of 128 permutations, an index by bands
for a likeness of one half, each text looked up and then added. They are installed from the package registry into an
environment of their own. One thread each, and the mean time of the processor over some rounds; loading the texts, and for
Credence reading the articles out of them, is counted for nobody.

Credence is told in three steps, each with those before it. "candidates" is the work of the other two: fingerprints, and
the pairs that share enough of them. "copies" reads these pairs side by side, which the others leave to their user: the
shared passages, what they amount to, and the families. "stories" groups the reports too.
"""
import json, os, subprocess, sys, time, venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
OURS = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "examples" / "copies-speed"
ROUNDS = 5
PLACE = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "compare-copies"


def rows(path):
    return [json.loads(line) for line in Path(path).read_text().split("\n") if line]


def shingles(text):
    words = text.lower().split()
    return [" ".join(words[at : at + 5]) for at in range(max(1, len(words) - 4))]


def with_datasketch(texts):
    from datasketch import MinHash, MinHashLSH

    index, found = MinHashLSH(threshold=0.5, num_perm=128), []
    for at, text in enumerate(texts):
        sketch = MinHash(num_perm=128)
        sketch.update_batch([shingle.encode() for shingle in shingles(text)])
        found += [(other, at) for other in index.query(sketch)]
        index.insert(at, sketch)
    return found


def with_rensa(texts):
    from rensa import RMinHash, RMinHashLSH

    index, found = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32), []
    for at, text in enumerate(texts):
        sketch = RMinHash(num_perm=128, seed=1)
        sketch.update(shingles(text))
        found += [(other, at) for other in index.query(sketch)]
        index.insert(at, sketch)
    return found


def measured(name, path):
    """Runs in a process of its own."""
    texts = [row["text"] for row in rows(path)]
    start = time.process_time()
    for _ in range(ROUNDS):
        found = {"datasketch": with_datasketch, "rensa": with_rensa}[name](texts)
    print(json.dumps({"seconds": (time.process_time() - start) / ROUNDS, "pairs": found}))


def python():
    """Returns the interpreter of an environment with both packages."""
    inside = PLACE / "bin" / "python3"
    if not inside.exists():
        venv.create(PLACE, with_pip=True)
        subprocess.run([inside, "-m", "pip", "install", "-q", "datasketch", "rensa"], check=True)
    return str(inside)


def printed(command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main():
    if sys.argv[1] == "--only":
        return measured(*sys.argv[2:])
    path, *pairs = sys.argv[1:]
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    inside = python()
    commands = {name: [inside, __file__, "--only", name, path] for name in ("datasketch", "rensa")}
    ran = {name: printed(command) for name, command in commands.items()}
    steps = printed([str(OURS), path])
    ran |= {f"credence {step}": run for step, run in steps.items()}
    found = {name: {tuple(sorted(pair)) for pair in run["pairs"]} for name, run in ran.items()}
    # Who is of one family is a copy of all in it, whether or not the two were compared.
    for name, run in ran.items():
        for family in run.get("families", []):
            found[name] |= {tuple(sorted((a, b))) for at, a in enumerate(family) for b in family[:at]}
    names = [row["id"] for row in rows(path)]
    if pairs:
        at = {name: number for number, name in enumerate(names)}
        labelled = {tuple(sorted((at[row["a"]], at[row["b"]]))): row["copy"] for row in rows(pairs[0])}
    else:
        sets = [found[name] for name in ("datasketch", "rensa", "credence copies")]
        agreed = (sets[0] & sets[1]) | (sets[0] & sets[2]) | (sets[1] & sets[2])
        labelled = {pair: True for pair in agreed}
    copies = {pair for pair, copy in labelled.items() if copy}
    for name, run in ran.items():
        of_those = found[name] & labelled.keys()
        right = len(of_those & copies)
        print(
            f"{name}: {run['seconds']:.2f} s, {len(names) / run['seconds']:,.0f} texts a second, {len(found[name]):,} pairs;"
            f" recall {right / max(1, len(copies)):.3f}, precision {right / max(1, len(of_those)):.3f} of {len(copies):,} copies;"
            f" against it, candidates {run['seconds'] / steps['candidates']['seconds']:.1f}"
            f" and copies {run['seconds'] / steps['copies']['seconds']:.1f} times as fast"
        )


if __name__ == "__main__":
    main()
