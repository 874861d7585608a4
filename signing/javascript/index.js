/**
 * Verifies what a hub signs, by its published key set or its offline bundle. No dependencies, no network.
 *
 * @module
 */
import { startsOf, verifyCode } from "./codes.js";
import { verifyCredential } from "./credentials.js";
import { verifyReceipt } from "./receipts.js";
import { verifyStatusList } from "./status.js";
import { verifyToken } from "./tokens.js";

export { Bundle } from "./bundle.js";
export { readBundle } from "./bundles.js";
export { isNonce, isPlateId, isUscc, normalisePlateId } from "./alphabets.js";
export { MAX_CODE_CHARS } from "./codes.js";
export { HolderKey } from "./holders.js";
export { KeySet, thumbprint } from "./keys.js";
export { leafHash, nodeHash, openCheckpoint, verifyInclusion } from "./log.js";
export { FRESH_FOR, OfflineVerifier } from "./offline.js";
export { CannotTell, MalformedKeySet, Refusal } from "./refusals.js";
export { formOf, readScanned, trimmed } from "./scanned.js";
export { STATUSES, StatusList } from "./status.js";
export { TOKEN_KINDS } from "./tokens.js";

/** Believes what our keys signed. Make one per key set and keep it. */
export class Verifier {
  #keys;
  #starts;
  #algorithms;

  /**
   * @param {import("./keys.js").KeySet} keys
   * @param {{origins?: Iterable<string>, algorithms?: Iterable<string>}} [policy] `origins`: addresses under which
   *   codes may point, `https://hub.example`; a bare `PAYLOAD.SIG` is read with or without them. `algorithms`: what was
   *   signed with a key of another algorithm is refused; absent: every algorithm of the key set
   */
  constructor(keys, { origins = [], algorithms } = {}) {
    this.#keys = keys;
    this.#starts = startsOf(origins);
    this.#algorithms = algorithms === undefined ? undefined : new Set(algorithms);
  }

  /**
   * @param {unknown} text
   * @param {{now: Date}} moment
   * @returns {Promise<Readonly<import("./codes.js").VerifiedCode>>}
   * @throws {Refusal | CannotTell}
   */
  async verifyCode(text, { now }) {
    const given = { keys: this.#keys, starts: this.#starts, algorithms: this.#algorithms };
    return verifyCode(text, { ...given, now: now.getTime() });
  }

  /**
   * @param {unknown} token
   * @param {{kind: string, issuer?: string, audience?: string, now: Date}} asked
   * @returns {Promise<Readonly<import("./tokens.js").VerifiedToken>>}
   * @throws {Refusal | CannotTell}
   */
  async verifyToken(token, { now, ...request }) {
    return verifyToken(token, { ...request, algorithms: this.#algorithms }, { keys: this.#keys, now: now.getTime() });
  }

  /**
   * A license credential or its presentation.
   *
   * @param {unknown} text
   * @param {{now: Date, issuer?: string, audience?: string, nonce?: string, unasked?: "refuse" | "report"}} asked
   *   `audience` and `nonce` go together: for whom the holder must have signed
   * @returns {Promise<Readonly<import("./credentials.js").VerifiedCredential>>}
   * @throws {Refusal | CannotTell}
   */
  async verifyCredential(text, { now, ...request }) {
    const given = { algorithms: this.#algorithms, keys: this.#keys, now: now.getTime() };
    return verifyCredential(text, { ...request, ...given });
  }

  /**
   * A receipt from the public log.
   *
   * @param {unknown} token
   * @param {{now: Date, issuer?: string, origin?: string}} asked
   * @returns {Promise<Readonly<import("./receipts.js").VerifiedReceipt>>}
   * @throws {Refusal | CannotTell}
   */
  async verifyReceipt(token, { now, ...request }) {
    return verifyReceipt(token, { ...request, algorithms: this.#algorithms, keys: this.#keys, now: now.getTime() });
  }

  /**
   * The status list that is served at `uri`.
   *
   * @param {unknown} token
   * @param {{now: Date, uri: string}} asked
   * @returns {Promise<Readonly<import("./status.js").VerifiedStatusList>>}
   * @throws {Refusal | CannotTell}
   */
  async verifyStatusList(token, { now, uri }) {
    return verifyStatusList(token, { uri, keys: this.#keys, now: now.getTime() });
  }
}
