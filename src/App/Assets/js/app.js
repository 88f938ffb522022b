// Comfort for pages that work without it.
import { followLive } from "./live.js";
import { LiveRegion } from "./region.js";
import "./swap.js";
import { toast } from "./toast.js";
customElements.define("live-region", LiveRegion);
followLive(document.querySelector("[data-live]"), toast);
if (document.querySelector("canvas[data-confetti]") && !matchMedia("(prefers-reduced-motion: reduce)").matches)
  import("./celebrate.js").then(({ celebrate }) => celebrate(document.querySelector("canvas[data-confetti]")));
// Who types a password may look at it. Managers of passwords know it by its type when it is sent.
const show = (button, shown) => {
  document.getElementById(button.dataset.reveal).type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", shown);
};
document.querySelectorAll("[data-reveal]").forEach(button => {
  button.hidden = false;
  button.addEventListener("click", () => show(button, button.getAttribute("aria-pressed") !== "true"));
  button.form.addEventListener("submit", () => show(button, false));
});
document.addEventListener("click", event => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  navigator.clipboard?.writeText(document.getElementById(button.dataset.copy).textContent.trim()).then(() => {
    button.querySelector("[data-copied]")?.removeAttribute("hidden");
  });
});
document.addEventListener("keydown", event => {
  if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector(":popover-open, dialog[open]"))
    document.querySelector(".moment-close, [data-tour-end]")?.click();
});
// What is pointed out is scrolled to, which takes the focus away; whoever listens or types goes on where it is told of.
const told = document.querySelector("[data-tour]");
if (told) addEventListener("load", () => requestAnimationFrame(() => setTimeout(() => document.activeElement === document.body && told.focus({ preventScroll: true }))));
document.addEventListener("change", event => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});
// A proxy may have asked by another name than the browser did.
document.querySelectorAll("[data-origin]").forEach(text => {
  text.textContent = text.textContent.replaceAll(text.dataset.origin, location.origin);
});
document.querySelectorAll("[data-pick-search]").forEach(box => import("./pick.js").then(({ pick }) => pick(box)));
document.querySelectorAll("form[data-photo]").forEach(form => import("./photo.js").then(({ photo }) => photo(form)));
document.querySelectorAll("form[data-look]").forEach(form => import("./look.js").then(({ look }) => look(form)));
