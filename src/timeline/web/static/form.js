// Forms: how a date is read while it is typed, completion of entities, citations from links.

const form = document.querySelector("form.record");
const PAUSE = 200; // milliseconds after the last key before the service is asked

const later = (act) => {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), PAUSE);
  };
};

const ask = async (path, given) => {
  const response = await fetch(`${path}?${new URLSearchParams(given)}`);
  // Without a session the service leads to the form to sign in.
  return response.ok && !response.redirected ? response.json() : null;
};

const readDate = async (input) => {
  const output = form.querySelector(`output[for="${CSS.escape(input.id)}"]`);
  const expression = input.value.trim();
  if (!expression) {
    output.textContent = "";
    return;
  }
  // The fields of an event that is corrected have its zone, and others that of the newsroom.
  const zone = form.elements.zone?.value.trim() || input.closest("[data-zone]").dataset.zone;
  const answer = await ask("/reads", { expression, zone });
  if (input.value.trim() !== expression || !answer) return;
  output.classList.toggle("problems", Boolean(answer.problem));
  output.textContent = answer.problem ?? answer.said;
};

const complete = async (input) => {
  const typed = input.value.split(",").pop().trim();
  if (typed.length < 2) return;
  const entities = await ask("/completions", { query: typed });
  if (!entities) return;
  const before = input.value.slice(0, input.value.lastIndexOf(",") + 1);
  const options = entities.map((entity) => {
    const option = document.createElement("option");
    option.value = `${before}${before ? " " : ""}${entity.slug}`;
    option.label = [...new Set([entity.slug, ...entity.names])].join(", ");
    return option;
  });
  input.list.replaceChildren(...options);
};

const cite = async (fieldset) => {
  const field = (part) => form.elements[`source-${fieldset.dataset.source}-${part}`];
  const status = fieldset.querySelector(".cited");
  status.textContent = "Reading the page …";
  const response = await fetch("/api/cite", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ url: field("url").value, quote: field("quote").value }),
  });
  const found = await response.json();
  if (!response.ok) {
    status.textContent = found.detail;
    return;
  }
  for (const [part, text] of Object.entries(found.citation)) {
    const input = field(part);
    if (input && !input.value) input.value = text;
  }
  status.textContent = found.problem ?? ["Filled in", ...found.remarks].join("; ");
};

if (form) {
  for (const input of form.querySelectorAll("[data-reads]")) {
    input.addEventListener("input", later(() => readDate(input)));
    readDate(input);
  }
  form.elements.zone?.addEventListener("input", later(() => {
    for (const input of form.querySelectorAll("[data-reads]")) readDate(input);
  }));
  for (const input of form.querySelectorAll("[data-complete]")) {
    input.addEventListener("input", later(() => complete(input)));
  }
  form.addEventListener("click", (event) => {
    if (event.target.value?.startsWith("cite-")) {
      event.preventDefault();
      cite(event.target.closest("fieldset"));
    }
  });
  document.getElementById("problems")?.focus();
}
