// Filters: which events match the form beside a chronology.

const folded = (text) => text.normalize("NFKC").toLocaleLowerCase();

// The form's fields are `text`, `type`, `standing`, `entity`, `tag`, and the box `corrected`.
export class Filters {
  constructor(form, geometry) {
    this.form = form;
    this.geometry = geometry;
    this.texts = null;
    if (!form) return;
    // The form does nothing without scripts, so the page hides it.
    form.hidden = false;
    this.#offer();
  }

  listen(changed) {
    this.form?.addEventListener("input", changed);
    this.form?.addEventListener("reset", () => setTimeout(changed));
  }

  // The indices of matching events, in the order of the chronology.
  chosen() {
    const { geometry } = this;
    const asked = this.form ? Object.fromEntries(new FormData(this.form)) : {};
    const text = folded(String(asked.text ?? "").trim());
    const words = text ? text.split(/\s+/) : [];
    if (words.length && !this.texts) this.texts = geometry.ids.map((_, n) => folded(geometry.told(n)));
    const wanted = (list, name) => (name ? geometry.names[list].indexOf(name) : null);
    const [type, standing] = [wanted("types", asked.type), wanted("standings", asked.standing)];
    const [entity, tag] = [wanted("entities", asked.entity), wanted("tags", asked.tag)];
    const found = [];
    for (let number = 0; number < geometry.count; number += 1) {
      if (type !== null && geometry.types[number] !== type) continue;
      if (standing !== null && geometry.standings[number] !== standing) continue;
      if (entity !== null && !geometry.entities[number].includes(entity)) continue;
      if (tag !== null && !geometry.tags[number].includes(tag)) continue;
      if (asked.corrected && !geometry.corrected[number]) continue;
      if (!words.every((word) => this.texts[number].includes(word))) continue;
      found.push(number);
    }
    return found;
  }

  // Fill in the choices, which the page leaves empty.
  #offer() {
    const lists = { type: "types", standing: "standings", entity: "entities", tag: "tags" };
    for (const [field, list] of Object.entries(lists)) {
      const select = this.form.elements.namedItem(field);
      if (!(select instanceof HTMLSelectElement) || select.options.length > 1) continue;
      for (const name of [...this.geometry.names[list]].sort()) select.add(new Option(name, name));
    }
  }
}
