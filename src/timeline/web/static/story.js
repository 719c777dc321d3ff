// An interactive, zoomable chronology. It replaces the picture in
//
//   <figure class="chronology" data-answer="/story/port/drawing" data-link="/record/{id}">
//
// If it fails, or without scripts, the picture and the list stay as they are. The list beside it,
// which may be one page of several, has an <li data-id="…"> for each event. Enter opens the first
// link in it, or else `data-link`.

import { Filters } from "./story/filters.js";
import { Geometry } from "./story/geometry.js";
import { List } from "./story/list.js";
import { AXIS, Painter, ROW } from "./story/paint.js";
import { build } from "./story/parts.js";
import { pack } from "./story/rows.js";
import { said, Zone } from "./story/time.js";
import { listenToPointers, View } from "./story/view.js";

const TALLEST = 540;
const QUIET = 350;
const ROWS_LAST = 180;
const LOOKS = [
  "(prefers-color-scheme: dark)",
  "(prefers-contrast: more)",
  "(forced-colors: active)",
];

class Timeline {
  constructor(figure, geometry) {
    this.figure = figure;
    this.geometry = geometry;
    this.zone = new Zone(geometry.zone);
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.list = new List(geometry);
    this.focused = null;
    this.hovered = null;
    this.rowTop = new Float32Array(geometry.count).fill(-1);
    this.packed = new Map();
    Object.assign(this, build(figure));
    this.painter = new Painter(this.canvas, geometry, this.zone);
    this.view = new View(geometry, () => this.#moved(), () => this.still.matches);
    this.filters = new Filters(document.querySelector("form.filters"), geometry);
    this.numbers = this.filters.chosen();
    this.#listen();
    this.painter.readColours();
    this.#resized();
  }

  #listen() {
    const { canvas, scroller, view } = this;
    const clicked = (event) => this.#clicked(event);
    listenToPointers(canvas, scroller, view, clicked, (event) => this.#hover(event));
    canvas.addEventListener("dblclick", () => this.#open());
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("focus", () => this.#say());
    canvas.addEventListener("blur", () => this.#focus(null));
    scroller.addEventListener("scroll", () => this.#dirty(), { passive: true });
    new ResizeObserver(() => this.#resized()).observe(scroller);
    for (const query of LOOKS) {
      matchMedia(query).addEventListener("change", () => {
        this.painter.readColours();
        this.#dirty();
      });
    }
    this.filters.listen(() => this.#filter());
    this.list.listen((number) => this.#light(number), (number) => this.#reveal(number));
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { view } = this;
    const at = this.focused === null ? NaN : this.geometry.middle(this.focused);
    const moves = {
      ArrowLeft: () => view.glideBy(-0.2),
      ArrowRight: () => view.glideBy(0.2),
      ArrowUp: () => this.#next(-1),
      ArrowDown: () => this.#next(1),
      Home: () => this.#go(this.numbers[0]),
      End: () => this.#go(this.numbers.at(-1)),
      "+": () => view.glideZoom(true, at),
      "=": () => view.glideZoom(true, at),
      "-": () => view.glideZoom(false, at),
      0: () => view.glide(view.least, view.most),
      Enter: () => this.#open(),
      Escape: () => this.#focus(null),
    };
    if (!Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    moves[event.key]();
  }

  #next(by) {
    const at = this.numbers.indexOf(this.focused);
    const last = this.numbers.length - 1;
    if (at >= 0) return this.#go(this.numbers[Math.min(Math.max(at + by, 0), last)]);
    const inside = this.painter.within(this.numbers, this.view.from, this.view.to);
    this.#go(by > 0 ? inside[0] : inside.at(-1));
  }

  #go(number) {
    if (number === undefined) return;
    this.#focus(number);
    this.#reveal(number);
  }

  // Move the window to an event, at the current zoom.
  #reveal(number) {
    const { view, geometry } = this;
    this.#light(number);
    if (this.rowTop[number] < 0) return;
    const isLeftOfIt = geometry.last[number] <= view.from;
    if (isLeftOfIt || geometry.earliest[number] >= view.to - view.length * 0.1) {
      const at = geometry.anchor(number);
      view.glide(at - view.length / 3, at + (view.length * 2) / 3);
    }
    const top = this.target[number];
    const room = this.scroller.clientHeight - AXIS - ROW;
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    else if (top > this.scroller.scrollTop + room) this.scroller.scrollTop = top - room;
  }

  #open() {
    if (this.focused === null) return;
    const link = this.list.link(this.focused);
    if (link) return link.click();
    if (!this.figure.dataset.link) return;
    const id = encodeURIComponent(this.geometry.ids[this.focused]);
    const address = new URL(this.figure.dataset.link.replace(/\{id\}|%7Bid%7D/, () => id), location.href);
    if (["http:", "https:"].includes(address.protocol)) location.assign(address);
  }

  #place(event) {
    const box = this.canvas.getBoundingClientRect();
    return this.painter.at(event.clientX - box.left, event.clientY - box.top);
  }

  #clicked(event) {
    const number = this.#place(event);
    this.#focus(number);
    if (number !== null) this.list.show(number);
  }

  #hover(event) {
    const number = event ? this.#place(event) : null;
    this.canvas.classList.toggle("over", number !== null);
    this.#light(number);
    this.tip.hidden = number === null;
    if (number === null) return;
    this.tip.textContent = this.geometry.told(number);
    const box = this.figure.getBoundingClientRect();
    const left = Math.min(event.clientX - box.left + 12, box.width - 330);
    this.tip.style.transform = `translate(${Math.max(left, 0)}px, ${event.clientY - box.top + 18}px)`;
  }

  #light(number) {
    if (number === this.hovered) return;
    this.list.mark("lit", this.hovered, number);
    this.hovered = number;
    this.#dirty();
  }

  #focus(number) {
    this.list.mark("focused", this.focused, number);
    this.focused = number;
    this.#say();
    this.#dirty();
  }

  #filter() {
    this.numbers = this.filters.chosen();
    this.list.choose(this.numbers);
    if (!this.numbers.includes(this.focused)) this.#focus(null);
    this.packed.clear();
    this.level = null;
    this.#moved();
  }

  #resized() {
    this.painter.resize();
    this.packed.clear();
    this.level = null;
    this.#moved();
  }

  #moved() {
    this.#dirty();
    clearTimeout(this.settling);
    // Rows depend on the scale: they are kept during a zoom gesture, and packed again after it.
    if (this.level === null) this.#settle();
    else this.settling = setTimeout(() => this.#settle(), QUIET / 2);
    this.#say();
  }

  #settle() {
    const { view, painter, geometry } = this;
    const level = Math.floor(2 * Math.log2((view.most - view.least) / view.length) + 1e-6);
    if (level === this.level) return;
    const fresh = this.level === null;
    this.level = level;
    if (!this.packed.has(level)) {
      const scale = (painter.width / (view.most - view.least)) * 2 ** (level / 2);
      if (this.packed.size > 12) this.packed.clear();
      this.packed.set(
        level,
        pack(geometry, this.numbers, scale, painter.width, (number) => painter.widthOf(number)),
      );
    }
    const { rows, count } = this.packed.get(level);
    this.target = Float32Array.from(rows, (row) => (row < 0 ? -1 : row * ROW));
    const tall = Math.min(TALLEST, Math.max(count, 4) * ROW + AXIS + 6);
    if (this.canvas.clientHeight !== tall) {
      this.canvas.style.height = `${tall}px`;
      this.scroller.style.height = `${tall}px`;
      painter.resize();
    }
    this.spacer.style.height = `${Math.max(count * ROW + AXIS + 6 - tall, 0)}px`;
    this.#animateRows(fresh);
  }

  #animateRows(fresh) {
    const before = this.rowTop;
    const inside = this.painter.within(this.numbers, this.view.from, this.view.to).length;
    if (fresh || this.still.matches || inside > 600) {
      this.rowTop = this.target;
      return this.#dirty();
    }
    const { target } = this;
    const since = performance.now();
    const step = (now) => {
      if (this.target !== target) return;
      const done = Math.min(Math.max((now - since) / ROWS_LAST, 0), 1);
      const eased = done * (2 - done);
      const between = (top, n) => (before[n] < 0 ? top : before[n] + (top - before[n]) * eased);
      this.rowTop = done < 1 ? target.map(between) : target;
      this.#paint();
      if (done < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  #dirty() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    this.frame = 0;
    const { view, numbers, rowTop, focused, hovered } = this;
    const top = this.scroller.scrollTop;
    this.painted = this.painter.paint({ view, numbers, rowTop, top, focused, hovered });
  }

  // The window and the focused event in words, once they stop changing.
  #say() {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => {
      const { view, geometry, zone, numbers } = this;
      const count = this.painter.within(numbers, view.from, view.to).length;
      const sides = [view.from, view.to].map((side) => said(side, view.length, zone));
      const chosen = `, of ${numbers.length.toLocaleString("en")} chosen`;
      const all = numbers.length < geometry.count ? chosen : "";
      const each = count === 1 ? "event" : "events";
      const text = [`From ${sides[0]} to ${sides[1]}: ${count.toLocaleString("en")} ${each}${all}.`];
      if (this.focused !== null) text.push(`${geometry.told(this.focused)}.`);
      this.status.textContent = text.join(" ");
    }, QUIET);
  }
}

async function enhance(figure) {
  try {
    const answer = await fetch(figure.dataset.answer, { headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const geometry = new Geometry(await answer.json());
    if (geometry.count) new Timeline(figure, geometry);
  } catch {
    figure.classList.add("still");
  }
}

for (const figure of document.querySelectorAll("figure.chronology[data-answer]")) enhance(figure);
