// The list beside the map: what holds at the crosshair.
//
// The server renders it for one pair of times. While the crosshair moves, the map shows, hides and
// marks its entries; their other details are hidden until the server has rendered the list again.

const MOST_ADDED = 200;

function element(name, className, ...inside) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...inside);
  return made;
}

function mark(entry, { certainty }) {
  if (certainty === "listed" || entry.dataset.certainty === certainty) return;
  entry.dataset.certainty = certainty;
  entry.querySelector(".word").textContent = certainty === "possible" ? "possibly" : "";
}

export class Listing {
  constructor(areas, place, names) {
    this.areas = areas;
    this.names = names;
    this.place = place;
    this.headings = [...new Set(areas.things.map((thing) => thing.heading))];
    this.read();
  }

  /** The list as the server rendered it. */
  read() {
    this.entries = new Map();
    for (const each of this.place.querySelectorAll("li[data-statement], li[data-listed]")) {
      this.entries.set(each.dataset.statement ?? each.dataset.listed, each);
    }
  }

  /** Show what holds: for each thing, the area at the crosshair, or null. */
  show(held, linkTo) {
    if (!("stale" in this.place.dataset)) this.place.dataset.stale = "";
    const seen = new Set();
    let moved = false;
    let added = 0;
    this.areas.things.forEach((thing, index) => {
      const area = held[index];
      if (area === null) return;
      let entry = this.entries.get(thing.key);
      if (!entry) {
        if (added >= MOST_ADDED) return;
        added += 1;
        entry = this.add(thing, linkTo);
      }
      seen.add(entry);
      mark(entry, area);
    });
    for (const entry of this.entries.values()) {
      if (entry.hidden === !seen.has(entry)) continue;
      entry.hidden = !entry.hidden;
      moved = true;
    }
    if (moved || added > 0) this.hideWhatIsEmpty(seen.size);
  }

  hideWhatIsEmpty(number) {
    const listing = "section:has(li[data-statement], li[data-listed])";
    for (const section of this.place.querySelectorAll(listing)) {
      section.hidden = !section.querySelector("li:not([hidden])");
    }
    const nothing = this.place.querySelector(".nothing");
    if (nothing) nothing.hidden = number > 0;
  }

  add(thing, linkTo) {
    const entry = element("li", thing.isListed ? "" : "statement");
    const { entry: said } = thing;
    if (thing.isListed) {
      entry.dataset.listed = thing.key;
      entry.append(element("p", "", said.question ?? this.names.of(said.speaker)));
      if (said.quote) entry.append(element("blockquote", "", said.quote));
    } else {
      entry.dataset.statement = thing.key;
      const mark = element("span", "mark");
      mark.setAttribute("aria-hidden", "true");
      entry.append(
        element("p", "said", mark, element("span", "word"), " ", ...this.words(thing, linkTo)),
      );
    }
    this.section(thing).querySelector("ul").append(entry);
    this.entries.set(thing.key, entry);
    return entry;
  }

  words({ entry, shows }, linkTo) {
    const qualifiers = Object.entries(entry.qualifiers).map(([name, text]) => `${name}: ${text}`);
    const after = qualifiers.length
      ? [" ", element("span", "qualifiers", `(${qualifiers.join(", ")})`)]
      : [];
    const other = String(entry[shows]);
    if (shows === "subject" || ["member-of", "part-of", "released-by"].includes(entry.property)) {
      const name = this.names.of(other);
      const link = element("a", "", name);
      link.href = linkTo(other);
      return [
        link,
        ...(name === other ? [] : [" ", element("small", "slug", other)]),
        ...(shows === "subject" && entry.property !== "member-of" ? [` ${entry.property}`] : []),
        ...after,
      ];
    }
    return [entry.property === "named" ? other : `${entry.property}: ${other}`, ...after];
  }

  section({ heading }) {
    const sections = [...this.place.querySelectorAll("section")];
    const found = sections.find((each) => each.querySelector("h2")?.textContent === heading);
    if (found) return found;
    const section = element("section", "statements", element("h2", "", heading), element("ul"));
    const rank = this.headings.indexOf(heading);
    const after = sections.find(
      (each) => this.headings.indexOf(each.querySelector("h2")?.textContent) > rank,
    );
    this.place.insertBefore(section, after ?? this.place.querySelector(".permalink"));
    return section;
  }
}
