/* The ranked candidates: a plain table, filled by textContent only. */
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
  const choose = (id) => setTriggerValue("chosen", id);
  for (const row of data.rows) table.tBodies[0].append(line(Array.isArray(row) ? named(row) : row));
  const before = box.scrollTop;
  box.replaceChildren(table);
  box.scrollTop = before;
  reveal(box.querySelector('tr[aria-selected="true"]'));
  box.onkeydown = (event) => move(event);

  /* Candidates come as bare values, flags by their number. */
  function named([id, rank, name, score, area, price, county, flags]) {
    const told = flags.map((number) => ({ kind: data.flags[number][0], text: data.flags[number][1] }));
    return { id, rank: String(rank), numbered: rank <= data.numbered, name, score, area, price,
      county: data.counties[county],
      share: (parseFloat(score) || 0) / 100, flags: told };
  }

  function line(row) {
    const tr = make("tr");
    tr.tabIndex = 0;
    tr.dataset.parcel = row.id;
    tr.setAttribute("aria-selected", String(row.id === data.chosen));
    const rank = make("td", "");
    rank.append(make("span", row.numbered ? "rank numbered" : "rank", row.rank));
    const name = make("td", "name", row.name);
    name.title = row.name;
    const score = make("td", "figure score", row.score);
    const bar = make("span", "bar");
    bar.append(make("i"));
    bar.firstChild.style.width = `${row.share * 100}%`;
    score.append(bar);
    const flags = make("td", "flags");
    for (const flag of row.flags) flags.append(make("span", `flag ${flag.kind}`, flag.text));
    tr.append(rank, name, make("td", "id", row.id), score, figure("area", row.area, data.area_unit),
      figure("price", row.price, data.price_unit), make("td", "county", row.county), flags);
    tr.onclick = () => choose(row.id);
    return tr;
  }

  function figure(css, text, unit) {
    const cell = make("td", `figure ${css}`, text);
    if (/^[-\d]/.test(text)) cell.append(make("span", "unit", unit)); // none behind "unknown"
    return cell;
  }

  function reveal(row) {
    if (!row) return;
    const top = row.offsetTop - 30;
    if (top < box.scrollTop || row.offsetTop + row.offsetHeight > box.scrollTop + box.clientHeight) {
      box.scrollTop = Math.max(0, top);
    }
  }

  function move(event) {
    const row = event.target.closest("tr[data-parcel]");
    if (!row) return;
    const to = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
    if (to) to.focus();
    if (event.key === "Enter" || event.key === " ") choose(row.dataset.parcel);
    if (to || event.key === " " || event.key === "Enter") event.preventDefault();
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
