import assert from "node:assert/strict";
import fc from "fast-check";
import type { Input } from "../../lib/correlate/flow.ts";
import { RandomSource } from "../../lib/replay/random_source.ts";
import { inventInputs } from "../../lib/replay/invent_inputs.ts";
import { rewriteJsonLeaves } from "../../lib/codec/json_text.ts";
import { PromptDesk } from "../../lib/replay/prompt_desk.ts";
import { startReplayServer } from "../../lib/replay/replay_server.ts";
import { REPLAY_URL_HEADER } from "../../lib/sandbox/replay_header.ts";
import { countingRandom } from "./counting_random.ts";
import { formCsrf } from "./flows/form_csrf.ts";
import { PASSWORD, USERNAME } from "./flows/recording.ts";

Deno.test("rewriteJsonLeaves() changes nothing but the leaves it is told to", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.nat(4), (value, indent) => {
    const text = JSON.stringify(value, null, indent);
    assert.equal(rewriteJsonLeaves(text, () => undefined), text);
    const paths: string[] = [];
    rewriteJsonLeaves(text, (path, leaf) => {
      const found = path.reduce<unknown>((node, key) => (node as never)[key], value);
      assert.deepEqual(leaf, JSON.parse(JSON.stringify(found)));
      paths.push(JSON.stringify(path));
      return undefined;
    });
    assert.equal(new Set(paths).size, paths.length);
  }));
  const text = '{ "a" : [1.50, "x\\/\\u0041", true ], "b":{} ,"c":null}';
  const changed = rewriteJsonLeaves(
    text,
    ([key, index]) => key === "a" && index === 0 ? { raw: "2.00" } : index === 1 ? 'y"' : undefined,
  );
  assert.equal(changed, '{ "a" : [2.00, "y\\"", true ], "b":{} ,"c":null}');
  assert.equal(rewriteJsonLeaves("{", () => undefined), undefined);
});

Deno.test("inventInputs() invents another user whose values show encoding mistakes", () => {
  const kinds: [Input["kind"], string, RegExp][] = [
    ["identifier", "alice.b", /^[a-z]{5}\.[a-z]{6}$/],
    ["identifier", "alice@corp.example", /^[a-z]{5}\.[a-z]{6}\+\d\d@mail\.example$/],
    ["identifier", "+49 151 2345678", /^\+\d\d \d{3} \d{7}$/],
    ["password", "hunter2", /\+.*&.*%.*é.*"/],
    ["password", "4711", /^[1-9]\d{3}$/],
    ["one-time-code", "604218", /^[1-9]\d{5}$/],
    ["one-time-code", "AB12-CD", /^[A-Z]{2}\d\d-[A-Z]{2}$/],
    ["api-key", "sk_live_a1b2c3d4e5", /^sk_live_[a-z0-9]{10}$/],
    [
      "link",
      "https://app.example/m?t=q81Zp4Tz0Lk&type=mail",
      /^https:\/\/app\.example\/m\?t=[A-Za-z0-9]{11}&type=mail$/,
    ],
  ];
  for (const [kind, recorded, shape] of kinds) {
    const one: Input = { name: "x", label: "X", secret: false, kind, recorded };
    const flow = { ...formCsrf.flow, inputs: [one] };
    const invented = inventInputs(flow, new RandomSource(countingRandom())).get("x")!;
    assert.match(invented, shape);
    assert.notEqual(invented, recorded);
  }
});

Deno.test("PromptDesk finds the input by label, by the words of the label, by kind", () => {
  const code: Input = {
    name: "one_time_code",
    label: "One-time code",
    secret: false,
    kind: "one-time-code",
    recorded: "1",
  };
  const inputs = [USERNAME, PASSWORD, code];
  const answers = new Map(inputs.map(({ name }) => [name, `fresh ${name}`]));
  const desk = () => new PromptDesk(inputs, answers);
  const cases: [string, boolean, string][] = [
    ["password:", true, "password"],
    ["Your e-mail address", false, "username"],
    ["Enter the 6-digit verification code", true, "one_time_code"],
    ["Passphrase", true, "password"],
    ["Kennwort", true, "password"],
  ];
  for (const [label, isSecret, name] of cases) {
    assert.equal(desk().answer(label, isSecret), `fresh ${name}`, label);
  }
  const asked = desk();
  asked.answer("Username", false);
  asked.answer("Username", false);
  assert.deepEqual(asked.objections.map(({ problem }) => problem), ["asks for username again"]);
  assert.deepEqual(asked.unasked().map(({ name }) => name), ["password", "one_time_code"]);
});

Deno.test("startReplayServer() hands over the meant URL and plays answers browsers can read", async () => {
  const seen: string[] = [];
  const server = startReplayServer((request) => {
    seen.push(
      `${request.method} ${request.url} ${
        new TextDecoder().decode(request.body ?? new Uint8Array())
      }`,
    );
    if (request.url.endsWith("/broken")) throw new Error("a bug");
    return {
      status: request.url.endsWith("/cached") ? 304 : 200,
      headers: [["X-Name", "ünï→"], ["Bad Name", "x"], ["Set-Cookie", "a=1"], [
        "Set-Cookie",
        "b=2",
      ]],
      body: new TextEncoder().encode("body"),
    };
  });
  const ask = (url: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${server.port}/`, {
      ...init,
      headers: url === "" ? {} : { [REPLAY_URL_HEADER]: url },
    });
  const answer = await ask("https://app.example/a?b=1", { method: "POST", body: "x=1" });
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), "body");
  assert.deepEqual(answer.headers.getSetCookie(), ["a=1", "b=2"]);
  assert.equal((await ask("https://app.example/cached")).status, 200);
  assert.equal((await ask("")).status, 400);
  assert.equal((await ask("https://app.example/broken")).status, 500);
  assert.equal(seen[0], "POST https://app.example/a?b=1 x=1");
  await assert.rejects(server.close(), /a bug/);
});
