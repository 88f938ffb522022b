// <live-region id topic>: a part of a page that asks for itself again when its topic changes, as the server would write it now.
// Permission is thereby checked where it always is: by the page.

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const wanted = new Map();
let timer, busy, failures = 0;

export class LiveRegion extends HTMLElement {
  connectedCallback() {
    document.addEventListener("live:changed", this);
    document.addEventListener("live:award", this);
    document.addEventListener("live:notice", this);
    // Work that is going on ends, also where no news comes through.
    this.again = setInterval(() => { if (this.querySelector("[data-working]")) ask(this, 0); }, 5000);
  }
  disconnectedCallback() {
    document.removeEventListener("live:changed", this);
    document.removeEventListener("live:award", this);
    document.removeEventListener("live:notice", this);
    clearInterval(this.again);
  }

  handleEvent({ type, detail }) {
    const topics = (this.getAttribute("topic") ?? "").split(" ");
    if (type !== "live:changed") { if (topics.includes("my-awards")) ask(this, 0); }
    // Boards hang on many walls, and start pages are open on every desk: they do not all ask at once.
    else if (topics.includes(detail.topic)) ask(this, Math.random() * (this.getAttribute("pace") ?? 2000));
  }
}

function ask(region, delay) {
  wanted.set(region.id, region.getAttribute("src") ?? location.href);
  if (document.hidden) return;
  if (delay === 0) { clearTimeout(timer); timer = null; }
  timer ??= setTimeout(refresh, delay);
}

document.addEventListener("visibilitychange", () => { if (!document.hidden && wanted.size) timer ??= setTimeout(refresh, 0); });

async function refresh() {
  timer = null;
  // What is being looked at is not taken away; what is being fetched is not fetched twice.
  if (busy || document.querySelector("live-region :popover-open, live-region dialog[open]")) { timer = setTimeout(refresh, 1000); return; }
  busy = true;
  const asked = new Map(wanted);
  wanted.clear();
  try {
    for (const address of new Set(asked.values())) {
      const next = await fetchPage(address);
      if (next) replace(next, [...asked].filter(([, from]) => from === address).map(([id]) => id));
      for (const [id, from] of [...asked]) if (from === address) asked.delete(id);
    }
    failures = 0;
  } catch {
    // The network is away: what was not fetched is asked for again, ever more seldom.
    for (const [id, address] of asked) if (!wanted.has(id)) wanted.set(id, address);
    failures++;
  } finally { busy = false; }
  if (wanted.size) timer ??= setTimeout(refresh, Math.min(30_000, 500 * 2 ** failures));
}

export async function fetchPage(address, options) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, ...options });
  // Signed out meanwhile: the sign-in page is not what this part of the page shows.
  if (!answer.ok || new URL(answer.url).pathname !== new URL(address, location.href).pathname) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** Rows that go to another place are known again by a name; a page may not bring it as a style. */
const name = (part, on = true) => part.querySelectorAll("[data-row]").forEach(row => {
  if (on) row.style.setProperty("--row", row.dataset.row);
  else row.removeAttribute("style");
});

/** Puts the new elements of these ids in place of the old ones; focus stays where it was. Resolves when done. */
export function replace(next, ids) {
  const pairs = ids.map(id => [document.getElementById(id), next.getElementById(id)])
    .filter(([old, now]) => old && now && old.outerHTML !== now.outerHTML);
  if (pairs.length === 0) return Promise.resolve();
  const copies = [];
  const change = () => {
    for (const [old, now] of pairs) {
      const active = old.contains(document.activeElement) ? document.activeElement : null;
      const copy = document.importNode(now, true);
      // Only a page that is opened takes the focus by itself; the browser complains of all others.
      copy.querySelectorAll("[autofocus]").forEach(one => { one.removeAttribute("autofocus"); one.dataset.first = ""; });
      old.replaceWith(copy);
      copies.push(copy);
      if (active) (active.id && document.getElementById(active.id)
        || active.getAttribute("href") && copy.querySelector(`[href="${CSS.escape(active.getAttribute("href"))}"]`))?.focus({ preventScroll: true });
    }
  };
  if (!document.startViewTransition || calm.matches || document.hidden) { change(); return Promise.resolve(); }
  pairs.forEach(([old]) => name(old));
  const transition = document.startViewTransition(() => { change(); copies.forEach(copy => name(copy)); });
  // Whoever leaves the page meanwhile ends the movement; the change has been made all the same.
  transition.ready.catch(() => {});
  transition.finished.finally(() => copies.forEach(copy => name(copy, false))).catch(() => {});
  return transition.updateCallbackDone;
}
