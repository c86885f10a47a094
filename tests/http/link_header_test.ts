import assert from "node:assert/strict";
import { pageLinks } from "../../lib/http/link_header.ts";

const BASE = "https://api.example.com/items?page=2";

Deno.test("pageLinks() reads links to other pages, absolute and relative", () => {
  const cases: [string, string[]][] = [
    ['<https://a.example/?page=3>; rel="next"', ["next https://a.example/?page=3"]],
    ["<?page=3>;rel=next", ["next https://api.example.com/items?page=3"]],
    [
      '</items?page=1>; rel="first prev", </items?page=9>; title="a, b"; rel="last"',
      [
        "first https://api.example.com/items?page=1",
        "prev https://api.example.com/items?page=1",
        "last https://api.example.com/items?page=9",
      ],
    ],
    ['</style.css>; rel="stylesheet"', []],
    ["</x>", []],
    ["nonsense", []],
    ["<http://[>; rel=next", []],
    ["", []],
  ];
  for (const [header, expected] of cases) {
    const found = pageLinks([["Link", header]], BASE);
    assert.deepEqual(found.map(({ relation, url }) => `${relation} ${url}`), expected, header);
  }
});
