import assert from "node:assert/strict";
import { NO_SPOTS } from "../../lib/tools/derive/credential_spots.ts";
import { deriveTools } from "../../lib/tools/from_traces.ts";
import { API, type Exchanged, recording } from "./trace_builder.ts";

/** `GET /boats/{boat_id} get_boat`, in order. */
function lines(exchanges: readonly Exchanged[]): string[] {
  return deriveTools(recording(exchanges), {
    apiOrigins: [API],
    credentials: { ...NO_SPOTS, headers: ["authorization"] },
  }).map(({ method, path, name }) => `${method} ${path} ${name}`);
}

const FRAME = "<nav>Boats Harbours Crew Log out</nav><footer>Made by the harbour office</footer>";
const page = (content: string) => `<html><body>${FRAME}${content}</body></html>`;
const about = (boat: string) =>
  page(`<h1>${boat}</h1><p>${`${boat} lies at berth ${boat.length}, and sails again. `.repeat(4)}`);
const api: Exchanged = { to: "GET /api/boats", answer: [{ id: 1 }] };

Deno.test("deriveTools() makes tools of pages with content of their own beside an API", () => {
  const tools = lines([
    { to: "GET /boats/17", answer: about("Seal") },
    { to: "GET /boats/23", answer: about("Otter") },
    { to: "GET /boats", answer: page(`<ul>${"<li>A boat that is for sale</li>".repeat(2)}`) },
    { to: "GET /crew", answer: page(`<div>${about("The whole crew")}</div>`) },
    { to: "GET /empty", answer: page("") },
    api,
    { to: "GET /api/boats/17", answer: { id: 17 } },
  ]);
  assert.deepEqual(tools, [
    "GET /boats/{boat_id} get_boat_page",
    "GET /crew get_crew",
    "GET /api/boats list_boats",
    "GET /api/boats/{boat_id} get_boat",
  ]);
});

Deno.test("deriveTools() makes no tools of frames that an application draws itself into", () => {
  const shell = `<html><body><div id="root"></div><noscript>${"Switch scripts on. ".repeat(40)}` +
    `</noscript><script>${"draw();".repeat(200)}</script></body></html>`;
  const welcome = page(`<p>${"Welcome to the harbour. ".repeat(9)}`);
  const cases: Exchanged[][] = [
    [{ to: "GET /boats", answer: shell }],
    [{ to: "GET /boats", answer: welcome }, { to: "GET /crew", answer: welcome }],
    [{ to: "GET /boats", answer: about("Seal"), headers: [] }],
    [{ to: "GET /boats", answer: page("<p>One boat</p>") }],
  ];
  for (const pages of cases) {
    assert.deepEqual(lines([...pages, api]), ["GET /api/boats list_boats"]);
  }
});

Deno.test("deriveTools() makes tools of pieces of pages that scripts fetch", () => {
  const piece = "<tr><td>Seal</td><td>oak, 12 metres</td><td>for sale at 4,000</td></tr>";
  assert.deepEqual(lines([{ to: "GET /boats/rows?page=2", answer: piece }, api]), [
    "GET /boats/rows get_rows",
    "GET /api/boats list_boats",
  ]);
});
