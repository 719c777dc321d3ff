// Rows without overlap, packed from the left, as in render/drawing/lanes.py.

const GAP = 12;
export const THINNEST = 5;

class Lanes {
  constructor() {
    this.leaves = 1;
    this.least = new Float64Array(2).fill(-Infinity);
    this.count = 0;
  }

  put(left, ends) {
    let lane = this.#first(left, 0);
    for (;;) {
      let taken = -1;
      for (let n = 1; n < ends.length; n += 1) if (this.#end(lane + n) > left) taken = lane + n;
      if (taken < 0) break;
      lane = this.#first(left, taken + 1);
    }
    ends.forEach((end, n) => this.#set(lane + n, end));
    this.count = Math.max(this.count, lane + ends.length);
    return lane;
  }

  #end(lane) {
    return lane < this.leaves ? this.least[this.leaves + lane] : -Infinity;
  }

  #set(lane, end) {
    while (lane >= this.leaves) this.#grow();
    const { least } = this;
    let node = this.leaves + lane;
    least[node] = end;
    while (node > 1) {
      node >>= 1;
      least[node] = Math.min(least[2 * node], least[2 * node + 1]);
    }
  }

  #grow() {
    const ends = this.least.slice(this.leaves);
    this.leaves *= 2;
    this.least = new Float64Array(2 * this.leaves).fill(-Infinity);
    this.least.set(ends, this.leaves);
    for (let node = this.leaves - 1; node > 0; node -= 1) {
      this.least[node] = Math.min(this.least[2 * node], this.least[2 * node + 1]);
    }
  }

  #first(left, start) {
    if (start >= this.leaves) return start;
    const { least, leaves } = this;
    let node = leaves + start;
    while (least[node] > left) {
      while (node & 1) node >>= 1;
      if (node === 0) return leaves;
      node += 1;
    }
    while (node < leaves) {
      node *= 2;
      if (least[node] > left) node += 1;
    }
    return node - leaves;
  }
}

// The row of each event in `numbers` at a scale in pixels per millisecond; -1 for all others.
// Events wider than half a window go below the rest, so that the rest is seen first.
export function pack(geometry, numbers, scale, width, widthOf) {
  const { earliest, last, start, end } = geometry;
  const rows = new Int32Array(geometry.count).fill(-1);
  const shown = new Set(numbers);
  const left = (n) => (Math.max(earliest[n], start) - start) * scale;
  const right = (n) => {
    const band = Math.max((Math.min(last[n], end) - start) * scale, left(n) + THINNEST);
    return Math.max(band, left(n) + widthOf(n)) + GAP;
  };
  const blocks = [];
  const together = new Set();
  for (const group of geometry.rivals) {
    const block = group.filter((n) => shown.has(n));
    if (block.length > 1) {
      blocks.push(block);
      block.forEach((n) => together.add(n));
    }
  }
  for (const n of numbers) if (!together.has(n)) blocks.push([n]);
  const isWide = ([n]) => (Math.min(last[n], end) - Math.max(earliest[n], start)) * scale > 0.5 * width;
  let count = 0;
  for (const wide of [false, true]) {
    const lanes = new Lanes();
    blocks
      .filter((block) => isWide(block) === wide)
      .map((block) => [Math.min(...block.map(left)), block])
      .sort((one, other) => one[0] - other[0] || one[1][0] - other[1][0])
      .forEach(([first, block]) => {
        const row = lanes.put(first, block.map(right));
        block.forEach((n, below) => (rows[n] = count + row + below));
      });
    count += lanes.count;
  }
  return { rows, count };
}
