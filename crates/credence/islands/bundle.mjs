// Makes dist/: one file for each island, the worker that draws maps, and the licences of what is in them.
import { build } from "esbuild";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

await build({
  entryPoints: {
    map: "src/map.ts",
    chart: "src/chart.ts",
    search: "src/search.ts",
    "map-worker": "maplibre-gl/dist/maplibre-gl-worker.mjs",
  },
  outdir: "dist",
  bundle: true,
  format: "esm",
  minify: true,
  legalComments: "none",
  target: ["es2022"],
  logLevel: "warning",
});

// What is in the files: the packages they name, and all that those are made of.
const inside = new Set();
function add(name) {
  if (inside.has(name) || name.startsWith("@types/")) return;
  inside.add(name);
  Object.keys(about(name).dependencies ?? {}).forEach(add);
}
const about = (name) => JSON.parse(readFileSync(join("node_modules", name, "package.json"), "utf8"));
["maplibre-gl", "pmtiles"].forEach(add);

// The text of a licence: a file of its own, else the end of what the package says of itself.
function licence(name) {
  const folder = join("node_modules", name);
  const files = readdirSync(folder);
  const own = files.find((file) => /^(licen[cs]e|copying)/i.test(file));
  if (own) return readFileSync(join(folder, own), "utf8").trim();
  const readme = files.find((file) => /^readme/i.test(file));
  const end = readme && readFileSync(join(folder, readme), "utf8").match(/^#+ *licen[cs]e[^]*/im)?.[0];
  return end?.trim() ?? `Its text: https://spdx.org/licenses/${about(name).license}.html`;
}
const by = ({ author }) => (author ? `, by ${typeof author === "string" ? author : author.name}` : "");
const notices = [...inside].sort().map((name) => {
  const { version, license } = about(name);
  return `${name} ${version}${by(about(name))}: ${license}\n\n${licence(name)}\n`;
});
writeFileSync(join("dist", "notices.txt"), notices.join(`\n${"-".repeat(80)}\n\n`));
