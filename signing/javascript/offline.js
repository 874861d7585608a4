/**
 * What can be said without a network, and how sure it is: good and fresh, good and so many hours old, not genuine.
 * Never plainly "valid": what happened since the bundle was made is not known here.
 *
 * @module
 */
import { startsOf, verifyCode } from "./codes.js";
import { verifyCredential } from "./credentials.js";
import { verifyReceipt } from "./receipts.js";
import { Refusal } from "./refusals.js";
import { formOf, readScanned } from "./scanned.js";

/** Milliseconds for which a status is fresh: as long as one may keep a status list when online. */
export const FRESH_FOR = 900_000;

/** @type {Readonly<Record<string, string>>} */
const SAID = Object.freeze({
  revoked: "OFFLINE_REVOKED",
  suspended: "OFFLINE_SUSPENDED",
  changed: "OFFLINE_CHANGED",
});

/**
 * `state` is one of three: "fresh", "aged" (the status is not fresh, or not known at all), "not-genuine". `status` was
 * true at `asOf`, milliseconds since 1970; both null: unknown.
 *
 * @typedef {object} OfflineVerdict
 * @property {"fresh" | "aged" | "not-genuine"} state
 * @property {boolean} isGenuine whether the signature is good; not that the thing is in force
 * @property {boolean} needsAttention genuine, but revoked, suspended, changed, or of a status that is old or unknown
 * @property {string | null} kind
 * @property {readonly string[]} reasons
 * @property {string | null} status
 * @property {number | null} asOf
 * @property {number} checkedAt
 * @property {unknown} believed what the signature vouches for
 * @property {import("./district.js").CarriedEnterprise | null} enterprise what an officer's bundle says of it
 */

/** Verdicts from one bundle. Make one per bundle and keep it. */
export class OfflineVerifier {
  #bundle;
  #origins;
  #starts;
  #algorithms;

  /**
   * @param {import("./bundle.js").Bundle} bundle
   * @param {{origins?: Iterable<string>, algorithms?: Iterable<string>}} [policy] addresses besides the issuer's
   */
  constructor(bundle, { origins = [], algorithms } = {}) {
    this.#bundle = bundle;
    this.#origins = [bundle.issuer, ...origins];
    this.#starts = startsOf(this.#origins);
    this.#algorithms = algorithms === undefined ? undefined : new Set(algorithms);
  }

  /**
   * Of whatever was scanned, pasted or received, without what stood around it; what it is, its form tells.
   *
   * @param {string} text
   * @param {{now: Date, audience?: string, nonce?: string}} asked
   * @returns {Promise<Readonly<OfflineVerdict>>}
   * @throws {Refusal} as `verifyCode`
   */
  async verify(text, asked) {
    const read = readScanned(text, this.#origins);
    const form = formOf(read);
    if (form === "credential") return this.verifyCredential(read, asked);
    return form === "receipt" ? this.verifyReceipt(read, asked) : this.verifyCode(read, asked);
  }

  /**
   * Of a plate or a dynamic code.
   *
   * @param {unknown} text
   * @param {{now: Date}} moment
   * @returns {Promise<Readonly<OfflineVerdict>>}
   * @throws {Refusal} BUNDLE_NOT_YET, BUNDLE_EXPIRED, BUNDLE_SHARD, BUNDLE_PLATES; CannotTell where this device lacks the algorithm
   */
  async verifyCode(text, { now }) {
    const [bundle, at] = [this.#bundle, now.getTime()];
    bundle.requireCurrent(at);
    const given = { keys: bundle.keys, starts: this.#starts, algorithms: this.#algorithms, now: at };
    return settled(verifyCode(text, given), null, at, async (code) => {
      const { plateId, uscc } = code.claims;
      const known = plateId === undefined ? null : await bundle.plateStatus(plateId, code.r, at);
      const enterprise = bundle.district?.enterprises.get(uscc) ?? null;
      return verdict({ kind: code.kind, known, believed: code, enterprise, at });
    });
  }

  /**
   * Of a license credential or its presentation; `audience` and `nonce`, both or neither: for whom its holder must
   * have signed.
   *
   * @param {unknown} text
   * @param {{now: Date, audience?: string, nonce?: string}} asked
   * @returns {Promise<Readonly<OfflineVerdict>>}
   * @throws {Refusal} as `verifyCode`
   */
  async verifyCredential(text, { now, audience, nonce }) {
    const [bundle, at] = [this.#bundle, now.getTime()];
    bundle.requireCurrent(at);
    const policy = { issuer: bundle.issuer, algorithms: this.#algorithms, unasked: /** @type {const} */ ("report") };
    const given = { ...policy, keys: bundle.keys, now: at, audience, nonce };
    return settled(verifyCredential(text, given), "credential", at, async (credential) => {
      const { status, holder, binding } = credential;
      const known = status === null ? null : bundle.listStatus(status.uri, status.index, at);
      const ofHolder = saidOfHolder(holder !== null, binding);
      return verdict({ kind: "credential", known, believed: credential, enterprise: null, at, ofHolder });
    });
  }

  /**
   * Of a receipt from the public log.
   *
   * @param {unknown} token
   * @param {{now: Date}} moment
   * @returns {Promise<Readonly<OfflineVerdict>>}
   * @throws {Refusal} as `verifyCode`
   */
  async verifyReceipt(token, { now }) {
    const [bundle, at] = [this.#bundle, now.getTime()];
    bundle.requireCurrent(at);
    const given = { keys: bundle.keys, now: at, issuer: bundle.issuer, algorithms: this.#algorithms };
    return settled(verifyReceipt(token, given), "receipt", at, async (receipt) => {
      const known = { status: "valid", asOf: bundle.issuedAt }; // it tells of the past, which does not change
      return verdict({ kind: "receipt", known, believed: receipt, enterprise: null, at });
    });
  }
}

/**
 * @template T
 * @param {Promise<T>} verification
 * @param {string | null} kind
 * @param {number} checkedAt
 * @param {(believed: T) => Promise<Readonly<OfflineVerdict>>} conclude
 */
async function settled(verification, kind, checkedAt, conclude) {
  let believed;
  try {
    believed = await verification;
  } catch (error) {
    if (error instanceof Refusal) return notGenuine(error.reason, kind, checkedAt);
    throw error;
  }
  return conclude(believed);
}

/**
 * Nothing where there is nothing to warn of: bound to nobody, or signed by the holder for this verifier.
 *
 * @param {boolean} isBound
 * @param {Readonly<import("./holders.js").Binding> | null} binding
 * @returns {readonly string[]}
 */
function saidOfHolder(isBound, binding) {
  if (binding === null) return isBound ? ["HOLDER_NOT_PROVEN"] : [];
  return binding.isForUs ? [] : ["HOLDER_NOT_ASKED"];
}

/**
 * @param {{kind: string, known: import("./bundle.js").Known | null, believed: unknown,
 *   enterprise: import("./district.js").CarriedEnterprise | null, at: number, ofHolder?: readonly string[]}} found
 * @returns {Readonly<OfflineVerdict>}
 */
function verdict({ kind, known, believed, enterprise, at, ofHolder = [] }) {
  const { status, asOf } = known ?? { status: null, asOf: null };
  const state = asOf !== null && at - asOf <= FRESH_FOR ? "fresh" : "aged";
  return Object.freeze({
    state,
    isGenuine: true,
    needsAttention: state === "aged" || status !== "valid" || ofHolder.length > 0,
    kind,
    reasons: Object.freeze(reasonsOf(state, status, ofHolder)),
    status,
    asOf,
    checkedAt: at,
    believed,
    enterprise,
  });
}

/**
 * @param {"fresh" | "aged"} state
 * @param {string | null} status
 * @param {readonly string[]} ofHolder
 */
function reasonsOf(state, status, ofHolder) {
  if (status === null) return [...ofHolder, "OFFLINE_STATUS_UNKNOWN"];
  const age = state === "fresh" ? "OFFLINE_FRESH" : "OFFLINE_AGED";
  return [...(status in SAID ? [SAID[status]] : []), ...ofHolder, age];
}

/**
 * @param {string} reason
 * @param {string | null} kind
 * @param {number} checkedAt
 * @returns {Readonly<OfflineVerdict>}
 */
function notGenuine(reason, kind, checkedAt) {
  const unknown = { status: null, asOf: null, believed: null, enterprise: null };
  const reasons = Object.freeze([reason]);
  return Object.freeze({ state: "not-genuine", isGenuine: false, needsAttention: false, kind, reasons, checkedAt, ...unknown });
}
