/** Floods of fields in one recorded request: twice as many take no more than twice the work. */
import assert from "node:assert/strict";
import { NO_SPOTS } from "../../lib/tools/derive/credential_spots.ts";
import { deriveTools } from "../../lib/tools/from_traces.ts";
import { countWork } from "../support/count_work.ts";
import { API, type Exchanged, recording } from "./trace_builder.ts";

const TWICE = 2.3;

function named(count: number): [name: string, value: string][] {
  return Array.from({ length: count }, (_, at) => [`field${at}`, `value ${at}`]);
}

function multipart(fields: readonly [name: string, value: string][]): Exchanged {
  const parts = fields.map(([name, value]) =>
    `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  );
  return {
    to: "POST /api/boats",
    headers: [["Authorization", "Bearer s3cret"], [
      "Content-Type",
      "multipart/form-data; boundary=b",
    ]],
    text: `${parts.join("")}--b--\r\n`,
    answer: { ok: true },
  };
}

const SENT: Readonly<Record<string, (count: number) => Exchanged>> = {
  "fields of a form": (count) => ({
    to: "POST /api/boats",
    send: new URLSearchParams(named(count)),
    answer: { ok: true },
  }),
  "parameters of a query": (count) => ({
    to: `GET /api/boats?${new URLSearchParams(named(count))}`,
    answer: { ok: true },
  }),
  "parts of a multipart body": (count) => multipart(named(count)),
};

for (const [what, exchange] of Object.entries(SENT)) {
  Deno.test(`deriving tools from twice as many ${what} takes no more than twice the work`, () => {
    const derived = (count: number) => {
      const traces = recording([exchange(count)]);
      return countWork(() => {
        const tools = deriveTools(traces, {
          apiOrigins: [API],
          credentials: { ...NO_SPOTS, headers: ["authorization"] },
        });
        assert.equal(tools.length, 1);
      });
    };
    derived(10);
    assert.ok(derived(1_600) < derived(800) * TWICE, `${derived(800)}, ${derived(1_600)}`);
  });
}
