/**
 * Points of the two curves that WebCrypto does not look at as it must: it loads any 32 bytes as an Ed25519 key, and
 * SM2 not at all. Public values only: nothing here needs to run in constant time.
 *
 * @module
 */
const ED_P = 2n ** 255n - 19n;
const ED_D = modulo(-121665n * power(121666n, ED_P - 2n, ED_P), ED_P);
const SQRT_MINUS_ONE = power(2n, (ED_P - 1n) / 4n, ED_P);
const COFACTOR_DOUBLINGS = 3; // the curve's cofactor is 8

/** GB/T 32918.5: the prime and the coefficients of the recommended curve. */
const SM2_P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
const SM2_B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n;

/** @typedef {readonly [bigint, bigint]} Point */

/**
 * The point of edwards25519 that 32 bytes write (RFC 8032 section 5.1.3); null: y not below the prime, no such x, or
 * minus zero.
 *
 * @param {Uint8Array} raw
 * @returns {Point | null}
 */
export function ed25519Point(raw) {
  const value = whole(Uint8Array.from(raw).reverse());
  const sign = value >> 255n;
  const y = value & (2n ** 255n - 1n);
  if (y >= ED_P) return null;
  const square = modulo((y * y - 1n) * power(ED_D * y * y + 1n, ED_P - 2n, ED_P), ED_P);
  const x = root(square);
  if (x === null || (x === 0n && sign === 1n)) return null;
  return [(x & 1n) === sign ? x : ED_P - x, y];
}

/**
 * Whether eight times the point is the neutral element: then anybody can make signatures that verify.
 *
 * @param {Point} point
 */
export function hasLowOrder(point) {
  let [x, y] = point;
  for (let turn = 0; turn < COFACTOR_DOUBLINGS; turn += 1) {
    const product = modulo(ED_D * x * x * y * y, ED_P);
    [x, y] = [
      modulo(2n * x * y * power(1n + product, ED_P - 2n, ED_P), ED_P),
      modulo((y * y + x * x) * power(1n - product, ED_P - 2n, ED_P), ED_P),
    ];
  }
  return x === 0n && y === 1n;
}

/**
 * Whether two coordinates of 32 bytes are a point of the SM2 curve.
 *
 * @param {Uint8Array} rawX
 * @param {Uint8Array} rawY
 */
export function isSm2Point(rawX, rawY) {
  const [x, y] = [whole(rawX), whole(rawY)];
  return x < SM2_P && y < SM2_P && modulo(y * y - (x * x * x - 3n * x + SM2_B), SM2_P) === 0n;
}

/** @param {bigint} square */
function root(square) {
  const found = power(square, (ED_P + 3n) / 8n, ED_P);
  for (const each of [found, modulo(found * SQRT_MINUS_ONE, ED_P)]) {
    if (modulo(each * each, ED_P) === square) return each;
  }
  return null;
}

/**
 * @param {bigint} base
 * @param {bigint} exponent
 * @param {bigint} prime
 */
function power(base, exponent, prime) {
  let [result, square] = [1n, modulo(base, prime)];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % prime;
    square = (square * square) % prime;
  }
  return result;
}

/**
 * @param {bigint} value
 * @param {bigint} prime
 */
function modulo(value, prime) {
  const rest = value % prime;
  return rest < 0n ? rest + prime : rest;
}

/** @param {Uint8Array} bytes the most significant first */
function whole(bytes) {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
