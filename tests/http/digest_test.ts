import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { parseChallenges } from "../../lib/http/challenge.ts";
import { digestAuthorization, digestChallenge, type DigestRequest } from "../../lib/http/digest.ts";

function challenge(text: string) {
  return parseChallenges(`Digest ${text}`)[0]!;
}

/** The parameters of an answer; its syntax is that of a challenge. */
function paramsOf(authorization: string) {
  return parseChallenges(authorization)[0]!.params;
}

const MUFASA: DigestRequest = {
  username: "Mufasa",
  password: "Circle of Life",
  method: "GET",
  uri: "/dir/index.html",
  nc: 1,
  cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
};

const MUFASA_CHALLENGE = 'realm="http-auth@example.org", qop="auth, auth-int", ' +
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ' +
  'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';

const JASON: DigestRequest = {
  username: "Jäsøn Doe",
  password: "Secret, or not?",
  method: "GET",
  uri: "/doe.json",
  nc: 1,
  cnonce: "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
};

const JASON_CHALLENGE = 'realm="api@example.org", qop="auth", algorithm=SHA-512-256, ' +
  'nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", ' +
  'opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true';

const vectors: [name: string, challenge: string, DigestRequest, response: string][] = [
  // RFC 7616 section 3.9.1
  ["MD5", `${MUFASA_CHALLENGE}, algorithm=MD5`, MUFASA, "8ca523f5e9506fed4657c9700eebdbec"],
  [
    "SHA-256",
    `${MUFASA_CHALLENGE}, algorithm=SHA-256`,
    MUFASA,
    "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
  ],
  // RFC 7616 section 3.9.2 as corrected by erratum 4897
  [
    "SHA-512-256 with a hashed user name",
    JASON_CHALLENGE,
    JASON,
    "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5",
  ],
  // RFC 2617 section 3.5
  [
    "MD5 by default",
    'realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"',
    { ...MUFASA, password: "Circle Of Life", cnonce: "0a4f113b" },
    "6629fae49393a05397450978507c4ef1",
  ],
];

for (const [name, text, request, response] of vectors) {
  Deno.test(`digestAuthorization() answers as the RFC's example for ${name}`, () => {
    assert.equal(paramsOf(digestAuthorization(challenge(text), request))["response"], response);
  });
}

Deno.test("digestAuthorization() returns what the server sent beside the response", () => {
  const answer = digestAuthorization(challenge(`${MUFASA_CHALLENGE}, algorithm=SHA-256`), {
    ...MUFASA,
    nc: 255,
  });
  const { response: _, ...params } = paramsOf(answer);
  assert.deepEqual(params, {
    username: "Mufasa",
    realm: "http-auth@example.org",
    nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
    uri: "/dir/index.html",
    algorithm: "SHA-256",
    opaque: "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
    qop: "auth",
    nc: "000000ff",
    cnonce: MUFASA.cnonce,
  });
  assert.match(answer, /nc=000000ff, .*qop=auth, /, "qop and nc are not quoted");
});

Deno.test("digestAuthorization() hashes the user name where the server asks for it", () => {
  const params = paramsOf(digestAuthorization(challenge(JASON_CHALLENGE), JASON));
  assert.equal(
    params["username"],
    "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b",
  );
  assert.equal(params["userhash"], "true");
});

Deno.test("digestAuthorization() encodes a user name beyond ASCII", () => {
  const answer = digestAuthorization(challenge('realm="r", nonce="n"'), JASON);
  assert.match(answer, /^Digest username\*=UTF-8''J%C3%A4s%C3%B8n%20Doe, realm="r"/);
});

Deno.test("digestAuthorization() without qop is that of RFC 2069", () => {
  const answer = digestAuthorization(challenge('realm="r\\"q", nonce="n"'), MUFASA);
  const md5 = (text: string) => createHash("md5").update(text).digest("hex");
  const a1 = md5('Mufasa:r"q:Circle of Life');
  const response = md5(`${a1}:n:${md5("GET:/dir/index.html")}`);
  assert.equal(
    answer,
    `Digest username="Mufasa", realm="r\\"q", uri="/dir/index.html", nonce="n", response="${response}"`,
  );
});

Deno.test("digestAuthorization() binds MD5-sess to both nonces", () => {
  const text = 'realm="r", nonce="n", qop=auth, algorithm=MD5-sess';
  const md5 = (value: string) => createHash("md5").update(value).digest("hex");
  const a1 = md5(`${md5("Mufasa:r:Circle of Life")}:n:c`);
  const response = md5(`${a1}:n:00000001:c:auth:${md5("GET:/dir/index.html")}`);
  const answer = digestAuthorization(challenge(text), { ...MUFASA, cnonce: "c" });
  assert.equal(paramsOf(answer)["response"], response);
});

Deno.test("digestAuthorization() covers the body where only auth-int is offered", () => {
  const text = 'realm="r", nonce="n", qop="auth-int"';
  const answer = (body: string) =>
    paramsOf(digestAuthorization(challenge(text), {
      ...MUFASA,
      body: new TextEncoder().encode(body),
    }));
  assert.equal(answer("a")["qop"], "auth-int");
  assert.notEqual(answer("a")["response"], answer("b")["response"]);
});

const selections: [name: string, header: string, expected: string | undefined][] = [
  ["the first one", "Digest nonce=1, algorithm=SHA-256, Digest nonce=2, algorithm=MD5", "1"],
  ["the first known algorithm", "Digest nonce=1, algorithm=X, Digest nonce=2, algorithm=MD5", "2"],
  ["no other scheme", 'Basic realm="x"', undefined],
  ["no unknown protection", "Digest nonce=1, qop=auth-conf", undefined],
  ["none without a nonce", "Digest realm=x", undefined],
];

for (const [name, header, expected] of selections) {
  Deno.test(`digestChallenge() chooses ${name}`, () => {
    assert.equal(digestChallenge(parseChallenges(header))?.params["nonce"], expected);
  });
}

Deno.test("digestAuthorization() writes its parameters in the order of RFC 7616", () => {
  const names = (text: string, request = MUFASA) =>
    [...digestAuthorization(challenge(text), request).matchAll(/([\w*]+)=(?:"|\w)/g)]
      .map(([, name]) => name).filter((name) => name !== "UTF").join(" ");
  assert.equal(
    names(`${MUFASA_CHALLENGE}, algorithm=MD5`),
    "username realm uri algorithm nonce nc cnonce qop response opaque",
  );
  assert.equal(
    names(JASON_CHALLENGE, JASON),
    "username realm uri algorithm nonce nc cnonce qop response opaque userhash",
  );
  assert.equal(names('realm="r", nonce="n"'), "username realm uri nonce response");
  assert.equal(
    names('realm="r", nonce="n", algorithm=MD5-sess', JASON),
    "username* realm uri algorithm nonce cnonce response",
  );
});
