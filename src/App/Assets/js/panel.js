// <a data-panel="id">: opens that part of the page that it leads to beside this one. Forms in it are sent without leaving; without script,
// and whenever something is otherwise than expected, the link is a link.
const heard = { Accept: "text/html" };

export async function panel(link) {
  const { panel: id } = link.dataset, box = document.createElement("dialog");
  const fill = async answer => {
    if (!answer.ok && answer.status !== 422) throw new Error("not this page");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html"), part = page.getElementById(id);
    if (!part) throw new Error("not this page");
    const head = document.importNode(document.getElementById(`${id}-panel`).content, true);
    head.querySelector("h2").textContent = page.querySelector("h1").textContent;
    box.replaceChildren(head, document.importNode(part, true));
  };
  await fill(await fetch(link.href, { headers: heard }));
  box.className = "panel";
  box.setAttribute("aria-labelledby", `${id}-title`);
  box.addEventListener("close", () => box.remove());
  box.addEventListener("click", event => { if (event.target === box || event.target.closest("[data-panel-close]")) box.close(); });
  box.addEventListener("submit", async event => {
    event.preventDefault();
    const form = event.target;
    try {
      await fill(await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: heard }));
      box.scrollTop = 0;
      box.querySelector("[data-panel-close]").focus();
    } catch { form.submit(); }
  });
  document.body.append(box);
  box.showModal();
}
