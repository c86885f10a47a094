import assert from "node:assert/strict";
import { trace } from "../support/traces.ts";
import { capture } from "../support/traces.ts";
import { judgeTrial, type Trial } from "./trial.ts";

const SITE = "https://weir.example";
const MAC = "6kf4xhjK0feg8SB1bTddsYPWS4PUtLEDHdc5i9tSx/E=";
const NONCE = "vC1EJlGY14Rw";

/** A header of the login, as recorded and as the script makes it of the nonce of its run. */
function trial(
  name: string,
  made: (nonce: string) => string,
  after: readonly string[] = [],
): Trial {
  const login = (nonce: string, user: string) =>
    trace(`POST ${SITE}/enter`, {
      headers: [[name, made(nonce)]],
      json: { login: user },
      answer: { ok: true },
    }).request;
  const traces = capture(
    trace(`POST ${SITE}/gate`, { json: { app: "web" }, answer: { nonce: NONCE } }),
    trace(`POST ${SITE}/enter`, {
      headers: [[name, made(NONCE)]],
      json: { login: "ines.morel" },
      answer: { ok: true },
    }),
    ...after.map((value) => trace(`GET ${SITE}/api`, { headers: [[name, value]], answer: {} })),
  );
  return {
    traces,
    recorded: { user: "ines.morel", password: "Tarn-Bridge!72" },
    play: (person) => ({
      sent: { t_0001: traces[0]!.request, t_0002: login(person.fresh(NONCE), person.user) },
    }),
    asks: ["user"],
  };
}

const about = ({ where }: { readonly where: string }) => /header/.test(where);

for (const name of ["Authorization", "X-Auth-Token"]) {
  Deno.test(`a recorded signature beside a fresh nonce in ${name} is refused`, () => {
    const { objections } = judgeTrial(trial(name, (nonce) => `WEIR1 ${nonce}:${MAC}`));
    assert.deepEqual(objections.filter(about).map(({ problem }) => problem), [
      "holds a part as it was recorded, while the rest is of this session: it was computed for another",
    ]);
  });
}

Deno.test("a recorded part beside a fresh one where no name says credential is an assumption", () => {
  const { objections, assumptions } = judgeTrial(trial("X-Weir", (nonce) => `${nonce}|${MAC}`));
  assert.deepEqual(objections.filter(about), []);
  assert.deepEqual(assumptions.filter(about).map(({ as }) => as), ["constant"]);
});

Deno.test("a part that other requests carry, too, is the client's own", () => {
  const made = (nonce: string) => `Client="web", Device="${MAC.slice(0, 40)}", Nonce="${nonce}"`;
  const { objections } = judgeTrial(trial("Authorization", made, [made("")]));
  assert.deepEqual(objections.filter(about), []);
});
