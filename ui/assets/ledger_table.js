/* The ledger's projects: a table that draws only the rows in sight; textContent only. */
const ROW = 34;
const SPARE = 12;

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const box = parentElement.querySelector(".box");
  const order = box.landmapOrder || { column: -1, down: false };
  box.landmapOrder = order;
  let rows = sorted();
  const before = box.scrollTop;

  const table = make("table");
  table.setAttribute("role", "grid");
  table.setAttribute("aria-label", data.label);
  table.setAttribute("aria-rowcount", String(rows.length + 1));
  const head = make("tr");
  data.columns.forEach((column, at) => {
    const cell = make("th", column.css);
    cell.scope = "col";
    const button = make("button", "", column.text);
    button.title = column.text;
    button.type = "button";
    button.onclick = () => sortBy(at);
    cell.append(button);
    head.append(cell);
  });
  table.append(make("thead"), make("tbody"));
  table.tHead.append(head);
  const body = table.tBodies[0];
  const foot = make("div", "count", data.count);
  if (rows.length) box.replaceChildren(table, foot);
  else box.replaceChildren(make("div", "empty", data.empty));
  box.scrollTop = before;
  if (box.landmapChosen !== data.chosen) reveal();
  box.landmapChosen = data.chosen;
  draw();
  box.onscroll = () => requestAnimationFrame(draw);
  moveRows(box, "project", choose);

  function sorted() {
    if (order.column < 0) return data.rows;
    const of = (row) => row.sorts[order.column];
    const compare = (a, b) => (typeof of(a) === "number"
      ? of(a) - of(b) : String(of(a)).localeCompare(String(of(b)), "zh-CN"));
    return [...data.rows].sort((a, b) => (order.down ? compare(b, a) : compare(a, b)));
  }

  function sortBy(column) {
    if (order.column !== column) Object.assign(order, { column, down: column >= 4 });
    else if (order.down === (column >= 4)) order.down = !order.down;
    else order.column = -1;
    rows = sorted();
    box.scrollTop = 0;
    draw();
  }

  function draw() {
    const tall = box.querySelector("tbody tr:not(.gap)");
    const height = (tall && tall.offsetHeight) || ROW;
    const from = Math.max(0, Math.floor(box.scrollTop / height) - SPARE);
    const to = Math.min(rows.length, from + Math.ceil(box.clientHeight / height) + 2 * SPARE);
    const focused = box.getRootNode().activeElement;
    const kept = focused && focused.dataset ? focused.dataset.project : null;
    body.replaceChildren(gap(from * height), ...rows.slice(from, to).map(line), gap((rows.length - to) * height));
    [...head.cells].forEach((cell, at) => {
      cell.setAttribute("aria-sort", at !== order.column ? "none" : order.down ? "descending" : "ascending");
    });
    if (kept) {
      const again = [...body.rows].find((row) => row.dataset.project === kept);
      if (again) again.focus({ preventScroll: true });
    }
  }

  function gap(pixels) {
    const row = make("tr", "gap");
    const cell = make("td");
    cell.colSpan = data.columns.length;
    cell.style.height = `${pixels}px`;
    row.append(cell);
    row.hidden = pixels <= 0;
    return row;
  }

  function line(row) {
    const tr = make("tr");
    tr.tabIndex = 0;
    tr.dataset.project = row.id;
    tr.setAttribute("aria-selected", String(row.id === data.chosen));
    row.texts.forEach((text, at) => {
      const cell = make("td", data.columns[at].css);
      const shown = make("span", "", text);
      shown.title = at === 0 ? `${text}\n${row.about}` : text;
      cell.append(shown);
      if (at === 0) cell.append(make("small", "", row.about));
      if (at === 1) shown.dataset.stage = row.stage;
      if (at === 4 && row.unmet) cell.classList.add("unmet");
      if (at === 6 && text) cell.classList.add("some");
      tr.append(cell);
    });
    tr.onclick = () => choose(row.id);
    return tr;
  }

  function choose(id) {
    setTriggerValue("chosen", id);
    // On a narrow screen the sheet stands below the table: go there once it is drawn.
    if (window.innerWidth <= 900) hold(".st-key-ledger_sheet");
  }

  // The page shrinks and grows while it is drawn anew: hold on until the sheet of the
  // project chosen stands there and rests, or until the reader moves the page.
  function hold(place) {
    const head = () => document.querySelector(`${place} h2`)?.textContent;
    const was = head();
    let until = Date.now() + 15000;
    let drawn = false;
    let free = false;
    for (const sign of ["wheel", "touchstart", "keydown"]) {
      document.addEventListener(sign, () => { free = true; }, { once: true, passive: true, capture: true });
    }
    (function again() {
      if (free || Date.now() > until) return;
      if (!drawn && head() && head() !== was) {
        drawn = true;
        until = Date.now() + 2500;
      }
      document.querySelector(place)?.scrollIntoView({ block: "start" });
      setTimeout(again, 150);
    })();
  }

  function reveal() {
    const at = rows.findIndex((row) => row.id === data.chosen);
    if (at < 0) return;
    const top = at * ROW;
    if (top < box.scrollTop || top + 2 * ROW > box.scrollTop + box.clientHeight) {
      box.scrollTop = Math.max(0, top - 2 * ROW);
    }
  }
}
