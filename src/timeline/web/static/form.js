// Forms: how a date is read, as it is typed; which entities there are; a citation from a page.

const form = document.querySelector("form.record");
const PAUSE = 200; // milliseconds without a key before the service is asked

const later = (act) => {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), PAUSE);
  };
};

const ask = async (path, given) => {
  const response = await fetch(`${path}?${new URLSearchParams(given)}`);
  const answer = await response.json();
  return response.ok ? { answer } : { wrong: answer };
};

const said = (bounds) => `from ${bounds[0] ?? "an open beginning"} to before ${bounds[1] ?? "an open end"}`;

const readDate = async (input) => {
  const output = form.querySelector(`output[for="${CSS.escape(input.id)}"]`);
  const expression = input.value.trim();
  output.classList.remove("problems");
  if (!expression) {
    output.textContent = "";
    return;
  }
  const zone = form.elements.zone?.value.trim() || form.dataset.zone;
  const { answer, wrong } = await ask("/api/when", { expression, zone });
  if (input.value.trim() !== expression) return;
  if (wrong) {
    output.classList.add("problems");
    output.textContent = wrong.detail;
  } else {
    const exact = answer.edtf === expression ? "" : `${answer.edtf}: `;
    output.textContent = `Read as ${exact}${answer.precision}, ${said(answer.bounds)}`;
  }
};

const complete = async (input) => {
  const typed = input.value.split(",").pop().trim();
  if (typed.length < 2) return;
  const kind = input.dataset.complete;
  const given = kind === "any" ? { query: typed } : { query: typed, kind };
  const { answer } = await ask("/api/entities", given);
  if (!answer) return;
  const before = input.value.slice(0, input.value.lastIndexOf(",") + 1);
  const options = answer.entities.slice(0, 20).map((entity) => {
    const option = document.createElement("option");
    option.value = `${before}${before ? " " : ""}${entity.slug}`;
    option.label = [entity.slug, ...entity.names].join(", ");
    return option;
  });
  input.list.replaceChildren(...options);
};

const cite = async (fieldset) => {
  const field = (part) => form.elements[`source-${fieldset.dataset.source}-${part}`];
  const status = fieldset.querySelector(".cited");
  status.textContent = "Looking at the page …";
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
