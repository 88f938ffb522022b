// A part of another page beside this one. Forms in it are sent without leaving; whatever is otherwise than expected leads to that page.
export async function open(href, id) {
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
