import assert from "node:assert/strict";
import { keysmithWithin } from "../support/keysmith.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const SCRIPT = `export async function acquire_token() {
  const other = await fetch("http://intranet.invalid:8080/").catch(({ message }) => message);
  await tell_user(other);
  await fetch("http://intranet.invalid/login", { method: "POST" });
  return { headers: { Authorization: "Bearer x" } };
}
`;

Deno.test("--allow-http opens plain http to the hosts of the list, for the one command it is given to", async () => {
  await withTempFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/login.ts`, SCRIPT);
    const run = (...args: string[]) => keysmithWithin(args, { home: `${folder}/home` });
    const host = "intranet.invalid:80";
    await run("auth", "adopt", "shop", `${folder}/login.ts`, "--host", host, "--allow-http");
    const login = ["auth", "login", "shop", "--unproven", "--yes"];
    const refused = await run(...login);
    assert.match(refused.stderr, /"intranet\.invalid:80" may be reached over https only/);
    const allowed = await run(...login, "--allow-http");
    assert.match(allowed.stderr, /Cannot reach "http:\/\/intranet\.invalid"/);
    assert.match(allowed.stderr, /"intranet\.invalid:8080" is not among the hosts/);
    assert.match((await run(...login)).stderr, /over https only/);

    const set = ["auth", "set", "shop", "--origin", "http://intranet.invalid"];
    const given = { home: `${folder}/home`, stdin: "abcdefgh" };
    const { code, stderr } = await keysmithWithin(set, given);
    assert.equal(code, 2);
    assert.match(stderr, /--allow-http/);
    assert.equal((await keysmithWithin([...set, "--allow-http"], given)).code, 0);
    const token = JSON.parse(await Deno.readTextFile(`${folder}/home/apps/shop/token.json`));
    assert.deepEqual(token.origins, ["http://intranet.invalid"]);
  });
});

Deno.test("--allow-http is offered by every command that sends credentials of an app", async () => {
  await withTempFolder(async (home) => {
    for (const command of [["auth", "login"], ["auth", "refresh"], ["auth", "set"], ["call"]]) {
      const { stdout } = await keysmithWithin([...command, "--help"], { home });
      assert.match(stdout, /--allow-http .*plain http/, command.join(" "));
    }
  });
});
