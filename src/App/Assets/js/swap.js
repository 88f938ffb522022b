// <a data-swap="id id">: a filter that changes a part of the page fetches the page and takes over only that part.
// <a data-panel="id">: opens that panel beside the page, with a part of the page that it leads to.
import { fetchPage, replace } from "./region.js";

let last, shown = location.pathname + location.search;

document.addEventListener("click", async event => {
  const link = event.target.closest("a[data-swap],a[data-panel]"), { swap, panel } = link?.dataset ?? {};
  if (!swap && !panel || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (panel) { open(document.getElementById(panel), link.href); return; }
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

// What is in it is a part of the page that the link leads to, and its forms are sent without leaving. Whatever is otherwise leads there.
async function open(box, href, body) {
  try {
    const answer = await fetch(href, body && { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    box.replaceChildren(box.firstElementChild, document.adoptNode(page.getElementById(box.dataset.part)));
    if (body) box.querySelector("button").focus(); else box.showPopover();
    box.onsubmit = event => { event.preventDefault(); open(box, href, new FormData(event.target)); };
  } catch { location.assign(href); }
}
