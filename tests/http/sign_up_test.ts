import assert from "node:assert/strict";
import { isSignUp } from "../../lib/http/sign_up.ts";
import { trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://pier.example";
const from = (page: string, parts: TraceParts) =>
  ({ ...parts, headers: [["Referer", page]] }) as TraceParts;

Deno.test("isSignUp() goes by the path, else by the page that sends it, unless the body calls a login", () => {
  const person = { name: "Oda Lind", email: "oda@pier.example", password: "Reef-41" };
  const graphql = (query: string) => ({
    json: { query, variables: { email: person.email, password: person.password } },
  });
  const page = `${SITE}/account/register`;
  const cases: readonly (readonly [line: string, parts: TraceParts, expected: boolean])[] = [
    [`POST ${SITE}/sign-up`, { json: person }, true],
    [`POST ${SITE}/people`, from(page, { json: person }), true],
    [`POST ${SITE}/people`, { json: person }, false],
    [`POST ${SITE}/people`, from("https://other.example/register", { json: person }), false],
    [`POST ${SITE}/login`, from(page, { json: person }), false],
    [
      `POST ${SITE}/graphql`,
      from(page, graphql("mutation M($input: NewPerson!) { addPerson(input: $input) { id } }")),
      true,
    ],
    [
      `POST ${SITE}/graphql`,
      from(
        page,
        graphql(
          "mutation M($email: String!, $password: String!) { logIn(email: $email, password: $password) { id } }",
        ),
      ),
      false,
    ],
    [`POST ${SITE}/rpc`, from(page, { json: { method: "user.signIn", params: ["oda"] } }), false],
    [`POST ${SITE}/ajax`, from(page, { form: { action: "log-in", user: "oda" } }), false],
    [`POST ${SITE}/ajax`, from(page, { form: { user: "login", action: "create" } }), true],
  ];
  for (const [line, parts, expected] of cases) {
    assert.equal(
      isSignUp(trace(line, parts).request),
      expected,
      `${line} ${JSON.stringify(parts)}`,
    );
  }
});
