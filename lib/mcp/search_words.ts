/**
 * What people say and what interfaces call it. A word of a question stands for itself and, with less weight, for
 * these. General to interfaces over HTTP: nothing here is of one application.
 */

import { stemmer } from "stemmer";
import { COMPOUND_THINGS } from "./compound_things.ts";
import { WIDER_THINGS } from "./wider_things.ts";
import { wordsIn } from "./words_in.ts";
import { WIDER_VERBS } from "./wider_verbs.ts";

/** Reading questions begin with these. */
export const ASKING_WORDS = new Set([
  "how",
  "what",
  "where",
  "which",
  "who",
  "whose",
  "why",
  "is",
  "am",
  "are",
]);

/** Questions for several things begin with these. */
export const MANY_WORDS = new Set(["all", "every", "list", "names", "which"]);
export const ARTICLES = new Set(["a", "an", "another", "my", "our", "some", "the", "this"]);

/** What is done, by the words that ask for it. The keys are the verbs of interfaces. */
const VERBS: Readonly<Record<string, string>> = {
  create:
    "sign_up set_up thumbs_up add book build compose enrol enroll establish expose file generate give grant hand insert invite issue launch make new onboard open post provision publish put raise react register report schedule set setup share sign spawn propose store submit subscribe upload write",
  delete:
    "no_longer no_more any_more not_any get_rid throw_away throw_out take_away annul clear destroy detach discard drop eject erase evict expel forget kick kill purge remove revoke rid throw unassign unlink unregister unset wipe",
  update:
    "adjust alter amend change close configure correct edit fix mark modify move overwrite patch rename replace reopen revise rewrite roll save set suspend switch turn upgrade",
  get:
    "look_up check describe details display fetch inspect look open read retrieve see show status view what who",
  list: "all browse enumerate every names overview show what which who",
  search: "contain find look query seek where",
  cancel: "call_off back_out give_up abort end halt interrupt quit stop terminate undo",
  start: "begin execute launch run trigger",
  resume: "again continue restart take_up unpause",
  pause: "hold suspend",
  reverse: "undo revert",
  publish: "announce",
  finalize: "final finish",
  close: "finish resolve",
  reopen: "again",
  detach: "disconnect remove take_off unlink",
  expire: "end",
  rerun: "again redo repeat restart retry",
  send: "deliver email forward mail notify tell",
  download: "export fetch get save",
  approve: "accept agree allow confirm permit",
  pay: "bill charge collect settle",
  charge: "bill debit pay",
  capture: "collect take",
  rename: "call name",
  evict: "drain throw",
  merge: "combine join land",
  fork: "clone copy duplicate",
  attach: "connect link",
  lock: "block forbid freeze prevent protect",
  protect: "block forbid guard prevent restrict",
  scale: "grow resize shrink",
  connect: "attach execute exec run tunnel",
  enable: "turn_on switch_on activate allow on",
  disable: "turn_off switch_off deactivate off suspend",
};

/** Things, by the words that people use for them. */
const THINGS: Readonly<Record<string, string>> = {
  access: "allowed permission may rights can able permission",
  account: "profile seller merchant",
  alert: "warning leaked vulnerable",
  amount: "money sum",
  asset: "attachment binary file",
  assignee: "responsible owner assigned",
  autoscaler: "scale grow shrink load",
  balance: "money funds",
  bank: "iban",
  branch: "main master",
  calculation: "compute work out",
  collaborator: "allowed contributor people push member",
  comment: "answer note remark reply respond",
  commit: "change version save",
  compare: "difference diff",
  "config map": "config configuration settings",
  container: "docker image",
  content: "file source text",
  coupon: "discount off percent rebate reduction",
  "cron job": "daily hourly nightly schedule timer every_hour every_minute every_week",
  customer: "buyer client consumer person shopper",
  dependabot: "dependency vulnerable vulnerability",
  deployment: "rollout roll image application",
  dispute: "chargeback complaint contest contested",
  event: "happen happened history activity",
  favorite: "favourite like star",
  file: "attachment document",
  gist: "snippet paste",
  hook: "callback webhook called notified",
  identity: "id passport verify verification",
  image: "picture photo avatar",
  ingress: "route http domain",
  invitation: "invite",
  invoice: "bill",
  issue: "bug defect problem ticket task",
  item: "line entry position",
  job: "batch task build",
  key: "ssh",
  label: "tag",
  limit: "left quota remaining",
  log: "output print printed printout history protocol",
  member: "employee people person somebody someone staff",
  message: "mail note text",
  "network policy": "firewall",
  node: "machine host server",
  notification: "inbox news notice",
  organization: "company org team",
  payment: "money pay transaction",
  payout: "bank withdraw funds",
  permission: "allowed may rights",
  plan: "tariff monthly yearly",
  price: "cost fee tariff",
  product: "article goods item ware",
  project: "repository",
  promotion: "discount code voucher",
  pull: "pr mr",
  rate: "limit quota speed",
  reaction: "thumbs_up emoji thumb thumbs like heart",
  reader: "terminal",
  refund: "give_back pay_back back return reimburse",
  release: "version published publish",
  replica: "copy copies instance",
  repository: "repo project code",
  request: "ask call",
  reviewer: "colleague review",
  review: "approve",
  role: "right rights permission",
  "role binding": "assign bind give grant",
  run: "build ci pipeline execution",
  scale: "copies copy instances number replicas size",
  secret: "credential encrypted password",
  service: "expose",
  session: "login page",
  star: "favorite favourite bookmark like",
  subscription: "membership plan monthly subscribe abo",
  tax: "vat",
  team: "group",
  token: "credential",
  transfer: "move send",
  user: "account i me member my myself people person somebody someone",
  "authenticated user": "who_am whoami i me mine my myself",
  "payment method": "card",
  version: "release",
  view: "look looked visit looked_at",
  volume: "disk storage",
  webhook: "callback hook",
  workflow: "ci pipeline automation build",
  contributor: "author people wrote written",
  quote: "offer estimate prospect",
  traffic: "visit visitors looked_at",
  upcoming: "next preview",
  preview: "next upcoming",
  latest: "newest last recent",
  history: "past earlier",
  environment: "stage staging production",
  "deploy key": "key",
  milestone: "deadline",
  author: "wrote written",
  archive: "old",
  topic: "subject keyword",
  visibility: "private public",
  ref: "branch tag",
  email: "mail address",
  address: "street",
  phone: "telephone mobile",
  profile: "me myself",
  setup: "save later",
  intent: "payment",
  capability: "can able allowed permitted",
  cardholder: "employee staff holder carry",
  mandate: "debit authority",
  statement: "report",
  order: "purchase",
  usage: "consumption used",
  metric: "statistics measure",
  statistic: "numbers stats",
  status: "state health",
  "replica set": "copies",
  "horizontal pod autoscaler": "grow shrink load automatically",
  schedule: "calendar plan timer",
  taint: "unschedulable",
  endpoint: "address backend",
  quota: "may use limit",
  "limit range": "limit",
  namespace: "project environment",
  rule: "policy",
  policy: "rule",
  group: "team people",
  folder: "directory",
  directory: "folder",
  attachment: "file",
  avatar: "picture",
  password: "secret",
  zipball: "zip archive",
};

/** Words of questions that say nothing about what is asked for. */
export const IDLE_WORDS = new Set(
  "a about an and between any anybody are as at be been by can could did do does else every for from had has have how if in inside into is it its like many me much need of on one only or our out please should so some something than that the their them then there these they this those to under up us want was we were when will with without would you your"
    .split(" "),
);

/** What a word of a question, or two words joined by `_`, may stand for, itself left out. */
export function meaningsOf(word: string): readonly string[] {
  return MEANINGS.get(stems(word)) ?? [];
}

/** As `meaningsOf`, without the verbs that change something: for a question that asks what there is. */
export function readMeaningsOf(word: string): readonly string[] {
  const things = THINGS_OF.get(stems(word)) ?? [];
  return [...things, ...verbsOf(word).filter((term) => READING.includes(term) && term !== word)];
}

/** What a question wants that names no other verb. */
export const READING: readonly string[] = ["get", "list", "search"];

/** The verbs that a word of a question may stand for. */
export function verbsOf(word: string): readonly string[] {
  const stem = stems(word);
  return Object.hasOwn(VERBS, word)
    ? [word, ...VERBS_OF.get(stem) ?? []]
    : VERBS_OF.get(stem) ?? [];
}

/** Of one word, or of each of two. */
function stems(word: string): string {
  return word.split("_").map(stemmer).join("_");
}

/** As `verbsOf`, of looser words. */
export function widerVerbsOf(word: string): readonly string[] {
  return WIDER_VERBS_OF.get(stems(word)) ?? [];
}

/** As `meaningsOf`, of looser words. */
export function widerMeaningsOf(word: string): readonly string[] {
  const known = meaningsOf(word);
  return (WIDER.get(stems(word)) ?? []).filter((term) => term !== word && !known.includes(term));
}

/** As `readMeaningsOf`, of looser words. */
export function widerReadMeaningsOf(word: string): readonly string[] {
  const things = WIDER_THINGS_OF.get(stems(word)) ?? [];
  return things.filter((term) => term !== word && !readMeaningsOf(word).includes(term));
}

const WIDER = invert([WIDER_VERBS, WIDER_THINGS, COMPOUND_THINGS]);
const WIDER_THINGS_OF = invert([WIDER_THINGS, COMPOUND_THINGS]);
const WIDER_VERBS_OF = invert([WIDER_VERBS]);
const VERBS_OF = invert([VERBS]);
const THINGS_OF = invert([THINGS]);
const MEANINGS = invert([VERBS, THINGS]);

function invert(tables: readonly Readonly<Record<string, string>>[]): Map<string, string[]> {
  const pairs = tables.flatMap((table) =>
    Object.entries(table).flatMap(([term, words]) =>
      words.split(" ").map((word) => ({
        word: stems(wordsIn(word.replace("_", " ")).join("_")),
        term,
      }))
    )
  );
  const groups = Map.groupBy(pairs, ({ word }) => word);
  return new Map(
    [...groups].map(([word, group]) => [word, [...new Set(group.map(({ term }) => term))]]),
  );
}

/** Verbs that a method stands for, where an operation's own words name none. */
export const METHOD_VERBS: Readonly<Record<string, readonly string[]>> = {
  GET: ["get"],
  HEAD: ["get"],
  POST: ["create"],
  PUT: ["update"],
  PATCH: ["update"],
  DELETE: ["delete"],
};
