// Draws areas: valid time horizontal, known time vertical, one band per step.

const SVG = "http://www.w3.org/2000/svg";
const ARROW = 7;

// The least number of steps to show, if there are as many.
const FEWEST = 6;

function made(name, attributes) {
  const found = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) found.setAttribute(key, value);
  return found;
}

/** The visible stretch of valid time, in milliseconds. */
export class Window {
  constructor(since, until) {
    this.since = since;
    this.until = until;
  }

  get span() {
    return this.until - this.since;
  }

  /** The place of an instant: 0 at the left edge and 1 at the right. */
  place(at) {
    return (at - this.since) / this.span;
  }

  at(place) {
    return this.since + place * this.span;
  }

  /** Zoomed by a factor around an instant, but no wider than another window. */
  zoomed(factor, around, widest, closest) {
    const span = Math.min(Math.max(this.span * factor, closest), widest.span);
    const place = Math.min(Math.max(this.place(around), 0), 1);
    return new Window(around - place * span, around + (1 - place) * span).within(widest);
  }

  /** Moved so that it lies within another window, which is no smaller. */
  within(widest) {
    const span = Math.min(this.span, widest.span);
    const since = Math.min(Math.max(this.since, widest.since), widest.until - span);
    return new Window(since, since + span);
  }
}

/** The visible steps of known time, from `first` up to but excluding `last`. */
export class Band {
  constructor(first, last) {
    this.first = first;
    this.last = last;
  }

  /** The number of steps. */
  get count() {
    return this.last - this.first;
  }

  /** The place where a step begins: 0 at the bottom and 1 at the top, if it is visible. */
  place(step) {
    return Math.min(Math.max((step - this.first) / this.count, 0), 1);
  }

  /** The step at a place. */
  at(place) {
    return Math.min(this.first + Math.floor(place * this.count), this.last - 1);
  }

  /** A band of a number of steps, with one of them as close as possible to its old place. */
  resized(count, around, all) {
    const fitting = Math.min(Math.max(Math.round(count), Math.min(FEWEST, all)), all);
    const below = Math.round(this.place(around) * fitting);
    const first = Math.min(Math.max(around - below, 0), all - fitting);
    return new Band(first, first + fitting);
  }
}

/** Draws the areas of a thing into an element, replacing its contents. */
export function draw(plot, thing, band, shown) {
  const width = plot.clientWidth;
  const height = plot.clientHeight;
  // Hidden elements have no size.
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
  // The microsecond between a certain beginning and a possible end is not drawn.
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

/** An arrow at a side of the map beyond which an area is open. */
function arrow(tip, back, middle, reach) {
  return made("path", {
    class: "arrow",
    d: `M${tip} ${middle}L${back} ${middle - reach}V${middle + reach}Z`,
  });
}
