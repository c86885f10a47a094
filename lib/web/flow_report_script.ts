/**
 * What the report does in a browser: a click on a value lights every mark of it and draws threads from
 * where it comes from to where it is used. Without the script the marks lead to the list of values.
 */
export const REPORT_SCRIPT = `"use strict";
const marks = [...document.querySelectorAll("a[data-value]")];
const status = document.getElementById("status");
let selected = null;

function select(value) {
  selected = value;
  document.body.classList.toggle("tracing", value !== null);
  for (const mark of marks) {
    const lit = mark.dataset.value === value;
    mark.classList.toggle("lit", lit);
    if (lit) mark.setAttribute("aria-current", "true");
    else mark.removeAttribute("aria-current");
  }
  for (const entry of document.querySelectorAll(".values > li")) {
    entry.classList.toggle("lit", entry.id === value);
  }
  const entry = value === null ? null : document.getElementById(value);
  status.textContent = entry === null ? "" : "Following " + entry.innerText.replaceAll(/\\s+/g, " ");
  if (entry !== null) revealEntry(entry);
  drawThreads();
}

/** Scrolls the list alone, never the page. */
function revealEntry(entry) {
  const list = entry.closest("aside");
  if (getComputedStyle(list).position !== "sticky") return;
  const top = entry.getBoundingClientRect().top - list.getBoundingClientRect().top;
  list.scrollTop += top - list.clientHeight / 3;
}

function drawThreads() {
  for (const sequence of document.querySelectorAll(".sequence")) {
    const svg = sequence.querySelector(".threads");
    svg.replaceChildren();
    if (selected === null) continue;
    const lit = marks.filter((mark) => mark.dataset.value === selected && sequence.contains(mark));
    const origin = lit.find((mark) => mark.dataset.role === "origin");
    if (origin === undefined) continue;
    const frame = sequence.getBoundingClientRect();
    for (const use of lit) if (use !== origin) svg.append(thread(origin, use, frame));
  }
}

function thread(from, to, frame) {
  const a = from.getBoundingClientRect();
  const b = to.getBoundingClientRect();
  const x1 = a.left - frame.left, y1 = a.top + a.height / 2 - frame.top;
  const x2 = b.left - frame.left, y2 = b.top + b.height / 2 - frame.top;
  const bend = Math.max(8, Math.min(x1, x2) - 28 - Math.abs(y2 - y1) / 40);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M" + x1 + " " + y1 + "C" + bend + " " + y1 + " " + bend + " " + y2 + " " + x2 + " " + y2);
  return path;
}

document.addEventListener("click", (event) => {
  const mark = event.target.closest("a[data-value]");
  if (mark === null) return;
  event.preventDefault();
  select(mark.dataset.value === selected ? null : mark.dataset.value);
});

/** Escape ends following; the arrow keys go from mark to mark of the followed value. */
document.addEventListener("keydown", (event) => {
  if (selected === null) return;
  if (event.key === "Escape") return select(null);
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const lit = marks.filter((mark) => mark.dataset.value === selected && mark.dataset.role !== "entry");
  const at = lit.indexOf(document.activeElement);
  if (step === undefined || at < 0) return;
  event.preventDefault();
  lit[(at + step + lit.length) % lit.length].focus();
});
document.addEventListener("toggle", drawThreads, true);
window.addEventListener("resize", drawThreads);
if (/^#v\\d+$/.test(location.hash)) select(location.hash.slice(1));
`;
