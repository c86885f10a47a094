/** An application that is read by PROPFIND alone (WebDAV, RFC 4918): its login is tried all the same. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { probeLogin } from "../../lib/ops/probe_login.ts";
import { probesOf } from "../../lib/ops/recorded_probe.ts";
import { marksOf } from "../../lib/token/answer_marks.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";
import { personContext } from "../support/login_trial.ts";
import { tokenState } from "../support/token_home.ts";

const TOKEN = "tok-7Gh2Kq9ZrT4bW1xY";
const LISTING = '<?xml version="1.0"?><d:multistatus xmlns:d="DAV:"><d:response/></d:multistatus>';

/** Answers PROPFIND to whoever has the token, and nothing else; the depths that were asked for. */
async function withDav(work: (origin: string, depths: (string | null)[]) => Promise<void>) {
  const depths: (string | null)[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    if (request.method !== "PROPFIND") return new Response(null, { status: 405 });
    if (request.headers.get("authorization") !== `Bearer ${TOKEN}`) {
      return new Response("<error/>", { status: 401, headers: { "content-type": "text/xml" } });
    }
    depths.push(request.headers.get("depth"));
    return new Response(LISTING, { status: 207, headers: { "content-type": "application/xml" } });
  });
  await work(`http://127.0.0.1:${server.addr.port}`, depths);
  await server.shutdown();
}

function probesAt(origin: string) {
  const listed: TraceParts = {
    headers: [["Authorization", `Bearer ${TOKEN}`], ["Depth", "1"]],
    status: 207,
    answerHeaders: [["Content-Type", "application/xml"]],
    text: LISTING,
  };
  const traces = capture(
    trace(`POST ${origin}/login`, {
      json: { username: "mia.holm", password: "tulip-Garden-77" },
      answer: { token: TOKEN },
    }),
    trace(`PROPFIND ${origin}/files/`, listed),
    trace(`PROPFIND ${origin}/calendars/`, listed),
  );
  const analysis = analyzeLogin(traces);
  assert.ok(analysis.kind === "flow", JSON.stringify(analysis));
  const { probe, moreProbes } = probesOf(analysis.flow, traces);
  return [probe!, ...moreProbes];
}

for (
  const [password, token, verdict] of [["right", TOKEN, "confirmed"], ["wrong", "x", "failed"]]
) {
  Deno.test(`probeLogin() by PROPFIND alone after the ${password} password is ${verdict}`, () =>
    withDav(async (origin, depths) => {
      const probes = probesAt(origin);
      assert.deepEqual(probes.map(({ method }) => method), ["PROPFIND", "PROPFIND"]);
      const outcome = await probeLogin(
        personContext("/nowhere", () => ""),
        tokenState({
          headers: { Authorization: `Bearer ${token}` },
          origins: [origin],
          expires_at: 1_700_000_060,
        }),
        probes,
      );
      assert.equal(outcome.verdict, verdict);
      // An end that has passed is none where the site takes the token.
      assert.equal(outcome.token.expires_at, verdict === "confirmed" ? null : 1_700_000_060);
      assert.equal(outcome.signs.length, verdict === "confirmed" ? 2 : 0);
      assert.ok(depths.every((depth) => depth === "1"), "another depth than was recorded");
    }));
}

Deno.test("probeLogin() keeps an end that passes while the site is asked", () =>
  withDav(async (origin) => {
    const end = 1_700_000_060;
    const times = [(end + 1) * 1000 - 1]; // an end in whole seconds may come as late as this
    const { token } = await probeLogin(
      {
        ...personContext("/nowhere", () => ""),
        clock: { nowMs: () => times.pop() ?? (end + 9) * 1000 },
      },
      tokenState({
        headers: { Authorization: `Bearer ${TOKEN}` },
        origins: [origin],
        expires_at: end,
      }),
      probesAt(origin),
    );
    assert.equal(token.expires_at, end);
  }));

for (
  const [session, verdict] of [["good", "confirmed"], ["anonymous", "failed"]] as const
) {
  const html = { headers: { "content-type": "text/html" } };
  Deno.test(`probeLogin() asks further where anybody is answered alike: a session that is ${session}`, async () => {
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/boats.json") return Response.json({ boats: ["Ida"] });
      if (request.headers.get("cookie") === "sid=good") {
        return new Response("<h1>Your desk</h1>", html);
      }
      return new Response("<form><input type=password name=p></form>", html);
    });
    const origin = `http://127.0.0.1:${server.addr.port}`;
    const probes = ["/boats.json", "/desk"].map((path) => ({
      method: "GET",
      url: origin + path,
      headers: [],
      credentialQuery: [],
    }));
    const { verdict: told } = await probeLogin(
      personContext("/nowhere", () => ""),
      tokenState({ headers: { Cookie: `sid=${session}` }, origins: [origin] }),
      probes,
    );
    await server.shutdown();
    assert.equal(told, verdict);
  });
}

for (
  const [session, verdict] of [["good", "confirmed"], ["anonymous", "inconclusive"]] as const
) {
  Deno.test(`probeLogin() knows the recorded answer where each is another: a session that is ${session}`, async () => {
    let asked = 0;
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
      asked += 1;
      const isFirst = asked === 1;
      const told = { action: "list", run: `this.alert("${"word ".repeat(asked)}")` };
      if (request.headers.get("cookie") !== "sid=good") return Response.json(told);
      const columns = isFirst
        ? {}
        : { columns: { name: "Name", size: "Size", date: "Date of it" } };
      return Response.json({ ...told, box: "Inbox", count: 0, quota: null, ...columns });
    });
    const origin = `http://127.0.0.1:${server.addr.port}`;
    const content = { action: "list", run: "", box: "Post", count: 4, quota: null };
    const { kind, shape } = marksOf({
      status: 200,
      isLogin: false,
      place: null,
      content: { kind: "json", value: content },
    });
    const { verdict: told } = await probeLogin(
      personContext("/nowhere", () => ""),
      tokenState({ headers: { Cookie: `sid=${session}` }, origins: [origin] }),
      [{
        method: "GET",
        url: `${origin}/list`,
        headers: [],
        credentialQuery: [],
        recorded: { kind, shape },
      }],
    );
    await server.shutdown();
    assert.equal(told, verdict);
  });
}
