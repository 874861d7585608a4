/**
 * The alphabets of a code: credit codes, plate ids, nonces, signatures in base32.
 *
 * @module
 */
import { require } from "./refusals.js";

const USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"; // GB 32100-2015, table 3
const USCC_SHAPE = /^[0-9A-HJ-NPQRTUWXY]{18}$/;
const USCC_WEIGHTS = Array.from({ length: 17 }, (_, place) => Number(3n ** BigInt(place) % 31n));
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const PLATE_ID = /^[0-9A-HJKMNP-TV-Z]{10}$/;
const NONCE = /^[0-9A-HJKMNP-TV-Z]{8}$/;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SIGNATURE = /^[A-Z2-7]{103}$/;
const SEPARATORS = /[\s\-‐-―−_.·]+/gu;
const MAX_TYPED_CHARS = 64; // ten characters with generous spacing

/**
 * Whether 18 characters of the code's alphabet end in their check character (GB 32100-2015, 4.4).
 *
 * @param {string} text
 */
export function isUscc(text) {
  if (!USCC_SHAPE.test(text)) return false;
  let sum = 0;
  for (const [place, weight] of USCC_WEIGHTS.entries()) sum += USCC.indexOf(text[place]) * weight;
  return USCC[(31 - (sum % 31)) % 31] === text[17];
}

/**
 * Whether the text is a plate id in its canonical form.
 *
 * @param {string} text
 */
export function isPlateId(text) {
  return PLATE_ID.test(text) && remainder(text) === 0;
}

/**
 * Whether the text is a nonce in its canonical form.
 *
 * @param {string} text
 */
export function isNonce(text) {
  return NONCE.test(text);
}

/**
 * The plate id that a person typed from under the symbol.
 *
 * @param {string} typed
 * @returns {string}
 * @throws {Refusal} PLATE_ID_LENGTH, PLATE_ID_ALPHABET, PLATE_ID_CHECK
 */
export function normalisePlateId(typed) {
  require([...typed].length <= MAX_TYPED_CHARS, "PLATE_ID_LENGTH");
  const raised = typed.normalize("NFKC").replace(SEPARATORS, "").replace(/[a-z]/g, (letter) => letter.toUpperCase());
  const text = raised.replaceAll("O", "0").replace(/[IL]/g, "1");
  require([...text].length === 10, "PLATE_ID_LENGTH");
  require(PLATE_ID.test(text), "PLATE_ID_ALPHABET");
  require(remainder(text) === 0, "PLATE_ID_CHECK");
  return text;
}

/**
 * The 64 bytes of a signature in the one spelling there is: 103 characters, the last 3 bits zero.
 *
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {Refusal} CODE_BASE32
 */
export function decodeSignature(text) {
  require(SIGNATURE.test(text), "CODE_BASE32");
  const bytes = new Uint8Array(64);
  let bits = 0;
  let held = 0;
  let place = 0;
  for (const character of text) {
    bits = ((bits << 5) | BASE32.indexOf(character)) & 0xffff;
    held += 5;
    if (held >= 8) {
      held -= 8;
      bytes[place] = bits >> held;
      place += 1;
    }
  }
  require((bits & ((1 << held) - 1)) === 0, "CODE_BASE32");
  return bytes;
}

/** @param {string} text Crockford characters: elements of GF(2^5) with x^5 + x^2 + 1 */
function remainder(text) {
  let accumulator = 1;
  for (const character of text) {
    accumulator <<= 1;
    if (accumulator & 0b100000) accumulator ^= 0b100101;
    accumulator ^= CROCKFORD.indexOf(character);
  }
  return accumulator;
}
