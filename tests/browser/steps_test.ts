import assert from "node:assert/strict";
import { parseSteps, requireVariables } from "../../lib/browser/steps.ts";

Deno.test("parseSteps() reads the forms in which steps are written", () => {
  const fill = { kind: "fill", selector: "#user", value: { text: "ada" } };
  const cases: [unknown, unknown][] = [
    [{ fill: "#user", value: "ada" }, fill],
    [{ fill: ["#user", "ada"] }, fill],
    [{ fill: { selector: "#user", value: "ada" } }, fill],
    [{ action: "fill", selector: "#user", value: "ada" }, fill],
    [{ fill: "#pin", value: 4711 }, { kind: "fill", selector: "#pin", value: { text: "4711" } }],
    [{ fill: "#p", value: { env: "PIN" } }, {
      kind: "fill",
      selector: "#p",
      value: { env: "PIN" },
    }],
    [{ action: "goto", url: "/a" }, { kind: "goto", url: "/a" }],
    [{ goto: "https://a.example/" }, { kind: "goto", url: "https://a.example/" }],
    [{ click: "text=Log in" }, { kind: "click", selector: "text=Log in" }],
    [{ wait: 250 }, { kind: "wait", ms: 250 }],
    [{ waitFor: "#a", timeout: 900 }, { kind: "waitFor", selector: "#a", timeoutMs: 900 }],
    [{ click: { selector: "#a", timeout: 0 } }, { kind: "click", selector: "#a", timeoutMs: 0 }],
    [{ action: "fill", selector: "#user", value: "ada", timeout: 7 }, { ...fill, timeoutMs: 7 }],
  ];
  for (const [written, step] of cases) {
    assert.deepEqual(parseSteps(JSON.stringify([written]), "s.json"), [step]);
    assert.deepEqual(parseSteps(JSON.stringify({ steps: [written] }), "s.json"), [step]);
  }
});

Deno.test("parseSteps() names the file and the step that cannot be used", () => {
  const cases: [string, RegExp][] = [
    ["{", /Cannot use "s.json": it is not a JSON list/],
    ['[{"click": "#a"}, 7]', /step 2 of "s.json": it is not an object/],
    ['[{"hover": "#a"}]', /step 1 of "s.json": it names no action/],
    ['[{"action": "hover"}]', /step 1 of "s.json": "hover" is not an action/],
    ['[{"fill": "#a"}]', /"fill" has no value/],
    ['[{"click": ""}]', /"click" does not say on what/],
    ['[{"wait": -1}]', /"wait" takes milliseconds/],
    ['[{"click": "#a", "timeout": "5s"}]', /step 1 of "s.json": "timeout" takes milliseconds/],
    ['[{"fill": "#a", "value": "b", "timeout": -5}]', /"timeout" takes milliseconds/],
    ['[{"goto": "/a", "timeout": 5}]', /"goto" takes no "timeout"/],
  ];
  for (const [text, problem] of cases) {
    assert.throws(() => parseSteps(text, "s.json"), { code: "BAD_INPUT", message: problem });
  }
});

Deno.test("requireVariables() misses a variable before the first step is done", () => {
  const steps = parseSteps('[{"goto": "/"}, {"fill": "#p", "value": {"env": "PIN"}}]', "s.json");
  requireVariables({ get: (name) => name === "PIN" ? "4711" : undefined }, steps);
  for (const value of [undefined, ""]) {
    assert.throws(() => requireVariables({ get: () => value }, steps), {
      code: "NO_INPUT",
      message: 'The environment variable "PIN" is not set',
      hint: "A step wants it: export PIN=… before the command",
    });
  }
});
