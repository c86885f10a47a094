/** Lists that are pages for people: what their own links say of the next one. */
import assert from "node:assert/strict";
import { callAllPages } from "../../lib/ops/call_all_pages.ts";
import { startDesk } from "../resolve/desk.ts";

const LIST = { owner: "desk", tool: "listTickets", args: {}, maxPages: 9 };

/** What came of it: the addresses asked for, whether that is all, and why it may not be. */
async function fetched(page: (number: number) => string, type = "text/html") {
  await using desk = await startDesk(({ path }) => {
    const number = Number(/page=(\d+)/.exec(path)?.[1] ?? 1);
    return new Response(page(number), { headers: { "content-type": `${type}; charset=utf-8` } });
  });
  const { complete, stopped } = await callAllPages(desk.context(), LIST);
  return { asked: desk.requests.map(({ path }) => path), complete, stopped };
}

const linked = (link: (to: number) => string) => (number: number) =>
  `<html><body><p>Page ${number}</p>${number < 3 ? link(number + 1) : ""}</body></html>`;

Deno.test("callAllPages() follows the links of a page to the next one", async () => {
  for (
    const link of [
      (to: number) => `<a class=more rel="nofollow next" href="?page=${to}">Older</a>`,
      (to: number) => `<link rel=next href=/tickets?page=${to}>`,
      (to: number) => `<base href=/tickets/><a rel=NEXT href="../tickets?page=${to}">2</a>`,
    ]
  ) {
    assert.deepEqual(await fetched(linked(link)), {
      asked: ["/tickets", "/tickets?page=2", "/tickets?page=3"],
      complete: true,
      stopped: null,
    });
  }
});

Deno.test("callAllPages() does not call a page complete that says nothing of others", async () => {
  for (
    const link of [
      () => "",
      (to: number) => `<a rel=next href="/articles?page=${to}">Next article</a>`,
      (to: number) => `<a rel=next href="https://elsewhere.example/tickets?page=${to}">Next</a>`,
      (to: number) => `<template><a rel=next href="?page=${to}">Next</a></template>`,
    ]
  ) {
    const { asked, complete, stopped } = await fetched(linked(link));
    assert.deepEqual([asked, complete], [["/tickets"], null]);
    assert.match(stopped ?? "", /names no next page.*not known/);
  }
  assert.equal((await fetched(() => "a,b\n1,2\n", "text/csv")).complete, null);
  assert.equal((await fetched(() => '<a rel=prev href="?page=0">')).complete, true);
});

Deno.test("callAllPages() does not call JSON complete that says of itself that more follows", async () => {
  for (
    const [body, complete] of [
      [{ data: { orders: { nodes: [{ id: 1 }], pageInfo: { hasNextPage: true } } } }, false],
      [{ rows: [{ id: 1 }], has_more: true }, false],
      [{ list: { IsTruncated: true, entries: [{ id: 1 }] } }, false],
      [{ rows: [{ id: 1 }], has_more: false }, true],
      [{ rows: [{ id: 1, has_more: true }] }, true],
      [{ rows: [{ id: 1 }], shop: { more: true } }, true],
    ] as const
  ) {
    const came = await fetched(() => JSON.stringify(body), "application/json");
    assert.equal(came.complete, complete, JSON.stringify(body));
    assert.equal(came.stopped?.includes("more follows") ?? false, !complete);
  }
});
