/* Layers and legend: a tree to switch, fade and colour layers, and a legend of exactly
   what is drawn now. Both live in the map: switching a layer asks the server nothing
   but its tiles. */
(function () {
  "use strict";
  const { made, drawn } = L.landPage;

  /* A swatch drawn with the very style of the layer. */
  function swatch(spec, colour) {
    const shade = L.LandTiles.shade(spec);
    const ink = colour || shade.colour;
    if (spec.kind === "point") {
      const letter = made("i", "lg-point", spec.glyph || "");
      letter.style.background = ink;
      return letter;
    }
    const stroke = !colour && shade.stroke || ink, lined = spec.kind === "line";
    const place = lined ? { x1: 1, x2: 21, y1: 7, y2: 7 } : { x: 2, y: 2, width: 18, height: 10, rx: 1 };
    const look = { stroke, "stroke-width": Math.max(lined ? 1 : 0, shade.weight),
      "stroke-dasharray": (shade.dash || []).join(" "), fill: lined ? "none" : ink,
      "fill-opacity": shade.fill, "stroke-opacity": shade.line ?? 0.9 };
    return drawn("svg", { viewBox: "0 0 22 14", class: "lg-svg" }, drawn(lined ? "line" : "rect", { ...place, ...look }));
  }

  function ramp(spec) {
    const box = made("i", "lg-ramp");
    for (const level of [1, 3, 5, 6]) {
      const step = made("i");
      step.style.background = L.LandTiles.shade(spec).colour;
      step.style.opacity = L.LandTiles.SHARES[level];
      box.append(step);
    }
    return box;
  }

  L.landPanel = function (map, page) {
    const { memory, isOn, opacityOf, changed, ground, under, lit, told, reached } = page;
    const states = {};
    const control = L.control({ position: "topright" });
    const box = made("div", "lm-panel");
    const toggle = made("button", "lm-button");
    toggle.type = "button";
    toggle.setAttribute("aria-expanded", "false");
    const tree = made("div", "lm-tree");
    tree.hidden = true;
    box.append(toggle, tree);
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    control.onAdd = () => box;
    control.addTo(map);
    toggle.addEventListener("click", () => open(tree.hidden));
    box.addEventListener("keydown", (event) => { if (event.key === "Escape") { open(false); toggle.focus(); } });

    const legendBox = made("details", "lg");
    const legendHead = made("summary"), legendList = made("ul");
    legendBox.open = map.getSize().x > 700;
    legendBox.append(legendHead, legendList);
    L.DomEvent.disableClickPropagation(legendBox);
    L.DomEvent.disableScrollPropagation(legendBox);
    const legendControl = L.control({ position: "bottomright" });
    legendControl.onAdd = () => legendBox;
    legendControl.addTo(map);

    function open(yes) {
      tree.hidden = !yes;
      toggle.setAttribute("aria-expanded", String(yes));
    }

    function draw(message) {
      toggle.textContent = message.words.layers;
      legendHead.textContent = message.words.legend;
      const groups = new Map();
      for (const spec of message.layers.filter((one) => one.listed)) {
        if (!groups.has(spec.group)) groups.set(spec.group, []);
        groups.get(spec.group).push(spec);
      }
      const key = JSON.stringify([message.layers, message.missing, message.words]);
      if (tree.dataset.key !== key) {
        tree.dataset.key = key;
        tree.replaceChildren(...[...groups].map(([title, specs]) => group(title, specs, message)),
          ...message.missing.map((one) => missing(one)));
      }
      legend();
    }

    function group(title, specs, message) {
      const part = made("fieldset");
      part.append(made("legend", "", title), ...specs.slice().reverse().map((spec) => row(spec, message)));
      return part;
    }

    function missing(one) {
      const line = made("p", "lm-missing", one.title);
      line.append(made("small", "", one.why));
      return line;
    }

    function row(spec, message) {
      const line = made("div", "lm-layer");
      const label = made("label");
      const check = made("input");
      check.type = "checkbox";
      check.checked = isOn(spec);
      check.dataset.layer = spec.name;
      const mark = made("span", "lg-swatch");
      if (spec.kind !== "raster") mark.append(swatch(spec));
      label.append(check, mark, made("span", "lm-layer-title", spec.title));
      const date = made("small", "lm-date", spec.date);
      date.title = [spec.source_text, spec.synthetic ? message.words.synthetic : ""].filter(Boolean).join(" · ");
      const fade = made("input", "lm-fade");
      fade.type = "range";
      [fade.min, fade.max, fade.step] = [0.1, 1, 0.05];
      fade.value = opacityOf(spec);
      fade.setAttribute("aria-label", message.words.opacity.replace("{layer}", spec.title));
      fade.title = fade.getAttribute("aria-label");
      fade.hidden = !check.checked;
      const why = made("small", "lm-state", "");
      why.dataset.state = spec.name;
      line.append(label, date, fade);
      if (spec.bys) line.append(choice(spec));
      line.append(why);
      check.addEventListener("change", () => {
        memory.on[spec.name] = check.checked;
        fade.hidden = !check.checked;
        changed();
      });
      fade.addEventListener("input", () => { memory.opacity[spec.name] = Number(fade.value); changed(); });
      return line;
    }

    function choice(spec) {
      const select = made("select", "lm-by");
      select.setAttribute("aria-label", told() ? told().words.coloured : "");
      for (const [name, by] of [["", { title: spec.plain_title }], ...Object.entries(spec.bys)]) {
        const option = made("option", "", by.title);
        option.value = name;
        option.selected = (memory.by[spec.name] || "") === name;
        select.append(option);
      }
      select.addEventListener("change", () => { memory.by[spec.name] = select.value; changed(); });
      return select;
    }

    /* A layer that cannot be had is named, the rest works. */
    function state(name, reason) {
      if (Boolean(states[name]) === Boolean(reason)) return;
      states[name] = reason;
      const at = tree.querySelector(`[data-state="${name}"]`);
      const message = told();
      if (at) at.textContent = reason && message ? message.words.unavailable : "";
      toggle.classList.toggle("lm-warns", Object.values(states).some(Boolean));
      legend();
    }

    function line(mark, text, css) {
      const item = made("li", css || "");
      const place = made("span", "lg-swatch");
      place.append(mark);
      item.append(place, made("span", "", text));
      return item;
    }

    const own = (css, text) => made("i", `lg-own ${css}`, text || "");

    function legend() {
      const message = told();
      if (!message) return;
      const words = message.words, lines = [];
      const some = lit.order.length;
      if (some) lines.push(line(own("lg-rank", "1"), words.ranked));
      if (some > message.lit.numbered) lines.push(line(own("lg-dot"), words.further));
      if (lit.order.some((one) => one.flagged)) lines.push(line(own("lg-flag"), words.flagged));
      if (lit.chosen()) lines.push(line(own("lg-chosen"), words.chosen));
      const near = map.getZoom() >= 12;
      for (const kind of near ? new Set(lit.claims().values()) : []) {
        lines.push(line(own(`lg-claim lg-${kind}`), words.claims[kind]));
      }
      const tiles = ground.tiles();
      let dense = false;
      for (const spec of ground.specs.slice().reverse().filter((one) => !one.hidden)) {
        if (states[spec.name]) { lines.push(gone(spec)); continue; }
        const data = tiles.map((tile) => tile.data.get(spec.source)).filter(Boolean);
        const shapes = data.some((one) => one.features.some((part) => inked(spec, part))), cells = data.some((one) => one.cells.length);
        if (shapes && spec.by) lines.push(...classes(spec, data));
        else if (shapes) lines.push(line(swatch(spec), spec.title));
        else if (cells) lines.push(line(ramp(spec), spec.title));
        dense = dense || cells;
      }
      if (dense) lines.push(line(own("lg-cells"), words.density));
      for (const spec of message.layers.filter((one) => reached(one))) {
        lines.push(line(own("lg-reach"), words.reach.replace("{layer}", spec.title)));
      }
      lines.push(...ground_lines(message));
      legendList.replaceChildren(...lines);
    }

    /* What everything else lies on: pictures first, then what is drawn of the base map. */
    function ground_lines(message) {
      const pictures = message.layers.filter((spec) => spec.kind === "raster" && isOn(spec) && page.strength(spec) > 0);
      const tiles = under.tiles();
      const shown = under.specs.slice().reverse().filter((spec) => spec.weight > 0
        && tiles.some((tile) => tile.data.get(spec.source)?.features.some((part) => part.edged)));
      const lines = [...pictures.map((spec) => states[spec.name] ? gone(spec) : line(own("lg-picture"), spec.title)),
        ...shown.map((spec) => states[spec.name] ? gone(spec) : line(swatch(spec), spec.title))];
      const all = made("ul", "lg-ground");
      all.append(...lines);
      const item = made("li");
      item.append(all);
      return lines.length ? [item] : [];
    }

    const inked = (spec, part) => part.edged || L.LandTiles.shade(spec).fill > 0;

    const gone = (spec) => line(own("lg-gone", "!"), `${spec.title} · ${told().words.unavailable}`);

    /* The classes that are on the screen, no others. */
    function classes(spec, data) {
      const met = new Map();
      for (const one of data) {
        for (const feature of one.features) {
          const code = L.LandTiles.classOf(spec, feature.of);
          met.set(code, spec.by.colours[code] || spec.by.other);
        }
      }
      const codes = [...met.keys()].sort((a, b) => !a - !b || (a < b ? -1 : 1));
      return [line(own(""), spec.title, "lg-head"), ...codes.map((code) => line(swatch(spec, met.get(code)),
        code ? spec.by.names[code] || code : told().words.other_class))];
    }

    map.on("zoomend", legend);
    return { draw, state, legend };
  };
})();
