/**
 * The words of our own sentences, as analysis, judge, proof and sandbox say them: no value that happens to be one
 * of these words hides it, for then the sentence would say nothing. In a sentence values stand in quotes.
 */
import { isHarmless, wordsOf } from "./vocabulary.ts";

/** What the engine and the sandbox say by themselves. */
const ENGINE_WORDS = `
  syntax aggregate eval abort urierror domexception properties reading
  undefined cannot iterable initialization accessed instanceof operand callable constructor prototype
  nested arguments argument assignment expected unexpected position literal unterminated recursion exceeded
  maximum stack converting circular structure bigint mix frozen sealed extensible getter setter destructure
  readable writable fetching refused dns resolution certificate handshake reset closed aborted timed answer
  answered sandbox allowed hosts reach script line column captured prompt step steps trace instead recorded
  asked belong belongs computed extracted fresh made makes does its whose than far given found hold holds
  missing segment digit proof played come comes end ends nothing something somebody known point recording
  of it at as no who has have had never only been be can could not
  credentialsrefused
  `;

const SENTENCE_WORDS = `
  accepted accepts again against ago agree agreed agrees alone already among analyze anew answers anybody
  anything ask asks assumptions async authenticates behind beside box break broke browsers but called calls
  carried carries carry catch changes characters clicks cloned colon compartment composed computation
  computations constant debug deeply described developer did earlier earned either encoding encrypts ended
  escape everybody everything exported exports extract fetched few fit fits gave give gives goes good hand
  handed hands held helpers here illegal inputs interface invocation itself keep keychain keysmith large
  later learnt left length let lets lifetime lines live logs longer looks lost make malformed meanwhile
  memory mismatches moment named needs neither nobody nor often opened operating origins output over
  package pair pairs part passed per place positive process prompts ran record recorder redirects refreshed
  refreshing refuse renewed repeats replaced replay says sends shown shows signs since so stand stands
  starting starts stream submits such taken takes tell texts them these times told tried typed unescape
  unproven watched way what whatever which whole wrote yields
  `;

const OWN_WORDS = new Set(`${ENGINE_WORDS} ${SENTENCE_WORDS}`.trim().split(/\s+/));

/** True for text all of whose words are ours, or anybody's. */
export function areOwnWords(text: string): boolean {
  return wordsOf(text).every((word) => OWN_WORDS.has(word) || isHarmless(word));
}
