/* A day's work: a card for each kind, its entries as buttons; filled by textContent only. */
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const box = parentElement.querySelector(".box");
  const FIRST = 6;
  const make = (tag, css, text) => {
    const element = document.createElement(tag);
    if (css) element.className = css;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const opened = new Set([...box.querySelectorAll("section.all")].map((one) => one.dataset.kind));
  box.replaceChildren(...data.groups.map(card));

  function card(group) {
    const section = make("section", group.grave ? "grave" : "");
    section.dataset.kind = group.kind;
    const head = make("h2", "", group.title);
    head.append(make("span", "count", group.count));
    const list = make("ul");
    list.append(...group.entries.map(line));
    section.append(head, list);
    if (group.entries.length > FIRST) {
      const more = make("button", "more");
      more.type = "button";
      const show = (all) => {
        section.classList.toggle("all", all);
        more.textContent = all ? data.fewer : group.more;
        more.setAttribute("aria-expanded", String(all));
        [...list.children].forEach((one, at) => { one.hidden = !all && at >= FIRST; });
      };
      more.onclick = () => show(!section.classList.contains("all"));
      show(opened.has(group.kind));
      section.append(more);
    }
    if (group.rest) section.append(make("p", "rest", group.rest));
    return section;
  }

  function line(entry) {
    const item = make("li");
    const one = make(entry.id ? "button" : "div", "one");
    if (entry.id) {
      one.type = "button";
      one.onclick = () => setTriggerValue("chosen", entry.id);
    }
    const first = make("span", "first");
    const title = make("span", "title", entry.title);
    title.title = entry.title;
    first.append(title, make("span", entry.amber ? "day amber" : "day", entry.left));
    one.append(first, make("span", "second", entry.about));
    item.append(one);
    return item;
  }
}
