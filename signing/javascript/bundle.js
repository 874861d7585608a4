/**
 * The offline bundle (docs/profiles/bundle.md): what a verifier needs where there is no network, under one signature.
 *
 * @module
 */
import { SKEW } from "./codes.js";
import { require } from "./refusals.js";
import { STATUSES } from "./status.js";

const GRAVITY = ["revoked", "suspended", "changed", "valid"]; // the worst first

/** @typedef {{status: string, asOf: number}} Known a status and as of when, in milliseconds */

/** A bundle that was believed, as of its own time; `requireCurrent` says whether it may be used now. */
export class Bundle {
  /** @param {Record<string, any>} parts */
  constructor(parts) {
    /** @type {string} */ this.issuer = parts.issuer;
    /** @type {number} */ this.version = parts.version;
    /** @type {number} milliseconds since 1970 */ this.issuedAt = parts.issuedAt;
    /** @type {number} milliseconds since 1970 */ this.expiresAt = parts.expiresAt;
    /** @type {string} the thumbprint to pin: RFC 7638, SHA-256, base64url */ this.root = parts.root;
    /** @type {import("./keys.js").KeySet} */ this.keys = parts.keys;
    /** @type {ReadonlyMap<string, number>} */ this.revoked = parts.revoked;
    /** @type {ReadonlyMap<string, import("./status.js").VerifiedStatusList>} */ this.statuses = parts.statuses;
    /** @type {import("./plates.js").PlateTable} */ this.plates = parts.plates;
    /** @type {import("./log.js").Checkpoint | null} */ this.checkpoint = parts.checkpoint;
    /** @type {Readonly<import("./district.js").District> | null} */ this.district = parts.district;
    Object.freeze(this);
  }

  /**
   * @param {number} now
   * @throws {Refusal} BUNDLE_NOT_YET, BUNDLE_EXPIRED
   */
  requireCurrent(now) {
    require(this.issuedAt <= now + SKEW, "BUNDLE_NOT_YET");
    require(this.expiresAt > now, "BUNDLE_EXPIRED");
  }

  /**
   * What the lists say of a plate; null when it is in no table (it may be newer) or its shard is missing. `now` as in
   * `listStatus`. Of rows with one name the worst counts; what is not known is worse than valid.
   *
   * @param {string} plateId
   * @param {Uint8Array<ArrayBuffer>} r the first half of its code's signature
   * @param {number} [now]
   * @returns {Promise<Known | null>}
   * @throws {Refusal} BUNDLE_SHARD, BUNDLE_PLATES
   */
  async plateStatus(plateId, r, now) {
    const entries = await this.plates.entries(plateId, r);
    const found = entries.map(({ uri, index }) => this.listStatus(uri, index, now));
    const known = found.filter((each) => each !== null);
    known.sort((one, other) => GRAVITY.indexOf(one.status) - GRAVITY.indexOf(other.status));
    const worst = known[0] ?? null;
    return worst?.status === "valid" && known.length < found.length ? null : worst;
  }

  /**
   * What a list says of an entry; null when the bundle has no such list or entry. At `now`, milliseconds since 1970
   * (absent: when the bundle was made), a list that has ended calls nothing valid any more; that something was revoked,
   * suspended or changed stays worth telling.
   *
   * @param {string} uri
   * @param {number} index
   * @param {number} [now]
   * @returns {Known | null}
   */
  listStatus(uri, index, now = this.issuedAt) {
    const held = this.statuses.get(uri);
    if (held === undefined || !(index >= 0 && index < held.entries.length)) return null;
    const status = STATUSES[held.entries.get(index)] ?? "changed";
    return status === "valid" && held.expiresAt <= now ? null : { status, asOf: held.issuedAt };
  }
}
