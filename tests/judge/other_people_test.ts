/** What the recording of another person says of a constant, of an input, and of the name of a header. */
import assert from "node:assert/strict";
import type { JsonValue } from "../../lib/base/json.ts";
import { capture, trace } from "../support/traces.ts";
import { judgeTrial, type Person } from "./trial.ts";

const APP = "https://weir.example";
const TOKEN = "n3Vk92PqTz0wLx6rBd";
const NELL = { user: "nellie", password: "Date" };
const OTTO = { user: "ottokar", password: "rope ladder" };

interface Login {
  readonly who: Pick<Person, "user" | "password">;
  readonly type: string;
  readonly header: readonly [string, string];
}

const post = ({ who: { user, password }, type, header }: Login, answer: JsonValue) =>
  trace(`POST ${APP}/in`, { headers: [header], json: { user, password, meta: { type } }, answer });

/** What a verdict says against a script that sends `script` where the people were recorded with the other two. */
function verdict(
  first: Omit<Login, "who">,
  second: Omit<Login, "who"> | null,
  script: (who: Person) => Omit<Login, "who">,
): string {
  const traces = capture(post({ who: NELL, ...first }, { token: TOKEN }));
  const { objections, assumptions } = judgeTrial({
    traces,
    recorded: NELL,
    others: second === null
      ? []
      : [capture(post({ who: OTTO, ...second }, { token: "k8Wz1mQ4xT7cRb2vLp" }))],
    play: (who) => ({
      sent: { t_0001: post({ who, ...script(who) }, null).request },
      result: {
        headers: { Authorization: `Bearer ${who.fresh(TOKEN)}` },
        parameters: [],
        computed: [],
      },
    }),
  });
  return [
    ...objections.map(({ where, problem }) => `${where} ${problem}`),
    ...assumptions.filter(({ isSettled }) => !isSettled).map(({ where, why }) =>
      `${where}: ${why}`
    ),
  ].join("; ");
}

const plain = { type: "Date", header: ["X-Desk", "north"] } as const;

Deno.test("what is the same for somebody with another password is asked for of nobody", () => {
  const asked = (who: Person) => ({ ...plain, type: who.password });
  assert.match(verdict(plain, plain, asked), /"meta.type" .* same in another recording/);
  // Of one recording it is taken on trust, and of somebody whose word it is as well it is theirs.
  assert.match(verdict(plain, null, asked), /nothing but its place says/);
  assert.equal(verdict(plain, { ...plain, type: OTTO.password }, asked), "");
});

Deno.test("a word in a header beside the password that another person sends otherwise is no constant", () => {
  const south = { ...plain, header: ["X-Desk", "south"] } as const;
  assert.match(verdict(plain, south, () => plain), /header "X-Desk" is another value in another/);
  assert.doesNotMatch(verdict(plain, plain, () => plain), /X-Desk/);
});

Deno.test("a header that is called after a person is called otherwise for the next one", () => {
  const named = (user: string) => ({ ...plain, header: [`X-Seat-${user}`, "north"] } as const);
  const written = () => named("nellie");
  assert.match(
    verdict(named("nellie"), named("ottokar"), written),
    /is called after the user/,
  );
  assert.match(verdict(named("nellie"), null, written), /holds the user's name, perhaps by chance/);
  assert.doesNotMatch(
    verdict(named("nellie"), named("nellie"), written),
    /its name|is called after/,
  );
});

Deno.test("a word that was sent under its name before an answer held another there is the client's", () => {
  const start = trace(`GET ${APP}/start?client_info=1`, { answer: {} });
  const enter = ({ user, password }: Pick<Person, "user" | "password">, info: string) =>
    trace(`POST ${APP}/in`, { json: { user, password }, answer: { client_info: info } });
  const exchange = trace(`POST ${APP}/token`, {
    json: { client_info: "1" },
    answer: { token: TOKEN },
  });
  const trial = (first: readonly (typeof start)[]) => {
    const traces = capture(...first, enter(NELL, btoa('{"uid":"1"}')), exchange);
    const [login, token] = traces.slice(-2);
    return judgeTrial({
      traces,
      recorded: NELL,
      reminted: [btoa('{"uid":"1"}')],
      play: (who) => ({
        sent: { [login!.id]: enter(who, "").request, [token!.id]: exchange.request },
        result: {
          headers: { Authorization: `Bearer ${who.fresh(TOKEN)}` },
          parameters: [],
          computed: [],
        },
      }),
    }).objections.map(({ problem }) => problem).join("; ");
  };
  assert.equal(trial([start]), "");
  assert.match(trial([]), /holds a recorded value/);
});

Deno.test("a recorded key in the header that an answer's takes over is a credential of somebody", () => {
  const OLD = "Q7rT29pBv5Kc30QsLm71";
  const enter = ({ user, password }: Pick<Person, "user" | "password">) =>
    trace(`POST ${APP}/in`, {
      headers: [["X-Access-Key", OLD]],
      json: { user, password },
      answer: { token: TOKEN },
    });
  const judged = (header: string) => {
    const later = trace(`GET ${APP}/seats`, { headers: [[header, TOKEN]], answer: {} });
    const traces = capture(enter(NELL), later);
    return judgeTrial({
      traces,
      recorded: NELL,
      play: (who) => ({
        sent: { t_0001: enter(who).request },
        result: { headers: { [header]: who.fresh(TOKEN) }, parameters: [], computed: [] },
      }),
    }).objections.map(({ problem }) => problem).join("; ");
  };
  assert.match(judged("X-Access-Key"), /is a recorded credential/);
  assert.equal(judged("X-Session"), "");
});
