/** What a page is answered in pieces, sends as bytes, and asks for in unusual fields. */
import assert from "node:assert/strict";
import { captureBrowser } from "../../lib/ops/capture_browser.ts";
import { TraceStore } from "../../lib/store/trace_store.ts";
import { browserContext, browserTest } from "../support/installed_browser.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const LARGE_BYTES = 17 * 1024 * 1024;

const WORKER = `fetch("/worker-pieces").then((r) => r.text()).then(() => postMessage("worked"))`;
const SHADOW = `<form><input id="i1" name="member"><input name="secret" type="password"></form>`;

const PAGE = `<!doctype html><meta charset="utf-8"><title>x</title>
  <p id="state"></p><div id="host"></div><iframe id="written"></iframe>
  <form onsubmit="return false"><input name="keptUser" value="kept@quay.example"><input name="pin1" type="password">
    <button id="eye" type="button" onclick="pin1.type = 'text'">Show</button></form>
  <form onsubmit="return false"><input name="putUser"><input name="pin2" type="password"><button>Go</button></form>
  <input name="note" id="note">
  <script>
    const say = (word) => document.querySelector("#state").insertAdjacentHTML("beforeend", '<i id="' + word + '">x</i>');
    const first = async (url) => (await (await fetch(url)).body.getReader().read()).value;
    host.attachShadow({ mode: "open" }).innerHTML = ${JSON.stringify(SHADOW)};
    const page = written.contentDocument;
    page.open();
    page.write('<form><input name="login"><input name="pin3" type="password"></form>');
    page.close();
    (async () => {
      await first("/endless");
      await first("/fetched-events");
      await fetch("/pieces").then((r) => r.text());
      await fetch("/large").then((r) => r.arrayBuffer());
      await fetch("/blob", { method: "POST", body: new Blob([new Uint8Array([0, 255, 1])]) });
      putUser.value = "eve";
      pin2.value = "put-in-4711";
      pin2.form.requestSubmit();
      new Worker("/worker.js").onmessage = () => say("worked");
    })();
    const [putUser, pin2, pin1] = ["putUser", "pin2", "pin1"].map((name) => document.querySelector("[name=" + name + "]"));
  </script>`;

function site(signal: AbortSignal): Deno.ServeHandler {
  return ({ url }) => {
    switch (new URL(url).pathname) {
      case "/":
        return new Response(PAGE, { headers: { "content-type": "text/html" } });
      case "/worker.js":
        return new Response(WORKER, { headers: { "content-type": "text/javascript" } });
      case "/endless":
        return inPieces(["one "], "text/plain", signal);
      case "/fetched-events":
        return inPieces(["id: 7\ndata: a\n\n"], "text/event-stream", signal);
      case "/pieces":
        return inPieces(['{"key":', '"k-1"}'], "application/json");
      case "/worker-pieces":
        return inPieces(["from ", "worker"], "text/plain");
      case "/large":
        return new Response(new Uint8Array(LARGE_BYTES), {
          headers: { "content-type": "application/json" },
        });
      default:
        return new Response("ok");
    }
  };
}

/** Without a length; never ends where there is a signal. */
function inPieces(pieces: readonly string[], type: string, signal?: AbortSignal): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      if (signal === undefined) controller.close();
      signal?.addEventListener("abort", () => controller.error(signal.reason));
    },
    cancel() {},
  });
  return new Response(body, { headers: { "content-type": type } });
}

const STEPS = [
  { waitFor: "#worked" },
  { fill: "[name=member]", value: "ada" },
  { fill: "[name=secret]", value: "in-the-shade-1" },
  { fill: "[name=login]", value: "bob" },
  { fill: "[name=pin3]", value: "written-anew-3" },
  { fill: "[name=pin1]", value: "shown-then-1" },
  { click: "#eye" },
  { fill: "#note", value: "a private line" },
  { goto: "/end" },
];

browserTest(
  "captureBrowser() keeps answers in pieces, sent bytes, and fields wherever a page has them",
  () =>
    withTempFolder(async (home) => {
      const stop = new AbortController();
      const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
      const server = Deno.serve(options, site(stop.signal));
      try {
        const recorded = await captureBrowser(browserContext(home), {
          app: "quay",
          url: `http://127.0.0.1:${server.addr.port}/`,
          headless: true,
          script: { file: "steps.json", text: JSON.stringify(STEPS) },
        });
        using store = TraceStore.open(`${home}/apps/quay/captures.db`, { readOnly: true });
        const traces = store.traces({ includeNoise: true });
        const at = (path: string) =>
          traces.find(({ request }) => new URL(request.url).pathname === path)!;
        const answer = (path: string) => new TextDecoder().decode(at(path).response!.body!);
        assert.equal(answer("/endless"), "one ");
        assert.equal(answer("/fetched-events"), "id: 7\ndata: a\n\n");
        assert.equal(answer("/pieces"), '{"key":"k-1"}');
        assert.equal(answer("/worker-pieces"), "from worker");
        assert.deepEqual(at("/blob").request.body, new Uint8Array([0, 255, 1]));
        assert.equal(at("/large").response!.body, null);
        assert.deepEqual([recorded.tooLarge, recorded.withoutBody], [1, 0]);
        assert.deepEqual(
          recorded.typed.map(({ kind, name, filledBy }) => `${filledBy} ${kind} ${name}`),
          [
            "browser identifier putUser",
            "browser password pin2",
            "person identifier member",
            "person password secret",
            "person identifier login",
            "person password pin3",
            "person password pin1",
          ],
        );
      } finally {
        stop.abort();
        await server.shutdown();
      }
    }),
);
