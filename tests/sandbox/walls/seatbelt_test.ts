import assert from "node:assert/strict";
import { describeWalls } from "../../../lib/cli/wall_text.ts";
import { startSandboxProcess } from "../../../lib/sandbox/child_process.ts";
import { guestProgram } from "../../../lib/sandbox/guest_program.ts";
import { seatbeltProfile } from "../../../lib/sandbox/walls/seatbelt.ts";
import { NO_WALLS } from "../../../lib/sandbox/walls/wall_report.ts";
import { withTempFolder } from "../../support/temp_folder.ts";

const RULES = {
  program: "/opt/deno",
  readable: ["/cache/guest"],
  hosts: ["login.example.com:443"],
};

/** The rules of a profile for one operation; every parenthesis of the text has its other half. */
function rulesOf(profile: string, operation: string): string[] {
  let depth = 0;
  for (const character of profile.replaceAll(/"(?:\\.|[^"\\])*"/g, "")) {
    depth += character === "(" ? 1 : character === ")" ? -1 : 0;
    assert.ok(depth >= 0);
  }
  assert.equal(depth, 0);
  return profile.split("\n").filter((line) => line.split(/[ )]/)[1] === operation);
}

Deno.test("seatbeltProfile() refuses what it does not name, and names no more than a script's process needs", () => {
  const profile = seatbeltProfile(RULES);
  assert.deepEqual(profile.split("\n").slice(0, 2), ["(version 1)", "(deny default)"]);
  assert.deepEqual(rulesOf(profile, "process-exec"), [
    '(allow process-exec (literal "/opt/deno"))',
  ]);
  assert.deepEqual(rulesOf(profile, "process-fork"), ["(deny process-fork)"]);
  assert.deepEqual(rulesOf(profile, "file-write*"), ["(deny file-write*)"]);
  const [reads = ""] = rulesOf(profile, "file-read*");
  assert.match(reads, /\(literal "\/opt\/deno"\).*\(subpath "\/cache\/guest"\)/);
  assert.doesNotMatch(reads, /"\/"|\/Users|\/private\/(?:tmp|var)|\/private\/etc"|passwd/);
});

Deno.test("seatbeltProfile() connects to the ports of the hosts, and looks names up only where there are names", () => {
  const outbound = (hosts: string[]) =>
    rulesOf(seatbeltProfile({ ...RULES, hosts }), "network-outbound");
  assert.deepEqual(outbound([]), []);
  assert.deepEqual(outbound(["127.0.0.1:8080", "[::1]:99", "127.0.0.1:99"]), [
    '(allow network-outbound (remote tcp "*:99") (remote tcp "*:8080"))',
  ]);
  assert.deepEqual(outbound(["a.example:443", "b.example:443"]), [
    '(allow network-outbound (remote tcp "*:443") (literal "/private/var/run/mDNSResponder"))',
  ]);
});

Deno.test("seatbeltProfile() keeps a path with quotes one text", () => {
  const profile = seatbeltProfile({ ...RULES, readable: ['/a") (allow default) ("\\'] });
  assert.equal(rulesOf(profile, "default").length, 1, "the denial alone");
  assert.match(profile, /\(subpath "\/a\\"\) \(allow default\) \(\\"\\\\"\)/);
});

/** A program in the place of `sandbox-exec` that keeps its arguments, each on a line, and does what `then` says. */
async function fakeSandboxExec(folder: string, then: string): Promise<string> {
  const path = `${folder}/sandbox-exec`;
  const keep =
    `printf '%s\\n' "$@" >> "${folder}/arguments"; printf -- '--\\n' >> "${folder}/arguments"`;
  await Deno.writeTextFile(path, `#!/bin/sh\n${keep}\n${then}\n`, { mode: 0o700 });
  return path;
}

async function saysOfWalls(sandboxExec: string): Promise<string> {
  const process = await startSandboxProcess(["127.0.0.1:9"], guestProgram, sandboxExec);
  const writer = process.stdin.getWriter();
  const reach = { hosts: ["127.0.0.1:9"], replayPort: null, plainHttp: false };
  const config = { nonce: "n", reach, parts: {}, watched: [], cpuMs: 20_000, memoryBytes: 2 ** 29 };
  await writer.write(new TextEncoder().encode(`${JSON.stringify(config)}\n`));
  await writer.close();
  const { stdout } = await process.output();
  return new TextDecoder().decode(stdout).split("\n")[0]!;
}

Deno.test({
  name:
    "a sandbox process is started by sandbox-exec under the profile, without it where it does not start so",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withTempFolder(async (folder) => {
      const good = await fakeSandboxExec(folder, 'shift 2; exec "$@"');
      assert.match(await saysOfWalls(good), /^n \{"kind":"walls"/);
      const [first, second, ...more] = Deno.readTextFileSync(`${folder}/arguments`).split("--\n");
      assert.equal(first, second, "tried with an empty stdin before");
      assert.deepEqual(more, [""]);
      const { folder: bundle } = await guestProgram();
      const program = Deno.realPathSync(Deno.execPath());
      assert.ok(first!.startsWith("-p\n(version 1)\n(deny default)\n"));
      assert.ok(first!.includes(`(allow process-exec (literal "${program}"))`));
      assert.ok(first!.includes(`(subpath "${Deno.realPathSync(bundle)}")`));
      assert.ok(first!.includes(`(remote tcp "*:9")`));
      assert.ok(first!.includes(`\n${program}\nrun\n`));
    });
    await withTempFolder(async (folder) => {
      const bad = await fakeSandboxExec(
        folder,
        "echo 'sandbox-exec: unbound variable' >&2; exit 65",
      );
      assert.match(await saysOfWalls(bad), /^n \{"kind":"walls"/);
      assert.equal(Deno.readTextFileSync(`${folder}/arguments`).split("--\n").length, 2);
      await Deno.writeTextFile(`${folder}/no-program`, "");
      assert.match(await saysOfWalls(`${folder}/no-program`), /^n \{"kind":"walls"/);
    });
  },
});

Deno.test("describeWalls() says what closes a process on each system, and why nothing does", () => {
  const profile = describeWalls({ ...NO_WALLS, profile: true }, "darwin");
  assert.match(profile, /^closed by the system to files, .*sandbox-exec/);
  assert.match(describeWalls(NO_WALLS, "darwin"), /^not closed by the system: .*sandbox-exec/);
  assert.match(describeWalls(NO_WALLS, "windows"), /^not closed by the system: .*job object/);
  assert.match(describeWalls(NO_WALLS, "linux"), /^not closed by the system; the runtime's/);
});
