import assert from "node:assert/strict";
import { APP } from "../support/token_home.ts";
import { hello, library, type Message, own, request, withServing } from "./talk.ts";

Deno.test("a long call beats until it is answered, for a client that asked for it, over both servers", async () => {
  for (const serve of [own, library]) {
    const over = Promise.withResolvers<void>();
    const answer = () => over.promise.then(() => Response.json({ ok: true }));
    await withServing({ beatEveryMs: 10 }, answer, async (serving) => {
      const talk = serve(serving);
      await talk.ask(hello("2025-06-18"));
      const call = { name: `${APP}_delete_note`, arguments: { note_id: 17 } };
      const silent = talk.ask(request("silent", "tools/call", call));
      const _meta = { progressToken: "long one" };
      const long = talk.ask(request("long", "tools/call", { ...call, _meta }));
      const beats: Message[] = [];
      for (let beat = 1; beat <= 3; beat++) beats.push(await talk.heard("notifications/progress"));
      assert.deepEqual(beats.map(({ params }) => [params.progressToken, params.progress]), [
        ["long one", 1],
        ["long one", 2],
        ["long one", 3],
      ]);
      over.resolve();
      const answers = await Promise.all([silent, long]);
      for (const { result } of answers) assert.equal(result.isError ?? false, false);
      talk.told.length = 0;
      await talk.ask(request("after", "ping"));
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.deepEqual(talk.told.filter(({ method }) => method === "notifications/progress"), []);
      await talk.end();
    });
  }
});
