/**
 * Which plate has which entry of a status list: rows that tell nothing to whoever does not hold the plate's text.
 *
 * A row is 13 bytes: 8 that name the plate and 5 that say where its status is, both masked with an HMAC whose key is on
 * the plate alone: r, the first half of its signature. The rows are split among shards by their first bits.
 *
 * @module
 */
import { sha256 } from "./log.js";
import { require } from "./refusals.js";
import { decodeBase64url, isObject } from "./strict.js";
import { orRefuse } from "./tokens.js";

const NAME_BYTES = 8;
const ROW_BYTES = 13;
const DIGEST_BYTES = 32;
const MAX_SHARD_BYTES = 64 * 1024;
const MAX_SHARDS = 1 << 16;
const MAX_LISTS = 1 << 16;
const CONTEXT = "yizhao plate row 2."; // so that r keys nothing else
const encoder = new TextEncoder();

/**
 * Brings a shard by its digest (SHA-256 in lower-case hex); null where it is not at hand.
 *
 * @callback ShardSource
 * @param {string} digest
 * @returns {Promise<Uint8Array<ArrayBuffer> | null> | Uint8Array<ArrayBuffer> | null}
 */

/** @type {ShardSource} */
export const NO_SHARDS = () => null;

/**
 * What names a plate and masks its entry: 13 bytes.
 *
 * @param {string} plateId
 * @param {Uint8Array<ArrayBuffer>} r the first half of its code's signature
 */
export async function plateMask(plateId, r) {
  const key = await crypto.subtle.importKey("raw", r, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, encoder.encode(CONTEXT + plateId));
  return new Uint8Array(mac).slice(0, ROW_BYTES);
}

/** Rows in ascending order, none twice, of one shard or of a whole table (`bits` 0). */
export class PlateRows {
  /**
   * @param {Uint8Array<ArrayBuffer>} rows
   * @param {number} [number]
   * @param {number} [bits]
   * @throws {Refusal} BUNDLE_PLATES
   */
  constructor(rows, number = 0, bits = 0) {
    require(rows.length % ROW_BYTES === 0, "BUNDLE_PLATES");
    this.rows = rows;
    for (let place = 1; place < this.size; place += 1) {
      require(compare(this.row(place - 1), this.row(place)) < 0, "BUNDLE_PLATES");
    }
    for (const place of this.size > 0 ? [0, this.size - 1] : []) {
      require(shardOf(this.row(place), bits) === number, "BUNDLE_PLATES"); // ascending: right of all between them
    }
  }

  get size() {
    return this.rows.length / ROW_BYTES;
  }

  /** @param {number} place */
  row(place) {
    return this.rows.subarray(place * ROW_BYTES, (place + 1) * ROW_BYTES);
  }

  /**
   * Position of the list and index, of the rows with this name: none, one, hardly ever more.
   *
   * @param {Uint8Array<ArrayBuffer>} mask
   */
  entries(mask) {
    const name = mask.subarray(0, NAME_BYTES);
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.row(middle).subarray(0, NAME_BYTES), name) < 0) low = middle + 1;
      else high = middle;
    }
    const found = [];
    for (; low < this.size && compare(this.row(low).subarray(0, NAME_BYTES), name) === 0; low += 1) {
      const entry = this.row(low).map((byte, at) => byte ^ mask[at]).subarray(NAME_BYTES);
      found.push({ position: (entry[0] << 8) | entry[1], index: (entry[2] << 16) | (entry[3] << 8) | entry[4] });
    }
    return found;
  }
}

/** The table of a bundle: whole, or an index of shards by their digests. */
export class PlateTable {
  #source;

  /**
   * @param {readonly string[]} lists those that rows point to
   * @param {PlateRows | null} whole
   * @param {readonly string[]} digests of the shards, in hex, in the order of their numbers
   * @param {ShardSource} source
   */
  constructor(lists, whole, digests, source) {
    this.lists = lists;
    this.whole = whole;
    this.digests = digests;
    this.#source = source;
    Object.freeze(this);
  }

  /**
   * Where the status of a plate may stand: none for one in no table, or whose shard is not at hand.
   *
   * @param {string} plateId
   * @param {Uint8Array<ArrayBuffer>} r
   * @returns {Promise<{uri: string, index: number}[]>}
   * @throws {Refusal} BUNDLE_SHARD for a shard that is not the one of the index, BUNDLE_PLATES
   */
  async entries(plateId, r) {
    const mask = await plateMask(plateId, r);
    const rows = this.whole ?? (await this.#shard(mask));
    const found = rows?.entries(mask) ?? [];
    const listed = found.filter(({ position }) => position < this.lists.length);
    return listed.map(({ position, index }) => ({ uri: this.lists[position], index }));
  }

  /** @param {Uint8Array<ArrayBuffer>} mask */
  async #shard(mask) {
    const bits = Math.log2(this.digests.length);
    const number = shardOf(mask, bits);
    const content = await this.#source(this.digests[number]);
    if (content === null || content === undefined) return null;
    const isNamed = content.length <= MAX_SHARD_BYTES && hex(await sha256(content)) === this.digests[number];
    require(isNamed, "BUNDLE_SHARD");
    return new PlateRows(content, number, bits);
  }
}

/**
 * The table of a bundle's claim; `sourceOf` makes the source of shards of these names.
 *
 * @param {unknown} claim
 * @param {(names: readonly string[]) => ShardSource} sourceOf
 * @throws {Refusal} BUNDLE_PLATES, and what `sourceOf` throws
 */
export function readTable(claim, sourceOf) {
  require(isObject(claim) && Array.isArray(claim.lists), "BUNDLE_PLATES");
  const { lists, rows, shards } = claim;
  const areTexts = lists.every((uri) => typeof uri === "string");
  require(areTexts && new Set(lists).size === lists.length && lists.length <= MAX_LISTS, "BUNDLE_PLATES");
  const isWhole = typeof rows === "string" && !("shards" in claim);
  require(isWhole || (typeof shards === "string" && !("rows" in claim)), "BUNDLE_PLATES");
  if (isWhole) return new PlateTable(lists, new PlateRows(decoded(rows)), [], sourceOf([]));
  const names = digestsOf(decoded(String(shards)));
  return new PlateTable(lists, null, names, sourceOf(names));
}

/** @param {Uint8Array<ArrayBuffer>} raw */
function digestsOf(raw) {
  const count = raw.length / DIGEST_BYTES;
  const isPower = Number.isInteger(count) && count > 0 && (count & (count - 1)) === 0;
  require(isPower && count <= MAX_SHARDS, "BUNDLE_PLATES");
  const names = [];
  for (let at = 0; at < raw.length; at += DIGEST_BYTES) names.push(hex(raw.subarray(at, at + DIGEST_BYTES)));
  return Object.freeze(names);
}

/** @param {string} text */
function decoded(text) {
  return text === "" ? new Uint8Array() : orRefuse("BUNDLE_PLATES", () => decodeBase64url(text));
}

/**
 * The number of the shard that a row belongs to: its first `bits` bits, 16 at most.
 *
 * @param {Uint8Array<ArrayBuffer>} row
 * @param {number} bits
 */
function shardOf(row, bits) {
  return ((row[0] << 8) | row[1]) >> (16 - bits);
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {Uint8Array<ArrayBuffer>} one
 * @param {Uint8Array<ArrayBuffer>} other
 */
function compare(one, other) {
  for (let at = 0; at < one.length; at += 1) {
    if (one[at] !== other[at]) return one[at] - other[at];
  }
  return 0;
}
