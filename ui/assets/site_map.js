/* The site map inside the component's frame: it is made once and stays; all that varies
   comes by draw(message). Text of a message is put on the page as text, never as HTML. */
window.makeSiteMap = function (map, base) {
  "use strict";
  const AGAIN_MS = 3000;
  const ROOM_PX = 120;
  const PANES = { base: 210, relief: 220, ground: 300, place: 420, dot: 470, rank: 480 };
  // The page may mount the frame anew; what was in sight is kept beside it.
  const memory = (window.parent.landmapView = window.parent.landmapView || {});
  let told = null, focus = memory.focus || null, wanted = null, resting = 0;

  map.options.zoomSnap = 1;
  for (const [name, z] of Object.entries(PANES)) {
    const pane = map.createPane(name);
    pane.style.zIndex = z;
    if (z < 470) pane.style.pointerEvents = "none";
  }
  const under = new L.LandTiles({ pane: "base", maxZoom: 20 }).addTo(map);
  const ground = new L.LandTiles({ pane: "ground", maxZoom: 20 }).addTo(map);
  const names = new L.LandNames().addTo(map);
  const lit = L.landLit(map, ground);
  const rasters = {}, outlines = {};
  const page = window.parent.document.querySelector(".stApp");
  const { made, ask } = L.landPage;
  const tip = L.DomUtil.create("div", "lm-tip", map.getContainer());
  tip.hidden = true;
  const refused = L.DomUtil.create("div", "lm-refused", map.getContainer());
  refused.setAttribute("role", "alert");
  refused.hidden = true;

  function theme() {
    const [red, green, blue] = getComputedStyle(page || document.body).backgroundColor.match(/[\d.]+/g).map(Number);
    const now = 0.3 * red + 0.6 * green + 0.1 * blue < 110 ? "dark" : "light";
    if (document.documentElement.dataset.theme === now) return;
    document.documentElement.dataset.theme = now;
    under.redrawAll();
    ground.redrawAll();
    lit.repaint();
    names.draw();
    readout.repaint();
    panel.legend();
  }

  function distance() {
    map.getContainer().classList.toggle("lm-far", map.getZoom() < 14);
  }

  /* Layers -------------------------------------------------------------------------- */
  const isOn = (spec) => memory.on[spec.name] ?? spec.on;
  const opacityOf = (spec) => memory.opacity[spec.name] ?? spec.opacity ?? 1;

  function layersChanged() {
    if (!told) return;
    const shown = told.layers.filter(isOn).map((spec) => ({ ...spec, opacity: opacityOf(spec) }));
    const vector = shown.filter((spec) => spec.kind !== "raster");
    const drawn = vector.filter((spec) => !spec.below).map((spec) => {
      const by = spec.bys && spec.bys[memory.by[spec.name] || ""];
      return by ? { ...spec, by } : spec;
    });
    // Candidates and claims are lit from the parcels' own tiles: those are always read.
    const parcels = told.layers.find((spec) => spec.role === "parcel");
    if (parcels && !isOn(parcels)) drawn.push({ ...parcels, fill: 0, weight: 0, dense: 0, hidden: true });
    // The theme is asked for before what it lies on.
    ground.show(drawn).then(() => panel.legend());
    under.show(vector.filter((spec) => spec.below)).then(() => panel.legend());
    for (const spec of told.layers.filter((one) => one.kind === "raster")) {
      const on = isOn(spec);
      if (!on && rasters[spec.name]) { map.removeLayer(rasters[spec.name]); delete rasters[spec.name]; }
      if (on && rasters[spec.name] && rasters[spec.name]._url !== spec.url) {
        map.removeLayer(rasters[spec.name]); delete rasters[spec.name];
      }
      if (on && !rasters[spec.name]) {
        rasters[spec.name] = L.tileLayer(spec.url, { pane: "relief", tileSize: spec.size || 512,
          zoomOffset: spec.size === 256 ? 0 : -1, noWrap: true, maxZoom: 20,
          maxNativeZoom: spec.native || 18, updateWhenZooming: false, className: spec.css || "",
          zIndex: spec.z, bounds: spec.bounds || undefined, subdomains: spec.subdomains || "",
          referrerPolicy: spec.referrer || false }).addTo(map);
        rasters[spec.name].on("tileerror", ({ tile }) => missed(spec, tile.src));
        rasters[spec.name].on("tileload", () => panel.state(spec.name, ""));
      }
    }
    fadeRelief();
    reaches(shown);
    readout.credit(told);
    panel.legend();
    remember();
  }

  /* A picture of nothing is no picture to the browser, and no error to us; other hosts
     cannot be asked again. */
  async function missed(spec, address) {
    const empty = spec.role !== "online" && (await ask(address, { read: () => "" })).ok;
    if (!empty) panel.state(spec.name, "error");
  }

  /* The relief has coarse pixels: it speaks of the province and is silent on a street. */
  const strength = (spec) => opacityOf(spec)
    * (spec.role === "relief" ? Math.max(0, Math.min(1, (14 - map.getZoom()) / 4)) : 1);

  function fadeRelief() {
    for (const spec of told ? told.layers : []) {
      if (rasters[spec.name]) rasters[spec.name].setOpacity(strength(spec));
    }
  }

  /* How far a layer was looked for: beyond the dots nothing is known of it. */
  function reaches(shown) {
    const wanted = new Map(shown.filter((spec) => spec.reach).map((spec) => [spec.reach, spec]));
    for (const address of Object.keys(outlines)) {
      if (!wanted.has(address)) { if (outlines[address]) map.removeLayer(outlines[address]); delete outlines[address]; }
    }
    for (const address of wanted.keys()) if (!(address in outlines)) outline(address);
  }

  async function outline(address) {
    outlines[address] = null;
    const { ok, found } = await ask(address);
    if (!(address in outlines)) return;
    if (!ok) { delete outlines[address]; return; }
    const style = { color: "#6b7280", weight: 1.6, dashArray: "2 5", fill: false };
    outlines[address] = L.geoJSON(found, { style, interactive: false, pmIgnore: true, pane: "ground",
      renderer: L.svg({ pane: "ground", padding: 0.4 }) }).addTo(map);
    panel.legend();
  }

  const panel = L.landPanel(map, { memory, isOn, opacityOf, strength, changed: layersChanged, ground, under, lit,
    told: () => told, reached: (spec) => Boolean(spec.reach && outlines[spec.reach]) });
  const tools = L.landTools(map, { memory, told: () => told, lit, ground, under, isOn, opacityOf, ask: tell, fit });
  const readout = L.landReadout(map, { told: () => told, isOn, base });
  for (const one of [ground, under]) {
    one.on("layerstate", (event) => panel.state(event.name, event.reason));
    one.on("load", () => panel.legend());
  }

  /* To the server ------------------------------------------------------------------- */
  function tell(what) {
    // Told at another moment it is told anew, in whichever frame the map then stands.
    const value = { last_clicked: null, place: null, asked: null, checked: null, ...what, told_at: Date.now() };
    const component = window.__GLOBAL_DATA__;
    // The component repeats what it knows after each move; it knows nothing.
    if (component) { component.lat_lng_clicked = null; component.previous_data = { last_clicked: null }; }
    window.Streamlit.setComponentValue(value);
  }

  /* The server tells exactly what lies there; of several it takes the one that was shown. */
  function open(latlng, shown) {
    tell({ last_clicked: { lat: latlng.lat, lng: latlng.lng }, shown: shown ?? null });
  }

  function clicked(event) {
    if (tools.takes(event)) return;
    const one = lit.near(event.latlng);
    if (one) { tell({ place: one.place }); return; }
    const hit = ground.pick(event.latlng);
    open(event.latlng, hit && hit.spec.role === "parcel" ? lit.first(hit.all).id : null);
  }

  const check = L.landCheck(map, { tell });

  /* What lies under the cursor ------------------------------------------------------- */
  const known = new Map();      // place -> lines of its tooltip
  let under_cursor = null;

  function say(lines, point) {
    tip.replaceChildren(...lines.map((line, i) => made(i ? "small" : "b", "", line)));
    tip.hidden = !lines.length;
    const size = map.getSize();
    tip.style.left = `${Math.min(point.x + 14, size.x - tip.offsetWidth - 6)}px`;
    tip.style.top = `${Math.max(6, Math.min(point.y + 14, size.y - tip.offsetHeight - 6))}px`;
  }

  async function linesOf(place) {
    if (!known.has(place)) {
      const query = `version=${told.parcels.version}&lang=${told.lang}`;
      const { ok, found } = await ask(`${told.routes}/parcels/${place}?${query}`);
      if (known.size > 2000) known.clear();
      known.set(place, ok ? found.text : []);
      if (!ok) setTimeout(() => known.delete(place), AGAIN_MS);
    }
    const one = lit.candidate(place), claim = lit.claim(place);
    const lines = [...(known.get(place) || [])];
    if (one && lines.length) lines[0] = `${one.rank} · ${lines[0]}`;
    if (one && one.score !== null) lines.push(`${told.words.score} ${one.score.toFixed(1)}`);
    if (one && one.flagged) lines.push(told.words.flagged);
    if (claim) lines.push(told.words.claims[claim]);
    return lines;
  }

  async function hover(event) {
    const at = event.containerPoint;
    if (tools.busy()) { say([], at); return; }
    const dot = lit.near(event.latlng);
    const hit = dot ? null : ground.pick(event.latlng);
    const parcel = dot ? dot.place : hit && hit.spec.role === "parcel" ? lit.first(hit.all).id : null;
    map.getContainer().style.cursor = parcel !== null ? "pointer" : "";
    lit.hover(parcel);
    under_cursor = parcel;
    if (parcel === null) {
      const named = hit && (told.lang === "en" && hit.feature.of.name_en || hit.feature.of.name);
      say(hit ? [named || hit.spec.title, ...(named ? [hit.spec.title] : [])] : [], at);
      return;
    }
    if (!known.has(parcel)) await new Promise((go) => setTimeout(go, 60));
    if (under_cursor !== parcel) return;
    const lines = await linesOf(parcel);
    if (under_cursor === parcel) say(lines, at);
  }

  /* Where to look -------------------------------------------------------------------- */
  function look(to) {
    if (!to || to.nonce === focus) return;
    const first = focus === null && to.gentle;
    focus = memory.focus = to.nonce;
    if (first) return;
    const box = L.latLngBounds(to.box);
    if (to.keep && map.getZoom() >= 14 && map.getBounds().contains(box)) return;
    fit(box, to.max_zoom);
  }

  /* The frame gets its size in steps while the page is laid out: what was to be fitted is
     fitted again at each, what was in the middle stays there. */
  function fit(box, maxZoom) {
    wanted = { box, maxZoom, until: Date.now() + 4000, done: false };
    resized();
  }

  function resized() {
    map.invalidateSize({ animate: false });
    if (!wanted) return;
    if (wanted.done && Date.now() > wanted.until) { wanted = null; return; }
    // Nothing is to lie under the tools; a frame that has no room yet would be fitted to a point.
    const top = map.getContainer().querySelector(".lm-tools").getBoundingClientRect().bottom;
    if (map.getSize().y < top + ROOM_PX) return;
    map.fitBounds(wanted.box, { paddingTopLeft: [24, top + 16], paddingBottomRight: [24 + besideLegend(), 24], maxZoom: wanted.maxZoom, animate: false });
    wanted.done = true;
  }

  /* Land that is checked must not lie under the legend, where there is room beside it. */
  function besideLegend() {
    const legend = map.getContainer().querySelector(".lg[open]");
    return told && told.check && legend && map.getSize().x > 3 * legend.offsetWidth ? legend.offsetWidth : 0;
  }

  let written = 0;
  function remember() {
    if (!told) return;
    const centre = map.getCenter();
    memory.view = { at: [centre.lat, centre.lng], zoom: map.getZoom() };
    // To change the page's address takes the browser as long as half a frame.
    clearTimeout(written);
    written = setTimeout(write, 250);
  }

  function write() {
    const centre = map.getCenter();
    const view = [centre.lat.toFixed(5), centre.lng.toFixed(5), map.getZoom()].join(",");
    const on = told.layers.filter(isOn).filter((spec) => spec.listed).map((spec) => spec.name).join(".");
    const parts = [told.link, `layers=${encodeURIComponent(on)}`, `view=${view}`].filter(Boolean);
    const page = window.parent, query = `?${parts.join("&")}`;
    if (page.location.search !== query) {
      page.history.replaceState(page.history.state, "", page.location.pathname + query);
    }
  }

  /* The message ---------------------------------------------------------------------- */
  /* Colours stand in the style sheet, which may come after the scripts: without it
     candidates would be black. One that never comes must not keep the map blank. */
  async function styled() {
    const colour = () => getComputedStyle(document.documentElement).getPropertyValue("--accent");
    const until = Date.now() + AGAIN_MS;
    while (!colour() && Date.now() < until) await new Promise((go) => setTimeout(go, 10));
  }

  /* Words and layers change seldom: they are read once for each state of the data. */
  let setting = { address: "" }, turn = 0;
  async function draw(message) {
    const mine = ++turn;
    window.feature_group = [];   // the component only ever appends to it
    if (setting.address !== message.setting) setting = { address: message.setting, answer: ask(message.setting) };
    const [{ ok, found }, lit_now] = await Promise.all([setting.answer, L.unpackLit(message.lit)]);
    await styled();
    if (mine !== turn) return;
    refused.hidden = ok;
    if (ok) { show({ ...message, ...found, lit: lit_now }); return; }
    refused.textContent = message.refused;
    setting = { address: "" };
    setTimeout(() => { if (mine === turn) draw(message); }, AGAIN_MS);
  }

  let named = "";
  async function readNames(address) {
    if (named === address) return;
    named = address;
    const { ok, found } = await ask(address);
    if (named !== address) return;
    if (ok) names.set(found); else named = "";
  }

  function show(message) {
    const first = told === null;
    if (told && told.parcels.version !== message.parcels.version) known.clear();
    if (told && told.lang !== message.lang) known.clear();
    told = message;
    document.documentElement.lang = message.lang === "en" ? "en" : "zh";
    memory.on = memory.on || Object.fromEntries(
      message.opened ? message.layers.filter((spec) => spec.listed).map((spec) => [spec.name, message.opened.includes(spec.name)]) : []);
    memory.opacity = memory.opacity || {};
    memory.by = memory.by || {};
    theme();
    if (first) {
      // The component would answer a click only after a quarter of a second, with no more
      // than we say ourselves.
      map.off("click");
      map.on("click", clicked);
    }
    // First where to look: no tile is asked for that is out of sight at once.
    look(message.focus);
    layersChanged();
    lit.set(message, { click: (one, shift) => {
      if (!tools.takesSite({ place: one.place, at: [one.lat, one.lng] }, shift)) tell({ place: one.place });
    }, titled: (one) =>
      message.words.candidate.replace("{rank}", one.rank) });
    check.set(message.check);
    panel.draw(message);
    tools.draw(message);
    readout.draw(message);
    readNames(message.names);
  }

  if (memory.view) map.setView(memory.view.at, memory.view.zoom, { animate: false });
  else if (base.at) map.setView(base.at, base.zoom, { animate: false });
  else fit(L.latLngBounds(base.box), 18);
  new ResizeObserver(resized).observe(map.getContainer());
  map.on("mousedown", () => { wanted = null; });
  map.getContainer().addEventListener("wheel", () => { wanted = null; }, { passive: true });
  map.on("moveend", remember);
  map.on("zoomend", distance);
  map.on("zoomend", fadeRelief);
  map.on("movestart", () => { tip.hidden = true; });
  map.on("mousemove", (event) => {
    cancelAnimationFrame(resting);
    resting = requestAnimationFrame(() => hover(event));
  });
  map.getContainer().addEventListener("pointermove", (event) => {
    if (!event.target.closest(".leaflet-control, .lm-told")) return;
    under_cursor = null;
    tip.hidden = true;
  }, { capture: true });
  map.on("mouseout", () => { under_cursor = null; tip.hidden = true; lit.hover(null); });
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === map.getContainer()) open(map.getCenter());
  });
  if (page) new MutationObserver(theme).observe(page, { attributes: true, attributeFilter: ["class", "style"] });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(theme, 300));
  distance();
  return { draw, map, ground, under, lit, panel, tools, names, memory };
};
