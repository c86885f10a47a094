/** What stands beside a name and a password without having been typed: constants, switches, numbers of calls and pages. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowOf, linesOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://quay.example";

/** A login with this body, and what it earns. */
function session(token: string, login: TraceParts, path = "/rpc/enter", page?: Trace): Trace[] {
  return capture(
    ...page === undefined ? [] : [page],
    trace(`POST ${SITE}${path}`, { ...login, answer: { token } }),
    trace(`GET ${SITE}/moorings`, {
      headers: [["Authorization", `Bearer ${token}`]],
      answer: { moorings: [1] },
    }),
  );
}

const FIRST = "h4Xw82kQz0Lm71Vd";
const SECOND = "m7Rt19pBv5Kc30Qs";

const sent = (traces: Trace[], others: Trace[][] = []) =>
  linesOf(flowOf(analyzeLogin(traces, { others })), "s1", "s2").filter((line) =>
    line.includes(" body ")
  );

Deno.test("a word that another person's login holds as well was not typed by one who is called so", () => {
  const login = (user: string, password: string, kind = "Map") => ({
    json: { json: { user, password }, meta: { at: [kind] } },
  });
  const theirs = session(SECOND, login("greta", "Set"));
  assert.deepEqual(sent(session(FIRST, login("ole", "Map")), [theirs]), [
    "s1 body json.user = $username",
    "s1 body json.password = $password",
    's1 body meta.at.0 = "Map"',
  ]);
  const own = session(SECOND, login("greta", "Set", "Set"));
  const lines = sent(session(FIRST, login("ole", "Map")), [own]);
  assert.ok(lines.some((line) => /meta\.at\.0 = \$password/.test(line)), lines.join("\n"));
});

Deno.test("a switch that is called after the password or a login is set, not typed", () => {
  const form = {
    form: { user_name: "ole.b", user_password: "Tide 4 low", "log.user_password": "true" },
  };
  assert.deepEqual(sent(session(FIRST, form)), [
    "s1 body user_name = $username",
    "s1 body user_password = $password",
    's1 body log.user_password = "true"',
  ]);
  const message = JSON.stringify({
    calls: [{ params: { username: "ole.b", password: "Tide 4 low" } }],
  });
  const flow = flowOf(analyzeLogin(session(FIRST, { form: { message } }, "/rpc?form.login=1")));
  assert.deepEqual(flow.inputs.map(({ label }) => label), ["Username", "Password"]);
});

Deno.test("the number of a call is the client's where JSON-RPC says so", () => {
  const call = (version: string) => ({
    json: { [version]: "2.0", id: 829_114_377, params: { login: "ole.b", password: "Tide 4 low" } },
  });
  assert.match(
    sent(session(FIRST, call("jsonrpc"))).join("\n"),
    /body id = ~id as number/,
  );
  assert.equal(analyzeLogin(session(FIRST, call("build"))).kind, "draft");
});

Deno.test("a hidden number is taken from the page that shows it", () => {
  const page = trace(`GET ${SITE}/enter`, {
    html: '<form><input name="who"><input name="word" type="password">' +
      '<input type="hidden" name="sys-client" value="640"></form>',
  });
  const form = { who: "ole.b", word: "Tide 4 low", "sys-client": "640" };
  assert.ok(
    sent(session(FIRST, { form }, "/enter", page)).some((line) => /sys-client = \{/.test(line)),
  );
});

Deno.test("a scheme and the name of a parameter stay in a header, whoever is called so (isSyntax)", () => {
  const result = (user: string, header: string) =>
    linesOf(
      flowOf(analyzeLogin(capture(
        trace(`POST ${SITE}/enter`, {
          json: { user, password: "Reed;marsh 7" },
          answer: { given: FIRST },
        }),
        trace(`GET ${SITE}/moorings`, { headers: [["X-Access", header]], answer: [1] }),
      ))),
      "result",
    ).find((line) => line.includes("X-Access"));
  assert.equal(
    result("ticket", `Mooring ticket="${FIRST}"`),
    'result header X-Access = "Mooring ticket=\\"" + {given} + "\\""',
  );
  assert.equal(result("Bearer", `Bearer ${FIRST}`), 'result header X-Access = "Bearer " + {given}');
});

Deno.test("a button that sends its own name is nobody's (withoutButtons)", () => {
  const form = { login: "login", user: "ole", password: "Reed;marsh 7" };
  assert.deepEqual(sent(session(FIRST, { form }, "/enter")), [
    's1 body login = "login"',
    "s1 body user = $username",
    "s1 body password = $password",
  ]);
});

Deno.test("a login from a page to register on is one where its body calls a login (callsLogin)", () => {
  const query =
    "mutation In($email: String!, $password: String!) { signIn(email: $email, password: $password) }";
  const variables = { email: "ole@quay.example", password: "Reed;marsh 7" };
  const headers: TraceParts["headers"] = [["Referer", `${SITE}/register`]];
  const lines = sent(session(FIRST, { headers, json: { query, variables } }, "/graphql"));
  assert.ok(lines.includes("s1 body variables.password = $password"), lines.join("\n"));
});

Deno.test("a hidden field that names an account is the page's, whoever is called so (#isOfPage)", () => {
  const form = { account: "desk", username: "desk", password: "Reed;marsh 7" };
  const page = trace(`GET ${SITE}/enter`, {
    html: `<form method="post"><input type="hidden" name="account" value="desk">` +
      `<input name="username"><input type="password" name="password"></form>`,
  });
  assert.deepEqual(
    linesOf(flowOf(analyzeLogin(session(FIRST, { form }, "/enter", page))), "s1").filter((line) =>
      / body (account|username)/.test(line)
    ),
    ['s1 body account = "desk"', "s1 body username = $username"],
  );
});

Deno.test("who owns something is the same for everybody where another's recording says so (#isOfEverybody)", () => {
  const taking = (username: string, token: string) =>
    capture(
      trace(`POST ${SITE}/enter`, {
        json: { username, password: `Reed;marsh ${username}` },
        answer: { ticket: `${token}Tk` },
      }),
      trace(`POST ${SITE}/take`, {
        json: { ticket: `${token}Tk`, owner: "desk" },
        answer: { token },
      }),
      trace(`GET ${SITE}/moorings`, {
        headers: [["Authorization", `Bearer ${token}`]],
        answer: { moorings: [1] },
      }),
    );
  const owner = (others: Trace[][]) =>
    sent(taking("desk", FIRST), others).find((line) => line.includes(" body owner"));
  assert.equal(owner([taking("kiosk", SECOND)]), 's2 body owner = "desk"');
  assert.equal(owner([]), "s2 body owner = $username");
});
