import assert from "node:assert/strict";
import fc from "fast-check";
import { RecordFile, UnusableRecords, writeRecords } from "../../lib/store/record_file.ts";
import { withTempFolder } from "../support/temp_folder.ts";

Deno.test("RecordFile reads the same records in any order, with and without reading ahead", async () => {
  await withTempFolder(async (folder) => {
    const path = `${folder}/a.records`;
    // Short ones, such as no gap holds, and such as no reading ahead reaches over.
    const sizes = [1, 10, 300, 70_000, 5, 600_000, 20, 20, 65_536, 3];
    const records = sizes.map((size, at) => JSON.stringify(`${at}`.repeat(size)));
    await writeRecords(path, { records: records.length }, records);
    const order = fc.array(fc.nat({ max: records.length - 1 }), { maxLength: 40 });
    const inOrder = fc.constant(records.map((_, at) => at));
    fc.assert(
      fc.property(fc.oneof(order, inOrder, order.map((all) => all.toSorted())), (indexes) => {
        const file = RecordFile.open(path)!;
        for (const index of indexes) assert.equal(file.text(index), records[index]);
      }),
      { numRuns: 60 },
    );
  });
});

Deno.test("RecordFile notices a damaged record although it was read with the one before it", async () => {
  await withTempFolder(async (folder) => {
    const path = `${folder}/b.records`;
    const records = ["0", "1", "2", "3"].map((text) => JSON.stringify(text.repeat(100)));
    await writeRecords(path, null, records);
    const bytes = await Deno.readFile(path);
    bytes[bytes.length - 10] = 0;
    await Deno.writeFile(path, bytes);
    const file = RecordFile.open(path)!;
    for (const index of [0, 1, 2]) assert.equal(file.text(index), records[index]);
    assert.throws(() => file.text(3), UnusableRecords);
  });
});
