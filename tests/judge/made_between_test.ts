/** Requests that a script leaves out, or makes once too often: exchanges, accounts, and keys nobody was given. */
import assert from "node:assert/strict";
import type { HttpRequest, Trace } from "../../lib/http/exchange.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";
import { judgeTrial, type Person, type Played, saidOf } from "./trial.ts";

const SITE = "https://sound.example";
const TICKET = "Tw91nBx0KqLz38Rv5Mp";
const SESSION = "f3a90c77e1b24d5a";
const recorded = { user: "mette.lund", password: "Kelp-7 rope" };
type Who = Pick<Person, "user" | "password">;

const enter = (who: Who, more: TraceParts["json"] = {}, path = "/enter") =>
  trace(`POST ${SITE}${path}`, {
    json: { user: who.user, password: who.password, ...more as Record<string, string> },
    answer: { ticket: TICKET },
  });

const said = (traces: Trace[], play: (who: Person) => Played, source = "") =>
  saidOf({ traces, recorded, play, source });

const result = (headers: Record<string, string>, parameters: [string, string][] = []) => ({
  headers,
  parameters,
  computed: [],
});

Deno.test("judgeScript() misses the request that trades the login's ticket for the session of the app", () => {
  const taking = (ticket: string, setCookies: string[]) =>
    trace(`POST ${SITE}/take`, { json: { ticket }, setCookies, answer: {} });
  const using = (parts: TraceParts) =>
    ["/buoys", "/wrecks"].map((path) => trace(`GET ${SITE}${path}`, { answer: [1], ...parts }));
  const traces = capture(
    enter(recorded),
    taking(TICKET, [`so=${SESSION}; Path=/`]),
    ...using({ cookie: `so=${SESSION}` }),
  );
  const sent = (who: Person): Record<string, HttpRequest> => ({ t_0001: enter(who).request });
  assert.match(
    said(traces, (who) => ({
      sent: sent(who),
      result: result({}, [["ticket", who.fresh(TICKET)]]),
    })),
    /result cookie "so" is missing: t_0002 issued it for what the login issued/,
  );
  assert.equal(
    said(traces, (who) => ({
      sent: { ...sent(who), t_0002: taking(who.fresh(TICKET), []).request },
      result: result({ Cookie: `so=${who.fresh(SESSION)}` }),
    })),
    "",
  );
  // A session that each answer sets anew is the same cookie's.
  const rolling = capture(
    enter(recorded),
    trace(`GET ${SITE}/buoys`, {
      headers: [["X-Ticket", TICKET]],
      answer: [1],
      answerHeaders: [["X-Ticket", "Bq40sWc9LpVt27Nx1Zd"]],
    }),
    trace(`GET ${SITE}/wrecks`, { headers: [["X-Ticket", "Bq40sWc9LpVt27Nx1Zd"]], answer: [1] }),
  );
  assert.doesNotMatch(
    said(
      rolling,
      (who) => ({ sent: sent(who), result: result({ "X-Ticket": who.fresh(TICKET) }) }),
    ),
    /is missing/,
  );
});

Deno.test("judgeScript() asks nobody for what an answer issued, also inside a pair and inside bytes", () => {
  const key = "Zr85vTq1mXc64Lk0Ws";
  const reading = (authorization: string) =>
    trace(`GET ${SITE}/buoys`, { headers: [["Authorization", authorization]], answer: [1] });
  const asked = (issuing: Trace, wrap: (user: string, key: string) => string, issued = key) => {
    const { objections } = judgeTrial({
      traces: capture(enter(recorded), issuing, reading(wrap(recorded.user, issued))),
      recorded,
      asks: ["user", "password", "extra"],
      extra: issued,
      play: (who) => ({
        sent: { t_0001: enter(who).request },
        result: result({ Authorization: wrap(who.user, who.extra) }),
      }),
    });
    return objections.map(({ where, problem }) => `${where} ${problem}`).join("; ");
  };
  const pair = (user: string, key: string) => `Basic ${btoa(`${user}:${key}`)}`;
  const bearer = (_: string, key: string) => `Bearer ${key}`;
  const poll = (answer: TraceParts) => trace(`POST ${SITE}/poll`, { json: {}, ...answer });
  const inJson = poll({ answer: { login: recorded.user, appKey: key } });
  const bytes = (text: string, type: string) =>
    poll({ answerHeaders: [["Content-Type", type]], text });
  const held = /is asked for, but it stands in the answer of t_0002/;
  assert.match(asked(inJson, pair), held);
  assert.match(asked(bytes(`\n\x12${key}`, "application/x-protobuf"), bearer), held);
  const web = btoa(`\0\0\0\0\x14\n\x12${key}`);
  assert.match(asked(bytes(web, "application/grpc-web-text+proto"), bearer), held);
  for (const wrap of [pair, bearer]) {
    assert.doesNotMatch(asked(inJson, wrap, "Gy27bNh90QwTr53Kd"), /stands in the answer/);
  }
});

Deno.test("judgeScript() lets no script make an account, and takes on trust what may have made one", () => {
  const using = trace(`GET ${SITE}/buoys`, {
    headers: [["Authorization", `Bearer ${TICKET}`]],
    answer: [1],
  });
  const newcomer = (who: Who, path: string, referer?: string) =>
    trace(`POST ${SITE}${path}`, {
      json: { full: "Me", user: who.user, password: who.password },
      answer: { id: 7 },
      ...referer === undefined ? {} : { headers: [["Referer", referer]] },
    });
  const judged = (path: string, makes: boolean, referer?: string) =>
    said(
      capture(newcomer(recorded, path, referer), enter(recorded), using),
      (who) => ({
        sent: {
          ...makes ? { t_0001: newcomer(who, path, referer).request } : {},
          t_0002: enter(who).request,
        },
        result: result({ Authorization: `Bearer ${who.fresh(TICKET)}` }),
      }),
    );
  const page = `${SITE}/account/signup`;
  assert.match(judged("/people", true, page), /is of a request that makes an account/);
  assert.equal(judged("/people", false, page), "");
  assert.match(judged("/people", true), /may have made the account/);
  assert.match(judged("/people", false), /leaves this request out/);
});

Deno.test("judgeScript() refuses a text of the answer that has somebody's name in it, however short", () => {
  const page = (who: string, ticket: string) =>
    `<script>boot={"u":"${who}","k":"${ticket}"}</script>`;
  const judged = (user: string, source: string, before = "") => {
    const login = (who: Who) =>
      trace(`POST ${SITE}/enter`, {
        form: { user: who.user, password: who.password },
        html: page(user, TICKET),
      });
    const { objections } = judgeTrial({
      traces: capture(
        trace(`GET ${SITE}/enter`, { html: `<p>${before}` }),
        login({ ...recorded, user }),
        trace(`GET ${SITE}/buoys`, { headers: [["X-Key", TICKET]], answer: [1] }),
      ),
      recorded: { ...recorded, user },
      source,
      play: (who) => ({
        sent: { t_0002: login(who).request },
        result: result({ "X-Key": who.fresh(TICKET) }),
      }),
    });
    return objections.map(({ where, problem }) => `${where} ${problem}`).join("; ");
  };
  const taking = (before: string) => `const key = between(text, ${JSON.stringify(before)}, '"');`;
  for (const user of ["gus", "mo", "katharina"]) {
    assert.match(
      judged(user, taking(`${user}","k":"`)),
      /script line 1 holds the user name of the recording/,
    );
    assert.equal(judged(user, taking(`","k":"`)), "");
    assert.equal(judged(user, taking(`${user}","k":"`), `${user}","k":"`), "");
  }
  assert.equal(judged("u", taking(`"u":"`)), "");
  // What a value is called is nobody's name.
  assert.equal(judged("k", taking(`"k":"`)), "");
  assert.equal(judged("boot", taking(`boot={"u":"`)), "");
});

Deno.test("judgeScript() takes it on trust which one of a list a script takes, where there is a choice", () => {
  const [one, two] = ["Rk62pWq0Zx8Lt4Vn", "Bd19mHs7Gc3Yf5Jw"];
  const judged = (answer: TraceParts["answer"], name = "yardId") => {
    const login = (who: Who) =>
      trace(`POST ${SITE}/enter`, {
        json: { user: who.user, password: who.password },
        answer: answer!,
      });
    const choose = (id: string) =>
      trace(`POST ${SITE}/yard`, { json: { [name]: id }, answer: { ticket: TICKET } });
    return said(
      capture(
        login(recorded),
        choose(two),
        trace(`GET ${SITE}/buoys`, {
          headers: [["Authorization", `Bearer ${TICKET}`]],
          answer: [1],
        }),
      ),
      (who) => ({
        sent: { t_0001: login(who).request, t_0002: choose(who.fresh(two)).request },
        result: result({ Authorization: `Bearer ${who.fresh(TICKET)}` }),
      }),
    );
  };
  const chosen =
    /"yardId": it is one of 2 that the answer of t_0001 lists \(JSON "yards.1.id"\), and may have been chosen/;
  assert.match(judged({ yards: [{ id: one }, { id: two }] }), chosen);
  assert.equal(judged({ yards: [{ id: two }] }), "");
  assert.equal(judged({ yards: [{ id: one }, { id: two }], yard: two }), "");
  assert.equal(judged({ keys: [{ value: one }, { value: two }] }, "device_token"), "");
});

Deno.test("judgeScript() misses the request that trades the login's token for another one of the same header", () => {
  const [early, late] = ["Jx83bQw1Zt0Lp5Vn7Ky", "Pm47cRd9Wf2Hs6Gj0Tb"];
  const bearer = (token: string): TraceParts => ({
    headers: [["Authorization", `Bearer ${token}`]],
  });
  const login = (who: Who) =>
    trace(`POST ${SITE}/enter`, {
      json: { user: who.user, password: who.password },
      answer: { early },
    });
  const trade = trace(`POST ${SITE}/trade`, { json: {}, ...bearer(early), answer: { late } });
  const reading = (token: string) => trace(`GET ${SITE}/buoys`, { ...bearer(token), answer: [1] });
  const judged = (...later: Trace[]) =>
    said(capture(login(recorded), ...later), (who) => ({
      sent: { t_0001: login(who).request },
      result: result({ Authorization: `Bearer ${who.fresh(early)}` }),
    }));
  assert.match(
    judged(trade, reading(late)),
    /result header "Authorization" is missing: t_0002 issued it for what the login issued/,
  );
  assert.equal(judged(reading(early), trade, reading(late)), "");
});

Deno.test("judgeScript() takes the number of an account that an answer listed for nothing that was typed", () => {
  const login = (who: Who) =>
    trace(`POST ${SITE}/enter`, {
      json: { user: who.user, password: who.password },
      answer: { accounts: [{ accountNo: "55091" }, { accountNo: "55092" }], ticket: TICKET },
    });
  const choose = trace(`POST ${SITE}/yard`, {
    json: { accountNo: "55092", ticket: TICKET },
    answer: { late: SESSION },
  });
  const traces = capture(
    login(recorded),
    choose,
    trace(`GET ${SITE}/buoys`, { headers: [["X-Key", SESSION]], answer: [1] }),
  );
  const text = said(traces, (who) => ({
    sent: {
      t_0001: login(who).request,
      t_0002: trace(`POST ${SITE}/yard`, {
        json: { accountNo: "55092", ticket: who.fresh(TICKET) },
      }).request,
    },
    result: result({ "X-Key": who.fresh(SESSION) }),
  }), 'const accountNo = "55092";');
  assert.match(text, /"accountNo" holds a recorded value, to be taken from the answer of t_0001/);
  assert.doesNotMatch(text, /user name|beside the password/);
});

Deno.test("judgeScript() asks nobody for a word that was sent before the password was typed", () => {
  const who = { user: "mette.lund", password: "enter1.0" };
  const page = trace(`GET ${SITE}/sts?act=enter1.0`, { html: "<p>hello" });
  const login = (person: Who) =>
    trace(`POST ${SITE}/sts`, {
      form: { user: person.user, password: person.password },
      answer: { ticket: TICKET },
    });
  const judged = (asked: (person: Person) => string) => {
    const { objections } = judgeTrial({
      traces: capture(
        page,
        login(who),
        trace(`GET ${SITE}/buoys`, { headers: [["X-Key", TICKET]], answer: [1] }),
      ),
      recorded: who,
      play: (person) => ({
        sent: {
          t_0001: trace(`GET ${SITE}/sts?act=${encodeURIComponent(asked(person))}`).request,
          t_0002: login(person).request,
        },
        result: result({ "X-Key": person.fresh(TICKET) }),
      }),
    });
    return objections.map(({ where, problem }) => `${where} ${problem}`).join("; ");
  };
  assert.match(
    judged(({ password }) => password),
    /"act" is asked for, but it was sent before the password was typed/,
  );
  assert.equal(judged(() => "enter1.0"), "");
});

Deno.test("judgeScript() lets a word of the site stand that a user's name is a part of", () => {
  const who = { user: "k.enter", password: "Kelp-7 rope" };
  const login = (person: Who) =>
    trace(`POST ${SITE}/in`, {
      json: { type: "k.enter.word", user: person.user, password: person.password },
      answer: { ticket: TICKET },
    });
  const judged = (offered: string) => {
    const { objections } = judgeTrial({
      traces: capture(
        trace(`GET ${SITE}/in`, { answer: { ways: [{ type: offered }] } }),
        login(who),
        trace(`GET ${SITE}/buoys`, { headers: [["X-Key", TICKET]], answer: [1] }),
      ),
      recorded: who,
      source: 'const type = "k.enter.word";',
      play: (person) => ({
        sent: { t_0002: login(person).request },
        result: result({ "X-Key": person.fresh(TICKET) }),
      }),
    });
    return objections.map(({ where, problem }) => `${where} ${problem}`).join("; ");
  };
  assert.equal(judged("k.enter.word"), "");
  assert.match(judged("k.enter"), /script line 1 holds the user name of the recording/);
});
