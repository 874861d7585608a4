/**
 * Verifies what a hub signs, by its published key set or its offline bundle. No dependencies, no network.
 *
 * @module
 */
import { startsOf, verifyCode } from "./codes.js";
import { verifyToken } from "./tokens.js";

export { isNonce, isPlateId, isUscc, normalisePlateId } from "./alphabets.js";
export { MAX_CODE_CHARS } from "./codes.js";
export { KeySet, thumbprint } from "./keys.js";
export { CannotTell, MalformedKeySet, Refusal } from "./refusals.js";
export { TOKEN_KINDS } from "./tokens.js";

/** Believes what our keys signed. Make one per key set and keep it. */
export class Verifier {
  #keys;
  #starts;

  /**
   * @param {import("./keys.js").KeySet} keys
   * @param {{origins?: Iterable<string>}} [accepted] addresses under which codes may point, `https://hub.example`;
   *   a bare `PAYLOAD.SIG` is read with or without them
   */
  constructor(keys, { origins = [] } = {}) {
    this.#keys = keys;
    this.#starts = startsOf(origins);
  }

  /**
   * @param {unknown} text
   * @param {{now: Date}} moment
   * @returns {Promise<Readonly<import("./codes.js").VerifiedCode>>}
   * @throws {Refusal | CannotTell}
   */
  async verifyCode(text, { now }) {
    return verifyCode(text, { keys: this.#keys, starts: this.#starts, now: now.getTime() });
  }

  /**
   * @param {unknown} token
   * @param {import("./tokens.js").TokenRequest & {now: Date}} asked
   * @returns {Promise<Readonly<import("./tokens.js").VerifiedToken>>}
   * @throws {Refusal | CannotTell}
   */
  async verifyToken(token, { now, ...request }) {
    return verifyToken(token, request, { keys: this.#keys, now: now.getTime() });
  }
}
