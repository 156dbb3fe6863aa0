/* The ledger's projects: a list to choose one from, filled by textContent only. */
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const box = parentElement.querySelector(".box");
  const make = (css, text) => {
    const element = document.createElement("div");
    element.className = css;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const before = box.scrollTop;
  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", data.label);
  box.replaceChildren(...(data.rows.length ? data.rows.map(line) : [make("empty", data.empty)]));
  box.scrollTop = before;
  const chosen = box.querySelector('[aria-selected="true"]');
  if (chosen && (chosen.offsetTop < box.scrollTop
      || chosen.offsetTop + chosen.offsetHeight > box.scrollTop + box.clientHeight)) {
    box.scrollTop = Math.max(0, chosen.offsetTop - 44);
  }
  box.onkeydown = (event) => {
    const one = event.target.closest(".one");
    if (!one) return;
    const to = { ArrowDown: one.nextElementSibling, ArrowUp: one.previousElementSibling }[event.key];
    if (to) to.focus();
    const taken = event.key === "Enter" || event.key === " ";
    if (taken) setTriggerValue("chosen", one.dataset.project);
    if (to || taken) event.preventDefault();
  };

  function line(row) {
    const one = make("one");
    one.tabIndex = 0;
    one.setAttribute("role", "option");
    one.setAttribute("aria-selected", String(row.id === data.chosen));
    one.dataset.project = row.id;
    const first = make("first");
    const title = make("title", row.title);
    title.title = row.title;
    first.append(title, make("stage", row.stage));
    one.append(first, make("second", row.about));
    one.onclick = () => setTriggerValue("chosen", row.id);
    return one;
  }
}
