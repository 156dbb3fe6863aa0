/* What our tables share; it stands before the script of each. Text by textContent only. */
function make(tag, css, text) {
  const element = document.createElement(tag);
  if (css) element.className = css;
  if (text !== undefined) element.textContent = text;
  return element;
}

/* A table with its heads and no rows yet. */
function tableOf(data) {
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
  return table;
}

/* Put a table where the one before stood: scrolled as that was, its chosen row in sight. */
function show(box, table) {
  const before = box.scrollTop;
  box.replaceChildren(table);
  box.scrollTop = before;
  const row = box.querySelector('tr[aria-selected="true"]');
  if (!row) return;
  const top = row.offsetTop - 30;
  if (top < box.scrollTop || row.offsetTop + row.offsetHeight > box.scrollTop + box.clientHeight) {
    box.scrollTop = Math.max(0, top);
  }
}

/* Arrows go from row to row, Enter and space take one; `name` of its data marks a row. */
function moveRows(box, name, choose) {
  box.onkeydown = (event) => {
    const row = event.target.closest(`tr[data-${name}]`);
    if (!row) return;
    const to = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
    if (to && to.dataset[name]) to.focus();
    const taken = event.key === "Enter" || event.key === " ";
    if (taken && choose) choose(row.dataset[name]);
    if (to || taken) event.preventDefault();
  };
}

/* Streamlit tells its theme by colours alone: a dark ground wants brighter signs. */
function tellDark(box, parentElement) {
  const background = getComputedStyle(parentElement.host || parentElement)
    .getPropertyValue("--st-background-color").trim();
  const probe = make("i");
  probe.style.color = background;
  document.body.append(probe);
  const rgb = (getComputedStyle(probe).color.match(/[\d.]+/g) || [255, 255, 255]).map(Number);
  probe.remove();
  box.classList.toggle("dark", 0.3 * rgb[0] + 0.6 * rgb[1] + 0.1 * rgb[2] < 110);
}
