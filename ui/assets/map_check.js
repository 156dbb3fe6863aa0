/* What a land check shows on the map: outlines handed in, ground in conflict by number. */
(function () {
  "use strict";
  const { made } = L.landPage;
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  L.landCheck = function (map, { tell }) {
    const pane = map.createPane("check");
    pane.style.zIndex = 440;
    const renderer = L.svg({ pane: "check", padding: 0.5 });
    const legend = L.DomUtil.create("div", "lm-check", map.getContainer());
    let drawn = null, shown = "";
    legend.hidden = true;

    /* What the signs of the check mean: those that are drawn, and no others. */
    function explain(lines) {
      legend.hidden = !lines.length;
      legend.replaceChildren(...lines.map(({ look, text }) => {
        const row = made("span", "", text), mark = made("i");
        mark.style.borderColor = look.color;
        mark.style.borderStyle = look.dashArray ? "dashed" : "solid";
        mark.style.backgroundColor = `color-mix(in srgb, ${look.fillColor} ${100 * look.fillOpacity}%, transparent)`;
        row.prepend(mark);
        return row;
      }));
    }

    /* Red is for a conflict, amber for what nobody knows yet: never by colour alone. */
    function outline(verdict, chosen) {
      const looks = { conflict: ["#dc2626", null], to_verify: ["#d97706", "6 4"],
        not_fully_checked: ["#d97706", "2 5"], clear: [css("--accent") || "#0f6e8c", null],
        intent: [css("--claim"), "2 5"], reserved: [css("--claim"), "6 4"], locked: [css("--claim"), null],
        granted: [css("--accent") || "#0f6e8c", null], run_out: ["#d97706", "2 5"] };
      const [color, dashArray] = looks[verdict] || [css("--chosen") || "#111827", null];
      return { color, dashArray, weight: chosen ? 4 : 2, fill: true, fillColor: color, fillOpacity: 0.08 };
    }

    function conflict(kind, chosen) {
      const color = { certain: "#b91c1c", to_verify: "#b45309" }[kind] || "#6b7280";
      return { color, weight: chosen ? 3 : 1, dashArray: kind === "certain" ? null : "3 3",
        fillColor: color, fillOpacity: chosen ? 0.45 : 0.28 };
    }

    /* Land smaller than a few pixels is told by a dot, until it can be seen: the gravest
       of it and the chosen, which come last. */
    let dots = [];
    function dot() {
      const scale = 2 ** map.getZoom() * 256 / 360;
      for (const [mark, box] of dots) {
        const small = (box.getEast() - box.getWest()) * scale < 8;
        if (small === map.hasLayer(mark)) continue;
        if (small) mark.addTo(drawn); else drawn.removeLayer(mark);
      }
    }
    map.on("zoomend", dot);

    function set(told) {
      const text = JSON.stringify(told || null);
      if (text === shown) return;
      shown = text;
      if (drawn) map.removeLayer(drawn);
      drawn = null;
      dots = [];
      explain(told ? told.legend.map(({ parcel, kind, text }) => (
        { look: parcel ? outline(kind) : conflict(kind), text })) : []);
      if (!told) return;
      drawn = L.layerGroup().addTo(map);
      const add = (features, style, what) => L.geoJSON(features, { style, renderer, pane: "check",
        bubblingMouseEvents: false, pmIgnore: true,
        onEachFeature: (feature, layer) => {
          layer.bindTooltip(tip(feature.properties), { sticky: true, pane: "tooltipPane" });
          layer.on("click", (event) => { L.DomEvent.stop(event); tell({ checked: { [what]: feature.properties.id } }); });
        } }).addTo(drawn);
      const outlines = add(told.parcels, (one) => outline(one.properties.verdict, one.properties.id === told.parcel), "parcel");
      add(told.conflicts, (one) => conflict(one.properties.class, one.properties.id === told.finding), "finding");
      for (const layer of outlines.getLayers().slice(-300)) {
        const of = layer.feature.properties, box = layer.getBounds();
        const mark = L.circleMarker(box.getCenter(), { ...outline(of.verdict, of.id === told.parcel), renderer,
          pane: "check", radius: 5, fillOpacity: 0.5, dashArray: null, bubblingMouseEvents: false, pmIgnore: true });
        mark.bindTooltip(tip(of), { sticky: true, pane: "tooltipPane" });
        mark.on("click", (event) => { L.DomEvent.stop(event); tell({ checked: { parcel: of.id } }); });
        dots.push([mark, box]);
      }
      dot();
      for (const one of told.points || []) {
        L.circleMarker([one.lat, one.lng], { renderer, pane: "check", radius: 5, color: "#111827", weight: 2,
          fillColor: "#fbbf24", fillOpacity: 1, interactive: false, pmIgnore: true }).addTo(drawn);
      }
    }

    /* Leaflet takes an element as it is: text of data is never read as HTML. */
    function tip(of) {
      const box = document.createElement("div");
      for (const line of of.lines) box.append(made("div", "", line));
      return box;
    }
    return { set };
  };
})();
