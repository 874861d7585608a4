/**
 * Receipts (docs/profiles/receipt.md): one entry of the log with everything that proves it.
 *
 * @module
 */
import { leafHash, openCheckpoint, sha256, verifyInclusion } from "./log.js";
import { require } from "./refusals.js";
import { decodeBase64url, encodeBase64url, isObject, readObject, writeJson } from "./strict.js";
import { orRefuse, verifyToken } from "./tokens.js";

const MAX_PROOF = 63;
const HASH_BYTES = 32;
const SALT_BYTES = 16;
const AT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$/;
const SECOND_CHARS = 19;
const encoder = new TextEncoder();

/** @type {Readonly<Record<string, (value: unknown) => boolean>>} */
const MEMBERS = Object.freeze({
  iss: isText,
  iat: isWhole,
  jti: isText,
  log: isText,
  leaf: isText,
  index: isWhole,
  size: isWhole,
  proof: Array.isArray,
  checkpoint: isText,
});
const LEAF = { at: isText, commitment: isText, kind: isText };
const LATE = "happened_at"; // of an act that came late to the record
const CLEAR = { data: isObject, subject: isText };
const OPENED = { by: isAny, data: isAny, id: isAny, rows: isAny, salt: isText, subject: isAny, uscc: isAny };

/**
 * A receipt that proved its entry. `at`, when the act was put on record, and `happenedAt`, when it was done where it came
 * late, are as written in the leaf, to the microsecond.
 *
 * @typedef {object} VerifiedReceipt
 * @property {string} kid
 * @property {string} id
 * @property {string} issuer
 * @property {string} origin
 * @property {bigint} index
 * @property {bigint} size
 * @property {string} at
 * @property {string | null} happenedAt
 * @property {string} kind
 * @property {Readonly<Record<string, unknown>>} leaf
 * @property {Readonly<Record<string, unknown>> | null} opening what the leaf had committed to, where it is shown
 */

/**
 * Believe a receipt, or throw the reason that speaks against it.
 *
 * `algorithms` is the caller's policy for the receipt's own signature; the checkpoint's is Ed25519 always (C2SP).
 *
 * @param {unknown} token
 * @param {{keys: import("./keys.js").KeySet, now: number, issuer?: string, origin?: string,
 *   algorithms?: ReadonlySet<string>}} given
 * @returns {Promise<Readonly<VerifiedReceipt>>}
 * @throws {Refusal | CannotTell}
 */
export async function verifyReceipt(token, { keys, now, issuer, origin, algorithms }) {
  const asked = { kind: "receipt+jwt", issuer, algorithms };
  const { kid, claims } = await verifyToken(token, asked, { keys, now }); // step 1
  require(hasShape(without(claims, "opening"), MEMBERS), "RECEIPT_CLAIM"); // step 2
  const named = /** @type {string} */ (claims.log);
  require(origin === undefined || named === origin, "RECEIPT_LOG"); // step 3
  const checkpoint = await openCheckpoint(claims.checkpoint, { keys, origin: named, now }); // step 4
  const index = BigInt(/** @type {number} */ (claims.index));
  const size = BigInt(/** @type {number} */ (claims.size));
  require(checkpoint.size === size, "RECEIPT_SIZE"); // step 5
  const text = /** @type {string} */ (claims.leaf);
  const proof = readProof(/** @type {unknown[]} */ (claims.proof));
  await verifyInclusion(await leafHash(encoder.encode(text)), index, size, proof, checkpoint.root); // step 6
  const leaf = readLeaf(text); // step 7
  const opening = await readOpening(claims, leaf); // step 8
  return Object.freeze({
    kid,
    id: /** @type {string} */ (claims.jti),
    issuer: /** @type {string} */ (claims.iss),
    origin: named,
    index,
    size,
    at: /** @type {string} */ (leaf.at),
    happenedAt: /** @type {string | null} */ (leaf[LATE] ?? null),
    kind: /** @type {string} */ (leaf.kind),
    leaf: Object.freeze(leaf),
    opening,
  });
}

/** @param {unknown[]} written */
function readProof(written) {
  require(written.length <= MAX_PROOF && written.every(isText), "RECEIPT_CLAIM");
  const nodes = written.map((node) => orRefuse("RECEIPT_CLAIM", () => decodeBase64url(/** @type {string} */ (node))));
  require(nodes.every((node) => node.length === HASH_BYTES), "RECEIPT_CLAIM");
  return nodes;
}

/** @param {string} text */
function readLeaf(text) {
  const members = orRefuse("RECEIPT_LEAF", () => readObject(encoder.encode(text)));
  require(orRefuse("RECEIPT_LEAF", () => writeJson(members)) === text, "RECEIPT_LEAF");
  const isClear = Object.keys(CLEAR).some((name) => name in members);
  require(hasShape(without(members, LATE), isClear ? { ...LEAF, ...CLEAR } : LEAF), "RECEIPT_LEAF");
  const at = /** @type {string} */ (members.at);
  require(isMoment(at), "RECEIPT_LEAF");
  if (LATE in members) {
    const late = members[LATE];
    require(isText(late) && isMoment(late) && late < at, "RECEIPT_LEAF"); // of one width in UTC: compared as text
  }
  return members;
}

/**
 * @param {Readonly<Record<string, unknown>>} claims
 * @param {Readonly<Record<string, unknown>>} leaf
 */
async function readOpening(claims, leaf) {
  const shown = claims.opening ?? null;
  if (shown === null) return null;
  require(isObject(shown) && hasShape(shown, OPENED) && shown.id === claims.jti, "RECEIPT_OPENING");
  const salt = orRefuse("RECEIPT_OPENING", () => decodeBase64url(/** @type {string} */ (shown.salt)));
  const opened = without(shown, "salt");
  const text = orRefuse("RECEIPT_OPENING", () => writeJson(opened));
  const found = encodeBase64url(await sha256(salt, encoder.encode(text)));
  require(salt.length === SALT_BYTES && found === leaf.commitment, "RECEIPT_OPENING");
  for (const name of Object.keys(CLEAR)) {
    require(!(name in leaf) || writeJson(leaf[name]) === writeJson(opened[name]), "RECEIPT_OPENING");
  }
  return Object.freeze(opened);
}

/** @param {string} text */
function isMoment(text) {
  if (!AT.test(text) || text.startsWith("0000")) return false;
  const whole = text.slice(0, SECOND_CHARS);
  const moment = new Date(`${whole}Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(whole);
}

/**
 * @param {Readonly<Record<string, unknown>>} members
 * @param {Readonly<Record<string, (value: unknown) => boolean>>} shape
 */
function hasShape(members, shape) {
  const names = Object.keys(shape);
  return Object.keys(members).length === names.length && names.every((name) => shape[name](members[name]));
}

/**
 * @param {Readonly<Record<string, unknown>>} members
 * @param {string} left
 * @returns {Record<string, unknown>}
 */
function without(members, left) {
  return Object.fromEntries(Object.entries(members).filter(([name]) => name !== left));
}

/** @param {unknown} value */
function isText(value) {
  return typeof value === "string";
}

/** @param {unknown} value */
function isWhole(value) {
  return typeof value === "number" || typeof value === "bigint";
}

function isAny() {
  return true;
}
