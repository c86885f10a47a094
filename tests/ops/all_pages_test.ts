/** Lists whose pages a server on loopback hands out in the ways APIs do. */
import assert from "node:assert/strict";
import { AppError } from "../../lib/base/error.ts";
import { callAllPages } from "../../lib/ops/call_all_pages.ts";
import { callTool } from "../../lib/ops/call_tool.ts";
import type { StreamItem } from "../../lib/http/event_stream.ts";
import { type Desk, startDesk } from "../resolve/desk.ts";

const ALL = Array.from({ length: 7 }, (_, at) => ({ id: at + 1 }));
const ids = (items: readonly unknown[]) => items.map((item) => (item as { id: number }).id);

interface Style {
  readonly name: string;
  /** Names of query parameters that the document declares. */
  readonly parameters: readonly string[];
  /** What else the document says of the operation. */
  readonly declared?: Record<string, unknown>;
  /** The answer to a query, three items a page. */
  readonly answer: (query: URLSearchParams, origin: string) => Response;
}

const from = (start: number) => ALL.slice(start, start + 3);
const number = (query: URLSearchParams, name: string, fallback: number) =>
  Number(query.get(name) ?? fallback);

/** A link of the answer to the operation itself, in names that no rule knows. */
const linking = (parameters: Record<string, unknown>, operation: Record<string, unknown> = {}) => ({
  responses: {
    "200": {
      description: "",
      links: {
        previous: { operationId: "list", parameters: { hop: "$response.body#/back" } },
        another: { operationId: "add", parameters: { hop: "$response.body#/x" } },
        onward: { operationId: "list", parameters, ...operation },
      },
    },
  },
});

const STYLES: readonly Style[] = [
  {
    name: "x-ms-pageable, with names of its own",
    parameters: [],
    declared: { "x-ms-pageable": { itemName: "lot.pieces", nextLinkName: "lot.further" } },
    answer: (query, origin) => {
      const start = number(query, "s", 0);
      const further = start + 3 < ALL.length ? `${origin}/things?s=${start + 3}` : null;
      return Response.json({ lot: { pieces: from(start), others: [{ id: 99 }], further } });
    },
  },
  {
    name: "x-ms-pageable of OData",
    parameters: [],
    declared: { "x-ms-pageable": { nextLinkName: "@odata.nextLink" } },
    answer: (query, origin) => {
      const start = number(query, "s", 0);
      const next = { "@odata.nextLink": `${origin}/things?s=${start + 3}` };
      return Response.json({ other: [], value: from(start), ...start + 3 < ALL.length && next });
    },
  },
  {
    name: "a link to itself, by the body and by what was asked",
    parameters: ["hop", "zone"],
    declared: linking({
      "query.hop": "$response.body#/paging/onward~1at/0",
      zone: "$request.query.zone",
    }),
    answer: (query) => {
      const start = number(query, "hop", 0);
      const at = start + 3 < ALL.length ? [start + 3] : [];
      return Response.json({ pieces: from(start), paging: { "onward/at": at }, back: 0 });
    },
  },
  {
    name: "a link to itself, by a header and a constant",
    parameters: ["hop", "mode"],
    declared: linking({ hop: "{$response.header.X-Onward}", mode: "brief" }, {
      operationId: undefined,
      operationRef: "#/paths/~1things/get",
    }),
    answer: (query) => {
      const start = number(query, "hop", 0);
      const isRight = start === 0 || query.get("mode") === "brief";
      const headers = { "x-onward": start + 3 < ALL.length ? String(start + 3) : "" };
      return Response.json(isRight ? from(start) : [], { headers });
    },
  },
  {
    name: "a Link header, with a parameter nobody declares",
    parameters: [],
    answer: (query) => {
      const start = number(query, "opaque", 0);
      const next = start + 3 < ALL.length
        ? `</things?opaque=${start + 3}&x=a%2Cb>; rel="next"`
        : "";
      return Response.json(from(start), { headers: { link: next } });
    },
  },
  {
    name: "an address in the body",
    parameters: ["limit"],
    answer: (query, origin) => {
      const start = number(query, "s", 0);
      const next = start + 3 < ALL.length ? `${origin}/things?s=${start + 3}` : null;
      return Response.json({ results: from(start), next, previous: null });
    },
  },
  {
    name: "a link of OData",
    parameters: ["$top"],
    answer: (query, origin) => {
      const start = number(query, "$skiptoken", 0);
      const next = { "@odata.nextLink": `${origin}/things?$skiptoken=${start + 3}` };
      return Response.json({ value: from(start), ...(start + 3 < ALL.length ? next : {}) });
    },
  },
  {
    name: "a cursor beside the page",
    parameters: ["cursor", "size"],
    answer: (query) => {
      const start = number(query, "cursor", 0);
      const nextCursor = start + 3 < ALL.length ? String(start + 3) : "";
      return Response.json({ items: from(start), pagination: { nextCursor } });
    },
  },
  {
    name: "a token under another name",
    parameters: ["pageToken", "fields"],
    answer: (query) => {
      const start = number(query, "pageToken", 0);
      const token = start + 3 < ALL.length ? { next_page_token: String(start + 3) } : {};
      return Response.json({ documents: from(start), ...token });
    },
  },
  {
    name: "has_more and the last item",
    parameters: ["starting_after", "limit"],
    answer: (query) => {
      const start = number(query, "starting_after", 0);
      return Response.json({ data: from(start), has_more: start + 3 < ALL.length });
    },
  },
  {
    name: "an offset and a total",
    parameters: ["offset", "limit"],
    answer: (query) => {
      const start = number(query, "offset", 0);
      return Response.json({ meta: { total: ALL.length }, rows: from(start) });
    },
  },
  {
    name: "a page number and nothing else",
    parameters: ["page"],
    answer: (query) => Response.json(from(3 * (number(query, "page", 1) - 1))),
  },
  {
    name: "a page number and how many there are",
    parameters: ["pageNumber"],
    answer: (query) => {
      const page = number(query, "pageNumber", 1);
      return Response.json({
        content: from(3 * (page - 1)),
        page: { totalPages: 3, number: page },
      });
    },
  },
];

type DeskAnswers = (query: URLSearchParams, desk: { origin: string }) => Response;

async function deskOf(
  parameters: readonly string[],
  answer: DeskAnswers,
  declared: Record<string, unknown> = {},
): Promise<Desk> {
  const desk: Desk = await startDesk(({ path }) =>
    answer(new URL(path, desk.origin).searchParams, desk)
  );
  await desk.document({
    paths: {
      "/things": {
        get: {
          operationId: "list",
          parameters: parameters.map((name) => ({ name, in: "query", schema: { type: "string" } })),
          ...declared,
        },
        post: { operationId: "add" },
      },
    },
  });
  return desk;
}

const LIST = { owner: "desk", tool: "list", args: {}, maxPages: 50 };

for (const { name, parameters, answer, declared } of STYLES) {
  Deno.test(`callAllPages() follows ${name}`, async () => {
    const answers: DeskAnswers = (query, { origin }) => answer(query, origin);
    await using desk = await deskOf(parameters, answers, declared);
    const { items, stopped, last } = await callAllPages(desk.context(), LIST);
    assert.deepEqual(ids(items), ids(ALL));
    assert.equal(stopped, null);
    assert.equal(last.status, 200);
    assert.ok(desk.requests.length <= 4, `${desk.requests.length} requests`);
  });
}

Deno.test("callAllPages() stops where pages lead in a circle, repeat, or are too many", async () => {
  const cases: [Style["answer"], parameters: string[], stopped: RegExp, items: number][] = [
    [
      (_, origin) => Response.json({ data: [{ id: 1 }], next: `${origin}/things` }),
      [],
      /came (twice|before)/,
      1,
    ],
    [
      () => Response.json({ data: [{ id: 1 }, { id: 2 }], has_more: true }),
      ["page"],
      /came twice/,
      2,
    ],
    [
      (query) => Response.json({ data: [{ id: number(query, "page", 1) }], has_more: true }),
      ["page"],
      /50 pages/,
      50,
    ],
  ];
  for (const [answer, parameters, stopped, count] of cases) {
    await using desk = await deskOf(parameters, (query, { origin }) => answer(query, origin));
    const all = await callAllPages(desk.context(), LIST);
    assert.match(all.stopped ?? "", stopped);
    assert.equal(all.items.length, count);
  }
});

Deno.test("callAllPages() gives every page of bytes, and tells equal ones", async () => {
  for (const [isSame, expected] of [[false, ["/wEA", "/wIA", "/wMA"]], [true, ["/wEA"]]] as const) {
    await using desk = await deskOf(["page"], (query) => {
      const page = number(query, "page", 1);
      const link = page < 3 ? { link: `</things?page=${page + 1}>; rel="next"` } : {};
      return new Response(new Uint8Array([255, isSame ? 1 : page, 0]), {
        headers: { "content-type": "application/octet-stream", ...link },
      });
    });
    const { items, stopped } = await callAllPages(desk.context(), LIST);
    assert.deepEqual([items, stopped], [expected, isSame ? "the same page came twice" : null]);
  }
});

Deno.test("callAllPages() counts no further where answers name the next page, however full the last one is", async () => {
  const full = (page: number) => [1, 2, 3].map((at) => ({ id: 10 * page + at }));
  const last = 2;
  const cases: [parameters: string[], Style["answer"]][] = [
    [["page"], (query) => {
      const page = number(query, "page", 1);
      const next = page < last ? `, </things?page=${page + 1}>; rel="next"` : "";
      return Response.json(full(page), { headers: { link: `</things>; rel="first"${next}` } });
    }],
    [["page"], (query) => {
      const page = number(query, "page", 1);
      return Response.json({ data: full(page), ...page < last && { next: `?page=${page + 1}` } });
    }],
    [["page_token", "offset"], (query) => {
      const page = number(query, "page_token", 1);
      return Response.json({
        items: full(page),
        ...page < last && { nextPageToken: `${page + 1}` },
      });
    }],
  ];
  for (const [parameters, answer] of cases) {
    await using desk = await deskOf(parameters, (query, { origin }) => answer(query, origin));
    const { items, stopped } = await callAllPages(desk.context(), LIST);
    assert.deepEqual([ids(items), stopped], [[11, 12, 13, 21, 22, 23], null]);
    assert.equal(desk.requests.length, last);
  }
});

Deno.test("callAllPages() keeps what came before a page that fails, and goes nowhere else", async () => {
  await using desk = await deskOf(
    ["page"],
    (query) =>
      query.get("page") === null
        ? Response.json({ data: [{ id: 1 }], has_more: true })
        : new Response("slow down", { status: 400 }),
  );
  const refused = await callAllPages(desk.context(), LIST);
  assert.deepEqual([ids(refused.items), refused.pages], [[1], 1]);
  assert.equal(refused.last.error?.code, "UPSTREAM_REFUSED");
  await using thief = await startDesk(() => Response.json([]));
  await using led = await deskOf(
    [],
    () => Response.json({ data: [{ id: 1 }], next: `${thief.origin}/x` }),
  );
  const elsewhere = await callAllPages(led.context(), LIST);
  assert.deepEqual([ids(elsewhere.items), elsewhere.pages, elsewhere.broke?.code], [
    [1],
    1,
    "ORIGIN_REFUSED",
  ]);
  assert.equal(thief.requests.length, 0);
  const write = await callAllPages(led.context(), { ...LIST, tool: "add" }).catch((error) => error);
  assert.ok(write instanceof AppError && write.code === "USAGE");
});

Deno.test("callTool() hands out the items of a stream as they come", async () => {
  const queue = new TransformStream<string, string>();
  const writer = queue.writable.getWriter();
  await using desk = await startDesk(() =>
    new Response(queue.readable.pipeThrough(new TextEncoderStream()), {
      headers: { "content-type": "text/event-stream; charset=utf-8" },
    })
  );
  const items: StreamItem[] = [];
  const first = Promise.withResolvers<void>();
  const onItem = (item: StreamItem) => {
    items.push(item);
    first.resolve();
  };
  const calling = callTool(desk.context(), {
    owner: "desk",
    tool: "listTickets",
    args: {},
    onItem,
  });
  await writer.write('event: added\ndata: {"id": 1}\n\n');
  await first.promise;
  assert.deepEqual(items, [{ event: "added", id: null, text: '{"id": 1}', json: { id: 1 } }]);
  await writer.write("data: bye\n\n");
  await writer.close();
  const { status, body } = await calling;
  assert.deepEqual([status, body.length, items.length], [200, 0, 2]);
  assert.match(desk.requests[0]!.headers.get("accept") ?? "", /^text\/event-stream, /);
});
