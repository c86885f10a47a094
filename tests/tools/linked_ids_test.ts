/** Ids that are seen in links of pages alone. */
import assert from "node:assert/strict";
import { NO_SPOTS } from "../../lib/tools/derive/credential_spots.ts";
import { deriveTools } from "../../lib/tools/from_traces.ts";
import { API, type Exchanged, recording } from "./trace_builder.ts";

/** `GET /boats/{boat_id}`, in order. */
function paths(exchanges: readonly Exchanged[]): string[] {
  return deriveTools(recording(exchanges), {
    apiOrigins: [API],
    credentials: { ...NO_SPOTS, headers: ["authorization"] },
  }).map(({ method, path }) => `${method} ${path}`);
}

const nav = (...hrefs: string[]) => hrefs.map((href) => `<a href="${href}">${href}</a>`).join(" ");
const rows = (at: string, ids: readonly string[]) =>
  `<table>${ids.map((id) => `<tr><td><a href="${at}/${id}">${id}</a><td>9</tr>`).join("")}</table>`;
const page = (to: string, content: string): Exchanged => ({
  to: `GET ${to}`,
  answer: `<html><body><h1>Page</h1>${content}</body></html>`,
});
const opened = (to: string) => page(to, `<dl class=facts><dt>Name<dd>${to}</dl>`);
const form = (to: string) => page(to, "<form><input name=title><input name=size></form>");

Deno.test("deriveTools() knows ids by a page that links to several alike", () => {
  const kinds = [
    ["r1021", "r1028", "r2141"],
    ["INV-2024-001", "INV-2024-002", "INV-2025-017"],
    ["T-7", "T-9", "T-12"],
    ["12A", "14C", "9F"],
    ["plum-cake", "leek-soup", "rye-bread"],
    ["kitchen", "garage", "attic"],
  ];
  for (const ids of kinds) {
    const name = /\d/.test(ids[0]!) ? "boat_id" : "boat";
    const found = paths([
      page("/boats", nav("/boats/new", "/boats/export") + rows("/boats", ids)),
      form("/boats/new"),
      page("/boats/export", "<p>All boats as a file</p>"),
      opened(`/boats/${ids[0]}`),
      form(`/boats/${ids[1]}/edit`),
      { to: `POST /boats/${ids[2]}/edit`, send: new URLSearchParams("title=a"), status: 303 },
    ]);
    assert.deepEqual(found, [
      "GET /boats",
      "GET /boats/new",
      "GET /boats/export",
      `GET /boats/{${name}}`,
      `GET /boats/{${name}}/edit`,
      `POST /boats/{${name}}/edit`,
    ]);
  }
});

Deno.test("deriveTools() knows two opened pages by the page that links to both, and what is like them", () => {
  const list = (ids: string[]) => page("/boats", nav(...ids.map((id) => `/boats/${id}`)));
  for (const ids of [["a1b", "c2d"], ["trip_81", "trip_92"], ["seal", "otter"]]) {
    const found = paths([list(ids), ...ids.map((id) => opened(`/boats/${id}`))]);
    assert.equal(found.length, 2, ids.join());
  }
  const later = paths([
    page("/boats", rows("/boats", ["seal", "otter", "beaver"])),
    opened("/boats/seal"),
    opened("/boats/heron"),
  ]);
  assert.deepEqual(later, ["GET /boats", "GET /boats/{boat}"]);
});

Deno.test("deriveTools() keeps sub-pages that pages link to in the same way", () => {
  const parts = ["/boats/sail", "/boats/motor", "/boats/rubber"];
  const items = (hrefs: string[]) => `<ul>${hrefs.map((to) => `<li>${nav(to)}`).join("")}</ul>`;
  const cases: Exchanged[][] = [
    // A menu on each of its pages, one in the frame, and one with words for what to do.
    [page("/boats", items(parts)), ...parts.map((to) => page(to, items(parts)))],
    [page("/boats", `<nav>${items(parts)}</nav>`), ...parts.map(opened)],
    [page("/boats", items([...parts, "/boats/import"])), ...parts.map(opened)],
    // Pages of different kinds.
    [page("/boats", items(parts)), opened(parts[0]!), form(parts[1]!), opened(parts[2]!)],
    // What is no collection, versions and steps.
    ...["/settings/mail", "/office/staff", "/docs/v", "/order/step"].map((to) => {
      const some = [`${to}1`, `${to}2`, `${to}3`];
      const all = /mail|staff/.test(to)
        ? some.map((one) => one.replace(/\d/, (n) => "abc"[+n - 1]!))
        : some;
      return [page(to.slice(0, to.lastIndexOf("/")), items(all)), ...all.map(opened)];
    }),
  ];
  for (const exchanges of cases) {
    const found = paths(exchanges);
    assert.deepEqual(found, exchanges.map(({ to }) => to));
  }
});
