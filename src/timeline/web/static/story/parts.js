// Builds the parts of the interactive timeline, which replace its static picture.

const HELP =
  "Left and right move through time, plus and minus zoom, 0 shows everything, up and down move " +
  "between events, Home and End go to the first and last, Enter opens an event.";

export function build(figure) {
  const element = (tag, kind, parent) => {
    const made = document.createElement(tag);
    made.className = kind;
    parent?.append(made);
    return made;
  };
  const scroller = element("div", "chronology-rows");
  const canvas = element("canvas", "chronology-canvas", scroller);
  const spacer = element("div", "chronology-spacer", scroller);
  const tip = element("p", "chronology-tip");
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  const help = element("p", "chronology-help");
  help.id = `chronology-help-${document.querySelectorAll(".chronology-help").length}`;
  help.textContent = HELP;
  const status = element("p", "chronology-status");
  status.setAttribute("role", "status");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-roledescription", "zoomable timeline");
  canvas.setAttribute("aria-label", "Timeline");
  canvas.setAttribute("aria-describedby", help.id);
  const picture = figure.querySelector("svg");
  const parts = [scroller, status, help, tip];
  if (picture) picture.replaceWith(...parts);
  else figure.prepend(...parts);
  figure.classList.add("zoomable");
  return { scroller, canvas, spacer, tip, status };
}
