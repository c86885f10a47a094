/** Words that a person typed and that stand in the application as well: whose each of them is. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { LoginFlow } from "../../lib/correlate/flow.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { capture, trace } from "../support/traces.ts";

const SITE = "https://mill.example";
const TOKEN = "w8Kz41qPdT0mVx7RbN2c";

const reading = (token = TOKEN): Trace[] =>
  ["/api/grain", "/api/flour"].map((path) =>
    trace(`GET ${SITE}${path}`, {
      headers: [["Authorization", `Bearer ${token}`]],
      answer: { list: [1] },
    })
  );

function flowOf(traces: readonly Trace[]): LoginFlow {
  const analysis = analyzeLogin(traces);
  assert.equal(analysis.kind, "flow", JSON.stringify(analysis));
  return (analysis as { flow: LoginFlow }).flow;
}

/** Names of the inputs at the fields of a form or JSON object. */
function typedFields({ steps }: LoginFlow, trace: string): string[] {
  const body = steps.find((step) => step.trace === trace)?.body;
  return [
    ...JSON.stringify(body).matchAll(/\["([^"]+)",(?:{"kind":"expr","expr":)?{"kind":"input"/g),
  ]
    .map(([, name]) => name!);
}

Deno.test("what a page's hidden field says is nobody's password, equal as it may be", () => {
  const page = `<form method="post"><input name="_what" type="hidden" value="proceed">` +
    `<input name="who"><input name="word" type="password"><button name="go" value="harvest">`;
  const login = (word: string) =>
    flowOf(capture(
      trace(`GET ${SITE}/in`, { html: page }),
      trace(`POST ${SITE}/in`, {
        form: { _what: "proceed", who: "orla", word, go: "harvest" },
        answer: { token: TOKEN },
      }),
      ...reading(),
    ));
  for (const word of ["proceed", "harvest", "other"]) {
    assert.deepEqual(typedFields(login(word), "t_0002"), ["who", "word"], word);
  }
});

Deno.test("a word that a header said before anybody typed stays the client's in it", () => {
  const client = `Mill App="Kestrel", Device="Tablet"`;
  const flow = flowOf(capture(
    trace(`GET ${SITE}/info`, { headers: [["Authorization", client]], answer: { id: "a" } }),
    trace(`POST ${SITE}/in`, {
      headers: [["Authorization", client]],
      json: { user: "Kestrel", password: "Tablet" },
      answer: { key: TOKEN },
    }),
    ...["/a", "/b"].map((path) =>
      trace(`GET ${SITE}${path}`, {
        headers: [["Authorization", `${client}, Token="${TOKEN}"`]],
        answer: { list: [1] },
      })
    ),
  ));
  const [[, sent]] = flow.result.headers as [[string, unknown]];
  assert.doesNotMatch(JSON.stringify(sent), /"kind":"input"/);
  assert.match(JSON.stringify(sent), /Kestrel.*Tablet/);
});

for (const user of ["true", "false", "null"]) {
  Deno.test(`somebody called "${user}" is asked for, and a setting beside is not`, () => {
    const flow = flowOf(capture(
      trace(`POST ${SITE}/in`, {
        json: { username: user, password: "Sieve 40", remember_user: true },
        answer: { token: TOKEN },
      }),
      ...reading(),
    ));
    assert.deepEqual(typedFields(flow, "t_0001"), ["username", "password"]);
  });
}

Deno.test("a pass code of words is a password, and the request that said who comes before it", () => {
  const flow = flowOf(capture(
    trace(`POST ${SITE}/flow`, {
      json: { client: "mill" },
      answer: { handle: "Zq81mmT0pLx4Rr7w" },
    }),
    trace(`POST ${SITE}/flow/who`, {
      json: { identifier: "orla.finn", handle: "Zq81mmT0pLx4Rr7w" },
      answer: { handle: "Zq81mmT0pLx4Rr7w", next: "secret" },
    }),
    trace(`POST ${SITE}/flow/proof`, {
      json: { proof: { passcode: "Stone & Wheel" }, handle: "Zq81mmT0pLx4Rr7w" },
      answer: { token: TOKEN },
    }),
    ...reading(),
  ));
  assert.deepEqual(flow.inputs.map(({ kind }) => kind), ["identifier", "password"]);
  assert.deepEqual(flow.steps.map(({ trace }) => trace), ["t_0001", "t_0002", "t_0003"]);
});

Deno.test("what somebody may have typed is not a login of anybody", () => {
  const analysis = analyzeLogin(capture(
    trace(`POST ${SITE}/login/begin`, {
      json: { member: "4410927" },
      answer: { challenge: "5a1f0c7e-3b1d-4c55-9c4d-0f5be1f6a7d2", ask: [1, 4] },
    }),
    trace(`POST ${SITE}/login/end`, {
      json: {
        challenge: "5a1f0c7e-3b1d-4c55-9c4d-0f5be1f6a7d2",
        member: "4410927",
        letters: { "1": "k", "4": "t" },
      },
      answer: { token: TOKEN },
    }),
    ...reading(),
  ));
  assert.notEqual(analysis.kind, "flow");
  assert.match(JSON.stringify(analysis), /--answers FILE/);
});

Deno.test("a member called as the user is, is taken whatever it is called", () => {
  const answer = { tokens: { orla: { access: TOKEN } }, count: 1 };
  const flow = flowOf(capture(
    trace(`POST ${SITE}/in`, { json: { username: "orla", password: "Sieve 40" }, answer }),
    ...reading(),
  ));
  const { locator } = flow.steps[0]!.extractions[0]!;
  assert.deepEqual(locator, { kind: "json", path: ["tokens", 0, "access"] });
  const bare = flowOf(capture(
    trace(`POST ${SITE}/in`, {
      json: { username: "orla", password: "Sieve 40" },
      answer: { orla: TOKEN },
    }),
    ...reading(),
  ));
  assert.deepEqual(bare.steps[0]!.extractions.map(({ id }) => id), ["value"]);
});

Deno.test("a login that says something unknown is nobody's, wherever it says it", () => {
  const token = { answer: { token: TOKEN } };
  const said: Trace[][] = [
    [trace(`POST ${SITE}/in`, { headers: [["X-Login", "orla/Sieve.40"]], ...token })],
    [trace(`POST ${SITE}/people/orla/enter`, {
      headers: [["x-password", "Sieve40"]],
      json: {},
      ...token,
    })],
    [trace(`POST ${SITE}/graphql`, {
      json: { query: "mutation { memberLogin(member: 771244, code: 4411) { token } }" },
      ...token,
    })],
    [
      trace(`POST ${SITE}/a/start`, { json: {}, answer: { nonce: "Zq81mmT0pLx4Rr7w" } }),
      trace(`POST ${SITE}/a/end`, {
        json: { nonce: "Zq81mmT0pLx4Rr7w", who: "orla", what: "Sieve & 40" },
        ...token,
      }),
    ],
  ];
  for (const login of said) {
    const analysis = analyzeLogin(capture(...login, ...reading()));
    assert.notEqual(analysis.kind, "flow", JSON.stringify(analysis));
    assert.match(JSON.stringify(analysis), /--answers FILE/);
  }
});

Deno.test("the answer to a question and a second numbered secret are asked for", () => {
  const question = flowOf(capture(
    trace(`POST ${SITE}/in`, {
      json: { username: "orla", password: "Sieve 40" },
      answer: { id: "Zq81mmT0pLx4Rr7w", question: "First pet?" },
    }),
    trace(`POST ${SITE}/in/more`, {
      json: { id: "Zq81mmT0pLx4Rr7w", answer: "Trusty" },
      answer: { token: TOKEN },
    }),
    ...reading(),
  ));
  assert.deepEqual(question.inputs.map(({ recorded }) => recorded), ["orla", "Sieve 40", "Trusty"]);
  const secrets = (second: string) =>
    analyzeLogin(capture(
      trace(`POST ${SITE}/in`, {
        json: { username: "orla", pass1: "Sieve", pass2: second },
        answer: { token: TOKEN },
      }),
      ...reading(),
    ));
  const analysis = secrets("Stone");
  assert.equal(analysis.kind, "flow");
  assert.deepEqual(
    analysis.kind === "flow" && analysis.flow.inputs.map(({ recorded }) => recorded),
    [
      "orla",
      "Sieve",
      "Stone",
    ],
  );
  assert.equal(secrets("Sieve").kind, "refused");
});

Deno.test("a password that is sent letter by letter is not a list of passwords", () => {
  const analysis = analyzeLogin(capture(
    trace(`POST ${SITE}/in`, {
      json: { username: "orla", password: ["S", "i", "e", "v"] },
      answer: { token: TOKEN },
    }),
    ...reading(),
  ));
  assert.equal(analysis.kind, "refused");
  assert.match(
    JSON.stringify(analysis),
    /single characters of a secret .*nothing shows which ones/,
  );
});
