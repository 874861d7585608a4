/**
 * The holder's key that a credential is bound to, and what the holder signs with it (docs/profiles/credential.md).
 *
 * @module
 */
import { ed25519Point, hasLowOrder, isSm2Point } from "./curves.js";
import { ALGORITHMS, isSigned, loadPublic, members, thumbprint } from "./keys.js";
import { sha256 } from "./log.js";
import { MalformedKeySet, Refusal, require } from "./refusals.js";
import { decodeBase64url, encodeBase64url, isObject, readObject } from "./strict.js";
import { MAX_SECONDS, MAX_TOKEN_CHARS, orRefuse } from "./tokens.js";

const MAX_MEMBERS = 20; // a JWK of RFC 7517 has twelve at most; more is not a key
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]; // RFC 7518 section 6
const BINDING_TYP = "kb+jwt";
const BINDING_LIFE = 300_000; // milliseconds between the holder's consent and its arrival
const BINDING_AHEAD = 60_000; // clocks of telephones that no network sets; the nonce bounds the rest
const PARTS = 3;
const SIGNATURE_BYTES = 64;
const ASCII = /^[\x00-\x7f]*$/;
const encoder = new TextEncoder();

/**
 * What the holder signed, and whether this verifier had asked for it.
 *
 * @typedef {object} Binding
 * @property {string} audience
 * @property {string} nonce
 * @property {Date} issuedAt
 * @property {boolean} isForUs
 */

/** A public key that may be bound to: a point of its curve, not of low order. */
export class HolderKey {
  #loaded;

  /**
   * @param {string} algorithm
   * @param {Readonly<Record<string, unknown>>} jwk the members that make the key and no other
   * @param {string} print
   * @param {CryptoKey | null} loaded
   */
  constructor(algorithm, jwk, print, loaded) {
    this.algorithm = algorithm;
    this.jwk = jwk;
    this.thumbprint = print;
    this.#loaded = loaded;
    Object.freeze(this);
  }

  /**
   * @param {unknown} jwk
   * @returns {Promise<HolderKey>}
   * @throws {Refusal} HOLDER_KEY_…
   */
  static async fromJwk(jwk) {
    require(isObject(jwk) && Object.keys(jwk).length <= MAX_MEMBERS, "HOLDER_KEY_FORM"); // 1
    require(!PRIVATE_MEMBERS.some((name) => Object.hasOwn(jwk, name)), "HOLDER_KEY_PRIVATE"); // 2
    const { kty, crv } = jwk;
    const row = Object.entries(ALGORITHMS).find(([, { fixed }]) => fixed.kty === kty && fixed.crv === crv);
    const isForSignatures = !Object.hasOwn(jwk, "use") || jwk.use === "sig";
    require(row !== undefined && isForSignatures, "HOLDER_KEY_KIND"); // 3
    const [algorithm, { names }] = row;
    const isNamed = !Object.hasOwn(jwk, "alg") || names.includes(/** @type {string} */ (jwk.alg));
    require(isNamed, "HOLDER_KEY_ALG"); // 4
    const loaded = await loadedOf(algorithm, jwk); // 5
    const point = members(row[1]).map((name) => [name, jwk[name]]);
    const key = Object.freeze(Object.fromEntries(point));
    requireSound(algorithm, key);
    return new HolderKey(algorithm, key, encodeBase64url(await thumbprint(key)), loaded);
  }

  /**
   * @param {Uint8Array<ArrayBuffer>} message
   * @param {Uint8Array<ArrayBuffer>} signature
   * @throws {CannotTell}
   */
  async verify(message, signature) {
    return isSigned(this.algorithm, this.#loaded, message, signature);
  }
}

/**
 * Believe the holder's token; `asked` null: whoever it was made for. Steps 17 to 25.
 *
 * @param {string} token
 * @param {{presented: string, holder: HolderKey, asked: {audience: string, nonce: string} | null, now: number}} given
 * @returns {Promise<Readonly<Binding>>}
 * @throws {Refusal | CannotTell}
 */
export async function verifyBinding(token, { presented, holder, asked, now }) {
  const claims = await signedClaims(token, holder); // steps 17 to 20
  const { aud, nonce, sd_hash: hash, iat } = claims; // step 21
  require([aud, nonce, hash].every((each) => typeof each === "string"), "BINDING_CLAIM");
  require(typeof iat === "number" && iat >= 0 && iat <= MAX_SECONDS, "BINDING_CLAIM");
  const issued = iat * 1000;
  require(hash === encodeBase64url(await sha256(encoder.encode(presented))), "BINDING_HASH"); // step 22
  require(asked === null || aud === asked.audience, "BINDING_AUDIENCE"); // step 23
  require(asked === null || nonce === asked.nonce, "BINDING_NONCE"); // step 24
  require(issued <= now + BINDING_AHEAD, "BINDING_NOT_YET"); // step 25
  require(issued >= now - BINDING_LIFE, "BINDING_STALE");
  const said = { audience: /** @type {string} */ (aud), nonce: /** @type {string} */ (nonce) };
  return Object.freeze({ ...said, issuedAt: new Date(issued), isForUs: asked !== null });
}

/**
 * @param {string} token
 * @param {HolderKey} holder
 */
async function signedClaims(token, holder) {
  const parts = token.split(".");
  const isWhole = token.length <= MAX_TOKEN_CHARS && parts.length === PARTS && ASCII.test(token);
  require(isWhole, "BINDING_FORM"); // step 17
  const raw = parts.map((part) => orRefuse("BINDING_FORM", () => decodeBase64url(part)));
  const header = orRefuse("BINDING_FORM", () => readObject(raw[0]));
  const isNamed = Object.hasOwn(header, "alg") && Object.hasOwn(header, "typ");
  require(isNamed && !Object.hasOwn(header, "crit"), "BINDING_HEADER"); // step 18: others are passed over
  require(header.typ === BINDING_TYP, "BINDING_TYP"); // step 19
  const accepted = ALGORITHMS[holder.algorithm].names;
  require(accepted.includes(/** @type {string} */ (header.alg)), "BINDING_ALG");
  const message = encoder.encode(`${parts[0]}.${parts[1]}`);
  require(raw[2].length === SIGNATURE_BYTES, "BINDING_SIGNATURE"); // step 20
  require(await holder.verify(message, raw[2]), "BINDING_SIGNATURE");
  return orRefuse("BINDING_CLAIM", () => readObject(raw[1]));
}

/**
 * @param {string} algorithm
 * @param {Record<string, unknown>} jwk
 */
async function loadedOf(algorithm, jwk) {
  try {
    return await loadPublic(ALGORITHMS[algorithm], jwk);
  } catch (error) {
    if (error instanceof MalformedKeySet) throw new Refusal("HOLDER_KEY_POINT");
    throw error;
  }
}

/**
 * What the platform does not look at when it loads a key.
 *
 * @param {string} algorithm
 * @param {Readonly<Record<string, unknown>>} jwk
 */
function requireSound(algorithm, jwk) {
  const raw = ALGORITHMS[algorithm].coordinates.map((name) => decodeBase64url(/** @type {string} */ (jwk[name])));
  if (algorithm === "SM2") require(isSm2Point(raw[0], raw[1]), "HOLDER_KEY_POINT");
  if (algorithm !== "EdDSA") return;
  const point = ed25519Point(raw[0]);
  require(point !== null, "HOLDER_KEY_POINT");
  require(!hasLowOrder(point), "HOLDER_KEY_LOW_ORDER"); // 6
}
