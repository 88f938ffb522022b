// News in a corner: announced, never taking focus, gone after a while unless somebody is reading it.
const stay = 12_000, most = 3;
// The stream tells of an award once; a network that is away for a moment must not cost its toast.
const retries = [1_000, 3_000, 10_000, 30_000];

// A history that is being counted is told anew with each part of it; the last word is enough.
const gathers = 1_500;
let gathering;

// What this page shows or waits to show, and what another tab has shown: a stream that comes back may tell of it again.
const known = new Set();

/** Shows news in the tab that is looked at; the others hear that they were shown. */
export function toast(type, detail, channel) {
  if (type === "shown") return void known.add(detail.id);
  if (type === "award") return tell("award-" + detail.id, "/moments/" + encodeURIComponent(detail.id), null, channel);
  const kind = type === "quiet" ? "quiet" : "notices", group = detail.key === "awards" ? "awards" : null;
  const news = () => tell(`${kind}-${detail.number}`, `/moments/${kind}/${encodeURIComponent(detail.number)}`, group, channel);
  if (!group) return news();
  clearTimeout(gathering);
  gathering = setTimeout(news, gathers);
}

async function tell(id, href, group, channel) {
  if (known.has(id)) return;
  known.add(id);
  if (document.hidden && !await turnedTo(id, channel)) return;
  channel?.postMessage({ type: "shown", detail: { id } });
  const news = await patiently(href);
  if (news) show(news, group);
  // What the network kept back may be told again.
  else if (news === undefined) known.delete(id);
}

async function patiently(href) {
  for (const pause of [...retries, null]) {
    const news = await describe(href).catch(() => undefined);
    if (news !== undefined || pause === null) return news;
    await new Promise(later => setTimeout(later, pause));
  }
}

function turnedTo(id, channel) {
  return new Promise(done => {
    const end = seen => { document.removeEventListener("visibilitychange", look); channel?.removeEventListener("message", hear); done(seen); };
    const look = () => { if (!document.hidden) end(true); };
    const hear = ({ data }) => { if (data.type === "shown" && data.detail.id === id) end(false); };
    document.addEventListener("visibilitychange", look);
    channel?.addEventListener("message", hear);
  });
}

// The moment's own address answers in short, or with its page, whose heading and picture say the same. Null where it is not to be
// seen any more; undefined where asking again may help.
async function describe(href) {
  const answer = await fetch(href, { headers: { Accept: "application/json, text/html;q=.5" } });
  if (!answer.ok) return answer.status === 429 || answer.status >= 500 ? undefined : null;
  if (answer.headers.get("content-type")?.includes("json")) return { href, ...await answer.json() };
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const text = selector => page.querySelector(selector)?.textContent.trim();
  return { href, eyebrow: text(".moment .eyebrow"), title: text("h1"), art: page.querySelector(".moment-art img")?.getAttribute("src") };
}

function show({ href, eyebrow, title, art, icon, see }, group) {
  const host = document.getElementById("toasts");
  if (!host || !title) return;
  const box = element("div", "toast");
  let picture = element("img");
  if (art) Object.assign(picture, { src: art, alt: "", width: 68, height: 68 });
  else if (icon) {
    picture = element("span", "toast-icon");
    picture.append(glyph(host.dataset.icons, icon));
  }
  // What has grown takes the place of what was told of it before.
  if (group) {
    host.querySelector(`[data-group="${group}"]`)?.remove();
    box.dataset.group = group;
  }
  const text = element("div", "toast-text", eyebrow);
  const link = element("a", "", see ?? host.dataset.see);
  link.href = href;
  text.append(element("b", "", title), link);
  const close = element("button", "toast-close");
  close.type = "button";
  close.setAttribute("aria-label", host.dataset.dismiss);
  close.append(glyph(host.dataset.icons, "x"));
  box.append(picture, text, close);

  let timer;
  const remove = () => { clearTimeout(timer); box.remove(); };
  const start = () => { clearTimeout(timer); if (!box.matches(":hover, :focus-within")) timer = setTimeout(remove, stay); };
  close.addEventListener("click", remove);
  for (const type of ["pointerenter", "focusin"]) box.addEventListener(type, () => clearTimeout(timer));
  for (const type of ["pointerleave", "focusout"]) box.addEventListener(type, () => setTimeout(start));
  host.append(box);
  const shown = host.querySelectorAll(".toast:not(.toast-lost)");
  if (shown.length > most) shown[0].remove();
  start();
}

/** Says that what is seen may be old, as long as that is so. */
document.addEventListener("live:lost", () => {
  const host = document.getElementById("toasts");
  if (!host || host.querySelector(".toast-lost")) return;
  const box = element("div", "toast toast-lost");
  const text = element("div", "toast-text", host.dataset.waits);
  text.prepend(element("b", "", host.dataset.lost));
  box.append(text);
  host.prepend(box);
});
document.addEventListener("live:back", () => document.querySelector(".toast-lost")?.remove());

function element(name, kind, text) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  if (text) made.textContent = text;
  return made;
}

function glyph(sprite, name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg"), use = document.createElementNS(space, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}
