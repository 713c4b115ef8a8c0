#!/usr/bin/env python3
"""Asks an open desk for all its pages and the main routes of its API, at a steady rate, and prints how long each took.

    credence --record RECORD serve --port 0 > link &
    tools/load-desk.py "$(cat link)"

Ids are drawn from the record, the same ones for the same record and seed. A request begins at its moment whether or not those before it
were answered, and its time counts from that moment to the last byte. Nothing but Python 3.9 is needed.
"""

import argparse
import asyncio
import collections
import json
import random
import sys
import time
import urllib.parse
import urllib.request

# A question that takes longer is refused by the desk.
PATIENCE = 30
# Fewer than the desk takes.
CONNECTIONS = 48
# Rows of a page, where not 500.
MOST = {"situations": 50}


class Desk:
    """Where the desk is, and the secret of its start."""

    def __init__(self, link):
        parts = urllib.parse.urlsplit(link.strip())
        self.host, self.port, self.name = parts.hostname, parts.port, parts.netloc
        self.secret = urllib.parse.parse_qs(parts.query)["secret"][0]
        self.free = []

    def json(self, path):
        headers = {"Authorization": f"Bearer {self.secret}"}
        asked = urllib.request.Request(f"http://{self.name}{path}", headers=headers)
        with urllib.request.urlopen(asked, timeout=120) as answer:
            return json.load(answer)

    async def ask(self, path):
        """Returns the status and the bytes of the body as they were sent."""
        while self.free:
            connection = self.free.pop()
            try:
                return await self.ask_over(connection, path)
            except (ConnectionError, asyncio.IncompleteReadError):
                # The desk had ended it since, as it may when nothing was asked for a while: another is taken, as browsers do.
                connection[1].close()
        return await self.ask_over(await asyncio.open_connection(self.host, self.port), path)

    async def ask_over(self, connection, path):
        reader, writer = connection
        head = f"GET {path} HTTP/1.1\r\nHost: {self.name}\r\nAuthorization: Bearer {self.secret}\r\n"
        writer.write((head + "Accept: text/html, */*\r\nAccept-Encoding: gzip\r\n\r\n").encode())
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        size = 0
        if "content-length" in headers:
            size = int(headers["content-length"])
            await reader.readexactly(size)
        else:
            while length := int(await reader.readuntil(b"\r\n"), 16):
                await reader.readexactly(length + 2)
                size += length
            await reader.readexactly(2)
        self.free.append((reader, writer))
        return int(lines[0].split(" ")[1]), size


def part(name):
    return urllib.parse.quote(name, safe="")


def drawn(desk, kind, draw, pages=6):
    """Draws ids of a list: from its first pages, since nobody goes through all of them."""
    found, after = [], ""
    for _ in range(pages):
        page = desk.json(f"/api/v1/{kind}?limit={MOST.get(kind, 500)}{after}")
        found += [item.get("original", item["id"]) if kind == "reports" else item["id"] for item in page["items"]]
        if not page["next"]:
            break
        after = f"&after={part(page['next'])}"
    return draw.sample(found, min(len(found), 200))


def routes(desk, draw):
    """Returns what is asked: the name of each route, and its addresses."""
    reports, claims = drawn(desk, "reports", draw), drawn(desk, "claims", draw)
    stories, incidents = drawn(desk, "stories", draw), drawn(desk, "incidents", draw)
    situations = drawn(desk, "situations", draw, pages=1)
    words = ["school", "hospital", "killed AND market", '"shells hit"', "governor NOT school"]
    asked = {path: [path] for path in [
        "/", "/?since=7d", "/?since=all", "/reports", "/stories", "/incidents", "/map", "/map.svg", "/figures",
        "/contradictions", "/situations", "/decisions", "/sources", "/collect", "/verify", "/help",
        "/figures?measure=killed", "/incidents?act=killing",
    ]}
    asked["/search?q="] = [f"/search?q={part(word)}" for word in words]
    api = "/api/v1"
    for path in ["", "/reports", "/claims", "/claims?kind=figure&measure=killed", "/stories", "/incidents",
                 "/map/incidents", "/situations", "/contradictions", "/decisions", "/sources", "/jobs"]:
        asked[api + path] = [api + path]
    asked[f"{api}/search?q="] = [f"{api}/search?q={part(word)}" for word in words]
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))
    asked[f"{api}/changes?since=a minute ago"] = [f"{api}/changes?since={since}"]
    # Of all that ever came, pages that begin at other moments: none is known already.
    asked[f"{api}/changes?since=long ago"] = [f"{api}/changes?since=2000-01-{day:02}T00:00:00Z" for day in range(1, 29)]

    def each(path, ids):
        if ids:
            asked[path] = [path.replace("{id}", part(one)) for one in ids]

    for path in ["/reports/{id}", f"{api}/reports/{{id}}", f"{api}/reports/{{id}}/claims", f"{api}/reports/{{id}}/text",
                 f"{api}/reports/{{id}}/original", f"{api}/reports/{{id}}/proof", f"{api}/reports/{{id}}/family"]:
        each(path, reports)
    for path in ["/claims/{id}", "/origins/{id}", f"{api}/claims/{{id}}", f"{api}/claims/{{id}}/explanation"]:
        each(path, claims)
    for path in ["/stories/{id}", f"{api}/stories/{{id}}"]:
        each(path, stories)
    for path in ["/incidents/{id}", f"{api}/incidents/{{id}}", f"{api}/incidents/{{id}}/figures",
                 f"{api}/incidents/{{id}}/figures.svg", f"{api}/origins/{{id}}"]:
        each(path, incidents)
    each(f"{api}/situations/{{id}}", situations)
    return asked


async def one_by_one(desk, asked, draw):
    """Asks each route three times for something else, one after the other."""
    taken = collections.defaultdict(list)
    for name, paths in asked.items():
        for path in [draw.choice(paths) for _ in range(3)]:
            await timed(desk, (name, path), time.perf_counter(), taken)
    return taken


async def at_a_rate(desk, asked, draw, rate, seconds):
    """Begins so many requests a second, each route as often as any other."""
    taken, running = collections.defaultdict(list), set()
    begun = time.perf_counter()
    places = asyncio.Semaphore(CONNECTIONS)
    names = list(asked)

    async def later(name, path, moment):
        async with places:
            await timed(desk, (name, path), moment, taken)

    for number in range(rate * seconds):
        if number % len(names) == 0:
            draw.shuffle(names)
        moment = begun + number / rate
        await asyncio.sleep(max(0, moment - time.perf_counter()))
        name = names[number % len(names)]
        task = asyncio.create_task(later(name, draw.choice(asked[name]), moment))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    return taken


async def timed(desk, question, begun, taken):
    name, path = question
    try:
        status, size = await asyncio.wait_for(desk.ask(path), PATIENCE)
    except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
        status, size = 0, 0
    taken[name].append(((time.perf_counter() - begun) * 1000, status, size))


def percentile(sorted_times, share):
    return sorted_times[min(len(sorted_times) - 1, int(len(sorted_times) * share))]


def printed(taken, first):
    """Prints a row for each route, the slowest first."""
    rows = []
    for name, answers in taken.items():
        times = sorted(time for time, _, _ in answers)
        # 404 is an answer: not every report has copies.
        failed = sum(status not in (200, 404) for _, status, _ in answers)
        rows.append((percentile(times, 0.95), name, times, failed, first.get(name, 0)))
    print(f"{'p50':>8} {'p95':>8} {'p99':>8} {'asked':>6} {'failed':>6} {'bytes':>9}  route")
    for p95, name, times, failed, size in sorted(rows, reverse=True):
        p50, p99 = percentile(times, 0.5), percentile(times, 0.99)
        print(f"{p50:8.1f} {p95:8.1f} {p99:8.1f} {len(times):6} {failed:6} {size:9}  {name}")
    every = sorted(time for answers in taken.values() for time, _, _ in answers)
    print(f"{percentile(every, 0.5):8.1f} {percentile(every, 0.95):8.1f} {percentile(every, 0.99):8.1f} {len(every):6}  all, in ms")


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("link", help="what `credence serve` prints")
    parser.add_argument("--rate", type=int, default=50, help="requests a second [50]")
    parser.add_argument("--seconds", type=int, default=60, help="how long [60]")
    parser.add_argument("--seed", type=int, default=7, help="another one draws other ids [7]")
    parser.add_argument("--once", action="store_true", help="ask each route three times, one after the other")
    asked = parser.parse_args()
    desk, draw = Desk(asked.link), random.Random(asked.seed)
    all_routes = routes(desk, draw)
    print(f"{len(all_routes)} routes, {sum(map(len, all_routes.values()))} addresses", file=sys.stderr)
    if asked.once:
        taken = await one_by_one(desk, all_routes, draw)
    else:
        taken = await at_a_rate(desk, all_routes, draw, asked.rate, asked.seconds)
    first = {name: next((size for _, status, size in answers if status == 200), 0) for name, answers in taken.items()}
    printed(taken, first)


if __name__ == "__main__":
    asyncio.run(main())
