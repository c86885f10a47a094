/** Which files that were given together are one recording, and why one is not. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { recordingsIn } from "../../lib/correlate/one_recording.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { RECORDED_AT_MS, trace } from "../support/traces.ts";

const ONE = "pV2xRk7TqLw94mZsYb0N";
const TWO = "gH5tCj81uWn63dKxEo7F";
const KEY = "appkey-Rt6Yp0Lm2Qx9Vb4Z";

/** Traces of one file, a second apart from `startSec` on; all at zero without it. */
function file(name: string, startSec: number | null, ...traces: readonly Trace[]): Trace[] {
  return traces.map((one, index) => ({
    ...one,
    id: `${name}${index}`,
    startedAtMs: startSec === null ? 0 : RECORDED_AT_MS + (startSec + index) * 1000,
  }));
}

const login = (key: string, path = "sessions") =>
  trace(`POST https://api.harbour.example/${path}`, {
    json: { mail: "ines@harbour.example", password: "Lighthouse-4-west" },
    answer: { key },
  });
const asking = (path: string, ...headers: [string, string][]) =>
  trace(`GET https://api.harbour.example/${path}`, { headers, answer: { rows: [1] } });
const berths = (key: string) => asking("berths", ["X-Session-Key", key]);
const start = asking("welcome");
const elsewhere = trace("GET https://tides.example/today", { answer: { tide: 1 } });

const CASES: [name: string, files: Trace[][], expected: string[]][] = [
  [
    "one goes on with the other, in whatever order they are given",
    [file("b", 10, berths(ONE)), file("a", 0, login(ONE))],
    ["a0 b0"],
  ],
  [
    "what two files hold is there once",
    [file("a", 0, login(ONE), berths(ONE)), [
      { ...file("a", 0, login(ONE), berths(ONE))[1]!, id: "b0" },
      ...file("c", 5, berths(ONE)),
    ]],
    ["a0 a1 c0"],
  ],
  [
    "nothing is handed on, and one carries no session",
    [file("a", 0, start), file("b", 3, login(ONE), berths(ONE))],
    ["a0 b0 b1"],
  ],
  [
    "both carry a session that was begun before either",
    [file("a", 9, berths(ONE)), file("b", 3, berths(ONE))],
    ["b0 a0"],
  ],
  [
    "one has no times, and goes on",
    [
      file("b", null, berths(ONE), asking("tides", ["X-Session-Key", ONE])),
      file("a", 9, login(ONE)),
    ],
    ["a0 b0 b1"],
  ],
  [
    "one has no times, and hands on",
    [file("b", 9, berths(ONE)), file("a", null, start, login(ONE))],
    ["a0 a1 b0"],
  ],
  ["none has times", [file("b", null, berths(ONE)), file("a", null, login(ONE))], ["a0 b0"]],
  [
    "two logins of one kind",
    [file("a", 0, login(ONE), berths(ONE)), file("b", 9, login(TWO), berths(TWO))],
    ["a0 a1", "b0 b1 another-login"],
  ],
  [
    "two logins of two kinds",
    [file("a", 0, login(ONE)), file("b", 9, login(TWO, "partners/sessions"))],
    ["a0", "b0 another-login"],
  ],
  [
    "the session of somebody else, who sends the same key of the application",
    [
      file("a", 0, login(ONE), asking("berths", ["X-Session-Key", ONE], ["X-App", KEY])),
      file("b", 9, asking("berths", ["X-Session-Key", TWO], ["X-App", KEY])),
      file("c", 20, asking("berths", ["X-Session-Key", ONE], ["X-App", KEY])),
    ],
    ["a0 a1 c0", "b0 other-credentials"],
  ],
  ["another site", [file("a", 0, start), file("b", 2, elsewhere)], ["a0", "b0 another-site"]],
  [
    "clocks that contradict what was handed on",
    [file("a", 60, login(ONE)), file("b", 0, berths(ONE))],
    ["a0", "b0 clocks"],
  ],
];

for (const [name, files, expected] of CASES) {
  Deno.test(`recordingsIn(): ${name}`, () => {
    const found = recordingsIn(files);
    const told = found.map(({ traces, apart }) =>
      [...traces.map(({ id }) => id), ...apart === null ? [] : [apart]].join(" ")
    );
    assert.deepEqual(told, expected);
    for (const { traces } of found) {
      const times = traces.map(({ startedAtMs }) => startedAtMs);
      assert.deepEqual(times, times.toSorted((a, b) => a - b));
    }
  });
}

Deno.test("recordingsIn() makes a login of its halves, and says which files are in it", () => {
  const files = [file("b", 10, berths(ONE)), file("x", 0, elsewhere), file("a", 0, login(ONE))];
  const [first, other] = recordingsIn(files);
  assert.deepEqual([first!.members, other!.members], [[0, 2], [1]]);
  assert.equal(analyzeLogin([...first!.traces]).kind, "flow");
});
