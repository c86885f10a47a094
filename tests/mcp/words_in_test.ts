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
    ["PRs, URLs and IPs of GPUs", "pr url and ip of gpu"],
    ["listOrgRepos", "list organization repositories"],
    ["the config of prod", "the configuration of production"],
    ["constructor", "constructor"],
    ["Größe ändern", "größe ändern"],
  ];
  for (const [text, words] of cases) assert.equal(wordsIn(text).join(" "), words);
});
