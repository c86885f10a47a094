import assert from "node:assert/strict";
import { isTokenLike } from "../../lib/judge/token_like.ts";

Deno.test("isTokenLike() tells minted values from words and other fixed text", () => {
  const tokens = [
    "q81Zp4Tz0Lk",
    "5b1c7e52-9f0d-4c1e-8a77-2d9b6f3a1c04",
    "kX3+9vQ/2LmZp0RtWq8uYw==",
    "9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    "sk_live_a1b2c3d4e5",
    "aGVsbG8gd29ybGQhIFdlbGNvbWU",
    "/A1b2+c3d4/E5f6==",
    "/continue?session=9f8e7d6c5b4a3928",
    "/reset/q81Zp4Tz0Lk?lang=en2",
    "/verify?code=482913",
  ];
  const words = [
    "short1",
    "application/json",
    "https://app.example/a1b2c3d4",
    "/static/app.3f2a1b.js",
    "/api/notes?page=1",
    "/v2/items?sort=-name&limit=50",
    "/feed?since=2024-05-14#top3",
    "2024-05-14T09:30:00Z",
    "v1.24.3-beta.2",
    "preferred_username",
    "some words 12345",
    "127.0.0.1:8080",
    "main.3f2a1b99.js",
    "onboarding-step-2",
    "InternationalizationApi",
  ];
  for (const token of tokens) assert.ok(isTokenLike(token), token);
  for (const word of words) assert.ok(!isTokenLike(word), word);
});
