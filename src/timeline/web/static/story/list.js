// The list beside a timeline: an <li data-id="…"> for each event, or for one page of them.

export class List {
  constructor(geometry) {
    this.items = new Map();
    this.groups = new Set();
    for (const item of document.querySelectorAll("li[data-id]")) {
      const number = geometry.numberOf.get(item.dataset.id);
      if (number === undefined) continue;
      this.items.set(number, item);
      const group = item.parentElement.closest("li");
      if (group) this.groups.add(group);
    }
  }

  // Call back with the index of the event under the pointer or with the focus, and null after.
  listen(pointed, focused) {
    for (const [number, item] of this.items) {
      item.addEventListener("pointerenter", () => pointed(number));
      item.addEventListener("pointerleave", () => pointed(null));
      item.addEventListener("focusin", () => focused(number));
      item.addEventListener("focusout", () => pointed(null));
    }
  }

  // Show the chosen events; hide groups without any.
  choose(numbers) {
    const chosen = new Set(numbers);
    for (const [number, item] of this.items) item.hidden = !chosen.has(number);
    for (const group of this.groups) {
      group.hidden = !group.querySelector("li[data-id]:not([hidden])");
    }
  }

  // Move the mark, a class, from one event to another.
  mark(kind, before, after) {
    this.items.get(before)?.classList.remove(kind);
    this.items.get(after)?.classList.add(kind);
  }

  show(number) {
    this.items.get(number)?.scrollIntoView({ block: "nearest" });
  }

  link(number) {
    return this.items.get(number)?.querySelector("a[href]") ?? null;
  }
}
