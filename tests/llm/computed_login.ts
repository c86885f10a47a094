/**
 * A login whose page computes something that correlation does not try: SHA-256 over the reversed password
 * and a salt the server hands out. Beside it the script that a model would write, and ways to get it wrong.
 */
import { createHash } from "node:crypto";
import type { Trace } from "../../lib/http/exchange.ts";
import type { Home } from "../../lib/store/home.ts";
import { capture, trace } from "../support/traces.ts";
import { withRecording } from "./recording_home.ts";

export const USER = "maria.holt@mail.example";
export const PASSWORD = "Kest-rel9Vale";
export const SALT = "b7e1c02f94aa63d8";
export const TOKEN = "fxt_8Jq2Lm5Vx0RtY7wZ3bNc";
export const BUILD = "web-7f3Kq92Lx1";

const ORIGIN = "https://app.vexshop.example";

export function proofOf(password: string, salt: string): string {
  return createHash("sha256").update(`${[...password].reverse().join("")}:${salt}`).digest("hex");
}

export const SENT = proofOf(PASSWORD, SALT);

export function computedLogin(): Trace[] {
  const own = { headers: [["X-Build", BUILD], ["Origin", ORIGIN]] as const };
  return capture(
    trace(`GET ${ORIGIN}/`, {
      html:
        '<html><body data-x="1"><div id="root"></div><script src="/app.js"></script></body></html>',
    }),
    trace(`GET ${ORIGIN}/app.js`, {
      noise: "static-asset",
      answerHeaders: [["Content-Type", "application/javascript"]],
      text: `const build = "${BUILD}"; async function proof(password, salt) {
        const text = [...password].reverse().join("") + ":" + salt;
        return hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))); }`,
    }),
    trace(`POST ${ORIGIN}/api/salt`, { ...own, json: { email: USER }, answer: { salt: SALT } }),
    trace(`POST ${ORIGIN}/api/login`, {
      ...own,
      json: { email: USER, password: SENT, salt: SALT },
      answer: { token: TOKEN, expires_in: 3600 },
    }),
    trace(`GET https://cdn.vexshop.example/banner`, { answer: { ok: true } }),
    ...["me", "orders", "orders"].map((path) =>
      trace(`GET ${ORIGIN}/api/${path}`, {
        headers: [["Authorization", `Bearer ${TOKEN}`], ["X-Build", BUILD]],
        answer: { email: USER, name: "Maria Holt" },
      })
    ),
  );
}

/** A home with the recording imported. */
export function withComputedLogin<T>(work: (folder: string, home: Home) => Promise<T>): Promise<T> {
  return withRecording(computedLogin(), ORIGIN, work);
}

export interface ScriptParts {
  /** The expression for the proof; `salt` and `password` are known. */
  readonly proof?: string;
  /** Statements after the login. */
  readonly after?: string;
  readonly build: string;
}

/** The whole script. `build` is what stands for the client's build number. */
export function modelScript({ proof = REVERSED, after = "", build }: ScriptParts): string {
  return `export async function acquire_token() {
  const email = await prompt_text("Email");
  const password = await prompt_secret("Password");
  const headers = { "Content-Type": "application/json", "X-Build": "${build}", "Origin": "${ORIGIN}" };
  const post = async (path: string, body: unknown) => {
    const answer = await fetch("${ORIGIN}" + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error("refused with " + answer.status);
    return await answer.json();
  };
  const { salt } = await post("/api/salt", { email });
  const hex = async (text: string) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const made = ${proof};
  const { token, expires_in } = await post("/api/login", { email, password: made, salt });
  ${after}
  return { headers: { Authorization: "Bearer " + token, "X-Build": "${build}" }, expires_in };
}
`;
}

const REVERSED = 'await hex([...password].reverse().join("") + ":" + salt)';
