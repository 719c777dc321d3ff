// Paints the visible window of a chronology on a canvas.

import { coloursOf, hatched } from "./colours.js";
import { THINNEST } from "./rows.js";
import { ticks } from "./time.js";

export const ROW = 30;
export const AXIS = 26;
const LABEL = 12;
const THICK = 10;
const BETWEEN_TICKS = 110;
const MOST_ROWS_DRAWN = 1500;
const COLUMN = 4;
const FONT = "12px system-ui, sans-serif";

export class Painter {
  constructor(canvas, geometry, zone) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    this.geometry = geometry;
    this.zone = zone;
    this.widths = new Float32Array(geometry.count);
    this.painted = [];
    this.columns = new Uint32Array(0);
  }

  // Read the current colours of the page.
  readColours() {
    this.colours = coloursOf(this.canvas);
    this.hatches = {};
    for (const kind of ["band", "doubt", "dissent"]) {
      const tile = hatched(this.colours[kind], this.colours[`${kind}-ground`]);
      this.hatches[kind] = this.context.createPattern(tile, "repeat");
    }
  }

  resize() {
    const ratio = window.devicePixelRatio || 1;
    const { clientWidth, clientHeight } = this.canvas;
    this.width = clientWidth;
    this.height = clientHeight;
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  widthOf(number) {
    if (!this.widths[number]) {
      this.context.font = FONT;
      this.widths[number] = this.context.measureText(this.geometry.labels[number]).width + 1;
    }
    return this.widths[number];
  }

  // Of the events in `numbers`, those that may have happened in a window.
  within(numbers, from, to) {
    const { earliest, last } = this.geometry;
    return numbers.filter((number) => earliest[number] < to && last[number] > from);
  }

  // Paint one frame. Returns how many events are in the window, and whether each was drawn.
  paint({ view, numbers, rowTop, top, focused, hovered }) {
    const { context, width, height, colours } = this;
    context.fillStyle = colours.ground;
    context.fillRect(0, 0, width, height);
    context.font = FONT;
    context.textBaseline = "alphabetic";
    this.view = view;
    this.painted = [];
    this.#axis();
    const inside = this.within(numbers, view.from, view.to);
    const each = inside.length <= MOST_ROWS_DRAWN;
    context.save();
    context.beginPath();
    context.rect(0, AXIS, width, height - AXIS);
    context.clip();
    if (each) this.#rows(inside, rowTop, top, focused, hovered);
    else this.#density(inside);
    context.restore();
    return { count: inside.length, each };
  }

  // The index of the event drawn at a point, or null.
  at(x, y) {
    const found = this.painted.find(
      (place) => x >= place.left - 3 && x <= place.right + 3 && y >= place.top && y < place.top + ROW,
    );
    return found ? found.number : null;
  }

  #x(instant) {
    return ((instant - this.view.from) / this.view.length) * this.width;
  }

  #axis() {
    const { context, colours, view } = this;
    const most = Math.floor(this.width / BETWEEN_TICKS);
    for (const tick of ticks(view.from, view.to, most, this.zone)) {
      const x = Math.round(this.#x(tick.instant)) + 0.5;
      context.strokeStyle = tick.major ? colours["rule-major"] : colours.rule;
      context.beginPath();
      context.moveTo(x, 18);
      context.lineTo(x, this.height);
      context.stroke();
      context.fillStyle = colours.quiet;
      context.fillText(tick.label, x + 3, 14);
    }
  }

  #rows(inside, rowTop, top, focused, hovered) {
    const { geometry, height, width } = this;
    const byRow = new Map();
    for (const number of inside) {
      const y = AXIS + rowTop[number] - top;
      const left = Math.max(this.#x(geometry.earliest[number]), -20);
      const right = Math.max(Math.min(this.#x(geometry.last[number]), width + 20), left + THINNEST);
      const place = { number, left, right, top: y, bandLeft: left, bandRight: right };
      if (y <= -ROW || y >= height) continue;
      this.painted.push(place);
      const row = byRow.get(rowTop[number]);
      if (row) row.push(place);
      else byRow.set(rowTop[number], [place]);
    }
    this.#links(inside, rowTop, top);
    for (const row of byRow.values()) {
      row.sort((one, other) => one.left - other.left || one.number - other.number);
      row.forEach((place, n) => {
        const lit = place.number === focused ? 2 : place.number === hovered ? 1 : 0;
        this.#labelled(place, row[n + 1]?.left ?? width, lit);
      });
    }
    this.#brackets(byRow);
  }

  // An event with as much of its label as fits before the next.
  #labelled(place, next, lit) {
    const { context, colours, geometry } = this;
    const { number } = place;
    const start = Math.max(place.left, 4);
    const room = next - start - 8;
    const label = geometry.labels[number];
    const full = this.widthOf(number);
    let text = label;
    if (full > room) {
      const most = Math.floor(((room - 10) / full) * label.length);
      text = most > 2 ? `${label.slice(0, most).trimEnd()}…` : "";
    }
    const width = text === label ? full : context.measureText(text).width;
    place.right = Math.max(place.right, start + width);
    if (lit) {
      context.fillStyle = colours["focus-ground"];
      context.fillRect(place.left - 3, place.top, place.right - place.left + 6, ROW - 1);
    }
    if (lit === 2) {
      context.strokeStyle = colours.focus;
      context.lineWidth = 2;
      context.strokeRect(place.left - 3, place.top + 1, place.right - place.left + 6, ROW - 3);
      context.lineWidth = 1;
    }
    this.#bands(place);
    if (text) {
      context.fillStyle = geometry.dissent[number]
        ? colours.quiet
        : geometry.corrected[number]
          ? colours.corrected
          : colours.ink;
      context.fillText(text, start, place.top + LABEL + 1);
      if (geometry.dissent[number]) context.fillRect(start, place.top + LABEL - 3, width, 1);
    }
  }

  #bands(place) {
    const { geometry, context, colours } = this;
    const { number } = place;
    const kind = geometry.dissent[number] ? "dissent" : geometry.doubtful[number] ? "doubt" : "band";
    const ends = geometry.endEarliest[number];
    const [first, last] = [this.#x(geometry.latest[number]), this.#x(ends)];
    if (last > first) {
      context.fillStyle = colours[kind];
      const left = Math.max(first, -20);
      context.fillRect(left, place.top + LABEL + 4, Math.min(last, this.width + 20) - left, THICK);
    }
    this.#band(place, geometry.earliest[number], geometry.latest[number], kind);
    if (!Number.isNaN(ends)) this.#band(place, ends, geometry.last[number], kind);
  }

  // A band between two instants: hatched, fading at an open side, solid if too narrow to see.
  #band(place, earliest, latest, kind) {
    const { context, colours, geometry, width } = this;
    const left = Math.max(this.#x(earliest), -20);
    const right = Math.min(this.#x(latest), width + 20);
    if (right < -10 || left > width + 10) return;
    const y = place.top + LABEL + 4;
    if (right - left < THINNEST) {
      context.fillStyle = kind === "band" ? colours.band : colours[`${kind}-ground`];
      context.fillRect(left, y, THINNEST, THICK);
      if (kind !== "band") {
        context.strokeStyle = colours[kind];
        context.strokeRect(left + 0.5, y + 0.5, THINNEST - 1, THICK - 1);
      }
      return;
    }
    context.save();
    context.translate(left, y);
    context.fillStyle = this.hatches[kind];
    context.fillRect(0, 0, right - left, THICK);
    context.strokeStyle = colours[kind];
    if (geometry.approximate[place.number]) context.setLineDash([3, 2]);
    context.strokeRect(0.5, 0.5, right - left - 1, THICK - 1);
    context.restore();
    if (earliest === -Infinity) this.#fade(left, Math.min(left + 120, right), y, true);
    if (latest === Infinity) this.#fade(Math.max(right - 120, left), right, y, false);
  }

  #fade(left, right, y, fromLeft) {
    const { context, colours } = this;
    const steps = 24;
    context.fillStyle = colours.ground;
    for (let step = 0; step < steps; step += 1) {
      context.globalAlpha = fromLeft ? 1 - step / steps : (step + 1) / steps;
      const width = (right - left) / steps;
      context.fillRect(left + step * width - 1, y - 1, width + 1, THICK + 2);
    }
    context.globalAlpha = 1;
  }

  #links(inside, rowTop, top) {
    const { context, colours, geometry } = this;
    if (!geometry.links.length) return;
    const shown = new Set(inside);
    context.strokeStyle = context.fillStyle = colours.quiet;
    for (const [earlier, later] of geometry.links) {
      if (!shown.has(earlier) && !shown.has(later)) continue;
      if (rowTop[earlier] < 0 || rowTop[later] < 0) continue;
      const [x1, x2] = [this.#x(geometry.latest[earlier]), this.#x(geometry.earliest[later])].map(
        (x) => Math.min(Math.max(x, -50), this.width + 50),
      );
      const [y1, y2] = [earlier, later].map((n) => AXIS + rowTop[n] - top + LABEL + 4 + THICK / 2);
      const bend = Math.max(Math.abs(x2 - x1) / 2, 12);
      context.beginPath();
      context.moveTo(x1, y1);
      context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2 - 5, y2);
      context.stroke();
      context.beginPath();
      context.moveTo(x2, y2);
      context.lineTo(x2 - 6, y2 - 3);
      context.lineTo(x2 - 6, y2 + 3);
      context.fill();
    }
  }

  #brackets(byRow) {
    const { context, colours, geometry } = this;
    const places = new Map([...byRow.values()].flat().map((place) => [place.number, place]));
    context.strokeStyle = colours.doubt;
    context.lineWidth = 1.5;
    for (const group of geometry.rivals) {
      const drawn = group.map((number) => places.get(number)).filter(Boolean);
      if (drawn.length < 2) continue;
      const x = Math.max(Math.min(...drawn.map((place) => place.left)) - 6, 1);
      const tops = drawn.map((place) => place.top);
      context.beginPath();
      context.moveTo(x + 4, Math.min(...tops) + 2);
      context.lineTo(x, Math.min(...tops) + 2);
      context.lineTo(x, Math.max(...tops) + ROW - 3);
      context.lineTo(x + 4, Math.max(...tops) + ROW - 3);
      context.stroke();
    }
    context.lineWidth = 1;
  }

  // A histogram: each event is counted when it may first have happened.
  #density(inside) {
    const { context, colours, geometry, width, height } = this;
    const count = Math.ceil(width / COLUMN);
    if (this.columns.length !== count) this.columns = new Uint32Array(count);
    const columns = this.columns.fill(0);
    let undated = 0;
    for (const number of inside) {
      const column = Math.floor(this.#x(geometry.anchor(number)) / COLUMN);
      if (column === Infinity) undated += 1;
      if (column >= 0 && column < count) columns[column] += 1;
    }
    const most = columns.reduce((one, other) => Math.max(one, other), 1);
    const tallest = Math.min(height - AXIS - 40, 260);
    const floor = AXIS + 30 + tallest;
    context.fillStyle = colours.band;
    columns.forEach((each, column) => {
      const tall = each ? Math.max((each / most) * tallest, 1) : 0;
      context.fillRect(column * COLUMN, floor - tall, COLUMN - 1, tall);
    });
    context.fillStyle = colours.quiet;
    const known = (inside.length - undated).toLocaleString("en");
    const without = undated ? `, ${undated.toLocaleString("en")} without a date are not shown` : "";
    const text = `${known} events, drawn as counts${without}: zoom in to see each`;
    context.fillText(text, 4, AXIS + 16);
  }
}
