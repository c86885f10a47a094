/** What stands between the password and the app: exchanges, cookies of the way, accounts that are made first. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Analysis } from "../../lib/correlate/flow.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowLines, flowOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://moor.example";
const TICKET = "Vh29xKq07LmT4sWzR1b";
const SESSION = "8c1f22d0aa91b3c7e5";
const who = { login: "curator", password: "Peat*cutter 6" };

const linesOf = (...traces: Trace[]) => flowLines(flowOf(analyzeLogin(capture(...traces))));

const has = (lines: readonly string[], ...wanted: readonly string[]) => {
  for (const line of wanted) assert.ok(lines.includes(line), `${line}\n${lines.join("\n")}`);
};

const reading = (parts: TraceParts): Trace[] =>
  ["/bogs", "/bogs/wet"].map((path) => trace(`GET ${SITE}${path}`, { answer: [1], ...parts }));

Deno.test("a cookie that a POST sets for the login's ticket makes that POST a step, and the ticket is used up", () => {
  const lines = linesOf(
    trace(`POST ${SITE}/enter`, { json: who, answer: { ticket: TICKET } }),
    trace(`POST ${SITE}/take`, { json: { ticket: TICKET }, setCookies: [`mo=${SESSION}; Path=/`] }),
    ...reading({ cookie: `mo=${SESSION}` }),
  );
  has(lines, `s2 POST ${SITE}/take`, "s2 body ticket = {ticket}", "result cookie mo");
  assert.deepEqual(lines.filter((line) => line.startsWith("result body")), []);
});

Deno.test("what each request carries in its body stays a credential, though one of them sets a cookie", () => {
  const carrying = (path: string, parts: TraceParts = {}) =>
    trace(`POST ${SITE}${path}`, { json: { ticket: TICKET, path }, answer: [1], ...parts });
  const lines = linesOf(
    trace(`POST ${SITE}/enter`, { json: who, answer: { ticket: TICKET } }),
    carrying("/bogs"),
    carrying("/fens", { setCookies: ["seen=1; Path=/"] }),
    carrying("/mires"),
  );
  has(lines, "result body ticket = {ticket}");
});

Deno.test("a cookie of the way that an answer takes away again is none of the result's", () => {
  const way = (last: TraceParts): Trace[] => [
    trace(`POST ${SITE}/enter`, { form: who, location: "/a", setCookies: ["way=a1; Path=/"] }),
    trace(`GET ${SITE}/a`, {
      cookie: "way=a1",
      location: "/b",
      setCookies: ["way=b2; Path=/"],
    }),
    trace(`GET ${SITE}/b`, { cookie: "way=b2", location: "/bogs", ...last }),
  ];
  const session = `mo=${SESSION}; Path=/`;
  const gone = way({ setCookies: [session, "way=; Path=/; Max-Age=0"] });
  assert.deepEqual(
    linesOf(...gone, ...reading({ cookie: `mo=${SESSION}` }))
      .filter((line) => line.startsWith("result cookie")),
    ["result cookie mo"],
  );
  const kept = way({ setCookies: [session] });
  has(linesOf(...kept, ...reading({ cookie: `mo=${SESSION}; way=b2` })), "result cookie way");
  const logout = trace(`POST ${SITE}/logout`, {
    cookie: `mo=${SESSION}; way=b2`,
    setCookies: ["mo=; Path=/; Max-Age=0", "way=; Path=/; Max-Age=0"],
  });
  has(
    linesOf(...kept, ...reading({ cookie: `mo=${SESSION}; way=b2` }), logout),
    "result cookie way",
    "result cookie mo",
  );
});

for (const [key, name] of [["activeRole", "role"], ["branch", "X-Branch"]]) {
  Deno.test(`what an answer says of somebody under "${key}" goes on as "${name}", also where they are called so`, () => {
    const inHeader = name!.startsWith("X-");
    const lines = linesOf(
      trace(`POST ${SITE}/enter`, {
        json: who,
        answer: { ticket: TICKET, me: { [key!]: who.login } },
      }),
      trace(`POST ${SITE}/session`, {
        json: { ticket: TICKET, ...inHeader ? {} : { [name!]: who.login } },
        ...inHeader ? { headers: [[name!, who.login]] } : {},
        setCookies: [`mo=${SESSION}; Path=/`],
      }),
      ...reading({ cookie: `mo=${SESSION}` }),
    );
    const variable = key === "branch" ? "branch" : "active_role";
    has(lines, `s1 gives ${variable} <- json me.${key}`);
    assert.ok(lines.some((line) => line.startsWith("s2") && line.endsWith(`= {${variable}}`)));
  });
}

Deno.test("a word that the client said before, that stands in a list, or before anybody is named, stays a constant", () => {
  const session = (parts: TraceParts = {}) =>
    trace(`POST ${SITE}/session`, {
      json: { ticket: TICKET, role: "warden" },
      setCookies: [`mo=${SESSION}; Path=/`],
      ...parts,
    });
  const said = trace(`GET ${SITE}/start?role=warden`, { answer: { ok: true } });
  const told = trace(`GET ${SITE}/start`, { answer: { role: "warden" } });
  const enter = (answer: Record<string, string | string[]>) =>
    trace(`POST ${SITE}/enter`, { json: who, answer: { ticket: TICKET, ...answer } });
  const use = reading({ cookie: `mo=${SESSION}` });
  const isKept = (lines: string[]) => lines.some((line) => /^s\d body role = "warden"$/.test(line));
  assert.ok(isKept(linesOf(said, enter({ role: "warden" }), session(), ...use)));
  assert.ok(isKept(linesOf(enter({ role: ["warden", "guest"] }), session(), ...use)));
  assert.ok(isKept(linesOf(told, enter({}), session(), ...use)));
  assert.ok(!isKept(linesOf(enter({ role: "warden" }), session(), ...use)));
});

Deno.test("a request that says more than the login after it made the account, and is no step", () => {
  const register = (parts: TraceParts = {}) =>
    trace(`POST ${SITE}/people`, { json: { nick: "Cu", ...who }, answer: { id: 5 }, ...parts });
  const login = (json: Record<string, string> = who, answer = TICKET) =>
    trace(`POST ${SITE}/people/token`, { json, answer: { token: answer } });
  const bearer = (token: string): TraceParts => ({
    headers: [["Authorization", `Bearer ${token}`]],
  });
  const steps = (...traces: Trace[]) =>
    linesOf(...traces).filter((line) => /^s\d (POST|GET)/.test(line));
  const alone = [`s1 POST ${SITE}/people/token (credentials)`];
  assert.deepEqual(steps(register(), login(), ...reading(bearer(TICKET))), alone);
  const first = "Jx83bQw1Zt0Lp5Vn7Ky";
  assert.deepEqual(
    steps(
      register({ answer: { token: first } }),
      ...reading(bearer(first)),
      login(),
      ...reading(bearer(TICKET)),
    ),
    alone,
  );
  const both = [
    `s1 POST ${SITE}/people (credentials)`,
    `s2 POST ${SITE}/people/token (credentials)`,
  ];
  const handed = login({ ...who, hold: first });
  assert.deepEqual(
    steps(register({ answer: { hold: first } }), handed, ...reading(bearer(TICKET))),
    both,
  );
});

Deno.test("what is sent from a page for newcomers is no login, unless it goes to a login's own path", () => {
  const from = (page: string): TraceParts => ({ headers: [["Referer", `${page}`]] });
  const entering = (path: string, parts: TraceParts) =>
    analyzeLogin(capture(
      trace(`POST ${SITE}${path}`, { json: who, answer: { token: TICKET }, ...parts }),
      ...reading({ headers: [["Authorization", `Bearer ${TICKET}`]] }),
    ));
  const made = entering("/people", from(`${SITE}/account/sign-up`));
  assert.equal(made.kind, "refused");
  const reasonOf = (analysis: Analysis) =>
    analysis.kind === "refused" ? analysis.reasons.join() : analysis.kind;
  assert.match(
    reasonOf(made),
    /t_0001 may register somebody, since a page to register on sends it/,
  );
  assert.match(reasonOf(entering("/sign-up", {})), /t_0001 registers somebody, which is done once/);
  assert.equal(entering("/people", from(`${SITE}/account/enter`)).kind, "flow");
  assert.equal(entering("/people", from("https://other.example/sign-up")).kind, "flow");
  assert.equal(entering("/login", from(`${SITE}/account/sign-up`)).kind, "flow");
});

Deno.test("a credential within bytes, or within the base64 of gRPC-Web, is no key that somebody was given", () => {
  const bytes = `\0\0\0\0\x15\n\x13${TICKET}`;
  const answered = (type: string, text: string) =>
    analyzeLogin(capture(
      trace(`POST ${SITE}/moor.Door/Open`, {
        body: [type, text],
        answerHeaders: [["Content-Type", type]],
        text,
      }),
      ...reading({ headers: [["Authorization", `Bearer ${TICKET}`]] }),
    ));
  for (
    const [type, text] of [["application/grpc-web+proto", bytes], [
      "application/grpc-web-text",
      btoa(bytes),
    ]]
  ) {
    const found = answered(type!, text!);
    assert.equal(found.kind, "refused");
    assert.match(
      found.kind === "refused" ? found.reasons.join() : "",
      /stands in the answer of t_0001, and that is not read/,
    );
  }
  assert.equal(
    answered("application/grpc-web-text", btoa(bytes.replaceAll("V", "W"))).kind,
    "flow",
  );
});

Deno.test("the one request that carries the login's token, for the token of all others, is a step", () => {
  const [early, late] = ["Jx83bQw1Zt0Lp5Vn7Ky", "Pm47cRd9Wf2Hs6Gj0Tb"];
  const bearer = (token: string): TraceParts => ({
    headers: [["Authorization", `Bearer ${token}`]],
  });
  const enter = trace(`POST ${SITE}/enter`, {
    json: who,
    answer: { early, huts: [{ hutId: 4417 }, { hutId: 4418 }] },
  });
  const choose = (parts: TraceParts = {}) =>
    trace(`POST ${SITE}/choose`, {
      json: { hutId: 4418 },
      ...bearer(early),
      answer: { late },
      ...parts,
    });
  const lines = linesOf(enter, choose(), ...reading(bearer(late)));
  has(
    lines,
    `s2 POST ${SITE}/choose`,
    's2 header Authorization = "Bearer " + {early}',
    'result header Authorization = "Bearer " + {late}',
  );
  // Who is served with the first token already needs no other.
  const served = linesOf(
    enter,
    trace(`GET ${SITE}/huts`, { answer: [1], ...bearer(early) }),
    choose(),
  );
  has(served, 'result header Authorization = "Bearer " + {early}');
  const both = linesOf(enter, choose(), ...reading(bearer(late)), ...reading(bearer(early)));
  has(both, 'result header Authorization = "Bearer " + {early}');
});

Deno.test("the number of an account that an answer listed goes on from there, and one that was typed does not", () => {
  const list = { list: [{ accountNo: "55091" }, { accountNo: "55092" }], ticket: TICKET };
  const choose = trace(`POST ${SITE}/choose`, {
    json: { accountNo: "55092", ticket: TICKET },
    setCookies: [`mo=${SESSION}; Path=/`],
  });
  const lines = linesOf(
    trace(`POST ${SITE}/enter`, { json: who, answer: list }),
    choose,
    ...reading({ cookie: `mo=${SESSION}` }),
  );
  has(lines, "s1 gives account_no <- json list.1.accountNo", "s2 body accountNo = {account_no}");
  has(
    linesOf(
      trace(`POST ${SITE}/enter`, {
        json: { accountNo: "55092", password: who.password },
        answer: { token: TICKET, me: { accountNo: "55092" } },
      }),
      ...reading({ headers: [["Authorization", `Bearer ${TICKET}`]] }),
    ),
    "s1 body accountNo = $username",
  );
});

Deno.test("a POST that alone carries the login's cookie, and is answered with the token of all others, is a step", () => {
  const cookie = `mo=${SESSION}`;
  const enter = trace(`POST ${SITE}/enter`, {
    json: who,
    answer: { me: { id: 48211 } },
    setCookies: [`${cookie}; Path=/people`],
  });
  const make = (origin = SITE) =>
    trace(`POST ${origin}/people/48211/keys`, {
      json: { for: "web" },
      cookie,
      answer: { key: TICKET },
    });
  const keyed = (parts: TraceParts = {}) => reading({ headers: [["X-Key", TICKET]], ...parts });
  const lines = linesOf(enter, make(), ...keyed());
  has(lines, `s2 POST ${SITE}/people/{id}/keys`, "result header X-Key = {key}");
  assert.ok(!lines.includes("result cookie mo"));
  // Whose session goes on has done something in the app.
  assert.ok(linesOf(enter, make(), ...keyed({ cookie })).every((line) => !line.includes("/keys")));
});

Deno.test("a password that is a word of the protocol stays one where that was sent before it was typed", () => {
  const page = `<form method="post"><input type="hidden" name="act" value="enter1.0">
    <input name="login"><input type="password" name="password"></form>`;
  const login = { login: "curator", password: "enter1.0" };
  const session = `mo=${SESSION}; Path=/`;
  const lines = linesOf(
    trace(`GET ${SITE}/sts?act=enter1.0`, { html: page }),
    trace(`POST ${SITE}/sts?act=enter1.0`, {
      form: { ...login, act: "enter1.0" },
      setCookies: [session],
    }),
    ...reading({ cookie: `mo=${SESSION}` }),
  );
  assert.deepEqual(
    lines.filter((line) => line.endsWith("= $password")),
    ["s1 body password = $password"],
  );
});

Deno.test("JSON that is escaped once more was not typed as a whole", () => {
  const inside = encodeURIComponent(
    JSON.stringify({ user: "mia", phrase: "reed-4", pwd: "Marsh+9" }),
  );
  const analysis = analyzeLogin(capture(
    trace(`POST ${SITE}/ajax`, {
      form: { ver: "7", box: inside },
      setCookies: [`mo=${SESSION}; Path=/`],
      answer: { done: 1 },
    }),
    ...reading({ cookie: `mo=${SESSION}` }),
  ));
  assert.equal(analysis.kind, "refused");
  assert.match(
    analysis.kind === "refused" ? analysis.reasons.join() : "",
    /t_0001 hands a password over inside a text that is taken apart by nothing/,
  );
});

Deno.test("a password that was sent to be asked for a code is asked for there as well (#isOlder)", () => {
  const enter = (more: Record<string, string>, parts: TraceParts) =>
    trace(`POST ${SITE}/enter`, { form: { ...who, ...more }, ...parts });
  const lines = linesOf(
    enter({}, { status: 401, answer: { error: "Code please", hold: SESSION } }),
    enter({ otp: "402917", hold: SESSION }, { answer: { token: TICKET } }),
    ...reading({ headers: [["Authorization", `Bearer ${TICKET}`]] }),
  );
  has(lines, "s1 body password = $password", "s2 body hold = {hold}");
  assert.ok(lines.every((line) => !line.includes(who.password)), lines.join("\n"));
});
