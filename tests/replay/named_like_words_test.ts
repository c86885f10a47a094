/** Users who are called like a part of an address or a scheme of HTTP, from the recording to the proof. */
import assert from "node:assert/strict";
import type { Trace } from "../../lib/http/exchange.ts";
import { linesOf } from "../support/flow_text.ts";
import { provenLogin } from "../support/proven_login.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://moor.example";
const TOKEN = "Zk3v8QxT1bRm6WzC0nHd";
const KEY = "kE7y-11a2Zz33q44Wx55";
const bearer: TraceParts = { headers: [["Authorization", `Bearer ${TOKEN}`]] };

const login = (user: string, path: string, answer: Record<string, string>): Trace =>
  trace(`POST ${SITE}${path}`, { json: { username: user, password: "Quay keeper 7" }, answer });

const reading = (path: string, parts: TraceParts): Trace[] =>
  ["boats", "piers"].map((what) =>
    trace(`GET ${SITE}${path}/${what}`, { answer: { list: [1] }, ...parts })
  );

async function proven(traces: readonly Trace[], ...beginnings: readonly string[]) {
  const { flow, proof, problems, source } = await provenLogin(capture(...traces));
  assert.deepEqual(problems, []);
  const open = proof.assumptions.filter(({ isSettled }) => !isSettled)
    .map(({ trace, where, as }) => `${trace} ${where} ${as}`);
  return { lines: linesOf(flow, ...beginnings), open, source };
}

for (const user of ["api", "v1", "rest", "depot"]) {
  Deno.test(`a user called "${user}" is not asked for in an address that takes the login`, async () => {
    const { lines, open } = await proven([
      login(user, `/${user}/login`, { token: TOKEN }),
      ...reading(`/${user}`, bearer),
    ], "s1 POST");
    assert.deepEqual(lines, [`s1 POST ${SITE}/${user}/login (credentials)`]);
    assert.deepEqual(open, []);
  });

  Deno.test(`a user called "${user}" is asked for behind a word for people, and that is said`, async () => {
    const { lines, open } = await proven([
      login(user, "/enter", { key: KEY }),
      trace(`POST ${SITE}/members/${user}/token`, {
        headers: [["X-Key", KEY]],
        json: {},
        answer: { token: TOKEN },
      }),
      ...reading("/data", bearer),
    ], "s2 POST");
    assert.deepEqual(lines, [`s2 POST ${SITE}/members/$username/token`]);
    assert.deepEqual(open, ["t_0002 path segment 2 typed"]);
  });

  Deno.test(`what is called as the user "${user}" after the login is a constant that is taken on trust`, async () => {
    const step = trace(`POST ${SITE}/${user}/token`, {
      headers: [["X-Key", KEY]],
      json: {},
      answer: { token: TOKEN },
    });
    const enter = login(user, "/enter", { key: KEY });
    const { lines, open } = await proven([enter, step, ...reading("/data", bearer)], "s2 POST");
    assert.deepEqual(lines, [`s2 POST ${SITE}/${user}/token`]);
    assert.deepEqual(open, ["t_0002 path segment 1 constant"]);
    const earlier = trace(`GET ${SITE}/${user}/hello`, { answer: { open: true } });
    const known = await proven([earlier, enter, step, ...reading("/data", bearer)], "s2 POST");
    assert.deepEqual(known.open, []);
  });

  Deno.test(`where a redirect leads that may be called as the user "${user}", the redirect says`, async () => {
    const { lines, open } = await proven([
      trace(`POST ${SITE}/enter`, {
        form: { username: user, password: "Quay keeper 7" },
        setCookies: ["pre=5x6c7b8a9d0e1f2a; Path=/"],
        location: `/${user}/start`,
      }),
      trace(`GET ${SITE}/${user}/start`, {
        cookie: "pre=5x6c7b8a9d0e1f2a",
        setCookies: ["berth=77aa6c7b8a9d0eff; Path=/"],
        html: "<p>Hello",
      }),
      ...reading(`/${user}`, { cookie: "pre=5x6c7b8a9d0e1f2a; berth=77aa6c7b8a9d0eff" }),
    ], "s2 GET");
    assert.deepEqual(lines, ["s2 GET {{redirect_url}}"]);
    assert.deepEqual(open, []);
  });
}

Deno.test("an address in a field that holds the user's name is a constant that is taken on trust", async () => {
  const service = encodeURIComponent(`${SITE}/noor/home`);
  const { open } = await proven([
    login("noor", "/enter", { key: KEY }),
    trace(`GET ${SITE}/token?service=${service}&k=${KEY}`, { answer: { token: TOKEN } }),
    ...reading("/data", bearer),
  ]);
  assert.deepEqual(open, ['t_0002 query parameter "service" constant']);
});

for (
  const [user, scheme] of [["Bearer", "Bearer"], ["Basic", "Basic"], ["token", "Token"]] as const
) {
  Deno.test(`a user called "${user}" is none of the words before a credential`, async () => {
    const enter = login(user, "/enter", { ticket: TOKEN });
    const field = await proven([
      enter,
      trace(`POST ${SITE}/session`, {
        json: { authorization: `${scheme} ${TOKEN}`, scheme },
        answer: { key: KEY },
      }),
      ...reading("/data", { headers: [["X-Key", KEY]] }),
    ], "s2 body");
    assert.deepEqual(field.lines, [
      `s2 body authorization = "${scheme} " + {ticket}`,
      `s2 body scheme = "${scheme}"`,
    ]);
    assert.deepEqual(field.open, []);
    const kept = [enter, ...reading("/data", { cookie: `auth=${scheme}%20${TOKEN}` })];
    const cookie = await proven(kept, "result client");
    assert.deepEqual(cookie.lines, [
      `result client cookie auth = url-encode("${scheme} " + {ticket})`,
    ]);
    const wrong = await provenLogin(
      capture(...kept),
      (text) => text.replace(`(\`${scheme} `, "(`${username} "),
    );
    assert.deepEqual(wrong.problems, [
      'result cookie "auth": is asked for, but the scheme of credentials is a constant of HTTP',
    ]);
  });
}

Deno.test("a user called like a parameter of credentials is asked for beside a token alone", async () => {
  const using = async (credentials: string) =>
    await proven([
      login("token", "/enter", { ticket: TOKEN }),
      ...reading("/data", { headers: [["Authorization", credentials]] }),
    ], "result header");
  const parameter = await using(`Token token=${TOKEN}`);
  assert.deepEqual(parameter.lines, ['result header Authorization = "Token token=" + {ticket}']);
  assert.deepEqual(parameter.open, []);
  const pair = await using(`Token token:${TOKEN}`);
  assert.deepEqual(pair.lines, [
    'result header Authorization = "Token " + $username + ":" + {ticket}',
  ]);
  assert.deepEqual(pair.open, ['t_0003 result header "Authorization" typed']);
});

/** A hub that leads to a server of the user's own, which knows its visitors by OAuth and a cookie of its path. */
function hub(typed: string, own: string): Trace[] {
  const [state, code] = ["eyJ1dWlkIjogImMyNzg5YWJj", "X2fAQbUiqc5oPMB0yUJDoXLV3jbm7n"];
  const visit = "visit=77aa6c7b8a9d0eff";
  const callback = `/user/${own}/back`;
  const authorize = `/hub/authorize?${new URLSearchParams({ redirect_uri: callback, state })}`;
  const server = `mole-${own}=c0ffee00aa11bb22`;
  return capture(
    trace(`POST ${SITE}/hub/enter`, {
      form: { username: typed, password: "Quay keeper 7" },
      location: "/hub/",
      setCookies: [`${visit}; Path=/`],
    }),
    trace(`GET ${SITE}/hub/`, { cookie: visit, location: `/user/${own}/` }),
    trace(`GET ${SITE}/user/${own}/`, {
      cookie: visit,
      location: authorize,
      setCookies: [`mole-${own}-state=${state}; Path=/user/${own}/`],
    }),
    trace(`GET ${SITE}${authorize}`, {
      cookie: visit,
      location: `${callback}?code=${code}&state=${state}`,
    }),
    trace(`GET ${SITE}${callback}?code=${code}&state=${state}`, {
      cookie: `${visit}; mole-${own}-state=${state}`,
      location: `/user/${own}/desk`,
      setCookies: [`${server}; Path=/user/${own}/`],
    }),
    ...["notes", "kernels"].map((what) =>
      trace(`GET ${SITE}/user/${own}/api/${what}`, {
        cookie: `${visit}; ${server}`,
        answer: { list: [1] },
      })
    ),
  );
}

for (
  const [typed, own] of [["noor", "noor"], ["Noor", "noor"], ["noor@moor.example", "noor"], [
    "4711",
    "nfeld",
  ]] as const
) {
  Deno.test(`where the hub leads ${typed} is the hub's to say: /user/${own}/`, async () => {
    const { flow, proof, problems, source } = await provenLogin(hub(typed, own));
    assert.deepEqual(problems, []);
    assert.match(source, /session\.cookie_header\(redirect_url/);
    assert.doesNotMatch(source, /\/user\//);
    assert.doesNotMatch(linesOf(flow, "s1", "s2", "s3", "s4", "s5").join("\n"), /\/user\//);
    assert.deepEqual(proof.assumptions.filter(({ isSettled }) => !isSettled), []);
    const wrong = await provenLogin(
      hub(typed, own),
      (text) => text.replace("session(redirect_url,", `session("${SITE}/user/${own}/",`),
    );
    const said = wrong.proof.assumptions.map(({ why }) => why).join("; ");
    assert.match(said, /the answer of t_\d{4} led there, and may name whoever logged in/);
  });
}
