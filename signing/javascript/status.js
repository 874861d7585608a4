/**
 * Status lists (docs/profiles/status.md): what was signed may have been revoked since.
 *
 * @module
 */
import { inflate } from "./inflate.js";
import { require } from "./refusals.js";
import { decodeBase64url, isObject } from "./strict.js";
import { MAX_SECONDS, orRefuse, verifyToken } from "./tokens.js";

const MAX_LIST_BYTES = 1 << 20;
const ENTRY_BITS = [1, 2, 4, 8];

/** What an entry of a hub's list means, by its value. */
export const STATUSES = Object.freeze(["valid", "revoked", "suspended", "changed"]);

/** Entries of `bits` bits each; the first of a byte stands in its lowest bits. */
export class StatusList {
  /**
   * @param {number} bits
   * @param {Uint8Array<ArrayBuffer>} packed
   */
  constructor(bits, packed) {
    this.bits = bits;
    this.packed = packed;
    Object.freeze(this);
  }

  get length() {
    return Math.floor((this.packed.length * 8) / this.bits);
  }

  /**
   * @param {number} index
   * @returns {number}
   * @throws {Refusal} STATUS_INDEX where the list has no such entry
   */
  get(index) {
    require(Number.isInteger(index) && index >= 0 && index < this.length, "STATUS_INDEX");
    const perByte = 8 / this.bits;
    return (this.packed[Math.floor(index / perByte)] >> ((index % perByte) * this.bits)) & ((1 << this.bits) - 1);
  }

  /**
   * The list of a `status_list` claim; never inflates more than a megabyte.
   *
   * @param {unknown} lst
   * @param {unknown} bits
   * @returns {Promise<StatusList>}
   * @throws {Refusal} STATUS_BITS, STATUS_ENCODING, STATUS_TOO_LARGE
   */
  static async decode(lst, bits) {
    require(typeof bits === "number" && ENTRY_BITS.includes(bits), "STATUS_BITS");
    require(typeof lst === "string", "STATUS_ENCODING");
    const compressed = orRefuse("STATUS_ENCODING", () => decodeBase64url(lst));
    const reasons = { broken: "STATUS_ENCODING", tooLarge: "STATUS_TOO_LARGE" };
    return new StatusList(bits, await inflate(compressed, MAX_LIST_BYTES, reasons));
  }
}

/**
 * A list whose token was believed. Instants are milliseconds since 1970.
 *
 * @typedef {object} VerifiedStatusList
 * @property {string} uri
 * @property {StatusList} entries
 * @property {number} issuedAt
 * @property {number} keepUntil when a verifier that is online should ask again
 * @property {number} expiresAt
 */

/**
 * Believe a status list token about the list at `uri`, or throw the reason that speaks against it.
 *
 * @param {unknown} token
 * @param {{uri: string, keys: import("./keys.js").KeySet, now: number}} given
 * @returns {Promise<Readonly<VerifiedStatusList>>}
 * @throws {Refusal | CannotTell}
 */
export async function verifyStatusList(token, { uri, keys, now }) {
  const { claims } = await verifyToken(token, { kind: "statuslist+jwt" }, { keys, now }); // steps 1-15
  require(claims.sub === uri, "STATUS_SUBJECT"); // step 16
  const issued = seconds(claims, "iat");
  const expires = seconds(claims, "exp"); // step 17
  const keep = seconds(claims, "ttl"); // step 18
  require(isObject(claims.status_list), "STATUS_CLAIM"); // step 19
  const { lst, bits } = claims.status_list;
  return Object.freeze({
    uri,
    entries: await StatusList.decode(lst, bits), // steps 20-22
    issuedAt: issued * 1000,
    keepUntil: Math.min(issued + keep, expires) * 1000,
    expiresAt: expires * 1000,
  });
}

/**
 * @param {Readonly<Record<string, unknown>>} claims
 * @param {string} name
 * @returns {number}
 */
function seconds(claims, name) {
  const value = claims[name];
  require(typeof value === "number" && value > 0 && value <= MAX_SECONDS, "STATUS_CLAIM");
  return value;
}
