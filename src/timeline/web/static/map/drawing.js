// Areas as they are drawn: valid time across, known time up, one band for each step.

const SVG = "http://www.w3.org/2000/svg";
const ARROW = 7;

// No fewer steps than these are shown, where there are as many.
const FEWEST = 6;

function made(name, attributes) {
  const found = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) found.setAttribute(key, value);
  return found;
}

/** The stretch of valid time that is shown, in milliseconds. */
export class Window {
  constructor(since, until) {
    this.since = since;
    this.until = until;
  }

  get span() {
    return this.until - this.since;
  }

  /** Where an instant lies: 0 at the left side and 1 at the right. */
  place(at) {
    return (at - this.since) / this.span;
  }

  at(place) {
    return this.since + place * this.span;
  }

  /** Closer or wider by a factor, around what lies at an instant, but no wider than another. */
  zoomed(factor, around, widest, closest) {
    const span = Math.min(Math.max(this.span * factor, closest), widest.span);
    const place = Math.min(Math.max(this.place(around), 0), 1);
    return new Window(around - place * span, around + (1 - place) * span).within(widest);
  }

  /** Moved, so that it lies within another that is no smaller. */
  within(widest) {
    const span = Math.min(this.span, widest.span);
    const since = Math.min(Math.max(this.since, widest.since), widest.until - span);
    return new Window(since, since + span);
  }
}

/** The steps of what was known that are shown, from `first` up to `last`, exclusive. */
export class Band {
  constructor(first, last) {
    this.first = first;
    this.last = last;
  }

  /** How many steps there are. */
  get count() {
    return this.last - this.first;
  }

  /** Where a step begins: 0 at the bottom and 1 at the top, if it is shown. */
  place(step) {
    return Math.min(Math.max((step - this.first) / this.count, 0), 1);
  }

  /** The step that lies at a place. */
  at(place) {
    return Math.min(this.first + Math.floor(place * this.count), this.last - 1);
  }

  /** So many of all steps, with one of them as near to where it was as can be. */
  resized(count, around, all) {
    const fitting = Math.min(Math.max(Math.round(count), Math.min(FEWEST, all)), all);
    const below = Math.round(this.place(around) * fitting);
    const first = Math.min(Math.max(around - below, 0), all - fitting);
    return new Band(first, first + fitting);
  }
}

/** Draws the areas of a thing into a part of the page, in place of what was there. */
export function draw(plot, thing, band, shown) {
  const width = plot.clientWidth;
  const height = plot.clientHeight;
  // What is not shown has no size.
  if (!width || !height) return;
  const picture = made("svg", {
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    "aria-hidden": "true",
  });
  for (const area of thing.areas) drawArea(picture, area, width, height, band, shown);
  plot.querySelector("svg")?.remove();
  plot.prepend(picture);
}

function drawArea(picture, area, width, height, band, shown) {
  const left = Math.max(shown.place(area.since) * width, -2);
  const right = Math.min(shown.place(area.until) * width, width + 2);
  // A microsecond between what surely began and what may have ended is no more than that.
  if (right - left < 0.01 || area.until - area.since < 0.01) return;
  if (area.last <= band.first || area.first >= band.last) return;
  const top = height * (1 - band.place(area.last));
  const bottom = height * (1 - band.place(area.first));
  const kind = { class: "area", "data-certainty": area.certainty, "data-standing": area.standing };
  const box = {
    x: left,
    y: top,
    width: Math.max(right - left, 1),
    height: Math.max(bottom - top, 1),
  };
  if (area.certainty === "possible") picture.append(made("rect", { ...box, class: "ground" }));
  picture.append(made("rect", { ...box, ...kind, ...hatched(area) }));
  const middle = (top + bottom) / 2;
  const reach = Math.min(ARROW, (bottom - top) / 2);
  if (reach < 3) return;
  if (area.from === null) picture.append(arrow(1, 1 + reach, middle, reach));
  if (area.to === null) picture.append(arrow(width - 1, width - 1 - reach, middle, reach));
}

function hatched(area) {
  return area.certainty === "possible" ? { fill: "url(#hatching)" } : {};
}

/** Points to a side of the map beyond which it goes on for ever. */
function arrow(tip, back, middle, reach) {
  return made("path", {
    class: "arrow",
    d: `M${tip} ${middle}L${back} ${middle - reach}V${middle + reach}Z`,
  });
}
