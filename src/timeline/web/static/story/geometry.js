// The geometry from `render/drawing/geometry_json.py`, with open sides as infinities.

export class Geometry {
  constructor(json) {
    const { events, names } = json;
    this.zone = json.zone;
    this.start = json.start;
    this.end = json.end;
    this.names = names;
    this.count = events.id.length;
    this.ids = events.id;
    this.headlines = events.headline;
    this.said = events.said;
    this.types = events.type;
    this.standings = events.standing;
    this.entities = events.entities;
    this.tags = events.tags;
    this.numberOf = new Map(this.ids.map((id, number) => [id, number]));
    // A band from `earliest` to `latest`; of a spell also one from `endEarliest` to `last`.
    this.earliest = Float64Array.from(events.earliest, (side) => side ?? -Infinity);
    this.latest = Float64Array.from(events.latest, (side) => side ?? Infinity);
    this.last = this.latest.slice();
    this.endEarliest = new Float64Array(this.count).fill(NaN);
    for (const [number, [earliest, latest]] of Object.entries(json.ends)) {
      this.endEarliest[number] = earliest ?? -Infinity;
      this.last[number] = latest ?? Infinity;
    }
    this.rivals = json.rivals;
    this.links = json.links;
    this.marks = events.marks;
    this.corrected = this.#having("corrected");
    this.approximate = this.#having("approximate");
    this.unordered = this.#having("unordered");
    this.dissent = this.#having("dissent");
    this.doubtful = this.#having("disputed", "rival", "uncertain");
    this.labels = this.headlines.map((headline, number) => {
      const notes = this.#notes(number);
      const text = (this.unordered[number] ? "○ " : "") + headline.replace(/\s+/g, " ");
      return notes ? `${shortened(text, 60)} · ${notes}` : shortened(text, 60);
    });
  }

  // The instant at which an event is counted: its earliest, or its latest if that is open.
  anchor(number) {
    const earliest = this.earliest[number];
    return earliest === -Infinity ? this.latest[number] - 1 : earliest;
  }

  // Whether any event may have happened, or a spell may have lasted, between two instants.
  hasAnyBetween(from, to) {
    return this.earliest.some((earliest, number) => earliest < to && this.last[number] >= from);
  }

  // The middle of the range in which an event may have happened.
  middle(number) {
    const middle = (this.earliest[number] + this.latest[number]) / 2;
    return Number.isFinite(middle) ? middle : this.anchor(number);
  }

  // An event in words: its headline, its date and its marks.
  told(number) {
    const marks = this.marks[number].map((mark) => this.names.marks[mark]);
    return [this.headlines[number], this.said[number], ...marks].join("; ");
  }

  #notes(number) {
    return this.marks[number]
      .map((mark) => NOTES[this.names.classes[mark]])
      .filter(Boolean)
      .join(" · ");
  }

  #having(...names) {
    const wanted = new Set(names.map((name) => this.names.classes.indexOf(name)));
    return Uint8Array.from(this.marks, (marks) => (marks.some((mark) => wanted.has(mark)) ? 1 : 0));
  }
}

const NOTES = {
  corrected: "corrected",
  confirmed: "confirmed",
  disputed: "disputed",
  rival: "rival account",
  dissent: "decided against",
  uncertain: "maybe not yet",
};

export function shortened(text, most) {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join("").trimEnd()}…` : text;
}
