/**
 * Which plate has which entry of a status list: eight bytes a plate, found by halving.
 *
 * @module
 */
import { require } from "./refusals.js";

export const NAME_BYTES = 5;
const ROW_BYTES = 8;

/** Rows of eight bytes in ascending order: five of a plate's name, three of its index. */
export class PlateTable {
  /** @param {Uint8Array<ArrayBuffer>} rows */
  constructor(rows) {
    require(rows.length % ROW_BYTES === 0, "BUNDLE_PLATES");
    this.rows = rows;
    for (let place = 1; place < this.size; place += 1) {
      require(compare(this.row(place - 1), this.row(place)) < 0, "BUNDLE_PLATES");
    }
  }

  get size() {
    return this.rows.length / ROW_BYTES;
  }

  /** @param {number} place */
  row(place) {
    return this.rows.subarray(place * ROW_BYTES, (place + 1) * ROW_BYTES);
  }

  /** @param {number} place */
  index(place) {
    const [high, middle, low] = this.row(place).subarray(NAME_BYTES);
    return (high << 16) | (middle << 8) | low;
  }

  /**
   * The entries that may be this plate's: none, one, hardly ever more.
   *
   * @param {Uint8Array<ArrayBuffer>} name
   */
  indexes(name) {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.row(middle).subarray(0, NAME_BYTES), name) < 0) low = middle + 1;
      else high = middle;
    }
    const found = [];
    for (; low < this.size && compare(this.row(low).subarray(0, NAME_BYTES), name) === 0; low += 1) {
      found.push(this.index(low));
    }
    return found;
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} one
 * @param {Uint8Array<ArrayBuffer>} other
 */
function compare(one, other) {
  for (let at = 0; at < one.length; at += 1) {
    if (one[at] !== other[at]) return one[at] - other[at];
  }
  return 0;
}
