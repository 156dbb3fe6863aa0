/* A table of a land check: heads and rows of cells, filled by textContent only. */
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const box = parentElement.querySelector(".box");
  tellDark(box, parentElement);

  const choose = (id) => setTriggerValue("chosen", id);
  const table = tableOf(data);
  for (const row of data.rows) table.tBodies[0].append(line(row));
  show(box, table);
  moveRows(box, "id", data.choose && choose);

  function line(row) {
    const tr = make("tr");
    tr.dataset.id = row.id;
    tr.setAttribute("aria-selected", String(row.id === data.chosen));
    row.cells.forEach((told, at) => {
      const td = make("td", data.columns[at].css);
      if (told.kind) td.append(make("span", `flag ${told.kind}`, told.text));
      else td.textContent = told.text;
      if (told.more) td.append(make("small", "", told.more));
      td.title = told.text;
      tr.append(td);
    });
    if (data.choose) {
      tr.tabIndex = 0;
      tr.onclick = () => choose(row.id);
    }
    return tr;
  }
}
