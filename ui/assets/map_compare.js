/* Two sites side by side: each map keeps its own centre, both keep one zoom and move by
   the same ground. */
(function () {
  "use strict";
  const { made, ask } = L.landPage;
  L.landCompare = function (map, page, done) {
    let sites = [], maps = [], box = null, moving = false;

    function begin(first) {
      end();
      sites = first ? [first] : [];
    }

    function add(site) {
      if (sites.length && sites[0].place === site.place) return;
      sites.push(site);
      if (sites.length === 2) open();
    }

    async function open() {
      done();
      const message = page.told();
      box = L.DomUtil.create("div", "lm-compare", map.getContainer().parentNode);
      const close = L.DomUtil.create("button", "lm-close", box);
      close.type = "button";
      close.textContent = "×";
      close.setAttribute("aria-label", message.words.close);
      close.addEventListener("click", end);
      const zoom = Math.max(map.getZoom(), 15);
      maps = sites.map((site) => side(site, zoom, message));
      // The halves have their size once both stand.
      maps.forEach((one, i) => { one.invalidateSize({ animate: false }); one.setView(sites[i].at, zoom, { animate: false }); });
      maps.forEach((one, i) => one.on("move zoomend", () => follow(i)));
      close.focus();
    }

    function side(site, zoom, message) {
      const half = L.DomUtil.create("div", "lm-side", box);
      const head = L.DomUtil.create("div", "lm-side-head", half);
      const one = L.map(L.DomUtil.create("div", "lm-side-map", half), { zoomControl: false, attributionControl: false,
        zoomSnap: 1, maxZoom: 20, minZoom: 10 }).setView(site.at, zoom, { animate: false });
      const shown = message.layers.filter(page.isOn).filter((spec) => spec.kind !== "raster");
      for (const [name, z] of [["base", 210], ["ground", 300], ["rank", 480], ["dot", 470]]) {
        one.createPane(name).style.zIndex = z;
      }
      new L.LandTiles({ pane: "base", maxZoom: 20 }).addTo(one).show(shown.filter((spec) => spec.below));
      const ground = new L.LandTiles({ pane: "ground", maxZoom: 20 }).addTo(one);
      const drawn = shown.filter((spec) => !spec.below);
      const parcels = message.layers.find((spec) => spec.role === "parcel");
      if (parcels && !drawn.some((spec) => spec.name === parcels.name)) drawn.push(parcels);
      ground.show(drawn);
      const lit = L.landLit(one, ground);
      lit.set({ ...message, chosen: site }, { click: () => {}, titled: (told) => String(told.rank) });
      L.control.scale({ imperial: false, position: "bottomleft" }).addTo(one);
      name(site, head, message, lit);
      return one;
    }

    async function name(site, head, message, lit) {
      const { ok, found } = await ask(`${message.routes}/parcels/${site.place}?version=${message.parcels.version}&lang=${message.lang}`);
      const told = lit.candidate(site.place);
      const lines = ok ? [...found.text] : [found.error || message.words.no_answer];
      if (told && told.score !== null) lines.push(`${message.words.score} ${told.score.toFixed(1)}`);
      if (told) lines[0] = `${told.rank} · ${lines[0]}`;
      head.replaceChildren(...lines.map((line, i) => made(i ? "span" : "b", "", line)));
    }

    /* Both maps show ground of the same size, as far from their own site. */
    function follow(i) {
      if (moving || maps.length < 2) return;
      moving = true;
      const from = maps[i], to = maps[1 - i], zoom = from.getZoom();
      const away = from.project(from.getCenter(), zoom).subtract(from.project(sites[i].at, zoom));
      to.setView(to.unproject(to.project(sites[1 - i].at, zoom).add(away), zoom), zoom, { animate: false });
      moving = false;
    }

    function end() {
      maps.forEach((one) => one.remove());
      maps = [];
      sites = [];
      if (box) box.remove();
      box = null;
    }

    return { begin, add, end, maps: () => maps };
  };
})();
