/**
 * Strict compact JWS: the steps of the Python verifier in their order, with its reasons.
 *
 * A token's `alg` and `kid` are compared with our key and choose nothing. A token's identity is its `jti`.
 *
 * @module
 */
import { SKEW } from "./codes.js";
import { Refusal, require } from "./refusals.js";
import { NotCanonical, decodeBase64url, readObject } from "./strict.js";

const KIB = 1024;
export const MAX_TOKEN_CHARS = 16 * KIB;
export const MAX_SECONDS = 250_000_000_000; // the year 9892
const KID = /^[A-Za-z0-9_-]{1,64}$/;
const PARTS = 3;
const HEADER_MEMBERS = ["alg", "kid", "typ"];
const encoder = new TextEncoder();

/**
 * By `typ`: the purpose of the key that may sign it, and how long its text may be.
 *
 * @type {Readonly<Record<string, {purpose: string, maxChars: number}>>}
 */
export const TOKEN_KINDS = Object.freeze({
  "dc+sd-jwt": { purpose: "credential", maxChars: MAX_TOKEN_CHARS },
  "statuslist+jwt": { purpose: "status", maxChars: 512 * KIB },
  "receipt+jwt": { purpose: "receipt", maxChars: MAX_TOKEN_CHARS },
  "bundle+jwt": { purpose: "bundle", maxChars: 8 * KIB * KIB },
  "at+jwt": { purpose: "oidc", maxChars: MAX_TOKEN_CHARS },
  JWT: { purpose: "oidc", maxChars: MAX_TOKEN_CHARS },
  "key-history+jwt": { purpose: "bundle", maxChars: 512 * KIB },
});

/**
 * A token whose signature, kind and time were good.
 *
 * @typedef {object} VerifiedToken
 * @property {string} kind
 * @property {string} kid
 * @property {Readonly<Record<string, unknown>>} claims
 */

/**
 * What a caller asks a token to be. `issuer` absent: any; `audience` absent: a token for nobody in particular.
 *
 * @typedef {object} TokenRequest
 * @property {string} kind a `typ` of TOKEN_KINDS
 * @property {string} [issuer]
 * @property {string} [audience]
 * @property {ReadonlySet<string>} [algorithms] the caller's policy; absent: those of the key set
 */

/**
 * Believe a compact token, or throw the reason that speaks against it.
 *
 * @param {unknown} token
 * @param {TokenRequest} request
 * @param {{keys: import("./keys.js").KeySet, now: number}} given `now` in milliseconds
 * @returns {Promise<Readonly<VerifiedToken>>}
 * @throws {Refusal | CannotTell}
 */
export async function verifyToken(token, request, { keys, now }) {
  const row = TOKEN_KINDS[request.kind];
  const parts = split(token, row.maxChars); // steps 1-3
  const raw = parts.map((part) => orRefuse("TOKEN_BASE64", () => decodeBase64url(part))); // step 4
  const header = readHeader(raw[0]); // step 5
  const key = believedKey(header, request, keys, now); // steps 6-9
  const message = encoder.encode(`${parts[0]}.${parts[1]}`);
  require(await key.verify(message, raw[2]), "TOKEN_SIGNATURE"); // step 10
  const claims = orRefuse("TOKEN_PAYLOAD", () => readObject(raw[1])); // step 11
  requireTime(claims, key, now); // steps 12, 13
  requireParties(claims, request); // steps 14, 15
  return Object.freeze({ kind: request.kind, kid: key.kid, claims: Object.freeze(claims) });
}

/**
 * Milliseconds since 1970 of a claim in whole seconds.
 *
 * @param {Readonly<Record<string, unknown>>} claims
 * @param {string} name
 * @returns {number}
 * @throws {Refusal} TOKEN_CLAIM
 */
export function instant(claims, name) {
  const value = claims[name];
  require(typeof value === "number" && value >= 0 && value <= MAX_SECONDS, "TOKEN_CLAIM");
  return value * 1000;
}

/**
 * @template T
 * @param {string} reason
 * @param {() => T} read
 * @returns {T}
 */
export function orRefuse(reason, read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotCanonical) throw new Refusal(reason);
    throw error;
  }
}

/**
 * @param {unknown} token
 * @param {number} maxChars
 */
function split(token, maxChars) {
  require(typeof token === "string", "TOKEN_NOT_TEXT"); // step 1
  const isShort = token.length <= maxChars || (token.length <= 2 * maxChars && [...token].length <= maxChars);
  require(isShort, "TOKEN_TOO_LONG"); // step 2
  const parts = token.split(".");
  require(parts.length === PARTS, "TOKEN_FORM"); // step 3
  return parts;
}

/**
 * @param {Uint8Array<ArrayBuffer>} raw
 * @returns {Record<string, string>}
 */
function readHeader(raw) {
  const header = orRefuse("TOKEN_HEADER", () => readObject(raw));
  const names = Object.keys(header);
  const isOurs =
    names.length === HEADER_MEMBERS.length && HEADER_MEMBERS.every((name) => typeof header[name] === "string");
  require(isOurs, "TOKEN_HEADER_MEMBER");
  return /** @type {Record<string, string>} */ (header);
}

/**
 * @param {Record<string, string>} header
 * @param {TokenRequest} request
 * @param {import("./keys.js").KeySet} keys
 * @param {number} now
 */
function believedKey(header, { kind, algorithms }, keys, now) {
  require(header.typ === kind, "TOKEN_TYP"); // step 6
  require(KID.test(header.kid), "TOKEN_KID"); // step 7
  const key = keys.get(header.kid);
  require(key !== undefined, "TOKEN_KEY_UNKNOWN");
  require(key.purpose === TOKEN_KINDS[kind].purpose, "TOKEN_KEY_PURPOSE"); // step 8
  require(key.row.names.includes(header.alg), "TOKEN_ALG");
  require(algorithms === undefined || algorithms.has(key.algorithm), "TOKEN_ALGORITHM_NOT_ACCEPTED");
  require(key.isBelieved(now + SKEW), "TOKEN_KEY_STATE"); // step 9
  return key;
}

/**
 * @param {Readonly<Record<string, unknown>>} claims
 * @param {import("./keys.js").Key} key
 * @param {number} now
 */
function requireTime(claims, key, now) {
  const issued = instant(claims, "iat");
  require(key.wasSigning(issued + SKEW) || key.wasSigning(issued - SKEW), "TOKEN_KEY_STATE"); // step 12
  const starts = "nbf" in claims ? Math.max(issued, instant(claims, "nbf")) : issued;
  require(starts <= now + SKEW, "TOKEN_NOT_YET"); // step 13
  require(!("exp" in claims) || instant(claims, "exp") > now - SKEW, "TOKEN_EXPIRED");
}

/**
 * @param {Readonly<Record<string, unknown>>} claims
 * @param {TokenRequest} request
 */
function requireParties(claims, { issuer, audience }) {
  require(issuer === undefined || claims.iss === issuer, "TOKEN_ISSUER"); // step 14
  if (!("aud" in claims) && audience === undefined) return; // step 15
  const named = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  require(audience !== undefined && named.includes(audience), "TOKEN_AUDIENCE");
}
