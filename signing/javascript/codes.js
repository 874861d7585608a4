/**
 * Code profile 1 (docs/profiles/code.md): the numbers are its steps, the first that fails decides.
 *
 * @module
 */
import { decodeSignature, isNonce, isPlateId, isUscc } from "./alphabets.js";
import { require } from "./refusals.js";
import { encodeBase64url } from "./strict.js";

export const MAX_CODE_CHARS = 300;
export const SKEW = 5000; // milliseconds by which two clocks may differ
const LONGEST_LIFE = 300_000; // milliseconds a dynamic code may last
const PATH = "/c/";
const MIN_PARTS = 4; // tag, two fields, signature
const MAX_PARTS = 5;
const TAG = /^[A-Z][1-9][0-9]{0,2}$/;
const ORIGIN = /^https?:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[1-9][0-9]{0,4})?$/;
const EXPIRY = /^[1-9A-Z][0-9A-Z]{5,6}$/;
const PRINTABLE = /^[!-~]*$/;
const BARE = /^[0-9A-Z.]*$/;
const encoder = new TextEncoder();

/**
 * What a plate or a dynamic code says. `expiresAt` stands in dynamic codes only.
 *
 * @typedef {object} CodeClaims
 * @property {string} uscc
 * @property {string} [plateId]
 * @property {string} [nonce]
 * @property {Date} [expiresAt]
 */

/**
 * A code whose signature was good. It says nothing of the enterprise's present standing.
 *
 * @typedef {object} VerifiedCode
 * @property {"plate" | "dynamic"} kind
 * @property {string} kid
 * @property {Readonly<CodeClaims>} claims
 * @property {string} payload
 * @property {Uint8Array<ArrayBuffer>} r the first half of its signature; who has not seen the text cannot know it
 */

/**
 * @typedef {object} CodeRow
 * @property {"plate" | "dynamic"} kind
 * @property {string} typ
 * @property {string} purpose
 * @property {number} fields
 * @property {(fields: string[]) => CodeClaims} parse
 */

/** @type {Readonly<Record<string, CodeRow>>} by the first letter of the tag */
const KINDS = Object.freeze({
  P: { kind: "plate", typ: "plate+code", purpose: "code-plate", fields: 2, parse: parsePlate },
  D: { kind: "dynamic", typ: "show+code", purpose: "code-dynamic", fields: 3, parse: parseDynamic },
});

/** @param {string[]} fields */
function parsePlate([uscc, plateId]) {
  require(isUscc(uscc), "CODE_USCC"); // step 8
  require(isPlateId(plateId), "CODE_PLATE_ID"); // step 9
  return { uscc, plateId };
}

/** @param {string[]} fields */
function parseDynamic([uscc, nonce, expiry]) {
  require(isUscc(uscc), "CODE_USCC"); // step 8
  require(isNonce(nonce), "CODE_NONCE"); // step 9
  require(EXPIRY.test(expiry), "CODE_EXPIRY");
  return { uscc, nonce, expiresAt: new Date(Number.parseInt(expiry, 36) * 1000) };
}

/**
 * The starts that a code's text may have.
 *
 * @param {Iterable<string>} origins lower-case `scheme://host[:port]`
 * @returns {readonly string[]}
 * @throws {Refusal} CODE_HOST for an origin that is not one
 */
export function startsOf(origins) {
  const accepted = [...origins];
  for (const origin of accepted) require(ORIGIN.test(origin), "CODE_HOST");
  return accepted.map((origin) => origin + PATH);
}

/**
 * What a text is judged by. `now` in milliseconds; `algorithms` is the caller's policy, absent: those of the key set.
 *
 * @typedef {object} CodeRequest
 * @property {import("./keys.js").KeySet} keys
 * @property {readonly string[]} starts
 * @property {number} now
 * @property {ReadonlySet<string>} [algorithms]
 */

/**
 * Believe a scanned text, or throw the reason that speaks against it.
 *
 * @param {unknown} text
 * @param {CodeRequest} request
 * @returns {Promise<Readonly<VerifiedCode>>}
 * @throws {Refusal | CannotTell}
 */
export async function verifyCode(text, request) {
  const { now } = request;
  const bare = bareText(text, request.starts); // steps 1-5
  const { parts, row } = split(bare); // steps 6, 7
  const claims = row.parse(parts.slice(1, -1)); // steps 8, 9
  const written = parts[parts.length - 1];
  const signature = decodeSignature(written); // step 10
  const key = believedKey(parts[0], row, request); // steps 11, 12
  const payload = bare.slice(0, -written.length - 1);
  require(!key.row.isTwin(signature), "CODE_HIGH_S"); // step 13
  const message = encoder.encode(signingPrefix(key, row.typ) + payload);
  require(await key.verify(message, signature), "CODE_SIGNATURE"); // step 14
  if (claims.expiresAt !== undefined) requireCurrent(claims.expiresAt.getTime(), key, now); // steps 15-17
  return Object.freeze({ kind: row.kind, kid: key.kid, claims: Object.freeze(claims), payload, r: signature.slice(0, 32) });
}

/**
 * @param {unknown} text
 * @param {readonly string[]} starts
 * @returns {string}
 */
function bareText(text, starts) {
  require(typeof text === "string", "CODE_NOT_TEXT"); // step 1
  require(text.length <= 2 * MAX_CODE_CHARS && [...text].length <= MAX_CODE_CHARS, "CODE_TOO_LONG"); // step 2
  require(PRINTABLE.test(text), "CODE_ALPHABET"); // step 3
  const start = starts.find((each) => text.startsWith(each));
  require(start !== undefined || !/[:/]/.test(text), "CODE_HOST"); // step 4
  const bare = start === undefined ? text : text.slice(start.length);
  require(BARE.test(bare), "CODE_ALPHABET"); // step 5
  return bare;
}

/** @param {string} bare */
function split(bare) {
  const parts = bare.split(".");
  const isWhole = parts.length >= MIN_PARTS && parts.length <= MAX_PARTS && !parts.includes("");
  require(isWhole, "CODE_FORM"); // step 6
  require(TAG.test(parts[0]) && Object.hasOwn(KINDS, parts[0][0]), "CODE_TAG"); // step 7
  const row = KINDS[parts[0][0]];
  require(parts.length === row.fields + 2, "CODE_FORM");
  return { parts, row };
}

/**
 * @param {string} tag
 * @param {CodeRow} row
 * @param {CodeRequest} request
 */
function believedKey(tag, row, { keys, now, algorithms }) {
  const key = keys.get(tag);
  require(key !== undefined, "CODE_KEY_UNKNOWN"); // step 11
  require(key.purpose === row.purpose, "CODE_KEY_PURPOSE");
  require(algorithms === undefined || algorithms.has(key.algorithm), "CODE_ALGORITHM_NOT_ACCEPTED");
  require(key.isBelieved(now + SKEW), "CODE_KEY_STATE"); // step 12
  return key;
}

/**
 * @param {import("./keys.js").Key} key
 * @param {string} typ
 */
function signingPrefix(key, typ) {
  const header = `{"alg":"${key.row.names[0]}","b64":false,"crit":["b64"],"kid":"${key.kid}","typ":"${typ}"}`;
  return `${encodeBase64url(encoder.encode(header))}.`;
}

/**
 * @param {number} expires
 * @param {import("./keys.js").Key} key
 * @param {number} now
 */
function requireCurrent(expires, key, now) {
  require(now < expires, "CODE_EXPIRED"); // step 15
  require(expires <= now + LONGEST_LIFE + SKEW, "CODE_NOT_YET"); // step 16
  require(key.endedAt === null || expires <= key.endedAt + LONGEST_LIFE, "CODE_KEY_STATE"); // step 17
}
