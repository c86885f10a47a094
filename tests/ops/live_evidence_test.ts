import assert from "node:assert/strict";
import type { AppError } from "../../lib/base/error.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { importCapture } from "../../lib/ops/import_capture.ts";
import { changedConstants, watchedRequests } from "../../lib/ops/live_evidence.ts";
import { login } from "../../lib/ops/login.ts";
import type { WatchedConstant } from "../../lib/correlate/watched_constants.ts";
import { fakeContext } from "../support/fake_context.ts";
import { harText } from "../support/har_text.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { capture, trace } from "../support/traces.ts";

const TICKET = "h3Nv6Yc1Gp9Ma5Tk2Wq8";
const TOKEN = "pl4Qz7Yw2KfT9bMx1VnC";

/** A shop whose start page says which edition of it answers; the login sends the edition along. */
function recording(origin: string, edition: string): string {
  const bearer = [["Authorization", `Bearer ${TOKEN}`]] as const;
  return harText(capture(
    trace(`GET ${origin}/start`, { answer: { edition, ticket: TICKET } }),
    trace(`POST ${origin}/session`, {
      json: {
        username: "nora.field",
        password: "Quiet-9-harbour",
        edition,
        ticket: TICKET,
      },
      answer: { token: TOKEN },
    }),
    trace(`GET ${origin}/orders`, { headers: bearer, answer: { orders: [] } }),
    trace(`GET ${origin}/profile`, { headers: bearer, answer: { user: "nora.field" } }),
  ));
}

/** @param isStrict a login that says another edition is turned away */
function serveEdition(edition: string, isStrict = false): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (isStrict && pathname === "/session" && (await request.json()).edition !== edition) {
      return Response.json({ error: "another edition" }, { status: 409 });
    }
    switch (pathname) {
      case "/start":
        return Response.json({ edition, ticket: "m8Zt2Xb7Lw5Ks0QdRf4J" });
      case "/session":
        return Response.json({ token: "qk8Wd3Rn6JzL0cVb5HyX" });
      default:
        return request.headers.get("authorization") === null
          ? new Response("no", { status: 401 })
          : Response.json({ user: "ole.winter" });
    }
  });
}

async function logInAt(edition: string, recorded = "spring") {
  return await withTempFolder(async (folder) => {
    await using server = serveEdition(edition);
    const file = `${folder}/shop.har`;
    await Deno.writeTextFile(file, recording(`http://127.0.0.1:${server.addr.port}`, recorded));
    const ctx = fakeContext({
      home: `${folder}/home`,
      nowMs: Date.now(),
      answers: ["ole.winter", "another-pass-4"],
    });
    await importCapture(ctx, { app: "shop", files: [file] });
    const analysis = await analyzeAuth(ctx, { app: "shop" });
    const output = await login(ctx, { app: "shop", yes: true });
    const again = await analyzeAuth(ctx, { app: "shop" });
    return { before: analysis, output, script: await Deno.readTextFile(again.script!) };
  });
}

Deno.test("login() says which constant the site's answers show to be none, and takes it from there", async () => {
  const { before, output, script } = await logInAt("autumn");
  assert.equal(before.result, "script");
  assert.equal(output.changed.length, 1);
  assert.match(output.changed[0]!.where, /POST \/session body edition$/);
  assert.match(output.changed[0]!.answer, /^GET .*\/start$/);
  assert.equal(output.mended, true);
  assert.doesNotMatch(script, /spring/);
});

Deno.test("login() takes what looks like nothing from the answer that has it under the same name", async () => {
  for (const [recorded, live] of [["+\\", "-\\"], ["on", "off"]]) {
    const { before, output, script } = await logInAt(live!, recorded);
    assert.deepEqual(before.inputs.map(({ label }) => label), ["Username", "Password"]);
    assert.equal(output.mended, true);
    assert.equal(script.match(/prompt_(text|secret)\("/g)?.length, 2, "nobody is asked for it");
    assert.match(script, /edition(_\d)? = found\(at\(s1_text, "edition"\)/);
  }
});

Deno.test("login() mends a script that fails by a constant which the answers show to be none", () =>
  withTempFolder(async (folder) => {
    await using server = serveEdition("autumn", true);
    const file = `${folder}/shop.har`;
    const origin = `http://127.0.0.1:${server.addr.port}`;
    await Deno.writeTextFile(file, recording(origin, "spring"));
    const person = ["ole.winter", "another-pass-4"];
    const ctx = fakeContext({
      home: `${folder}/home`,
      nowMs: Date.now(),
      answers: [...person, ...person],
    });
    await importCapture(ctx, { app: "shop", files: [file] });
    await analyzeAuth(ctx, { app: "shop" });
    await assert.rejects(login(ctx, { app: "shop", yes: true }), (error: AppError) => {
      assert.equal(error.code, "SCRIPT_FAILED");
      assert.match(error.hint ?? "", /body edition, from the answer to GET .*\/start.*proven anew/);
      return true;
    });
    const { probe, changed } = await login(ctx, { app: "shop", yes: true });
    assert.deepEqual([probe, changed], ["confirmed", []]);
  }));

Deno.test("login() keeps a constant that the site's answers hold as recorded", async () => {
  const { output, script } = await logInAt("spring");
  assert.deepEqual(output.changed, []);
  assert.equal(output.mended, false);
  assert.match(script, /spring/);
});

Deno.test("changedConstants() compares the recorded place alone", () => {
  const watched: WatchedConstant = {
    where: "t_0002 POST /session body edition",
    trace: "t_0002",
    place: "body edition",
    value: "spring",
    answer: {
      request: "GET https://a.example/start",
      locator: { kind: "json", path: ["edition"] },
    },
  };
  const answer = (url: string, body: string) => ({
    method: "GET",
    url,
    status: 200,
    headers: [["content-type", "application/json"]] as const,
    body,
  });
  const changed = (url: string, body: string) =>
    changedConstants([watched], [answer(url, body)]).length;
  assert.equal(changed("https://a.example/start?x=1", '{"edition":"autumn"}'), 1);
  assert.equal(changed("https://a.example/start", '{"edition":"spring"}'), 0);
  assert.equal(changed("https://a.example/other", '{"edition":"autumn"}'), 0);
  assert.equal(changed("https://a.example/start", '{"season":"autumn"}'), 0);
  assert.equal(changed("https://a.example/start", ""), 0);
  const pages = ["spring", "autumn"].map((edition, index) =>
    answer(`https://a.example/start?page=${index}`, JSON.stringify({ edition }))
  );
  assert.deepEqual(changedConstants([watched], pages), [], "another page of the address holds it");
  assert.deepEqual(watchedRequests([watched, watched]), ["GET https://a.example/start"]);
});
