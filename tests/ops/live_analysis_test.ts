/** What is understood while a recording grows, from recordings played as if they were being made. */
import assert from "node:assert/strict";
import { authMarks } from "../../lib/capture/marks.ts";
import { noiseReason } from "../../lib/capture/noise.ts";
import { readCapture } from "../support/read_capture.ts";
import { Message } from "../../lib/correlate/recording.ts";
import { LiveAnalysis, type LiveFinding } from "../../lib/ops/live_analysis.ts";
import type { NewTrace } from "../../lib/store/capture_info.ts";
import { fakeContext } from "../support/fake_context.ts";

const FIXTURES = new URL("../../fixtures/recordings/", import.meta.url);

function recorded(name: string): NewTrace[] {
  const { exchanges } = readCapture(new URL(`${name}.har`, FIXTURES).pathname);
  return exchanges.map((exchange) => ({
    ...exchange,
    marks: authMarks(exchange),
    noise: noiseReason(exchange),
  }));
}

/** What is found after each part of the recording that ends with the exchange of this number. */
async function played(name: string, ...ends: readonly number[]): Promise<LiveFinding[][]> {
  const live = new LiveAnalysis(fakeContext(), "shop");
  const traces = recorded(name);
  const found: LiveFinding[][] = [];
  for (const [at, end] of ends.entries()) {
    for (const trace of traces.slice(ends[at - 1] ?? 0, end)) live.see({ kind: "exchange", trace });
    live.expectMore(at > 0);
    found.push(await live.look());
    // The search rests longer than it took: this is not a test of time.
    while (at + 1 < ends.length && !live.isRested) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  return found;
}

Deno.test("LiveAnalysis understands a login once data was loaded, and says what two sessions would settle", async () => {
  const all = recorded("named_client").length;
  const login = recorded("named_client").findIndex(({ marks }) =>
    marks.includes("credential-field")
  );
  const [before, after, again] = await played("named_client", login + 1, all - 1, all);
  assert.deepEqual(before, [], "a login alone lacks nothing but what follows it");
  const [understood, proven] = after!;
  assert.deepEqual(understood, {
    kind: "understood",
    requests: 1,
    asks: ["Username", "Password"],
  });
  assert.equal(proven?.kind, "proven");
  const open = proven?.kind === "proven" ? proven.open : [];
  assert.match(open.join("\n"), /^POST \/connect\/\S+ body field "client_id", taken for typed: /m);
  assert.deepEqual(again, [], "nothing is told twice");
});

Deno.test("LiveAnalysis says why no script can do it", async () => {
  const all = recorded("recaptcha").length;
  const [, found] = await played("recaptcha", 1, all);
  assert.deepEqual(found!.map(({ kind }) => kind), ["open"]);
  assert.match(JSON.stringify(found), /POST \/login: the login sends the answer of a CAPTCHA/);
});

Deno.test("a trace is taken apart once, in however many recordings it stands", () => {
  const [first] = recorded("named_client");
  const trace = { ...first!, id: "t_0001", captureId: "c_01" };
  const [one, other] = [new Message(0, trace), new Message(7, trace)];
  assert.equal(one.answer, other.answer);
  assert.equal(one.leaves, other.leaves);
  assert.notEqual(one.index, other.index);
});
