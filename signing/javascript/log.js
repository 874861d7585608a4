/**
 * The transparency log: inclusion proofs (RFC 9162), checkpoints as signed notes (C2SP).
 *
 * @module
 */
import { SKEW } from "./codes.js";
import { require } from "./refusals.js";
import { decodeBase64url } from "./strict.js";

const MAX_SIZE = 2n ** 63n - 1n;
const MAX_NOTE_CHARS = 64 * 1024;
const MAX_SIGNATURES = 64;
const MIN_LINES = 3;
const HASH_BYTES = 32;
const KEY_ID_BYTES = 4;
const SIGNATURE_BYTES = 64;
const ED25519 = 1; // signature type (C2SP signed-note)
const MARK = "\u2014 "; // em dash and space
const NAME =
  /^[^\u0000-\u0020+\u007f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]{1,255}$/u;
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;
const LINE = /^[^\u0000-\u001f]{1,1024}$/u;
const SIZE = /^(?:0|[1-9][0-9]{0,18})$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const encoder = new TextEncoder();

/** @param {...Uint8Array<ArrayBuffer>} parts */
export async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
}

/**
 * The hash of one entry (RFC 6962 section 2.1).
 *
 * @param {Uint8Array<ArrayBuffer>} data
 */
export function leafHash(data) {
  return sha256(Uint8Array.of(0), data);
}

/**
 * The hash over two subtrees.
 *
 * @param {Uint8Array<ArrayBuffer>} left
 * @param {Uint8Array<ArrayBuffer>} right
 */
export function nodeHash(left, right) {
  return sha256(Uint8Array.of(1), left, right);
}

/**
 * Show that the leaf with hash `leaf` is at `index` in the tree of `size` leaves with this root (RFC 9162 2.1.3.2).
 *
 * @param {Uint8Array<ArrayBuffer>} leaf
 * @param {bigint} index
 * @param {bigint} size
 * @param {readonly Uint8Array<ArrayBuffer>[]} proof
 * @param {Uint8Array<ArrayBuffer>} root
 * @throws {Refusal} PROOF_SIZE, PROOF_LENGTH, PROOF_ROOT
 */
export async function verifyInclusion(leaf, index, size, proof, root) {
  require(index >= 0n && index < size && size <= MAX_SIZE, "PROOF_SIZE");
  require([leaf, root, ...proof].every((node) => node.length === HASH_BYTES), "PROOF_LENGTH");
  let position = index;
  let last = size - 1n;
  let node = leaf;
  for (const beside of proof) {
    require(last !== 0n, "PROOF_LENGTH");
    if (position & 1n || position === last) {
      node = await nodeHash(beside, node);
      while (!(position & 1n) && position) {
        position >>= 1n;
        last >>= 1n;
      }
    } else {
      node = await nodeHash(node, beside);
    }
    position >>= 1n;
    last >>= 1n;
  }
  require(last === 0n, "PROOF_LENGTH");
  require(isSame(node, root), "PROOF_ROOT");
}

/**
 * What a log says of itself.
 *
 * @typedef {object} Checkpoint
 * @property {string} origin
 * @property {bigint} size
 * @property {Uint8Array<ArrayBuffer>} root
 */

/**
 * Believe a log's checkpoint by the log keys of a key set that may have signed by `now`, milliseconds since 1970;
 * without it: by those that are not pending any more.
 *
 * @param {unknown} text
 * @param {{keys: import("./keys.js").KeySet, origin: string, now?: number}} given
 * @returns {Promise<Readonly<Checkpoint>>}
 * @throws {Refusal} NOTE_*, CHECKPOINT_*
 */
export async function openCheckpoint(text, { keys, origin, now }) {
  const note = parseNote(text); // step 1
  const checkpoint = readCheckpoint(note.text); // step 2
  require(checkpoint.origin === origin, "CHECKPOINT_ORIGIN"); // step 3
  await requireSigned(note, keys, origin, now); // step 4
  return checkpoint;
}

/**
 * @param {unknown} note
 * @returns {{text: string, signatures: {name: string, raw: Uint8Array<ArrayBuffer>}[]}}
 */
function parseNote(note) {
  require(typeof note === "string", "NOTE_FORM");
  require(note.length <= MAX_NOTE_CHARS || [...note].length <= MAX_NOTE_CHARS, "NOTE_FORM");
  require(!CONTROL.test(note), "NOTE_FORM");
  const gap = note.lastIndexOf("\n\n");
  require(gap > 0, "NOTE_FORM");
  const lines = note.slice(gap + 2).split("\n");
  require(lines.pop() === "" && lines.length > 0 && lines.length <= MAX_SIGNATURES, "NOTE_FORM");
  return { text: note.slice(0, gap + 1), signatures: lines.map(readSignature) };
}

/** @param {string} line */
function readSignature(line) {
  const parts = (line.startsWith(MARK) ? line.slice(MARK.length) : line).split(" ");
  const raw = decodeBase64(parts[parts.length - 1]);
  const isWhole = line.startsWith(MARK) && parts.length === 2 && NAME.test(parts[0]);
  require(isWhole && raw !== null && raw.length > KEY_ID_BYTES, "NOTE_FORM");
  return { name: parts[0], raw };
}

/**
 * @param {string} body
 * @returns {Readonly<Checkpoint>}
 */
function readCheckpoint(body) {
  const lines = body.split("\n");
  require(lines.pop() === "" && lines.length >= MIN_LINES && SIZE.test(lines[1]), "CHECKPOINT_FORM");
  const [origin, written, encoded, ...extensions] = lines;
  const root = decodeBase64(encoded);
  const size = BigInt(written);
  const isWhole = root !== null && root.length === HASH_BYTES && size <= MAX_SIZE;
  require(isWhole && [origin, ...extensions].every((line) => LINE.test(line)), "CHECKPOINT_FORM");
  return Object.freeze({ origin, size, root });
}

/**
 * At least one signature by the log's keys, and none of theirs wrong.
 *
 * @param {ReturnType<typeof parseNote>} note
 * @param {import("./keys.js").KeySet} keys
 * @param {string} name
 * @param {number} [now]
 */
async function requireSigned(note, keys, name, now) {
  const known = new Map();
  for (const key of keys) {
    if (key.purpose !== "log" || key.algorithm !== "EdDSA" || !mayHaveSigned(key, now)) continue;
    require(NAME.test(name), "NOTE_KEY");
    const id = await sha256(encoder.encode(`${name}\n`), Uint8Array.of(ED25519), key.publicBytes);
    known.set(String(id.subarray(0, KEY_ID_BYTES)), key);
  }
  let found = 0;
  for (const signature of note.signatures) {
    const key = known.get(String(signature.raw.subarray(0, KEY_ID_BYTES)));
    if (signature.name !== name || key === undefined) continue;
    const raw = signature.raw.subarray(KEY_ID_BYTES);
    const isRight = raw.length === SIGNATURE_BYTES && (await key.verify(encoder.encode(note.text), raw));
    require(isRight, "NOTE_SIGNATURE");
    found += 1;
  }
  require(found > 0, "NOTE_UNSIGNED");
}

/**
 * A pending key is published weeks before its start: until then nothing by it is believed.
 *
 * @param {import("./keys.js").Key} key
 * @param {number} [now]
 */
function mayHaveSigned(key, now) {
  return now === undefined ? key.state !== "pending" && key.activatedAt !== null : key.isBelieved(now + SKEW);
}

/**
 * The bytes of canonical base64 (RFC 4648 section 4); null for anything else.
 *
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer> | null}
 */
function decodeBase64(text) {
  if (!BASE64.test(text)) return null;
  if (text === "") return new Uint8Array();
  try {
    return decodeBase64url(text.replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_"));
  } catch {
    return null; // unused bits that are not zero
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} one
 * @param {Uint8Array<ArrayBuffer>} other
 */
function isSame(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** @param {...Uint8Array<ArrayBuffer>} parts */
function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
