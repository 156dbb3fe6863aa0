/* Find a place by its name: Chinese, pinyin or English, as our own layers name it; or
   without one, going from prefecture to county to zone. */
(function () {
  "use strict";
  const { made, ask } = L.landPage;
  L.landSearch = function (map, page, beside) {
    const row = made("div", "lm-bar"), box = made("div", "lm-search"), field = made("input");
    field.type = "search";
    field.autocomplete = "off";
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-controls", "lm-found");
    field.setAttribute("aria-expanded", "false");
    const list = made("ul");
    list.id = "lm-found";
    list.setAttribute("role", "listbox");
    list.hidden = true;
    box.append(field, list);
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    row.append(box, beside);
    const control = L.control({ position: "topleft" });
    control.onAdd = () => row;
    if (map.zoomControl) map.zoomControl.remove();
    control.addTo(map);
    if (map.zoomControl) map.zoomControl.addTo(map);
    let found = [], at = -1, asked = 0, timer = 0;

    field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(seek, 120); });
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") { close(); map.getContainer().focus(); }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        at = (at + (event.key === "ArrowDown" ? 1 : found.length - 1) + found.length) % Math.max(found.length, 1);
        mark();
      }
      if (event.key === "Enter" && found.length) go(found[Math.max(at, 0)]);
    });
    field.addEventListener("blur", () => setTimeout(close, 200));
    field.addEventListener("focus", () => { if (!field.value.trim()) list_of({ in: "" }); });

    function seek() {
      const wanted = field.value.trim();
      return list_of(wanted ? { q: wanted } : { in: "" });
    }

    async function list_of(wanted) {
      const turn = ++asked, query = new URLSearchParams({ ...wanted, lang: page.told().lang });
      const words = page.told().words, answer = await ask(`${page.told().routes}/places?${query}`);
      if (turn !== asked) return;
      if (document.activeElement !== field) return;
      found = answer.ok ? answer.found.places : [];
      at = -1;
      list.replaceChildren(...(found.length ? found.map(item)
        : [made("li", "lm-nothing", answer.ok ? words.nothing_found : answer.found.error || words.no_answer)]));
      list.hidden = false;
      field.setAttribute("aria-expanded", "true");
    }

    function item(one) {
      const line = made("li");
      line.setAttribute("role", "option");
      line.append(made("b", "", page.told().lang === "en" && one.name_en || one.name),
        made("small", "", [one.kind_text, one.where].filter(Boolean).join(" · ") + (one.inner ? " ›" : "")));
      line.addEventListener("mousedown", (event) => { event.preventDefault(); go(one); });
      return line;
    }

    function mark() {
      [...list.children].forEach((line, i) => line.setAttribute("aria-selected", String(i === at)));
    }

    function close() {
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
    }

    function go(one) {
      const [west, south, east, north] = one.box;
      page.fit(L.latLngBounds([[south, west], [north, east]]), one.kind === "parcel" ? 17 : 15);
      if (one.inner) { list_of({ in: one.inner }); return; }
      close();
    }

    return { draw(message) {
      field.placeholder = message.words.find_place;
      field.setAttribute("aria-label", message.words.find_place);
    } };
  };
})();
