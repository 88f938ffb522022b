// A long list of people to tick: typing narrows it, arrows go through it, Tab goes past it. Who is ticked stays in sight.
// Of a list that is too long to be written whole the server finds who fits: there the field is sent.
const plain = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

export function pick(box) {
  const field = box.querySelector("input"), list = box.parentElement.querySelector("[data-pick-list]");
  box.hidden = false;
  const inSight = () => [...list.querySelectorAll("[data-pick]:not([hidden]) input")];
  // One box takes Tab for all of them, the one that was last gone to. What only one can be chosen of the browser does so by itself.
  const several = !!list.querySelector("[type=checkbox]");
  const stop = at => several && list.querySelectorAll("[data-pick] input").forEach(one => { one.tabIndex = one === at ? 0 : -1; });
  const narrow = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let any = false;
    for (const one of list.querySelectorAll("[data-pick]")) {
      const text = plain(one.dataset.pick);
      one.hidden = !one.querySelector("input").checked && !words.every(word => text.includes(word));
      any ||= !one.hidden;
    }
    list.querySelector("[data-pick-none]").hidden = any;
    stop(inSight()[0]);
  };
  if (box.dataset.pickSearch !== "sent") {
    field.addEventListener("input", narrow);
    // Enter belongs to the list here, not to the form.
    field.addEventListener("keydown", event => { if (event.key === "Enter") event.preventDefault(); });
  }
  if (!several) return;
  list.removeAttribute("tabindex");
  stop(inSight()[0]);
  list.addEventListener("focusin", event => stop(event.target));
  list.addEventListener("keydown", event => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const all = inSight();
    all[Math.min(all.length - 1, Math.max(0, all.indexOf(event.target) + step))]?.focus();
  });
}
