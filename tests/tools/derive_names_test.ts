import assert from "node:assert/strict";
import { type CredentialSpots, NO_SPOTS } from "../../lib/tools/derive/credential_spots.ts";
import { deriveTools } from "../../lib/tools/from_traces.ts";
import { API, type Exchanged, recording } from "./trace_builder.ts";

const credentials: CredentialSpots = { ...NO_SPOTS, headers: ["authorization"] };

function namesOf(exchanges: readonly Exchanged[]): string[] {
  return deriveTools(recording(exchanges), { apiOrigins: [API], credentials })
    .map(({ name, path }) => `${name} ${path}`);
}

const one = { id: 3, label: "L" };

Deno.test("deriveTools() names tools as a person would", () => {
  const cases: [exchanges: Exchanged[], expected: string[]][] = [
    [[{ to: "GET /api/series", answer: [one] }], ["list_series /api/series"]],
    ...[
      ["knives/9", "get_knife", "knife"],
      ["caches/9", "get_cache", "cache"],
      ["prizes/9", "get_prize", "prize"],
      ["buses/9", "get_bus", "bus"],
      ["houses/9", "get_house", "house"],
      ["aliases/9", "get_alias", "alias"],
      ["analyses/9", "get_analysis", "analysis"],
      ["heroes/9", "get_hero", "hero"],
      ["batches/9", "get_batch", "batch"],
    ].map(([path, name, noun]): [Exchanged[], string[]] => [
      [{ to: `GET /api/${path}`, answer: one }],
      [`${name} /api/${path!.replace("9", `{${noun}_id}`)}`],
    ]),
    [[{ to: "GET /api/stats/daily", answer: [one] }], ["list_stats_daily /api/stats/daily"]],
    [[{ to: "GET /api/boats/9/crew", answer: [one] }], [
      "list_boat_crew /api/boats/{boat_id}/crew",
    ]],
    [[{ to: "POST /api/users.info", send: {}, answer: one }], ["users_info /api/users.info"]],
    [[{ to: "GET /feeds/boats.json", answer: [one] }], ["list_boats /feeds/boats.json"]],
    [[{ to: "GET /api/autocomplete?q=a", answer: [one] }], ["autocomplete /api/autocomplete"]],
    [[{ to: "GET /api/photos/9/todos", answer: [one] }], [
      "list_photo_todos /api/photos/{photo_id}/todos",
    ]],
    [[{ to: "GET /api/flags/archived", answer: { flags: [one] } }], [
      "list_flags_archived /api/flags/archived",
    ]],
    [[{ to: "GET /api/workspaces/default", answer: one }], [
      "get_workspace /api/workspaces/default",
    ]],
    [
      [{ to: "GET /api/boards/7", answer: one }, {
        to: "GET /api/boards/current",
        answer: { a: 1 },
      }],
      ["get_board /api/boards/{board_id}", "get_current_board /api/boards/current"],
    ],
    [
      [
        {
          to: "POST /cards/4",
          send: new URLSearchParams({ _method: "PUT", label: "x" }),
          status: 302,
          answer: null,
        },
        {
          to: "POST /cards/4",
          send: new URLSearchParams({ _method: "delete" }),
          status: 302,
          answer: null,
        },
      ],
      ["update_card /cards/{card_id}", "delete_card /cards/{card_id}"],
    ],
  ];
  for (const [exchanges, expected] of cases) assert.deepEqual(namesOf(exchanges), expected);
});

Deno.test("deriveTools() keeps two things of one person apart", () => {
  const menu = [{ slug: "orders" }, { slug: "wishes" }];
  assert.deepEqual(
    namesOf([
      { to: "GET /api/menu", answer: menu },
      { to: "GET /api/me/orders", answer: one },
      { to: "GET /api/me/wishes", answer: one },
    ]).slice(1),
    ["get_orders /api/me/orders", "get_wishes /api/me/wishes"],
  );
});

Deno.test("deriveTools() makes no tools of what keeps the page going", () => {
  const traffic: Exchanged[] = [
    { to: "GET /rt/?EIO=4&transport=polling&t=x", answer: { sid: "s" } },
    { to: "POST /sockjs/211/abcd/xhr_send", text: "[]", status: 204, answer: null },
    { to: "POST /hub/signalr/negotiate", send: {}, answer: { connectionId: "c" } },
    { to: "POST /api/session/keep-alive", send: {}, answer: {} },
    { to: "POST /ajax.php", send: new URLSearchParams({ action: "heart_beat" }), answer: {} },
    { to: "GET /api/i18n/fr", answer: { hello: "bonjour" } },
    { to: "PATCH /api/me/theme", send: { theme: "dark" }, answer: {} },
    { to: "GET /api/locale", answer: { locale: "fr" } },
    { to: "POST /chat/negotiate?negotiateVersion=1", answer: { connectionId: "c" } },
    { to: "POST /message-bus/5f0c/poll", send: { "/x": 1 }, answer: [] },
    { to: "GET /api/poll?since=30", answer: { events: [] } },
    { to: "GET /long-poll/events", answer: { events: [] } },
    { to: "GET /api/translations", answer: { boat: { name: "bateau" }, sea: "mer" } },
    { to: "POST /rpc", send: { jsonrpc: "2.0", id: 1, method: "system.ping" }, answer: {} },
  ];
  const things: Exchanged[] = [
    { to: "GET /api/themes", answer: [one] },
    { to: "GET /api/polls", answer: [one] },
    { to: "GET /api/books/3/translations", answer: { items: [one] } },
  ];
  assert.deepEqual(namesOf([...traffic, ...things]), [
    "list_themes /api/themes",
    "list_polls /api/polls",
    "list_book_translations /api/books/{book_id}/translations",
  ]);
});

Deno.test("deriveTools() keeps the answer that repeats the caller's own key, and not the one that gave it out", () => {
  const key = "s3cret-access-token";
  const names = namesOf([
    { to: "POST /api/keys", headers: [], send: { scope: "all" }, answer: { key } },
    { to: "GET /api/account", answer: { name: "n", api_key: key } },
    { to: "POST /api/auth.check", send: {}, answer: { name: "n", token: key } },
  ]);
  assert.deepEqual(names, ["get_account /api/account", "auth_check /api/auth.check"]);
});

function parametersOf(exchanges: readonly Exchanged[], name: string) {
  const tools = deriveTools(recording(exchanges), { apiOrigins: [API], credentials });
  const { parameters } = tools.find((tool) => tool.name === name)!;
  return parameters as { properties: Record<string, { examples?: unknown }>; required?: string[] };
}

Deno.test("deriveTools() calls one thing by one name, in paths, queries and bodies", () => {
  const album = "b7Qx91kPz0";
  const exchanges: Exchanged[] = [
    { to: `GET /api/albums/${album}`, answer: one },
    { to: `GET /api/tracks?albumId=${album}&label=5`, answer: [one] },
    { to: "POST /api/tracks", send: { album, title: "x" }, answer: one },
    { to: `GET /api/covers?id=${album}`, answer: one },
    { to: "GET /api/stores/5", answer: one },
    { to: "GET /api/ratings?album=all", answer: one },
  ];
  const names = (tool: string) => Object.keys(parametersOf(exchanges, tool).properties);
  assert.deepEqual(names("list_tracks"), ["album_id", "label"]);
  assert.deepEqual(names("create_track"), ["album_id", "title"]);
  assert.deepEqual(names("get_covers"), ["album_id"]);
  assert.deepEqual(names("get_ratings"), ["album"], "not the id of one");
});

Deno.test("deriveTools() requires no page and no order, and gives examples of both", () => {
  const exchanges: Exchanged[] = [
    { to: "GET /api/posts?page=2&sort=newest&term=zz", answer: [one] },
    { to: "GET /api/tags", answer: [one] },
    { to: "POST /api/posts", send: { title: "My trip", status: "draft", rank: 4 }, answer: one },
  ];
  const { properties, required } = parametersOf(exchanges, "list_posts");
  assert.deepEqual(required, ["term"]);
  assert.deepEqual(properties["sort"]!.examples, ["newest"]);
  const created = parametersOf(exchanges, "create_post").properties;
  assert.deepEqual(
    [created["status"]!.examples, created["title"]!.examples, created["rank"]!.examples],
    [["draft"], undefined, undefined],
  );
});
