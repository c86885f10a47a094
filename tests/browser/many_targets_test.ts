/** What goes on beside the page: frames of another origin, pop-ups, workers, streams, downloads. */
import assert from "node:assert/strict";
import type { Trace } from "../../lib/http/exchange.ts";
import { requestCookies } from "../../lib/http/cookies.ts";
import { captureBrowser } from "../../lib/ops/capture_browser.ts";
import { inspectTraces } from "../../lib/ops/inspect_traces.ts";
import { TraceStore } from "../../lib/store/trace_store.ts";
import { browserContext, browserTest } from "../support/installed_browser.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const html = (body: string, headers: Record<string, string> = {}) =>
  new Response(`<!doctype html><title>x</title>${body}`, {
    headers: { "content-type": "text/html", ...headers },
  });

/** `frame` is the origin of the framed page. */
function mainPage(frame: string): Response {
  return html(
    `<iframe src="${frame}/frame"></iframe>
     <button onclick="window.open('/popup', 'p')">Sign in</button>
     <a href="/download" id="download">Report</a> <p id="state"></p>
     <script>
       const say = (word) => document.querySelector("#state").insertAdjacentHTML("beforeend", '<i id="' + word + '">x</i>');
       new EventSource("/events").addEventListener("price", () => say("priced"));
       const socket = new WebSocket("ws://" + location.host + "/ws");
       socket.onopen = () => socket.send("hello");
       socket.onmessage = () => say("greeted");
       navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready)
         .then(() => new Promise((go) => navigator.serviceWorker.controller ? go() : navigator.serviceWorker.oncontrollerchange = go))
         .then(() => fetch("/via-worker")).then(() => say("worked"));
       addEventListener("message", () => say("signed"));
     </script>`,
    { "set-cookie": "visit=v1; Path=/" },
  );
}

const POPUP =
  `<form id="f"><input name="who"><input name="pin" type="password"><button id="go">Go</button></form>
  <input id="search" placeholder="never kept">
  <script>
    f.onsubmit = (event) => {
      event.preventDefault();
      fetch("/token", { method: "POST", body: new URLSearchParams(new FormData(f)) })
        .then(() => { window.opener.postMessage("in", "*"); window.close(); });
    };
  </script>`;

const WORKER = `self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(clients.claim()));
  self.addEventListener("fetch", (event) => {
    if (new URL(event.request.url).pathname === "/via-worker") event.respondWith(fetch(event.request));
  });`;

function site(frame: () => string, signal: AbortSignal): Deno.ServeHandler {
  return (request) => {
    switch (new URL(request.url).pathname) {
      case "/":
        return mainPage(frame());
      case "/popup":
        return new Response(null, {
          status: 302,
          headers: { location: "/popup-form", "set-cookie": "step=s1; Path=/" },
        });
      case "/popup-form":
        return html(POPUP);
      case "/token":
        return Response.json({ token: "tok-8H2k-9" }, { headers: { "set-cookie": "sid=s-77" } });
      case "/frame":
        return html(`<script>fetch("/frame-data").then((r) => r.text())</script>`);
      case "/sw.js":
        return new Response(WORKER, { headers: { "content-type": "text/javascript" } });
      case "/events":
        return eventStream(signal);
      case "/ws": {
        const { socket, response } = Deno.upgradeWebSocket(request);
        socket.onmessage = ({ data }) => socket.send(`${data} back`);
        return response;
      }
      case "/download":
        return new Response("a,b\n1,2\n", {
          headers: {
            "content-type": "text/csv",
            "content-disposition": 'attachment; filename="r.csv"',
          },
        });
      default:
        return new Response("data");
    }
  };
}

/** Never ends by itself, as those of applications do. */
function eventStream(signal: AbortSignal): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode("event: price\ndata: 12\n\n"));
      signal.addEventListener("abort", () => {
        try {
          controller.close();
        } catch {
          // The browser went first.
        }
      });
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

const STEPS = [
  { waitFor: "#priced" },
  { waitFor: "#greeted" },
  { waitFor: "#worked" },
  { click: "text=Sign in" },
  { fill: "#search", value: "private words" },
  { fill: "[name=who]", value: "ada" },
  { fill: "[name=pin]", value: "pin-4711" },
  { click: "#go" },
  { waitFor: "#signed" },
  { click: "#download" },
];

browserTest(
  "captureBrowser() hears frames, pop-ups, workers, streams and downloads",
  () =>
    withTempFolder(async (home) => {
      const stop = new AbortController();
      let framed = "";
      const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
      const main = Deno.serve(options, site(() => framed, stop.signal));
      const other = Deno.serve(options, site(() => "", stop.signal));
      framed = `http://localhost:${other.addr.port}`;
      try {
        const ctx = browserContext(home);
        const recorded = await captureBrowser(ctx, {
          app: "many",
          url: `http://127.0.0.1:${main.addr.port}/`,
          headless: true,
          script: { file: "steps.json", text: JSON.stringify({ steps: STEPS }) },
        });
        using store = TraceStore.open(`${home}/apps/many/captures.db`, { readOnly: true });
        const traces = store.traces({ includeNoise: true });
        const at = (path: string) =>
          traces.filter(({ request }) => new URL(request.url).pathname === path);
        assert.deepEqual(at("/frame-data").map(({ request }) => new URL(request.url).origin), [
          framed,
        ]);
        assert.deepEqual(
          at("/popup")[0]!.response!.headers.filter(isSetCookie),
          [
            ["Set-Cookie", "step=s1; Path=/"],
          ].map(([name, value]) => [name!.toLowerCase(), value]),
        );
        assert.deepEqual(cookieNames(at("/popup-form")[0]!), ["step", "visit"]);
        assert.equal(textOf(at("/token")[0]!), '{"token":"tok-8H2k-9"}');
        assert.equal(at("/via-worker").length, 1);
        assert.deepEqual(cookieNames(at("/via-worker")[0]!), ["visit"]);
        assert.equal(textOf(at("/events")[0]!), "event: price\ndata: 12\n\n");
        assert.deepEqual(
          store.frames(at("/ws")[0]!.id).map(({ sender, payload }) => [
            sender,
            new TextDecoder().decode(payload),
          ]),
          [["client", "hello"], ["server", "hello back"]],
        );
        const shown = async (path: string) => {
          const { trace } = await inspectTraces(ctx, { app: "many", trace: at(path)[0]!.id });
          return trace!.messages.map(({ sender, event, text }) => [sender, event, text]);
        };
        assert.deepEqual(await shown("/ws"), [["client", null, "hello"], [
          "server",
          null,
          "hello back",
        ]]);
        assert.deepEqual(await shown("/events"), [["server", "price", "12"]]);
        assert.equal(at("/download")[0]!.response!.status, 200);
        assert.deepEqual(recorded.typed.map(({ kind, name }) => [kind, name]), [
          ["identifier", "who"],
          ["password", "pin"],
        ]);
        const kept = await Deno.readFile(`${home}/apps/many/captures.db`);
        assert.ok(!new TextDecoder().decode(kept).includes("private words"));
      } finally {
        stop.abort();
        await Promise.all([main.shutdown(), other.shutdown()]);
      }
    }),
);

function isSetCookie([name]: readonly [string, string]): boolean {
  return name.toLowerCase() === "set-cookie";
}

function cookieNames({ request }: Trace): string[] {
  return requestCookies(request.headers).map(([name]) => name).sort();
}

function textOf({ response }: Trace): string {
  return new TextDecoder().decode(response!.body ?? undefined);
}
