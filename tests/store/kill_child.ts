/** The child of the kill test: writes and imports into one home until it is killed. */
import { authMarks } from "../../lib/capture/marks.ts";
import { readCapture } from "../support/read_capture.ts";
import { writeJsonFile } from "../../lib/store/json_file.ts";
import { TraceStore } from "../../lib/store/trace_store.ts";

const [work, path, ...files] = Deno.args;
for (let round = 0;; round++) {
  if (round === 1) console.log("working");
  if (work === "write") await writeJsonFile(path!, tokenOf(round));
  else await importAll(path!, files, round);
}

/** Whole when all its parts tell the same round; sizes vary over several disk blocks. */
function tokenOf(round: number) {
  const parts = Array.from({ length: 1 + (round * 7919) % 4000 }, () => round);
  return { round, parts, end: round };
}

async function importAll(path: string, files: readonly string[], round: number): Promise<void> {
  using store = TraceStore.open(path);
  await store.adding(async () => {
    for (const file of files) {
      const reading = readCapture(file);
      const sha256 = `${reading.sha256}-${Deno.pid}-${round}`;
      const writer = store.newCapture({
        ...reading,
        sha256,
        importedAt: "2026-01-01T00:00:00.000Z",
      });
      for (const exchange of reading.exchanges) {
        writer.write({ ...exchange, marks: authMarks(exchange), noise: null });
        await Promise.resolve();
      }
      writer.finish({ ...reading, skipped: 0 });
    }
  });
}
