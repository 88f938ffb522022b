// <a data-swap="id id">: a filter that changes a part of the page fetches the page and takes over only that part.
// <a data-panel="id">: that part of another page opens beside this one.
import { fetchPage, replace } from "./region.js";

let last, shown = location.pathname + location.search;

document.addEventListener("click", async event => {
  const link = event.target.closest("a[data-swap],a[data-panel]"), { swap, panel } = link?.dataset ?? {};
  if (!swap && !panel || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (panel) { open(link.href, panel).catch(() => location.assign(link.href)); return; }
  last?.abort();
  last = new AbortController();
  const { signal } = last;
  try {
    const next = await fetchPage(link.href, { signal });
    if (!next) throw new Error("not this page");
    await replace(next, swap.split(" "));
    document.title = next.title;
    history.pushState({ swapped: true }, "", link.href);
    shown = location.pathname + location.search;
  } catch (error) {
    if (error.name !== "AbortError") location.assign(link.href);
  }
});

// Moving to a part of the page, as the skip link does, is told in the same way and needs nothing.
addEventListener("popstate", () => { if (shown !== location.pathname + location.search) location.reload(); });

// Forms in it are sent without leaving; whatever is otherwise than expected leads to that page.
async function open(href, id) {
  const box = document.createElement("dialog");
  const fill = async answer => {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    box.replaceChildren(document.getElementById(id + "-panel").content.cloneNode(true), page.getElementById(id));
    box.ariaLabel = box.querySelector("h2").textContent = page.querySelector("h1").textContent;
  };
  await fill(await fetch(href));
  box.className = "panel";
  box.onclose = () => box.remove();
  box.onclick = ({ target }) => { if (target === box || target.closest("[data-close]")) box.close(); };
  box.onsubmit = event => {
    event.preventDefault();
    fetch(href, { method: "POST", body: new FormData(event.target) }).then(fill)
      .then(() => box.querySelector("[data-close]").focus(), () => location.assign(href));
  };
  document.body.append(box);
  box.showModal();
}
