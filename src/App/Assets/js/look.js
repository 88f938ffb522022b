// <form data-look="id">: what is typed is said anew by the server, which answers with the whole page; only that part is taken over.
// A button with data-part="id id" does the same with its own parts instead of leaving the page.
import { replace } from "./region.js";

const said = 400;

export function look(form) {
  let timer, last;
  const ask = async (what, ids) => {
    clearTimeout(timer);
    last?.abort();
    const { signal } = last = new AbortController();
    const body = new FormData(form);
    body.set("In.Do", what);
    const answer = await fetch(location.href, { method: "POST", body, signal, headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error("not this page");
    await replace(new DOMParser().parseFromString(await answer.text(), "text/html"), ids.split(" "));
  };
  // Whoever goes on typing is told later; what cannot be told now is told by the button.
  const soon = (ids, delay) => { clearTimeout(timer); timer = setTimeout(() => ask("say", ids).catch(() => {}), delay); };
  form.addEventListener("input", event => { if (!event.target.matches("[type=radio],[type=checkbox],select")) soon(form.dataset.look, said); });
  form.addEventListener("change", event => {
    if (event.target.matches("[type=radio],[type=checkbox],select")) soon(event.target.closest("[data-refresh]")?.dataset.refresh ?? form.dataset.look, 0);
  });
  form.addEventListener("click", async event => {
    const button = event.target.closest("button[data-part]");
    if (!button || button.hasAttribute("aria-busy")) return;
    event.preventDefault();
    button.setAttribute("aria-busy", "true");
    try {
      await ask(button.value, button.dataset.part);
      button.removeAttribute("aria-busy");
    } catch (error) {
      button.removeAttribute("aria-busy");
      if (error.name !== "AbortError") { delete button.dataset.part; form.requestSubmit(button); }
    }
  });
}
