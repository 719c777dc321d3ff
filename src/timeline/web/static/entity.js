// The map of an entity: its state at any two times, without another request to the server.

import { Areas } from "./map/areas.js";
import { Band, draw, Window } from "./map/drawing.js";
import { Listing } from "./map/listing.js";
import { namesIn } from "./map/names.js";
import { FIRST, LAST, Stops, Zone, instantOf, milliseconds, ticks } from "./map/time.js";

const HOUR = 3600000;
const DAY = 24 * HOUR;

// How many rows of a group are drawn at first, and how many more at each request.
const FEW = 6;
const MORE = 60;

// Milliseconds after the last move before the server is asked for details.
const REST = 350;

class MapOfEntity {
  constructor(section, answer, names) {
    this.names = names;
    this.section = section;
    this.zone = new Zone(section.dataset.zone);
    this.headings = JSON.parse(section.dataset.headings);
    this.areas = new Areas(answer, this.headings);
    this.steps = this.areas.steps;
    this.listing = new Listing(this.areas, document.querySelector("#state"), names);
    this.instant = section.dataset.at ? instantOf(section.dataset.at) : BigInt(LAST) * 1000n;
    this.step = this.areas.stepOf(Number(section.dataset.known.slice(1)));
    this.asked = { as_of: section.dataset.asOf, as_known: section.dataset.known };
    this.times = document.querySelector("form.times");
    this.isLive = !new URLSearchParams(location.search).get("as_of");
    for (const part of section.querySelectorAll("[data-part]")) this[part.dataset.part] = part;
    this.setWindow();
    this.makeRows();
    this.choose(this.mostRevised());
    this.listen();
    section.querySelector(".map-body").hidden = false;
    section.querySelector(".loading").remove();
    this.redraw();
    this.show();
  }

  /** Set the window to contain everything known, and T. */
  setWindow() {
    const sides = this.areas.sides();
    const at = milliseconds(this.instant);
    const first = Math.min(sides[0] ?? at, at);
    const last = Math.max(sides.at(-1) ?? at, this.isLive ? first : at);
    const margin = Math.max((last - first) * 0.06, DAY);
    this.widest = new Window(
      Math.max(first - margin, FIRST),
      Math.min(Math.max(last, Math.min(at, last + margin)) + margin, LAST),
    );
    this.shown = this.widest;
    this.band = new Band(0, this.steps.length);
    this.setStops();
  }

  setStops() {
    this.stops = new Stops(this.zone, this.shown.span);
    const first = this.stops.nearest(this.shown.since);
    const last = this.stops.nearest(this.shown.until);
    Object.assign(this.valid, { min: first, max: last, step: 1 });
    this.valid.value = this.stops.nearest(milliseconds(this.instant));
    Object.assign(this.known, { min: this.band.first, max: this.band.last - 1, step: 1 });
    this.known.value = this.step;
  }

  /** The thing whose state has been revised most often. */
  mostRevised() {
    const revisions = ({ areas }) => new Set(areas.map((area) => area.first)).size;
    return this.areas.things.reduce(
      (best, each) => (best === null || revisions(each) > revisions(best) ? each : best),
      null,
    );
  }

  makeRows() {
    this.rows = [];
    this.template = this.section.querySelector("template");
    const groups = new Map();
    this.areas.things.forEach((thing, index) => {
      if (!groups.has(thing.heading)) groups.set(thing.heading, []);
      groups.get(thing.heading).push([thing, index]);
    });
    const order = this.headings.order;
    const sorted = [...groups].sort(([one], [other]) => order.indexOf(one) - order.indexOf(other));
    for (const [heading, things] of sorted) {
      const group = document.createElement("div");
      group.className = "row-group";
      const title = document.createElement("h3");
      title.textContent = heading;
      group.append(title);
      things.sort(([one], [other]) => start(one) - start(other));
      this.list.append(group);
      this.unfold(group, things.length > FEW + 2 ? FEW : things.length, things, heading);
    }
  }

  /** Draw more rows of a group, with a button for the next ones if any are left. */
  unfold(group, number, things, heading) {
    const rows = things.splice(0, number).map(([thing, index]) => this.makeRow(thing, index));
    group.append(...rows);
    if (things.length === 0) return rows;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    const next =
      things.length > MORE ? `${MORE} more of ${things.length}` : `${things.length} more`;
    button.textContent = `Show ${next} under ${heading}`;
    button.addEventListener("click", () => {
      button.remove();
      const [first] = this.unfold(group, MORE, things, heading);
      first.querySelector("input").focus();
      this.redraw();
      this.show();
    });
    group.append(button);
    return rows;
  }

  makeRow(thing, index) {
    const row = this.template.content.firstElementChild.cloneNode(true);
    const name = row.querySelector(".name");
    name.textContent = nameOf(thing, this.names);
    const qualifiers = thing.isListed ? [] : Object.values(thing.entry.qualifiers);
    row.querySelector(".qualifiers").textContent = qualifiers.join(", ");
    const input = row.querySelector("input");
    input.value = String(index);
    input.addEventListener("change", () => this.choose(thing));
    const plot = row.querySelector(".plot");
    this.rows.push({ thing, index, row, input, plot, word: row.querySelector(".word") });
    this.follow(plot, () => this.choose(thing));
    return row;
  }

  choose(thing) {
    if (!thing) return;
    this.chosen = thing;
    for (const { thing: each, input, row } of this.rows) {
      input.checked = each === thing;
      row.toggleAttribute("data-chosen", each === thing);
    }
    this.title.textContent = describe(thing, this.names);
    draw(this.large, thing, this.band, this.shown);
    this.say();
  }

  listen() {
    this.valid.addEventListener("input", () => this.moveValid(Number(this.valid.value)));
    this.known.addEventListener("input", () => this.moveKnown(Number(this.known.value)));
    this.follow(this.large);
    const zooms = { in: 0.5, out: 2, all: Infinity };
    for (const button of this.section.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => this.zoom(zooms[button.dataset.zoom]));
    }
    new ResizeObserver(() => this.redraw()).observe(this.large);
  }

  /** Let dragging on a plot move the crosshair. */
  follow(plot, pressed = () => {}) {
    const move = (event) => {
      const box = plot.getBoundingClientRect();
      const across = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
      const up = Math.min(Math.max((box.bottom - event.clientY) / box.height, 0), 1);
      this.moveTo(this.stops.nearest(this.shown.at(across)), this.band.at(up));
    };
    plot.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      plot.setPointerCapture(event.pointerId);
      pressed();
      move(event);
    });
    plot.addEventListener("pointermove", (event) => {
      if (plot.hasPointerCapture(event.pointerId)) move(event);
    });
    plot.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        const box = plot.getBoundingClientRect();
        const around = this.shown.at((event.clientX - box.left) / box.width);
        this.zoom(2 ** Math.sign(event.deltaY), around);
      },
      { passive: false },
    );
  }

  zoom(factor, around = milliseconds(this.instant)) {
    this.shown = this.shown.zoomed(factor, around, this.widest, 12 * HOUR);
    this.band = this.band.resized(this.band.count * factor, this.step, this.steps.length);
    this.setStops();
    this.redraw();
    this.place();
  }

  moveValid(number) {
    // At its end, the slider scrolls the window.
    const isAtEnd = number <= Number(this.valid.min) || number >= Number(this.valid.max);
    this.moveTo(number, this.step);
    if (isAtEnd && this.shown.span < this.widest.span) {
      const half = this.shown.span / 2;
      const at = this.stops.at(number);
      this.shown = new Window(at - half, at + half).within(this.widest);
      this.setStops();
      this.redraw();
      this.place();
    }
  }

  moveKnown(step) {
    const { first, last, count } = this.band;
    this.step = step;
    this.asked.as_known = `@${this.positionOf(step)}`;
    this.moved();
    if ((step === first && first > 0) || (step === last - 1 && last < this.steps.length)) {
      const moved = Math.min(Math.max(step - Math.floor(count / 2), 0), this.steps.length - count);
      this.band = new Band(moved, moved + count);
      this.setStops();
      this.redraw();
    }
  }

  moveTo(number, step) {
    this.instant = BigInt(this.stops.at(number)) * 1000n;
    this.asked.as_of = this.stops.edtf(number);
    this.valid.value = number;
    if (step !== this.step) {
      this.step = step;
      this.known.value = step;
      this.asked.as_known = `@${this.positionOf(step)}`;
    }
    this.moved();
  }

  /** Show moves once per frame. */
  moved() {
    this.speak();
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = null;
      this.show();
      const held = this.held;
      this.listing.show(held, (slug) => `/entity/${encodeURIComponent(slug)}?${this.query()}`);
      history.replaceState(null, "", `${location.pathname}?${this.query()}`);
      this.fillForm();
      clearTimeout(this.resting);
      this.resting = setTimeout(() => this.rest(), REST);
    });
  }

  /** The position of a step; for the last one, the position up to which the map is known. */
  positionOf(step) {
    return step === this.steps.length - 1 ? this.areas.answer.as_known : this.steps[step].position;
  }

  query() {
    return new URLSearchParams(this.asked).toString();
  }

  show() {
    this.held = this.areas.at(this.instant, this.step);
    for (const { index, row, word } of this.rows) {
      const certainty = this.held[index]?.certainty ?? "no";
      if (row.dataset.certainty !== certainty) {
        row.dataset.certainty = certainty;
        word.textContent = {
          certain: "certain",
          possible: "possibly",
          listed: "listed",
          no: "not",
        }[certainty];
      }
    }
    this.place();
    this.say();
  }

  /** Place the crosshair. */
  place() {
    const { style } = this.section;
    style.setProperty("--across", this.shown.place(milliseconds(this.instant)));
    style.setProperty("--up", this.band.place(this.step + 0.5));
  }

  say() {
    if (!this.held) return;
    const number = (certainty) => this.held.filter((area) => area?.certainty === certainty).length;
    const { valid, known } = this.speak();
    const chosen = this.held[this.areas.things.indexOf(this.chosen)]?.certainty ?? "no";
    const says = { certain: "certain", possible: "possible", listed: "listed", no: "not true" }[
      chosen
    ];
    this.reading.textContent = `${valid[0].toUpperCase()}${valid.slice(1)}, as known at ${known}`;
    this.verdict.textContent = says;
    this.verdict.dataset.certainty = chosen;
    this.counts = `${number("certain")} certain, ${number("possible")} possible`;
    this.summary.textContent = this.counts;
  }

  /** Update the texts of the sliders at once, for screen readers. */
  speak() {
    const valid = this.saidValid();
    const known = this.saidKnown();
    this.valid.setAttribute("aria-valuetext", valid);
    this.known.setAttribute("aria-valuetext", known);
    return { valid, known };
  }

  saidValid() {
    if (this.asked.as_of === this.section.dataset.asOf) return this.section.dataset.said;
    const number = this.stops.nearest(milliseconds(this.instant));
    const isStop = BigInt(this.stops.at(number)) * 1000n === this.instant;
    if (isStop) return this.stops.words(number);
    const formatter = this.zone.formatter({ dateStyle: "long", timeStyle: "short" });
    return `as of ${formatter.format(milliseconds(this.instant))}`;
  }

  saidKnown() {
    const { at, position: changed } = this.steps[this.step];
    const position = this.positionOf(this.step);
    if (at === null)
      return position ? `@${position}` : "the beginning, before anything was recorded";
    const when = this.zone.formatter({ dateStyle: "medium", timeStyle: "short" }).format(at);
    if (position !== changed) return `@${position}, last changed at @${changed}, ${when}`;
    return `@${position}, recorded ${when}`;
  }

  /** Announce where the crosshair rests, and ask the server for details. */
  async rest() {
    this.said.textContent = `${this.reading.textContent}: ${this.counts}`;
    this.asking?.abort();
    this.asking = new AbortController();
    const asked = this.query();
    let text;
    try {
      const response = await fetch(`${location.pathname}?${asked}`, { signal: this.asking.signal });
      if (!response.ok) return;
      text = await response.text();
    } catch (error) {
      // Without the details, the list shows what the map knows.
      if (error.name === "AbortError" || error instanceof TypeError) return;
      throw error;
    }
    if (asked !== this.query()) return;
    const fresh = new DOMParser().parseFromString(text, "text/html");
    for (const selector of ["#state", "nav.views"]) {
      const old = document.querySelector(selector);
      const found = fresh.querySelector(selector);
      if (old && found && !old.contains(document.activeElement)) {
        old.replaceChildren(...found.childNodes);
        delete old.dataset.stale;
      }
    }
    this.listing.read();
  }

  fillForm() {
    if (!this.times) return;
    const { as_of: asOf, as_known: asKnown } = this.times.elements;
    asOf.value = this.asked.as_of;
    asKnown.value = this.asked.as_known;
    this.times.querySelector("#as-of-read").textContent = this.saidValid();
    this.times.querySelector("#as-known-read").textContent = this.saidKnown();
  }

  redraw() {
    if (this.chosen) draw(this.large, this.chosen, this.band, this.shown);
    for (const { thing, plot } of this.rows) {
      draw(plot, thing, this.band, this.shown);
    }
    this.markValid();
    this.markKnown();
  }

  markValid() {
    const width = this.large.clientWidth;
    const marks = ticks(
      this.zone,
      this.shown.since,
      this.shown.until,
      Math.max(Math.floor(width / 90), 2),
    );
    const places = marks.map(({ at, text }) => [text, this.shown.place(at)]);
    const whole = places.filter(([, place]) => place > 0.02 && place < 0.98);
    this.across.replaceChildren(...whole.map(([text, place]) => mark(text, "--place", place)));
  }

  /** Dates beside the steps, as many as fit, each day once. */
  markKnown() {
    const format = this.zone.formatter({ day: "numeric", month: "short", year: "numeric" });
    const height = this.large.clientHeight;
    const room = (matchMedia("(max-width: 48rem)").matches ? 40 : 18) / height;
    const marks = [];
    let last = -1;
    let before = null;
    this.steps.forEach(({ at }, step) => {
      if (at === null || step < this.band.first || step >= this.band.last) return;
      const text = format.format(at);
      const place = this.band.place(step + 0.5);
      if (text === before || place - last < room) return;
      marks.push(mark(text, "--place", place));
      last = place;
      before = text;
    });
    this.upward.replaceChildren(...marks);
  }
}

function mark(text, property, place) {
  const made = document.createElement("span");
  made.textContent = text;
  made.style.setProperty(property, place);
  return made;
}

/** When a thing was first true, as known at the end. */
function start({ areas }) {
  const known = Math.max(...areas.map((area) => area.last));
  return Math.min(...areas.filter((area) => area.last === known).map((area) => area.since));
}

function nameOf({ entry, shows }, names) {
  if (shows === "comments") {
    const speaker = names.of(entry.speaker);
    return entry.quote ? `${speaker}: ${entry.quote}` : speaker;
  }
  if (shows === "questions") return entry.question;
  const other = names.of(entry[shows]);
  if (["member-of", "part-of", "released-by", "named"].includes(entry.property)) return other;
  return shows === "subject" ? `${other}: ${entry.property}` : `${entry.property}: ${other}`;
}

function describe(thing, names) {
  if (thing.isListed) return nameOf(thing, names);
  const { subject, property, value, qualifiers } = thing.entry;
  const said = Object.entries(qualifiers).map(([name, text]) => `${name}: ${text}`);
  return `${names.of(subject)} ${property} ${names.of(value)}${said.length ? ` (${said.join(", ")})` : ""}`;
}

const section = document.querySelector("section.map");
if (section) {
  const response = await fetch(section.dataset.map);
  if (response.ok) {
    const answer = await response.json();
    if (answer.statements.length + answer.comments.length + answer.questions.length) {
      new MapOfEntity(section, answer, await namesIn(answer));
    } else {
      section.remove();
    }
  } else {
    section.querySelector(".loading").textContent =
      "The map could not be loaded; what holds at the two times is below.";
  }
}
