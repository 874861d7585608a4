/**
 * The key set (RFC 7517 with the members of docs/profiles/code.md section 4) and the algorithms, on WebCrypto.
 *
 * @module
 */
import { CannotTell, MalformedKeySet } from "./refusals.js";
import { NotCanonical, decodeBase64url, isObject } from "./strict.js";

const MAX_KEYS = 1000; // a larger set is not ours
const COORDINATE_BYTES = 32;
const SIGNATURE_BYTES = 64;
const KID = /^[A-Za-z0-9_-]{1,64}$/;
const PUBLISHED = new Set(["pending", "active", "verify-only"]);
const PURPOSES = new Set([
  "code-plate",
  "code-dynamic",
  "credential",
  "status",
  "log",
  "receipt",
  "oidc",
  "bundle",
]);
const MAX_SECONDS = 8_640_000_000_000; // the last moment of a Date

/** Half the order of P-256: where the s of a signature in a code must not lie above. */
const P256_HALF = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n;

/**
 * One algorithm: the JOSE names that stand for it (the first is written), the members of its keys, how WebCrypto
 * calls it. `load` null: no browser computes it.
 *
 * @typedef {object} AlgorithmRow
 * @property {readonly string[]} names
 * @property {Readonly<Record<string, string>>} fixed
 * @property {readonly string[]} coordinates
 * @property {AlgorithmIdentifier | EcKeyImportParams | null} load
 * @property {AlgorithmIdentifier | EcdsaParams | null} verify
 * @property {(signature: Uint8Array<ArrayBuffer>) => boolean} isTwin
 */

/** @type {Readonly<Record<string, AlgorithmRow>>} */
export const ALGORITHMS = Object.freeze({
  ES256: {
    names: ["ES256"],
    fixed: { kty: "EC", crv: "P-256" },
    coordinates: ["x", "y"],
    load: { name: "ECDSA", namedCurve: "P-256" },
    verify: { name: "ECDSA", hash: "SHA-256" },
    isTwin: (signature) => BigInt(`0x${hex(signature.subarray(32))}`) > P256_HALF,
  },
  EdDSA: {
    names: ["EdDSA", "Ed25519"],
    fixed: { kty: "OKP", crv: "Ed25519" },
    coordinates: ["x"],
    load: { name: "Ed25519" },
    verify: { name: "Ed25519" },
    isTwin: () => false,
  },
  SM2: {
    names: ["SM2"],
    fixed: { kty: "EC", crv: "SM2" },
    coordinates: ["x", "y"],
    load: null,
    verify: null,
    isTwin: () => false,
  },
});

/** One public key with its window. Instants are milliseconds since 1970. */
export class Key {
  /**
   * @param {Record<string, unknown>} entry a checked member of a key set
   * @param {CryptoKey | null} loaded null where this device lacks the algorithm
   */
  constructor(entry, loaded) {
    this.kid = /** @type {string} */ (entry.kid);
    this.purpose = /** @type {string} */ (entry.purpose);
    this.algorithm = /** @type {string} */ (entry.alg);
    this.state = /** @type {string} */ (entry.state);
    this.row = ALGORITHMS[this.algorithm];
    this.activatedAt = entry.nbf == null ? null : Number(entry.nbf) * 1000;
    this.endedAt = entry.exp == null ? null : Number(entry.exp) * 1000;
    this.loaded = loaded;
    this.publicJwk = Object.freeze(Object.fromEntries(members(this.row).map((name) => [name, entry[name]])));
    Object.freeze(this);
  }

  /** The public half's coordinates: 32 bytes of an Ed25519 key. */
  get publicBytes() {
    return decodeBase64url(/** @type {string} */ (this.publicJwk.x));
  }

  /**
   * Whether a signature seen at `moment` may be believed.
   *
   * @param {number} moment
   */
  isBelieved(moment) {
    return this.activatedAt !== null && this.activatedAt <= moment;
  }

  /**
   * Whether `moment` lies in the window in which the key signed, both ends included.
   *
   * @param {number} moment
   */
  wasSigning(moment) {
    return this.isBelieved(moment) && (this.endedAt === null || moment <= this.endedAt);
  }

  /**
   * Whether the key made the signature.
   *
   * @param {Uint8Array<ArrayBuffer>} message
   * @param {Uint8Array<ArrayBuffer>} signature 64 bytes, raw
   * @returns {Promise<boolean>}
   * @throws {CannotTell}
   */
  async verify(message, signature) {
    return isSigned(this.algorithm, this.loaded, message, signature);
  }
}

/**
 * Whether a loaded key made the signature.
 *
 * @param {string} algorithm
 * @param {CryptoKey | null} loaded
 * @param {Uint8Array<ArrayBuffer>} message
 * @param {Uint8Array<ArrayBuffer>} signature 64 bytes, raw
 * @returns {Promise<boolean>}
 * @throws {CannotTell}
 */
export async function isSigned(algorithm, loaded, message, signature) {
  const { verify } = ALGORITHMS[algorithm];
  if (loaded === null || verify === null) throw new CannotTell(algorithm);
  if (signature.length !== SIGNATURE_BYTES) return false;
  return crypto.subtle.verify(verify, loaded, signature, message);
}

/** Public keys by kid. Immutable: a rotation makes another set. */
export class KeySet {
  /** @type {ReadonlyMap<string, Key>} */
  #keys;

  /** @param {Iterable<Key>} keys */
  constructor(keys) {
    const found = new Map();
    for (const key of keys) {
      if (found.has(key.kid)) throw new MalformedKeySet(`two keys are called ${key.kid}`);
      found.set(key.kid, key);
    }
    this.#keys = found;
  }

  /**
   * The key set that a hub publishes at `/.well-known/jwks.json`.
   *
   * @param {unknown} document
   * @returns {Promise<KeySet>}
   * @throws {MalformedKeySet}
   */
  static async fromJwks(document) {
    const entries = isObject(document) ? document.keys : undefined;
    if (!Array.isArray(entries) || entries.length > MAX_KEYS) {
      throw new MalformedKeySet("a key set is an object with a list of at most 1000 keys");
    }
    return new KeySet(await Promise.all(entries.map(loadKey)));
  }

  /** @param {string} kid */
  get(kid) {
    return this.#keys.get(kid);
  }

  [Symbol.iterator]() {
    return this.#keys.values();
  }

  get size() {
    return this.#keys.size;
  }
}

/**
 * RFC 7638: SHA-256 of the required members of a public key, in base64url's bytes.
 *
 * @param {Record<string, unknown>} jwk
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function thumbprint(jwk) {
  const row = Object.values(ALGORITHMS).find(
    ({ fixed }) => fixed.kty === jwk.kty && fixed.crv === jwk.crv,
  );
  if (row === undefined) throw new MalformedKeySet("a key of an unknown type");
  const names = members(row).sort();
  const text = JSON.stringify(Object.fromEntries(names.map((name) => [name, jwk[name]])));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

/**
 * @param {unknown} entry
 * @returns {Promise<Key>}
 */
async function loadKey(entry) {
  if (!isObject(entry)) throw new MalformedKeySet("a key is an object");
  if ("d" in entry) throw new MalformedKeySet("a private key has been published; treat it as compromised");
  const { kid, alg, purpose, state, iat, nbf, exp } = entry;
  demand(typeof kid === "string" && KID.test(kid), "a key id is not well formed");
  demand(typeof alg === "string" && Object.hasOwn(ALGORITHMS, alg), "an unknown algorithm");
  demand(typeof purpose === "string" && PURPOSES.has(purpose), "an unknown purpose");
  demand(typeof state === "string" && PUBLISHED.has(state), "a key set does not list such keys");
  demand(isSecond(iat), "a key lacks iat");
  demand(nbf == null || isSecond(nbf), "nbf is not a whole number of seconds");
  demand(exp == null || isSecond(exp), "exp is not a whole number of seconds");
  return new Key(entry, await loadPublic(ALGORITHMS[/** @type {string} */ (alg)], entry));
}

/**
 * The key that a JWK of this algorithm describes; null where this device lacks the algorithm.
 *
 * @param {AlgorithmRow} row
 * @param {Record<string, unknown>} entry
 * @returns {Promise<CryptoKey | null>}
 * @throws {MalformedKeySet}
 */
export async function loadPublic(row, entry) {
  for (const [name, value] of Object.entries(row.fixed)) demand(entry[name] === value, "a key of another type");
  for (const name of row.coordinates) demand(isCoordinate(entry[name]), `${name} is not 32 bytes in base64url`);
  if (row.load === null) return null;
  const jwk = { ...row.fixed, ...Object.fromEntries(row.coordinates.map((name) => [name, entry[name]])) };
  try {
    return await crypto.subtle.importKey("jwk", jwk, row.load, false, ["verify"]);
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotSupportedError") return null;
    throw new MalformedKeySet("the key is not a point of its curve");
  }
}

/**
 * The names that make a key of this algorithm.
 *
 * @param {AlgorithmRow} row
 */
export function members(row) {
  return [...Object.keys(row.fixed), ...row.coordinates];
}

/** @param {unknown} value */
function isCoordinate(value) {
  try {
    return typeof value === "string" && decodeBase64url(value).length === COORDINATE_BYTES;
  } catch (error) {
    if (error instanceof NotCanonical) return false;
    throw error;
  }
}

/** @param {unknown} value */
function isSecond(value) {
  return Number.isInteger(value) && Math.abs(/** @type {number} */ (value)) <= MAX_SECONDS;
}

/**
 * @param {unknown} fact
 * @param {string} message
 * @returns {asserts fact}
 */
function demand(fact, message) {
  if (!fact) throw new MalformedKeySet(message);
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
