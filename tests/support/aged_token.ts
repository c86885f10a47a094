/** A stored token whose end has come near, in place of a token that lives for seconds and a test that waits. */
import assert from "node:assert/strict";
import { Home } from "../../lib/store/home.ts";
import { readToken, writeToken } from "../../lib/token/token_file.ts";

/** Less than the 30 s before its end in which a token of long life is renewed. */
const LEFT_SEC = 20;

/** `home` is the absolute path of a Keysmith home; `leftSec` below 0: the end has passed. */
export async function bringTokenToItsEnd(
  home: string,
  app: string,
  leftSec = LEFT_SEC,
): Promise<void> {
  const opened = new Home(home);
  const token = await readToken(opened, app);
  assert.ok(token !== null, `${app} has no token`);
  const nowSec = Date.now() / 1_000;
  const aged = { obtained_at: nowSec - 3_000, expires_at: nowSec + leftSec };
  await writeToken(opened, app, { ...token, ...aged });
}
