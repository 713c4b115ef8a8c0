// What moves on the pages: the map, the chart of figures, the brush over days; with keys, at two sizes, and what stands in
// their place where they cannot be.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { NARROW, SAMPLES, WIDE, openBrowser, openDesk, openWindow, violations } from "./desk.mjs";
import { tiles } from "./tiles.mjs";

// Invented reports of places that are on the map.
const TOWNS = ["Kharkiv", "Homs", "Aleppo", "Odesa", "Idlib", "Kherson", "Goma", "Khartoum"];
const ROWS = TOWNS.map((town, at) => ({
  id: `town-${at}`, title: `A school in ${town}`, outlet: "The Orsk Post", published: `2031-0${1 + (at % 6)}-1${at}`,
  text: `Shells hit a school in ${town} on Monday, killing at least ${at + 3} people, the mayor, Mira Vey, said.`,
}));
ROWS[1].text += " The ministry of defence denied that it struck the school in Homs.";
ROWS.push({ id: "region", title: "A region", published: "2031-05-02", text: "Troops shelled a hospital in the Kharkiv region on Monday, killing four people, the mayor said." });

let folder;
let browser;
let desk;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "islands-"));
  writeFileSync(join(folder, "rows.jsonl"), ROWS.map((row) => JSON.stringify(row)).join("\n"));
  writeFileSync(join(folder, "streets.pmtiles"), tiles());
  [browser, desk] = await Promise.all([
    openBrowser(), openDesk([join(folder, "rows.jsonl"), SAMPLES], "--tiles", join(folder, "streets.pmtiles")),
  ]);
});
after(async () => {
  await browser?.close();
  await desk?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

// Drawing without a graphics card on a busy machine takes its time.
const PATIENCE = { timeout: 90_000 };

async function openMap(page) {
  await page.goto(`${desk.origin}/map`);
  await page.locator(".map.lives").waitFor(PATIENCE);
}

// The edges in the address, once they are others than before.
async function edges(page, before = "") {
  await page.waitForFunction((before) => location.search.includes("west=") && location.search !== before, before, PATIENCE);
  const asked = new URL(page.url()).searchParams;
  return Object.fromEntries(["west", "south", "east", "north"].map((name) => [name, Number(asked.get(name))]));
}
const search = (page) => new URL(page.url()).search;
const width = ({ west, east }) => (east - west + 360) % 360 || 360;
const rows = (page) => page.locator("#sight tbody tr").count();

for (const [size, viewport] of [["wide", WIDE], ["narrow", NARROW]]) {
  test(`the map is panned, zoomed and searched, ${size}`, async () => {
    const { page, context, wrong } = await openWindow(browser, desk, { viewport, hasTouch: size === "narrow" });
    const answers = [];
    page.on("response", (answer) => answer.url().endsWith(".pmtiles") && answers.push(answer.status()));
    await openMap(page);
    const whole = await edges(page);
    assert.equal(await rows(page), ROWS.length);
    assert.match(await page.locator(".stated").innerText(), /General Assembly.*disputed.*Natural Earth.*Invented Streets/s);
    assert.ok(answers.length > 0 && answers.every((status) => status === 206), answers.join());
    assert.deepEqual(await violations(page), []);
    if (process.env.DESK_PICTURES) await page.screenshot({ path: join(process.env.DESK_PICTURES, `map-lives-${size}.png`) });

    // Buttons, keys, the wheel, the pointer.
    let before = search(page);
    await page.getByRole("button", { name: "Closer" }).click();
    const closer = await edges(page, before);
    assert.ok(width(closer) < width(whole), "the button goes closer");
    const canvas = page.locator("canvas.maplibregl-canvas");
    await canvas.focus();
    before = search(page);
    await page.keyboard.press("ArrowRight");
    assert.ok((await edges(page, before)).west > closer.west, "an arrow pans");
    before = search(page);
    await page.keyboard.press("-");
    assert.ok(width(await edges(page, before)) > width(closer), "a key goes wider");
    await canvas.scrollIntoViewIfNeeded();
    const box = await canvas.boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    before = search(page);
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -400);
    const wheeled = await edges(page, before);
    assert.ok(width(wheeled) < width(whole), "the wheel goes closer");
    before = search(page);
    await dragged(page, [x, y], [x + 80, y + 10]);
    assert.ok((await edges(page, before)).west < wheeled.west, "the map is dragged");
    if (size === "narrow") {
      before = search(page);
      await pinched(page, [x, y]);
      await edges(page, before);
    }

    // Nothing lies over the scale, and the key of the marks opens and closes by keys.
    const scale = await page.locator(".live .scale").boundingBox();
    for (const part of await page.locator(".live .tools button:visible, .live .map-key").all()) {
      const over = await part.boundingBox();
      const meets = over.x < scale.x + scale.width && scale.x < over.x + over.width && over.y < scale.y + scale.height && scale.y < over.y + over.height;
      assert.ok(!meets, await part.innerText());
    }
    const key = page.locator(".map-key");
    assert.equal(await key.evaluate((it) => it.open), size === "wide");
    await key.locator("summary").focus();
    await page.keyboard.press("Enter");
    assert.equal(await key.evaluate((it) => it.open), size === "narrow");
    if (size === "narrow") assert.match(await key.innerText(), /denies it/);
    await page.keyboard.press("Enter");

    // Countries are named, and no name lies over another.
    const names = await page.locator(".ground").evaluateAll((all) => all.map((it) => { const { left, top, right, bottom } = it.getBoundingClientRect(); return { words: it.textContent, left, top, right, bottom }; }));
    assert.ok(names.length > 1, names.map(({ words }) => words).join());
    for (const [at, one] of names.entries()) {
      const other = names.slice(at + 1).find((it) => it.left < one.right && one.left < it.right && it.top < one.bottom && one.top < it.bottom);
      assert.ok(!other, `${one.words} ${other?.words}`);
    }

    // What is denied bears a ring, and says so in words.
    assert.ok((await page.locator(".maplibregl-marker.mark.denied").count()) === 1);
    assert.match(await page.locator("#sight tr", { hasText: "Homs" }).innerText(), /denied/);
    assert.equal(await page.locator("#sight .tag").count(), 1);

    // A mark says what it stands for, and gives the focus back.
    before = search(page);
    await page.getByRole("button", { name: "All incidents" }).click();
    await edges(page, before);
    const mark = page.getByRole("button", { name: /^Khartoum: / });
    await mark.focus();
    await page.keyboard.press("Enter");
    assert.match(await page.locator(".on-map a").first().getAttribute("href"), /^\/incidents\/i-/);
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("Escape");
    assert.match(await page.evaluate(() => document.activeElement.title), /^Khartoum/);

    // A box is listed and stands in the address, which opens it again.
    const at = await mark.boundingBox();
    before = search(page);
    await page.getByRole("button", { name: "Select a box" }).click();
    await dragged(page, [at.x - 25, at.y - 25], [at.x + 45, at.y + 45]);
    const chosen = await edges(page, before);
    assert.ok(chosen.west < 32.5 && chosen.east > 32.5 && chosen.south < 15.6 && chosen.north > 15.6, JSON.stringify(chosen));
    assert.equal(await rows(page), 1);
    await page.getByRole("button", { name: "Clear the box" }).click();
    assert.ok((await rows(page)) > 1);

    // The brush below it chooses days.
    const all = await rows(page);
    await page.getByRole("slider", { name: "First day" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction((all) => document.querySelectorAll("#sight tbody tr").length < all, all, PATIENCE);
    assert.match(page.url(), /from=2031-0/);
    // The address follows the second step a moment after the first.
    const isSaid = () => document.querySelector(".filter [name=from]").value === new URL(location.href).searchParams.get("from");
    await page.waitForFunction(isSaid, null, PATIENCE);
    await page.getByRole("button", { name: "All days" }).click();
    await page.waitForFunction((all) => document.querySelectorAll("#sight tbody tr").length === all, all, PATIENCE);
    assert.deepEqual(wrong, []);
    await context.close();
  });
}

async function dragged(page, from, to) {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, { steps: 4 });
  await page.mouse.move(...to, { steps: 4 });
  await page.mouse.up();
}

// Spreads two fingers.
async function pinched(page, [x, y]) {
  const session = await page.context().newCDPSession(page);
  const touch = (type, apart) => session.send("Input.dispatchTouchEvent", {
    type, touchPoints: apart === null ? [] : [{ x: x - apart, y, id: 0 }, { x: x + apart, y, id: 1 }],
  });
  await touch("touchStart", 20);
  for (let apart = 25; apart <= 90; apart += 5) await touch("touchMove", apart);
  await touch("touchEnd", null);
}

test("the map is dressed for the night, and can be drawn as the ground is held", async () => {
  const { page, context, wrong } = await openWindow(browser, desk, { colorScheme: "dark" });
  await page.goto(`${desk.origin}/map?view=held`);
  await page.locator(".map.lives").waitFor(PATIENCE);
  assert.match(await page.locator(".stated").innerText(), /no verdict/);
  assert.match(page.url(), /view=held/);
  await page.emulateMedia({ colorScheme: "light" });
  await page.emulateMedia({ colorScheme: "dark" });
  if (process.env.DESK_PICTURES) await page.screenshot({ path: join(process.env.DESK_PICTURES, "map-lives-dark.png") });
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("towns are named from close by, and where all is of one day, that is said", async () => {
  const file = join(folder, "day.jsonl");
  const shelled = (town) => ({ id: town, outlet: "The Orsk Post", published: "2031-03-10", text: `Shells hit a school in ${town} on 9 March, killing four people, the mayor said.` });
  writeFileSync(file, ["Odesa", "Kherson"].map((town) => JSON.stringify(shelled(town))).join("\n"));
  const other = await openDesk([file]);
  const { page, context, wrong } = await openWindow(browser, other);
  await page.goto(`${other.origin}/map`);
  await page.locator(".map.lives").waitFor(PATIENCE);
  assert.match(await page.locator(".one-day").innerText(), /All of one day, 2031-03-09/);
  assert.equal(await page.getByRole("slider").count(), 0);
  assert.ok((await page.locator(".ground.town").count()) > 3);
  assert.deepEqual(await page.locator(".ground", { hasText: /^(Odesa|Kherson)$/ }).all(), []);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(wrong, []);
  await context.close();
  await other.close();
});

test("where no map can be drawn, its picture stays", async () => {
  const { page, context, wrong } = await openWindow(browser, desk);
  await page.addInitScript(() => {
    const context = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
      return kind.startsWith("webgl") ? null : context.call(this, kind, ...more);
    };
  });
  await page.goto(`${desk.origin}/map`);
  await page.getByText("drawn by the desk").waitFor(PATIENCE);
  assert.ok(await page.locator(".map > picture img").isVisible());
  assert.ok(await page.locator(".moves").isVisible());
  assert.deepEqual(wrong.filter((one) => !/webgl/i.test(one)), []);
  await context.close();
});

test("without scripts there are pictures, tables and links", async () => {
  const { page, context } = await openWindow(browser, desk, { javaScriptEnabled: false });
  await page.goto(`${desk.origin}/map`);
  assert.ok(await page.locator(".map > picture img").isVisible());
  assert.equal(await rows(page), ROWS.length);
  await page.goto(`${desk.origin}/search?q=people`);
  assert.ok((await page.locator(".hits > li").count()) > 5);
  await page.goto(desk.origin + (await chartPage(desk)));
  assert.match(await page.locator(".drawn a").first().getAttribute("href"), /^\/claims\//);
  await context.close();
});

// The incident of the samples with most figures.
async function chartPage({ run }) {
  const incidents = run("incidents", "--json").trim().split("\n").map((line) => JSON.parse(line));
  const [most] = incidents.sort((a, b) => b.reports.length - a.reports.length);
  return `/incidents/${most.id}`;
}

for (const [size, viewport, colorScheme] of [["wide", WIDE, "light"], ["narrow", NARROW, "dark"]]) {
  test(`the chart says what its marks are and is drawn for the days that are brushed, ${size}`, async () => {
    const { page, context, wrong } = await openWindow(browser, desk, { viewport, colorScheme });
    await page.goto(desk.origin + (await chartPage(desk)));
    const chart = page.locator(".drawn").first();
    const ground = await chart.locator(".ground").evaluate((ground) => getComputedStyle(ground).fill);
    assert.equal(ground === "rgb(255, 255, 255)", colorScheme === "light", ground);
    await chart.locator("a").first().focus();
    assert.match(await chart.locator(".said").innerText(), /^2031-.* by .*“.*”, .*#\d+$/);
    const marks = await chart.locator("a").count();
    await chart.getByRole("slider", { name: "First day" }).focus();
    await page.keyboard.press("ArrowRight");
    await chart.getByText(/^From 2031-03-\d\d to the last; \d+ of \d+ figures/).waitFor(PATIENCE);
    assert.ok((await chart.locator("a").count()) < marks);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "First day");
    await chart.getByRole("button", { name: "All days" }).click();
    await page.waitForFunction((marks) => document.querySelectorAll(".drawn a").length === marks, marks, PATIENCE);
    await chart.locator(".brush").scrollIntoViewIfNeeded();
    const brush = await chart.locator(".brush svg").boundingBox();
    await dragged(page, [brush.x + brush.width * 0.12, brush.y + 40], [brush.x + brush.width * 0.5, brush.y + 40]);
    await chart.getByText(/^From 2031/).waitFor(PATIENCE);
    assert.deepEqual(await violations(page), []);
    if (process.env.DESK_PICTURES) await page.screenshot({ path: join(process.env.DESK_PICTURES, `chart-lives-${size}.png`), fullPage: true });
    // A figure that holds over days is a mark with a line, and nothing between the two.
    await chart.locator("a .mark").first().click();
    await page.waitForURL(/\/claims\//);
    assert.deepEqual(wrong, []);
    await context.close();
  });

  test(`the days of a search are brushed, ${size}`, async () => {
    const { page, context, wrong } = await openWindow(browser, desk, { viewport, colorScheme });
    await page.goto(`${desk.origin}/search?q=people`);
    const counted = async () => Number((await page.locator(".count").innerText()).match(/\d+/)[0]);
    const all = await counted();
    const brush = page.locator(".brush svg");
    await brush.waitFor();
    assert.deepEqual(await violations(page), []);
    const at = await brush.boundingBox();
    const asked = page.waitForURL(/from=2031-.*to=2031-/);
    await dragged(page, [at.x + at.width * 0.3, at.y + 40], [at.x + at.width * 0.6, at.y + 40]);
    await asked;
    assert.ok((await counted()) < all);
    // The other days are there to go back to.
    await page.getByRole("button", { name: "All days" }).click();
    await page.waitForURL((address) => !address.searchParams.get("from"));
    assert.equal(await counted(), all);
    await page.getByRole("slider", { name: "Last day" }).focus();
    await page.keyboard.press("PageDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/to=2031-/);
    assert.deepEqual(wrong, []);
    await context.close();
  });
}
