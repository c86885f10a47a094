/** Tools of forms that a server renders: what the page puts into them by itself is not an argument. */
import assert from "node:assert/strict";
import type { ToolDefinition } from "../../lib/tools/definition.ts";
import { NO_SPOTS } from "../../lib/tools/derive/credential_spots.ts";
import { deriveTools } from "../../lib/tools/from_traces.ts";
import { recording } from "./trace_builder.ts";

const SEAL = "9f2c61d0a84be7350c1d92ef6ab84753";
const UUID = "2f1c9a4e-7b3d-4e58-9c60-a1b2c3d4e5f6";
const MOORING = `<form action="/moorings" method="post"><input type=hidden name=utf value="✓">
  <input type=hidden name=harbour value="sligo"><input type=hidden name=seal value="${SEAL}">
  <input type=hidden name=as value="text/x-log"><input type=hidden name=opened value="1767225600"><input type=hidden name=step value="berth">
  <input type=hidden name=boat_id value="${UUID}"><input type=hidden name=pier value="17">
  <input type=hidden name=night value=0><input type=checkbox name=night value=1>
  <select name=kind><option value=3 selected>Yacht<option value=4>Ketch</select>
  <select name=flag><option value=ie selected>IE<option value=fr>FR</select>
  <input name=crew><input name=berth value="A 7"><textarea name=words></textarea>
  <input type=submit name=book value="Book"><button name=draft value=1>Keep</button></form>`;

function derived(page: string, sent: Record<string, string>): ToolDefinition {
  const tools = deriveTools(
    recording([
      { to: "GET /moorings/new?harbour=sligo", answer: page },
      { to: "POST /moorings?harbour=sligo", send: new URLSearchParams(sent), status: 302 },
    ]),
    { apiOrigins: [], credentials: NO_SPOTS },
  );
  return tools.find(({ method }) => method === "POST")!;
}

const SENT = {
  utf: "✓",
  harbour: "sligo",
  seal: SEAL,
  as: "text/x-log",
  opened: "1767225600",
  step: "berth",
  boat_id: UUID,
  pier: "17",
  night: "0",
  kind: "3",
  flag: "fr",
  crew: "Ida",
  berth: "A 7",
  words: "",
  book: "Book",
};

function kindsOf({ body, parameters }: ToolDefinition): Record<string, string> {
  const schema = parameters as {
    properties: Record<string, { default?: unknown }>;
    required: string[];
  };
  const fields = body?.kind === "form" ? body.fields : [];
  return Object.fromEntries(fields.map(([name, value]) => {
    if (value.kind === "constant") return [name, `always ${value.value}`];
    if (value.kind !== "param") return [name, value.kind];
    const preset = schema.properties[value.param]?.default;
    const isRequired = schema.required.includes(value.param);
    return [name, isRequired ? "asked for" : `else ${JSON.stringify(preset)}`];
  }));
}

Deno.test("deriveTools() fills in what a page puts into its form, and presets what it presets", () => {
  assert.deepEqual(kindsOf(derived(MOORING, SENT)), {
    utf: "always ✓",
    harbour: "asked for",
    seal: "fetched",
    as: "always text/x-log",
    opened: "fetched",
    step: "always berth",
    boat_id: "asked for",
    pier: "asked for",
    night: "else 0",
    kind: "else 3",
    flag: "asked for",
    crew: "asked for",
    berth: "asked for",
    words: 'else ""',
    book: "always Book",
  });
});

Deno.test("deriveTools() takes a form for none that is sent elsewhere, otherwise, or of other fields", () => {
  const others = [
    MOORING.replace('action="/moorings"', 'action="/berths"'),
    MOORING.replace('method="post"', 'method="get"'),
    `<form action="/moorings" method="post"><input type=hidden name=step value="berth"></form>`,
  ];
  for (const page of others) {
    const kinds = kindsOf(derived(page, SENT));
    assert.deepEqual([kinds["step"], kinds["kind"], kinds["book"]], Array(3).fill("asked for"));
  }
});
