// The visible window of time, and what moves it.

const NARROWEST = 10_000;
const LABEL_ROOM = 0.2;
const WHEEL = 0.004;
const STEP = 1.6;
const LASTS = 160;

export class View {
  // `changed` is called after each move; `isStill` says whether to move without animation.
  constructor(geometry, changed, isStill) {
    const length = geometry.end - geometry.start;
    this.geometry = geometry;
    // Labels start where their bands do, so the last ones need room on the right.
    this.least = geometry.start;
    this.most = geometry.end + length * LABEL_ROOM;
    this.from = this.least;
    this.to = this.most;
    this.changed = changed;
    this.isStill = isStill;
    this.moving = 0;
    this.goal = null;
  }

  get length() {
    return this.to - this.from;
  }

  get isWhole() {
    return this.length >= (this.most - this.least) * 0.999;
  }

  // Show the time from one instant to another, within the limits of the drawing.
  set(from, to) {
    const whole = this.most - this.least;
    const length = Math.min(Math.max(to - from, Math.min(NARROWEST, whole)), whole);
    const middle = (from + to) / 2;
    this.from = Math.min(Math.max(middle - length / 2, this.least), this.most - length);
    this.to = this.from + length;
    this.changed();
  }

  pan(share) {
    this.set(this.from + share * this.length, this.to + share * this.length);
  }

  // Zoom by a factor, keeping the instant at a share of the width in place.
  zoom(factor, share = 0.5) {
    const whole = this.most - this.least;
    const length = Math.min(Math.max(this.length / factor, Math.min(NARROWEST, whole)), whole);
    const fixed = this.from + share * this.length;
    const [from, to] = [fixed - share * length, fixed + (1 - share) * length];
    if (this.#mayShow(from, to)) this.set(from, to);
  }

  // Whether a zoom may lead to a window: it has an event in it, or shows more than now.
  #mayShow(from, to) {
    return to - from >= this.length || this.geometry.hasAnyBetween(from, to);
  }

  // Like `set`, but animated. A move during the animation starts from its target.
  glide(from, to) {
    this.stop();
    if (this.isStill()) return this.set(from, to);
    const [first, last, since] = [this.from, this.to, performance.now()];
    this.goal = { from, to };
    const step = (now) => {
      const done = Math.min(Math.max((now - since) / LASTS, 0), 1);
      const eased = done * (2 - done);
      this.set(first + (from - first) * eased, last + (to - last) * eased);
      if (done < 1) this.moving = requestAnimationFrame(step);
      else this.goal = null;
    };
    this.moving = requestAnimationFrame(step);
  }

  glideBy(share) {
    const { from, to } = this.goal ?? this;
    const by = Math.min(Math.max(share * (to - from), this.least - from), this.most - to);
    this.glide(from + by, to + by);
  }

  // Zoom in or out by a step, keeping `instant` in place if it is in the window.
  glideZoom(closer, instant) {
    const { from, to } = this.goal ?? this;
    const fixed = instant > from && instant < to ? instant : (from + to) / 2;
    const factor = closer ? 1 / STEP : STEP;
    const [first, last] = [fixed - (fixed - from) * factor, fixed + (to - fixed) * factor];
    if (this.#mayShow(first, last)) this.glide(first, last);
  }

  stop() {
    cancelAnimationFrame(this.moving);
    this.goal = null;
  }
}

// Wheel, drag and pinch. `scroller` holds the rows, which a drag scrolls up and down.
export function listenToPointers(canvas, scroller, view, clicked, hovered) {
  const pointers = new Map();
  let moved = 0;
  const share = (event) => (event.clientX - canvas.getBoundingClientRect().left) / canvas.clientWidth;

  canvas.addEventListener(
    "wheel",
    (event) => {
      const size = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
      const zooms = event.ctrlKey || event.metaKey;
      if (!zooms && (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))) {
        event.preventDefault();
        view.stop();
        view.pan(((event.deltaX || event.deltaY) * size) / canvas.clientWidth);
      } else if (zooms) {
        // Without a key the wheel scrolls the page, as everywhere. A pinch on a touchpad comes as
        // a small turn of the wheel with the control key.
        event.preventDefault();
        view.stop();
        view.zoom(Math.exp(-event.deltaY * size * WHEEL), share(event));
      }
    },
    { passive: false },
  );
  canvas.addEventListener("pointerdown", (event) => {
    view.stop();
    moved = pointers.size ? Infinity : 0;
    pointers.set(event.pointerId, event);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return hovered(event);
    const other = [...pointers.values()].find((each) => each.pointerId !== event.pointerId);
    pointers.set(event.pointerId, event);
    const across = event.clientX - before.clientX;
    moved += Math.abs(across) + Math.abs(event.clientY - before.clientY);
    if (other) {
      const apart = Math.abs(event.clientX - other.clientX);
      const wasApart = Math.abs(before.clientX - other.clientX);
      if (apart > 8 && wasApart > 8) view.zoom(apart / wasApart, share(other));
    } else if (moved > 3) {
      view.pan(-across / canvas.clientWidth);
      if (event.pointerType !== "touch") scroller.scrollTop -= event.clientY - before.clientY;
    }
  });
  const released = (event) => {
    if (!pointers.delete(event.pointerId)) return;
    if (event.type === "pointerup" && moved <= 3) clicked(event);
  };
  canvas.addEventListener("pointerup", released);
  canvas.addEventListener("pointercancel", released);
  canvas.addEventListener("pointerleave", () => hovered(null));
}
