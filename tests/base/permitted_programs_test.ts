import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LISTED_PROGRAMS } from "../../lib/base/permitted_programs.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const MAIN = fileURLToPath(new URL("./listed_programs_main.ts", import.meta.url));

async function executable(path: string, text: string): Promise<void> {
  await Deno.writeTextFile(path, text, { mode: 0o755 });
}

Deno.test({
  name:
    "a process with the executable's list starts others through env alone, and those of the list alone once that is given up",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withTempFolder(async (folder) => {
      await executable(join(folder, "xdg-open"), "#!/bin/sh\necho opened $1 $LD_TRIED\n");
      await executable(join(folder, "secret-tool"), "#!/bin/sh\necho looked up\n");
      await executable(join(folder, "a=b"), "#!/bin/sh\necho odd $1\n");
      const { signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--quiet",
          "--no-prompt",
          "--allow-env",
          "--allow-read",
          `--allow-run=${[...LISTED_PROGRAMS, join(folder, "xdg-open")].join(",")}`,
          MAIN,
          folder,
        ],
        // Nothing of the loader's own: a variable that it does not know.
        env: { PATH: `${folder}:${Deno.env.get("PATH")}`, LD_TRIED: "loaded", KEPT: "kept" },
      }).output();
      assert.equal(signal, "SIGKILL", new TextDecoder().decode(stderr));
      const { before, after, own, hasToolElsewhere } = JSON.parse(
        new TextDecoder().decode(stdout),
      );
      assert.deepEqual(before, {
        own: "/proc/self/exe",
        any: "loaded kept first=word",
        odd: "odd given",
        missing: "NotFound",
        directly: "NotCapable",
        asAnother: "NotCapable", // under variables of the loader nothing is started as it is
        listed: "opened https://example.com/",
        elsewhere: "looked up",
      });
      assert.equal(hasToolElsewhere, true);
      const closed = { any: "AppError", odd: "AppError", elsewhere: "AppError" };
      assert.deepEqual(after, { ...before, ...closed });
      assert.deepEqual(own, after);
    }),
});
