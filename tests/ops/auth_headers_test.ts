import assert from "node:assert/strict";
import { authHeaders } from "../../lib/ops/auth_headers.ts";
import { writeToken } from "../../lib/token/token_file.ts";
import type { TokenState } from "../../lib/token/token_state.ts";
import { fakeContext } from "../support/fake_context.ts";
import { APP, tokenState, withApp } from "../support/token_home.ts";

const RENEWAL = "rt-7c1e9a40b2d84f";

const CASES: readonly [what: string, token: Partial<TokenState>, headers: [string, string][]][] = [
  ["no cookie that is named for a refresh", {
    headers: { Cookie: `sid=session-1; refresh_token=${RENEWAL}; theme=dark` },
    refresh_token: RENEWAL,
  }, [["Cookie", "sid=session-1; theme=dark"]]],
  ["no cookie that holds the refresh token, whatever its name", {
    headers: { Authorization: "Bearer access-1", Cookie: `a=1; quux=${RENEWAL}` },
    refresh_token: RENEWAL,
  }, [["Authorization", "Bearer access-1"], ["Cookie", "a=1"]]],
  ["no cookie of a refresh that is percent-encoded", {
    headers: { Cookie: "sid=session-1; quux=a%2Fb%3Dc%2Fdddd" },
    refresh_token: "a/b=c/dddd",
  }, [["Cookie", "sid=session-1"]]],
  ["the token that renews itself", {
    headers: { Authorization: `Bearer ${RENEWAL}`, Cookie: `copy=${RENEWAL}` },
    refresh_token: RENEWAL,
  }, [["Authorization", `Bearer ${RENEWAL}`], ["Cookie", `copy=${RENEWAL}`]]],
  ["the session that is kept alive", {
    headers: { Cookie: `quay=${RENEWAL}; lang=en; csrftoken=guard-1` },
    refresh_token: RENEWAL,
  }, [["Cookie", `quay=${RENEWAL}; lang=en; csrftoken=guard-1`]]],
  ["no cookie of analytics", {
    headers: { Cookie: "sid=session-1; _ga=GA1.2.3.4" },
    refresh_token: null,
  }, [["Cookie", "sid=session-1"]]],
];

for (const [what, token, headers] of CASES) {
  Deno.test(`authHeaders() gives ${what}`, () =>
    withApp(async (home) => {
      await writeToken(home, APP, tokenState(token));
      const ctx = { ...fakeContext(), homeOption: home.root };
      assert.deepEqual((await authHeaders(ctx, { app: APP })).headers, headers);
    }));
}
