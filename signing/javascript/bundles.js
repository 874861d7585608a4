/**
 * Reading a bundle: believed by its root key or refused. The steps are those of docs/profiles/bundle.md.
 *
 * @module
 */
import { Bundle } from "./bundle.js";
import { readDistrict } from "./district.js";
import { KeySet, thumbprint } from "./keys.js";
import { openCheckpoint } from "./log.js";
import { NO_SHARDS, readTable } from "./plates.js";
import { MalformedKeySet, Refusal, require } from "./refusals.js";
import { verifyStatusList } from "./status.js";
import { NotCanonical, decodeBase64url, encodeBase64url, isObject, readObject } from "./strict.js";
import { orRefuse, verifyToken } from "./tokens.js";

const MAX_LIFETIME = 7 * 24 * 3600 * 1000;
const MAX_SECONDS = 250_000_000_000;
const END_OF_TIME = MAX_SECONDS * 1000; // when every root has begun
const MAX_FILE_CHARS = 8 * 1024 * 1024 + 512 * 1024 + 4 * 1024; // the token, shards and one public key
const PROFILE = 2;
const encoder = new TextEncoder();

/**
 * The bundle in the text of a file, or in the object that `GET /api/v1/bundle` answers.
 *
 * Without `root` the key that came with it is trusted: right for the first one, got from the hub itself over https;
 * keep `bundle.root` and pin it from then on, or anybody's bundle will do.
 *
 * @param {unknown} document
 * @param {{root?: string | Record<string, unknown>, atLeast?: number, now?: Date,
 *   shards?: import("./plates.js").ShardSource}} [wishes] `root`: the thumbprint or the JWK that is pinned; `atLeast`: the
 *   highest version seen before; `now` checks at once whether it may be used; `shards` brings the shards of the table of
 *   plates where the document has none
 * @returns {Promise<Bundle>}
 * @throws {Refusal | CannotTell}
 */
export async function readBundle(document, { root, atLeast = 0, now, shards } = {}) {
  const file = typeof document === "string" ? readFile(document) : document;
  require(isObject(file) && typeof file.bundle === "string" && isObject(file.root), "BUNDLE_FORM"); // step 1
  const roots = await keySet([file.root], "BUNDLE_ROOT_FORM"); // step 2
  const print = await printOf([...roots][0].publicJwk);
  const pinned = typeof root === "string" || root === undefined ? root : await printOf(root);
  require(pinned === undefined || print === pinned, "BUNDLE_ROOT"); // step 3
  const given = { keys: roots, now: ownTime(file.bundle) };
  const { claims } = await verifyToken(file.bundle, { kind: "bundle+jwt" }, given); // step 4
  const sourceOf = shardsOf(file.shards, shards);
  const bundle = await readClaims(claims, { root: print, atLeast, sourceOf }); // steps 5-12
  if (now !== undefined) bundle.requireCurrent(now.getTime());
  return bundle;
}

/** @param {string} text */
function readFile(text) {
  require(text.length <= MAX_FILE_CHARS, "BUNDLE_FORM");
  return orRefuse("BUNDLE_FORM", () => readObject(encoder.encode(text)));
}

/**
 * @param {unknown} keys
 * @param {string} reason
 */
async function keySet(keys, reason) {
  try {
    return await KeySet.fromJwks({ keys });
  } catch (error) {
    if (error instanceof MalformedKeySet) throw new Refusal(reason);
    throw error;
  }
}

/** @param {Record<string, unknown>} jwk */
async function printOf(jwk) {
  try {
    return encodeBase64url(await thumbprint(jwk));
  } catch (error) {
    if (error instanceof MalformedKeySet) throw new Refusal("BUNDLE_ROOT_FORM");
    throw error;
  }
}

/**
 * The time that an unverified token says it was made at: a bundle is believed as of then.
 *
 * @param {string} token
 */
function ownTime(token) {
  const issued = unverified(token)?.iat;
  return typeof issued === "number" && issued >= 0 && issued <= MAX_SECONDS ? issued * 1000 : END_OF_TIME;
}

/**
 * @param {unknown} token
 * @returns {Record<string, unknown> | null}
 */
function unverified(token) {
  try {
    return readObject(decodeBase64url(String(token).split(".")[1] ?? ""));
  } catch (error) {
    if (error instanceof NotCanonical) return null; // the verifier refuses it with its reason
    throw error;
  }
}

/**
 * @param {Readonly<Record<string, unknown>>} claims
 * @param {{root: string, atLeast: number, sourceOf: ReturnType<typeof shardsOf>}} given
 */
async function readClaims(claims, { root, atLeast, sourceOf }) {
  require(claims.profile === PROFILE, "BUNDLE_PROFILE"); // step 5
  const [issuedAt, expiresAt] = [moment(claims.iat, "BUNDLE_CLAIM"), moment(claims.exp, "BUNDLE_CLAIM")]; // step 6
  const { iss, version } = claims;
  require(typeof iss === "string" && typeof version === "number" && version > 0, "BUNDLE_CLAIM");
  require(issuedAt < expiresAt && expiresAt <= issuedAt + MAX_LIFETIME, "BUNDLE_CLAIM");
  require(version >= atLeast, "BUNDLE_ROLLED_BACK"); // step 7
  const keys = await keySet(claims.keys, "BUNDLE_KEYS"); // step 8
  const statuses = await readStatuses(claims.statuses, keys, issuedAt); // step 9
  return new Bundle({
    issuer: iss,
    version,
    issuedAt,
    expiresAt,
    root,
    keys,
    revoked: readRevoked(claims.revoked),
    statuses,
    plates: readTable(claims.plates, sourceOf), // step 10
    checkpoint: "log" in claims ? await readCheckpoint(claims.log, keys, issuedAt) : null, // step 11
    district: "district" in claims ? await readDistrict(claims.district) : null, // step 12
  });
}

/**
 * @param {unknown} value
 * @param {string} reason
 * @returns {number}
 */
function moment(value, reason) {
  require(typeof value === "number" && value >= 0 && value <= MAX_SECONDS, reason);
  return value * 1000;
}

/** @param {unknown} listed */
function readRevoked(listed) {
  require(Array.isArray(listed), "BUNDLE_KEYS");
  const found = new Map();
  for (const entry of listed) {
    require(isObject(entry) && typeof entry.kid === "string" && "revoked_at" in entry, "BUNDLE_KEYS");
    found.set(entry.kid, moment(entry.revoked_at, "BUNDLE_CLAIM"));
  }
  return found;
}

/**
 * @param {unknown} tokens
 * @param {KeySet} keys
 * @param {number} issued
 */
async function readStatuses(tokens, keys, issued) {
  require(Array.isArray(tokens), "BUNDLE_STATUS");
  const found = new Map();
  for (const token of tokens) {
    const subject = unverified(token)?.sub;
    const uri = typeof subject === "string" ? subject : "";
    const held = await reasoned("BUNDLE_STATUS", verifyStatusList(token, { uri, keys, now: issued }));
    require(!found.has(uri), "BUNDLE_STATUS");
    found.set(uri, held);
  }
  return found;
}

/**
 * Where shards come from: the document's own ones stand in the order of their names.
 *
 * @param {unknown} texts
 * @param {import("./plates.js").ShardSource} [outside]
 * @returns {(names: readonly string[]) => import("./plates.js").ShardSource}
 */
function shardsOf(texts, outside = NO_SHARDS) {
  if (texts === undefined || texts === null) return () => outside;
  require(Array.isArray(texts), "BUNDLE_FORM");
  const contents = texts.map((text) => orRefuse("BUNDLE_FORM", () => decodeBase64url(typeof text === "string" ? text : "")));
  return (names) => {
    require(names.length === contents.length, "BUNDLE_SHARD");
    const own = new Map(names.map((name, number) => [name, contents[number]]));
    return (digest) => own.get(digest) ?? null;
  };
}

/**
 * @param {unknown} log
 * @param {KeySet} keys
 * @param {number} issued
 */
async function readCheckpoint(log, keys, issued) {
  require(isObject(log) && typeof log.origin === "string", "BUNDLE_CHECKPOINT");
  return reasoned("BUNDLE_CHECKPOINT", openCheckpoint(log.checkpoint, { keys, origin: log.origin, now: issued }));
}

/**
 * The outcome of a verification inside the bundle; its refusal is the bundle's.
 *
 * @template T
 * @param {string} reason
 * @param {Promise<T>} verification
 * @returns {Promise<T>}
 */
async function reasoned(reason, verification) {
  try {
    return await verification;
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(reason);
    throw error;
  }
}
