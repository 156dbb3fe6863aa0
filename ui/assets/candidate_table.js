/* The ranked candidates: a plain table, filled by textContent only. */
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const box = parentElement.querySelector(".box");
  tellDark(box, parentElement);

  const table = tableOf(data);
  const choose = (id) => setTriggerValue("chosen", id);
  for (const row of data.rows) table.tBodies[0].append(line(Array.isArray(row) ? named(row) : row));
  show(box, table);
  moveRows(box, "parcel", choose);

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
}
