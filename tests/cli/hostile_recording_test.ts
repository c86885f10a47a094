/** A recording made to stop whoever reads it. Each part alone took minutes, or ended in a "bug in keysmith". */
import assert from "node:assert/strict";
import type { HeaderList, Trace } from "../../lib/http/exchange.ts";
import { harText } from "../support/har_text.ts";
import { keysmithWithin } from "../support/keysmith.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const SITE = "https://shop.example.com";
const DEEP = 30_000;

interface Hostile {
  readonly path: string;
  readonly sent?: string;
  readonly answer: string;
  readonly type?: string;
}

const HOSTILE: readonly Hostile[] = [
  { path: "/deep", answer: '{"a":'.repeat(DEEP) + "1" + "}".repeat(DEEP) },
  { path: "/lists", sent: "[".repeat(DEEP) + "]".repeat(DEEP), answer: "{}" },
  {
    path: "/mixed",
    sent: '{"a":' + '[{"b":'.repeat(DEEP) + "1" + "}]".repeat(DEEP) + "}",
    answer: "[]",
  },
  { path: "/graphql", sent: JSON.stringify({ query: `${"#".repeat(60)}\n a` }), answer: "{}" },
  { path: "/graph2", sent: JSON.stringify({ query: `${"# a\n".repeat(60)} !` }), answer: "{}" },
  { path: "/graph3", sent: JSON.stringify({ query: "{a".repeat(9_000) }), answer: "{}" },
  { path: "/page", answer: "<b>".repeat(100_000), type: "text/html" },
  { path: "/other", answer: "<div></i>".repeat(40_000), type: "text/html" },
  { path: "/long", sent: JSON.stringify({ value: "x".repeat(9_000_000) }), answer: "{}" },
  { path: `/q?x=${"a=1%26".repeat(2_000)}`, answer: "{}" },
  { path: "/a1".repeat(3_000), answer: "{}" },
];

function trace(id: number, { path, sent, answer, type = "application/json" }: Hostile): Trace {
  const headers: HeaderList = [["content-type", type]];
  return {
    startedAtMs: 1_800_000_000_000 + id * 1_000,
    request: {
      method: sent === undefined ? "GET" : "POST",
      url: SITE + path,
      headers: [["content-type", "application/json"], [
        "authorization",
        "Bearer t0k3n-from-login-77",
      ]],
      body: sent === undefined ? null : new TextEncoder().encode(sent),
    },
    response: { status: 200, headers, body: new TextEncoder().encode(answer) },
  } as unknown as Trace;
}

Deno.test("a hostile recording is imported, listed and analysed in the end", async () => {
  await withTempFolder(async (home) => {
    const login = {
      path: "/login",
      sent: '{"user":"ann","password":"hunter2-pass"}',
      answer: '{"token":"t0k3n-from-login-77"}',
    };
    const har = `${home}/shop.har`;
    await Deno.writeTextFile(har, harText([login, ...HOSTILE].map((one, id) => trace(id, one))));
    const commands = [
      ["capture", "import", "shop", har],
      ["tools", "shop"],
      ["auth", "explain", "shop"],
      ["openapi", "shop"],
    ];
    for (const args of commands) {
      const { code, stderr } = await keysmithWithin(args, { home: `${home}/home` });
      assert.equal(code, 0, `${args.join(" ")}: ${stderr}`);
    }
  });
});
