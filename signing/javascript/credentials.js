/**
 * License credentials (docs/profiles/credential.md; RFC 9901, SD-JWT VC): the numbers are its steps, the first that
 * fails decides. What is said was true when it was issued; whether that holds now is for its status to say.
 *
 * @module
 */
import { MAX_DISCLOSURES, unfold } from "./disclosures.js";
import { HolderKey, verifyBinding } from "./holders.js";
import { require } from "./refusals.js";
import { isObject } from "./strict.js";
import { MAX_TOKEN_CHARS, instant, verifyToken } from "./tokens.js";

const SEPARATOR = "~";
const MAX_CREDENTIAL_CHARS = 3 * MAX_TOKEN_CHARS;
const MIN_PIECES = 2;
const MAX_STATUS_INDEX = 2 ** 31;
const ASCII = /^[\x00-\x7f]*$/;
const STATUS_URI = /^[!-~]{1,300}$/;
/** SD-JWT VC section 2.2.2.3, and what names the credential itself. */
const ALWAYS_VISIBLE = ["iss", "iat", "nbf", "exp", "jti", "cnf", "vct", "vct#integrity", "status", "aud"];

/**
 * A credential whose signature, form and time were good. `claims`: everything visible and disclosed together, an
 * object without prototype; `disclosed`: the names disclosed at the top level; `holder` null: bound to nobody;
 * `binding` null: the holder did not sign.
 *
 * @typedef {object} VerifiedCredential
 * @property {string} kid
 * @property {string} token the issuer's part as it was presented
 * @property {Readonly<Record<string, unknown>>} claims
 * @property {readonly string[]} disclosed
 * @property {string} vct
 * @property {Readonly<{uri: string, index: number}> | null} status
 * @property {HolderKey | null} holder
 * @property {Readonly<import("./holders.js").Binding> | null} binding
 * @property {Date} issuedAt
 * @property {Date | null} expiresAt
 */

/**
 * What a credential is asked. `audience` and `nonce`, both or neither: for whom the holder must have signed within the
 * last five minutes. `unasked`: "refuse" a holder's token that nobody asked for (the default), or "report" it.
 *
 * @typedef {object} CredentialRequest
 * @property {import("./keys.js").KeySet} keys
 * @property {number} now milliseconds since 1970
 * @property {string} [issuer]
 * @property {string} [audience]
 * @property {string} [nonce]
 * @property {"refuse" | "report"} [unasked]
 * @property {ReadonlySet<string>} [algorithms] the caller's policy for the issuer's signature
 */

/**
 * Believe a credential or a presentation, or throw the reason that speaks against it.
 *
 * @param {unknown} text
 * @param {CredentialRequest} request
 * @returns {Promise<Readonly<VerifiedCredential>>}
 * @throws {Refusal | CannotTell | TypeError} TypeError for an audience without a nonce
 */
export async function verifyCredential(text, request) {
  const asked = askedOf(request);
  const pieces = split(text); // steps 1-4
  const { issuer, algorithms, keys, now } = request;
  const token = await verifyToken(pieces.token, { kind: "dc+sd-jwt", issuer, algorithms }, { keys, now }); // step 5
  const claims = await unfold(token.claims, pieces.disclosures); // steps 6-13
  const isOpen = ALWAYS_VISIBLE.every((name) => name in token.claims || !(name in claims));
  require(isOpen, "CREDENTIAL_HIDES_REGISTERED"); // step 14
  const holder = await holderOf(token.claims); // step 15
  const binding = await bindingOf(pieces, holder, { asked, unasked: request.unasked, now }); // steps 16-25
  require(typeof claims.vct === "string" && claims.vct !== "", "CREDENTIAL_CLAIM");
  return Object.freeze({
    kid: token.kid,
    token: pieces.token,
    claims: Object.freeze(claims),
    disclosed: Object.freeze(Object.keys(claims).filter((name) => !(name in token.claims))),
    vct: claims.vct,
    status: statusOf(claims),
    holder,
    binding,
    issuedAt: new Date(instant(claims, "iat")),
    expiresAt: "exp" in claims ? new Date(instant(claims, "exp")) : null,
  });
}

/** @param {CredentialRequest} request */
function askedOf({ audience, nonce }) {
  if (audience === undefined && nonce === undefined) return null;
  if (!audience || !nonce) throw new TypeError("an audience and a nonce go together, and neither is empty");
  return { audience, nonce };
}

/** @param {unknown} text */
function split(text) {
  require(typeof text === "string", "CREDENTIAL_NOT_TEXT"); // step 1
  const isShort = text.length <= 2 * MAX_CREDENTIAL_CHARS && [...text].length <= MAX_CREDENTIAL_CHARS;
  require(isShort, "CREDENTIAL_TOO_LONG"); // step 2
  const pieces = text.split(SEPARATOR);
  const isWhole = ASCII.test(text) && pieces.length >= MIN_PIECES && !pieces.slice(0, -1).includes("");
  require(isWhole, "CREDENTIAL_FORM"); // step 3
  require(pieces.length - MIN_PIECES <= MAX_DISCLOSURES, "CREDENTIAL_TOO_MANY"); // step 4
  const binding = pieces[pieces.length - 1];
  const presented = text.slice(0, text.length - binding.length);
  return { token: pieces[0], disclosures: pieces.slice(1, -1), binding, presented };
}

/** @param {Readonly<Record<string, unknown>>} claims */
async function holderOf(claims) {
  if (!("cnf" in claims)) return null;
  const { cnf } = claims;
  require(isObject(cnf) && "jwk" in cnf && Object.keys(cnf).length === 1, "CREDENTIAL_CLAIM");
  return HolderKey.fromJwk(cnf.jwk);
}

/**
 * @param {{binding: string, presented: string}} pieces
 * @param {HolderKey | null} holder
 * @param {{asked: {audience: string, nonce: string} | null, unasked?: "refuse" | "report", now: number}} given
 */
async function bindingOf({ binding, presented }, holder, { asked, unasked = "refuse", now }) {
  if (binding === "") {
    require(asked === null, holder === null ? "CREDENTIAL_NO_HOLDER" : "BINDING_MISSING"); // step 16
    return null;
  }
  require(asked !== null || unasked === "report", "BINDING_UNASKED");
  require(holder !== null, "CREDENTIAL_NO_HOLDER");
  return verifyBinding(binding, { presented, holder, asked, now });
}

/** @param {Readonly<Record<string, unknown>>} claims */
function statusOf(claims) {
  if (claims.status == null) return null;
  const list = isObject(claims.status) ? claims.status.status_list : null;
  require(isObject(list) && typeof list.uri === "string" && STATUS_URI.test(list.uri), "CREDENTIAL_CLAIM");
  const { uri, idx } = list;
  require(typeof idx === "number" && idx >= 0 && idx < MAX_STATUS_INDEX, "CREDENTIAL_CLAIM");
  return Object.freeze({ uri, index: idx });
}
