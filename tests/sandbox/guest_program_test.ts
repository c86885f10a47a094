import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { startSandboxProcess } from "../../lib/sandbox/child_process.ts";
import { bundledProgram, sourceProgram } from "../../lib/sandbox/guest_program.ts";
import { filesReachedBy } from "../../lib/sandbox/reached_files.ts";
import { withTempFolder } from "../support/temp_folder.ts";

Deno.test("bundledProgram() builds once, keeps the whole program in one folder and needs no package", async () => {
  await withTempFolder(async (cache) => {
    const [one, other] = await Promise.all([bundledProgram(cache), bundledProgram(cache)]);
    assert.deepEqual(one, other, "two processes that build at once");
    const names = [...Deno.readDirSync(`${cache}/keysmith-guest`)].map(({ name }) => name);
    assert.deepEqual(names.map((name) => `${cache}/keysmith-guest/${name}`), [one.folder]);
    for (const folder of [one.folder, `${one.folder}/lib/sandbox`]) {
      for (const { name, isFile } of Deno.readDirSync(folder)) {
        const code = isFile ? await Deno.readTextFile(`${folder}/${name}`) : "";
        assert.doesNotMatch(code, /(?:from|import\()\s*"(?!\.\.?\/|node:)/, name);
      }
    }
    assert.ok(Deno.statSync(`${one.folder}/lib/sandbox/worker.js`).size > 100_000, "holds ses");
    Deno.writeTextFileSync(`${one.folder}/mark`, "");
    await bundledProgram(cache);
    assert.ok(Deno.statSync(`${one.folder}/mark`).isFile, "built a second time");
  });
});

Deno.test("bundledProgram() fails where its folder cannot be made", async () => {
  await withTempFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "");
    await assert.rejects(bundledProgram(`${folder}/file`));
  });
});

Deno.test("the sandbox process starts from the sources, too, where no bundle can be built", async () => {
  const process = await startSandboxProcess([], () => Promise.resolve(sourceProgram()));
  const config = {
    nonce: "n",
    reach: { hosts: [], replayPort: null, plainHttp: false },
    parts: { cookies: true, html: true },
    watched: [],
    cpuMs: 20_000,
    memoryBytes: 2 ** 29,
  };
  const javascript = "({ acquire_token: () => ({ headers: { a: 'b' } }) })";
  const lines = [config, { javascript, entry: { kind: "acquire" } }].map((line) =>
    JSON.stringify(line)
  );
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(lines.join("\n") + "\n"));
  let output = "";
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
    output += text;
    if (output.includes('"result"')) await writer.close();
  }
  assert.equal(await new Response(process.stderr).text(), "");
  const [walls, ...rest] = output.split("\n");
  assert.match(walls ?? "", /^n \{"kind":"walls",/);
  assert.deepEqual(rest, [
    'n {"kind":"started"}',
    `n {"kind":"result","json":${JSON.stringify('{"headers":{"a":"b"}}')}}`,
    "",
  ]);
});

Deno.test("filesReachedBy() follows every form of import, and each file once", async () => {
  await withTempFolder(async (folder) => {
    const files: Record<string, string> = {
      "a.ts": 'import { b } from "./b.ts";\nimport "npm:x";\nimport "./sub/c.ts";\n',
      "b.ts": 'export { a } from "./a.ts";\nconst d = await import("./d.ts");\n',
      "sub/c.ts": 'import type { E } from "../e.ts";\n',
      "d.ts": 'import data from "./f.json" with { type: "json" };\n',
      "e.ts": "",
      "f.json": "{}",
      "unreached.ts": "",
    };
    Deno.mkdirSync(`${folder}/sub`);
    for (const [name, text] of Object.entries(files)) {
      Deno.writeTextFileSync(`${folder}/${name}`, text);
    }
    const found = await filesReachedBy([pathToFileURL(`${folder}/a.ts`)]);
    const base = pathToFileURL(`${folder}/`).href;
    assert.deepEqual(
      found.map(({ href }) => href.slice(base.length)),
      ["a.ts", "b.ts", "d.ts", "e.ts", "f.json", "sub/c.ts"],
    );
  });
});
