/* Copies, shares or prints the address that the server tells: no account, no cookie. */
export default function (component) {
  const { data, parentElement } = component;
  const box = parentElement.querySelector(".box");
  const buttons = [];
  const copy = button(data.copy, async () => {
    const done = await copied(data.address);
    if (!done) window.prompt(data.by_hand, data.address);
    copy.textContent = done ? data.copied : data.copy;
    setTimeout(() => { copy.textContent = data.copy; }, 2000);
  });
  if (navigator.share) {
    button(data.share, () => navigator.share({ title: data.title, url: data.address }).catch(() => {}));
  }
  button(data.print, () => window.print());
  box.replaceChildren(...buttons);

  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.onclick = act;
    buttons.push(made);
    return made;
  }

  async function copied(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (_) {   // an address that is not secure has no clipboard
      const area = document.createElement("textarea");
      area.value = text;
      area.style.position = "fixed";
      area.style.opacity = "0";
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  }
}
