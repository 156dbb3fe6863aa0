/* The tools of the map: find a place, measure, draw where to search, pick parcels, look
   at two sites side by side, print. What needs exact figures asks the server for them. */
(function () {
  "use strict";
  const ICONS = {
    length: "M3 17 17 3l4 4L7 21zM7 13l2 2M10 10l2 2M13 7l2 2",
    surface: "M4 20 3 8l9-5 9 7-4 10z",
    polygon: "M5 19 3 7l10-4 8 9-7 8zM3 7h.1M13 3h.1M21 12h.1M14 20h.1",
    rectangle: "M4 6h16v12H4z",
    circle: "M12 3a9 9 0 1 0 .01 0M12 12h6",
    upload: "M12 15V4M8 8l4-4 4 4M4 15v5h16v-5",
    pick: "M4 4h4M12 4h4M4 8v4M4 16v4h4M20 4v4M12 20h2M14 13l7 3-3 1-1 3z",
    compare: "M3 5h8v14H3zM13 5h8v14h-8z",
    print: "M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7z",
    view: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 1 0 .01 0",
    full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
    clear: "M5 5l14 14M19 5 5 19",
  };
  const MOST_BYTES = 1e6;
  const { made, drawn, ask: asked, bring } = L.landPage;

  const icon = (name) => drawn("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, drawn("path", { d: ICONS[name] }));

  L.landTools = function (map, page) {
    const { told, lit, ask } = page;
    const shapes = L.featureGroup().addTo(map);
    const area = L.featureGroup().addTo(map);       // where the search is held to
    const buttons = {};
    let mode = "", picked = [], drawnWords = "", areaKey = "";

    const bar = made("div", "lm-tools");
    bar.setAttribute("role", "toolbar");
    const told_box = made("div", "lm-told");
    told_box.hidden = true;
    told_box.setAttribute("role", "status");
    map.getContainer().append(told_box);
    for (const name of Object.keys(ICONS)) {
      const one = made("button", "lm-tool");
      one.type = "button";
      one.dataset.tool = name;
      one.append(icon(name));
      one.addEventListener("click", () => use(name));
      buttons[name] = one;
      bar.append(one);
    }
    const file = made("input");
    file.type = "file";
    file.accept = ".geojson,.json";
    file.hidden = true;
    file.addEventListener("change", () => { if (file.files.length) brought(file.files[0]); file.value = ""; });
    bar.append(file);
    L.DomEvent.disableClickPropagation(bar);
    L.DomEvent.disableClickPropagation(told_box);
    L.DomEvent.disableScrollPropagation(told_box);
    const search = L.landSearch(map, page, bar);
    const compare = L.landCompare(map, page, () => set(""));

    const post = (path, body, read) => asked(`${told().routes}/${path}?lang=${told().lang}`, { body, read });
    const why = (found) => found.error || told().words.no_answer;

    /* Lines of text, and buttons that do something with them. */
    function say(lines, actions) {
      told_box.replaceChildren(...lines.map((line, i) => made(i ? "p" : "b", "", line)));
      const row = made("div", "lm-actions");
      for (const [text, act] of actions || []) {
        const one = made("button", "lm-button", text);
        one.type = "button";
        one.addEventListener("click", act);
        row.append(one);
      }
      const close = made("button", "lm-close", "×");
      close.type = "button";
      close.setAttribute("aria-label", told().words.close);
      close.addEventListener("click", () => { clear(); set(""); });
      told_box.append(row, close);
      told_box.hidden = !lines.length;
    }

    /* Geoman is larger than all else together: it is brought when somebody reaches for
       the tools. */
    let pens = null;
    function drawing() {
      if (!pens) {
        pens = bring("vendor/geoman/leaflet-geoman").then(() => { map.pm = new L.PM.Map(map); });
        pens.catch(() => { pens = null; });
      }
      return pens;
    }
    bar.addEventListener("pointerenter", () => drawing().catch(() => {}));   // the click tells, if it must

    async function begin(shape, look) {
      const wanted = mode;
      try { await drawing(); } catch (_) { set(""); say([told().words.no_answer]); return; }
      if (mode !== wanted) return;
      map.pm.enableDraw(shape, look);
      map.getContainer().classList.add("lm-drawing");
    }

    function set(next) {
      mode = next;
      if (map.pm) map.pm.disableDraw();
      map.getContainer().classList.toggle("lm-drawing", next === "compare");
      for (const [name, one] of Object.entries(buttons)) one.setAttribute("aria-pressed", String(name === next));
      const look = { snappable: false, continueDrawing: false, cursorMarker: true, tooltips: false,
        templineStyle: { color: "#0f6e8c", weight: 2 }, hintlineStyle: { color: "#0f6e8c", weight: 2, dashArray: [4, 4] },
        pathOptions: { color: "#0f6e8c", weight: 2, fillOpacity: 0.06 } };
      const shape = { length: "Line", surface: "Polygon", polygon: "Polygon", rectangle: "Rectangle",
        circle: "Circle", pick: "Rectangle" }[next];
      if (shape) begin(shape, look);
    }

    function use(name) {
      if (name === mode) { set(""); say([]); return; }
      const words = told().words;
      if (name === "full") return fullScreen();
      if (name === "upload") return file.click();
      if (name === "view") return ask({ asked: { kind: "view", box: boxOf(map.getBounds()) } });
      if (name === "clear") { clear(); set(""); return ask({ asked: { kind: "area", area: null } }); }
      if (name === "print") return printSheet();
      if (name === "compare") {
        set("compare");
        say([words.compare, words.compare_how]);
        return compare.begin(lit.chosen());
      }
      shapes.clearLayers();
      set(name);
      say([words.tools[name], words.hints[name]]);
    }

    const boxOf = (bounds) => [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];

    function clear() {
      shapes.clearLayers();
      picked = [];
      lit.pick([]);
      say([]);
      compare.end();
    }

    async function figures(body) {
      const { ok, found } = await post("measure", body);
      return ok ? found.text : [why(found)];
    }

    map.on("pm:create", async ({ layer }) => {
      const was = mode;
      map.removeLayer(layer);
      const geometry = layer instanceof L.Circle ? { type: "Point", radius_m: layer.getRadius(),
        coordinates: [layer.getLatLng().lng, layer.getLatLng().lat] } : layer.toGeoJSON(9).geometry;
      set("");
      if (was === "pick") return box(geometry);
      layer.addTo(shapes);
      layer.options.pmIgnore = true;
      const lines = await figures(geometry);
      const words = told().words;
      if (was === "length" || was === "surface") return say([words.tools[was], ...lines]);
      say([words.search_here, ...lines], [[words.search, () => ask({ asked: { kind: "area", area: geometry } })]]);
    });

    /* A boundary from a file is read here and goes the way of a drawn one. */
    async function brought(one) {
      const words = told().words;
      if (one.size > MOST_BYTES) return say([words.tools.upload, words.too_large]);
      let read;
      try { read = JSON.parse(await one.text()); } catch (_) { return say([words.tools.upload, words.no_geojson]); }
      const shapes_in = (part) => !part ? [] : part.type === "FeatureCollection" ? part.features.flatMap(shapes_in)
        : part.type === "Feature" ? shapes_in(part.geometry)
          : part.type === "GeometryCollection" ? part.geometries.flatMap(shapes_in)
            : part.type === "Polygon" ? [part.coordinates] : part.type === "MultiPolygon" ? part.coordinates : [];
      const polygons = shapes_in(read);
      if (!polygons.length) return say([words.tools.upload, words.no_geojson]);
      const geometry = { type: "MultiPolygon", coordinates: polygons };
      const { ok, found } = await post("measure", geometry);
      if (!ok) return say([words.tools.upload, why(found)]);
      shapes.clearLayers();
      const outline = L.geoJSON(geometry, { style: { color: "#0f6e8c", weight: 2, fillOpacity: 0.06 }, pmIgnore: true }).addTo(shapes);
      page.fit(outline.getBounds(), 16);
      say([one.name, ...found.text], [[words.search, () => ask({ asked: { kind: "area", area: geometry } })]]);
    }

    async function box(geometry) {
      totals(await post("parcels/totals", { area: geometry, version: told().parcels.version }));
    }

    function totals({ ok, found }) {
      if (!ok) return say([why(found)]);
      picked = found.places;
      lit.pick(picked);
      say([told().words.picked, ...found.text]);
    }

    async function pickOne(place) {
      picked = picked.includes(place) ? picked.filter((one) => one !== place) : [...picked, place];
      lit.pick(picked);
      if (!picked.length) return say([]);
      totals(await post("parcels/totals", { places: picked, version: told().parcels.version }));
    }

    /* Whether a click belongs to a tool and not to the card. */
    function takes(event) {
      if (busy() && mode !== "compare") return true;
      const one = lit.near(event.latlng);
      return takesSite(one ? { place: one.place, at: [one.lat, one.lng] } : under(event.latlng),
        event.originalEvent.shiftKey);
    }

    function takesSite(site, shift) {
      if (mode === "compare") {
        if (site) compare.add(site);
        return true;
      }
      if (shift && site) pickOne(site.place);
      return shift;
    }

    function under(latlng) {
      const found = page.ground.pick(latlng);
      return found && found.spec.role === "parcel" ? { place: lit.first(found.all).id, at: [latlng.lat, latlng.lng] } : null;
    }

    const busy = () => Boolean(mode) && mode !== "compare";

    async function printSheet(format) {
      const words = told().words;
      if (!format) {
        return say([words.print, words.print_how], [["PDF", () => printSheet("pdf")], ["PNG", () => printSheet("png")]]);
      }
      say([words.print, words.working]);
      const on = told().layers.filter(page.isOn).filter((spec) => spec.kind !== "raster").map((spec) => ({ name: spec.name, opacity: page.opacityOf(spec) }));
      const { ok, found } = await post("print", { view: { box: boxOf(map.getBounds()), zoom: map.getZoom() }, layers: on,
        candidates: lit.order.slice(0, 500).map((one) => ({ place: one.place, rank: one.rank, flagged: one.flagged })),
        version: told().parcels.version, chosen: lit.chosen() ? lit.chosen().place : null, title: told().title,
        format, size: "A4" }, (answer) => answer.blob());
      if (!ok) return say([words.print, why(found)]);
      const link = made("a");
      link.href = URL.createObjectURL(found);
      link.download = `${told().title || "LandMap"}.${format}`.replace(/[\\/:*?"<>|]+/g, " ");
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
      say([words.print, words.printed]);
    }

    function fullScreen() {
      const outer = window.frameElement && window.frameElement.closest(".st-key-site_map");
      const doc = window.parent.document;
      if (doc.fullscreenElement) return doc.exitFullscreen();
      return (outer || document.documentElement).requestFullscreen();
    }

    function draw(message) {
      const words = message.words;
      const key = JSON.stringify(words);
      if (key !== drawnWords) {
        drawnWords = key;
        bar.setAttribute("aria-label", words.toolbar);
        for (const [name, one] of Object.entries(buttons)) {
          one.title = words.tools[name];
          one.setAttribute("aria-label", words.tools[name]);
        }
        search.draw(message);
      }
      const held = JSON.stringify(message.area);
      if (held !== areaKey) {
        areaKey = held;
        area.clearLayers();
        shapes.clearLayers();
        if (message.area) {
          const style = { color: "#0f6e8c", weight: 2.5, dashArray: "6 4", fill: false, interactive: false, pmIgnore: true };
          area.addLayer(L.geoJSON(message.area, { style, pmIgnore: true, interactive: false }));
          say([]);
        }
      }
    }

    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Escape" && mode) { set(""); say([]); compare.end(); }
    });
    return { takes, takesSite, busy, draw, use, say, compared: () => compare.maps() };
  };
})();
