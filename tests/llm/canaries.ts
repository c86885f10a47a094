/** Recordings with a canary in every field, and the encodings in which one could slip through. */
import type { Trace } from "../../lib/http/exchange.ts";
import { base64Encode, base64UrlEncode } from "../../lib/http/base64.ts";
import { capture, trace } from "../support/traces.ts";

/** Makes texts that occur nowhere else. The kinds are what people and servers put into fields. */
export class Canaries {
  readonly texts: string[] = [];
  #count = 0;

  token(): string {
    return this.#keep(`Zq${this.#next()}vK8xT3pL${this.#count}`);
  }

  words(): string {
    return this.#keep(`Quorvane Zyblith${this.#letters()}`);
  }

  email(): string {
    return this.#keep(`quor.zyb${this.#letters()}@vexmail.example`);
  }

  phone(): string {
    return this.#keep(`+4915${String(90_000_000 + this.#next())}`);
  }

  digits(): string {
    return this.#keep(String(730_000_000 + this.#next() * 7));
  }

  #next(): number {
    return 1000 + ++this.#count;
  }

  #letters(): string {
    return [...String(this.#next())].map((digit) => "abcdefghij"[Number(digit)]).join("");
  }

  #keep(text: string): string {
    this.texts.push(text);
    return text;
  }

  /** Every form in which a text holds one of the canaries. */
  foundIn(text: string): string[] {
    return this.texts.filter((canary) =>
      [
        canary,
        canary.toLowerCase(),
        encodeURIComponent(canary),
        encodeURIComponent(encodeURIComponent(canary)),
        new URLSearchParams([["", canary]]).toString().slice(1),
        base64Encode(canary),
        base64UrlEncode(canary),
        base64Encode(canary).slice(0, -4),
        canary.replaceAll(" ", "-").toLowerCase(),
      ].some((form) => form.length >= 6 && text.includes(form))
    );
  }
}

/** A login and what follows it, a canary wherever a recording holds a value. */
export function canaryRecording(c: Canaries): Trace[] {
  const user = c.email();
  const password = c.token();
  const session = c.token();
  const name = c.words();
  const jwt = [
    base64UrlEncode(JSON.stringify({ alg: "HS256", kid: c.token() })),
    base64UrlEncode(JSON.stringify({
      sub: c.digits(),
      email: c.email(),
      name: c.words(),
      iss: `https://id.example.com/${c.token()}`,
      exp: 1_767_229_200,
      iat: 1_767_225_600,
      nested: { phone: c.phone() },
    })),
    c.token(),
  ].join(".");
  return capture(
    trace(
      `GET https://app.example.com/u/${encodeURIComponent(c.words())}/${c.token()}?q=${c.digits()}`,
      {
        headers: [["X-Device", c.token()], ["Referer", `https://app.example.com/?r=${c.token()}`]],
        cookie: `prefs=${encodeURIComponent(JSON.stringify({ who: c.words() }))}; id=${c.token()}`,
        setCookies: [
          `session=${session}; Path=/; HttpOnly`,
          `csrf_${c.token()}=${c.token()}; Path=/m/${c.token()}`,
        ],
        answerHeaders: [["X-Trace", c.token()], ["Link", `<https://app.example.com/${c.token()}>`]],
        html:
          `<html><head><meta name="csrf" content="${c.token()}"><title>${c.words()}</title></head>
        <body data-user="${c.email()}" id="body"><p>Hello ${c.words()}, your card ends in ${c.digits()}</p>
        <form id="f${c.token()}" action="/login?next=${c.token()}" method="post">
        <input type="hidden" name="token" value="${c.token()}"><input name="username" value="${c.email()}">
        <input type="password" name="password"><textarea name="about">${c.words()}</textarea>
        <select name="city"><option selected>${c.words()}</option></select></form>
        <script>window.user = { "name": "${c.words()}", id: ${c.digits()}, ${c.token()}: true }; // ${c.words()}
        const greeting = \`Hi ${c.words()}\`; const rx = /${c.token()}/;</script>
        <script type="application/json" id="data">{"mail":"${c.email()}","${c.token()}":[${c.digits()}]}</script>
        </body></html>`,
      },
    ),
    trace(`GET https://cdn.example.com/app.js`, {
      noise: "static-asset",
      answerHeaders: [["Content-Type", "application/javascript"]],
      body: ["", ""],
      text: `const key = "${c.token()}"; /* ${c.words()} */ fetch("/api/" + "${c.token()}" + key)`,
    }),
    trace("POST https://app.example.com/login", {
      form: { username: user, password, token: c.token(), device: c.words() },
      cookie: `session=${session}`,
      location: `https://app.example.com/home?code=${c.token()}#access_token=${c.token()}`,
    }),
    trace("POST https://api.example.com/graphql", {
      headers: [["Authorization", `Bearer ${jwt}`]],
      json: {
        query: `query { me(id: "${c.token()}") { name } }`,
        variables: { note: c.words(), card: Number(c.digits()), deep: [{ iban: c.token() }] },
      },
      answer: {
        token: jwt,
        user: { name, phone: c.phone(), [c.token()]: c.words(), balance: Number(c.digits()) },
        pair: base64Encode(`${user}:${password}`),
        blob: base64Encode(JSON.stringify({ name, secret: c.token() })),
        text: `Dear ${name}, your password is ${password}`,
        url: `https://app.example.com/reset?token=${encodeURIComponent(c.token())}`,
      },
    }),
    trace("POST https://api.example.com/soap", {
      body: [
        "text/xml",
        `<a:Envelope x="${c.token()}"><Name>${c.words()}</Name><![CDATA[${c.token()}]]></a:Envelope>`,
      ],
      text: `${c.words()};${c.token()}\n${c.email()}`,
    }),
    trace("POST https://api.example.com/upload", {
      body: [
        "multipart/form-data; boundary=xyz",
        `--xyz\r\nContent-Disposition: form-data; name="note"\r\n\r\n${c.words()}\r\n--xyz\r\nContent-Disposition: form-data; name="file"; filename="${c.token()}.txt"\r\n\r\n${c.words()}\r\n--xyz--\r\n`,
      ],
      status: 500,
      text: `{"error": "${c.words()}", broken`,
    }),
    trace(
      `GET https://api.example.com/me?email=${encodeURIComponent(user)}&name=${
        encodeURIComponent(name)
      }`,
      {
        headers: [["Authorization", `Basic ${base64Encode(`${user}:${password}`)}`]],
        status: 0,
      },
    ),
  );
}
