// A long list of people to tick: typing narrows it. Who is ticked stays in sight.
const plain = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export function pick(box) {
  const field = box.querySelector("input"), list = box.parentElement.querySelector("[data-pick-list]");
  box.hidden = false;
  const narrow = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let any = false;
    for (const one of list.querySelectorAll("[data-pick]")) {
      const text = plain(one.dataset.pick);
      one.hidden = !one.querySelector("input").checked && !words.every(word => text.includes(word));
      any ||= !one.hidden;
    }
    list.querySelector("[data-pick-none]").hidden = any;
  };
  field.addEventListener("input", narrow);
  // Enter belongs to the list here, not to the form.
  field.addEventListener("keydown", event => { if (event.key === "Enter") event.preventDefault(); });
}
