/* Land on offer as cards: texts by textContent only; two buttons a card, for a thumb. */
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const box = parentElement.querySelector(".box");
  const list = make("ol", "cards");
  list.setAttribute("aria-label", data.label);
  for (const one of data.cards) list.append(card(one));
  box.replaceChildren(list);

  function card(one) {
    const item = make("li", one.id === data.chosen ? "card chosen" : "card");
    item.dataset.parcel = one.id;
    const head = make("div", "head");
    if (one.rank) {
      const rank = make("span", "rank", one.rank);
      rank.setAttribute("aria-hidden", "true");
      head.append(rank);
    }
    const title = make("h3", "", one.title);
    if (one.own) { title.append(" ", make("small", "", one.own)); title.lastChild.lang = "zh-CN"; }
    head.append(title);
    if (one.mark) head.append(make("span", "mark", one.mark));
    const facts = make("p", "facts");
    for (const fact of one.facts) facts.append(make("span", "", fact));
    item.append(head, make("p", "place", one.place), facts);
    if (one.reasons.length) {
      const why = make("ul", "why");
      why.setAttribute("aria-label", data.why);
      for (const [state, text] of one.reasons) {
        const line = make("li", state);
        const sign = make("span", "sign", data.signs[state]);
        sign.setAttribute("aria-hidden", "true");
        line.append(sign, make("span", "hidden", `${data.states[state]}: `), text);
        why.append(line);
      }
      item.append(why);
    }
    const deeds = make("div", "deeds");
    deeds.append(button("open", data.open, one, "opened"));
    const listed = button("list", one.listed ? data.unlist : data.list, one, "toggled");
    listed.setAttribute("aria-pressed", String(one.listed));
    listed.disabled = data.full && !one.listed;
    deeds.append(listed);
    item.append(deeds);
    return item;
  }

  function button(css, text, one, trigger) {
    const made = make("button", css, text);
    made.type = "button";
    made.setAttribute("aria-label", `${text}: ${one.title}`);
    made.onclick = () => setTriggerValue(trigger, one.id);
    return made;
  }

  function make(tag, css, text) {
    const element = document.createElement(tag);
    if (css) element.className = css;
    if (text !== undefined) element.textContent = text;
    return element;
  }
}
