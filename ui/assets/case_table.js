/* A table of cases that draws only the rows in sight; textContent only.
   columns: {name, text, kind, width}; rows: {id, about, texts, sorts, marks}.
   `part` is null where all rows are here: then they are sorted here. Of a longer list it
   tells {first, total, size, column, down, ...words}: the server sorts and sends a part. */
const ROW = 34;
const SPARE = 12;

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const box = parentElement.querySelector(".box");
  const part = data.part;
  const own = box.landmapOrder || { column: "", down: false };
  box.landmapOrder = own;
  // What the server sorts by stays in force when a search leaves so few that all are here.
  if (part) Object.assign(own, { column: part.column, down: part.down });
  const order = own;
  const ahead = part ? part.first : 0;
  let rows = sorted();
  const place = part ? `${part.first} ${part.column} ${part.down}` : "";
  const before = box.landmapPlace === place ? box.scrollTop : 0;
  box.landmapPlace = place;

  const table = make("table");
  table.setAttribute("role", "grid");
  table.setAttribute("aria-label", data.label);
  table.setAttribute("aria-rowcount", String((part ? part.total : rows.length) + 1));
  const widths = make("colgroup");
  data.columns.forEach((column) => {
    const col = make("col");
    col.style.width = `${column.width}%`;
    widths.append(col);
  });
  const head = make("tr");
  data.columns.forEach((column) => {
    const cell = make("th", column.kind);
    cell.scope = "col";
    const button = make("button", "", column.text);
    button.title = column.text;
    button.type = "button";
    button.onclick = () => sortBy(column);
    button.disabled = !column.name;
    cell.append(button);
    head.append(cell);
  });
  table.append(widths, make("thead"), make("tbody"));
  table.tHead.append(head);
  const body = table.tBodies[0];
  const foot = make("div", "count");
  if (part && part.total > part.size) foot.append(turner(), " ");
  foot.append(data.count);
  if (rows.length) box.replaceChildren(table, foot);
  else box.replaceChildren(make("div", "empty", data.empty));
  box.scrollTop = before;
  if (box.landmapChosen !== data.chosen) reveal();
  box.landmapChosen = data.chosen;
  draw();
  box.onscroll = () => requestAnimationFrame(draw);
  moveRows(box, data.row, choose);

  function sorted() {
    const at = data.columns.findIndex((column) => column.name === order.column);
    if (part || at < 0) return data.rows;
    const of = (row) => row.sorts[at];
    const compare = (a, b) => (typeof of(a) === "number"
      ? of(a) - of(b) : String(of(a)).localeCompare(String(of(b)), "zh-CN"));
    return [...data.rows].sort((a, b) => (order.down ? compare(b, a) : compare(a, b)));
  }

  function sortBy(column) {
    const first = column.kind.includes("figure");
    const again = order.column === column.name;
    const next = { column: column.name, down: again ? !first : first };
    if (again && order.down !== first) next.column = "";
    if (part) {
      setTriggerValue("sorted", `${next.column}/${next.column && next.down ? "down" : "up"}`);
      return;
    }
    Object.assign(order, next);
    rows = sorted();
    box.scrollTop = 0;
    draw();
  }

  // The parts of a long list: back, which rows these are, on.
  function turner() {
    const line = make("span", "turner");
    const back = turn("‹", part.back, part.first - part.size, part.first > 0);
    const on = turn("›", part.on, part.first + part.size, part.first + part.size < part.total);
    line.append(back, make("b", "", part.text), on);
    return line;
  }

  function turn(sign, title, first, there) {
    const button = make("button", "", sign);
    button.type = "button";
    button.title = title;
    button.setAttribute("aria-label", title);
    button.disabled = !there;
    button.onclick = () => setTriggerValue("turned", String(first));
    return button;
  }

  function draw() {
    const tall = box.querySelector("tbody tr:not(.gap)");
    const height = (tall && tall.offsetHeight) || ROW;
    const from = Math.max(0, Math.floor(box.scrollTop / height) - SPARE);
    const to = Math.min(rows.length, from + Math.ceil(box.clientHeight / height) + 2 * SPARE);
    const focused = box.getRootNode().activeElement;
    const kept = focused && focused.dataset ? focused.dataset[data.row] : null;
    const lines = rows.slice(from, to).map((row, at) => line(row, ahead + from + at + 2));
    body.replaceChildren(gap(from * height), ...lines, gap((rows.length - to) * height));
    [...head.cells].forEach((cell, at) => {
      const here = order.column && data.columns[at].name === order.column;
      cell.setAttribute("aria-sort", !here ? "none" : order.down ? "descending" : "ascending");
    });
    if (kept) {
      const again = [...body.rows].find((row) => row.dataset[data.row] === kept);
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

  function line(row, at) {
    const tr = make("tr");
    tr.tabIndex = 0;
    tr.dataset[data.row] = row.id;
    tr.setAttribute("aria-rowindex", String(at));
    tr.setAttribute("aria-selected", String(row.id === data.chosen));
    row.texts.forEach((text, column) => {
      const cell = make("td", data.columns[column].kind);
      const shown = make("span", row.marks[column] || "", text);
      shown.title = column === 0 && row.about ? `${text}\n${row.about}` : text;
      cell.append(shown);
      if (column === 0 && row.about) cell.append(make("small", "", row.about));
      tr.append(cell);
    });
    tr.onclick = () => choose(row.id);
    return tr;
  }

  function choose(id) {
    setTriggerValue("chosen", id);
    // On a narrow screen the sheet stands below the table: go there once it is drawn.
    if (window.innerWidth <= 900) hold(`.st-key-${data.sheet}`);
  }

  // The page shrinks and grows while it is drawn anew: hold on until the sheet of the
  // case chosen stands there and rests, or until the reader moves the page.
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
