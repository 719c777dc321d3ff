// What a map says: the areas of each statement, and which of them a crosshair lies in.

import { instantOf, milliseconds } from "./time.js";

/** The key by which a statement is found on the page: RFC 8785 of its four parts. */
export function keyOf({ subject, property, value, qualifiers }) {
  const sorted = Object.entries(qualifiers).sort(([one], [other]) => (one < other ? -1 : 1));
  const pairs = sorted.map((pair) => pair.map((each) => JSON.stringify(each)).join(":"));
  const [about, label, what] = [subject, property, value].map((each) => JSON.stringify(each));
  return `{"property":${label},"qualifiers":{${pairs}},"subject":${about},"value":${what}}`;
}

/** All things on a map, and the steps of what was known. */
export class Areas {
  constructor(answer, headings) {
    this.answer = answer;
    this.steps = [{ position: answer.from, at: null }];
    for (const [position, at] of answer.known)
      this.steps.push({ position, at: milliseconds(instantOf(at)) });
    const slugs = new Set(answer.slugs);
    this.things = answer.statements.map((entry) =>
      this.thing(keyOf(entry), entry, ...grouped(entry, slugs, headings)),
    );
    for (const [name, heading] of [
      ["comments", "Comments"],
      ["questions", "Open questions"],
    ]) {
      const byId = Map.groupBy?.(answer[name], (entry) => entry.id) ?? groupBy(answer[name]);
      for (const [id, entries] of byId) {
        const areas = entries.flatMap((entry) => entry.areas.map((area) => ({ ...area, entry })));
        this.things.push(this.thing(id, { ...entries.at(-1), areas }, heading, name));
      }
    }
  }

  thing(key, entry, heading, shows) {
    const areas = entry.areas.map((area) => this.area(area));
    return {
      key,
      entry,
      heading,
      shows,
      areas,
      isListed: shows === "comments" || shows === "questions",
    };
  }

  /** An area in steps and instants; `since` and `until` are milliseconds, to draw it. */
  area({ known: [first, last], valid, certainty = "listed", standing = "reported", entry }) {
    const [from, to] = valid.map((side) => side && instantOf(side));
    return {
      first: this.stepOf(first),
      last: last === null ? this.steps.length : this.stepOf(last),
      from,
      to,
      certainty,
      standing,
      entry,
      since: from === null ? -Infinity : milliseconds(from),
      until: to === null ? Infinity : milliseconds(to),
    };
  }

  /** The number of the last step that a position has come to. */
  stepOf(position) {
    let low = 0;
    let high = this.steps.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.steps[middle].position <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The sides of all areas that are drawn, in milliseconds. */
  sides() {
    const found = [];
    for (const thing of this.things) {
      for (const { since, until } of thing.areas) found.push(since, until);
    }
    return found.filter(Number.isFinite).sort((one, other) => one - other);
  }

  /** Of each thing, the area that the crosshair lies in; null where it lies in none. */
  at(instant, step) {
    return this.things.map(
      ({ areas }) =>
        areas.find(
          ({ first, last, from, to }) =>
            first <= step &&
            step < last &&
            (from === null || from <= instant) &&
            (to === null || instant < to),
        ) ?? null,
    );
  }
}

function groupBy(entries) {
  const found = new Map();
  for (const entry of entries) found.set(entry.id, [...(found.get(entry.id) ?? []), entry]);
  return found;
}

/** Under which heading a statement is listed, and which of its parts are shown there. */
function grouped({ subject, property, value }, slugs, headings) {
  const side = slugs.has(subject) ? "subject" : "value";
  const found = headings.usual.find((each) => each.property === property && each.side === side);
  const shows = side === "subject" ? "value" : "subject";
  return [found?.heading ?? headings.otherwise[side], shows];
}
