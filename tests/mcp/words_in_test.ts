import assert from "node:assert/strict";
import { wordsIn } from "../../lib/mcp/words_in.ts";

Deno.test("wordsIn() parts names and sentences, in American spelling", () => {
  const cases: readonly (readonly [text: string, words: string])[] = [
    ["listBoatsV2", "list boats v2"],
    ["getHTTPLogs", "get http logs"],
    ["harbour-master's log", "harbor master log"],
    ["/boats/{boat_id}", "boats boat id"],
    ["Organise the cancelled catalogue", "organize the canceled catalog"],
    ["favourite colours, by licence", "favorite colors by license"],
    ["synchronisation of unauthorised centres", "synchronization of unauthorized centers"],
    ["advise four hours, promise exercise", "advise four hours promise exercise"],
    ["Größe ändern", "größe ändern"],
  ];
  for (const [text, words] of cases) assert.equal(wordsIn(text).join(" "), words);
});
