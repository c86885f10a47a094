/** The classes that stand in for the runtime's in a script, held against those. */
import assert from "node:assert/strict";
import { GuestResponse } from "../../lib/sandbox/guest/response.ts";
import { GuestBlob, GuestFile } from "../../lib/sandbox/guest/web/blob.ts";
import { GuestFormData } from "../../lib/sandbox/guest/web/form_data.ts";
import { GuestHeaders } from "../../lib/sandbox/guest/web/headers.ts";
import { GuestRequest, nativeRequest } from "../../lib/sandbox/guest/web/request.ts";
import { guestStructuredClone } from "../../lib/sandbox/guest/web/structured_clone.ts";

Deno.test("a script's requests and answers carry what the standard's do", async () => {
  const form = new GuestFormData();
  form.append("a", "1");
  form.append("f", new GuestFile(["x", new GuestBlob(["y"])], "n.txt", { type: "text/plain" }));
  form.set("a", new GuestBlob(["z"]), "b.bin");
  const bodies: [unknown, string][] = [
    ["text", "text"],
    [new URLSearchParams({ q: "ä" }), "q=%C3%A4"],
    [new TextEncoder().encode("bytes"), "bytes"],
    [new TextEncoder().encode("buffer").buffer, "buffer"],
    [new GuestBlob(["bl", "ob"]), "blob"],
    [null, ""],
  ];
  for (const [body, text] of bodies) {
    const request = new GuestRequest("https://a.example/x", {
      method: "POST",
      body: body as BodyInit,
    });
    assert.equal(await request.clone().text(), text);
    assert.equal(await nativeRequest(request).text(), text);
    assert.equal(await new GuestResponse(body).text(), text);
  }
  const sent = nativeRequest("https://a.example/", {
    method: "POST",
    body: form as unknown as BodyInit,
  });
  const received = await sent.formData();
  assert.equal(await (received.get("f") as File).text(), "xy");
  assert.equal((received.get("f") as File).name, "n.txt");
  assert.equal((received.get("a") as File).name, "b.bin");
  const response = GuestResponse.json({ a: 1 }, { status: 201, headers: { "x-a": "b" } });
  assert.deepEqual(await response.clone().json(), { a: 1 });
  assert.deepEqual([response.status, response.ok, response.headers.get("x-a")], [201, true, "b"]);
  let pieces = "";
  for await (const piece of response.body!) pieces += new TextDecoder().decode(piece);
  assert.equal(pieces, '{"a":1}');
});

Deno.test("a script's headers do what the standard's do, in whatever they are given to", () => {
  const headers = new GuestHeaders({ "X-B": "2" });
  headers.append("set-cookie", "a=1");
  headers.append("set-cookie", "b=2");
  headers.append("x-a", "1");
  headers.append("x-a", "3");
  headers.set("x-c", "4");
  headers.delete("x-c");
  const native = new Headers([
    ["x-b", "2"],
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2"],
    ["x-a", "1"],
    ["x-a", "3"],
  ]);
  assert.deepEqual([...headers], [...native]);
  assert.deepEqual([...headers.keys()], [...native.keys()]);
  assert.deepEqual([...headers.values()], [...native.values()]);
  assert.deepEqual(headers.getSetCookie(), native.getSetCookie());
  assert.deepEqual([headers.get("X-A"), headers.has("x-c"), headers.get("x-c")], [
    "1, 3",
    false,
    null,
  ]);
  const seen: unknown[] = [];
  headers.forEach((value, name, all) => seen.push(name, value, all === headers));
  assert.equal(seen.length, 12);
  assert.deepEqual([...new GuestHeaders(headers)], [...native]);
  const init = { headers: headers as unknown as Headers };
  const request = new GuestRequest("https://a.example/", init);
  assert.equal(request.headers.get("x-a"), "1, 3");
  assert.equal(request.headers, request.headers);
  assert.equal(nativeRequest("https://a.example/", init).headers.get("x-b"), "2");
  assert.equal(new GuestResponse("x", init).headers.get("x-b"), "2");
  assert.equal(GuestResponse.json(1, init).headers.get("x-b"), "2");
  assert.throws(() => headers.set("x y", "1"), TypeError);
  assert.throws(() => headers.set("x", "1\r\nhost: y"), TypeError);
});

Deno.test("no object of a script's classes has a property of the runtime's", async () => {
  const objects = [
    new GuestResponse("x"),
    new GuestResponse("x").body,
    new GuestRequest("https://a.example/", { method: "POST", body: "x" }),
    new GuestBlob(["x"]),
    new GuestBlob(["x"]).stream(),
    new GuestFile(["x"], "n"),
    new GuestFormData(),
    new GuestHeaders([["a", "b"]]),
    new GuestResponse("x").headers,
    new GuestRequest("https://a.example/").headers,
    await new GuestResponse("x").blob(),
  ];
  for (const object of objects) {
    assert.deepEqual(
      Reflect.ownKeys(object as object).filter((key) => typeof key === "symbol"),
      [],
    );
  }
});

Deno.test("guestStructuredClone() copies data, shared and circular, and nothing that acts", () => {
  const shared = { n: 1n };
  const value: Record<string, unknown> = {
    date: new Date(0),
    list: [shared, , shared],
    map: new Map([["k", new Set([1])]]),
    bytes: new Uint8Array([1, 2]).subarray(1),
    pattern: /a/g,
    undefined: undefined,
    __proto__: null,
  };
  value.self = value;
  const clone = guestStructuredClone(value) as typeof value;
  assert.equal(clone.self, clone);
  const list = clone.list as unknown[];
  assert.equal(list[0], list[2]);
  assert.notEqual(list[0], shared);
  assert.deepEqual(clone.date, value.date);
  assert.deepEqual(clone.bytes, new Uint8Array([2]));
  assert.deepEqual(clone.map, value.map);
  for (const bad of [() => 1, Symbol("a"), new (class Mine {})(), { f: () => 1 }, new WeakMap()]) {
    assert.throws(() => guestStructuredClone(bad), { name: "DataCloneError" });
  }
});
