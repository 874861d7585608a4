/**
 * What a verifier throws: one class for "no", one for "cannot tell here".
 *
 * @module
 */

/** A text is not genuine, not current, or not what was asked for. `reason` is the code of the profile's step. */
export class Refusal extends Error {
  /** @param {string} reason the code of docs/profiles, the same as that of the Python verifier */
  constructor(reason) {
    super(reason);
    this.name = "Refusal";
    this.reason = reason;
  }
}

/** This device cannot compute the key's algorithm (SM2 anywhere, Ed25519 in old browsers): neither yes nor no. */
export class CannotTell extends Error {
  /** @param {string} algorithm the JOSE name that is not supported here */
  constructor(algorithm) {
    super(`${algorithm} is not supported here`);
    this.name = "CannotTell";
    this.reason = "ALGORITHM_NOT_SUPPORTED";
    this.algorithm = algorithm;
  }
}

/** A key set has another shape, a key twice, a private member or a key that is no point of its curve. */
export class MalformedKeySet extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "MalformedKeySet";
  }
}

/**
 * Refuse unless a fact holds.
 *
 * @param {unknown} fact
 * @param {string} reason
 * @returns {asserts fact}
 */
export function require(fact, reason) {
  if (!fact) throw new Refusal(reason);
}
