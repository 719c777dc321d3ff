// The colours of a drawing, from the CSS custom properties of the page.

const PROPERTIES = [
  "ground", "ink", "quiet", "rule", "rule-major", "band", "band-ground", "doubt",
  "doubt-ground", "dissent", "dissent-ground", "corrected", "focus", "focus-ground",
];

// The current values of the properties for an element.
export function coloursOf(element) {
  const style = getComputedStyle(element);
  const found = PROPERTIES.map((name) => [name, style.getPropertyValue(`--drawing-${name}`).trim()]);
  return Object.fromEntries(found.map(([name, colour]) => [name, colour || style.color]));
}

// A tile of hatching, for a repeating pattern.
export function hatched(ink, ground) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 6;
  const context = tile.getContext("2d");
  context.fillStyle = ground;
  context.fillRect(0, 0, 6, 6);
  context.strokeStyle = ink;
  context.lineWidth = 1.6;
  context.beginPath();
  for (const offset of [-6, 0, 6]) {
    context.moveTo(offset - 1, 7);
    context.lineTo(offset + 7, -1);
  }
  context.stroke();
  return tile;
}
