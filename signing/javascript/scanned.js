/**
 * What stands around a signed text when it reaches us, taken off before it is verified (docs/profiles/code.md, section 10).
 *
 * @module
 */

const MAX_ADDRESS_CHARS = 4000;
const PATH = "/c/";
// white space, information separators, marks that are not seen; the same in scanned.py
const EDGE =
  "\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u00ad\\u061c\\u1680\\u180e\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u2064\\u2066-\\u2069\\u3000\\ufeff";
const BEFORE = new RegExp(`^[${EDGE}]+`);
const ADDRESS = /^(https?):\/\/([a-z0-9.-]+)(?::([0-9]{0,5}))?(\/[^?#]*)/i;
const ESCAPED = /(?:%[0-9A-Fa-f]{2})+/g;
const DELIMITERS = /[%?#]/;
/** @type {Readonly<Record<string, string>>} */
const PORTS = Object.freeze({ http: "80", https: "443" });
const TOKEN_START = "ey";
const EDGES = new RegExp(`[${EDGE}]`);

/**
 * The text without white space and unseen marks at its two ends; what is inside stays.
 *
 * @param {string} text
 */
export function trimmed(text) {
  let end = text.length;
  while (end > 0 && EDGES.test(text[end - 1])) end -= 1;
  return text.slice(0, end).replace(BEFORE, "");
}

/**
 * What a trimmed text is, as far as its form tells.
 *
 * @param {string} text
 * @returns {"code" | "credential" | "receipt"}
 */
export function formOf(text) {
  if (!text.startsWith(TOKEN_START)) return "code";
  return text.includes("~") ? "credential" : "receipt";
}

/**
 * The text as a verifier takes it: trimmed, and of an address of ours no more than names the code.
 *
 * @param {string} text
 * @param {Iterable<string>} origins lower-case `scheme://host[:port]`
 * @returns {string}
 */
export function readScanned(text, origins) {
  const bare = trimmed(text);
  const found = [...bare.slice(0, 2 * MAX_ADDRESS_CHARS + 2)].length > MAX_ADDRESS_CHARS ? null : ADDRESS.exec(bare);
  if (found === null) return bare;
  const [, scheme, host, port, path] = found;
  const named = plain(`${scheme}://${host}${port === undefined ? "" : `:${port}`}`.toLowerCase());
  const origin = [...origins].find((each) => plain(each) === named);
  const whole = path.replace(ESCAPED, unescaped); // once, as the public page's server does: both must know the same code
  if (origin === undefined || !whole.startsWith(PATH)) return bare;
  if (DELIMITERS.test(whole)) return origin + path; // what is read a second time must stay what it is
  return `${origin}${PATH}${trimmed(whole.slice(PATH.length))}`;
}

/**
 * RFC 3986 section 6.2.3: an empty port, and the one that a scheme has anyway, are none.
 *
 * @param {string} origin
 */
function plain(origin) {
  const [scheme, host, port] = origin.replace("://", ":").split(":");
  return !port || port === PORTS[scheme] ? `${scheme}://${host}` : `${scheme}://${host}:${port}`;
}

/**
 * What escapes stand for as UTF-8; what is none becomes U+FFFD, which no code has.
 *
 * @param {string} escaped
 */
function unescaped(escaped) {
  const bytes = escaped.slice(1).split("%").map((hex) => Number.parseInt(hex, 16));
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array(bytes));
}
