// Plays the audit step by step: one record at a time, with what it changed.

const PACE = 1800; // milliseconds per step while playing

const player = document.querySelector(".player");
const list = document.querySelector("ol.steps");
const steps = [...document.querySelectorAll("li.step")];

if (player && steps.length > 0) {
  const range = player.querySelector("input");
  const place = player.querySelector(".place");
  const playing = player.querySelector("[data-do=play]");
  let timer = null;
  let current = null;

  const show = (number) => {
    current = Math.min(Math.max(number, 1), steps.length);
    steps.forEach((step, index) => {
      step.hidden = index + 1 > current;
      step.classList.toggle("current", index + 1 === current);
    });
    range.value = String(current);
    const step = steps[current - 1];
    const said = step.querySelector(".said").textContent.trim();
    place.textContent = `Step ${current} of ${steps.length}, @${step.dataset.position}: ${said}`;
    range.setAttribute("aria-valuetext", place.textContent);
    step.scrollIntoView({ block: "nearest" });
  };

  const stop = () => {
    clearInterval(timer);
    timer = null;
    playing.setAttribute("aria-pressed", "false");
    playing.textContent = "Play";
  };

  const onward = () => {
    if (current < steps.length) {
      show(current + 1);
    } else if (list.dataset.next) {
      location.href = `${list.dataset.next}#play`;
    } else {
      stop();
    }
  };

  const play = () => {
    if (current === null || current === steps.length) show(1);
    timer = setInterval(onward, PACE);
    playing.setAttribute("aria-pressed", "true");
    playing.textContent = "Pause";
  };

  const all = () => {
    stop();
    current = null;
    for (const step of steps) {
      step.hidden = false;
      step.classList.remove("current");
    }
    place.textContent = `All ${steps.length} steps`;
  };

  const acts = {
    back: () => { stop(); show((current ?? 1) - 1); },
    on: () => { stop(); show((current ?? 0) + 1); },
    play: () => (timer === null ? play() : stop()),
    all,
  };
  player.addEventListener("click", (event) => acts[event.target.dataset.do]?.());
  range.addEventListener("input", () => { stop(); show(Number(range.value)); });
  player.hidden = false;
  if (location.hash === "#play") play();
}
