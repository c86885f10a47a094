/** A code sent by mail, verified with a client-made device id and time; the token is in a header. */
import { createHash } from "node:crypto";
import {
  type Case,
  concat,
  constant,
  extraction,
  input,
  made,
  RECORDED_AT_MS,
  result,
  step,
  taken,
  trace,
} from "./recording.ts";

const ORIGIN = "http://127.0.0.1:8123";
const DEVICE = "5b1c7e52-9f0d-4c1e-8a77-2d9b6f3a1c04";
const SALT = "f3a9c17b";
const PROOF = createHash("sha256").update(`${SALT}604218`).digest("hex");

export const oneTimeCode: Case = {
  traces: [
    trace("t_0001", {
      method: "POST",
      url: `${ORIGIN}/otp/request`,
      headers: [["Content-Type", "application/json"], ["X-Device", DEVICE]],
      body: '{"email":"alice@corp.example"}',
    }, {
      headers: [["Content-Type", "application/json"]],
      body: `{"challenge":"ch-82-kz","salt":"${SALT}","sent_to":"alice@corp.example"}`,
    }),
    trace("t_0002", {
      method: "POST",
      url: `${ORIGIN}/otp/verify`,
      headers: [["Content-Type", "application/json"], ["X-Device", DEVICE]],
      body: JSON.stringify({ challenge: "ch-82-kz", proof: PROOF, at: RECORDED_AT_MS + 2000 }),
    }, {
      status: 200,
      headers: [["X-Session", "tok.81.Lq0zN5"], ["Content-Type", "text/plain"]],
      body: "ok",
    }),
    trace("t_0003", {
      url: `${ORIGIN}/me`,
      headers: [["X-Session", "tok.81.Lq0zN5"], ["X-Device", DEVICE], ["X-App", "7"]],
    }, { headers: [["Content-Type", "application/json"]], body: "{}" }),
  ],
  flow: {
    inputs: [
      {
        name: "email",
        label: "Email",
        secret: false,
        kind: "identifier",
        recorded: "alice@corp.example",
      },
      {
        name: "one_time_code",
        label: "One-time code",
        secret: false,
        kind: "one-time-code",
        recorded: "604218",
      },
    ],
    generated: [
      { id: "device", shape: { kind: "uuid" }, recorded: DEVICE },
      {
        id: "time",
        shape: { kind: "timestamp", unit: "ms" },
        recorded: String(RECORDED_AT_MS + 2000),
      },
    ],
    steps: [
      step("s1", `${ORIGIN}/otp/request`, {
        method: "POST",
        headers: [["X-Device", made("device")]],
        body: {
          kind: "json",
          contentType: "application/json",
          value: {
            kind: "object",
            entries: [["email", { kind: "expr", expr: input("email"), as: "string" }]],
          },
        },
        extractions: [
          extraction("challenge", "s1", { kind: "json", path: ["challenge"] }, "ch-82-kz"),
          extraction("salt", "s1", { kind: "json", path: ["salt"] }, SALT),
        ],
      }),
      step("s2", `${ORIGIN}/otp/verify`, {
        method: "POST",
        headers: [["X-Device", made("device")]],
        body: {
          kind: "json",
          contentType: "application/json",
          value: {
            kind: "object",
            entries: [
              ["challenge", { kind: "expr", expr: taken("challenge"), as: "string" }],
              ["proof", {
                kind: "expr",
                as: "string",
                expr: {
                  kind: "transform",
                  op: "sha256-hex",
                  args: [concat(taken("salt"), input("one_time_code"))],
                },
              }],
              ["at", { kind: "expr", expr: made("time"), as: "number" }],
            ],
          },
        },
        submitsCredentials: true,
        extractions: [
          extraction("token", "s2", { kind: "header", name: "X-Session" }, "tok.81.Lq0zN5"),
        ],
      }),
    ],
    result: result({
      headers: [["X-Session", taken("token")], ["X-Device", made("device")], [
        "X-App",
        constant("7"),
      ]],
    }),
    refresh: null,
    hosts: ["127.0.0.1:8123"],
    apiOrigins: [ORIGIN],
    probe: null,
  },
  script: `
const post = (url: string, device: string, body: unknown) => fetch(url, {
  method: "POST",
  headers: { "Content-Type": "application/json", "X-Device": device },
  body: JSON.stringify(body),
});

export async function acquire_token() {
  const email = await prompt_text("Email");
  const device = crypto.randomUUID();
  const request = await post("http://127.0.0.1:8123/otp/request", device, { email });
  const { challenge, salt } = await request.json();
  const code = await prompt_text("One-time code");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(salt + code));
  const proof = [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, "0")).join("");
  const answer = await post("http://127.0.0.1:8123/otp/verify", device, { challenge, proof, at: Date.now() });
  return { headers: { "X-Session": answer.headers.get("x-session")!, "X-Device": device, "X-App": "7" } };
}
`,
};
