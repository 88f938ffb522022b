// <form data-look="id">: what is typed is said anew by the server, which answers with the whole page; only that part is taken over.
// A button with data-part="id id" does the same with its own parts instead of leaving the page, and so does a form that is refused:
// going back from the next page then finds it as it was. Who leaves what is not saved is asked first.
import { replace } from "./region.js";

const said = 400, all = "fields said backtest";

export function look(form) {
  let timer, last, touches = 0, isTouched = !!document.getElementById("problems"), isLeaving = false;
  const wanted = new Set();
  const send = async (body, ids, isCurrent = () => true) => {
    clearTimeout(timer);
    last?.abort();
    const { signal } = last = new AbortController();
    const answer = await fetch(location.href, { method: "POST", body, signal, headers: { Accept: "text/html" } });
    if (answer.redirected || !answer.ok && answer.status !== 409 && answer.status !== 422) return answer;
    const text = await answer.text();
    if (!isCurrent()) throw new DOMException("Typed on meanwhile", "AbortError");
    if (ids.includes("fields")) isTouched ||= isChanged();
    await replace(new DOMParser().parseFromString(text, "text/html"), ids.split(" "));
    return answer;
  };
  const ask = async (what, ids, isCurrent) => {
    const body = new FormData(form);
    body.set("In.Do", what);
    const answer = await send(body, ids, isCurrent);
    if (!answer.ok || answer.redirected) throw new Error("not this page");
    isTouched ||= /^(add|remove|suggest|up|down|all)/.test(what);
  };
  // Whoever goes on typing is told later, with all that was to be told before: an answer to less than what stands there by now would take
  // it away. What cannot be told now is told by the button.
  const soon = (ids, delay) => {
    touches++;
    ids.split(" ").forEach(id => wanted.add(id));
    clearTimeout(timer);
    timer = setTimeout(() => {
      const asked = touches;
      ask("say", [...wanted].join(" "), () => asked === touches).then(() => wanted.clear(), () => {});
    }, delay);
  };
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
  form.addEventListener("submit", async event => {
    const button = event.submitter;
    if (isLeaving || !button || button.hasAttribute("aria-busy")) { if (!isLeaving) event.preventDefault(); return; }
    event.preventDefault();
    button.setAttribute("aria-busy", "true");
    const answer = await send(new FormData(form, button), all).catch(error => error);
    button.removeAttribute("aria-busy");
    if (answer.name === "AbortError") return;
    if (answer.redirected) { isLeaving = true; location.assign(answer.url); return; }
    if (answer.ok || answer.status === 409 || answer.status === 422) {
      (form.querySelector("[data-first]") ?? document.getElementById("problems")?.querySelector("a, button"))?.focus();
      document.getElementById("problems")?.scrollIntoView({ block: "start" });
      return;
    }
    // What cannot be sent so is sent as by a page without script.
    isLeaving = true;
    form.requestSubmit(button);
  });

  const isChanged = () => [...form.elements].some(one => one.matches("[type=radio],[type=checkbox]") ? one.checked !== one.defaultChecked
    : one.matches("select") ? [...one.options].some(o => o.selected !== o.defaultSelected) && one.selectedIndex !== Math.max(0, [...one.options].findIndex(o => o.defaultSelected))
      : one.matches("input:not([type=hidden]), textarea") && one.value !== one.defaultValue);
  document.addEventListener("click", event => { if (event.target.closest("a[data-leave]")) isLeaving = true; });
  addEventListener("beforeunload", event => { if (!isLeaving && (isTouched || isChanged())) event.preventDefault(); });
  addEventListener("pageshow", () => { isLeaving = false; });
}
