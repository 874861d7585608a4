/**
 * Base64url and JSON of which there is one reading only.
 *
 * The platform's JSON.parse takes a member twice and cannot tell 1 from 1.0; a token with two readings must be refused.
 *
 * @module
 */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const CANONICAL = /^[A-Za-z0-9_-]+$/;
const VALUES = new Uint8Array(128);
for (let value = 0; value < ALPHABET.length; value += 1) VALUES[ALPHABET.charCodeAt(value)] = value;

/** The text or the bytes have no reading, or more than one. */
export class NotCanonical extends Error {}

/** A number written with a fraction or an exponent: a claim that must be whole is never one of these. */
export class Real {
  /** @param {number} value */
  constructor(value) {
    this.value = value;
    Object.freeze(this);
  }

  valueOf() {
    return this.value;
  }

  toJSON() {
    return this.value;
  }
}

/**
 * The bytes of one canonical base64url part: no padding, no white space, no unused bits.
 *
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {NotCanonical}
 */
export function decodeBase64url(text) {
  if (!CANONICAL.test(text) || text.length % 4 === 1) throw new NotCanonical("not base64url");
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let place = 0;
  for (let at = 0; at < text.length; at += 1) {
    bits = ((bits << 6) | VALUES[text.charCodeAt(at)]) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[place] = bits >> held;
      place += 1;
    }
  }
  if (bits & ((1 << held) - 1)) throw new NotCanonical("unused bits are not zero");
  return bytes;
}

/**
 * Base64url without padding (RFC 7515 section 2).
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {string}
 */
export function encodeBase64url(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const group = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const characters = Math.min(4, bytes.length - at + 1);
    for (let place = 0; place < characters; place += 1) text += ALPHABET[(group >> (18 - 6 * place)) & 63];
  }
  return text;
}

/**
 * A JSON text in UTF-8 without duplicate members at any depth, NaN, infinities or lone surrogates.
 *
 * Whole numbers become numbers, or bigints beyond 2^53; others become `Real`. Objects have no prototype.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {unknown}
 * @throws {NotCanonical}
 */
export function readJson(bytes) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new NotCanonical("not UTF-8", { cause: error });
  }
  return new Reader(text).whole();
}

/**
 * A JSON object, as strictly as `readJson`.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Record<string, unknown>}
 * @throws {NotCanonical}
 */
export function readObject(bytes) {
  const value = readJson(bytes);
  if (!isObject(value)) throw new NotCanonical("not an object");
  return value;
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Real);
}

/**
 * The canonical text of a value that was read here: members sorted by code point, no spaces (RFC 8785 without fractions).
 *
 * @param {unknown} value
 * @returns {string}
 * @throws {NotCanonical} for a fraction, of which there is more than one writing
 */
export function writeJson(value) {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (value instanceof Real) throw new NotCanonical("a fraction");
  if (Array.isArray(value)) return `[${value.map(writeJson).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort(byCodePoint);
  return `{${names.map((name) => `${JSON.stringify(name)}:${writeJson(value[name])}`).join(",")}}`;
}

/**
 * @param {string} one
 * @param {string} other
 */
function byCodePoint(one, other) {
  const [left, right] = [[...one], [...other]];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const difference = (left[at].codePointAt(0) ?? 0) - (right[at].codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

const MAX_DEPTH = 900; // about where Python's reader gives up; no document of ours is deeper than 8
const MAX_DIGITS = 4300; // Python refuses longer whole numbers
/** @type {ReadonlyMap<string, readonly [string, boolean | null]>} */
const WORDS = new Map([
  ["t", ["true", true]],
  ["f", ["false", false]],
  ["n", ["null", null]],
]);
const ESCAPES = new Map(Object.entries({ '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }));
const SPACE = /[ \t\n\r]*/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const NUMBER = /(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const FOUR_HEX = /[0-9a-fA-F]{4}/y;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** One pass over one text. */
class Reader {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  whole() {
    this.skip();
    const value = this.value(0);
    this.skip();
    if (this.at !== this.text.length) this.fail("something follows");
    return value;
  }

  /**
   * @param {number} depth
   * @returns {unknown}
   */
  value(depth) {
    if (depth > MAX_DEPTH) this.fail("too deep");
    const first = this.text[this.at];
    if (first === '"') return this.string();
    if (first === "{") return this.object(depth);
    if (first === "[") return this.array(depth);
    const word = WORDS.get(first);
    if (word === undefined) return this.number();
    if (!this.text.startsWith(word[0], this.at)) this.fail("no value");
    this.at += word[0].length;
    return word[1];
  }

  /** @param {number} depth */
  object(depth) {
    const members = Object.create(null);
    this.list("}", () => {
      if (this.text[this.at] !== '"') this.fail("a member has no name");
      const name = this.string();
      if (Object.hasOwn(members, name)) this.fail("a member stands twice");
      this.skip();
      if (this.text[this.at] !== ":") this.fail("a member has no value");
      this.at += 1;
      this.skip();
      members[name] = this.value(depth + 1);
    });
    return members;
  }

  /** @param {number} depth */
  array(depth) {
    /** @type {unknown[]} */
    const items = [];
    this.list("]", () => items.push(this.value(depth + 1)));
    return items;
  }

  /**
   * @param {string} end
   * @param {() => void} item
   */
  list(end, item) {
    this.at += 1;
    this.skip();
    if (this.text[this.at] === end) {
      this.at += 1;
      return;
    }
    for (;;) {
      item();
      this.skip();
      const mark = this.text[this.at];
      this.at += 1;
      if (mark === end) return;
      if (mark !== ",") this.fail("no comma");
      this.skip();
    }
  }

  string() {
    this.at += 1;
    let value = this.take(PLAIN);
    let escaped = false;
    while (this.text[this.at] === "\\") {
      value += this.escape() + this.take(PLAIN);
      escaped = true;
    }
    if (this.text[this.at] !== '"') this.fail("a text does not end");
    this.at += 1;
    if (escaped && LONE_SURROGATE.test(value)) this.fail("a lone surrogate");
    return value;
  }

  escape() {
    const letter = this.text[this.at + 1];
    this.at += 2;
    if (letter === "u") {
      const hex = this.take(FOUR_HEX);
      if (hex === "") this.fail("no four digits");
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    const character = ESCAPES.get(letter);
    if (character === undefined) this.fail("no such escape");
    return character;
  }

  number() {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (found === null) return this.fail("no value");
    this.at += found[0].length;
    const [written, whole, fraction, exponent] = found;
    if (fraction !== undefined || exponent !== undefined) {
      if (!Number.isFinite(Number(written))) this.fail("beyond all numbers");
      return new Real(Number(written));
    }
    if (whole.replace("-", "").length > MAX_DIGITS) this.fail("too many digits");
    const number = Number(whole);
    return Number.isSafeInteger(number) ? number : BigInt(whole);
  }

  /** @param {RegExp} pattern a sticky one that may match nothing */
  take(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  skip() {
    this.take(SPACE);
  }

  /**
   * @param {string} why
   * @returns {never}
   */
  fail(why) {
    throw new NotCanonical(`not strict JSON: ${why} at ${this.at}`);
  }
}
