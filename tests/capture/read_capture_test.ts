import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { ByteSource } from "../../lib/capture/byte_source.ts";
import { exchangesOf as readScan, scanCapture } from "../../lib/capture/capture_format.ts";
import { findSources } from "../../lib/capture/find_sources.ts";
import { HAR_FORMAT } from "../../lib/capture/har.ts";
import { readCapture, readCaptureBytes } from "../support/read_capture.ts";
import type { Exchange } from "../../lib/http/exchange.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { bytesOf, entry, harOf } from "./har_builder.ts";

const FIXTURES = new URL("../../fixtures/har/", import.meta.url);

function fixtureNames(): string[] {
  return [...Deno.readDirSync(FIXTURES)].map(({ name }) => name)
    .filter((name) => name.endsWith(".har"));
}

Deno.test("readCapture() reads a file to the same result as its bytes", () => {
  for (const name of fixtureNames()) {
    const path = new URL(name, FIXTURES).pathname;
    const bytes = Deno.readFileSync(path);
    const reading = readCapture(path);
    assert.deepEqual(readCaptureBytes(bytes, name), reading);
    assert.equal(reading.sha256, createHash("sha256").update(bytes).digest("hex"));
  }
});

Deno.test("readCapture() reads entries that lie across the chunks of a file, and larger ones", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "x.har");
    const sizes = [10, 700_000, 700_000, 3_000_000, 1, 2_000_000, 20];
    const entries = sizes.map((size, at) =>
      entry({ response: { content: { text: `${at}`.repeat(size) } } })
    );
    await Deno.writeFile(path, bytesOf(harOf(entries)));
    const bodies = readCapture(path).exchanges.map(({ response }) => response!.body!);
    assert.deepEqual(bodies.map(({ length }) => length), sizes);
    assert.ok(bodies.every((body, at) => body.every((byte) => byte === 0x30 + at)));
  });
});

Deno.test("scanCapture() finds the same entries wherever the source cuts its answers", () => {
  for (const name of fixtureNames()) {
    const bytes = Deno.readFileSync(new URL(name, FIXTURES));
    const expected = exchangesOf(chunked(bytes, Infinity));
    for (const length of [1, 7, 64, 4096]) {
      assert.deepEqual(exchangesOf(chunked(bytes, length)), expected, `${name} in ${length}`);
    }
  }
});

/** A source that answers long reads with `length` bytes only, as the outline is read; entries are read whole. */
function chunked(bytes: Uint8Array, length: number): ByteSource {
  const isOutlineRead = (asked: number) => asked >= 1024 * 1024;
  return {
    size: bytes.length,
    read: (offset, asked) =>
      bytes.subarray(offset, offset + (isOutlineRead(asked) ? Math.min(asked, length) : asked)),
  };
}

function exchangesOf(source: ByteSource): Exchange[] {
  return [...scanCapture(HAR_FORMAT, source)].map(({ exchange }) => exchange);
}

Deno.test("readCapture() skips odd entries", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "x.har");
    const timeless = {
      ...entry({ request: { url: "https://quay.example/2" } }),
      startedDateTime: 7,
    };
    const entries = [entry(), entry({ request: { url: {} } }), timeless, entry()];
    await Deno.writeFile(path, bytesOf(harOf(entries)));
    const reading = readCapture(path);
    assert.deepEqual(reading.skipped, [{ entry: 2, reason: "without a URL" }]);
    assert.deepEqual(reading.exchanges.map(({ request }) => request.url), [
      "https://garden.example/",
      "https://quay.example/2",
      "https://garden.example/",
    ]);
    await Deno.writeFile(path, Uint8Array.of(0xff, 0xfe, 0x7b, 0));
    assert.throws(() => readCapture(path), { code: "BAD_INPUT" });
  });
});

Deno.test("readCapture() refuses a file that is not there and one that holds no exchange", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "x.har");
    assert.throws(() => readCapture(path), { code: "NOT_FOUND" });
    const socket = entry({ request: { url: "wss://garden.example/" } });
    for (const entries of [[], [socket]]) {
      await Deno.writeFile(path, bytesOf(harOf(entries)));
      assert.throws(() => readCapture(path), {
        code: "BAD_INPUT",
        details: { file: "x.har", place: "log.entries" },
      });
    }
  });
});

Deno.test({
  name: "findSources() reads a pipe as it comes, and names one that it cannot open",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withTempFolder(async (root) => {
      const pipe = join(root, "pipe");
      assert.ok((await new Deno.Command("mkfifo", { args: [pipe] }).output()).success);
      await Deno.writeFile(join(root, "a.har"), bytesOf(harOf([entry()])));
      const writer = new Deno.Command("sh", {
        args: ["-c", 'cat "$1" > "$2"', "sh", join(root, "a.har"), pipe],
      }).spawn();
      const [source] = findSources([pipe], new Uint8Array());
      assert.equal((await writer.status).success, true);
      for (let time = 0; time < 2; time++) {
        assert.equal(readScan(source!.scan()).exchanges.length, 1, "it can be read twice");
      }
      assert.throws(() => findSources([join(root, "none")], new Uint8Array()), {
        code: "NOT_FOUND",
      });
    });
  },
});

Deno.test("readCapture() unpacks what gzip packed, and says what is damaged", async () => {
  const plain = bytesOf(harOf([entry(), entry()]));
  const packed = new Uint8Array(gzipSync(plain));
  await withTempFolder(async (folder) => {
    const path = join(folder, "sitting.har.gz");
    await Deno.writeFile(path, packed);
    assert.equal(readCapture(path).exchanges.length, 2);
    assert.equal(readCaptureBytes(packed, "stdin").exchanges.length, 2);
    await Deno.writeFile(path, packed.subarray(0, packed.length - 20));
    assert.throws(() => readCapture(path), { code: "BAD_INPUT", message: /cut off or damaged/ });
  });
});

Deno.test("readCapture() says that a recording has no body of an answer, and what a file of another kind is", () => {
  const answer = (content: object) => entry({ response: { status: 200, content } });
  const lacks = (...entries: unknown[]) => readCaptureBytes(bytesOf(harOf(entries)), "x").lacks;
  const [without, withOne] = [answer({ size: 9 }), answer({ size: 2, text: "{}" })];
  assert.deepEqual(lacks(without, without), ["bodies of answers"]);
  assert.deepEqual(lacks(without, withOne), []);
  assert.deepEqual(lacks(entry({ response: { status: 204, content: {} } })), []);
  const refused = (bytes: number[], message: RegExp) =>
    assert.throws(() => readCaptureBytes(new Uint8Array(bytes), "x"), {
      code: "BAD_INPUT",
      message,
    });
  refused([], /it is empty/);
  refused([0xac, 0xed, 0, 5], /Charles' own format/);
});
