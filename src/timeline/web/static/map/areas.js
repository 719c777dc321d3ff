// The areas of each statement on a map, and which of them contain the crosshair.

import { instantOf, milliseconds } from "./time.js";

/** The key of a statement in the page: RFC 8785 JSON of its four parts. */
export function keyOf({ subject, property, value, qualifiers }) {
  const sorted = Object.entries(qualifiers).sort(([one], [other]) => (one < other ? -1 : 1));
  const pairs = sorted.map((pair) => pair.map((each) => JSON.stringify(each)).join(":"));
  const [about, label, what] = [subject, property, value].map((each) => JSON.stringify(each));
  return `{"property":${label},"qualifiers":{${pairs}},"subject":${about},"value":${what}}`;
}

/** All things on a map, and the steps of known time. */
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

  /** An area in steps and instants; `since` and `until` are milliseconds, for drawing. */
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

  /** The index of the last step at or before a position. */
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

  /** The sides of all drawn areas, in milliseconds. */
  sides() {
    const found = [];
    for (const thing of this.things) {
      for (const { since, until } of thing.areas) found.push(since, until);
    }
    return found.filter(Number.isFinite).sort((one, other) => one - other);
  }

  /** For each thing, the area that contains the crosshair, or null. */
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

/** The heading of a statement in the list, and which of its parts are shown there. */
function grouped({ subject, property, value }, slugs, headings) {
  const side = slugs.has(subject) ? "subject" : "value";
  const found = headings.usual.find((each) => each.property === property && each.side === side);
  const shows = side === "subject" ? "value" : "subject";
  return [found?.heading ?? headings.otherwise[side], shows];
}
