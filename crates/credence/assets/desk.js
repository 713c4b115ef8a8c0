// What moves on the pages. All of them work without it.
"use strict";

// The record has changed: say so, and let the reader choose when to look.
// Only a page that is looked at listens: a browser has six connections for all its tabs.
let events = null;
function listen() {
  events?.close();
  events = null;
  if (document.visibilityState !== "visible") return;
  events = new EventSource("/api/v1/events");
  events.addEventListener("changed", () => {
    // Where jobs are shown, what they changed is drawn at once.
    document.getElementById("news").hidden = jobs !== null;
    refreshJobs();
    drawSoon();
  });
}
listen();
document.addEventListener("visibilitychange", () => {
  listen();
  // What happened meanwhile nobody told.
  if (!events) return;
  refreshJobs();
  drawSoon();
});
window.addEventListener("pagehide", () => events?.close());

// A page that *Back* takes out of the memory of the browser is as it was when it was left.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// Keys.
const GO = { o: "/", r: "/reports", s: "/stories", i: "/incidents", f: "/figures", m: "/map", c: "/collect", d: "/decisions", v: "/verify" };
let going = false;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, dialog")) return;
  if (going && GO[event.key]) {
    location.href = GO[event.key];
    return;
  }
  going = event.key === "g";
  if (event.key === "?") document.getElementById("keys").showModal();
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("find").focus();
  }
  if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
});

// Goes to the next or previous claim of a report, or row of a list.
function step(by) {
  const stops = [...document.querySelectorAll(".card, .rows tbody a:not(.id), .plain a, .changes a, .hits > li > a")]
    .filter((stop) => stop.offsetParent !== null);
  if (stops.length === 0) return;
  const at = stops.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : stops.length - 1) : Math.min(Math.max(at + by, 0), stops.length - 1);
  stops[next].focus();
  stops[next].scrollIntoView({ block: "center" });
}

// Who chooses from the list beside a decision means that decision.
for (const choice of document.querySelectorAll(".offer select")) {
  choice.addEventListener("change", () => {
    if (choice.value) choice.closest(".offer").querySelector("input").checked = true;
  });
}

// Collecting.
const jobs = document.getElementById("jobs");

async function give(name, body, about) {
  const query = new URLSearchParams({ name });
  for (const [key, value] of Object.entries(about)) if (value) query.set(key, value);
  await begin(fetch(`/api/v1/collect?${query}`, {
    method: "POST", body, headers: { "content-type": "application/octet-stream" },
  }), name);
}

async function begin(request, name) {
  let answer;
  try {
    answer = await (await request).json();
  } catch {
    answer = { code: "unreachable", message: "The desk does not answer." };
  }
  const said = answer.code ? { id: "", kind: name, state: "failed", says: `${answer.message} ${answer.hint ?? ""}` } : answer;
  show(said);
}

function show(job) {
  let section = [...jobs.children].find((one) => job.id !== "" && one.dataset.job === String(job.id));
  // What is over stays as it was drawn.
  if (section?.matches(".done, .failed")) return;
  if (!section) {
    // The page of one job is about that one.
    if (jobs.dataset.one !== undefined) return;
    section = document.createElement("section");
    if (job.id !== "") section.dataset.job = job.id;
    jobs.prepend(section);
    jobs.parentElement.querySelector(":scope > .empty")?.remove();
  }
  const head = document.createElement("p");
  const tag = document.createElement("span");
  tag.className = "tag";
  tag.textContent = job.state;
  head.append(tag, ` ${job.kind}`);
  const says = document.createElement("pre");
  says.className = "wrap";
  says.textContent = job.says;
  section.replaceChildren(head, says);
  section.className = `job ${job.state}`;
  if (job.kind !== "verify" && job.state === "done") {
    const link = document.createElement("a");
    link.href = `/collect/${job.id}`;
    link.textContent = "Which reports came";
    section.append(link);
    drawSoon();
  }
  if (job.state === "waiting" || job.state === "running") askSoon();
}

// One question for all jobs, however many wait: one for each would double with every answer.
let asking = null;
function askSoon() {
  asking ??= setTimeout(() => {
    asking = null;
    refreshJobs();
  }, 500);
}

// Once for all jobs, as above.
let drawing = null;
function drawSoon() {
  if (!jobs) return;
  drawing ??= setTimeout(() => {
    drawing = null;
    drawAnew();
  }, 100);
}

// Puts what the desk draws of jobs that are over in the place of what stands here: what came before may be read otherwise now.
async function drawAnew() {
  const answer = await fetch(location.pathname);
  if (!answer.ok) return;
  const there = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const section of there.querySelectorAll("#jobs > .done")) {
    const here = jobs.querySelector(`[data-job="${section.dataset.job}"]`);
    // Where a form is open, somebody may be filling it in.
    if (!here || here.outerHTML === section.outerHTML || here.querySelector("details[open]")) continue;
    here.replaceWith(document.adoptNode(section));
  }
}

async function refreshJobs() {
  if (!jobs) return;
  const isCheck = document.body.dataset.here === "/verify";
  const all = await (await fetch("/api/v1/jobs")).json();
  for (const job of all.filter((one) => (one.kind === "verify") === isCheck).reverse()) show(job);
}

if (jobs && jobs.querySelector(".waiting, .running")) askSoon();

// Calls a text by its first words, and by four digits of its digest: others may begin alike.
async function called(text) {
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  const digits = [...digest.slice(0, 2)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${[...words.slice(0, 7).join("-").toLowerCase()].slice(0, 60).join("")}-${digits}.txt`.replace(/^-/, "text-");
}

const files = document.getElementById("files");
if (files) {
  const about = () => {
    const form = new FormData(files);
    return { outlet: form.get("outlet"), published: form.get("published") };
  };
  const giveAll = async (all) => {
    for (const file of all) await give(file.name, file, about());
  };
  files.addEventListener("submit", (event) => {
    event.preventDefault();
    giveAll(files.elements.file.files);
  });
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("over");
  });
  document.addEventListener("dragleave", () => document.body.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("over");
    giveAll(event.dataTransfer.files);
  });
  document.getElementById("link").addEventListener("submit", (event) => {
    event.preventDefault();
    const address = new FormData(event.target).get("address");
    begin(fetch("/api/v1/collect/links", {
      method: "POST", body: JSON.stringify({ addresses: [address] }), headers: { "content-type": "application/json" },
    }), address);
  });
  document.getElementById("text").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    give(await called(form.get("text")), form.get("text"), { outlet: form.get("outlet"), published: form.get("published") });
    document.getElementById("came").scrollIntoView();
  });
}
