/* A table of a land check: heads and rows of cells, filled by textContent only. */
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const box = parentElement.querySelector(".box");
  const make = (tag, css, text) => {
    const element = document.createElement(tag);
    if (css) element.className = css;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const background = getComputedStyle(parentElement.host || parentElement)
    .getPropertyValue("--st-background-color").trim();
  box.classList.toggle("dark", isDark(background));

  const table = make("table");
  table.setAttribute("aria-label", data.label);
  const head = make("tr");
  for (const column of data.columns) {
    const cell = make("th", column.css, column.text);
    cell.scope = "col";
    head.append(cell);
  }
  table.append(make("thead"), make("tbody"));
  table.tHead.append(head);
  for (const row of data.rows) table.tBodies[0].append(line(row));
  const before = box.scrollTop;
  box.replaceChildren(table);
  box.scrollTop = before;
  reveal(box.querySelector('tr[aria-selected="true"]'));
  box.onkeydown = move;

  function line(row) {
    const tr = make("tr");
    tr.dataset.id = row.id;
    tr.setAttribute("aria-selected", String(row.id === data.chosen));
    row.cells.forEach((cell, at) => {
      const told = typeof cell === "string" ? { text: cell } : cell;
      const td = make("td", data.columns[at].css);
      if (told.kind) td.append(make("span", `flag ${told.kind}`, told.text));
      else td.textContent = told.text;
      if (told.more) td.append(make("small", "", told.more));
      td.title = told.title || told.text;
      tr.append(td);
    });
    if (data.choose) {
      tr.tabIndex = 0;
      tr.onclick = () => setTriggerValue("chosen", row.id);
    }
    return tr;
  }

  function reveal(row) {
    if (!row) return;
    const top = row.offsetTop - 30;
    if (top < box.scrollTop || row.offsetTop + row.offsetHeight > box.scrollTop + box.clientHeight) {
      box.scrollTop = Math.max(0, top);
    }
  }

  function move(event) {
    const row = event.target.closest("tr[data-id]");
    if (!row) return;
    const to = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
    if (to) to.focus();
    const taken = event.key === "Enter" || event.key === " ";
    if (taken && data.choose) setTriggerValue("chosen", row.dataset.id);
    if (to || taken) event.preventDefault();
  }

  function isDark(colour) {
    const probe = document.createElement("i");
    probe.style.color = colour;
    document.body.append(probe);
    const rgb = (getComputedStyle(probe).color.match(/[\d.]+/g) || [255, 255, 255]).map(Number);
    probe.remove();
    return 0.3 * rgb[0] + 0.6 * rgb[1] + 0.1 * rgb[2] < 110;
  }
}
