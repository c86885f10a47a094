/** Prompts at a real terminal: a pseudo-terminal made by `script` (util-linux), where there is one. */
import assert from "node:assert/strict";
import { keysmith, keysmithCommand } from "../support/keysmith.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const SCRIPT = `
export async function acquire_token() {
  const user = await prompt_text("Username");
  const password = await prompt_secret("Password");
  return { headers: { "X-Login": user + ":" + password.length } };
}`;

const hasScript = Deno.build.os === "linux" && isInstalled("script");

Deno.test({
  name: "auth login asks at the terminal, shows the name and not the password",
  ignore: !hasScript,
  fn: () =>
    withTempFolder(async (folder) => {
      const home = `${folder}/home`;
      await Deno.writeTextFile(`${folder}/login.ts`, SCRIPT);
      const adopt = ["auth", "adopt", "garden", `${folder}/login.ts`, "--host", "127.0.0.1:9"];
      assert.equal((await keysmith(adopt, { home })).code, 0);
      const shown = await atTerminal(["auth", "login", "garden", "--unproven"], home, [
        ["Run the login script", "y"],
        ["[garden] Username", "ada\r"],
        ["[garden] Password", "open sesame\r"],
      ]);
      assert.match(shown, /logged in/);
      assert.match(shown, /ada/);
      assert.ok(!shown.includes("sesame"));
      const { stdout } = await keysmith(["auth", "headers", "garden"], { home });
      assert.equal(stdout, "X-Login: ada:11\n");
    }),
});

Deno.test({
  name: "Ctrl-C at a prompt exits with 130",
  ignore: !hasScript,
  fn: () =>
    withTempFolder(async (folder) => {
      const home = `${folder}/home`;
      await Deno.writeTextFile(`${folder}/login.ts`, SCRIPT);
      const adopt = ["auth", "adopt", "garden", `${folder}/login.ts`, "--host", "127.0.0.1:9"];
      assert.equal((await keysmith(adopt, { home })).code, 0);
      const shown = await atTerminal(["auth", "login", "garden", "--unproven", "--yes"], home, [
        ["[garden] Username", "\x03"],
      ]);
      assert.match(shown, /keysmith: Interrupted/);
      assert.match(shown, /exit code 130/);
    }),
});

/** Types each text when its question is on the screen; answers all that was shown, and the exit code. */
async function atTerminal(
  args: readonly string[],
  home: string,
  answers: readonly (readonly [question: string, text: string])[],
): Promise<string> {
  const { program, args: leading } = keysmithCommand();
  const words = [program, ...leading, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const line = `stty cols 100 rows 30; ${words.join(" ")}; echo "exit code $?"`;
  const child = new Deno.Command("script", {
    args: ["-qec", line, "/dev/null"],
    env: { KEYSMITH_HOME: home, CI: "", NO_COLOR: "1", TERM: "xterm", SHELL: "/bin/sh" },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const keyboard = child.stdin.getWriter();
  const pending = [...answers];
  let shown = "";
  let seen = 0;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    shown += text;
    const [question, answer] = pending[0] ?? [];
    if (question === undefined || !shown.slice(seen).includes(question)) continue;
    seen = shown.length;
    pending.shift();
    await keyboard.write(new TextEncoder().encode(answer));
  }
  await child.status;
  await keyboard.close().catch(() => {});
  return shown;
}

function isInstalled(program: string): boolean {
  try {
    return new Deno.Command(program, { args: ["--version"] }).outputSync().success;
  } catch {
    return false;
  }
}
