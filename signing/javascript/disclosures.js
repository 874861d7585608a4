/**
 * Disclosures: one claim or array element each, hidden behind a salted digest (RFC 9901 section 4.2).
 *
 * @module
 */
import { sha256 } from "./log.js";
import { require } from "./refusals.js";
import { decodeBase64url, encodeBase64url, isObject, readJson } from "./strict.js";
import { orRefuse } from "./tokens.js";

export const MAX_DISCLOSURES = 100; // the richest license face of ours has fifteen lines
const MAX_DEPTH = 32; // levels of objects, arrays and disclosures in one another; ours has three
const HASH_NAME = "sha-256";
const [DIGESTS, ELEMENT, HASH] = ["_sd", "...", "_sd_alg"];
const RESERVED = [DIGESTS, ELEMENT, HASH];
const DIGEST = /^[A-Za-z0-9_-]{43}$/;
const encoder = new TextEncoder();

/** @typedef {{name: string | null, value: unknown}} Disclosure `name` null: an array element */

/**
 * The visible claims together with those disclosed, without digests.
 *
 * @param {Readonly<Record<string, unknown>>} visible
 * @param {readonly string[]} texts
 * @returns {Promise<Record<string, unknown>>} an object without prototype
 * @throws {Refusal} CREDENTIAL_…, the steps 6 to 13 of docs/profiles/credential.md
 */
export async function unfold(visible, texts) {
  require(!(HASH in visible) || visible[HASH] === HASH_NAME, "CREDENTIAL_HASH_ALG"); // step 6
  const disclosures = await readDisclosures(texts); // steps 7, 8
  return new Unfolding(disclosures).payload(visible); // steps 9-13
}

/**
 * @param {readonly string[]} texts
 * @returns {Promise<Map<string, Disclosure>>} by digest
 */
async function readDisclosures(texts) {
  const found = new Map();
  for (const text of texts) {
    const disclosure = readDisclosure(text);
    const digest = encodeBase64url(await sha256(encoder.encode(text)));
    require(!found.has(digest), "CREDENTIAL_DISCLOSURE_TWICE"); // step 8
    found.set(digest, disclosure);
  }
  return found;
}

/**
 * @param {string} text
 * @returns {Disclosure}
 */
function readDisclosure(text) {
  const parts = orRefuse("CREDENTIAL_DISCLOSURE", () => readJson(decodeBase64url(text))); // step 7
  require(Array.isArray(parts) && (parts.length === 2 || parts.length === 3), "CREDENTIAL_DISCLOSURE");
  const [salt] = parts;
  require(typeof salt === "string" && salt !== "", "CREDENTIAL_DISCLOSURE");
  if (parts.length === 2) return { name: null, value: parts[1] };
  const [, name, value] = parts;
  require(typeof name === "string", "CREDENTIAL_DISCLOSURE");
  require(!RESERVED.includes(name), "CREDENTIAL_RESERVED_NAME");
  return { name, value };
}

/** Puts the disclosed values back where their digests stand (section 7.1, steps 3 to 5). For one use. */
class Unfolding {
  #disclosures;
  #met = new Set();

  /** @param {ReadonlyMap<string, Disclosure>} disclosures */
  constructor(disclosures) {
    this.#disclosures = disclosures;
  }

  /** @param {Readonly<Record<string, unknown>>} claims */
  payload(claims) {
    const unfolded = this.#object(without(claims, HASH), 1);
    const isAllMet = [...this.#disclosures.keys()].every((digest) => this.#met.has(digest));
    require(isAllMet, "CREDENTIAL_UNREFERENCED");
    return unfolded;
  }

  /**
   * @param {unknown} value
   * @param {number} depth
   * @returns {unknown}
   */
  #value(value, depth) {
    require(depth <= MAX_DEPTH, "CREDENTIAL_DEPTH");
    if (Array.isArray(value)) return this.#array(value, depth + 1);
    return isObject(value) ? this.#object(value, depth + 1) : value;
  }

  /**
   * @param {Readonly<Record<string, unknown>>} members
   * @param {number} depth
   */
  #object(members, depth) {
    const visible = without(members, DIGESTS);
    require(!RESERVED.some((name) => name in visible), "CREDENTIAL_RESERVED_NAME");
    for (const name of Object.keys(visible)) visible[name] = this.#value(visible[name], depth);
    const digests = DIGESTS in members ? members[DIGESTS] : [];
    require(Array.isArray(digests), "CREDENTIAL_DIGEST");
    for (const digest of digests) {
      const disclosure = this.#meet(digest);
      if (disclosure === undefined) continue;
      require(disclosure.name !== null, "CREDENTIAL_DISCLOSURE_KIND");
      require(!(disclosure.name in visible), "CREDENTIAL_OVERWRITES");
      visible[disclosure.name] = this.#value(disclosure.value, depth);
    }
    return visible;
  }

  /**
   * @param {readonly unknown[]} elements
   * @param {number} depth
   */
  #array(elements, depth) {
    const unfolded = [];
    for (const element of elements) {
      if (!isPlaceholder(element)) {
        unfolded.push(this.#value(element, depth));
        continue;
      }
      const disclosure = this.#meet(element[ELEMENT]);
      if (disclosure === undefined) continue;
      require(disclosure.name === null, "CREDENTIAL_DISCLOSURE_KIND");
      unfolded.push(this.#value(disclosure.value, depth));
    }
    return unfolded;
  }

  /**
   * The disclosure of a digest; undefined for a claim that is kept back, or a decoy.
   *
   * @param {unknown} digest
   */
  #meet(digest) {
    require(typeof digest === "string" && DIGEST.test(digest), "CREDENTIAL_DIGEST");
    require(!this.#met.has(digest), "CREDENTIAL_DIGEST_TWICE");
    this.#met.add(digest);
    return this.#disclosures.get(digest);
  }
}

/**
 * @param {unknown} element
 * @returns {element is Record<string, unknown>}
 */
function isPlaceholder(element) {
  return isObject(element) && ELEMENT in element && Object.keys(element).length === 1;
}

/**
 * @param {Readonly<Record<string, unknown>>} members
 * @param {string} left
 * @returns {Record<string, unknown>} without prototype
 */
function without(members, left) {
  const kept = Object.create(null);
  for (const [name, value] of Object.entries(members)) if (name !== left) kept[name] = value;
  return kept;
}
