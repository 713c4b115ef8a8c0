// A record, its desk, and a browser that looks at it. All three are new each time, and end with `close`.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const require = createRequire(join(process.env.DESK_PACKAGES, "package.json"));
const { chromium } = require("playwright-core");
const AXE = require.resolve("axe-core/axe.min.js");

export const SAMPLES = fileURLToPath(new URL("../../samples/reports", import.meta.url));
export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };

const CREDENCE = process.env.CREDENCE;
const BROWSER = process.env.CHROMIUM ?? "/usr/bin/chromium";
const QUIET = [
  "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

// A record with what is in `paths`, and the command line on it.
export function record(paths) {
  const folder = mkdtempSync(join(tmpdir(), "desk-"));
  const run = (...words) => execFileSync(CREDENCE, ["--record", join(folder, "record"), ...words], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  if (paths.length > 0) run("collect", ...paths);
  return { folder, run, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export async function openDesk(paths = [], ...words) {
  const kept = record(paths);
  const desk = spawn(CREDENCE, ["--record", join(kept.folder, "record"), "serve", "--port", "0", ...words], { stdio: ["ignore", "pipe", "ignore"] });
  const [link] = await new Promise((found, failed) => {
    createInterface({ input: desk.stdout }).on("line", (line) => {
      const link = line.match(/http:\S+secret=\S+/);
      if (link) found(link);
    });
    desk.once("exit", () => failed(new Error("the desk did not open")));
  });
  const close = async () => {
    const ended = new Promise((end) => desk.once("exit", end));
    desk.kill("SIGINT");
    await ended;
    kept.remove();
  };
  return { ...kept, link, origin: new URL(link).origin, close };
}

export function openBrowser() {
  return chromium.launch({ executablePath: BROWSER, headless: true, args: QUIET });
}

// A window of its own, with all that goes wrong in it.
export async function openWindow(browser, desk, about = {}) {
  const context = await browser.newContext({ viewport: WIDE, ...about });
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (said) => said.type() === "error" && wrong.push(`console: ${said.text()}`));
  page.on("pageerror", (error) => wrong.push(`script: ${error.message}`));
  page.on("dialog", (dialog) => { wrong.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => {
    if (!request.url().startsWith(desk.origin)) wrong.push(`outside: ${request.url()}`);
  });
  // The entrance leads on to the overview by itself.
  await Promise.all([page.waitForURL(`${desk.origin}/`), page.goto(desk.link)]);
  return { context, page, wrong };
}

// The serious and critical violations that axe finds, in words. It is evaluated, so that the pages' own rules for
// scripts stay in force.
export async function violations(page) {
  const { readFileSync } = await import("node:fs");
  await page.evaluate(readFileSync(AXE, "utf8"));
  const found = await page.evaluate(() => axe.run());
  return found.violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
}

// The address of the first link that fits, on a list.
export async function firstLink(page, path, selector) {
  await page.goto(new URL(path, page.url()).href);
  return page.locator(selector).first().getAttribute("href");
}

// Every page there is, by a name. `base` is an address of the desk.
export async function everyPage(page) {
  const report = await firstLink(page, "/reports", ".rows tbody a");
  // The largest have the most on their pages.
  const largest = (kind) => page.evaluate(async (kind) => {
    const { items } = await (await fetch(`/api/v1/${kind}`)).json();
    return `/${kind}/${items.sort((a, b) => b.reports - a.reports)[0].id}`;
  }, kind);
  const [story, incident] = [await largest("stories"), await largest("incidents")];
  const claim = await firstLink(page, "/figures", ".rows tbody a[href^='/claims/']");
  return {
    overview: "/?since=all", reports: "/reports", report, family: await family(page), claim,
    origins: claim.replace("/claims/", "/origins/"), stories: "/stories", story, incidents: "/incidents", incident,
    situations: "/situations", map: "/map", contradictions: "/contradictions", decisions: "/decisions", figures: "/figures",
    search: "/search?q=killed", "search-nothing": "/search?q=nowhereword", sources: "/sources", verify: "/verify",
    collect: "/collect", help: "/help", missing: "/nowhere",
  };
}

async function family(page) {
  await page.goto(new URL("/search?q=depot", page.url()).href);
  const story = await firstLink(page, "/stories", ".rows tbody a");
  const families = await page.evaluate(async () => {
    for (const story of (await (await fetch("/api/v1/stories")).json()).items) {
      const whole = await (await fetch(`/api/v1/stories/${story.id}`)).json();
      if (whole.families.length > 0) return whole.families[0].members[0];
    }
    return null;
  });
  return families ? `/reports/${encodeURIComponent(families)}/family` : story;
}
